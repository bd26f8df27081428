//! The catalogue: one entry for each error code and page kind.
//!
//! Everything known about a code stands in its entry and nowhere else. The
//! doc comment above an entry is the text of `cfblock explain`; tables, JSON
//! and README sections are generated from the entries.
//!
//! Codes are never removed: one that Cloudflare no longer sends is marked
//! `retired`.

#![allow(
    clippy::indexing_slicing,
    reason = "each place is one of its own table, or within an array of a stated length"
)]

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::vocab::{Action, Aim, Change, Class, Party, ReachedOrigin, SiteState};

pub(crate) mod access;
pub(crate) mod challenge;
pub(crate) mod crawl;
pub(crate) mod edge;
pub(crate) mod gate;
pub(crate) mod origin;
pub(crate) mod passed;
pub(crate) mod proxy;
pub(crate) mod request;
pub(crate) mod security;
pub(crate) mod site_dns;
pub(crate) mod site_rules;
pub(crate) mod site_worker;

/// A number from a Cloudflare error page: 1xxx, 5xx, or the status a bare page prints.
///
/// The type is open. A number without an entry in the catalogue survives.
///
/// ```
/// use cfblock_core::codes::{self, ErrorCode};
///
/// assert_eq!(codes::by_code(ErrorCode::new(1015)).unwrap().reason, "rate_limited");
/// assert!(codes::by_code(ErrorCode::new(1999)).is_none());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ErrorCode(u16);

impl ErrorCode {
    /// Wraps a number as it stands on the page.
    #[must_use]
    pub const fn new(number: u16) -> Self {
        Self(number)
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u16 {
        self.0
    }

    /// Whether the number is one of Cloudflare's own 1xxx codes.
    #[must_use]
    pub const fn is_1xxx(self) -> bool {
        matches!(self.0, 1000..=1999)
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// One step of advice for whoever sent the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct Step {
    /// What to do.
    pub action: Action,
    /// Why this step, and how.
    pub why: &'static str,
    /// How long to wait before it, in seconds.
    pub wait: Option<u32>,
    /// What to change, for [`Action::ChangeIdentity`].
    pub change: &'static [Change],
}

/// A few sentences of Markdown, displayed as they stand above the entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Explanation(&'static [&'static str]);

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.first().copied().unwrap_or_default())?;
        self.0.iter().skip(1).try_for_each(|line| write!(f, "\n{line}"))
    }
}

impl Serialize for Explanation {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Everything known about one error code or page kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct Entry {
    /// One `snake_case` word: Cloudflare's own `error_name` where known.
    pub reason: &'static str,
    /// The number, for pages that print one.
    pub code: Option<ErrorCode>,
    /// A short title, close to the words on the page.
    pub title: &'static str,
    /// What is established about it, in a few sentences of Markdown.
    pub explanation: Explanation,
    /// What stands in the way.
    pub class: Class,
    /// Why this class, where another one could be argued.
    pub class_note: Option<&'static str>,
    /// Who can change it.
    pub party: Party,
    /// The statuses it comes with, the usual one first; empty where none is established.
    pub http_status: &'static [u16],
    /// Whether the site's own server can have received the request.
    pub reached_origin: ReachedOrigin,
    /// What it says about the site for everybody else.
    pub site: SiteState,
    /// Whom it hits, where the code itself says so.
    pub hits: Option<Aim>,
    /// Whether the same request may succeed later, unchanged.
    pub retryable: bool,
    /// Cloudflare's default wait in seconds, where it states none.
    pub retry_after: Option<u32>,
    /// What leads to it, the likeliest first.
    pub causes: &'static [&'static str],
    /// The causes that hit only some visitors, counted from 1: less likely once somebody else met the same error.
    #[serde(skip)]
    pub aimed_causes: &'static [u8],
    /// What to do, the first step first.
    pub client: &'static [Step],
    /// What the site's owner can do.
    pub owner: &'static [&'static str],
    /// For each thing that the owner can do, the causes that it ends, counted from 1; none stands for all.
    #[serde(skip)]
    pub cures: &'static [&'static [u8]],
    /// Where Cloudflare documents it.
    pub docs_url: &'static str,
    /// When the entry was last checked against its sources: `YYYY-MM-DD`.
    pub checked: &'static str,
    /// Whether Cloudflare no longer sends it.
    pub retired: bool,
}

