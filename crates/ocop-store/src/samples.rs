//! Samples of products.

use chrono::NaiveDate;
use ocop_core::id::{DossierId, PersonId};
use ocop_core::samples::SampleState;

use crate::db::{Row, StoreError, Tx};

/// A sample of a dossier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// Counted from 1.
    pub no: u16,
    /// When it was handed in.
    pub received_on: NaiveDate,
    /// Where it is or was kept.
    pub place: String,
    /// Where it is.
    pub state: SampleState,
    /// Since when.
    pub changed_on: NaiveDate,
    /// Name of whoever noted it.
    pub changed_by: String,
    /// By whom it was used, where it was sent, why it was thrown away.
    pub note: String,
}

fn sample(row: &Row) -> Result<Sample, StoreError> {
    Ok(Sample {
        no: row.get("no")?,
        received_on: row.get("received_on")?,
        place: row.get("place")?,
        state: row.get("state")?,
        changed_on: row.get("changed_on")?,
        changed_by: row.get("name")?,
        note: row.get("note")?,
    })
}

/// The samples of a dossier by their numbers.
pub async fn of_dossier(tx: &mut Tx, dossier: &DossierId) -> Result<Vec<Sample>, StoreError> {
    let rows = tx
        .rows(
            "select sample.*, person.name from sample join person on person.id = sample.changed_by
              where sample.dossier_id = $1 order by sample.no",
            crate::args![dossier],
        )
        .await?;
    rows.iter().map(sample).collect()
}

/// Keeps a sample that was handed in.
pub async fn insert(
    tx: &mut Tx,
    dossier: &DossierId,
    no: u16,
    place: &str,
    on: NaiveDate,
    by: &PersonId,
) -> Result<(), StoreError> {
    tx.execute(
        "insert into sample (dossier_id, no, received_on, received_by, place, state, changed_on, changed_by, note)
         values ($1, $2, $3, $4, $5, $6, $3, $4, '')",
        crate::args![dossier, &no, &on, by, place, &SampleState::Stored],
    )
    .await?;
    Ok(())
}

/// Notes where a sample is kept now, or what became of it.
pub async fn change(
    tx: &mut Tx,
    dossier: &DossierId,
    sample: &Sample,
    by: &PersonId,
) -> Result<(), StoreError> {
    tx.execute(
        "update sample set place = $3, state = $4, changed_on = $5, changed_by = $6, note = $7
          where dossier_id = $1 and no = $2",
        crate::args![dossier, &sample.no, &sample.place, &sample.state, &sample.changed_on, by, &sample.note],
    )
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::Db;
    use crate::dossiers::tests::{honey_dossier, with_dossier};
    use crate::testing::each_database;

    #[tokio::test]
    async fn samples_are_kept_and_change() {
        each_database(async |db: Db| {
            let mut tx = with_dossier(&db).await;
            tx.execute(
                "insert into person (id, email, name, title, phone, password_hash, created_at, failed_logins)
                 values ($1, 'thu-ky@x.vn', 'Thư ký', '', '', '', '2026-01-01T00:00:00.000000Z', 0)",
                crate::args!["0192d3b0-7c1e-7abc-8def-0000000000f1"],
            )
            .await
            .unwrap();
            let person: PersonId = "0192d3b0-7c1e-7abc-8def-0000000000f1".parse().unwrap();
            let dossier = honey_dossier().id;
            let day: NaiveDate = "2026-11-02".parse().unwrap();
            for no in 1..=2 {
                insert(&mut tx, &dossier, no, "Tủ mát 1", day, &person).await.unwrap();
            }
            let mut kept = of_dossier(&mut tx, &dossier).await.unwrap();
            assert_eq!(kept.iter().map(|one| one.no).collect::<Vec<_>>(), [1, 2]);
            assert_eq!((kept[0].state, kept[0].place.as_str()), (SampleState::Stored, "Tủ mát 1"));
            let used =
                Sample { state: SampleState::Used, note: "Phiên họp 1".to_owned(), ..kept.remove(1) };
            change(&mut tx, &dossier, &used, &person).await.unwrap();
            assert_eq!(of_dossier(&mut tx, &dossier).await.unwrap()[1], used);
        })
        .await;
    }
}
