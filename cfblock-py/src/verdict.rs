//! `Verdict`, and the functions that make one.

#![allow(
    clippy::indexing_slicing,
    reason = "each place is one of its own table, or within an array of a stated length"
)]

use std::hash::{DefaultHasher, Hash, Hasher};

use cfblock_core::{Action, Advice, Class, Verdict as CoreVerdict};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyMapping, PyString};

use crate::convert::{expected, from_json, from_python, to_json, to_python};
use crate::input::{Response, Surroundings};
use crate::triage::{self, Triage};

/// What one response says: who answered, why, and what is known about it.
///
/// `classify` makes one. It cannot be changed, but compared, hashed, copied and pickled; as a str it is a line
/// for a log. What is not known is None.
#[pyclass(frozen, module = "cfblock")]
#[derive(Clone)]
pub(crate) struct Verdict(pub(crate) CoreVerdict);

/// The `str` of a word, made once: nearly every caller asks for it.
macro_rules! shared_word {
    ($py:ident, $set:ident, $word:expr) => {{
        static WORDS: PyOnceLock<Vec<Py<PyString>>> = PyOnceLock::new();
        let text = |word: &$set| PyString::new($py, word.as_str()).unbind();
        let words = WORDS.get_or_init($py, || $set::ALL.iter().map(text).collect());
        words[$word as usize].bind($py).clone()
    }};
}

