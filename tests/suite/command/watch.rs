//! `cfblock watch`: a stream of records in, events out.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use super::{cfblock, shell};

const HEALTHY: usize = 300;

/// A stream of one record each half second.
#[derive(Default)]
struct Stream {
    lines: Vec<String>,
    half_seconds: i64,
}

impl Stream {
    fn add(&mut self, mut record: Value) -> &mut Self {
        let (minutes, seconds) = (self.half_seconds / 120, self.half_seconds % 120 / 2);
        let milliseconds = self.half_seconds % 2 * 500;
        record["time"] = json!(format!("2026-11-20T12:{minutes:02}:{seconds:02}.{milliseconds:03}Z"));
        self.half_seconds += 1;
        self.lines.push(record.to_string());
        self
    }

    fn answers(&mut self, number: usize, code: Option<u16>, vantage: &Value) -> &mut Self {
        for _ in 0..number {
            let verdict =
                code.map_or(json!({"class": "passed", "status": 200}), |code| json!({"error_code": code}));
            self.add(json!({
                "pipeline": "prices", "url": "https://shop.example/a", "verdict": verdict, "vantage": vantage,
            }));
        }
        self
    }

    fn text(&self) -> String {
        self.lines.join("\n") + "\n"
    }
}

fn server() -> Value {
    json!({"network": "datacenter", "asn": 64500, "tls_fingerprint": "python", "session": "a"})
}

fn home() -> Value {
    json!({"network": "residential", "asn": 64501, "tls_fingerprint": "chrome", "session": "b"})
}

fn browser() -> Value {
    json!({"network": "residential", "asn": 64501, "tls_fingerprint": "chrome", "browser": true, "session": "c"})
}

/// Healthy, then 1002; two probes get the page; the pipeline changes its identity and is well again.
fn textbook() -> Stream {
    let mut stream = Stream::default();
    stream.answers(HEALTHY, None, &server()).answers(8, Some(1002), &server());
    stream.answers(1, None, &browser()).answers(1, Some(1002), &server()).answers(1, None, &home());
    stream.answers(4, Some(1002), &server()).answers(12, None, &home());
    stream
}

fn watch(stream: &str, options: &[&str]) -> super::binary::Run {
    let arguments: Vec<&str> = ["watch", "--format", "jsonl"].iter().chain(options).copied().collect();
    cfblock(&arguments, stream.as_bytes())
}

fn kinds(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["event"].as_str().unwrap()).collect()
}

fn path(name: &str) -> String {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name).to_str().unwrap().to_owned()
}

#[test]
fn the_textbook_event_runs_through() {
    let run = watch(&textbook().text(), &["-"]);
    let events = run.ends_with(0).json_lines();
    assert_eq!(run.err, "");
    let all = kinds(&events);
    assert_eq!((all[0], all[1], all[all.len() - 1]), ("incident_opened", "probe_wanted", "recovered"));
    let found = events.iter().rfind(|event| event["event"] == "diagnosed").expect("it is diagnosed");
    assert_eq!(found["classification"], "targeted_null_route");
    assert_eq!(found["action"], "change_identity");

    let end = &events[events.len() - 1];
    assert_eq!(end["pipeline_id"], "prices");
    assert_eq!(end["host"], "shop.example");
    assert_eq!((&end["class"], &end["error_code"]), (&json!("site_misconfigured"), &json!(1002)));
    assert_eq!((&end["recovery"], &end["probes"]), (&json!("after_action"), &json!(2)));
    let timings = &end["timings"];
    assert!(timings["detect_s"].as_f64() <= Some(3.0), "{end}");
    assert!(timings["act_s"].as_f64() > Some(2.0) && timings["recover_s"].as_f64() > Some(0.0), "{end}");
    assert_eq!(timings["objective_met"], true);
}

#[test]
fn events_have_the_documented_members_in_their_order() {
    let run = watch(&textbook().text(), &[]);
    let members = "event pipeline_id host class error_code time opened_at responses probes classification action \
                   recovery timings detect_s act_s recover_s";
    for line in run.ends_with(0).out.lines() {
        let mut from = 0;
        for member in members.split_whitespace() {
            let at = line[from..].find(&format!("\"{member}\":"));
            from += at.unwrap_or_else(|| panic!("{member} is missing or in another place: {line}"));
        }
    }
}

