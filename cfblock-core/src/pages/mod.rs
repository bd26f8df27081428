//! Recognising pages: one module for each family of formats.

use crate::codes::{self, Entry, ErrorCode};
use crate::extract::Fields;
use crate::vocab::{ChallengeType, Class, Producer, Signal};

mod challenge;
mod cleaned;
mod copied;
mod escaped;
mod html;
mod relayed;
mod structured;
mod text;
mod tiny;
mod title;

pub(crate) use challenge::ChallengeOptions;
pub(crate) use cleaned::recognise as recognise_cleaned;
pub(crate) use copied::recognise as recognise_copied_text;
pub(crate) use escaped::{page_start, unescaped};
pub(crate) use html::{recognise as recognise_html, title_of};
pub(crate) use relayed::recognise as recognise_relayed;
pub(crate) use structured::{find as find_structured, recognise as recognise_structured};
pub(crate) use text::recognise as recognise_error_code_text;
pub(crate) use tiny::recognise as recognise_tiny;
pub(crate) use title::recognise as recognise_title;

/// A page that was recognised, with what could be read from it.
#[derive(Debug)]
pub(crate) struct Finding {
    pub(crate) entry: &'static Entry,
    pub(crate) class: Class,
    pub(crate) code: Option<ErrorCode>,
    pub(crate) challenge_type: Option<ChallengeType>,
    pub(crate) producer: Producer,
    pub(crate) signal: Signal,
    /// The byte at which it was recognised.
    pub(crate) at: usize,
    pub(crate) fields: Fields,
}

impl Finding {
    pub(crate) fn new(entry: &'static Entry, signal: Signal, at: usize) -> Self {
        Self {
            entry,
            class: entry.class,
            code: entry.code,
            challenge_type: None,
            producer: Producer::Edge,
            signal,
            at,
            fields: Fields::default(),
        }
    }

    /// A challenge of a kind.
    pub(crate) fn challenge(kind: ChallengeType, signal: Signal, at: usize) -> Self {
        let entry = match kind {
            ChallengeType::Managed => &codes::challenge::managed_challenge,
            ChallengeType::NonInteractive => &codes::challenge::non_interactive_challenge,
            ChallengeType::Interactive => &codes::challenge::interactive_challenge,
            ChallengeType::LegacyIuam => &codes::challenge::legacy_iuam,
            ChallengeType::LegacyCaptcha => &codes::challenge::legacy_captcha,
            ChallengeType::Unknown => &codes::challenge::challenge_of_unknown_type,
        };
        Self { challenge_type: Some(kind), ..Self::new(entry, signal, at) }
    }

    /// A page that names a number, which need not be in the catalogue.
    pub(crate) fn of_code(code: ErrorCode, signal: Signal, at: usize) -> Self {
        let entry = codes::by_code(code).unwrap_or(&codes::edge::unknown_error);
        Self { code: Some(code), ..Self::new(entry, signal, at) }
    }

    pub(crate) fn with(mut self, fields: Fields) -> Self {
        self.fields = fields;
        self
    }
}
