//! A council's rules of work: who votes, how many must be there, what totals far apart lead to, how
//! floors are read, how a mean is shown.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::coded;
use crate::people::SeatKind;
use crate::rules::Hearing;
use crate::scoring::{FloorRule, Tally};
use crate::text::in_sentence;

coded! {
    /// What totals further apart than the limit lead to.
    SpreadRule {
        /// The council discusses; the chair opens another turn or keeps the result with a reason.
        Discuss = "discuss", "Thảo luận, rồi chấm lại hoặc giữ kết quả có ghi lý do";
        /// The council discusses and scores again at least once.
        Rescore = "rescore", "Thảo luận và phải chấm lại ít nhất một lần";
        /// The minutes note it, nothing more.
        Note = "note", "Chỉ ghi vào biên bản";
    }
}

/// A council's rules of work (quy chế hoạt động). The decision leaves them to each council (26/2026/QĐ-TTg,
/// Article 7.3b); the defaults come from `rules/REGIME/process.toml` with their sources. A session keeps
/// those it was opened with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CouncilSettings {
    /// Least share of voting seats present, in percent.
    pub quorum_percent: u8,
    /// Whether the chair must be present.
    pub chair_required: bool,
    /// Members' totals may lie at most this many points apart ("không được chênh lệch quá 10":
    /// exactly 10 is within).
    pub spread_limit: u16,
    /// What totals further apart lead to.
    #[serde(default = "discuss")]
    pub spread_rule: SpreadRule,
    /// Whether the secretary votes.
    pub secretary_votes: bool,
    /// Whether the chair votes.
    #[serde(default = "yes")]
    pub chair_votes: bool,
    /// How the ballots together meet a floor.
    #[serde(default)]
    pub floor_rule: FloorRule,
    /// Decimals of a mean, for the eye only: 0 to 4.
    #[serde(default = "two")]
    pub decimals: u8,
    /// Days that members have for written opinions (Article 7.6d).
    #[serde(default = "a_week")]
    pub opinion_days: u16,
}

fn discuss() -> SpreadRule {
    SpreadRule::Discuss
}

fn yes() -> bool {
    true
}

fn two() -> u8 {
    2
}

fn a_week() -> u16 {
    7
}

/// Most decimals of a mean that a council may choose.
pub const MOST_DECIMALS: u8 = 4;

/// Most days for written opinions: a re-evaluation has 45 in all (Article 7.6g).
pub const MOST_OPINION_DAYS: u16 = 45;

/// Why a finished turn calls for discussion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Apart {
    /// Whether the totals lie further apart than the limit.
    pub spread: bool,
    /// Criteria whose floor splits the ballots while the council has not agreed on a level.
    pub floors: Vec<String>,
}

impl CouncilSettings {
    /// Whether a seat of this kind votes. The advisory team never does.
    pub fn votes(&self, kind: SeatKind) -> bool {
        match kind {
            SeatKind::Chair => self.chair_votes,
            SeatKind::Member => true,
            SeatKind::Secretary => self.secretary_votes,
            SeatKind::Advisor => false,
        }
    }

    /// What calls for discussion in a tally; `None` when the result can go to the chair. A dossier that
    /// the ballots disqualify has no points that could lie apart. Written opinions that differ always call for
    /// a meeting (Article 7.6d).
    pub fn apart(&self, tally: &Tally, hearing: Hearing) -> Option<Apart> {
        if tally.disqualified.is_some() {
            return None;
        }
        let counts = match (hearing, self.spread_rule) {
            (Hearing::Written, _) | (Hearing::Meeting, SpreadRule::Discuss | SpreadRule::Rescore) => true,
            (Hearing::Meeting, SpreadRule::Note) => false,
        };
        let spread = counts && tally.spread > self.spread_limit;
        let floors = tally.floors_to_agree();
        (spread || !floors.is_empty()).then_some(Apart { spread, floors })
    }

    /// Whether the chair may let totals that lie apart stand after this turn.
    pub fn may_keep(&self, turn: u16) -> bool {
        match self.spread_rule {
            SpreadRule::Discuss | SpreadRule::Note => true,
            SpreadRule::Rescore => turn > 1,
        }
    }

