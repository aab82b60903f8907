//! What each person is told in the program, and the days on which deadlines were called to mind.

use chrono::NaiveDate;
use ocop_core::id::{CouncilId, DossierId, PersonId, ProducerId};
use ocop_core::people::{RoleKind, SeatKind};
use ocop_core::time::Instant;

use crate::db::{Row, StoreError, Tx};

/// A notification to one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// What it is about: nobody is told the same key twice.
    pub key: String,
    /// When.
    pub at: Instant,
    /// What has happened or is to be done.
    pub what: String,
    /// With what or whom; may be empty.
    pub about: String,
    /// The page about it, from the root.
    pub href: String,
    /// By when something is to be done.
    pub due_on: Option<NaiveDate>,
    /// Whether the letter does not wait until the morning.
    pub urgent: bool,
    /// When it was read.
    pub read_at: Option<Instant>,
}

fn notification(row: &Row) -> Result<Notification, StoreError> {
    Ok(Notification {
        key: row.get("key")?,
        at: row.get("at")?,
        what: row.get("what")?,
        about: row.get("about")?,
        href: row.get("href")?,
        due_on: row.get("due_on")?,
        urgent: row.get("urgent")?,
        read_at: row.get("read_at")?,
    })
}

/// Tells a person something, unless they have been told it.
pub async fn tell(tx: &mut Tx, person: &PersonId, notification: &Notification) -> Result<(), StoreError> {
    tx.execute(
        "insert into notification (person_id, key, at, what, about, href, due_on, urgent, read_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (person_id, key) do nothing",
        crate::args![
            person,
            &notification.key,
            &notification.at,
            &notification.what,
            &notification.about,
            &notification.href,
            &notification.due_on,
            &notification.urgent,
            &notification.read_at
        ],
    )
    .await?;
    Ok(())
}

/// A person's notifications, the newest first.
pub async fn of_person(tx: &mut Tx, person: &PersonId, limit: i64) -> Result<Vec<Notification>, StoreError> {
    let rows = tx
        .rows(
            "select * from notification where person_id = $1 order by at desc, key limit $2",
            crate::args![person, &limit],
        )
        .await?;
    rows.iter().map(notification).collect()
}

/// How many notifications a person has not read, and how many of them are about one page.
pub async fn unread(tx: &mut Tx, person: &PersonId, page: &str) -> Result<(i64, i64), StoreError> {
    let row = tx
        .row(
            "select count(*) as number, count(case when href = $2 then 1 end) as about_page
               from notification where person_id = $1 and read_at is null",
            crate::args![person, page],
        )
        .await?;
    Ok((row.get("number")?, row.get("about_page")?))
}

/// Notes that a person has read what they were told about a page.
pub async fn read_page(tx: &mut Tx, person: &PersonId, page: &str, at: Instant) -> Result<(), StoreError> {
    tx.execute(
        "update notification set read_at = $3 where person_id = $1 and href = $2 and read_at is null",
        crate::args![person, page, &at],
    )
    .await?;
    Ok(())
}

/// Notes that a person has read everything told until now.
pub async fn read_all(tx: &mut Tx, person: &PersonId, at: Instant) -> Result<(), StoreError> {
    tx.execute(
        "update notification set read_at = $2 where person_id = $1 and at <= $2 and read_at is null",
        crate::args![person, &at],
    )
    .await?;
    Ok(())
}

/// Somebody with notifications that no letter has taken up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmailed {
    /// Who.
    pub person_id: PersonId,
    /// Whether one of them does not wait until the morning.
    pub urgent: bool,
    /// When the last letter to the person was written.
    pub last: Option<Instant>,
}

/// Everybody with notifications that no letter has taken up.
pub async fn with_unmailed(tx: &mut Tx) -> Result<Vec<Unmailed>, StoreError> {
    let rows = tx
        .rows(
            "select person_id, max(urgent) as urgent,
                    (select max(created_at) from mail where mail.person_id = notification.person_id) as last
               from notification where mailed_at is null group by person_id order by person_id",
            Vec::new(),
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Unmailed {
                person_id: row.get("person_id")?,
                urgent: row.get("urgent")?,
                last: row.get("last")?,
            })
        })
        .collect()
}

/// A person's notifications that no letter has taken up, the oldest first.
pub async fn unmailed(tx: &mut Tx, person: &PersonId) -> Result<Vec<Notification>, StoreError> {
    let rows = tx
        .rows(
            "select * from notification where person_id = $1 and mailed_at is null order by at, key",
            crate::args![person],
        )
        .await?;
    rows.iter().map(notification).collect()
}

/// Notes that the notifications told until now need no letter any more.
pub async fn note_mailed(tx: &mut Tx, person: &PersonId, at: Instant) -> Result<(), StoreError> {
    tx.execute(
        "update notification set mailed_at = $2 where person_id = $1 and mailed_at is null",
        crate::args![person, &at],
    )
    .await?;
    Ok(())
}

