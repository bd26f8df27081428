//! Strings of bytes: they cross in one call each way, without being measured first.

#![allow(unsafe_code, reason = "Node's C interface, where napi has no function without a copy more")]

use std::cell::Cell;
use std::ops::Deref;
use std::ptr;

use napi::bindgen_prelude::{FromNapiValue, ToNapiValue, TypeName, ValidateNapiValue};
use napi::{Error, Result, Status, ValueType, sys};

/// Large enough for the headers of nearly every response.
const USUAL: usize = 16 * 1024;

thread_local! {
    /// A buffer that one call after the other uses.
    static SPARE: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// A JavaScript string of which each character is one byte; of larger ones only the low byte is read.
pub(crate) struct Latin1(Vec<u8>);

impl Deref for Latin1 {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl Drop for Latin1 {
    fn drop(&mut self) {
        if self.0.capacity() <= USUAL {
            SPARE.set(std::mem::take(&mut self.0));
        }
    }
}

impl TypeName for Latin1 {
    fn type_name() -> &'static str {
        "string"
    }

    fn value_type() -> ValueType {
        ValueType::String
    }
}

impl ValidateNapiValue for Latin1 {}

impl FromNapiValue for Latin1 {
    unsafe fn from_napi_value(env: sys::napi_env, value: sys::napi_value) -> Result<Self> {
        let mut buffer = SPARE.take();
        buffer.clear();
        buffer.reserve(USUAL);
        // SAFETY: `env` and `value` are those of this call.
        let mut read = unsafe { read_into(env, value, &mut buffer)? };
        if read + 1 >= buffer.capacity() {
            let mut length = 0;
            // SAFETY: without a buffer only the length is written.
            check(unsafe {
                sys::napi_get_value_string_latin1(env, value, ptr::null_mut(), 0, &raw mut length)
            })?;
            buffer.reserve(length + 1);
            // SAFETY: as above; now everything fits.
            read = unsafe { read_into(env, value, &mut buffer)? };
        }
        // SAFETY: Node has written so many bytes.
        unsafe { buffer.set_len(read) };
        Ok(Self(buffer))
    }
}

/// Reads as much of a string as fits, and returns how many bytes that were.
///
/// # Safety
/// `env` and `value` have to be those of the present call.
unsafe fn read_into(env: sys::napi_env, value: sys::napi_value, buffer: &mut Vec<u8>) -> Result<usize> {
    let mut read = 0;
    // SAFETY: the capacity is that of the buffer, and Node writes no more, with the NUL at the end.
    check(unsafe {
        sys::napi_get_value_string_latin1(
            env,
            value,
            buffer.as_mut_ptr().cast(),
            buffer.capacity(),
            &raw mut read,
        )
    })?;
    Ok(read)
}

/// Bytes that become a string of one character each.
pub(crate) struct OneByteString(pub(crate) Vec<u8>);

impl TypeName for OneByteString {
    fn type_name() -> &'static str {
        "string"
    }

    fn value_type() -> ValueType {
        ValueType::String
    }
}

impl ToNapiValue for OneByteString {
    unsafe fn to_napi_value(env: sys::napi_env, value: Self) -> Result<sys::napi_value> {
        let length = isize::try_from(value.0.len()).map_err(|_| Error::from_status(Status::InvalidArg))?;
        let mut string = ptr::null_mut();
        // SAFETY: Node copies the bytes before the call returns.
        check(unsafe {
            sys::napi_create_string_latin1(env, value.0.as_ptr().cast(), length, &raw mut string)
        })?;
        Ok(string)
    }
}

fn check(status: sys::napi_status) -> Result<()> {
    if status == sys::Status::napi_ok { Ok(()) } else { Err(Error::from_status(Status::from(status))) }
}
