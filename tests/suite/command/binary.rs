//! Builds the command once, and runs it.

use std::ffi::OsString;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::LazyLock;
use std::{env, thread};

use serde_json::Value;

/// The command as cargo builds it now, so that a test never runs an older one.
static BINARY: LazyLock<PathBuf> = LazyLock::new(|| {
    let arguments =
        ["build", "-p", "cfblock-cli", "--bin", "cfblock", "--message-format=json-render-diagnostics"];
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(cfblock_tests::repository())
        .stderr(Stdio::inherit())
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "the command does not build");
    let messages = String::from_utf8(output.stdout).expect("cargo writes text");
    let executable = messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|message| message["target"]["name"] == "cfblock")
        .find_map(|message| message["executable"].as_str().map(PathBuf::from));
    executable.expect("cargo names the executable")
});

/// What a process wrote, and how it ended.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) status: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Run {
    /// Fails unless the process ended with this status.
    #[track_caller]
    pub(crate) fn ends_with(&self, status: i32) -> &Self {
        assert_eq!(self.status, Some(status), "stdout:\n{}\nstderr:\n{}", self.out, self.err);
        self
    }

    /// The only line of standard output, as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out)
            .unwrap_or_else(|error| panic!("{error} in:\n{}\nstderr:\n{}", self.out, self.err))
    }

    /// The lines of standard output, each as JSON.
    #[track_caller]
    pub(crate) fn json_lines(&self) -> Vec<Value> {
        self.out
            .lines()
            .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
            .collect()
    }
}

/// Runs `cfblock` with these arguments and this standard input.
pub(crate) fn cfblock(arguments: &[&str], input: &[u8]) -> Run {
    let mut command = Command::new(&*BINARY);
    command.args(arguments);
    run(command, input)
}

/// Runs a script with `cfblock` on the path, from the root of the repository.
pub(crate) fn shell(script: &str) -> Run {
    let mut path = OsString::from(BINARY.parent().expect("the command lies in a folder"));
    path.push(":");
    path.push(env::var_os("PATH").unwrap_or_default());
    let mut command = Command::new("bash");
    command.arg("-c").arg(script).env("PATH", path);
    run(command, b"")
}

fn run(mut command: Command, input: &[u8]) -> Run {
    command.current_dir(cfblock_tests::repository()).env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the process starts");
    let mut stdin = child.stdin.take().expect("standard input is a pipe");
    let input = input.to_vec();
    // Beside the reading: neither side then waits for the other. A process
    // that does not read its input closes the pipe, which is no fault.
    let writer = thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().expect("the process ends");
    writer.join().expect("the input was written");
    Run {
        status: output.status.code(),
        out: String::from_utf8(output.stdout).expect("standard output is text"),
        err: String::from_utf8(output.stderr).expect("standard error is text"),
    }
}
