//! When the results of a council go to the leader for signature, which of them go together, and by when he signs.

use chrono::NaiveDate;

use crate::dossiers::State;
use crate::time::{Calendar, Instant};

/// The results of a council do not go to the leader yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotReady {
    /// No result is confirmed that the leader has not seen.
    #[error(
        "Chưa có kết quả nào được Chủ tịch Hội đồng xác nhận để trình ký. \
         Tờ trình lập được sau khi Hội đồng chấm xong và Chủ tịch Hội đồng xác nhận kết quả."
    )]
    Nothing,
    /// The council is not through with what it has begun to score: its minutes are not final.
    #[error(
        "Hội đồng còn {0} hồ sơ đang chấm, đang thảo luận hoặc chờ xác nhận, nên biên bản chưa đủ để trình ký. \
         Hãy lập tờ trình sau khi Chủ tịch Hội đồng xác nhận các kết quả này."
    )]
    Unconfirmed(usize),
}

/// Whether a pack for the leader can be made: it holds `results`, and no dossier of the council (`states`) is
/// between its first ballot and the chair's confirmation.
///
/// # Errors
/// [`NotReady`] with what is still to come.
pub fn ready(states: &[State], results: usize) -> Result<(), NotReady> {
    let begun = |state: &&State| matches!(state, State::Scoring | State::Discussion | State::Tallied);
    match states.iter().filter(begun).count() {
        0 if results == 0 => Err(NotReady::Nothing),
        0 => Ok(()),
        waiting => Err(NotReady::Unconfirmed(waiting)),
    }
}

/// The pack that a result without a decision of its own belongs to, counted from 1: a decision takes every result
/// confirmed until it was recorded. `recorded`: when the council's decisions were recorded, oldest first.
pub fn pack_of(confirmed: Instant, recorded: &[Instant]) -> usize {
    recorded.iter().take_while(|at| **at < confirmed).count() + 1
}

/// The last working day on which a paper can be signed that is due on the earliest of `days`; none without a day.
pub fn sign_by(calendar: &Calendar, days: impl IntoIterator<Item = NaiveDate>) -> Option<NaiveDate> {
    let mut day = days.into_iter().min()?;
    while !calendar.is_working_day(day) {
        day = day.pred_opt()?;
    }
    Some(day)
}

/// What a result is to the star that the product holds: `chưa có → 4 sao`.
pub fn change(before: Option<u8>, stars: Option<u8>) -> String {
    let named = |stars: Option<u8>, none: &str| {
        stars.filter(|stars| *stars > 0).map_or_else(|| none.to_owned(), |stars| format!("{stars} sao"))
    };
    format!("{} → {}", named(before, "chưa có"), named(stars, "bị loại"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn what_is_being_scored_keeps_the_pack_back() {
        let check = |states: &[State], results: usize, expected: Result<(), NotReady>| {
            assert_eq!(ready(states, results), expected, "{states:?}");
        };
        check(&[], 0, Err(NotReady::Nothing));
        check(&[State::Advised, State::Confirmed, State::Recognised], 1, Ok(()));
        check(&[State::Advised], 0, Err(NotReady::Nothing));
        check(&[State::Confirmed, State::Scoring, State::Tallied], 1, Err(NotReady::Unconfirmed(2)));
        check(&[State::Discussion], 0, Err(NotReady::Unconfirmed(1)));
    }

    #[test]
    fn a_result_goes_with_the_first_decision_after_it() {
        let at = |text: &str| Instant::morning(day(text));
        let recorded = [at("2026-11-05"), at("2026-11-20")];
        assert_eq!(pack_of(at("2026-11-04"), &recorded), 1);
        assert_eq!(pack_of(at("2026-11-05"), &recorded), 1, "in the same moment: the decision took it");
        assert_eq!(pack_of(at("2026-11-06"), &recorded), 2);
        assert_eq!(pack_of(at("2026-12-01"), &recorded), 3);
        assert_eq!(pack_of(at("2026-12-01"), &[]), 1);
    }

    #[test]
    fn nobody_signs_on_a_day_off() {
        let calendar = Calendar::load(["year = 2026\nsource = 'thử'\n\
             [[holiday]]\ndate = 2026-09-02\nname = 'Quốc khánh'\n"])
        .unwrap();
        let by = |days: &[&str]| sign_by(&calendar, days.iter().map(|text| day(text)));
        assert_eq!(by(&[]), None);
        assert_eq!(by(&["2026-12-29", "2026-12-18"]), Some(day("2026-12-18")));
        assert_eq!(by(&["2026-12-20"]), Some(day("2026-12-18")), "a Sunday");
        assert_eq!(by(&["2026-09-02"]), Some(day("2026-09-01")), "a holiday");
    }

    #[test]
    fn a_change_is_told_in_stars() {
        assert_eq!(change(None, Some(4)), "chưa có → 4 sao");
        assert_eq!(change(Some(4), Some(3)), "4 sao → 3 sao");
        assert_eq!(change(Some(3), None), "3 sao → bị loại");
    }
}
