//! Tables in, tables of verdicts out, through Arrow's C data interface.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use arrow_array::{RecordBatch, RecordBatchIterator, RecordBatchReader};
use arrow_schema::{ArrowError, Schema, SchemaRef};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

use self::interface::{Batch, Capsules, Stream, array_capsules, schema_capsule, stream_capsule};
use self::plan::Plan;
pub(crate) use self::rows::INPUT;
use crate::convert::expected;

mod columns;
mod fields;
mod interface;
mod plan;
mod rows;
mod values;

/// Why a table cannot be classified.
#[derive(Debug)]
enum Failure {
    Type(String),
    Value(String),
}

impl From<ArrowError> for Failure {
    fn from(error: ArrowError) -> Self {
        Self::Value(format!("data is not what its schema says: {error}"))
    }
}

impl From<Failure> for PyErr {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Type(message) => PyTypeError::new_err(message),
            Failure::Value(message) => PyValueError::new_err(message),
        }
    }
}

impl From<Failure> for ArrowError {
    fn from(failure: Failure) -> Self {
        let (Failure::Type(message) | Failure::Value(message)) = failure;
        // Consumers read it as a text of C, which ends at the first NUL.
        Self::InvalidArgumentError(message.replace('\0', "\u{fffd}"))
    }
}

/// Runs what may panic when data contradicts its schema.
fn guarded<T>(work: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(Failure::Value("data is not what its schema says".to_owned())))
}

/// Verdicts about the rows of one batch.
#[pyclass(frozen, module = "cfblock.arrow")]
pub(crate) struct VerdictBatch(RecordBatch);

#[pymethods]
impl VerdictBatch {
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_array__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Capsules<'py>> {
        let _ = requested_schema;
        array_capsules(py, &self.0)
    }

    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        let _ = requested_schema;
        stream_capsule(py, RecordBatchIterator::new([Ok(self.0.clone())], self.0.schema()))
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        schema_capsule(py, self.0.schema_ref())
    }

    fn __len__(&self) -> usize {
        self.0.num_rows()
    }

    fn __repr__(&self) -> String {
        format!("<VerdictBatch of {} rows>", self.0.num_rows())
    }
}

/// Verdicts about the rows of a stream, made batch by batch as they are read.
#[pyclass(frozen, module = "cfblock.arrow")]
pub(crate) struct VerdictStream {
    source: Py<PyAny>,
    keep: Vec<String>,
    prefix: String,
    schema: SchemaRef,
    /// Opened to see its columns; the first reader gets it.
    opened: Mutex<Option<Reader>>,
}

struct Reader {
    stream: Stream,
    plan: Plan,
}

impl Reader {
    fn open(source: &Bound<'_, PyAny>, keep: &[String], prefix: &str) -> PyResult<Self> {
        let capsule = source.call_method0(intern!(source.py(), "__arrow_c_stream__"))?;
        let stream = Stream::take(&capsule.cast_into::<PyCapsule>()?)?;
        let plan = Plan::new(&stream.data_type, keep, prefix)?;
        Ok(Self { stream, plan })
    }
}

impl Iterator for Reader {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        let batch = self.stream.next().transpose()?;
        Some(batch.and_then(|batch| self.plan.classify(&batch)).map_err(ArrowError::from))
    }
}

impl RecordBatchReader for Reader {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.plan.schema)
    }
}

#[pymethods]
impl VerdictStream {
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        let _ = requested_schema;
        let opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner).take();
        let reader = match opened {
            Some(reader) => reader,
            None => Reader::open(self.source.bind(py), &self.keep, &self.prefix)?,
        };
        stream_capsule(py, reader)
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        schema_capsule(py, &self.schema)
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let source = self.source.bind(py).get_type().name()?;
        Ok(format!("<VerdictStream over a {source}>"))
    }
}

/// The schema of verdicts as a table.
#[pyclass(frozen, module = "cfblock.arrow")]
pub(crate) struct VerdictSchema(Schema);

#[pymethods]
impl VerdictSchema {
    #[new]
    #[pyo3(signature = (prefix = ""))]
    fn new(prefix: &str) -> PyResult<Self> {
        plan::check_prefix(prefix)?;
        Ok(Self(Schema::new(columns::fields(prefix)?)))
    }

    /// The names of the columns, in order.
    #[getter]
    fn names(&self) -> Vec<&str> {
        self.0.fields().iter().map(|field| field.name().as_str()).collect()
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        schema_capsule(py, &self.0)
    }

    fn __repr__(&self) -> String {
        let column = |field: &Arc<arrow_schema::Field>| {
            format!("\n{}: {}", field.name(), rows::described(field.data_type()))
        };
        format!("<VerdictSchema>{}", self.0.fields().iter().map(column).collect::<String>())
    }
}

/// Classifies the rows of a table, a batch or a stream.
#[pyfunction]
pub(crate) fn classify_arrow<'py>(
    py: Python<'py>,
    data: &Bound<'py, PyAny>,
    keep: Vec<String>,
    prefix: String,
) -> PyResult<Bound<'py, PyAny>> {
    if data.hasattr(intern!(py, "__arrow_c_array__"))? {
        let capsules = data.call_method0(intern!(py, "__arrow_c_array__"))?;
        let (schema, array) = capsules.extract::<(Bound<'py, PyCapsule>, Bound<'py, PyCapsule>)>()?;
        let batch = Batch::take(&schema, &array)?;
        let plan = Plan::new(&batch.data_type, &keep, &prefix)?;
        let verdicts = py.detach(|| plan.classify(&batch.import()?))?;
        return Ok(VerdictBatch(verdicts).into_pyobject(py)?.into_any());
    }
    if data.hasattr(intern!(py, "__arrow_c_stream__"))? {
        let reader = Reader::open(data, &keep, &prefix)?;
        let schema = Arc::clone(&reader.plan.schema);
        let source = data.clone().unbind();
        let verdicts = VerdictStream { source, keep, prefix, schema, opened: Mutex::new(Some(reader)) };
        return Ok(verdicts.into_pyobject(py)?.into_any());
    }
    let what = "a table, batch or stream with __arrow_c_stream__ or __arrow_c_array__";
    Err(expected("data", what, data))
}
