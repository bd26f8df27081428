//! `cfblock diagnose`: whom a fault hits, from what several vantages saw.

#![allow(
    clippy::indexing_slicing,
    reason = "each place is counted from the same list, or from an array as long as the words it stands for"
)]

use std::collections::HashMap;
use std::io::{Read, Write};

use cfblock_core::{Candidate, Diagnosis, Observation, ProbeLimits, diagnose};
use serde::Serialize;

use crate::args::{DiagnoseArgs, Format};
use crate::failure::{Failure, report_line};
use crate::input::Source;
use crate::lines::Lines;
use crate::paper::Paper;
use crate::record::{Observed, RecordError};
use crate::render::diagnosis as render;
use crate::terminal::Terminal;
use crate::{generate, policy, status};

pub(crate) fn run(
    args: &DiagnoseArgs,
    stdin: &mut dyn Read,
    stdout: &mut dyn Write,
    stderr: &mut dyn Write,
    terminal: Terminal,
) -> Result<u8, Failure> {
    let limits = ProbeLimits::from(&policy::read(args.policy.policy.as_deref())?);
    let (from, input) = Source::open(args.file.as_deref(), stdin, terminal)?;
    let mut seen = Seen::default();
    let mut lines = Lines::new(input);
    let mut unreadable = 0_u64;
    while lines.next().map_err(|error| Failure::Read { from: from.clone(), error })? {
        if let Err(error) = seen.take(lines.line(), lines.number()) {
            unreadable += 1;
            report_line(stderr, &Paper::for_errors(terminal), lines.number(), &error);
        }
    }
    if unreadable > 0 {
        let _ = writeln!(stderr, "{unreadable} of {} lines could not be read", lines.number());
    }
    if seen.observations.is_empty() {
        return Err(Failure::NothingToDiagnose { from, what: seen.what() });
    }
    let answers = seen.into_hosts(args.host.as_deref(), &from)?.diagnose(&limits);
    let text = match args.format {
        Format::Json => json(&answers, terminal)?,
        Format::Text => {
            let mut paper = Paper::new(terminal);
            render::all(&mut paper, &answers);
            paper.into_text()
        }
    };
    generate::print(text.as_bytes(), stdout)?;
    Ok(if unreadable == 0 { status::PASSED } else { status::UNREADABLE })
}

/// The diagnosis of one host, and what it rests on.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) host: Option<Box<str>>,
    pub(crate) observations: Vec<Observation>,
    pub(crate) diagnosis: Diagnosis,
}

/// One host gives the diagnosis itself; of several, each line names its own.
fn json(answers: &[Answer], terminal: Terminal) -> Result<String, Failure> {
    #[derive(Serialize)]
    struct OfHost<'a> {
        host: Option<&'a str>,
        #[serde(flatten)]
        diagnosis: &'a Diagnosis,
    }
    if let [Answer { diagnosis, .. }] = answers {
        return generate::json(diagnosis, terminal);
    }
    let line = |answer: &Answer| {
        generate::json(&OfHost { host: answer.host.as_deref(), diagnosis: &answer.diagnosis }, terminal)
    };
    answers.iter().map(line).collect()
}

/// What the lines hold.
#[derive(Debug, Default)]
struct Seen {
    observations: Vec<Observation>,
    /// With the host of its address.
    candidates: Vec<(Candidate, Option<Box<str>>)>,
}

impl Seen {
    fn take(&mut self, line: &[u8], number: u64) -> Result<(), RecordError> {
        let observed = Observed::from_json_line(line)?;
        if observed.is_answer() {
            self.observations.push(observed.into_observation(number));
        } else {
            self.candidates.push(observed.into_candidate()?);
        }
        Ok(())
    }

    /// Why there is nothing to diagnose.
    fn what(&self) -> &'static str {
        if self.candidates.is_empty() {
            "no record of an answer"
        } else {
            "probes that could be made, but no answer to diagnose"
        }
    }

    /// Sorts by hosts, in the order of their first records.
    ///
    /// Records without a host belong to the only host there is, and of
    /// several to none of them.
    fn into_hosts(self, wanted: Option<&str>, from: &Source) -> Result<Hosts, Failure> {
        let mut names: Vec<Option<Box<str>>> = Vec::new();
        let mut places: HashMap<Option<Box<str>>, usize> = HashMap::new();
        let mut groups: Vec<Vec<Observation>> = Vec::new();
        let mut stated = self.observations.iter().filter_map(|seen| seen.host.as_deref());
        let first = stated.next().map(Box::<str>::from);
        let single = stated.all(|host| Some(host) == first.as_deref());
        for observation in self.observations {
            let host = if single { first.clone() } else { observation.host.clone() };
            let at = *places.entry(host.clone()).or_insert_with(|| {
                names.push(host);
                groups.push(Vec::new());
                groups.len() - 1
            });
            groups[at].push(observation);
        }
        let mut hosts: Vec<_> = names.into_iter().zip(groups).collect();
        if let Some(wanted) = wanted {
            let wanted = wanted.trim().to_ascii_lowercase();
            if !hosts.iter().any(|(host, _)| host.as_deref() == Some(&*wanted)) {
                let known = hosts.into_iter().filter_map(|(host, _)| host).collect();
                return Err(Failure::NoSuchHost { from: from.clone(), host: wanted, known });
            }
            hosts.retain(|(host, _)| host.as_deref() == Some(&*wanted));
        }
        Ok(Hosts { hosts, candidates: self.candidates })
    }
}

struct Hosts {
    hosts: Vec<(Option<Box<str>>, Vec<Observation>)>,
    candidates: Vec<(Candidate, Option<Box<str>>)>,
}

impl Hosts {
    fn diagnose(self, limits: &ProbeLimits) -> Vec<Answer> {
        let candidates = &self.candidates;
        let answer = |(host, observations): (Option<Box<str>>, Vec<Observation>)| {
            let fits = |of: &Option<Box<str>>| of.is_none() || host.is_none() || *of == host;
            let candidates: Vec<Candidate> = candidates
                .iter()
                .filter(|(_, of)| fits(of))
                .map(|(candidate, _)| candidate.clone())
                .collect();
            let diagnosis = diagnose(&observations, &candidates, limits);
            Answer { host, observations, diagnosis }
        };
        self.hosts.into_iter().map(answer).collect()
    }
}
