//! The registers on both databases.

use ocop_core::id::ProductId;
use ocop_core::search::words;

use super::*;
use crate::db::{Chain, Db};
use crate::producers::tests::honey_cooperative;
use crate::products::Product;
use crate::products::tests::honey;
use crate::testing::{each_database, seed_units};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn everything(on: &str) -> ProductQuery {
    let text = String::new;
    ProductQuery {
        province: "22".to_owned(),
        commune: text(),
        on: day(on),
        words: vec![],
        standing: text(),
        stars: 0,
        level: text(),
        sets: text(),
        kinds: text(),
        former_units: text(),
        producer: text(),
        event: text(),
        first: day("0001-01-01"),
        last: day("9999-12-31"),
        until: text(),
        stamped: text(),
        listed: text(),
    }
}

fn id(no: u32) -> ProductId {
    format!("0192d3b0-7c1e-7abc-8def-0000000001{no:02x}").parse().unwrap()
}

/// Five products: three of one name; certificates of 2022 and 2025 for the first, a withdrawn one
/// for the second, a centre's for the third.
async fn five(db: &Db) -> Tx {
    seed_units(db).await;
    let mut tx = db.write(Chain::of("province", "22")).await.unwrap();
    crate::producers::insert(&mut tx, &honey_cooperative()).await.unwrap();
    for (no, name) in [(1, "Mật ong"), (2, "Mật ong"), (3, "Mật ong"), (4, "Chè hoa vàng"), (5, "Ba kích")]
    {
        let product = Product {
            id: id(no),
            name: name.to_owned(),
            joined_on: day("2022-01-05"),
            stamped_since: (no == 4).then(|| day("2023-01-01")),
            ..honey()
        };
        crate::products::insert(&mut tx, &product).await.unwrap();
    }
    tx.execute("update product set joined_on = '2024-05-05' where id = $1", crate::args![&id(5)])
        .await
        .unwrap();
    tx.execute(
        "insert into decision (id, province, number, decided_on, signed_by, recorded_at)
         values ('0192d3b0-7c1e-7abc-8def-000000000102', '22', '1', '2022-06-01', 'Chủ tịch', '')",
        vec![],
    )
    .await
    .unwrap();
    for (no, of, level, stars, event, issued, until, next, revoked) in [
        ("1", 1, "district", 3, "new", "2022-06-01", "2025-05-31", Some("2025-08-01"), None),
        ("2", 1, "province", 4, "upgraded", "2025-08-01", "2028-07-31", None, None),
        ("3", 2, "province", 4, "new", "2022-06-01", "2025-05-31", None, Some("2024-01-01")),
        ("4", 3, "centre", 5, "new", "2022-06-01", "2025-05-31", None, None),
    ] {
        tx.execute(
            "insert into certificate (id, check_code, number, province, product_id, decision_id, level, stars, issued_on,
                valid_until, revoked_on, product, producer, commune, fold, event, next_on)
             values ($1, $1, '1', '22', $2, '0192d3b0-7c1e-7abc-8def-000000000102', $3, $4, $5, $6, $7, '', '',
                '06862', '', $8, $9)",
            crate::args![
                no,
                &id(of),
                level,
                &i64::from(stars),
                issued,
                until,
                &revoked.map(str::to_owned),
                event,
                &next.map(str::to_owned)
            ],
        )
        .await
        .unwrap();
    }
    tx
}

async fn ids(tx: &mut Tx, query: &ProductQuery) -> Vec<u32> {
    let lines = products(tx, query, Sort::Name, Page::First, 10).await.unwrap();
    assert_eq!(
        count_products(tx, query, 100).await.unwrap(),
        i64::try_from(lines.len()).unwrap(),
        "{query:?}"
    );
    let mut nos: Vec<u32> = (1..=5).filter(|no| lines.iter().any(|line| line.id == id(*no))).collect();
    nos.sort_unstable();
    nos
}

