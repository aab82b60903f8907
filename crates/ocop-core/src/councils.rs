//! Councils: rules of work, quorum, and who may see what and when.

mod conflicts;
mod phases;
mod replacement;
mod revision;
mod settings;

pub use conflicts::{AssistanceKind, ConflictGround, Found, Judge, Party, closes_by_data, conflicts_found};

pub use phases::{Phase, Reader, Visibility, visibility};
pub use replacement::{NotReplaced, SeatScope, counts_from};
pub use revision::{FinishedTurn, NoRevision, after_revision, may_revise};
pub use settings::{Apart, CouncilSettings, MOST_DECIMALS, MOST_OPINION_DAYS, SpreadRule, WorkRule};

use crate::people::SeatKind;

/// Why a session cannot open.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoQuorum {
    /// The chair is absent.
    #[error("Chủ tịch Hội đồng phải có mặt; hãy chờ Chủ tịch.")]
    ChairAbsent,
    /// Too few voting members.
    #[error(
        "Có {present} trên {seats} thành viên có mặt; quy chế cần ít nhất {needed} người ({percent} %). \
         Hãy chờ đủ người."
    )]
    TooFew {
        /// Voting members present.
        present: usize,
        /// Voting seats.
        seats: usize,
        /// Least number present.
        needed: usize,
        /// The council's quorum in percent.
        percent: u8,
    },
}

/// Whether the council may hear a dossier: `(kind, present)` for every seat that is not closed to it.
///
/// The Decision leaves the quorum to each council's rules of work (26/2026/QĐ-TTg, Article 7.3b); usual are three
/// quarters with the chair. Whoever has a conflict of interest with the dossier neither comes nor is missing.
///
/// # Errors
/// [`NoQuorum`] says who is missing.
pub fn quorum(settings: &CouncilSettings, attendance: &[(SeatKind, bool)]) -> Result<(), NoQuorum> {
    let chair_present = attendance.iter().any(|(kind, present)| *kind == SeatKind::Chair && *present);
    if settings.chair_required && !chair_present {
        return Err(NoQuorum::ChairAbsent);
    }
    let voters: Vec<bool> =
        attendance.iter().filter(|(kind, _)| settings.votes(*kind)).map(|(_, present)| *present).collect();
    let present = voters.iter().filter(|present| **present).count();
    let needed = (voters.len() * usize::from(settings.quorum_percent)).div_ceil(100);
    if present == 0 || present < needed {
        return Err(NoQuorum::TooFew {
            present,
            seats: voters.len(),
            needed: needed.max(1),
            percent: settings.quorum_percent,
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attendance(chair: bool, members: &[bool]) -> Vec<(SeatKind, bool)> {
        let mut all = vec![(SeatKind::Chair, chair), (SeatKind::Advisor, false)];
        all.extend(members.iter().map(|present| (SeatKind::Member, *present)));
        all
    }

    #[test]
    fn three_quarters_with_the_chair_make_a_quorum() {
        let check = |chair, members: &[bool], opens: bool| {
            assert_eq!(
                quorum(&settings::tests::settings(), &attendance(chair, members)).is_ok(),
                opens,
                "{chair} {members:?}"
            );
        };
        check(true, &[true, true, false], true);
        check(true, &[true, false, false], false);
        check(false, &[true, true, true], false);
        check(true, &[], true);
    }
}
