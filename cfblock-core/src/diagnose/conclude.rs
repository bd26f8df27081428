//! From the scope of a fault to its name and to what to do.

use super::fault::{aims, is_dns};
use super::limits::ProbeLimits;
use super::model::Turn;
use crate::verdict::Verdict;
use crate::vocab::{Action, Aim, Change, Class, Classification, Scope};

/// What the fault is called, once it is known whom it hits.
pub(super) fn classify(fault: &Verdict, scope: Scope, value: Turn) -> Classification {
    use Classification as C;
    match scope {
        Scope::Undetermined => C::Undetermined,
        Scope::Global => global(fault),
        Scope::Intermittent => match fault.class {
            Class::EdgeFailed => C::EdgeFault,
            Class::OriginFailed if matches!(value, Turn::Colo(_)) => C::EdgeFault,
            Class::OriginFailed | Class::Passed => C::UnstableOrigin,
            Class::SiteMisconfigured if is_dns(fault) => C::PropagatingConfig,
            Class::SiteMisconfigured => C::OwnerConfig,
            Class::RateLimited => C::RateRule,
            _ => C::UnsteadyRule,
        },
        _ if aims(fault, Aim::NullRoute) && aims_at_client(scope) => C::TargetedNullRoute,
        _ if aims(fault, Aim::Reputation)
            && matches!(scope, Scope::ByIp | Scope::ByAsn | Scope::ByNetworkKind) =>
        {
            C::IpReputation
        }
        Scope::Targeted if fault.class == Class::Challenge => C::AutomationChallenge,
        Scope::Targeted => C::BotRule,
        Scope::ByCountry => C::GeoRule,
        Scope::ByAsn => C::AsnRule,
        Scope::ByNetworkKind => C::NetworkKindRule,
        Scope::ByIp => C::IpBan,
        Scope::ByTlsFingerprint => C::FingerprintRule,
        Scope::ByUserAgent => C::UserAgentRule,
        Scope::BySession => C::SessionRule,
        Scope::ByPath => C::PathRule,
        Scope::ByRate => C::RateRule,
    }
}

/// Whether who asks decides: such an error is a null route, whatever trait gave the client away.
fn aims_at_client(scope: Scope) -> bool {
    !matches!(scope, Scope::ByPath | Scope::ByRate | Scope::ByCountry)
}

fn global(fault: &Verdict) -> Classification {
    use Classification as C;
    match fault.class {
        Class::Passed => C::OriginRefusal,
        Class::Challenge => C::ChallengeForAll,
        Class::AccessDenied => C::ClosedToAll,
        Class::RateLimited => C::RateRule,
        Class::WaitingRoom
        | Class::PaymentRequired
        | Class::SignInRequired
        | Class::LegalBlock
        | Class::PhishingWarning => C::Gate,
        Class::BadRequest => C::RequestFault,
        Class::SiteMisconfigured if aims(fault, Aim::NullRoute) => C::TargetDown,
        Class::SiteMisconfigured if is_dns(fault) => C::OwnerDns,
        Class::SiteMisconfigured => C::OwnerConfig,
        Class::OriginFailed => C::OriginDown,
        Class::EdgeFailed | Class::ProxyFailed => C::EdgeFault,
    }
}

/// Whether the fault forbids a way round, whomever it hits: the law, a
/// warning, a price, a sign-in, a queue, or an explicit refusal of crawlers.
pub(super) fn keeps_its_action(fault: &Verdict) -> bool {
    matches!(
        fault.class,
        Class::LegalBlock
            | Class::PhishingWarning
            | Class::PaymentRequired
            | Class::SignInRequired
            | Class::WaitingRoom
    ) || fault.reason().is_some_and(|reason| matches!(reason, "crawler_forbidden" | "ai_crawl_control_block"))
}

/// What to do, and what to change, within the limits.
pub(super) fn act(
    classification: Classification,
    fault: &Verdict,
    limits: &ProbeLimits,
) -> (Action, &'static [Change]) {
    use Classification as C;
    if keeps_its_action(fault) {
        return (fault.action(), &[]);
    }
    let identity = |changes: &'static [Change]| {
        if changes.iter().all(|change| limits.allows(*change)) {
            (Action::ChangeIdentity, changes)
        } else {
            (Action::ContactOwner, &[][..])
        }
    };
    match classification {
        C::NoFault => (Action::Proceed, &[]),
        C::TargetedNullRoute | C::BotRule => {
            identity(&[Change::TlsFingerprint, Change::Asn, Change::Session])
        }
        C::AutomationChallenge | C::ChallengeForAll => {
            if limits.allows(Change::Browser) {
                (Action::UseBrowser, &[Change::Browser])
            } else {
                (Action::ContactOwner, &[])
            }
        }
        C::GeoRule => identity(&[Change::Country]),
        C::AsnRule | C::NetworkKindRule => identity(&[Change::Asn]),
        C::IpReputation => identity(&[Change::Ip, Change::Asn]),
        C::IpBan => identity(&[Change::Ip]),
        C::FingerprintRule => identity(&[Change::TlsFingerprint]),
        // An honest User-Agent that the rule lets in is no other identity.
        C::UserAgentRule if aims(fault, Aim::Signature) => (Action::FixRequest, &[Change::UserAgent]),
        C::UserAgentRule => identity(&[Change::UserAgent]),
        C::SessionRule => identity(&[Change::Session]),
        C::PathRule | C::ClosedToAll => (Action::ContactOwner, &[]),
        C::RateRule => (Action::SlowDown, &[]),
        C::Gate | C::RequestFault | C::OriginRefusal => (fault.action(), &[]),
        C::TargetDown | C::OwnerDns | C::OwnerConfig | C::OriginDown => (Action::PauseHost, &[]),
        C::PropagatingConfig | C::UnstableOrigin | C::EdgeFault | C::UnsteadyRule => (Action::BackOff, &[]),
        C::Undetermined => (Action::Inspect, &[]),
    }
}
