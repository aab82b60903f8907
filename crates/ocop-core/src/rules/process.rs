//! The procedure of a regime as data: who does what, by when, and how rules change over.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::coded;
use crate::councils::CouncilSettings;

coded! {
    /// A level of the administration, from below.
    Tier {
        /// Xã, phường, đặc khu.
        Commune = "commune", "Cấp xã";
        /// Huyện, until 30/6/2025.
        District = "district", "Cấp huyện";
        /// Tỉnh, thành phố.
        Province = "province", "Cấp tỉnh";
        /// The ministry.
        Centre = "centre", "Trung ương";
    }
}

coded! {
    /// What a level does with a dossier.
    Duty {
        /// Receives it and reports on it; scores nothing.
        Assess = "assess", "nhận hồ sơ, đánh giá một số nội dung, đề nghị cấp trên";
        /// Scores it and forwards it; recognises nothing.
        Evaluate = "evaluate", "chấm điểm, chuyển hồ sơ lên cấp trên";
        /// Scores it and recognises stars.
        Decide = "decide", "chấm điểm, quyết định công nhận";
    }
}

coded! {
    /// How a council comes to its result.
    Hearing {
        /// It meets.
        Meeting = "meeting", "họp Hội đồng";
        /// Members write their opinions; it meets only when they differ.
        Written = "written", "lấy ý kiến Hội đồng bằng văn bản";
    }
}

/// What one level does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TierDuty {
    /// The level.
    pub tier: Tier,
    /// Its duty.
    pub duty: Duty,
    /// Working days it has, where the law sets them.
    pub working_days: Option<u32>,
    /// Stars that it recognises and certifies.
    pub decides: Vec<u8>,
    /// Least points for which the dossier goes on to the next level.
    pub forward_from: Option<u16>,
}

/// How a product that has a certificate is evaluated again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renewal {
    /// Days before the last day of the certificate from which on it may be filed.
    pub opens_days_before: Option<u32>,
    /// Days before the last day of the certificate until which it may be filed.
    pub closes_days_before: Option<u32>,
    /// How the council comes to its result.
    pub hearing: Hearing,
    /// Days that a level has from the complete dossier to the decision.
    pub decide_within_days: Option<u32>,
    /// Days that a certificate stays in force beyond its last day while a re-evaluation filed within
    /// the window is undecided.
    pub extension_days: Option<u32>,
}

/// How dossiers and certificates of the regime before go over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transition {
    /// Days to finish a first evaluation or an upgrade filed before, under the old rules.
    pub evaluation_days: u32,
    /// Days to finish a re-evaluation filed before, under the old rules.
    pub renewal_days: u32,
    /// Days that a certificate stays in force beyond its last day while a late re-evaluation runs.
    pub extension_days: u32,
    /// The last certificates that could not keep the filing window because of the change.
    pub last_expiry: NaiveDate,
}

/// A ground on which a certificate is withdrawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ground {
    /// Its letter.
    pub code: String,
    /// The ground.
    pub text: String,
    /// Whether the commune's confirmation alone is its conclusion.
    #[serde(default)]
    pub by_commune: bool,
}

/// The days of a complaint about a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ComplaintDays {
    /// To file it, from the notice of the result.
    pub file: u32,
    /// To take it up or say why not, from its filing.
    pub admit: u32,
    /// To answer it, from the day that it was taken up.
    pub answer: u32,
}

/// The procedure; every number is cited in [`Process::cites`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Process {
    /// Who does what, from below.
    pub tiers: Vec<TierDuty>,
    /// Months that a certificate is valid.
    pub certificate_months: u32,
    /// Product samples to hand in; a set may ask for another number
    /// ([`ProductSet::samples`](super::ProductSet::samples)).
    pub samples: u16,
    /// The rounds of a year.
    pub rounds: Vec<RoundWindow>,
    /// Where a council's rules of work start from.
    pub council: CouncilDefaults,
    /// Evaluating again.
    pub renewal: Renewal,
    /// Days from a conclusion to the decision that withdraws a certificate.
    pub revocation_days: Option<u32>,
    /// Grounds for withdrawing a certificate; none where the source does not tell.
    pub grounds: Vec<Ground>,
    /// The days of a complaint; none where the source does not tell.
    pub complaint: Option<ComplaintDays>,
    /// How the regime before goes over.
    pub transition: Option<Transition>,
    /// The source of each number above, by its key in `process.toml`.
    pub cites: BTreeMap<String, String>,
}

impl Process {
    /// What a level does; `None` where it has no part.
    pub fn tier(&self, tier: Tier) -> Option<&TierDuty> {
        self.tiers.iter().find(|duty| duty.tier == tier)
    }

    /// Working days of the commune for checking and proposing a dossier.
    pub fn commune_working_days(&self) -> Option<u32> {
        self.tier(Tier::Commune)?.working_days
    }

    /// Stars that the province certifies.
    pub fn certified_stars(&self) -> &[u8] {
        self.tier(Tier::Province).map(|duty| duty.decides.as_slice()).unwrap_or_default()
    }

    /// Least points for which the dossier goes on to the centre.
    pub fn centre_from(&self) -> Option<u16> {
        self.tier(Tier::Province)?.forward_from
    }
}

/// Defaults of a council's rules of work.
pub type CouncilDefaults = CouncilSettings;

/// A round of the year: dossiers proposed before one day get their result before another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoundWindow {
    /// Whose round: the province's or the centre's.
    pub tier: Tier,
    /// The level below proposes before this day.
    pub proposed_before: MonthDay,
    /// The result comes before this day.
    pub result_before: MonthDay,
}

/// A day of any year, written `04-30` in the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MonthDay {
    month: u32,
    day: u32,
}

/// The text is not a day of the year such as `04-30`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("«{0}» không phải là ngày trong năm (viết tháng-ngày, ví dụ 04-30)")]
pub struct NotAMonthDay(pub String);

impl MonthDay {
    /// This day in a year; `None` for 29 February in a common year.
    pub fn in_year(self, year: i32) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(year, self.month, self.day)
    }
}

/// `30/4`, as notices write it.
impl std::fmt::Display for MonthDay {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}/{}", self.day, self.month)
    }
}

impl TryFrom<String> for MonthDay {
    type Error = NotAMonthDay;

    fn try_from(text: String) -> Result<Self, NotAMonthDay> {
        // 2024 is a leap year: every day of the year exists in it.
        let exists = |month, day| NaiveDate::from_ymd_opt(2024, month, day).map(|_| Self { month, day });
        text.split_once('-')
            .and_then(|(month, day)| exists(month.parse().ok()?, day.parse().ok()?))
            .ok_or(NotAMonthDay(text))
    }
}

impl From<MonthDay> for String {
    fn from(at: MonthDay) -> String {
        format!("{:02}-{:02}", at.month, at.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_of_the_year_is_read_strictly() {
        let read = |text: &str| MonthDay::try_from(text.to_owned());
        assert_eq!(read("04-30").map(|at| at.to_string()), Ok("30/4".to_owned()));
        assert_eq!(read("02-29").map(|at| at.in_year(2026)), Ok(None));
        for bad in ["", "30/4", "13-01", "04-31", "04-30-1"] {
            assert_eq!(read(bad), Err(NotAMonthDay(bad.to_owned())));
        }
    }
}
