//! What a verdict rests on: signals, and the places where they stand.

use super::words;

words! {
    /// What was found, as a piece of evidence names it.
    pub enum Signal {
        /// The status is one that only Cloudflare's edge makes.
        EdgeStatus = "edge_status",
        /// `server: cloudflare` or a well-formed `cf-ray`: the answer came through the edge.
        EdgeHeaders = "edge_headers",
        /// A `server` header names somebody else, and nothing names Cloudflare.
        ForeignServer = "foreign_server",
        /// `cf-mitigated: challenge`.
        CfMitigated = "cf_mitigated",
        /// `server-timing` with a `chlray` entry, which challenges carry.
        ChallengeTiming = "challenge_timing",
        /// `cf-chl-bypass`, which came with captcha pages until about 2022.
        ChallengeBypass = "challenge_bypass",
        /// The caching headers that the edge sets on its own error pages; the body is missing.
        ErrorPageHeaders = "error_page_headers",
        /// `cf-error-type` or `cf-error-origin`, documented for error pages of the edge only.
        CfErrorHeader = "cf_error_header",
        /// `crawler-error`, with which pay per crawl states what it wants.
        CrawlerError = "crawler_error",
        /// `crawler-price`: what one request costs.
        CrawlerPrice = "crawler_price",
        /// `www-authenticate: Cloudflare-Access`.
        AccessChallenge = "access_challenge",
        /// `cf-access-aud` or `cf-access-domain`.
        AccessHeaders = "access_headers",
        /// A redirect to, or an address on, `*.cloudflareaccess.com`.
        AccessLogin = "access_login",
        /// A page, text or JSON of Cloudflare Access: its sign-in or its refusal.
        AccessPage = "access_page",
        /// The queue's cookie `__cfwaitingroom`.
        WaitingRoomCookie = "waiting_room_cookie",
        /// The queue's JSON, `cfWaitingRoom`.
        WaitingRoomJson = "waiting_room_json",
        /// An HTML page that refreshes itself, with the queue's cookie.
        WaitingRoomPage = "waiting_room_page",
        /// A JSON object with `"cloudflare_error": true` (RFC 9457).
        StructuredJson = "structured_json",
        /// The same object quoted in other text, cut short, or re-printed by another program.
        RelayedJson = "relayed_json",
        /// Markdown with `cloudflare_error: true` in its front matter.
        StructuredMarkdown = "structured_markdown",
        /// The whole body is `error code: NNNN`.
        ErrorCodeText = "error_code_text",
        /// The bare page that ends in `<center>cloudflare</center>`.
        BarePage = "bare_page",
        /// The error page of the edge.
        ErrorPage = "error_page",
        /// A page of the owner's own that keeps the edge's error box.
        ErrorBox = "error_box",
        /// The block page without a number, "Sorry, you have been blocked".
        BlockPage = "block_page",
        /// `_cf_chl_opt`, the settings of a challenge page.
        ChallengeOptions = "challenge_options",
        /// The form of a challenge page until about 2022.
        ChallengeForm = "challenge_form",
        /// The page of a Worker's address with nothing behind it.
        WorkersPlaceholder = "workers_placeholder",
        /// The warning before a page that was reported for phishing.
        PhishingPage = "phishing_page",
        /// The title of one of the edge's pages, of which only the start was kept.
        TemplateTitle = "template_title",
        /// `error code: NNNN`, quoted in a log line or in the text of an exception.
        QuotedText = "quoted_text",
        /// The block page of Cloudflare Gateway, an organisation's own filter.
        GatewayPage = "gateway_page",
        /// The status is 407 or 511, which only a proxy or a network on your side sends.
        ProxyAuthentication = "proxy_authentication",
        /// Headers by which a proxy on your own side names itself.
        ProxyHeaders = "proxy_headers",
        /// The words of an error page, copied without its markup.
        CopiedText = "copied_text",
        /// `cf-cache-status`: the answer went through the cache, so the origin wrote it.
        CacheStatus = "cache_status",
        /// Headers that the origin sets and the edge does not.
        OriginHeaders = "origin_headers",
        /// The address is a preview, `/cdn-cgi/error/NNNN`.
        PreviewUrl = "preview_url",
        /// The peer's address lies in Cloudflare's published ranges.
        PeerInRange = "peer_in_range",
        /// The peer's address lies outside Cloudflare's published ranges.
        PeerOutOfRange = "peer_out_of_range",
        /// The body is still compressed, so its text was not searched.
        CompressedBody = "compressed_body",
        /// A stated wait was longer than a day and was cut to one.
        RetryAfterCapped = "retry_after_capped",
        /// There were more headers than are read.
        HeadersCut = "headers_cut",
    }
}

words! {
    /// Where a piece of evidence stands.
    pub enum Place {
        /// The status line.
        Status = "status",
        /// The body; `at` is the byte's offset.
        Body = "body",
        /// The requested address.
        Url = "url",
        /// A redirect before this response; `at` counts from 0.
        History = "history",
        /// The address of the server that answered.
        Peer = "peer",
        /// The headers as a whole.
        Headers = "headers",
        /// The header `server`.
        Server = "header:server",
        /// The header `cf-ray`.
        CfRay = "header:cf-ray",
        /// The header `cf-mitigated`.
        CfMitigated = "header:cf-mitigated",
        /// The header `server-timing`.
        ServerTiming = "header:server-timing",
        /// The header `cf-chl-bypass`.
        CfChlBypass = "header:cf-chl-bypass",
        /// The header `cf-error-type`, or `cf-error-origin` beside it.
        CfError = "header:cf-error-type",
        /// The header `crawler-error`.
        CrawlerError = "header:crawler-error",
        /// The header `crawler-price`.
        CrawlerPrice = "header:crawler-price",
        /// The header `www-authenticate`.
        WwwAuthenticate = "header:www-authenticate",
        /// The header `cf-access-aud` or `cf-access-domain`.
        CfAccess = "header:cf-access-aud",
        /// The header `location`.
        Location = "header:location",
        /// The header `set-cookie`.
        SetCookie = "header:set-cookie",
        /// The header `cf-cache-status`.
        CfCacheStatus = "header:cf-cache-status",
        /// The header `content-encoding`.
        ContentEncoding = "header:content-encoding",
        /// The header `retry-after`.
        RetryAfter = "header:retry-after",
    }
}
