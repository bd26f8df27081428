//! The command `cfblock`, run as a process of its own.

mod binary;
mod decode;
mod diagnose;
mod explain;
mod report;
mod scan;
mod ticket;
mod triage;
mod watch;
mod wrong_use;

pub(crate) use binary::{cfblock, shell};
