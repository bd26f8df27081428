//! What each path answers.

use std::collections::{BTreeSet, HashMap};
use std::io::{Read as _, Write as _};
use std::time::{Duration, Instant};

use cfblock_core::vocab::Network;
use fastrand::Rng;

use super::answer::{Answer, Cases};
use super::asked::Asked;
use super::named::named;
use crate::worlds::{Answers, World};

const PAGE: &str = "passed/cookies-on-good-page";
const REFUSED: &str = "access_denied/1020-errors-css-current-title";
const NULL_ROUTE: &str = "site_misconfigured/1002-current-html";

/// How long `/limited` refuses.
const WINDOW: Duration = Duration::from_secs(2);

/// How often one comes back to the waiting room before one is let in.
const RETURNS: u32 = 2;

/// The presets, and what they remember of earlier requests.
pub(super) struct Presets {
    /// Whether `/site/…` sends suspected bots to a dead address.
    pub(super) sick: bool,
    cases: Cases,
    /// Of the worlds; it takes a while to read.
    answers: Option<Answers>,
    given: World,
    rng: Rng,
    memory: Memory,
}

#[derive(Default)]
struct Memory {
    /// When the windows of `/limited` end.
    windows: HashMap<(String, String, Option<String>), Instant>,
    /// How often each ticket was shown.
    tickets: HashMap<String, u32>,
    /// What the sites have seen of suspected bots.
    suspects: HashMap<String, Suspects>,
    worlds: HashMap<String, Running>,
}

#[derive(Default)]
struct Suspects {
    asns: BTreeSet<u32>,
    fingerprints: BTreeSet<String>,
    sessions: BTreeSet<String>,
}

struct Running {
    world: World,
    rng: Rng,
    began: Instant,
}

impl Presets {
    pub(super) fn new(given: World) -> Self {
        let (cases, memory) = (Cases::default(), Memory::default());
        Self { sick: false, cases, answers: None, given, rng: Rng::with_seed(1), memory }
    }

    /// Forgets everything, as if the server had just been started.
    pub(super) fn reset(&mut self) {
        self.sick = false;
        self.memory = Memory::default();
    }

    /// The answer, and whether the request came too early.
    pub(super) fn answer(&mut self, asked: &Asked) -> (Answer, bool) {
        let inside = asked.path.strip_prefix('/').unwrap_or(&asked.path);
        let (preset, rest) = inside.split_once('/').unwrap_or((inside, ""));
        let answer = match preset {
            "ok" => self.page(asked),
            "blocked-1020" => self.case(REFUSED, asked),
            "limited" => return self.limited(asked),
            "challenge" => self.case("challenge/challenge-managed-2026", asked),
            "queue" => self.queue(asked),
            "null-route" => self.null_route(asked, true),
            "site" => self.null_route(asked, self.sick),
            "origin-403" => self.case("passed/origin-403-nginx", asked),
            "origin-503" => self.case("passed/origin-503-maintenance", asked),
            "about-1020" => self.case("passed/article-1020", asked),
            "gzip-block" => {
                let answer = self.case(REFUSED, asked);
                let body = gzip(&answer.body);
                answer.encoded("gzip", body)
            }
            "br-block" => {
                let answer = self.case(REFUSED, asked);
                let body = brotli(&answer.body);
                answer.encoded("br", body)
            }
            "world" => self.world(asked, rest),
            _ => Answer::text(404, "no such preset: see tests/edge-server.md"),
        };
        (answer, false)
    }

    fn case(&mut self, name: &'static str, asked: &Asked) -> Answer {
        self.cases.answer(name, &asked.host, &mut self.rng)
    }

    fn page(&mut self, asked: &Asked) -> Answer {
        let mut answer = self.case(PAGE, asked);
        // The case sets every cookie that there is, that of the waiting room among them.
        answer.headers.retain(|(name, _)| !name.eq_ignore_ascii_case(b"set-cookie"));
        answer
    }