    /// Every rule with its source: the default's citation, or the council's own rules of work.
    /// `cites`: [`Process::cites`](crate::rules::Process::cites).
    pub fn rules(&self, defaults: &Self, cites: &BTreeMap<String, String>) -> Vec<WorkRule> {
        self.worded()
            .into_iter()
            .zip(defaults.worded())
            .map(|((key, text), (_, usual))| {
                let source = cites.get(&format!("council.{key}")).cloned().unwrap_or_default();
                if text == usual {
                    WorkRule { key, text, source, usual: None }
                } else {
                    let own = "Quy chế của Hội đồng".to_owned();
                    WorkRule { key, text, source: own, usual: Some(usual) }
                }
            })
            .collect()
    }

    /// Every rule as one sentence, in the order of the form.
    pub fn sentences(&self) -> Vec<String> {
        self.worded().into_iter().map(|(_, text)| text).collect()
    }

    fn worded(&self) -> Vec<(&'static str, String)> {
        let is = |yes: bool, said: &str, not: &str| (if yes { said } else { not }).to_owned();
        vec![
            (
                "quorum_percent",
                format!(
                    "Họp khi có mặt từ {} % thành viên chấm điểm; ở từng hồ sơ không tính người có xung đột lợi ích.",
                    self.quorum_percent
                ),
            ),
            (
                "chair_required",
                is(
                    self.chair_required,
                    "Phải có Chủ tịch Hội đồng mới được họp.",
                    "Không bắt buộc có Chủ tịch Hội đồng mới được họp.",
                ),
            ),
            (
                "chair_votes",
                is(self.chair_votes, "Chủ tịch Hội đồng có chấm điểm.", "Chủ tịch Hội đồng không chấm điểm."),
            ),
            (
                "secretary_votes",
                is(self.secretary_votes, "Thư ký Hội đồng có chấm điểm.", "Thư ký Hội đồng không chấm điểm."),
            ),
            (
                "spread_limit",
                format!("Tổng điểm của các thành viên chênh lệch không quá {} điểm.", self.spread_limit),
            ),
            (
                "spread_rule",
                format!("Khi chênh lệch vượt giới hạn: {}.", in_sentence(self.spread_rule.name())),
            ),
            ("floor_rule", format!("Mức tối thiểu của hạng sao: {}.", in_sentence(self.floor_rule.name()))),
            (
                "decimals",
                match self.decimals {
                    0 => "Số trung bình ghi tròn số nguyên; hạng sao luôn xét trên số chính xác.".to_owned(),
                    some => format!(
                        "Số trung bình ghi {some} chữ số thập phân; hạng sao luôn xét trên số chính xác."
                    ),
                },
            ),
            (
                "opinion_days",
                format!("Lấy ý kiến bằng văn bản: thành viên gửi ý kiến trong {} ngày.", self.opinion_days),
            ),
        ]
    }
}

