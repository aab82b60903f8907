//! Who is told what when a dossier moves on, on which days a deadline is called to mind, and how often a letter of
//! notifications goes out.
//!
//! `snapshots/…told.snap` prints the whole table for an officer to read, and a test keeps it true.

mod letter;
mod wording;

pub use letter::MailState;
pub use wording::{LetterWording, PLACES, UnknownPlace, fill};

use chrono::{Months, NaiveDate};

use crate::coded;
use crate::dossiers::{Event, State};
use crate::time::Instant;

coded! {
    /// Who is told about a step of a dossier.
    Audience {
        /// Those who act for the dossier's producer.
        Producer = "producer", "Chủ thể";
        /// Officers of the commune where it was filed.
        Commune = "commune", "Cán bộ xã của hồ sơ";
        /// Officers of the office whose round it is in.
        Office = "office", "Cơ quan tham mưu mở đợt";
        /// Officers of the province of its commune, when the round is the centre's.
        Province = "province", "Cơ quan tham mưu cấp tỉnh của hồ sơ";
        /// The advisory team.
        Advisors = "advisors", "Tổ tư vấn";
        /// The seats of the council.
        Council = "council", "Thành viên Hội đồng";
        /// The chair of the council.
        Chair = "chair", "Chủ tịch Hội đồng";
    }
}

/// One sentence of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// Who is told.
    pub to: Audience,
    /// What has happened, for that reader.
    pub what: &'static str,
    /// The page about it, under `/dossiers/ID`.
    pub under: &'static str,
    /// Whether it waits for this reader and has a short term: the letter does not wait until the morning.
    pub urgent: bool,
    /// Whether dossiers of one council that come to this step within the minute are one notification: a round is given to its
    /// council, and a session opened, for a hundred dossiers at once.
    pub together: bool,
}

const fn told(to: Audience, what: &'static str, under: &'static str) -> Told {
    Told { to, what, under, urgent: false, together: false }
}

const fn urgent(to: Audience, what: &'static str, under: &'static str) -> Told {
    Told { to, what, under, urgent: true, together: false }
}

const fn together(one: Told) -> Told {
    Told { together: true, ..one }
}

