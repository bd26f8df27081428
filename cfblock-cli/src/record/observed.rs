//! What a record says for `cfblock diagnose` and `cfblock watch`.

use cfblock_core::{Action, Candidate, Observation, Opaque, Vantage};
use serde::Deserialize;

use super::{Id, Record, RecordError};

/// A record with its vantage.
#[derive(Clone, Debug)]
pub(crate) struct Observed {
    pub(crate) record: Record,
    pub(crate) vantage: Option<Vantage>,
}

impl Observed {
    /// Reads one line, its vantage included.
    pub(crate) fn from_json_line(line: &[u8]) -> Result<Self, RecordError> {
        #[derive(Deserialize)]
        struct OfVantage {
            vantage: Option<Vantage>,
        }
        let record = Record::from_json_line(line)?;
        if record.vantage.is_none() {
            return Ok(Self { record, vantage: None });
        }
        // A second reading: only it can say at which byte a vantage goes wrong.
        let text = std::str::from_utf8(line).map_err(|error| RecordError::not_utf8(line, error))?;
        match serde_json::from_str::<OfVantage>(text) {
            Ok(OfVantage { vantage }) => Ok(Self { record, vantage }),
            Err(_) => Err(RecordError::explain::<OfVantage>(text)),
        }
    }

    /// What a record without an answer says was done about an incident.
    pub(crate) fn action(line: &[u8]) -> Result<Option<Action>, RecordError> {
        #[derive(Deserialize)]
        struct OfAction {
            action: Option<Action>,
        }
        let text = std::str::from_utf8(line).map_err(|error| RecordError::not_utf8(line, error))?;
        match serde_json::from_str::<OfAction>(text) {
            Ok(OfAction { action }) => Ok(action),
            Err(_) => Err(RecordError::explain::<OfAction>(text)),
        }
    }

    /// Whether the record holds a response or a verdict.
    pub(crate) fn is_answer(&self) -> bool {
        let record = &self.record;
        record.classified.is_some()
            || record.status.is_some()
            || !record.headers.is_empty()
            || record.body.is_some()
    }

    /// What was seen. A record without an id is named by the number of its line.
    pub(crate) fn into_observation(self, line: u64) -> Observation {
        let verdict = self.record.verdict().into_owned();
        let mut observation = Observation::new(verdict).id(self.name().unwrap_or_else(|| line.into()));
        if let Some(vantage) = self.vantage {
            observation = observation.vantage(vantage);
        }
        if let Some(url) = &self.record.url {
            let host = observation.host.take();
            observation = observation.url(url);
            observation.host = observation.host.or(host);
        }
        match self.record.time {
            Some(time) => observation.time(time),
            None => observation,
        }
    }

    /// The probe that could be made; the host of its address, where it names one, stands beside it.
    pub(crate) fn into_candidate(self) -> Result<(Candidate, Option<Box<str>>), RecordError> {
        let refuse = |message: &str| RecordError {
            id: self.record.id.clone(),
            column: 1,
            message: message.to_owned(),
        };
        let Some(vantage) = self.vantage.clone() else {
            return Err(refuse(
                "neither a response (status, headers, body) nor a verdict, and no vantage for a probe either",
            ));
        };
        let Some(id) = self.name() else {
            return Err(refuse("id: a probe that could be made needs one, by which the answer asks for it"));
        };
        let candidate = Candidate::new(id, vantage);
        Ok(match &self.record.url {
            // Host and path are read from an address in one place, that of observations.
            Some(url) => {
                let host = Observation::new(self.record.verdict().into_owned()).url(url).host;
                (candidate.url(url), host)
            }
            None => (candidate, None),
        })
    }

    fn name(&self) -> Option<Opaque> {
        self.record.id.as_ref().map(opaque)
    }
}

/// An id as the diagnosis hands it back.
fn opaque(id: &Id) -> Opaque {
    // A number that is too large for a number stays as it was written.
    serde_json::from_str(id.as_json()).unwrap_or_else(|_| Opaque::from(id.as_json()))
}
