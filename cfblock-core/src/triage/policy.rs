//! What the caller is willing to do, and how long.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error as _, MapAccess, SeqAccess, Unexpected, Visitor};
use serde::{Deserialize, Serialize};

use crate::vocab::{Action, Change};

/// The longest wait that a verdict passes on, in seconds: a day.
const DAY: u32 = 86_400;

/// What the caller is willing to do, and how long.
///
/// Advice outside the policy is not given. Read from JSON or TOML, a member
/// that is missing keeps the value of the policy named by `base`, which is
/// `full` unless it says `cooperative`. What `exclude` lists is excluded in
/// addition to what the base excludes.
///
/// ```
/// use cfblock_core::triage::Policy;
/// use cfblock_core::{Action, Change};
///
/// let policy = Policy::from_json(r#"{"max_wait": 600, "exclude": ["pay"], "changes": ["session"]}"#)?;
/// assert!(!policy.allows(Action::Pay));
/// assert!(policy.allows_change(Change::Session) && !policy.allows_change(Change::Ip));
///
/// let error = Policy::from_json("{\n  \"max_wait\": -5\n}").unwrap_err();
/// assert_eq!((error.line, error.message.as_str()), (2, "`max_wait` is -5, expected 0 or more seconds"));
/// # Ok::<(), cfblock_core::triage::PolicyError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Policy {
    /// Actions that are never advised.
    pub exclude: Vec<Action>,
    /// What a change of identity may change. A step that changes anything else is not advised.
    pub changes: Vec<Change>,
    /// The longest wait that a step may ask for, in seconds.
    ///
    /// Where the site asks for more, the advice is to pause the host, never to come back sooner.
    pub max_wait: u32,
    /// How often one request is sent at most, the first time included.
    ///
    /// The refreshes of a queue do not count.
    pub max_attempts: u32,
    /// How long to stay in a waiting room, in seconds, counted over all its refreshes.
    pub max_queue: u32,
}

impl Policy {
    /// Everything that may help, a change of identity and a browser included.
    #[must_use]
    pub fn full() -> Self {
        Self {
            exclude: Vec::new(),
            changes: Change::ALL.to_vec(),
            max_wait: DAY,
            max_attempts: 6,
            max_queue: DAY,
        }
    }

    /// Nothing that the site's owner has not agreed to: no change of identity,
    /// no other vantage, no browser in a program's place, and few attempts.
    #[must_use]
    pub fn cooperative() -> Self {
        Self {
            exclude: vec![Action::Probe, Action::ChangeIdentity, Action::UseBrowser],
            changes: Vec::new(),
            max_wait: DAY,
            max_attempts: 3,
            max_queue: DAY,
        }
    }

    /// The policy of this name: `full` or `cooperative`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "full" => Some(Self::full()),
            "cooperative" => Some(Self::cooperative()),
            _ => None,
        }
    }

    /// Reads a policy from JSON.
    pub fn from_json(text: &str) -> Result<Self, PolicyError> {
        serde_json::from_str(text).map_err(|error| PolicyError::from(&error))
    }

    /// Never advises these actions. [`Action::Stop`] and [`Action::Proceed`] stay allowed.
    #[must_use]
    pub fn exclude(mut self, actions: impl IntoIterator<Item = Action>) -> Self {
        self.exclude.extend(actions);
        self.forget_vain_changes();
        self
    }

    /// Limits what a change of identity may change.
    #[must_use]
    pub fn changes(mut self, changes: impl IntoIterator<Item = Change>) -> Self {
        self.changes = changes.into_iter().collect();
        self.forget_vain_changes();
        self
    }

    /// Without a change of identity there is nothing to change.
    fn forget_vain_changes(&mut self) {
        if self.exclude.contains(&Action::ChangeIdentity) {
            self.changes.clear();
        }
    }

    /// Limits the wait that a step may ask for, in seconds.
    #[must_use]
    pub const fn max_wait(mut self, seconds: u32) -> Self {
        self.max_wait = seconds;
        self
    }

    /// Limits how often one request is sent, the first time included.
    #[must_use]
    pub const fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts;
        self
    }

    /// Limits how long to stay in a waiting room, in seconds.
    #[must_use]
    pub const fn max_queue(mut self, seconds: u32) -> Self {
        self.max_queue = seconds;
        self
    }

    /// Whether the action may be advised.
    #[must_use]
    pub fn allows(&self, action: Action) -> bool {
        is_end(action)
            || (!self.exclude.contains(&action)
                && (action != Action::ChangeIdentity || !self.changes.is_empty()))
    }

    /// Whether a change of identity may change this.
    #[must_use]
    pub fn allows_change(&self, change: Change) -> bool {
        self.allows(Action::ChangeIdentity) && self.changes.contains(&change)
    }
}

impl Default for Policy {
    fn default() -> Self {
        Self::full()
    }
}

/// What is left when nothing else is, so that no policy can exclude it.
const fn is_end(action: Action) -> bool {
    matches!(action, Action::Stop | Action::Proceed)
}

/// Why a text is not a policy, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {message}")]
#[non_exhaustive]
pub struct PolicyError {
    /// The line, counted from 1; 0 where no place is known.
    pub line: usize,
    /// The column, counted from 1; 0 where no place is known.
    pub column: usize,
    /// What is wrong, with the name of the member.
    pub message: String,
}

