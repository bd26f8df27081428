//! Addresses that Cloudflare refuses to send requests to.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use serde::Serialize;

use crate::codes::{Entry, ErrorCode, site_dns};
use crate::signals::in_cloudflare_ranges;
use crate::vocab::Confidence;

/// Whether Cloudflare would refuse an address as a site's origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct OriginAddress {
    /// The address that was asked about.
    pub address: IpAddr,
    /// Whether requests for a site with this origin are refused.
    pub refused: bool,
    /// The error that visitors most likely see; `None` where none is known.
    pub code: Option<ErrorCode>,
    /// How far this can be relied on.
    pub confidence: Confidence,
    /// Why.
    pub why: &'static str,
}

/// Says whether Cloudflare would refuse an address as the origin of a proxied site, and why.
///
/// Two errors stand for it: 1000, "DNS points to prohibited IP", and 1002,
/// "DNS points to local or disallowed IP". Cloudflare's documentation
/// describes addresses of its own under both, and lists no ranges for
/// "local": which address meets which error is therefore never more than
/// [`Confidence::Likely`].
///
/// ```
/// use cfblock_core::owner::origin_address;
///
/// let loopback = origin_address("127.0.0.1".parse()?);
/// assert!(loopback.refused);
/// assert_eq!(loopback.code.unwrap().get(), 1002);
/// assert!(!origin_address("9.9.9.9".parse()?).refused);
/// # Ok::<(), std::net::AddrParseError>(())
/// ```
#[must_use]
pub fn origin_address(address: IpAddr) -> OriginAddress {
    let answer = |entry: &Entry, confidence, why| OriginAddress {
        address,
        refused: true,
        code: entry.code,
        confidence,
        why,
    };
    let local = |why| answer(&site_dns::dns_points_to_local_or_disallowed_ip, Confidence::Likely, why);
    let odd = |why| answer(&site_dns::dns_points_to_local_or_disallowed_ip, Confidence::Possible, why);
    let accepted = |confidence, why| OriginAddress { address, refused: false, code: None, confidence, why };

    let ip = carried(address.to_canonical());
    if in_cloudflare_ranges(ip) {
        return answer(
            &site_dns::dns_points_to_prohibited_ip,
            Confidence::Likely,
            "the address is Cloudflare's own, so the request would lead back into Cloudflare; the documentation \
             names 1002 for such addresses too",
        );
    }
    match kind(ip) {
        Kind::Resolver => answer(
            &site_dns::edge_ip_restricted,
            Confidence::Likely,
            "the address belongs to Cloudflare's resolver, and the documentation names 1034 for domains that \
             point to it",
        ),
        Kind::Loopback => local(
            "a loopback address means the machine itself: to Cloudflare it is local, and your server cannot \
             be reached there",
        ),
        Kind::Unspecified => local("this is no address of a machine: to Cloudflare it is local"),
        Kind::Private => local(
            "a private address exists only inside your own network: use the server's public address, or a \
             Cloudflare Tunnel",
        ),
        Kind::LinkLocal => {
            local("a link-local address exists only on one network segment: use the server's public address")
        }
        Kind::Shared => odd(
            "the address is shared space behind a provider's NAT and not reachable from outside; whether \
             Cloudflare counts it as local is not documented",
        ),
        Kind::Multicast => odd("a multicast address is no server's; that it is disallowed is an inference"),
        Kind::Reserved => {
            odd("the address is reserved and no server's; that it is disallowed is an inference")
        }
        Kind::Placeholder => accepted(
            Confidence::Likely,
            "Cloudflare's documentation gives it as the placeholder for a host without an origin: the record \
             is accepted, and what no Worker or rule answers ends in 522",
        ),
        Kind::Documentation => accepted(
            Confidence::Possible,
            "the address is reserved for documentation: nothing says that Cloudflare refuses it, but no server \
             answers there, so expect 522 or 523",
        ),
        Kind::Public => accepted(
            Confidence::Likely,
            "the address is public and not Cloudflare's; whether a server answers there is another matter",
        ),
    }
}

enum Kind {
    Resolver,
    Loopback,
    Unspecified,
    Private,
    LinkLocal,
    Shared,
    Multicast,
    Reserved,
    Placeholder,
    Documentation,
    Public,
}

/// The IPv4 address that an IPv6 address of the forms NAT64 or 6to4 leads to.
fn carried(ip: IpAddr) -> IpAddr {
    let IpAddr::V6(v6) = ip else { return ip };
    match v6.segments() {
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => {
            let [a, b] = high.to_be_bytes();
            let [c, d] = low.to_be_bytes();
            IpAddr::V4(Ipv4Addr::new(a, b, c, d))
        }
        _ => ip,
    }
}

fn kind(ip: IpAddr) -> Kind {
    match ip {
        IpAddr::V4(ip) => kind_v4(ip),
        IpAddr::V6(ip) => kind_v6(ip),
    }
}

fn kind_v4(ip: Ipv4Addr) -> Kind {
    match ip.octets() {
        [1, 1, 1, 1..=3] | [1, 0, 0, 1..=3] => Kind::Resolver,
        [0, ..] => Kind::Unspecified,
        [127, ..] => Kind::Loopback,
        [169, 254, ..] => Kind::LinkLocal,
        [100, 64..=127, ..] => Kind::Shared,
        [192, 0, 2, ..] => Kind::Placeholder,
        [198, 51, 100, _] | [203, 0, 113, _] => Kind::Documentation,
        [198, 18..=19, ..] | [192, 0, 0, _] | [240..=255, ..] => Kind::Reserved,
        [224..=239, ..] => Kind::Multicast,
        _ if ip.is_private() => Kind::Private,
        _ => Kind::Public,
    }
}

fn kind_v6(ip: Ipv6Addr) -> Kind {
    match ip.segments() {
        [0, 0, 0, 0, 0, 0, 0, 0] => Kind::Unspecified,
        [0, 0, 0, 0, 0, 0, 0, 1] => Kind::Loopback,
        [0x100, 0, 0, 0, ..] => Kind::Placeholder,
        [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => Kind::Documentation,
        [0xfc00..=0xfdff, ..] => Kind::Private,
        [0xfe80..=0xfebf, ..] => Kind::LinkLocal,
        [0xff00..=0xffff, ..] => Kind::Multicast,
        [0x2000..=0x3fff, ..] => Kind::Public,
        _ => Kind::Reserved,
    }
}
