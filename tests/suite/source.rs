//! The sources keep to the order of their modules, and stay short.

use std::fs;
use std::path::{Path, PathBuf};

use crate::assert_none;

const LONGEST: usize = 400;

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok) {
        let path = entry.path();
        if path.is_dir() && !path.ends_with("target") {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

fn shown(path: &Path) -> String {
    path.strip_prefix(cfblock_tests::repository()).unwrap_or(path).display().to_string()
}

#[test]
fn files_stay_short() {
    let root = cfblock_tests::repository();
    let files: Vec<PathBuf> = ["cfblock-core", "cfblock-cli", "tests", "benches", "fuzz"]
        .iter()
        .flat_map(|name| rust_files(&root.join(name)))
        .filter(|path| !is_table(path))
        .collect();
    assert!(files.len() > 20, "the sources were not found");
    assert_none(
        "files have at most 400 lines",
        files.iter().filter_map(|path| {
            let lines = fs::read_to_string(path).unwrap().lines().count();
            (lines > LONGEST).then(|| format!("{}: {lines}", shown(path)))
        }),
    );
}

/// Whether a file is a table of the catalogue, which is as long as its data.
fn is_table(path: &Path) -> bool {
    path.parent().is_some_and(|folder| folder.ends_with("cfblock-core/src/codes"))
        && !path.ends_with("mod.rs")
}

#[test]
fn numbers_of_codes_stand_in_the_catalogue_alone() {
    let source = cfblock_tests::repository().join("cfblock-core/src");
    let catalogue = source.join("codes");
    let known: Vec<String> = cfblock_core::codes::all()
        .filter_map(|entry| entry.code)
        // These are also the numbers of kilobytes and milliseconds.
        .filter(|code| code.is_1xxx() && !matches!(code.get(), 1000 | 1024))
        .map(|code| code.to_string())
        .collect();
    let mut offenders = Vec::new();
    for path in rust_files(&source) {
        if path.starts_with(&catalogue) || path.ends_with("tests.rs") {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        // Words are for people and marks for pages; what a program decides by is neither text nor comment.
        let program: String = text
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
            .collect::<Vec<_>>()
            .join("\n")
            .split('"')
            .step_by(2)
            .collect::<Vec<_>>()
            .join(" ");
        let words = program.split(|char: char| !char.is_ascii_alphanumeric());
        let numbers = words.filter(|word| known.iter().any(|number| number == word));
        offenders.extend(numbers.map(|number| format!("{}: {number}", shown(&path))));
    }
    assert_none("no module but the catalogue knows the number of a code", offenders);
}

#[test]
fn modules_use_only_those_before_them() {
    let source = cfblock_tests::repository().join("cfblock-core/src");
    let lib = fs::read_to_string(source.join("lib.rs")).unwrap();
    let order = module_order(&lib);
    assert!(order.len() > 4 && order[0] == "vocab", "lib.rs was misread: {order:?}");
    let mut offenders = Vec::new();
    for path in rust_files(&source) {
        let inside = path.strip_prefix(&source).unwrap();
        let module = inside.iter().next().unwrap().to_string_lossy().trim_end_matches(".rs").to_owned();
        if module == "lib" {
            continue;
        }
        let own = order.iter().position(|name| *name == module);
        let own = own.unwrap_or_else(|| panic!("lib.rs does not declare {module}"));
        let text = fs::read_to_string(&path).unwrap();
        let mut used = upward_uses(&text, &order[..=own]);
        let top_level = inside.iter().count() == 1;
        used.extend(
            text.lines().filter(|line| top_level && line.starts_with("use super::")).map(str::to_owned),
        );
        offenders.extend(used.into_iter().map(|used| format!("{}: {used}", shown(&path))));
    }
    assert_none(&format!("modules use only those before them ({})", order.join(", ")), offenders);
}

/// The modules in the order in which lib.rs declares them.
fn module_order(lib: &str) -> Vec<&str> {
    lib.lines()
        .filter_map(|line| {
            line.trim_start_matches("pub ").trim_start_matches("pub(crate) ").strip_prefix("mod ")
        })
        .filter_map(|rest| rest.strip_suffix(';'))
        .collect()
}

/// The uses of modules of the crate that are not among the allowed ones.
fn upward_uses(text: &str, allowed: &[&str]) -> Vec<String> {
    let code: String =
        text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let follows_a_name = code[..at].ends_with(|last: char| last.is_alphanumeric() || last == '_');
        if follows_a_name {
            continue;
        }
        for used in heads(&code[at + "crate::".len()..]) {
            if !allowed.contains(&used.as_str()) {
                found.push(format!("crate::{used}"));
            }
        }
    }
    if code.contains("super::super::") || code.lines().any(|line| line.starts_with("use super::super")) {
        found.push("super::super (write crate::… so that the order can be checked)".to_owned());
    }
    found
}

/// The first names of a path: one, or several where it opens a group.
fn heads(path: &str) -> Vec<String> {
    let word = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let Some(group) = path.strip_prefix('{') else { return vec![word(path)] };
    let mut heads = Vec::new();
    let mut depth = 0;
    let mut start = true;
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => start = true,
            c if c.is_whitespace() => {}
            _ if start => {
                heads.push(word(&group[at..]));
                start = false;
            }
            _ => {}
        }
    }
    heads
}

#[test]
fn upward_uses_are_seen() {
    let allowed = ["vocab", "codes"];
    let seen = |text: &str| upward_uses(text, &allowed);
    assert!(seen("use crate::vocab::{Class, Place};\nuse crate::{codes::Entry, vocab};").is_empty());
    assert!(seen("// use crate::classify;\n/// crate::classify\nuse cfblock_crate::classify;").is_empty());
    assert_eq!(seen("use crate::classify::classify;"), ["crate::classify"]);
    assert_eq!(seen("fn f() { $crate::parts::go() }"), ["crate::parts"]);
    assert_eq!(seen("use crate::{codes::{Entry, Step}, parts::Body};"), ["crate::parts"]);
    assert_eq!(seen("use crate::Verdict;"), ["crate::Verdict"]);
    assert_eq!(seen("use super::super::parts;").len(), 1);
}

#[test]
fn the_order_is_read_from_lib() {
    assert_eq!(
        module_order("pub mod a;\n\nmod b;\npub use b::c;\n#[cfg(x)]\npub(crate) mod d;\n"),
        ["a", "b", "d"]
    );
}
