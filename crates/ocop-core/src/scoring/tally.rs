//! The result of a council out of its sealed ballots.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::score::{Reading, codes_where, stars_after_floors, stars_by_points};
use super::sheet::Answer;
use super::{Choice, Disqualification, Fraction, ScoreFault, Scored, Sheet, explain, score};
use crate::coded;
use crate::rules::{Criterion, PartCode, ProductSet};

coded! {
    /// How the ballots together meet a floor. The decision does not say; a council's rules of work do.
    FloorRule {
        /// More than half of the ballots are at the level or above; a tie fails.
        Majority = "majority", "Đạt khi quá nửa số phiếu từ mức đó trở lên";
        /// The mean of the criterion's points is at least the points of the level.
        Mean = "mean", "Đạt khi điểm trung bình của tiêu chí từ điểm của mức đó trở lên";
        /// All ballots agree, or the council agrees on a level after discussion.
        Agreed = "agreed", "Đạt khi mọi phiếu như nhau, hoặc Hội đồng thảo luận và thống nhất mức";
    }
}

impl Default for FloorRule {
    /// What was followed before a council could choose.
    fn default() -> Self {
        Self::Majority
    }
}

/// What a council looked at instead of the number of ballots.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FloorBasis {
    /// The exact mean of the criterion's points.
    Mean(Fraction),
    /// The level agreed on; none while the ballots differ and nothing is agreed, and none when they do
    /// not differ.
    Agreed(Option<u8>),
}

/// One floor, over the ballots.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FloorTally {
    /// The criterion.
    pub code: String,
    /// The stars that need it.
    pub stars: u8,
    /// Least level.
    pub needed_level: u8,
    /// Points of that level.
    pub needed_points: u16,
    /// Ballots at that level or above.
    pub at_or_above: usize,
    /// Ballots counted.
    pub of: usize,
    /// Whether the council meets it by its rule ([`FloorRule`]).
    pub met: bool,
    /// What decided it, when it was not the majority of the ballots.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<FloorBasis>,
}

impl FloorTally {
    /// Whether the ballots differ on it and the council has still to agree on a level.
    fn is_open(&self) -> bool {
        self.basis == Some(FloorBasis::Agreed(None)) && self.at_or_above > 0 && self.at_or_above < self.of
    }
}

/// What a council decided, and why.
///
/// A ballot that declares a knock-out carries no points. When more than half do, the product is
/// disqualified; otherwise those ballots are set aside, because a knock-out is never a zero: mean,
/// floors and spread come from the others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Totals of the counted ballots, in the order given.
    pub member_totals: Vec<u16>,
    /// Exact mean of the totals.
    pub mean: Fraction,
    /// Exact means of parts A, B, C.
    pub parts_mean: [Fraction; 3],
    /// Stars by the exact mean alone; 0 when disqualified.
    pub stars_by_points: u8,
    /// Every floor, by stars, then in the order of the sheet.
    pub floors: Vec<FloorTally>,
    /// Stars after the floors: the result; 0 when disqualified.
    pub stars: u8,
    /// Codes whose floors for the next star (or below) are not met, in the order of the sheet.
    pub missed_for_next_star: Vec<String>,
    /// Highest total less the lowest.
    pub spread: u16,
    /// Indexes of the ballots that declare a knock-out and are not counted.
    pub set_aside: Vec<usize>,
    /// The knock-out that more than half of the ballots declare: the ground named most often.
    pub disqualified: Option<Disqualification>,
    /// The result in Vietnamese sentences that cite the criteria.
    pub explanation: Vec<String>,
}

impl Tally {
    /// The same result, explained with means to so many decimals.
    pub fn explained(mut self, set: &ProductSet, decimals: u8) -> Self {
        self.explanation = explain::tally(set, &self, decimals);
        self
    }

