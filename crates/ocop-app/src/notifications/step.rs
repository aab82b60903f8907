//! Who is told when a dossier moves on: the table of `ocop_core::notifications` with names and addresses.

use ocop_core::dossiers::{Event, State};
use ocop_core::id::{CouncilId, DossierId, PersonId};
use ocop_core::notifications::{Audience, Told, told_of};
use ocop_core::people::{RoleKind, SeatKind};
use ocop_store::Tx;
use ocop_store::dossiers::Dossier;
use ocop_store::notifications::Notification;

use crate::scoring::{DossierHead, head};
use crate::{App, AppError};

/// Tells everybody of the table that an event has happened to a dossier that was in the state `from`. Called when all
/// else of the step is kept: councils, ballots and days are read here.
pub(crate) async fn tell_step(
    app: &App,
    tx: &mut Tx,
    id: &DossierId,
    from: State,
    event: Event,
) -> Result<(), AppError> {
    let table = told_of(from, event);
    if table.is_empty() {
        return Ok(());
    }
    let row = ocop_store::dossiers::find(tx, id).await?.ok_or(AppError::NotFound)?;
    let head = head(tx, &row).await?;
    for told in table {
        let people = readers(tx, &row, told.to).await?;
        let notification = match &row.council_id {
            Some(council) if told.together => of_council(app, tx, council, event, told).await?,
            Some(_) | None => notification(app, &head, event, told),
        };
        super::tell(tx, &people, &notification).await?;
    }
    Ok(())
}

fn notification(app: &App, head: &DossierHead, event: Event, told: &Told) -> Notification {
    let about = match told.to {
        Audience::Producer => head.product.clone(),
        Audience::Commune
        | Audience::Office
        | Audience::Province
        | Audience::Advisors
        | Audience::Council
        | Audience::Chair => format!("{} · {}", head.product, head.producer),
    };
    let key = format!("{}/{}/{}", head.id, event.code(), app.now());
    let href = format!("/dossiers/{}{}", head.id, told.under);
    Notification { urgent: told.urgent, ..app.news(key, told.what, &about, href) }
}

/// One notification for all dossiers of a council that come to a step within the minute; what is to be done with which stands
/// in the list of things to do.
async fn of_council(
    app: &App,
    tx: &mut Tx,
    id: &CouncilId,
    event: Event,
    told: &Told,
) -> Result<Notification, AppError> {
    let council = ocop_store::councils::find(tx, id).await?.ok_or(AppError::NotFound)?;
    let key = format!("{id}/{}/{}", event.code(), app.now().written());
    let news = app.news(key, told.what, &council.name, format!("/councils/{id}"));
    Ok(Notification { urgent: told.urgent, ..news })
}

/// Tells the advisory team of a dossier's council something.
pub(crate) async fn tell_advisors(
    tx: &mut Tx,
    row: &Dossier,
    notification: &Notification,
) -> Result<(), AppError> {
    let people = seats(tx, row, SeatKind::Advisor).await?;
    super::tell(tx, &people, notification).await
}

async fn readers(tx: &mut Tx, row: &Dossier, audience: Audience) -> Result<Vec<PersonId>, AppError> {
    Ok(match audience {
        Audience::Producer => ocop_store::notifications::of_producer(tx, &row.producer_id).await?,
        Audience::Commune => {
            ocop_store::notifications::officers(tx, RoleKind::CommuneOfficer, &row.commune).await?
        }
        Audience::Office => super::officers(tx, &row.province).await?,
        Audience::Province => {
            let commune = ocop_store::units::find(tx, &row.commune).await?;
            let province = commune.and_then(|unit| unit.parent).unwrap_or_default();
            super::officers(tx, &province).await?
        }
        Audience::Council => ocop_store::notifications::with_open_ballot(tx, &row.id).await?,
        Audience::Advisors => seats(tx, row, SeatKind::Advisor).await?,
        Audience::Chair => seats(tx, row, SeatKind::Chair).await?,
    })
}

/// Who holds the seats of a kind in the dossier's council, but for those in conflict of interest with it.
async fn seats(tx: &mut Tx, row: &Dossier, kind: SeatKind) -> Result<Vec<PersonId>, AppError> {
    let Some(council) = &row.council_id else { return Ok(Vec::new()) };
    let seats = ocop_store::notifications::seats(tx, council, &row.id).await?;
    Ok(seats.into_iter().filter(|(_, held)| *held == kind).map(|(person, _)| person).collect())
}
