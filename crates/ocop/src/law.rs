//! The law that a command works on: built into the program, or read from a folder.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use ocop_core::rules::{RuleFault, Rules, load};

use crate::score_command::{USAGE, report};

/// Which rules a command works on.
#[derive(Debug, Clone, Args)]
pub struct LawArgs {
    /// Folder of rule files to use instead of those built into the program.
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
}

impl LawArgs {
    /// Runs a command that needs only the law. Exit code 2 when the folder cannot be used.
    pub fn with(&self, command: impl FnOnce(&Rules) -> ExitCode) -> ExitCode {
        let rules = match &self.rules {
            Some(dir) => folder(dir).map(Arc::new),
            None => ocop_app::rules::embedded().map_err(Unusable::AtFault),
        };
        match rules {
            Ok(rules) => command(&rules),
            Err(unusable) => report(&unusable, USAGE),
        }
    }
}

/// Why a folder gives no rules.
#[derive(Debug)]
pub enum Unusable {
    /// A file or folder that cannot be read.
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        fault: std::io::Error,
    },
    /// The checker found faults.
    AtFault(Vec<RuleFault>),
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable { path, fault } => write!(f, "không đọc được {}: {fault}", path.display()),
            Self::AtFault(faults) => {
                let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
                write!(f, "tệp quy định có lỗi:\n{}", lines.join("\n"))
            }
        }
    }
}

/// The rules of a folder, as `ocop rules check` reads it.
///
/// # Errors
/// [`Unusable`] says which file, or every fault that the checker found.
pub fn folder(dir: &Path) -> Result<Rules, Unusable> {
    let mut files = BTreeMap::new();
    read(dir, "", &mut files)?;
    load(&files).map_err(Unusable::AtFault)
}

/// Collects the TOML files below `dir`, by their path inside it with `/` between the parts.
fn read(dir: &Path, inside: &str, files: &mut BTreeMap<String, String>) -> Result<(), Unusable> {
    let unreadable = |path: &Path| {
        let path = path.to_owned();
        |fault| Unusable::Unreadable { path, fault }
    };
    for entry in std::fs::read_dir(dir).map_err(unreadable(dir))? {
        let entry = entry.map_err(unreadable(dir))?;
        let name = entry.file_name();
        let path = if inside.is_empty() {
            name.to_string_lossy().into_owned()
        } else {
            format!("{inside}/{}", name.to_string_lossy())
        };
        if entry.path().is_dir() {
            read(&entry.path(), &path, files)?;
        } else if path.ends_with(".toml") {
            files.insert(path, std::fs::read_to_string(entry.path()).map_err(unreadable(&entry.path()))?);
        }
    }
    Ok(())
}
