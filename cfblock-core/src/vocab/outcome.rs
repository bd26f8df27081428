//! What an answer, or none, means for the site and for the request.

use super::words;

words! {
    /// Whether the site's own server can have received the request, and acted on it.
    pub enum ReachedOrigin {
        /// The request never reached the site's server, so it did nothing there.
        No = "no",
        /// The site's server may have received the request and acted on it.
        Maybe = "maybe",
        /// The site's server received the request.
        Yes = "yes",
    }
}

words! {
    /// What an answer says about the site for everybody else.
    pub enum SiteState {
        /// The site works; only this request, or you, were refused.
        Up = "up",
        /// The site fails for everybody.
        Down = "down",
        /// The answer does not show whether the site works for others.
        Unknown = "unknown",
    }
}

words! {
    /// Why there is no answer at all.
    pub enum Failure {
        /// Nothing came in time.
        Timeout = "timeout",
        /// Nothing listens at the address.
        ConnectionRefused = "connection_refused",
        /// The connection broke before the answer was complete.
        ConnectionReset = "connection_reset",
        /// The TLS handshake failed.
        Tls = "tls",
        /// The host's name could not be resolved.
        Dns = "dns",
        /// The proxy in between failed.
        Proxy = "proxy",
    }
}

impl Failure {
    /// Whether the site's own server can have received the request.
    #[must_use]
    pub const fn reached_origin(self) -> ReachedOrigin {
        match self {
            Self::ConnectionRefused | Self::Tls | Self::Dns => ReachedOrigin::No,
            Self::Timeout | Self::ConnectionReset | Self::Proxy => ReachedOrigin::Maybe,
        }
    }
}

words! {
    /// Whom an error hits, as far as its code says so.
    pub enum Aim {
        /// One IP address, or a range.
        Address = "address",
        /// A network, by its number (ASN).
        Network = "network",
        /// A country.
        Country = "country",
        /// What the client looks like: TLS fingerprint or User-Agent.
        Signature = "signature",
        /// The reputation of the address, or of the network around it.
        Reputation = "reputation",
        /// Some pages of the site.
        Page = "page",
        /// Everybody.
        Everybody = "everybody",
        /// Suspected bots whom the owner sends to a dead address, or everybody by a fault of the owner's DNS.
        NullRoute = "null_route",
        /// Everybody, while the owner's DNS or zone is wrong or a change of it spreads.
        Dns = "dns",
        /// Anybody, now and then.
        NowAndThen = "now_and_then",
    }
}
