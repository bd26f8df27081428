//! The catalogue, the closed sets of words, and tickets.

use cfblock_core::codes as core_codes;
use cfblock_core::owner::{self, TicketDetails};
use cfblock_core::vocab;
use pyo3::exceptions::PyLookupError;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::convert::{from_python, to_python};
use crate::verdict;

/// What a code, a reason, an action or another word of a verdict means, in words.
#[pyfunction]
pub(crate) fn explain(word: &Bound<'_, PyAny>) -> PyResult<String> {
    let text = word.str()?;
    cfblock_cli::explain(text.to_str()?).map_err(PyLookupError::new_err)
}

/// The entries of the catalogue, as dicts.
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
    set!(Party Phase Place Producer Provenance Recovery Scope Signal);
    Ok(sets)
}

/// Writes a short message to the site's owner, with a subject in its first line.
#[pyfunction]
#[pyo3(signature = (verdict, **details))]
pub(crate) fn ticket(verdict: &Bound<'_, PyAny>, details: Option<&Bound<'_, PyDict>>) -> PyResult<String> {
    let details: TicketDetails =
        details.map_or(Ok(TicketDetails::default()), |details| from_python("details", details))?;
    Ok(owner::ticket(&verdict::read("verdict", verdict)?, &details))
}
