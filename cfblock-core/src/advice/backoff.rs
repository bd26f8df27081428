//! How to space repeated attempts, in numbers that other libraries take.

use std::ops::RangeInclusive;

use serde::Serialize;
use serde_json::{Value, json};

/// How much longer each pause may be than the one before.
const FACTOR: u32 = 2;

/// The longest pause between two attempts, unless the site itself asks for more: an hour.
const CAP: u32 = 3_600;

/// How to space repeated attempts: exponential, with full jitter above a floor.
///
/// The pause after attempt *n* is drawn evenly from [`Backoff::range`]:
/// between `floor` and `base × factor^(n − 1)`, which is cut at `cap`. The
/// floor is what the site states or Cloudflare's documentation asks for, so
/// no draw comes back too soon; the jitter keeps workers from coming back
/// together.
///
/// The terms of other libraries:
///
/// | here | tenacity | Scrapy | got | reqwest-retry |
/// |---|---|---|---|---|
/// | `floor` | `wait_random_exponential(min=)` | half of a slot's `delay` | in `calculateDelay` | half of `min_retry_interval` |
/// | `base` | `multiplier=` | a slot's `delay` | in `calculateDelay` | `min_retry_interval` |
/// | `factor` | `exp_base=` | none | in `calculateDelay` | `base` |
/// | `cap` | `max=` | none | `backoffLimit`, `maxRetryAfter` | `max_retry_interval` |
/// | full jitter | always | `randomize_delay` | in `calculateDelay` | `Jitter::Bounded` |
/// | `max_attempts` | `stop_after_attempt` | `RETRY_TIMES` + 1 | `limit` + 1 | `build_with_max_retries` + 1 |
///
/// ```
/// use cfblock_core::triage::{triage, Context, Policy};
/// use cfblock_core::{classify, ResponseParts};
///
/// let down = classify(&ResponseParts::new().status(521).body(b"error code: 521"));
/// let advice = triage(&down, &Policy::full(), &Context::new());
/// let backoff = advice.steps[0].backoff.unwrap();
/// assert_eq!(backoff.range(1), 120..=240);
/// assert_eq!(backoff.range(3), 120..=960);
/// assert_eq!(backoff.tenacity()["wait_random_exponential"]["min"], 120);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct Backoff {
    /// The shortest pause, in seconds.
    pub floor: u32,
    /// The longest pause after the first attempt, in seconds.
    pub base: u32,
    /// By how much the longest pause grows with each attempt.
    pub factor: u32,
    /// What no pause exceeds, in seconds.
    pub cap: u32,
    /// How the pause is drawn: always `full`, evenly over the whole range.
    pub jitter: &'static str,
    /// How often the request is sent at most, the first time included.
    pub max_attempts: u32,
}

impl Backoff {
    /// Spaces attempts by at least `floor` seconds, which `longest` must not be below.
    pub(crate) fn new(floor: u32, longest: u32, max_attempts: u32) -> Self {
        let floor = floor.max(1);
        let longest = longest.max(floor);
        let base = floor.saturating_mul(FACTOR).min(longest);
        let cap = CAP.max(base).min(longest);
        Self { floor, base, factor: FACTOR, cap, jitter: "full", max_attempts: max_attempts.max(1) }
    }

    /// The pauses, in seconds, from which the one after this attempt is drawn evenly.
    #[must_use]
    pub fn range(&self, attempt: u32) -> RangeInclusive<u32> {
        let grown = self.factor.saturating_pow(attempt.saturating_sub(1)).saturating_mul(self.base);
        self.floor..=grown.min(self.cap).max(self.floor)
    }

    /// The pause after this attempt for a caller who draws no random number: it grows from `floor`.
    #[must_use]
    pub fn pause(&self, attempt: u32) -> u32 {
        let grown = self.factor.saturating_pow(attempt.saturating_sub(1)).saturating_mul(self.floor);
        grown.min(self.cap).max(self.floor)
    }

    /// The pause after this attempt, in seconds, for a random number from 0 to 1.
    #[must_use]
    pub fn draw(&self, attempt: u32, random: f64) -> f64 {
        let (low, high) = self.range(attempt).into_inner();
        f64::from(low) + f64::from(high - low) * random.clamp(0.0, 1.0)
    }

    /// The arguments of tenacity's `wait_random_exponential` and `stop_after_attempt`.
    #[must_use]
    pub fn tenacity(&self) -> Value {
        json!({
            "wait_random_exponential": {
                "multiplier": self.base,
                "exp_base": self.factor,
                "min": self.floor,
                "max": self.cap,
            },
            "stop_after_attempt": self.max_attempts,
        })
    }

    /// Settings of Scrapy for this host, or for every host where none is given.
    ///
    /// Scrapy does not lengthen its pauses. These keep the host's slot to one
    /// request at a time, no sooner than `floor` after the last.
    #[must_use]
    pub fn scrapy(&self, host: Option<&str>) -> Value {
        let retries = self.max_attempts - 1;
        let delay = self.floor.saturating_mul(2);
        match host {
            Some(host) => json!({
                "RETRY_TIMES": retries,
                "DOWNLOAD_SLOTS": { host: { "concurrency": 1, "delay": delay, "randomize_delay": true } },
            }),
            None => json!({
                "RETRY_TIMES": retries,
                "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
                "DOWNLOAD_DELAY": delay,
                "RANDOMIZE_DOWNLOAD_DELAY": true,
            }),
        }
    }

    /// The option `retry` of got; `calculateDelay` is the source of a function.
    #[must_use]
    pub fn got(&self) -> Value {
        let (floor, base, factor, cap) = (self.floor, self.base, self.factor, self.cap);
        let milliseconds = |seconds: u32| u64::from(seconds) * 1000;
        json!({
            "limit": self.max_attempts - 1,
            "backoffLimit": milliseconds(cap),
            "maxRetryAfter": milliseconds(cap),
            "calculateDelay": format!(
                "({{attemptCount, computedValue}}) => computedValue && 1000 * ({floor} + Math.random() * \
                 (Math.min({cap}, {base} * {factor} ** (attemptCount - 1)) - {floor}))"
            ),
        })
    }

    /// The calls on the builder of reqwest-retry's `ExponentialBackoff`.
    ///
    /// `Jitter::Bounded` draws no less than half of `min_retry_interval`,
    /// which is `floor`.
    #[must_use]
    pub fn reqwest_retry(&self) -> Value {
        let roomy = self.base >= self.floor.saturating_mul(2);
        json!({
            "retry_bounds": { "min_retry_interval": self.base, "max_retry_interval": self.cap },
            "base": self.factor,
            "jitter": if roomy { "Bounded" } else { "None" },
            "build_with_max_retries": self.max_attempts - 1,
        })
    }
}
