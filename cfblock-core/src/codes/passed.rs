//! Answers that nobody intercepted: the site's own refusals and errors, and pages often mistaken for a block.

use super::{codes, docs_5xx};

codes! {
    /// The site's own server refused: the answer came through Cloudflare and bears
    /// signs of the origin, such as `cf-cache-status` or the headers of an
    /// application (producer `origin`). No rule at Cloudflare's edge is to blame,
    /// so nothing that helps against one will help here.
    origin_forbidden {
        title: "The origin refuses (401 or 403)",
        class: Passed,
        party: Origin,
        status: [403, 401],
        reached_origin: Yes,
        site: Up,
        retryable: false,
        causes: [
            "the page needs a login, a key or a right that you do not have",
            "the application or its server blocks your address or User-Agent by itself",
        ],
        client: [
            Inspect "read the body: the site's own words say whether it wants a login, a key or somebody else",
            FixRequest "send the credentials that the site asks for; www-authenticate names their kind on a 401",
            ContactOwner "ask whoever runs the site's server, because no Ray ID leads to a rule at Cloudflare",
        ],
        owner: [
            "look in the origin's log for the request; the Ray ID is there in the cf-ray header",
        ],
        docs: "https://developers.cloudflare.com/support/troubleshooting/http-status-codes/4xx-client-error/error-403/",
        checked: "2026-11-20",
    }

    /// The site's own server says that the page does not exist or is gone
    /// (producer `origin`).
    origin_not_found {
        title: "The origin has no such page (404 or 410)",
        class: Passed,
        party: Origin,
        status: [404, 410],
        reached_origin: Yes,
        site: Up,
        retryable: false,
        causes: [
            "the page was moved or removed",
            "the address is mistyped or was put together wrongly",
        ],
        client: [
            FixRequest "check the address; if it is right, count the page as missing, and as gone for good on a 410",
        ],
        owner: [
            "redirect addresses that moved",
        ],
        docs: "https://developers.cloudflare.com/support/troubleshooting/http-status-codes/4xx-client-error/",
        checked: "2026-11-20",
    }

    /// The site's own server, not a rule at the edge, says that you ask too often
    /// (producer `origin`). Headers such as `x-ratelimit-remaining` are the
    /// origin's as well: Cloudflare's 1015 has none of them.
    origin_rate_limited {
        title: "The origin limits your rate (429)",
        class: Passed,
        party: Client,
        status: [429],
        reached_origin: Yes,
        site: Up,
        retryable: true,
        causes: [
            "more requests than the application allows, counted by key, account or address",
        ],
        client: [
            Wait "wait as long as Retry-After or the site's own rate limit headers say, then go on",
            SlowDown "send fewer requests a second: the limits of an application often count by key or account, so another address does not help",
            BackOff "wait longer after each 429 where the answer names no time",
        ],
        owner: [
            "state the limit in Retry-After, so that clients can keep to it",
        ],
        docs: "https://developers.cloudflare.com/support/troubleshooting/http-status-codes/4xx-client-error/error-429/",
        checked: "2026-11-20",
    }

    /// The site's own server failed, and Cloudflare passed its answer on as it was
    /// (producer `origin`). Cloudflare's own pages for 5xx look different and are
    /// recognized as such.
    origin_error {
        title: "The origin failed (5xx)",
        class: Passed,
        party: Origin,
        status: [500, 503, 502, 504],
        reached_origin: Yes,
        site: Down,
        retryable: true,
        causes: [
            "an error in the application or its server",
            "the server is overloaded or under maintenance",
        ],
        client: [
            BackOff "wait, at least as long as Retry-After where it is sent, and longer after each failure: the server may be overloaded",
            Inspect "read the body if it lasts, because a maintenance page often says until when",
            ContactOwner "tell whoever runs the site's server, with the time and the address",
        ],
        owner: [
            "look in the log of the origin's server: Cloudflare only passed the answer on",
        ],
        docs: docs_5xx!(),
        checked: "2026-11-20",
    }

    /// The site's own server rejects the request with another status of the 400s
    /// (producer `origin`).
    origin_client_error {
        title: "The origin rejects the request (other 4xx)",
        class: Passed,
        party: Client,
        status: [],
        reached_origin: Yes,
        site: Up,
        retryable: false,
        causes: [
            "the request lacks something, or has something that the application does not accept",
        ],
        client: [
            FixRequest "correct the request by what the body and the site's documentation say: repeated unchanged it fails again",
            Inspect "read the body for what the application objects to",
        ],
        owner: [
            "look in the origin's log for the request",
        ],
        docs: "https://developers.cloudflare.com/support/troubleshooting/http-status-codes/4xx-client-error/",
        checked: "2026-11-20",
    }

    /// A refusal or failure from behind Cloudflare with nothing that tells who
    /// wrote it: no `cf-cache-status`, no headers of an origin, no template of the
    /// edge. The owner of a site can give a WAF rule any body and any status from
    /// 400 to 499, and a Worker can answer anything. Neither can be told from the
    /// site's own answer, so nothing more is claimed (producer `unknown`).
    unattributed_refusal {
        title: "A refusal of unknown origin",
        class: Passed,
        class_note: "it may well be an owner's block at the edge, but nothing says so, and a bare refusal is not called a block without evidence",
        party: Origin,
        status: [403, 401, 429, 503],
        reached_origin: Maybe,
        site: Unknown,
        retryable: false,
        causes: [
            "the site's own server refused and sends few headers",
            "a WAF or rate limiting rule with the owner's custom response answered",
            "a Worker of the site answered",
        ],
        client: [
            Inspect "read the body and the headers: they may name a product, a key or a contact that tells who refused",
            Probe "ask once for another page and once from another network: a rule at the edge tends to mean you everywhere, an application one page",
            BackOff "on a 429 or 5xx wait, and longer after each failure: that is right whoever wrote it",
            ContactOwner "send the owner the Ray ID: if Security > Events knows it, a rule at the edge answered",
        ],
        owner: [
            "search Security > Events for the Ray ID; if it is not there, look in the origin's and the Worker's logs",
        ],
        docs: "https://developers.cloudflare.com/waf/custom-rules/create-dashboard/",
        checked: "2026-11-20",
    }

    /// The answer is that of Cloudflare's own API, `api.cloudflare.com`: JSON with
    /// `success` and `errors`. Its numbers, such as 10000 or 1015, are those of the
    /// API and have nothing to do with the error pages of the same number.
    cloudflare_api_error {
        title: "An error of Cloudflare's API",
        class: Passed,
        class_note: "Cloudflare wrote it, but as the site that was asked, not in the place of another",
        party: Client,
        status: [],
        reached_origin: Yes,
        site: Up,
        retryable: false,
        causes: [
            "the API token is missing, wrong or lacks a permission",
            "the request names something that does not exist or is not valid",
            "more requests than the API allows",
        ],
        client: [
            FixRequest "correct what the errors in the body name: mostly the token, its permissions, or an identifier",
            Wait "on a 429 wait as long as Retry-After says before the next call",
        ],
        owner: [],
        docs: "https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-10xxx-errors/",
        checked: "2026-11-20",
    }

    /// The site put a Turnstile widget on a form of a normal page. The content is
    /// there; only the form needs a token. A challenge page has
    /// `cf-mitigated: challenge` or `_cf_chl_opt`; this page has neither.
    turnstile_widget {
        title: "A page with a Turnstile widget",
        class: Passed,
        class_note: "the script of a widget is no challenge page: nothing stands before the content",
        party: SiteOwnerConfig,
        status: [200],
        reached_origin: Yes,
        site: Up,
        retryable: false,
        causes: [
            "the owner protects a form, such as a login or a search",
        ],
        client: [
            Proceed "use the page as it is: the widget guards only its form",
            UseBrowser "submit the form with a browser if you need what lies behind it, because it wants a token",
        ],
        owner: [],
        docs: "https://developers.cloudflare.com/turnstile/",
        checked: "2026-11-20",
    }

    /// Cloudflare adds an invisible script to normal pages, which looks at the
    /// browser and reports back: `/cdn-cgi/challenge-platform/scripts/jsd/`. It
    /// stands on block pages too, so it says nothing either way. It is the most
    /// common reason why a page is taken for a challenge that is none.
    javascript_detections {
        title: "A page with the JavaScript Detections script",
        class: Passed,
        class_note: "the script comes with ordinary content: only `/orchestrate/` in the path, or `_cf_chl_opt`, makes a challenge",
        party: SiteOwnerSecurity,
        status: [200],
        reached_origin: Yes,
        site: Up,
        retryable: false,
        causes: [
            "the owner's bot settings have JavaScript Detections on",
        ],
        client: [
            Proceed "use the page as it is and ignore the script",
        ],
        owner: [],
        docs: "https://developers.cloudflare.com/cloudflare-challenges/challenge-types/javascript-detections/",
        checked: "2026-11-20",
    }

    /// The site leads crawlers that ignore its wishes into generated pages, by
    /// links that are hidden and marked `nofollow`. The pages come with status 200,
    /// and no mark on them is documented, so a single page cannot be told from
    /// content.
    ai_labyrinth {
        title: "AI Labyrinth",
        class: Passed,
        class_note: "nothing is refused, and nothing on a page shows it",
        party: Client,
        status: [200],
        reached_origin: No,
        site: Up,
        retryable: false,
        causes: [
            "the crawler follows hidden or nofollow links, or ignores robots.txt",
        ],
        client: [
            Inspect "look at how the crawl came to these pages, and drop what it reached by hidden or nofollow links",
            FixRequest "obey robots.txt and nofollow and skip hidden links: a crawler that does is not led there",
        ],
        owner: [
            "switch AI Labyrinth off if it catches crawlers that you want",
        ],
        docs: "https://developers.cloudflare.com/bots/additional-configurations/ai-labyrinth/",
        checked: "2026-11-20",
    }

    /// The origin is down and Cloudflare serves a copy from the Internet Archive.
    /// The status is 200 and the page is the site's, only old. The cookies
    /// `cf_ob_info` and `cf_use_ob` show it; they live for 30 seconds.
    always_online {
        title: "Always Online copy",
        class: Passed,
        class_note: "the origin failed, but what you got is the site's content",
        party: Origin,
        status: [200],
        reached_origin: Maybe,
        site: Down,
        retryable: true,
        causes: [
            "the origin does not answer and the owner switched Always Online on",
        ],
        client: [
            Proceed "use the page, but mark it as an old copy",
            BackOff "come back later for the present state, because the origin has to recover first",
        ],
        owner: [
            "find out why the origin does not answer",
        ],
        docs: "https://developers.cloudflare.com/cache/how-to/always-online/",
        checked: "2026-11-20",
    }
}