#[tokio::test]
async fn each_filter_gives_its_rows_as_of_the_day() {
    each_database(async |db: Db| {
        let mut tx = five(&db).await;
        let check = async |tx: &mut Tx, on: &str, change: fn(&mut ProductQuery), expected: &[u32]| {
            let mut query = everything(on);
            change(&mut query);
            assert_eq!(ids(tx, &query).await, expected, "{query:?}");
        };
        check(&mut tx, "2021-12-31", |_| {}, &[]).await;
        check(&mut tx, "2022-12-02", |_| {}, &[1, 2, 3, 4]).await;
        check(&mut tx, "2026-11-26", |_| {}, &[1, 2, 3, 4, 5]).await;
        check(&mut tx, "2022-12-02", |q| q.standing = "starred".into(), &[1, 2, 3]).await;
        check(&mut tx, "2022-12-02", |q| q.standing = "unranked".into(), &[4]).await;
        check(&mut tx, "2026-11-26", |q| q.standing = "starred".into(), &[1]).await;
        check(&mut tx, "2026-11-26", |q| q.standing = "expired".into(), &[3]).await;
        check(&mut tx, "2025-06-15", |q| q.standing = "expired".into(), &[1, 3]).await;
        check(&mut tx, "2026-11-26", |q| q.standing = "revoked".into(), &[2]).await;
        check(&mut tx, "2022-12-02", |q| q.stars = 4, &[2]).await;
        check(&mut tx, "2022-12-02", |q| q.level = "province".into(), &[1, 2]).await;
        check(&mut tx, "2022-12-02", |q| q.level = "centre".into(), &[3]).await;
        check(&mut tx, "2022-12-02", |q| q.until = "2025-05".into(), &[1, 2, 3]).await;
        check(&mut tx, "2022-12-02", |q| q.stamped = "yes".into(), &[]).await;
        check(&mut tx, "2024-12-02", |q| q.stamped = "yes".into(), &[4]).await;
        check(&mut tx, "2022-12-02", |q| q.listed = "no".into(), &[1, 2, 3, 4]).await;
        check(&mut tx, "2022-12-02", |q| q.sets = " 4 ".into(), &[1, 2, 3, 4]).await;
        check(&mut tx, "2022-12-02", |q| q.sets = " 14 ".into(), &[]).await;
        check(&mut tx, "2022-12-02", |q| q.kinds = " cooperative ".into(), &[1, 2, 3, 4]).await;
        check(&mut tx, "2022-12-02", |q| q.kinds = " cooperative_group ".into(), &[]).await;
        check(&mut tx, "2022-12-02", |q| q.commune = "06841".into(), &[]).await;
        check(&mut tx, "2022-12-02", |q| q.commune = "06862".into(), &[1, 2, 3, 4]).await;
        check(&mut tx, "2022-12-02", |q| q.producer = honey().producer_id.to_string(), &[1, 2, 3, 4]).await;
        check(&mut tx, "2022-12-02", |q| q.producer = id(1).to_string(), &[]).await;
        check(&mut tx, "2022-12-02", |q| q.former_units = " 193 ".into(), &[]).await;
        check(&mut tx, "2022-12-02", |q| q.words = words("hoa che"), &[4]).await;
        check(&mut tx, "2022-12-02", |q| q.province = "01".into(), &[]).await;
    })
    .await;
}

#[tokio::test]
async fn what_happened_in_a_year_is_as_reports_count_it() {
    each_database(async |db: Db| {
        let mut tx = five(&db).await;
        let check = async |tx: &mut Tx, event: &str, year: &str, expected: &[u32]| {
            let query = ProductQuery {
                event: event.to_owned(),
                first: day(&format!("{year}-01-01")),
                last: day(&format!("{year}-12-31")),
                ..everything("2026-11-26")
            };
            assert_eq!(ids(tx, &query).await, expected, "{event} {year}");
        };
        check(&mut tx, "new", "2022", &[1, 2, 3]).await;
        check(&mut tx, "upgraded", "2025", &[1]).await;
        check(&mut tx, "expired", "2025", &[3]).await;
        check(&mut tx, "revoked", "2024", &[2]).await;
        check(&mut tx, "joined", "2024", &[5]).await;
        check(&mut tx, "joined", "2022", &[1, 2, 3, 4]).await;
    })
    .await;
}

