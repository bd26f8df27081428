//! `--save` and `--restore`: everything that is known, in one file.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write as _};
use std::path::{Path, PathBuf};

use cfblock_core::{Monitor, MonitorConfig, MonitorState, ProbeLimits};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::case::Case;
use super::engine::Watch;
use super::usual::Pipelines;
use crate::failure::Failure;

/// What the command knows beside the monitor: whoever reads a saved monitor alone may leave it out.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Beside {
    pipelines: Pipelines,
    cases: Vec<(String, String, Case)>,
}

#[derive(Serialize)]
struct Saved<'a> {
    #[serde(flatten)]
    monitor: MonitorState,
    pipelines: &'a Pipelines,
    cases: Vec<(&'a str, &'a str, &'a Case)>,
}

/// Starts anew, or where a saved state ends.
pub(super) fn start(
    saved: Option<&Path>,
    objective: Option<f64>,
    limits: ProbeLimits,
) -> Result<Watch, Failure> {
    let mut config = MonitorConfig::default();
    if let Some(seconds) = objective {
        config.objective_s = seconds;
    }
    let monitor = Monitor::new(config).map_err(|error| Failure::Objective(error.to_string()))?;
    match saved {
        None => Ok(Watch::new(monitor, limits)),
        Some(path) => restore(path, objective, limits),
    }
}

fn restore(path: &Path, objective: Option<f64>, limits: ProbeLimits) -> Result<Watch, Failure> {
    let refuse = |message: String| Failure::State { path: path.to_owned(), message };
    let mut text = String::new();
    crate::input::open_file(path)
        .and_then(|mut file| file.read_to_string(&mut text))
        .map_err(|error| refuse(error.to_string()))?;
    let no_state = |error: serde_json::Error| refuse(format!("it is no saved state: {error}"));
    let state = match objective {
        None => serde_json::from_str(&text).map_err(no_state)?,
        Some(seconds) => with_objective(&text, seconds).map_err(no_state)?,
    };
    let monitor = Monitor::restore(state).map_err(|error| refuse(error.to_string()))?;
    let beside: Beside = serde_json::from_str(&text).map_err(no_state)?;
    let mut watch = Watch::new(monitor, limits);
    watch.pipelines = beside.pipelines;
    let mut cases: HashMap<_, _> =
        beside.cases.into_iter().map(|(pipeline, host, case)| ((pipeline, host), case)).collect();
    // A state that somebody else saved knows incidents, but not what was seen of them.
    for incident in watch.monitor.incidents() {
        let key = (incident.pipeline_id.clone(), incident.host.clone());
        let case = cases.remove(&key).unwrap_or_default();
        watch.cases.insert(key, case);
    }
    Ok(watch)
}

/// The saved state with another objective than it was saved with.
fn with_objective(text: &str, seconds: f64) -> Result<MonitorState, serde_json::Error> {
    let mut value: Value = serde_json::from_str(text)?;
    if let Some(config) = value.pointer_mut("/watched/config").and_then(Value::as_object_mut) {
        config.insert("objective_s".to_owned(), seconds.into());
    }
    serde_json::from_value(value)
}

/// Saves everything. What was saved before stays until the new state is complete.
pub(super) fn save(watch: &Watch, path: &Path) -> Result<(), Failure> {
    write(watch, path).map_err(|error| Failure::NotSaved { path: path.to_owned(), error })
}

fn write(watch: &Watch, path: &Path) -> io::Result<()> {
    let mut cases: Vec<_> =
        watch.cases.iter().map(|((pipeline, host), case)| (pipeline.as_str(), host.as_str(), case)).collect();
    cases.sort_by_key(|(pipeline, host, _)| (*pipeline, *host));
    let saved = Saved { monitor: watch.monitor.save(), pipelines: &watch.pipelines, cases };
    let is_file = fs::metadata(path).map_or(true, |known| known.is_file());
    let target = if is_file { beside(path) } else { path.to_owned() };
    let mut file = BufWriter::new(File::create(&target)?);
    serde_json::to_writer(&mut file, &saved)?;
    file.write_all(b"\n")?;
    file.flush()?;
    if is_file { fs::rename(&target, path) } else { Ok(()) }
}

/// A file beside another one, to be moved over it.
fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    path.with_file_name(name)
}
