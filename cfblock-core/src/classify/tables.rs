//! What single headers, statuses and signals stand for.

use crate::codes::{Entry, crawl, edge, gate, request};
use crate::vocab::{Class, Place, Signal};

pub(super) const fn is_structured(signal: Signal) -> bool {
    matches!(signal, Signal::StructuredJson | Signal::StructuredMarkdown | Signal::RelayedJson)
}

/// The class of a number that the catalogue does not know, from the status beside it.
pub(super) const fn class_of_status(status: Option<u16>) -> Class {
    match status {
        Some(401 | 403) => Class::AccessDenied,
        Some(429) => Class::RateLimited,
        Some(451) => Class::LegalBlock,
        Some(400..=499) => Class::BadRequest,
        _ => Class::SiteMisconfigured,
    }
}

/// The entry for an error page of the edge of which only the status is known.
pub(super) fn error_page_entry(status: u16) -> &'static Entry {
    match status {
        403 => &gate::edge_forbidden,
        429 => &gate::edge_rate_limited,
        451 => &gate::edge_legal_block,
        ..500 => &request::edge_client_error,
        _ => &edge::edge_server_error,
    }
}

/// The entry for a value of `crawler-error`.
pub(super) fn crawler_entry(error: &[u8]) -> &'static Entry {
    match error {
        b"CrawlerForbidden" => &crawl::crawler_forbidden,
        b"StrongAuthRequired" => &crawl::strong_auth_required,
        b"InvalidSignature" => &crawl::invalid_signature,
        b"InvalidCrawlerPriceValue" => &crawl::invalid_crawler_price_value,
        b"MissingCrawlerPrice" => &crawl::missing_crawler_price,
        b"PaymentFailed" => &crawl::payment_failed,
        b"InvalidCrawlerExactPrice" => &crawl::invalid_crawler_exact_price,
        b"InvalidCrawlerMaxPrice" => &crawl::invalid_crawler_max_price,
        b"ConflictingPriceHeaders" => &crawl::conflicting_price_headers,
        b"InvalidContentPrice" => &crawl::invalid_content_price,
        b"InternalError" => &crawl::crawler_internal_error,
        _ => &crawl::unknown_crawler_error,
    }
}

/// Where the deciding signal stands.
pub(super) const fn place_of(signal: Signal, at: usize) -> (Place, Option<usize>) {
    match signal {
        Signal::CfMitigated => (Place::CfMitigated, None),
        Signal::ChallengeTiming => (Place::ServerTiming, None),
        Signal::ChallengeBypass => (Place::CfChlBypass, None),
        Signal::ErrorPageHeaders | Signal::ProxyHeaders => (Place::Headers, None),
        Signal::CfErrorHeader => (Place::CfError, None),
        Signal::CrawlerError => (Place::CrawlerError, None),
        Signal::CrawlerPrice => (Place::CrawlerPrice, None),
        Signal::AccessChallenge => (Place::WwwAuthenticate, None),
        Signal::AccessHeaders => (Place::CfAccess, None),
        Signal::EdgeStatus | Signal::ProxyAuthentication => (Place::Status, None),
        _ => (Place::Body, Some(at)),
    }
}
