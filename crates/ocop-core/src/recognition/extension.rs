//! A certificate stays in force beyond its term while its holder's re-evaluation is decided
//! (26/2026/QĐ-TTg, Article 12.3).

use chrono::NaiveDate;
use serde::Serialize;

use crate::coded;
use crate::dossiers::State;

coded! {
    /// Why a certificate stays in force while a re-evaluation is decided.
    ExtensionGround {
        /// Filed within the window of Article 7.6a and not decided in time: the decision is silent; our
        /// reading is that nobody who files in time is worse off than who files late.
        InWindow = "in_window", "nộp hồ sơ đánh giá lại đúng thời hạn, chưa có kết quả";
        /// Filed late, as the window could not be kept when the new decision came (Article 12.3).
        Transition = "transition", "nộp hồ sơ đánh giá lại theo quy định chuyển tiếp, chưa có kết quả";
    }
}

/// How long a certificate stays in force while its holder's re-evaluation is decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Extension {
    /// Why.
    pub ground: ExtensionGround,
    /// The last day at most.
    pub until: NaiveDate,
    /// Where the law says so.
    pub cite: String,
}

/// The last day on which an extension that began holds a certificate: to its end at most; one that
/// was ended by a result, a return or a withdrawal, to the day before.
pub fn held_to(until: NaiveDate, ended_on: Option<NaiveDate>) -> NaiveDate {
    match ended_on.and_then(|day| day.pred_opt()) {
        Some(day) => day.min(until),
        None => until,
    }
}

/// The day that a certificate ends on as things stand on `today`: the last day of its term, and once that
/// has passed, of its extension.
pub fn ends_on(today: NaiveDate, valid_until: NaiveDate, last_on: NaiveDate) -> NaiveDate {
    if today <= valid_until { valid_until } else { last_on }
}

impl State {
    /// Whether a dossier in this state has been filed and its result is still to come: what holds a
    /// certificate in force.
    ///
    /// A completion that the province asks for (Article 7.3a) leaves the dossier with it; one that the
    /// commune gives back is filed again. A province's dossier waits for what the centre says, and for
    /// the evaluation that follows.
    pub fn awaits_result(self) -> bool {
        match self {
            Self::AtCommune
            | Self::AtProvince
            | Self::Completing
            | Self::Accepted
            | Self::Checking
            | Self::Advising
            | Self::Advised
            | Self::Scoring
            | Self::Discussion
            | Self::Tallied
            | Self::Confirmed
            | Self::ForCentre
            | Self::AtCentre
            | Self::Fallback
            | Self::Again => true,
            Self::Draft
            | Self::Recognised
            | Self::NotRecognised
            | Self::ReferredBack
            | Self::FiveStars
            | Self::Disqualified
            | Self::Withdrawn => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn an_extension_holds_to_the_day_before_its_end_and_never_beyond_its_last_day() {
        let check = |ended_on: Option<&str>, expected: &str| {
            assert_eq!(held_to(day("2027-03-18"), ended_on.map(day)), day(expected), "{ended_on:?}");
        };
        check(None, "2027-03-18");
        check(Some("2026-12-01"), "2026-11-30");
        check(Some("2027-03-18"), "2027-03-17");
        check(Some("2027-03-19"), "2027-03-18");
        check(Some("2028-01-01"), "2027-03-18");
    }

    #[test]
    fn a_certificate_ends_on_its_paper_until_that_day_has_passed() {
        let check = |today: &str, expected: &str| {
            let ends = ends_on(day(today), day("2026-09-19"), day("2027-03-18"));
            assert_eq!(ends, day(expected), "{today}");
        };
        check("2026-09-19", "2026-09-19");
        check("2026-09-20", "2027-03-18");
        assert_eq!(ends_on(day("2026-10-01"), day("2026-09-19"), day("2026-09-19")), day("2026-09-19"));
    }

    #[test]
    fn only_what_was_filed_and_is_undecided_holds() {
        let waits: Vec<State> = State::ALL.iter().copied().filter(|state| state.awaits_result()).collect();
        let over = State::ALL.iter().filter(|state| state.is_closed() && **state != State::Again);
        assert!(over.clone().count() == 6 && over.into_iter().all(|state| !waits.contains(state)));
        assert!(!waits.contains(&State::Draft) && waits.contains(&State::Completing));
    }
}
