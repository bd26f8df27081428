//! What happened and what to do, in words for three kinds of reader.

use serde::Serialize;

use super::plan::Plan;
use crate::advice::is_fault;
use crate::codes::Entry;
use crate::verdict::Verdict;
use crate::vocab::{Aim, Class, Confidence, Party, Producer, Provenance};

/// One text for each audience.
///
/// Nothing of the response gets into them but what is held to an alphabet:
/// host, Ray ID, price.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct Texts {
    /// For whoever runs the program that sent the request.
    pub scraper: String,
    /// For a person in front of a browser.
    pub visitor: String,
    /// For the site's owner.
    pub owner: String,
}

pub(super) fn write(verdict: &Verdict, plan: &Plan) -> Texts {
    Texts { scraper: scraper(verdict, plan), visitor: visitor(verdict), owner: owner(verdict, plan.entry) }
}

fn is_null_route(entry: Option<&Entry>) -> bool {
    entry.is_some_and(|entry| entry.hits == Some(Aim::NullRoute))
}

fn join(sentences: impl IntoIterator<Item = String>) -> String {
    sentences.into_iter().filter(|sentence| !sentence.is_empty()).collect::<Vec<_>>().join(" ")
}

fn scraper(verdict: &Verdict, plan: &Plan) -> String {
    join([what_happened(verdict, plan.entry), doubts(verdict), particulars(verdict, plan), next(plan)])
}

fn what_happened(verdict: &Verdict, entry: Option<&'static Entry>) -> String {
    if verdict.preview {
        return "This is a preview of an error page, not an incident.".to_owned();
    }
    let title = entry.map_or_else(|| verdict.class.explanation(), |entry| entry.title);
    if verdict.is_intercepted() {
        let site = verdict.host.as_deref().unwrap_or("the site");
        return match verdict.error_code {
            Some(code) => format!("Cloudflare answered in place of {site}, with {code}: {title}."),
            None => format!("Cloudflare answered in place of {site}: {title}."),
        };
    }
    match (verdict.status.filter(|status| *status >= 400), verdict.producer) {
        (None, _) => "The site itself answered.".to_owned(),
        (Some(status), Producer::Origin) => {
            format!("The site's own server answered {status}; Cloudflare only passed it on.")
        }
        (Some(status), _) => {
            format!(
                "The answer is a {status}, and nothing in it tells whether the site or Cloudflare wrote it."
            )
        }
    }
}

fn doubts(verdict: &Verdict) -> String {
    if verdict.provenance == Provenance::Contradicted {
        return "It did not come from Cloudflare's network, so it may be a copy or relayed.".to_owned();
    }
    if verdict.is_intercepted() && verdict.confidence == Confidence::Possible {
        return "The signs are weak, and other readings fit as well.".to_owned();
    }
    String::new()
}

fn particulars(verdict: &Verdict, plan: &Plan) -> String {
    let null_route = is_null_route(plan.entry);
    let text = match verdict.class {
        _ if verdict.preview => "",
        _ if null_route => {
            "One 1002 alone does not show that the site is down: such an answer may be meant for you alone. \
             Overriding DNS on your side cannot help, because the edge looks the address up, and a new address \
             of your own, changed alone, seldom does."
        }
        Class::RateLimited => {
            "The limit counts your address, so every worker behind it has to hold back, on the whole domain."
        }
        Class::PaymentRequired => {
            return verdict.price.as_ref().map_or_else(String::new, |price| format!("The price is {price}."));
        }
        Class::Passed | Class::Challenge | Class::SignInRequired => "",
        class if verdict.retryable == Some(false) && is_fault(class) => {
            "Sending the request again, unchanged, does not end it."
        }
        _ if verdict.retryable == Some(false) => {
            "The same request, sent again unchanged, gets the same answer."
        }
        _ => "",
    };
    text.to_owned()
}

fn next(plan: &Plan) -> String {
    let Some(step) = plan.steps.first() else { return String::new() };
    match step.wait {
        Some(wait) => format!("Next, {} ({wait} s): {}.", step.action, step.why),
        None => format!("Next, {}: {}.", step.action, step.why),
    }
}

