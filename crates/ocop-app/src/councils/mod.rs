//! Councils: who sits in them and by which rules they work, the advisory team's evaluation,
//! conflicts of interest, and the opening of sessions.

mod advice;
mod assistance;
mod conflict;
mod conflicts;
#[cfg(test)]
mod conflicts_tests;
mod found;
mod relatives;
mod replace;
#[cfg(test)]
mod replace_tests;
mod session;
mod settings;
mod setup;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
#[cfg(test)]
mod tests;
mod view;

pub use advice::{
    AdviceRoom, AdviceView, FindingInput, ReportInput, RequestInput, RequestLine, advice, advice_room,
    file_report, request_evidence, save_finding,
};
pub use assistance::{AssistanceInput, AssistanceView, assistance, note_assistance, strike_assistance};
pub use conflict::{ConflictInput, ConflictView, conflict, declare_conflict};
pub use conflicts::{ConflictLine, ConflictsView, NoteConflictInput, conflicts, note_conflict};
pub use relatives::{RelativeInput, RelativesView, declare_relative, relatives};
pub use replace::{ReplaceInput, ReplacementLine, ReplacementsView, council_replacements, replace_member};
pub use session::{OpenSessionInput, SessionView, open_session, session};
pub(crate) use session::{read_attendance, require_quorum};
pub use settings::SettingsInput;
pub use setup::{
    AssignInput, CouncilInput, NewCouncil, SeatInput, add_seat, assign_dossiers, create_council, new_council,
    remove_seat, save_council,
};
pub use view::{Closed, CouncilDossier, CouncilLine, CouncilView, SessionLine, council, councils};

use std::collections::BTreeSet;

use ocop_core::id::{CouncilId, DossierId, SeatId};
use ocop_core::people::{Actor, SeatKind};
use ocop_core::policy::{self, Action, Subject};
use ocop_store::Tx;
use ocop_store::councils::Council;
use ocop_store::councils::replacements::closed_in;

use crate::AppError;

/// A council, or that there is none.
pub(crate) async fn found(tx: &mut Tx, id: &CouncilId) -> Result<Council, AppError> {
    ocop_store::councils::find(tx, id).await?.ok_or(AppError::NotFound)
}

/// The council as policy sees it.
pub(crate) fn subject(council: &Council) -> Subject {
    Subject {
        province: Some(council.province.clone()),
        council: Some(council.id.clone()),
        ..Subject::default()
    }
}

/// The dossiers of a council of which somebody must learn nothing: those that a conflict of interest closes and, for
/// whoever is not of the office, those that others judge.
pub(crate) async fn shut_dossiers(
    tx: &mut Tx,
    actor: &Actor,
    council: &Council,
) -> Result<BTreeSet<DossierId>, AppError> {
    let is_office = policy::may(actor, Action::ManageCouncil, &subject(council)).is_ok();
    let closed = closed_in(tx, &council.id, &actor.person).await?;
    let is_shut = |how: Closed| match how {
        Closed::Conflict => true,
        Closed::Unseated => !is_office,
    };
    Ok(closed.into_iter().filter(|(_, how)| is_shut(*how)).map(|(id, _)| id).collect())
}

/// The seat that somebody holds in a council.
pub(crate) fn seat_in(actor: &Actor, council: Option<&CouncilId>) -> Option<(SeatId, SeatKind)> {
    actor.seats.iter().find(|seat| Some(&seat.council) == council).map(|seat| (seat.id.clone(), seat.kind))
}
