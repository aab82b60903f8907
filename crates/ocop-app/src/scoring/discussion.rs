//! What the chair does with an opened tally: another turn, keeping the result, confirming it.

use ocop_core::dossiers::{Event, step};
use ocop_core::id::{DossierId, SeatId};
use ocop_core::people::Actor;
use ocop_core::policy::{self, Action};
use ocop_core::recognition::{Outcome, outcome, reaches_centre_points};
use ocop_store::db::Chain;
use ocop_store::recognition::ConfirmedResult;
use ocop_store::scoring::Ballot;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::councils::seat_in;
use crate::dossiers::{advance, facts};
use crate::runtime::fresh;
use crate::{App, AppError, Fields};

/// A reason as it is typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReasonInput {
    /// The words.
    pub reason: String,
}

impl ReasonInput {
    fn read(&self, missing: &str) -> Result<String, AppError> {
        let mut fields = Fields::new();
        let reason = fields.required("reason", &self.reason, 2_000, missing);
        fields.done()?;
        Ok(reason)
    }
}

/// After discussion the chair opens another turn. Every member who is still there starts from the
/// sheet that he or she sealed; the earlier turn is kept as it was.
pub async fn open_turn(
    app: &App,
    actor: &Actor,
    dossier: &DossierId,
    input: &ReasonInput,
) -> Result<u16, AppError> {
    let mut tx = app.db.write(Chain::of("dossier", dossier)).await?;
    let facts = facts(&mut tx, actor, dossier).await?;
    let permit = policy::may(actor, Action::LeadDiscussion, &facts.subject)?;
    let reason = input.read("Ghi nội dung đã thảo luận và lý do chấm lại.")?;
    advance(app, &mut tx, &facts.row, Event::OpenTurn).await?;
    let last = ocop_store::scoring::last_turn(&mut tx, dossier).await?.ok_or(AppError::NotFound)?;
    let no = last.no + 1;
    ocop_store::scoring::insert_turn(&mut tx, dossier, no, &last.session_id, app.now(), &reason).await?;
    let gone: Vec<SeatId> = ocop_store::scoring::excuses(&mut tx, dossier)
        .await?
        .into_iter()
        .map(|excuse| excuse.seat_id)
        .collect();
    let ballots = ocop_store::scoring::ballots(&mut tx, dossier, last.no).await?;
    for before in ballots.into_iter().filter(|one| !gone.contains(&one.ballot.seat_id)) {
        let ballot = Ballot {
            id: fresh(app.ids.as_ref()),
            turn: no,
            scored: None,
            saved_at: app.now(),
            sealed_at: None,
            version: 1,
            ..before.ballot
        };
        ocop_store::scoring::insert_ballot(&mut tx, &ballot).await?;
    }
    tx.commit(permit, app.now(), &json!({ "turn": no, "reason": reason })).await?;
    Ok(no)
}

/// After discussion the chair lets the result stand although the totals lie far apart.
pub async fn keep_result(
    app: &App,
    actor: &Actor,
    dossier: &DossierId,
    input: &ReasonInput,
) -> Result<(), AppError> {
    let mut tx = app.db.write(Chain::of("dossier", dossier)).await?;
    let facts = facts(&mut tx, actor, dossier).await?;
    let permit = policy::may(actor, Action::LeadDiscussion, &facts.subject)?;
    let reason = input.read("Ghi nội dung đã thảo luận và lý do giữ kết quả.")?;
    advance(app, &mut tx, &facts.row, Event::KeepResult).await?;
    let last = ocop_store::scoring::last_turn(&mut tx, dossier).await?.ok_or(AppError::NotFound)?;
    ocop_store::scoring::keep_turn(&mut tx, dossier, last.no, &reason).await?;
    tx.commit(permit, app.now(), &json!({ "turn": last.no, "reason": reason })).await?;
    Ok(())
}

/// The chair confirms the tally: it becomes the council's word and is never recomputed.
pub async fn confirm_result(app: &App, actor: &Actor, dossier: &DossierId) -> Result<Outcome, AppError> {
    let mut tx = app.db.write(Chain::of("dossier", dossier)).await?;
    let facts = facts(&mut tx, actor, dossier).await?;
    let permit = policy::may(actor, Action::ConfirmResult, &facts.subject)?;
    step(facts.row.state, Event::Confirm)?;
    let (chair, _) = seat_in(actor, facts.row.council_id.as_ref()).ok_or(AppError::NotFound)?;
    let last = ocop_store::scoring::last_turn(&mut tx, dossier).await?.ok_or(AppError::NotFound)?;
    let tally = last.tally.ok_or(AppError::NotFound)?;
    let process = app.process(&facts.row.regime)?;
    let centre_from = process.centre_from().ok_or(AppError::NotFound)?;
    let outcome = outcome(&tally, process.certified_stars());
    let disqualified = outcome == Outcome::Disqualified;
    advance(app, &mut tx, &facts.row, if disqualified { Event::Disqualify } else { Event::Confirm }).await?;
    let result = ConfirmedResult {
        dossier_id: dossier.clone(),
        turn: i64::from(last.no),
        outcome,
        stars: (!disqualified).then_some(tally.stars),
        mean: (!disqualified).then_some((tally.mean.num, tally.mean.den)),
        centre_points: reaches_centre_points(&tally, centre_from),
        explanation: tally.explanation,
        confirmed_at: app.now(),
        confirmed_by: chair,
        decision_id: None,
        notified_on: None,
    };
    ocop_store::recognition::put_result(&mut tx, &result).await?;
    let details = json!({
        "turn": result.turn, "outcome": result.outcome, "stars": result.stars,
        "mean": result.mean.map(|(num, den)| format!("{num}/{den}")), "centre_points": result.centre_points,
    });
    tx.commit(permit, app.now(), &details).await?;
    Ok(outcome)
}
