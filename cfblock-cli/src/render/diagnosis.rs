//! A diagnosis in words.

#![allow(
    clippy::indexing_slicing,
    reason = "each place is counted from the same list, or from an array as long as the words it stands for"
)]

use std::collections::HashMap;

use cfblock_core::{
    Attribute, Classification, Diagnosis, Hypothesis, NextProbe, Observation, Opaque, Scope, Vantage, Vary,
    Verdict,
};

use super::{advice, printable};
use crate::diagnose::Answer;
use crate::paper::{Mark, Paper, phrase, plain, style};

/// How many kinds of answers are named.
const KINDS: usize = 5;
/// How many of the other hypotheses are named.
const OTHERS: usize = 6;
/// How long a value of the input may be, in characters.
const LONGEST: usize = 120;

/// Sets the diagnoses of all hosts; hosts without a fault are only counted where there are others.
pub(crate) fn all(paper: &mut Paper, answers: &[Answer]) {
    if let [answer] = answers {
        return one(paper, answer);
    }
    let faultless =
        answers.iter().filter(|answer| answer.diagnosis.classification == Classification::NoFault).count();
    for (index, answer) in
        answers.iter().filter(|answer| answer.diagnosis.classification != Classification::NoFault).enumerate()
    {
        if index > 0 {
            paper.blank();
        }
        let host = answer.host.as_deref().map_or_else(|| "Answers of no known host".to_owned(), printable);
        let heading = paper.paint(style::STRONG, &format!("== {host} =="));
        paper.paragraph(&heading);
        one(paper, answer);
    }
    match faultless {
        0 => {}
        all if all == answers.len() => paper.paragraph(&format!("No fault on any of {all} hosts")),
        some => {
            paper.blank();
            paper.paragraph(&format!("No fault on {some} of {} hosts", answers.len()));
        }
    }
}

fn one(paper: &mut Paper, answer: &Answer) {
    let Answer { diagnosis, observations, .. } = answer;
    headline(paper, diagnosis);
    paper.blank();
    if diagnosis.classification != Classification::NoFault {
        findings(paper, diagnosis);
    }
    paper.field("Seen", &seen(observations));
    let unplaced = observations.iter().filter(|seen| seen.vantage == Vantage::default()).count();
    if unplaced > 0 {
        let which =
            if unplaced == observations.len() { "none".to_owned() } else { format!("{unplaced} not") };
        paper.field(
            "Vantage",
            &format!(
                "stated by {which} of {}: what lacks it says how often, but not whom it hits",
                observations.len()
            ),
        );
    }
    let others = diagnosis.hypotheses.iter().filter(|one| !is_answer(diagnosis, one)).take(OTHERS);
    paper.list("What else it could be", Mark::Dash, others.map(hypothesis));
}

fn headline(paper: &mut Paper, diagnosis: &Diagnosis) {
    let classification = diagnosis.classification;
    let style = match classification {
        Classification::NoFault => style::PASSED,
        Classification::Undetermined => style::STRONG,
        _ => style::BLOCKED,
    };
    let sure = match diagnosis.scope {
        Scope::Undetermined => String::new(),
        _ => format!(" ({})", percent(diagnosis.probability)),
    };
    let line = paper.paint(style, &plain(classification.as_str())) + &sure;
    paper.paragraph(&line);
    paper.blank();
    paper.paragraph(classification.explanation());
}

fn findings(paper: &mut Paper, diagnosis: &Diagnosis) {
    let value = diagnosis.value.as_ref().map_or_else(String::new, |value| format!(": {}", shown(value)));
    let whom = match diagnosis.scope {
        Scope::Undetermined => match diagnosis.hypotheses.first() {
            Some(best) => format!("Undetermined; the best guess is {}", hypothesis(best)),
            None => "Undetermined".to_owned(),
        },
        scope => format!("{}{value} ({scope})", phrase(scope.explanation())),
    };
    paper.field("Whom it hits", &whom);
    let action = plain(diagnosis.action.as_str());
    let how = match diagnosis.change {
        [] => phrase(diagnosis.action.explanation()).to_owned(),
        [change] => change.to_string(),
        change => format!("{}, all together", advice::changes(change)),
    };
    paper.field("What to do", &format!("{action}: {how}"));
    match &diagnosis.next_probe {
        Some(probe) => {
            paper.field("Next probe", &asked(probe));
            paper.field("Why that one", &probe.why);
        }
        None => paper.field("Next probe", "none: no further one would tell enough"),
    }
    if !diagnosis.decided_by.is_empty() {
        let ids: Vec<String> = diagnosis.decided_by.iter().map(shown).collect();
        paper.field("Decided by", &ids.join(", "));
    }
}

/// A probe as what is asked for.
pub(crate) fn asked(probe: &NextProbe) -> String {
    match (&probe.id, &probe.vary) {
        (Some(id), _) => shown(id),
        (None, Some(vary)) if !vary.attributes.is_empty() => {
            format!("as what failed, but {}", differing(vary))
        }
        (None, _) => "what failed once more, and unchanged".to_owned(),
    }
}

fn differing(vary: &Vary) -> String {
    let differing = |(attribute, value): &(Attribute, Opaque)| match (attribute, value.as_str()) {
        (Attribute::Browser, _) => "with a real browser".to_owned(),
        (Attribute::Rate, _) => format!("at {value} requests a second"),
        (Attribute::Network, Some(network)) => format!("from a {network} network"),
        (attribute, Some("other")) => format!("another {}", attribute.as_str().replace('_', " ")),
        (attribute, _) => format!("{} {}", attribute.as_str().replace('_', " "), shown(value)),
    };
    vary.attributes.iter().map(differing).collect::<Vec<_>>().join(", ")
}

/// How often which kind of answer was seen, the most frequent first.
fn seen(observations: &[Observation]) -> String {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for observation in observations {
        *counts.entry(kind(&observation.verdict)).or_default() += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by(|(one, many), (another, more)| more.cmp(many).then_with(|| one.cmp(another)));
    let rest: usize = counts.iter().skip(KINDS).map(|(_, count)| count).sum();
    let mut parts: Vec<String> =
        counts.iter().take(KINDS).map(|(kind, count)| format!("{count} × {kind}")).collect();
    if rest > 0 {
        parts.push(format!("{rest} × others"));
    }
    parts.join(", ")
}

fn kind(verdict: &Verdict) -> String {
    let word = verdict.reason().filter(|_| verdict.is_intercepted()).unwrap_or(verdict.class.as_str());
    match (verdict.error_code, verdict.status.filter(|status| *status >= 400)) {
        (Some(code), _) => format!("{word} ({code})"),
        (None, Some(status)) if !verdict.is_intercepted() => format!("{word} (HTTP {status})"),
        _ => word.to_owned(),
    }
}

fn is_answer(diagnosis: &Diagnosis, one: &Hypothesis) -> bool {
    let named = diagnosis.scope != Scope::Undetermined;
    let best = diagnosis.hypotheses.first().is_some_and(|best| std::ptr::eq(best, one));
    if named { one.scope == diagnosis.scope && one.value == diagnosis.value } else { best }
}

fn hypothesis(one: &Hypothesis) -> String {
    let value = one.value.as_ref().map_or_else(String::new, |value| format!(" {}", shown(value)));
    format!("{}{value}: {}", one.scope, percent(one.probability))
}

fn shown(value: &Opaque) -> String {
    let text = printable(&value.to_string());
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

/// What is not certain is never 100 %.
fn percent(probability: f64) -> String {
    format!("{:.0} %", (probability * 100.0).clamp(0.0, if probability < 1.0 { 99.0 } else { 100.0 }))
}
