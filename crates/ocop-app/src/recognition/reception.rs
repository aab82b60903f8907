//! The provincial office receives a proposed dossier or asks for its completion.

use chrono::{Datelike, NaiveDate};
use ocop_core::dossiers::{Event, State, receipt_number};
use ocop_core::id::DossierId;
use ocop_core::people::Actor;
use ocop_core::policy::{self, Action};
use ocop_store::Tx;
use ocop_store::db::Chain;
use ocop_store::dossiers::Return;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::commune::{CommuneReport, DossierSummary, kept_report, summary};
use crate::dossiers::{Snapshot, advance, facts};
use crate::rounds::Due;
use crate::{App, AppError, Fields};

/// What the page of the reception shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceptionView {
    /// The dossier as submitted.
    pub dossier: DossierSummary,
    /// The commune's report.
    pub report: CommuneReport,
    /// The round's last day for results.
    pub due: Due,
    /// Whether the dossier waits for the office.
    pub waits: bool,
    /// Whether the reader may ask for completion: the centre has none (Article 7.4a).
    pub may_return: bool,
}

/// The page on which the office reads a proposed dossier and decides.
pub async fn reception(app: &App, actor: &Actor, id: &DossierId) -> Result<ReceptionView, AppError> {
    let mut tx = app.db.read().await?;
    let facts = facts(&mut tx, actor, id).await?;
    let _ = policy::may(actor, Action::AcceptDossier, &facts.subject)?;
    let snapshot = Snapshot::latest(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    let set = app.shown(&mut tx, &facts.row.province, &facts.row.ruleset).await?;
    let dossier = summary(app, &mut tx, &facts.row, &snapshot, &set).await?;
    Ok(ReceptionView {
        due: app.due(dossier.result_by),
        dossier,
        report: kept_report(&mut tx, id).await?.map(|(report, _)| report).unwrap_or_default(),
        waits: matches!(facts.row.state, State::AtProvince | State::AtCentre),
        may_return: policy::may(actor, Action::ReturnFromProvince, &facts.subject).is_ok(),
    })
}

/// Accepts the dossier into its round with a receipt of the province; the receipt.
pub async fn accept_dossier(app: &App, actor: &Actor, id: &DossierId) -> Result<String, AppError> {
    let mut tx = app.db.write(Chain::of("dossier", id)).await?;
    let facts = facts(&mut tx, actor, id).await?;
    let permit = policy::may(actor, Action::AcceptDossier, &facts.subject)?;
    advance(app, &mut tx, &facts.row, Event::Accept).await?;
    let receipt = next_receipt(&mut tx, &facts.row.province, &facts.row.commune, app.today()).await?;
    ocop_store::dossiers::receive_at_province(&mut tx, id, app.today(), &receipt).await?;
    tx.commit(permit, app.now(), &json!({ "receipt": receipt })).await?;
    Ok(receipt)
}

/// The province's next receipt of the year (form 01, office block B).
pub(crate) async fn next_receipt(
    tx: &mut Tx,
    province: &str,
    commune: &str,
    today: NaiveDate,
) -> Result<String, AppError> {
    let (first, last) = year_of(today)?;
    ocop_store::units::hold(tx, province).await?;
    let given = ocop_store::dossiers::provinces_receipts(tx, province, first, last).await?;
    Ok(receipt_number(given + 1, province, commune, today.year()))
}

/// First and last day of the year that a day is in.
pub(super) fn year_of(day: NaiveDate) -> Result<(NaiveDate, NaiveDate), AppError> {
    let year = day.year();
    NaiveDate::from_ymd_opt(year, 1, 1).zip(NaiveDate::from_ymd_opt(year, 12, 31)).ok_or(AppError::NotFound)
}

/// What an officer types to ask for completion.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CompletionInput {
    /// What is to be completed.
    pub reasons: String,
    /// By when.
    pub due_on: String,
}

/// Asks the producer to complete the dossier by a day.
pub async fn return_from_province(
    app: &App,
    actor: &Actor,
    id: &DossierId,
    input: &CompletionInput,
) -> Result<(), AppError> {
    let mut tx = app.db.write(Chain::of("dossier", id)).await?;
    let facts = facts(&mut tx, actor, id).await?;
    let permit = policy::may(actor, Action::ReturnFromProvince, &facts.subject)?;
    let mut fields = Fields::new();
    let reasons = fields.required(
        "reasons",
        &input.reasons,
        10_000,
        "Ghi rõ cần bổ sung những gì, để chủ thể biết việc phải làm.",
    );
    let due_on = fields.required_day("due_on", &input.due_on, "Ghi hạn bổ sung.");
    if due_on.is_some_and(|day| day <= app.today()) {
        fields.fault("due_on", "Hạn bổ sung phải sau hôm nay.");
    }
    fields.done()?;
    advance(app, &mut tx, &facts.row, Event::ReturnByProvince).await?;
    let back = Return {
        level: "province".to_owned(),
        reasons: reasons.clone(),
        due_on,
        returned_at: app.now(),
        returned_by: actor.name.clone(),
    };
    ocop_store::dossiers::put_return(&mut tx, id, &back).await?;
    tx.commit(permit, app.now(), &json!({ "reasons": reasons, "due_on": due_on })).await?;
    Ok(())
}
