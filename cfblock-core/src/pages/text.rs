//! Plain text: `error code: NNNN` and nothing else.

use super::Finding;
use crate::codes;
use crate::extract::{is_error_number, number};
use crate::vocab::Signal;

/// Recognises a body that is `error code: NNNN` from its first byte to its last.
pub(crate) fn recognise(body: &[u8]) -> Option<Finding> {
    if body.len() > 64 {
        return None;
    }
    let rest = body.trim_ascii().strip_prefix(b"error code: ")?;
    let code = number(rest).filter(|code| is_error_number(*code))?;
    let known = code.is_1xxx() || codes::by_code(code).is_some();
    (known && rest.iter().all(u8::is_ascii_digit)).then(|| Finding::of_code(code, Signal::ErrorCodeText, 0))
}
