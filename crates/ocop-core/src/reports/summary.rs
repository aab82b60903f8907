//! What a leader asks on the phone: how many, of which stars, by whom, what expires this year.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Months, NaiveDate};
use serde::Serialize;

use super::breakdown::{Place, Stars, breakdown, place_of};
use super::groups::ProducerGroup;
use super::people::{Led, led};
use super::register::{ProductFact, Register};
use super::revenue::{RevenueYear, revenue};
use super::years::{YearLine, years};
use crate::id::ProducerId;
use crate::registry::Standing;

/// The programme on a day. As JSON it is the answer of `ocop report summary --json`: English keys that
/// stay, whole numbers only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// The day.
    pub on: NaiveDate,
    /// Products by standing.
    pub products: Products,
    /// Products by star in force.
    pub stars: Stars,
    /// Producers by group.
    pub producers: Producers,
    /// What happened in the year of the day, up to the day.
    pub year: YearLine,
    /// Certificates in force that end in this month and the eleven after it, by month.
    pub expiring: Vec<MonthCount>,
    /// Electronic stamps.
    pub stamped: Share,
    /// On any platform.
    pub listed: Share,
    /// Products by platform, most first.
    pub platforms: Vec<Platform>,
    /// Put on a platform since 1 January of the year.
    pub put_on_platforms: Put,
    /// Producers led by women.
    pub led_by_women: Led,
    /// Producers led by people of ethnic minorities.
    pub led_by_minorities: Led,
    /// Revenue by year, oldest first.
    pub revenue: Vec<RevenueYear>,
    /// Products by former district or commune, most first.
    pub units: Vec<UnitCount>,
    /// Every year, oldest first.
    pub years: Vec<YearLine>,
}

/// Products by standing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Products {
    /// All that have joined.
    pub registered: i64,
    /// With a star in force.
    pub starred: i64,
    /// The last certificate has run out.
    pub expired: i64,
    /// The last certificate was withdrawn.
    pub revoked: i64,
    /// Never had one.
    pub unranked: i64,
}

/// Producers by group.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Producers {
    /// All with a product.
    pub total: i64,
    /// With a product that has a star in force.
    pub starred: i64,
    /// By group, in the order of the list.
    pub groups: Vec<GroupCount>,
}

/// Producers of a group and their products.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GroupCount {
    /// The group.
    pub group: ProducerGroup,
    /// Its producers.
    pub producers: i64,
    /// Their products.
    pub products: i64,
    /// Of these, with a star in force.
    pub starred: i64,
}

/// Certificates that end in a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MonthCount {
    /// The month: `2026-03`.
    pub month: String,
    /// How many products.
    pub products: i64,
    /// Their stars.
    pub stars: Stars,
}

/// Products that have something, of all and of those with a star.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Share {
    /// Of all products.
    pub products: i64,
    /// Of those with a star in force.
    pub starred: i64,
}

/// Products on a platform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Platform {
    /// Its name.
    pub platform: String,
    /// Products.
    pub products: i64,
    /// Of these, with a star in force.
    pub starred: i64,
}

/// Products that were put on a platform in a year.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Put {
    /// The year.
    pub year: i32,
    /// Products.
    pub products: i64,
}

/// A unit's line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnitCount {
    /// `true` when it is a former district, `false` for a commune of today.
    pub former: bool,
    /// Its code.
    pub code: String,
    /// Its name, filled by whoever knows names.
    pub name: String,
    /// Products.
    pub products: i64,
    /// Their producers.
    pub producers: i64,
    /// Of the products: stars in force.
    pub stars: Stars,
    /// Products that joined in the year of the day.
    pub joined: i64,
    /// Producers of these.
    pub joined_producers: i64,
    /// Products put on a platform since 1 January of the year.
    pub put_on_platforms: i64,
}

/// Counts everything.
pub fn summary(register: &Register) -> Summary {
    let all_years = years(register);
    let this_year = register.on.year();
    let year = all_years.iter().find(|line| line.year == this_year).cloned();
    let put = register.products.iter().filter(|one| register.was_put_on_platform_in(&one.id, this_year));
    Summary {
        on: register.on,
        products: products(register),
        stars: breakdown(register, |_| ()).remove(&()).unwrap_or_default().stars,
        producers: producers(register),
        year: year.unwrap_or(YearLine { year: this_year, ..YearLine::default() }),
        expiring: expiring(register),
        stamped: share(register, |product| register.is_stamped(product)),
        listed: share(register, |product| !register.platforms(&product.id).is_empty()),
        platforms: platforms(register),
        put_on_platforms: Put { year: this_year, products: count(put.count()) },
        led_by_women: led(register.producers.iter().map(|one| one.led_by_woman)),
        led_by_minorities: led(register.producers.iter().map(|one| one.led_by_minority)),
        revenue: revenue(register),
        units: units(register),
        years: all_years,
    }
}

