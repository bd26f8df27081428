//! The closed sets of words as types of other languages.

use std::fmt::Write as _;

use cfblock_core::vocab;

struct Set {
    name: &'static str,
    words: Vec<(&'static str, &'static str)>,
}

/// Every set, with its words and what they mean.
fn sets() -> Vec<Set> {
    macro_rules! set {
        ($($name:ident)+) => {
            vec![$(Set {
                name: stringify!($name),
                words: vocab::$name::ALL.iter().map(|word| (word.as_str(), word.explanation())).collect(),
            }),+]
        };
    }
    set!(
        Class Confidence Producer Provenance Party Action Change ChallengeType Signal Place Audience Scope
        Classification Attribute Network EventKind Recovery Phase ReachedOrigin SiteState Held Failure Aim
    )
}

/// A Python module with a `Literal` a set.
#[must_use]
pub fn python_module() -> String {
    let mut text = String::from(
        "\"\"\"The closed sets of words. Generated from the core: ``cargo run -p cfblock-tests``.\"\"\"\n\n\
         from typing import Literal, TypeAlias\n",
    );
    for set in sets() {
        let _ = writeln!(text, "\n{}: TypeAlias = Literal[", set.name);
        for (word, explanation) in set.words {
            let _ = writeln!(text, "    # {}", first_clause(explanation));
            let _ = writeln!(text, "    \"{word}\",");
        }
        text.push_str("]\n");
    }
    text
}

/// A TypeScript module with a union a set.
#[must_use]
pub fn typescript_module() -> String {
    let mut text =
        String::from("// The closed sets of words. Generated from the core: `cargo run -p cfblock-tests`.\n");
    for set in sets() {
        let _ = writeln!(text, "\nexport type {} =", set.name);
        for (word, explanation) in set.words {
            let _ = writeln!(text, "  // {}", first_clause(explanation));
            let _ = writeln!(text, "  | '{word}'");
        }
        text.truncate(text.trim_end().len());
        text.push_str(";\n");
    }
    text
}

/// The explanation up to the end of its first sentence or clause.
fn first_clause(explanation: &str) -> String {
    let first = explanation.split_inclusive(['.', ':']).next().unwrap_or_default();
    first.split_whitespace().collect::<Vec<_>>().join(" ").trim_end_matches([':', '.']).to_owned()
}
