//! Who leads producers: totals only, and small cells hidden, so that nobody can be made out.

use serde::Serialize;

/// The least number that is shown.
pub const LEAST: i64 = 5;

/// How many producers are led by somebody of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Led {
    /// Of the producers that told it: those in the group; `None` when it, or the rest, is under
    /// [`LEAST`].
    pub yes: Option<i64>,
    /// The rest of them; hidden together with `yes`.
    pub no: Option<i64>,
    /// Producers that did not tell it.
    pub unknown: i64,
}

/// Counts what was told, and hides small numbers. A number is hidden with its complement: one is
/// the other's difference to the total.
pub fn led(told: impl Iterator<Item = Option<bool>>) -> Led {
    let (mut yes, mut no, mut unknown) = (0, 0, 0);
    for one in told {
        match one {
            Some(true) => yes += 1,
            Some(false) => no += 1,
            None => unknown += 1,
        }
    }
    let shown = yes >= LEAST && no >= LEAST;
    Led { yes: shown.then_some(yes), no: shown.then_some(no), unknown }
}