/// The last day on which deadlines were called to mind.
pub async fn last_reminding(tx: &mut Tx) -> Result<Option<NaiveDate>, StoreError> {
    let row = tx.row("select max(day) as day from reminding", Vec::new()).await?;
    row.get("day")
}

/// Notes that deadlines were called to mind on a day.
pub async fn note_reminding(tx: &mut Tx, day: NaiveDate, at: Instant) -> Result<(), StoreError> {
    tx.execute(
        "insert into reminding (day, at) values ($1, $2) on conflict (day) do nothing",
        crate::args![&day, &at],
    )
    .await?;
    Ok(())
}

/// Those who act for a producer.
pub async fn of_producer(tx: &mut Tx, producer: &ProducerId) -> Result<Vec<PersonId>, StoreError> {
    let rows = tx
        .rows(
            "select person_id from producer_member where producer_id = $1 order by person_id",
            crate::args![producer],
        )
        .await?;
    rows.iter().map(|row| row.get("person_id")).collect()
}

/// The officers of a unit.
pub async fn officers(tx: &mut Tx, kind: RoleKind, unit: &str) -> Result<Vec<PersonId>, StoreError> {
    let rows = tx
        .rows(
            "select distinct person_id from role where kind = $1 and unit_code = $2 and revoked_at is null
              order by person_id",
            crate::args![&kind, unit],
        )
        .await?;
    rows.iter().map(|row| row.get("person_id")).collect()
}

/// The seats of a council to which a dossier is not closed, and who holds them.
pub async fn seats(
    tx: &mut Tx,
    council: &CouncilId,
    dossier: &DossierId,
) -> Result<Vec<(PersonId, SeatKind)>, StoreError> {
    let rows = tx
        .rows(
            "select person_id, kind from seat
              where council_id = $1 and removed_at is null
                and not exists (select 1 from closed_seat
                                 where closed_seat.seat_id = seat.id and closed_seat.dossier_id = $2)
              order by id",
            crate::args![council, dossier],
        )
        .await?;
    rows.iter().map(|row| Ok((row.get("person_id")?, row.get("kind")?))).collect()
}

/// Who has a ballot of the last turn on a dossier that is not sealed yet.
pub async fn with_open_ballot(tx: &mut Tx, dossier: &DossierId) -> Result<Vec<PersonId>, StoreError> {
    let rows = tx
        .rows(
            "select seat.person_id as person_id from ballot join seat on seat.id = ballot.seat_id
              where ballot.dossier_id = $1 and ballot.sealed_at is null
                and ballot.turn = (select max(no) from turn where turn.dossier_id = $1)
              order by seat.id",
            crate::args![dossier],
        )
        .await?;
    rows.iter().map(|row| row.get("person_id")).collect()
}

/// A certificate in force whose last day comes near.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    /// The product.
    pub product_id: ocop_core::id::ProductId,
    /// Its producer.
    pub producer_id: ProducerId,
    /// Code of the producer's commune.
    pub commune: String,
    /// Code of its province.
    pub province: String,
    /// The product as certified.
    pub product: String,
    /// The producer as certified.
    pub producer: String,
    /// The stars.
    pub stars: u8,
    /// The last day.
    pub valid_until: NaiveDate,
}

