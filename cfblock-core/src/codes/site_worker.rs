//! The owner's Workers and products beside them: loops, limits, exceptions, missing scripts.

use super::{codes, docs_1xxx};

codes! {
    /// The owner's Worker calls itself, or Workers call each other, more than
    /// 16 times: the edge breaks the loop.
    worker_loop {
        code: 1019,
        title: "Compute server error",
        class: SiteMisconfigured,
        party: SiteOwnerConfig,
        status: [503],
        reached_origin: No,
        site: Down,
        retryable: false,
        causes: ["a Worker fetches its own route, or Workers fetch each other in a circle",],
        client: [
            Stop "the loop is in the owner's code and closes on every request, so repeating cannot help",
            ContactOwner "tell the owner which URL loops, with the Ray ID",
        ],
        owner: ["find the fetch that leads back to a Worker's own route and break the circle",],
        docs: docs_1xxx!("1019"),
        checked: "2026-11-20",
    }

    /// The owner's Worker asked for a host that it may not access. The page
    /// says only "Could not find host".
    worker_host_not_allowed {
        code: 1021,
        title: "Could not find host",
        class: SiteMisconfigured,
        party: SiteOwnerConfig,
        status: [409],
        reached_origin: No,
        site: Down,
        retryable: false,
        causes: ["the Worker fetches a host that it has no access to",],
        client: [
            Stop "nothing in the request causes it, so repeating cannot help",
            ContactOwner "tell the owner which URL it is, with the Ray ID",
        ],
        owner: ["correct the host that the Worker fetches",],
        docs: "https://developers.cloudflare.com/workers/observability/errors/",
        checked: "2026-11-20",
    }

    /// The owner's Worker sent a subrequest to an address that belongs to
    /// Cloudflare, which is not allowed. The page says only "Could not find
    /// host".
    worker_subrequest_cf_ip {
        code: 1024,
        title: "Could not find host",
        class: SiteMisconfigured,
        party: SiteOwnerConfig,
        status: [],
        reached_origin: No,
        site: Down,
        retryable: false,
        causes: ["the Worker fetches a Cloudflare address, directly or through a DNS record",],
        client: [
            Stop "nothing in the request causes it, so repeating cannot help",
            ContactOwner "tell the owner which URL it is, with the Ray ID",
        ],
        owner: ["let the Worker fetch a host name outside Cloudflare's own addresses",],
        docs: "https://developers.cloudflare.com/workers/observability/errors/",
        checked: "2026-11-20",
    }

    /// The site has used up what its Workers plan allows. The page says that
    /// the website was "temporarily rate limited" and comes with HTTP 429, yet
    /// it counts everybody's requests, not yours. Cloudflare states no
    /// `Retry-After` and calls it not retryable.
    worker_plan_limit {
        code: 1025,
        title: "This website has been temporarily rate limited",
        class: SiteMisconfigured,
        class_note: "429 and category rate_limit, but the quota is the site's: slowing down changes nothing, so it is no rate_limited",
        party: SiteOwnerConfig,
        status: [429],
        reached_origin: No,
        site: Down,
        retryable: false,
        causes: ["the site reached the limit of its Workers plan",],
        client: [
            PauseHost (3600 s) "pause the host and look again in an hour or the next day: the quota is the site's, your own pace does not count",
            ContactOwner "tell the owner that their Workers plan is used up",
        ],
        owner: ["buy a larger Workers plan, or keep static paths away from the Worker's route",],
        docs: docs_1xxx!("1025"),
        checked: "2026-11-20",
    }

    /// The site's Worker is over the free plan's daily number of requests. The
    /// page and the status 429 are those of 1025; again it is the site's quota
    /// and not your speed. It ends with the daily reset; Cloudflare states no
    /// `Retry-After` and calls it not retryable.
    worker_daily_limit {
        code: 1027,
        title: "This website has been temporarily rate limited",
        class: SiteMisconfigured,
        class_note: "429 and category rate_limit, but the quota is the site's: slowing down changes nothing, so it is no rate_limited",
        party: SiteOwnerConfig,
        status: [429],
        reached_origin: No,
        site: Down,
        retryable: false,
        causes: ["all visitors together used up the daily requests of the free Workers plan",],
        client: [
            PauseHost (3600 s) "pause the host and look again in an hour or after the daily reset: the quota is the site's, your own pace does not count",
            ContactOwner "tell the owner that the day's quota is used up",
        ],
        owner: [
            "move to the paid plan, or narrow the Worker's route",
            "set the route to fail open, so that requests over the limit go to the origin",
        ],
        docs: "https://developers.cloudflare.com/workers/observability/errors/",
        checked: "2026-11-20",
    }

    /// The set-up of a Workers preview is invalid. Cloudflare does not document
    /// the code; it comes with HTTP 400.
    invalid_workers_preview {
        code: 1031,
        title: "Invalid Workers Preview configuration",
        class: SiteMisconfigured,
        class_note: "it comes with 400, but the preview's set-up is at fault rather than the form of the request",
        party: SiteOwnerConfig,
        status: [400],
        reached_origin: No,
        site: Down,
        retryable: false,
        causes: ["the preview's configuration is wrong, or its link is out of date",],
        client: [
            Stop "a preview is meant for the site's developers: ask the public host instead",
            ContactOwner "ask the developers for a fresh preview link",
        ],
        owner: ["set the Workers preview up again",],
        docs: docs_1xxx!(),
        checked: "2026-11-20",
    }

    /// No Worker answers at this address: the page is titled "Page not found"
    /// and says "There is nothing here yet". The HTML carries neither the
    /// number nor a Ray ID; only the JSON and text forms say 1042. The Workers
    /// documentation gives 1042 another cause: a Worker that fetched another
    /// Worker of its zone.
    worker_nothing_here {
        code: 1042,
        title: "There is nothing here yet",
        class: SiteMisconfigured,
        class_note: "it reads like a missing page, but it is the host or the route that has no Worker",
        party: SiteOwnerConfig,
        status: [404],
        reached_origin: No,
        site: Down,
        retryable: false,
        causes: [
            "no Worker is deployed at this workers.dev or custom host, or not yet",
            "the host name is mistyped",
            "a Worker fetched another Worker on the same zone",
        ],
        client: [
            Stop "check the host name and treat the page as gone: try later only if the site was just deployed",
            ContactOwner "tell the owner that no Worker answers at this address",
        ],
        owner: [
            "deploy the Worker or correct its route" => [1],
            "call Workers of the same zone by a service binding" => [3],
        ],
        docs: "https://developers.cloudflare.com/workers/observability/errors/",
        checked: "2026-11-20",
    }

    /// The host sits behind Cloudflare Access, but the Access application that
    /// should guard it cannot be found. Cloudflare files it under `config`.
    access_application_not_found {
        code: 1043,
        title: "Cannot find Access application",
        class: SiteMisconfigured,
        class_note: "Access answers, but there is nothing to sign in to: the application itself is missing",
        party: SiteOwnerConfig,
        status: [500],
        reached_origin: No,
        site: Down,
        retryable: false,
        causes: ["the Access application was deleted or never set up for this host",],
        client: [
            Stop "no sign-in and no token can help, because the application does not exist",
            ContactOwner "tell the owner that the Access application of this host is missing",
        ],
        owner: ["create the Access application again, or take the host out of Access",],
        docs: docs_1xxx!(),
        checked: "2026-11-20",
    }

    /// An image was to be resized by one site from the storage of another,
    /// which the set-up does not allow. Cloudflare files it under `config` and
    /// documents no page for it.
    cross_zone_image_resizing_denied {
        code: 1047,
        title: "Cross zone image resizing denied",
        class: SiteMisconfigured,
        class_note: "a 403 that refuses an image source for everybody, not you",
        party: SiteOwnerConfig,
        status: [403],
        reached_origin: No,
        site: Down,
        retryable: false,
        causes: ["the zone does not allow image sources from other zones",],
        client: [
            FixRequest "fetch the original image: leave out the part of the URL from /cdn-cgi/image/ to the source's own address",
            ContactOwner "tell the owner that the transformed image is refused",
        ],
        owner: ["allow the source origin in the zone's image transformations",],
        docs: docs_1xxx!(),
        checked: "2026-11-20",
    }

    /// The page says that the header routing option of Workers is actively
    /// deprecated. Cloudflare documents no more.
    worker_header_routing_deprecated {
        code: 1051,
        title: "Workers header routing is deprecated",
        class: SiteMisconfigured,
        party: SiteOwnerConfig,
        status: [],
        reached_origin: No,
        site: Down,
        retryable: false,
        causes: ["the site still uses Workers header routing (undocumented)",],
        client: [
            Stop "the option is going away, so repeating cannot help",
            ContactOwner "tell the owner that their Workers routing has to change, with the Ray ID",
        ],
        owner: ["replace header routing by routes; ask Cloudflare support where none is set up",],
        docs: docs_1xxx!(),
        checked: "2026-11-20",
    }

    /// A Worker asked for the preview of a custom domain, which subrequests may
    /// not do. Cloudflare documents no more than the page's own sentence.
    worker_preview_subrequest {
        code: 1053,
        title: "Workers custom domain preview routing is not supported for subrequests",
        class: SiteMisconfigured,
        party: SiteOwnerConfig,
        status: [],
        reached_origin: No,
        site: Down,
        retryable: false,
        causes: ["a Worker fetches a preview on a custom domain (undocumented)",],
        client: [
            Stop "the subrequest is in the owner's code, so repeating cannot help",
            ContactOwner "tell the owner which URL it is, with the Ray ID",
        ],
        owner: ["let the Worker fetch the deployed host instead of the preview",],
        docs: docs_1xxx!(),
        checked: "2026-11-20",
    }

    /// A Worker failed while the answer was rendered. Cloudflare names it in
    /// its list of Worker errors, as not retryable, and documents no more.
    worker_rendering_error {
        code: 1100,
        title: "Rendering error",
        class: SiteMisconfigured,
        party: SiteOwnerConfig,
        status: [],
        reached_origin: Maybe,
        site: Down,
        retryable: false,
        causes: ["the site's Worker failed (undocumented)",],
        client: [
            Stop "skip this URL and look at it again in a later run: the fault is in the site's Worker",
            ContactOwner "tell the owner which URL fails, with the Ray ID",
        ],
        owner: ["read the Worker's logs for the time of the Ray ID",],
        docs: docs_1xxx!(),
        checked: "2026-11-20",
    }

    /// The site's Worker threw a JavaScript exception that nothing caught, or
    /// ended without an answer ("The script will never generate a response").
    /// Cloudflare states that it is not retryable. It often depends on the data of
    /// one URL, and in practice it can come and go.
    worker_threw_exception {
        code: 1101,
        title: "Worker threw exception",
        class: SiteMisconfigured,
        party: SiteOwnerConfig,
        status: [500],
        reached_origin: Maybe,
        site: Down,
        retryable: false,
        causes: [
            "an exception in the Worker's code, often only for certain input",
            "a service behind the Worker failed and the code does not handle that",
            "the Worker waits for a promise or a WebSocket that never ends",
        ],
        client: [
            Stop "skip this URL and look at it again in a later run: the fault is in the site's code, and often in what it does with this URL",
            ContactOwner "tell the owner which URL fails, with the Ray ID",
        ],
        owner: [
            "find the exception in the Worker's logs or with wrangler tail",
            "catch it, or pass the request to the origin with passThroughOnException",
        ],
        docs: docs_1xxx!("1101"),
        checked: "2026-11-20",
    }

    /// The site's Worker used more CPU time or memory than it may. The number
    /// had another meaning before: an older page 1102, with HTTP 403, says "DNS
    /// points to local or disallowed IPv6 address" and is the IPv6 twin of
    /// 1002. The words on the page decide; either way the owner's set-up is at
    /// fault.
    worker_exceeded_resource_limits {
        code: 1102,
        title: "Worker exceeded resource limits",
        class: SiteMisconfigured,
        party: SiteOwnerConfig,
        status: [503, 403],
        reached_origin: Maybe,
        site: Unknown,
        retryable: false,
        causes: [
            "the Worker needs more CPU time than its plan allows",
            "the Worker holds more than 128 MB, as with large bodies that it buffers",
            "an old page with 403: the site's DNS points to a local or disallowed IPv6 address",
        ],
        client: [
            FixRequest "ask for less at once, such as a smaller page of results: the limit is on the work for one request",
            PauseHost (60 s) "leave the host for a minute: other requests in the same instance count towards the memory limit",
            ContactOwner "tell the owner which URL needs too much, with the Ray ID",
        ],
        owner: [
            "find the costly code with Workers Logs and a CPU or memory profile, and stream large bodies" => [1, 2],
            "raise the CPU limit on the paid plan" => [1],
        ],
        docs: docs_1xxx!("1102"),
        checked: "2026-11-20",
    }

    /// Something is wrong with the site's Worker that only its owner and
    /// Cloudflare's support can settle; the page says no more than "Error".
    worker_contact_support {
        code: 1103,
        title: "Error",
        class: SiteMisconfigured,
        party: SiteOwnerConfig,
        status: [],
        reached_origin: Maybe,
        site: Down,
        retryable: false,
        causes: ["Cloudflare holds the Worker back until its owner contacts support",],
        client: [
            Stop "it does not end by itself, so repeating cannot help",
            ContactOwner "tell the owner that Cloudflare support waits for them, with the Ray ID",
        ],
        owner: ["contact Cloudflare support with the Ray ID",],
        docs: docs_1xxx!(),
        checked: "2026-11-20",
    }

    /// The route leads to a Worker script that does not exist. Cloudflare's
    /// page for 1104 describes another error of the same number, an e-mail
    /// address that the dashboard already knows; its table of structured errors
    /// and the error page itself say "Script not found".
    worker_script_not_found {
        code: 1104,
        title: "Script not found",
        class: SiteMisconfigured,
        party: SiteOwnerConfig,
        status: [],
        reached_origin: No,
        site: Down,
        retryable: false,
        causes: ["the script was deleted or renamed while its route stayed",],
        client: [
            Stop "it stays until the owner deploys the script, so repeating cannot help",
            ContactOwner "tell the owner that the route has no script, with the Ray ID",
        ],
        owner: ["deploy the script again or remove the route",],
        docs: docs_1xxx!(),
        checked: "2026-11-20",
    }
}
