//! Administrative units and the working-day calendar, embedded as data.

pub mod import;
pub mod page;

use ocop_core::time::{Calendar, CalendarFault};
use ocop_core::units::{CENTRE, Place, Succession};
use ocop_store::Tx;
use ocop_store::db::Chain;
pub use ocop_store::units::Unit;
use ocop_store::units::former;
use rust_embed::Embed;

use crate::{App, AppError, Refusal};

#[derive(Embed)]
#[folder = "../../data"]
struct DataFiles;

fn text(path: &str) -> String {
    DataFiles::get(path).map(|file| String::from_utf8_lossy(&file.data).into_owned()).unwrap_or_default()
}

/// The working days that the program was built with.
///
/// # Errors
/// Names the file's fault; a released program has none (a test loads them).
pub fn calendar() -> Result<Calendar, CalendarFault> {
    let years: Vec<String> =
        DataFiles::iter().filter(|path| path.starts_with("holidays/")).map(|p| text(&p)).collect();
    Calendar::load(years.iter().map(String::as_str))
}

/// The units that the program was built with: 34 provinces and 3,321 communes of 1/7/2025.
pub fn embedded() -> Vec<Unit> {
    let table = text("units.csv");
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    reader
        .records()
        .flatten()
        .map(|row| Unit {
            code: row[0].to_owned(),
            name: row[1].to_owned(),
            kind: row[2].to_owned(),
            parent: filled(&row[3]),
            valid_from: row[4].to_owned(),
            valid_to: filled(&row[5]),
        })
        .collect()
}

