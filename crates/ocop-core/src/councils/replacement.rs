//! Substitutes: a member who is in conflict, ill or away is replaced for the council or for single dossiers.

use super::Phase;
use crate::coded;
use crate::dossiers::State;

coded! {
    /// What a seat is for, and what a replacement concerns.
    SeatScope {
        /// Every dossier of the council.
        Council = "council", "Cả hội đồng";
        /// Only the dossiers in which the seat stands in for another one.
        Dossiers = "dossiers", "Từng hồ sơ";
    }
}

/// Why a member cannot be replaced on a dossier any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "đang ở bước «{}»: chỉ thay được thành viên trước khi Hội đồng có kết quả. Hãy bỏ chọn hồ sơ này.",
    .0.name()
)]
pub struct NotReplaced(pub State);

/// The first turn in which the substitute scores a dossier and ballots of the replaced member do not count:
/// the first one before scoring, the running one while members score, the next one while the council discusses.
/// A turn that was tallied keeps the ballots of those who scored it. `last_turn`: counted from 1.
///
/// A member is not replaced for a single dossier whose result waits for the chair. Whoever is replaced for the council
/// is: a ballot revised after discussion may lead to another turn.
///
/// # Errors
/// [`NotReplaced`] when there is a result, or the dossier was withdrawn.
pub fn counts_from(scope: SeatScope, state: State, last_turn: Option<u16>) -> Result<u16, NotReplaced> {
    let next = last_turn.unwrap_or(0) + 1;
    match (Phase::of(state, false), scope) {
        (Phase::Waiting, _) if state != State::Withdrawn => Ok(1),
        (Phase::Scoring, _) => Ok(last_turn.unwrap_or(1)),
        (Phase::Opened, SeatScope::Council) => Ok(next),
        (Phase::Opened, SeatScope::Dossiers) if state == State::Discussion => Ok(next),
        (Phase::Waiting | Phase::Opened | Phase::Discussed | Phase::Closed, _) => Err(NotReplaced(state)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_substitute_scores_from_the_turn_that_is_not_tallied() {
        let check = |state, last, from: Option<u16>| {
            for scope in SeatScope::ALL {
                assert_eq!(counts_from(*scope, state, last).ok(), from, "{state:?} {last:?}");
            }
        };
        check(State::Checking, None, Some(1));
        check(State::Advised, None, Some(1));
        check(State::Scoring, Some(1), Some(1));
        check(State::Scoring, Some(2), Some(2));
        check(State::Discussion, Some(1), Some(2));
        check(State::Withdrawn, None, None);
        check(State::Confirmed, Some(1), None);
        check(State::Recognised, Some(2), None);
        assert_eq!(counts_from(SeatScope::Council, State::Tallied, Some(1)), Ok(2));
        assert_eq!(
            counts_from(SeatScope::Dossiers, State::Tallied, Some(1)),
            Err(NotReplaced(State::Tallied))
        );
    }
}
