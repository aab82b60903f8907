//! The law as data: regimes, product sets, criteria, levels and star floors.
//!
//! `rules/` holds the texts; [`load()`] reads and checks them together, so that whatever is in
//! [`Rules`] closes: parts are 40/25/35, sums add up, floors rise with the levels, everything is
//! cited. Nothing in here knows where the texts come from.

mod check;
mod fault;
mod file;
mod hash;
mod load;
mod model;
pub mod print;

pub use fault::{FaultKind, RuleFault};
pub use load::load;
pub use model::{
    Alternative, AppliesIf, Band, CouncilDefaults, Criterion, Effect, Knockout, Level, MonthDay, Named,
    NotAMonthDay, Part, PartCode, Process, ProductSet, Regime, RoundWindow, Rules, Section, Trigger,
};

#[cfg(test)]
pub(crate) mod sample;
