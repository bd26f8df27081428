"""The closed sets of words. Generated from the core: ``cargo run -p cfblock-tests``."""

from typing import Literal, TypeAlias

Class: TypeAlias = Literal[
    # The site's own answer, whatever its status
    "passed",
    # The edge asks for proof that you are a browser or a person
    "challenge",
    # A security rule of the site refuses you
    "access_denied",
    # You asked more often than the site allows
    "rate_limited",
    # You are in a queue that the site put in front of itself
    "waiting_room",
    # The site asks crawlers to pay for this page
    "payment_required",
    # Cloudflare Access asks you to sign in
    "sign_in_required",
    # The page is withheld for legal reasons
    "legal_block",
    # Cloudflare warns that the page was reported for phishing
    "phishing_warning",
    # The edge refuses the form of your request
    "bad_request",
    # The owner's DNS, zone, Worker, snippet or quota is at fault
    "site_misconfigured",
    # The edge could not get an answer from the origin server
    "origin_failed",
    # Cloudflare itself failed
    "edge_failed",
    # A proxy, a captive portal or a filter on your own side answered
    "proxy_failed",
]

Confidence: TypeAlias = Literal[
    # Something fits, and other readings fit too
    "possible",
    # The signs agree, but the page could have been copied or relayed
    "likely",
    # Signs that only one author leaves, in an answer that shows where it came from
    "certain",
    # Cloudflare says so in a structured field or header
    "stated",
]

Producer: TypeAlias = Literal[
    # Cloudflare's edge
    "edge",
    # The site's owner, who configured a page or a response at the edge
    "owner",
    # The site's own server
    "origin",
    # Somebody else
    "other",
    # Nothing says who
    "unknown",
]

Provenance: TypeAlias = Literal[
    # The peer's address lies in Cloudflare's published ranges
    "verified",
    # The headers look like Cloudflare's; no peer address was given
    "consistent",
    # The peer's address lies outside Cloudflare's published ranges, or the headers name another server
    "contradicted",
    # Neither headers nor address tell
    "unknown",
]

Party: TypeAlias = Literal[
    # You, who sent the request
    "client",
    # The site's owner, in the security rules
    "site_owner_security",
    # The site's owner, in DNS, zone, Worker or plan
    "site_owner_config",
    # Whoever runs the site's own server
    "origin",
    # Cloudflare
    "cloudflare",
    # A court or another authority
    "law",
]

Action: TypeAlias = Literal[
    # Use the answer
    "proceed",
    # Send the same request again
    "retry",
    # Wait for a known time, then send the request again
    "wait",
    # Wait, longer after each failure
    "back_off",
    # Send fewer requests a second to this site
    "slow_down",
    # Keep the queue's cookie and refresh at the stated interval
    "join_queue",
    # Ask from another vantage before deciding anything
    "probe",
    # Change how you appear; the step names what to change
    "change_identity",
    # Hand the page to a real browser
    "use_browser",
    # Change the request itself
    "fix_request",
    # Sign in, or present a service token
    "sign_in",
    # Pay the price that the site names
    "pay",
    # Stop all requests to this host for a while
    "pause_host",
    # Tell the site's owner, with the Ray ID
    "contact_owner",
    # Stop
    "stop",
    # Look at the answer yourself
    "inspect",
]

Change: TypeAlias = Literal[
    # The address you come from
    "ip",
    # The network you come from
    "asn",
    # The country you come from
    "country",
    # The TLS fingerprint of your client
    "tls_fingerprint",
    # The order of your request headers
    "header_order",
    # The User-Agent header
    "user_agent",
    # Cookies and everything else that ties requests together
    "session",
    # The browser, or having one at all
    "browser",
]

ChallengeType: TypeAlias = Literal[
    # Cloudflare picks the test for each visitor
    "managed",
    # A JavaScript test that needs no click
    "non_interactive",
    # A test that a person has to solve
    "interactive",
    # The five-second "Checking your browser" page of I'm Under Attack mode, until about 2021
    "legacy_iuam",
    # The reCAPTCHA and hCaptcha page, until about 2022
    "legacy_captcha",
    # A challenge whose page does not say of which kind it is
    "unknown",
]

