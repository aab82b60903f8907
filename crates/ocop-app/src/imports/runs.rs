//! What an officer does with a file: send it, name its columns, look at what it would bring, set it
//! going, stop it, get the refused rows back.

use std::sync::Arc;

use ocop_core::id::ImportId;
use ocop_core::imports::columns::{Column, guess};
use ocop_core::imports::record::shape;
use ocop_core::imports::run::{Counts, RunState};
use ocop_core::people::Actor;
use ocop_core::policy::{self, Action, Permit, Subject};
use ocop_core::text::{fold, tidy};
use ocop_documents::register::{self, Sheet};
use ocop_store::Tx;
use ocop_store::db::Chain;
use ocop_store::imports::{self, Refused, Run};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::book::{Book, Manner};
use super::file::{invalid, kept_sheets, must_be_whole, read_lines, sheet_named, sheets};
use super::work::take;
use crate::download::{Download, Format};
use crate::evidence::Upload;
use crate::runtime::{apart, fresh};
use crate::stale::listed;
use crate::{App, AppError, FieldFault, Refusal};

/// The last runs that a page lists.
const LISTED: i64 = 50;
/// Refused rows that a page shows at once.
pub const ROWS_SHOWN: i64 = 100;
/// Example values beside a column's name.
const EXAMPLES: usize = 3;

fn permit(actor: &Actor, province: &str) -> Result<Permit, AppError> {
    let subject = Subject { province: Some(province.to_owned()), ..Subject::default() };
    Ok(policy::may(actor, Action::ImportRegister, &subject)?)
}

/// Loads a run and asks policy about it.
async fn permitted(tx: &mut Tx, actor: &Actor, id: &ImportId) -> Result<(Run, Permit), AppError> {
    let run = imports::find(tx, id).await?.ok_or(AppError::NotFound)?;
    // The address of another province's import tells nothing.
    let permit = permit(actor, &run.province).map_err(|_| AppError::NotFound)?;
    Ok((run, permit))
}

pub(super) fn new_run(app: &App, province: &str, (name, hash): (&str, &str), by: &str) -> Run {
    let now = app.now();
    Run {
        id: fresh(&*app.ids),
        province: province.to_owned(),
        file_hash: hash.to_owned(),
        file_name: tidy(name).chars().take(200).collect(),
        sheet: String::new(),
        sets: String::new(),
        headings: Vec::new(),
        mapping: Vec::new(),
        state: RunState::Draft,
        rows_total: 0,
        rows_done: 0,
        counts: Counts::default(),
        started_by: by.to_owned(),
        started_at: now,
        updated_at: now,
        leased_until: None,
        finished_at: None,
    }
}

/// A regime by its id, or today's.
pub(super) fn must_know_sets(app: &App, id: &str) -> Result<String, AppError> {
    if id.is_empty() {
        return Ok(app.regime_today()?.id.clone());
    }
    let known = app.rules.regime(id).map(|regime| regime.id.clone());
    known.ok_or_else(|| {
        let ids: Vec<&str> = app.rules.regimes.keys().map(String::as_str).collect();
        invalid("sets", format!("Phần mềm không có bộ quy định «{id}». Chọn một trong: {}.", ids.join(", ")))
    })
}

/// The imports of a province, newest first.
pub async fn list(app: &App, actor: &Actor, province: &str) -> Result<Vec<Run>, AppError> {
    let _ = permit(actor, province)?;
    Ok(imports::of_province(&mut app.db.read().await?, province, LISTED).await?)
}

/// An import as it stands.
pub async fn run(app: &App, actor: &Actor, id: &ImportId) -> Result<Run, AppError> {
    Ok(permitted(&mut app.db.read().await?, actor, id).await?.0)
}

/// The workbook that offices fill in.
pub async fn template(actor: &Actor, province: &str) -> Result<Download, AppError> {
    let _ = permit(actor, province)?;
    let bytes = apart(|| Ok(register::template()?)).await?;
    Ok(Download::new("mau-danh-sach-ocop", Format::Xlsx, bytes))
}

