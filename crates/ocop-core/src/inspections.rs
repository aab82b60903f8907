//! Inspection after recognition (26/2026/QĐ-TTg, Article 9): planned and unannounced visits, what they
//! find, what is to be done by when, and when a visit is over.

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use crate::coded;
use crate::evidence::MediaType;
use crate::time::date;

coded! {
    /// Why a visit is made.
    InspectionKind {
        /// By the office's plan of the year (Article 9.2: periodic).
        Planned = "planned", "Kiểm tra theo kế hoạch";
        /// Without notice, when there is a reason (Article 9.2: unannounced).
        Unannounced = "unannounced", "Kiểm tra đột xuất";
        /// To see whether the measures of an earlier visit were taken.
        FollowUp = "follow_up", "Kiểm tra lại";
    }
}

coded! {
    /// Where a visit stands.
    InspectionState {
        /// Its day is set.
        Planned = "planned", "Chờ kiểm tra";
        /// It was made; measures or the producer's answer may be open.
        Recorded = "recorded", "Đã kiểm tra, đang theo dõi";
        /// Nothing is open any more.
        Closed = "closed", "Đã kết thúc";
        /// It was not made.
        Cancelled = "cancelled", "Đã hủy";
    }
}

coded! {
    /// What happens to a visit.
    InspectionEvent {
        /// The record is written, or corrected before it is signed.
        Record = "record", "Ghi biên bản";
        /// A photograph is added.
        Photograph = "photograph", "Thêm ảnh";
        /// The signed record takes its number.
        Number = "number", "Cấp số biên bản";
        /// The producer answers.
        Answer = "answer", "Chủ thể trả lời";
        /// The office ends it.
        Close = "close", "Kết thúc";
        /// The office gives it up.
        Cancel = "cancel", "Hủy";
    }
}

/// The visit cannot take this step from here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "Chưa làm được «{}»: cuộc kiểm tra ở trạng thái «{}». Tải lại trang để xem trạng thái mới nhất.",
    .event.name(), .state.name()
)]
pub struct InspectionNotFrom {
    /// Where it stands.
    pub state: InspectionState,
    /// What was to happen.
    pub event: InspectionEvent,
}

/// Where a visit stands after an event.
///
/// # Errors
/// [`InspectionNotFrom`] when the event cannot happen here.
pub fn step(state: InspectionState, event: InspectionEvent) -> Result<InspectionState, InspectionNotFrom> {
    use InspectionEvent::{Answer, Cancel, Close, Number, Photograph, Record};
    let next = match state {
        InspectionState::Planned => match event {
            Record => Some(InspectionState::Recorded),
            Cancel => Some(InspectionState::Cancelled),
            Photograph | Number | Answer | Close => None,
        },
        InspectionState::Recorded => match event {
            Record | Photograph | Number | Answer => Some(InspectionState::Recorded),
            Close => Some(InspectionState::Closed),
            Cancel => None,
        },
        InspectionState::Closed => match event {
            Number => Some(InspectionState::Closed),
            Record | Photograph | Answer | Close | Cancel => None,
        },
        InspectionState::Cancelled => match event {
            Record | Photograph | Number | Answer | Close | Cancel => None,
        },
    };
    next.ok_or(InspectionNotFrom { state, event })
}

/// Whether producer and commune see a visit: an unannounced one only once it was made.
pub fn is_announced(kind: InspectionKind, state: InspectionState) -> bool {
    match (kind, state) {
        (InspectionKind::Planned | InspectionKind::FollowUp, _)
        | (InspectionKind::Unannounced, InspectionState::Recorded | InspectionState::Closed) => true,
        (InspectionKind::Unannounced, InspectionState::Planned | InspectionState::Cancelled) => false,
    }
}

/// Code and name of what a visit looks at beside the criteria: Article 9.3b.
pub const MARK: (&str, &str) = ("NH", "Sử dụng nhãn hiệu OCOP, thông tin, quảng bá");

/// What was found about one criterion of the certificate's product set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Code of the criterion.
    pub code: String,
    /// Its name as it was read that day.
    pub name: String,
    /// Whether what was recognised still holds.
    pub met: bool,
    /// What was found.
    pub text: String,
}

/// What the producer is to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measure {
    /// What.
    pub text: String,
    /// By when.
    pub due_on: NaiveDate,
    /// What the producer says was done; empty before.
    pub answer: String,
    /// Whether the office holds it for done.
    pub done: bool,
}

/// A photograph of a visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Photo {
    /// SHA-256 of the file.
    pub file: String,
    /// Its type.
    pub media_type: MediaType,
    /// What it shows.
    pub caption: String,
}

/// The record of a visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The day.
    pub held_on: NaiveDate,
    /// When it began.
    pub began: Option<NaiveTime>,
    /// When it ended.
    pub ended: Option<NaiveTime>,
    /// Where.
    pub place: String,
    /// Who was there for the producer and the commune, one a line.
    pub present: String,
    /// What was found, in the order of the set; the use of the mark comes last ([`MARK`]).
    pub findings: Vec<Finding>,
    /// What is to be done.
    pub measures: Vec<Measure>,
    /// What the producer said at the visit.
    pub said: String,
    /// Photographs.
    pub photos: Vec<Photo>,
}

