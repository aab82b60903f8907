//! The office's check of a re-evaluation, in place of an advisory team.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::FormFault;

/// What the office found (26/2026/QĐ-TTg, Article 7.6c).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RenewalCheck {
    /// Whether the scale of production has changed much.
    pub scale_changed: bool,
    /// Whether papers do not prove clearly what is claimed.
    pub unclear: bool,
    /// The day on which the place was visited.
    pub visited_on: Option<NaiveDate>,
    /// What was found there.
    pub visit: String,
    /// What the dossier shows.
    pub summary: String,
    /// What is proposed to the council.
    pub proposal: String,
}

impl RenewalCheck {
    /// Whether the place must be visited: only when the scale has changed much or papers are unclear.
    pub fn needs_visit(&self) -> bool {
        self.scale_changed || self.unclear
    }

    /// What keeps it from being filed on a day.
    pub fn faults(&self, today: NaiveDate) -> Vec<FormFault> {
        let fault = |field, message: &str| FormFault { field, message: message.to_owned() };
        let mut found = Vec::new();
        if self.needs_visit() && self.visited_on.is_none() {
            found.push(fault(
                "visited_on",
                "Quy mô thay đổi lớn hoặc minh chứng chưa rõ thì phải kiểm tra thực tế: ghi ngày kiểm tra.",
            ));
        }
        if self.visited_on.is_some_and(|day| day > today) {
            found.push(fault("visited_on", "Ngày kiểm tra thực tế chưa đến. Hãy ghi ngày đã kiểm tra."));
        }
        if self.visited_on.is_some() && self.visit.trim().is_empty() {
            found.push(fault("visit", "Ghi kết quả kiểm tra thực tế."));
        }
        if self.summary.trim().is_empty() {
            found.push(fault("summary", "Ghi kết quả kiểm tra hồ sơ."));
        }
        if self.proposal.trim().is_empty() {
            found.push(fault("proposal", "Ghi đề nghị với Hội đồng."));
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_is_visited_when_it_must_be_and_what_was_seen_is_told() {
        let today: NaiveDate = "2026-11-02".parse().unwrap();
        let whole = RenewalCheck {
            summary: "Hồ sơ đủ.".to_owned(),
            proposal: "Công nhận lại.".to_owned(),
            ..RenewalCheck::default()
        };
        let check = |check: RenewalCheck, expected: &[&str]| {
            let fields: Vec<&str> = check.faults(today).iter().map(|fault| fault.field).collect();
            assert_eq!(fields, expected, "{check:?}");
        };
        check(whole.clone(), &[]);
        check(RenewalCheck { scale_changed: true, ..whole.clone() }, &["visited_on"]);
        check(RenewalCheck { unclear: true, ..whole.clone() }, &["visited_on"]);
        check(RenewalCheck { visited_on: Some(today), ..whole.clone() }, &["visit"]);
        let seen =
            RenewalCheck { unclear: true, visited_on: Some(today), visit: "Đúng.".to_owned(), ..whole };
        check(seen.clone(), &[]);
        check(RenewalCheck { visited_on: today.succ_opt(), ..seen }, &["visited_on"]);
        check(RenewalCheck::default(), &["summary", "proposal"]);
    }
}