/// Takes a file in and names its columns as the office did the last time, or as they look. Nothing
/// of the register changes yet.
///
/// # Errors
/// [`AppError::Invalid`] when the file cannot be read: why, and what to do.
pub async fn look(app: &App, actor: &Actor, province: &str, upload: Upload) -> Result<ImportId, AppError> {
    let permit = permit(actor, province)?;
    let file_name = upload.file_name.clone();
    let bytes = upload.bytes.clone();
    let sheet = sheets(upload).await?.into_iter().next().ok_or(AppError::NotFound)?;
    let file_hash = app.files.put(bytes).await?;
    let mut run = new_run(app, province, (&file_name, &file_hash), &actor.name);
    run.sets = must_know_sets(app, "")?;
    let mut tx = app.db.write(Chain::of("import", &run.id)).await?;
    take_sheet(&mut tx, &mut run, &sheet).await?;
    imports::insert(&mut tx, &run).await?;
    let details = json!({ "file": file_hash, "sheet": run.sheet, "rows": run.rows_total });
    tx.commit(permit, app.now(), &details).await?;
    Ok(run.id)
}

/// Reads another sheet, or the same one anew.
async fn take_sheet(tx: &mut Tx, run: &mut Run, sheet: &Sheet) -> Result<(), AppError> {
    let remembered = imports::find_mapping(tx, &run.province, &shape(&sheet.headings)).await?;
    run.sheet.clone_from(&sheet.name);
    run.headings.clone_from(&sheet.headings);
    run.mapping = remembered
        .filter(|mapping| mapping.len() == sheet.headings.len())
        .unwrap_or_else(|| guess(&sheet.headings));
    run.rows_total = i64::try_from(sheet.rows.len()).unwrap_or_default();
    run.state = RunState::Draft;
    Ok(())
}

/// A column of the file beside what it is taken for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileColumn {
    /// Its name in the file.
    pub heading: String,
    /// What it is; `None` is left out.
    pub column: Option<Column>,
    /// Its first values.
    pub examples: Vec<String>,
}

/// A file whose columns are being named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Naming {
    /// The import.
    pub run: Run,
    /// Names of the sheets that hold a table.
    pub sheets: Vec<String>,
    /// Its columns.
    pub columns: Vec<FileColumn>,
    /// Ids and names of the regimes that may number its product sets, newest first.
    pub regimes: Vec<(String, String)>,
}

/// The columns of a file with examples.
pub async fn naming(app: &App, actor: &Actor, id: &ImportId) -> Result<Naming, AppError> {
    let run = run(app, actor, id).await?;
    must_be_open(&run)?;
    let all = kept_sheets(app, &run.file_name, &run.file_hash).await?;
    let names = all.iter().map(|sheet| sheet.name.clone()).collect();
    let sheet = sheet_named(all, &run.sheet)?;
    let column = |(at, heading): (usize, &String)| FileColumn {
        heading: heading.clone(),
        column: run.mapping.get(at).copied().flatten(),
        examples: examples(&sheet, at),
    };
    let columns = sheet.headings.iter().enumerate().map(column).collect();
    let mut regimes: Vec<_> = app.rules.regimes.values().collect();
    regimes.sort_by_key(|regime| std::cmp::Reverse(regime.in_force_from));
    let regimes = regimes.into_iter().map(|regime| (regime.id.clone(), regime.name.clone())).collect();
    Ok(Naming { run, sheets: names, columns, regimes })
}

/// The first different values of a column.
fn examples(sheet: &Sheet, at: usize) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let values = sheet.rows.iter().filter_map(|row| row.cells.get(at)).map(|cell| tidy(cell));
    for value in values.filter(|value| !value.is_empty()) {
        if found.len() == EXAMPLES {
            break;
        }
        if !found.contains(&value) {
            found.push(value);
        }
    }
    found
}

fn must_be_open(run: &Run) -> Result<(), AppError> {
    if run.state.is_open() {
        return Ok(());
    }
    Err(Refusal::because(format!(
        "Tệp này {} nên không ghép lại cột được. Muốn ghép khác, hãy tải tệp lên lần nữa.",
        match run.state {
            RunState::Running => "đang được nhập",
            RunState::Stopped => "đã nhập một phần",
            RunState::Draft | RunState::Checked | RunState::Finished => "đã nhập xong",
        }
    )))
}

/// What an officer chooses about a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NamingInput {
    /// Name of the sheet.
    pub sheet: String,
    /// Id of the regime whose numbers of product sets the file bears.
    pub sets: String,
    /// For each column of the file the key of a column, or nothing.
    pub columns: Vec<String>,
    /// When the run was changed last, as the page said.
    pub version: String,
}

