//! Reading a raw message never fails but by its error, and how it was printed
//! (line ends, the case of names) makes no difference.

#![no_main]

use cfblock_core::{Body, RawMessage, classify};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let message = match RawMessage::parse(data) {
        Ok(message) => message,
        Err(error) => {
            assert!(error.line >= 1 && error.column >= 1);
            assert!(!error.to_string().contains(|c: char| c.is_control()), "{error}");
            return;
        }
    };
    let verdict = classify(&message.parts());

    for line_end in [&b"\n"[..], b"\r\n"] {
        let printed = print_again(data, &message, line_end);
        let again = RawMessage::parse(&printed).expect("it could be read before");
        assert_eq!(
            verdict,
            classify(&again.parts()),
            "printed again: {:?}",
            String::from_utf8_lossy(&printed)
        );
    }
});

/// The same message with other line ends, and with the names of headers in upper case.
fn print_again(data: &[u8], message: &RawMessage<'_>, line_end: &[u8]) -> Vec<u8> {
    let body = match message.body() {
        Body::Complete(body) => body,
        _ => &[],
    };
    let head = &data[..data.len() - body.len()];
    let mut printed = Vec::with_capacity(data.len() * 2);
    for line in head.split_inclusive(|byte| *byte == b'\n') {
        let (line, ended) = match line.strip_suffix(b"\n") {
            Some(line) => (line.strip_suffix(b"\r").unwrap_or(line), true),
            None => (line, false),
        };
        let name = line.iter().position(|byte| *byte == b':').unwrap_or(0);
        printed.extend(line[..name].to_ascii_uppercase());
        printed.extend(&line[name..]);
        if ended {
            printed.extend(line_end);
        }
    }
    printed.extend(body);
    printed
}
