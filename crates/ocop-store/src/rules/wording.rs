//! Official texts of provinces for versions of product sets.

use std::collections::BTreeMap;

use ocop_core::time::Instant;

use crate::db::{Row, StoreError, Tx};
use crate::value::json;

/// The official texts of a province for one version of a set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wording {
    /// Code of the province.
    pub province: String,
    /// The regime.
    pub regime: String,
    /// Number of the set.
    pub set_no: u16,
    /// Content hash of the set.
    pub set_hash: String,
    /// Counted from 1; the highest counts.
    pub version: i64,
    /// Official texts by key; may be empty, when all were taken back.
    pub texts: BTreeMap<String, String>,
    /// SHA-256 of the file that they came in.
    pub file_hash: String,
    /// Name and office of who gave them.
    pub author: String,
    /// When.
    pub written_at: Instant,
}

fn wording(row: &Row) -> Result<Wording, StoreError> {
    Ok(Wording {
        province: row.get("province")?,
        regime: row.get("regime")?,
        set_no: row.get("set_no")?,
        set_hash: row.get("set_hash")?,
        version: row.get("version")?,
        texts: row.json("texts")?,
        file_hash: row.get("file_hash")?,
        author: row.get("author")?,
        written_at: row.get("written_at")?,
    })
}

/// Adds a version; the set must be kept. A version that is there already is a duplicate.
pub async fn put(tx: &mut Tx, wording: &Wording) -> Result<(), StoreError> {
    tx.execute(
        "insert into official_wording
            (province, regime, set_no, set_hash, version, texts, file_hash, author, written_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        vec![
            (&wording.province).into(),
            (&wording.regime).into(),
            (&wording.set_no).into(),
            (&wording.set_hash).into(),
            (&wording.version).into(),
            json(&wording.texts),
            (&wording.file_hash).into(),
            (&wording.author).into(),
            (&wording.written_at).into(),
        ],
    )
    .await?;
    Ok(())
}

/// What counts now for a version of a set in a province.
pub async fn find(tx: &mut Tx, province: &str, set_hash: &str) -> Result<Option<Wording>, StoreError> {
    let row = tx
        .row_opt(
            "select * from official_wording where province = $1 and set_hash = $2
              order by version desc limit 1",
            crate::args![province, set_hash],
        )
        .await?;
    row.as_ref().map(wording).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::Chain;
    use crate::testing::{at, each_database, seed_units};

    fn words(set_hash: &str, version: i64, text: &str) -> Wording {
        Wording {
            province: "22".to_owned(),
            regime: "2026-26".to_owned(),
            set_no: 4,
            set_hash: set_hash.to_owned(),
            version,
            texts: [("1.1".to_owned(), text.to_owned())].into(),
            file_hash: "f".repeat(64),
            author: "Cán bộ thử, Văn phòng".to_owned(),
            written_at: at("2026-11-02T02:00:00Z"),
        }
    }

    #[tokio::test]
    async fn the_latest_texts_of_a_version_count_and_no_other_version_s() {
        each_database(async |db| {
            seed_units(&db).await;
            let mut tx = db.write(Chain::of("province", "22")).await.unwrap();
            for hash in ["old", "new"] {
                tx.execute(
                    "insert into ruleset (hash, regime, set_no, json) values ($1, '2026-26', 4, '{}')",
                    crate::args![hash],
                )
                .await
                .unwrap();
            }
            assert_eq!(find(&mut tx, "22", "old").await.unwrap(), None);
            for (version, text) in [(1, "Lời «ượ»"), (2, "Lời khác")] {
                put(&mut tx, &words("old", version, text)).await.unwrap();
            }
            assert_eq!(find(&mut tx, "22", "old").await.unwrap(), Some(words("old", 2, "Lời khác")));
            assert_eq!(find(&mut tx, "22", "new").await.unwrap(), None, "bound to the hash");
            assert_eq!(find(&mut tx, "06862", "old").await.unwrap(), None, "bound to the province");
            let again = put(&mut tx, &words("old", 2, "Lời thứ ba")).await;
            assert!(again.is_err_and(|error| error.is_duplicate()), "a version is written once");
        })
        .await;
    }
}