    /// Criteria, in the order of the floors, whose level the council has still to agree on: those that
    /// decide about stars that the points are enough for.
    pub fn floors_to_agree(&self) -> Vec<String> {
        let mut codes: Vec<String> = Vec::new();
        for floor in self.floors.iter().filter(|floor| floor.stars <= self.stars_by_points) {
            if floor.is_open() && !codes.contains(&floor.code) {
                codes.push(floor.code.clone());
            }
        }
        codes
    }
}

/// Decimals of a mean where no council decided otherwise.
const USUAL_DECIMALS: u8 = 2;

/// Adds up a council's sealed ballots; floors are met by majority.
///
/// # Errors
/// As [`tally_by`].
pub fn tally(set: &ProductSet, ballots: &[Sheet]) -> Result<Tally, ScoreFault> {
    tally_by(set, ballots, FloorRule::Majority, &BTreeMap::new())
}

/// Adds up a council's sealed ballots by its rule for floors; `agreed`: what the council agreed on after
/// discussion, by criterion.
///
/// Stars are decided on the exact mean, never on a rounded figure. The order of the ballots does
/// not matter.
///
/// # Errors
/// No ballots, or a ballot with a code, alternative or level that the set does not have.
pub fn tally_by(
    set: &ProductSet,
    ballots: &[Sheet],
    rule: FloorRule,
    agreed: &BTreeMap<String, Choice>,
) -> Result<Tally, ScoreFault> {
    let mut scored = Vec::new();
    for (no, ballot) in (1..).zip(ballots) {
        scored.push(
            score(set, ballot).map_err(|fault| ScoreFault::Ballot { ballot: no, fault: Box::new(fault) })?,
        );
    }
    let declared: Vec<&Disqualification> =
        scored.iter().filter_map(|one| one.disqualified.as_ref()).collect();
    let disqualified =
        if is_majority(declared.len(), scored.len()) { Some(most_declared(&declared)) } else { None };
    let counted: Vec<(&Sheet, &Scored)> =
        ballots.iter().zip(&scored).filter(|(_, one)| one.disqualified.is_none()).collect();
    let totals: Vec<u16> = counted.iter().map(|(_, one)| one.total).collect();
    let mean = match (Fraction::mean(&totals), &disqualified) {
        (Some(mean), _) => mean,
        (None, Some(_)) => Fraction::whole(0),
        (None, None) => return Err(ScoreFault::NoBallots),
    };
    let part_mean = |part: PartCode| {
        let points: Vec<u16> = counted.iter().map(|(_, one)| one.parts.of(part)).collect();
        Fraction::mean(&points).unwrap_or(Fraction::whole(0))
    };
    let by_points = stars_by_points(set, |from| mean >= Fraction::whole(i64::from(from)));
    let floors = floors(set, &counted, rule, agreed)?;
    let set_aside =
        (0..).zip(&scored).filter(|(_, one)| one.disqualified.is_some()).map(|(at, _)| at).collect();
    let mut tally = Tally {
        mean,
        parts_mean: [part_mean(PartCode::A), part_mean(PartCode::B), part_mean(PartCode::C)],
        stars_by_points: by_points,
        stars: stars_after_floors(by_points, floors.iter().map(|floor| (floor.stars, floor.met))),
        missed_for_next_star: Vec::new(),
        floors,
        spread: spread(&totals),
        member_totals: totals,
        set_aside,
        disqualified,
        explanation: Vec::new(),
    };
    if tally.disqualified.is_some() {
        tally.stars_by_points = 0;
        tally.stars = 0;
    } else {
        let next = tally.stars.saturating_add(1);
        let missed = |code: &str| tally.floors.iter().any(|f| f.code == code && f.stars <= next && !f.met);
        tally.missed_for_next_star = codes_where(set, missed);
    }
    tally.explanation = explain::tally(set, &tally, USUAL_DECIMALS);
    Ok(tally)
}

pub(super) fn is_majority(part: usize, of: usize) -> bool {
    part * 2 > of
}

fn spread(totals: &[u16]) -> u16 {
    let highest = totals.iter().max().copied().unwrap_or(0);
    highest - totals.iter().min().copied().unwrap_or(0)
}

