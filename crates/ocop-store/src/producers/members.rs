//! Who acts for a producer, and invitations to do so.

use chrono::NaiveDate;
use ocop_core::id::{InvitationId, PersonId, ProducerId};
use ocop_core::time::Instant;

use crate::db::{Row, StoreError, Tx};

/// A person who acts for a producer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The person.
    pub person: PersonId,
    /// Name.
    pub name: String,
    /// E-mail of the account.
    pub email: String,
    /// Since when.
    pub added_at: Instant,
}

/// An invitation to act for a producer. Only the hash of its code is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Id.
    pub id: InvitationId,
    /// The producer.
    pub producer_id: ProducerId,
    /// Hash of the code.
    pub code_hash: String,
    /// E-mail of the only account that may follow it.
    pub email: String,
    /// Who invited.
    pub invited_by: PersonId,
    /// When.
    pub invited_at: Instant,
    /// Last day.
    pub expires_on: NaiveDate,
    /// Who followed it.
    pub accepted_by: Option<PersonId>,
    /// When it was followed.
    pub accepted_at: Option<Instant>,
    /// When it was withdrawn.
    pub withdrawn_at: Option<Instant>,
}

fn invitation(row: &Row) -> Result<Invitation, StoreError> {
    Ok(Invitation {
        id: row.get("id")?,
        producer_id: row.get("producer_id")?,
        code_hash: row.get("code_hash")?,
        email: row.get("email")?,
        invited_by: row.get("invited_by")?,
        invited_at: row.get("invited_at")?,
        expires_on: row.get("expires_on")?,
        accepted_by: row.get("accepted_by")?,
        accepted_at: row.get("accepted_at")?,
        withdrawn_at: row.get("withdrawn_at")?,
    })
}

/// The people who act for a producer, the first one first.
pub async fn members(tx: &mut Tx, producer: &ProducerId) -> Result<Vec<Member>, StoreError> {
    let rows = tx
        .rows(
            "select person.id, person.name, person.email, producer_member.added_at
               from producer_member join person on person.id = producer_member.person_id
              where producer_member.producer_id = $1 order by producer_member.added_at, person.id",
            crate::args![producer],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Member {
                person: row.get("id")?,
                name: row.get("name")?,
                email: row.get("email")?,
                added_at: row.get("added_at")?,
            })
        })
        .collect()
}

/// Lets a person no longer act for a producer. `false` when they did not.
pub async fn remove(tx: &mut Tx, producer: &ProducerId, person: &PersonId) -> Result<bool, StoreError> {
    let gone = tx
        .execute(
            "delete from producer_member where producer_id = $1 and person_id = $2",
            crate::args![producer, person],
        )
        .await?;
    Ok(gone == 1)
}

/// Keeps a new invitation.
pub async fn invite(tx: &mut Tx, invitation: &Invitation) -> Result<(), StoreError> {
    tx.execute(
        "insert into invitation (id, producer_id, code_hash, email, invited_by, invited_at, expires_on)
         values ($1, $2, $3, $4, $5, $6, $7)",
        crate::args![
            &invitation.id,
            &invitation.producer_id,
            &invitation.code_hash,
            &invitation.email,
            &invitation.invited_by,
            &invitation.invited_at,
            &invitation.expires_on
        ],
    )
    .await?;
    Ok(())
}

/// An invitation by the hash of its code.
pub async fn by_code(tx: &mut Tx, code_hash: &str) -> Result<Option<Invitation>, StoreError> {
    let row = tx.row_opt("select * from invitation where code_hash = $1", crate::args![code_hash]).await?;
    row.as_ref().map(invitation).transpose()
}

/// The invitations of a producer, newest first.
pub async fn invitations(tx: &mut Tx, producer: &ProducerId) -> Result<Vec<Invitation>, StoreError> {
    let rows = tx
        .rows(
            "select * from invitation where producer_id = $1 order by invited_at desc, id desc",
            crate::args![producer],
        )
        .await?;
    rows.iter().map(invitation).collect()
}

