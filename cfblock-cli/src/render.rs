//! A verdict in words.

use cfblock_core::owner::OwnerReport;
use cfblock_core::{Audience, Class, Evidence, Place, Producer, Provenance, Step, Triage, Verdict, codes};

use crate::paper::{Mark, Paper, beginning, paragraphs, phrase, plain, style};

mod advice;
pub(crate) mod diagnosis;
pub(crate) mod event;
mod report;

/// What it is, who can change it, what to do, and the rest.
pub(crate) fn for_scraper(paper: &mut Paper, verdict: &Verdict, triage: &Triage) {
    headline(paper, verdict);
    if let Some(entry) = verdict.entry() {
        paper.blank();
        paper.paragraph(&beginning(&entry.explanation.to_string()));
    }
    if verdict.preview {
        paper.blank();
        paper.paragraph(
            "The address is a preview of Cloudflare's error page: nothing happened to this request.",
        );
    }
    paper.blank();
    standing(paper, verdict);
    if verdict.entry().is_some() {
        advice::set(paper, triage);
    }
    if verdict.is_intercepted() {
        paper.list("Likely causes", Mark::Dash, triage.causes.iter().map(|cause| cause.cause));
    }
    paper.blank();
    details(paper, verdict, "Your address");
    sources(paper, verdict);
}

/// A text for somebody in front of a browser, and what to quote.
pub(crate) fn for_visitor(paper: &mut Paper, verdict: &Verdict, triage: &Triage) {
    headline(paper, verdict);
    paper.blank();
    paper.paragraph(triage.text(Audience::Visitor));
    if verdict.is_intercepted() {
        paper.blank();
        details(paper, verdict, "Your address");
    }
}

/// What stopped the request, how to see it in the dashboard, and how to let it through.
pub(crate) fn for_owner(paper: &mut Paper, verdict: &Verdict, triage: &Triage, report: Option<&OwnerReport>) {
    headline(paper, verdict);
    paper.blank();
    paper.paragraph(triage.text(Audience::Owner));
    paper.blank();
    answered(paper, verdict);
    details(paper, verdict, "Client");
    match report {
        Some(report) => report::set(paper, report),
        None if verdict.entry().is_some() && verdict.ray_id.is_none() => {
            paper.blank();
            paper.paragraph(
                "The answer holds no Ray ID, by which the events could be looked up. Ask for the header cf-ray, or \
                 for the Ray ID at the foot of the page.",
            );
        }
        None => {}
    }
    paper.blank();
    sources(paper, verdict);
}

fn headline(paper: &mut Paper, verdict: &Verdict) {
    let title = verdict.entry().map(|entry| entry.title);
    let (style, line) = match verdict.class {
        Class::Passed => (style::PASSED, format!("{}: {}", plain(Class::Passed.as_str()), passed(verdict))),
        class => {
            let number = verdict.error_code.map_or_else(String::new, |code| format!(" ({code})"));
            let style = if verdict.is_blocked() { style::BLOCKED } else { style::FAILED };
            let class_name = plain(class.as_str());
            let what = title.filter(|title| *title != class_name).unwrap_or(phrase(class.explanation()));
            (style, format!("{class_name}{number}: {what}"))
        }
    };
    let line = paper.paint(style, &line);
    paper.paragraph(&line);
}

/// Who answered, for a verdict that Cloudflare did not; no more than is known.
fn passed(verdict: &Verdict) -> String {
    let status = verdict.status.map_or_else(String::new, |status| format!(" {status}"));
    match verdict.producer {
        Producer::Origin => format!("the site itself answered{status}"),
        Producer::Other => format!("somebody other than Cloudflare answered{status}"),
        _ if status.is_empty() => "no sign that Cloudflare answered in place of the site".to_owned(),
        _ => format!("no sign that Cloudflare answered in place of the site (HTTP{status})"),
    }
}

