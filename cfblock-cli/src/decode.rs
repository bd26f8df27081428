//! Takes the transfer's wrapping off a body: chunks and compression.
//!
//! What cannot be unwrapped stays as it is. A body that ends too early gives
//! its first part.

#![allow(
    clippy::indexing_slicing,
    reason = "each place comes from a search in the same bytes, so it lies within them"
)]

use std::io::Read;

use brotli_decompressor::Decompressor;
use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use httparse::Status;
use ruzstd::decoding::StreamingDecoder;

/// How much of a decompressed body is kept. A verdict never needs more, and a
/// small body that unpacks to gigabytes does no harm.
const LIMIT: usize = 16 << 20;

/// How many encodings one body may have. More than two are never seen.
const LAYERS: usize = 5;

/// What was inside.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Decoded {
    pub(crate) bytes: Vec<u8>,
    /// Whether that is all of it.
    pub(crate) whole: bool,
}

/// Undoes the encodings of a `content-encoding` header, which names them in the order they were applied.
///
/// `None`: the body stays as it is, because nothing has to be undone, or
/// because it cannot be: an unknown encoding, or bytes that do not fit it.
/// Tools that decode the body and keep the header are common (`curl
/// --compressed -i`), so a body that is readable text is left alone.
pub(crate) fn content(body: &[u8], encodings: &[u8]) -> Option<Decoded> {
    let mut current: Option<Decoded> = None;
    let named = encodings.split(|byte| *byte == b',').map(<[u8]>::trim_ascii);
    let applied = named.filter(|name| !name.is_empty() && !name.eq_ignore_ascii_case(b"identity"));
    for (layer, name) in applied.rev().enumerate() {
        let (bytes, whole) =
            current.as_ref().map_or((body, true), |decoded| (&*decoded.bytes, decoded.whole));
        if layer == LAYERS || is_text(bytes) {
            break;
        }
        let mut decoded = decompress(name, bytes)?;
        decoded.whole &= whole;
        current = Some(decoded);
    }
    current
}

fn decompress(name: &[u8], bytes: &[u8]) -> Option<Decoded> {
    match name.to_ascii_lowercase().as_slice() {
        b"gzip" | b"x-gzip" => read(MultiGzDecoder::new(bytes)),
        // The standard says zlib; some servers leave its frame out.
        b"deflate" => read(ZlibDecoder::new(bytes)).or_else(|| read(DeflateDecoder::new(bytes))),
        b"br" => read(Decompressor::new(bytes, 4096)),
        b"zstd" => read(StreamingDecoder::new_with_max_window_size(bytes, LIMIT as u64).ok()?),
        _ => None,
    }
}

fn read(decoder: impl Read) -> Option<Decoded> {
    let mut bytes = Vec::new();
    let ended = decoder.take(LIMIT as u64 + 1).read_to_end(&mut bytes).is_ok();
    let whole = ended && bytes.len() <= LIMIT;
    bytes.truncate(LIMIT);
    (!bytes.is_empty()).then_some(Decoded { bytes, whole })
}

/// Whether the beginning of a body is text; compressed bytes never are.
fn is_text(bytes: &[u8]) -> bool {
    let start = &bytes[..bytes.len().min(512)];
    let valid = match std::str::from_utf8(start) {
        Ok(_) => true,
        // The cut may go through a character.
        Err(error) => error.error_len().is_none() && start.len() < bytes.len(),
    };
    valid && !start.iter().any(|byte| matches!(byte, 0..=8 | 0x0b | 0x0e..=0x1a | 0x1c..=0x1f | 0x7f))
}

/// Joins the chunks of a body that was saved from a socket.
///
/// `None`: the body does not begin with a chunk, so somebody joined them already.
pub(crate) fn chunks(body: &[u8]) -> Option<Decoded> {
    let mut rest = body;
    let mut bytes = Vec::new();
    while rest.first().is_some_and(u8::is_ascii_hexdigit) {
        let Ok(Status::Complete((start, size))) = httparse::parse_chunk_size(rest) else { break };
        if size == 0 {
            return Some(Decoded { bytes, whole: true });
        }
        let data = &rest[start..];
        let size = usize::try_from(size).map_or(data.len(), |size| size.min(data.len()));
        let after = &data[size..];
        if !after.is_empty() && !after.starts_with(b"\r") {
            break;
        }
        bytes.extend_from_slice(&data[..size]);
        rest = after.strip_prefix(b"\r\n").unwrap_or_default();
    }
    (!bytes.is_empty()).then_some(Decoded { bytes, whole: false })
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test may fail")]
mod tests {
    use std::io::Read;

    use flate2::Compression;
    use flate2::read::GzEncoder;

    use super::{Decoded, LIMIT, chunks, content};

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut packed = Vec::new();
        GzEncoder::new(bytes, Compression::fast()).read_to_end(&mut packed).expect("memory can be read");
        packed
    }

    fn seen(decoded: Option<&Decoded>) -> Option<(&[u8], bool)> {
        decoded.map(|decoded| (decoded.bytes.as_slice(), decoded.whole))
    }

    #[test]
    fn encodings_are_undone_in_reverse_order() {
        let page = content(&gzip(&gzip(b"page")), b"identity, x-gzip, GZIP");
        assert_eq!(seen(page.as_ref()), Some((&b"page"[..], true)));
    }

    #[test]
    fn what_cannot_be_undone_stays() {
        assert_eq!(content(&gzip(b"page"), b"compress"), None);
        assert_eq!(content(b"\x1f\x8b\xff\xff", b"gzip"), None);
        assert_eq!(content(b"error code: 1015", b"br"), None);
    }

    #[test]
    fn a_cut_stream_gives_its_first_part() {
        let noise: Vec<u8> =
            (0_u32..4000).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
        let packed = gzip(&noise);
        let first = content(&packed[..packed.len() / 2], b"gzip").expect("its first part");
        assert!(!first.whole && noise.starts_with(&first.bytes));
    }

    #[test]
    fn a_bomb_is_cut_at_the_limit() {
        let first = content(&gzip(&vec![0; LIMIT + 1]), b"gzip").expect("its first part");
        assert_eq!((first.bytes.len(), first.whole), (LIMIT, false));
    }

    #[test]
    fn chunks_are_joined_only_where_there_are_any() {
        let joined = chunks(b"4\r\npage\r\n1;x=y\r\n!\r\n0\r\n\r\n");
        assert_eq!(seen(joined.as_ref()), Some((&b"page!"[..], true)));
        assert_eq!(seen(chunks(b"8\r\npage").as_ref()), Some((&b"page"[..], false)));
        assert_eq!(chunks(b"2\r\npage"), None);
        assert_eq!(chunks(b"error code: 1015"), None);
        assert_eq!(chunks(b"\r\n<html>"), None);
    }
}
