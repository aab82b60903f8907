//! Administrative units and the working-day calendar, embedded as data.

use ocop_core::time::{Calendar, CalendarFault};
use ocop_store::db::Chain;
pub use ocop_store::units::Unit;
use rust_embed::Embed;

use crate::{App, AppError};

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
    let filled = |text: &str| (!text.is_empty()).then(|| text.to_owned());
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

/// Fills the table of units from the embedded list when it is empty.
pub async fn seed(app: &App) -> Result<(), AppError> {
    let mut tx = app.db.write(Chain::of("units", "seed")).await?;
    if ocop_store::units::count(&mut tx).await? == 0 {
        let (provinces, communes): (Vec<Unit>, Vec<Unit>) =
            embedded().into_iter().partition(|unit| unit.parent.is_none());
        for unit in provinces.iter().chain(&communes) {
            ocop_store::units::put(&mut tx, unit).await?;
        }
        tx.commit_upkeep().await?;
    }
    Ok(())
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

/// Communes of a province, by name.
pub async fn communes(app: &App, province: &str) -> Result<Vec<Unit>, AppError> {
    let mut tx = app.db.read().await?;
    Ok(ocop_store::units::children(&mut tx, province).await?)
}

#[cfg(test)]
mod tests {
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
    fn tet_is_a_holiday() {
        let calendar = calendar().unwrap();
        assert!(!calendar.is_working_day("2026-02-17".parse().unwrap()));
        assert!(calendar.is_working_day("2026-11-25".parse().unwrap()));
    }
}
