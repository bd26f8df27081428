//! The words that a person sees on an intercepting page.

#![allow(
    clippy::indexing_slicing,
    reason = "each place comes from a search in the same bytes, so it lies within them"
)]

use scraper::{ElementRef, Html, Selector};
use serde::Serialize;

use crate::parts::ResponseParts;
use crate::verdict::Verdict;

/// How many bytes of a page are parsed: deep nesting costs a parser the square of them.
const PARSED: usize = 16 * 1024;

/// The longest text that is passed on, in characters.
const LONGEST: usize = 1000;

/// The words of an intercepting page, for people to read.
///
/// They are whatever the page says: white space is folded, control characters
/// are dropped, and long texts are cut, but nothing vouches for them.
///
/// ```
/// use cfblock_core::{classify, Page, ResponseParts};
///
/// let html = br#"<title>Access denied | shop.example used Cloudflare to restrict access</title>
/// <div id="cf-error-details"><h1><span data-translate="error">Error</span> <span>1006</span></h1>
/// <h2>Access denied</h2><h2>What happened?</h2>
/// <p>The owner of this website (shop.example) has banned your IP address.</p></div>"#;
/// let parts = ResponseParts::new().status(403).body(html);
/// let page = Page::read(&parts, &classify(&parts)).unwrap();
/// assert_eq!(page.headline.as_deref(), Some("Access denied"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Page {
    /// The title of the document.
    pub title: Option<String>,
    /// The largest heading that says more than a number.
    pub headline: Option<String>,
    /// What stands under "What happened?" or "Why have I been blocked?".
    pub what_happened: Option<String>,
    /// What stands under "What can I do?".
    pub what_to_do: Option<String>,
}

impl Page {
    /// Reads the words of an intercepting HTML page.
    ///
    /// There are none for a response that passed, and for other formats.
    #[must_use]
    pub fn read(parts: &ResponseParts<'_>, verdict: &Verdict) -> Option<Self> {
        let body = parts.body.bytes();
        if !verdict.is_intercepted() || !body.trim_ascii_start().starts_with(b"<") {
            return None;
        }
        let document = Html::parse_document(&String::from_utf8_lossy(&body[..body.len().min(PARSED)]));
        let title = select(&document, "title").into_iter().next().and_then(|title| text_of(&title));
        let mut page = Self { title, ..Self::default() };
        for heading in select(&document, "h1, h2") {
            let Some(words) = text_of(&heading) else { continue };
            match words.trim_end_matches('?') {
                "What happened" | "Why have I been blocked" => set(&mut page.what_happened, below(&heading)),
                "What can I do" | "What can I do to resolve this" => {
                    set(&mut page.what_to_do, below(&heading));
                }
                words if !words.starts_with("Error") => set(&mut page.headline, Some(words.to_owned())),
                _ => {}
            }
        }
        Some(page)
    }
}

fn set(slot: &mut Option<String>, words: Option<String>) {
    if slot.is_none() {
        *slot = words;
    }
}

fn select<'a>(document: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    Selector::parse(selector).map(|selector| document.select(&selector).collect()).unwrap_or_default()
}

/// The paragraphs and lists between a heading and the next one.
fn below(heading: &ElementRef<'_>) -> Option<String> {
    let blocks = heading
        .next_siblings()
        .filter_map(ElementRef::wrap)
        .take_while(|element| !matches!(element.value().name(), "h1" | "h2"))
        .filter(|element| matches!(element.value().name(), "p" | "ul" | "ol" | "h3"))
        .take(8);
    let words: Vec<String> = blocks.filter_map(|block| text_of(&block)).collect();
    (!words.is_empty()).then(|| shortened(&words.join(" ")))
}

fn text_of(element: &ElementRef<'_>) -> Option<String> {
    let mut words = String::new();
    for word in element.text().flat_map(str::split_whitespace) {
        if words.len() > 4 * LONGEST {
            break;
        }
        if !words.is_empty() {
            words.push(' ');
        }
        words.extend(word.chars().filter(|character| !character.is_control()));
    }
    (!words.is_empty()).then(|| shortened(&words))
}

fn shortened(words: &str) -> String {
    words.chars().take(LONGEST).collect()
}
