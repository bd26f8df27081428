//! Which fault is diagnosed, and whether an answer shows it.

use crate::codes::ErrorCode;
use crate::verdict::Verdict;
use crate::vocab::{Aim, Class};

/// What an answer is, where one fault is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Answer {
    /// The edge let the request through.
    Page,
    /// A fault, with what it has in common with others of its kind.
    Fault(Class, u16),
    /// Nothing that can be held for or against a fault.
    Unclear,
}

/// The number of the page, or of its entry where it prints none; 0 for page kinds without one.
pub(super) fn number(verdict: &Verdict) -> u16 {
    let code = verdict.error_code.or_else(|| verdict.entry().and_then(|entry| entry.code));
    code.map_or(0, ErrorCode::get)
}

/// What one verdict is. A preview page is a demonstration and says nothing.
pub(super) fn answer(verdict: &Verdict) -> Answer {
    let number = number(verdict);
    match verdict.class {
        _ if verdict.preview => Answer::Unclear,
        // What something on the caller's own side answered proves nothing about the site.
        Class::ProxyFailed => Answer::Unclear,
        Class::Passed => match verdict.status {
            Some(401 | 403 | 429 | 500..) if verdict.reason() == Some("unattributed_refusal") => {
                Answer::Unclear
            }
            _ => Answer::Page,
        },
        Class::AccessDenied => Answer::Fault(Class::AccessDenied, number),
        Class::SiteMisconfigured if number == 0 || aims(verdict, Aim::Dns) => {
            Answer::Fault(Class::SiteMisconfigured, 0)
        }
        Class::SiteMisconfigured => Answer::Fault(Class::SiteMisconfigured, number),
        class => Answer::Fault(class, 0),
    }
}

/// The same, where the edge intercepts nothing: the site's own refusals and failures are the fault then.
pub(super) fn own_answer(verdict: &Verdict) -> Answer {
    match (verdict.class, verdict.status) {
        (Class::Passed, Some(status @ (401 | 403 | 429 | 500..))) if !verdict.preview => {
            Answer::Fault(Class::Passed, status)
        }
        _ => answer(verdict),
    }
}

/// Whether the code itself says that it hits these.
pub(super) fn aims(verdict: &Verdict, aim: Aim) -> bool {
    verdict.entry().is_some_and(|entry| entry.hits == Some(aim))
}

/// Whether the fault belongs to the owner's DNS and zone, a null route included.
pub(super) fn is_dns(verdict: &Verdict) -> bool {
    verdict.class == Class::SiteMisconfigured
        && (number(verdict) == 0 || aims(verdict, Aim::Dns) || aims(verdict, Aim::NullRoute))
}
