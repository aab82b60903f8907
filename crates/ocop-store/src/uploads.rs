//! Files that come in pieces: whose they are and how long they may take. Their bytes are parts on the disk
//! ([`crate::blobs::Blobs::add_to_part`]).

use ocop_core::id::{PersonId, ProducerId, UploadId};
use ocop_core::time::Instant;

use crate::db::{Row, StoreError, Tx};

/// A file on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// The file.
    pub id: UploadId,
    /// Who sends it.
    pub person_id: PersonId,
    /// Whose vault it is for.
    pub producer_id: ProducerId,
    /// How long it is in all, in bytes.
    pub length: i64,
    /// What the sender told of it, as it was sent.
    pub metadata: String,
    /// When it began.
    pub begun_at: Instant,
    /// When it is thrown away.
    pub expires_at: Instant,
}

fn upload(row: &Row) -> Result<Upload, StoreError> {
    Ok(Upload {
        id: row.get("id")?,
        person_id: row.get("person_id")?,
        producer_id: row.get("producer_id")?,
        length: row.get("length")?,
        metadata: row.get("metadata")?,
        begun_at: row.get("begun_at")?,
        expires_at: row.get("expires_at")?,
    })
}

/// Notes a file before its first piece.
pub async fn insert(tx: &mut Tx, upload: &Upload) -> Result<(), StoreError> {
    tx.execute(
        "insert into upload (id, person_id, producer_id, length, metadata, begun_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        crate::args![
            &upload.id,
            &upload.person_id,
            &upload.producer_id,
            &upload.length,
            &upload.metadata,
            &upload.begun_at,
            &upload.expires_at,
        ],
    )
    .await?;
    Ok(())
}

/// A file by its id, also one whose time is over.
pub async fn find(tx: &mut Tx, id: &UploadId) -> Result<Option<Upload>, StoreError> {
    let row = tx.row_opt("select * from upload where id = $1", crate::args![id]).await?;
    row.as_ref().map(upload).transpose()
}

/// The files of a person that are on their way at an instant.
pub async fn of_person(tx: &mut Tx, person: &PersonId, at: Instant) -> Result<Vec<Upload>, StoreError> {
    let rows = tx
        .rows(
            "select * from upload where person_id = $1 and expires_at > $2 order by id",
            crate::args![person, &at],
        )
        .await?;
    rows.iter().map(upload).collect()
}

/// Every file that is noted.
pub async fn all(tx: &mut Tx) -> Result<Vec<UploadId>, StoreError> {
    let rows = tx.rows("select id from upload order by id", vec![]).await?;
    rows.iter().map(|row| row.get("id")).collect()
}

/// Forgets a file. `false` when it was forgotten already.
pub async fn remove(tx: &mut Tx, id: &UploadId) -> Result<bool, StoreError> {
    Ok(tx.execute("delete from upload where id = $1", crate::args![id]).await? == 1)
}

/// Forgets the files whose time is over; how many.
pub async fn remove_expired(tx: &mut Tx, at: Instant) -> Result<u64, StoreError> {
    tx.execute("delete from upload where expires_at <= $1", crate::args![&at]).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::Chain;
    use crate::producers::tests::honey_cooperative;
    use crate::testing::{at, each_database, seed_units};

    #[tokio::test]
    async fn a_file_on_its_way_is_noted_until_its_time_is_over() {
        each_database(async |db| {
            seed_units(&db).await;
            let mut tx = db.write(Chain::of("person", "x")).await.unwrap();
            let producer = honey_cooperative();
            crate::producers::insert(&mut tx, &producer).await.unwrap();
            let person = crate::people::tests::somebody();
            crate::people::insert(&mut tx, &person).await.unwrap();
            let person = person.id;
            let upload = |no: u8, expires: &str| Upload {
                id: format!("0192d3b0-7c1e-7abc-8def-0000000000{no:02}").parse().unwrap(),
                person_id: person.clone(),
                producer_id: producer.id.clone(),
                length: 3_000_000,
                metadata: "filename Z2lheS5wZGY=".to_owned(),
                begun_at: at("2026-11-24T03:00:00Z"),
                expires_at: at(expires),
            };
            let (first, second) = (upload(1, "2026-11-26T03:00:00Z"), upload(2, "2026-11-26T04:00:00Z"));
            insert(&mut tx, &first).await.unwrap();
            insert(&mut tx, &second).await.unwrap();
            assert_eq!(find(&mut tx, &first.id).await.unwrap(), Some(first.clone()));
            let end = first.expires_at;
            assert_eq!(of_person(&mut tx, &person, first.begun_at).await.unwrap().len(), 2);
            assert_eq!(of_person(&mut tx, &person, end).await.unwrap(), vec![second.clone()]);
            assert_eq!(remove_expired(&mut tx, end).await.unwrap(), 1);
            assert_eq!(find(&mut tx, &first.id).await.unwrap(), None);
            assert_eq!(all(&mut tx).await.unwrap(), vec![second.id.clone()]);
            assert!(remove(&mut tx, &second.id).await.unwrap());
            assert!(!remove(&mut tx, &second.id).await.unwrap());
        })
        .await;
    }
}
