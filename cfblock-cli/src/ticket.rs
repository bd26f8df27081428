//! `cfblock ticket`: a message to the site's owner.

use std::io::{Read, Write};

use cfblock_core::Verdict;
use cfblock_core::owner::{TicketDetails, ticket};

use crate::args::TicketArgs;
use crate::failure::Failure;
use crate::terminal::Terminal;
use crate::{generate, response};

pub(crate) fn run(
    args: &TicketArgs,
    stdin: &mut dyn Read,
    stdout: &mut dyn Write,
    terminal: Terminal,
) -> Result<u8, Failure> {
    let response = response::read(&args.response, stdin, terminal)?;
    let verdict = &response.verdict;
    if let Some(why) = nothing_to_report(verdict) {
        return Err(Failure::NothingToReport(why));
    }
    let mut details = TicketDetails::default();
    details.method.clone_from(&args.method);
    details.url.clone_from(&args.response.url);
    details.time = args.time.or_else(|| response.time());
    details.purpose.clone_from(&args.purpose);
    details.contact.clone_from(&args.contact);
    details.user_agent.clone_from(&args.user_agent);
    details.requests_per_minute = args.rate;
    generate::print(ticket(verdict, &details).as_bytes(), stdout)
}

/// Why an owner would have nothing to do about an answer.
fn nothing_to_report(verdict: &Verdict) -> Option<&'static str> {
    if verdict.preview {
        return Some("the address is a preview of an error page, and nothing happened to this request");
    }
    if verdict.is_intercepted() {
        return None;
    }
    match verdict.status {
        Some(400..) => None,
        Some(_) => Some("the site answered, and nobody refused the request"),
        None => Some("nothing shows that Cloudflare answered in place of the site"),
    }
}
