//! What holds for every sheet of every set of the repository.

use std::sync::{Arc, LazyLock};

use proptest::prelude::*;

use super::{Choice, Sheet, score, tally};
use crate::rules::{ProductSet, sample};

static SETS: LazyLock<Vec<Arc<ProductSet>>> = LazyLock::new(|| {
    let rules = sample::repository();
    let mut sets: Vec<_> = rules.regimes.values().flat_map(|regime| regime.sets.values().cloned()).collect();
    sets.push(sample::honey());
    sets
});

/// A sheet of the set: seeds pick an alternative and a level for each criterion, or leave it open.
fn sheet(set: &ProductSet, seeds: &[u8]) -> Sheet {
    let mut sheet = Sheet::default();
    for (criterion, seed) in set.criteria().zip(seeds.iter().cycle()) {
        let count = criterion.alternatives.len();
        let alternative = usize::from(*seed) % count;
        let levels = criterion.alternatives[alternative].levels.len();
        let level = usize::from(*seed) / 3 % (levels + 1);
        if *seed != 255 {
            let no = |at: usize| u8::try_from(at).unwrap();
            let choice = Choice { alternative: no(alternative + 1), level: no(level), note: None };
            sheet.choices.insert(criterion.code.clone(), choice);
        }
    }
    sheet
}

/// A set, and seeds for so many sheets.
fn drawn(sheets: impl Into<prop::collection::SizeRange>) -> impl Strategy<Value = (usize, Vec<Vec<u8>>)> {
    (0..SETS.len(), prop::collection::vec(prop::collection::vec(any::<u8>(), 40), sheets))
}

proptest! {
    #[test]
    fn a_higher_level_never_costs_points_or_stars((set, seeds) in drawn(1), at in any::<prop::sample::Index>()) {
        let set = &SETS[set];
        let lower = sheet(set, &seeds[0]);
        let raised: Vec<&String> = lower.choices.keys().collect();
        prop_assume!(!raised.is_empty());
        let code = (*at.get(&raised)).clone();
        let mut higher = lower.clone();
        let choice = higher.choices.get_mut(&code).unwrap();
        let highest = set.criterion(&code).unwrap().alternative(choice.alternative).unwrap().highest();
        choice.level = (choice.level + 1).min(highest);
        let (lower, higher) = (score(set, &lower).unwrap(), score(set, &higher).unwrap());
        prop_assert!(higher.total >= lower.total, "{code}");
        // A sheet that a zero knocked out has no stars: raising can only bring them.
        prop_assert!(higher.stars >= lower.stars, "{code}");
    }

    #[test]
    fn parts_add_up_and_stay_within_their_maximum((set, seeds) in drawn(1)) {
        let set = &SETS[set];
        let scored = score(set, &sheet(set, &seeds[0])).unwrap();
        prop_assert_eq!(scored.parts.total(), scored.total);
        for part in &set.parts {
            prop_assert!(scored.parts.of(part.code) <= part.max);
        }
        prop_assert!(scored.stars <= scored.stars_by_points);
    }

    #[test]
    fn a_council_of_one_mind_decides_as_one_sheet((set, seeds) in drawn(1), members in 1usize..12) {
        let set = &SETS[set];
        let sheet = sheet(set, &seeds[0]);
        let one = score(set, &sheet).unwrap();
        let all = tally(set, &vec![sheet; members]).unwrap();
        prop_assert_eq!(all.stars, one.stars);
        prop_assert_eq!(all.stars_by_points, one.stars_by_points);
        prop_assert_eq!(&all.missed_for_next_star, &one.missed_for_next_star);
        prop_assert_eq!(all.spread, 0);
        prop_assert_eq!(all.disqualified.is_some(), one.disqualified.is_some());
        if one.disqualified.is_none() {
            prop_assert_eq!(all.mean, super::Fraction::whole(i64::from(one.total)));
        }
    }

    #[test]
    fn the_order_of_ballots_does_not_matter((set, seeds) in drawn(2..9), turn in any::<prop::sample::Index>()) {
        let set = &SETS[set];
        let mut ballots: Vec<Sheet> = seeds.iter().map(|seeds| sheet(set, seeds)).collect();
        let result = |ballots: &[Sheet]| tally(set, ballots).map(|mut tally| {
            tally.member_totals.sort_unstable();
            tally.set_aside.clear();
            tally
        });
        let before = result(&ballots);
        let by = turn.index(ballots.len());
        ballots.rotate_left(by);
        ballots.swap(0, 1);
        prop_assert_eq!(result(&ballots), before);
    }

    #[test]
    fn the_mean_lies_between_the_ballots((set, seeds) in drawn(1..9)) {
        let set = &SETS[set];
        let ballots: Vec<Sheet> = seeds.iter().map(|seeds| sheet(set, seeds)).collect();
        let tally = tally(set, &ballots).unwrap();
        let whole = |points: &u16| super::Fraction::whole(i64::from(*points));
        if let (Some(low), Some(high)) = (tally.member_totals.iter().min(), tally.member_totals.iter().max()) {
            prop_assert!(whole(low) <= tally.mean && tally.mean <= whole(high));
            prop_assert_eq!(tally.spread, high - low);
        }
    }
}