Signal: TypeAlias = Literal[
    # The status is one that only Cloudflare's edge makes
    "edge_status",
    # `server
    "edge_headers",
    # A `server` header names somebody else, and nothing names Cloudflare
    "foreign_server",
    # `cf-mitigated
    "cf_mitigated",
    # `server-timing` with a `chlray` entry, which challenges carry
    "challenge_timing",
    # `cf-chl-bypass`, which came with captcha pages until about 2022
    "challenge_bypass",
    # The caching headers that the edge sets on its own error pages; the body is missing
    "error_page_headers",
    # `cf-error-type` or `cf-error-origin`, documented for error pages of the edge only
    "cf_error_header",
    # `crawler-error`, with which pay per crawl states what it wants
    "crawler_error",
    # `crawler-price`
    "crawler_price",
    # `www-authenticate
    "access_challenge",
    # `cf-access-aud` or `cf-access-domain`
    "access_headers",
    # A redirect to, or an address on, `*
    "access_login",
    # A page, text or JSON of Cloudflare Access
    "access_page",
    # The queue's cookie `__cfwaitingroom`
    "waiting_room_cookie",
    # The queue's JSON, `cfWaitingRoom`
    "waiting_room_json",
    # An HTML page that refreshes itself, with the queue's cookie
    "waiting_room_page",
    # A JSON object with `"cloudflare_error"
    "structured_json",
    # The same object quoted in other text, cut short, or re-printed by another program
    "relayed_json",
    # Markdown with `cloudflare_error
    "structured_markdown",
    # The whole body is `error code
    "error_code_text",
    # The bare page that ends in `<center>cloudflare</center>`
    "bare_page",
    # The error page of the edge
    "error_page",
    # A page of the owner's own that keeps the edge's error box
    "error_box",
    # The block page without a number, "Sorry, you have been blocked"
    "block_page",
    # `_cf_chl_opt`, the settings of a challenge page
    "challenge_options",
    # The form of a challenge page until about 2022
    "challenge_form",
    # The page of a Worker's address with nothing behind it
    "workers_placeholder",
    # The warning before a page that was reported for phishing
    "phishing_page",
    # The title of one of the edge's pages, of which only the start was kept
    "template_title",
    # `error code
    "quoted_text",
    # The block page of Cloudflare Gateway, an organisation's own filter
    "gateway_page",
    # The status is 407 or 511, which only a proxy or a network on your side sends
    "proxy_authentication",
    # Headers by which a proxy on your own side names itself
    "proxy_headers",
    # The words of an error page, copied without its markup
    "copied_text",
    # `cf-cache-status`
    "cache_status",
    # Headers that the origin sets and the edge does not
    "origin_headers",
    # The address is a preview, `/cdn-cgi/error/NNNN`
    "preview_url",
    # The peer's address lies in Cloudflare's published ranges
    "peer_in_range",
    # The peer's address lies outside Cloudflare's published ranges
    "peer_out_of_range",
    # The body is still compressed, so its text was not searched
    "compressed_body",
    # A stated wait was longer than a day and was cut to one
    "retry_after_capped",
    # There were more headers than are read
    "headers_cut",
]

Place: TypeAlias = Literal[
    # The status line
    "status",
    # The body; `at` is the byte's offset
    "body",
    # The requested address
    "url",
    # A redirect before this response; `at` counts from 0
    "history",
    # The address of the server that answered
    "peer",
    # The headers as a whole
    "headers",
    # The header `server`
    "header:server",
    # The header `cf-ray`
    "header:cf-ray",
    # The header `cf-mitigated`
    "header:cf-mitigated",
    # The header `server-timing`
    "header:server-timing",
    # The header `cf-chl-bypass`
    "header:cf-chl-bypass",
    # The header `cf-error-type`, or `cf-error-origin` beside it
    "header:cf-error-type",
    # The header `crawler-error`
    "header:crawler-error",
    # The header `crawler-price`
    "header:crawler-price",
    # The header `www-authenticate`
    "header:www-authenticate",
    # The header `cf-access-aud` or `cf-access-domain`
    "header:cf-access-aud",
    # The header `location`
    "header:location",
    # The header `set-cookie`
    "header:set-cookie",
    # The header `cf-cache-status`
    "header:cf-cache-status",
    # The header `content-encoding`
    "header:content-encoding",
    # The header `retry-after`
    "header:retry-after",
]

Audience: TypeAlias = Literal[
    # Whoever runs the program that sent the request
    "scraper",
    # A person in front of a browser
    "visitor",
    # The site's owner
    "owner",
]

Scope: TypeAlias = Literal[
    # Everybody
    "global",
    # Clients that look automated, by several traits together
    "targeted",
    # Some countries
    "by_country",
    # Some networks, by their number
    "by_asn",
    # Some kinds of network, such as data centres
    "by_network_kind",
    # Some addresses
    "by_ip",
    # Some TLS fingerprints
    "by_tls_fingerprint",
    # Some User-Agents
    "by_user_agent",
    # Some sessions
    "by_session",
    # Some paths of the site
    "by_path",
    # Whoever asks too often
    "by_rate",
    # Anybody, now and then
    "intermittent",
    # Too little is known to name one
    "undetermined",
]

