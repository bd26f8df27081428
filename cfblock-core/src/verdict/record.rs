//! The verdict as one flat record, written and read.

use serde::ser::SerializeStruct;
use serde::{Deserialize, Serialize, Serializer};

use super::Verdict;
use crate::codes::{self, ErrorCode, Step};
use crate::fields::{ClientIp, Colo, Country, RayId, Timestamp};
use crate::vocab::{ChallengeType, Class, Confidence, Producer, Provenance};

impl Serialize for Verdict {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Cause {
            cause: &'static str,
            likelihood: usize,
        }
        let steps: Vec<Step> = self.steps().collect();
        let causes: Vec<Cause> = self
            .causes()
            .iter()
            .enumerate()
            .map(|(rank, cause)| Cause { cause, likelihood: rank + 1 })
            .collect();

        let mut record = serializer.serialize_struct("Verdict", 29)?;
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
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Facts {
    class: Option<Class>,
    reason: Option<String>,
    error_code: Option<ErrorCode>,
    challenge_type: Option<ChallengeType>,
    confidence: Option<Confidence>,
    producer: Option<Producer>,
    provenance: Option<Provenance>,
    preview: bool,
    status: Option<u16>,
    ray_id: Option<RayId>,
    colo: Option<Colo>,
    client_ip: Option<ClientIp>,
    country: Option<Country>,
    host: Option<Box<str>>,
    timestamp: Option<Timestamp>,
    error_name: Option<Box<str>>,
    error_category: Option<Box<str>>,
    retryable: Option<bool>,
    retry_after: Option<u32>,
    owner_action_required: Option<bool>,
    price: Option<Box<str>>,
}

impl TryFrom<Facts> for Verdict {
    type Error = &'static str;

    fn try_from(facts: Facts) -> Result<Self, Self::Error> {
        let entry = facts
            .reason
            .as_deref()
            .and_then(codes::by_reason)
            .or_else(|| facts.error_code.and_then(codes::by_code));
        let class = facts
            .class
            .or(entry.map(|entry| entry.class))
            .ok_or("a verdict needs a class, or an error_code that the catalogue knows")?;
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
            error_name: facts.error_name,
            error_category: facts.error_category,
            retryable: facts
                .retryable
                .or(entry.filter(|_| class.is_intercepted()).map(|entry| entry.retryable)),
            retry_after: facts.retry_after,
            owner_action_required: facts.owner_action_required,
            price: facts.price,
            entry,
            ..Self::new(class, facts.confidence.unwrap_or(Confidence::Likely))
        })
    }
}