/// The ground that most ballots name (of equals, the first by code and text, so that the order of
/// the ballots does not matter), with all their reasons.
fn most_declared(declared: &[&Disqualification]) -> Disqualification {
    let mut reasons: BTreeMap<(&Option<String>, &str), Vec<&str>> = BTreeMap::new();
    for one in declared {
        reasons.entry((&one.criterion, &one.ground)).or_default().push(&one.reason);
    }
    let mut most: Vec<_> = reasons.into_iter().collect();
    most.sort_by_key(|(_, reasons)| std::cmp::Reverse(reasons.len()));
    most.into_iter()
        .next()
        .map(|((criterion, ground), reasons)| {
            let reasons: BTreeSet<&str> = reasons.into_iter().collect();
            let reason = reasons.into_iter().collect::<Vec<_>>().join("; ");
            Disqualification { criterion: criterion.clone(), ground: ground.to_owned(), reason }
        })
        .unwrap_or(Disqualification { criterion: None, ground: String::new(), reason: String::new() })
}

/// Every floor of the set over the counted ballots. A ballot that chose an alternative without
/// this floor is not held back by it.
fn floors(
    set: &ProductSet,
    counted: &[(&Sheet, &Scored)],
    rule: FloorRule,
    agreed: &BTreeMap<String, Choice>,
) -> Result<Vec<FloorTally>, ScoreFault> {
    let readings: Vec<Reading<'_>> =
        counted.iter().map(|(sheet, _)| Reading::of(set, sheet)).collect::<Result<_, _>>()?;
    let mut floors: Vec<FloorTally> = Vec::new();
    for criterion in set.criteria() {
        for (needed_level, level) in
            criterion.alternatives.iter().flat_map(|alternative| alternative.numbered())
        {
            let Some(stars) = level.floor else { continue };
            if floors.iter().any(|floor| floor.code == criterion.code && floor.stars == stars) {
                continue;
            }
            let answers: Vec<&Answer<'_>> = readings
                .iter()
                .flat_map(|read| &read.answers)
                .filter(|answer| answer.criterion.code == criterion.code)
                .collect();
            let at_or_above = answers
                .iter()
                .filter(|answer| {
                    answer.alternative.floor(stars).is_none_or(|(needed, _)| answer.level >= needed)
                })
                .count();
            let (met, basis) = match rule {
                FloorRule::Majority => (is_majority(at_or_above, counted.len()), None),
                FloorRule::Mean => by_mean(&answers, stars),
                FloorRule::Agreed if at_or_above == counted.len() => (true, Some(FloorBasis::Agreed(None))),
                FloorRule::Agreed if at_or_above == 0 => (false, Some(FloorBasis::Agreed(None))),
                FloorRule::Agreed => by_agreement(criterion, stars, agreed.get(&criterion.code)),
            };
            floors.push(FloorTally {
                code: criterion.code.clone(),
                stars,
                needed_level,
                needed_points: level.points,
                at_or_above,
                of: counted.len(),
                met,
                basis,
            });
        }
    }
    floors.sort_by_key(|floor| floor.stars);
    Ok(floors)
}

