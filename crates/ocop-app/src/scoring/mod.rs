//! Scoring: the members' ballots, the tally, discussion, the confirmed result.
//!
//! What anybody sees is decided by [`ocop_core::councils::visibility`]: while members score, a
//! view holds nothing of others' ballots, no totals, no order, no times. The number of sealed
//! ballots goes to the secretary and the chair only (law 7).

mod ballot;
mod book;
#[cfg(test)]
mod book_tests;
mod criterion;
mod discussion;
mod excuse;
mod reopen;
mod result;
mod revise;
#[cfg(test)]
mod revise_tests;
mod room;
#[cfg(test)]
mod rules_tests;
mod seal;
mod severity;
mod sitting;
mod tally;
#[cfg(test)]
mod tests;

pub use ballot::{
    AnswerInput, DisqualifyInput, OpinionInput, Saved, WITHDRAW, declare_disqualification, fill_ballot,
    save_answer, save_opinion,
};
pub use book::{
    BOOK_LIMIT, BallotChange, BookPreview, BookView, ChoiceChange, TakeBookInput, book, book_file, kept_book,
    preview_book, take_book,
};
pub use criterion::{CasePane, CitedPaper, CriterionPane, LevelPane, OwnChoice};
pub use discussion::{ReasonInput, confirm_result, keep_result, open_turn};
pub use excuse::{excuse, excuse_member};
pub use reopen::{reopen, reopen_ballot};
pub use result::{FloorLine, PartMean, ResultView, result};
pub use revise::{ReviseInput, ReviseView, RevisionLine, revise_ballot, revision};
pub use room::{
    BallotHead, DisqualificationView, Ground, MyBallot, ReviewPart, ReviewRow, ReviewView, RoomItem,
    RoomPart, RoomView, Totals, disqualification, entry, my_ballots, review, room,
};
pub use seal::{SealInput, SealOutcome, seal_ballot};
pub use severity::{MemberSeverity, SessionSeverity, SeverityView, severity};
pub use sitting::{SittingInput, SittingView};
pub use tally::{
    HeatCell, HeatRow, MemberLine, OpenedTurn, Progress, ScoringView, ToAgree, progress, scoring,
};

pub(crate) use ballot::fingerprint;
#[cfg(any(test, feature = "testing"))]
pub(crate) use book::told_book;
pub(crate) use criterion::{own_choice, pane};
pub(crate) use revise::revision_lines;
pub(crate) use room::{my_ballots_in, neighbours};
pub(crate) use seal::tally_when_complete;

use std::sync::Arc;

use ocop_core::councils::{Phase, Visibility, visibility};
use ocop_core::dossiers::State;
use ocop_core::id::{BallotId, CouncilId, DossierId, RoundId, SeatId};
use ocop_core::people::{Actor, SeatKind};
use ocop_core::rules::ProductSet;
use ocop_core::time::Instant;
use ocop_store::Tx;
use ocop_store::dossiers::Dossier;
use ocop_store::scoring::changes::Reopening;
use ocop_store::scoring::{Ballot, Excuse, Session, Turn};

use crate::councils::seat_in;
use crate::dossiers::{DossierFacts, Snapshot, facts};
use crate::{App, AppError};

/// A dossier by its names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DossierHead {
    /// The dossier.
    pub id: DossierId,
    /// Name of the product.
    pub product: String,
    /// Name of the producer.
    pub producer: String,
    /// Name of the commune.
    pub commune: String,
    /// The product's code, once given.
    pub code: Option<String>,
    /// The round.
    pub round: RoundId,
    /// Its name.
    pub round_name: String,
    /// Number of the product set.
    pub set_no: u16,
    /// The council that has it.
    pub council: Option<CouncilId>,
    /// Where it is.
    pub state: State,
}