impl Record {
    /// Findings that what was recognised no longer holds.
    pub fn unmet(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| !finding.met)
    }

    /// The next day that something is due: the earliest of the measures that are open.
    pub fn due_on(&self) -> Option<NaiveDate> {
        self.measures.iter().filter(|measure| !measure.done).map(|measure| measure.due_on).min()
    }

    /// What an officer would suspect from the visit: the unmet criteria and what was found, a line each.
    pub fn facts(&self) -> String {
        let lines =
            self.unmet().map(|finding| format!("{} {}: {}", finding.code, finding.name, finding.text));
        let head = format!("Kiểm tra ngày {}, tại {}.", date(self.held_on), self.place);
        [head].into_iter().chain(lines).collect::<Vec<_>>().join("\n")
    }
}

/// A time of day as people write it: `8:30`, `08h30`; none when it is no time.
pub fn time_of_day(typed: &str) -> Option<NaiveTime> {
    let (hours, minutes) = typed.trim().split_once([':', 'h', 'g'])?;
    let number = |text: &str, limit: u32| {
        let fits = (1..=2).contains(&text.len()) && text.bytes().all(|digit| digit.is_ascii_digit());
        text.parse::<u32>().ok().filter(|number| fits && *number < limit)
    };
    NaiveTime::from_hms_opt(number(hours, 24)?, number(minutes, 60)?, 0)
}

/// Measures are open and nothing was arranged to see to them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "Chưa kết thúc được: còn {0} biện pháp chưa xong. Đánh dấu biện pháp đã làm xong, hoặc lên lịch kiểm tra lại, hoặc mở xác minh căn cứ thu hồi trước."
)]
pub struct StillOpen(pub usize);

/// Whether a visit may end: every measure is done, or a follow-up visit or a verification takes over.
///
/// # Errors
/// [`StillOpen`] with the number of measures.
pub fn may_close(record: &Record, followed: bool, verified: bool) -> Result<(), StillOpen> {
    match record.measures.iter().filter(|measure| !measure.done).count() {
        0 => Ok(()),
        _ if followed || verified => Ok(()),
        open => Err(StillOpen(open)),
    }
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
        for state in InspectionState::ALL {
            for event in InspectionEvent::ALL {
                if let Ok(next) = step(*state, *event) {
                    lines.push_str(&format!("{} · {} → {}\n", state.name(), event.name(), next.name()));
                }
            }
        }
        lines.push_str("\nChủ thể và xã thấy cuộc kiểm tra\n");
        for kind in InspectionKind::ALL {
            for state in InspectionState::ALL {
                let seen = if is_announced(*kind, *state) { "thấy" } else { "không thấy" };
                lines.push_str(&format!("{} · {}: {seen}\n", kind.name(), state.name()));
            }
        }
        lines
    }

    #[test]
    fn the_printed_table_is_the_life_of_a_visit() {
        insta::assert_snapshot!("inspections", table());
    }

    fn record(done: &[bool]) -> Record {
        let measure = |done: &bool| Measure {
            text: "Sửa nhãn".to_owned(),
            due_on: day("2027-03-20"),
            answer: String::new(),
            done: *done,
        };
        Record {
            held_on: day("2027-03-01"),
            began: None,
            ended: None,
            place: "xưởng".to_owned(),
            present: String::new(),
            findings: Vec::new(),
            measures: done.iter().map(measure).collect(),
            said: String::new(),
            photos: Vec::new(),
        }
    }

    #[test]
    fn a_visit_ends_when_its_measures_are_seen_to() {
        assert_eq!(may_close(&record(&[]), false, false), Ok(()));
        assert_eq!(may_close(&record(&[true, true]), false, false), Ok(()));
        assert_eq!(may_close(&record(&[true, false, false]), false, false), Err(StillOpen(2)));
        assert_eq!(may_close(&record(&[false]), true, false), Ok(()));
        assert_eq!(may_close(&record(&[false]), false, true), Ok(()));
    }

    #[test]
    fn only_open_measures_are_due() {
        assert_eq!(record(&[true]).due_on(), None);
        assert_eq!(record(&[true, false]).due_on(), Some(day("2027-03-20")));
    }

    #[test]
    fn a_time_is_read_as_people_write_it() {
        for (typed, read) in [("8:30", "08:30"), (" 14h05 ", "14:05"), ("9g0", "09:00"), ("23:59", "23:59")] {
            let shown = time_of_day(typed).map(|time| time.format("%H:%M").to_string());
            assert_eq!(shown.as_deref(), Some(read), "{typed}");
        }
        for typed in ["", "8", "24:00", "8:60", "-1:00", "+8:00", "8:300", "a:b"] {
            assert_eq!(time_of_day(typed), None, "{typed}");
        }
    }
}
