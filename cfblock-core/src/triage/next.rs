//! What came of a request, and what comes next.

use serde::{Serialize, Serializer};

use crate::advice::Advice;
use crate::verdict::Verdict;
use crate::vocab::{Failure, Held};

/// What came of a request: an answer, or a failure without one.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Outcome<'a> {
    /// An answer, and what it says.
    Answer(&'a Verdict),
    /// No answer came.
    Failure(Failure),
}

impl<'a> From<&'a Verdict> for Outcome<'a> {
    fn from(verdict: &'a Verdict) -> Self {
        Self::Answer(verdict)
    }
}

impl From<Failure> for Outcome<'_> {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

/// What to do next about one request.
///
/// Serialized, it is one record with the members `next` (`send_again`, `hold`,
/// `act` or `end`), `seconds`, `whom`, `step` and `hold`, null where they do
/// not apply.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Next {
    /// Send this request again after so many seconds; others go on as they are.
    SendAgain {
        /// The seconds to let pass.
        after: f64,
        /// The step that is followed.
        step: Advice,
    },
    /// Send nothing to the request's host or site for so many seconds, then this request again.
    ///
    /// A program with a queue puts the request back there, which is no failed attempt.
    Hold {
        /// What is held back. A request held alone keeps its place in a waiting room.
        whom: Held,
        /// The seconds to let pass.
        seconds: f64,
        /// The step that is followed.
        step: Advice,
    },
    /// Do what the step says, then send; it is one of those that [`Course::can`](super::Course::can) names.
    Act {
        /// The step to do.
        step: Advice,
    },
    /// Hand the answer to the caller: nothing that can be done here helps.
    End {
        /// What the caller is advised to do.
        step: Advice,
        /// For how many seconds others may not be sent to the host or site all the same.
        hold: Option<(Held, f64)>,
    },
}

impl Next {
    /// The seconds to let pass before this request is sent again; `None` where it is not sent again as it is.
    #[must_use]
    pub const fn wait(&self) -> Option<f64> {
        match self {
            Self::SendAgain { after, .. } => Some(*after),
            Self::Hold { seconds, .. } => Some(*seconds),
            Self::Act { .. } | Self::End { .. } => None,
        }
    }

    /// The step that is followed, or that the caller is advised to take.
    #[must_use]
    pub const fn step(&self) -> &Advice {
        match self {
            Self::SendAgain { step, .. }
            | Self::Hold { step, .. }
            | Self::Act { step }
            | Self::End { step, .. } => step,
        }
    }
}

impl Serialize for Next {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Pause {
            whom: Held,
            seconds: f64,
        }
        #[derive(Serialize)]
        struct Record<'a> {
            next: &'static str,
            seconds: Option<f64>,
            whom: Option<Held>,
            step: &'a Advice,
            hold: Option<Pause>,
        }
        let (next, whom, hold) = match self {
            Self::SendAgain { .. } => ("send_again", Some(Held::Request), None),
            Self::Hold { whom, .. } => ("hold", Some(*whom), None),
            Self::Act { .. } => ("act", None, None),
            Self::End { hold, .. } => ("end", None, hold.map(|(whom, seconds)| Pause { whom, seconds })),
        };
        Record { next, seconds: self.wait(), whom, step: self.step(), hold }.serialize(serializer)
    }
}
