//! Responses by chance, with more of the words that count than chance would bring.

use std::sync::LazyLock;

use cfblock_tests::case;
use cfblock_tests::response::Response;
use proptest::prelude::*;
use proptest::sample::{Index, select};

const NAMES: [&str; 20] = [
    "server",
    "cf-ray",
    "cf-mitigated",
    "cf-cache-status",
    "cf-error-type",
    "content-type",
    "content-encoding",
    "content-length",
    "crawler-error",
    "crawler-price",
    "date",
    "location",
    "retry-after",
    "server-timing",
    "set-cookie",
    "cf-access-aud",
    "cf-access-domain",
    "www-authenticate",
    "x-powered-by",
    "via",
];

const VALUES: [&str; 22] = [
    "cloudflare",
    "cloudflare-nginx",
    "nginx",
    "8f1b2c3d4e5f6071-FRA",
    "8f1b2c3d4e5f6071",
    "0000000000000000-\u{1b}[31m",
    "challenge",
    "HIT",
    "DYNAMIC",
    "text/html; charset=UTF-8",
    "application/problem+json",
    "gzip",
    "CrawlerForbidden",
    "USD 0.01",
    "Fri, 20 Nov 2026 12:00:00 GMT",
    "https://team.cloudflareaccess.com/cdn-cgi/access/login/app.example",
    "0",
    "30",
    "99999999999999999999",
    "chlray;desc=\"8f1b2c3d4e5f6071\"",
    "__cfwaitingroom=x; path=/",
    "Cloudflare-Access resource_metadata=\"https://app.example/\"",
];

const PIECES: [&str; 27] = [
    "error code: 1020",
    "error code: ",
    "1015",
    "\n",
    "<title>Just a moment...</title>",
    "<title>Access denied | shop.example used Cloudflare to restrict access</title>",
    "<title>Attention Required! | Cloudflare</title>",
    "<title>shop.example | 522: Connection timed out</title>",
    "<center>cloudflare</center>",
    "<html><head><title>403 Forbidden</title></head><body><center><h1>403 Forbidden</h1></center><hr>",
    "<div id=\"cf-error-details\" class=\"cf-error-details-wrapper\">",
    "<span>1015</span>",
    "<span class=\"cf-error-code\">1006</span>",
    "<h1 data-translate=\"block_headline\">Sorry, you have been blocked</h1>",
    "<span class=\"cf-footer-item\">Cloudflare Ray ID: <strong class=\"font-semibold\">8f1b2c3d4e5f6071</strong></span>",
    "window._cf_chl_opt={cvId:'3',cType:'managed',cRay:'8f1b2c3d4e5f6071'",
    "{\"cloudflare_error\": true, \"error_code\": 1015, \"retry_after\": 30",
    "\"retryable\": false, \"ray_id\": \"8f1b2c3d4e5f6071\"}",
    "{'cloudflare_error': True, 'error_code': 1020}",
    "---\ncloudflare_error: true\nerror_code: 1016\n",
    "{\"cfWaitingRoom\":{\"inWaitingRoom\":true,\"waitTime\":5}}",
    "<meta http-equiv=\"refresh\" content=\"20\">",
    "Your IP: 192.0.2.7",
    "/cdn-cgi/challenge-platform/",
    "</body></html>",
    "<!--",
    "\u{0}\u{1b}[31m\u{202e}",
];

/// The bodies of the corpus, up to a size that is quick to search.
static CORPUS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    case::all()
        .into_iter()
        .filter_map(|case| case.response.body)
        .filter(|body| body.len() < 16 * 1024)
        .collect()
});

fn words(words: &'static [&'static str]) -> impl Strategy<Value = Vec<u8>> {
    select(words).prop_map(|word| word.as_bytes().to_vec())
}

fn headers() -> impl Strategy<Value = Vec<(Vec<u8>, Vec<u8>)>> {
    let bytes = |length| prop::collection::vec(any::<u8>(), 0..length);
    let name =
        prop_oneof![8 => words(&NAMES), 1 => "[A-Za-z-]{1,16}".prop_map(String::into_bytes), 1 => bytes(8)];
    let value =
        prop_oneof![8 => words(&VALUES), 1 => "[ -~]{0,30}".prop_map(String::into_bytes), 1 => bytes(30)];
    prop::collection::vec((name, value), 0..9)
}

