//! What every verb about a dossier begins with, and how a dossier moves on.

use ocop_core::dossiers::{Event, State, step};
use ocop_core::id::DossierId;
use ocop_core::people::Actor;
use ocop_core::policy::{self, Action, Permit, Subject};
use ocop_core::recognition::Instance;
use ocop_core::units::CENTRE;
use ocop_store::councils::replacements::{Closed, closed_to};
use ocop_store::dossiers::Dossier;
use ocop_store::{Tx, dossiers};

use crate::{App, AppError};

/// A dossier and how policy sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct DossierFacts {
    /// The row.
    pub row: Dossier,
    /// Whose it is, where, before which council, and whether it is closed to the actor.
    pub subject: Subject,
}

/// Loads a dossier with everything that policy asks about it.
///
/// The commune is the one where the dossier was filed: officers of the commune that the producer
/// moves to later do not take it over.
pub async fn facts(tx: &mut Tx, actor: &Actor, id: &DossierId) -> Result<DossierFacts, AppError> {
    let row = dossiers::find(tx, id).await?.ok_or(AppError::NotFound)?;
    let sent_by = match row.province.as_str() {
        CENTRE => ocop_store::units::find(tx, &row.commune).await?.and_then(|commune| commune.parent),
        _ => None,
    };
    let closed = closed_to(tx, id, &actor.person).await?;
    let subject = Subject {
        producer: Some(row.producer_id.clone()),
        commune: Some(row.commune.clone()),
        province: Some(row.province.clone()),
        sent_by,
        council: row.council_id.clone(),
        conflicted: closed == Some(Closed::Conflict),
        unseated: closed == Some(Closed::Unseated),
    };
    Ok(DossierFacts { row, subject })
}

/// Whose evaluation of its product a dossier is.
pub(crate) fn instance(row: &Dossier) -> Instance {
    match (row.province.as_str(), &row.continues) {
        (CENTRE, _) => Instance::Centre,
        (_, Some(_)) => Instance::Again,
        (_, None) => Instance::Province,
    }
}

/// Moves a dossier on by an event and tells those whom it concerns; the state that it is in afterwards.
///
/// Part of a verb's transaction: nothing is kept before the verb commits. Councils and ballots that the event makes are
/// kept before it, so that their holders are told.
///
/// # Errors
/// A refusal when the workflow has no such step, [`AppError::Stale`] when somebody else moved the
/// dossier since `row` was read.
pub async fn advance(app: &App, tx: &mut Tx, row: &Dossier, event: Event) -> Result<State, AppError> {
    let next = step(row.state, event)?;
    if !dossiers::advance(tx, &row.id, row.state, next, app.now()).await? {
        return Err(AppError::Stale("Hồ sơ vừa được chuyển sang bước khác.".to_owned()));
    }
    crate::recognition::follow(app, tx, row, next).await?;
    crate::notifications::tell_step(app, tx, &row.id, row.state, event).await?;
    Ok(next)
}

/// The facts of a dossier that the actor may change as its producer.
pub(super) async fn owned(
    tx: &mut Tx,
    actor: &Actor,
    action: Action,
    id: &DossierId,
) -> Result<(DossierFacts, Permit), AppError> {
    let facts = facts(tx, actor, id).await?;
    let permit = policy::may(actor, action, &facts.subject)?;
    Ok((facts, permit))
}

/// Whether the actor acts for the dossier's producer: such a reader sees the draft.
pub(super) fn is_own(actor: &Actor, row: &Dossier) -> bool {
    actor.producers.contains(&row.producer_id)
}
