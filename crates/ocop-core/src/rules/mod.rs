//! The law as data: regimes, product sets, criteria, levels and star floors.
//!
//! `rules/` holds the texts; [`load()`] reads and checks them together, so that whatever is in
//! [`Rules`] closes: parts are 40/25/35, sums add up, floors rise with the levels, everything is
//! cited. Nothing in here knows where the texts come from.

mod check;
pub mod diff;
mod evidence_file;
mod fault;
mod file;
mod hash;
mod load;
mod model;
mod path;
pub mod print;
mod process;
mod process_file;
mod reclassify;
pub mod wording;

pub use fault::{FaultKind, RuleFault};
pub use load::load;
pub use model::{
    Alternative, AppliesIf, Band, Criterion, Effect, Knockout, Level, Named, Part, PartCode, ProductSet,
    Regime, Rules, Section, Trigger,
};
pub use path::{Changeover, Filing, Held, NoPath, Path, changeover, path};
pub use process::{
    ComplaintDays, CouncilDefaults, Duty, Ground, Hearing, MonthDay, NotAMonthDay, Process, Renewal,
    RoundWindow, Tier, TierDuty, Transition,
};
pub use reclassify::Succession;

#[cfg(test)]
pub(crate) mod sample;
