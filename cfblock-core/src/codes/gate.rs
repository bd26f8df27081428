//! Rate limits, the WAF's own page, queues, legal and phishing pages, bare refusals.

use super::{codes, docs_1xxx};

codes! {
    /// The site's rate limiting rule counted more requests from you than it
    /// allows. It counts by address (or by session), not by worker: everything
    /// that shares the address is limited with you, and requests sent during
    /// the mitigation can prolong it.
    ///
    /// The page's `<title>` says "Access denied"; only the headline says "You
    /// are being rate limited".
    rate_limited {
        code: 1015,
        title: "You are being rate limited",
        class: RateLimited,
        party: Client,
        status: [429],
        reached_origin: No,
        site: Up,
        retryable: true,
        retry_after: 30,
        causes: [
            "more requests in the rule's period than it allows, counted by address",
            "other clients behind the same address used up the allowance",
            "a rule so strict that ordinary browsing meets it",
        ],
        client: [
            Wait (30 s) "wait at least the stated time before the next request to any host of this site",
            SlowDown "send fewer requests a second to the whole site: the limit often counts every request from your address, whichever worker sent it",
            BackOff "wait longer after each refusal: the pace is still above the limit",
            ContactOwner "ask the owner for a higher limit, with the Ray ID",
        ],
        owner: [
            "find the rule in Security > Events by the Ray ID",
            "raise the threshold or shorten the mitigation period, or except the client",
        ],
        docs: docs_1xxx!("1015"),
        checked: "2026-11-20",
    }

    /// The edge answers 429 with its bare page: no number, no Ray ID in the body.
    /// The page does not say whose limit it is. Besides the site's own rate
    /// limiting rules, services that run on Cloudflare, such as public `r2.dev`
    /// buckets, answer 429 when asked too often.
    edge_rate_limited {
        code: 429,
        title: "429 Too Many Requests (bare page)",
        class: RateLimited,
        party: Client,
        status: [429],
        reached_origin: No,
        site: Up,
        retryable: true,
        causes: [
            "more requests from your address than a limit at the edge allows",
            "the host is a throttled development address, such as a public r2.dev bucket",
        ],
        client: [
            BackOff "heed Retry-After where the answer has one, else wait longer after each 429: the page itself names no time",
            SlowDown "send fewer requests a second and cut concurrency to this host, because the limit counts all your workers together",
            ContactOwner "ask the owner for a higher limit or an export, with the Ray ID from the cf-ray header",
        ],
        owner: [
            "review rate limiting rules in Security > Events by the Ray ID" => [1],
            "serve a bucket through a custom domain instead of r2.dev" => [2],
        ],
        docs: "https://developers.cloudflare.com/support/troubleshooting/http-status-codes/4xx-client-error/error-429/",
        checked: "2026-11-20",
    }

    /// A security rule of the site blocked this request: "Sorry, you have been
    /// blocked". The page has no number; it carries the Ray ID and your address.
    /// The rule may be a managed or a custom WAF rule, a bot rule or another
    /// setting with the action Block: only the owner can see which.
    ///
    /// The title "Attention Required!" was once that of the captcha page; the
    /// headline tells the two apart.
    waf_block_page {
        title: "Sorry, you have been blocked",
        class: AccessDenied,
        party: SiteOwnerSecurity,
        status: [403],
        reached_origin: No,
        site: Up,
        retryable: false,
        causes: [
            "a WAF custom rule matched your address, network, country, path or User-Agent",
            "a managed rule took the query or the body for an attack",
            "bot protection took your client for an unwanted bot",
            "the site blocks AI crawlers",
        ],
        client: [
            FixRequest "ask once for a plain page of the site, without query or body: if it comes, take out of your request what an attack rule could see, such as SQL, markup, file paths or an odd header",
            ContactOwner "send the owner the Ray ID, the time and the address: an exception is theirs to make",
            Probe "ask once from another network: if the page comes, the rule looks at your client or your network",
            ChangeIdentity [TlsFingerprint, UserAgent, Asn] "change all three together where another network gets the page",
            Stop "stop sending this request: an unchanged repeat cannot pass",
        ],
        owner: [
            "find the Ray ID in Security > Events: it names the rule and what matched",
            "add a skip rule for this client, or narrow the rule",
        ],
        docs: "https://developers.cloudflare.com/waf/",
        checked: "2026-11-20",
    }

    /// The owner gave a WAF or rate limiting rule an answer of its own: any
    /// status from 400 to 499 with up to 2 KB of HTML, text, JSON or XML. Nothing
    /// in the body is Cloudflare's, so a body alone never shows it. Where no sign
    /// is left that tells it from the origin's answer, the reason is
    /// `unattributed_refusal` instead.
    waf_custom_response {
        title: "The owner's own block response",
        class: AccessDenied,
        class_note: "a rate limiting rule can answer the same way; with a 429 slow down first",
        party: SiteOwnerSecurity,
        status: [403, 429, 402, 400, 401, 404, 410, 418, 451],
        reached_origin: Maybe,
        site: Up,
        retryable: false,
        causes: [
            "a WAF custom rule with a custom response matched your request",
            "a rate limiting rule with a custom response counted too many requests",
        ],
        client: [
            Inspect "read the body: these are the owner's own words, which often say what to do or whom to ask",
            SlowDown "if the status is 429, send fewer requests: a rate limiting rule may have answered",
            ContactOwner "ask the owner, with the Ray ID from the cf-ray header, because the body seldom has one",
            Stop "stop sending this request: the same request gets the same answer until the owner changes the rule",
        ],
        owner: [
            "find the rule in Security > Events by the Ray ID",
            "put the Ray ID and an address to write to into the custom response",
        ],
        docs: "https://developers.cloudflare.com/waf/custom-rules/create-dashboard/",
        checked: "2026-11-20",
    }

    /// The edge answers 403 with its bare page: no number, no Ray ID in the body.
    /// The one documented cause is a refusal before the site's configuration is
    /// loaded, such as a TLS server name (SNI) that differs from the Host header;
    /// the owner's logs do not show it. A 403 without the word "cloudflare" at its
    /// foot is not this page but most likely the origin's.
    edge_forbidden {
        code: 403,
        title: "403 Forbidden (bare page)",
        class: AccessDenied,
        class_note: "with an SNI that differs from the Host it is in effect a bad request; but the page says only that it refuses, and other causes are not excluded",
        party: Client,
        status: [403],
        reached_origin: No,
        site: Unknown,
        retryable: false,
        causes: [
            "the SNI of the connection differs from the Host header",
            "another early refusal at the edge, which Cloudflare does not document",
        ],
        client: [
            Inspect "compare the SNI with the Host, and look at what stands between you and the edge: the page says nothing about who refused",
            FixRequest "open a new connection whose SNI is the host that you ask for, and do not reuse one connection for several hosts",
            Probe "ask once with an ordinary client from another network: if it gets in, the refusal lies in your client or your network",
            Stop "stop sending this request: the same request gets the same answer until the owner changes the rule",
        ],
        owner: [
            "look for the Ray ID in Security > Events: if it is not there, the request was refused before the zone's rules ran",
        ],
        docs: "https://developers.cloudflare.com/support/troubleshooting/http-status-codes/4xx-client-error/error-403/",
        checked: "2026-11-20",
    }

    /// The site is at its limit and put you in a queue. By default the page comes
    /// with status 200, so it looks like success; the owner may choose 202 or 429.
    /// Your place is kept in a cookie whose name begins with `__cfwaitingroom`: a
    /// client that drops cookies joins at the end each time. While you queue it
    /// lives for five minutes.
    ///
    /// Where the owner enabled it and `Accept` is exactly `application/json`, the
    /// answer is JSON with the estimated wait and `refreshIntervalSeconds`.
    waiting_room {
        title: "Waiting room",
        class: WaitingRoom,
        party: SiteOwnerConfig,
        status: [200, 202, 429],
        reached_origin: No,
        site: Up,
        retryable: true,
        causes: [
            "more visitors are on the site than the owner admits at a time",
            "the owner lets everybody queue, for an event or before it starts",
        ],
        client: [
            JoinQueue (20 s) "keep the newest __cfwaitingroom cookie and ask for the same address at the stated refresh interval: without the cookie you start at the end",
            BackOff (600 s) "come back later if the queue is full or the estimate too long, because more workers only take more places in the line",
            ContactOwner "ask the owner for a bypass rule if your client cannot keep cookies",
        ],
        owner: [
            "raise the number of active users or of new users a minute",
            "add a bypass rule for clients that should not queue, and enable the JSON response for those without a browser",
        ],
        docs: "https://developers.cloudflare.com/waiting-room/how-to/json-response/",
        checked: "2026-11-20",
    }

    /// Cloudflare withholds this content for legal reasons, for instance after a
    /// court order or a copyright notice.
    legal_block {
        code: 1026,
        title: "Unavailable For Legal Reasons",
        class: LegalBlock,
        party: Law,
        status: [451],
        reached_origin: No,
        site: Up,
        retryable: false,
        causes: [
            "an order or a notice obliges Cloudflare to withhold the content",
        ],
        client: [
            Stop "record the content as legally withheld, and neither repeat the request nor route around it",
        ],
        owner: [
            "request a review on the Blocked Content page of the dashboard",
        ],
        docs: docs_1xxx!(),
        checked: "2026-11-20",
    }

    /// The content is blocked under the regulations of China. The page's heading
    /// reads "Error HTTP 451"; the number 1039 stands only in its script.
    china_blocked_site {
        code: 1039,
        title: "China blocked site",
        class: LegalBlock,
        party: Law,
        status: [451],
        reached_origin: No,
        site: Up,
        retryable: false,
        causes: [
            "the site is blocked under local regulation in China",
        ],
        client: [
            Stop "record the content as legally withheld, and neither repeat the request nor route around it",
        ],
        owner: [
            "contact Cloudflare about the block",
        ],
        docs: docs_1xxx!(),
        checked: "2026-11-20",
    }

    /// An HTTP 451 page of the edge that names neither 1026 nor 1039. Cloudflare's
    /// page on the status speaks only of a 451 that the origin sent; those that
    /// Cloudflare makes itself are 1026 and 1039.
    edge_legal_block {
        code: 451,
        title: "451 Unavailable For Legal Reasons",
        class: LegalBlock,
        party: Law,
        status: [451],
        reached_origin: No,
        site: Up,
        retryable: false,
        causes: [
            "an order, a notice or a regulation obliges Cloudflare to withhold the content",
        ],
        client: [
            Stop "record the content as legally withheld, and neither repeat the request nor route around it",
        ],
        owner: [
            "request a review on the Blocked Content page of the dashboard",
        ],
        docs: "https://developers.cloudflare.com/support/troubleshooting/http-status-codes/4xx-client-error/error-451/",
        checked: "2026-11-20",
    }

    /// Cloudflare warns that this address was reported for phishing and puts a page
    /// in front of it that a person may click away. Older clients saw it with
    /// status 200; which status it has today is not established. Malware imitates
    /// the page, so do not trust instructions on one that did not come from
    /// Cloudflare's network.
    phishing_interstitial {
        title: "Suspected Phishing",
        class: PhishingWarning,
        class_note: "a class of its own: it neither refuses you nor tests you, it warns every visitor of the page behind it",
        party: Cloudflare,
        status: [200, 403],
        reached_origin: No,
        site: Up,
        retryable: false,
        causes: [
            "Cloudflare's Trust and Safety team flagged the address as phishing",
        ],
        client: [
            Stop "drop the address and do not send the bypass form: what lies behind it is reported as an attempt to steal credentials",
            ContactOwner "tell the owner if you know the site: it may have been broken into, and only they can ask for a review",
        ],
        owner: [
            "remove the reported page and look for how it got there",
            "request a review on the Blocked Content page of the dashboard",
        ],
        docs: "https://developers.cloudflare.com/fundamentals/reference/report-abuse/blocked-content/",
        checked: "2026-11-20",
    }
}
