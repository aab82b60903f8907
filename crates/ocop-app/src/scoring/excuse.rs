//! Letting a member who must leave go, so that the council does not wait for a ballot that never
//! comes.
//!
//! A ballot that was sealed still counts; an unsealed one is closed. The chair learns nothing about
//! which of the two it was (law 7): the list of members and the answer are the same.

use ocop_core::id::{DossierId, SeatId};
use ocop_core::people::Actor;
use ocop_core::policy::{self, Action};
use ocop_store::db::Chain;
use ocop_store::scoring::Excuse;
use serde_json::json;

use super::sitting::{Sitting, SittingInput, SittingView};
use super::tally_when_complete;
use crate::dossiers::facts;
use crate::{App, AppError, Refusal};

/// Ends the refusal when nobody scores.
const IDLE: &str = "không có ai đang chấm nên không cần cho ai rời phiên.";

/// The page, for the chair while members score: all but the chair may be let go.
pub async fn excuse(app: &App, actor: &Actor, dossier: &DossierId) -> Result<SittingView, AppError> {
    let mut tx = app.db.read().await?;
    let facts = facts(&mut tx, actor, dossier).await?;
    let _ = policy::may(actor, Action::ExcuseMember, &facts.subject)?;
    let sitting = Sitting::of(&mut tx, &facts.row, IDLE).await?;
    let told = |excuse: &Excuse| (excuse.seat_id.clone(), excuse.reason.clone());
    let before: Vec<(SeatId, String)> = sitting.excuses.iter().map(told).collect();
    sitting.view(&mut tx, &facts.row, |seat| sitting.may_leave(seat), &before).await
}

/// The chair lets a member leave the session while the council scores a dossier. Refused when the
/// council would no longer have its quorum. The last ballot that was waited for makes the tally.
pub async fn excuse_member(
    app: &App,
    actor: &Actor,
    dossier: &DossierId,
    input: &SittingInput,
) -> Result<(), AppError> {
    let mut tx = app.db.write(Chain::of("dossier", dossier)).await?;
    let facts = facts(&mut tx, actor, dossier).await?;
    let permit = policy::may(actor, Action::ExcuseMember, &facts.subject)?;
    let sitting = Sitting::of(&mut tx, &facts.row, IDLE).await?;
    let missing = "Ghi lý do thành viên phải rời phiên.";
    let (leaving, reason) = sitting.read(input, missing, |seat| sitting.may_leave(seat))?;
    if let Err(short) = sitting.quorum_without(&leaving.id) {
        return Err(Refusal::because(format!(
            "Chưa cho {} rời phiên được, vì phiên họp sẽ không còn đủ điều kiện: {short}",
            leaving.name
        )));
    }
    let excuse = Excuse {
        dossier_id: dossier.clone(),
        turn: sitting.turn,
        seat_id: leaving.id.clone(),
        reason: reason.clone(),
        excused_at: app.now(),
    };
    ocop_store::scoring::excuse(&mut tx, &excuse).await?;
    tally_when_complete(app, &mut tx, &facts.row).await?;
    let details = json!({ "seat": excuse.seat_id, "turn": excuse.turn, "reason": reason });
    tx.commit(permit, app.now(), &details).await?;
    Ok(())
}
