//! A server on loopback that answers as Cloudflare's edge does, for tests with real clients.
//!
//! What it serves is described in `tests/edge-server.md`.

mod answer;
mod asked;
mod named;
mod presets;

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::io;
use std::net;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::LocalSet;

use crate::worlds::World;
use answer::Answer;
use asked::Asked;
pub use named::{NAMES, named};
use presets::Presets;

/// A running server. It stops when it is dropped.
#[derive(Debug)]
pub struct Edge {
    url: String,
    stop: Option<oneshot::Sender<()>>,
    server: Option<JoinHandle<()>>,
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
        let listener = net::TcpListener::bind(("127.0.0.1", port))?;
        listener.set_nonblocking(true)?;
        let url = format!("http://{}", listener.local_addr()?);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
        let state =
            State { requests: BTreeMap::new(), early_retries: BTreeMap::new(), presets: Presets::new(world) };
        let listener = {
            let _context = runtime.enter();
            TcpListener::from_std(listener)?
        };
        let (stop, stopped) = oneshot::channel();
        let server = thread::spawn(move || {
            LocalSet::new().block_on(&runtime, async {
                tokio::task::spawn_local(accept(listener, Arc::new(Mutex::new(state))));
                // An error means that the sender is gone, which is the same.
                let _ = stopped.await;
            });
        });
        Ok(Self { url, stop: Some(stop), server: Some(server) })
    }

    /// Such as `http://127.0.0.1:40123`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Serves until the process ends.
    pub fn serve(mut self) {
        if let Some(server) = self.server.take() {
            let _ = server.join();
        }
    }
}

impl Drop for Edge {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(server) = self.server.take() {
            let _ = server.join();
        }
    }
}

async fn accept(listener: TcpListener, state: Arc<Mutex<State>>) {
    loop {
        // A client that has gone away is no fault of the server.
        let Ok((stream, _)) = listener.accept().await else { continue };
        let state = Arc::clone(&state);
        let service = service_fn(move |request: Request<Incoming>| {
            let answer = state.lock().unwrap_or_else(PoisonError::into_inner).answer(&request);
            async { Ok::<_, Infallible>(sendable(answer)) }
        });
        let connection =
            http1::Builder::new().title_case_headers(true).serve_connection(TokioIo::new(stream), service);
        tokio::task::spawn_local(async {
            let _ = connection.await;
        });
    }
}

impl State {
    fn answer<B>(&mut self, request: &Request<B>) -> Answer {
        let path = request.uri().path();
        if path.starts_with("/__") {
            return self.control(request.method(), path, request.uri().query().unwrap_or_default());
        }
        *self.requests.entry(path.to_owned()).or_default() += 1;
        match Asked::read(path, request.headers()) {
            Ok(asked) => {
                let (answer, early) = self.presets.answer(&asked);
                if early {
                    *self.early_retries.entry(path.to_owned()).or_default() += 1;
                }
                answer
            }
            Err(message) => Answer::text(400, &message),
        }
    }

    fn control(&mut self, method: &Method, path: &str, query: &str) -> Answer {
        match (method, path, query) {
            (&Method::GET, "/__count", _) => Answer::json(&json!({
                "requests": self.requests,
                "early_retries": self.early_retries,
                "sick": self.presets.sick,
            })),
            (&Method::POST, "/__reset", _) => {
                self.requests.clear();
                self.early_retries.clear();
                self.presets.reset();
                Answer::json(&json!({"reset": true}))
            }
            (&Method::POST, "/__sick", "on=1" | "on=0") => {
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

fn sendable(answer: Answer) -> Response<Full<Bytes>> {
    let mut headers = HeaderMap::new();
    for (name, value) in &answer.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name), HeaderValue::from_bytes(value)) {
            headers.append(name, value);
        }
    }
    let mut response = Response::new(Full::from(answer.body));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    *response.headers_mut() = headers;
    response
}
