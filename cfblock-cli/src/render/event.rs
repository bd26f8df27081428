//! Events of a watch, one on a line.

use cfblock_core::{Diagnosis, Event, EventKind};

use super::{advice, diagnosis, printable};
use crate::paper::{Paper, style};

/// One event on one line, which nothing wraps.
pub(crate) fn line(paper: &Paper, event: &Event, diagnosis: Option<&Diagnosis>) -> String {
    let style = match event.event {
        EventKind::Recovered => style::PASSED,
        EventKind::IncidentOpened | EventKind::GivenUp => style::BLOCKED,
        _ => style::FAILED,
    };
    let word = paper.paint(style, event.event.as_str());
    let (host, pipeline) = (printable(&event.host), printable(&event.pipeline_id));
    format!("{} {host} [{pipeline}] {word}: {}", event.time, what(event, diagnosis))
}

fn what(event: &Event, diagnosis: Option<&Diagnosis>) -> String {
    match event.event {
        EventKind::IncidentOpened => {
            let found = event.timings.detect_s;
            format!("{}, found {found:.1} s after it began", fault(event))
        }
        EventKind::ProbeWanted => match diagnosis.and_then(|diagnosis| diagnosis.next_probe.as_ref()) {
            Some(probe) => format!("ask {}", diagnosis::asked(probe)),
            None => format!("{} goes on", fault(event)),
        },
        EventKind::Diagnosed => diagnosis.map_or_else(|| fault(event), finding),
        EventKind::Recovered => format!("{}, {}", event.class, timings(event)),
        EventKind::GivenUp => {
            format!("{} lasts, and counts as normal from now on; {} probes", fault(event), event.probes)
        }
        _ => fault(event),
    }
}

fn fault(event: &Event) -> String {
    match event.error_code {
        Some(code) => format!("{} ({code})", event.class),
        None => event.class.to_string(),
    }
}

fn finding(found: &Diagnosis) -> String {
    let change = match found.change {
        [] => String::new(),
        change => format!(" ({})", advice::changes(change)),
    };
    format!("{} ({}); {}{change}", found.classification, found.scope, found.action)
}

fn timings(event: &Event) -> String {
    let timings = &event.timings;
    let how = event.recovery.map_or("over", |recovery| recovery.as_str());
    let acted = timings.act_s.map(|seconds| format!(", acted in {seconds:.1} s"));
    let recovered = timings.recover_s.map(|seconds| format!(", recovered in {seconds:.1} s"));
    let (acted, recovered) = (acted.unwrap_or_default(), recovered.unwrap_or_default());
    let objective = match timings.objective_met {
        Some(true) => ": within the objective",
        Some(false) => ": longer than the objective",
        None => "",
    };
    format!("{how}; found in {:.1} s{acted}{recovered}{objective}", timings.detect_s)
}
