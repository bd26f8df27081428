//! Arrow's C data interface, carried by capsules: the one place that trusts a pointer.
//!
//! A capsule's name says what it holds; that is all there is to go by. What is
//! inside is checked as far as the interface allows before it is imported:
//! numbers of buffers and children, signs of lengths and last offsets. The
//! true size of a buffer is known to its maker alone.

#![allow(unsafe_code, reason = "the interface consists of structs of C behind pointers")]

use std::ffi::CStr;

use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema, from_ffi_and_data_type};
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{Array, RecordBatch, RecordBatchReader, StructArray};
use arrow_data::{ArrayData, layout};
use arrow_schema::{DataType, Field, Schema};
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyCapsuleMethods};

use super::{Failure, guarded};

const SCHEMA: &CStr = c"arrow_schema";
const ARRAY: &CStr = c"arrow_array";
const STREAM: &CStr = c"arrow_array_stream";

/// More rows than any memory holds.
const TOO_MANY: usize = 1 << 48;

/// A batch of another library.
pub(super) struct Batch {
    pub(super) data_type: DataType,
    array: FFI_ArrowArray,
}

impl Batch {
    /// Takes the batch out of the capsules that `__arrow_c_array__` returned.
    pub(super) fn take(schema: &Bound<'_, PyCapsule>, array: &Bound<'_, PyCapsule>) -> PyResult<Self> {
        let schema = schema.pointer_checked(Some(SCHEMA))?.cast::<FFI_ArrowSchema>();
        let array = array.pointer_checked(Some(ARRAY))?.cast::<FFI_ArrowArray>();
        // SAFETY: a capsule of this name holds such a struct for as long as it lives.
        let field = imported_field(unsafe { schema.as_ref() })?;
        // SAFETY: likewise; moving it out leaves a released one behind, as the interface asks.
        let array = unsafe { FFI_ArrowArray::from_raw(array.as_ptr()) };
        if array.is_released() {
            return Err(Failure::Value("data was read before".to_owned()).into());
        }
        Ok(Self { data_type: field.data_type().clone(), array })
    }

    pub(super) fn import(self) -> Result<ArrayData, Failure> {
        imported_array(self.array, self.data_type)
    }
}

/// A stream of another library.
pub(super) struct Stream {
    pub(super) data_type: DataType,
    stream: FFI_ArrowArrayStream,
}

impl Stream {
    /// Takes the stream out of the capsule that `__arrow_c_stream__` returned.
    pub(super) fn take(capsule: &Bound<'_, PyCapsule>) -> PyResult<Self> {
        let pointer = capsule.pointer_checked(Some(STREAM))?.cast::<FFI_ArrowArrayStream>();
        // SAFETY: a capsule of this name holds such a struct; a released one stays behind.
        let stream = unsafe { FFI_ArrowArrayStream::from_raw(pointer.as_ptr()) };
        let mut stream = Self { data_type: DataType::Null, stream };
        stream.data_type = stream.schema()?.data_type().clone();
        Ok(stream)
    }

    fn schema(&mut self) -> Result<Field, Failure> {
        let get = self.stream.get_schema().ok_or_else(already_read)?;
        let mut schema = FFI_ArrowSchema::empty();
        // SAFETY: the callback gets the stream it was read from, and room for one schema.
        let status = unsafe { get(&raw mut self.stream, &raw mut schema) };
        self.succeeded(status)?;
        imported_field(&schema)
    }

    /// The next batch; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<ArrayData>, Failure> {
        let get = self.stream.get_next().ok_or_else(already_read)?;
        let mut array = FFI_ArrowArray::empty();
        // SAFETY: the callback gets the stream it was read from, and room for one array.
        let status = unsafe { get(&raw mut self.stream, &raw mut array) };
        self.succeeded(status)?;
        if array.is_released() {
            return Ok(None);
        }
        imported_array(array, self.data_type.clone()).map(Some)
    }

    fn succeeded(&mut self, status: i32) -> Result<(), Failure> {
        if status == 0 {
            return Ok(());
        }
        let message = self.stream.get_last_error().and_then(|get| {
            // SAFETY: the callback gets the stream it was read from; its text ends in NUL
            // and stays until the next call on the stream.
            let text = unsafe { get(&raw mut self.stream).as_ref().map(|text| CStr::from_ptr(text)) };
            text.map(|text| text.to_string_lossy().into_owned())
        });
        Err(Failure::Value(message.unwrap_or_else(|| format!("data failed with error {status}"))))
    }
}

fn already_read() -> Failure {
    Failure::Value("data was read before".to_owned())
}

fn imported_field(schema: &FFI_ArrowSchema) -> Result<Field, Failure> {
    guarded(|| {
        Field::try_from(schema).map_err(|error| Failure::Value(format!("the schema of data: {error}")))
    })
}

