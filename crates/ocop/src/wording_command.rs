//! `ocop rules wording`: our texts out in a workbook, an office's official texts back in.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use clap::{Args, Subcommand};
use ocop_app::download::Download;
use ocop_app::rules::wording::{
    WordingChoice, WordingImport, empty_workbook, export_by_system, import_by_system, preview_by_system,
};
use ocop_app::{App, AppError, Clock};
use ocop_core::rules::Rules;
use serde_json::json;

use crate::runtime::SystemClock;
use crate::score_command::{USAGE, print_out, report};
use crate::start::{self, DataArgs};

/// Official texts of the product sets.
#[derive(Debug, Args)]
pub struct WordingCommand {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Write the texts of product sets into an XLSX workbook, beside a column for official texts.
    Export(Export),
    /// Read official texts out of a filled-in workbook; exit 2 and one line for each fault.
    Import(Import),
}

#[derive(Debug, Args)]
struct Export {
    /// The regime; the one in force today when left out.
    #[arg(long)]
    regime: Option<String>,
    /// Number of a set; may be repeated; all sets when left out.
    #[arg(long = "set", value_name = "NO")]
    sets: Vec<u16>,
    /// The workbook to write.
    #[arg(long, value_name = "FILE.xlsx")]
    out: PathBuf,
    /// Data of an office: its official texts stand in the workbook.
    #[arg(long, requires = "province")]
    data: Option<PathBuf>,
    /// PostgreSQL instead of the embedded database.
    #[arg(long, requires = "data")]
    database_url: Option<String>,
    /// Code of the office's province, such as 22 for Quảng Ninh.
    #[arg(long, requires = "data")]
    province: Option<String>,
}

#[derive(Debug, Args)]
struct Import {
    /// The workbook.
    file: PathBuf,
    #[command(flatten)]
    data: DataArgs,
    /// Code of the province whose office gives the texts, such as 22 for Quảng Ninh.
    #[arg(long)]
    province: String,
    /// Name and office of who gives them, for the journal.
    #[arg(long, value_name = "NAME, OFFICE")]
    by: String,
    /// Only tell what would change.
    #[arg(long)]
    dry_run: bool,
    /// Answer in JSON.
    #[arg(long)]
    json: bool,
}

impl WordingCommand {
    /// Exit code 2: no such set, an unreadable file, faults in the workbook.
    pub fn run(self) -> ExitCode {
        start::run(async {
            match self.what {
                What::Export(export) => export.run().await,
                What::Import(import) => import.run().await,
            }
        })
    }
}

impl Export {
    async fn run(self) -> anyhow::Result<ExitCode> {
        let book = match (&self.data, &self.province) {
            (Some(folder), Some(province)) => {
                let data = DataArgs { data: folder.clone(), database_url: self.database_url.clone() };
                let app = open(&data).await?;
                let choice = self.choice(&app.rules);
                export_by_system(&app, province, &choice).await
            }
            _ => {
                let rules = start::embedded_rules()?;
                empty_workbook(&rules, &self.choice(&rules))
            }
        };
        match book {
            Ok(book) => self.keep(&book),
            Err(error) => Ok(refused(&error)),
        }
    }

    fn choice(&self, rules: &Arc<Rules>) -> WordingChoice {
        let regime = self.regime.clone().or_else(|| {
            let today = SystemClock.now().day();
            rules.in_force_on(today).map(|regime| regime.id.clone())
        });
        WordingChoice { regime: regime.unwrap_or_default(), sets: self.sets.clone() }
    }

    fn keep(&self, book: &Download) -> anyhow::Result<ExitCode> {
        if let Err(fault) = std::fs::write(&self.out, &book.bytes) {
            return Ok(report(&format!("không ghi được {}: {fault}", self.out.display()), USAGE));
        }
        Ok(print_out(&format!("Đã ghi {}. Chỉ điền cột «Lời văn chính thức».\n", self.out.display())))
    }
}

impl Import {
    async fn run(self) -> anyhow::Result<ExitCode> {
        let bytes = match std::fs::read(&self.file) {
            Ok(bytes) => bytes,
            Err(fault) => {
                return Ok(report(&format!("không đọc được {}: {fault}", self.file.display()), USAGE));
            }
        };
        let app = open(&self.data).await?;
        let done = if self.dry_run {
            preview_by_system(&app, &self.province, bytes).await
        } else {
            import_by_system(&app, &self.province, &self.by, bytes).await
        };
        Ok(match done {
            Ok(import) if self.json => print_out(&format!("{}\n", as_json(&import, self.dry_run))),
            Ok(import) => print_out(&as_text(&import, self.dry_run)),
            Err(error) => refused(&error),
        })
    }
}

async fn open(data: &DataArgs) -> anyhow::Result<App> {
    let folder: &Path = &data.data;
    start::unserved(data).await.with_context(|| format!("data {}", folder.display()))
}

/// One line for each fault on standard error.
fn refused(error: &AppError) -> ExitCode {
    match error {
        AppError::Invalid(faults) => {
            for fault in faults {
                report(&fault.message, USAGE);
            }
            ExitCode::from(USAGE)
        }
        AppError::Refused(_) => report(error, USAGE),
        AppError::SignInFirst
        | AppError::Denied(_)
        | AppError::NotFound
        | AppError::Stale(_)
        | AppError::Store(_)
        | AppError::Document(_) => report(error, 1),
    }
}

fn as_json(import: &WordingImport, dry_run: bool) -> serde_json::Value {
    let sets: Vec<serde_json::Value> = import
        .sets
        .iter()
        .map(|set| {
            json!({
                "set": set.reference, "hash": set.hash, "texts": set.texts, "changed": set.change.changed,
                "unchanged": set.change.unchanged, "cleared": set.change.cleared,
            })
        })
        .collect();
    json!({ "dry_run": dry_run, "file": import.file, "sets": sets })
}

fn as_text(import: &WordingImport, dry_run: bool) -> String {
    let mut out = String::new();
    for set in &import.sets {
        out.push_str(&format!(
            "{}  {} đổi, {} giữ nguyên, {} trở lại lời văn của phần mềm\n",
            set.reference, set.change.changed, set.change.unchanged, set.change.cleared
        ));
    }
    out.push_str(match (import.is_any(), dry_run) {
        (false, _) => "Tệp không đổi gì.\n",
        (true, true) => "Đây là bản xem trước: chưa có gì thay đổi.\n",
        (true, false) => "Đã nhập. Người dùng của tỉnh đọc lời văn mới từ bây giờ.\n",
    });
    out
}
