//! The owner's DNS and zone: the edge does not find, or may not use, the place to send the request to.

use super::{codes, docs_1xxx, docs_5xx};

codes! {
    /// The edge looked up where to send the request and found an address that
    /// leads back into Cloudflare: a loop. Mostly the owner's record or proxy
    /// is wrong. A client can cause it as well: Cloudflare documents it for
    /// requests with `CF-Connecting-IP`, with two `X-Forwarded-For` headers, or
    /// with one that is longer than 100 characters.
    dns_points_to_prohibited_ip {
        code: 1000,
        title: "DNS points to prohibited IP",
        class: SiteMisconfigured,
        class_note: "headers of the request can cause it too, but the owner's DNS is the usual cause and nothing on the page tells them apart",
        party: SiteOwnerConfig,
        status: [403],
        reached_origin: No,
        site: Unknown,
        hits: Dns,
        retryable: false,
        causes: [
            "a DNS record or a load balancer's origin points to a Cloudflare address or to another proxied record",
            "the request carries CF-Connecting-IP, two X-Forwarded-For headers, or one of more than 100 characters",
            "a reverse proxy at the origin sends the request through Cloudflare a second time",
            "a SaaS provider on Cloudflare has no custom hostname for this domain, or the SNI does not fit at the origin",
        ],
        client: [
            FixRequest "remove CF-Connecting-IP and any double or long X-Forwarded-For from your request and your proxy, then try once: these headers alone cause it",
            Stop "with a clean request only the owner can end it, so repeating cannot help",
            ContactOwner "send the owner the Ray ID and the host name: the DNS records are theirs to correct",
        ],
        owner: [
            "point the record to the origin's real address" => [1],
            "let the origin redirect instead of proxying its own host, or resolve that host to its internal address" => [3],
            "with a SaaS provider: have them create the custom hostname" => [4],
        ],
        docs: docs_1xxx!("1000"),
        checked: "2026-11-20",
    }

    /// Cloudflare cannot resolve the host: it is no zone of Cloudflare's, or
    /// its CNAME leads nowhere. Cloudflare counts it as not retryable, yet a
    /// change of DNS that is still spreading looks the same, so a late second
    /// try is worth it.
    dns_resolution_error {
        code: 1001,
        title: "DNS resolution error",
        class: SiteMisconfigured,
        party: SiteOwnerConfig,
        status: [409],
        reached_origin: No,
        site: Down,
        hits: Dns,
        retryable: false,
        causes: [
            "the host name was sent to a Cloudflare address but belongs to no zone there: mistyped, removed, or not yet active",
            "the CNAME's target does not resolve, or its DNS provider is down",
            "a domain outside Cloudflare points by CNAME to one inside",
            "a partial set-up's internal name (*.cdn.cloudflare.net) was asked directly, or Always Online meets a custom hostname",
        ],
        client: [
            PauseHost (300 s) "leave the host for some minutes and look once more, in case a DNS change is still spreading: quick repeats cannot help",
            FixRequest "check the host name for a slip, and drop hard-coded addresses and stale DNS answers",
            ContactOwner "tell the owner if it lasts, because the zone or the CNAME has to be corrected",
        ],
        owner: [
            "add the domain to Cloudflare, or correct the CNAME's target" => [1, 2, 3],
            "for custom hostnames: use a CNAME instead of an A record and switch Always Online off" => [4],
        ],
        docs: docs_1xxx!("1001"),
        checked: "2026-11-20",
    }

    /// The page says that the site's DNS points to a local or disallowed
    /// address; it comes with HTTP 403. Documented is only a DNS fault: a
    /// record that names a local or disallowed address, one of Cloudflare's
    /// own, or one that does not belong to the domain. That an owner sends
    /// suspected bots to such an address on purpose (a null route) is an
    /// inference, which fits where some visitors get 1002 and others the page.
    /// One 1002 alone therefore never shows that the site is down.
    ///
    /// The edge looks up the refused address, so overriding DNS on your side
    /// cannot help; a new address of your own, changed alone, seldom does.
    dns_points_to_local_or_disallowed_ip {
        code: 1002,
        title: "DNS points to local or disallowed IP",
        class: SiteMisconfigured,
        class_note: "where only some visitors get it, it acts as a refusal, but the page states a DNS fault and one answer cannot tell the two apart",
        party: SiteOwnerConfig,
        status: [403],
        reached_origin: No,
        site: Unknown,
        hits: NullRoute,
        aimed_causes: [1, 4],
        retryable: false,
        causes: [
            "a Worker or a rule of the owner null-routes suspected bots: only some visitors get the error",
            "the owner's DNS names a local, disallowed or Cloudflare address, or one that does not belong to the domain",
            "a stale DNS cache or a hard-coded address on your side leads to an edge address that no longer serves this host",
            "rate-limit tarpitting: too many requests, and the owner's rule answers with a dead route",
            "routing inside Cloudflare's edge, in one place and for a short time",
        ],
        client: [
            Probe "ask once from another vantage, such as a residential network, before deciding: if it gets the page, the error is aimed at you, and overriding DNS on your side cannot help",
            ChangeIdentity [TlsFingerprint, Asn, Session] "where another network gets the page, change all three together: a null route seldom looks at the address alone",
            PauseHost (300 s) "pause the host for about five minutes, as the page suggests: where every network gets 1002, the site itself is at fault",
            ContactOwner "send the owner the Ray ID and the results from both vantages: only they can correct the record or the rule",
        ],
        owner: [
            "correct the A, AAAA or CNAME record to the address that your host confirms" => [2],
            "let the origin resolve its own domain to its internal or public origin address, not to Cloudflare" => [2],
            "if a Worker or rule diverts suspected bots, answer with a block page: a 1002 looks like an outage to monitors" => [1, 4],
        ],
        docs: docs_1xxx!("1002"),
        checked: "2026-11-20",
    }

    /// The host is known but set up for no web traffic: its DNS is still
    /// spreading, or Cloudflare switched the proxy off for abuse. Cloudflare
    /// itself gives it three names: the page says "Routing resolution error",
    /// the documentation "Host Not Configured to Serve Web Traffic", the
    /// `Retry-After` table "DNS resolution error", which is the title of 1001.
    /// It is retryable after 120 seconds; after five minutes it needs the
    /// owner.
    host_not_configured {
        code: 1004,
        title: "Routing resolution error",
        class: SiteMisconfigured,
        party: SiteOwnerConfig,
        status: [409],
        reached_origin: No,
        site: Down,
        hits: Dns,
        retryable: true,
        retry_after: 120,
        causes: [
            "DNS changes have not reached the whole network yet",
            "the owner's A records point to Cloudflare addresses",
            "Cloudflare disabled the proxy for abuse or a breach of its terms",
        ],
        client: [
            Wait (120 s) "wait two minutes, as Cloudflare asks, and try a few times: a change that is still spreading ends by itself",
            ContactOwner "tell the owner if it lasts longer than five minutes, because then it is not propagation",
        ],
        owner: ["check the DNS records; after five minutes ask Cloudflare support",],
        docs: docs_1xxx!("1004"),
        checked: "2026-11-20",
    }

    /// A CNAME leads from one Cloudflare account to a domain in another, which
    /// is prohibited unless the target's owner uses Cloudflare for SaaS. R2
    /// buckets behind a custom domain show it when the zone is on hold or
    /// banned.
    cname_cross_user_banned {
        code: 1014,
        title: "CNAME Cross-User Banned",
        class: SiteMisconfigured,
        party: SiteOwnerConfig,
        status: [403],
        reached_origin: No,
        site: Down,
        hits: Dns,
        retryable: false,
        causes: [
            "a CNAME crosses Cloudflare accounts without Cloudflare for SaaS",
            "an R2 custom domain whose zone is on hold or banned",
        ],
        client: [
            Stop "nothing in the request causes it, so repeating cannot help",
            ContactOwner "tell the owner which host it is: the CNAME or the account has to change",
        ],
        owner: [
            "have the target's owner set up Cloudflare for SaaS, or point the record elsewhere" => [1],
            "release the zone hold; clear an abuse report or an unpaid bill" => [2],
        ],
        docs: docs_1xxx!("1014"),
        checked: "2026-11-20",
    }

    /// The edge knows the site but cannot resolve the name of its origin
    /// server. It comes with HTTP 530, which always wraps a 1xxx code.
    /// Cloudflare states that it is not retryable; mostly it stays until the
    /// owner restores a record.
    origin_dns_error {
        code: 1016,
        title: "Origin DNS error",
        class: SiteMisconfigured,
        party: SiteOwnerConfig,
        status: [530],
        reached_origin: No,
        site: Down,
        hits: Dns,
        retryable: false,
        causes: [
            "the origin's A record is missing, or its CNAME's target no longer resolves",
            "a SaaS custom hostname is not validated, or the fallback origin is missing",
            "no pool of the load balancer resolves",
            "a Worker asks for a host that a partial-setup zone has no record for",
        ],
        client: [
            PauseHost (600 s) "leave the host and look in rarely: it ends when the owner restores the record and the change has spread",
            ContactOwner "tell the owner: nothing in your request causes it, and the site is down for everybody",
        ],
        owner: [
            "restore the record, or correct the CNAME's target and check that it resolves from outside" => [1, 3, 4],
            "with Cloudflare for SaaS: finish the hostname's validation and set the fallback origin" => [2],
        ],
        docs: docs_1xxx!("1016"),
        checked: "2026-11-20",
    }

    /// The edge does not know the host yet. Documented causes are settings of a
    /// newly active zone that are still spreading, and a hosting partner whose
    /// DNS failed. Cloudflare's general rule calls it not retryable, yet
    /// propagation ends within minutes.
    could_not_find_host {
        code: 1018,
        title: "Could not find host",
        class: SiteMisconfigured,
        party: SiteOwnerConfig,
        status: [409],
        reached_origin: No,
        site: Down,
        hits: Dns,
        retryable: true,
        causes: [
            "the zone was activated recently and its settings are still spreading",
            "a hosting partner created the zone and the partner's DNS failed",
        ],
        client: [
            BackOff (180 s) "try again in a few minutes: propagation ends by itself",
            ContactOwner "tell the owner, with the Ray ID, if it lasts: then the zone's set-up is at fault",
        ],
        owner: ["if it lasts, give Cloudflare support the Ray ID and a HAR file",],
        docs: docs_1xxx!("1018"),
        checked: "2026-11-20",
    }

    /// The edge cannot resolve the requested domain; the page calls a site that
    /// has just signed up the most likely cause. It is a fault of propagation
    /// or set-up, and does not mean that the server is unreachable: that is
    /// 523. Cloudflare's general rule calls it not retryable, yet propagation
    /// takes only a few minutes.
    could_not_find_host_1023 {
        code: 1023,
        title: "Could not find host",
        class: SiteMisconfigured,
        party: SiteOwnerConfig,
        status: [503],
        reached_origin: No,
        site: Down,
        hits: Dns,
        retryable: true,
        causes: [
            "the site has just signed up and its settings are still spreading",
            "a wrong set-up, usually of a zone that a hosting partner created and whose DNS failed",
        ],
        client: [
            BackOff (180 s) "try again in a few minutes: propagation ends by itself",
            ContactOwner "tell the owner, with the Ray ID, if it lasts: then the zone's set-up is at fault",
        ],
        owner: ["if it lasts, give Cloudflare support the domain, the Ray ID and a HAR file",],
        docs: docs_1xxx!("1023"),
        checked: "2026-11-20",
    }

    /// The page says that the CNAME is not allowed. Cloudflare does not
    /// document the code; the set-up of the owner's DNS is at fault.
    cname_not_allowed {
        code: 1030,
        title: "CNAME Not Allowed",
        class: SiteMisconfigured,
        party: SiteOwnerConfig,
        status: [409],
        reached_origin: No,
        site: Down,
        hits: Dns,
        retryable: false,
        causes: ["a CNAME that Cloudflare does not permit (undocumented)",],
        client: [
            Stop "nothing in the request causes it, so repeating cannot help",
            ContactOwner "tell the owner which host it is: the CNAME has to change",
        ],
        owner: ["check the CNAME of the host and what it points to",],
        docs: docs_1xxx!(),
        checked: "2026-11-20",
    }

    /// The same page as 1014, under another number. Cloudflare does not
    /// document how the two differ; treat it as 1014.
    cname_cross_user_banned_1032 {
        code: 1032,
        title: "CNAME Cross-User Banned",
        class: SiteMisconfigured,
        party: SiteOwnerConfig,
        status: [],
        reached_origin: No,
        site: Down,
        hits: Dns,
        retryable: false,
        causes: ["as for 1014: a CNAME that crosses Cloudflare accounts",],
        client: [
            Stop "nothing in the request causes it, so repeating cannot help",
            ContactOwner "tell the owner which host it is: the CNAME or the account has to change",
        ],
        owner: ["as for 1014: use Cloudflare for SaaS, or point the record elsewhere",],
        docs: docs_1xxx!(),
        checked: "2026-11-20",
    }

    /// The request reached a Cloudflare address that this host may not use.
    /// Cloudflare documents domains that point to reserved addresses such as
    /// 1.1.1.1, and SaaS providers that admit only validated addresses. Clients
    /// that asked `1.1.1.1/cdn-cgi/trace` by address have met it too, now and
    /// then, where others get 1003.
    edge_ip_restricted {
        code: 1034,
        title: "Edge IP Restricted",
        class: SiteMisconfigured,
        class_note: "a client that connects to a chosen edge address causes it itself; a client that follows DNS does not",
        party: SiteOwnerConfig,
        status: [403],
        reached_origin: No,
        site: Unknown,
        hits: Dns,
        retryable: false,
        causes: [
            "the domain's DNS points to a Cloudflare address that its owner may not use, such as 1.1.1.1",
            "you connect to a hard-coded or overridden edge address",
            "a SaaS provider admits only addresses that it has validated",
        ],
        client: [
            FixRequest "drop hard-coded addresses and hosts-file overrides and ask by host name: the edge checks the address against the host",
            ContactOwner "if plain DNS leads you there, tell the owner: the record points to an address that is not theirs",
        ],
        owner: [
            "point DNS to addresses that were assigned to you or your provider" => [1, 3],
            "for a host without an origin use the placeholder 100:: or 192.0.2.0" => [1],
        ],
        docs: docs_1xxx!("1034"),
        checked: "2026-11-20",
    }

    /// "Could not find host" under a third number: Cloudflare does not document
    /// what sets it apart from 1018 and 1023.
    could_not_find_host_1048 {
        code: 1048,
        title: "Could not find host",
        class: SiteMisconfigured,
        party: SiteOwnerConfig,
        status: [],
        reached_origin: No,
        site: Down,
        hits: Dns,
        retryable: false,
        causes: ["the edge has no route to the host (undocumented)",],
        client: [
            PauseHost (300 s) "leave the host for some minutes, as for 1018: settings may still be spreading",
            ContactOwner "tell the owner, with the Ray ID, if it lasts",
        ],
        owner: ["give Cloudflare support the Ray ID",],
        docs: docs_1xxx!(),
        checked: "2026-11-20",
    }

    /// "Could not find host" under a fourth number. Cloudflare files it under
    /// `config` and not retryable, and documents no more.
    could_not_find_host_1049 {
        code: 1049,
        title: "Could not find host",
        class: SiteMisconfigured,
        party: SiteOwnerConfig,
        status: [],
        reached_origin: No,
        site: Down,
        hits: Dns,
        retryable: false,
        causes: ["the edge has no route to the host (undocumented)",],
        client: [
            PauseHost (300 s) "leave the host for some minutes, as for 1018: settings may still be spreading",
            ContactOwner "tell the owner, with the Ray ID, if it lasts",
        ],
        owner: ["give Cloudflare support the Ray ID",],
        docs: docs_1xxx!(),
        checked: "2026-11-20",
    }

    /// A 530 whose 1xxx number could not be read. The status never stands
    /// alone: it wraps a page or text with a 1xxx code, in practice 1016 (the
    /// origin's name does not resolve) or 1033 (no tunnel connector is up).
    unnamed_530 {
        code: 530,
        title: "Error 530",
        class: SiteMisconfigured,
        class_note: "a 530 that wraps 1033 would be origin_failed; without the number the DNS fault, which the documentation names for 530, is assumed",
        party: SiteOwnerConfig,
        status: [530],
        reached_origin: No,
        site: Down,
        hits: Dns,
        retryable: true,
        causes: [
            "1016: the origin's host name does not resolve",
            "1033: no connector of the Cloudflare Tunnel is up",
        ],
        client: [
            BackOff (120 s) "wait two minutes or more: a tunnel may come back, a missing DNS record seldom does",
            FixRequest "keep the body, or ask with Accept: application/json, so that the 1xxx number can be read",
            ContactOwner "tell the owner, with the Ray ID, if it lasts",
        ],
        owner: ["look up the 1xxx number by the Ray ID and follow its entry",],
        docs: docs_5xx!("530"),
        checked: "2026-11-20",
    }

    /// A 409 of the edge whose 1xxx number could not be read. Cloudflare sends
    /// the status for 1001, 1004, 1018, 1021 and 1030, which all say that it
    /// does not know where the host belongs; its documentation names only 1001.
    /// An origin's own 409 is something else.
    host_conflict_409 {
        code: 409,
        title: "Conflict",
        class: SiteMisconfigured,
        party: SiteOwnerConfig,
        status: [409],
        reached_origin: No,
        site: Unknown,
        retryable: false,
        causes: ["the edge cannot place the host: 1001, 1004, 1018, 1021 or 1030",],
        client: [
            PauseHost (120 s) "leave the host for at least two minutes: of the five codes only 1004 and 1018 end by themselves",
            FixRequest "check the host name for a slip, and ask with Accept: application/json to read the number",
            ContactOwner "tell the owner if it lasts",
        ],
        owner: ["look up the 1xxx number by the Ray ID and follow its entry",],
        docs: "https://developers.cloudflare.com/support/troubleshooting/http-status-codes/4xx-client-error/error-409/",
        checked: "2026-11-20",
    }
}
