//! The words of intercepting pages.

use cfblock_core::{Page, Verdict, classify};
use cfblock_tests::case;
use cfblock_tests::response::Response;

use crate::assert_none;

fn read(response: &Response) -> (Verdict, Option<Page>) {
    response.with_parts(|parts| {
        let verdict = classify(&parts);
        let page = Page::read(&parts, &verdict);
        (verdict, page)
    })
}

fn words(page: &Page) -> impl Iterator<Item = &str> {
    let Page { title, headline, what_happened, what_to_do, .. } = page;
    [title, headline, what_happened, what_to_do].into_iter().filter_map(|text| text.as_deref())
}

#[test]
fn words_are_read_from_intercepting_pages_only() {
    let mut offenders = Vec::new();
    let mut pages = 0;
    for case in case::all() {
        let (verdict, page) = read(&case.response);
        pages += usize::from(page.is_some());
        if page.is_some() && !verdict.is_intercepted() {
            offenders.push(format!("{}: passed, but has a page", case.name));
        }
        for text in page.iter().flat_map(words) {
            if text.trim().is_empty() || text.contains(char::is_control) || text.chars().count() > 1001 {
                offenders.push(format!("{}: {text:?}", case.name));
            }
        }
    }
    assert!(pages > 50, "only {pages} cases are pages");
    assert_none("words are clean, and only of intercepting pages", offenders);
}

#[test]
fn a_page_of_today_has_all_its_words() {
    let case = case::all().into_iter().find(|case| case.name == "access_denied/1006-current-html").unwrap();
    let page = read(&case.response).1.unwrap();
    assert_eq!(page.headline.as_deref(), Some("Access denied"));
    assert!(page.title.is_some_and(|title| title.starts_with("Access denied")));
    assert!(page.what_happened.is_some_and(|text| text.contains("banned")));
}

#[test]
fn deep_nesting_is_survived() {
    let case = case::all().into_iter().find(|case| case.name == "access_denied/1006-current-html").unwrap();
    let mut body = case.response.body.clone().unwrap();
    body.extend(b"<div><b>".repeat(8000));
    let (verdict, page) = read(&Response { body: Some(body), ..case.response });
    assert!(verdict.is_intercepted() && page.is_some());
}
