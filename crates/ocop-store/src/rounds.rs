//! Evaluation rounds (đợt) of a province.

use chrono::NaiveDate;
use ocop_core::id::RoundId;

use crate::db::{Row, StoreError, Tx};

/// A round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Round {
    /// Id.
    pub id: RoundId,
    /// Code of the province.
    pub province: String,
    /// `Đợt 2 năm 2026`.
    pub name: String,
    /// The regime that its dossiers are filed under.
    pub regime: String,
    /// First day for dossiers.
    pub opens_on: NaiveDate,
    /// Last day for the commune's proposal (Article 5.1).
    pub propose_by: NaiveDate,
    /// Last day for the result (Article 5.1).
    pub result_by: NaiveDate,
    /// Where its results are announced; empty when not told.
    pub announced_at: String,
    /// When it was closed, if it was.
    pub closed_on: Option<NaiveDate>,
    /// Goes up with every change.
    pub version: i64,
}

fn round(row: &Row) -> Result<Round, StoreError> {
    Ok(Round {
        id: row.get("id")?,
        province: row.get("province")?,
        name: row.get("name")?,
        regime: row.get("regime")?,
        opens_on: row.get("opens_on")?,
        propose_by: row.get("propose_by")?,
        result_by: row.get("result_by")?,
        announced_at: row.get("announced_at")?,
        closed_on: row.get("closed_on")?,
        version: row.get("version")?,
    })
}

/// Adds a round.
pub async fn insert(tx: &mut Tx, round: &Round) -> Result<(), StoreError> {
    tx.execute(
        "insert into round (id, province, name, regime, opens_on, propose_by, result_by, announced_at,
            closed_on, version)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        crate::args![
            &round.id,
            &round.province,
            &round.name,
            &round.regime,
            &round.opens_on,
            &round.propose_by,
            &round.result_by,
            &round.announced_at,
            &round.closed_on,
            &round.version
        ],
    )
    .await?;
    Ok(())
}

/// A round by its id.
pub async fn find(tx: &mut Tx, id: &RoundId) -> Result<Option<Round>, StoreError> {
    let row = tx.row_opt("select * from round where id = $1", crate::args![id]).await?;
    row.as_ref().map(round).transpose()
}

/// The rounds of a province, newest first.
pub async fn of_province(tx: &mut Tx, province: &str) -> Result<Vec<Round>, StoreError> {
    let rows = tx
        .rows(
            "select * from round where province = $1 order by opens_on desc, id desc",
            crate::args![province],
        )
        .await?;
    rows.iter().map(round).collect()
}

/// The rounds of a province that take dossiers on a day, oldest first.
pub async fn open_on(tx: &mut Tx, province: &str, day: NaiveDate) -> Result<Vec<Round>, StoreError> {
    let rows = tx
        .rows(
            "select * from round where province = $1 and opens_on <= $2 and closed_on is null
              order by opens_on, id",
            crate::args![province, &day],
        )
        .await?;
    rows.iter().map(round).collect()
}

/// Closes a round; `false` when somebody changed it first.
pub async fn close(tx: &mut Tx, id: &RoundId, day: NaiveDate, version: i64) -> Result<bool, StoreError> {
    let changed = tx
        .execute(
            "update round set closed_on = $2, version = version + 1
              where id = $1 and version = $3 and closed_on is null",
            crate::args![id, &day, &version],
        )
        .await?;
    Ok(changed == 1)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::db::Chain;
    use crate::testing::{each_database, seed_units};

    pub(crate) fn second_round() -> Round {
        let day = |text: &str| text.parse().unwrap();
        Round {
            id: "0192d3b0-7c1e-7abc-8def-0000000000d1".parse().unwrap(),
            province: "22".to_owned(),
            name: "Đợt 2 năm 2026".to_owned(),
            regime: "2026-26".to_owned(),
            opens_on: day("2026-07-01"),
            propose_by: day("2026-10-29"),
            result_by: day("2026-12-29"),
            announced_at: "Hội chợ OCOP".to_owned(),
            closed_on: None,
            version: 1,
        }
    }

    #[tokio::test]
    async fn a_round_opens_and_closes_once() {
        each_database(async |db| {
            seed_units(&db).await;
            let mut tx = db.write(Chain::of("province", "22")).await.unwrap();
            let round = second_round();
            insert(&mut tx, &round).await.unwrap();
            assert_eq!(find(&mut tx, &round.id).await.unwrap(), Some(round.clone()));
            let before = open_on(&mut tx, "22", "2026-06-30".parse().unwrap()).await.unwrap();
            assert_eq!(before, vec![]);
            let (today, yesterday) = (round.result_by, round.propose_by);
            assert_eq!(open_on(&mut tx, "22", today).await.unwrap(), vec![round.clone()]);
            assert!(close(&mut tx, &round.id, yesterday, 1).await.unwrap());
            assert!(!close(&mut tx, &round.id, today, 1).await.unwrap(), "closed before");
            assert_eq!(open_on(&mut tx, "22", today).await.unwrap(), vec![]);
            assert_eq!(of_province(&mut tx, "22").await.unwrap()[0].closed_on, Some(yesterday));
        })
        .await;
    }
}
