//! The edge got no usable answer from the site's own server.

use super::{codes, docs_1xxx, docs_5xx};

codes! {
    /// The origin, or a proxy in front of it, answered 502, and the edge shows
    /// its branded page for that. Against what many blogs say, the
    /// documentation has it this way: the branded page means the origin, the
    /// bare `<center>cloudflare</center>` page means Cloudflare itself
    /// (`edge_bad_gateway`). The structured form agrees: its category is
    /// `origin`.
    origin_bad_gateway {
        code: 502,
        title: "Bad gateway",
        class: OriginFailed,
        class_note: "this entry is the branded or structured 502; the bare page is edge_failed",
        party: Origin,
        status: [502],
        reached_origin: Maybe,
        site: Down,
        hits: NowAndThen,
        retryable: true,
        retry_after: 60,
        causes: [
            "the origin or its proxy answered 502: a crash, a restart, too much load",
            "the tunnel is up, but its connector cannot reach the service behind it",
            "the origin sends broken compression or a wrong Content-Length",
        ],
        client: [
            BackOff (60 s) "wait a minute, as Cloudflare asks, and longer after each failure: the origin needs time",
            PauseHost (600 s) "after several failures pause the host, because more requests only add to the load",
            ContactOwner "tell the owner, with the Ray ID and the time, if it lasts",
        ],
        owner: [
            "read the logs of the origin and of every proxy before it at the time of the Ray ID" => [1],
            "check compression and Content-Length; for a tunnel check that the service listens" => [2, 3],
        ],
        docs: docs_5xx!("502"),
        checked: "2026-11-20",
    }

    /// The origin answered 504, or did not answer in time; the edge shows its
    /// branded page. As with 502, the branded page means the origin and the
    /// bare one Cloudflare itself (`edge_gateway_timeout`).
    origin_gateway_timeout {
        code: 504,
        title: "Gateway time-out",
        class: OriginFailed,
        class_note: "this entry is the branded or structured 504; the bare page is edge_failed",
        party: Origin,
        status: [504],
        reached_origin: Maybe,
        site: Down,
        hits: NowAndThen,
        retryable: true,
        retry_after: 120,
        causes: [
            "the origin or its proxy answered 504: something behind it is slow or down",
            "the origin is overloaded",
        ],
        client: [
            BackOff (120 s) "wait two minutes, as Cloudflare asks, and longer after each failure: the origin is slow already",
            SlowDown "send fewer requests at once, because load makes such timeouts likelier",
            ContactOwner "tell the owner, with the Ray ID and the time, if it lasts",
        ],
        owner: ["find the slow process or proxy behind the origin at the time of the Ray ID",],
        docs: docs_5xx!("504"),
        checked: "2026-11-20",
    }

    /// The origin accepted the connection but sent something that is no valid
    /// answer: nothing, a malformed one, or one with headers over 128 KB.
    unknown_origin_error {
        code: 520,
        title: "Web server is returning an unknown error",
        class: OriginFailed,
        party: Origin,
        status: [520],
        reached_origin: Maybe,
        site: Down,
        hits: NowAndThen,
        retryable: true,
        retry_after: 60,
        causes: [
            "the origin crashed or sent an empty or malformed answer",
            "a firewall or plugin at the origin cuts off Cloudflare's addresses",
            "headers of more than 128 KB, often from cookies",
            "broken HTTP/2 at the origin, or Authenticated Origin Pulls set up on one side only",
        ],
        client: [
            BackOff (60 s) "wait a minute, as Cloudflare asks, and longer after each failure: a crashed process may come back",
            FixRequest "if you send many cookies, clear them: large headers can cause it",
            ContactOwner "tell the owner, with the Ray ID and the URL, if it lasts",
        ],
        owner: [
            "read the origin's error log at the time of the Ray ID, and admit Cloudflare's addresses" => [1, 2, 3],
            "switch HTTP/2 to the origin off to test it; check Authenticated Origin Pulls" => [4],
        ],
        docs: docs_5xx!("520"),
        checked: "2026-11-20",
    }

    /// The origin refused the connection from Cloudflare. "Web server is down"
    /// stands on the page, but a firewall that turns away Cloudflare's
    /// addresses looks the same.
    origin_refused {
        code: 521,
        title: "Web server is down",
        class: OriginFailed,
        party: Origin,
        status: [521],
        reached_origin: No,
        site: Down,
        retryable: true,
        retry_after: 120,
        causes: [
            "the origin's web server is not running, or not on the port that the SSL mode uses",
            "a firewall at the origin refuses Cloudflare's addresses",
        ],
        client: [
            BackOff (120 s) "try again after two minutes and then at growing intervals: a restart takes minutes",
            PauseHost (900 s) "after several failures pause the host: it is down for everybody",
            ContactOwner "tell the owner if it lasts: their monitoring may not look through Cloudflare",
        ],
        owner: [
            "start the web server, and listen on 80 or 443 as the SSL mode needs" => [1],
            "admit Cloudflare's addresses in the firewall" => [2],
        ],
        docs: docs_5xx!("521"),
        checked: "2026-11-20",
    }

    /// The edge could not open a connection to the origin: no SYN+ACK within 19
    /// seconds, or no ACK of the request within 90 seconds of the connection.
    /// Such an answer comes late, so your own timeout can strike first.
    connection_timeout {
        code: 522,
        title: "Connection timed out",
        class: OriginFailed,
        party: Origin,
        status: [522],
        reached_origin: No,
        site: Down,
        hits: NowAndThen,
        retryable: true,
        retry_after: 120,
        causes: [
            "a firewall at the origin drops or limits Cloudflare's addresses",
            "the origin is overloaded or switched off, or its address has changed",
            "a Worker fetches its own custom domain, or DNS holds a placeholder such as 192.0.2.0",
        ],
        client: [
            BackOff (120 s) "try again after two minutes and then at growing intervals: an overloaded origin needs quiet",
            PauseHost (900 s) "after several failures pause the host, because each try waits long for nothing",
            ContactOwner "tell the owner, with the Ray ID, if it lasts",
        ],
        owner: [
            "admit all of Cloudflare's ranges in firewall and rate limits" => [1],
            "check the load, keep-alives, and that DNS holds the origin's present address" => [2, 3],
        ],
        docs: docs_5xx!("522"),
        checked: "2026-11-20",
    }

    /// The network has no route from Cloudflare to the origin's address. This
    /// is the "host unreachable" that 1023 is often taken for.
    origin_unreachable {
        code: 523,
        title: "Origin is unreachable",
        class: OriginFailed,
        party: Origin,
        status: [523],
        reached_origin: No,
        site: Down,
        retryable: true,
        retry_after: 120,
        causes: [
            "no route to the origin's address, or DNS holds a wrong one",
            "a route at the origin swallows Cloudflare's ranges, such as 172.0.0.0/8 in an AWS VPC",
        ],
        client: [
            BackOff (120 s) "try again after two minutes and then at growing intervals: routes recover by themselves or not at all",
            ContactOwner "tell the owner, with the Ray ID, if it lasts",
        ],
        owner: [
            "correct the A or AAAA record" => [1],
            "check the routing between origin and Cloudflare, in AWS the VPC's route tables",
        ],
        docs: docs_5xx!("523"),
        checked: "2026-11-20",
    }

    /// The origin took the request but did not answer in time. The timeout is
    /// 120 seconds in the present documentation and in the structured answer;
    /// older texts say 100. It may be another for one site, as owners on the
    /// Enterprise plan can raise it. The origin may still have done the work.
    origin_response_timeout {
        code: 524,
        title: "A timeout occurred",
        class: OriginFailed,
        party: Origin,
        status: [524],
        reached_origin: Maybe,
        site: Down,
        hits: NowAndThen,
        retryable: true,
        retry_after: 120,
        causes: [
            "the request takes the origin longer than the timeout: a large query or export",
            "the origin is overloaded",
            "the origin did not take the request's body within 30 seconds",
        ],
        client: [
            BackOff (300 s) "wait several minutes: each try costs the origin up to two minutes of work, and may do the work twice",
            FixRequest "ask for less at once, or poll for the result: the timeout is on one answer",
            ContactOwner "tell the owner which URL is too slow, with the Ray ID",
        ],
        owner: [
            "answer at once and let the client poll for long work" => [1],
            "raise the Proxy Read Timeout (Enterprise), or serve long requests from a DNS-only host" => [1, 2],
        ],
        docs: docs_5xx!("524"),
        checked: "2026-11-20",
    }

    /// The TLS handshake between Cloudflare and the origin failed, in the modes
    /// Full and Full (strict). Your own TLS is not concerned. Cloudflare states
    /// no wait, and calls it not retryable.
    ssl_handshake_failed {
        code: 525,
        title: "SSL handshake failed",
        class: OriginFailed,
        party: Origin,
        status: [525],
        reached_origin: No,
        site: Down,
        retryable: false,
        causes: [
            "the origin has no certificate for this host, or does not answer TLS on port 443",
            "origin and Cloudflare share no cipher suite, or the origin ignores SNI",
        ],
        client: [
            Stop "it stays until the origin's TLS is repaired, so repeating cannot help",
            ContactOwner "tell the owner, with the Ray ID: the origin's certificate or TLS set-up is at fault",
        ],
        owner: ["install a certificate for the host, open port 443, support SNI and common cipher suites",],
        docs: docs_5xx!("525"),
        checked: "2026-11-20",
    }

    /// The mode is Full (strict) and Cloudflare does not accept the origin's
    /// certificate. If your own network goes out through Cloudflare Gateway or
    /// WARP, it can be that Gateway which distrusts the site.
    invalid_ssl_certificate {
        code: 526,
        title: "Invalid SSL certificate",
        class: OriginFailed,
        party: Origin,
        status: [526],
        reached_origin: No,
        site: Down,
        retryable: false,
        causes: [
            "the origin's certificate is expired, self-signed, revoked or for another host",
            "a Worker's subrequest, which always demands a valid certificate",
            "your own organisation's Cloudflare Gateway distrusts the site",
        ],
        client: [
            Stop "it stays until the certificate is replaced, so repeating cannot help: behind Gateway or WARP, ask your own administrator first",
            ContactOwner "tell the owner that the origin's certificate is not accepted",
        ],
        owner: ["renew or replace the origin's certificate, or add its authority to the custom origin trust store",],
        docs: docs_5xx!("526"),
        checked: "2026-11-20",
    }

    /// The link of Railgun, a product that Cloudflare has retired, was broken.
    /// The documentation no longer lists the number, but many retry lists still
    /// do.
    railgun_error {
        code: 527,
        title: "Railgun error",
        class: OriginFailed,
        party: Origin,
        status: [527],
        reached_origin: Maybe,
        site: Down,
        retryable: true,
        causes: ["the Railgun connection between Cloudflare and the origin failed",],
        client: [BackOff (120 s) "treat it as any other failure of the origin, with growing intervals",],
        owner: ["remove what is left of Railgun",],
        docs: docs_5xx!(),
        checked: "2026-11-20",
        retired: true,
    }

    /// The host is served through a Cloudflare Tunnel, and no healthy connector
    /// (`cloudflared`) is up. It comes with HTTP 530. The documentation still
    /// calls it "Argo Tunnel error"; page and JSON say "Cloudflare Tunnel
    /// error".
    tunnel_error {
        code: 1033,
        title: "Cloudflare Tunnel error",
        class: OriginFailed,
        class_note: "Cloudflare's category is config, but it is the connector at the origin that is down, and it is retryable",
        party: Origin,
        status: [530],
        reached_origin: No,
        site: Down,
        retryable: true,
        retry_after: 120,
        causes: [
            "cloudflared is not running at the origin, or its machine is off",
            "cloudflared has no network, or its firewall bars the way out",
        ],
        client: [
            Wait (120 s) "wait two minutes, as Cloudflare asks, and try a few times: a connector often comes back",
            PauseHost (900 s) "after some failures pause the host: it is down for everybody",
            ContactOwner "tell the owner that the tunnel has no connector",
        ],
        owner: [
            "start cloudflared and check its way out to the network",
            "run a second replica, or put a load balancer before the tunnel",
        ],
        docs: docs_1xxx!("1033"),
        checked: "2026-11-20",
    }

    /// Too many requests wait at the edge for this site's origin, and the edge
    /// limits the queue. The page says "Rate Limited", but the status is 503
    /// and the queue is everybody's: one polite client can meet it.
    cache_connection_limit {
        code: 1200,
        title: "This website has been temporarily rate limited",
        class: OriginFailed,
        class_note: "category rate_limit, but no rule counts you: the origin takes requests too slowly for all visitors together",
        party: Origin,
        status: [503],
        reached_origin: No,
        site: Down,
        retryable: true,
        retry_after: 60,
        causes: [
            "the origin accepts requests too slowly for the traffic",
            "few answers come from the cache, so that everything waits for the origin",
            "a burst of requests, yours among them",
        ],
        client: [
            BackOff (60 s) "wait a minute, as Cloudflare asks, and longer after each failure: the queue has to drain",
            SlowDown "send fewer requests at once, since yours share the queue with everybody's",
            ContactOwner "tell the owner, with the Ray ID, if it lasts",
        ],
        owner: ["make the origin accept connections faster, and raise the share of answers from the cache",],
        docs: docs_1xxx!("1200"),
        checked: "2026-11-20",
    }
}