/// A dossier by its names, from the registers.
pub(crate) async fn head(tx: &mut Tx, dossier: &Dossier) -> Result<DossierHead, AppError> {
    let product = ocop_store::products::find(tx, &dossier.product_id).await?.ok_or(AppError::NotFound)?;
    let producer = ocop_store::producers::find(tx, &dossier.producer_id).await?.ok_or(AppError::NotFound)?;
    let round = ocop_store::rounds::find(tx, &dossier.round_id).await?.ok_or(AppError::NotFound)?;
    let commune = ocop_store::units::find(tx, &dossier.commune).await?.ok_or(AppError::NotFound)?;
    Ok(DossierHead {
        id: dossier.id.clone(),
        product: product.name,
        producer: producer.name,
        commune: commune.name,
        code: product.code,
        round: round.id,
        round_name: round.name,
        set_no: dossier.set_no,
        council: dossier.council_id.clone(),
        state: dossier.state,
    })
}

/// The session that a turn belongs to, with the rules of work that it follows.
pub(crate) async fn session_of(tx: &mut Tx, turn: &Turn) -> Result<Session, AppError> {
    ocop_store::scoring::find_session(tx, &turn.session_id).await?.ok_or(AppError::NotFound)
}

/// What was submitted last: the only text that advisors and members read.
pub(crate) async fn submitted(tx: &mut Tx, dossier: &DossierId) -> Result<Snapshot, AppError> {
    Snapshot::latest(tx, dossier).await?.ok_or(AppError::NotFound)
}

/// What the actor may see of a dossier's scoring from his or her seat; `None` without a seat for it.
fn seen(actor: &Actor, facts: &DossierFacts) -> Option<(SeatId, SeatKind, Visibility)> {
    let (seat, kind) = seat_in(actor, facts.row.council_id.as_ref()).filter(|_| !facts.subject.unseated)?;
    Some((seat, kind, visibility(kind.into(), Phase::of(facts.row.state, false), facts.subject.conflicted)))
}

/// One's own ballot with its dossier and the rules it is pinned to.
struct OwnBallot {
    ballot: Ballot,
    /// Why the chair let the member leave this turn, if so.
    excused: Option<String>,
    /// When and why the chair opened the sealed ballot again, if so.
    reopened: Option<(Instant, String)>,
    facts: DossierFacts,
    /// What the ballot is computed by.
    set: Arc<ProductSet>,
    /// The same in the words that its members read.
    read: Arc<ProductSet>,
}

/// A ballot of the actor's own seat. Somebody else's does not exist for the actor.
async fn own_ballot(app: &App, tx: &mut Tx, actor: &Actor, id: &BallotId) -> Result<OwnBallot, AppError> {
    let ballot = ocop_store::scoring::find_ballot(tx, id).await?.ok_or(AppError::NotFound)?;
    if !actor.seats.iter().any(|seat| seat.id == ballot.seat_id) {
        return Err(AppError::NotFound);
    }
    let facts = facts(tx, actor, &ballot.dossier_id).await?;
    let set = app.pinned(tx, &facts.row.ruleset).await?;
    let read = app.shown(tx, &facts.row.province, &facts.row.ruleset).await?;
    let excuses = ocop_store::scoring::excuses(tx, &ballot.dossier_id).await?;
    let own = |excuse: &Excuse| excuse.turn == ballot.turn && excuse.seat_id == ballot.seat_id;
    let excused = excuses.into_iter().find(own).map(|excuse| excuse.reason);
    let reopenings = ocop_store::scoring::changes::reopenings(tx, &ballot.dossier_id).await?;
    let was_sealed = |one: &Reopening| one.ballot_id == ballot.id && one.sealed_at.is_some();
    let reopened = reopenings.into_iter().rfind(was_sealed).map(|one| (one.reopened_at, one.reason));
    Ok(OwnBallot { ballot, excused, reopened, facts, set, read })
}

/// The dossier that a ballot belongs to, which names the chain of its journal.
async fn dossier_of(app: &App, id: &BallotId) -> Result<DossierId, AppError> {
    let mut tx = app.db.read().await?;
    let ballot = ocop_store::scoring::find_ballot(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    Ok(ballot.dossier_id)
}
