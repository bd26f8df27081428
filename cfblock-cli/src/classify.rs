//! `cfblock [FILE]`: one response in, one verdict out.

use std::io::{Read, Write};

use cfblock_core::{Body, ParseErrorKind, RawMessage, ResponseParts, Verdict, classify};

use crate::args::{ClassifyArgs, Format};
use crate::decode::{self, Decoded};
use crate::failure::{Failure, unless_closed};
use crate::input::Source;
use crate::paper::Paper;
use crate::terminal::Terminal;
use crate::{generate, render, status};

/// How much of the input is read: a verdict never needs more, and an input that never ends does no harm.
const LIMIT: usize = 64 << 20;

pub(crate) fn run(
    args: &ClassifyArgs,
    stdin: &mut dyn Read,
    stdout: &mut dyn Write,
    terminal: Terminal,
) -> Result<u8, Failure> {
    let (from, input) = Source::open(args.file.as_deref(), stdin, terminal)?;
    let mut text = Vec::new();
    if let Err(error) = input.take(LIMIT as u64).read_to_end(&mut text) {
        return Err(Failure::Read { from, error });
    }
    if text.is_empty() {
        return Err(Failure::Empty(from));
    }
    let cut = text.len() == LIMIT;
    let verdict = if args.body_only {
        let body = ResponseParts::new();
        let body = if cut { body.partial_body(&text) } else { body.body(&text) };
        classify(&with_options(body, args))
    } else {
        match RawMessage::parse(&text) {
            Ok(message) => of_message(&message, cut, args),
            Err(error) if error.kind == ParseErrorKind::Empty => return Err(Failure::Empty(from)),
            Err(error) => return Err(Failure::NoMessage { from, error }),
        }
    };
    let answer = match args.format {
        Format::Json => generate::json(&verdict, terminal)?,
        Format::Text => {
            let mut paper = Paper::new(terminal);
            render::verdict(&mut paper, &verdict);
            paper.into_text()
        }
    };
    unless_closed(stdout.write_all(answer.as_bytes()).and_then(|()| stdout.flush()))?;
    Ok(if verdict.is_intercepted() { status::INTERCEPTED } else { status::PASSED })
}

fn of_message(message: &RawMessage<'_>, cut: bool, args: &ClassifyArgs) -> Verdict {
    let parts = with_options(message.parts(), args);
    let Body::Complete(body) = message.body() else { return classify(&parts) };
    match unwrap(message, body) {
        Some(Decoded { bytes, whole }) if whole && !cut => classify(&parts.body(&bytes)),
        Some(Decoded { bytes, .. }) => classify(&parts.partial_body(&bytes)),
        None if cut => classify(&parts.partial_body(body)),
        None => classify(&parts),
    }
}

/// Joins the chunks of a body and decompresses it, if there is either to do.
fn unwrap(message: &RawMessage<'_>, body: &[u8]) -> Option<Decoded> {
    let chunked = message.header_values("transfer-encoding").last().is_some_and(|codings| {
        codings
            .rsplit(|byte| *byte == b',')
            .next()
            .is_some_and(|last| last.trim_ascii().eq_ignore_ascii_case(b"chunked"))
    });
    let joined = if chunked { decode::chunks(body) } else { None };
    let encodings = message.header_values("content-encoding").collect::<Vec<_>>().join(&b","[..]);
    let inner = decode::content(joined.as_ref().map_or(body, |joined| &joined.bytes), &encodings);
    match (inner, joined) {
        (Some(inner), Some(joined)) => Some(Decoded { whole: inner.whole && joined.whole, ..inner }),
        (inner, joined) => inner.or(joined),
    }
}

fn with_options<'a>(mut parts: ResponseParts<'a>, args: &'a ClassifyArgs) -> ResponseParts<'a> {
    if let Some(url) = &args.url {
        parts = parts.url(url);
    }
    if let Some(peer) = args.peer_ip {
        parts = parts.peer(peer);
    }
    parts
}
