//! Your own side of the connection: a proxy, a captive portal or a filter answered.

use super::codes;

codes! {
    /// A proxy between you and the site wants your credentials. Status 407 is
    /// only for proxies: neither the site nor Cloudflare sends it, so the
    /// answer says nothing about either.
    proxy_authentication_required {
        title: "Proxy authentication required",
        class: ProxyFailed,
        party: Client,
        status: [407],
        reached_origin: No,
        site: Unknown,
        retryable: false,
        causes: [
            "the proxy's user name or password is missing, wrong or expired",
            "your plan with the proxy's provider is used up",
        ],
        client: [
            FixRequest "check the proxy's user name, password and plan, and send the request once more",
        ],
        owner: [],
        docs: "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.8",
        checked: "2026-11-27",
    }

    /// A proxy between you and the site answered because it got no answer
    /// itself: it names itself in `proxy-status`, `x-squid-error`, `via` or
    /// `server`, and nothing in the answer comes from Cloudflare. The site may
    /// be well.
    proxy_error {
        title: "A proxy on your side failed",
        class: ProxyFailed,
        party: Client,
        status: [502, 503, 504],
        reached_origin: Maybe,
        site: Unknown,
        retryable: true,
        causes: [
            "the proxy could not reach the site, or its exit went away",
            "the proxy refuses this host or port",
        ],
        client: [
            BackOff (5 s) "send the request again after a short pause: proxies often give you another exit",
            FixRequest "try without the proxy, or through another one, to see whether the site answers",
        ],
        owner: [],
        docs: "https://www.rfc-editor.org/rfc/rfc9209.html",
        checked: "2026-11-27",
    }
}
