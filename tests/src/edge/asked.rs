//! What a request asks for, and from where.

use cfblock_core::vocab::Network;
use http::HeaderMap;

use crate::worlds::Asker;

/// The site that is meant where none is named.
const HOST: &str = "shop.example";

/// One request to a site.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) host: String,
    /// Without the site's name and the query.
    pub(super) path: String,
    /// The ticket of the waiting room.
    pub(super) ticket: Option<String>,
    pub(super) network: Option<Network>,
    pub(super) asn: Option<u32>,
    pub(super) country: Option<String>,
    pub(super) ip: Option<String>,
    pub(super) tls_fingerprint: Option<String>,
    pub(super) user_agent: Option<String>,
    pub(super) session: Option<String>,
    pub(super) browser: bool,
    pub(super) rate: Option<f64>,
    /// Seconds since the world began, for those who do not want to wait.
    pub(super) world_time: Option<f64>,
}

impl Asked {
    /// Reads path and headers; the error is for the one who wrote the test.
    pub(super) fn read(path: &str, headers: &HeaderMap) -> Result<Self, String> {
        let header =
            |name: &'static str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
        let text = |name: &'static str| header(name).filter(|value| !value.is_empty()).map(str::to_owned);
        let number = |name: &'static str| match header(name) {
            None => Ok(None),
            Some(value) => match value.parse::<f64>() {
                Ok(number) if number >= 0.0 => Ok(Some(number)),
                _ => Err(format!("{name}: {value:?} is no number")),
            },
        };
        let (host, path) = site(path, header("host"));
        Ok(Self {
            host,
            path,
            ticket: header("cookie").and_then(ticket),
            network: header("x-vantage-network")
                .map(|word| word.parse().map_err(|error| format!("x-vantage-network: {error}")))
                .transpose()?,
            asn: header("x-vantage-asn")
                .map(|asn| {
                    let digits = asn.strip_prefix("AS").unwrap_or(asn);
                    digits.parse().map_err(|_| format!("x-vantage-asn: {asn:?} is no number"))
                })
                .transpose()?,
            country: text("x-vantage-country"),
            ip: text("x-vantage-ip"),
            tls_fingerprint: text("x-vantage-tls-fingerprint"),
            user_agent: text("user-agent"),
            session: text("x-vantage-session"),
            browser: match header("x-vantage-browser") {
                None | Some("false" | "0" | "") => false,
                Some("true" | "1") => true,
                Some(other) => return Err(format!("x-vantage-browser: {other:?} is neither true nor false")),
            },
            rate: number("x-vantage-rate")?,
            world_time: number("x-world-time")?,
        })
    }

    /// As a world knows it, what is not stated being a program on a server.
    pub(super) fn asker(&self, path: &str) -> Asker {
        let or = |value: &Option<String>, usual: &str| value.clone().unwrap_or_else(|| usual.to_owned());
        Asker {
            network: self.network.unwrap_or(Network::Datacenter),
            asn: self.asn.unwrap_or(64_500),
            country: or(&self.country, "US"),
            ip: or(&self.ip, "2001:db8::1"),
            tls_fingerprint: or(&self.tls_fingerprint, "curl"),
            user_agent: or(&self.user_agent, "curl/8.9.1"),
            http_version: "1.1".to_owned(),
            browser: self.browser,
            session: or(&self.session, "session-0"),
            rate: self.rate.unwrap_or(1.0),
            path: path.to_owned(),
        }
    }
}

/// The site's name, from a first segment with a dot in it or from `Host`, and the path there.
fn site(path: &str, host: Option<&str>) -> (String, String) {
    let inside = path.strip_prefix('/').unwrap_or(path);
    let (first, rest) = inside.split_once('/').unwrap_or((inside, ""));
    if is_name(first) {
        return (first.to_ascii_lowercase(), format!("/{rest}"));
    }
    let host = host.map_or("", |host| host.split(':').next().unwrap_or_default());
    let host = if is_name(host) { host.to_ascii_lowercase() } else { HOST.to_owned() };
    (host, path.to_owned())
}

/// Whether this is a domain name of two labels or more. An address is none.
fn is_name(text: &str) -> bool {
    let mut labels = text.rsplit('.');
    let last = labels.next().unwrap_or_default();
    let allowed = |label: &str| {
        !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    text.contains('.')
        && last.bytes().all(|byte| byte.is_ascii_alphabetic())
        && allowed(last)
        && labels.all(allowed)
}

fn ticket(cookies: &str) -> Option<String> {
    cookies.split(';').find_map(|cookie| cookie.trim().strip_prefix("__cfwaitingroom=")).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_site_is_named_by_the_path_or_the_header() {
        for (path, host, site_and_path) in [
            ("/ok", None, ("shop.example", "/ok")),
            ("/ok", Some("127.0.0.1:8080"), ("shop.example", "/ok")),
            ("/ok", Some("localhost:8080"), ("shop.example", "/ok")),
            ("/ok", Some("News.example:80"), ("news.example", "/ok")),
            ("/news.example/ok/1", Some("shop.example"), ("news.example", "/ok/1")),
            ("/news.example", None, ("news.example", "/")),
            ("/robots", None, ("shop.example", "/robots")),
        ] {
            let (host, path) = site(path, host);
            assert_eq!((host.as_str(), path.as_str()), site_and_path);
        }
    }
}