#[test]
fn the_words_are_for_people() {
    let run = cfblock(&["watch"], textbook().text().as_bytes());
    for words in [
        "shop.example [prices] incident_opened: site_misconfigured (1002)",
        "probe_wanted: ask as what failed",
        "diagnosed: targeted_null_route (targeted)",
        "change_identity (tls_fingerprint, asn, session)",
        "recovered: site_misconfigured, after_action",
        "within the objective",
        "1 opened, 0 open, 1 recovered, 0 given up",
    ] {
        assert!(run.ends_with(0).out.contains(words), "{words} is not in:\n{}", run.out);
    }
    assert!(!run.out.contains('\u{1b}'), "escape codes in a pipe: {:?}", run.out);
}

#[test]
fn an_answer_from_the_usual_vantage_is_no_probe() {
    let mut stream = Stream::default();
    stream.answers(HEALTHY, None, &server()).answers(20, Some(1002), &server());
    stream.answers(5, Some(1002), &json!({"asn": "AS64500"})).answers(5, Some(1002), &Value::Null);
    let mut rotating = server();
    rotating["session"] = json!("a");
    rotating["ip"] = json!("192.0.2.7");
    stream.answers(5, Some(1002), &rotating);
    let events = watch(&stream.text(), &[]).ends_with(0).json_lines();
    assert!(events.iter().all(|event| event["probes"] == 0), "{events:?}");
}

#[test]
fn a_probe_need_not_name_the_pipeline() {
    let mut stream = Stream::default();
    stream.answers(HEALTHY, None, &server()).answers(8, Some(1002), &server());
    for vantage in [browser(), browser(), browser(), browser(), home()] {
        let verdict = json!({"class": "passed", "status": 200});
        stream.add(json!({"url": "https://shop.example/a", "verdict": verdict, "vantage": vantage}));
    }
    stream.answers(3, Some(1002), &server());
    let events = watch(&stream.text(), &[]).ends_with(0).json_lines();
    let last = events.last().unwrap();
    assert_eq!((&last["event"], &last["pipeline_id"]), (&json!("diagnosed"), &json!("prices")), "{events:?}");
    assert_eq!(last["classification"], "targeted_null_route");
    // The pipeline itself has not moved.
    let text = cfblock(&["watch"], stream.text().as_bytes());
    assert!(text.ends_with(0).out.contains("1 opened, 1 open, 0 recovered"), "{}", text.out);
}

#[test]
fn what_was_done_can_be_reported() {
    let mut stream = Stream::default();
    stream.answers(HEALTHY, None, &server()).answers(20, Some(521), &server());
    let report =
        |action: &str| json!({"pipeline": "prices", "url": "https://shop.example/", "action": action});
    stream.add(report("pause_host"));
    stream.half_seconds += 40;
    stream.answers(20, None, &server());
    let run = watch(&stream.text(), &[]);
    let events = run.ends_with(0).json_lines();
    let end = events.last().unwrap();
    assert_eq!(
        (&end["event"], &end["recovery"]),
        (&json!("recovered"), &json!("after_action")),
        "{}",
        run.out
    );
    assert_eq!(end["action"], "pause_host");

    stream.add(report("fly"));
    let run = watch(&stream.text(), &[]);
    for words in ["line 342, column", "action", "fly", "pause_host", "1 of 342 lines"] {
        assert!(run.ends_with(2).err.contains(words), "{words} is not in:\n{}", run.err);
    }
    assert_eq!(run.json_lines(), events);
}

#[test]
fn a_saved_state_goes_on_without_loss() {
    let stream = textbook();
    let whole = watch(&stream.text(), &[]).ends_with(0).out.clone();
    for cut in [1, HEALTHY, HEALTHY + 3, HEALTHY + 9, HEALTHY + 12, HEALTHY + 17, stream.lines.len()] {
        let state = path(&format!("watch-{cut}.json"));
        let _ = fs::remove_file(&state);
        let (first, second) = stream.lines.split_at(cut);
        let first = watch(&first.join("\n"), &["--save", &state]);
        let second = watch(&second.join("\n"), &["--restore", &state, "--save", &state]);
        let both = first.ends_with(0).out.clone() + &second.ends_with(0).out;
        assert_eq!(both, whole, "cut after {cut} records");
    }
}

