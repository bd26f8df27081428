//! Raw messages out of what tools print beside them: `curl -v`, `wget -S`, and Python's `http.client` debug lines.

/// The last response that a transcript shows, as a raw message; `None` if the text is no transcript.
pub(crate) fn response(text: &[u8]) -> Option<Vec<u8>> {
    let text = String::from_utf8_lossy(text);
    let mut message = Message::default();
    for line in text.lines() {
        message.read(line);
    }
    message.status.map(|status| {
        let head = format!("{status}\r\n{}\r\n", message.headers);
        [head.as_bytes(), message.body.as_bytes()].concat()
    })
}

/// Where in a response the reading is.
#[derive(Default, PartialEq)]
enum At {
    #[default]
    Outside,
    Head,
    Body,
}

#[derive(Default)]
struct Message {
    status: Option<String>,
    headers: String,
    body: String,
    at: At,
}

impl Message {
    fn read(&mut self, line: &str) {
        if let Some(status) = status_line(line) {
            *self = Self { status: Some(status.to_owned()), at: At::Head, ..Self::default() };
            return;
        }
        match self.at {
            At::Outside => {}
            At::Head => match header(line) {
                Header::Field(field) => {
                    self.headers.push_str(field);
                    self.headers.push_str("\r\n");
                }
                Header::End => self.at = At::Body,
                Header::Other => {}
            },
            At::Body => {
                if !is_note(line) {
                    self.body.push_str(line);
                    self.body.push('\n');
                }
            }
        }
    }
}

/// The status line behind `< ` (curl), two spaces (wget) or `reply: ` (http.client).
fn status_line(line: &str) -> Option<&str> {
    let shown = line.strip_prefix("< ").or_else(|| line.strip_prefix("  "));
    let quoted = || {
        let reply = line.strip_prefix("reply: ")?.trim_matches(['\'', '"']);
        Some(reply.strip_suffix("\\r\\n").unwrap_or(reply))
    };
    shown.or_else(quoted).map(str::trim_end).filter(|line| line.starts_with("HTTP/"))
}

enum Header<'a> {
    Field(&'a str),
    End,
    Other,
}

fn header(line: &str) -> Header<'_> {
    let line = line.trim_end_matches('\r');
    if matches!(line.trim_end(), "<" | "") {
        return Header::End;
    }
    let field = ["< ", "header: ", "  "].iter().find_map(|mark| line.strip_prefix(mark));
    match field {
        Some(field) if field.contains(':') => Header::Field(field.trim()),
        _ => Header::Other,
    }
}

/// Whether a line of the body's part is the tool's own.
fn is_note(line: &str) -> bool {
    ["* ", "> ", "< ", "{ [", "} ["].iter().any(|mark| line.starts_with(mark))
}
