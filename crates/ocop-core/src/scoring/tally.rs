//! The result of a council out of its sealed ballots.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::score::{Reading, codes_where, stars_after_floors, stars_by_points};
use super::{Disqualification, Fraction, ScoreFault, Scored, Sheet, explain, score};
use crate::rules::{PartCode, ProductSet};

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
    /// Whether more than half of the ballots are at or above it; a tie fails.
    pub met: bool,
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

/// Adds up a council's sealed ballots.
///
/// Stars are decided on the exact mean, never on a rounded figure. The order of the ballots does
/// not matter.
///
/// # Errors
/// No ballots, or a ballot with a code, alternative or level that the set does not have.
pub fn tally(set: &ProductSet, ballots: &[Sheet]) -> Result<Tally, ScoreFault> {
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
    let floors = floors(set, &counted)?;
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
    tally.explanation = explain::tally(set, &tally);
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
fn floors(set: &ProductSet, counted: &[(&Sheet, &Scored)]) -> Result<Vec<FloorTally>, ScoreFault> {
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
            let answers =
                readings.iter().flat_map(|read| &read.answers).filter(|a| a.criterion.code == criterion.code);
            let at_or_above = answers
                .filter(|answer| {
                    answer.alternative.floor(stars).is_none_or(|(needed, _)| answer.level >= needed)
                })
                .count();
            floors.push(FloorTally {
                code: criterion.code.clone(),
                stars,
                needed_level,
                needed_points: level.points,
                at_or_above,
                of: counted.len(),
                met: is_majority(at_or_above, counted.len()),
            });
        }
    }
    floors.sort_by_key(|floor| floor.stars);
    Ok(floors)
}

#[cfg(test)]
mod tests {
    use super::super::Choice;
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
    fn the_words_count_the_ballots() {
        let tally = of(&[full(), ballot("1.2", 1)]);
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
