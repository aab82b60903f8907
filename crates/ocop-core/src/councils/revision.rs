//! One criterion of a sealed ballot revised after discussion, without another turn.

use super::CouncilSettings;
use crate::dossiers::{Event, State};
use crate::rules::Hearing;

/// Why a ballot cannot be revised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoRevision {
    /// Ballots are not open to the council.
    #[error("Hồ sơ đang ở bước «{}»: phiếu chưa mở, chưa có gì để sửa sau thảo luận.", .0.name())]
    NotOpened(State),
    /// The council has not discussed.
    #[error(
        "Điểm của các thành viên trong giới hạn nên Hội đồng không thảo luận hồ sơ này; phiếu đã niêm giữ nguyên."
    )]
    NotDiscussed,
    /// The result is the council's word.
    #[error("Chủ tịch đã xác nhận kết quả, phiếu không sửa được nữa.")]
    Closed,
    /// The council has to meet first.
    #[error(
        "Ý kiến bằng văn bản khác nhau thì Hội đồng phải họp (Điều 7 khoản 6 điểm d). Hãy chờ Chủ tịch mở lần \
         chấm tại cuộc họp."
    )]
    Written,
    /// The rules of work ask for another turn.
    #[error(
        "Quy chế của Hội đồng yêu cầu chấm lại khi chênh lệch vượt giới hạn. Hãy chờ Chủ tịch mở lần chấm tiếp theo."
    )]
    MustRescore,
    /// Nothing but one criterion in a turn.
    #[error(
        "Bạn đã sửa một tiêu chí ở lần chấm này; mỗi lần chấm chỉ sửa một tiêu chí. Cần sửa nữa thì đề nghị Chủ tịch \
         mở lần chấm tiếp theo."
    )]
    Once,
}

/// A finished turn as far as it decides about revisions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FinishedTurn {
    /// Counted from 1.
    pub no: u16,
    /// Highest total less the lowest.
    pub spread: u16,
    /// Whether the council discussed: the turn follows another one, was kept with a reason, or was revised.
    pub discussed: bool,
    /// How the council came together.
    pub hearing: Hearing,
}

/// Whether members may revise one criterion of their sealed ballots now: while the council discusses, and
/// afterwards until the chair confirms. A council that never had to discuss a dossier leaves its ballots alone;
/// one whose rules ask for another turn, and one that wrote its opinions, has to hold it.
///
/// # Errors
/// [`NoRevision`] says why not.
pub fn may_revise(state: State, settings: &CouncilSettings, turn: FinishedTurn) -> Result<(), NoRevision> {
    match state {
        State::Draft
        | State::AtCommune
        | State::AtProvince
        | State::AtCentre
        | State::Completing
        | State::Accepted
        | State::Checking
        | State::Advising
        | State::Advised
        | State::Withdrawn
        | State::Scoring => Err(NoRevision::NotOpened(state)),
        State::Discussion if turn.hearing == Hearing::Written => Err(NoRevision::Written),
        State::Discussion if turn.spread > settings.spread_limit && !settings.may_keep(turn.no) => {
            Err(NoRevision::MustRescore)
        }
        State::Discussion => Ok(()),
        State::Tallied if turn.discussed => Ok(()),
        State::Tallied => Err(NoRevision::NotDiscussed),
        State::Confirmed
        | State::Recognised
        | State::NotRecognised
        | State::ForCentre
        | State::ReferredBack
        | State::FiveStars
        | State::Fallback
        | State::Again
        | State::Disqualified => Err(NoRevision::Closed),
    }
}

/// What a revision does to the dossier: it may end the discussion, or call for it again. `apart`: whether the
/// tally of the newest values calls for discussion.
pub fn after_revision(state: State, apart: bool) -> Option<Event> {
    if state == State::Discussion && !apart {
        Some(Event::Settle)
    } else if state == State::Tallied && apart {
        Some(Event::Part)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::super::SpreadRule;
    use super::super::settings::tests::settings;
    use super::*;
    use crate::dossiers::step;

    const FIRST: FinishedTurn =
        FinishedTurn { no: 1, spread: 15, discussed: false, hearing: Hearing::Meeting };

    fn may(state: State, turn: FinishedTurn) -> Result<(), NoRevision> {
        may_revise(state, &settings(), turn)
    }

    #[test]
    fn a_ballot_is_revised_after_discussion_and_before_the_chairs_word() {
        for state in State::ALL {
            for discussed in [false, true] {
                let open = *state == State::Discussion || *state == State::Tallied && discussed;
                let turn = FinishedTurn { discussed, ..FIRST };
                assert_eq!(may(*state, turn).is_ok(), open, "{state:?} {discussed}");
            }
        }
        assert_eq!(may(State::Scoring, FIRST), Err(NoRevision::NotOpened(State::Scoring)));
        assert_eq!(may(State::Confirmed, FIRST), Err(NoRevision::Closed));
    }

    #[test]
    fn a_turn_that_must_be_held_is_not_talked_away() {
        let written = FinishedTurn { hearing: Hearing::Written, ..FIRST };
        assert_eq!(may(State::Discussion, written), Err(NoRevision::Written));
        let strict = CouncilSettings { spread_rule: SpreadRule::Rescore, ..settings() };
        let check = |turn, open: bool| {
            assert_eq!(may_revise(State::Discussion, &strict, turn).is_ok(), open, "{turn:?}");
        };
        check(FIRST, false);
        check(FinishedTurn { no: 2, ..FIRST }, true);
        check(FinishedTurn { spread: 10, ..FIRST }, true);
    }

    #[test]
    fn the_newest_values_decide_whether_the_council_goes_on_discussing() {
        let check = |state, apart, next: Option<State>| {
            let event = after_revision(state, apart);
            assert_eq!(event.map(|event| step(state, event).unwrap()), next, "{state:?} {apart}");
        };
        check(State::Discussion, false, Some(State::Tallied));
        check(State::Discussion, true, None);
        check(State::Tallied, true, Some(State::Discussion));
        check(State::Tallied, false, None);
    }
}