impl Entry {
    /// The first step for whoever sent the request.
    #[must_use]
    pub const fn action(&self) -> Action {
        match self.client {
            [first, ..] => first.action,
            [] => Action::Inspect,
        }
    }

    /// What the site's owner can do about one of the causes, counted from 0.
    pub fn fixes(&self, cause: usize) -> impl Iterator<Item = &'static str> {
        let ends =
            move |cured: &[u8]| cured.is_empty() || cured.iter().any(|at| usize::from(*at) == cause + 1);
        self.owner.iter().zip(self.cures).filter(move |(_, cured)| ends(cured)).map(|(fix, _)| *fix)
    }
}

/// The entry whose steps fit an answer: its own, unless its class or status says more than it does.
///
/// An owner's own page can come with a status that changes what it means, a
/// number without an entry has the class that stood beside it, and a verdict
/// that somebody wrote by hand may have nothing but a class.
pub(crate) fn advised(
    entry: Option<&'static Entry>,
    class: Class,
    status: Option<u16>,
) -> Option<&'static Entry> {
    match (class, status) {
        (Class::Passed, Some(429)) => Some(&passed::origin_rate_limited),
        (Class::RateLimited | Class::LegalBlock, _) => {
            entry.filter(|entry| entry.class == class).or_else(|| of_class(class))
        }
        (Class::Passed, Some(400..)) => entry.or(Some(&passed::unattributed_refusal)),
        _ => entry.or_else(|| of_class(class)),
    }
}

/// The entry that stands for a class of which nothing else is known.
fn of_class(class: Class) -> Option<&'static Entry> {
    Some(match class {
        Class::Passed => return None,
        Class::ProxyFailed => &proxy::proxy_error,
        Class::Challenge => &challenge::challenge_of_unknown_type,
        Class::AccessDenied => &gate::waf_block_page,
        Class::RateLimited => &gate::edge_rate_limited,
        Class::WaitingRoom => &gate::waiting_room,
        Class::PaymentRequired => &crawl::unknown_crawler_error,
        Class::SignInRequired => &access::access_login_redirect,
        Class::LegalBlock => &gate::edge_legal_block,
        Class::PhishingWarning => &gate::phishing_interstitial,
        Class::BadRequest => &request::edge_client_error,
        Class::SiteMisconfigured => &edge::unknown_error,
        Class::OriginFailed | Class::EdgeFailed => &edge::edge_server_error,
    })
}

