//! Conflicts of interest.

use ocop_core::councils::ConflictGround;
use ocop_core::dossiers::State;
use ocop_core::id::DossierId;
use ocop_core::people::{Actor, SeatKind};
use ocop_core::policy::{self, Action};
use ocop_store::Tx;
use ocop_store::councils::Conflict;
use ocop_store::db::Chain;
use ocop_store::dossiers::Dossier;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::seat_in;
use crate::dossiers::facts;
use crate::scoring::{DossierHead, head, tally_when_complete};
use crate::{App, AppError, Fields, Refusal};

/// A declaration as it is typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ConflictInput {
    /// Why.
    pub reason: String,
}

/// What the page of a declaration shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConflictView {
    /// The dossier by its names only: nothing of its contents.
    pub head: DossierHead,
    /// The seat that would declare.
    pub kind: SeatKind,
    /// Whether it was declared before.
    pub declared: bool,
}

/// The page of a declaration.
pub async fn conflict(app: &App, actor: &Actor, dossier: &DossierId) -> Result<ConflictView, AppError> {
    let mut tx = app.db.read().await?;
    let facts = facts(&mut tx, actor, dossier).await?;
    let _ = policy::may(actor, Action::DeclareConflict, &facts.subject)?;
    let (_, kind) = seat_in(actor, facts.row.council_id.as_ref()).ok_or(AppError::NotFound)?;
    Ok(ConflictView { head: head(&mut tx, &facts.row).await?, kind, declared: facts.subject.conflicted })
}

/// Declares a conflict of interest: from here on ballot and dossier are closed to the seat.
pub async fn declare_conflict(
    app: &App,
    actor: &Actor,
    dossier: &DossierId,
    input: &ConflictInput,
) -> Result<(), AppError> {
    let mut tx = app.db.write(Chain::of("dossier", dossier)).await?;
    let facts = facts(&mut tx, actor, dossier).await?;
    let permit = policy::may(actor, Action::DeclareConflict, &facts.subject)?;
    let (seat_id, kind) = seat_in(actor, facts.row.council_id.as_ref()).ok_or(AppError::NotFound)?;
    let mut fields = Fields::new();
    let reason = fields.required("reason", &input.reason, 2_000, "Ghi rõ quan hệ hoặc lợi ích liên quan.");
    fields.done()?;
    let conflict = Conflict {
        dossier_id: dossier.clone(),
        seat_id,
        ground: ConflictGround::Declared,
        reason: reason.clone(),
        declared_at: app.now(),
    };
    refuse_when_late(&mut tx, &facts.row, &conflict, kind).await?;
    if !ocop_store::councils::declare_conflict(&mut tx, &conflict).await? {
        return Err(Refusal::because(
            "Xung đột lợi ích của bạn với hồ sơ này đã được ghi nhận, không cần khai lại.",
        ));
    }
    // The ballot that waited for this seat may have been the last one missing.
    if facts.row.state == State::Scoring {
        tally_when_complete(app, &mut tx, &facts.row).await?;
    }
    tx.commit(permit, app.now(), &json!({ "seat": conflict.seat_id, "reason": reason })).await?;
    Ok(())
}

async fn refuse_when_late(
    tx: &mut Tx,
    dossier: &Dossier,
    conflict: &Conflict,
    kind: SeatKind,
) -> Result<(), AppError> {
    match dossier.state {
        State::Checking | State::Advising | State::Advised => return Ok(()),
        State::Scoring => {}
        State::Draft
        | State::AtCommune
        | State::AtProvince
        | State::Completing
        | State::Accepted
        | State::Discussion
        | State::Tallied
        | State::Confirmed
        | State::Recognised
        | State::NotRecognised
        | State::ForCentre
        | State::AtCentre
        | State::ReferredBack
        | State::FiveStars
        | State::Fallback
        | State::Again
        | State::Disqualified
        | State::Withdrawn => {
            return Err(Refusal::because(format!(
                "Hồ sơ đang ở bước «{}», không còn nhận khai xung đột lợi ích. Hãy báo ngay cho Thư ký Hội đồng.",
                dossier.state.name()
            )));
        }
    }
    if kind == SeatKind::Chair {
        return Err(Refusal::because(
            "Hồ sơ đang được chấm và cần Chủ tịch xác nhận kết quả. Hãy báo cơ quan tham mưu để xử lý theo quy chế.",
        ));
    }
    let first = ocop_store::scoring::ballots(tx, &dossier.id, 1).await?;
    let own = |one: &&ocop_store::scoring::SeatBallot| one.ballot.seat_id == conflict.seat_id;
    if first.iter().filter(own).any(|one| one.ballot.sealed_at.is_some()) {
        return Err(Refusal::because(
            "Phiếu của bạn đã niêm, nên không khai xung đột lợi ích ở đây được nữa. Hãy báo ngay cho Chủ tịch Hội đồng.",
        ));
    }
    if first.iter().all(|one| own(&one)) {
        return Err(Refusal::because(
            "Không còn thành viên nào khác chấm hồ sơ này. Hãy báo Chủ tịch Hội đồng trước khi khai.",
        ));
    }
    Ok(())
}
