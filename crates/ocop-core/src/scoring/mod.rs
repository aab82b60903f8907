//! Points, floors and stars of sheets and councils.
//!
//! A total alone never decides: a level marked for a star is the least that the product must
//! reach for it, and a missed floor lowers the star. Means are exact fractions. A knock-out ends
//! the evaluation with a reason and is never a zero.

pub mod book;
mod explain;
mod fault;
mod fraction;
mod majority;
mod next_star;
pub mod request;
mod score;
mod severity;
mod sheet;
mod tally;
pub mod way;

pub use fault::ScoreFault;
pub use fraction::{Fraction, NotAFraction};
pub use majority::majority_sheet;
pub use next_star::{NextStar, missing_for_next_star};
pub use score::{FloorCheck, PartPoints, Scored, score};
pub use severity::{Severity, severity};
pub use sheet::{Choice, Disqualification, Sheet};
pub use tally::{FloorBasis, FloorRule, FloorTally, Tally, tally, tally_by};
pub use way::{NoWay, Way, advise};

#[cfg(test)]
mod cases;
#[cfg(test)]
mod properties;
