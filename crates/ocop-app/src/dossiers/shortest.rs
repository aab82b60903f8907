//! The shortest way to the next star: which criteria to raise, and by how much.

use std::cmp::Reverse;

use ocop_core::rules::{Criterion, ProductSet};
use ocop_core::scoring::{NextStar, Scored, Sheet};

/// One criterion to raise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WayStep {
    /// Code of the criterion.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What the level asks for.
    pub text: String,
    /// Points it adds.
    pub gain: u16,
    /// The star whose floor it is; `None` where it is only for points.
    pub floor: Option<u8>,
}

/// What to do for `next`, with as few criteria as can be: first every floor, which nothing can
/// replace, then the criteria that still give the most points, one after the other, each only as
/// far as the points are needed.
///
/// A suggestion: it knows points, not how hard a level is for this producer.
pub fn shortest_way(set: &ProductSet, sheet: &Sheet, scored: &Scored, next: &NextStar) -> Vec<WayStep> {
    let mut way: Vec<WayStep> = Vec::new();
    for floor in &next.floors {
        let Some(criterion) = set.criterion(&floor.code) else { continue };
        let Some(step) = raise(criterion, sheet, floor.needed_level, Some(floor.stars)) else { continue };
        match way.iter_mut().find(|known| known.code == step.code) {
            // Floors come by stars: the higher star's floor replaces the lower one's.
            Some(known) => *known = step,
            None => way.push(step),
        }
    }
    let mut short = next.points_short.saturating_sub(way.iter().map(|step| step.gain).sum());
    let mut best: Vec<WayStep> = set
        .criteria()
        .filter(|criterion| !scored.ignored.contains(&criterion.code))
        .filter(|criterion| way.iter().all(|step| step.code != criterion.code))
        .filter_map(|criterion| raise(criterion, sheet, highest(criterion, sheet), None))
        .collect();
    best.sort_by_key(|step| Reverse(step.gain));
    for top in best {
        if short == 0 {
            break;
        }
        let step = least_enough(set, sheet, top, short);
        short = short.saturating_sub(step.gain);
        way.push(step);
    }
    way
}

/// The case that the sheet has chosen, or the first.
fn case(criterion: &Criterion, sheet: &Sheet) -> u8 {
    sheet.choices.get(&criterion.code).map_or(1, |choice| choice.alternative)
}

fn highest(criterion: &Criterion, sheet: &Sheet) -> u8 {
    criterion.alternative(case(criterion, sheet)).map_or(0, |alternative| alternative.highest())
}

/// Raising a criterion to a level; `None` when it stands there or above.
fn raise(criterion: &Criterion, sheet: &Sheet, level: u8, floor: Option<u8>) -> Option<WayStep> {
    let alternative = criterion.alternative(case(criterion, sheet))?;
    let wanted = alternative.level(level)?;
    let current = sheet.choices.get(&criterion.code).and_then(|choice| alternative.level(choice.level));
    let points = current.map_or(0, |level| level.points);
    (wanted.points > points).then(|| WayStep {
        code: criterion.code.clone(),
        name: criterion.name.clone(),
        text: wanted.text.clone(),
        gain: wanted.points - points,
        floor,
    })
}

/// The lowest level of the same criterion that still gives `short` points, or `top` itself.
fn least_enough(set: &ProductSet, sheet: &Sheet, top: WayStep, short: u16) -> WayStep {
    let Some(criterion) = set.criterion(&top.code) else { return top };
    (1..=highest(criterion, sheet))
        .filter_map(|level| raise(criterion, sheet, level, None))
        .find(|step| step.gain >= short)
        .unwrap_or(top)
}

#[cfg(test)]
mod tests {
    use ocop_core::scoring::{Choice, missing_for_next_star, score};

    use super::*;

    /// The honey set with every criterion at its best but those named.
    fn sheet(set: &ProductSet, levels: &[(&str, u8)]) -> Sheet {
        let mut sheet = Sheet::default();
        for criterion in set.criteria() {
            let best = criterion.alternatives[0].highest();
            let level =
                levels.iter().find(|(code, _)| *code == criterion.code).map_or(best, |(_, level)| *level);
            sheet.choices.insert(criterion.code.clone(), Choice::level(level));
        }
        sheet
    }

    fn way(levels: &[(&str, u8)]) -> (NextStar, Vec<WayStep>) {
        let rules = crate::rules::embedded().unwrap();
        let set = rules.set("2026-26", 4).unwrap();
        let sheet = sheet(set, levels);
        let scored = score(set, &sheet).unwrap();
        let next = missing_for_next_star(set, &scored);
        let way = shortest_way(set, &sheet, &scored, &next);
        (next, way)
    }

    #[test]
    fn a_full_sheet_needs_nothing() {
        assert_eq!(way(&[]).1, vec![]);
    }

    #[test]
    fn a_missed_floor_is_on_the_way_even_when_points_suffice() {
        let (next, way) = way(&[("2.3", 1)]);
        assert!(next.floors.iter().any(|floor| floor.code == "2.3"));
        assert!(way.iter().any(|step| step.code == "2.3" && step.floor == Some(next.stars)));
    }

    #[test]
    fn following_the_way_reaches_the_star() {
        let rules = crate::rules::embedded().unwrap();
        let set = rules.set("2026-26", 4).unwrap();
        let mut sheet =
            sheet(set, &[("1.1", 0), ("1.2", 0), ("2.3", 0), ("3.5", 0), ("4.1", 0), ("6.1", 1), ("8", 1)]);
        let scored = score(set, &sheet).unwrap();
        let next = missing_for_next_star(set, &scored);
        let steps = shortest_way(set, &sheet, &scored, &next);
        assert!(!steps.is_empty());
        for step in &steps {
            let criterion = set.criterion(&step.code).unwrap();
            let level =
                criterion.alternatives[0].numbered().find(|(_, level)| level.text == step.text).unwrap().0;
            sheet.choices.insert(step.code.clone(), Choice::level(level));
        }
        let after = score(set, &sheet).unwrap();
        assert!(after.stars >= next.stars, "{} -> {}: {steps:#?}", scored.stars, after.stars);
    }
}
