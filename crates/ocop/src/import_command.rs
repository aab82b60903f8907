//! `ocop import`: an office's list of products into the register.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, Subcommand};
use ocop_app::AppError;
use ocop_app::evidence::Upload;
use ocop_app::imports::{ImportDone, ImportOrder, import_by_system, preview_by_system};
use ocop_core::text::thousands;
use serde_json::{Value, json};

use crate::score_command::{USAGE, print_out, report};
use crate::start::{self, DataArgs};

/// Lists into the register.
#[derive(Debug, Args)]
pub struct ImportCommand {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Read producers, products and certificates out of an XLSX or CSV file. Exit 0 when every row is
    /// right, 2 when some were refused (one line for each fault), 1 when nothing could be done.
    Products(Products),
}

#[derive(Debug, Args)]
struct Products {
    /// The file.
    file: PathBuf,
    /// TOML that names columns: "Tên cột trong tệp" = "product_name"; others are guessed.
    #[arg(long, value_name = "MAP.toml")]
    map: Option<PathBuf>,
    /// The sheet; the one whose columns are best known when left out.
    #[arg(long, value_name = "NAME", default_value = "")]
    sheet: String,
    /// The regime whose numbers of product sets the file bears, such as 2020-781; today's when left
    /// out.
    #[arg(long, value_name = "REGIME", default_value = "")]
    sets: String,
    #[command(flatten)]
    data: DataArgs,
    /// Code of the province, such as 22 for Quảng Ninh.
    #[arg(long, default_value = "22")]
    province: String,
    /// Name and office of who imports, for the journal; needed without --dry-run.
    #[arg(long, value_name = "NAME, OFFICE", default_value = "")]
    by: String,
    /// Only tell what the file would bring.
    #[arg(long)]
    dry_run: bool,
    /// Answer in JSON.
    #[arg(long)]
    json: bool,
}

impl ImportCommand {
    /// Runs it.
    pub fn run(self) -> ExitCode {
        start::run(async {
            match self.what {
                What::Products(products) => products.run().await,
            }
        })
    }
}

impl Products {
    async fn run(self) -> anyhow::Result<ExitCode> {
        let order = self.order()?;
        let app = start::app(&self.data, "http://127.0.0.1:8080").await?;
        let done = if self.dry_run {
            preview_by_system(&app, &order).await
        } else {
            import_by_system(&app, &order).await
        };
        Ok(match done {
            Ok(done) => self.told(&done),
            Err(AppError::Invalid(faults)) => {
                for fault in &faults {
                    report(&fault.message, 1);
                }
                ExitCode::FAILURE
            }
            Err(error) => report(&error, 1),
        })
    }

    fn order(&self) -> anyhow::Result<ImportOrder> {
        let bytes =
            std::fs::read(&self.file).with_context(|| format!("không đọc được {}", self.file.display()))?;
        let file_name = self.file.file_name().map(|name| name.to_string_lossy().into_owned());
        Ok(ImportOrder {
            province: self.province.clone(),
            by: self.by.clone(),
            file: Upload { file_name: file_name.unwrap_or_default(), bytes },
            sheet: self.sheet.clone(),
            sets: self.sets.clone(),
            map: self.map.as_deref().map(read_map).transpose()?.unwrap_or_default(),
        })
    }

    fn told(&self, done: &ImportDone) -> ExitCode {
        let text = if self.json { as_json(done, self.dry_run) } else { as_text(done, self.dry_run) };
        let printed = print_out(&text);
        if printed != ExitCode::SUCCESS || done.faults.is_empty() { printed } else { ExitCode::from(USAGE) }
    }
}

fn read_map(path: &Path) -> anyhow::Result<BTreeMap<String, String>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("không đọc được {}", path.display()))?;
    toml::from_str(&text)
        .with_context(|| format!("{} không đúng dạng \"Tên cột\" = \"khóa\"", path.display()))
}

/// One object with the counts, and one object a line for each fault.
fn as_json(done: &ImportDone, dry_run: bool) -> String {
    let mut out = format!("{}\n", json!({ "dry_run": dry_run, "run": done.run, "counts": done.counts }));
    for fault in &done.faults {
        let line: Value = json!({ "row": fault.row, "column": fault.column, "reason": fault.reason });
        out.push_str(&format!("{line}\n"));
    }
    out
}

fn as_text(done: &ImportDone, dry_run: bool) -> String {
    let counts = &done.counts;
    let mut out = format!(
        "{} dòng: {} thêm mới, {} thay đổi, {} giữ nguyên, {} không nhận\n{} chủ thể, {} sản phẩm, {} giấy chứng nhận mới\n",
        thousands(counts.rows()),
        thousands(counts.added),
        thousands(counts.changed),
        thousands(counts.unchanged),
        thousands(counts.refused),
        thousands(counts.producers),
        thousands(counts.products),
        thousands(counts.certificates),
    );
    for fault in &done.faults {
        let place =
            if fault.column.is_empty() { String::new() } else { format!(", cột «{}»", fault.column) };
        out.push_str(&format!("  Dòng {}{place}: {}\n", fault.row, fault.reason));
    }
    out.push_str(match (counts.is_any(), dry_run) {
        (false, _) => "Tệp không đổi gì trong sổ.\n",
        (true, true) => "Đây là bản xem trước: chưa có gì thay đổi.\n",
        (true, false) => "Đã nhập các dòng đúng.\n",
    });
    out
}