/// A stretch of a body of the corpus.
fn stretch() -> impl Strategy<Value = Vec<u8>> {
    any::<(Index, Index, Index)>().prop_map(|(which, one, other)| {
        let Some(body) = CORPUS.get(which.index(CORPUS.len().max(1))) else { return Vec::new() };
        let (one, other) = (one.index(body.len() + 1), other.index(body.len() + 1));
        body[one.min(other)..one.max(other)].to_vec()
    })
}

fn bodies() -> impl Strategy<Value = Vec<u8>> {
    let noise = prop::collection::vec(any::<u8>(), 0..40);
    let piece = prop_oneof![6 => words(&PIECES), 2 => stretch(), 1 => noise];
    prop::collection::vec(piece, 0..7).prop_map(|pieces| pieces.concat())
}

/// Bounds of the search in a body.
pub(super) fn bounds() -> impl Strategy<Value = (usize, usize, usize)> {
    let bound = || prop_oneof![4 => 0..400_usize, 1 => Just(usize::MAX)];
    (bound(), bound(), bound())
}

pub(super) fn responses() -> impl Strategy<Value = Response> {
    let status = prop::option::of(prop_oneof![
        6 => select(&[200, 302, 401, 402, 403, 404, 409, 429, 451, 500, 502, 503, 520, 522, 530][..]),
        1 => any::<u16>(),
    ]);
    let url = prop::option::of(select(
        &[
            "https://shop.example/list?page=2",
            "https://team.cloudflareaccess.com/cdn-cgi/access/login/app.example",
            "https://shop.example/cdn-cgi/error/1020",
            "no address",
        ][..],
    ));
    let history = prop::collection::vec(
        (prop::option::of(select(&[100, 301, 302][..])), prop::option::of(select(&VALUES[14..16]))),
        0..3,
    );
    let peer = prop::option::of(select(&["192.0.2.1", "104.16.0.1", "2606:4700::1"][..]));
    let outside = (url, history, peer, prop::option::of(any::<i64>()));
    let inside = (status, prop::option::of(headers()), prop::option::weighted(0.9, bodies()), any::<bool>());
    (inside, outside).prop_map(|((status, headers, body, truncated), (url, history, peer, now))| Response {
        status,
        headers,
        truncated: truncated && body.is_some(),
        body,
        url: url.map(str::to_owned),
        history: history
            .into_iter()
            .map(|(status, location)| (status, location.map(str::to_owned)))
            .collect(),
        peer: peer.and_then(|peer| peer.parse().ok()),
        now,
    })
}

/// The same response with its headers in another order and its names in another case.
///
/// Headers of one name stay in their order: that one can matter.
pub(super) fn rearranged(response: &Response) -> impl Strategy<Value = Response> + use<> {
    let response = response.clone();
    let count = response.headers.as_ref().map_or(0, Vec::len);
    let flips = prop::collection::vec(any::<u8>(), count);
    (Just((0..count).collect::<Vec<_>>()).prop_shuffle(), flips).prop_map(move |(order, flips)| {
        let mut other = response.clone();
        let Some(headers) = &mut other.headers else { return other };
        let name_at = |at: usize| headers[at].0.to_ascii_lowercase();
        let mut left: Vec<usize> = (0..count).collect();
        let mut arranged = Vec::with_capacity(count);
        for at in order {
            // The next one of this name, whichever of them was drawn.
            let next = left.iter().position(|other| name_at(*other) == name_at(at)).unwrap_or_default();
            arranged.push(headers[left.remove(next)].clone());
        }
        for ((name, _), flip) in arranged.iter_mut().zip(flips) {
            for (at, byte) in name.iter_mut().enumerate() {
                if flip.rotate_left(u32::try_from(at % 8).unwrap_or(0)) & 1 == 1 {
                    *byte = if byte.is_ascii_lowercase() {
                        byte.to_ascii_uppercase()
                    } else {
                        byte.to_ascii_lowercase()
                    };
                }
            }
        }
        *headers = arranged;
        other
    })
}
