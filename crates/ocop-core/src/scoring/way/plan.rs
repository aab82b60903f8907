//! The shortest way as a table: for every number of points, the cheapest way to have them.
//!
//! Criteria whose conditions look at each other are weighed together in a group; groups are
//! independent. So the cheapest way to `p` points over the first `n` groups is the cheapest over
//! the first `n − 1` with one combination of the last, and costs (criteria changed, levels climbed)
//! add up.

use std::collections::BTreeMap;

use super::super::Sheet;
use crate::rules::{Criterion, ProductSet, Trigger};

/// One criterion raised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Raise {
    pub(super) code: String,
    pub(super) alternative: u8,
    pub(super) from: u8,
    pub(super) to: u8,
}

/// Criteria changed, then levels climbed: what a way costs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Cost {
    criteria: u16,
    levels: u16,
}

impl Cost {
    fn plus(self, other: Self) -> Self {
        Self { criteria: self.criteria + other.criteria, levels: self.levels + other.levels }
    }
}

/// A way to some points.
#[derive(Debug, Clone, Default)]
struct Way {
    cost: Cost,
    raises: Vec<Raise>,
}

/// The shortest way to `stars`, whose threshold is `from`; `None` when no way leads there.
pub(super) fn shortest(set: &ProductSet, sheet: &Sheet, stars: u8, from: u16) -> Option<Vec<Raise>> {
    let mut ways: BTreeMap<u16, Way> = BTreeMap::from([(0, Way::default())]);
    for group in groups(set) {
        let combinations = combinations(set, &group, sheet, stars);
        let mut longer: BTreeMap<u16, Way> = BTreeMap::new();
        for (points, way) in &ways {
            for (more, combination) in &combinations {
                let cost = way.cost.plus(combination.cost);
                let at = points + more;
                if longer.get(&at).is_none_or(|known| cost < known.cost) {
                    let raises = way.raises.iter().chain(&combination.raises).cloned().collect();
                    longer.insert(at, Way { cost, raises });
                }
            }
        }
        ways = longer;
    }
    // The first of equals has the fewest points: the least beyond what is needed.
    let enough = ways.into_iter().filter(|(points, _)| *points >= from);
    enough.min_by_key(|(points, way)| (way.cost, *points)).map(|(_, way)| way.raises)
}

/// The criteria in groups: those that a condition ties together, in the order of the sheet.
fn groups(set: &ProductSet) -> Vec<Vec<&Criterion>> {
    let mut groups: Vec<Vec<&Criterion>> = Vec::new();
    for criterion in set.criteria() {
        let tied = |group: &Vec<&Criterion>| group.iter().any(|other| are_tied(criterion, other));
        let (mut joined, apart): (Vec<_>, Vec<_>) = groups.into_iter().partition(tied);
        groups = apart;
        let mut group: Vec<&Criterion> = joined.drain(..).flatten().collect();
        group.push(criterion);
        groups.push(group);
    }
    groups
}

fn are_tied(one: &Criterion, other: &Criterion) -> bool {
    let looks_at = |one: &Criterion, other: &Criterion| {
        one.applies_if.as_ref().is_some_and(|condition| condition.criterion == other.code)
    };
    looks_at(one, other) || looks_at(other, one)
}

/// What a criterion may become: as it is, then every raise.
pub(super) fn raises(criterion: &Criterion, sheet: &Sheet) -> Vec<Raise> {
    let choice = sheet.choices.get(&criterion.code);
    let (chosen, from) = choice.map_or((1, 0), |choice| (choice.alternative, choice.level));
    let cases = (1..=u8::MAX).zip(&criterion.alternatives);
    cases
        .filter(|(no, _)| choice.is_none() || *no == chosen)
        .flat_map(|(alternative, cases)| {
            let code = criterion.code.clone();
            (from + 1..=cases.highest()).map(move |to| Raise { code: code.clone(), alternative, from, to })
        })
        .collect()
}