#[test]
fn states_that_cannot_be_restored_are_refused() {
    let state = path("watch-state.json");
    watch(&textbook().text(), &["--save", &state]).ends_with(0);
    let text = fs::read_to_string(&state).unwrap();
    for (name, text, words) in [
        ("version", text.replacen("\"version\":1", "\"version\":9", 1), ["version 9", "version 1"]),
        ("cut", text[..text.len() / 2].to_owned(), ["no saved state", "line 1"]),
        ("other", "[1, 2]\n".to_owned(), ["no saved state", "version"]),
        ("empty", String::new(), ["no saved state", "EOF"]),
        ("config", text.replacen("\"objective_s\":45.0", "\"objective_s\":-45.0", 1), ["objective_s", "-45"]),
        ("cases", text.replacen("\"cases\":[", "\"cases\":[7,", 1), ["no saved state", "line 1"]),
    ] {
        let path = path(&format!("watch-{name}.json"));
        fs::write(&path, text).unwrap();
        let run = watch("", &["--restore", &path]);
        assert_eq!(run.ends_with(2).out, "");
        for word in words {
            assert!(
                run.err.contains(word) && run.err.contains(name),
                "{name}: {word:?} is not in:\n{}",
                run.err
            );
        }
    }
    let missing = watch("", &["--restore", "no-such-state.json"]);
    assert!(missing.ends_with(2).err.contains("no-such-state.json"), "{}", missing.err);
    let nowhere = watch("", &["--save", "no-such-folder/state.json"]);
    assert!(nowhere.ends_with(2).err.contains("no-such-folder/state.json"), "{}", nowhere.err);
}

#[test]
fn the_objective_can_be_set() {
    let stream = textbook().text();
    let met = |options: &[&str]| {
        watch(&stream, options).ends_with(0).json_lines().last().unwrap()["timings"]["objective_met"].clone()
    };
    assert_eq!(met(&[]), true);
    assert_eq!(met(&["--objective", "2.5"]), false);
    let state = path("watch-objective.json");
    watch("", &["--objective", "2.5", "--save", &state]).ends_with(0);
    assert_eq!(met(&["--restore", &state]), false);
    assert_eq!(met(&["--restore", &state, "--objective", "45"]), true);
    for wrong in ["-5", "0", "nan"] {
        let run = watch(&stream, &[&format!("--objective={wrong}")]);
        assert!(run.ends_with(2).err.contains("objective_s"), "{wrong}: {}", run.err);
    }
    watch(&stream, &["--objective", "soon"]).ends_with(2);
}

