//! The words of a diagnosis: whom it hits, from where it was seen, what it is.

use super::words;

words! {
    /// Whom it hits, as several observations show.
    pub enum Scope {
        /// Everybody: no vantage gets through.
        Global = "global",
        /// Clients that look automated, by several traits together: fingerprint, network and session, or the lack of a real browser.
        Targeted = "targeted",
        /// Some countries.
        ByCountry = "by_country",
        /// Some networks, by their number.
        ByAsn = "by_asn",
        /// Some kinds of network, such as data centres.
        ByNetworkKind = "by_network_kind",
        /// Some addresses.
        ByIp = "by_ip",
        /// Some TLS fingerprints.
        ByTlsFingerprint = "by_tls_fingerprint",
        /// Some User-Agents.
        ByUserAgent = "by_user_agent",
        /// Some sessions: cookies or tokens.
        BySession = "by_session",
        /// Some paths of the site.
        ByPath = "by_path",
        /// Whoever asks too often.
        ByRate = "by_rate",
        /// Anybody, now and then: by chance, by data centre, or for a while.
        Intermittent = "intermittent",
        /// Too little is known to name one.
        Undetermined = "undetermined",
    }
}

words! {
    /// The kind of network that a request comes from.
    pub enum Network {
        /// Servers: hosting and cloud providers.
        Datacenter = "datacenter",
        /// Homes.
        Residential = "residential",
        /// Mobile carriers.
        Mobile = "mobile",
        /// The exits of a VPN.
        Vpn = "vpn",
        /// Offices.
        Corporate = "corporate",
    }
}

words! {
    /// One attribute of a vantage: what a probe can vary and a rule can look at.
    pub enum Attribute {
        /// The kind of network.
        Network = "network",
        /// The network, by its number.
        Asn = "asn",
        /// The country of the address.
        Country = "country",
        /// The address.
        Ip = "ip",
        /// The fingerprint of the TLS handshake.
        TlsFingerprint = "tls_fingerprint",
        /// The User-Agent header.
        UserAgent = "user_agent",
        /// The version of HTTP.
        HttpVersion = "http_version",
        /// Whether a real browser asks.
        Browser = "browser",
        /// Cookies and whatever else ties requests together.
        Session = "session",
        /// Requests a second.
        Rate = "rate",
        /// The path of the address that was asked for.
        Path = "path",
    }
}

words! {
    /// What the observations amount to.
    pub enum Classification {
        /// Every observation got the page: there is nothing to diagnose.
        NoFault = "no_fault",
        /// Suspected bots are sent to a dead address on purpose, while others get the page: 1002 for some. Change TLS fingerprint, network and session together.
        TargetedNullRoute = "targeted_null_route",
        /// A rule or a bot score refuses clients by several traits together.
        BotRule = "bot_rule",
        /// Clients that are no real browser are challenged, and real ones are not.
        AutomationChallenge = "automation_challenge",
        /// A rule looks at the country.
        GeoRule = "geo_rule",
        /// A rule looks at the network's number.
        AsnRule = "asn_rule",
        /// A rule looks at the kind of network, such as data centres.
        NetworkKindRule = "network_kind_rule",
        /// The reputation of the address, or of the network around it, is bad.
        IpReputation = "ip_reputation",
        /// A rule bans the address.
        IpBan = "ip_ban",
        /// A rule looks at the TLS fingerprint.
        FingerprintRule = "fingerprint_rule",
        /// A rule looks at the User-Agent.
        UserAgentRule = "user_agent_rule",
        /// The session is marked: its cookies or tokens are refused.
        SessionRule = "session_rule",
        /// A rule guards some paths of the site.
        PathRule = "path_rule",
        /// A limit on the rate of requests.
        RateRule = "rate_rule",
        /// Everybody is refused, whoever asks.
        ClosedToAll = "closed_to_all",
        /// Everybody is challenged, as in I'm Under Attack mode.
        ChallengeForAll = "challenge_for_all",
        /// A queue, a sign-in, a price, a legal notice or a warning stands before the site for everybody; the verdict's class says which.
        Gate = "gate",
        /// The form of the request is refused, from wherever it comes.
        RequestFault = "request_fault",
        /// The site is down for everybody by a fault of its own. Pause, and tell somebody.
        TargetDown = "target_down",
        /// The owner's DNS or zone is at fault, for everybody.
        OwnerDns = "owner_dns",
        /// The owner's Worker, snippet, rule or plan is at fault, for everybody.
        OwnerConfig = "owner_config",
        /// A change of the owner's is still spreading: some data centres know it, others do not yet.
        PropagatingConfig = "propagating_config",
        /// The origin server does not answer, for everybody.
        OriginDown = "origin_down",
        /// The origin server fails now and then.
        UnstableOrigin = "unstable_origin",
        /// One of Cloudflare's data centres fails, or its way to the origin, or Cloudflare itself.
        EdgeFault = "edge_fault",
        /// A rule that takes hold now and then: a score near its limit, or a rule that is being changed.
        UnsteadyRule = "unsteady_rule",
        /// The site's own server refuses, not Cloudflare.
        OriginRefusal = "origin_refusal",
        /// Too little is known to name a cause.
        Undetermined = "undetermined",
    }
}
