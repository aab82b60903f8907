//! The score of one sheet.

use serde::{Deserialize, Serialize};

use super::sheet::Answer;
use super::{Disqualification, ScoreFault, Sheet, explain};
use crate::rules::{PartCode, ProductSet, Trigger};

/// Points by part.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartPoints {
    /// Part A.
    pub a: u16,
    /// Part B.
    pub b: u16,
    /// Part C.
    pub c: u16,
}

impl PartPoints {
    /// Points of one part.
    pub fn of(&self, part: PartCode) -> u16 {
        match part {
            PartCode::A => self.a,
            PartCode::B => self.b,
            PartCode::C => self.c,
        }
    }

    /// Points of all parts.
    pub fn total(&self) -> u16 {
        self.a + self.b + self.c
    }

    fn add(&mut self, part: PartCode, points: u16) {
        match part {
            PartCode::A => self.a += points,
            PartCode::B => self.b += points,
            PartCode::C => self.c += points,
        }
    }
}

/// One floor: the least level of a criterion for a number of stars, and what was reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FloorCheck {
    /// The criterion.
    pub code: String,
    /// The stars that need it.
    pub stars: u8,
    /// Least level.
    pub needed_level: u8,
    /// Points of that level.
    pub needed_points: u16,
    /// Level reached; 0 = none, or not answered, or the criterion does not apply.
    pub level: u8,
    /// Points reached.
    pub points: u16,
    /// Whether the floor is met.
    pub met: bool,
}

/// What a sheet is worth, and why.
///
/// When [`Scored::disqualified`] is there, the evaluation ended: `stars` and `stars_by_points`
/// are 0 (no stars), nothing is missing for a next star, and the points are only what had been
/// filled in. They are not a result and must not be shown as one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scored {
    /// Points by part.
    pub parts: PartPoints,
    /// Total points.
    pub total: u16,
    /// Stars by points alone.
    pub stars_by_points: u8,
    /// Stars after the floors: the result.
    pub stars: u8,
    /// Every floor of the sheet, by stars, then in the order of the sheet.
    pub floors: Vec<FloorCheck>,
    /// Codes whose floors for the next star (or below) are not met, in the order of the sheet.
    pub missed_for_next_star: Vec<String>,
    /// Codes without a choice, in the order of the sheet.
    pub unanswered: Vec<String>,
    /// Codes that do not apply and count 0, in the order of the sheet.
    pub ignored: Vec<String>,
    /// The knock-out that ended the evaluation.
    pub disqualified: Option<Disqualification>,
    /// The result in Vietnamese sentences that cite the criteria.
    pub explanation: Vec<String>,
}

/// Scores a sheet by a set.
///
/// An unanswered criterion counts 0 and is listed. A criterion whose condition is not met counts
/// 0, and is listed as ignored. Stars: the highest whose threshold is reached and whose floors,
/// with those of fewer stars, are all met (26/2026/QĐ-TTg, Article 3 and the footnote of the
/// sheets of Annex II).
///
/// # Errors
/// A code, alternative or level that the set does not have.
pub fn score(set: &ProductSet, sheet: &Sheet) -> Result<Scored, ScoreFault> {
    let read = Reading::of(set, sheet)?;
    let total = read.parts.total();
    let stars_by_points = stars_by_points(set, |from| total >= from);
    let disqualified = sheet.disqualified.clone().or_else(|| zero_knockout(set, &read));
    let mut scored = Scored {
        parts: read.parts,
        total,
        stars_by_points,
        stars: stars_after_floors(stars_by_points, read.floors.iter().map(|floor| (floor.stars, floor.met))),
        missed_for_next_star: Vec::new(),
        floors: read.floors,
        unanswered: read.unanswered,
        ignored: read.ignored,
        disqualified,
        explanation: Vec::new(),
    };
    if scored.disqualified.is_some() {
        scored.stars_by_points = 0;
        scored.stars = 0;
    } else {
        let next = scored.stars.saturating_add(1);
        let missed = |code: &str| scored.floors.iter().any(|f| f.code == code && f.stars <= next && !f.met);
        scored.missed_for_next_star = codes_where(set, missed);
    }
    scored.explanation = explain::scored(set, &scored);
    Ok(scored)
}

