//! Which fault is diagnosed, and whether an answer shows it.

use crate::codes::ErrorCode;
use crate::verdict::Verdict;
use crate::vocab::Class;

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

/// The numbers that come from the owner's DNS and zone; one change of theirs can show several.
const DNS: [u16; 11] = [1000, 1001, 1004, 1014, 1016, 1018, 1023, 1030, 1032, 1048, 1049];

/// What one verdict is. A preview page is a demonstration and says nothing.
pub(super) fn answer(verdict: &Verdict) -> Answer {
    let number = verdict.error_code.map_or(0, ErrorCode::get);
    match verdict.class {
        _ if verdict.preview => Answer::Unclear,
        Class::Passed => match verdict.status {
            Some(401 | 403 | 429 | 500..) if verdict.reason() == Some("unattributed_refusal") => {
                Answer::Unclear
            }
            _ => Answer::Page,
        },
        Class::AccessDenied => Answer::Fault(Class::AccessDenied, number),
        Class::SiteMisconfigured if number == 0 || DNS.contains(&number) => {
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

/// Whether a number belongs to the owner's DNS and zone, 1002 included.
pub(super) fn is_dns(verdict: &Verdict) -> bool {
    verdict.class == Class::SiteMisconfigured
        && verdict
            .error_code
            .is_none_or(|code| code.get() == 1002 || code.get() == 530 || DNS.contains(&code.get()))
}
