//! Products by whatever they have in common, with their stars.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::Serialize;

use super::register::{CertificateFact, DistrictFact, ProductFact, Register};
use crate::recognition::Level;

/// Products by star.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Stars {
    /// 3 stars.
    #[serde(rename = "3")]
    pub three: i64,
    /// 4 stars.
    #[serde(rename = "4")]
    pub four: i64,
    /// 5 stars.
    #[serde(rename = "5")]
    pub five: i64,
    /// Of the 5 stars: given by the province.
    #[serde(rename = "5_province")]
    pub five_province: i64,
    /// Of the 5 stars: given by the centre.
    #[serde(rename = "5_centre")]
    pub five_centre: i64,
}

impl Stars {
    /// One more product with this certificate. Less than 3 stars are no certificate's.
    pub fn add(&mut self, held: &CertificateFact) {
        match held.stars {
            ..=3 => self.three += 1,
            4 => self.four += 1,
            5.. => {
                self.five += 1;
                match held.level {
                    Level::District | Level::Province => self.five_province += 1,
                    Level::Centre => self.five_centre += 1,
                }
            }
        }
    }

    /// All of them.
    pub fn sum(&self) -> i64 {
        self.three + self.four + self.five
    }
}

/// What one line of a table counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Count {
    /// Products registered.
    pub products: i64,
    /// Of these, with a star in force.
    pub stars: Stars,
    /// Their producers.
    pub producers: i64,
}

/// Counts products by a key, on the register's day.
pub fn breakdown<K: Ord>(register: &Register, key: impl Fn(&ProductFact) -> K) -> BTreeMap<K, Count> {
    let mut counts: BTreeMap<K, Count> = BTreeMap::new();
    let mut owners = BTreeMap::new();
    for product in &register.products {
        let count = counts.entry(key(product)).or_default();
        count.products += 1;
        if let Some(held) = register.in_force(&product.id, register.on) {
            count.stars.add(held);
        }
        owners.entry(key(product)).or_insert_with(BTreeSet::new).insert(&product.producer);
    }
    for (key, owners) in owners {
        if let Some(count) = counts.get_mut(&key) {
            count.producers = i64::try_from(owners.len()).unwrap_or(i64::MAX);
        }
    }
    counts
}

/// Where a product is told to come from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// Code of a former district, on a day when it existed.
    District(String),
    /// Code of a commune of today.
    Commune(String),
}

/// The district of a former unit: the highest one below the province. Units may have had any number
/// of levels; a former province is one that belonged to nothing.
pub fn district_of<'a>(districts: &'a BTreeMap<String, DistrictFact>, unit: &str) -> Option<&'a str> {
    let mut found = districts.get(unit)?;
    // A chain of units is short; the bound ends a circle in bad data.
    for _ in 0..8 {
        let above = found.parent.as_deref().and_then(|parent| districts.get(parent));
        match above.filter(|above| above.parent.is_some()) {
            Some(above) => found = above,
            None => break,
        }
    }
    Some(&found.code)
}

/// The place of a product on a day: its former district as long as that existed, else its commune.
pub fn place_of(
    districts: &BTreeMap<String, DistrictFact>,
    former_unit: &str,
    commune: &str,
    day: NaiveDate,
) -> Place {
    let district = district_of(districts, former_unit).and_then(|code| districts.get(code));
    match district.filter(|district| day <= district.valid_to) {
        Some(district) => Place::District(district.code.clone()),
        None => Place::Commune(commune.to_owned()),
    }
}
