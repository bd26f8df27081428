//! Finds names of hosts and addresses in texts.

use std::net::IpAddr;

/// Domains that belong to nobody, and suffixes of Cloudflare's own that its pages name.
const ALLOWED: [&str; 15] = [
    "test",
    "example",
    "invalid",
    "localhost",
    "example.com",
    "example.net",
    "example.org",
    "cloudflare.com",
    "cloudflareaccess.com",
    "cloudflareinsights.com",
    "workers.dev",
    "w3.org",
    // Other vendors, whose pages some cases are written after.
    "captcha-delivery.com",
    "sucuri.net",
    "awswaf.com",
];

/// The last labels by which a bare word is taken for a host.
const TOP_LEVEL: [&str; 24] = [
    "com", "net", "org", "io", "dev", "app", "info", "biz", "de", "fr", "uk", "eu", "ru", "cn", "jp", "br",
    "in", "nl", "pl", "it", "es", "ca", "au", "us",
];

pub(super) fn is_allowed(host: &str) -> bool {
    ALLOWED
        .iter()
        .any(|domain| host.strip_suffix(domain).is_some_and(|front| front.is_empty() || front.ends_with('.')))
}

/// Names that stand in an address, and words that end like a domain.
pub(super) fn hosts(text: &str) -> Vec<String> {
    let in_addresses = text.match_indices("://").map(|(at, mark)| {
        let rest = &text[at + mark.len()..];
        rest[..rest.find(|c| !is_of_name(c)).unwrap_or(rest.len())].to_owned()
    });
    let words = text.split(|c| !is_of_name(c)).map(|word| word.trim_matches(['.', '-']));
    let bare = words.filter(|word| {
        let mut labels = word.rsplit('.');
        labels.next().is_some_and(|last| TOP_LEVEL.contains(&last))
            && labels.next().is_some_and(|name| name.len() > 1)
    });
    let found = in_addresses.chain(bare.map(str::to_owned));
    let found = found.map(|name| name.trim_matches(['.', '-']).to_ascii_lowercase());
    found.filter(|name| name.contains('.') && name.parse::<IpAddr>().is_err()).collect()
}

fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '.' || c == '-'
}

/// Words that are an address. What looks like a version (`Chrome/120.0.0.0`) is none.
pub(super) fn addresses(text: &str) -> Vec<IpAddr> {
    let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | ':' | '/' | '_' | '-');
    text.split(|c| !part(c))
        .flat_map(|word| word.rsplit("://").take(1).flat_map(|rest| rest.split('/').take(1)))
        .filter_map(address)
        .collect()
}

fn address(word: &str) -> Option<IpAddr> {
    let word = word.trim_matches('.');
    let without_port = || word.rsplit_once(':').map_or(word, |(host, _)| host);
    let address = word.parse().or_else(|_| without_port().parse()).ok()?;
    // `::` and `1::` stand in style sheets too.
    (word.len() > 4).then_some(address)
}

#[test]
fn hosts_are_found() {
    assert_eq!(
        hosts("see https://Shop.Acme.com/x, or acme.io."),
        ["shop.acme.com", "shop.acme.com", "acme.io"]
    );
    assert_eq!(hosts("a.css, 1.5.com-1, window.open, https://192.0.2.1/"), Vec::<String>::new());
    assert!(is_allowed("a.b.test") && is_allowed("example.com") && is_allowed("team.cloudflareaccess.com"));
    assert!(!is_allowed("acme.com") && !is_allowed("notexample.com"));
}

#[test]
fn addresses_are_found() {
    let shown = |text: &str| addresses(text).iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(
        shown("IP: 8.8.8.8, [2606:4700::6810:1] or http://1.2.3.4:80/x."),
        ["8.8.8.8", "2606:4700::6810:1", "1.2.3.4"]
    );
    assert_eq!(shown("Chrome/120.0.0.0 at 12:00:00, a::before, 1.2.3"), Vec::<String>::new());
}