#[tokio::test]
async fn pages_go_on_and_back_across_equal_names_in_every_order() {
    each_database(async |db: Db| {
        let mut tx = five(&db).await;
        let query = everything("2026-11-26");
        for sort in Sort::ALL {
            let whole = products(&mut tx, &query, *sort, Page::First, 10).await.unwrap();
            assert_eq!(whole.len(), 5);
            let mut walked = products(&mut tx, &query, *sort, Page::First, 2).await.unwrap();
            while let Some(last) = walked.last().cloned() {
                let page = Page::After(&last.key, last.id.as_str());
                let more = products(&mut tx, &query, *sort, page, 2).await.unwrap();
                if more.is_empty() {
                    break;
                }
                walked.extend(more);
            }
            assert_eq!(walked, whole, "{sort}");
            let at = &whole[3];
            let before =
                products(&mut tx, &query, *sort, Page::Before(&at.key, at.id.as_str()), 2).await.unwrap();
            assert_eq!(before, whole[1..3], "{sort}");
        }
        let rows = export(&mut tx, &query, ("", ""), 10).await.unwrap();
        let names: Vec<_> = rows.iter().map(|row| (row.name.as_str(), row.stars)).collect();
        assert_eq!(names[0], ("Ba kích", None));
        assert_eq!(names[1], ("Chè hoa vàng", None));
        assert_eq!(rows.len(), 5);
        assert_eq!(rows[0].representative, "Hoàng Thị Thử");
    })
    .await;
}

#[tokio::test]
async fn producers_are_counted_with_their_products_of_the_day() {
    each_database(async |db: Db| {
        let mut tx = five(&db).await;
        let query = |on: &str, starred: &str| ProducerQuery {
            province: "22".to_owned(),
            commune: String::new(),
            on: day(on),
            words: words("ong mat"),
            kinds: " cooperative ".to_owned(),
            former_units: String::new(),
            starred: starred.to_owned(),
            with_products: true,
        };
        let line = |on, starred| (query(on, starred), on);
        for ((query, on), expected) in [
            (line("2022-12-02", ""), Some((4, 3))),
            (line("2022-12-02", "yes"), Some((4, 3))),
            (line("2022-12-02", "no"), None),
            (line("2026-11-26", ""), Some((5, 1))),
            (line("2021-12-02", ""), None),
        ] {
            let lines = producers(&mut tx, &query, Page::First, 10).await.unwrap();
            assert_eq!(lines.first().map(|line| (line.products, line.starred)), expected, "{on}");
            assert_eq!(count_producers(&mut tx, &query, 100).await.unwrap(), i64::from(expected.is_some()));
        }
        let none = ProducerQuery { with_products: false, ..query("2021-12-02", "") };
        assert_eq!(
            producers(&mut tx, &none, Page::First, 10).await.unwrap().len(),
            1,
            "without a product yet"
        );
        let all = query("2022-12-02", "");
        let first = producers(&mut tx, &all, Page::First, 10).await.unwrap().remove(0);
        let around = async |tx: &mut Tx, page| producers(tx, &all, page, 10).await.unwrap().len();
        assert_eq!(around(&mut tx, Page::After(&first.key, first.id.as_str())).await, 0);
        assert_eq!(around(&mut tx, Page::Before("~", "")).await, 1);
    })
    .await;
}

