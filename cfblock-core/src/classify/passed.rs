//! The verdict on what the site answered itself.

use super::{Case, capped};
use crate::body;
use crate::codes::{Entry, ErrorCode, passed};
use crate::pages::Finding;
use crate::parts::Body;
use crate::signals::{Preview, host_of};
use crate::verdict::{Evidence, Upstream, Verdict};
use crate::vocab::{Class, Confidence, Place, Producer, Signal};

/// A success that quotes an error is a message, not a document.
const LONGEST_QUOTE: usize = 4096;

impl Case<'_> {
    pub(super) fn passed(&self) -> Verdict {
        let mut verdict = Verdict::new(Class::Passed, Confidence::Likely);
        let signs = &self.signs;
        let failed = self.parts.status.is_some_and(|status| status >= 400);
        verdict.preview = Preview::at(self.url()).is_some();
        self.describe(&mut verdict);
        verdict.ray_id = signs.ray.value();
        verdict.colo = signs.colo;
        let from_origin = signs.cache_status || signs.origin || signs.foreign();
        if from_origin && matches!(self.parts.body, Body::Complete(_)) {
            verdict.confidence = Confidence::Certain;
        }
        if from_origin || (signs.any && !failed) {
            verdict.producer = Producer::Origin;
        }
        if failed {
            verdict.entry = self.passed_entry(from_origin);
            let imitated =
                signs.foreign() && !self.is_compressed() && body::search(self.body(), self.window).is_some();
            if imitated {
                verdict.producer = Producer::Other;
            }
            verdict.retry_after = signs.retry_after(self.parts.now).map(capped);
        }
        verdict.upstream = self.upstream().map(Box::new);
        if self.is_compressed() {
            verdict.confidence = Confidence::Possible;
            verdict.evidence.push(Signal::CompressedBody, Place::ContentEncoding, None);
        }
        verdict
    }

    /// What the answer quotes of another one. A page is no quotation, and a long success is content.
    fn upstream(&self) -> Option<Upstream> {
        let body = self.body();
        let failed = self.parts.status.is_some_and(|status| status >= 400);
        let is_page = body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'<');
        if body.is_empty() || is_page || self.is_compressed() || !(failed || body.len() <= LONGEST_QUOTE) {
            return None;
        }
        let found = body::search_relayed(body, self.window)?;
        let Finding { entry, class, code, signal, at, fields, .. } = found;
        let guessed = matches!(signal, Signal::QuotedText | Signal::TemplateTitle);
        Some(Upstream {
            class,
            reason: Some(entry.reason.into()),
            error_code: code,
            confidence: if guessed { Confidence::Possible } else { Confidence::Likely },
            status: code.map(ErrorCode::get).filter(|number| matches!(number, 400..=599)),
            ray_id: fields.ray_id,
            retry_after: fields.retry_after.map(capped),
            evidence: vec![Evidence { signal, place: Place::Body, at: u32::try_from(at).ok() }],
        })
    }

    fn passed_entry(&self, from_origin: bool) -> Option<&'static Entry> {
        let status = self.parts.status?;
        if host_of(self.url()).is_some_and(|host| host.eq_ignore_ascii_case(b"api.cloudflare.com")) {
            return Some(&passed::cloudflare_api_error);
        }
        let attributed = from_origin || (self.signs.any && !self.signs.edge_stamped());
        Some(match status {
            401 | 402 | 403 | 429 | 500.. if !attributed => &passed::unattributed_refusal,
            401 | 403 => &passed::origin_forbidden,
            404 | 410 => &passed::origin_not_found,
            429 => &passed::origin_rate_limited,
            500..=599 => &passed::origin_error,
            _ => &passed::origin_client_error,
        })
    }
}