#[pymethods]
impl Verdict {
    /// What stands in the way. (The record's `class`, which is a keyword of Python.)
    #[getter]
    fn class_<'py>(&self, py: Python<'py>) -> Bound<'py, PyString> {
        shared_word!(py, Class, self.0.class)
    }

    /// Whether the edge, or what the owner configured there, answered in place of the content.
    #[getter]
    fn intercepted(&self) -> bool {
        self.0.is_intercepted()
    }

    /// Whether the answer refuses you, rather than failing for everybody.
    #[getter]
    fn blocked(&self) -> bool {
        self.0.is_blocked()
    }

    /// One word for the code or page kind.
    #[getter]
    fn reason(&self) -> Option<&'static str> {
        self.0.reason()
    }

    /// The error number, where one is stated.
    #[getter]
    fn error_code(&self) -> Option<u16> {
        self.0.error_code.map(cfblock_core::ErrorCode::get)
    }

    /// The kind of challenge.
    #[getter]
    fn challenge_type(&self) -> Option<&'static str> {
        self.0.challenge_type.map(cfblock_core::ChallengeType::as_str)
    }

    /// How far the verdict can be relied on.
    #[getter]
    fn confidence(&self) -> &'static str {
        self.0.confidence.as_str()
    }

    /// Who wrote the body.
    #[getter]
    fn producer(&self) -> &'static str {
        self.0.producer.as_str()
    }

    /// Whether the answer came from Cloudflare's network.
    #[getter]
    fn provenance(&self) -> &'static str {
        self.0.provenance.as_str()
    }

    /// Whether the address is a preview page under /cdn-cgi/error/.
    #[getter]
    fn preview(&self) -> bool {
        self.0.preview
    }

    /// Whether the site's own server can have received the request: no, maybe or yes.
    #[getter]
    fn reached_origin(&self) -> &'static str {
        self.0.reached_origin().as_str()
    }

    /// What the answer says about the site for everybody else: up, down or unknown.
    #[getter]
    fn site(&self) -> &'static str {
        self.0.site().as_str()
    }

    /// An answer of Cloudflare's that this one quotes: what a relay met behind itself.
    #[getter]
    fn upstream<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        to_python(py, &self.0.upstream)
    }

    /// Whether a request with this method can be sent again without doing its work twice.
    fn safe_to_repeat(&self, method: &str) -> bool {
        self.0.safe_to_repeat(method)
    }

    /// The HTTP status.
    #[getter]
    fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// The Ray ID, without the data centre.
    #[getter]
    fn ray_id(&self) -> Option<&str> {
        self.0.ray_id.as_ref().map(cfblock_core::RayId::as_str)
    }

    /// The Cloudflare data centre that answered.
    #[getter]
    fn colo(&self) -> Option<&str> {
        self.0.colo.as_ref().map(cfblock_core::Colo::as_str)
    }

    /// Your address, as the page shows it.
    #[getter]
    fn client_ip(&self) -> Option<&str> {
        self.0.client_ip.as_ref().map(cfblock_core::ClientIp::as_str)
    }

    /// Your country, as the page shows it.
    #[getter]
    fn country(&self) -> Option<&str> {
        self.0.country.as_ref().map(cfblock_core::Country::as_str)
    }

    /// The host that was asked, for intercepted responses.
    #[getter]
    fn host(&self) -> Option<&str> {
        self.0.host.as_deref()
    }

    /// When the page was made, in UTC (RFC 3339).
    #[getter]
    fn timestamp(&self) -> Option<&str> {
        self.0.timestamp.as_ref().map(cfblock_core::Timestamp::as_str)
    }

    /// Cloudflare's name for the error, where a structured error states it.
    #[getter]
    fn error_name(&self) -> Option<&str> {
        self.0.error_name.as_deref()
    }

    /// Cloudflare's category of the error, where a structured error states it.
    #[getter]
    fn error_category(&self) -> Option<&str> {
        self.0.error_category.as_deref()
    }

    /// Whether the same request may succeed later.
    #[getter]
    fn retryable(&self) -> Option<bool> {
        self.0.retryable
    }

    /// The stated wait in seconds.
    #[getter]
    fn retry_after(&self) -> Option<u32> {
        self.0.retry_after
    }

    /// Whether the owner has to act, where a structured error states it.
    #[getter]
    fn owner_action_required(&self) -> Option<bool> {
        self.0.owner_action_required
    }

    /// The price that the site asks of crawlers, such as "USD 0.01".
    #[getter]
    fn price(&self) -> Option<&str> {
        self.0.price.as_deref()
    }

    /// Who can change it.
    #[getter]
    fn party(&self) -> Option<&'static str> {
        self.0.party().map(cfblock_core::Party::as_str)
    }

    /// The first step.
    #[getter]
    fn action<'py>(&self, py: Python<'py>) -> Bound<'py, PyString> {
        shared_word!(py, Action, self.0.action())
    }

    /// What to do, the first step first.
    #[getter]
    fn steps<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        to_python(py, &self.0.steps().iter().map(Advice::as_record).collect::<Vec<_>>())
    }

    /// What leads to it, the likeliest first.
    #[getter]
    fn causes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.to_dict(py)?.get_item(intern!(py, "causes"))
    }

    /// What the verdict rests on.
    #[getter]
    fn evidence<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        to_python(py, &self.0.evidence())
    }

    /// Where Cloudflare documents it.
    #[getter]
    fn docs_url(&self) -> Option<&'static str> {
        self.0.docs_url()
    }

    /// The next steps for this verdict, as the policy allows and the context suggests.
    ///
    /// - `policy`: a `Policy`, "full" (as without one), "cooperative", or a dict of a policy's members.
    /// - `attempt`: the number of the request that was answered so, from 1.
    /// - `tried`: actions or steps that did not help; they are not advised again.
    /// - `others_succeed`: whether other requests to this host succeed meanwhile.
    /// - `method`: the request's method.
    /// - `repeatable`: your word that it can be sent again whatever its method.
    ///
    /// Raises `TypeError` or `ValueError` that names the argument.
    #[pyo3(signature = (policy=None, *, attempt=None, tried=None, others_succeed=None, method="GET", repeatable=false))]
    #[allow(clippy::too_many_arguments, reason = "these are the members of a context")]
    fn triage(
        &self,
        policy: Option<&Bound<'_, PyAny>>,
        attempt: Option<&Bound<'_, PyAny>>,
        tried: Option<&Bound<'_, PyAny>>,
        others_succeed: Option<&Bound<'_, PyAny>>,
        method: &str,
        repeatable: bool,
    ) -> PyResult<Triage> {
        triage::of(&self.0, policy, attempt, tried, others_succeed, method, repeatable)
    }

    /// The record as a dict, in the order of the record.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        to_python(py, &self.0)
    }

    /// The record as JSON in one line.
    fn to_json(&self) -> PyResult<String> {
        to_json(&self.0)
    }

    /// The verdict of a record: a dict, or JSON in a str, of which only the known facts are needed.
    ///
    /// Raises `ValueError` for what is no record.
    #[staticmethod]
    fn from_record(record: &Bound<'_, PyAny>) -> PyResult<Self> {
        if let Ok(text) = record.cast::<PyString>() {
            return from_json("record", text.to_str()?).map(Self);
        }
        if !record.is_instance_of::<PyMapping>() {
            return Err(expected("record", "a dict or JSON in a str", record));
        }
        from_python("record", record).map(Self)
    }

    fn __eq__(&self, other: &Self) -> bool {
        self.0 == other.0
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        (self.0.class, self.0.error_code, self.0.status, self.0.ray_id).hash(&mut hasher);
        hasher.finish()
    }

    fn __str__(&self) -> String {
        self.0.summary()
    }

    fn __repr__(&self) -> String {
        let known = [
            ("reason", self.reason().map(str::to_owned)),
            ("action", Some(self.0.action().to_string())),
            ("retry_after", self.0.retry_after.map(|wait| wait.to_string())),
            ("ray_id", self.ray_id().map(str::to_owned)),
            ("confidence", Some(self.confidence().to_owned())),
        ];
        let known = known.into_iter().filter_map(|(name, value)| Some(format!(" {name}={}", value?)));
        let code = self.0.error_code.map_or_else(String::new, |code| format!(" {code}"));
        format!("<Verdict {}{code}{}>", self.0.class, known.collect::<String>())
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, (String,))> {
        let read = py.get_type::<Self>().getattr(intern!(py, "from_record"))?;
        Ok((read, (to_json(&self.0.facts())?,)))
    }
}