/// Reads another sheet of the file.
pub async fn choose_sheet(app: &App, actor: &Actor, id: &ImportId, name: &str) -> Result<(), AppError> {
    let seen = run(app, actor, id).await?;
    must_be_open(&seen)?;
    let sheet = sheet_named(kept_sheets(app, &seen.file_name, &seen.file_hash).await?, name)?;
    let mut tx = app.db.write(Chain::of("import", id)).await?;
    let (mut run, permit) = permitted(&mut tx, actor, id).await?;
    must_be_open(&run)?;
    take_sheet(&mut tx, &mut run, &sheet).await?;
    run.updated_at = app.now();
    imports::clear_refused(&mut tx, id).await?;
    imports::update(&mut tx, &run).await?;
    tx.commit(permit, app.now(), &json!({ "sheet": run.sheet })).await?;
    Ok(())
}

/// Names the columns, remembers that for the office's next file, and tries every row without
/// changing the register. What would happen stands in the run and its refused rows.
///
/// # Errors
/// [`AppError::Invalid`] when a required column lacks or one is named twice; [`AppError::Stale`]
/// when somebody else named them since.
pub async fn check(app: &App, actor: &Actor, id: &ImportId, input: &NamingInput) -> Result<(), AppError> {
    let seen = run(app, actor, id).await?;
    must_be_open(&seen)?;
    let sets = must_know_sets(app, &input.sets)?;
    let mapping = chosen(&seen, input)?;
    let sheet = sheet_named(kept_sheets(app, &seen.file_name, &seen.file_hash).await?, &seen.sheet)?;
    let shape = shape(&sheet.headings);
    let rows = read_lines(sheet, mapping.clone()).await?;
    // Tried in a view that only reads: nobody waits for it.
    let tried = {
        let mut tx = app.db.read().await?;
        let manner = Manner { province: &seen.province, sets: &sets, dry: true, demo: false };
        let mut book = Book::open(app, &mut tx, manner).await?;
        take(&mut book, &mut tx, &rows).await?
    };
    let now = app.now();
    let mut tx = app.db.write(Chain::of("import", id)).await?;
    let (mut run, permit) = permitted(&mut tx, actor, id).await?;
    must_be_open(&run)?;
    if input.version != run.updated_at.to_string() {
        let changed = |data: &serde_json::Value| listed(data, "columns", |_| "cách ghép cột");
        return Err(crate::stale::stale(&mut tx, &format!("import:{id}"), changed).await?);
    }
    run.mapping.clone_from(&mapping);
    run.sets = sets;
    run.state = RunState::Checked;
    run.counts = tried.counts;
    run.updated_at = now;
    imports::put_mapping(&mut tx, (&run.province, &shape), &mapping, (&actor.name, now)).await?;
    imports::clear_refused(&mut tx, id).await?;
    for refused in &tried.refused {
        imports::put_refused(&mut tx, id, refused).await?;
    }
    imports::update(&mut tx, &run).await?;
    let details =
        json!({ "columns": ["mapping"], "mapping": mapping, "sets": run.sets, "tried": run.counts });
    tx.commit(permit, now, &details).await?;
    Ok(())
}

/// The chosen columns; every one that is named twice is a fault.
fn chosen(run: &Run, input: &NamingInput) -> Result<Vec<Option<Column>>, AppError> {
    let mut faults = Vec::new();
    let mut mapping: Vec<Option<Column>> = Vec::new();
    for (at, heading) in run.headings.iter().enumerate() {
        let field = format!("column-{at}");
        let typed = input.columns.get(at).map(String::as_str).unwrap_or_default();
        let column = typed.parse::<Column>().ok();
        if column.is_none() && !typed.is_empty() {
            faults.push(FieldFault::new(field.as_str(), "Chọn một cột của sổ, hoặc «Không nhập»."));
        }
        if let Some(column) = column
            && let Some(first) = mapping.iter().position(|one| *one == Some(column))
        {
            let words = format!(
                "«{}» đã là cột «{}» của tệp. Chọn một trong hai cột.",
                column.name(),
                run.headings.get(first).unwrap_or(heading)
            );
            faults.push(FieldFault::new(field.as_str(), words));
        }
        mapping.push(column);
    }
    must_be_whole(&mapping, &mut faults);
    if faults.is_empty() { Ok(mapping) } else { Err(AppError::Invalid(faults)) }
}

