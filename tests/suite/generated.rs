//! Generated files are fresh.

use crate::assert_none;

#[test]
fn generated_files_are_fresh() {
    let files = cfblock_tests::generate::all().unwrap();
    assert_none(
        "generated files agree with the catalogue, see `cargo run -p cfblock-tests`",
        files.iter().filter(|file| !file.is_fresh()).map(|file| file.path.display().to_string()),
    );
}

#[test]
fn the_readme_has_its_generated_tables() {
    let readme = std::fs::read_to_string(cfblock_tests::repository().join("README.md")).unwrap();
    assert_none(
        "the README holds the generated tables",
        ["classes"]
            .into_iter()
            .filter(|name| !readme.contains(&format!("<!-- generated: {name} -->")))
            .map(str::to_owned),
    );
}
