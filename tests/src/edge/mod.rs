//! A server on loopback that answers as Cloudflare's edge does, for tests with real clients.
//!
//! What it serves is described in `tests/edge-server.md`.

mod answer;
mod asked;
mod named;
mod presets;

use std::collections::BTreeMap;
use std::io::{self, Cursor};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use serde_json::json;
use tiny_http::{Header, Method, Request, Response, Server, StatusCode};

use crate::worlds::World;
use answer::Answer;
use asked::Asked;
pub use named::{NAMES, named};
use presets::Presets;

const WORKERS: usize = 4;

/// A running server. It stops when it is dropped.
#[derive(Debug)]
pub struct Edge {
    url: String,
    inner: Arc<Inner>,
    workers: Vec<JoinHandle<()>>,
}

struct Inner {
    server: Server,
    state: Mutex<State>,
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Inner").finish_non_exhaustive()
    }
}

/// What is counted, and what the presets keep.
struct State {
    requests: BTreeMap<String, u64>,
    early_retries: BTreeMap<String, u64>,
    presets: Presets,
}

impl Edge {
    /// Listens on a port of 127.0.0.1, any free one for 0. The world is what `/world/…` answers.
    pub fn start(port: u16, world: World) -> io::Result<Self> {
        let server = Server::http(("127.0.0.1", port)).map_err(io::Error::other)?;
        let address = server.server_addr().to_ip().ok_or_else(|| io::Error::other("no address"))?;
        let state =
            State { requests: BTreeMap::new(), early_retries: BTreeMap::new(), presets: Presets::new(world) };
        let inner = Arc::new(Inner { server, state: Mutex::new(state) });
        let workers = (0..WORKERS).map(|_| {
            let inner = Arc::clone(&inner);
            thread::spawn(move || inner.work())
        });
        Ok(Self { url: format!("http://{address}"), workers: workers.collect(), inner })
    }

    /// Such as `http://127.0.0.1:40123`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Serves until the process ends.
    pub fn serve(mut self) {
        for worker in self.workers.drain(..) {
            let _ = worker.join();
        }
    }
}

impl Drop for Edge {
    fn drop(&mut self) {
        for _ in &self.workers {
            self.inner.server.unblock();
        }
        for worker in self.workers.drain(..) {
            let _ = worker.join();
        }
    }
}

impl Inner {
    fn work(&self) {
        while let Ok(request) = self.server.recv() {
            let answer = self.answer(&request);
            // A client that has gone away is no fault of the server.
            let _ = request.respond(sendable(answer));
        }
    }

    fn answer(&self, request: &Request) -> Answer {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let (path, query) = request.url().split_once('?').unwrap_or((request.url(), ""));
        if path.starts_with("/__") {
            return state.control(request.method(), path, query);
        }
        *state.requests.entry(path.to_owned()).or_default() += 1;
        match Asked::read(path, request.headers()) {
            Ok(asked) => {
                let (answer, early) = state.presets.answer(&asked);
                if early {
                    *state.early_retries.entry(path.to_owned()).or_default() += 1;
                }
                answer
            }
            Err(message) => Answer::text(400, &message),
        }
    }
}

impl State {
    fn control(&mut self, method: &Method, path: &str, query: &str) -> Answer {
        match (method, path, query) {
            (Method::Get, "/__count", _) => Answer::json(&json!({
                "requests": self.requests,
                "early_retries": self.early_retries,
                "sick": self.presets.sick,
            })),
            (Method::Post, "/__reset", _) => {
                self.requests.clear();
                self.early_retries.clear();
                self.presets.reset();
                Answer::json(&json!({"reset": true}))
            }
            (Method::Post, "/__sick", "on=1" | "on=0") => {
                self.presets.sick = query == "on=1";
                Answer::json(&json!({"sick": self.presets.sick}))
            }
            (_, "/__count" | "/__reset" | "/__sick", _) => {
                Answer::text(405, "GET /__count, POST /__reset, POST /__sick?on=1, POST /__sick?on=0")
            }
            _ => Answer::text(404, "no such control"),
        }
    }
}

fn sendable(answer: Answer) -> Response<Cursor<Vec<u8>>> {
    let headers =
        answer.headers.iter().filter_map(|(name, value)| Header::from_bytes(&name[..], &value[..]).ok());
    let length = answer.body.len();
    Response::new(StatusCode(answer.status), headers.collect(), Cursor::new(answer.body), Some(length), None)
        .with_chunked_threshold(usize::MAX)
}
