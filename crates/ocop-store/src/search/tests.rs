//! The index on both databases.

use ocop_core::search::{Kind, Scope, words};

use super::*;
use crate::db::{Db, Tx};
use crate::dossiers::tests::{honey_dossier, with_dossier};
use crate::producers::tests::honey_cooperative;
use crate::products::tests::honey;
use crate::testing::each_database;

fn person() -> PersonId {
    "0192d3b0-7c1e-7abc-8def-0000000000b1".parse().unwrap()
}

fn whole() -> Scope {
    Scope { provinces: ["22".to_owned()].into(), ..Scope::default() }
}

async fn found(tx: &mut Tx, scope: &Scope, kind: Kind, query: &str) -> Vec<String> {
    let words = words(query);
    let person = person();
    let asked = Asked { province: "22", scope, person: &person, kind, words: &words };
    let hits = find(tx, asked, None, 20).await.unwrap();
    assert_eq!(count_found(tx, asked, 20).await.unwrap(), i64::try_from(hits.len()).unwrap(), "{query}");
    hits.into_iter().map(|hit| hit.label).collect()
}

#[tokio::test]
async fn everything_kept_is_found_by_the_beginnings_of_its_words() {
    each_database(async |db: Db| {
        let mut tx = with_dossier(&db).await;
        let check = async |tx: &mut Tx, kind, query, count| {
            assert_eq!(found(tx, &whole(), kind, query).await.len(), count, "{query}");
        };
        check(&mut tx, Kind::Producer, "mat ong", 1).await;
        check(&mut tx, Kind::Producer, "ONG mật", 1).await;
        check(&mut tx, Kind::Producer, "22b7", 1).await;
        check(&mut tx, Kind::Product, "mat ong rung binh lieu", 1).await;
        check(&mut tx, Kind::Product, "at", 0).await;
        check(&mut tx, Kind::Product, "mat che", 0).await;
        check(&mut tx, Kind::Dossier, "mat", 0).await;
        crate::products::give_code(&mut tx, &honey().id, "22-06862-1-2026").await.unwrap();
        check(&mut tx, Kind::Product, "22-06862-1-2026", 1).await;
        let renamed = crate::products::Product { name: "Rượu ba kích".to_owned(), ..honey() };
        assert!(crate::products::update(&mut tx, &renamed).await.unwrap());
        check(&mut tx, Kind::Product, "ruou ba k", 1).await;
        check(&mut tx, Kind::Product, "mat ong rung", 1).await;
        check(&mut tx, Kind::Product, "thuy", 0).await;
    })
    .await;
}

