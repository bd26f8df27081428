//! Counts that many workers make and that can be put together in any order.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::state::{StateError, Versioned};
use crate::codes::ErrorCode;
use crate::vocab::Class;

/// Counts of responses by pipeline, host, class and error number, kept apart by who counted them.
///
/// Merging is commutative, associative and idempotent: partial tallies may
/// arrive in any order, more than once, and in older states after newer
/// ones. Of each part the largest counts are kept, so a part has to be the
/// work of one counter that only ever adds: a worker since it was started, a
/// partition, a batch.
///
/// ```
/// use cfblock_core::{Class, Tally};
///
/// let mut one = Tally::new();
/// one.add("worker-1", "prices", "shop.example", Class::Passed, None);
/// let mut two = Tally::new();
/// two.add("worker-2", "prices", "shop.example", Class::Passed, None);
///
/// let mut all = Tally::new();
/// all.merge(&two);
/// all.merge(&one);
/// all.merge(&two);
/// assert_eq!(all.rows()[0].responses, 2);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    parts: BTreeMap<String, Pipelines>,
}

type Pipelines = BTreeMap<String, BTreeMap<String, Counts>>;
type Counts = BTreeMap<Kind, u64>;
type Kind = (Class, Option<ErrorCode>);

/// One line of a tally.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TallyRow {
    /// The pipeline that sent the requests.
    pub pipeline_id: String,
    /// The host that was asked.
    pub host: String,
    /// What stood in the way.
    pub class: Class,
    /// The error number, where one was stated.
    pub error_code: Option<ErrorCode>,
    /// How many responses there were.
    pub responses: u64,
}

impl Tally {
    /// Nothing counted yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Counts one response, for a part that nobody else counts for.
    pub fn add(
        &mut self,
        part: &str,
        pipeline: &str,
        host: &str,
        class: Class,
        error_code: Option<ErrorCode>,
    ) {
        let pipelines = entry(&mut self.parts, part);
        let hosts = entry(pipelines, pipeline);
        *entry(hosts, host).entry((class, error_code)).or_default() += 1;
    }

    /// Takes in what another tally knows.
    pub fn merge(&mut self, other: &Self) {
        for (part, pipelines) in &other.parts {
            let ours = entry(&mut self.parts, part);
            visit(pipelines, |pipeline, host, kind, count| {
                let ours = entry(entry(ours, pipeline), host).entry(kind).or_default();
                *ours = (*ours).max(count);
            });
        }
    }

    /// Everything it knows, to be stored or sent.
    #[must_use]
    pub fn save(&self) -> TallyState {
        let mut counted = Vec::new();
        for (part, pipelines) in &self.parts {
            let mut rows = Vec::new();
            visit(pipelines, |pipeline, host, (class, error_code), count| {
                rows.push((pipeline.to_owned(), host.to_owned(), class, error_code, count));
            });
            counted.push((part.clone(), rows));
        }
        TallyState(Versioned::new(counted))
    }

    /// Goes on where a saved tally stopped.
    pub fn restore(state: TallyState) -> Result<Self, StateError> {
        let mut tally = Self::new();
        for (part, rows) in state.0.open()? {
            let pipelines = entry(&mut tally.parts, &part);
            for (pipeline, host, class, error_code, count) in rows {
                entry(entry(pipelines, &pipeline), &host).insert((class, error_code), count);
            }
        }
        Ok(tally)
    }

    /// How many responses were counted.
    #[must_use]
    pub fn responses(&self) -> u64 {
        self.rows().iter().map(|row| row.responses).sum()
    }

    /// The counts of all parts together, in order.
    #[must_use]
    pub fn rows(&self) -> Vec<TallyRow> {
        let mut sums: BTreeMap<(&str, &str, Kind), u64> = BTreeMap::new();
        for pipelines in self.parts.values() {
            visit(pipelines, |pipeline, host, kind, count| {
                *sums.entry((pipeline, host, kind)).or_default() += count;
            });
        }
        let row = |((pipeline, host, (class, error_code)), responses): ((&str, &str, Kind), u64)| TallyRow {
            pipeline_id: pipeline.to_owned(),
            host: host.to_owned(),
            class,
            error_code,
            responses,
        };
        sums.into_iter().map(row).collect()
    }
}

/// What a [`Tally`] knows, to be stored in any format that serde has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TallyState(Versioned<Vec<(String, Vec<Counted>)>, 1>);

type Counted = (String, String, Class, Option<ErrorCode>, u64);

/// Goes through the counts of one part.
fn visit<'a>(pipelines: &'a Pipelines, mut take: impl FnMut(&'a str, &'a str, Kind, u64)) {
    for (pipeline, hosts) in pipelines {
        for (host, counts) in hosts {
            for (kind, count) in counts {
                take(pipeline, host, *kind, *count);
            }
        }
    }
}

/// The value of a key, which is copied only where it is new.
fn entry<'a, V: Default>(map: &'a mut BTreeMap<String, V>, key: &str) -> &'a mut V {
    if !map.contains_key(key) {
        map.insert(key.to_owned(), V::default());
    }
    map.get_mut(key).unwrap_or_else(|| unreachable!("the key was just put in"))
}
