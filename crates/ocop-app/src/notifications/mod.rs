//! What each person is told in the program: when something happens that waits for them or concerns them, and when a
//! deadline comes near.
//!
//! A notification is written in the transaction of what it tells of, so nobody is told what did not happen. Reading one's own
//! notifications changes no record of the programme and has no journal entry.

mod reminders;
mod step;
#[cfg(test)]
mod tests;

use ocop_core::id::{PersonId, ProducerId, ProductId};
use ocop_core::people::{Actor, RoleKind};
use ocop_core::policy::{self, Action, Subject};
use ocop_core::units::CENTRE;
use ocop_store::Tx;
use ocop_store::db::Chain;
pub use ocop_store::notifications::Notification;

pub use reminders::remind;
pub(crate) use step::{tell_advisors, tell_step};

use crate::{App, AppError};

/// Notifications on the page; older ones are of no use any more.
const SHOWN: i64 = 100;

impl App {
    /// A notification of now about a page of ours, without a deadline.
    ///
    /// The key names what it tells of: whoever has been told it is not told again.
    pub(crate) fn news(&self, key: String, what: &str, about: &str, href: String) -> Notification {
        Notification {
            key,
            at: self.now(),
            what: what.to_owned(),
            about: about.to_owned(),
            href,
            due_on: None,
            urgent: false,
            read_at: None,
        }
    }
}

/// Tells people something.
pub(crate) async fn tell(
    tx: &mut Tx,
    people: &[PersonId],
    notification: &Notification,
) -> Result<(), AppError> {
    for person in people {
        ocop_store::notifications::tell(tx, person, notification).await?;
    }
    Ok(())
}

/// Tells those who act for a producer something.
pub(crate) async fn tell_producer(
    tx: &mut Tx,
    producer: &ProducerId,
    notification: &Notification,
) -> Result<(), AppError> {
    let people = ocop_store::notifications::of_producer(tx, producer).await?;
    tell(tx, &people, notification).await
}

/// Tells those who act for a product's producer something.
pub(crate) async fn tell_of_product(
    tx: &mut Tx,
    product: &ProductId,
    notification: &Notification,
) -> Result<(), AppError> {
    let product = ocop_store::products::find(tx, product).await?.ok_or(AppError::NotFound)?;
    tell_producer(tx, &product.producer_id, notification).await
}

/// The same, and the officers of the product's commune.
pub(crate) async fn tell_of_product_and_commune(
    tx: &mut Tx,
    product: &ProductId,
    notification: &Notification,
) -> Result<(), AppError> {
    let product = ocop_store::products::find(tx, product).await?.ok_or(AppError::NotFound)?;
    tell_producer(tx, &product.producer_id, notification).await?;
    tell_commune(tx, &product.commune, notification).await
}

/// Tells the officers of a commune something.
pub(crate) async fn tell_commune(
    tx: &mut Tx,
    commune: &str,
    notification: &Notification,
) -> Result<(), AppError> {
    let people = ocop_store::notifications::officers(tx, RoleKind::CommuneOfficer, commune).await?;
    tell(tx, &people, notification).await
}

/// Tells the officers of a province, or of the centre, something.
pub(crate) async fn tell_office(
    tx: &mut Tx,
    office: &str,
    notification: &Notification,
) -> Result<(), AppError> {
    let people = officers(tx, office).await?;
    tell(tx, &people, notification).await
}

/// The officers of a province, or of the centre.
async fn officers(tx: &mut Tx, office: &str) -> Result<Vec<PersonId>, AppError> {
    let kind = if office == CENTRE { RoleKind::CentralOfficer } else { RoleKind::ProvincialOfficer };
    Ok(ocop_store::notifications::officers(tx, kind, office).await?)
}

/// A person's notifications, the newest first.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<Notification>, AppError> {
    let _ = policy::may(actor, Action::ManageOwnAccount, &Subject::default())?;
    let mut tx = app.db.read().await?;
    Ok(ocop_store::notifications::of_person(&mut tx, &actor.person, SHOWN).await?)
}

/// How many notifications a person has not read. Those about the page that is opened now have been read with it.
pub async fn unread(app: &App, actor: &Actor, page: &str) -> Result<i64, AppError> {
    let mut tx = app.db.read().await?;
    let (unread, about_page) = ocop_store::notifications::unread(&mut tx, &actor.person, page).await?;
    drop(tx);
    if about_page > 0 {
        let mut tx = app.db.write(Chain::of("person", &actor.person)).await?;
        ocop_store::notifications::read_page(&mut tx, &actor.person, page, app.now()).await?;
        tx.commit_upkeep().await?;
    }
    Ok(unread - about_page)
}

/// A person has read the notifications told until now.
pub async fn read_all(app: &App, actor: &Actor) -> Result<(), AppError> {
    let _ = policy::may(actor, Action::ManageOwnAccount, &Subject::default())?;
    let mut tx = app.db.write(Chain::of("person", &actor.person)).await?;
    ocop_store::notifications::read_all(&mut tx, &actor.person, app.now()).await?;
    tx.commit_upkeep().await?;
    Ok(())
}
