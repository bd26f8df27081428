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

    /// The network wants you to sign in before it lets you out (RFC 6585,
    /// section 6): the login page of a hotel, an airport or a guest Wi-Fi.
    network_sign_in_required {
        title: "511 Network Authentication Required",
        class: ProxyFailed,
        class_note: "it asks for credentials like `sign_in_required`, but for your network, not for the site",
        party: Client,
        status: [511],
        reached_origin: No,
        site: Unknown,
        retryable: false,
        causes: ["you have not signed in to the network that you are on",],
        client: [
            SignIn "open any page in a browser on this network and sign in there",
            Inspect "read the answer: it names the page where you sign in",
        ],
        owner: [],
        docs: "https://www.rfc-editor.org/rfc/rfc6585#section-6",
        checked: "2026-11-27",
    }

    /// The block page of Cloudflare Gateway, the filter that your own
    /// organisation uses for its way out. The site never saw the request, and
    /// its owner cannot change anything.
    gateway_filter {
        title: "Blocked by your organisation's filter (Cloudflare Gateway)",
        class: ProxyFailed,
        class_note: "it refuses like `access_denied`, but the rule is on your own side",
        party: Client,
        status: [403],
        reached_origin: No,
        site: Unknown,
        retryable: false,
        causes: [
            "a policy of your organisation forbids this site, or its category",
            "the site is on a list of threats that your organisation uses",
        ],
        client: [
            Probe "ask from a network without the filter: the site may be well",
            Stop "ask whoever runs the filter to allow the site, and stop until they do",
        ],
        owner: [],
        docs: "https://developers.cloudflare.com/cloudflare-one/traffic-policies/",
        checked: "2026-11-27",
    }
}
