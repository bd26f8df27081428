//! What headers and addresses say, before any look at the body.

mod address;
mod headers;

pub(crate) use address::{Preview, access_host, host_of, in_cloudflare_ranges, path_of};
pub(crate) use headers::{Content, HeaderSigns};