/// The certificates in force on a day that end until another day, of products that have no later one and no
/// re-evaluation or upgrade under way; of one producer where it is named.
pub async fn ending(
    tx: &mut Tx,
    today: NaiveDate,
    until: NaiveDate,
    producer: Option<&ProducerId>,
) -> Result<Vec<Ending>, StoreError> {
    let producer = producer.map_or("", ProducerId::as_str);
    let rows = tx
        .rows(
            "select certificate.product_id as product_id, product.producer_id as producer_id,
                    producer.commune as commune, product.province as province,
                    certificate.product as product, certificate.producer as producer,
                    certificate.stars as stars, certificate.valid_until as valid_until
               from certificate join product on product.id = certificate.product_id
               join producer on producer.id = product.producer_id
              where product.merged_into is null and certificate.issued_on <= $1 and certificate.valid_until >= $1 and certificate.valid_until <= $2
                and (certificate.revoked_on is null or certificate.revoked_on > $1)
                and (certificate.next_on is null or certificate.next_on > $1)
                and ($3 = '' or product.producer_id = $3)
                and not exists (select 1 from dossier
                  where dossier.product_id = certificate.product_id and dossier.kind <> 'first'
                    and dossier.submission_id is not null and dossier.state not in
                      ('withdrawn', 'not_recognised', 'disqualified', 'recognised', 'five_stars', 'referred_back', 'again'))
              order by certificate.valid_until, certificate.id",
            crate::args![&today, &until, producer],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Ending {
                product_id: row.get("product_id")?,
                producer_id: row.get("producer_id")?,
                commune: row.get("commune")?,
                province: row.get("province")?,
                product: row.get("product")?,
                producer: row.get("producer")?,
                stars: row.get("stars")?,
                valid_until: row.get("valid_until")?,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::Chain;
    use crate::people::tests::somebody;
    use crate::testing::{at, each_database, seed_units};

    fn notification(key: &str, when: &str) -> Notification {
        Notification {
            key: key.to_owned(),
            at: at(when),
            what: "Đã tiếp nhận".to_owned(),
            about: "Mật ong".to_owned(),
            href: "/dossiers/1".to_owned(),
            due_on: None,
            urgent: false,
            read_at: None,
        }
    }

    #[tokio::test]
    async fn a_notice_is_told_once_read_and_mailed() {
        each_database(async |db| {
            seed_units(&db).await;
            let mut tx = db.write(Chain::of("person", "x")).await.unwrap();
            let person = somebody();
            crate::people::insert(&mut tx, &person).await.unwrap();
            let id = person.id;
            let first = notification("a", "2026-11-27T01:00:00Z");
            let second = Notification {
                urgent: true,
                href: "/dossiers/2".to_owned(),
                ..notification("b", "2026-11-27T02:00:00Z")
            };
            for one in [&first, &second, &first] {
                tell(&mut tx, &id, one).await.unwrap();
            }
            assert_eq!(of_person(&mut tx, &id, 10).await.unwrap(), [second.clone(), first.clone()]);
            assert_eq!(unread(&mut tx, &id, "/dossiers/1").await.unwrap(), (2, 1));
            let now = at("2026-11-27T03:00:00Z");
            read_page(&mut tx, &id, "/dossiers/1", now).await.unwrap();
            read_page(&mut tx, &id, "/elsewhere", now).await.unwrap();
            assert_eq!(unread(&mut tx, &id, "/dossiers/1").await.unwrap(), (1, 0));
            read_all(&mut tx, &id, at("2026-11-27T01:30:00Z")).await.unwrap();
            assert_eq!(unread(&mut tx, &id, "").await.unwrap(), (1, 0), "what came later is not read");
            read_all(&mut tx, &id, now).await.unwrap();
            assert_eq!(unread(&mut tx, &id, "").await.unwrap(), (0, 0));
            let waiting = Unmailed { person_id: id.clone(), urgent: true, last: None };
            assert_eq!(with_unmailed(&mut tx).await.unwrap(), [waiting]);
            assert_eq!(unmailed(&mut tx, &id).await.unwrap().len(), 2);
            note_mailed(&mut tx, &id, now).await.unwrap();
            assert_eq!(with_unmailed(&mut tx).await.unwrap(), []);
        })
        .await;
    }

    #[tokio::test]
    async fn a_day_is_noted_once() {
        each_database(async |db| {
            let mut tx = db.write(Chain::of("job", "reminding")).await.unwrap();
            assert_eq!(last_reminding(&mut tx).await.unwrap(), None);
            let now = at("2026-11-27T01:00:00Z");
            for day in ["2026-11-26", "2026-11-27", "2026-11-27"] {
                note_reminding(&mut tx, day.parse().unwrap(), now).await.unwrap();
            }
            assert_eq!(last_reminding(&mut tx).await.unwrap(), "2026-11-27".parse().ok());
        })
        .await;
    }

    #[tokio::test]
    async fn a_certificate_ends_unless_something_follows() {
        each_database(async |db| {
            let mut tx = crate::dossiers::tests::with_dossier(&db).await;
            let held = crate::recognition::tests::honey_certificate(&mut tx).await;
            let day = |text: &str| text.parse::<NaiveDate>().unwrap();
            let count = async |tx: &mut Tx, today: &str, until: &str, producer: Option<&ProducerId>| {
                ending(tx, day(today), day(until), producer).await.unwrap().len()
            };
            let listed = ending(&mut tx, day("2029-06-01"), day("2029-12-19"), None).await.unwrap();
            assert_eq!(listed.len(), 1);
            assert_eq!((listed[0].stars, listed[0].valid_until), (3, held.valid_until));
            assert_eq!(count(&mut tx, "2029-06-01", "2029-12-18", None).await, 0, "ends later");
            assert_eq!(count(&mut tx, "2026-12-19", "2030-01-01", None).await, 0, "not issued yet");
            let own = listed[0].producer_id.clone();
            assert_eq!(count(&mut tx, "2029-06-01", "2029-12-19", Some(&own)).await, 1);
            let other = "0192d3b0-7c1e-7abc-8def-0000000000ff".parse().unwrap();
            assert_eq!(count(&mut tx, "2029-06-01", "2029-12-19", Some(&other)).await, 0);
            crate::recognition::revoke(&mut tx, &held.id, day("2029-05-01"), "điểm a").await.unwrap();
            assert_eq!(count(&mut tx, "2029-06-01", "2029-12-19", None).await, 0, "withdrawn");
        })
        .await;
    }
}
