//! The rows behind numbers that the registers have no filter for.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use ocop_core::id::ProductId;
use ocop_core::people::Actor;
use ocop_core::policy::Action;
use ocop_core::reports::{Step, TailFilter, expiring};
use ocop_core::text::thousands;
use ocop_core::time::date;
use ocop_store::Tx;
use ocop_store::reports::{Named, Within};

use super::round::{RoundGround, narrowed_to};
use super::scope::{Ground, ReportQuery, scope_of};
use crate::{App, AppError};

/// The rows of a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TailList {
    /// What they have in common.
    pub title: String,
    /// The day that they are told of.
    pub on: NaiveDate,
    /// Heading of the last column.
    pub head: &'static str,
    /// The rows, by name.
    pub rows: Vec<TailRow>,
    /// How many producers they are of.
    pub producers: usize,
}

/// A product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TailRow {
    /// The product.
    pub id: ProductId,
    /// Its name.
    pub product: String,
    /// Its producer's name.
    pub producer: String,
    /// Where it comes from.
    pub place: String,
    /// What the number is about: revenue, day, stars.
    pub told: String,
}

/// The products that a number counts.
///
/// # Errors
/// As [`super::report`]; [`AppError::NotFound`] when the filter names nothing.
pub async fn tail(app: &App, actor: &Actor, filter: &TailFilter) -> Result<TailList, AppError> {
    let mut tx = app.db.read().await?;
    if let Ok(round) = filter.round.parse() {
        let kept = ocop_store::rounds::find(&mut tx, &round).await?.ok_or(AppError::NotFound)?;
        let commune = narrowed_to(actor, &kept)?;
        let ground = RoundGround::read(&mut tx, &round, commune).await?;
        let names = ocop_store::reports::names(
            &mut tx,
            commune.map_or(Within::Province(&kept.province), Within::Commune),
        )
        .await?;
        return of_round(app, &ground, names, filter);
    }
    let query = ReportQuery {
        on: filter.on.clone(),
        commune: filter.commune.clone(),
        district: filter.district.clone(),
    };
    let scope = scope_of(app, &mut tx, actor, Action::ReadRegistry, &query).await?;
    let ground = Ground::read(app, &mut tx, scope).await?;
    of_register(&mut tx, &ground, filter).await
}

async fn of_register(tx: &mut Tx, ground: &Ground<'_>, filter: &TailFilter) -> Result<TailList, AppError> {
    let (title, head, told) = if let Ok(year) = filter.revenue.parse::<i32>() {
        (format!("Sản phẩm đã khai doanh thu năm {year}"), "Doanh thu", earned(ground, year))
    } else if let Ok(year) = filter.listed_in.parse::<i32>() {
        (format!("Sản phẩm lên sàn thương mại điện tử từ 01/01/{year}"), "Sàn", put_on(ground, year))
    } else if filter.expiring == "yes" {
        ("Sao hết hạn trong 12 tháng".to_owned(), "Hết hạn", ending(ground))
    } else {
        return Err(AppError::NotFound);
    };
    let names = ocop_store::reports::names(tx, ground.scope.within()).await?;
    let row = |named: Named| {
        let told = told.get(&named.id)?.clone();
        let place = ground.commune(&named.commune);
        Some((
            named.producer_id,
            TailRow { id: named.id, product: named.product, producer: named.producer, place, told },
        ))
    };
    Ok(list(title, ground.scope.on, head, names.into_iter().filter_map(row)))
}

fn list<Owner: Ord>(
    title: String,
    on: NaiveDate,
    head: &'static str,
    found: impl Iterator<Item = (Owner, TailRow)>,
) -> TailList {
    let mut owners = BTreeSet::new();
    let mut rows = Vec::new();
    for (owner, row) in found {
        owners.insert(owner);
        rows.push(row);
    }
    TailList { title, on, head, rows, producers: owners.len() }
}

fn earned(ground: &Ground<'_>, year: i32) -> BTreeMap<ProductId, String> {
    let told = ground.register.revenue().iter().filter(|one| one.year == year);
    told.map(|one| (one.product.clone(), format!("{} đ", thousands(one.amount)))).collect()
}

fn put_on(ground: &Ground<'_>, year: i32) -> BTreeMap<ProductId, String> {
    let register = &ground.register;
    let put = register.products.iter().filter(|one| register.was_put_on_platform_in(&one.id, year));
    let told = |id: &ProductId| {
        let platforms = register.platforms(id).iter();
        let named = platforms.map(|(name, since)| format!("{name} ({})", date(*since)));
        named.collect::<Vec<_>>().join(", ")
    };
    put.map(|one| (one.id.clone(), told(&one.id))).collect()
}

fn ending(ground: &Ground<'_>) -> BTreeMap<ProductId, String> {
    let register = &ground.register;
    let months: BTreeSet<String> = expiring(register).into_iter().map(|month| month.month).collect();
    let in_months = |day: NaiveDate| months.contains(&day.format("%Y-%m").to_string());
    let held =
        register.products.iter().filter_map(|one| Some((one, register.in_force(&one.id, register.on)?)));
    held.map(|(one, held)| (one, held, held.term().ends_on(register.on)))
        .filter(|(_, _, ends)| in_months(*ends))
        .map(|(one, held, ends)| (one.id.clone(), format!("{} ({} sao)", date(ends), held.stars)))
        .collect()
}

fn of_round(
    app: &App,
    ground: &RoundGround,
    names: Vec<Named>,
    filter: &TailFilter,
) -> Result<TailList, AppError> {
    let step: Option<Step> = filter.step.parse().ok();
    let stars: Option<u8> = filter.stars.parse().ok();
    let wanted = ground.entries.iter().filter(|entry| {
        step.is_none_or(|step| entry.steps.contains(&step))
            && stars.is_none_or(|stars| entry.star_line() == Some(stars))
            && (filter.place.is_empty() || filter.place == entry.place)
    });
    let wanted: BTreeMap<_, _> = wanted.map(|entry| (entry.product.clone(), entry)).collect();
    let row = |named: Named| {
        let entry = wanted.get(&named.id)?;
        let told = match entry.star_line() {
            None => "chưa chấm".to_owned(),
            Some(0) => "dưới 3 sao".to_owned(),
            Some(stars) => format!("{stars} sao"),
        };
        let place = ground.place(&entry.place);
        Some((
            named.producer_id,
            TailRow { id: named.id, product: named.product, producer: named.producer, place, told },
        ))
    };
    let mut title = ground.round.name.clone();
    if let Some(step) = step {
        title += &format!(" · {}", step.name());
    }
    if let Some(stars) = stars {
        title += &if stars == 0 { " · dưới 3 sao".to_owned() } else { format!(" · {stars} sao") };
    }
    if !filter.place.is_empty() {
        title += &format!(" · {}", ground.place(&filter.place));
    }
    Ok(list(title, app.today(), "Kết quả chấm", names.into_iter().filter_map(row)))
}
