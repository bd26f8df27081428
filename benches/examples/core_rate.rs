//! Classifies the responses of a file once for each line of its input, and
//! prints how many seconds that took. `arrow_bench.py` compares with it.

#![allow(clippy::print_stdout, reason = "a program that prints")]

use std::hint::black_box;
use std::ops::Range;
use std::time::Instant;
use std::{env, fs, io};

use cfblock_core::ResponseParts;
use serde::Deserialize;

#[derive(Deserialize)]
struct Row {
    status: Option<u16>,
    headers: Vec<(String, String)>,
    body: String,
    url: Option<String>,
}

/// All texts one after the other, as a table has them: so memory costs the same.
#[derive(Default)]
struct Texts(String);

impl Texts {
    fn add(&mut self, text: &str) -> Range<usize> {
        let start = self.0.len();
        self.0.push_str(text);
        start..self.0.len()
    }
}

fn main() {
    let file = env::args().nth(1).expect("a file of responses, one JSON object a line");
    let lines = fs::read_to_string(&file).expect("the file can be read");
    let rows: Vec<Row> =
        lines.lines().map(|line| serde_json::from_str(line).expect("a line is a response")).collect();

    let mut texts = Texts::default();
    let bodies: Vec<_> = rows.iter().map(|row| texts.add(&row.body)).collect();
    let urls: Vec<_> = rows.iter().map(|row| row.url.as_deref().map(|url| texts.add(url))).collect();
    let names: Vec<Vec<_>> =
        rows.iter().map(|row| row.headers.iter().map(|(name, _)| texts.add(name)).collect()).collect();
    let values: Vec<Vec<_>> =
        rows.iter().map(|row| row.headers.iter().map(|(_, value)| texts.add(value)).collect()).collect();

    let mut fields = Vec::new();
    for _ in io::stdin().lines() {
        let start = Instant::now();
        for (at, row) in rows.iter().enumerate() {
            fields.clear();
            let text = |range: &Range<usize>| &texts.0[range.clone()];
            fields.extend(names[at].iter().map(text).zip(values[at].iter().map(text)));
            let mut parts = ResponseParts::new().header_strs(&fields).body(text(&bodies[at]));
            if let Some(status) = row.status {
                parts = parts.status(status);
            }
            if let Some(url) = &urls[at] {
                parts = parts.url(text(url));
            }
            black_box(cfblock_core::classify(&parts));
        }
        println!("{}", start.elapsed().as_secs_f64());
    }
}
