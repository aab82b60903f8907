//! Opening a sealed ballot again while members score, for a member who sealed by mistake.
//!
//! The chair names a member and a reason; whether that ballot was sealed the chair does not learn, nor any point of
//! it (law 7): the list of members and the answer are the same.

use ocop_core::id::{DossierId, SeatId};
use ocop_core::people::Actor;
use ocop_core::policy::{self, Action};
use ocop_store::db::Chain;
use serde_json::json;

use super::sitting::{Sitting, SittingInput, SittingView};
use crate::dossiers::facts;
use crate::{App, AppError};

/// Ends the refusal when nobody scores.
const IDLE: &str = "không còn mở lại phiếu đã niêm được. Sau khi mở kết quả, thành viên sửa một tiêu chí sau thảo luận, \
                    hoặc Chủ tịch mở lần chấm tiếp theo.";

/// The page, for the chair while members score.
pub async fn reopen(app: &App, actor: &Actor, dossier: &DossierId) -> Result<SittingView, AppError> {
    let mut tx = app.db.read().await?;
    let facts = facts(&mut tx, actor, dossier).await?;
    let _ = policy::may(actor, Action::ReopenBallot, &facts.subject)?;
    let sitting = Sitting::of(&mut tx, &facts.row, IDLE).await?;
    let before: Vec<(SeatId, String)> = ocop_store::scoring::changes::reopenings(&mut tx, dossier)
        .await?
        .into_iter()
        .map(|one| (one.seat_id, one.reason))
        .collect();
    sitting.view(&mut tx, &facts.row, |seat| sitting.votes(seat), &before).await
}

/// The chair opens a member's ballot again before the results are opened: what was filled in stays, and the member
/// reads the reason.
pub async fn reopen_ballot(
    app: &App,
    actor: &Actor,
    dossier: &DossierId,
    input: &SittingInput,
) -> Result<(), AppError> {
    let mut tx = app.db.write(Chain::of("dossier", dossier)).await?;
    let facts = facts(&mut tx, actor, dossier).await?;
    let permit = policy::may(actor, Action::ReopenBallot, &facts.subject)?;
    let sitting = Sitting::of(&mut tx, &facts.row, IDLE).await?;
    let missing = "Ghi lý do mở lại phiếu; thành viên đọc được lý do này.";
    let (seat, reason) = sitting.read(input, missing, |seat| sitting.votes(seat))?;
    let ballots = ocop_store::scoring::ballots(&mut tx, dossier, sitting.turn).await?;
    let own = ballots.iter().find(|one| one.ballot.seat_id == seat.id).ok_or(AppError::NotFound)?;
    ocop_store::scoring::changes::reopen_ballot(&mut tx, &own.ballot.id, &reason, app.now()).await?;
    let details = json!({ "seat": seat.id, "turn": sitting.turn, "reason": reason });
    tx.commit(permit, app.now(), &details).await?;
    Ok(())
}
