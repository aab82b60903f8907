//! A file on its way into the register: where it stands and what became of its rows.

use serde::{Deserialize, Serialize};

use crate::coded;

coded! {
    /// Where the import of a file stands.
    RunState {
        /// The file is here; its columns are being named.
        Draft = "draft", "Chờ ghép cột";
        /// Tried without changing anything; what would happen is told.
        Checked = "checked", "Đã kiểm tra, chờ nhập";
        /// Rows are going in.
        Running = "running", "Đang nhập";
        /// Somebody stopped it; it can go on.
        Stopped = "stopped", "Đã dừng";
        /// Every row was taken in or refused.
        Finished = "finished", "Đã nhập xong";
    }
}

coded! {
    /// What became of a row.
    RowOutcome {
        /// It brought a producer, a product or a certificate.
        Added = "added", "thêm mới";
        /// It changed what was kept.
        Changed = "changed", "thay đổi";
        /// Everything it says was kept already.
        Unchanged = "unchanged", "giữ nguyên";
        /// It did not go in.
        Refused = "refused", "không nhận";
    }
}

/// What became of many rows, and what they brought.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Rows that brought something new.
    pub added: i64,
    /// Rows that changed something.
    pub changed: i64,
    /// Rows that say what is kept.
    pub unchanged: i64,
    /// Rows that did not go in.
    pub refused: i64,
    /// New producers.
    pub producers: i64,
    /// New products.
    pub products: i64,
    /// New certificates.
    pub certificates: i64,
}

impl Counts {
    /// Counts one more row.
    pub fn note(&mut self, outcome: RowOutcome) {
        match outcome {
            RowOutcome::Added => self.added += 1,
            RowOutcome::Changed => self.changed += 1,
            RowOutcome::Unchanged => self.unchanged += 1,
            RowOutcome::Refused => self.refused += 1,
        }
    }

    /// Rows in all.
    pub fn rows(&self) -> i64 {
        self.added + self.changed + self.unchanged + self.refused
    }

    /// Whether anything was or would be changed.
    pub fn is_any(&self) -> bool {
        self.added + self.changed > 0
    }
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, more: Self) {
        self.added += more.added;
        self.changed += more.changed;
        self.unchanged += more.unchanged;
        self.refused += more.refused;
        self.producers += more.producers;
        self.products += more.products;
        self.certificates += more.certificates;
    }
}

impl RunState {
    /// Whether the columns may still be named otherwise.
    pub fn is_open(self) -> bool {
        match self {
            Self::Draft | Self::Checked => true,
            Self::Running | Self::Stopped | Self::Finished => false,
        }
    }

    /// Whether its rows may be set going: for the first time, or again.
    pub fn may_start(self) -> bool {
        match self {
            Self::Checked | Self::Stopped => true,
            Self::Draft | Self::Running | Self::Finished => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_add_up() {
        let mut counts = Counts { products: 2, ..Counts::default() };
        for outcome in RowOutcome::ALL.iter().copied().chain([RowOutcome::Added]) {
            counts.note(outcome);
        }
        counts += Counts { refused: 3, certificates: 1, ..Counts::default() };
        assert_eq!((counts.rows(), counts.is_any()), (8, true));
        assert_eq!((counts.products, counts.certificates), (2, 1));
        assert!(!Counts { unchanged: 5, refused: 5, ..Counts::default() }.is_any());
    }

    #[test]
    fn a_file_is_named_checked_started_and_started_again() {
        let told: Vec<(bool, bool)> =
            RunState::ALL.iter().map(|state| (state.is_open(), state.may_start())).collect();
        assert_eq!(told, [(true, false), (true, true), (false, false), (false, true), (false, false)]);
    }
}
