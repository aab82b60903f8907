//! Letters by e-mail: what waits, what was sent, what failed, and each office's words.

use ocop_core::id::{MailId, PersonId};
use ocop_core::notifications::{LetterWording, MailState};
use ocop_core::time::Instant;

use crate::db::{Row, StoreError, Tx};

/// A letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// Id.
    pub id: MailId,
    /// To whom.
    pub person_id: PersonId,
    /// The office whose words it has; empty when the person belongs to none.
    pub office: String,
    /// The address it goes to.
    pub address: String,
    /// The subject line.
    pub subject: String,
    /// The text.
    pub body: String,
    /// When it was written.
    pub created_at: Instant,
    /// What has become of it.
    pub state: MailState,
    /// Failures in a row.
    pub failures: i64,
    /// When it is tried next.
    pub next_at: Option<Instant>,
    /// When the mail server took it.
    pub sent_at: Option<Instant>,
    /// What the mail server said last; empty when nothing went wrong.
    pub fault: String,
}

fn mail(row: &Row) -> Result<Mail, StoreError> {
    Ok(Mail {
        id: row.get("id")?,
        person_id: row.get("person_id")?,
        office: row.get("office")?,
        address: row.get("address")?,
        subject: row.get("subject")?,
        body: row.get("body")?,
        created_at: row.get("created_at")?,
        state: row.get("state")?,
        failures: row.get("failures")?,
        next_at: row.get("next_at")?,
        sent_at: row.get("sent_at")?,
        fault: row.get("fault")?,
    })
}

/// Keeps a letter that is to be sent.
pub async fn insert(tx: &mut Tx, one: &Mail) -> Result<(), StoreError> {
    tx.execute(
        "insert into mail (id, person_id, office, address, subject, body, created_at, state, failures, next_at,
            sent_at, fault)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        crate::args![
            &one.id,
            &one.person_id,
            &one.office,
            &one.address,
            &one.subject,
            &one.body,
            &one.created_at,
            &one.state,
            &one.failures,
            &one.next_at,
            &one.sent_at,
            &one.fault
        ],
    )
    .await?;
    Ok(())
}

/// Keeps what has become of a letter; nothing when it is not in the state `from` any more.
pub async fn change(tx: &mut Tx, one: &Mail, from: MailState) -> Result<bool, StoreError> {
    let changed = tx
        .execute(
            "update mail set state = $3, failures = $4, next_at = $5, sent_at = $6, fault = $7, address = $8
              where id = $1 and state = $2",
            crate::args![
                &one.id,
                &from,
                &one.state,
                &one.failures,
                &one.next_at,
                &one.sent_at,
                &one.fault,
                &one.address
            ],
        )
        .await?;
    Ok(changed == 1)
}

/// The letters whose time has come, the oldest first.
pub async fn waiting(tx: &mut Tx, now: Instant, limit: i64) -> Result<Vec<Mail>, StoreError> {
    let rows = tx
        .rows(
            "select * from mail where next_at <= $1 order by next_at, id limit $2",
            crate::args![&now, &limit],
        )
        .await?;
    rows.iter().map(mail).collect()
}

/// Puts a waiting letter off until a moment, for whoever is the first to do so: nobody else sends it meanwhile.
pub async fn claim(tx: &mut Tx, one: &Mail, until: Instant) -> Result<bool, StoreError> {
    let changed = tx
        .execute(
            "update mail set next_at = $3 where id = $1 and next_at = $2",
            crate::args![&one.id, &one.next_at, &until],
        )
        .await?;
    Ok(changed == 1)
}

/// A letter by its id.
pub async fn find(tx: &mut Tx, id: &MailId) -> Result<Option<Mail>, StoreError> {
    let row = tx.row_opt("select * from mail where id = $1", crate::args![id]).await?;
    row.as_ref().map(mail).transpose()
}

/// What went wrong with the last letter to a person, when the last one did not arrive.
pub async fn last_fault(tx: &mut Tx, person: &PersonId) -> Result<Option<Mail>, StoreError> {
    let row = tx
        .row_opt("select * from mail where person_id = $1 order by id desc limit 1", crate::args![person])
        .await?;
    let last = row.as_ref().map(mail).transpose()?;
    Ok(last.filter(|last| matches!(last.state, MailState::Bounced | MailState::GivenUp)))
}

/// A letter and its reader's name, for the office's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The letter.
    pub mail: Mail,
    /// The reader's name.
    pub name: String,
}

/// The letters of an office, the newest first: those in one state, or all; only those before an id.
pub async fn of_office(
    tx: &mut Tx,
    office: &str,
    state: Option<MailState>,
    before: &str,
    limit: i64,
) -> Result<Vec<Listed>, StoreError> {
    let state = state.map_or("", MailState::code);
    let rows = tx
        .rows(
            "select mail.*, person.name as name from mail join person on person.id = mail.person_id
              where mail.office = $1 and ($2 = '' or mail.state = $2) and ($3 = '' or mail.id < $3)
              order by mail.id desc limit $4",
            crate::args![office, state, before, &limit],
        )
        .await?;
    rows.iter().map(|row| Ok(Listed { mail: mail(row)?, name: row.get("name")? })).collect()
}