/// What a plan says of its steps.
async fn plan(
    tx: &mut Tx,
    lite: &'static str,
    pg: &'static str,
    args: Vec<Arg>,
    is_lite: bool,
) -> Vec<String> {
    let (sql, column) = if is_lite { (lite, "detail") } else { (pg, "QUERY PLAN") };
    if !is_lite {
        tx.execute("set local enable_seqscan = off", vec![]).await.unwrap();
    }
    tx.rows(sql, args).await.unwrap().iter().map(|row| row.get(column).unwrap()).collect()
}

macro_rules! plans {
    ($tx:expr, $is_lite:expr, $args:expr, $index:literal, $statement:expr) => {
        let steps = plan(
            $tx,
            concat!("explain query plan ", $statement),
            concat!("explain ", $statement),
            $args.clone(),
            $is_lite,
        )
        .await;
        // PostgreSQL chooses among indexes by how many rows there are.
        assert!(!$is_lite || steps.iter().any(|step| step.contains($index)), "{} {steps:#?}", $index);
        for step in &steps {
            let is_scan = step.contains("Seq Scan") || (step.starts_with("SCAN ") && step != "SCAN lead");
            assert!(!is_scan || step == "SCAN counted", "{} {steps:#?}", $index);
        }
    };
}

/// However many provinces there are, a page of one begins at an index of the place or of a word.
#[tokio::test]
async fn every_page_and_count_begins_at_an_index() {
    each_database(async |db: Db| {
        let mut tx = five(&db).await;
        let tx = &mut tx;
        let is_lite = matches!(db, Db::Lite(_));
        let (counted, _) = everything("2026-11-26").asked(tx).await.unwrap();
        let mut paged = counted.clone();
        paged.extend(crate::args!["", "", &50_i64]);
        let counted = [counted.clone(), crate::args![&50_i64]].concat();
        plans!(
            tx,
            is_lite,
            paged,
            "product_by_province",
            product_page!(province, "product.fold", ">", "asc")
        );
        plans!(
            tx,
            is_lite,
            paged,
            "product_by_province",
            product_page!(province, "product.fold", "<", "desc")
        );
        plans!(
            tx,
            is_lite,
            paged,
            "product_by_province",
            product_page!(province, "product.joined_on", "<", "desc")
        );
        plans!(tx, is_lite, paged, "product_by_commune", product_page!(commune, "product.fold", ">", "asc"));
        plans!(
            tx,
            is_lite,
            paged,
            "product_by_producer",
            product_page!(producer, "product.fold", ">", "asc")
        );
        plans!(
            tx,
            is_lite,
            paged,
            "(place=? AND kind=? AND word>",
            product_page!(word, "product.fold", ">", "asc")
        );
        plans!(tx, is_lite, counted, "product_by_province", product_count!(province,));
        plans!(tx, is_lite, counted, "product_by_commune", product_count!(commune,));
        plans!(tx, is_lite, counted, "product_by_producer", product_count!(producer,));
        plans!(tx, is_lite, counted, "(place=? AND kind=? AND word>", product_count!(word,));
        let query = ProducerQuery {
            province: "22".to_owned(),
            commune: String::new(),
            on: day("2026-11-26"),
            words: vec![],
            kinds: String::new(),
            former_units: String::new(),
            starred: "yes".to_owned(),
            with_products: true,
        };
        let (counted, _) = query.asked(tx).await.unwrap();
        let mut paged = counted.clone();
        paged.extend(crate::args!["", "", &50_i64]);
        let counted = [counted.clone(), crate::args![&50_i64]].concat();
        plans!(tx, is_lite, paged, "producer_by_province", producer_page!(province after));
        plans!(tx, is_lite, paged, "producer_by_commune", producer_page!(commune before));
        plans!(tx, is_lite, paged, "(place=? AND kind=? AND word>", producer_page!(word after));
        plans!(tx, is_lite, counted, "producer_by_province", producer_count!(province));
        plans!(tx, is_lite, counted, "producer_by_commune", producer_count!(commune));
        plans!(tx, is_lite, counted, "(place=? AND kind=? AND word>", producer_count!(word));
    })
    .await;
}
