//! What a paper's last day means: for the paper itself, for a dossier that waits for its result, for a
//! certificate that rests on it.

use chrono::NaiveDate;

use crate::time::date;

/// How long before its last day a paper is told to end soon, in days: a new test report takes weeks. Ours;
/// no decision names a number.
pub const SOON_DAYS: i64 = 60;

/// How a paper stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Term {
    /// No last day, or a distant one.
    Good,
    /// In force, but not for long.
    Soon {
        /// Its last day.
        last_day: NaiveDate,
        /// Days left, 0 on the last day.
        left: i64,
    },
    /// In force today, but no longer when the result of the dossier is due.
    BeforeResult {
        /// Its last day.
        last_day: NaiveDate,
        /// The day by which the result is due.
        result_by: NaiveDate,
    },
    /// Its last day has passed.
    Expired {
        /// Its last day.
        last_day: NaiveDate,
    },
}

/// How a paper with a last day stands `today`; `result_by` is the day by which the result of the dossier that
/// cites it is due, `None` outside of a dossier under way.
pub fn term(last_day: Option<NaiveDate>, today: NaiveDate, result_by: Option<NaiveDate>) -> Term {
    let Some(last_day) = last_day else { return Term::Good };
    let left = (last_day - today).num_days();
    match result_by {
        _ if left < 0 => Term::Expired { last_day },
        Some(result_by) if last_day < result_by => Term::BeforeResult { last_day, result_by },
        Some(_) | None if left <= SOON_DAYS => Term::Soon { last_day, left },
        Some(_) | None => Term::Good,
    }
}

/// How a paper that a certificate rests on stands `today`: nothing is told of one that holds as long as the
/// certificate, whose own last day is `valid_until`.
pub fn term_behind(last_day: Option<NaiveDate>, today: NaiveDate, valid_until: NaiveDate) -> Term {
    term(last_day.filter(|last_day| *last_day < valid_until), today, None)
}

impl Term {
    /// Whether its last day has passed.
    pub fn is_expired(self) -> bool {
        matches!(self, Self::Expired { .. })
    }

    /// What is wrong, as it follows the name of the paper; empty when nothing is.
    pub fn told(self) -> String {
        match self {
            Self::Good => String::new(),
            Self::Soon { last_day, left: 0 } => format!("hết hạn hôm nay, {}", date(last_day)),
            Self::Soon { last_day, left } => format!("còn {left} ngày là hết hạn ({})", date(last_day)),
            Self::BeforeResult { last_day, result_by } => {
                format!("sẽ hết hạn ngày {}, trước hạn có kết quả {}", date(last_day), date(result_by))
            }
            Self::Expired { last_day } => format!("đã hết hạn ngày {}", date(last_day)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paper_is_told_before_it_spoils_a_dossier() {
        let day = |text: &str| -> NaiveDate { text.parse().unwrap() };
        let today = day("2026-11-27");
        let check = |last_day: &str, result_by: &str, expected: &str| {
            let found = term(last_day.parse().ok(), today, result_by.parse().ok());
            assert_eq!(found.told(), expected, "{last_day} {result_by}");
            assert_eq!(found.is_expired(), expected.starts_with("đã"), "{last_day}");
        };
        check("", "2026-12-30", "");
        check("2026-11-26", "2026-12-30", "đã hết hạn ngày 26/11/2026");
        check("2026-11-26", "", "đã hết hạn ngày 26/11/2026");
        check("2026-11-27", "", "hết hạn hôm nay, 27/11/2026");
        check("2026-12-29", "2026-12-30", "sẽ hết hạn ngày 29/12/2026, trước hạn có kết quả 30/12/2026");
        check("2026-12-30", "2026-12-30", "còn 33 ngày là hết hạn (30/12/2026)");
        check("2027-01-26", "", "còn 60 ngày là hết hạn (26/01/2027)");
        check("2027-01-27", "", "");
        check("2027-01-27", "2027-03-30", "sẽ hết hạn ngày 27/01/2027, trước hạn có kết quả 30/03/2027");
    }

    #[test]
    fn a_paper_is_told_when_it_ends_before_the_certificate_that_rests_on_it() {
        let day = |text: &str| -> NaiveDate { text.parse().unwrap() };
        for (last_day, valid_until, expected) in [
            ("", "2027-01-01", ""),
            ("2026-11-26", "2027-01-01", "đã hết hạn ngày 26/11/2026"),
            ("2026-12-31", "2027-01-01", "còn 34 ngày là hết hạn (31/12/2026)"),
            ("2027-01-01", "2027-01-01", ""),
            ("2027-02-01", "2029-01-01", ""),
        ] {
            let found = term_behind(last_day.parse().ok(), day("2026-11-27"), day(valid_until));
            assert_eq!(found.told(), expected, "{last_day} {valid_until}");
        }
    }
}