/// Sets the rows going: for the first time, or where they were stopped. A job takes them in.
///
/// # Errors
/// [`Refusal`] when the file was not checked yet, or is done.
pub async fn start(app: &App, actor: &Actor, id: &ImportId) -> Result<(), AppError> {
    let mut tx = app.db.write(Chain::of("import", id)).await?;
    let (mut run, permit) = permitted(&mut tx, actor, id).await?;
    if run.state == RunState::Running {
        return Ok(());
    }
    if !run.state.may_start() {
        return Err(Refusal::because(match run.state {
            RunState::Draft => "Tệp chưa được kiểm tra. Hãy ghép cột và kiểm tra trước khi nhập.",
            RunState::Checked | RunState::Running | RunState::Stopped | RunState::Finished => {
                "Tệp này đã nhập xong. Muốn nhập lại, hãy tải tệp lên lần nữa."
            }
        }));
    }
    if run.state == RunState::Checked {
        // What was tried is forgotten; the rows tell anew.
        imports::clear_refused(&mut tx, id).await?;
        run.counts = Counts::default();
        run.rows_done = 0;
    }
    run.state = RunState::Running;
    run.leased_until = None;
    run.updated_at = app.now();
    imports::update(&mut tx, &run).await?;
    tx.commit(permit, app.now(), &json!({ "state": run.state, "from": run.rows_done })).await?;
    Ok(())
}

/// Stops the rows after those that are going in right now.
pub async fn stop(app: &App, actor: &Actor, id: &ImportId) -> Result<(), AppError> {
    let mut tx = app.db.write(Chain::of("import", id)).await?;
    let (mut run, permit) = permitted(&mut tx, actor, id).await?;
    if run.state != RunState::Running {
        return Err(Refusal::because(
            "Tệp này không còn đang nhập nên không dừng được. Xem kết quả bên dưới.",
        ));
    }
    run.state = RunState::Stopped;
    run.leased_until = None;
    run.updated_at = app.now();
    imports::update(&mut tx, &run).await?;
    tx.commit(permit, app.now(), &json!({ "state": run.state, "rows": run.rows_done })).await?;
    Ok(())
}

/// Refused rows of a run after a row of the sheet, at most [`ROWS_SHOWN`].
pub async fn refused(app: &App, actor: &Actor, id: &ImportId, after: u32) -> Result<Vec<Refused>, AppError> {
    let mut tx = app.db.read().await?;
    let (run, _) = permitted(&mut tx, actor, id).await?;
    Ok(imports::refused(&mut tx, &run.id, after, ROWS_SHOWN).await?)
}

/// The refused rows as a workbook with the file's own columns and the reasons, to mend and send
/// again.
pub async fn refused_workbook(app: &App, actor: &Actor, id: &ImportId) -> Result<Download, AppError> {
    let mut tx = app.db.read().await?;
    let (run, _) = permitted(&mut tx, actor, id).await?;
    let rows = imports::refused(&mut tx, &run.id, 0, i64::MAX).await?;
    drop(tx);
    let stem = format!("khong-nhan-{}", plain(&run.file_name));
    let headings = Arc::new(run.headings.clone());
    let bytes = apart(move || {
        let reason =
            |row: &Refused| row.faults.iter().map(|fault| words(fault, &run)).collect::<Vec<_>>().join(" ");
        let told = rows.iter().map(|row| (row.row, reason(row), row.cells.clone()));
        Ok(register::refused(&headings, told)?)
    })
    .await?;
    Ok(Download::new(&stem, Format::Xlsx, bytes))
}

/// `Cột «Hạng»: «3 sáo» không đọc được. …`, under the file's own column names.
pub fn words(fault: &ocop_core::imports::record::Fault, run: &Run) -> String {
    let heading = fault.column.map(|column| {
        let at = run.mapping.iter().position(|one| *one == Some(column));
        at.and_then(|at| run.headings.get(at)).map_or(column.name(), String::as_str)
    });
    match heading {
        Some(heading) => format!("Cột «{heading}»: {}", fault.reason),
        None => fault.reason.clone(),
    }
}

/// A file's name in plain letters, for an attachment.
fn plain(name: &str) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    fold(stem).split_whitespace().collect::<Vec<_>>().join("-").chars().take(60).collect()
}
