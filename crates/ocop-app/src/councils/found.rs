//! Conflicts of interest that the registers tell: before somebody is invited, and noted as soon as a
//! dossier and a seat come together.

use ocop_core::councils::{Found, Judge, Party, closes_by_data, conflicts_found};
use ocop_core::id::{PersonId, SeatId};
use ocop_core::people::RoleKind;
use ocop_store::Tx;
use ocop_store::councils::{Conflict, Council, Seat, ties};
use ocop_store::dossiers::Dossier;

use super::session::dossiers_of;
use crate::{App, AppError};

/// Somebody as the registers know them.
pub(super) async fn judge(tx: &mut Tx, person: &PersonId, agency: &str) -> Result<Judge, AppError> {
    let actor = ocop_store::people::actor_of(tx, person).await?;
    let assisted = ties::assistance_of(tx, person).await?;
    let communes = actor.roles.into_iter().filter(|role| role.kind == RoleKind::CommuneOfficer);
    Ok(Judge {
        name: actor.name,
        agency: agency.to_owned(),
        producers: actor.producers,
        communes: communes.map(|role| role.unit).collect(),
        assisted: assisted.into_iter().map(|one| (one.producer_id, one.kind, one.since)).collect(),
    })
}

/// The producer's side of a dossier.
pub(super) async fn party(tx: &mut Tx, dossier: &Dossier) -> Result<Party, AppError> {
    let producer = ocop_store::producers::find(tx, &dossier.producer_id).await?.ok_or(AppError::NotFound)?;
    let commune = ocop_store::units::find(tx, &dossier.commune).await?.ok_or(AppError::NotFound)?;
    let relatives = ties::relatives(tx, &dossier.id).await?;
    Ok(Party {
        producer: producer.id,
        name: producer.name,
        representative: producer.representative.name,
        commune: (commune.code, commune.name),
        relatives: relatives.into_iter().map(|one| (one.name, one.agency)).collect(),
    })
}

/// Notes the certain conflicts of these seats with a dossier that is not yet scored; the seats that it is
/// closed to from now on.
pub(super) async fn close_found(
    app: &App,
    tx: &mut Tx,
    dossier: &Dossier,
    seats: &[Seat],
) -> Result<Vec<SeatId>, AppError> {
    let mut closed = Vec::new();
    if !closes_by_data(dossier.state) {
        return Ok(closed);
    }
    let party = party(tx, dossier).await?;
    for seat in seats {
        let judge = judge(tx, &seat.person_id, &seat.agency).await?;
        let Some(found) = conflicts_found(&judge, &party).into_iter().find(|one| one.certain) else {
            continue;
        };
        let conflict = Conflict {
            dossier_id: dossier.id.clone(),
            seat_id: seat.id.clone(),
            ground: found.ground,
            reason: found.reason,
            declared_at: app.now(),
        };
        if ocop_store::councils::declare_conflict(tx, &conflict).await? {
            closed.push(seat.id.clone());
        }
    }
    Ok(closed)
}

/// Notes the certain conflicts of some seats with every dossier of their council.
pub(super) async fn close_all_found(
    app: &App,
    tx: &mut Tx,
    council: &Council,
    seats: &[Seat],
) -> Result<(), AppError> {
    for listed in dossiers_of(tx, &council.id).await? {
        let row = ocop_store::dossiers::find(tx, &listed.id).await?.ok_or(AppError::NotFound)?;
        close_found(app, tx, &row, seats).await?;
    }
    Ok(())
}

/// What ties somebody to the dossiers that a council has or may get in its round: the product of each, with
/// what was found.
pub(super) async fn found_in_round(
    tx: &mut Tx,
    council: &Council,
    judge: &Judge,
) -> Result<Vec<(String, Found)>, AppError> {
    let mut found = Vec::new();
    for one in ties::parties(tx, &council.round_id, &council.id).await? {
        if closes_by_data(one.state) {
            let first = conflicts_found(judge, &one.party).into_iter().next();
            found.extend(first.map(|found| (one.product, found)));
        }
    }
    Ok(found)
}
