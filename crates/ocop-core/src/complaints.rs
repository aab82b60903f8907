//! Complaints: of a producer about a result, of anybody about a certified product or the use of the mark.

use chrono::{Days, NaiveDate};

use crate::coded;
use crate::rules::ComplaintDays;

coded! {
    /// What a complaint is about.
    ComplaintKind {
        /// A producer holds the result of its dossier for wrong.
        Result = "result", "Khiếu nại kết quả đánh giá";
        /// A certified product is not what it is certified to be.
        Product = "product", "Phản ánh về sản phẩm";
        /// The mark OCOP or the stars are used wrongly.
        Mark = "mark", "Phản ánh về sử dụng nhãn hiệu OCOP";
    }
}

coded! {
    /// Where a complaint stands.
    ComplaintState {
        /// It came in.
        Filed = "filed", "Mới nhận";
        /// The office takes it up.
        Admitted = "admitted", "Đang giải quyết";
        /// The office does not take it up.
        Refused = "refused", "Không thụ lý";
        /// It was answered.
        Answered = "answered", "Đã trả lời";
        /// Whoever filed it took it back.
        Withdrawn = "withdrawn", "Đã rút";
    }
}

coded! {
    /// What happens to a complaint.
    ComplaintEvent {
        /// The office takes it up.
        Admit = "admit", "Thụ lý";
        /// The office gives the reason for which it does not.
        Refuse = "refuse", "Không thụ lý";
        /// The office answers.
        Answer = "answer", "Trả lời";
        /// Whoever filed it takes it back.
        Withdraw = "withdraw", "Rút";
    }
}

/// The complaint cannot take this step from here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "Chưa làm được «{}»: đơn ở trạng thái «{}». Tải lại trang để xem trạng thái mới nhất.",
    .event.name(), .state.name()
)]
pub struct ComplaintNotFrom {
    /// Where it stands.
    pub state: ComplaintState,
    /// What was to happen.
    pub event: ComplaintEvent,
}

/// Where a complaint stands after an event.
///
/// # Errors
/// [`ComplaintNotFrom`] when the event cannot happen here.
pub fn step(state: ComplaintState, event: ComplaintEvent) -> Result<ComplaintState, ComplaintNotFrom> {
    use ComplaintEvent::{Admit, Answer, Refuse, Withdraw};
    let next = match state {
        ComplaintState::Filed => match event {
            Admit => Some(ComplaintState::Admitted),
            Refuse => Some(ComplaintState::Refused),
            Withdraw => Some(ComplaintState::Withdrawn),
            Answer => None,
        },
        ComplaintState::Admitted => match event {
            Answer => Some(ComplaintState::Answered),
            Withdraw => Some(ComplaintState::Withdrawn),
            Admit | Refuse => None,
        },
        ComplaintState::Refused | ComplaintState::Answered | ComplaintState::Withdrawn => match event {
            Admit | Refuse | Answer | Withdraw => None,
        },
    };
    next.ok_or(ComplaintNotFrom { state, event })
}

/// By when the office has to do its next step; none when nothing is to be done.
pub fn due_on(
    state: ComplaintState,
    filed_on: NaiveDate,
    admitted_on: Option<NaiveDate>,
    days: ComplaintDays,
) -> Option<NaiveDate> {
    let after = |day: NaiveDate, count: u32| day.checked_add_days(Days::new(count.into()));
    match state {
        ComplaintState::Filed => after(filed_on, days.admit),
        ComplaintState::Admitted => admitted_on.and_then(|day| after(day, days.answer)),
        ComplaintState::Refused | ComplaintState::Answered | ComplaintState::Withdrawn => None,
    }
}

/// The last day of a complaint about a result that was told on a day.
pub fn file_by(told_on: NaiveDate, days: ComplaintDays) -> NaiveDate {
    told_on.checked_add_days(Days::new(days.file.into())).unwrap_or(told_on)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// The table as an officer reads it.
    fn table() -> String {
        let mut lines = String::from("Trạng thái · việc → trạng thái sau\n");
        for state in ComplaintState::ALL {
            for event in ComplaintEvent::ALL {
                if let Ok(next) = step(*state, *event) {
                    lines.push_str(&format!("{} · {} → {}\n", state.name(), event.name(), next.name()));
                }
            }
        }
        lines
    }

    #[test]
    fn the_printed_table_is_the_life_of_a_complaint() {
        insta::assert_snapshot!("complaints", table());
    }

    #[test]
    fn the_office_has_days_to_take_it_up_and_to_answer() {
        let days = ComplaintDays { file: 90, admit: 10, answer: 30 };
        let (filed, admitted) = (day("2026-11-02"), Some(day("2026-11-10")));
        assert_eq!(due_on(ComplaintState::Filed, filed, None, days), Some(day("2026-11-12")));
        assert_eq!(due_on(ComplaintState::Admitted, filed, admitted, days), Some(day("2026-12-10")));
        for over in [ComplaintState::Refused, ComplaintState::Answered, ComplaintState::Withdrawn] {
            assert_eq!(due_on(over, filed, admitted, days), None);
        }
        assert_eq!(file_by(day("2026-11-02"), days), day("2027-01-31"));
    }
}