/// Writes entries as a table: one block a code, its doc comment the explanation.
macro_rules! codes {
    ($(
        $(#[doc = $doc:literal])+
        $reason:ident {
            $(code: $code:literal,)?
            title: $title:literal,
            class: $class:ident,
            $(class_note: $class_note:literal,)?
            party: $party:ident,
            status: [$($status:literal),*],
            reached_origin: $reached:ident,
            site: $site:ident,
            $(hits: $aim:ident,)?
            $(aimed_causes: [$($aimed:literal),+],)?
            retryable: $retryable:literal,
            $(retry_after: $retry_after:literal,)?
            causes: [$($cause:literal,)+],
            client: [$($action:ident $(($wait:literal s))? $([$($change:ident),+])? $why:literal,)+],
            owner: [$($owner:literal $(=> [$($cured:literal),+])?,)*],
            docs: $docs:expr,
            checked: $checked:literal,
            $(retired: $retired:literal,)?
        }
    )+) => {
        $(
            #[allow(non_upper_case_globals, reason = "the name of an entry is its reason, as it stands in records")]
            pub(crate) static $reason: $crate::codes::Entry = $crate::codes::Entry {
                reason: stringify!($reason),
                code: $crate::codes::optional!($($crate::codes::ErrorCode::new($code))?),
                title: $title,
                explanation: $crate::codes::Explanation(&[$($doc.trim_ascii_start(),)+]),
                class: $crate::vocab::Class::$class,
                class_note: $crate::codes::optional!($($class_note)?),
                party: $crate::vocab::Party::$party,
                http_status: &[$($status),*],
                reached_origin: $crate::vocab::ReachedOrigin::$reached,
                site: $crate::vocab::SiteState::$site,
                hits: $crate::codes::optional!($($crate::vocab::Aim::$aim)?),
                retryable: $retryable,
                retry_after: $crate::codes::optional!($($retry_after)?),
                causes: &[$($cause,)+],
                aimed_causes: &[$($($aimed),+)?],
                client: &[$($crate::codes::Step {
                    action: $crate::vocab::Action::$action,
                    why: $why,
                    wait: $crate::codes::optional!($($wait)?),
                    change: &[$($($crate::vocab::Change::$change),+)?],
                },)+],
                owner: &[$($owner,)*],
                cures: &[$(&[$($($cured),+)?],)*],
                docs_url: $docs,
                checked: $checked,
                retired: $crate::codes::or_false!($($retired)?),
            };
        )+

        pub(super) static ENTRIES: &[&$crate::codes::Entry] = &[$(&$reason,)+];
    };
}
use codes;

macro_rules! optional {
    () => {
        None
    };
    ($value:expr) => {
        Some($value)
    };
}
use optional;

macro_rules! or_false {
    () => {
        false
    };
    ($value:literal) => {
        $value
    };
}
use or_false;

/// The page of Cloudflare's documentation for one 1xxx code.
macro_rules! docs_1xxx {
    ($code:literal) => {
        concat!(
            "https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-1xxx-errors/error-",
            $code,
            "/"
        )
    };
    () => {
        "https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-1xxx-errors/"
    };
}
use docs_1xxx;

/// The page of Cloudflare's documentation for one 5xx code.
macro_rules! docs_5xx {
    ($code:literal) => {
        concat!(
            "https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-5xx-errors/error-",
            $code,
            "/"
        )
    };
    () => {
        "https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-5xx-errors/"
    };
}
use docs_5xx;

static TABLES: &[&[&Entry]] = &[
    site_dns::ENTRIES,
    site_worker::ENTRIES,
    site_rules::ENTRIES,
    security::ENTRIES,
    gate::ENTRIES,
    challenge::ENTRIES,
    access::ENTRIES,
    crawl::ENTRIES,
    request::ENTRIES,
    origin::ENTRIES,
    edge::ENTRIES,
    passed::ENTRIES,
    proxy::ENTRIES,
];

/// One past the largest number in the catalogue.
const NUMBERS: usize = 1300;

/// For each number its place in `TABLES`, worked out by the compiler.
static BY_CODE: [Option<(u8, u8)>; NUMBERS] = {
    let mut index = [None; NUMBERS];
    let mut table = 0;
    while table < TABLES.len() {
        let mut row = 0;
        while row < TABLES[table].len() {
            if let Some(code) = TABLES[table][row].code {
                let slot = &mut index[code.0 as usize];
                if slot.is_none() {
                    #[allow(clippy::cast_possible_truncation, reason = "a dozen tables of a few dozen rows")]
                    let place = (table as u8, row as u8);
                    *slot = Some(place);
                }
            }
            row += 1;
        }
        table += 1;
    }
    index
};

/// Every entry of the catalogue.
pub fn all() -> impl Iterator<Item = &'static Entry> {
    TABLES.iter().copied().flatten().copied()
}

/// The entry for a number, if the catalogue has one.
///
/// Some numbers have two entries, such as the 502 that the origin answered
/// and the bare 502 of the edge itself; this is the branded, more common one.
#[must_use]
pub fn by_code(code: ErrorCode) -> Option<&'static Entry> {
    let (table, row) = (*BY_CODE.get(usize::from(code.0))?)?;
    Some(TABLES[usize::from(table)][usize::from(row)])
}

/// The entry for a reason, if the catalogue has one.
#[must_use]
pub fn by_reason(reason: &str) -> Option<&'static Entry> {
    all().find(|entry| entry.reason == reason)
}
