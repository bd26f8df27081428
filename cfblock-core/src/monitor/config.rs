//! What a monitor is set to.

use serde::{Deserialize, Serialize};

use super::hosts::Hosts;

/// What a [`Monitor`](super::Monitor) is set to.
///
/// ```
/// use cfblock_core::{Monitor, MonitorConfig};
///
/// let mut config = MonitorConfig::default();
/// config.objective_s = 30.0;
/// assert!(Monitor::new(config.clone()).is_ok());
///
/// config.give_up_s = -1.0;
/// let error = Monitor::new(config).unwrap_err();
/// assert_eq!(error.to_string(), "give_up_s is -1, expected a number of seconds above 0");
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct MonitorConfig {
    /// A false incident is opened at most once in so many responses.
    pub responses_per_false_alarm: f64,
    /// Over how many responses of a host a baseline averages.
    pub baseline_responses: u16,
    /// In how many seconds a change should be found, acted on and over.
    pub objective_s: f64,
    /// After how many seconds without recovery an incident is given up, counted from the latest action.
    pub give_up_s: f64,
    /// How many hosts are remembered; those that were not seen for the longest leave.
    pub max_hosts: u32,
    /// How many incidents can be open at the same time; the longest open one makes room.
    pub max_incidents: u32,
    /// Makes it impossible to choose host names that share a memory, where it is kept secret.
    pub hash_seed: u64,
}

impl Default for MonitorConfig {
    fn default() -> Self {
        Self {
            responses_per_false_alarm: 1e6,
            baseline_responses: 20_000,
            objective_s: 45.0,
            give_up_s: 900.0,
            max_hosts: 1_000_000,
            max_incidents: 10_000,
            hash_seed: 0,
        }
    }
}

/// A setting that a monitor cannot work with.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{member} is {found}, expected {expected}")]
#[non_exhaustive]
pub struct ConfigError {
    /// The setting, by its name.
    pub member: &'static str,
    /// What it was set to.
    pub found: String,
    /// What it may be set to.
    pub expected: &'static str,
}

impl MonitorConfig {
    /// Whether a monitor can work with it.
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let seconds = "a number of seconds above 0";
        let is_time = |seconds: f64| seconds.is_finite() && seconds > 0.0;
        expect(
            "responses_per_false_alarm",
            self.responses_per_false_alarm,
            "a number from 10 to 1e12",
            |found| (10.0..=1e12).contains(&found),
        )?;
        expect("baseline_responses", self.baseline_responses, "a number from 100 to 65535", |found| {
            found >= 100
        })?;
        expect("objective_s", self.objective_s, seconds, is_time)?;
        expect("give_up_s", self.give_up_s, seconds, is_time)?;
        expect("max_hosts", self.max_hosts, "a number from 2 to 134217727", |found| {
            (2..=Hosts::MOST).contains(&found)
        })?;
        expect("max_incidents", self.max_incidents, "a number above 0", |found| found > 0)
    }

    /// How many incidents can be open: they keep their hosts, and one host has to be left to make room.
    pub(super) fn most_open(&self) -> u32 {
        self.max_incidents.min(self.max_hosts - 1)
    }
}

fn expect<T: Copy + ToString>(
    member: &'static str,
    found: T,
    expected: &'static str,
    fits: impl Fn(T) -> bool,
) -> Result<(), ConfigError> {
    if fits(found) { Ok(()) } else { Err(ConfigError { member, found: found.to_string(), expected }) }
}
