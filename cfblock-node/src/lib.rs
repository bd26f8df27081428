//! The addon of the npm package `cfblock`: one call in, one string out.
//!
//! A verdict crosses the border as a *snapshot*, see `snapshot`; everything
//! rich is made of it on demand, by JSON. Nothing native is kept per response.

#![warn(clippy::indexing_slicing, clippy::string_slice)]
#![allow(clippy::needless_pass_by_value, reason = "arguments come by value from Node")]
#![allow(unreachable_pub, reason = "napi exports what is public")]
#![cfg_attr(test, allow(dead_code, reason = "napi registers nothing in a test build"))]

mod catalogue;
mod classify;
mod command;
mod convert;
mod course;
mod diagnosis;
mod latin1;
mod monitor;
mod snapshot;
mod tally;
mod triage;