/// A criterion as it stands in a combination.
struct Stand<'a> {
    criterion: &'a Criterion,
    alternative: u8,
    level: u8,
    answered: bool,
}

/// For every number of points that a group can give with all floors up to `stars` met and nothing
/// knocked out, the cheapest combination.
fn combinations(set: &ProductSet, group: &[&Criterion], sheet: &Sheet, stars: u8) -> BTreeMap<u16, Way> {
    let mut cheapest: BTreeMap<u16, Way> = BTreeMap::new();
    let mut combination: Vec<Option<Raise>> = Vec::new();
    every(group, sheet, &mut combination, &mut |combination| {
        let Some(points) = worth(set, group, sheet, combination, stars) else { return };
        let raises: Vec<Raise> = combination.iter().flatten().cloned().collect();
        let levels = raises.iter().map(|raise| u16::from(raise.to - raise.from)).sum();
        let cost = Cost { criteria: u16::try_from(raises.len()).unwrap_or(u16::MAX), levels };
        if cheapest.get(&points).is_none_or(|known| cost < known.cost) {
            cheapest.insert(points, Way { cost, raises });
        }
    });
    cheapest
}

/// Calls `each` with every combination of raises (`None` = as it is) of the group.
fn every(
    group: &[&Criterion],
    sheet: &Sheet,
    combination: &mut Vec<Option<Raise>>,
    each: &mut dyn FnMut(&[Option<Raise>]),
) {
    let Some(criterion) = group.get(combination.len()) else {
        each(combination);
        return;
    };
    let options = std::iter::once(None).chain(raises(criterion, sheet).into_iter().map(Some));
    for option in options {
        combination.push(option);
        every(group, sheet, combination, each);
        combination.pop();
    }
}

/// The points of a combination; `None` when it misses a floor or knocks the product out.
fn worth(
    set: &ProductSet,
    group: &[&Criterion],
    sheet: &Sheet,
    combination: &[Option<Raise>],
    stars: u8,
) -> Option<u16> {
    let stands: Vec<Stand<'_>> = group
        .iter()
        .zip(combination)
        .map(|(criterion, raise)| stand(criterion, raise.as_ref(), sheet))
        .collect();
    let mut points = 0;
    for one in &stands {
        let level_of = |code: &str| {
            let other = stands.iter().find(|other| other.criterion.code == code && other.answered);
            other.map(|other| other.level)
        };
        let condition = one.criterion.applies_if.as_ref();
        let applies = condition.is_none_or(|condition| {
            level_of(&condition.criterion).is_some_and(|level| level >= condition.level)
        });
        let level = if applies { one.level } else { 0 };
        let cases = one.criterion.alternative(one.alternative)?;
        let has_floor = |level: &crate::rules::Level| level.floor.is_some_and(|floor| floor <= stars);
        if cases.numbered().any(|(no, at)| has_floor(at) && no > level) {
            return None;
        }
        let own = cases.level(level).map_or(0, |level| level.points);
        if own == 0 && one.answered && knocks_out(set, &one.criterion.code) {
            return None;
        }
        points += own;
    }
    Some(points)
}

fn stand<'a>(criterion: &'a Criterion, raise: Option<&Raise>, sheet: &Sheet) -> Stand<'a> {
    let choice = sheet.choices.get(&criterion.code);
    let (alternative, level) = match (raise, choice) {
        (Some(raise), _) => (raise.alternative, raise.to),
        (None, Some(choice)) => (choice.alternative, choice.level),
        (None, None) => (1, 0),
    };
    Stand { criterion, alternative, level, answered: raise.is_some() || choice.is_some() }
}

/// Whether 0 points here end the evaluation.
fn knocks_out(set: &ProductSet, code: &str) -> bool {
    let mut knockouts = set.criteria().flat_map(|criterion| &criterion.knockouts);
    knockouts.any(|knockout| match knockout.trigger {
        Trigger::Zero => knockout.scope.iter().any(|scoped| scoped == code),
        Trigger::Declared => false,
    })
}
