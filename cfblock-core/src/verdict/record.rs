//! The verdict as one flat record, written and read.

use std::borrow::Cow;

use serde::ser::SerializeStruct;
use serde::{Deserialize, Serialize, Serializer};

use super::{Evidence, Upstream, Verdict};
use crate::advice::Advice;
use crate::codes::{self, Entry, ErrorCode};
use crate::fields::{ClientIp, Colo, Country, Host, Price, RayId, Timestamp};
use crate::vocab::{ChallengeType, Class, Confidence, Producer, Provenance};

impl Serialize for Verdict {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Cause {
            cause: &'static str,
            likelihood: usize,
        }
        let steps = self.steps();
        let steps: Vec<_> = steps.iter().map(Advice::as_record).collect();
        let causes: Vec<Cause> = self
            .causes()
            .iter()
            .enumerate()
            .map(|(rank, cause)| Cause { cause, likelihood: rank + 1 })
            .collect();

        let mut record = serializer.serialize_struct("Verdict", 32)?;
        record.serialize_field("class", &self.class)?;
        record.serialize_field("intercepted", &self.is_intercepted())?;
        record.serialize_field("blocked", &self.is_blocked())?;
        record.serialize_field("reason", &self.reason())?;
        record.serialize_field("error_code", &self.error_code)?;
        record.serialize_field("challenge_type", &self.challenge_type)?;
        record.serialize_field("confidence", &self.confidence)?;
        record.serialize_field("producer", &self.producer)?;
        record.serialize_field("provenance", &self.provenance)?;
        record.serialize_field("preview", &self.preview)?;
        record.serialize_field("reached_origin", &self.reached_origin())?;
        record.serialize_field("site", &self.site())?;
        record.serialize_field("upstream", &self.upstream)?;
        record.serialize_field("status", &self.status)?;
        record.serialize_field("ray_id", &self.ray_id)?;
        record.serialize_field("colo", &self.colo)?;
        record.serialize_field("client_ip", &self.client_ip)?;
        record.serialize_field("country", &self.country)?;
        record.serialize_field("host", &self.host)?;
        record.serialize_field("timestamp", &self.timestamp)?;
        record.serialize_field("error_name", &self.error_name)?;
        record.serialize_field("error_category", &self.error_category)?;
        record.serialize_field("retryable", &self.retryable)?;
        record.serialize_field("retry_after", &self.retry_after)?;
        record.serialize_field("owner_action_required", &self.owner_action_required)?;
        record.serialize_field("price", &self.price)?;
        record.serialize_field("party", &self.party())?;
        record.serialize_field("action", &self.action())?;
        record.serialize_field("steps", &steps)?;
        record.serialize_field("causes", &causes)?;
        record.serialize_field("evidence", self.evidence())?;
        record.serialize_field("docs_url", &self.docs_url())?;
        record.end()
    }
}

/// The members of a record that are facts; the rest follows from them.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Facts<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    class: Option<Class>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    reason: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_code: Option<ErrorCode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    challenge_type: Option<ChallengeType>,
    #[serde(skip_serializing_if = "Option::is_none")]
    confidence: Option<Confidence>,
    #[serde(skip_serializing_if = "Option::is_none")]
    producer: Option<Producer>,
    #[serde(skip_serializing_if = "Option::is_none")]
    provenance: Option<Provenance>,
    #[serde(skip_serializing_if = "is_false")]
    preview: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ray_id: Option<RayId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    colo: Option<Colo>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_ip: Option<ClientIp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    country: Option<Country>,
    #[serde(skip_serializing_if = "Option::is_none")]
    host: Option<Host>,
    #[serde(skip_serializing_if = "Option::is_none")]
    timestamp: Option<Timestamp>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    error_name: Option<Cow<'a, str>>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    error_category: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retryable: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner_action_required: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    price: Option<Price>,
    #[serde(skip_serializing_if = "Option::is_none")]
    upstream: Option<Cow<'a, Upstream>>,
    #[serde(skip_serializing_if = "is_empty")]
    evidence: Cow<'a, [Evidence]>,
}

fn is_empty(evidence: &[Evidence]) -> bool {
    evidence.is_empty()
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "the signature is serde's")]
const fn is_false(flag: &bool) -> bool {
    !*flag
}

/// What holds where the answer states nothing.
fn usually_retryable(entry: Option<&Entry>, class: Class) -> Option<bool> {
    entry.filter(|_| class.is_intercepted()).map(|entry| entry.retryable)
}

impl<'a> From<&'a Verdict> for Facts<'a> {
    /// What follows from the catalogue's entry is left out.
    fn from(verdict: &'a Verdict) -> Self {
        Self {
            class: Some(verdict.class)
                .filter(|class| verdict.entry.is_none_or(|entry| entry.class != *class)),
            reason: verdict.reason().map(Cow::Borrowed),
            error_code: verdict.error_code,
            challenge_type: verdict.challenge_type,
            confidence: Some(verdict.confidence),
            producer: Some(verdict.producer),
            provenance: Some(verdict.provenance),
            preview: verdict.preview,
            status: verdict.status,
            ray_id: verdict.ray_id,
            colo: verdict.colo,
            client_ip: verdict.client_ip,
            country: verdict.country,
            host: verdict.host.clone(),
            timestamp: verdict.timestamp,
            error_name: verdict.error_name.as_deref().map(Cow::Borrowed),
            error_category: verdict.error_category.as_deref().map(Cow::Borrowed),
            retryable: verdict
                .retryable
                .filter(|stated| usually_retryable(verdict.entry, verdict.class) != Some(*stated)),
            retry_after: verdict.retry_after,
            owner_action_required: verdict.owner_action_required,
            price: verdict.price.clone(),
            upstream: verdict.upstream.as_deref().map(Cow::Borrowed),
            evidence: Cow::Borrowed(verdict.evidence()),
        }
    }
}

impl TryFrom<Facts<'_>> for Verdict {
    type Error = &'static str;

    fn try_from(facts: Facts<'_>) -> Result<Self, Self::Error> {
        let entry = facts
            .reason
            .as_deref()
            .and_then(codes::by_reason)
            .or_else(|| facts.error_code.and_then(codes::by_code));
        let class = facts
            .class
            .or(entry.map(|entry| entry.class))
            .ok_or("a verdict needs a class, or an error_code that the catalogue knows")?;
        let owned = |text: Option<Cow<'_, str>>| text.map(Box::from);
        Ok(Self {
            error_code: facts.error_code,
            challenge_type: facts.challenge_type,
            producer: facts.producer.unwrap_or(Producer::Unknown),
            provenance: facts.provenance.unwrap_or(Provenance::Unknown),
            preview: facts.preview,
            status: facts.status,
            ray_id: facts.ray_id,
            colo: facts.colo,
            client_ip: facts.client_ip,
            country: facts.country,
            host: facts.host,
            timestamp: facts.timestamp,
            error_name: owned(facts.error_name),
            error_category: owned(facts.error_category),
            retryable: facts.retryable.or(usually_retryable(entry, class)),
            retry_after: facts.retry_after,
            owner_action_required: facts.owner_action_required,
            price: facts.price,
            upstream: facts.upstream.map(|upstream| Box::new(upstream.into_owned())),
            entry,
            evidence: facts.evidence.iter().copied().collect(),
            ..Self::new(class, facts.confidence.unwrap_or(Confidence::Likely))
        })
    }
}
