//! Dossiers on their way to the centre and the centre's answers.

use chrono::NaiveDate;
use ocop_core::centre::Answer;
use ocop_core::id::{DossierId, PersonId};

use crate::db::{Row, StoreError, Tx};

/// A dossier that was sent to the centre.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forwarding {
    /// The province's dossier.
    pub dossier_id: DossierId,
    /// The day it was sent.
    pub sent_on: NaiveDate,
    /// Who sent it.
    pub sent_by: PersonId,
    /// The dossier at the centre; none where the centre works outside this software.
    pub central_dossier: Option<DossierId>,
    /// Names and SHA-256 of all files that were sent, as JSON.
    pub manifest: String,
    /// SHA-256 of the archive that holds them.
    pub bundle: String,
    /// What the centre answered.
    pub answer: Option<Answered>,
}

/// The centre's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// What it was.
    pub answer: Answer,
    /// Its day.
    pub on: NaiveDate,
    /// Number of the decision or letter; may be empty.
    pub number: String,
    /// Stars by the centre's council; none without a result.
    pub stars: Option<u8>,
    /// The exact mean of the centre's council as a fraction; none without a result.
    pub mean: Option<(i64, i64)>,
}

fn forwarding(row: &Row) -> Result<Forwarding, StoreError> {
    Ok(Forwarding {
        dossier_id: row.get("dossier_id")?,
        sent_on: row.get("sent_on")?,
        sent_by: row.get("sent_by")?,
        central_dossier: row.get("central_dossier")?,
        manifest: row.get("manifest")?,
        bundle: row.get("bundle")?,
        answer: answered(row)?,
    })
}

fn answered(row: &Row) -> Result<Option<Answered>, StoreError> {
    let (answer, on): (Option<Answer>, Option<NaiveDate>) = (row.get("answer")?, row.get("answered_on")?);
    let Some((answer, on)) = answer.zip(on) else { return Ok(None) };
    let (num, den): (Option<i64>, Option<i64>) = (row.get("mean_num")?, row.get("mean_den")?);
    let number: Option<String> = row.get("answer_no")?;
    Ok(Some(Answered {
        answer,
        on,
        number: number.unwrap_or_default(),
        stars: row.get("stars")?,
        mean: num.zip(den),
    }))
}

/// Keeps a dossier's way to the centre. A second one is a duplicate.
pub async fn insert(tx: &mut Tx, sent: &Forwarding) -> Result<(), StoreError> {
    tx.execute(
        "insert into forwarding (dossier_id, sent_on, sent_by, central_dossier, manifest, bundle)
         values ($1, $2, $3, $4, $5, $6)",
        crate::args![
            &sent.dossier_id,
            &sent.sent_on,
            &sent.sent_by,
            &sent.central_dossier,
            &sent.manifest,
            &sent.bundle
        ],
    )
    .await?;
    Ok(())
}

/// How a dossier of a province was sent; none before.
pub async fn find(tx: &mut Tx, dossier: &DossierId) -> Result<Option<Forwarding>, StoreError> {
    let row = tx.row_opt("select * from forwarding where dossier_id = $1", crate::args![dossier]).await?;
    row.as_ref().map(forwarding).transpose()
}

/// How the dossier at the centre came there; none for any other dossier.
pub async fn of_central(tx: &mut Tx, central: &DossierId) -> Result<Option<Forwarding>, StoreError> {
    let row =
        tx.row_opt("select * from forwarding where central_dossier = $1", crate::args![central]).await?;
    row.as_ref().map(forwarding).transpose()
}

/// Keeps the centre's answer; `false` when there is one already.
pub async fn answer(tx: &mut Tx, dossier: &DossierId, answered: &Answered) -> Result<bool, StoreError> {
    let (num, den) = (answered.mean.map(|mean| mean.0), answered.mean.map(|mean| mean.1));
    let changed = tx
        .execute(
            "update forwarding set answer = $2, answered_on = $3, answer_no = $4, stars = $5, mean_num = $6,
                    mean_den = $7
              where dossier_id = $1 and answer is null",
            crate::args![
                dossier,
                &answered.answer,
                &answered.on,
                &answered.number,
                &answered.stars,
                &num,
                &den
            ],
        )
        .await?;
    Ok(changed == 1)
}

/// The dossier that goes on with another one's evaluation, newest first.
pub async fn continued_by(tx: &mut Tx, dossier: &DossierId) -> Result<Vec<DossierId>, StoreError> {
    let rows = tx
        .rows("select id from dossier where continues = $1 order by id desc", crate::args![dossier])
        .await?;
    rows.iter().map(|row| row.get("id")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dossiers::tests::{honey_dossier, with_dossier};
    use crate::testing::each_database;

    #[tokio::test]
    async fn a_dossier_is_sent_once_and_answered_once() {
        each_database(async |db| {
            let mut tx = with_dossier(&db).await;
            let person = crate::people::tests::somebody();
            crate::people::insert(&mut tx, &person).await.unwrap();
            let honey = honey_dossier();
            let central = crate::dossiers::Dossier {
                id: "0192d3b0-7c1e-7abc-8def-0000000000e2".parse().unwrap(),
                continues: Some(honey.id.clone()),
                ..honey_dossier()
            };
            crate::dossiers::insert(&mut tx, &central).await.unwrap();
            assert_eq!(continued_by(&mut tx, &honey.id).await.unwrap(), std::slice::from_ref(&central.id));
            let mut sent = Forwarding {
                dossier_id: honey.id.clone(),
                sent_on: "2026-12-20".parse().unwrap(),
                sent_by: person.id,
                central_dossier: Some(central.id.clone()),
                manifest: "[]".to_owned(),
                bundle: "hash9".to_owned(),
                answer: None,
            };
            insert(&mut tx, &sent).await.unwrap();
            assert_eq!(find(&mut tx, &honey.id).await.unwrap().as_ref(), Some(&sent));
            assert_eq!(find(&mut tx, &central.id).await.unwrap(), None);
            let answered = Answered {
                answer: Answer::Refused,
                on: "2027-03-20".parse().unwrap(),
                number: "12/TB-BNNMT".to_owned(),
                stars: Some(4),
                mean: Some((171, 2)),
            };
            assert!(answer(&mut tx, &honey.id, &answered).await.unwrap());
            assert_eq!(crate::evidence::files_after(&mut tx, "", 10).await.unwrap(), ["hash9"]);
            assert!(!answer(&mut tx, &honey.id, &answered).await.unwrap());
            sent.answer = Some(answered);
            assert_eq!(of_central(&mut tx, &central.id).await.unwrap(), Some(sent));
        })
        .await;
    }
}
