//! Answers on loopback as Cloudflare's edge does:
//! `cargo run -p cfblock-tests --bin edge-server -- [--port N] [--world NAME|SEED|FILE.json]`.
//!
//! What it serves is described in `tests/edge-server.md`.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "its first line is its address")]

use std::io::Write as _;
use std::process::ExitCode;
use std::{env, fs, io};

use cfblock_tests::edge::{Edge, NAMES, named};
use cfblock_tests::worlds::World;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::from(2)
        }
    }
}

fn run() -> Result<(), String> {
    let (mut port, mut world) = (0, "null-route".to_owned());
    let mut arguments = env::args().skip(1);
    while let Some(option) = arguments.next() {
        let value = arguments.next().ok_or_else(|| format!("{option}: without a value"));
        match option.as_str() {
            "--port" => port = value?.parse().map_err(|error| format!("--port: {error}"))?,
            "--world" => world = value?,
            _ => return Err(format!("{option}: the options are --port N and --world NAME|SEED|FILE.json")),
        }
    }
    let edge = Edge::start(port, read_world(&world)?).map_err(|error| format!("port {port}: {error}"))?;
    println!("listening on {}", edge.url());
    io::stdout().flush().map_err(|error| error.to_string())?;
    edge.serve();
    Ok(())
}

fn read_world(name: &str) -> Result<World, String> {
    if let Some(world) = named(name) {
        return Ok(world);
    }
    let text = fs::read_to_string(name).map_err(|error| {
        format!("{name}: {error}; the worlds are {}, any number, or a file", NAMES.join(", "))
    })?;
    serde_json::from_str(&text).map_err(|error| format!("{name}: {error}"))
}
