//! Units that ended, and what they became.

use std::sync::LazyLock;

use chrono::NaiveDate;
use ocop_core::text::{fold, fold_words};
use ocop_core::units::{Gazetteer, Place, Resolved, Succession, Unresolved};

use crate::db::{Row, StoreError, Tx};
use crate::value::Arg;

/// How many rows one statement of the seed puts in.
const CHUNK: usize = 100;

static PUT_MANY: LazyLock<String> = LazyLock::new(|| {
    many("insert into former_unit (code, name, kind, parent, valid_from, valid_to, fold) values", 7)
});

static SUCCEED_MANY: LazyLock<String> =
    LazyLock::new(|| many("insert into unit_succession (former, former_until, code) values", 3));

/// A statement with the places of [`CHUNK`] rows.
fn many(head: &str, columns: usize) -> String {
    let rows: Vec<String> = (0..CHUNK)
        .map(|row| {
            let places: Vec<String> = (1..=columns).map(|at| format!("${}", row * columns + at)).collect();
            format!("({})", places.join(", "))
        })
        .collect();
    format!("{head} {} on conflict do nothing", rows.join(", "))
}

fn place(row: &Row) -> Result<Place, StoreError> {
    Ok(Place::new(
        row.get("code")?,
        row.get("name")?,
        row.get("kind")?,
        row.get("parent")?,
        row.get("valid_from")?,
        row.get("valid_to")?,
    ))
}

fn row_of(unit: &Place) -> Vec<Arg> {
    crate::args![&unit.code, &unit.name, &unit.kind, &unit.parent, &unit.from, &unit.until, &fold(&unit.name)]
}

/// Puts former units in, or changes what is kept of them.
pub async fn put(tx: &mut Tx, units: &[Place]) -> Result<(), StoreError> {
    for unit in units {
        tx.execute(
            "insert into former_unit (code, name, kind, parent, valid_from, valid_to, fold)
             values ($1, $2, $3, $4, $5, $6, $7)
             on conflict (code, valid_to) do update set name = excluded.name, kind = excluded.kind,
                parent = excluded.parent, valid_from = excluded.valid_from, fold = excluded.fold",
            row_of(unit),
        )
        .await?;
    }
    Ok(())
}

/// Puts successions in; one that is kept already stays.
pub async fn succeed(tx: &mut Tx, pairs: &[Succession]) -> Result<u64, StoreError> {
    let mut added = 0;
    for (former, until, code) in pairs {
        added += tx
            .execute(
                "insert into unit_succession (former, former_until, code) values ($1, $2, $3)
                 on conflict (former, former_until, code) do nothing",
                crate::args![former, until, code],
            )
            .await?;
    }
    Ok(added)
}

/// Fills empty tables: many rows by statement.
pub async fn fill(tx: &mut Tx, units: &[Place], pairs: &[Succession]) -> Result<(), StoreError> {
    let (chunks, rest) = units.as_chunks::<CHUNK>();
    for chunk in chunks {
        tx.execute(PUT_MANY.as_str(), chunk.iter().flat_map(row_of).collect()).await?;
    }
    put(tx, rest).await?;
    let (chunks, rest) = pairs.as_chunks::<CHUNK>();
    for chunk in chunks {
        let args = chunk.iter().flat_map(|(former, until, code)| crate::args![former, until, code]).collect();
        tx.execute(SUCCEED_MANY.as_str(), args).await?;
    }
    succeed(tx, rest).await?;
    Ok(())
}

/// How many former units there are.
pub async fn count(tx: &mut Tx) -> Result<i64, StoreError> {
    tx.row("select count(*) as n from former_unit", vec![]).await?.get("n")
}

/// All former units that bore a code, the last first.
pub async fn lives(tx: &mut Tx, code: &str) -> Result<Vec<Place>, StoreError> {
    let rows = tx
        .rows("select * from former_unit where code = $1 order by valid_to desc", crate::args![code])
        .await?;
    rows.iter().map(place).collect()
}

/// The former unit that bore a code on a day.
pub async fn find(tx: &mut Tx, code: &str, day: NaiveDate) -> Result<Option<Place>, StoreError> {
    let row = tx
        .row_opt(
            "select * from former_unit
              where code = $1 and valid_to >= $2 and (valid_from is null or valid_from <= $2)
              order by valid_to limit 1",
            crate::args![code, &day],
        )
        .await?;
    row.as_ref().map(place).transpose()
}

/// Former units whose name holds the words of a query in their order, whatever its marks;
/// at most 50, the greatest units first.
pub async fn named(tx: &mut Tx, query: &str) -> Result<Vec<Place>, StoreError> {
    let words = fold_words(query);
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let rows = tx
        .rows(
            "select * from former_unit where fold like $1 order by length(code), fold, code, valid_to limit 50",
            crate::args![&format!("% {}%", words.join(" "))],
        )
        .await?;
    rows.iter().map(place).collect()
}

/// A former unit and what it was a part of on its last day, from the smallest to the greatest.
pub async fn lineage(tx: &mut Tx, unit: &Place) -> Result<Vec<Place>, StoreError> {
    let mut line = vec![unit.clone()];
    let mut above = unit.parent.clone();
    let until = unit.until.clone().unwrap_or_default();
    while let Some(code) = above.take().filter(|code| line.iter().all(|place| place.code != *code)) {
        let Some(next) = lives(tx, &code).await?.into_iter().rev().find(|life| was_there(life, &until))
        else {
            break;
        };
        above = next.parent.clone();
        line.push(next);
    }
    Ok(line)
}

