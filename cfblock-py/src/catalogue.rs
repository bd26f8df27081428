//! The catalogue, the closed sets of words, and tickets.

use cfblock_core::codes as core_codes;
use cfblock_core::owner::{self, TicketDetails};
use cfblock_core::{Time, vocab};
use pyo3::exceptions::{PyLookupError, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyString};

use crate::convert::{expected, moment, to_python, whole};
use crate::verdict;

/// What a code, a reason, an action or another word of a verdict means, in words.
///
/// - `word`: an error code such as 1020, or a word such as "challenge".
///
/// Raises `LookupError` where there is none, with a suggestion where something is close to it.
#[pyfunction]
pub(crate) fn explain(word: &Bound<'_, PyAny>) -> PyResult<String> {
    let what = "an error code or a word of a verdict";
    let text = match word.cast::<PyString>() {
        Ok(text) => text.to_str()?.to_owned(),
        Err(_) if word.is_instance_of::<PyBool>() => return Err(expected("word", what, word)),
        Err(_) => {
            let index = word.call_method0(intern!(word.py(), "__index__"));
            index.map_err(|_| expected("word", what, word))?.str()?.to_str()?.to_owned()
        }
    };
    cfblock_cli::explain(&text).map_err(PyLookupError::new_err)
}

/// The entries of the catalogue, as dicts: each error code and page kind, with all that is known about it.
#[pyfunction]
pub(crate) fn codes(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    to_python(py, &core_codes::all().collect::<Vec<_>>())
}

/// The closed sets of words, each in the order of its declaration.
#[pyfunction]
pub(crate) fn words(py: Python<'_>) -> PyResult<Bound<'_, PyDict>> {
    let sets = PyDict::new(py);
    macro_rules! set {
        ($($set:ident)+) => {
            $(sets.set_item(
                stringify!($set),
                vocab::$set::ALL.iter().map(|word| word.as_str()).collect::<Vec<_>>(),
            )?;)+
        };
    }
    set!(Action Attribute Audience ChallengeType Change Class Classification Confidence EventKind Network);
    set!(Party Phase Place Producer Provenance Recovery Scope Signal ReachedOrigin SiteState Held Failure Aim);
    Ok(sets)
}

/// Writes a short message to the site's owner, with a subject in its first line.
///
/// - `verdict`: a `Verdict`, or the dict of its record.
/// - `method`, `url`, `user_agent`: of the request that was answered so.
/// - `time`: when it was sent: seconds since 1970, an aware datetime or RFC 3339.
/// - `purpose`, `contact`: why you ask for the page, and how the owner can reach you.
/// - `requests_per_minute`: how many you send.
///
/// Raises `TypeError` or `ValueError` that names the argument.
#[pyfunction]
#[pyo3(signature = (verdict, *, method=None, url=None, time=None, purpose=None, contact=None, user_agent=None, requests_per_minute=None))]
#[allow(clippy::too_many_arguments, reason = "these are the details of a ticket")]
pub(crate) fn ticket(
    verdict: &Bound<'_, PyAny>,
    method: Option<String>,
    url: Option<String>,
    time: Option<&Bound<'_, PyAny>>,
    purpose: Option<String>,
    contact: Option<String>,
    user_agent: Option<String>,
    requests_per_minute: Option<&Bound<'_, PyAny>>,
) -> PyResult<String> {
    let mut details = TicketDetails::default();
    (details.method, details.url, details.purpose) = (method, url, purpose);
    (details.contact, details.user_agent) = (contact, user_agent);
    if let Some(time) = time {
        // A ticket has whole seconds.
        let seconds = moment("time", time)?.unix_millis().div_euclid(1000);
        let text = Time::from_unix_millis(seconds * 1000).to_string();
        details.time = Some(text.parse().map_err(|error| PyValueError::new_err(format!("time: {error}")))?);
    }
    if let Some(number) = requests_per_minute {
        details.requests_per_minute = Some(whole("requests_per_minute", number, u32::MAX)?);
    }
    Ok(owner::ticket(&verdict::read("verdict", verdict)?, &details))
}