fn visitor(verdict: &Verdict) -> String {
    let null_route = is_null_route(verdict.entry());
    let text = match verdict.class {
        _ if verdict.preview => "This page only shows what an error page looks like. Nothing is wrong.",
        _ if null_route => {
            "The site could not be reached from where you are. Come back in about five minutes. If it works \
             elsewhere, such as on a phone without Wi-Fi, the site turns away your connection: tell its owner."
        }
        Class::Passed => match verdict.status {
            Some(401 | 403) if verdict.producer == Producer::Origin => {
                "The site itself refuses this page. Sign in if it offers that, or ask the site's owner."
            }
            Some(404 | 410) => "The site says that there is no such page.",
            Some(429) => "The site asks for fewer requests. Wait a few minutes, then load the page again.",
            Some(500..) => "The site has trouble of its own. Come back later.",
            Some(400..) => "The page was refused. What it says may tell why; else ask the site's owner.",
            _ => "The site answered. There is nothing to do.",
        },
        Class::Challenge => {
            "The site checks that you are a person or an ordinary browser. Let the page run with JavaScript and \
             cookies switched on. If it comes back again and again, try without extensions or a VPN."
        }
        Class::AccessDenied => {
            "The site's owner has a rule that refuses you. Loading the page again does not help. Try without a \
             VPN or proxy, and tell the owner if you think it is a mistake."
        }
        Class::RateLimited => {
            "Too many requests came from your address. Wait a few minutes before you load the page again. \
             Others who share your address, in an office or behind a VPN, count too."
        }
        Class::WaitingRoom => {
            "The site is full and keeps you in a queue. Leave the page open: it loads by itself when it is your \
             turn. Opening it anew can cost you your place."
        }
        Class::PaymentRequired => {
            "The site asks crawlers to pay. In an ordinary browser you should not see this."
        }
        Class::SignInRequired => "Sign in with the account that the site's owner gave access to.",
        Class::LegalBlock => "The page is withheld for legal reasons where you are. You cannot change that.",
        Class::PhishingWarning => {
            "The page was reported as an attempt to steal passwords or money. Leave it, and enter nothing there."
        }
        Class::BadRequest => {
            "Cloudflare does not accept the way the page was asked for. Check the address, delete this site's \
             cookies, update your browser, and try without a proxy."
        }
        Class::SiteMisconfigured => {
            "A setting of the site is wrong. Nothing is wrong with your browser. Come back later, or tell the \
             site's owner."
        }
        Class::OriginFailed => {
            "Cloudflare cannot get the page from the site's server. Nothing is wrong with your browser. Come back \
             later."
        }
        Class::ProxyFailed => {
            "Something between you and the site answered: a proxy, a Wi-Fi login page or a filter of your \
             organisation. Ask whoever runs your network, or try another network."
        }
        Class::EdgeFailed => "Cloudflare, which delivers this site, has trouble. Try again in a minute.",
    };
    let quote = verdict
        .ray_id
        .filter(|_| verdict.is_intercepted() && !verdict.preview)
        .map_or_else(String::new, |ray| format!("When you write to the owner, quote the Ray ID {ray}."));
    join([text.to_owned(), quote])
}

fn owner(verdict: &Verdict, entry: Option<&'static Entry>) -> String {
    if verdict.preview {
        return "Somebody opened a preview of an error page. There is nothing to do.".to_owned();
    }
    let Some(entry) = entry else {
        return "The site answered as it should. There is nothing to do.".to_owned();
    };
    let from_origin = verdict.class == Class::Passed && verdict.producer == Producer::Origin;
    let whose = match entry.party {
        _ if from_origin => "Your own server wrote this answer; no rule at Cloudflare did.",
        _ if verdict.class == Class::Passed => {
            "Your own server, a Worker or a rule of yours wrote this answer: it does not tell which."
        }
        _ if verdict.class == Class::RateLimited => "A rate limit of your site counted this client.",
        Party::Client => "The request itself leads to it; act only if you want such requests to succeed.",
        Party::SiteOwnerSecurity => "A security setting of yours stopped this request.",
        Party::SiteOwnerConfig => "A setting of your site at Cloudflare leads to it.",
        Party::Origin => "Your own server, or the way to it, leads to it; Cloudflare only reports it.",
        Party::Cloudflare => "The fault or the decision is Cloudflare's.",
        Party::Law => "A legal obligation leads to it.",
    };
    let remedies = match entry.owner {
        [] => String::new(),
        fixes => format!("What to do: {}.", fixes.join("; ")),
    };
    let look_up = verdict.ray_id.map_or_else(String::new, |ray| format!("The Ray ID to look up is {ray}."));
    join([whose.to_owned(), remedies, look_up])
}
