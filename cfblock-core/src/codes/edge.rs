//! Cloudflare itself failed, as far as the answer tells.

use super::{codes, docs_1xxx, docs_5xx};

codes! {
    /// An error inside Cloudflare, where the page is branded, structured, or
    /// bare with `cloudflare` in it. A 500 without any of that is the origin's
    /// own, which is far more common. Page Rules that do not fit can cause it
    /// too.
    internal_server_error {
        code: 500,
        title: "Internal server error",
        class: EdgeFailed,
        party: Cloudflare,
        status: [500],
        reached_origin: Maybe,
        site: Unknown,
        retryable: true,
        retry_after: 30,
        causes: [
            "a fault inside Cloudflare's network",
            "a Page Rule of the site that is set up wrongly",
        ],
        client: [
            BackOff (30 s) "wait half a minute, as Cloudflare states, and longer after each failure: such faults are mostly short",
            ContactOwner "tell the owner, with the Ray ID, if it lasts: only they can open a case with Cloudflare",
        ],
        owner: [
            "check the Page Rules that match the URL" => [2],
            "give Cloudflare support the Ray ID, the time and the output of /cdn-cgi/trace" => [1],
        ],
        docs: docs_5xx!("500"),
        checked: "2026-11-20",
    }

    /// A bare 503 page with `cloudflare` in it: by the documentation a
    /// connectivity problem in one of Cloudflare's data centres. A 503 without
    /// that word is the origin's; until about 2022 challenges came with 503
    /// too.
    edge_service_unavailable {
        code: 503,
        title: "503 Service Temporarily Unavailable",
        class: EdgeFailed,
        class_note: "most 503 answers are the origin's; this entry is only the edge's own bare page",
        party: Cloudflare,
        status: [503],
        reached_origin: Maybe,
        site: Unknown,
        retryable: true,
        causes: ["a data centre of Cloudflare has trouble, or the traffic is being moved away from it",],
        client: [
            BackOff (30 s) "try again with growing intervals: Cloudflare moves traffic to another data centre within minutes",
            Probe "ask from another region if it lasts: only one data centre may be concerned",
            ContactOwner "tell the owner, with the Ray ID from the cf-ray header, if it lasts",
        ],
        owner: ["look at Cloudflare's status page, then give support the time and the output of /cdn-cgi/trace",],
        docs: docs_5xx!("503"),
        checked: "2026-11-20",
    }

    /// A bare 502 page with `cloudflare` in it. Against what many blogs say,
    /// the documentation has it this way: this page is Cloudflare's own fault,
    /// the branded one (`origin_bad_gateway`) the origin's. An exception:
    /// broken compression from the origin can end in it.
    edge_bad_gateway {
        title: "502 Bad Gateway",
        class: EdgeFailed,
        class_note: "the branded or structured 502 is origin_failed; only the bare page is the edge's",
        party: Cloudflare,
        status: [502],
        reached_origin: Maybe,
        site: Unknown,
        retryable: true,
        causes: [
            "traffic is being moved between data centres, which takes seconds",
            "the origin sends broken compression or a wrong Content-Length",
        ],
        client: [
            BackOff (10 s) "try again soon and then at growing intervals: a move of traffic ends within seconds",
            ContactOwner "tell the owner, with the Ray ID from the cf-ray header, if one URL fails each time: its compression may be broken",
        ],
        owner: [
            "switch compression at the origin off to test it" => [2],
            "give Cloudflare support the time, the URL and the output of /cdn-cgi/trace" => [1],
        ],
        docs: docs_5xx!("502"),
        checked: "2026-11-20",
    }

    /// A bare 504 page with `cloudflare` in it: Cloudflare's own timeout, where
    /// the branded page (`origin_gateway_timeout`) means the origin's.
    edge_gateway_timeout {
        title: "504 Gateway Time-out",
        class: EdgeFailed,
        class_note: "the branded or structured 504 is origin_failed; only the bare page is the edge's",
        party: Cloudflare,
        status: [504],
        reached_origin: Maybe,
        site: Unknown,
        retryable: true,
        causes: ["a connection inside Cloudflare's network took too long",],
        client: [
            BackOff (30 s) "try again with growing intervals: such faults are mostly short",
            ContactOwner "tell the owner, with the Ray ID from the cf-ray header, if it lasts",
        ],
        owner: ["give Cloudflare support the time, the URL and the output of /cdn-cgi/trace",],
        docs: docs_5xx!("504"),
        checked: "2026-11-20",
    }

    /// A bare page of the edge with another 5xx status. That the edge wrote it
    /// is established, why it did is not.
    edge_server_error {
        title: "Server error at the edge",
        class: EdgeFailed,
        party: Cloudflare,
        status: [],
        reached_origin: Maybe,
        site: Unknown,
        retryable: true,
        causes: ["a fault inside Cloudflare's network",],
        client: [
            BackOff (60 s) "try again with growing intervals, as after any failure of a server",
            ContactOwner "tell the owner, with the Ray ID from the cf-ray header, if it lasts",
        ],
        owner: ["give Cloudflare support the Ray ID and the time",],
        docs: docs_5xx!(),
        checked: "2026-11-20",
    }

    /// Cloudflare failed to bring the request to the site's Worker. The page
    /// says only "Could not find host". Its general rule calls the code not
    /// retryable, but the failure is Cloudflare's own and may pass.
    worker_routing_failed {
        code: 1022,
        title: "Could not find host",
        class: EdgeFailed,
        class_note: "it names a Worker, but by the documentation the routing failed and not the Worker",
        party: Cloudflare,
        status: [503],
        reached_origin: No,
        site: Unknown,
        retryable: true,
        causes: ["a fault in Cloudflare's routing to Workers",],
        client: [
            BackOff (60 s) "try again later, at growing intervals: nothing in your request causes it",
            ContactOwner "tell the owner, with the Ray ID, if it lasts",
        ],
        owner: ["check the Worker's route, then give Cloudflare support the Ray ID",],
        docs: "https://developers.cloudflare.com/workers/observability/errors/",
        checked: "2026-11-20",
    }

    /// Cloudflare Access guards this address and failed while it did so.
    /// Signing in is not what is asked for. Cloudflare documents no more than
    /// the page's own sentence.
    access_internal_error {
        code: 1052,
        title: "An error occurred while Cloudflare Access protected this resource",
        class: EdgeFailed,
        class_note: "Access answers, but it reports its own failure and offers no sign-in",
        party: Cloudflare,
        status: [],
        reached_origin: No,
        site: Unknown,
        retryable: true,
        causes: ["a fault inside Cloudflare Access (undocumented)",],
        client: [
            BackOff (60 s) "try again later, at growing intervals: your credentials were not judged",
            ContactOwner "tell the owner, with the Ray ID, if it lasts",
        ],
        owner: ["look at Cloudflare's status page, then give support the Ray ID",],
        docs: docs_1xxx!(),
        checked: "2026-11-20",
    }

    /// Workers cannot run for the moment, as the title says. Cloudflare's table
    /// calls the code not retryable and documents no more, yet the title
    /// promises that it passes; a later try is reasonable.
    worker_temporarily_unavailable {
        code: 1105,
        title: "Temporarily unavailable",
        class: EdgeFailed,
        class_note: "it stands among the Worker errors, but the documentation says that unlisted 11xx codes mean the Workers runtime itself",
        party: Cloudflare,
        status: [],
        reached_origin: Maybe,
        site: Unknown,
        retryable: true,
        causes: ["the Workers runtime is unavailable for a while (from the title)",],
        client: [
            BackOff (60 s) "try again later, at growing intervals: the title says that it is temporary",
            ContactOwner "tell the owner, with the Ray ID, if it lasts",
        ],
        owner: ["look at Cloudflare's status page and at the Worker's logs, then ask support",],
        docs: docs_1xxx!(),
        checked: "2026-11-20",
    }

    /// Cloudflare's page or text states an error number that this catalogue
    /// does not have. The number survives in the record; what it means is not
    /// established.
    unknown_error {
        title: "Cloudflare error without an entry",
        class: EdgeFailed,
        class_note: "nothing is known of the number; edge_failed claims neither a refusal of you nor a fault of the site",
        party: Cloudflare,
        status: [],
        reached_origin: Maybe,
        site: Unknown,
        retryable: false,
        causes: ["a code that is newer than this version of the catalogue",],
        client: [
            Inspect "read the page: its own sentence says more about this number than the catalogue does",
            PauseHost (300 s) "if it has to be handled unread, leave the host for some minutes: nothing says that a repeat can succeed",
            ContactOwner "tell the owner, with the Ray ID, if it lasts",
        ],
        owner: ["look the number up in Cloudflare's documentation",],
        docs: docs_1xxx!(),
        checked: "2026-11-20",
    }
}
