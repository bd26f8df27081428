//! Who asks: the places and clients that a world knows.

use cfblock_core::vocab::{Attribute, Network};
use cfblock_core::{NextProbe, Opaque, Vantage};
use fastrand::Rng;

pub(super) const COUNTRIES: [&str; 12] =
    ["AU", "BR", "DE", "ES", "FR", "GB", "IN", "JP", "NL", "PL", "US", "ZA"];

/// Handshakes of HTTP libraries, then those of browsers.
pub(super) const FINGERPRINTS: [&str; 9] =
    ["curl", "python", "go", "java", "node", "php", "chromium", "firefox", "safari"];

/// The place in [`FINGERPRINTS`] from which on they are those of browsers.
pub(super) const BROWSERS: usize = 6;

pub(super) const USER_AGENTS: [&str; 9] = [
    "curl/8.9.1",
    "python-requests/2.32.3",
    "Go-http-client/2.0",
    "Java/21.0.4",
    "node",
    "ExampleBot/1.4 (+https://bot.example/about)",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_6) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15",
];

pub(super) const PATHS: [&str; 12] = [
    "/",
    "/about",
    "/shop/",
    "/shop/boots",
    "/shop/tents",
    "/search",
    "/news/",
    "/news/autumn",
    "/api/v1/items",
    "/api/v1/prices",
    "/account/login",
    "/account/orders",
];

/// How many networks of each kind a country has, and how many blocks of addresses each network.
const NETWORKS: u32 = 4;
const BLOCKS: u32 = 8;

/// One request's origin and client, down to the last attribute.
#[derive(Clone, Debug, PartialEq)]
pub struct Asker {
    pub network: Network,
    pub asn: u32,
    pub country: String,
    pub ip: String,
    pub tls_fingerprint: String,
    pub user_agent: String,
    pub http_version: String,
    pub browser: bool,
    pub session: String,
    pub rate: f64,
    pub path: String,
}

impl Asker {
    /// A program somewhere, mostly on a server.
    pub fn random(rng: &mut Rng) -> Self {
        let kinds = [
            (60, Network::Datacenter),
            (12, Network::Residential),
            (13, Network::Corporate),
            (10, Network::Vpn),
            (5, Network::Mobile),
        ];
        let network = pick_weighted(rng, &kinds);
        let country = COUNTRIES[rng.usize(..COUNTRIES.len())].to_owned();
        let tool = rng.usize(..BROWSERS);
        let disguised = rng.f64() < 0.4;
        let user_agent = if disguised { BROWSERS + rng.usize(..3) } else { tool };
        let mut asker = Self {
            network,
            asn: 0,
            country,
            ip: String::new(),
            tls_fingerprint: FINGERPRINTS[tool].to_owned(),
            user_agent: USER_AGENTS[user_agent].to_owned(),
            http_version: "2".to_owned(),
            browser: false,
            session: "session-0".to_owned(),
            rate: 10_f64.powf(rng.f64() * 1.6 - 0.3),
            path: PATHS[rng.usize(..PATHS.len())].to_owned(),
        };
        asker.rate = (asker.rate * 100.0).round() / 100.0;
        asker.asn = asn(&asker.country, network, rng.u32(..NETWORKS));
        asker.ip = address(asker.asn, rng);
        asker
    }

    /// What the caller can tell about the request.
    #[must_use]
    pub fn vantage(&self) -> Vantage {
        Vantage::new()
            .network(self.network)
            .asn(self.asn)
            .country(self.country.as_str())
            .ip(self.ip.as_str())
            .tls_fingerprint(self.tls_fingerprint.as_str())
            .user_agent(self.user_agent.as_str())
            .http_version(self.http_version.as_str())
            .browser(self.browser)
            .session(self.session.as_str())
            .rate(self.rate)
    }
}

/// Carries out what a diagnosis asks for, as somebody with many networks and clients at hand would.
#[derive(Debug)]
pub struct Prober {
    base: Asker,
    used: Vec<Asker>,
    rng: Rng,
}

impl Prober {
    #[must_use]
    pub fn new(base: Asker, seed: u64) -> Self {
        Self { used: vec![base.clone()], base, rng: Rng::with_seed(seed) }
    }

