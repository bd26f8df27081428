//! How far a verdict can be relied on.

use super::Case;
use super::tables::place_of;
use crate::pages::Finding;
use crate::parts::{Body, Headers};
use crate::signals::in_cloudflare_ranges;
use crate::vocab::{Confidence, Place, Signal};

impl Case<'_> {
    pub(super) fn confidence(&self, finding: &Finding) -> Confidence {
        let stored_body_alone = self.parts.status.is_none() && matches!(self.parts.headers, Headers::Unknown);
        let relayed = stored_body_alone || self.signs.foreign();
        let partial = matches!(self.parts.body, Body::Partial(_));
        let confidence = match finding.signal {
            // The header names the number, or only that there is one.
            Signal::CfErrorHeader if finding.code.is_none() => Confidence::Likely,
            Signal::CfMitigated
            | Signal::CrawlerError
            | Signal::CrawlerPrice
            | Signal::AccessChallenge
            | Signal::AccessHeaders
            | Signal::CfErrorHeader => Confidence::Stated,
            Signal::AccessLogin if self.status_in(300..=399) => Confidence::Stated,
            Signal::AccessLogin | Signal::ChallengeTiming | Signal::ProxyAuthentication => {
                Confidence::Certain
            }
            Signal::StructuredJson | Signal::StructuredMarkdown | Signal::WaitingRoomJson if !relayed => {
                Confidence::Stated
            }
            Signal::CopiedText | Signal::QuotedText | Signal::ErrorPageHeaders => Confidence::Possible,
            Signal::EdgeStatus | Signal::TemplateTitle if !self.signs.edge_stamped() => Confidence::Possible,
            // What follows may still say something else.
            _ if partial && place_of(finding.signal, 0).0 == Place::Body => Confidence::Likely,
            Signal::ErrorCodeText
            | Signal::BarePage
            | Signal::ErrorPage
            | Signal::ErrorBox
            | Signal::BlockPage
            | Signal::ChallengeOptions
            | Signal::ChallengeForm
            | Signal::AccessPage
            | Signal::PhishingPage
            | Signal::WorkersPlaceholder
                if self.signs.edge_stamped() =>
            {
                match self.parts.status {
                    Some(status) if status >= 400 => Confidence::Certain,
                    Some(200) if finding.entry.http_status.contains(&200) => Confidence::Certain,
                    _ => Confidence::Likely,
                }
            }
            _ => Confidence::Likely,
        };
        match self.parts.peer {
            Some(peer) if !in_cloudflare_ranges(peer) => confidence.min(Confidence::Likely),
            _ => confidence,
        }
    }
}