/// Follows an invitation once; `false` when it was followed or withdrawn before.
pub async fn accept(
    tx: &mut Tx,
    id: &InvitationId,
    person: &PersonId,
    at: Instant,
) -> Result<bool, StoreError> {
    let changed = tx
        .execute(
            "update invitation set accepted_by = $2, accepted_at = $3
              where id = $1 and accepted_by is null and withdrawn_at is null",
            crate::args![id, person, &at],
        )
        .await?;
    Ok(changed == 1)
}

/// Withdraws an invitation of a producer; `false` when it was followed or withdrawn before.
pub async fn withdraw(
    tx: &mut Tx,
    producer: &ProducerId,
    id: &InvitationId,
    at: Instant,
) -> Result<bool, StoreError> {
    let changed = tx
        .execute(
            "update invitation set withdrawn_at = $3
              where id = $2 and producer_id = $1 and accepted_by is null and withdrawn_at is null",
            crate::args![producer, id, &at],
        )
        .await?;
    Ok(changed == 1)
}

/// Lets a person act for a producer; doing it twice changes nothing.
pub async fn add(
    tx: &mut Tx,
    producer: &ProducerId,
    person: &PersonId,
    at: Instant,
) -> Result<(), StoreError> {
    tx.execute(
        "insert into producer_member (producer_id, person_id, added_at) values ($1, $2, $3)
         on conflict (producer_id, person_id) do nothing",
        crate::args![producer, person, &at],
    )
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::Chain;
    use crate::people::tests::somebody;
    use crate::producers::tests::honey_cooperative;
    use crate::testing::{each_database, seed_units};

    #[tokio::test]
    async fn an_invitation_is_followed_or_withdrawn_once() {
        each_database(async |db| {
            seed_units(&db).await;
            let mut tx = db.write(Chain::of("producer", "x")).await.unwrap();
            let producer = honey_cooperative();
            crate::producers::insert(&mut tx, &producer).await.unwrap();
            let person = somebody();
            crate::people::insert(&mut tx, &person).await.unwrap();
            let (id, at) = (&producer.id, producer.created_at);
            let first = Invitation {
                id: "0192d3b0-7c1e-7abc-8def-0000000000d1".parse().unwrap(),
                producer_id: id.clone(),
                code_hash: "h1".to_owned(),
                email: "a@b.vn".to_owned(),
                invited_by: person.id.clone(),
                invited_at: at,
                expires_on: "2026-12-08".parse().unwrap(),
                accepted_by: None,
                accepted_at: None,
                withdrawn_at: None,
            };
            let second = Invitation {
                id: "0192d3b0-7c1e-7abc-8def-0000000000d2".parse().unwrap(),
                code_hash: "h2".to_owned(),
                ..first.clone()
            };
            for one in [&first, &second] {
                invite(&mut tx, one).await.unwrap();
            }
            assert_eq!(by_code(&mut tx, "h1").await.unwrap(), Some(first.clone()));
            assert_eq!(by_code(&mut tx, "h3").await.unwrap(), None);

            assert!(accept(&mut tx, &first.id, &person.id, at).await.unwrap());
            assert!(!accept(&mut tx, &first.id, &person.id, at).await.unwrap());
            assert!(!withdraw(&mut tx, id, &first.id, at).await.unwrap(), "followed");
            let stranger = person.id.to_string().parse().unwrap();
            assert!(!withdraw(&mut tx, &stranger, &second.id, at).await.unwrap(), "another producer's");
            assert!(withdraw(&mut tx, id, &second.id, at).await.unwrap());
            assert!(!accept(&mut tx, &second.id, &person.id, at).await.unwrap(), "withdrawn");
            assert_eq!(invitations(&mut tx, id).await.unwrap().len(), 2);

            add(&mut tx, id, &person.id, at).await.unwrap();
            let acting = members(&mut tx, id).await.unwrap();
            assert_eq!((acting.len(), acting[0].email.as_str()), (1, "a@b.vn"));
            assert!(remove(&mut tx, id, &person.id).await.unwrap());
            assert!(!remove(&mut tx, id, &person.id).await.unwrap());
        })
        .await;
    }
}