#[test]
fn bad_lines_are_told_and_nothing_else_is_lost() {
    let stream = textbook();
    let expected = watch(&stream.text(), &[]).ends_with(0).out.clone();
    let bad = [
        ("no record", "expected a JSON object"),
        (r#"{"status": 200, "time": "2026-11-20T12:00:00Z"}"#, "url: without the host"),
        (r#"{"verdict": {"class": "teapot"}, "url": "https://shop.example/"}"#, "teapot"),
        (r#"{"status": 200, "time": "noon", "url": "https://shop.example/"}"#, "2026-11-20T12:00:00Z"),
        (r#"{"status": 200, "vantage": {"network": "moon"}, "url": "https://shop.example/"}"#, "residential"),
        (r#"{"action": "stop"}"#, "url: without the host"),
    ];
    let mut lines = stream.lines.clone();
    for (at, (line, _)) in bad.iter().enumerate() {
        lines.insert(HEALTHY - 3 + at * 3, (*line).to_owned());
    }
    let run = watch(&lines.join("\n"), &[]);
    assert_eq!(run.ends_with(2).out, expected);
    for (at, (_, words)) in bad.iter().enumerate() {
        let line =
            run.err.lines().find(|line| line.contains(&format!("line {}, column", HEALTHY - 2 + at * 3)));
        assert!(line.is_some_and(|line| line.contains(words)), "{words} is not in:\n{}", run.err);
    }
    assert!(run.err.contains(&format!("6 of {} lines", lines.len())), "{}", run.err);
}

#[test]
fn records_without_an_answer_are_counted() {
    let mut stream = textbook();
    let expected = watch(&stream.text(), &[]).ends_with(0).out.clone();
    stream.lines.insert(HEALTHY + 4, json!({"id": "home", "vantage": home()}).to_string());
    stream.lines.insert(5, json!({"url": "https://shop.example/"}).to_string());
    stream.lines.insert(5, json!({"url": "https://shop.example/", "action": "stop"}).to_string());
    assert_eq!(watch(&stream.text(), &[]).ends_with(0).out, expected);
    let text = cfblock(&["watch"], stream.text().as_bytes());
    assert!(text.ends_with(0).out.contains("3 records without an answer"), "{}", text.out);
}

#[test]
fn times_may_be_missing_or_out_of_order() {
    let mut stream = textbook();
    for place in (0..stream.lines.len() - 4).step_by(5) {
        stream.lines.swap(place, place + 3);
    }
    let run = cfblock(&["watch"], stream.text().as_bytes());
    assert!(run.ends_with(0).out.contains("recovered: site_misconfigured, after_action"), "{}", run.out);
    assert!(run.out.contains("responses late"), "{}", run.out);

    // One clock that is wrong by years gives nothing up.
    let mut stream = textbook();
    let wrong = stream.lines[0].replace("2026-11-20", "2099-01-01").replace("shop.example", "other.example");
    stream.lines.insert(HEALTHY + 5, wrong);
    assert_eq!(kinds(&watch(&stream.text(), &[]).ends_with(0).json_lines()).last(), Some(&"recovered"));

    let untimed: String = textbook()
        .lines
        .iter()
        .map(|line| {
            let mut record: Value = serde_json::from_str(line).unwrap();
            let members = record.as_object_mut().unwrap();
            members.remove("time");
            members.remove("pipeline");
            record.to_string() + "\n"
        })
        .collect();
    let events = watch(&untimed, &[]).ends_with(0).json_lines();
    assert_eq!(events[0]["event"], "incident_opened");
    assert_eq!(events[0]["pipeline_id"], "default");
}

#[test]
fn an_event_is_written_as_soon_as_it_happens() {
    let file = path("watch-live.jsonl");
    fs::write(&file, textbook().text()).unwrap();
    let run = shell(&format!(
        "coproc cfblock watch --format jsonl -; cat {file} >&\"${{COPROC[1]}}\"; \
         read -r -t 30 line <&\"${{COPROC[0]}}\"; echo \"$line\"; kill $COPROC_PID"
    ));
    assert_eq!(run.json()["event"], "incident_opened", "{}", run.err);
}

#[test]
fn a_closed_pipe_ends_the_watch_and_saves() {
    let (file, state) = (path("watch-closed.jsonl"), path("watch-closed.json"));
    let _ = fs::remove_file(&state);
    fs::write(&file, textbook().text()).unwrap();
    let run = shell(&format!(
        "(while cat {file}; do :; done) 2>/dev/null | timeout 60 cfblock watch --format jsonl --save {state} \
         | head -1; echo \"${{PIPESTATUS[1]}}\""
    ));
    assert!(run.out.ends_with("\n0\n"), "{}{}", run.out, run.err);
    assert!(fs::metadata(&state).is_ok_and(|file| file.len() > 100));
}

#[test]
fn a_terminal_gets_a_table() {
    let file = path("watch-table.jsonl");
    fs::write(&file, textbook().text().replace("prices", "pri\\u001b[2Jces")).unwrap();
    let watch = |setting: &str, options: &str| {
        shell(&format!(
            "script -qec 'stty rows 20 cols 60; {setting} cfblock watch {options} {file}' /dev/null </dev/null"
        ))
    };
    let run = watch("TERM=xterm", "");
    for words in ["PIPELINE", "RESPONSES", "shop.example", "incident_opened", "\u{1b}[J", "1 opened"] {
        assert!(run.ends_with(0).out.contains(words), "{words:?} is not in:\n{}", run.out);
    }
    assert!(!run.out.contains("\u{1b}[2J"), "a record wrote to the terminal: {:?}", run.out);
    assert!(run.out.contains("\u{1b}[31m") && !watch("NO_COLOR=1 TERM=xterm", "").out.contains("\u{1b}[31m"));
    let table = |run: &super::binary::Run| run.out.contains("PIPELINE") || run.out.contains("\u{1b}[J");
    assert!(!table(&watch("TERM=dumb", "")));
    assert!(!table(&watch("TERM=xterm", "--format jsonl")));
    let last = run.out.rsplit("\u{1b}[J").next().unwrap();
    let widest = last.lines().map(|line| line.chars().filter(|c| !c.is_control()).count()).max();
    assert!(widest <= Some(60 + "[1m[31m[0m".len()), "{last:?}");
}

#[test]
fn wrong_use_is_refused() {
    for (arguments, words) in [
        (&["watch", "no-such-file.jsonl"][..], "no-such-file.jsonl"),
        (&["watch", "--format", "json"], "jsonl"),
        (&["watch", "--policy", "kind"], "kind"),
    ] {
        let run = cfblock(arguments, b"");
        assert!(run.ends_with(2).out.is_empty() && run.err.contains(words), "{}", run.err);
    }
    assert_eq!(watch("", &[]).ends_with(0).out, "");
}
