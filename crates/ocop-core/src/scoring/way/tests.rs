//! The way keeps its promise: it reaches the star, and nothing smaller does.

use std::sync::{Arc, LazyLock};

use proptest::prelude::*;

use super::*;
use crate::rules::sample;

static LAW: LazyLock<Vec<Arc<ProductSet>>> = LazyLock::new(|| {
    let rules = sample::repository();
    rules.regimes.values().flat_map(|regime| regime.sets.values().cloned()).collect()
});
static SMALL: LazyLock<Arc<ProductSet>> = LazyLock::new(sample::honey);

/// A sheet: seeds pick a case and a level for each criterion, or leave it open.
fn sheet(set: &ProductSet, seeds: &[u8]) -> Sheet {
    let mut sheet = Sheet::default();
    for (criterion, seed) in set.criteria().zip(seeds.iter().cycle()).filter(|(_, seed)| **seed < 240) {
        let count = criterion.alternatives.len();
        let alternative = usize::from(*seed) % count;
        let levels = usize::from(criterion.alternatives[alternative].highest());
        let level = usize::from(*seed) / 3 % (levels + 1);
        let no = |at: usize| u8::try_from(at).unwrap();
        sheet.choices.insert(
            criterion.code.clone(),
            Choice { alternative: no(alternative + 1), level: no(level), note: None },
        );
    }
    sheet
}

fn after(sheet: &Sheet, steps: &[Step]) -> Sheet {
    let raises: Vec<Raise> = steps
        .iter()
        .map(|step| Raise {
            code: step.code.clone(),
            alternative: step.alternative,
            from: step.from,
            to: step.to,
        })
        .collect();
    applied(sheet, &raises)
}

