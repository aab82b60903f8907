//! Narrow reads for reports, on both databases.

use ocop_core::dossiers::State;
use ocop_core::recognition::{Level, StarEvent};

use super::*;
use crate::db::{Chain, Db};
use crate::dossiers::tests::{honey_dossier, with_dossier};
use crate::products::tests::honey;
use crate::recognition::{Certificate, Decision, insert_certificate, insert_decision};
use crate::testing::{at, each_database};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

async fn run(tx: &mut Tx, sql: &'static str) {
    tx.execute(sql, vec![]).await.unwrap();
}

/// One honey with a certificate, platforms, revenue and a former unit; a duplicate that was merged.
async fn with_honey(db: &Db) -> Tx {
    let mut tx = with_dossier(db).await;
    run(&mut tx, "update product set joined_on = '2022-03-01', stamped_since = '2023-01-01'").await;
    run(&mut tx, "update producer set former_unit = '06880'").await;
    for sql in [
        "insert into former_unit (code, name, kind, parent, valid_from, valid_to, fold)
         values ('06880', 'Xã Lục Hồn', 'xa', '198', null, '2025-06-30', ' xa luc hon')",
        "insert into former_unit (code, name, kind, parent, valid_from, valid_to, fold)
         values ('198', 'Huyện Bình Liêu', 'huyen', '22', null, '2025-06-30', ' huyen binh lieu')",
        "insert into former_unit (code, name, kind, parent, valid_from, valid_to, fold)
         values ('200', 'Huyện Khác', 'huyen', '22', null, '2025-06-30', ' huyen khac')",
        "insert into listing (product_id, platform, since, url, ended_on)
         select id, 'Voso', '2022-04-01', '', '2023-06-01' from product",
        "insert into revenue (product_id, year, amount, noted_at) select id, 2021, 700, '' from product",
    ] {
        run(&mut tx, sql).await;
    }
    let product = honey();
    let twin = crate::products::Product {
        id: "0192d3b0-7c1e-7abc-8def-0000000000c2".parse().unwrap(),
        ..product.clone()
    };
    crate::products::insert(&mut tx, &twin).await.unwrap();
    run(
        &mut tx,
        "update product set merged_into = '0192d3b0-7c1e-7abc-8def-0000000000c1'
          where id = '0192d3b0-7c1e-7abc-8def-0000000000c2'",
    )
    .await;
    let decision = Decision {
        id: "0192d3b0-7c1e-7abc-8def-000000000102".parse().unwrap(),
        province: "22".to_owned(),
        council_id: None,
        number: "1/QĐ".to_owned(),
        decided_on: day("2022-05-01"),
        signed_by: String::new(),
        recorded_at: at("2022-05-02T03:00:00Z"),
    };
    insert_decision(&mut tx, &decision).await.unwrap();
    let certificate = Certificate {
        id: "0192d3b0-7c1e-7abc-8def-000000000103".parse().unwrap(),
        check_code: "7K4M-9QX2-BD".to_owned(),
        number: "1".to_owned(),
        province: "22".to_owned(),
        dossier_id: None,
        product_id: product.id.clone(),
        product: String::new(),
        producer: String::new(),
        commune: product.commune.clone(),
        level: Level::Province,
        event: StarEvent::New,
        next_on: None,
        decision_id: decision.id.clone(),
        stars: 4,
        issued_on: day("2022-05-01"),
        valid_until: day("2025-04-30"),
        last_on: day("2025-04-30"),
        revoked_on: None,
        revocation: None,
    };
    insert_certificate(&mut tx, &certificate).await.unwrap();
    tx
}

#[tokio::test]
async fn facts_are_those_of_the_day_and_of_the_place() {
    each_database(async |db| {
        let mut tx = with_honey(&db).await;
        let mut counted = async |within: Within<'_>, on: &str| {
            let told = facts(&mut tx, within, day(on)).await.unwrap();
            [told.products.len(), told.certificates.len(), told.listings.len(), told.revenue.len()]
        };
        let (province, commune) = (Within::Province("22"), Within::Commune("06862"));
        assert_eq!(counted(province, "2022-02-28").await, [0, 0, 0, 1], "not joined yet");
        assert_eq!(counted(province, "2022-04-30").await, [1, 0, 1, 1]);
        assert_eq!(counted(commune, "2022-05-01").await, [1, 1, 1, 1], "the duplicate never counts");
        assert_eq!(counted(commune, "2023-06-01").await, [1, 1, 0, 1], "left the platform");
        assert_eq!(counted(Within::Commune("06841"), "2023-01-01").await, [0, 0, 0, 0]);
        assert_eq!(counted(Within::Province("01"), "2023-01-01").await, [0, 0, 0, 0]);

        let told = facts(&mut tx, province, day("2022-12-02")).await.unwrap();
        assert_eq!(told.certificates[0].stars, 4);
        assert_eq!(told.producers[0].led_by_minority, Some(true));
        let districts: Vec<&str> = told.districts.iter().map(|unit| unit.code.as_str()).collect();
        assert_eq!(districts, ["06880", "198"], "only those of a producer, and what is above");
        assert_eq!(names(&mut tx, commune).await.unwrap()[0].product, honey().name);
    })
    .await;
}

