//! Challenge pages of every generation.

#![allow(
    clippy::indexing_slicing,
    reason = "each place comes from a search in the same bytes, so it lies within them"
)]

use memchr::memmem;

use super::Finding;
use super::html::CLOSER_LOOKS;
use crate::extract::{Fields, after, first, footer_ip, host, host_behind, labelled_ray_id, ray_id, until};
use crate::vocab::{ChallengeType, Signal};

/// How far from its mark the parts of a challenge form stand.
const FORM_REACH: usize = 12 * 1024;

/// How long the settings of a challenge page are: some of their values take kilobytes.
const OPTIONS: usize = 12 * 1024;

/// The labels of the headings that name the host.
const HEADINGS: [&str; 3] = ["complete_sec_check", "checking_browser", "managed_checking_msg"];

/// The settings of a challenge page: `_cf_chl_opt = {cType: 'managed', …}`.
pub(crate) struct ChallengeOptions<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> ChallengeOptions<'a> {
    /// Finds the settings anywhere in a page.
    pub(crate) fn find(page: &'a [u8]) -> Option<Self> {
        if page.is_empty() {
            return None;
        }
        memmem::find_iter(page, b"cf_chl_opt").take(CLOSER_LOOKS).find_map(|at| challenge_options(page, at))
    }

    fn value(&self, key: &[u8]) -> Option<&'a [u8]> {
        let rest = after(self.text, key)?.trim_ascii_start().strip_prefix(b":")?.trim_ascii_start();
        let (quote, rest) = rest.split_first()?;
        matches!(quote, b'\'' | b'"').then_some(())?;
        until(rest, *quote, 256)
    }

    /// The challenge with its kind, and nothing else.
    pub(crate) fn kind(&self) -> Finding {
        let kind = match self.value(b"cType") {
            Some(b"managed") => ChallengeType::Managed,
            Some(b"non-interactive") => ChallengeType::NonInteractive,
            Some(b"interactive") => ChallengeType::Interactive,
            Some(b"jsch") => ChallengeType::LegacyIuam,
            Some(b"captcha") => ChallengeType::LegacyCaptcha,
            _ => ChallengeType::Unknown,
        };
        Finding::challenge(kind, Signal::ChallengeOptions, self.at)
    }

    /// The challenge with all that its page says.
    pub(super) fn finding(&self, page: &[u8]) -> Finding {
        self.kind().with(Fields {
            ray_id: self.value(b"cRay").and_then(ray_id).or_else(|| labelled_ray_id(page)),
            host: self.value(b"cZone").and_then(host).or_else(|| host_behind(page, &HEADINGS)),
            client_ip: footer_ip(page),
            ..Fields::default()
        })
    }
}

pub(super) fn challenge_options(page: &[u8], at: usize) -> Option<ChallengeOptions<'_>> {
    // On a page about challenges the settings stand in text, not in a script.
    let before = &page[at.saturating_sub(320)..at];
    let in_script = match memchr::memrchr(b'<', before) {
        Some(open) => before[open..].starts_with(b"<script") || before[open..].starts_with(b"<![CDATA["),
        None => memmem::find(before, b"&gt;").is_none(),
    };
    if !in_script {
        return None;
    }
    let rest = page[at + b"cf_chl_opt".len()..].trim_ascii_start();
    let text = first(rest.strip_prefix(b"=")?.trim_ascii_start().strip_prefix(b"{")?, OPTIONS);
    let options = ChallengeOptions { text, at };
    // The document inside a Turnstile widget has settings of its own.
    if options.value(b"chlApiSitekey").is_some() {
        return None;
    }
    [&b"cType"[..], b"cRay", b"cvId"].iter().any(|key| options.value(key).is_some()).then_some(options)
}

/// The forms of challenge pages until about 2022.
pub(super) fn challenge_form(page: &[u8], at: usize) -> Option<Finding> {
    let near = &page[at.saturating_sub(FORM_REACH)..page.len().min(at + FORM_REACH)];
    let has = |text: &[u8]| memmem::find(near, text).is_some();
    if !(has(b"id=\"challenge-form\"") || has(b"id='challenge-form'")) {
        return None;
    }
    let kind = if has(b"name=\"jschl_vc\"") || has(b"name=\"jschl_answer\"") {
        ChallengeType::LegacyIuam
    } else if has(b"cf_captcha_kind") || has(b"chk_captcha") || has(b"cf-captcha-container") {
        ChallengeType::LegacyCaptcha
    } else {
        return None;
    };
    let fields = Fields { host: host_behind(page, &HEADINGS), ..Fields::of_footer(page) };
    Some(Finding::challenge(kind, Signal::ChallengeForm, at).with(fields))
}
