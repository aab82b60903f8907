//! Rows going in: some hundred in one transaction, so that an import can be stopped or killed
//! anywhere and goes on where it was.

use std::time::Duration;

use ocop_core::id::ImportId;
use ocop_core::imports::run::{Counts, RowOutcome, RunState};
use ocop_core::policy::{self, Action};
use ocop_store::db::Chain;
use ocop_store::imports::{self, Refused, Run};
use ocop_store::{Tx, units};
use serde_json::{Value, json};

use super::apply::{Entered, Halt};
use super::book::{Book, Manner};
use super::file::{ReadLine, kept_sheets, read_lines, sheet_named};
use crate::{App, AppError};

/// Rows of one transaction.
const STEP: usize = 250;
/// A worker that has not been heard of for so many minutes is gone.
pub(super) const LEASE_MINUTES: i64 = 2;
/// Between two steps, so that others who wait to write get their turn.
const PAUSE: Duration = Duration::from_millis(20);

/// Goes on with every import that runs and that nobody is at.
///
/// # Errors
/// When the database or the files are out of reach; the next call goes on.
pub async fn go_on(app: &App) -> Result<(), AppError> {
    while let Some(run) = lease(app).await? {
        carry_on(app, &run).await?;
    }
    Ok(())
}

async fn lease(app: &App) -> Result<Option<Run>, AppError> {
    let now = app.now();
    let mut tx = app.db.write(Chain::of("imports", "lease")).await?;
    let leased = imports::lease(&mut tx, now, now.plus_minutes(LEASE_MINUTES)).await?;
    if leased.is_some() {
        tx.commit_upkeep().await?;
    }
    Ok(leased)
}

/// Takes the rows of a run in until it is done or stopped.
pub(super) async fn carry_on(app: &App, run: &Run) -> Result<(), AppError> {
    let sheets = kept_sheets(app, &run.file_name, &run.file_hash).await?;
    let rows = read_lines(sheet_named(sheets, &run.sheet)?, run.mapping.clone()).await?;
    while step(app, &run.id, &rows).await? {
        tokio::time::sleep(PAUSE).await;
    }
    Ok(())
}

/// Takes the next rows in. `false` when the run is done or stopped.
pub(super) async fn step(app: &App, id: &ImportId, rows: &[ReadLine]) -> Result<bool, AppError> {
    let mut tx = app.db.write(Chain::of("import", id)).await?;
    let mut run = imports::find(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    if run.state != RunState::Running {
        return Ok(false);
    }
    // Two imports, or an import and an officer, do not bring the same producer at the same time.
    units::hold(&mut tx, &run.province).await?;
    let from = usize::try_from(run.rows_done).unwrap_or_default().min(rows.len());
    let chunk = &rows[from..rows.len().min(from + STEP)];
    let (province, sets) = (run.province.clone(), run.sets.clone());
    let manner = Manner { province: &province, sets: &sets, dry: false, demo: false };
    let mut book = Book::open(app, &mut tx, manner).await?;
    let taken = take(&mut book, &mut tx, chunk).await?;
    for refused in &taken.refused {
        imports::put_refused(&mut tx, id, refused).await?;
    }
    let now = app.now();
    run.counts += taken.counts;
    run.rows_done += i64::try_from(chunk.len()).unwrap_or_default();
    run.updated_at = now;
    run.leased_until = Some(now.plus_minutes(LEASE_MINUTES));
    let more = from + chunk.len() < rows.len();
    if !more {
        run.state = RunState::Finished;
        run.finished_at = Some(now);
        run.leased_until = None;
    }
    imports::update(&mut tx, &run).await?;
    let details = taken.told(chunk);
    tx.commit(policy::system(Action::ImportRegister), now, &details).await?;
    Ok(more)
}

/// What some rows did.
#[derive(Default)]
pub(crate) struct Taken {
    pub counts: Counts,
    pub refused: Vec<Refused>,
    entered: Vec<Entered>,
}

/// Enters rows one after the other; wrong ones are set aside.
pub(crate) async fn take(book: &mut Book<'_>, tx: &mut Tx, rows: &[ReadLine]) -> Result<Taken, AppError> {
    let mut taken = Taken::default();
    for row in rows {
        let entered = match &row.read {
            Ok(line) => book.enter(tx, line).await,
            Err(faults) => Err(Halt::Row(faults.clone())),
        };
        match entered {
            Ok(entered) => {
                entered.note(&mut taken.counts);
                taken.entered.push(entered);
            }
            Err(Halt::Row(faults)) => {
                taken.counts.note(RowOutcome::Refused);
                taken.refused.push(row.refused(faults));
            }
            Err(Halt::App(error)) => return Err(error),
        }
    }
    Ok(taken)
}

impl Taken {
    /// What the journal keeps: ids and names of fields, no personal data.
    fn told(&self, rows: &[ReadLine]) -> Value {
        let entered = || self.entered.iter();
        let certificates = || entered().filter_map(|one| one.certificate.as_ref());
        let new_producers: Vec<_> =
            entered().map(|one| &one.producer).filter(|one| one.is_new).map(|one| &one.id).collect();
        let new_products: Vec<_> =
            entered().map(|one| &one.product).filter(|one| one.is_new).map(|one| &one.id).collect();
        let new_certificates: Vec<_> = certificates().filter(|one| one.is_new).map(|one| &one.id).collect();
        let mut changed: Vec<Value> = Vec::new();
        for one in entered() {
            if !one.producer.fields.is_empty() {
                changed.push(json!({ "producer": one.producer.id, "changed": one.producer.fields }));
            }
            if !one.product.fields.is_empty() {
                changed.push(json!({ "product": one.product.id, "changed": one.product.fields }));
            }
        }
        changed.extend(
            certificates()
                .filter(|one| !one.fields.is_empty())
                .map(|one| json!({ "certificate": one.id, "changed": one.fields })),
        );
        json!({
            "rows": [rows.first().map(|row| row.no), rows.last().map(|row| row.no)],
            "producers": new_producers, "products": new_products, "certificates": new_certificates,
            "changed": changed, "refused": self.counts.refused,
        })
    }
}
