//! `ocop rules`: the law as it is loaded, to read, to export and to check.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};
use ocop_core::rules::diff::{self, SetDiff};
use ocop_core::rules::{ProductSet, Rules, print};

use crate::law::{self, LawArgs, Unusable};
use crate::path_command::PathCommand;
use crate::score_command::{USAGE, print_out, report};
use crate::wording_command::WordingCommand;

/// List, show and check the rules.
#[derive(Debug, Args)]
pub struct RulesCommand {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// List every regime with its product sets.
    List {
        #[command(flatten)]
        law: LawArgs,
    },
    /// Show one product set, such as `2026-26/4`.
    Show {
        /// Regime and number of the set: REGIME/SET.
        set: String,
        /// How to print it.
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
        #[command(flatten)]
        law: LawArgs,
    },
    /// Tell which regime and which way apply to a dossier filed on a day.
    Path(PathCommand),
    /// Export texts for an office to word officially, import them back.
    Wording(WordingCommand),
    /// Compare two product sets, such as `2023-148/4 2026-26/4`: what changed for a product.
    Diff {
        /// The older set: REGIME/SET.
        from: String,
        /// The newer set; without it, the successors of the older one.
        to: Option<String>,
        /// Print everything as JSON, with the texts of changed levels.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        law: LawArgs,
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
    /// Exit code 1: faults found by `check`; 2: no such set, folder or format.
    pub fn run(self) -> ExitCode {
        match self.what {
            What::List { law } => law.with(|rules| print_out(&print::list(rules))),
            What::Show { set, format, law } => law.with(|rules| match rules.by_reference(&set) {
                Some(found) => show(found, format),
                None => unknown(rules, &set),
            }),
            What::Path(path) => path.run(),
            What::Wording(wording) => wording.run(),
            What::Diff { from, to, json, law } => law.with(|rules| diff(rules, &from, to.as_deref(), json)),
            What::Check { dir } => check(&dir),
        }
    }
}

fn unknown(rules: &Rules, reference: &str) -> ExitCode {
    report(&format!("không có bộ «{reference}»; các bộ hiện có: {}", available(rules)), USAGE)
}

fn diff(rules: &Rules, from: &str, to: Option<&str>, json: bool) -> ExitCode {
    let Some(older) = rules.by_reference(from) else { return unknown(rules, from) };
    let newer: Vec<&ProductSet> = match to {
        Some(to) => match rules.by_reference(to) {
            Some(newer) => vec![newer],
            None => return unknown(rules, to),
        },
        None => match rules.successors(&older.regime, older.no) {
            Some(next) if next.to.is_empty() => return report(&format!("{from}: {}", next.reason), USAGE),
            Some(next) => {
                next.to.iter().filter_map(|no| rules.set(&next.regime, *no)).map(AsRef::as_ref).collect()
            }
            None => {
                let words = format!(
                    "«{from}» không có bộ kế tiếp; hãy ghi thêm bộ để so sánh, ví dụ: ocop rules diff 2023-148/4 2026-26/4"
                );
                return report(&words, USAGE);
            }
        },
    };
    let diffs: Vec<SetDiff> = newer.into_iter().map(|newer| diff::compare(older, newer)).collect();
    if !json {
        return print_out(&diffs.iter().map(diff::text).collect::<Vec<_>>().join("\n"));
    }
    let json = match diffs.as_slice() {
        [only] => serde_json::to_string_pretty(only),
        several => serde_json::to_string_pretty(several),
    };
    match json {
        Ok(json) => print_out(&format!("{json}\n")),
        Err(fault) => report(&fault, USAGE),
    }
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
    match law::folder(dir) {
        Ok(rules) => {
            let sets: usize = rules.regimes.values().map(|regime| regime.sets.len()).sum();
            print_out(&format!("{} bộ quy định, {sets} bộ sản phẩm: không có lỗi.\n", rules.regimes.len()))
        }
        Err(Unusable::AtFault(faults)) => {
            let lines: String = faults.iter().map(|fault| format!("{fault}\n")).collect();
            print_out(&lines);
            ExitCode::from(1)
        }
        Err(unreadable @ Unusable::Unreadable { .. }) => report(&unreadable, USAGE),
    }
}