/// Whether the points of the ballots that this floor holds back reach its points on the mean.
fn by_mean(answers: &[&Answer<'_>], stars: u8) -> (bool, Option<FloorBasis>) {
    let held: Vec<(u16, u16)> = answers
        .iter()
        .filter_map(|answer| Some((answer.points, answer.alternative.floor(stars)?.1.points)))
        .collect();
    let (points, needed): (Vec<u16>, Vec<u16>) = held.into_iter().unzip();
    match (Fraction::mean(&points), Fraction::mean(&needed)) {
        (Some(mean), Some(needed)) => (mean >= needed, Some(FloorBasis::Mean(mean))),
        // Ballots of other cases only: nothing holds them back.
        (_, _) => (!answers.is_empty(), None),
    }
}

/// Whether the level that the council agreed on reaches a floor; nothing agreed does not.
fn by_agreement(criterion: &Criterion, stars: u8, agreed: Option<&Choice>) -> (bool, Option<FloorBasis>) {
    let reaches = |choice: &Choice| {
        let case = criterion.alternative(choice.alternative);
        case.is_some_and(|case| case.floor(stars).is_none_or(|(needed, _)| choice.level >= needed))
    };
    (agreed.is_some_and(reaches), Some(FloorBasis::Agreed(agreed.map(|choice| choice.level))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sample;

    const LEVELS: [(&str, u8, u8); 7] =
        [("1.1", 1, 3), ("1.2", 1, 2), ("2", 1, 2), ("3.1", 1, 3), ("3.2", 1, 2), ("4", 1, 2), ("5.1", 1, 2)];

    /// All highest (first alternatives), with one level changed.
    fn ballot(code: &str, level: u8) -> Sheet {
        let mut sheet = Sheet::default();
        for (other, alternative, highest) in LEVELS {
            let level = if other == code { level } else { highest };
            sheet.choices.insert(other.to_owned(), Choice { alternative, level, note: None });
        }
        sheet
    }

    fn full() -> Sheet {
        ballot("", 0)
    }

    fn excluded(reason: &str) -> Sheet {
        let ground =
            Disqualification { criterion: None, ground: "Giả mạo".to_owned(), reason: reason.to_owned() };
        Sheet { choices: BTreeMap::new(), disqualified: Some(ground) }
    }

    fn of(ballots: &[Sheet]) -> Tally {
        tally(&sample::honey(), ballots).unwrap()
    }

    #[test]
    fn a_floor_needs_more_than_half_of_the_ballots() {
        let check = |at: usize, below: usize, met: bool, stars: u8| {
            let ballots = [vec![full(); at], vec![ballot("1.2", 1); below]].concat();
            let tally = of(&ballots);
            let floor = tally.floors.iter().find(|floor| floor.code == "1.2").unwrap();
            assert_eq!(
                (floor.at_or_above, floor.of, floor.met),
                (at, at + below, met),
                "{at} of {}",
                at + below
            );
            assert_eq!(tally.stars, stars, "{at} of {}", at + below);
        };
        check(2, 1, true, 5);
        check(4, 3, true, 5);
        check(1, 1, false, 3);
        check(4, 4, false, 3);
        check(3, 4, false, 3);
    }

    #[test]
    fn a_floor_by_the_mean_is_exact() {
        // 1.2: level 1 is 0 points, level 2 is 10 points and the floor of 4 stars.
        let check = |ballots: &[Sheet], met: bool, stars: u8| {
            let tally = tally_by(&sample::honey(), ballots, FloorRule::Mean, &BTreeMap::new()).unwrap();
            let floor = tally.floors.iter().find(|floor| floor.code == "1.2").unwrap();
            assert_eq!((floor.met, tally.stars), (met, stars), "{:?}", tally.explanation);
            tally.explanation
        };
        check(&[full(), full()], true, 5);
        let said = check(&[full(), full(), full(), ballot("1.2", 1)], false, 3);
        assert_eq!(
            said[1],
            "Đủ điểm 5 sao (trung bình 97,50 điểm) nhưng tiêu chí 1.2 trung bình 7,50 điểm, \
             4 sao cần trung bình từ 10 điểm: xếp 3 sao."
        );
    }

    #[test]
    fn what_a_council_agrees_on_decides_a_floor_on_which_it_differs() {
        let differ = [full(), full(), ballot("1.2", 1)];
        let by = |ballots: &[Sheet], level: Option<u8>| {
            let agreed = level.map(|level| ("1.2".to_owned(), Choice::level(level))).into_iter().collect();
            let tally = tally_by(&sample::honey(), ballots, FloorRule::Agreed, &agreed).unwrap();
            (tally.floors_to_agree(), tally.stars, tally.explanation[1].clone())
        };
        let (open, stars, said) = by(&differ, None);
        assert_eq!((open, stars), (vec!["1.2".to_owned()], 3));
        assert!(
            said.contains(
                "tiêu chí 1.2 có 2/3 phiếu đạt mức 2 (10 điểm) trở lên, Hội đồng chưa thống nhất mức"
            ),
            "{said}"
        );
        assert_eq!(by(&differ, Some(2)).1, 5);
        let (open, stars, said) = by(&differ, Some(1));
        assert_eq!((open, stars), (Vec::new(), 3));
        assert!(said.contains("được Hội đồng thống nhất mức 1, 4 sao cần mức 2 (10 điểm)"), "{said}");
        let low = [ballot("1.2", 1), ballot("1.2", 1)];
        assert_eq!(by(&low, Some(2)).1, 3, "ballots that agree are not talked away");
    }

    #[test]
    fn the_words_count_the_ballots() {
        let tally = of(&[full(), ballot("1.2", 1)]);
        let whole = tally.clone().explained(&sample::honey(), 0);
        assert!(whole.explanation[1].contains("(trung bình 95 điểm)"), "{:?}", whole.explanation);
        assert_eq!(
            tally.explanation[1],
            "Đủ điểm 5 sao (trung bình 95,00 điểm) nhưng tiêu chí 1.2 mới có 1/2 phiếu đạt mức 2 (10 điểm) trở lên, \
             4 sao cần quá nửa số phiếu: xếp 3 sao."
        );
        assert_eq!((tally.spread, tally.missed_for_next_star), (10, vec!["1.2".to_owned()]));
    }

    #[test]
    fn stars_follow_the_exact_mean() {
        // 199 ballots of 90 and one of 85: 89.975, which would be 90 to one decimal.
        let mut nearly = vec![ballot("1.1", 0); 199];
        nearly.push(ballot("4", 1));
        let tally = of(&nearly);
        assert_eq!((tally.mean, tally.stars_by_points), (Fraction::new(17_995, 200).unwrap(), 4));
        let exactly = of(&[ballot("1.1", 0), ballot("1.1", 0)]);
        assert_eq!((exactly.mean, exactly.stars_by_points), (Fraction::whole(90), 5));
    }

    #[test]
    fn a_knock_out_counts_when_more_than_half_declare_it() {
        let check = |ballots: &[Sheet], stands: bool, stars: u8, totals: &[u16], aside: &[usize]| {
            let tally = of(ballots);
            assert_eq!((tally.disqualified.is_none(), tally.stars), (stands, stars));
            assert_eq!((tally.member_totals.as_slice(), tally.set_aside.as_slice()), (totals, aside));
        };
        check(&[full(), excluded("x"), full()], true, 5, &[100, 100], &[1]);
        check(&[full(), excluded("x")], true, 5, &[100], &[1]);
        check(&[full(), excluded("x"), excluded("y")], false, 0, &[100], &[1, 2]);
        check(&[excluded("x")], false, 0, &[], &[0]);
        // A zero that stops is a knock-out too, not a low ballot.
        check(&[full(), full(), ballot("5.1", 1)], true, 5, &[100, 100], &[2]);
    }

    #[test]
    fn the_ground_named_most_often_is_told_with_every_reason() {
        let stop = ballot("5.1", 0);
        let tally = of(&[stop, excluded("giả phiếu"), excluded("giả chữ ký"), excluded("giả phiếu")]);
        let found = tally.disqualified.unwrap();
        assert_eq!((found.ground.as_str(), found.reason.as_str()), ("Giả mạo", "giả chữ ký; giả phiếu"));
        assert_eq!(tally.explanation[0], "4/4 phiếu (quá nửa) kết luận như sau.");
    }

    #[test]
    fn no_ballots_and_wrong_ballots_are_refused() {
        assert_eq!(tally(&sample::honey(), &[]), Err(ScoreFault::NoBallots));
        let fault = tally(&sample::honey(), &[full(), ballot("2", 9)]).unwrap_err();
        assert_eq!(
            fault.to_string(),
            "phiếu thứ 2: tiêu chí 2 không có mức 9 (từ 0 là không đạt mức nào, đến 2)"
        );
    }
}
