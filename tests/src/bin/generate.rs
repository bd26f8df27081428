//! Writes the generated texts: `cargo run -p cfblock-tests`.

use std::fs;

fn main() -> Result<(), String> {
    for file in cfblock_tests::generate::all()? {
        if !file.is_fresh() {
            if let Some(folder) = file.path.parent() {
                fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
            }
            fs::write(&file.path, &file.text).map_err(|error| format!("{}: {error}", file.path.display()))?;
        }
    }
    Ok(())
}
