//! The public list on both databases.

use super::*;
use crate::db::Db;
use crate::testing::each_database;

/// What a statement gathers itself.
const GATHERED: [&str; 5] = ["SCAN lead", "SCAN fitting", "SCAN counted", "SCAN page", "SCAN page LEFT-JOIN"];

/// The list of the nation, of a province and of a commune each walk an index in its order; words lead
/// through theirs.
#[tokio::test]
async fn every_list_walks_an_index_in_its_own_order() {
    each_database(async |db: Db| {
        let mut tx = db.read().await.unwrap();
        let wanted = Wanted { sets: "1", ..Wanted::words("2026-11-26".parse().unwrap(), &[]) };
        let (mut args, _) = wanted.asked(&mut tx).await.unwrap();
        args.extend(crate::args![&5_u8, "", "", &49_i64]);
        let is_lite = matches!(db, Db::Lite(_));
        if !is_lite {
            tx.execute("set local enable_seqscan = off", vec![]).await.unwrap();
        }
        for (lite, pg, index, is_sorted) in [
            (
                concat!("explain query plan ", page!(nation after)),
                concat!("explain ", page!(nation after)),
                "certificate_by_stars",
                true,
            ),
            (
                concat!("explain query plan ", page!(nation before)),
                concat!("explain ", page!(nation before)),
                "certificate_by_stars",
                true,
            ),
            (
                concat!("explain query plan ", page!(province after)),
                concat!("explain ", page!(province after)),
                "certificate_of_province_by_stars",
                true,
            ),
            (
                concat!("explain query plan ", page!(commune after)),
                concat!("explain ", page!(commune after)),
                "certificate_of_commune_by_stars",
                true,
            ),
            (
                concat!("explain query plan ", page!(sets after)),
                concat!("explain ", page!(sets after)),
                "certificate_of_set_by_stars",
                true,
            ),
            (
                concat!("explain query plan ", gathered!(word after)),
                concat!("explain ", gathered!(word after)),
                "(place=? AND kind=? AND word>",
                false,
            ),
        ] {
            let (sql, column) = if is_lite { (lite, "detail") } else { (pg, "QUERY PLAN") };
            let rows = tx.rows(sql, args.clone()).await.unwrap();
            let steps: Vec<String> = rows.iter().map(|row| row.get(column).unwrap()).collect();
            for step in &steps {
                let full = step.contains("Seq Scan")
                    || (step.starts_with("SCAN ") && !GATHERED.contains(&step.as_str()));
                assert!(!full, "{index} {steps:#?}");
            }
            // PostgreSQL decides by how many rows there are: none here.
            if is_lite {
                assert!(steps.iter().any(|step| step.contains(index)), "{index} {steps:#?}");
                let sorts = steps.iter().any(|step| step.contains("FOR ORDER BY"));
                assert_eq!(sorts, !is_sorted, "{index} {steps:#?}");
            }
        }
    })
    .await;
}
