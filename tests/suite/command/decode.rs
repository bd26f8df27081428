//! Bodies that are still compressed or chunked.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::cfblock;

/// `error code: 1015`, compressed.
const COMPRESSED: [(&str, &str); 5] = [
    ("gzip", "H4sIAAAAAAACA0stKsovUkjOT0m1UjA0MDQFAMkWAcEQAAAA"),
    ("deflate", "eJxLLSrKL1JIzk9JtVIwNDA0BQAxNAUH"),
    // Without the frame of zlib, as some servers send it.
    ("deflate", "Sy0qyi9SSM5PSbVSMDQwNAUA"),
    ("br", "iweAZXJyb3IgY29kZTogMTAxNQM="),
    ("zstd", "KLUv/QRYgQAAZXJyb3IgY29kZTogMTAxNf5qU/o="),
];

fn message(encoding: &str, body: &[u8]) -> Vec<u8> {
    let mut text = b"HTTP/1.1 429\r\nserver: cloudflare\r\n".to_vec();
    text.extend_from_slice(format!("{encoding}\r\n\r\n").as_bytes());
    text.extend_from_slice(body);
    text
}

#[track_caller]
fn assert_found(record: &Value, what: &str) {
    assert_eq!(record["error_code"], 1015, "{what}");
    assert_eq!(record["confidence"], "certain", "{what}");
}

#[test]
fn compressed_messages_are_read() {
    for (encoding, coded) in COMPRESSED {
        let body = STANDARD.decode(coded).unwrap();
        let text = message(&format!("content-encoding: {encoding}"), &body);
        assert_found(&cfblock(&["--format", "json"], &text).ends_with(1).json(), encoding);
    }
}

#[test]
fn compressed_records_are_read() {
    for (encoding, coded) in COMPRESSED {
        let headers = [["Server", "cloudflare"], ["Content-Encoding", encoding]];
        let line = json!({"id": encoding, "status": 429, "headers": headers, "body_base64": coded});
        let record = cfblock(&["scan", "-"], line.to_string().as_bytes()).ends_with(0).json();
        assert_eq!(record["id"], encoding);
        assert_found(&record, encoding);
    }
}

#[test]
fn a_body_that_is_text_already_is_left_alone() {
    let text = message("content-encoding: gzip", b"error code: 1015");
    assert_found(&cfblock(&["--format", "json"], &text).ends_with(1).json(), "text");
}

#[test]
fn chunks_are_joined() {
    let text = message("transfer-encoding: chunked", b"6\r\nerror \r\na\r\ncode: 1015\r\n0\r\n\r\n");
    assert_found(&cfblock(&["--format", "json"], &text).ends_with(1).json(), "chunked");
}

#[test]
fn a_broken_or_unknown_compression_is_no_error() {
    for encoding in ["gzip", "deflate", "br", "zstd", "compress"] {
        let text = message(&format!("content-encoding: {encoding}"), &[0x1f, 0x8b, 0xff, 0, 1, 2, 3]);
        let run = cfblock(&["--format", "json"], &text);
        assert_eq!(run.json()["status"], 429, "{encoding}: {}", run.err);
        assert_eq!(run.err, "", "{encoding}");
    }
}
