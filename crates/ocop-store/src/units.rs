//! Administrative units with their dates. No number of levels is assumed.

pub mod former;
#[cfg(test)]
mod tests;

use ocop_core::text::{fold, fold_words};
use ocop_core::units::CENTRE;

use crate::db::{Row, StoreError, Tx};

/// An administrative unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Official code: 2 digits for a province, 5 for a commune (19/2025/QĐ-TTg).
    pub code: String,
    /// Full official name, such as `Xã Bình Liêu`.
    pub name: String,
    /// `tinh`, `thanh-pho`, `xa`, `phuong`, `dac-khu`.
    pub kind: String,
    /// Code of the unit it belongs to.
    pub parent: Option<String>,
    /// First day.
    pub valid_from: String,
    /// Last day, if it has ended.
    pub valid_to: Option<String>,
}

fn unit(row: &Row) -> Result<Unit, StoreError> {
    Ok(Unit {
        code: row.get("code")?,
        name: row.get("name")?,
        kind: row.get("kind")?,
        parent: row.get("parent")?,
        valid_from: row.get("valid_from")?,
        valid_to: row.get("valid_to")?,
    })
}

/// Puts a unit in or brings it up to date.
pub async fn put(tx: &mut Tx, unit: &Unit) -> Result<(), StoreError> {
    tx.execute(
        "insert into unit (code, name, kind, parent, valid_from, valid_to, fold)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (code) do update set
            name = excluded.name, kind = excluded.kind, parent = excluded.parent,
            valid_from = excluded.valid_from, valid_to = excluded.valid_to, fold = excluded.fold",
        crate::args![
            &unit.code,
            &unit.name,
            &unit.kind,
            &unit.parent,
            &unit.valid_from,
            &unit.valid_to,
            &fold(&unit.name)
        ],
    )
    .await?;
    Ok(())
}

/// How many units there are.
pub async fn count(tx: &mut Tx) -> Result<i64, StoreError> {
    tx.row("select count(*) as n from unit", vec![]).await?.get("n")
}

/// A unit by its code.
pub async fn find(tx: &mut Tx, code: &str) -> Result<Option<Unit>, StoreError> {
    let row = tx.row_opt("select * from unit where code = $1", crate::args![code]).await?;
    row.as_ref().map(unit).transpose()
}

/// Provinces, by name.
pub async fn provinces(tx: &mut Tx) -> Result<Vec<Unit>, StoreError> {
    let rows = tx
        .rows(
            "select * from unit where parent is null and valid_to is null and code <> $1 order by fold",
            crate::args![CENTRE],
        )
        .await?;
    rows.iter().map(unit).collect()
}

/// The units of a unit that are in force, by name.
pub async fn children(tx: &mut Tx, parent: &str) -> Result<Vec<Unit>, StoreError> {
    let rows = tx
        .rows(
            "select * from unit where parent = $1 and valid_to is null order by fold, code",
            crate::args![parent],
        )
        .await?;
    rows.iter().map(unit).collect()
}

/// A unit and what it is a part of, from the smallest to the greatest.
pub async fn lineage(tx: &mut Tx, code: &str) -> Result<Vec<Unit>, StoreError> {
    let mut line: Vec<Unit> = Vec::new();
    let mut next = Some(code.to_owned());
    while let Some(code) = next.take().filter(|code| line.iter().all(|unit| unit.code != *code)) {
        let Some(unit) = find(tx, &code).await? else { break };
        next = unit.parent.clone();
        line.push(unit);
    }
    Ok(line)
}

/// Units in force whose name holds the words of a query in their order, whatever its marks, in the
/// whole country; at most 50.
pub async fn named(tx: &mut Tx, query: &str) -> Result<Vec<Unit>, StoreError> {
    let words = fold_words(query);
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let rows = tx
        .rows(
            "select * from unit where valid_to is null and fold like $1
              order by length(code), fold, code limit 50",
            crate::args![&format!("% {}%", words.join(" "))],
        )
        .await?;
    rows.iter().map(unit).collect()
}

/// Notes where a unit lies, in ten-thousandths of a degree.
pub async fn locate(tx: &mut Tx, code: &str, latitude: i64, longitude: i64) -> Result<(), StoreError> {
    tx.execute(
        "update unit set latitude = $2, longitude = $3 where code = $1",
        crate::args![code, &latitude, &longitude],
    )
    .await?;
    Ok(())
}

/// Code, latitude and longitude of the units below a unit that are in force and whose place is
/// known, in ten-thousandths of a degree, by code.
pub async fn centroids(tx: &mut Tx, parent: &str) -> Result<Vec<(String, i64, i64)>, StoreError> {
    let rows = tx
        .rows(
            "select code, latitude, longitude from unit
              where parent = $1 and valid_to is null and latitude is not null and longitude is not null
              order by code",
            crate::args![parent],
        )
        .await?;
    rows.iter().map(|row| Ok((row.get("code")?, row.get("latitude")?, row.get("longitude")?))).collect()
}

/// Nobody else gives a number in this unit's name (a receipt, a product code) until the
/// transaction ends.
pub async fn hold(tx: &mut Tx, code: &str) -> Result<(), StoreError> {
    // The update takes the row's lock on PostgreSQL; SQLite has only one writer anyway.
    tx.execute("update unit set fold = fold where code = $1", crate::args![code]).await?;
    Ok(())
}