fn was_there(life: &Place, day: &str) -> bool {
    life.until.as_deref().is_none_or(|until| until >= day)
        && life.from.as_deref().is_none_or(|from| from <= day)
}

/// The units directly below a former unit on its last day, by name.
pub async fn children(tx: &mut Tx, unit: &Place) -> Result<Vec<Place>, StoreError> {
    let rows = tx
        .rows(
            "select * from former_unit
              where parent = $1 and valid_to >= $2 and (valid_from is null or valid_from <= $2)
              order by fold, code",
            crate::args![&unit.code, &unit.until],
        )
        .await?;
    rows.iter().map(place).collect()
}

/// Codes and names of the communes of today that a former unit of any level went into, by name.
pub async fn successors(tx: &mut Tx, unit: &Place) -> Result<Vec<(String, String)>, StoreError> {
    // A unit with successions of its own ends the walk; otherwise its parts on its last day tell.
    let rows = tx
        .rows(
            "with recursive part (code, until) as (
                select $1, $2
                union
                select below.code, below.valid_to from part join former_unit below
                    on below.parent = part.code and below.valid_to >= part.until
                   and (below.valid_from is null or below.valid_from <= part.until)
                 where not exists (select 1 from unit_succession own
                                    where own.former = part.code and own.former_until = part.until))
             select distinct unit.code as code, unit.name as name, unit.fold as fold
               from part join unit_succession s on s.former = part.code and s.former_until = part.until
               join unit on unit.code = s.code and unit.valid_to is null
              order by unit.fold, unit.code",
            crate::args![&unit.code, &unit.until],
        )
        .await?;
    rows.iter().map(|row| Ok((row.get("code")?, row.get("name")?))).collect()
}

/// The former units that went into a unit of today as a whole or in part, by name.
pub async fn predecessors(tx: &mut Tx, code: &str) -> Result<Vec<Place>, StoreError> {
    let rows = tx
        .rows(
            "select f.* from unit_succession s
               join former_unit f on f.code = s.former and f.valid_to = s.former_until
              where s.code = $1 order by f.valid_to desc, f.fold, f.code",
            crate::args![code],
        )
        .await?;
    rows.iter().map(place).collect()
}

/// All that can be named in a province of today: load it once for many rows.
pub async fn gazetteer(tx: &mut Tx, province: &str) -> Result<Gazetteer, StoreError> {
    let today = tx
        .rows(
            "with recursive below (code) as (
                select code from unit where parent = $1
                union select unit.code from below join unit on unit.parent = below.code)
             select unit.* from below join unit on unit.code = below.code where unit.valid_to is null",
            crate::args![province],
        )
        .await?;
    let former = tx
        .rows(
            "with recursive below (code) as (
                select code from unit where parent = $1
                union select unit.code from below join unit on unit.parent = below.code),
             line (code) as (
                select s.former from below join unit_succession s on s.code = below.code
                union select f.parent from line join former_unit f on f.code = line.code
                       where f.parent is not null)
             select f.* from line join former_unit f on f.code = line.code",
            crate::args![province],
        )
        .await?;
    let pairs = tx
        .rows(
            "with recursive below (code) as (
                select code from unit where parent = $1
                union select unit.code from below join unit on unit.parent = below.code)
             select s.former, s.former_until, s.code
               from below join unit_succession s on s.code = below.code",
            crate::args![province],
        )
        .await?;
    let succession = pairs
        .iter()
        .map(|row| Ok((row.get("former")?, row.get("former_until")?, row.get("code")?)))
        .collect::<Result<Vec<Succession>, StoreError>>()?;
    let today = today.iter().map(place).collect::<Result<_, _>>()?;
    let former = former.iter().map(place).collect::<Result<_, _>>()?;
    Ok(Gazetteer::new(today, former, succession))
}

/// What people typed into the cells of commune and former district, as a commune of today of the
/// province. For many rows, load [`gazetteer`] once and ask it.
///
/// # Errors
/// When the database is out of reach; what cannot be placed is [`Unresolved`], a sentence.
pub async fn resolve(
    tx: &mut Tx,
    province: &str,
    commune: &str,
    district: &str,
) -> Result<Result<Resolved, Unresolved>, StoreError> {
    Ok(gazetteer(tx, province).await?.resolve(commune, district))
}

/// The name of a place on a day, from the smallest unit to the province: before the end of
/// `former_unit` (a code; may be empty) the former names, otherwise those of today.
/// `Phường Bãi Cháy, Thành phố Hạ Long, Tỉnh Quảng Ninh` or `Phường Bãi Cháy, Tỉnh Quảng Ninh`.
pub async fn place_on(
    tx: &mut Tx,
    commune: &str,
    former_unit: &str,
    day: NaiveDate,
) -> Result<String, StoreError> {
    let names: Vec<String> = match find(tx, former_unit, day).await? {
        Some(unit) => line_on(tx, unit, day).await?.into_iter().map(|unit| unit.name).collect(),
        None => super::lineage(tx, commune).await?.into_iter().map(|unit| unit.name).collect(),
    };
    Ok(names.join(", "))
}

/// A former unit and what it was a part of, all as they were on a day.
async fn line_on(tx: &mut Tx, unit: Place, day: NaiveDate) -> Result<Vec<Place>, StoreError> {
    let mut above = unit.parent.clone();
    let mut line = vec![unit];
    while let Some(code) = above.take().filter(|code| line.iter().all(|place| place.code != *code)) {
        let Some(next) = find(tx, &code, day).await? else { break };
        above = next.parent.clone();
        line.push(next);
    }
    Ok(line)
}