fn standing(paper: &mut Paper, verdict: &Verdict) {
    let confidence = verdict.confidence;
    if !verdict.is_intercepted() {
        // The headline says who answered, and what a confidence means is said of the edge's own pages.
        return paper.field("How sure", &plain(confidence.as_str()));
    }
    answered(paper, verdict);
    if let Some(party) = verdict.party() {
        paper.field("Can change it", phrase(party.explanation()));
    }
    paper.field("How sure", &format!("{}. {}", plain(confidence.as_str()), phrase(confidence.explanation())));
}

fn answered(paper: &mut Paper, verdict: &Verdict) {
    if !verdict.is_intercepted() {
        return;
    }
    let provenance = match verdict.provenance {
        Provenance::Verified | Provenance::Contradicted => {
            format!(". {}", phrase(verdict.provenance.explanation()))
        }
        _ => String::new(),
    };
    paper.field("Answered by", &format!("{}{provenance}", phrase(verdict.producer.explanation())));
}

/// One step of the catalogue on one line.
pub(crate) fn step(step: &Step) -> String {
    advice::line(step.action, step.change, step.wait, step.why)
}

fn details(paper: &mut Paper, verdict: &Verdict, client: &'static str) {
    let mut field = |label, value: Option<String>| {
        if let Some(value) = value {
            paper.field(label, &value);
        }
    };
    let status = verdict.status.filter(|_| verdict.is_intercepted());
    field("HTTP status", status.map(|status| status.to_string()));
    let colo = verdict.colo.map_or_else(String::new, |colo| format!(" at {colo}"));
    field("Ray ID", verdict.ray_id.map(|ray| format!("{ray}{colo}")));
    field("Host", verdict.host.as_deref().map(printable));
    field("Time", verdict.timestamp.map(|time| time.to_string()));
    let country = verdict.country.map_or_else(String::new, |country| format!(" ({country})"));
    field(client, verdict.client_ip.map(|address| format!("{address}{country}")));
    let upstream = verdict.upstream.as_deref().map(|upstream| {
        let number = upstream.error_code.map_or_else(String::new, |code| format!(" {code}"));
        let ray = upstream.ray_id.map_or_else(String::new, |ray| format!(", Ray ID {ray}"));
        format!("{}{number}{ray} ({})", plain(upstream.class.as_str()), upstream.confidence)
    });
    field("It quotes", upstream);
    field("Price", verdict.price.as_deref().map(printable));
}

/// What the verdict rests on, and where more is said.
fn sources(paper: &mut Paper, verdict: &Verdict) {
    let evidence: Vec<String> = verdict.evidence().iter().map(evidence).collect();
    if !evidence.is_empty() {
        paper.field("Evidence", &evidence.join(", "));
    }
    if let Some(entry) = verdict.entry() {
        paper.field("Docs", entry.docs_url);
        let by_number = entry.code.filter(|code| codes::by_code(*code) == Some(entry));
        let word = by_number.map_or_else(|| entry.reason.to_owned(), |code| code.to_string());
        paper.field("More", &format!("cfblock explain {word}"));
    }
}

fn evidence(evidence: &Evidence) -> String {
    match (evidence.place, evidence.at) {
        (Place::Body, Some(at)) => format!("{} (body, byte {at})", evidence.signal),
        (Place::History, Some(at)) => format!("{} (redirect {})", evidence.signal, at + 1),
        (place, _) => format!("{} ({place})", evidence.signal),
    }
}

/// Text of the input as it may go to a terminal: without what moves its cursor or turns its direction.
pub(crate) fn printable(text: &str) -> String {
    let is_mark = |letter| matches!(letter, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}');
    text.chars().filter(|letter| !letter.is_control() && !is_mark(*letter)).collect()
}

/// The whole of an explanation.
pub(crate) fn explanation(paper: &mut Paper, text: &str) {
    for paragraph in paragraphs(text) {
        paper.blank();
        paper.paragraph(&paragraph);
    }
}