/// A rule of work as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkRule {
    /// Its name in `process.toml` and in the form.
    pub key: &'static str,
    /// In one sentence.
    pub text: String,
    /// Where it comes from.
    pub source: String,
    /// What is usual, when the council decided otherwise.
    pub usual: Option<String>,
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::rules::sample;
    use crate::scoring::{Choice, Sheet, tally_by};

    pub(in crate::councils) fn settings() -> CouncilSettings {
        let kept = r#"{"quorum_percent":75,"chair_required":true,"spread_limit":10,"secretary_votes":true}"#;
        serde_json::from_str(kept).unwrap()
    }

    fn full(changed: &str, level: u8) -> Sheet {
        let mut sheet = Sheet::default();
        for criterion in sample::honey().criteria() {
            let highest = criterion.alternatives[0].highest();
            let level = if criterion.code == changed { level } else { highest };
            sheet.choices.insert(criterion.code.clone(), Choice::level(level));
        }
        sheet
    }

    #[test]
    fn rules_kept_before_there_were_more_of_them_read_as_they_were_followed() {
        let read = settings();
        assert_eq!((read.spread_rule, read.floor_rule), (SpreadRule::Discuss, FloorRule::Majority));
        assert_eq!((read.chair_votes, read.decimals, read.opinion_days), (true, 2, 7));
    }

    #[test]
    fn the_rules_say_what_totals_apart_lead_to() {
        // 1.1 at level 0 is 10 points less than at its highest: exactly the limit.
        let check = |levels: &[u8], rule: SpreadRule, limit: u16, apart: bool| {
            let ballots: Vec<Sheet> = levels.iter().map(|level| full("1.1", *level)).collect();
            let tally = tally_by(&sample::honey(), &ballots, FloorRule::Majority, &BTreeMap::new()).unwrap();
            let rules = CouncilSettings { spread_rule: rule, spread_limit: limit, ..settings() };
            assert_eq!(rules.apart(&tally, Hearing::Meeting).is_some(), apart, "{levels:?} {rule} {limit}");
        };
        check(&[3, 0], SpreadRule::Discuss, 10, false);
        check(&[3, 0], SpreadRule::Discuss, 9, true);
        check(&[3, 0], SpreadRule::Rescore, 9, true);
        check(&[3, 0], SpreadRule::Note, 0, false);
        let written = [full("1.1", 3), full("1.1", 0)];
        let tally = tally_by(&sample::honey(), &written, FloorRule::Majority, &BTreeMap::new()).unwrap();
        let noted = CouncilSettings { spread_rule: SpreadRule::Note, spread_limit: 9, ..settings() };
        assert!(noted.apart(&tally, Hearing::Written).is_some(), "opinions that differ are met about");
    }

    #[test]
    fn a_floor_to_agree_on_calls_for_discussion_until_it_is_agreed() {
        let ballots = [full("1.2", 1), full("1.2", 2), full("1.2", 2)];
        let rules = CouncilSettings { floor_rule: FloorRule::Agreed, ..settings() };
        let apart = |agreed: &BTreeMap<String, Choice>| {
            let tally = tally_by(&sample::honey(), &ballots, rules.floor_rule, agreed).unwrap();
            (rules.apart(&tally, Hearing::Meeting), tally.stars)
        };
        let open = Some(Apart { spread: false, floors: vec!["1.2".to_owned()] });
        assert_eq!(apart(&BTreeMap::new()), (open, 3));
        let on = |level: u8| BTreeMap::from([("1.2".to_owned(), Choice::level(level))]);
        assert_eq!(apart(&on(1)), (None, 3));
        assert_eq!(apart(&on(2)), (None, 5));
    }

    #[test]
    fn a_council_that_must_score_again_keeps_nothing_after_its_first_turn() {
        let must = CouncilSettings { spread_rule: SpreadRule::Rescore, ..settings() };
        assert!(!must.may_keep(1) && must.may_keep(2) && settings().may_keep(1));
    }

    #[test]
    fn every_rule_tells_its_source_and_what_is_usual() {
        let usual = settings();
        let own = CouncilSettings { spread_limit: 8, ..settings() };
        let cites = BTreeMap::from([("council.quorum_percent".to_owned(), "Mặc định".to_owned())]);
        let rules = own.rules(&usual, &cites);
        assert_eq!(rules.len(), own.sentences().len());
        assert_eq!((rules[0].source.as_str(), &rules[0].usual), ("Mặc định", &None));
        let spread = rules.iter().find(|rule| rule.key == "spread_limit").unwrap();
        assert_eq!(spread.source, "Quy chế của Hội đồng");
        assert!(spread.usual.as_ref().is_some_and(|usual| usual.contains("10 điểm")), "{spread:?}");
        insta::assert_snapshot!(own.sentences().join("\n"), @r"
        Họp khi có mặt từ 75 % thành viên chấm điểm; ở từng hồ sơ không tính người có xung đột lợi ích.
        Phải có Chủ tịch Hội đồng mới được họp.
        Chủ tịch Hội đồng có chấm điểm.
        Thư ký Hội đồng có chấm điểm.
        Tổng điểm của các thành viên chênh lệch không quá 8 điểm.
        Khi chênh lệch vượt giới hạn: thảo luận, rồi chấm lại hoặc giữ kết quả có ghi lý do.
        Mức tối thiểu của hạng sao: đạt khi quá nửa số phiếu từ mức đó trở lên.
        Số trung bình ghi 2 chữ số thập phân; hạng sao luôn xét trên số chính xác.
        Lấy ý kiến bằng văn bản: thành viên gửi ý kiến trong 7 ngày.
        ");
    }
}
