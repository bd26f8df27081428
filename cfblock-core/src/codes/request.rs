//! Requests whose form the edge refuses: wrong host, TLS or method, and the bare 4xx pages.

use super::{codes, docs_1xxx, docs_5xx};

/// A page of Cloudflare's documentation on 4xx statuses.
macro_rules! docs_4xx {
    ($page:literal) => {
        concat!(
            "https://developers.cloudflare.com/support/troubleshooting/http-status-codes/4xx-client-error/",
            $page
        )
    };
}

codes! {
    /// The request was addressed to a Cloudflare IP instead of a host name: the
    /// edge serves many sites on one address and needs the name.
    direct_ip_access {
        code: 1003,
        title: "Direct IP access not allowed",
        class: BadRequest,
        party: Client,
        status: [403],
        reached_origin: No,
        site: Unknown,
        retryable: false,
        causes: ["the URL or the Host header holds an IP address instead of a host name",],
        client: [FixRequest "ask by host name: to pin an address, override only the lookup (curl --resolve) and keep Host and SNI as the name",],
        owner: ["publish host names, not edge addresses",],
        docs: docs_1xxx!("1003"),
        checked: "2026-11-20",
    }

    /// The host in the TLS handshake (SNI) is another than in the `Host`
    /// header. A related mismatch is refused earlier, as a bare 403 without a
    /// number.
    sni_host_mismatch {
        code: 1013,
        title: "HTTP hostname and TLS SNI hostname mismatch",
        class: BadRequest,
        party: Client,
        status: [403],
        reached_origin: No,
        site: Unknown,
        retryable: false,
        causes: [
            "a Host header set by hand, domain fronting, or a connection used again for another host",
            "a proxy that intercepts TLS and sends another SNI",
        ],
        client: [FixRequest "open a new connection whose SNI equals the Host header, without connection coalescing or a TLS-intercepting proxy: the edge compares the two",],
        owner: ["if ordinary visitors meet it, give Cloudflare support a HAR file",],
        docs: docs_1xxx!("1013"),
        checked: "2026-11-20",
    }

    /// The page says "Client authentication failed". Cloudflare files it under
    /// `tls` without a page of its own; that it means the client certificate
    /// (mTLS) is an inference.
    client_auth_failed {
        code: 1017,
        title: "Client authentication failed",
        class: BadRequest,
        class_note: "the title begins \"Access denied\", but it is the TLS credentials that are refused, not you",
        party: Client,
        status: [403],
        reached_origin: No,
        site: Unknown,
        retryable: false,
        causes: ["the site demands a client certificate, and yours is missing, expired or not accepted",],
        client: [
            FixRequest "present a client certificate that the site accepts: without one every request is refused",
            ContactOwner "ask the owner for a certificate if you have none",
        ],
        owner: ["review the zone's mTLS settings and the certificates it accepts",],
        docs: docs_1xxx!(),
        checked: "2026-11-20",
    }

    /// Your client speaks an older TLS version than the zone demands.
    tls_min_version {
        code: 1028,
        title: "SSL/TLS Minimum version requirements not met",
        class: BadRequest,
        class_note: "a setting of the zone refuses it, but every client with this TLS version alike: the remedy is in the request",
        party: Client,
        status: [403],
        reached_origin: No,
        site: Unknown,
        retryable: false,
        causes: ["an outdated TLS library, or a proxy in between that speaks TLS 1.0 or 1.1",],
        client: [
            FixRequest "use TLS 1.2 or 1.3 with a current library: the zone refuses anything older",
            UseBrowser "if the library cannot be updated, a current browser brings its own TLS",
        ],
        owner: ["lower the minimum TLS version only if old clients matter",],
        docs: docs_1xxx!(),
        checked: "2026-11-20",
    }

    /// Your client and the zone share no cipher suite that the zone accepts.
    tls_cipher_suite {
        code: 1029,
        title: "SSL/TLS Cipher suite requirements not met",
        class: BadRequest,
        party: Client,
        status: [],
        reached_origin: No,
        site: Unknown,
        retryable: false,
        causes: ["an outdated TLS library, or a cipher list of your own that is too narrow",],
        client: [FixRequest "use a current TLS library with its default ciphers: the zone accepts only some suites",],
        owner: ["widen the zone's cipher suites only if old clients matter",],
        docs: docs_1xxx!(),
        checked: "2026-11-20",
    }

    /// The zone demands TLS as FIPS 140-2 allows it, and your version or cipher
    /// suite is not of that kind.
    tls_not_fips_compliant {
        code: 1044,
        title: "SSL/TLS version or cipher suite is not FIPS 140-2 compliant",
        class: BadRequest,
        party: Client,
        status: [403],
        reached_origin: No,
        site: Unknown,
        retryable: false,
        causes: ["the TLS version or cipher is not approved by FIPS 140-2, such as ChaCha20",],
        client: [FixRequest "offer TLS 1.2 or newer with AES-GCM suites: the zone accepts only what FIPS 140-2 approves",],
        owner: ["lift the FIPS requirement if it is not intended",],
        docs: docs_1xxx!(),
        checked: "2026-11-20",
    }

    /// Your client sent `CONNECT`, as to a proxy; the edge is none.
    http_connect_not_supported {
        code: 1045,
        title: "HTTP CONNECT is not supported",
        class: BadRequest,
        party: Client,
        status: [400],
        reached_origin: No,
        site: Unknown,
        retryable: false,
        causes: ["the site's address is set as the client's proxy by mistake",],
        client: [FixRequest "correct the proxy settings, because the site's address stands where a proxy belongs",],
        owner: [],
        docs: docs_1xxx!(),
        checked: "2026-11-20",
    }

    /// The edge could not make sense of the request and refused it before it
    /// went any further.
    bad_request {
        code: 400,
        title: "400 Bad Request",
        class: BadRequest,
        party: Client,
        status: [400],
        reached_origin: No,
        site: Unknown,
        retryable: false,
        causes: [
            "characters in the URL that are not percent-encoded, or malformed headers",
            "both Content-Length and Transfer-Encoding",
        ],
        client: [FixRequest "encode the URL, check the headers, and send either Content-Length or Transfer-Encoding: the same bytes fail again",],
        owner: [],
        docs: docs_4xx!("error-400/"),
        checked: "2026-11-20",
    }

    /// A bare 400: one header, often `Cookie`, or all of them together are too
    /// large.
    header_too_large {
        title: "400 Request Header Or Cookie Too Large",
        class: BadRequest,
        party: Client,
        status: [400],
        reached_origin: No,
        site: Unknown,
        retryable: false,
        causes: ["a cookie jar that grew over many responses, or tokens in headers",],
        client: [FixRequest "drop this host's cookies and shorten the headers: what stays in the jar is sent, and refused, each time",],
        owner: ["set fewer and smaller cookies",],
        docs: docs_4xx!("error-400/"),
        checked: "2026-11-20",
    }

    /// A bare 400: plain HTTP was spoken on a port that expects TLS.
    plain_http_to_https_port {
        title: "400 The plain HTTP request was sent to HTTPS port",
        class: BadRequest,
        party: Client,
        status: [400],
        reached_origin: No,
        site: Unknown,
        retryable: false,
        causes: ["an http:// URL with port 443, or a proxy that strips TLS",],
        client: [FixRequest "use https:// for this port, because it speaks TLS only",],
        owner: [],
        docs: docs_4xx!("error-400/"),
        checked: "2026-11-20",
    }

    /// A bare 400: the site demands a client certificate (mTLS), and none was
    /// sent.
    client_certificate_required {
        title: "400 No required SSL certificate was sent",
        class: BadRequest,
        class_note: "a kind of sign-in, but it happens in the TLS handshake: no page and no token can satisfy it",
        party: Client,
        status: [400],
        reached_origin: No,
        site: Unknown,
        retryable: false,
        causes: ["your client has no certificate set up for this host, or a proxy in between drops it",],
        client: [
            FixRequest "set up the client certificate for this host: the edge answers nothing without it",
            ContactOwner "ask the owner for a certificate if you have none",
        ],
        owner: ["check which hosts demand a client certificate",],
        docs: docs_4xx!("error-400/"),
        checked: "2026-11-20",
    }

    /// A bare 400: your client certificate (mTLS) was sent but not accepted.
    client_certificate_error {
        title: "400 The SSL certificate error",
        class: BadRequest,
        party: Client,
        status: [400],
        reached_origin: No,
        site: Unknown,
        retryable: false,
        causes: ["the certificate is expired, revoked, or from an authority the zone does not trust",],
        client: [FixRequest "renew or replace the client certificate: the same one is refused each time",],
        owner: ["check the authority that the zone trusts for client certificates",],
        docs: docs_4xx!("error-400/"),
        checked: "2026-11-20",
    }

    /// A bare 401 of the edge. The private access token requests of a
    /// challenge, below `/cdn-cgi/challenge-platform/`, get a 401 by design;
    /// other cases are not established. A site's own 401 does not look like
    /// this.
    edge_unauthorized {
        code: 401,
        title: "401 Unauthorized",
        class: BadRequest,
        party: Client,
        status: [401],
        reached_origin: No,
        site: Unknown,
        retryable: false,
        causes: [
            "a sub-request of a challenge page, where 401 is no error",
            "an address of the edge itself that wants credentials",
        ],
        client: [Inspect "look at the URL: below /cdn-cgi/ ignore it and do not crawl there, elsewhere send the credentials that the site asks for",],
        owner: [],
        docs: docs_4xx!("error-401/"),
        checked: "2026-11-20",
    }

    /// A bare 404 of the edge, as for an unknown path below `/cdn-cgi/`. Older
    /// documentation says that Cloudflare makes no 404 at all; a site's own 404
    /// does not look like this.
    edge_not_found {
        code: 404,
        title: "404 Not Found",
        class: BadRequest,
        party: Client,
        status: [404],
        reached_origin: Maybe,
        site: Unknown,
        retryable: false,
        causes: ["a path below /cdn-cgi/ that does not exist, often met by crawlers",],
        client: [FixRequest "leave out links below /cdn-cgi/: these paths are Cloudflare's and hold no content of the site",],
        owner: ["disallow /cdn-cgi/ in robots.txt",],
        docs: docs_4xx!("error-404/"),
        checked: "2026-11-20",
    }

    /// A bare 405 of the edge. The documentation leaves 405 to origins, but the
    /// edge's own addresses answer it too.
    method_not_allowed {
        code: 405,
        title: "405 Method Not Allowed",
        class: BadRequest,
        party: Client,
        status: [405],
        reached_origin: No,
        site: Unknown,
        retryable: false,
        causes: ["a method that this address of the edge does not take, such as POST or TRACE",],
        client: [FixRequest "use GET or the method that the site documents: this one is refused each time",],
        owner: [],
        docs: docs_4xx!("error-405/"),
        checked: "2026-11-20",
    }

    /// The request's body is larger than the site's plan or its owner allows.
    payload_too_large {
        code: 413,
        title: "413 Payload Too Large",
        class: BadRequest,
        party: Client,
        status: [413],
        reached_origin: No,
        site: Unknown,
        retryable: false,
        causes: ["an upload over the plan's limit, or over a lower one that the owner set",],
        client: [
            FixRequest "send the upload in smaller parts: the edge counts the size of one request",
            ContactOwner "ask the owner for another upload address if it cannot be split",
        ],
        owner: ["raise the maximum upload size, or serve uploads from a DNS-only host",],
        docs: docs_4xx!("error-413/"),
        checked: "2026-11-20",
    }

    /// The URL is longer than the edge takes: 32 KB by the documentation.
    uri_too_long {
        code: 414,
        title: "414 URI Too Long",
        class: BadRequest,
        party: Client,
        status: [414],
        reached_origin: No,
        site: Unknown,
        retryable: false,
        causes: ["a query that is too long, or a redirect loop that appends to the URL",],
        client: [FixRequest "shorten the URL or send the data by POST: the edge refuses it before the site sees it",],
        owner: [],
        docs: docs_4xx!("error-414/"),
        checked: "2026-11-20",
    }

    /// The byte range you asked for lies outside the file. Cloudflare serves it
    /// mostly where the origin rejects the range.
    range_not_satisfiable {
        code: 416,
        title: "416 Range Not Satisfiable",
        class: BadRequest,
        party: Client,
        status: [416],
        reached_origin: Maybe,
        site: Unknown,
        retryable: false,
        causes: ["a resumed download whose file is complete already, or has changed",],
        client: [FixRequest "ask without Range, or for a range within the size in Content-Range: beyond the end nothing comes",],
        owner: ["purge the cache if it holds an outdated copy",],
        docs: docs_4xx!("error-416/"),
        checked: "2026-11-20",
    }

    /// An HTTP/2 or HTTP/3 connection was used again for a host that it does
    /// not serve. Often the origin's answer, passed on.
    misdirected_request {
        code: 421,
        title: "421 Misdirected Request",
        class: BadRequest,
        party: Client,
        status: [421],
        reached_origin: No,
        site: Unknown,
        retryable: true,
        causes: ["the client shares one connection between hosts that do not belong together",],
        client: [Retry "send it once more on a new connection, without coalescing: the connection is wrong, not the request",],
        owner: ["let certificate and virtual hosts cover all names that share a connection",],
        docs: docs_4xx!("error-421/"),
        checked: "2026-11-20",
    }

    /// In Cloudflare's logs: the client hung up before the answer. No client
    /// ever receives it; the entry is there to be explained.
    client_closed {
        code: 499,
        title: "499 Client Closed Request",
        class: BadRequest,
        party: Client,
        status: [],
        reached_origin: Maybe,
        site: Unknown,
        retryable: true,
        causes: ["the client's timeout is shorter than the origin's answer or the edge's attempts to connect",],
        client: [FixRequest "raise your timeout above 40 seconds, so that you learn the status that the edge would send",],
        owner: ["look for slow answers of the origin at these times",],
        docs: docs_4xx!("error-499/"),
        checked: "2026-11-20",
    }

    /// A bare page of the edge with another 4xx status: the edge refused the
    /// request itself.
    edge_client_error {
        title: "Client error at the edge",
        class: BadRequest,
        party: Client,
        status: [],
        reached_origin: Maybe,
        site: Unknown,
        retryable: false,
        causes: ["the edge does not accept something in the request; the status says what",],
        client: [FixRequest "read the status and change what it names, because the same request is refused again",],
        owner: [],
        docs: docs_4xx!(""),
        checked: "2026-11-20",
    }

    /// The HTTP method is none that the edge (by the documentation: the Workers
    /// runtime) knows.
    not_implemented {
        code: 501,
        title: "501 Not Implemented",
        class: EdgeFailed,
        class_note: "a 5xx that the edge answers by itself, though nothing has failed: it refuses the method of the request",
        party: Client,
        status: [501],
        reached_origin: No,
        site: Unknown,
        retryable: false,
        causes: ["a method of your own, or a slip in its name such as POT",],
        client: [FixRequest "use a standard method: an unknown one is refused each time",],
        owner: [],
        docs: docs_5xx!("501"),
        checked: "2026-11-20",
    }
}
