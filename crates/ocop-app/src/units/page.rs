//! What everybody may know of units: today's, former ones, and what became of these.

use ocop_core::text::fold;
use ocop_core::time::date;
use ocop_core::units::Place;
use ocop_store::Tx;
use ocop_store::units::{self, Unit, former};

use crate::{App, AppError};

/// A former unit and what it became.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormerUnit {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What it was a part of, from the smallest to the greatest; empty for a province.
    pub above: String,
    /// Last day, `30/06/2025`.
    pub until: String,
    /// Code and name of the communes of today that it went into, by name.
    pub successors: Vec<(String, String)>,
}

/// A unit of today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitPage {
    /// The unit.
    pub unit: Unit,
    /// What it is a part of, from the smallest to the greatest.
    pub above: Vec<Unit>,
    /// Its parts in force, by name.
    pub children: Vec<Unit>,
    /// The former units that went into it.
    pub former: Vec<FormerUnit>,
}

/// What a search for a name found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FoundUnits {
    /// Units of today, with what they are a part of.
    pub today: Vec<(Unit, String)>,
    /// Former units.
    pub former: Vec<FormerUnit>,
}

/// A unit by its code, with its parts and what was there before.
///
/// # Errors
/// [`AppError::NotFound`] when no unit has the code.
pub async fn page(app: &App, code: &str) -> Result<UnitPage, AppError> {
    let mut tx = app.db.read().await?;
    let mut line = units::lineage(&mut tx, code).await?;
    if line.is_empty() {
        return Err(AppError::NotFound);
    }
    let unit = line.remove(0);
    let before = former::predecessors(&mut tx, code).await?;
    Ok(UnitPage {
        children: units::children(&mut tx, code).await?,
        former: told(&mut tx, before).await?,
        unit,
        above: line,
    })
}

/// Units whose name holds the words of `query`, whatever their marks; what follows a comma must
/// stand in the names above: `Bãi Cháy, Hạ Long`. At most 50 of today and 50 former ones.
///
/// # Errors
/// When the database is out of reach.
pub async fn search(app: &App, query: &str) -> Result<FoundUnits, AppError> {
    let (name, above) = query.split_once(',').unwrap_or((query, ""));
    let above = fold(above);
    let mut tx = app.db.read().await?;
    let mut found = FoundUnits::default();
    for unit in units::named(&mut tx, name).await? {
        let line = units::lineage(&mut tx, &unit.code).await?;
        let place = line[1..].iter().map(|one| one.name.as_str()).collect::<Vec<_>>().join(", ");
        if fold(&place).contains(&above) {
            found.today.push((unit, place));
        }
    }
    let before = former::named(&mut tx, name).await?;
    found.former = told(&mut tx, before).await?;
    found.former.retain(|one| fold(&one.above).contains(&above));
    Ok(found)
}

async fn told(tx: &mut Tx, places: Vec<Place>) -> Result<Vec<FormerUnit>, AppError> {
    let mut told = Vec::with_capacity(places.len());
    for place in places {
        let line = former::lineage(tx, &place).await?;
        let successors = former::successors(tx, &place).await?;
        let until = place.until.as_deref().and_then(|day| day.parse().ok()).map(date).unwrap_or_default();
        told.push(FormerUnit {
            above: line[1..].iter().map(|one| one.name.as_str()).collect::<Vec<_>>().join(", "),
            code: place.code,
            name: place.name,
            until,
            successors,
        });
    }
    Ok(told)
}

/// The former unit of a producer in words: `Phường Bãi Cháy, Thành phố Hạ Long, Tỉnh Quảng Ninh`;
/// empty when there is none.
pub(crate) async fn former_words(tx: &mut Tx, code: &str) -> Result<String, AppError> {
    let Some(place) = former::lives(tx, code).await?.into_iter().next() else { return Ok(String::new()) };
    let line = former::lineage(tx, &place).await?;
    Ok(line.iter().map(|one| one.name.as_str()).collect::<Vec<_>>().join(", "))
}
