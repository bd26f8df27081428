//! For the site's owner: where to look, what to mend, how to except a client.
//!
//! Everything here is data to print. Nothing is sent.

mod origin;
mod requests;
mod ticket;

use serde::Serialize;

use crate::codes::ErrorCode;
use crate::fields::{RayId, Timestamp};
use crate::verdict::Verdict;

pub use origin::{OriginAddress, origin_address};
pub use requests::{API, ApiRequest, ClientDetails};
pub use ticket::{TicketDetails, ticket};

/// What the site's owner can do about one answer, found by its Ray ID.
///
/// The requests hold placeholders for what the answer does not tell:
/// `$ZONE_ID`, `$RULESET_ID`, and `$SINCE` and `$UNTIL` where no time is known.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct OwnerReport {
    /// The Ray ID of the answer.
    pub ray_id: RayId,
    /// The host that was asked.
    pub host: Option<Box<str>>,
    /// When it was asked.
    pub time: Option<Timestamp>,
    /// The error number, where one is stated.
    pub error_code: Option<ErrorCode>,
    /// The word for the code or page kind.
    pub reason: &'static str,
    /// Where to see what happened.
    pub look_up: LookUp,
    /// The causes, the likeliest first, each with what ends it.
    pub table: Vec<Remedy>,
    /// How to find `$RULESET_ID`; there where an exception needs it.
    pub ruleset: Option<ApiRequest>,
    /// WAF rules that let this client skip what stopped it; none where no rule did.
    pub exceptions: Vec<ApiRequest>,
    /// IP Access rules that admit this client everywhere in the zone; broader than the exceptions.
    pub access_rules: Vec<ApiRequest>,
}

/// Where the owner sees what happened to one request.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct LookUp {
    /// The way through the dashboard.
    pub dashboard: String,
    /// How far the look-up can be relied on.
    pub note: &'static str,
    /// The same look-up in the GraphQL Analytics API.
    pub query: ApiRequest,
}

/// A cause and what the owner can do about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Remedy {
    /// The cause.
    pub cause: &'static str,
    /// What ends it; empty where it is not the owner's to end.
    pub fixes: Vec<&'static str>,
}

/// What the site's owner can do about an answer with a Ray ID.
///
/// The exceptions name the client by its address, as far as the page shows
/// it; see [`owner_report_for`] where more is known. An answer without a Ray
/// ID, or one that is no refusal and no error, has no report.
///
/// ```
/// use cfblock_core::owner::owner_report;
/// use cfblock_core::{classify, ResponseParts};
///
/// let parts = ResponseParts::new()
///     .status(403)
///     .header_strs(&[("server", "cloudflare"), ("cf-ray", "8f1b2c3d4e5f6071-FRA")])
///     .body(b"error code: 1020");
/// let report = owner_report(&classify(&parts)).unwrap();
/// assert_eq!(report.look_up.query.path, "/graphql");
/// assert_eq!(report.look_up.query.body.as_ref().unwrap()["variables"]["rayName"], "8f1b2c3d4e5f6071");
/// ```
#[must_use]
pub fn owner_report(verdict: &Verdict) -> Option<OwnerReport> {
    owner_report_for(verdict, &ClientDetails::default())
}

/// Like [`owner_report`], with what else is known of the client.
///
/// ```
/// use cfblock_core::owner::{owner_report_for, ClientDetails};
/// use cfblock_core::{classify, ResponseParts};
///
/// let parts = ResponseParts::new()
///     .status(429)
///     .header_strs(&[("server", "cloudflare"), ("cf-ray", "8f1b2c3d4e5f6071-FRA")])
///     .body(b"error code: 1015");
/// let client = ClientDetails::new().ip("203.0.113.7".parse()?);
/// let report = owner_report_for(&classify(&parts), &client).unwrap();
/// let rule = report.exceptions[0].body.as_ref().unwrap();
/// assert_eq!(rule["expression"], "(ip.src eq 203.0.113.7)");
/// assert_eq!(rule["action_parameters"]["phases"][0], "http_ratelimit");
/// # Ok::<(), std::net::AddrParseError>(())
/// ```
#[must_use]
pub fn owner_report_for(verdict: &Verdict, client: &ClientDetails) -> Option<OwnerReport> {
    let ray_id = verdict.ray_id?;
    let entry = verdict.entry()?;
    let host = verdict.host.as_deref();
    let client = client.or_from(verdict);
    let exceptions = requests::exceptions(entry, ray_id, host, &client);
    let table = entry
        .causes
        .iter()
        .enumerate()
        .map(|(at, cause)| Remedy { cause, fixes: entry.fixes(at).collect() })
        .collect();
    Some(OwnerReport {
        ray_id,
        host: host.map(Into::into),
        time: verdict.timestamp,
        error_code: verdict.error_code,
        reason: entry.reason,
        look_up: LookUp {
            dashboard: format!(
                "dash.cloudflare.com > account > domain > Security > Analytics > Events (on the older \
                 dashboard Security > Events) > Add filter > Ray ID equals {ray_id}"
            ),
            note: "events are kept for a day on the plans Free and Pro, 3 days on Business, 30 days on \
                   Enterprise, and busy sites keep only a sample: that the Ray ID is not found does not prove \
                   that no rule answered",
            query: requests::event_query(ray_id, verdict.timestamp),
        },
        table,
        ruleset: exceptions.first().map(|_| requests::ruleset()),
        exceptions,
        access_rules: requests::access_rules(entry, ray_id, &client),
    })
}