/// Who is told what when an event happens to a dossier that was in the state `from`.
///
/// A seat in conflict of interest with the dossier is told nothing.
pub fn told_of(from: State, event: Event) -> &'static [Told] {
    use Audience::{Advisors, Chair, Commune, Council, Office, Producer, Province};
    const RESULT: Told = told(Producer, "Đã có kết quả đánh giá, phân hạng", "/result");
    const RESULT_TO_COMMUNE: Told = told(Commune, "Đã có kết quả đánh giá, phân hạng", "/result");
    match event {
        Event::Submit if from == State::Completing => {
            const { &[told(Office, "Chủ thể đã nộp phần bổ sung, chờ tiếp nhận", "/reception")] }
        }
        Event::Submit => {
            const { &[told(Commune, "Chủ thể nộp hồ sơ, chờ kiểm tra", "/commune-report")] }
        }
        Event::ReturnByCommune => {
            const { &[urgent(Producer, "Cấp xã trả lại hồ sơ để sửa và nộp lại", "")] }
        }
        Event::Propose => {
            const {
                &[
                    told(Producer, "Cấp xã đã đề nghị tỉnh đánh giá", ""),
                    told(Office, "Cấp xã đề nghị đánh giá, chờ tiếp nhận", "/reception"),
                ]
            }
        }
        Event::ReturnByProvince => {
            const {
                &[
                    urgent(Producer, "Cơ quan tham mưu yêu cầu bổ sung hồ sơ", ""),
                    told(Commune, "Cơ quan tham mưu yêu cầu chủ thể bổ sung hồ sơ", ""),
                ]
            }
        }
        Event::Accept if from == State::AtCentre => {
            const { &[told(Province, "Trung ương đã tiếp nhận hồ sơ", "")] }
        }
        Event::Accept => {
            const {
                &[
                    told(Producer, "Hồ sơ đã được tiếp nhận vào đợt đánh giá", ""),
                    told(Commune, "Hồ sơ đã được tiếp nhận vào đợt đánh giá", ""),
                ]
            }
        }
        Event::Assign => const { &[together(told(Advisors, "Có hồ sơ mới để tư vấn", "/advice"))] },
        Event::FileReport | Event::FileCheck => {
            const { &[told(Chair, "Đã có báo cáo, hồ sơ sẵn sàng để chấm điểm", "")] }
        }
        Event::OpenScoring => const { &[together(urgent(Council, "Đã mở chấm điểm", "/scoring"))] },
        Event::OpenTurn => const { &[urgent(Council, "Đã mở lần chấm tiếp theo", "/scoring")] },
        Event::Agree => const { &[told(Chair, "Đủ phiếu, chờ xác nhận kết quả", "/scoring")] },
        Event::Differ => {
            const { &[urgent(Chair, "Đủ phiếu, điểm chênh lệch cần thảo luận", "/scoring")] }
        }
        Event::Settle => {
            const {
                &[told(Chair, "Chênh lệch đã trong giới hạn, chờ xác nhận kết quả", "/scoring")]
            }
        }
        Event::Part => {
            const { &[urgent(Chair, "Phiếu vừa sửa, điểm chênh lệch cần thảo luận", "/scoring")] }
        }
        Event::Confirm => {
            const {
                &[told(Office, "Chủ tịch đã xác nhận kết quả, chờ trình quyết định", "/result"), RESULT]
            }
        }
        Event::Disqualify => {
            const {
                &[
                    told(Office, "Chủ tịch đã xác nhận hồ sơ bị loại", "/result"),
                    told(Producer, "Hồ sơ bị loại, xem lý do ở trang kết quả", "/result"),
                    told(Commune, "Hồ sơ bị loại, xem lý do ở trang kết quả", "/result"),
                ]
            }
        }
        Event::Recognise => {
            const {
                &[
                    told(Producer, "Sản phẩm đã được công nhận", ""),
                    told(Commune, "Sản phẩm đã được công nhận", ""),
                ]
            }
        }
        Event::NotifyResult | Event::CloseAfterCentre => const { &[RESULT, RESULT_TO_COMMUNE] },
        Event::Forward => {
            const {
                &[
                    told(Producer, "Kết quả đã được phê duyệt để trình trung ương", ""),
                    told(Commune, "Kết quả đã được phê duyệt để trình trung ương", ""),
                ]
            }
        }
        Event::ReferBack => {
            const { &[told(Province, "Trung ương thông báo kết quả chưa đạt 5 sao", "/result")] }
        }
        Event::HearFiveStars => {
            const {
                &[
                    told(Producer, "Trung ương đã công nhận 5 sao", ""),
                    told(Commune, "Trung ương đã công nhận 5 sao", ""),
                ]
            }
        }
        Event::HearRefusal => {
            const {
                &[told(Producer, "Trung ương chưa công nhận 5 sao, tỉnh sẽ quyết định tiếp", "")]
            }
        }
        Event::RecogniseOnCentre => {
            const {
                &[
                    told(Producer, "Tỉnh công nhận sản phẩm theo kết quả của trung ương", ""),
                    told(Commune, "Tỉnh công nhận sản phẩm theo kết quả của trung ương", ""),
                ]
            }
        }
        Event::EvaluateAgain => {
            const { &[told(Producer, "Tỉnh tổ chức đánh giá lại theo thẩm quyền", "")] }
        }
        Event::Withdraw => match from {
            State::AtCommune => const { &[told(Commune, "Chủ thể đã rút hồ sơ", "")] },
            State::AtProvince
            | State::AtCentre
            | State::Completing
            | State::Accepted
            | State::Checking
            | State::Advising
            | State::Advised => {
                const {
                    &[told(Commune, "Chủ thể đã rút hồ sơ", ""), told(Office, "Chủ thể đã rút hồ sơ", "")]
                }
            }
            State::Draft
            | State::Scoring
            | State::Discussion
            | State::Tallied
            | State::Confirmed
            | State::Recognised
            | State::NotRecognised
            | State::ForCentre
            | State::ReferredBack
            | State::FiveStars
            | State::Fallback
            | State::Again
            | State::Disqualified
            | State::Withdrawn => &[],
        },
        Event::AssignRenewal | Event::KeepResult => &[],
    }
}

/// Days before a deadline on which it is called to mind; below zero, days after it.
pub const DEADLINE_DAYS: [i64; 7] = [7, 3, 1, 0, -1, -7, -14];

/// Months before the last day of a certificate on which it is called to mind: a year to plan, then each month of the
/// time in which a re-evaluation is prepared and filed (26/2026/QĐ-TTg, Article 7.6a: 180 to 120 days before).
pub const EXPIRY_MONTHS: [u32; 5] = [12, 7, 6, 5, 4];

/// Whether one of the days of [`DEADLINE_DAYS`] has come since `last`, the day of the last reminding: the latest.
pub fn deadline_reminder(due: NaiveDate, last: NaiveDate, today: NaiveDate) -> Option<i64> {
    let come = |left: &&i64| (due - last).num_days() > **left && (due - today).num_days() <= **left;
    DEADLINE_DAYS.iter().rev().find(come).copied()
}

/// Whether one of the days of [`EXPIRY_MONTHS`] has come since `last`: how many months are left.
pub fn expiry_reminder(valid_until: NaiveDate, last: NaiveDate, today: NaiveDate) -> Option<u32> {
    let day = |months: u32| valid_until.checked_sub_months(Months::new(months));
    let come = |months: &&u32| day(**months).is_some_and(|day| last < day && day <= today);
    EXPIRY_MONTHS.iter().rev().find(come).copied()
}

/// What the last months of a certificate are for, by [`EXPIRY_MONTHS`].
pub fn expiry_words(months: u32) -> &'static str {
    match months {
        4 => "sắp hết thời gian nộp hồ sơ đánh giá lại",
        5 => "đang trong thời gian nộp hồ sơ đánh giá lại",
        6 => "đến thời gian nộp hồ sơ đánh giá lại",
        7 => "chuẩn bị hồ sơ đánh giá lại",
        _ => "lên kế hoạch nâng hạng hoặc đánh giá lại",
    }
}

