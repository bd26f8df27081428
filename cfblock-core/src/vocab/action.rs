//! What to do next, and what each step amounts to.

use super::words;

words! {
    /// The next step.
    pub enum Action {
        /// Use the answer: it is the site's own.
        Proceed = "proceed",
        /// Send the same request again.
        Retry = "retry",
        /// Wait for a known time, then send the request again.
        Wait = "wait",
        /// Wait, longer after each failure: no time is known.
        BackOff = "back_off",
        /// Send fewer requests a second to this site.
        SlowDown = "slow_down",
        /// Keep the queue's cookie and refresh at the stated interval.
        JoinQueue = "join_queue",
        /// Ask from another vantage before deciding anything.
        Probe = "probe",
        /// Change how you appear; the step names what to change.
        ChangeIdentity = "change_identity",
        /// Hand the page to a real browser.
        UseBrowser = "use_browser",
        /// Change the request itself: the edge refuses its form.
        FixRequest = "fix_request",
        /// Sign in, or present a service token.
        SignIn = "sign_in",
        /// Pay the price that the site names.
        Pay = "pay",
        /// Stop all requests to this host for a while.
        PauseHost = "pause_host",
        /// Tell the site's owner, with the Ray ID.
        ContactOwner = "contact_owner",
        /// Stop: repeating cannot help.
        Stop = "stop",
        /// Look at the answer yourself: nothing tells who refused.
        Inspect = "inspect",
    }
}

/// What a step amounts to for a program that follows it.
///
/// Everything that decides about sending again reads this row, so that a new
/// action cannot be forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Conduct {
    /// What the step sends.
    pub sends: Sends,
    /// Whether it may be advised again after it was tried: a back-off goes on
    /// with longer waits, and a queue is refreshed until it ends.
    pub open_ended: bool,
    /// What is held back while the step is followed.
    pub holds: Held,
}

/// What a step sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Sends {
    /// The same request again.
    Same,
    /// Another request: from elsewhere, with something changed, by a browser.
    Changed,
    /// Nothing.
    Nothing,
}

impl Action {
    /// What the step amounts to: what it sends, whether it stays open, what it holds back.
    #[must_use]
    pub const fn conduct(self) -> Conduct {
        let (sends, open_ended, holds) = match self {
            Self::Retry => (Sends::Same, false, Held::Request),
            Self::Wait => (Sends::Same, false, Held::Host),
            Self::BackOff => (Sends::Same, true, Held::Host),
            Self::SlowDown => (Sends::Same, false, Held::Site),
            Self::JoinQueue => (Sends::Same, true, Held::Request),
            Self::PauseHost => (Sends::Nothing, false, Held::Host),
            Self::Probe
            | Self::ChangeIdentity
            | Self::UseBrowser
            | Self::FixRequest
            | Self::SignIn
            | Self::Pay => (Sends::Changed, false, Held::Request),
            Self::Proceed | Self::ContactOwner | Self::Stop | Self::Inspect => {
                (Sends::Nothing, false, Held::Request)
            }
        };
        Conduct { sends, open_ended, holds }
    }

    /// Whether the step sends the same request again.
    #[must_use]
    pub const fn repeats(self) -> bool {
        matches!(self.conduct().sends, Sends::Same)
    }

    /// Whether the step is nothing but a pause before the same request.
    ///
    /// Slowing down changes the pace of all requests, and a queue is left by waiting in it.
    #[must_use]
    pub const fn is_wait(self) -> bool {
        let row = self.conduct();
        let in_queue = row.open_ended && matches!(row.holds, Held::Request);
        self.repeats() && !in_queue && !matches!(row.holds, Held::Site)
    }

    /// Whether the step sends a request to the host.
    #[must_use]
    pub const fn sends(self) -> bool {
        !matches!(self.conduct().sends, Sends::Nothing)
    }
}

words! {
    /// What is held back: to what nothing is sent for a while.
    pub enum Held {
        /// The one request.
        Request = "request",
        /// All requests to the host.
        Host = "host",
        /// All requests to the site: every host of its registrable domain.
        Site = "site",
    }
}

words! {
    /// What a change of identity changes.
    pub enum Change {
        /// The address you come from.
        Ip = "ip",
        /// The network you come from.
        Asn = "asn",
        /// The country you come from.
        Country = "country",
        /// The TLS fingerprint of your client.
        TlsFingerprint = "tls_fingerprint",
        /// The order of your request headers.
        HeaderOrder = "header_order",
        /// The User-Agent header.
        UserAgent = "user_agent",
        /// Cookies and everything else that ties requests together.
        Session = "session",
        /// The browser, or having one at all.
        Browser = "browser",
    }
}