pub(super) fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn products(register: &Register) -> Products {
    let mut told = Products { registered: count(register.products.len()), ..Products::default() };
    for product in &register.products {
        match register.standing(&product.id) {
            Standing::Starred => told.starred += 1,
            Standing::Expired => told.expired += 1,
            Standing::Revoked => told.revoked += 1,
            Standing::Unranked => told.unranked += 1,
        }
    }
    told
}

fn producers(register: &Register) -> Producers {
    let is_starred = |one: &&ProductFact| register.in_force(&one.id, register.on).is_some();
    let starred: BTreeSet<_> = register.products.iter().filter(is_starred).map(|one| &one.producer).collect();
    let by_group = breakdown(register, |product| ProducerGroup::of(product.kind));
    let groups = ProducerGroup::ALL.iter().map(|group| {
        let count = by_group.get(group).cloned().unwrap_or_default();
        GroupCount {
            group: *group,
            producers: count.producers,
            products: count.products,
            starred: count.stars.sum(),
        }
    });
    let groups: Vec<GroupCount> = groups.collect();
    Producers {
        total: groups.iter().map(|group| group.producers).sum(),
        starred: count(starred.len()),
        groups,
    }
}

fn share(register: &Register, has: impl Fn(&ProductFact) -> bool) -> Share {
    let mut told = Share::default();
    for product in register.products.iter().filter(|product| has(product)) {
        told.products += 1;
        told.starred += i64::from(register.in_force(&product.id, register.on).is_some());
    }
    told
}

fn platforms(register: &Register) -> Vec<Platform> {
    let mut by_name: BTreeMap<&str, Share> = BTreeMap::new();
    for product in &register.products {
        let starred = i64::from(register.in_force(&product.id, register.on).is_some());
        for (name, _) in register.platforms(&product.id) {
            let told = by_name.entry(name).or_default();
            told.products += 1;
            told.starred += starred;
        }
    }
    let named = by_name.into_iter().map(|(name, told)| Platform {
        platform: name.to_owned(),
        products: told.products,
        starred: told.starred,
    });
    let mut all: Vec<Platform> = named.collect();
    all.sort_by_key(|one| std::cmp::Reverse(one.products));
    all
}

/// Certificates in force that end in the month of the day or in one of the eleven after it.
pub fn expiring(register: &Register) -> Vec<MonthCount> {
    let first = register.on.with_day(1).unwrap_or(register.on);
    let month = |day: NaiveDate| format!("{:04}-{:02}", day.year(), day.month());
    let mut months: Vec<MonthCount> = (0..12)
        .filter_map(|ahead| first.checked_add_months(Months::new(ahead)))
        .map(|day| MonthCount { month: month(day), products: 0, stars: Stars::default() })
        .collect();
    for held in register.products.iter().filter_map(|one| register.in_force(&one.id, register.on)) {
        if let Some(told) =
            months.iter_mut().find(|told| told.month == month(held.term().ends_on(register.on)))
        {
            told.products += 1;
            told.stars.add(held);
        }
    }
    months
}

fn units(register: &Register) -> Vec<UnitCount> {
    let year = register.on.year();
    let place = |product: &ProductFact| {
        place_of(&register.districts, &product.former_unit, &product.commune, register.on)
    };
    let mut joined: BTreeMap<Place, (i64, BTreeSet<&ProducerId>)> = BTreeMap::new();
    let mut put: BTreeMap<Place, i64> = BTreeMap::new();
    for product in &register.products {
        if product.joined_on.year() == year {
            let (products, owners) = joined.entry(place(product)).or_default();
            *products += 1;
            owners.insert(&product.producer);
        }
        if register.was_put_on_platform_in(&product.id, year) {
            *put.entry(place(product)).or_default() += 1;
        }
    }
    let lines = breakdown(register, place).into_iter().map(|(place, counted)| {
        let (new, owners) = joined.get(&place).map_or((0, 0), |(new, owners)| (*new, count(owners.len())));
        let put_on_platforms = put.get(&place).copied().unwrap_or_default();
        let (former, code) = match place {
            Place::District(code) => (true, code),
            Place::Commune(code) => (false, code),
        };
        UnitCount {
            former,
            name: code.clone(),
            code,
            products: counted.products,
            producers: counted.producers,
            stars: counted.stars,
            joined: new,
            joined_producers: owners,
            put_on_platforms,
        }
    });
    let mut all: Vec<UnitCount> = lines.collect();
    all.sort_by_key(|unit| std::cmp::Reverse(unit.products));
    all
}
