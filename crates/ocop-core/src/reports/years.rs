//! What happened to the programme year by year.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};
use serde::Serialize;

use super::breakdown::Stars;
use super::register::{CertificateFact, Register};
use crate::id::ProductId;
use crate::recognition::StarEvent;
use crate::registry::Happening;

/// A year's line. Every number counts products.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct YearLine {
    /// The year.
    pub year: i32,
    /// Joined the programme.
    pub joined: i64,
    /// Producers of these.
    pub joined_producers: i64,
    /// Recognised for the first time.
    pub new: i64,
    /// Recognised with more stars.
    pub upgraded: i64,
    /// Recognised again.
    pub renewed: i64,
    /// The certificate ran out, and no other has followed by the day of the report.
    pub expired: i64,
    /// The certificate was withdrawn.
    pub revoked: i64,
    /// Stars in force on the last day of the year, or on the day of the report.
    pub stars: Stars,
}

impl YearLine {
    /// How many products had this happening.
    pub fn of(&self, happening: Happening) -> i64 {
        match happening {
            Happening::New => self.new,
            Happening::Upgraded => self.upgraded,
            Happening::Renewed => self.renewed,
            Happening::Expired => self.expired,
            Happening::Revoked => self.revoked,
            Happening::Joined => self.joined,
        }
    }
}

/// What happened to a certificate in a year, seen from a day.
fn happened(held: &CertificateFact, year: i32, on: NaiveDate) -> Vec<Happening> {
    let mut all = Vec::new();
    if held.issued_on.year() == year {
        all.push(match held.event {
            StarEvent::New => Happening::New,
            StarEvent::Upgraded => Happening::Upgraded,
            StarEvent::Renewed => Happening::Renewed,
        });
    }
    if held.revoked_on.is_some_and(|day| day.year() == year && day <= on) {
        all.push(Happening::Revoked);
    }
    let ran_out = held.last_on.year() == year && held.last_on < on;
    let withdrawn = held.revoked_on.is_some_and(|day| day <= on);
    let followed = held.next_on.is_some_and(|next| next <= on);
    if ran_out && !withdrawn && !followed {
        all.push(Happening::Expired);
    }
    all
}

/// The years from the first thing that happened to the register's day, oldest first.
pub fn years(register: &Register) -> Vec<YearLine> {
    let joined = register.products.iter().map(|product| product.joined_on.year());
    let issued = register
        .products
        .iter()
        .filter_map(|product| register.certificates(&product.id).first())
        .map(|held| held.issued_on.year());
    let Some(first) = joined.chain(issued).min() else { return Vec::new() };
    (first..=register.on.year()).map(|year| line(register, year)).collect()
}

fn line(register: &Register, year: i32) -> YearLine {
    let end = NaiveDate::from_ymd_opt(year, 12, 31).unwrap_or(register.on).min(register.on);
    let mut told = YearLine { year, ..YearLine::default() };
    let mut owners = BTreeSet::new();
    for product in &register.products {
        if product.joined_on.year() == year {
            told.joined += 1;
            owners.insert(&product.producer);
        }
        for happening in of_product(register, &product.id, year) {
            match happening {
                Happening::New => told.new += 1,
                Happening::Upgraded => told.upgraded += 1,
                Happening::Renewed => told.renewed += 1,
                Happening::Expired => told.expired += 1,
                Happening::Revoked => told.revoked += 1,
                Happening::Joined => {}
            }
        }
        if let Some(held) = register.in_force(&product.id, end) {
            told.stars.add(held);
        }
    }
    told.joined_producers = i64::try_from(owners.len()).unwrap_or(i64::MAX);
    told
}

/// What happened to a product in a year; each thing once.
fn of_product(register: &Register, product: &ProductId, year: i32) -> BTreeSet<Happening> {
    register.certificates(product).iter().flat_map(|held| happened(held, year, register.on)).collect()
}