Classification: TypeAlias = Literal[
    # Every observation got the page
    "no_fault",
    # Suspected bots are sent to a dead address on purpose, while others get the page
    "targeted_null_route",
    # A rule or a bot score refuses clients by several traits together
    "bot_rule",
    # Clients that are no real browser are challenged, and real ones are not
    "automation_challenge",
    # A rule looks at the country
    "geo_rule",
    # A rule looks at the network's number
    "asn_rule",
    # A rule looks at the kind of network, such as data centres
    "network_kind_rule",
    # The reputation of the address, or of the network around it, is bad
    "ip_reputation",
    # A rule bans the address
    "ip_ban",
    # A rule looks at the TLS fingerprint
    "fingerprint_rule",
    # A rule looks at the User-Agent
    "user_agent_rule",
    # The session is marked
    "session_rule",
    # A rule guards some paths of the site
    "path_rule",
    # A limit on the rate of requests
    "rate_rule",
    # Everybody is refused, whoever asks
    "closed_to_all",
    # Everybody is challenged, as in I'm Under Attack mode
    "challenge_for_all",
    # A queue, a sign-in, a price, a legal notice or a warning stands before the site for everybody; the verdict's class says which
    "gate",
    # The form of the request is refused, from wherever it comes
    "request_fault",
    # The site is down for everybody by a fault of its own
    "target_down",
    # The owner's DNS or zone is at fault, for everybody
    "owner_dns",
    # The owner's Worker, snippet, rule or plan is at fault, for everybody
    "owner_config",
    # A change of the owner's is still spreading
    "propagating_config",
    # The origin server does not answer, for everybody
    "origin_down",
    # The origin server fails now and then
    "unstable_origin",
    # One of Cloudflare's data centres fails, or its way to the origin, or Cloudflare itself
    "edge_fault",
    # A rule that takes hold now and then
    "unsteady_rule",
    # The site's own server refuses, not Cloudflare
    "origin_refusal",
    # Too little is known to name a cause
    "undetermined",
]

Attribute: TypeAlias = Literal[
    # The kind of network
    "network",
    # The network, by its number
    "asn",
    # The country of the address
    "country",
    # The address
    "ip",
    # The fingerprint of the TLS handshake
    "tls_fingerprint",
    # The User-Agent header
    "user_agent",
    # The version of HTTP
    "http_version",
    # Whether a real browser asks
    "browser",
    # Cookies and whatever else ties requests together
    "session",
    # Requests a second
    "rate",
    # The path of the address that was asked for
    "path",
]

Network: TypeAlias = Literal[
    # Servers
    "datacenter",
    # Homes
    "residential",
    # Mobile carriers
    "mobile",
    # The exits of a VPN
    "vpn",
    # Offices
    "corporate",
]

EventKind: TypeAlias = Literal[
    # A class has become more frequent at a host than it used to be
    "incident_opened",
    # A look from another vantage would tell whom it hits
    "probe_wanted",
    # A diagnosis was handed in
    "diagnosed",
    # The site answers as it did before
    "recovered",
    # Nobody could end it in time; from now on it counts as normal
    "given_up",
]

Recovery: TypeAlias = Literal[
    # It ended after an action was reported
    "after_action",
    # It ended without one
    "unaided",
    # It did not end in time
    "failed",
]

Phase: TypeAlias = Literal[
    # Found; nobody has looked into it yet
    "open",
    # Somebody asks from other vantages
    "probing",
    # Something was done about it
    "acting",
]

ReachedOrigin: TypeAlias = Literal[
    # The request never reached the site's server, so it did nothing there
    "no",
    # The site's server may have received the request and acted on it
    "maybe",
    # The site's server received the request
    "yes",
]

SiteState: TypeAlias = Literal[
    # The site works; only this request, or you, were refused
    "up",
    # The site fails for everybody
    "down",
    # The answer does not show whether the site works for others
    "unknown",
]

Held: TypeAlias = Literal[
    # The one request
    "request",
    # All requests to the host
    "host",
    # All requests to the site
    "site",
]

Failure: TypeAlias = Literal[
    # Nothing came in time
    "timeout",
    # Nothing listens at the address
    "connection_refused",
    # The connection broke before the answer was complete
    "connection_reset",
    # The TLS handshake failed
    "tls",
    # The host's name could not be resolved
    "dns",
    # The proxy in between failed
    "proxy",
]

Aim: TypeAlias = Literal[
    # One IP address, or a range
    "address",
    # A network, by its number (ASN)
    "network",
    # A country
    "country",
    # What the client looks like
    "signature",
    # The reputation of the address, or of the network around it
    "reputation",
    # Some pages of the site
    "page",
    # Everybody
    "everybody",
    # Suspected bots whom the owner sends to a dead address, or everybody by a fault of the owner's DNS
    "null_route",
    # Everybody, while the owner's DNS or zone is wrong or a change of it spreads
    "dns",
    # Anybody, now and then
    "now_and_then",
]
