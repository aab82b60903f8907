//! Why a sheet cannot be scored.

/// The sheet does not fit the set. Each text names what is wrong and what would be right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScoreFault {
    /// No such regime.
    #[error("không có bộ quy định «{regime}»")]
    UnknownRegime {
        /// The id asked for.
        regime: String,
    },
    /// No such set in the regime.
    #[error("bộ quy định {regime} không có bộ {set}")]
    UnknownSet {
        /// The regime.
        regime: String,
        /// The number asked for.
        set: i64,
    },
    /// No such criterion in the set.
    #[error("bộ {set} không có tiêu chí «{code}»")]
    UnknownCriterion {
        /// The set, as `2026-26/4`.
        set: String,
        /// The code asked for.
        code: String,
    },
    /// No such alternative of the criterion.
    #[error("tiêu chí {code} không có trường hợp {alternative} (chỉ có 1 đến {count})")]
    UnknownAlternative {
        /// The criterion.
        code: String,
        /// The alternative asked for.
        alternative: i64,
        /// How many there are.
        count: usize,
    },
    /// No such level of the criterion.
    #[error("tiêu chí {code} không có mức {level} (từ 0 là không đạt mức nào, đến {highest})")]
    UnknownLevel {
        /// The criterion.
        code: String,
        /// The level asked for.
        level: i64,
        /// Its highest level.
        highest: u8,
    },
    /// A council without ballots has no mean.
    #[error("chưa có phiếu nào để tổng hợp")]
    NoBallots,
    /// A ballot of a tally is at fault.
    #[error("phiếu thứ {ballot}: {fault}")]
    Ballot {
        /// The ballot, counted from 1.
        ballot: usize,
        /// Its fault.
        fault: Box<ScoreFault>,
    },
}