fn imported_array(array: FFI_ArrowArray, data_type: DataType) -> Result<ArrayData, Failure> {
    guarded(|| {
        check(&array, &data_type)?;
        // SAFETY: the array agrees with its type as far as it can be seen; that its
        // buffers are as long as they have to be is for its maker to warrant.
        let data = unsafe { from_ffi_and_data_type(array, data_type) }?;
        data.validate()?;
        let rows = data.len();
        // A slice of a struct hands its offset down to the members.
        Ok(data.sliced(0, rows))
    })
}

/// Checks what the import takes for granted.
fn check(array: &FFI_ArrowArray, data_type: &DataType) -> Result<(), Failure> {
    let wrong = |what: &str| Err(Failure::Value(format!("data of type {data_type} has {what}")));
    let (length, offset) = (array.len(), array.offset());
    if length > TOO_MANY || offset > TOO_MANY {
        return wrong("an impossible length");
    }
    let layout = layout(data_type);
    let fixed = layout.buffers.len() + usize::from(layout.can_contain_null_mask);
    let buffers = array.num_buffers();
    let enough = if layout.variadic { (fixed + 1..TOO_MANY).contains(&buffers) } else { buffers == fixed };
    if !enough {
        return wrong("a wrong number of buffers");
    }
    if length + offset > 0 && last_offset(array, data_type).is_some_and(|last| last < 0) {
        return wrong("negative offsets");
    }
    if layout.variadic && !lengths_of_views(array, buffers - fixed - 1) {
        return wrong("wrong lengths of buffers");
    }
    let children = children(data_type);
    if array.num_children() != children.len() {
        return wrong("a wrong number of children");
    }
    if let DataType::Dictionary(_, words) = data_type {
        return array.dictionary().map_or_else(|| wrong("no dictionary"), |array| check(array, words));
    }
    children.into_iter().enumerate().try_for_each(|(at, child)| check(array.child(at), child))
}

fn children(data_type: &DataType) -> Vec<&DataType> {
    match data_type {
        DataType::Struct(fields) => fields.iter().map(|field| field.data_type()).collect(),
        DataType::Union(fields, _) => fields.iter().map(|(_, field)| field.data_type()).collect(),
        DataType::List(item)
        | DataType::LargeList(item)
        | DataType::ListView(item)
        | DataType::LargeListView(item)
        | DataType::FixedSizeList(item, _)
        | DataType::Map(item, _) => vec![item.data_type()],
        DataType::RunEndEncoded(ends, values) => vec![ends.data_type(), values.data_type()],
        _ => Vec::new(),
    }
}

/// The last offset of an array of strings, which the import takes for the length of its bytes.
fn last_offset(array: &FFI_ArrowArray, data_type: &DataType) -> Option<i64> {
    let last = array.len() + array.offset();
    let offsets = match data_type {
        DataType::Utf8 | DataType::Binary | DataType::LargeUtf8 | DataType::LargeBinary => array.buffer(1),
        _ => return None,
    };
    if offsets.is_null() {
        return None;
    }
    // SAFETY: an array of this type has one offset more than rows, of this width.
    Some(match data_type {
        DataType::Utf8 | DataType::Binary => {
            unsafe { offsets.add(4 * last).cast::<i32>().read_unaligned() }.into()
        }
        _ => unsafe { offsets.add(8 * last).cast::<i64>().read_unaligned() },
    })
}

/// Whether the lengths of the data buffers of an array of views, its last buffer, are lengths.
fn lengths_of_views(array: &FFI_ArrowArray, count: usize) -> bool {
    let lengths = array.buffer(array.num_buffers() - 1);
    // SAFETY: the last buffer of such an array has one length for each data buffer.
    let length = |at| unsafe { lengths.add(8 * at).cast::<i64>().read_unaligned() };
    count == 0 || !lengths.is_null() && (0..count).all(|at| length(at) >= 0)
}

/// What `__arrow_c_array__` returns.
pub(super) type Capsules<'py> = (Bound<'py, PyCapsule>, Bound<'py, PyCapsule>);

pub(super) fn schema_capsule<'py>(py: Python<'py>, schema: &Schema) -> PyResult<Bound<'py, PyCapsule>> {
    PyCapsule::new_with_value(py, FFI_ArrowSchema::try_from(schema).map_err(Failure::from)?, SCHEMA)
}

pub(super) fn array_capsules<'py>(py: Python<'py>, batch: &RecordBatch) -> PyResult<Capsules<'py>> {
    let array = FFI_ArrowArray::new(&StructArray::from(batch.clone()).to_data());
    Ok((schema_capsule(py, batch.schema_ref())?, PyCapsule::new_with_value(py, array, ARRAY)?))
}

pub(super) fn stream_capsule(
    py: Python<'_>,
    reader: impl RecordBatchReader + Send + 'static,
) -> PyResult<Bound<'_, PyCapsule>> {
    PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(Box::new(reader)), STREAM)
}