/// A sheet read against a set, before anything is decided.
pub(super) struct Reading<'a> {
    pub(super) answers: Vec<Answer<'a>>,
    pub(super) parts: PartPoints,
    pub(super) floors: Vec<FloorCheck>,
    pub(super) unanswered: Vec<String>,
    pub(super) ignored: Vec<String>,
}

impl<'a> Reading<'a> {
    pub(super) fn of(set: &'a ProductSet, sheet: &Sheet) -> Result<Self, ScoreFault> {
        sheet.check(set)?;
        let mut read = Self {
            answers: Vec::new(),
            parts: PartPoints::default(),
            floors: Vec::new(),
            unanswered: Vec::new(),
            ignored: Vec::new(),
        };
        for section in &set.sections {
            for criterion in &section.criteria {
                let mut answer = sheet.answer(criterion)?;
                let applies = criterion.applies_if.as_ref().is_none_or(|condition| {
                    sheet
                        .choices
                        .get(&condition.criterion)
                        .is_some_and(|choice| choice.level >= condition.level)
                });
                if !applies {
                    read.ignored.push(criterion.code.clone());
                    (answer.level, answer.points) = (0, 0);
                } else if !answer.answered {
                    read.unanswered.push(criterion.code.clone());
                }
                read.parts.add(section.part, answer.points);
                read.floors.extend(floors(&answer));
                read.answers.push(answer);
            }
        }
        read.floors.sort_by_key(|floor| floor.stars);
        Ok(read)
    }
}

fn floors(answer: &Answer<'_>) -> Vec<FloorCheck> {
    let check = |(needed_level, needed): (u8, &crate::rules::Level)| {
        Some(FloorCheck {
            code: answer.criterion.code.clone(),
            stars: needed.floor?,
            needed_level,
            needed_points: needed.points,
            level: answer.level,
            points: answer.points,
            met: answer.level >= needed_level,
        })
    };
    answer.alternative.numbered().filter_map(check).collect()
}

/// The first zero-trigger of the set that was set off. Only an answered criterion can be a zero:
/// one that nobody scored yet is not.
fn zero_knockout(set: &ProductSet, read: &Reading<'_>) -> Option<Disqualification> {
    let is_zero = |code: &String| {
        let zero =
            |answer: &&Answer<'_>| answer.criterion.code == *code && answer.answered && answer.points == 0;
        read.answers.iter().any(|answer| zero(&answer))
    };
    set.criteria().flat_map(|criterion| &criterion.knockouts).find_map(|knockout| match knockout.trigger {
        Trigger::Declared => None,
        Trigger::Zero => knockout.scope.iter().find(|code| is_zero(code)).map(|code| Disqualification {
            criterion: Some(code.clone()),
            ground: knockout.text.clone(),
            reason: format!("Tiêu chí {code} được 0 điểm."),
        }),
    })
}

/// The highest band that `reaches` says is reached; 1 where the bands do not end at zero.
pub(super) fn stars_by_points(set: &ProductSet, reaches: impl Fn(u16) -> bool) -> u8 {
    set.bands.iter().filter(|band| reaches(band.from)).map(|band| band.stars).max().unwrap_or(1)
}

/// Lowers the stars below the least floor that is not met. `floors`: stars and whether met.
pub(super) fn stars_after_floors(by_points: u8, floors: impl Iterator<Item = (u8, bool)>) -> u8 {
    let least_missed = floors.filter(|(_, met)| !met).map(|(stars, _)| stars).min();
    least_missed.map_or(by_points, |missed| by_points.min(missed.saturating_sub(1)))
}

