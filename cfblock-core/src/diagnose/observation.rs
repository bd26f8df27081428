//! What was seen from a vantage, and what could still be looked at.

use serde::Deserialize;

use super::vantage::{Opaque, Vantage};
use crate::fields::Timestamp;
use crate::signals::{host_of, path_of};
use crate::verdict::Verdict;

/// A verdict with the vantage from which it was obtained.
///
/// An observation without a vantage still counts: it says how often the site
/// fails, but not for whom.
///
/// As JSON it is a record of which somebody classified the response already.
/// Of a `url` the host and the path are kept.
///
/// ```
/// use cfblock_core::{Observation, Scope, diagnose, ProbeLimits};
///
/// let seen: Vec<Observation> = serde_json::from_str(
///     r#"[{"id": 1, "verdict": {"error_code": 1002}, "vantage": {"network": "datacenter"}},
///         {"id": 2, "verdict": {"class": "passed", "status": 200}, "vantage": {"network": "residential"}}]"#,
/// )?;
/// assert_eq!(diagnose(&seen, &[], &ProbeLimits::full()).scope, Scope::Targeted);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(from = "ObservationRecord")]
#[non_exhaustive]
pub struct Observation {
    /// The caller's own name for it.
    pub id: Option<Opaque>,
    /// What the response said.
    pub verdict: Verdict,
    /// From where it was asked for, and as whom.
    pub vantage: Vantage,
    /// The path that was asked for, without its query.
    pub path: Option<Box<str>>,
    /// The host that was asked.
    pub host: Option<Box<str>>,
    /// When the response came, in seconds since 1970-01-01T00:00:00Z.
    ///
    /// If all observations have one, they are put in this order; otherwise
    /// they count in the order in which they are given.
    pub time: Option<i64>,
}

impl Observation {
    /// An observation of which only the verdict is known.
    #[must_use]
    pub fn new(verdict: Verdict) -> Self {
        let host = verdict.host.as_deref().map(Into::into);
        Self { id: None, verdict, vantage: Vantage::default(), path: None, host, time: None }
    }

    /// Sets the caller's own name for it.
    #[must_use]
    pub fn id(mut self, id: impl Into<Opaque>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// Sets the vantage.
    #[must_use]
    pub fn vantage(mut self, vantage: Vantage) -> Self {
        self.vantage = vantage;
        self
    }

    /// Sets host and path by the address that was asked.
    #[must_use]
    pub fn url(mut self, url: &str) -> Self {
        (self.host, self.path) = split(url);
        self
    }

    /// Sets the time, in seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn time(mut self, seconds: i64) -> Self {
        self.time = Some(seconds);
        self
    }
}

/// A probe that could still be made: a vantage, and a path on the same host.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(from = "CandidateRecord")]
#[non_exhaustive]
pub struct Candidate {
    /// The caller's own name for it, by which the diagnosis asks for it.
    pub id: Opaque,
    /// From where it would be asked, and as whom.
    pub vantage: Vantage,
    /// The path that would be asked for; `None` for the one that failed.
    pub path: Option<Box<str>>,
}

impl Candidate {
    /// A probe from this vantage, for the path that failed.
    #[must_use]
    pub fn new(id: impl Into<Opaque>, vantage: Vantage) -> Self {
        Self { id: id.into(), vantage, path: None }
    }

    /// Sets the path by the address that would be asked.
    #[must_use]
    pub fn url(mut self, url: &str) -> Self {
        self.path = split(url).1;
        self
    }
}

/// Host, in lower case, and path of a URL.
fn split(url: &str) -> (Option<Box<str>>, Option<Box<str>>) {
    let text = |bytes: &[u8]| std::str::from_utf8(bytes).ok().map(Box::from);
    let host = host_of(url.as_bytes()).and_then(|host| text(&host.to_ascii_lowercase()));
    let path = match path_of(url.as_bytes()) {
        b"" => host.is_some().then(|| Box::from("/")),
        path => text(path),
    };
    (host, path)
}

#[derive(Deserialize)]
struct ObservationRecord {
    id: Option<Opaque>,
    verdict: Verdict,
    vantage: Option<Vantage>,
    url: Option<Box<str>>,
    time: Option<Timestamp>,
}

impl From<ObservationRecord> for Observation {
    fn from(record: ObservationRecord) -> Self {
        let mut observation = Self::new(record.verdict).vantage(record.vantage.unwrap_or_default());
        if let Some(url) = &record.url {
            observation = observation.url(url);
        }
        Self { id: record.id, time: record.time.map(unix_seconds), ..observation }
    }
}

#[derive(Deserialize)]
struct CandidateRecord {
    id: Opaque,
    vantage: Vantage,
    url: Option<Box<str>>,
}

impl From<CandidateRecord> for Candidate {
    fn from(record: CandidateRecord) -> Self {
        let candidate = Self::new(record.id, record.vantage);
        match &record.url {
            Some(url) => candidate.url(url),
            None => candidate,
        }
    }
}

/// Seconds since 1970, in the Gregorian calendar.
fn unix_seconds(time: Timestamp) -> i64 {
    let number = |from: usize, to: usize| -> i64 {
        time.as_str().get(from..to).and_then(|digits| digits.parse().ok()).unwrap_or_default()
    };
    let (year, month, day) = (number(0, 4), number(5, 7), number(8, 10));
    // Years that begin in March put the leap day last.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    let days = year * 365 + leap_days + (month * 153 + 2) / 5 + day - 1 - 719_468;
    days * 86_400 + number(11, 13) * 3_600 + number(14, 16) * 60 + number(17, 19)
}

#[cfg(test)]
mod tests {
    use super::unix_seconds;

    #[test]
    fn times_become_seconds_since_1970() {
        let seconds = |text: &str| text.parse().map(unix_seconds);
        assert_eq!(seconds("1970-01-01T00:00:00Z"), Ok(0));
        assert_eq!(seconds("2000-02-29T23:59:59Z"), Ok(951_868_799));
        assert_eq!(seconds("2026-11-20T12:00:00Z"), Ok(1_795_176_000));
    }
}