#[tokio::test]
async fn a_round_is_told_by_dossiers_and_by_paper() {
    each_database(async |db| {
        let mut tx = with_honey(&db).await;
        let round = honey_dossier().round_id;
        run(&mut tx, "update dossier set state = 'completing', proposed_on = '2026-11-25'").await;
        let dossiers = round_dossiers(&mut tx, &round).await.unwrap();
        assert_eq!(dossiers.len(), 1);
        let one = &dossiers[0];
        let reached = (one.state, one.submitted, one.proposed, one.accepted, one.judged, one.stars);
        assert_eq!(reached, (State::Completing, false, true, false, false, None));
        assert_eq!(round_evaluations(&mut tx, &round).await.unwrap(), []);
        run(&mut tx, "update round set announced_at = 'Hội chợ'").await;
        assert_eq!(announced_at(&mut tx, &round).await.unwrap(), "Hội chợ");
    })
    .await;
}

#[tokio::test]
async fn a_frozen_report_is_kept_as_it_is() {
    each_database(async |db| {
        let mut tx = with_honey(&db).await;
        let report = FrozenReport {
            id: "0192d3b0-7c1e-7abc-8def-000000000201".parse().unwrap(),
            province: "22".to_owned(),
            kind: "leader".to_owned(),
            title: "Trang lãnh đạo".to_owned(),
            as_of: day("2022-12-02"),
            body: "{\"a\": \"ă\"}".to_owned(),
            hash: "x".to_owned(),
            author: "Nguyễn Văn Thử".to_owned(),
            author_id: "0192d3b0-7c1e-7abc-8def-000000000202".parse().unwrap(),
            frozen_at: at("2022-12-02T03:00:00Z"),
        };
        freeze(&mut tx, &report).await.unwrap();
        assert_eq!(find_frozen(&mut tx, &report.id).await.unwrap(), Some(report.clone()));
        assert_eq!(frozen_of(&mut tx, "22", 10).await.unwrap(), std::slice::from_ref(&report));
        assert_eq!(frozen_of(&mut tx, "01", 10).await.unwrap(), []);
        assert!(freeze(&mut tx, &report).await.unwrap_err().is_duplicate());
    })
    .await;
}

/// The plan of SQLite for a read of one province names no table that it goes through from end to end.
#[tokio::test]
async fn a_province_is_read_by_its_index() {
    let folder = tempfile::tempdir().unwrap();
    let db = Db::open_file(&folder.path().join("plan.db")).await.unwrap();
    let mut tx = db.write(Chain::of("province", "22")).await.unwrap();
    for sql in [
        "explain query plan select product.id from product
           join producer on producer.id = product.producer_id
          where product.province = $1 and product.merged_into is null and product.joined_on <= $2",
        "explain query plan select certificate.id from product
           join certificate on certificate.product_id = product.id
          where product.province = $1 and product.merged_into is null and certificate.issued_on <= $2",
        "explain query plan select listing.platform from product
           join listing on listing.product_id = product.id
          where product.province = $1 and listing.since <= $2",
        "explain query plan select producer.id from producer
          where producer.province = $1 and producer.merged_into is null and producer.created_at <= $2",
        "explain query plan select dossier.id from round
           join dossier on dossier.province = round.province and dossier.round_id = round.id
          where round.id = $1 and dossier.state <> $2",
    ] {
        let rows = tx.rows(sql, crate::args!["22", "2022-12-02"]).await.unwrap();
        for row in rows {
            let step: String = row.get("detail").unwrap();
            assert!(!step.starts_with("SCAN"), "{sql}: {step}");
        }
    }
}
