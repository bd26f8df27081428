//! One response and what is known beside it, as the arguments give them.

use std::io::Read;

use cfblock_core::{Body, ParseErrorKind, RawMessage, ResponseParts, Timestamp, Verdict, classify};
use jiff::fmt::rfc2822;

use crate::args::ResponseArgs;
use crate::decode::{self, Decoded};
use crate::failure::Failure;
use crate::input::Source;
use crate::terminal::Terminal;
use crate::transcript;

/// How much of the input is read: a verdict never needs more, and an input that never ends does no harm.
const LIMIT: usize = 64 << 20;

/// What a response says.
pub(crate) struct Response {
    pub(crate) verdict: Verdict,
    /// When it was written, as its header `date` says.
    date: Option<Timestamp>,
}

impl Response {
    /// When it was asked: the time on the page, or else the header's.
    pub(crate) fn time(&self) -> Option<Timestamp> {
        self.verdict.timestamp.or(self.date)
    }
}

/// Reads the response and classifies it.
pub(crate) fn read(
    args: &ResponseArgs,
    stdin: &mut dyn Read,
    terminal: Terminal,
) -> Result<Response, Failure> {
    let (from, input) = Source::open(args.file.as_deref(), stdin, terminal)?;
    let mut text = Vec::new();
    if let Err(error) = input.take(LIMIT as u64).read_to_end(&mut text) {
        return Err(Failure::Read { from, error });
    }
    if text.is_empty() {
        return Err(Failure::Empty(from));
    }
    let cut = text.len() == LIMIT;
    if args.body_only {
        let body = ResponseParts::new();
        let body = if cut { body.partial_body(&text) } else { body.body(&text) };
        return Ok(Response { verdict: classify(&with_options(body, args)), date: None });
    }
    match RawMessage::parse(&text) {
        Ok(message) => Ok(Response { verdict: of_message(&message, cut, args), date: date(&message) }),
        Err(error) if error.kind == ParseErrorKind::Empty => Err(Failure::Empty(from)),
        Err(error) => {
            let Some(shown) = transcript::response(&text) else {
                return Err(Failure::NoMessage { from, error });
            };
            match RawMessage::parse(&shown) {
                Ok(message) => {
                    Ok(Response { verdict: of_message(&message, cut, args), date: date(&message) })
                }
                Err(_) => Err(Failure::NoMessage { from, error }),
            }
        }
    }
}

fn of_message(message: &RawMessage<'_>, cut: bool, args: &ResponseArgs) -> Verdict {
    let parts = with_options(message.parts(), args);
    let Body::Complete(body) = message.body() else { return classify(&parts) };
    match unwrap(message, body) {
        Some(Decoded { bytes, whole }) if whole && !cut => classify(&parts.body(&bytes)),
        Some(Decoded { bytes, .. }) => classify(&parts.partial_body(&bytes)),
        None if cut => classify(&parts.partial_body(body)),
        None => classify(&parts),
    }
}

fn date(message: &RawMessage<'_>) -> Option<Timestamp> {
    let value = std::str::from_utf8(message.header_values("date").last()?).ok()?;
    let date = rfc2822::DateTimeParser::new().parse_timestamp(value.trim()).ok()?;
    date.to_string().parse().ok()
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

fn with_options<'a>(mut parts: ResponseParts<'a>, args: &'a ResponseArgs) -> ResponseParts<'a> {
    if let Some(url) = &args.url {
        parts = parts.url(url);
    }
    if let Some(peer) = args.peer_ip {
        parts = parts.peer(peer);
    }
    parts
}
