//! What a self-assessment still misses for the next star.

use serde::{Deserialize, Serialize};

use super::{FloorCheck, Scored};
use crate::rules::ProductSet;

/// What is missing for the next star.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NextStar {
    /// The star looked at: one more than reached, or the highest when it is reached already.
    pub stars: u8,
    /// Points short of its threshold.
    pub points_short: u16,
    /// Floors not met, by stars, then in the order of the sheet.
    pub floors: Vec<FloorCheck>,
}

impl NextStar {
    /// Nothing is missing: the highest star is reached.
    pub fn is_reached(&self) -> bool {
        self.points_short == 0 && self.floors.is_empty()
    }
}

/// What `scored` still misses for the next star: points and floors. For a disqualified sheet,
/// which has no stars to count from, nothing is missing that points or levels could give.
pub fn missing_for_next_star(set: &ProductSet, scored: &Scored) -> NextStar {
    let highest = set.bands.iter().map(|band| band.stars).max().unwrap_or(0);
    let next = scored.stars.saturating_add(1).min(highest);
    if scored.disqualified.is_some() {
        return NextStar { stars: next, points_short: 0, floors: Vec::new() };
    }
    let threshold = set.threshold(next).unwrap_or(0);
    NextStar {
        stars: next,
        points_short: threshold.saturating_sub(scored.total),
        floors: scored.floors.iter().filter(|floor| floor.stars <= next && !floor.met).cloned().collect(),
    }
}
