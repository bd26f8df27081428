//! Finds what a word of a verdict can mean.

use cfblock_core::codes::{self, ErrorCode};
use cfblock_core::{
    Action, Attribute, Audience, ChallengeType, Change, Class, Classification, Confidence, Entry, EventKind,
    Network, Party, Phase, Place, Producer, Provenance, Recovery, Scope, Signal,
};
use serde::Serialize;

use crate::failure::Failure;

/// Everything that a word can mean.
#[derive(Debug, Serialize)]
pub(crate) struct Found {
    pub(crate) word: String,
    /// `false` for a number of Cloudflare's that has no entry; `entries` then has what is known of all such numbers.
    pub(crate) in_catalogue: bool,
    pub(crate) entries: Vec<&'static Entry>,
    /// The reasons of further entries that come with the same number.
    pub(crate) others: Vec<&'static str>,
    pub(crate) words: Vec<Meaning>,
}

/// A member of one of the closed sets of words.
#[derive(Debug, Serialize)]
pub(crate) struct Meaning {
    pub(crate) set: &'static str,
    pub(crate) word: &'static str,
    pub(crate) explanation: &'static str,
    /// What ties the entries to the word.
    #[serde(skip)]
    pub(crate) relation: &'static str,
    /// The reasons of the entries that have the word.
    pub(crate) entries: Vec<&'static str>,
}

/// Looks a word or a number up; case, and `-` or a space for `_`, do not matter.
pub(crate) fn find(asked: &str) -> Result<Found, Failure> {
    let word = normal(asked.trim());
    let number = word.strip_prefix("error").unwrap_or(&word).trim_start_matches('_');
    if !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) {
        return match number.parse() {
            Ok(number) => find_number(number).ok_or(Failure::UnknownNumber(number)),
            Err(_) => Err(unknown(asked, &word)),
        };
    }
    let entries: Vec<_> = codes::by_reason(&word).into_iter().collect();
    let words: Vec<_> = vocabulary().filter(|known| normal(known.word) == word).collect();
    if entries.is_empty() && words.is_empty() {
        return Err(unknown(asked, &word));
    }
    let words = words.into_iter().map(Meaning::with_entries).collect();
    Ok(Found { word, in_catalogue: true, entries, others: Vec::new(), words })
}

fn find_number(number: u16) -> Option<Found> {
    let code = ErrorCode::new(number);
    let main = codes::by_code(code);
    let same = |entry: &&Entry| entry.code == Some(code) || entry.http_status.contains(&number);
    let others: Vec<_> = codes::all().filter(same).filter(|entry| Some(*entry) != main).collect();
    let unlisted = main.is_none() && others.is_empty();
    let entry = main.or_else(|| codes::by_reason("unknown_error").filter(|_| unlisted && code.is_1xxx()));
    (entry.is_some() || !others.is_empty()).then(|| Found {
        word: number.to_string(),
        in_catalogue: !unlisted,
        entries: entry.into_iter().collect(),
        others: others.iter().map(|entry| entry.reason).collect(),
        words: Vec::new(),
    })
}

fn normal(word: &str) -> String {
    word.to_lowercase().replace(['-', ' '], "_")
}

/// Every word of every set.
fn vocabulary() -> impl Iterator<Item = Meaning> {
    macro_rules! sets {
        ($($set:literal $type:ident $relation:literal,)+) => {
            std::iter::empty()$(.chain($type::ALL.iter().map(|word| Meaning {
                set: $set,
                word: word.as_str(),
                explanation: word.explanation(),
                relation: $relation,
                entries: Vec::new(),
            })))+
        };
    }
    sets! {
        "class" Class "Codes and page kinds of this class",
        "action" Action "First step for",
        "party" Party "Can change",
        "change" Change "Advised for",
        "challenge_type" ChallengeType "",
        "confidence" Confidence "",
        "producer" Producer "",
        "provenance" Provenance "",
        "scope" Scope "",
        "classification" Classification "",
        "network" Network "",
        "attribute" Attribute "",
        "audience" Audience "",
        "event" EventKind "",
        "phase" Phase "",
        "recovery" Recovery "",
        "signal" Signal "",
        "place" Place "",
    }
}

impl Meaning {
    fn with_entries(mut self) -> Self {
        let reasons = |has: &dyn Fn(&Entry) -> bool| -> Vec<&'static str> {
            codes::all().filter(|entry| has(entry)).map(|entry| entry.reason).collect()
        };
        let word = self.word;
        self.entries = match self.set {
            "class" => reasons(&|entry| entry.class.as_str() == word),
            "action" => reasons(&|entry| entry.action().as_str() == word),
            "party" => reasons(&|entry| entry.party.as_str() == word),
            "change" => reasons(&|entry| {
                entry.client.iter().flat_map(|step| step.change).any(|change| change.as_str() == word)
            }),
            _ => Vec::new(),
        };
        if self.set == "action" && self.entries.is_empty() {
            self.relation = "A later step for";
            self.entries = reasons(&|entry| entry.client.iter().any(|step| step.action.as_str() == word));
        }
        self
    }
}

/// The words that are closest to one that nobody knows.
fn unknown(asked: &str, word: &str) -> Failure {
    let asked: String = asked.chars().take(64).collect();
    if word.len() > 64 {
        return Failure::UnknownWord { word: asked, close: Vec::new() };
    }
    let known = codes::all().map(|entry| entry.reason).chain(vocabulary().map(|known| known.word));
    let mut close: Vec<(usize, &'static str)> =
        known.map(|known| (strsim::damerau_levenshtein(word, known), known)).collect();
    close.sort_unstable();
    close.dedup();
    // Further away than a third of its letters, it is another word.
    let limit = (word.chars().count() / 3).min(4);
    let close =
        close.into_iter().take_while(|(distance, _)| *distance <= limit).take(3).map(|(_, known)| known);
    Failure::UnknownWord { word: asked, close: close.collect() }
}
