//! The README's commands are run, and their output compared.
//!
//! In a `console` or `sh` block a line that begins with `$ ` is run by one
//! shell for the block, from the root of the repository and with `cfblock` on
//! the path; the lines up to the next one are what it prints. A line `...`
//! stands for any lines. A command may end with 0, or with 1 (intercepted);
//! another status is shown by `$ echo $?` right after it. Lines of a block
//! without any `$ ` are not run.

use std::fs;

use crate::command::shell;

/// Stands before and after the status of a command in the output.
const MARK: char = '\u{1e}';

#[derive(Debug, Default, PartialEq)]
struct Step {
    command: String,
    output: Vec<String>,
}

/// The blocks of a text that hold commands.
fn blocks(text: &str) -> Vec<Vec<Step>> {
    let mut blocks = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if !matches!(line.trim(), "```console" | "```sh") {
            continue;
        }
        let mut steps: Vec<Step> = Vec::new();
        for line in lines.by_ref().take_while(|line| line.trim() != "```") {
            if let Some(command) = line.strip_prefix("$ ") {
                steps.push(Step { command: command.to_owned(), output: Vec::new() });
            } else if let Some(step) = steps.last_mut() {
                if step.output.is_empty() && step.command.ends_with('\\') {
                    step.command = format!("{}\n{line}", step.command);
                } else {
                    step.output.push(line.trim_end().to_owned());
                }
            }
        }
        if !steps.is_empty() {
            blocks.push(steps);
        }
    }
    blocks
}

/// What is wrong with a block; empty when it runs as it says.
fn faults(block: &[Step]) -> Vec<String> {
    // The subshell hands the status on to the next command.
    let commands = block.iter().map(|step| {
        let command = &step.command;
        format!("{command}\nstatus=$?; printf '{MARK}%s{MARK}' \"$status\"; (exit \"$status\")\n")
    });
    let script = commands.fold(String::from("exec 2>&1\n"), |script, command| script + &command);
    let run = shell(&script);
    let mut parts = run.out.split(MARK);
    let mut faults = Vec::new();
    for (at, step) in block.iter().enumerate() {
        let (Some(got), Some(status)) = (parts.next(), parts.next()) else {
            faults.push(format!("$ {}\nended the block: {}", step.command, run.out));
            break;
        };
        let shown = block.get(at + 1).is_some_and(|next| next.command == "echo $?");
        if !shown && !matches!(status, "0" | "1") {
            faults.push(format!("$ {}\nended with {status}:\n{got}", step.command));
        }
        let got: Vec<&str> = got.trim_end().lines().map(str::trim_end).collect();
        let mut expected: Vec<&str> = step.output.iter().map(String::as_str).collect();
        while expected.last().is_some_and(|line| line.is_empty()) {
            expected.pop();
        }
        if !fits(&expected, &got) {
            let (expected, got) = (expected.join("\n"), got.join("\n"));
            faults.push(format!("$ {}\nexpected:\n{expected}\ngot:\n{got}", step.command));
        }
    }
    faults
}

/// Whether lines are as shown, where `...` stands for any lines.
fn fits(shown: &[&str], got: &[&str]) -> bool {
    match shown {
        [] => got.is_empty(),
        ["...", rest @ ..] => (0..=got.len()).any(|skipped| fits(rest, &got[skipped..])),
        [line, rest @ ..] => {
            got.split_first().is_some_and(|(first, others)| first == line && fits(rest, others))
        }
    }
}

#[test]
fn commands_of_the_readme_print_what_it_shows() {
    let text = fs::read_to_string(cfblock_tests::repository().join("README.md")).unwrap();
    let blocks = blocks(&text);
    assert!(!blocks.is_empty(), "the README shows no command and its output");
    let faults: Vec<String> = blocks.iter().flat_map(|block| faults(block)).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
}

#[test]
fn commands_are_read_from_blocks() {
    let text = "```console\n$ a \\\n  b\nc  \n\n$ echo $?\n1\n```\n```text\n$ no\n```\n```sh\nnot run\n```\n";
    let step = |command: &str, output: &[&str]| Step {
        command: command.to_owned(),
        output: output.iter().map(|line| (*line).to_owned()).collect(),
    };
    assert_eq!(blocks(text), [[step("a \\\n  b", &["c", ""]), step("echo $?", &["1"])]]);
}

#[test]
fn outputs_are_compared() {
    assert!(fits(&["a", "...", "d"], &["a", "b", "c", "d"]));
    assert!(fits(&["..."], &[]));
    assert!(!fits(&["a", "..."], &["b"]));
    assert!(!fits(&["a"], &["a", "b"]));
    assert!(!fits(&["...", "d"], &["a"]));
}

#[test]
fn wrong_blocks_are_found() {
    let block = |text: &str| faults(&blocks(&format!("```console\n{text}\n```\n"))[0]);
    assert!(block("$ printf 'a\\nb\\n'\na\nb").is_empty());
    assert!(block("$ (exit 2)\n$ echo $?\n2").is_empty());
    assert!(block("$ echo out; echo err >&2\nout\nerr").is_empty());
    assert_eq!(block("$ echo a\nb").len(), 1);
    assert_eq!(block("$ (exit 2)").len(), 1);
    assert_eq!(block("$ exit 0\n$ echo a\na").len(), 1);
}
