//! Revenue by year.

use std::collections::BTreeMap;

use serde::Serialize;

use super::register::Register;

/// What products told to have earned in a year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RevenueYear {
    /// The year.
    pub year: i32,
    /// Sum, in đồng.
    pub sum: i64,
    /// Products that told it.
    pub products: i64,
    /// The middle one, in đồng; of an even number the lower one of the two in the middle.
    pub median: i64,
}

/// The years, oldest first.
pub fn revenue(register: &Register) -> Vec<RevenueYear> {
    let mut by_year: BTreeMap<i32, Vec<i64>> = BTreeMap::new();
    for told in register.revenue() {
        by_year.entry(told.year).or_default().push(told.amount);
    }
    let lines = by_year.into_iter().map(|(year, mut amounts)| {
        amounts.sort_unstable();
        RevenueYear {
            year,
            sum: amounts.iter().fold(0, |sum: i64, amount| sum.saturating_add(*amount)),
            products: i64::try_from(amounts.len()).unwrap_or(i64::MAX),
            median: amounts.get((amounts.len() - 1) / 2).copied().unwrap_or_default(),
        }
    });
    lines.collect()
}