#[tokio::test]
async fn a_producers_new_name_stands_with_its_products_and_a_duplicate_is_gone() {
    each_database(async |db: Db| {
        let mut tx = with_dossier(&db).await;
        let renamed = crate::producers::Producer {
            name: "Tổ hợp tác Đông Ngũ".to_owned(),
            ..honey_cooperative()
        };
        assert!(crate::producers::update(&mut tx, &renamed).await.unwrap());
        assert_eq!(found(&mut tx, &whole(), Kind::Product, "dong ngu").await, ["Mật ong rừng"]);
        assert!(found(&mut tx, &whole(), Kind::Product, "hop tac xa").await.is_empty());
        let other = "0192d3b0-7c1e-7abc-8def-0000000000c9";
        tx.execute("update product set merged_into = $1", crate::args![other]).await.unwrap();
        product(&mut tx, honey().id.as_str()).await.unwrap();
        assert!(found(&mut tx, &whole(), Kind::Product, "dong ngu").await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn each_reader_finds_only_what_is_theirs() {
    each_database(async |db: Db| {
        let mut tx = with_dossier(&db).await;
        let commune = |code: &str| Scope { communes: [code.to_owned()].into(), ..Scope::default() };
        let own = Scope { producers: [honey().producer_id].into(), ..Scope::default() };
        let stranger = Scope {
            producers: ["0192d3b0-7c1e-7abc-8def-0000000000af".parse().unwrap()].into(),
            ..Scope::default()
        };
        let all = async |tx: &mut Tx, scope: &Scope| {
            [
                found(tx, scope, Kind::Product, "mat").await.len(),
                found(tx, scope, Kind::Dossier, "mat").await.len(),
            ]
        };
        assert_eq!(all(&mut tx, &whole()).await, [1, 0], "a draft is its producer's own");
        assert_eq!(all(&mut tx, &own).await, [1, 1]);
        assert_eq!(all(&mut tx, &commune("06862")).await, [1, 0]);
        assert_eq!(all(&mut tx, &commune("06841")).await, [0, 0]);
        assert_eq!(all(&mut tx, &stranger).await, [0, 0]);
        assert_eq!(all(&mut tx, &Scope::default()).await, [0, 0]);
        let council = "0192d3b0-7c1e-7abc-8def-000000000101";
        tx.execute(
            "update dossier set council_id = $1, submission_id = 'x' where id = $2",
            crate::args![council, &honey_dossier().id],
        )
        .await
        .unwrap();
        let seat = Scope { councils: [council.parse().unwrap()].into(), ..Scope::default() };
        assert_eq!(all(&mut tx, &seat).await, [0, 1]);
        assert_eq!(all(&mut tx, &commune("06862")).await, [1, 1]);
    })
    .await;
}

#[tokio::test]
async fn a_mistyped_word_is_compared_with_known_ones() {
    each_database(async |db: Db| {
        let mut tx = with_dossier(&db).await;
        assert!(is_known(&mut tx, Some("22"), "run").await.unwrap());
        assert!(!is_known(&mut tx, Some("22"), "rugn").await.unwrap());
        assert!(!is_known(&mut tx, Some("01"), "rung").await.unwrap());
        assert!(!is_known(&mut tx, None, "rung").await.unwrap(), "nothing is certified");
        let known = alike(&mut tx, "rugn").await.unwrap();
        assert_eq!(ocop_core::search::neighbours("rugn", known), ["rung"]);
        let numbers = tx.row("select count(*) as n from vocabulary where word = '22b7000123'", vec![]).await;
        assert_eq!(numbers.unwrap().get::<i64>("n").unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn what_was_there_before_the_index_is_indexed_and_an_unchanged_entry_stays() {
    each_database(async |db: Db| {
        let mut tx = with_dossier(&db).await;
        assert!(!is_empty(&mut tx).await.unwrap());
        for sql in ["delete from search_word", "delete from search_entry"] {
            tx.execute(sql, vec![]).await.unwrap();
        }
        assert!(is_empty(&mut tx).await.unwrap());
        assert!(index_all(&mut tx).await.unwrap());
        assert!(!is_empty(&mut tx).await.unwrap());
        for kind in [Kind::Producer, Kind::Product] {
            assert_eq!(found(&mut tx, &whole(), kind, "mat ong").await.len(), 1, "{kind:?}");
        }
        // A mark on the words shows that they are left alone.
        tx.execute("delete from search_word where word = 'rung'", vec![]).await.unwrap();
        of_producer(&mut tx, honey().producer_id.as_str()).await.unwrap();
        assert!(found(&mut tx, &whole(), Kind::Product, "rung").await.is_empty());
    })
    .await;
}

/// The rarest word leads; where every word is frequent, the list is walked.
#[tokio::test]
async fn the_rarest_word_leads() {
    each_database(async |db: Db| {
        let mut tx = with_dossier(&db).await;
        for no in 0..3 {
            let other = crate::products::Product {
                id: format!("0192d3b0-7c1e-7abc-8def-0000000005{no:02}").parse().unwrap(),
                name: "Mật ong hoa".to_owned(),
                ..honey()
            };
            crate::products::insert(&mut tx, &other).await.unwrap();
        }
        let (words, way) = road(&mut tx, "22", Kind::Product, &words("mat ong hoa")).await.unwrap();
        assert_eq!((words[0].as_str(), way), ("hoa", Road::Word));
        assert_eq!(road(&mut tx, EVERYWHERE, Kind::Product, &[]).await.unwrap(), (vec![], Road::List));
    })
    .await;
}

/// Of the words of a province, and of its list. PostgreSQL chooses among indexes by how many rows there
/// are; SQLite always does the same.
const INDEXES: [&str; 2] = ["(place=? AND kind=? AND word>", "search_entry_by_place"];

/// Both roads give the same rows, and no step of their plans reads a whole table.
#[tokio::test]
async fn both_roads_lead_through_indexes_to_the_same_rows() {
    each_database(async |db: Db| {
        let mut tx = with_dossier(&db).await;
        let scope = whole();
        let (person, words) = (person(), words("mat ong"));
        let what =
            Asked { province: "22", scope: &scope, person: &person, kind: Kind::Product, words: &words };
        let (mut args, _) = super::asked(&mut tx, what).await.unwrap();
        args.extend(crate::args!["", "", &20_i64]);
        let mut rows = Vec::new();
        for sql in [found_page!(word), found_page!(list)] {
            let found = tx.rows(sql, args.clone()).await.unwrap();
            rows.push(found.iter().map(|row| row.get::<String>("id").unwrap()).collect::<Vec<_>>());
        }
        assert_eq!((rows[0].len(), &rows[0]), (1, &rows[1]));
        let (plans, column) = match db {
            Db::Lite(_) => (
                [
                    concat!("explain query plan ", found_page!(word)),
                    concat!("explain query plan ", found_page!(list)),
                ],
                "detail",
            ),
            Db::Pg(_) => {
                tx.execute("set local enable_seqscan = off", vec![]).await.unwrap();
                (
                    [concat!("explain ", found_page!(word)), concat!("explain ", found_page!(list))],
                    "QUERY PLAN",
                )
            }
        };
        for (sql, index) in plans.into_iter().zip(INDEXES) {
            let rows = tx.rows(sql, args.clone()).await.unwrap();
            let steps: Vec<String> = rows.iter().map(|row| row.get(column).unwrap()).collect();
            for step in &steps {
                let full = step.contains("Seq Scan") || (step.starts_with("SCAN ") && step != "SCAN lead");
                assert!(!full, "{steps:#?}");
            }
            assert!(
                column != "detail" || steps.iter().any(|step| step.contains(index)),
                "{index} {steps:#?}"
            );
        }
    })
    .await;
}
