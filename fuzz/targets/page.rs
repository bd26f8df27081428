//! The words of any page can be read and shown.

#![no_main]

use cfblock_core::{Page, ResponseParts, classify};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    // The header makes it an intercepting page, whatever it says.
    let parts = ResponseParts::new().status(403).header_strs(&[("cf-mitigated", "challenge")]).body(body);
    let verdict = classify(&parts);
    let Some(page) = Page::read(&parts, &verdict) else { return };
    for words in [page.title, page.headline, page.what_happened, page.what_to_do].into_iter().flatten() {
        assert!(!words.is_empty());
        assert!(words.chars().count() <= 1001, "{} characters", words.chars().count());
        assert!(!words.contains(|c: char| c.is_control()), "{words:?}");
    }
});
