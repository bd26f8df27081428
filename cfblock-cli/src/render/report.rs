//! What the site's owner can do about one answer.

use cfblock_core::owner::{API, ApiRequest, OwnerReport};

use crate::paper::{Paper, style};

pub(super) fn set(paper: &mut Paper, report: &OwnerReport) {
    heading(paper, "Causes, the likeliest first, and what ends them");
    for (index, remedy) in report.table.iter().enumerate() {
        paper.item(&format!("  {}. ", index + 1), remedy.cause);
        // What ends several causes is said once, below the last of them.
        let again = report.table.get(index + 1).is_some_and(|next| next.fixes == remedy.fixes);
        for fix in remedy.fixes.iter().filter(|_| !again) {
            paper.item("     → ", fix);
        }
    }

    heading(paper, "Look it up");
    paper.paragraph(&report.look_up.dashboard);
    paper.blank();
    paper.paragraph(&format!("Mind that {}.", report.look_up.note));
    paper.blank();
    paper.paragraph("The same with the GraphQL Analytics API:");
    query(paper, &report.look_up.query);

    if !report.exceptions.is_empty() {
        heading(paper, "Let this client through, by a rule that skips what stopped it");
    }
    for asked in report.ruleset.iter().chain(&report.exceptions) {
        request(paper, asked);
    }
    if !report.access_rules.is_empty() {
        heading(paper, "Let it through everywhere in the zone");
    }
    for asked in &report.access_rules {
        request(paper, asked);
    }
    paper.blank();
    paper.paragraph(&format!(
        "Nothing was sent. Paths begin at {API}; replace what begins with $ before you send a request. \
         `--for owner --format json` prints the same requests as JSON."
    ));
}

fn heading(paper: &mut Paper, text: &str) {
    paper.blank();
    let text = paper.paint(style::STRONG, text);
    paper.paragraph(&text);
}

/// A GraphQL query is read by people in its own form, not inside of JSON.
fn query(paper: &mut Paper, asked: &ApiRequest) {
    paper.blank();
    paper.verbatim(&format!("{} {}", asked.method, asked.path));
    let Some(body) = &asked.body else { return };
    paper.verbatim(body["query"].as_str().unwrap_or_default());
    paper.verbatim(&format!("variables: {}", pretty(&body["variables"])));
}

fn request(paper: &mut Paper, asked: &ApiRequest) {
    paper.item("  - ", &asked.about);
    paper.verbatim(&format!("{} {}", asked.method, asked.path));
    if let Some(body) = &asked.body {
        paper.verbatim(&pretty(body));
    }
}

fn pretty(json: &serde_json::Value) -> String {
    serde_json::to_string_pretty(json).unwrap_or_default()
}
