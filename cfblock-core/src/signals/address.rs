//! URLs, and the addresses of Cloudflare's network.

#![allow(
    clippy::indexing_slicing,
    reason = "each place comes from a search in the same bytes, so it lies within them"
)]

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{Ipv4Net, Ipv6Net};

use crate::codes::ErrorCode;

const fn v4(a: u8, b: u8, c: u8, prefix: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, 0), prefix)
}

const fn v6(a: u16, b: u16, prefix: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, 0, 0, 0, 0, 0, 0), prefix)
}

/// The ranges that Cloudflare publishes, checked 2026-11-20.
///
/// Customers who bring their own addresses answer from outside them.
static V4: [Ipv4Net; 15] = [
    v4(173, 245, 48, 20),
    v4(103, 21, 244, 22),
    v4(103, 22, 200, 22),
    v4(103, 31, 4, 22),
    v4(141, 101, 64, 18),
    v4(108, 162, 192, 18),
    v4(190, 93, 240, 20),
    v4(188, 114, 96, 20),
    v4(197, 234, 240, 22),
    v4(198, 41, 128, 17),
    v4(162, 158, 0, 15),
    v4(104, 16, 0, 13),
    v4(104, 24, 0, 14),
    v4(172, 64, 0, 13),
    v4(131, 0, 72, 22),
];

static V6: [Ipv6Net; 7] = [
    v6(0x2400, 0xcb00, 32),
    v6(0x2606, 0x4700, 32),
    v6(0x2803, 0xf800, 32),
    v6(0x2405, 0xb500, 32),
    v6(0x2405, 0x8100, 32),
    v6(0x2a06, 0x98c0, 29),
    v6(0x2c0f, 0xf248, 32),
];

/// Whether an address lies in Cloudflare's published ranges.
pub(crate) fn in_cloudflare_ranges(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => V4.iter().any(|range| range.contains(&address)),
        IpAddr::V6(address) => V6.iter().any(|range| range.contains(&address)),
    }
}

/// The host of a URL, without user and port.
pub(crate) fn host_of(url: &[u8]) -> Option<&[u8]> {
    if url.is_empty() {
        return None;
    }
    let url = &url[..url.len().min(4096)];
    let start = memchr::memmem::find(url, b"://")? + 3;
    let authority = &url[start..];
    let end = authority
        .iter()
        .position(|byte| matches!(byte, b'/' | b'?' | b'#' | b'\\'))
        .unwrap_or(authority.len());
    let authority = &authority[..end];
    let host = &authority[authority.iter().rposition(|byte| *byte == b'@').map_or(0, |at| at + 1)..];
    let end = if host.starts_with(b"[") {
        host.iter().position(|byte| *byte == b']').map_or(host.len(), |at| at + 1)
    } else {
        memchr::memchr(b':', host).unwrap_or(host.len())
    };
    Some(&host[..end])
}

/// The path of a URL, from its first slash, without query and fragment.
pub(crate) fn path_of(url: &[u8]) -> &[u8] {
    if url.is_empty() {
        return url;
    }
    let url = &url[..url.len().min(4096)];
    let start = memchr::memmem::find(url, b"://").map_or(0, |at| at + 3);
    let rest = &url[start..];
    let Some(slash) = memchr::memchr(b'/', rest) else { return b"" };
    let path = &rest[slash..];
    let end = path.iter().position(|byte| matches!(byte, b'?' | b'#')).unwrap_or(path.len());
    &path[..end]
}

/// Whether the host of a URL is one of Cloudflare Access: `<team>.cloudflareaccess.com`.
pub(crate) fn access_host(url: &[u8]) -> bool {
    const SUFFIX: &[u8] = b".cloudflareaccess.com";
    host_of(url).is_some_and(|host| {
        host.len() > SUFFIX.len() && host[host.len() - SUFFIX.len()..].eq_ignore_ascii_case(SUFFIX)
    })
}

/// A page under `/cdn-cgi/error/`, which shows what an error page looks like.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Preview {
    /// The number that the address names, if it is one.
    pub(crate) code: Option<ErrorCode>,
}

impl Preview {
    pub(crate) fn at(url: &[u8]) -> Option<Self> {
        let name = path_of(url).strip_prefix(b"/cdn-cgi/error/")?;
        let digits = name.strip_suffix(b"/").unwrap_or(name);
        let code =
            matches!(digits.len(), 3 | 4).then(|| std::str::from_utf8(digits).ok()?.parse().ok()).flatten();
        Some(Self { code: code.map(ErrorCode::new) })
    }
}