/// Says whether Cloudflare answered in place of the site, why, and what to do next.
///
/// - `status`: the HTTP status; None where it is not known.
/// - `headers`: pairs of str or bytes, a mapping whose values may be lists, or the header object of an HTTP
///   library. Without them less can be said.
/// - `body`: bytes, a buffer of bytes or str, after decompression. The first 64 KiB and the last 8 KiB are enough.
/// - `url`: the address that answered.
/// - `history`: the redirects before it, as pairs (status, location).
/// - `peer_ip`: the server's address; with it the verdict says whether Cloudflare's network answered.
/// - `now`: seconds since 1970, an aware datetime or RFC 3339; turns a date in Retry-After into seconds.
/// - `truncated`: whether the body was not read to its end.
///
/// Every response has a verdict. Only arguments of a wrong type or range raise: `TypeError` or `ValueError`
/// that names the argument.
#[pyfunction]
#[pyo3(signature = (status, headers=None, body=None, *, url=None, history=None, peer_ip=None, now=None, truncated=false))]
#[allow(clippy::too_many_arguments, reason = "these are the parts of a response")]
pub(crate) fn classify(
    status: &Bound<'_, PyAny>,
    headers: Option<&Bound<'_, PyAny>>,
    body: Option<&Bound<'_, PyAny>>,
    url: Option<&Bound<'_, PyAny>>,
    history: Option<&Bound<'_, PyAny>>,
    peer_ip: Option<&Bound<'_, PyAny>>,
    now: Option<&Bound<'_, PyAny>>,
    truncated: bool,
) -> PyResult<Verdict> {
    let around = Surroundings { url, history, peer_ip, now, truncated };
    Response::read(status, headers, body, &around)?.with_parts(|parts| Verdict(cfblock_core::classify(parts)))
}

/// Classifies many responses; other threads run meanwhile.
///
/// - `responses`: each a tuple (status, headers, body), of which the last ones may be left out, or a mapping of
///   the arguments of `classify`.
///
/// Returns the verdicts in the same order. Raises `TypeError` or `ValueError` that names the item.
#[pyfunction]
pub(crate) fn classify_many<'py>(py: Python<'py>, responses: &Bound<'py, PyAny>) -> PyResult<Vec<Verdict>> {
    let items =
        responses.try_iter().map_err(|_| expected("responses", "an iterable of responses", responses))?;
    let mut responses = Vec::new();
    for (at, item) in items.enumerate() {
        responses.push(Response::read_item(at, &item?)?);
    }
    let lists: Vec<_> = responses.iter().map(|one| one.lists().unwrap_or_default()).collect();
    let parts: Vec<_> =
        responses.iter().zip(&lists).map(|(one, (pairs, hops))| one.parts(pairs, hops)).collect();
    Ok(py.detach(|| parts.iter().map(|parts| Verdict(cfblock_core::classify(parts))).collect()))
}

/// Reads a verdict or its record, as an argument of another function.
pub(crate) fn read(name: &str, value: &Bound<'_, PyAny>) -> PyResult<CoreVerdict> {
    if let Ok(verdict) = value.cast::<Verdict>() {
        return Ok(verdict.get().0.clone());
    }
    if value.is_instance_of::<PyDict>() {
        return from_python(name, value);
    }
    Err(expected(name, "a Verdict or the dict of its record", value))
}
