//! A register file from the command line.

use std::collections::BTreeMap;

use ocop_core::id::ImportId;
use ocop_core::imports::columns::Column;
use ocop_core::imports::run::{Counts, RunState};
use ocop_core::policy::{self, Action};
use ocop_core::text::tidy;
use ocop_documents::register::Sheet;
use ocop_store::db::Chain;
use ocop_store::imports::{self, Refused};
use serde_json::json;

use super::book::{Book, Manner};
use super::file::{invalid, mapped, read_lines, sheet_named, sheets};
use super::runs::{must_know_sets, new_run};
use super::work::{carry_on, take};
use crate::evidence::Upload;
use crate::units::must_be_a_province;
use crate::{App, AppError};

/// What is to be taken in, and how.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportOrder {
    /// Code of the province whose register it is.
    pub province: String,
    /// Name and office of who imports, for the journal.
    pub by: String,
    /// The file.
    pub file: Upload,
    /// Name of the sheet; the one whose columns are best known when empty.
    pub sheet: String,
    /// Id of the regime whose numbers of product sets the file bears; today's when empty.
    pub sets: String,
    /// Column names of the file and the keys of their columns; others are guessed.
    pub map: BTreeMap<String, String>,
}

/// What an import did, or would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportDone {
    /// The run; none of a trial.
    pub run: Option<ImportId>,
    /// What became of the rows.
    pub counts: Counts,
    /// Every fault, in the order of rows.
    pub faults: Vec<RowFault>,
}

/// A fault of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowFault {
    /// Number of the row in the sheet.
    pub row: u32,
    /// The file's own name of the column; empty when it is the row as a whole.
    pub column: String,
    /// What is wrong and what to write instead.
    pub reason: String,
}

/// A file that can be read, with its columns named.
struct Prepared {
    sheet: Sheet,
    mapping: Vec<Option<Column>>,
    sets: String,
}

async fn prepare(app: &App, order: &ImportOrder) -> Result<Prepared, AppError> {
    must_be_a_province(&mut app.db.read().await?, &order.province).await?;
    let sets = must_know_sets(app, &order.sets)?;
    let all = sheets(order.file.clone()).await?;
    let sheet = if order.sheet.is_empty() {
        all.into_iter().next().ok_or(AppError::NotFound)?
    } else {
        sheet_named(all, &order.sheet)?
    };
    let mapping = mapped(&sheet, &order.map)?;
    Ok(Prepared { sheet, mapping, sets })
}

/// Tells what a file would bring; nothing is changed.
///
/// # Errors
/// [`AppError::Invalid`] when the file as a whole cannot be taken.
pub async fn preview_by_system(app: &App, order: &ImportOrder) -> Result<ImportDone, AppError> {
    let Prepared { sheet, mapping, sets } = prepare(app, order).await?;
    let headings = sheet.headings.clone();
    let rows = read_lines(sheet, mapping.clone()).await?;
    let mut tx = app.db.read().await?;
    let manner = Manner { province: &order.province, sets: &sets, dry: true, demo: false };
    let mut book = Book::open(app, &mut tx, manner).await?;
    let taken = take(&mut book, &mut tx, &rows).await?;
    Ok(ImportDone { run: None, counts: taken.counts, faults: told(&taken.refused, &headings, &mapping) })
}

/// Takes a file in: the rows that are right; the others are told.
///
/// # Errors
/// As [`preview_by_system`].
pub async fn import_by_system(app: &App, order: &ImportOrder) -> Result<ImportDone, AppError> {
    let by = tidy(&order.by);
    if by.is_empty() {
        return Err(invalid("by", "Ghi tên và cơ quan của người nhập."));
    }
    let Prepared { sheet, mapping, sets } = prepare(app, order).await?;
    let file_hash = app.files.put(order.file.bytes.clone()).await?;
    let mut run = new_run(app, &order.province, (&order.file.file_name, &file_hash), &by);
    run.sheet = sheet.name;
    run.headings = sheet.headings;
    run.rows_total = i64::try_from(sheet.rows.len()).unwrap_or_default();
    run.mapping = mapping;
    run.sets = sets;
    run.state = RunState::Running;
    // The worker of a server on the same data does not take it up at once.
    run.leased_until = Some(app.now().plus_minutes(super::work::LEASE_MINUTES));
    let mut tx = app.db.write(Chain::of("import", &run.id)).await?;
    imports::insert(&mut tx, &run).await?;
    let details = json!({ "file": file_hash, "by": by, "sets": run.sets, "rows": run.rows_total });
    tx.commit(policy::system(Action::ImportRegister), app.now(), &details).await?;
    carry_on(app, &run).await?;
    let mut tx = app.db.read().await?;
    let done = imports::find(&mut tx, &run.id).await?.ok_or(AppError::NotFound)?;
    let refused = imports::refused(&mut tx, &run.id, 0, i64::MAX).await?;
    Ok(ImportDone {
        faults: told(&refused, &done.headings, &done.mapping),
        counts: done.counts,
        run: Some(done.id),
    })
}

/// The faults under the file's own column names.
fn told(refused: &[Refused], headings: &[String], mapping: &[Option<Column>]) -> Vec<RowFault> {
    let heading = |column: Column| {
        let at = mapping.iter().position(|one| *one == Some(column));
        at.and_then(|at| headings.get(at)).map_or(column.name(), String::as_str)
    };
    let of_row = |row: &Refused| {
        let no = row.row;
        let told = row.faults.iter().map(move |fault| RowFault {
            row: no,
            column: fault.column.map(heading).unwrap_or_default().to_owned(),
            reason: fault.reason.clone(),
        });
        told.collect::<Vec<_>>()
    };
    refused.iter().flat_map(of_row).collect()
}
