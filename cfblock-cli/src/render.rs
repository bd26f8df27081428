//! A verdict in words.

use cfblock_core::{Class, Evidence, Place, Producer, Provenance, Step, Verdict, codes};

use crate::paper::{Mark, Paper, beginning, duration, paragraphs, phrase, plain, style};

/// Sets a verdict: what it is, who can change it, what to do, and the rest.
pub(crate) fn verdict(paper: &mut Paper, verdict: &Verdict) {
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
        paper.list("What to do", Mark::Number, verdict.steps().map(|each| step(&each)));
    }
    if verdict.is_intercepted() {
        paper.list("Likely causes", Mark::Dash, verdict.causes().iter());
    }
    paper.blank();
    details(paper, verdict);
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
    let provenance = match verdict.provenance {
        Provenance::Verified | Provenance::Contradicted => {
            format!(". {}", phrase(verdict.provenance.explanation()))
        }
        _ => String::new(),
    };
    paper.field("Answered by", &format!("{}{provenance}", phrase(verdict.producer.explanation())));
    if let Some(party) = verdict.party() {
        paper.field("Can change it", phrase(party.explanation()));
    }
    paper.field("How sure", &format!("{}. {}", plain(confidence.as_str()), phrase(confidence.explanation())));
}

/// One step of advice on one line.
pub(crate) fn step(step: &Step) -> String {
    let mut what = plain(step.action.as_str());
    if !step.change.is_empty() {
        let changes: Vec<&str> = step.change.iter().map(|change| change.as_str()).collect();
        what = format!("{what} ({})", changes.join(", "));
    }
    if let Some(wait) = step.wait {
        what = format!("{what} ({})", duration(wait));
    }
    format!("{what}: {}", step.why)
}

fn details(paper: &mut Paper, verdict: &Verdict) {
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
    field("Your address", verdict.client_ip.map(|address| format!("{address}{country}")));
    field("Price", verdict.price.as_deref().map(printable));
    let evidence: Vec<String> = verdict.evidence().iter().map(evidence).collect();
    field("Evidence", (!evidence.is_empty()).then(|| evidence.join(", ")));
    if let Some(entry) = verdict.entry() {
        field("Docs", Some(entry.docs_url.to_owned()));
        let by_number = entry.code.filter(|code| codes::by_code(*code) == Some(entry));
        let word = by_number.map_or_else(|| entry.reason.to_owned(), |code| code.to_string());
        field("More", Some(format!("cfblock explain {word}")));
    }
}

fn evidence(evidence: &Evidence) -> String {
    match (evidence.place, evidence.at) {
        (Place::Body, Some(at)) => format!("{} (body, byte {at})", evidence.signal),
        (Place::History, Some(at)) => format!("{} (redirect {})", evidence.signal, at + 1),
        (place, _) => format!("{} ({place})", evidence.signal),
    }
}

/// Text of the response as it may go to a terminal.
fn printable(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).collect()
}

/// The whole of an explanation.
pub(crate) fn explanation(paper: &mut Paper, text: &str) {
    for paragraph in paragraphs(text) {
        paper.blank();
        paper.paragraph(&paragraph);
    }
}