/// How many letters of an office are in each state.
pub async fn counts(tx: &mut Tx, office: &str) -> Result<Vec<(MailState, i64)>, StoreError> {
    let rows = tx
        .rows(
            "select state, count(*) as number from mail where office = $1 group by state",
            crate::args![office],
        )
        .await?;
    rows.iter().map(|row| Ok((row.get("state")?, row.get("number")?))).collect()
}

/// An office's words with their version; none while it uses ours.
pub async fn wording(tx: &mut Tx, office: &str) -> Result<Option<(LetterWording, i64)>, StoreError> {
    let row = tx.row_opt("select * from mail_wording where office = $1", crate::args![office]).await?;
    row.map(|row| {
        let words = LetterWording {
            subject: row.get("subject")?,
            opening: row.get("opening")?,
            closing: row.get("closing")?,
        };
        Ok((words, row.get("version")?))
    })
    .transpose()
}

/// Keeps an office's words when nobody has changed them since `version`, 0 for the first time; `false` otherwise.
pub async fn set_wording(
    tx: &mut Tx,
    office: &str,
    words: &LetterWording,
    version: i64,
) -> Result<bool, StoreError> {
    let changed = tx
        .execute(
            "insert into mail_wording (office, subject, opening, closing, version) values ($1, $2, $3, $4, 1)
             on conflict (office) do update set subject = $2, opening = $3, closing = $4,
                version = mail_wording.version + 1 where mail_wording.version = $5",
            crate::args![office, &words.subject, &words.opening, &words.closing, &version],
        )
        .await?;
    Ok(changed == 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::Chain;
    use crate::people::tests::somebody;
    use crate::testing::{at, each_database, seed_units};

    #[tokio::test]
    async fn a_letter_waits_fails_and_is_sent() {
        each_database(async |db| {
            seed_units(&db).await;
            let mut tx = db.write(Chain::of("person", "x")).await.unwrap();
            let person = somebody();
            crate::people::insert(&mut tx, &person).await.unwrap();
            let now = at("2026-11-27T01:00:00Z");
            let one = Mail {
                id: "0192d3b0-7c1e-7abc-8def-000000000009".parse().unwrap(),
                person_id: person.id.clone(),
                office: "22".to_owned(),
                address: "a@b.vn".to_owned(),
                subject: "OCOP".to_owned(),
                body: "Kính gửi".to_owned(),
                created_at: now,
                state: MailState::Waiting,
                failures: 0,
                next_at: Some(now),
                sent_at: None,
                fault: String::new(),
            };
            insert(&mut tx, &one).await.unwrap();
            assert_eq!(waiting(&mut tx, now, 10).await.unwrap(), std::slice::from_ref(&one));
            let later = at("2026-11-27T01:05:00Z");
            assert!(claim(&mut tx, &one, later).await.unwrap());
            assert!(!claim(&mut tx, &one, later).await.unwrap(), "somebody else sends it");
            let failed = Mail { failures: 1, next_at: Some(later), fault: "451".to_owned(), ..one.clone() };
            assert!(change(&mut tx, &failed, MailState::Waiting).await.unwrap());
            assert_eq!(waiting(&mut tx, now, 10).await.unwrap(), []);
            let bounced = Mail { state: MailState::Bounced, next_at: None, ..failed };
            assert!(change(&mut tx, &bounced, MailState::Waiting).await.unwrap());
            assert!(!change(&mut tx, &bounced, MailState::Waiting).await.unwrap());
            assert_eq!(waiting(&mut tx, later, 10).await.unwrap(), []);
            assert_eq!(last_fault(&mut tx, &person.id).await.unwrap(), Some(bounced.clone()));
            assert_eq!(counts(&mut tx, "22").await.unwrap(), [(MailState::Bounced, 1)]);
            let listed = of_office(&mut tx, "22", Some(MailState::Bounced), "", 10).await.unwrap();
            assert_eq!(listed, [Listed { mail: bounced.clone(), name: person.name }]);
            assert_eq!(of_office(&mut tx, "22", None, bounced.id.as_str(), 10).await.unwrap(), []);
            assert_eq!(of_office(&mut tx, "22", Some(MailState::Sent), "", 10).await.unwrap(), []);
        })
        .await;
    }

    #[tokio::test]
    async fn an_offices_words_are_kept_and_not_overwritten_unseen() {
        each_database(async |db| {
            seed_units(&db).await;
            let mut tx = db.write(Chain::of("province", "22")).await.unwrap();
            assert_eq!(wording(&mut tx, "22").await.unwrap(), None);
            let mut words = LetterWording::default();
            assert!(set_wording(&mut tx, "22", &words, 0).await.unwrap());
            words.subject = "Khác".to_owned();
            assert!(!set_wording(&mut tx, "22", &words, 0).await.unwrap());
            assert!(set_wording(&mut tx, "22", &words, 1).await.unwrap());
            assert_eq!(wording(&mut tx, "22").await.unwrap(), Some((words, 2)));
        })
        .await;
    }
}
