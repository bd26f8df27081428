//! `cfblock origin`: whether Cloudflare would refuse an address as a site's origin.

use std::io::Write;
use std::net::IpAddr;

use cfblock_core::owner::{OriginAddress, origin_address};

use crate::args::{Format, OriginArgs};
use crate::failure::Failure;
use crate::paper::{Paper, plain, style};
use crate::terminal::Terminal;
use crate::{generate, status};

pub(crate) fn run(
    args: &OriginArgs,
    stdout: &mut dyn Write,
    stderr: &mut dyn Write,
    terminal: Terminal,
) -> Result<u8, Failure> {
    let mut answer = String::new();
    let mut status = status::PASSED;
    for word in &args.addresses {
        let Ok(address) = word.parse::<IpAddr>() else {
            // The others are still answered.
            let _ = Failure::NoAddress(word.clone()).write(stderr, &Paper::for_errors(terminal));
            status = status::UNREADABLE;
            continue;
        };
        let origin = origin_address(address);
        status = status.max(if origin.refused { status::INTERCEPTED } else { status::PASSED });
        match args.format {
            Format::Json => answer += &generate::json(&origin, terminal)?,
            Format::Text => {
                let mut paper = Paper::new(terminal);
                if !answer.is_empty() {
                    paper.blank();
                }
                set(&mut paper, &origin);
                answer += &paper.into_text();
            }
        }
    }
    generate::print(answer.as_bytes(), stdout)?;
    Ok(status)
}

fn set(paper: &mut Paper, origin: &OriginAddress) {
    let (style, what) = match (origin.refused, origin.code) {
        (false, _) => (style::PASSED, "accepted".to_owned()),
        (true, Some(code)) => (style::BLOCKED, format!("refused, with {code}")),
        (true, None) => (style::BLOCKED, "refused".to_owned()),
    };
    let line = paper.paint(style, &format!("{}: {what}", origin.address));
    paper.paragraph(&line);
    paper.field("Why", origin.why);
    paper.field("How sure", &plain(origin.confidence.as_str()));
    if let Some(code) = origin.code {
        paper.field("More", &format!("cfblock explain {code}"));
    }
}
