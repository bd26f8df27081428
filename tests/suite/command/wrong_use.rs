//! Wrong use is answered with status 2 and words that help.

use std::fs;
use std::path::PathBuf;

use super::report::RATE_LIMITED;
use super::{cfblock, shell};

/// Nothing on standard output, and an error that names the place.
#[track_caller]
fn assert_refused(arguments: &[&str], input: &[u8], words: &[&str]) {
    let run = cfblock(arguments, input);
    assert_eq!(run.ends_with(2).out, "", "{arguments:?}");
    for word in words {
        assert!(run.err.contains(word), "{arguments:?}: {word:?} is not in:\n{}", run.err);
    }
    assert!(!run.err.contains("panicked"), "{}", run.err);
}

#[test]
fn inputs_that_are_no_response() {
    assert_refused(&[], b"", &["empty"]);
    assert_refused(&["-"], b"", &["empty"]);
    assert_refused(&[], b"\x7fELF\x02\x01\x01\0\0\0", &["binary"]);
    assert_refused(&[], b"\x1f\x8b\x08\0\0\0\0\0", &["binary"]);
    assert_refused(&[], b"<!DOCTYPE html>\n<title>Shop</title>", &["status line", "line 1", "--body-only"]);
    assert_refused(&[], b"HTTP/1.1 abc Nonsense\n\n", &["abc", "three digits", "line 1, column 10"]);
    assert_refused(&[], b"HTTP/1.1 40 Short\n\n", &["40", "three digits"]);
    assert_refused(&[], b"HTTP/1.1\n\n", &["three digits"]);
    assert_refused(&[], b"HTTP/1.1 403\nserver: x\nno colon\n\n", &["colon", "line 3"]);
}

#[test]
fn files_that_cannot_be_read() {
    assert_refused(&["no-such-file.http"], b"", &["no-such-file.http"]);
    assert_refused(&["tests"], b"", &["tests", "directory"]);
    assert_refused(&["scan", "no-such-file.jsonl"], b"", &["no-such-file.jsonl"]);
    assert_refused(&["scan", "tests"], b"", &["tests", "directory"]);
    let empty = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("empty.http");
    fs::write(&empty, "").unwrap();
    assert_refused(&[empty.to_str().unwrap()], b"", &["empty.http", "empty"]);
    // A word in the place of a file is most likely meant for `explain`.
    assert_refused(&["1020"], b"", &["cfblock explain 1020"]);
}

#[test]
fn arguments_that_do_not_exist() {
    let input = RATE_LIMITED.as_bytes();
    assert_refused(&["--formt", "json"], input, &["--formt", "--format"]);
    assert_refused(&["--format", "xml"], input, &["xml", "text", "json"]);
    assert_refused(&["--peer-ip", "here"], input, &["here", "--peer-ip"]);
    assert_refused(&["a.http", "b.http"], input, &["b.http"]);
    assert_refused(&["codes", "--format", "yaml"], b"", &["yaml", "table"]);
    assert_refused(&["scan", "--format", "csv"], b"", &["csv", "jsonl"]);
    assert_refused(&["explain"], b"", &["<WORD>"]);
    assert_refused(&["completions", "cmd"], b"", &["cmd", "bash"]);
}

#[test]
fn a_terminal_is_not_waited_for() {
    let run = shell("timeout 20 script -qec cfblock /dev/null; echo \"status $?\"");
    assert!(run.out.contains("status 2") && run.out.contains("curl -si"), "{}", run.out);
}

#[test]
fn a_full_disk_is_an_error() {
    let run = shell("cfblock codes > /dev/full");
    assert!(run.ends_with(2).err.contains("cannot write"), "{}", run.err);
}
