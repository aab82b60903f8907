//! `ocop units`: units of today and before, and the import of a later resolution.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use ocop_app::AppError;
use ocop_app::units::import::{UnitsImport, import_by_system, preview_by_system};
use ocop_app::units::page::{self, UnitPage};
use ocop_app::units::{self, Unit};
use serde_json::{Value, json};

use crate::score_command::{USAGE, print_out, report};
use crate::start::{self, DataArgs};

/// Administrative units.
#[derive(Debug, Args)]
pub struct UnitsCommand {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// List the provinces, or the units of one unit.
    List(List),
    /// Show a unit, its parts, and what was there before.
    Show(Show),
    /// Read a CSV of old and new units (former_code, former_name, former_until, code; for new units
    /// also name, parent); exit 2 and one line for each fault.
    Import(Import),
}

#[derive(Debug, Args)]
struct List {
    /// Code of the unit whose parts are listed.
    code: Option<String>,
    #[command(flatten)]
    data: DataArgs,
    /// Answer in JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct Show {
    /// Code of the unit.
    code: String,
    #[command(flatten)]
    data: DataArgs,
    /// Answer in JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct Import {
    /// The CSV file, in UTF-8.
    file: PathBuf,
    #[command(flatten)]
    data: DataArgs,
    /// Name and office of who imports, for the journal; needed without --dry-run.
    #[arg(long, value_name = "NAME, OFFICE", default_value = "")]
    by: String,
    /// Only tell what would change.
    #[arg(long)]
    dry_run: bool,
    /// Answer in JSON.
    #[arg(long)]
    json: bool,
}

impl UnitsCommand {
    /// Exit code 2: no such unit, an unreadable file, faults in the file.
    pub fn run(self) -> ExitCode {
        start::run(async {
            match self.what {
                What::List(list) => list.run().await,
                What::Show(show) => show.run().await,
                What::Import(import) => import.run().await,
            }
        })
    }
}

impl List {
    async fn run(self) -> anyhow::Result<ExitCode> {
        let app = start::unserved(&self.data).await?;
        let listed = match &self.code {
            Some(code) => units::communes(&app, code).await?,
            None => units::provinces(&app).await?,
        };
        if self.json {
            let listed: Vec<Value> = listed.iter().map(as_json).collect();
            return Ok(print_out(&format!("{}\n", Value::Array(listed))));
        }
        let lines: String = listed.iter().map(|unit| format!("{}  {}\n", unit.code, unit.name)).collect();
        Ok(print_out(&lines))
    }
}

impl Show {
    async fn run(self) -> anyhow::Result<ExitCode> {
        let app = start::unserved(&self.data).await?;
        match page::page(&app, &self.code).await {
            Ok(page) if self.json => Ok(print_out(&format!("{}\n", page_as_json(&page)))),
            Ok(page) => Ok(print_out(&page_as_text(&page))),
            Err(AppError::NotFound) => {
                Ok(report(&format!("không có đơn vị hành chính mã {}", self.code), USAGE))
            }
            Err(error) => Ok(report(&error, 1)),
        }
    }
}

fn as_json(unit: &Unit) -> Value {
    json!({
        "code": unit.code, "name": unit.name, "kind": unit.kind, "parent": unit.parent,
        "valid_from": unit.valid_from, "valid_to": unit.valid_to,
    })
}

fn page_as_json(page: &UnitPage) -> Value {
    let former: Vec<Value> = page
        .former
        .iter()
        .map(|unit| {
            let codes: Vec<&str> = unit.successors.iter().map(|(code, _)| code.as_str()).collect();
            json!({ "code": unit.code, "name": unit.name, "above": unit.above, "until": unit.until, "successors": codes })
        })
        .collect();
    json!({
        "unit": as_json(&page.unit),
        "above": page.above.iter().map(as_json).collect::<Vec<_>>(),
        "children": page.children.iter().map(as_json).collect::<Vec<_>>(),
        "former": former,
    })
}

fn page_as_text(page: &UnitPage) -> String {
    let above: Vec<&str> = page.above.iter().map(|unit| unit.name.as_str()).collect();
    let mut out = format!("{}  {}  {}\n", page.unit.code, page.unit.name, above.join(", "));
    for unit in &page.children {
        out.push_str(&format!("  gồm {}  {}\n", unit.code, unit.name));
    }
    for unit in &page.former {
        out.push_str(&format!(
            "  trước là {}  {}, {} (đến {})\n",
            unit.code, unit.name, unit.above, unit.until
        ));
    }
    out
}

impl Import {
    async fn run(self) -> anyhow::Result<ExitCode> {
        let bytes = match std::fs::read(&self.file) {
            Ok(bytes) => bytes,
            Err(fault) => {
                return Ok(report(&format!("không đọc được {}: {fault}", self.file.display()), USAGE));
            }
        };
        let app = start::unserved(&self.data).await?;
        let done = if self.dry_run {
            preview_by_system(&app, &bytes).await
        } else {
            import_by_system(&app, &self.by, &bytes).await
        };
        Ok(match done {
            Ok(import) if self.json => {
                print_out(&format!("{}\n", json!({ "dry_run": self.dry_run, "import": import })))
            }
            Ok(import) => print_out(&import_as_text(&import, self.dry_run)),
            Err(AppError::Invalid(faults)) => {
                for fault in &faults {
                    report(&fault.message, USAGE);
                }
                ExitCode::from(USAGE)
            }
            Err(error) => report(&error, 1),
        })
    }
}

fn import_as_text(import: &UnitsImport, dry_run: bool) -> String {
    let mut out = format!(
        "{} dòng: {} đơn vị mới, {} đơn vị hết hiệu lực, {} đơn vị cũ ghi thêm, {} quan hệ cũ – mới\n",
        import.rows,
        import.added.len(),
        import.ended.len(),
        import.former.len(),
        import.successions
    );
    for one in &import.producers {
        let to = one.to.as_deref().unwrap_or("chưa xác định, cần chọn lại xã");
        out.push_str(&format!("  {} ({}): {} → {to}\n", one.name, one.id, one.from));
    }
    out.push_str(match (import.is_any(), dry_run) {
        (false, _) => "Tệp không đổi gì.\n",
        (true, true) => "Đây là bản xem trước: chưa có gì thay đổi.\n",
        (true, false) => "Đã nhập.\n",
    });
    out
}
