//! The verdict on what the site answered itself.

use super::{Case, capped};
use crate::body;
use crate::codes::{Entry, passed};
use crate::parts::Body;
use crate::signals::{Preview, host_of};
use crate::verdict::Verdict;
use crate::vocab::{Class, Confidence, Place, Producer, Signal};

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
        if self.is_compressed() {
            verdict.confidence = Confidence::Possible;
            verdict.evidence.push(Signal::CompressedBody, Place::ContentEncoding, None);
        }
        verdict
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
