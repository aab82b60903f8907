//! Sealing a ballot; the last one of a turn makes the tally.

use std::collections::BTreeMap;

use ocop_core::councils::CouncilSettings;
use ocop_core::dossiers::Event;
use ocop_core::id::BallotId;
use ocop_core::people::Actor;
use ocop_core::policy::{self, Action};
use ocop_core::rules::ProductSet;
use ocop_core::scoring::{Choice, Scored, Sheet, Tally, score, tally_by};
use ocop_store::Tx;
use ocop_store::db::Chain;
use ocop_store::dossiers::Dossier;
use ocop_store::scoring::SeatBallot;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::ballot::{fingerprint, read_opinion, refuse_when_closed};
use super::{dossier_of, own_ballot, session_of};
use crate::dossiers::advance;
use crate::{App, AppError, Refusal};

/// What is sent to seal a ballot.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SealInput {
    /// The version that was reviewed.
    pub version: String,
    /// The opinion, as it stands in the reviewed form; `None` keeps the saved one.
    pub opinion: Option<String>,
}

/// What sealing led to. A member learns only that his or her own ballot is sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SealOutcome {
    /// Others have still to seal.
    Sealed,
    /// It was the last one: the tally is open.
    Tallied,
}

/// A member seals the ballot: from here on it counts and cannot change.
pub async fn seal_ballot(
    app: &App,
    actor: &Actor,
    id: &BallotId,
    input: &SealInput,
) -> Result<SealOutcome, AppError> {
    let mut tx = app.db.write(Chain::of("dossier", dossier_of(app, id).await?)).await?;
    let own = own_ballot(app, &mut tx, actor, id).await?;
    let permit = policy::may(actor, Action::SealBallot, &own.facts.subject)?;
    refuse_when_closed(&own)?;
    let mut version: i64 = input.version.trim().parse().unwrap_or(0);
    let sheet = &own.ballot.sheet;
    let mut opinion = own.ballot.opinion.clone();
    let stale = || {
        let at = own.ballot.saved_at.hour();
        AppError::Stale(format!(
            "Phiếu của bạn đã được lưu ở tab hoặc máy khác lúc {at}, sau khi trang này mở."
        ))
    };
    if let Some(typed) = &input.opinion {
        let typed = read_opinion(typed)?;
        if typed != opinion {
            if !ocop_store::scoring::save_ballot(&mut tx, id, version, sheet, &typed, app.now()).await? {
                return Err(stale());
            }
            version += 1;
            opinion = typed;
        }
    }
    let scored = score(&own.set, sheet)?;
    refuse_when_incomplete(&own.set, sheet, &scored)?;
    if !ocop_store::scoring::seal_ballot(&mut tx, id, version, &scored, app.now()).await? {
        return Err(stale());
    }
    let complete = tally_when_complete(app, &mut tx, &own.facts.row).await?;
    let details = json!({ "ballot": id, "turn": own.ballot.turn, "content": fingerprint(sheet, &opinion) });
    tx.commit(permit, app.now(), &details).await?;
    Ok(if complete { SealOutcome::Tallied } else { SealOutcome::Sealed })
}

/// A ballot is sealed complete: every criterion answered and every "no level met" explained, or
/// the dossier found to be out.
pub(super) fn refuse_when_incomplete(
    set: &ProductSet,
    sheet: &Sheet,
    scored: &Scored,
) -> Result<(), AppError> {
    if sheet.disqualified.is_some() {
        return Ok(());
    }
    if !scored.unanswered.is_empty() {
        return Err(Refusal::because(format!(
            "Chưa niêm được: còn {} tiêu chí chưa chấm ({}). Hãy chấm hết rồi niêm.",
            scored.unanswered.len(),
            scored.unanswered.join(", ")
        )));
    }
    let unexplained: Vec<String> =
        sheet.without_note(set).into_iter().filter(|code| !scored.ignored.contains(code)).collect();
    if !unexplained.is_empty() {
        return Err(Refusal::because(format!(
            "Chưa niêm được: «Không đạt mức nào» cần ghi rõ lý do ở tiêu chí {}.",
            unexplained.join(", ")
        )));
    }
    Ok(())
}

/// The tally of ballots by the rules of work of their session, in its words; `agreed`: the levels that the council
/// agreed on.
pub(super) fn tally_of(
    set: &ProductSet,
    ballots: Vec<SeatBallot>,
    settings: &CouncilSettings,
    agreed: &BTreeMap<String, Choice>,
) -> Result<Tally, AppError> {
    let sheets: Vec<Sheet> = ballots.into_iter().map(|one| one.ballot.sheet).collect();
    Ok(tally_by(set, &sheets, settings.floor_rule, agreed)?.explained(set, settings.decimals))
}

/// Tallies the turn when no ballot is missing any more; whether it did.
///
/// What calls for discussion, by the rules of work of the session, opens it.
pub(crate) async fn tally_when_complete(app: &App, tx: &mut Tx, dossier: &Dossier) -> Result<bool, AppError> {
    let turn = ocop_store::scoring::last_turn(tx, &dossier.id).await?.ok_or(AppError::NotFound)?;
    let ballots = ocop_store::scoring::ballots(tx, &dossier.id, turn.no).await?;
    if ballots.is_empty() || ballots.iter().any(|one| one.ballot.sealed_at.is_none()) {
        return Ok(false);
    }
    let set = app.pinned(tx, &dossier.ruleset).await?;
    let held = session_of(tx, &turn).await?;
    let tally = tally_of(&set, ballots, &held.settings, &turn.agreed)?;
    if !ocop_store::scoring::put_tally(tx, &dossier.id, turn.no, &tally, app.now()).await? {
        return Err(AppError::Stale("Lần chấm này vừa được tổng hợp.".to_owned()));
    }
    let event = match held.settings.apart(&tally, held.hearing()) {
        Some(_) => Event::Differ,
        None => Event::Agree,
    };
    advance(app, tx, dossier, event).await?;
    Ok(true)
}
