//! Writes the lists of units in `data/` anew from public packages; see `data/README.md`.

use std::path::Path;
use std::process::Command;

/// Runs `units.py`, which reads SQLite and JSON with Python's own library: so this crate needs no
/// dependency for something done once a year.
///
/// # Errors
/// When Python is lacking or the packages are not as expected.
pub fn run(root: &Path, folders: &[&str]) -> Result<(), String> {
    if !(2..=3).contains(&folders.len()) {
        return Err(
            "cargo xtask units FOLDER_TODAY FOLDER_CHANGES [FOLDER_2024]: see data/README.md".to_owned()
        );
    }
    let status = Command::new("python3")
        .arg(root.join("xtask/src/units.py"))
        .args(folders)
        .status()
        .map_err(|fault| format!("python3 is needed to read the packages: {fault}"))?;
    if status.success() { Ok(()) } else { Err("the lists of units were not written".to_owned()) }
}
