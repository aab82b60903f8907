//! A turn that is being scored, and who sits in it: what the chair looks at to let a member leave, or to open a
//! ballot again.

use ocop_core::councils::{NoQuorum, quorum};
use ocop_core::dossiers::State;
use ocop_core::id::SeatId;
use ocop_core::people::SeatKind;
use ocop_store::Tx;
use ocop_store::councils::Seat;
use ocop_store::dossiers::Dossier;
use ocop_store::scoring::{Excuse, Session};
use serde::{Deserialize, Serialize};

use super::{DossierHead, head, session_of};
use crate::{AppError, Fields, Refusal};

/// What the chair types.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SittingInput {
    /// The member's seat.
    pub seat: String,
    /// Why.
    pub reason: String,
}

/// What the page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SittingView {
    /// The dossier being scored.
    pub head: DossierHead,
    /// The turn.
    pub turn: u16,
    /// Members to choose from.
    pub members: Vec<Seat>,
    /// Members of whom it was decided before, with the reason.
    pub before: Vec<(Seat, String)>,
}

/// A turn that is being scored, and who sits in it.
pub(super) struct Sitting {
    session: Session,
    pub(super) turn: u16,
    pub(super) seats: Vec<Seat>,
    pub(super) excuses: Vec<Excuse>,
    /// Seats in conflict, replaced, or standing in elsewhere.
    closed: Vec<SeatId>,
}

impl Sitting {
    /// The turn that a dossier is scored in.
    ///
    /// # Errors
    /// A refusal when nobody scores it; `idle` ends the sentence.
    pub(super) async fn of(tx: &mut Tx, dossier: &Dossier, idle: &str) -> Result<Self, AppError> {
        if dossier.state != State::Scoring {
            return Err(Refusal::because(format!("Hồ sơ đang ở bước «{}», {idle}", dossier.state.name())));
        }
        let council = dossier.council_id.as_ref().ok_or(AppError::NotFound)?;
        let turn = ocop_store::scoring::last_turn(tx, &dossier.id).await?.ok_or(AppError::NotFound)?;
        Ok(Self {
            session: session_of(tx, &turn).await?,
            turn: turn.no,
            seats: ocop_store::councils::seats(tx, council).await?,
            excuses: ocop_store::scoring::excuses(tx, &dossier.id).await?,
            closed: ocop_store::councils::replacements::closed_seats(tx, &dossier.id).await?,
        })
    }

    /// The page of a choice among some of its members.
    pub(super) async fn view(
        &self,
        tx: &mut Tx,
        dossier: &Dossier,
        may: impl Fn(&Seat) -> bool,
        before: &[(SeatId, String)],
    ) -> Result<SittingView, AppError> {
        let named = |(id, reason): &(SeatId, String)| {
            let seat = self.seats.iter().find(|seat| seat.id == *id)?;
            Some((seat.clone(), reason.clone()))
        };
        Ok(SittingView {
            head: head(tx, dossier).await?,
            turn: self.turn,
            members: self.seats.iter().filter(|seat| may(seat)).cloned().collect(),
            before: before.iter().filter_map(named).collect(),
        })
    }

    /// The member that was chosen among those who may be, and the reason.
    pub(super) fn read(
        &self,
        input: &SittingInput,
        missing: &str,
        may: impl Fn(&Seat) -> bool,
    ) -> Result<(&Seat, String), AppError> {
        let mut fields = Fields::new();
        let reason = fields.required("reason", &input.reason, 2_000, missing);
        let seat = self.seats.iter().find(|seat| seat.id.as_str() == input.seat && may(seat));
        if seat.is_none() {
            fields.fault("seat", "Chọn một thành viên đang chấm hồ sơ này.");
        }
        fields.done()?;
        Ok((seat.ok_or(AppError::NotFound)?, reason))
    }

    fn attended(&self, seat: &SeatId) -> bool {
        self.session.attendance.iter().any(|one| one.present && one.seat == *seat)
    }

    fn is_excused(&self, seat: &SeatId) -> bool {
        self.excuses.iter().any(|excuse| excuse.seat_id == *seat)
    }

    /// Whether this seat votes in this turn.
    pub(super) fn votes(&self, seat: &Seat) -> bool {
        self.session.settings.votes(seat.kind)
            && self.attended(&seat.id)
            && !self.is_excused(&seat.id)
            && !self.closed.contains(&seat.id)
    }

    /// Whether this seat votes in this turn and may leave. The chair, who confirms, may not.
    pub(super) fn may_leave(&self, seat: &Seat) -> bool {
        seat.kind != SeatKind::Chair && self.votes(seat)
    }

    /// Seats that the dossier is not closed to: only these are asked for a quorum.
    fn open_seats(&self) -> impl Iterator<Item = &Seat> {
        self.seats.iter().filter(|seat| !self.closed.contains(&seat.id))
    }

    /// Whether the council may go on without one more member.
    pub(super) fn quorum_without(&self, leaving: &SeatId) -> Result<(), NoQuorum> {
        let stays =
            |seat: &Seat| self.attended(&seat.id) && !self.is_excused(&seat.id) && seat.id != *leaving;
        let attendance: Vec<(SeatKind, bool)> =
            self.open_seats().map(|seat| (seat.kind, stays(seat))).collect();
        quorum(&self.session.settings, &attendance)
    }
}