/// Codes that `wanted` picks, in the order of the sheet.
pub(super) fn codes_where(set: &ProductSet, wanted: impl Fn(&str) -> bool) -> Vec<String> {
    set.criteria()
        .filter(|criterion| wanted(&criterion.code))
        .map(|criterion| criterion.code.clone())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Choice, NextStar, missing_for_next_star};
    use super::*;
    use crate::rules::sample;

    /// A sheet of the sample: `code=level` or `code=alternative/level`, parted by spaces.
    fn sheet(choices: &str) -> Sheet {
        let mut sheet = Sheet::default();
        for choice in choices.split_whitespace() {
            let (code, level) = choice.split_once('=').unwrap();
            let (alternative, level) = level.split_once('/').unwrap_or(("1", level));
            let choice = Choice {
                alternative: alternative.parse().unwrap(),
                level: level.parse().unwrap(),
                note: None,
            };
            sheet.choices.insert(code.to_owned(), choice);
        }
        sheet
    }

    const ALL: &str = "1.1=3 1.2=2 2=2 3.1=3 3.2=2 4=2/2 5.1=2";

    /// All highest but for `changes`.
    fn changed(changes: &str) -> Scored {
        let mut full = sheet(ALL);
        full.choices.extend(sheet(changes).choices);
        score(&sample::honey(), &full).unwrap()
    }

    #[test]
    fn stars_need_points_and_floors() {
        let check = |changes: &str, total: u16, by_points: u8, stars: u8, missed: &[&str]| {
            let scored = changed(changes);
            assert_eq!(
                (scored.total, scored.stars_by_points, scored.stars),
                (total, by_points, stars),
                "{changes}"
            );
            assert_eq!(scored.missed_for_next_star, missed, "{changes}");
        };
        check("", 100, 5, 5, &[]);
        check("4=2/1", 81, 4, 4, &["4"]);
        check("4=1/1", 85, 4, 4, &[]);
        check("1.1=0", 90, 5, 5, &[]);
        check("1.2=1", 90, 5, 3, &["1.2"]);
        check("2=0", 80, 4, 2, &["2"]);
        check("3.1=2", 90, 5, 5, &[]);
        check("3.1=1", 75, 4, 2, &["3.1"]);
        check("1.2=1 2=1", 75, 4, 3, &["1.2", "2"]);
        check("1.1=1 1.2=1 2=1 3.1=1 3.2=1 4=1/1", 26, 1, 1, &[]);
        check("1.1=2 1.2=1 2=1 3.1=1 3.2=1 4=1/1", 30, 2, 2, &["3.1"]);
    }

    #[test]
    fn the_words_name_code_level_and_star() {
        let check = |changes: &str, sentence: &str| {
            let said = changed(changes).explanation;
            assert!(said.iter().any(|found| found == sentence), "{changes}: {said:#?}");
        };
        check(
            "1.2=1",
            "Đủ điểm 5 sao (90 điểm) nhưng tiêu chí 1.2 mới đạt mức 1, 4 sao cần mức 2 (10 điểm): xếp 3 sao.",
        );
        check(
            "2=0",
            "Đủ điểm 4 sao (80 điểm) nhưng tiêu chí 2 chưa đạt mức nào, 3 sao cần mức 1 (5 điểm): xếp 2 sao.",
        );
        check("2=0", "Ngoài ra, tiêu chí 2 chưa đạt mức nào, 4 sao cần mức 2 (20 điểm).");
        check("4=2/1", "Để lên 5 sao còn thiếu 9 điểm; tiêu chí 4 mới đạt mức 1, 5 sao cần mức 2 (20 điểm).");
        check(
            "3.1=1",
            "Tiêu chí 3.2 không tính điểm: chỉ chấm khi có câu chuyện (tiêu chí 3.1 từ mức 2 trở lên).",
        );
        check("1.1=1 1.2=1 2=1 3.1=1 4=1/1", "Chưa đủ 30 điểm (26 điểm): xếp 1 sao.");
        check("", "Đủ điểm 5 sao (100 điểm, cần từ 90) và đạt mọi mức tối thiểu của 5 sao: xếp 5 sao.");
    }

    #[test]
    fn unanswered_counts_nothing_and_is_listed() {
        let scored = score(&sample::honey(), &sheet("1.1=3 3.1=2 4=0")).unwrap();
        assert_eq!((scored.total, scored.parts), (15, PartPoints { a: 10, b: 5, c: 0 }));
        assert_eq!(scored.unanswered, ["1.2", "2", "3.2", "5.1"]);
        assert!(
            scored
                .explanation
                .contains(&"Chưa chấm 4 tiêu chí, tạm tính 0 điểm: 1.2, 2, 3.2, 5.1.".to_owned())
        );
    }

    #[test]
    fn what_does_not_apply_counts_nothing() {
        for condition in ["3.1=0", "3.1=1"] {
            let scored = changed(condition);
            assert_eq!((scored.parts.b, scored.ignored), (0, vec!["3.2".to_owned()]), "{condition}");
        }
        let empty = score(&sample::honey(), &Sheet::default()).unwrap();
        assert_eq!(empty.ignored, ["3.2"]);
        assert!(!empty.unanswered.contains(&"3.2".to_owned()));
        assert!(changed("3.1=2").ignored.is_empty());
    }

    #[test]
    fn a_zero_of_the_scope_stops_but_an_open_criterion_does_not() {
        for zero in ["5.1=0", "5.1=1"] {
            let scored = changed(zero);
            let found = scored.disqualified.unwrap();
            assert_eq!(
                (found.criterion.as_deref(), found.ground.as_str()),
                (Some("5.1"), "0 điểm thì dừng đánh giá")
            );
            assert_eq!((scored.stars, scored.stars_by_points, scored.missed_for_next_star.len()), (0, 0, 0));
            assert_eq!(
                scored.explanation,
                [
                    "Kết thúc đánh giá, không có điểm và không xếp sao (tiêu chí 5.1): 0 điểm thì dừng đánh giá. \
                  Lý do: Tiêu chí 5.1 được 0 điểm."
                ]
            );
        }
        assert_eq!(score(&sample::honey(), &sheet("1.1=3")).unwrap().disqualified, None);
    }

    #[test]
    fn a_declared_knock_out_ends_the_evaluation() {
        let ground =
            Disqualification {
                criterion: None, ground: "Giả mạo hồ sơ.".to_owned(), reason: String::new()
            };
        let mut full = sheet(ALL);
        full.disqualified = Some(ground.clone());
        let scored = score(&sample::honey(), &full).unwrap();
        assert_eq!((scored.stars, scored.disqualified), (0, Some(ground)));
        assert_eq!(scored.explanation, ["Kết thúc đánh giá, không có điểm và không xếp sao: Giả mạo hồ sơ."]);
    }

    #[test]
    fn a_sheet_of_another_set_is_refused() {
        let check = |choices: &str, expected: &str| {
            assert_eq!(score(&sample::honey(), &sheet(choices)).unwrap_err().to_string(), expected);
        };
        check("1.3=1", "bộ 2026-26/4 không có tiêu chí «1.3»");
        check("2=3", "tiêu chí 2 không có mức 3 (từ 0 là không đạt mức nào, đến 2)");
        check("2=2/1", "tiêu chí 2 không có trường hợp 2 (chỉ có 1 đến 1)");
        check("4=0/1", "tiêu chí 4 không có trường hợp 0 (chỉ có 1 đến 2)");
        let mut other = sheet(ALL);
        other.disqualified = Some(Disqualification {
            criterion: Some("6.1".to_owned()),
            ground: "x".to_owned(),
            reason: "y".to_owned(),
        });
        assert!(score(&sample::honey(), &other).is_err());
    }

    #[test]
    fn the_next_star_says_what_is_missing() {
        let check = |changes: &str, stars: u8, points_short: u16, floors: &[(&str, u8)]| {
            let NextStar { stars: next, points_short: short, floors: missing } =
                missing_for_next_star(&sample::honey(), &changed(changes));
            let missing: Vec<(&str, u8)> =
                missing.iter().map(|floor| (floor.code.as_str(), floor.needed_level)).collect();
            assert_eq!((next, short, missing.as_slice()), (stars, points_short, floors), "{changes}");
        };
        check("", 5, 0, &[]);
        check("4=2/1", 5, 9, &[("4", 2)]);
        check("1.2=1", 4, 0, &[("1.2", 2)]);
        check("2=0", 3, 0, &[("2", 1)]);
        check("1.1=1 1.2=1 2=1 3.1=1 4=1/1", 2, 4, &[]);
        check("5.1=0", 1, 0, &[]);
    }

    #[test]
    fn level_zero_needs_a_note() {
        let mut sheet = sheet("2=0 1.1=0 1.2=1 5.1=0");
        sheet.choices.get_mut("1.1").unwrap().note = Some("Không nuôi trong tỉnh".to_owned());
        sheet.choices.get_mut("5.1").unwrap().note = Some("  ".to_owned());
        assert_eq!(sheet.without_note(&sample::honey()), ["2", "5.1"]);
    }
}
