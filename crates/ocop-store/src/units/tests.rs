//! Former units on both databases.

use ocop_core::units::Place;

use super::former::{fill, find as former_on, gazetteer, lineage, named, place_on, predecessors, successors};
use super::*;
use crate::db::{Chain, Db};
use crate::testing::{each_database, seed_units};

fn former(code: &str, name: &str, kind: &str, parent: &str, from: &str, until: &str) -> Place {
    let filled = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Place::new(code.to_owned(), name.to_owned(), kind.to_owned(), filled(parent), filled(from), filled(until))
}

/// Four former levels, one of them twice under a code.
async fn seeded(db: &Db) -> Tx {
    seed_units(db).await;
    let mut tx = db.write(Chain::of("units", "test")).await.unwrap();
    let units = [
        former("9", "Khu Đông Bắc", "khu", "", "", "2025-06-30"),
        former("22", "Tỉnh Quảng Ninh", "tinh", "9", "", "2025-06-30"),
        former("205", "Thị xã Bình Liêu", "thi-xa", "22", "", "2024-10-31"),
        former("205", "Thành phố Bình Liêu", "thanh-pho", "22", "2024-11-01", "2025-06-30"),
        former("06862", "Thị trấn Bình Liêu", "thi-tran", "205", "", "2025-06-30"),
        former("06865", "Xã Tình Húc", "xa", "205", "", "2025-06-30"),
    ];
    let pair = |former: &str, code: &str| (former.to_owned(), "2025-06-30".to_owned(), code.to_owned());
    let pairs = [pair("06862", "06862"), pair("06865", "06862"), pair("06865", "06841")];
    fill(&mut tx, &units, &pairs).await.unwrap();
    tx
}

#[tokio::test]
async fn a_former_unit_leads_to_the_communes_of_today_whatever_its_level() {
    each_database(async |db| {
        let mut tx = seeded(&db).await;
        for (code, day, expected) in [
            ("9", "2025-06-30", vec!["06862", "06841"]),
            ("22", "2025-06-30", vec!["06862", "06841"]),
            ("205", "2022-12-02", vec!["06862", "06841"]),
            ("205", "2025-01-01", vec!["06862", "06841"]),
            ("06862", "2022-12-02", vec!["06862"]),
        ] {
            let unit = former_on(&mut tx, code, day.parse().unwrap()).await.unwrap().unwrap();
            let found = successors(&mut tx, &unit).await.unwrap();
            let codes: Vec<&str> = found.iter().map(|(code, _)| code.as_str()).collect();
            assert_eq!(codes, expected, "{code} on {day}");
        }
        let ward = former_on(&mut tx, "06865", "2022-01-01".parse().unwrap()).await.unwrap().unwrap();
        let line = lineage(&mut tx, &ward).await.unwrap();
        assert_eq!(line.len(), 4);
        assert_eq!(line[1].name, "Thành phố Bình Liêu");
        let before: Vec<String> =
            predecessors(&mut tx, "06862").await.unwrap().into_iter().map(|unit| unit.code).collect();
        assert_eq!(before, ["06862", "06865"]);
        assert_eq!(named(&mut tx, "binh lieu").await.unwrap().len(), 3);
        assert!(named(&mut tx, " % ").await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_place_is_named_as_it_was_on_the_day() {
    each_database(async |db| {
        let mut tx = seeded(&db).await;
        for (former_unit, day, expected) in [
            ("06865", "2022-12-02", "Xã Tình Húc, Thị xã Bình Liêu, Tỉnh Quảng Ninh, Khu Đông Bắc"),
            ("06865", "2025-06-30", "Xã Tình Húc, Thành phố Bình Liêu, Tỉnh Quảng Ninh, Khu Đông Bắc"),
            ("205", "2022-12-02", "Thị xã Bình Liêu, Tỉnh Quảng Ninh, Khu Đông Bắc"),
            ("06865", "2025-07-01", "Xã Bình Liêu, Tỉnh Quảng Ninh"),
            ("", "2022-12-02", "Xã Bình Liêu, Tỉnh Quảng Ninh"),
        ] {
            let told = place_on(&mut tx, "06862", former_unit, day.parse().unwrap()).await.unwrap();
            assert_eq!(told, expected, "{former_unit} on {day}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_provinces_names_are_known_together() {
    each_database(async |db| {
        let mut tx = seeded(&db).await;
        let known = gazetteer(&mut tx, "22").await.unwrap();
        let found = known.resolve("thi tran binh lieu", "TX Bình Liêu").unwrap();
        // The ward says more than its town.
        assert_eq!((found.commune.as_str(), found.former_unit.as_deref()), ("06862", Some("06862")));
        assert!(known.resolve("Xã Tình Húc", "").is_err(), "it was divided");
        assert_eq!(known.former("205", Some("2022-12-02")).unwrap().name, "Thị xã Bình Liêu");
        assert!(gazetteer(&mut tx, "01").await.unwrap().resolve("Bình Liêu", "").is_err());
    })
    .await;
}

#[tokio::test]
async fn units_lie_somewhere() {
    each_database(async |db| {
        let mut tx = seeded(&db).await;
        locate(&mut tx, "06862", 215_169, 1_073_870).await.unwrap();
        assert_eq!(centroids(&mut tx, "22").await.unwrap(), vec![("06862".to_owned(), 215_169, 1_073_870)]);
    })
    .await;
}
