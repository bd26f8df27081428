//! Raw messages, as `curl -si` prints them.

#![allow(
    clippy::indexing_slicing,
    reason = "each place comes from a search in the same bytes, so it lies within them"
)]

use super::{Body, Headers, Hop, ResponseParts};

/// A response in the text form of HTTP/1.x, as `curl -si` prints it.
///
/// Heads before the last one (`100 Continue`, a proxy's answer to `CONNECT`,
/// redirects that were followed) become the history. Lines end in LF or CRLF.
///
/// ```
/// use cfblock_core::{classify, Class, RawMessage};
///
/// let text = "HTTP/2 429\nserver: cloudflare\nretry-after: 10\n\nerror code: 1015\n";
/// let message = RawMessage::parse(text.as_bytes())?;
/// assert_eq!(classify(&message.parts()).class, Class::RateLimited);
/// # Ok::<(), cfblock_core::ParseError>(())
/// ```
#[derive(Clone, Debug)]
pub struct RawMessage<'a> {
    status: u16,
    headers: Vec<(&'a [u8], &'a [u8])>,
    history: Vec<Hop<'a>>,
    body: Body<'a>,
}

impl<'a> RawMessage<'a> {
    /// Reads a raw message.
    pub fn parse(text: &'a [u8]) -> Result<Self, ParseError> {
        let mut lines = Lines { rest: text, number: 0 };
        let mut history = Vec::new();
        loop {
            let (status, headers, ended) = read_head(&mut lines)?;
            if ended && may_precede_another(status, &headers) && starts_with_status_line(lines.rest) {
                let location = values(&headers, "location").next();
                history.push(Hop::new(Some(status), location));
                continue;
            }
            let rest = lines.rest;
            let announced = values(&headers, "content-length")
                .next()
                .and_then(|value| std::str::from_utf8(value).ok())
                .and_then(|value| value.parse::<u64>().ok());
            let body = match announced {
                _ if !ended => Body::Missing,
                Some(length) if length > 0 && rest.is_empty() => Body::Missing,
                _ => Body::Complete(rest),
            };
            return Ok(Self { status, headers, history, body });
        }
    }

    /// The parts, ready to be classified.
    #[must_use]
    pub fn parts(&self) -> ResponseParts<'_> {
        ResponseParts {
            status: Some(self.status),
            headers: Headers::Bytes(&self.headers),
            body: self.body,
            history: &self.history,
            ..ResponseParts::default()
        }
    }

    /// The body as it stands in the message.
    #[must_use]
    pub const fn body(&self) -> Body<'a> {
        self.body
    }

    /// The values of a header, by its name in any case.
    pub fn header_values<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'a [u8]> + 's {
        values(&self.headers, name)
    }
}

fn values<'a: 's, 's>(
    headers: &'s [(&'a [u8], &'a [u8])],
    name: &'s str,
) -> impl Iterator<Item = &'a [u8]> + 's {
    headers.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name.as_bytes())).map(|(_, value)| *value)
}

type Head<'a> = (u16, Vec<(&'a [u8], &'a [u8])>, bool);

/// Reads a status line and its headers; the last member tells whether an empty line ended them.
fn read_head<'a>(lines: &mut Lines<'a>) -> Result<Head<'a>, ParseError> {
    let Some(line) = lines.next() else {
        return Err(ParseError::new(ParseErrorKind::Empty, 1, 1));
    };
    let status = read_status_line(line, lines.number)?;
    let mut headers: Vec<(&[u8], &[u8])> = Vec::with_capacity(16);
    while let Some(line) = lines.next() {
        if line.is_empty() {
            return Ok((status, headers, true));
        }
        if line.starts_with(b" ") || line.starts_with(b"\t") {
            // A folded value (RFC 9112, 5.2): none of the headers that count is ever folded.
            continue;
        }
        let Some(colon) = memchr::memchr(b':', line) else {
            return Err(ParseError::new(ParseErrorKind::HeaderWithoutColon, lines.number, 1));
        };
        headers.push((line[..colon].trim_ascii(), line[colon + 1..].trim_ascii()));
    }
    Ok((status, headers, false))
}

fn read_status_line(line: &[u8], number: usize) -> Result<u16, ParseError> {
    let error = |kind, column| Err(ParseError::new(kind, number, column));
    if memchr::memchr(0, line).is_some() {
        return error(ParseErrorKind::Binary, 1);
    }
    if !line.starts_with(b"HTTP/") {
        return error(ParseErrorKind::NoStatusLine, 1);
    }
    let version_end = line.iter().position(|byte| *byte == b' ').unwrap_or(line.len());
    let after = line[version_end..].trim_ascii_start();
    let column = line.len() - after.len() + 1;
    let word_end = after.iter().position(|byte| *byte == b' ').unwrap_or(after.len());
    let word = &after[..word_end];
    match word {
        [a, b, c] if word.iter().all(u8::is_ascii_digit) => {
            Ok(u16::from(a - b'0') * 100 + u16::from(b - b'0') * 10 + u16::from(c - b'0'))
        }
        _ => {
            let shown: String = String::from_utf8_lossy(word).chars().take(32).collect();
            error(ParseErrorKind::BadStatus(shown), column)
        }
    }
}

/// Whether another head can follow one without a body between them: `100
/// Continue`, redirects, requests for credentials, and a proxy's answer to
/// `CONNECT`, which describes no content.
fn may_precede_another(status: u16, headers: &[(&[u8], &[u8])]) -> bool {
    let describes_content =
        || ["content-type", "content-length"].iter().any(|name| values(headers, name).next().is_some());
    matches!(status, 100..=199 | 300..=399 | 401 | 407) || (status == 200 && !describes_content())
}

fn starts_with_status_line(text: &[u8]) -> bool {
    let end = memchr::memchr(b'\n', text).unwrap_or(text.len());
    let line = text[..end].strip_suffix(b"\r").unwrap_or(&text[..end]);
    read_status_line(line, 0).is_ok()
}

struct Lines<'a> {
    rest: &'a [u8],
    number: usize,
}

impl<'a> Lines<'a> {
    fn next(&mut self) -> Option<&'a [u8]> {
        if self.rest.is_empty() {
            return None;
        }
        let end = memchr::memchr(b'\n', self.rest).unwrap_or(self.rest.len());
        let line = &self.rest[..end];
        self.rest = &self.rest[self.rest.len().min(end + 1)..];
        self.number += 1;
        Some(line.strip_suffix(b"\r").unwrap_or(line))
    }
}

/// Why a text is not a raw message, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {kind}")]
#[non_exhaustive]
pub struct ParseError {
    /// What is wrong.
    pub kind: ParseErrorKind,
    /// The line, counted from 1.
    pub line: usize,
    /// The byte in the line, counted from 1.
    pub column: usize,
}

impl ParseError {
    const fn new(kind: ParseErrorKind, line: usize, column: usize) -> Self {
        Self { kind, line, column }
    }
}

/// What is wrong with a text that should be a raw message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseErrorKind {
    /// There is no byte at all.
    #[error("the input is empty; expected a response as `curl -si` prints it")]
    Empty,
    /// The first line holds a NUL: this is no text.
    #[error("the input is binary; expected a response as `curl -si` prints it")]
    Binary,
    /// The first line is no status line.
    #[error("expected a status line such as `HTTP/1.1 403 Forbidden`; was the response saved without -i?")]
    NoStatusLine,
    /// The status is not a number of three digits.
    #[error("the status is {0:?}, expected three digits")]
    BadStatus(String),
    /// A line among the headers has no colon.
    #[error("a header line without a colon; expected `name: value`")]
    HeaderWithoutColon,
}