    /// Refused until a window of two seconds is over, which the first request opens.
    fn limited(&mut self, asked: &Asked) -> (Answer, bool) {
        let now = Instant::now();
        let key = (asked.host.clone(), asked.path.clone(), asked.ip.clone());
        let known = self.memory.windows.get(&key).copied();
        let until = known.unwrap_or(now + WINDOW);
        if now >= until {
            return (self.page(asked), false);
        }
        self.memory.windows.insert(key, until);
        let wait = (until - now).as_secs_f64().ceil().to_string();
        let answer = self.case("rate_limited/1015-current-html", asked).header("retry-after", &wait);
        (answer, known.is_some())
    }

    /// Lets in whoever comes back twice with the same ticket.
    fn queue(&mut self, asked: &Asked) -> Answer {
        let known = asked.ticket.as_ref().and_then(|ticket| {
            let returns = self.memory.tickets.get_mut(ticket)?;
            *returns += 1;
            Some((ticket.clone(), *returns))
        });
        let ticket = match known {
            Some((_, returns)) if returns >= RETURNS => return self.page(asked),
            Some((ticket, _)) => ticket,
            None => {
                let ticket = format!("Chh{:016x}{:016x}", self.rng.u64(..), self.rng.u64(..));
                self.memory.tickets.insert(ticket.clone(), 0);
                ticket
            }
        };
        // Without a domain, so that clients keep it on loopback.
        let cookie = format!("__cfwaitingroom={ticket}; Path=/; HttpOnly; SameSite=Lax");
        self.case("waiting_room/waiting-room-html-200", asked).header("set-cookie", &cookie)
    }

    /// Sends suspected bots to a dead address, where the Worker is switched on.
    fn null_route(&mut self, asked: &Asked, switched_on: bool) -> Answer {
        let suspected = self.memory.suspects.entry(asked.host.clone()).or_default().suspect(asked);
        if suspected && switched_on { self.case(NULL_ROUTE, asked) } else { self.page(asked) }
    }

    /// `/world/…`, or `/world/NAME/…` and `/world/SEED/…`.
    fn world(&mut self, asked: &Asked, rest: &str) -> Answer {
        let (first, inside) = rest.split_once('/').unwrap_or((rest, ""));
        let chosen = named(first);
        let (key, path) = if chosen.is_some() { (first, inside) } else { ("", rest) };
        let given = &self.given;
        let running = self.memory.worlds.entry(key.to_owned()).or_insert_with(|| Running {
            world: chosen.unwrap_or_else(|| given.clone()),
            rng: Rng::with_seed(1),
            began: Instant::now(),
        });
        let from = asked.asker(&format!("/{path}"));
        let time = asked.world_time.unwrap_or_else(|| running.began.elapsed().as_secs_f64());
        let answers = self.answers.get_or_insert_with(Answers::load);
        Answer::new(running.world.answer(answers, &from, time, &mut running.rng), &mut self.rng)
    }
}

impl Suspects {
    /// Whether a request looks like a bot: it comes from no home, phone or
    /// office, or shares its network, handshake or session with one that did not.
    fn suspect(&mut self, asked: &Asked) -> bool {
        let human = [Network::Residential, Network::Mobile, Network::Corporate];
        if asked.network.is_some_and(|network| human.contains(&network)) {
            let seen = |values: &BTreeSet<String>, value: &Option<String>| {
                value.as_ref().is_some_and(|value| values.contains(value))
            };
            return asked.tls_fingerprint.is_none()
                || seen(&self.fingerprints, &asked.tls_fingerprint)
                || seen(&self.sessions, &asked.session)
                || asked.asn.is_some_and(|asn| self.asns.contains(&asn));
        }
        self.asns.extend(asked.asn);
        self.fingerprints.extend(asked.tls_fingerprint.clone());
        self.sessions.extend(asked.session.clone());
        true
    }
}

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    let written = encoder.write_all(body).and_then(|()| encoder.finish());
    written.expect("memory can be written to")
}

fn brotli(body: &[u8]) -> Vec<u8> {
    let mut coded = Vec::new();
    let read = brotli::CompressorReader::new(body, 4096, 5, 22).read_to_end(&mut coded);
    read.expect("memory can be read");
    coded
}
