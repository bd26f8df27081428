//! By which a host is known: 64 bits of hash, the same in every build.

#![allow(
    clippy::indexing_slicing,
    reason = "each place is one of its own table, or within an array of a stated length"
)]

/// The hash of a host in a pipeline; upper and lower case of a host's name are the same.
pub(super) fn key(seed: u64, pipeline: &str, host: &str) -> u64 {
    // Digits of pi: any odd numbers without a pattern do.
    let state = feed(seed ^ 0x243f_6a88_85a3_08d3, pipeline, false);
    let state = feed(state ^ 0x1319_8a2e_0370_7345, host, true);
    fold(state, 0xa409_3822_299f_31d1)
}

fn feed(mut state: u64, text: &str, any_case: bool) -> u64 {
    for chunk in text.as_bytes().chunks(8) {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        if any_case {
            word.make_ascii_lowercase();
        }
        state = fold(state ^ u64::from_le_bytes(word), 0x082e_fa98_ec4e_6c89);
    }
    fold(state ^ text.len() as u64, 0x4528_21e6_38d0_1377)
}

/// Mixes by the two halves of a product.
#[allow(clippy::cast_possible_truncation, reason = "the two halves are taken apart")]
fn fold(value: u64, factor: u64) -> u64 {
    let product = u128::from(value) * u128::from(factor);
    product as u64 ^ (product >> 64) as u64
}
