//! `cfblock [FILE]`: one response in, one verdict out, and what to do about it.

use std::io::{Read, Write};

use cfblock_core::owner::{OwnerReport, owner_report};
use cfblock_core::{Audience, Context, Triage, Verdict, triage};
use serde::Serialize;

use crate::args::{ClassifyArgs, Format};
use crate::failure::Failure;
use crate::paper::Paper;
use crate::response::Response;
use crate::terminal::Terminal;
use crate::{generate, policy, render, response, status};

pub(crate) fn run(
    args: &ClassifyArgs,
    stdin: &mut dyn Read,
    stdout: &mut dyn Write,
    terminal: Terminal,
) -> Result<u8, Failure> {
    let policy = policy::read(args.policy.policy.as_deref())?;
    let response = response::read(&args.response, stdin, terminal)?;
    let verdict = &response.verdict;
    let advice = triage(verdict, &policy, &Context::new());
    let owner = report(&response).filter(|_| args.audience == Some(Audience::Owner));
    let answer = match args.format {
        Format::Json if args.audience.is_none() && args.policy.policy.is_none() => {
            generate::json(verdict, terminal)?
        }
        Format::Json => {
            let answer = Answer { verdict, triage: &advice };
            if args.audience == Some(Audience::Owner) {
                generate::json(&OwnerAnswer { answer, owner }, terminal)?
            } else {
                generate::json(&answer, terminal)?
            }
        }
        Format::Text => {
            let mut paper = Paper::new(terminal);
            match args.audience {
                Some(Audience::Owner) => render::for_owner(&mut paper, verdict, &advice, owner.as_ref()),
                Some(Audience::Visitor) => render::for_visitor(&mut paper, verdict, &advice),
                _ => render::for_scraper(&mut paper, verdict, &advice),
            }
            paper.into_text()
        }
    };
    generate::print(answer.as_bytes(), stdout)?;
    Ok(if verdict.is_intercepted() { status::INTERCEPTED } else { status::PASSED })
}

/// What the owner can do, looked up at the time of the response.
fn report(response: &Response) -> Option<OwnerReport> {
    let mut verdict = response.verdict.clone();
    verdict.timestamp = response.time();
    owner_report(&verdict)
}

/// The record of the verdict, and what to do about it.
#[derive(Serialize)]
struct Answer<'a> {
    #[serde(flatten)]
    verdict: &'a Verdict,
    triage: &'a Triage,
}

#[derive(Serialize)]
struct OwnerAnswer<'a> {
    #[serde(flatten)]
    answer: Answer<'a>,
    /// `null` where there is nothing that the owner could look up.
    owner: Option<OwnerReport>,
}
