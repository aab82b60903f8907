//! Letting a member who must leave go, so that the council does not wait for a ballot that never
//! comes.
//!
//! A ballot that was sealed still counts; an unsealed one is closed. The chair learns nothing about
//! which of the two it was (law 7): the list of members and the answer are the same.

use ocop_core::councils::{NoQuorum, quorum};
use ocop_core::dossiers::State;
use ocop_core::id::{DossierId, SeatId};
use ocop_core::people::{Actor, SeatKind};
use ocop_core::policy::{self, Action};
use ocop_store::Tx;
use ocop_store::councils::Seat;
use ocop_store::db::Chain;
use ocop_store::dossiers::Dossier;
use ocop_store::scoring::{Excuse, Session};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{DossierHead, head, session_of, tally_when_complete};
use crate::dossiers::facts;
use crate::{App, AppError, Fields, Refusal};

/// What the chair types.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ExcuseInput {
    /// The seat of the member who leaves.
    pub seat: String,
    /// Why.
    pub reason: String,
}

/// What the page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExcuseView {
    /// The dossier being scored.
    pub head: DossierHead,
    /// The turn.
    pub turn: u16,
    /// Members who score this turn and may be excused: all but the chair.
    pub members: Vec<Seat>,
    /// Members excused from this turn, with the reason.
    pub excused: Vec<(Seat, String)>,
}

/// A turn that is being scored, and who sits in it.
struct Sitting {
    session: Session,
    turn: u16,
    seats: Vec<Seat>,
    excuses: Vec<Excuse>,
    conflicted: Vec<SeatId>,
}

impl Sitting {
    async fn of(tx: &mut Tx, dossier: &Dossier) -> Result<Self, AppError> {
        if dossier.state != State::Scoring {
            return Err(Refusal::because(format!(
                "Hồ sơ đang ở bước «{}», không có ai đang chấm nên không cần cho ai rời phiên.",
                dossier.state.name()
            )));
        }
        let council = dossier.council_id.as_ref().ok_or(AppError::NotFound)?;
        let turn = ocop_store::scoring::last_turn(tx, &dossier.id).await?.ok_or(AppError::NotFound)?;
        let conflicts = ocop_store::councils::conflicts(tx, &dossier.id).await?;
        Ok(Self {
            session: session_of(tx, &turn).await?,
            turn: turn.no,
            seats: ocop_store::councils::seats(tx, council).await?,
            excuses: ocop_store::scoring::excuses(tx, &dossier.id).await?,
            conflicted: conflicts.into_iter().map(|conflict| conflict.seat_id).collect(),
        })
    }

    fn attended(&self, seat: &SeatId) -> bool {
        self.session.attendance.iter().any(|one| one.present && one.seat == *seat)
    }

    fn is_excused(&self, seat: &SeatId) -> bool {
        self.excuses.iter().any(|excuse| excuse.seat_id == *seat)
    }

    /// Whether this seat votes in this turn and may leave. The chair, who confirms, may not.
    fn may_leave(&self, seat: &Seat) -> bool {
        seat.kind != SeatKind::Chair
            && self.session.settings.votes(seat.kind)
            && self.attended(&seat.id)
            && !self.is_excused(&seat.id)
            && !self.conflicted.contains(&seat.id)
    }

    /// Whether the council may go on without one more member.
    fn quorum_without(&self, leaving: &SeatId) -> Result<(), NoQuorum> {
        let stays =
            |seat: &Seat| self.attended(&seat.id) && !self.is_excused(&seat.id) && seat.id != *leaving;
        let attendance: Vec<(SeatKind, bool)> =
            self.seats.iter().map(|seat| (seat.kind, stays(seat))).collect();
        quorum(&self.session.settings, &attendance)
    }
}

/// The page, for the chair while members score.
pub async fn excuse(app: &App, actor: &Actor, dossier: &DossierId) -> Result<ExcuseView, AppError> {
    let mut tx = app.db.read().await?;
    let facts = facts(&mut tx, actor, dossier).await?;
    let _ = policy::may(actor, Action::ExcuseMember, &facts.subject)?;
    let sitting = Sitting::of(&mut tx, &facts.row).await?;
    let reason = |seat: &Seat| {
        let given = sitting.excuses.iter().find(|excuse| excuse.seat_id == seat.id);
        given.map(|excuse| excuse.reason.clone())
    };
    let excused = sitting.seats.iter().filter_map(|seat| Some((seat.clone(), reason(seat)?))).collect();
    Ok(ExcuseView {
        head: head(&mut tx, &facts.row).await?,
        turn: sitting.turn,
        members: sitting.seats.iter().filter(|seat| sitting.may_leave(seat)).cloned().collect(),
        excused,
    })
}

/// The chair lets a member leave the session while the council scores a dossier. Refused when the
/// council would no longer have its quorum. The last ballot that was waited for makes the tally.
pub async fn excuse_member(
    app: &App,
    actor: &Actor,
    dossier: &DossierId,
    input: &ExcuseInput,
) -> Result<(), AppError> {
    let mut tx = app.db.write(Chain::of("dossier", dossier)).await?;
    let facts = facts(&mut tx, actor, dossier).await?;
    let permit = policy::may(actor, Action::ExcuseMember, &facts.subject)?;
    let sitting = Sitting::of(&mut tx, &facts.row).await?;
    let mut fields = Fields::new();
    let reason = fields.required("reason", &input.reason, 2_000, "Ghi lý do thành viên phải rời phiên.");
    let leaving = sitting.seats.iter().find(|seat| seat.id.as_str() == input.seat && sitting.may_leave(seat));
    if leaving.is_none() {
        fields.fault("seat", "Chọn một thành viên đang chấm hồ sơ này.");
    }
    fields.done()?;
    let leaving = leaving.ok_or(AppError::NotFound)?;
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