fn filled(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// Where the embedded units lie: code, latitude, longitude in ten-thousandths of a degree.
pub fn embedded_centroids() -> Vec<(String, i64, i64)> {
    let table = text("units.csv");
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    reader
        .records()
        .flatten()
        .filter_map(|row| Some((row[0].to_owned(), ten_thousandths(&row[6])?, ten_thousandths(&row[7])?)))
        .collect()
}

/// `20.9617` is 209617.
fn ten_thousandths(degrees: &str) -> Option<i64> {
    let (whole, part) = degrees.split_once('.').unwrap_or((degrees, ""));
    format!("{whole}{part:0<4}").parse().ok()
}

/// The former units that the program was built with.
pub fn embedded_former() -> Vec<Place> {
    let table = text("former_units.csv");
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    reader
        .records()
        .flatten()
        .map(|row| {
            let [code, name, kind] = [0, 1, 2].map(|at| row[at].to_owned());
            Place::new(code, name, kind, filled(&row[3]), filled(&row[4]), filled(&row[5]))
        })
        .collect()
}

/// What became of the former units, where it is not told by the units below them.
pub fn embedded_succession() -> Vec<Succession> {
    let table = text("unit_succession.csv");
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    reader.records().flatten().map(|row| (row[0].to_owned(), row[1].to_owned(), row[2].to_owned())).collect()
}

/// Fills the tables of units, former units and successions from the embedded lists when they are
/// empty.
pub async fn seed(app: &App) -> Result<(), AppError> {
    let mut tx = app.db.write(Chain::of("units", "seed")).await?;
    let has_centre = ocop_store::units::find(&mut tx, CENTRE).await?.is_some();
    let has_units = ocop_store::units::count(&mut tx).await? > i64::from(has_centre);
    if !has_centre {
        ocop_store::units::put(&mut tx, &centre()).await?;
    }
    if has_centre && has_units && former::count(&mut tx).await? > 0 {
        return Ok(());
    }
    if !has_units {
        let (provinces, communes): (Vec<Unit>, Vec<Unit>) =
            embedded().into_iter().partition(|unit| unit.parent.is_none());
        for unit in provinces.iter().chain(&communes) {
            ocop_store::units::put(&mut tx, unit).await?;
        }
    }
    for (code, latitude, longitude) in embedded_centroids() {
        ocop_store::units::locate(&mut tx, &code, latitude, longitude).await?;
    }
    former::fill(&mut tx, &embedded_former(), &embedded_succession()).await?;
    tx.commit_upkeep().await?;
    Ok(())
}

/// The centre: the ministry that evaluates 5 stars (26/2026/QĐ-TTg, Article 7.4).
fn centre() -> Unit {
    Unit {
        code: CENTRE.to_owned(),
        name: "Bộ Nông nghiệp và Môi trường".to_owned(),
        kind: "bo".to_owned(),
        parent: None,
        valid_from: "2025-03-01".to_owned(),
        valid_to: None,
    }
}

/// A unit by its code.
pub async fn find(app: &App, code: &str) -> Result<Option<Unit>, AppError> {
    let mut tx = app.db.read().await?;
    Ok(ocop_store::units::find(&mut tx, code).await?)
}

/// Provinces, by name.
pub async fn provinces(app: &App) -> Result<Vec<Unit>, AppError> {
    let mut tx = app.db.read().await?;
    Ok(ocop_store::units::provinces(&mut tx).await?)
}

/// Whether a code that was typed is that of a province.
pub(crate) async fn must_be_a_province(tx: &mut Tx, code: &str) -> Result<(), AppError> {
    let unit =
        ocop_store::units::find(tx, code).await?.filter(|unit| unit.parent.is_none() && unit.code != CENTRE);
    unit.map(|_| ()).ok_or_else(|| {
        Refusal::because(format!("Không có tỉnh, thành phố mang mã «{code}». Ví dụ: 22 là Quảng Ninh."))
    })
}

/// Communes of a province, by name.
pub async fn communes(app: &App, province: &str) -> Result<Vec<Unit>, AppError> {
    let mut tx = app.db.read().await?;
    Ok(ocop_store::units::children(&mut tx, province).await?)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_embedded_units_are_those_of_2025() {
        let units = embedded();
        let provinces = units.iter().filter(|unit| unit.parent.is_none()).count();
        assert_eq!((provinces, units.len() - provinces), (34, 3321));
        let of_quang_ninh = units.iter().filter(|unit| unit.parent.as_deref() == Some("22")).count();
        assert_eq!(of_quang_ninh, 54);
    }

    #[test]
    fn the_embedded_former_units_all_went_somewhere() {
        let former = embedded_former();
        let of_2025 = |length| {
            let last =
                |unit: &&Place| unit.code.len() == length && unit.until.as_deref() == Some("2025-06-30");
            former.iter().filter(last).count()
        };
        assert_eq!([2, 3, 5].map(of_2025), [63, 696, 10_035]);
        let today: BTreeSet<String> = embedded().into_iter().map(|unit| unit.code).collect();
        let known: BTreeSet<(String, Option<String>)> =
            former.iter().map(|unit| (unit.code.clone(), unit.until.clone())).collect();
        let mut reached = BTreeSet::new();
        for (from, until, code) in embedded_succession() {
            assert!(today.contains(&code), "{code} is no unit of today");
            assert!(known.contains(&(from.clone(), Some(until))), "{from} is no former unit");
            reached.insert(code);
        }
        assert_eq!(reached.len(), 3321, "every commune came from somewhere");
        let centroids = embedded_centroids();
        assert_eq!(centroids.len(), 3355);
        for (code, latitude, longitude) in centroids {
            let in_vietnam =
                (80_000..240_000).contains(&latitude) && (1_020_000..1_150_000).contains(&longitude);
            assert!(in_vietnam, "{code} lies at {latitude}, {longitude}");
        }
    }

    #[tokio::test]
    async fn the_seed_knows_quang_ninh_before_and_after() {
        let world = crate::testing::World::new().await;
        let mut tx = world.app.db.read().await.unwrap();
        let day = |text: &str| text.parse::<chrono::NaiveDate>().unwrap();
        let ha_long = former::find(&mut tx, "193", day("2022-12-02")).await.unwrap().unwrap();
        let communes = former::successors(&mut tx, &ha_long).await.unwrap();
        let names: Vec<&str> = communes.iter().map(|(_, name)| name.as_str()).collect();
        for expected in ["Phường Bãi Cháy", "Phường Hồng Gai", "Phường Hoành Bồ", "Xã Thống Nhất"]
        {
            assert!(names.contains(&expected), "{expected} in {names:?}");
        }
        assert!(!names.contains(&"Xã Bình Liêu"));
        let province = former::find(&mut tx, "22", day("2022-12-02")).await.unwrap().unwrap();
        assert_eq!(former::successors(&mut tx, &province).await.unwrap().len(), 54);
        let told = former::place_on(&mut tx, "06673", "06673", day("2022-12-02")).await.unwrap();
        assert_eq!(told, "Phường Bãi Cháy, Thành phố Hạ Long, Tỉnh Quảng Ninh");
        let told = former::place_on(&mut tx, "06673", "06673", day("2025-07-01")).await.unwrap();
        assert_eq!(told, "Phường Bãi Cháy, Tỉnh Quảng Ninh");
        let known = former::gazetteer(&mut tx, "22").await.unwrap();
        for (commune, district, code) in [
            ("P. Bãi Cháy", "TP Hạ Long", "06673"),
            ("Bình Liêu", "Huyện Bình Liêu", "06838"),
            ("Hoành Bồ", "Huyện Hoành Bồ", "07030"),
            ("Mạo Khê", "Thị xã Đông Triều", "07069"),
        ] {
            let found = known.resolve(commune, district).map(|found| found.commune);
            let name = ocop_store::units::find(&mut tx, code).await.unwrap().map(|unit| unit.name);
            assert_eq!(found.as_deref(), Ok(code), "{commune}, {district} ({name:?})");
        }
    }

    #[test]
    fn tet_is_a_holiday() {
        let calendar = calendar().unwrap();
        assert!(!calendar.is_working_day("2026-02-17".parse().unwrap()));
        assert!(calendar.is_working_day("2026-11-25".parse().unwrap()));
    }
}