    /// The request that a probe describes.
    ///
    /// # Panics
    /// Where the diagnosis asks for what nobody can do.
    pub fn follow(&mut self, probe: &NextProbe) -> Asker {
        let vary = probe.vary.as_ref().expect("without candidates a probe varies something");
        let mut asker = self.base.clone();
        let get = |attribute| vary.get(attribute).map(Opaque::to_string);
        if let Some(network) = get(Attribute::Network) {
            asker.network = network.parse().expect("a kind of network");
        }
        if get(Attribute::Country).is_some() {
            self.other_country(&mut asker);
        }
        let moved = [Attribute::Network, Attribute::Country, Attribute::Asn];
        if moved.iter().any(|attribute| get(*attribute).is_some()) {
            self.other_network(&mut asker);
        } else if get(Attribute::Ip).is_some() {
            asker.ip = self.other(|rng| address(asker.asn, rng), |used| used.ip.clone());
        }
        if get(Attribute::Browser).is_some() {
            self.real_browser(&mut asker);
        }
        if get(Attribute::TlsFingerprint).is_some() {
            asker.tls_fingerprint =
                self.other(|rng| FINGERPRINTS[client(rng)].to_owned(), |used| used.tls_fingerprint.clone());
        }
        if get(Attribute::UserAgent).is_some() {
            asker.user_agent =
                self.other(|rng| USER_AGENTS[client(rng)].to_owned(), |used| used.user_agent.clone());
        }
        if get(Attribute::Session).is_some() {
            self.other_session(&mut asker);
        }
        if get(Attribute::Path).is_some() {
            asker.path =
                self.other(|rng| PATHS[rng.usize(..PATHS.len())].to_owned(), |used| used.path.clone());
        }
        if let Some(rate) = get(Attribute::Rate) {
            asker.rate = rate.parse().expect("a rate is a number");
        }
        self.used.push(asker.clone());
        asker
    }

    /// The order in which people try: another browser, a mobile network, a VPN in another country, a new address.
    pub fn fixed(&mut self, turn: u32) -> Asker {
        let mut asker = self.base.clone();
        match turn % 4 {
            0 => self.real_browser(&mut asker),
            1 => {
                asker.network = Network::Mobile;
                self.other_network(&mut asker);
            }
            2 => {
                asker.network = Network::Vpn;
                self.other_country(&mut asker);
                self.other_network(&mut asker);
            }
            _ => asker.ip = self.other(|rng| address(asker.asn, rng), |used| used.ip.clone()),
        }
        self.used.push(asker.clone());
        asker
    }

    fn other_country(&mut self, asker: &mut Asker) {
        asker.country =
            self.other(|rng| COUNTRIES[rng.usize(..COUNTRIES.len())].to_owned(), |used| used.country.clone());
    }

    /// Another network of the asker's kind, in the asker's country.
    fn other_network(&mut self, asker: &mut Asker) {
        let (country, network) = (asker.country.clone(), asker.network);
        asker.asn = self.other(|rng| asn(&country, network, rng.u32(..NETWORKS)), |used| used.asn);
        asker.ip = address(asker.asn, &mut self.rng);
    }

    fn other_session(&mut self, asker: &mut Asker) {
        asker.session = format!("session-{}", self.used.len());
    }

    fn real_browser(&mut self, asker: &mut Asker) {
        let browser = BROWSERS + self.rng.usize(..3);
        asker.browser = true;
        FINGERPRINTS[browser].clone_into(&mut asker.tls_fingerprint);
        USER_AGENTS[browser].clone_into(&mut asker.user_agent);
        self.other_session(asker);
    }

    /// A value that was not used yet, or at least not the failing one.
    fn other<T: PartialEq>(&mut self, mut draw: impl FnMut(&mut Rng) -> T, of: impl Fn(&Asker) -> T) -> T {
        for _ in 0..40 {
            let value = draw(&mut self.rng);
            if self.used.iter().all(|used| of(used) != value) {
                return value;
            }
        }
        let base = of(&self.base);
        loop {
            let value = draw(&mut self.rng);
            if value != base {
                return value;
            }
        }
    }
}

/// Whoever tries another client tries a browser's first.
fn client(rng: &mut Rng) -> usize {
    if rng.f64() < 0.75 { BROWSERS + rng.usize(..3) } else { rng.usize(..BROWSERS) }
}

/// The number of a network, from the range for private use.
pub(super) fn asn(country: &str, network: Network, number: u32) -> u32 {
    let country = COUNTRIES.iter().position(|known| *known == country).unwrap_or_default();
    let place = u32::try_from(country * Network::ALL.len()).unwrap_or_default() + network as u32;
    64_512 + place * NETWORKS + number
}

/// An address of a network, from the range for documentation.
fn address(asn: u32, rng: &mut Rng) -> String {
    format!("2001:db8:{asn:x}:{:x}::{:x}", rng.u32(..BLOCKS), 1 + rng.u32(..0xffff))
}

/// Whether a fingerprint or a User-Agent is one of a browser.
pub(super) fn looks_like_a_browser(text: &str) -> bool {
    FINGERPRINTS[BROWSERS..].contains(&text) || text.starts_with("Mozilla/")
}

/// One of several, by weight.
///
/// # Panics
/// Where there is nothing to pick from.
pub(super) fn pick_weighted<T: Clone>(rng: &mut Rng, choices: &[(u32, T)]) -> T {
    let mut left = rng.u32(..choices.iter().map(|(weight, _)| *weight).sum::<u32>());
    for (weight, choice) in choices {
        match left.checked_sub(*weight) {
            Some(rest) => left = rest,
            None => return choice.clone(),
        }
    }
    unreachable!("the weights were summed")
}