/// How long the next letter with something urgent waits after the one before, in minutes.
const URGENT_APART: i64 = 60;

/// Whether a letter with a person's new notifications goes out now: one each morning from eight o'clock in Vietnam, and at
/// most one an hour when something urgent is among them.
pub fn letter_goes(now: Instant, last: Option<Instant>, urgent: bool) -> bool {
    let rested = last.is_none_or(|last| last.plus_minutes(URGENT_APART) <= now);
    let morning = Instant::morning(now.day());
    let daily = now >= morning && last.is_none_or(|last| last < morning);
    daily || (urgent && rested)
}

/// Minutes until a letter is tried again after so many failures in a row; `None` when it is given up: after two days.
pub fn try_again_in(failures: i64) -> Option<i64> {
    const MINUTES: [i64; 5] = [5, 30, 120, 720, 2_160];
    usize::try_from(failures).ok()?.checked_sub(1).and_then(|at| MINUTES.get(at)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// The table as an officer reads it.
    fn table() -> String {
        let mut lines = String::from("Bước · sự kiện → ai được báo (! báo ngay): nội dung\n");
        for state in State::ALL {
            for event in Event::ALL {
                if crate::dossiers::step(*state, *event).is_ok() {
                    for told in told_of(*state, *event) {
                        let mark = if told.urgent { " (!)" } else { "" };
                        let to = told.to.name();
                        lines.push_str(&format!(
                            "{} · {} → {to}{mark}: {}\n",
                            state.name(),
                            event.name(),
                            told.what
                        ));
                    }
                }
            }
        }
        lines
    }

    #[test]
    fn the_printed_table_says_who_is_told() {
        insta::assert_snapshot!("told", table());
    }

    #[test]
    fn a_deadline_is_called_to_mind_on_its_days_once() {
        let due = day("2026-12-10");
        let check = |last: &str, today: &str, expected: Option<i64>| {
            assert_eq!(deadline_reminder(due, day(last), day(today)), expected, "{last} to {today}");
        };
        check("2026-12-01", "2026-12-02", None);
        check("2026-12-02", "2026-12-03", Some(7));
        check("2026-12-03", "2026-12-04", None);
        check("2026-12-06", "2026-12-07", Some(3));
        check("2026-12-08", "2026-12-09", Some(1));
        check("2026-12-09", "2026-12-10", Some(0));
        check("2026-12-10", "2026-12-11", Some(-1));
        check("2026-12-11", "2026-12-12", None);
        check("2026-12-23", "2026-12-24", Some(-14));
        check("2026-12-24", "2027-03-01", None);
        // The machine stood still: the latest of the days missed, once.
        check("2026-12-01", "2026-12-08", Some(3));
        check("2026-12-08", "2026-12-08", None);
    }

    #[test]
    fn a_certificate_is_called_to_mind_a_year_and_months_before() {
        let until = day("2029-12-19");
        let check = |last: &str, today: &str, expected: Option<u32>| {
            assert_eq!(expiry_reminder(until, day(last), day(today)), expected, "{last} to {today}");
        };
        check("2028-12-18", "2028-12-19", Some(12));
        check("2028-12-19", "2028-12-20", None);
        check("2029-05-18", "2029-05-19", Some(7));
        check("2029-06-18", "2029-06-19", Some(6));
        check("2029-07-18", "2029-07-20", Some(5));
        check("2029-08-18", "2029-08-19", Some(4));
        check("2029-09-18", "2029-09-19", None);
        check("2028-01-01", "2029-07-01", Some(6));
    }

    #[test]
    fn a_letter_goes_each_morning_and_sooner_when_it_must() {
        let at = |text: &str| text.parse::<Instant>().unwrap();
        let check = |now: &str, last: Option<&str>, urgent: bool, expected: bool| {
            assert_eq!(letter_goes(at(now), last.map(at), urgent), expected, "{now} after {last:?}");
        };
        // 01:00 UTC is eight in the morning in Vietnam.
        check("2026-11-27T00:59:00Z", None, false, false);
        check("2026-11-27T01:00:00Z", None, false, true);
        check("2026-11-27T01:00:00Z", Some("2026-11-26T09:00:00Z"), false, true);
        check("2026-11-27T09:00:00Z", Some("2026-11-27T01:00:00Z"), false, false);
        check("2026-11-27T09:00:00Z", Some("2026-11-27T01:00:00Z"), true, true);
        check("2026-11-27T01:30:00Z", Some("2026-11-27T01:00:00Z"), true, false);
        check("2026-11-26T20:00:00Z", None, true, true);
    }

    #[test]
    fn a_letter_that_fails_is_tried_for_two_days() {
        let waits: Vec<_> = (0..7).map(try_again_in).collect();
        assert_eq!(waits, [None, Some(5), Some(30), Some(120), Some(720), Some(2_160), None]);
    }
}
