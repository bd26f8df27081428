//! What a monitor and a tally know, in a form that can be stored.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Error, IgnoredAny, MapAccess, Visitor};
use serde::ser::SerializeStruct;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::detector::Cell;
use super::hosts::Turns;
use super::{Counted, Incident, Monitor, MonitorConfig};
use crate::monitor::ConfigError;
use crate::vocab::Class;

/// A saved state that cannot be taken up again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StateError {
    /// It was saved by a version that stores other things.
    #[error("the saved state has version {found}, this is version {expected}")]
    Version {
        /// The version of the state.
        found: u32,
        /// The version that can be read.
        expected: u32,
    },
    /// Its settings are none that a monitor can have.
    #[error("the saved state is damaged: {0}")]
    Config(#[from] ConfigError),
    /// Its parts do not fit together.
    #[error("the saved state is damaged: {0}")]
    Damaged(&'static str),
}

/// Something to be stored, which is read back only where its version is the present one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Versioned<T, const VERSION: u32> {
    version: u32,
    content: Option<T>,
}

impl<T, const VERSION: u32> Versioned<T, VERSION> {
    pub(super) fn new(content: T) -> Self {
        Self { version: VERSION, content: Some(content) }
    }

    pub(super) fn open(self) -> Result<T, StateError> {
        let other = StateError::Version { found: self.version, expected: VERSION };
        self.content.filter(|_| self.version == VERSION).ok_or(other)
    }
}

impl<T: Serialize, const VERSION: u32> Serialize for Versioned<T, VERSION> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut record = serializer.serialize_struct("Versioned", 2)?;
        record.serialize_field("version", &self.version)?;
        record.serialize_field("watched", &self.content)?;
        record.end()
    }
}

impl<'de, T: Deserialize<'de>, const VERSION: u32> Deserialize<'de> for Versioned<T, VERSION> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members<T, const VERSION: u32>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>, const VERSION: u32> Visitor<'de> for Members<T, VERSION> {
            type Value = Versioned<T, VERSION>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a saved state, with its version")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let (mut version, mut content) = (None, None);
                while let Some(member) = map.next_key::<std::borrow::Cow<'de, str>>()? {
                    match &*member {
                        "version" => version = Some(map.next_value()?),
                        "watched" if version.is_none_or(|version| version == VERSION) => {
                            content = map.next_value()?;
                        }
                        _ => drop(map.next_value::<IgnoredAny>()?),
                    }
                }
                let version = version.ok_or_else(|| A::Error::missing_field("version"))?;
                if version == VERSION && content.is_none() {
                    return Err(A::Error::missing_field("watched"));
                }
                Ok(Versioned { version, content })
            }
        }

        deserializer.deserialize_struct("Versioned", &["version", "watched"], Members(PhantomData))
    }
}

/// What a monitor knows, to be stored in any format that serde has.
///
/// ```
/// use cfblock_core::{Monitor, MonitorState, StateError};
///
/// let stored = serde_json::to_string(&Monitor::default().save())?;
/// let state: MonitorState = serde_json::from_str(&stored)?;
/// assert!(Monitor::restore(state).is_ok());
///
/// let newer: MonitorState = serde_json::from_str(r#"{"version": 9, "watched": "unknown"}"#)?;
/// assert_eq!(Monitor::restore(newer).unwrap_err(), StateError::Version { found: 9, expected: 1 });
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MonitorState(Versioned<Known, 1>);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Known {
    config: MonitorConfig,
    counted: Counted,
    turns: Turns,
    free: Vec<u32>,
    /// By place, so that the same hosts leave as if nothing had been saved.
    hosts: Vec<Option<KnownHost>>,
    incidents: Vec<(Key, Incident)>,
}

/// The two halves of a key: not every reader of JSON keeps 64 bits.
type Key = (u32, u32);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct KnownHost {
    key: Key,
    count: u32,
    used: u32,
    cells: Vec<KnownCell>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct KnownCell {
    class: Class,
    share: f32,
    learned: u16,
    at: u32,
    sums: [u16; 3],
    since: [u32; 2],
    age: [u16; 2],
}

pub(super) fn save(monitor: &Monitor) -> MonitorState {
    let cell = |(class, cell): (Class, &Cell)| {
        let Cell { share, at, link: _, since, sums, learned, age } = *cell;
        KnownCell { class, share, learned, at, sums, since, age }
    };
    let host = |place| {
        let host = monitor.hosts.host(place);
        let cells = monitor.hosts.cells(place).map(cell).collect();
        KnownHost { key: halves(host.key()), count: host.count, used: host.used, cells }
    };
    MonitorState(Versioned::new(Known {
        config: monitor.config.clone(),
        counted: monitor.counted,
        turns: monitor.hosts.turns(),
        free: monitor.hosts.free().to_vec(),
        hosts: monitor.hosts.places().map(|(place, taken)| taken.then(|| host(place))).collect(),
        incidents: monitor
            .incidents
            .iter()
            .map(|((key, _), incident)| (halves(*key), incident.clone()))
            .collect(),
    }))
}

pub(super) fn restore(state: MonitorState) -> Result<Monitor, StateError> {
    let known = state.0.open()?;
    let mut monitor = Monitor::new(known.config)?;
    let over = StateError::Damaged("it knows more than its settings allow");
    if known.incidents.len() > monitor.config.most_open() as usize {
        return Err(over);
    }
    for host in known.hosts {
        let Some(KnownHost { key, count, used, cells }) = host else {
            monitor.hosts.restore_free();
            continue;
        };
        let key = whole(key);
        if monitor.hosts.find(key).is_some() {
            return Err(StateError::Damaged("it knows a host twice"));
        }
        let mut restored: Vec<(Class, Cell)> = Vec::with_capacity(cells.len());
        for KnownCell { class, share, learned, at, sums, since, age } in cells {
            if restored.iter().any(|(other, _)| *other == class) {
                return Err(StateError::Damaged("it knows a class twice at one host"));
            }
            if !(0.0..=1.0).contains(&share) {
                return Err(StateError::Damaged("a share lies outside 0 to 1"));
            }
            restored.push((class, Cell { share, at, link: 0, since, sums, learned, age }));
        }
        if !monitor.hosts.restore(key, count, used, &restored) {
            return Err(over);
        }
    }
    if !monitor.hosts.restore_turns(known.turns, known.free) {
        return Err(StateError::Damaged("its free places are not free"));
    }
    for (halves, incident) in known.incidents {
        let key = whole(halves);
        let place = monitor.hosts.find(key);
        let place = place.ok_or(StateError::Damaged("an incident is about a host that it does not know"))?;
        monitor.hosts.pin(place);
        monitor.incidents.insert((key, incident.class), incident);
    }
    monitor.counted = known.counted;
    Ok(monitor)
}

#[allow(clippy::cast_possible_truncation, reason = "the two halves are taken apart")]
fn halves(key: u64) -> Key {
    ((key >> 32) as u32, key as u32)
}

fn whole((high, low): Key) -> u64 {
    u64::from(high) << 32 | u64::from(low)
}