/// Every sheet that raising leads to, with criteria changed and levels climbed.
fn every_raise(set: &ProductSet, sheet: &Sheet, each: &mut dyn FnMut(&Sheet, (usize, u32))) {
    fn go(
        left: &[&Criterion],
        start: &Sheet,
        now: &Sheet,
        cost: (usize, u32),
        each: &mut dyn FnMut(&Sheet, (usize, u32)),
    ) {
        let Some((first, rest)) = left.split_first() else { return each(now, cost) };
        go(rest, start, now, cost, each);
        for raise in plan::raises(first, start) {
            let levels = u32::from(raise.to - raise.from);
            let raised = applied(now, &[raise]);
            go(rest, start, &raised, (cost.0 + 1, cost.1 + levels), each);
        }
    }
    let criteria: Vec<&Criterion> = set.criteria().collect();
    go(&criteria, sheet, sheet, (0, 0), each);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// On a small sheet every other way can be tried: none is shorter.
    #[test]
    fn no_smaller_change_reaches_the_star(seeds in prop::collection::vec(any::<u8>(), 7), stars in 2u8..=5) {
        let (set, sheet) = (&**SMALL, sheet(&SMALL, &seeds));
        let mut best: Option<(usize, u32, u16)> = None;
        every_raise(set, &sheet, &mut |raised, (criteria, levels)| {
            let scored = score(set, raised).unwrap();
            if scored.stars >= stars {
                let cost = (criteria, levels, scored.total);
                best = Some(best.map_or(cost, |known| known.min(cost)));
            }
        });
        let advised = advise(set, &sheet, Some(stars));
        match best {
            None => prop_assert_eq!(advised, Err(NoWay::OutOfReach(stars))),
            Some(best) => {
                let way = advised.unwrap();
                let levels = way.steps.iter().map(|step| u32::from(step.to - step.from)).sum();
                prop_assert_eq!((way.steps.len(), levels, way.total), best);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn following_the_way_gives_the_star_and_no_step_is_idle(
        set in 0..LAW.len(),
        seeds in prop::collection::vec(any::<u8>(), 40),
        stars in prop::option::of(1u8..=5),
    ) {
        let set = &LAW[set];
        let sheet = sheet(set, &seeds);
        let Ok(way) = advise(set, &sheet, stars) else { return Ok(()) };
        let reached = score(set, &after(&sheet, &way.steps)).unwrap();
        prop_assert!(reached.stars >= way.stars, "{} stars", reached.stars);
        prop_assert_eq!(reached.total, way.total);
        for at in 0..way.steps.len() {
            let mut fewer = way.steps.clone();
            let left_out = fewer.remove(at);
            prop_assert!(score(set, &after(&sheet, &fewer)).unwrap().stars < way.stars, "{} is idle", left_out.code);
            for other in &left_out.instead {
                let raise = Raise { code: other.code.clone(), alternative: 1, from: 0, to: other.to };
                let kept = sheet.choices.get(&other.code).map_or(1, |choice| choice.alternative);
                let with_other = applied(&after(&sheet, &fewer), &[Raise { alternative: kept, ..raise }]);
                let reached = score(set, &with_other).unwrap().stars;
                // An open criterion may be taken in another of its cases.
                let is_open = !sheet.choices.contains_key(&other.code);
                prop_assert!(reached >= way.stars || is_open, "{} does not do for {}", other.code, left_out.code);
            }
        }
    }
}

/// The honey sheet at its best but for these levels.
fn honey(levels: &[(&str, u8)]) -> Way {
    let set = LAW.iter().find(|set| set.reference() == "2026-26/4").unwrap();
    let mut sheet = Sheet::default();
    for criterion in set.criteria() {
        let level = levels.iter().find(|(code, _)| *code == criterion.code);
        let level = level.map_or(criterion.alternatives[0].highest(), |(_, level)| *level);
        sheet.choices.insert(criterion.code.clone(), Choice::level(level));
    }
    advise(set, &sheet, None).unwrap()
}

#[test]
fn a_full_sheet_needs_nothing() {
    assert_eq!(honey(&[]).steps, []);
}

#[test]
fn a_missed_floor_is_on_the_way_although_the_points_suffice() {
    let way = honey(&[("2.3", 1)]);
    let steps: Vec<_> = way.steps.iter().map(|step| (step.code.as_str(), step.to, step.floor)).collect();
    assert_eq!((way.stars_now, way.stars), (3, 4));
    assert_eq!(steps, [("2.3", 3, Some(4))]);
    assert_eq!(way.steps[0].work, Work::Packaging);
    assert!(way.steps[0].instead.is_empty(), "a floor has no substitute");
}

#[test]
fn one_criterion_is_better_than_two_and_others_would_do() {
    // 89 points: one point is missing, and every floor is met.
    let way = honey(&[
        ("1.1", 2),
        ("1.2", 2),
        ("1.4", 2),
        ("1.6", 2),
        ("1.7", 1),
        ("2.2", 3),
        ("2.4", 1),
        ("3.1", 2),
        ("3.2", 1),
        ("3.3", 2),
        ("3.5", 2),
    ]);
    assert_eq!((way.total_now, way.stars), (89, 5));
    assert_eq!(way.steps.len(), 1);
    let step = &way.steps[0];
    assert_eq!((step.floor, step.to - step.from, way.total), (None, 1, 90));
    assert!(!step.instead.is_empty());
    assert!(step.instead.iter().all(|other| other.code != step.code));
}

#[test]
fn a_declared_knock_out_has_no_way_out() {
    let set = &**SMALL;
    let ground = Disqualification {
        criterion: None,
        ground: "Giả mạo hồ sơ".to_owned(),
        reason: "Giấy giả".to_owned(),
    };
    let out = Sheet { disqualified: Some(ground.clone()), ..Sheet::default() };
    assert_eq!(advise(set, &out, None), Err(NoWay::Disqualified(ground)));
    assert_eq!(advise(set, &Sheet::default(), Some(6)), Err(NoWay::NoSuchStar(6)));
}
