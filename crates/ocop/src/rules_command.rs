//! `ocop rules`: the law as it is loaded, to read, to export and to check.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};
use ocop_core::rules::{ProductSet, Rules, load, print};

use crate::score_command::{USAGE, print_out, report};

/// List, show and check the rules.
#[derive(Debug, Args)]
pub struct RulesCommand {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// List every regime with its product sets.
    List,
    /// Show one product set, such as `2026-26/4`.
    Show {
        /// Regime and number of the set: REGIME/SET.
        set: String,
        /// How to print it.
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
    /// Check the rule files of a folder (`rules/` by default): one line for each fault.
    Check {
        /// The folder that holds the regimes.
        #[arg(default_value = "rules")]
        dir: PathBuf,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// For reading on a terminal.
    Text,
    /// The whole set.
    Json,
    /// One line a level, numbers only.
    Csv,
}

impl RulesCommand {
    /// Runs the command on the rules built into the program; `check` reads its own folder.
    /// Exit code 1: faults found by `check`; 2: no such set, folder or format.
    pub fn run(self, rules: &Rules) -> ExitCode {
        match self.what {
            What::List => print_out(&print::list(rules)),
            What::Show { set, format } => match find(rules, &set) {
                Some(found) => show(found, format),
                None => report(&format!("không có bộ «{set}»; các bộ hiện có: {}", available(rules)), USAGE),
            },
            What::Check { dir } => check(&dir),
        }
    }
}

fn find<'a>(rules: &'a Rules, reference: &str) -> Option<&'a ProductSet> {
    let (regime, no) = reference.split_once('/')?;
    rules.set(regime, no.parse().ok()?).map(AsRef::as_ref)
}

fn available(rules: &Rules) -> String {
    let sets = rules.regimes.values().flat_map(|regime| regime.sets.values());
    sets.map(|set| set.reference()).collect::<Vec<_>>().join(", ")
}

fn show(set: &ProductSet, format: Format) -> ExitCode {
    match format {
        Format::Text => print_out(&print::text(set)),
        Format::Csv => print_out(&print::csv(set)),
        Format::Json => match print::json(set) {
            Ok(json) => print_out(&format!("{json}\n")),
            Err(fault) => report(&fault, USAGE),
        },
    }
}

fn check(dir: &Path) -> ExitCode {
    let mut files = BTreeMap::new();
    if let Err(fault) = read(dir, "", &mut files) {
        return report(&format!("không đọc được {}: {}", fault.path.display(), fault.fault), USAGE);
    }
    match load(&files) {
        Ok(rules) => {
            let sets: usize = rules.regimes.values().map(|regime| regime.sets.len()).sum();
            print_out(&format!("{} bộ quy định, {sets} bộ sản phẩm: không có lỗi.\n", rules.regimes.len()))
        }
        Err(faults) => {
            let lines: String = faults.iter().map(|fault| format!("{fault}\n")).collect();
            print_out(&lines);
            ExitCode::from(1)
        }
    }
}

/// A file or folder that cannot be read.
struct Unreadable {
    path: PathBuf,
    fault: std::io::Error,
}

/// Collects the TOML files below `dir`, by their path inside it with `/` between the parts.
fn read(dir: &Path, inside: &str, files: &mut BTreeMap<String, String>) -> Result<(), Unreadable> {
    let unreadable = |path: &Path| {
        let path = path.to_owned();
        |fault| Unreadable { path, fault }
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
