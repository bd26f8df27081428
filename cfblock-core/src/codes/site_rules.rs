//! The owner's rules and snippets: rewrites that fail, rules that cannot be evaluated, snippets over a limit.

use super::{codes, docs_1xxx};

codes! {
    /// A rewrite rule of the site produced a path that the edge does not
    /// accept: empty, without a leading slash, or under `/cdn-cgi/`.
    rewrite_invalid_path {
        code: 1035,
        title: "Invalid request rewrite (invalid URI path)",
        class: SiteMisconfigured,
        party: SiteOwnerConfig,
        status: [500],
        reached_origin: No,
        site: Down,
        retryable: false,
        causes: ["the rewritten path is empty, lacks the leading slash, or lies under /cdn-cgi/",],
        client: [
            Stop "the rule does the same to every such URL, so repeating cannot help",
            ContactOwner "tell the owner which URL the rule breaks",
        ],
        owner: ["correct the Transform Rule so that the path begins with a slash and stays out of /cdn-cgi/",],
        docs: docs_1xxx!("1035"),
        checked: "2026-11-20",
    }

    /// A rewrite rule of the site made the path or the query longer than it may
    /// be. A long URL of yours can be what takes it over the limit.
    rewrite_too_long {
        code: 1036,
        title: "Invalid request rewrite (maximum length exceeded)",
        class: SiteMisconfigured,
        party: SiteOwnerConfig,
        status: [],
        reached_origin: No,
        site: Down,
        retryable: false,
        causes: ["the rewritten path or query is longer than the edge allows",],
        client: [
            FixRequest "if your URL is long, shorten its path or query: the rule may copy it",
            ContactOwner "tell the owner which URL the rule breaks",
        ],
        owner: ["shorten what the Transform Rule writes, or narrow the URLs that it matches",],
        docs: docs_1xxx!("1036"),
        checked: "2026-11-20",
    }

    /// The edge could not evaluate the expression of a rewrite rule, mostly
    /// because a value in it is undefined. Cloudflare's example is a rule that
    /// reads a request header which the client did not send, so the request can
    /// matter.
    rewrite_expression_failed {
        code: 1037,
        title: "Invalid rewrite rule (failed to evaluate expression)",
        class: SiteMisconfigured,
        class_note: "a header missing from the request can set it off, but the rule should not depend on one",
        party: SiteOwnerConfig,
        status: [],
        reached_origin: No,
        site: Down,
        retryable: false,
        causes: [
            "the rule's expression uses a header, cookie or field that the request lacks",
            "the expression itself is wrong",
        ],
        client: [
            FixRequest "send the headers that the site's documentation asks for: the rule may read one that is missing",
            ContactOwner "tell the owner which URL the rule breaks, with the Ray ID",
        ],
        owner: ["make sure that every value in the rewrite expression is defined, or match only requests that have it",],
        docs: docs_1xxx!("1037"),
        checked: "2026-11-20",
    }

    /// A rule could not be run. Sources disagree on the cause: the page says
    /// that a firewall or ruleset rule failed, Cloudflare's `Retry-After` table
    /// calls it "HTTP headers limit exceeded", and it has no page of its own.
    /// It is retryable after 60 seconds.
    ruleset_execution_failure {
        code: 1038,
        title: "Firewall / Rulesets rule execution failure",
        class: SiteMisconfigured,
        class_note: "a security rule is involved, but it failed to run and refused nobody",
        party: SiteOwnerConfig,
        status: [503],
        reached_origin: No,
        site: Down,
        retryable: true,
        retry_after: 60,
        causes: [
            "the evaluation of one of the site's rules failed",
            "the headers are too many or too large",
        ],
        client: [
            Wait (60 s) "wait a minute, as Cloudflare asks, then try again",
            FixRequest "send fewer and smaller headers and cookies: one of Cloudflare's tables names their limit as the cause",
            ContactOwner "tell the owner, with the Ray ID, if it lasts",
        ],
        owner: ["check the rules that match the URL, and those that add headers",],
        docs: docs_1xxx!(),
        checked: "2026-11-20",
    }

    /// A Transform Rule of the site tries to change a request header that is
    /// reserved.
    rewrite_header_not_allowed {
        code: 1040,
        title: "Invalid request rewrite (header modification not allowed)",
        class: SiteMisconfigured,
        party: SiteOwnerConfig,
        status: [],
        reached_origin: No,
        site: Down,
        retryable: false,
        causes: ["the rule sets or removes a header that rules may not touch",],
        client: [
            Stop "the rule does the same to every such request, so repeating cannot help",
            ContactOwner "tell the owner which URL the rule breaks",
        ],
        owner: ["take the reserved header out of the Transform Rule",],
        docs: docs_1xxx!("1040"),
        checked: "2026-11-20",
    }

    /// A Transform Rule of the site gives a header a value that is too long or
    /// has characters which no header may have.
    rewrite_header_invalid {
        code: 1041,
        title: "Invalid request rewrite (invalid header value)",
        class: SiteMisconfigured,
        party: SiteOwnerConfig,
        status: [],
        reached_origin: No,
        site: Down,
        retryable: false,
        causes: ["the rule writes a header value that is too long or has illegal characters, sometimes copied from the request",],
        client: [
            Stop "the rule does the same to every such request, so repeating cannot help",
            ContactOwner "tell the owner which URL the rule breaks",
        ],
        owner: ["shorten or clean the value that the Transform Rule writes",],
        docs: docs_1xxx!("1041"),
        checked: "2026-11-20",
    }

    /// A snippet of the site sent the request on to the origin more than once;
    /// each snippet may do so only once.
    snippet_multiple_origin {
        code: 1201,
        title: "Snippet tried to continue to origin multiple times",
        class: SiteMisconfigured,
        party: SiteOwnerConfig,
        status: [503],
        reached_origin: Maybe,
        site: Down,
        retryable: false,
        causes: ["the snippet calls fetch(request) more than once",],
        client: [
            Stop "the fault is in the owner's code, so repeating cannot help",
            ContactOwner "tell the owner which URL the snippet breaks, with the Ray ID",
        ],
        owner: ["call fetch(request) only once in the snippet",],
        docs: "https://developers.cloudflare.com/rules/snippets/errors/",
        checked: "2026-11-20",
    }

    /// A snippet of the site made more subrequests than its plan allows;
    /// redirects count as well.
    snippet_subrequest_limit {
        code: 1202,
        title: "Snippets exceeded subrequests limit",
        class: SiteMisconfigured,
        party: SiteOwnerConfig,
        status: [],
        reached_origin: Maybe,
        site: Down,
        retryable: false,
        causes: ["the snippet makes more subrequests than the plan allows, redirects included",],
        client: [
            Stop "the fault is in the owner's code, so repeating cannot help",
            ContactOwner "tell the owner which URL the snippet breaks, with the Ray ID",
        ],
        owner: ["make fewer subrequests, avoid redirects in them, or use a larger plan",],
        docs: "https://developers.cloudflare.com/rules/snippets/errors/",
        checked: "2026-11-20",
    }

    /// A snippet of the site used more CPU time than snippets may.
    snippet_cpu_limit {
        code: 1203,
        title: "Snippets exceeded cpu time limit",
        class: SiteMisconfigured,
        party: SiteOwnerConfig,
        status: [],
        reached_origin: Maybe,
        site: Down,
        retryable: false,
        causes: ["the snippet computes too long for this request",],
        client: [
            Stop "the fault is in the owner's code, so repeating seldom helps",
            ContactOwner "tell the owner which URL the snippet breaks, with the Ray ID",
        ],
        owner: ["make the snippet cheaper, or move the work to a Worker",],
        docs: "https://developers.cloudflare.com/rules/snippets/errors/",
        checked: "2026-11-20",
    }

    /// A snippet of the site used more memory than snippets may.
    snippet_memory_limit {
        code: 1204,
        title: "Snippets exceeded memory limit",
        class: SiteMisconfigured,
        party: SiteOwnerConfig,
        status: [],
        reached_origin: Maybe,
        site: Down,
        retryable: false,
        causes: ["the snippet holds too much in memory, such as a whole body",],
        client: [
            Stop "the fault is in the owner's code, so repeating seldom helps",
            ContactOwner "tell the owner which URL the snippet breaks, with the Ray ID",
        ],
        owner: ["stream bodies instead of buffering them, or move the work to a Worker",],
        docs: "https://developers.cloudflare.com/rules/snippets/errors/",
        checked: "2026-11-20",
    }

    /// A new snippet is still on its way through Cloudflare's network. That is
    /// what the Snippets documentation says; the `Retry-After` table calls the
    /// same number "Too many redirects". Both allow a retry, after 5 seconds.
    snippet_deployment_in_progress {
        code: 1205,
        title: "Deployment in progress",
        class: SiteMisconfigured,
        class_note: "nothing is wrong: the owner has just deployed, and their snippet is not everywhere yet",
        party: SiteOwnerConfig,
        status: [],
        reached_origin: No,
        site: Down,
        retryable: true,
        retry_after: 5,
        causes: [
            "the owner has just deployed a snippet",
            "too many redirects, by Cloudflare's other description",
        ],
        client: [
            Wait (5 s) "wait the five seconds that Cloudflare states and send the same request again",
            BackOff (30 s) "if it comes back, leave longer pauses: the deployment spreads over the whole network",
            ContactOwner "tell the owner if it lasts some minutes: then it is no deployment",
        ],
        owner: ["wait until the deployment is everywhere; if it stays, look for a redirect loop in the snippet",],
        docs: "https://developers.cloudflare.com/rules/snippets/errors/",
        checked: "2026-11-20",
    }

    /// A snippet of the site threw a JavaScript exception that nothing caught.
    snippet_threw_exception {
        code: 1206,
        title: "Snippet threw exception",
        class: SiteMisconfigured,
        party: SiteOwnerConfig,
        status: [],
        reached_origin: Maybe,
        site: Down,
        retryable: false,
        causes: ["an error or a rejected promise in the snippet's code that nothing catches",],
        client: [
            Stop "the fault is in the owner's code and Cloudflare calls it not retryable",
            ContactOwner "tell the owner which URL the snippet breaks, with the Ray ID",
        ],
        owner: ["find the error in the snippet and catch it with try and catch",],
        docs: "https://developers.cloudflare.com/rules/snippets/errors/",
        checked: "2026-11-20",
    }
}