impl From<&serde_json::Error> for PolicyError {
    fn from(error: &serde_json::Error) -> Self {
        let (line, column) = (error.line(), error.column());
        let text = error.to_string();
        let place = format!(" at line {line} column {column}");
        let message = text.strip_suffix(&place).unwrap_or(&text).to_owned();
        Self { line, column, message }
    }
}

/// The members of a policy as they stand in a file.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    #[serde(deserialize_with = "base")]
    base: Option<Policy>,
    #[serde(deserialize_with = "exclude")]
    exclude: Option<Vec<Action>>,
    #[serde(deserialize_with = "changes")]
    changes: Option<Vec<Change>>,
    #[serde(deserialize_with = "max_wait")]
    max_wait: Option<u32>,
    #[serde(deserialize_with = "max_attempts")]
    max_attempts: Option<u32>,
    #[serde(deserialize_with = "max_queue")]
    max_queue: Option<u32>,
}

impl<'de> Deserialize<'de> for Policy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Members)
    }
}

/// Reads the members of a policy; a list is none.
struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Policy;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a policy with members such as `base` and `max_wait`")
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Policy, A::Error> {
        let file = File::deserialize(MapAccessDeserializer::new(members))?;
        let mut policy = file.base.unwrap_or_default();
        if let Some(actions) = file.exclude {
            policy = policy.exclude(actions);
        }
        if let Some(changes) = file.changes {
            if !changes.is_empty() && policy.exclude.contains(&Action::ChangeIdentity) {
                return Err(A::Error::custom(
                    "`changes` has no effect where change_identity is excluded, as the cooperative policy does",
                ));
            }
            policy.changes = changes;
        }
        policy.max_wait = file.max_wait.unwrap_or(policy.max_wait);
        policy.max_attempts = file.max_attempts.unwrap_or(policy.max_attempts);
        policy.max_queue = file.max_queue.unwrap_or(policy.max_queue);
        Ok(policy)
    }
}

fn base<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Policy>, D::Error> {
    let name = Option::<String>::deserialize(deserializer).map_err(|error| in_member("base", error))?;
    let Some(name) = name else { return Ok(None) };
    Policy::named(&name).map(Some).ok_or_else(|| {
        let shown: String = name.chars().take(64).collect();
        D::Error::custom(format_args!("`base` is {shown:?}, expected full or cooperative"))
    })
}

fn exclude<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<Action>>, D::Error> {
    let actions: Option<Vec<Action>> = deserializer.deserialize_any(Words::new("exclude"))?;
    match actions.iter().flatten().find(|action| is_end(**action)) {
        Some(action) => Err(D::Error::custom(format_args!(
            "`exclude` names {action}, which stays when nothing else is left"
        ))),
        None => Ok(actions),
    }
}

fn changes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<Change>>, D::Error> {
    deserializer.deserialize_any(Words::new("changes"))
}

fn max_wait<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
    deserializer.deserialize_any(Number { member: "max_wait", least: 0, expected: "0 or more seconds" })
}

fn max_queue<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
    deserializer.deserialize_any(Number { member: "max_queue", least: 0, expected: "0 or more seconds" })
}

fn max_attempts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
    deserializer.deserialize_any(Number { member: "max_attempts", least: 1, expected: "1 or more" })
}

fn in_member<E: serde::de::Error>(member: &str, error: impl fmt::Display) -> E {
    E::custom(format_args!("`{member}`: {error}"))
}

/// Reads a whole number and names its member where it is none.
struct Number {
    member: &'static str,
    least: u32,
    expected: &'static str,
}

impl Number {
    fn refuse<E: serde::de::Error>(&self, found: impl fmt::Display) -> E {
        E::custom(format_args!("`{}` is {found}, expected {}", self.member, self.expected))
    }
}

impl Visitor<'_> for Number {
    type Value = Option<u32>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` as a whole number, {}", self.member, self.expected)
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Self::Value, E> {
        match u32::try_from(number) {
            Ok(number) if number >= self.least => Ok(Some(number)),
            _ => Err(self.refuse(number)),
        }
    }

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<Self::Value, E> {
        match u64::try_from(number) {
            Ok(number) => self.visit_u64(number),
            Err(_) => Err(self.refuse(number)),
        }
    }

    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<Self::Value, E> {
        if number < 0.0 {
            return Err(self.refuse(number));
        }
        Err(E::invalid_type(Unexpected::Float(number), &self))
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
}

/// Reads a list of words and names its member where it is none.
struct Words<T> {
    member: &'static str,
    of: PhantomData<T>,
}

impl<T> Words<T> {
    const fn new(member: &'static str) -> Self {
        Self { member, of: PhantomData }
    }
}

impl<'de, T> Visitor<'de> for Words<T>
where
    T: FromStr,
    T::Err: fmt::Display,
{
    type Value = Option<Vec<T>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` as a list of words", self.member)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut words = Vec::new();
        while let Some(word) = list.next_element::<String>().map_err(|error| in_member(self.member, error))? {
            words.push(word.parse().map_err(|error| in_member(self.member, error))?);
        }
        Ok(Some(words))
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
}
