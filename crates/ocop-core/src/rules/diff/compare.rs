//! The comparison of two product sets and of two criteria.

use super::super::{Alternative, Criterion, ProductSet};
use super::pairs::{Found, Pair, likeness, pairs, words};
use super::{
    Case, CaseLevel, ConditionDiff, ConditionKind, CriterionChange, CriterionDiff, FloorChange, FloorDiff,
    Mark, PartDiff, Place, SetDiff, SetHead, Texts, Turned,
};
use crate::text::fold;

/// Stars that levels can be the least for.
const FLOOR_STARS: [u8; 3] = [3, 4, 5];

/// Two texts say the same in other words when they share at least this much, in thousandths, and
/// name the same figures.
const SAME_MEANING: usize = 600;

/// Two conditions are versions of one another when they share at least this much.
const SAME_MATTER: usize = 500;

/// What changed from the older set `from` to the newer set `to`.
pub fn compare(from: &ProductSet, to: &ProductSet) -> SetDiff {
    let pairs = pairs(from, to);
    let mut floors: Vec<FloorDiff> = pairs.iter().flat_map(floor_diffs).collect();
    floors.sort_by_key(|one| (one.stars, one.change));
    let parts = to.parts.iter().map(|part| PartDiff {
        part: part.code,
        name: part.name.clone(),
        max: Turned { from: from.part_max(part.code), to: part.max },
    });
    let grounds = |set: &ProductSet| set.disqualifiers.clone();
    SetDiff {
        from: head(from),
        to: head(to),
        parts: parts.collect(),
        disqualifiers: turned_texts(grounds(from), grounds(to)),
        floors,
        criteria: pairs.iter().map(criterion_diff).collect(),
    }
}

fn head(set: &ProductSet) -> SetHead {
    let places = [Some(&set.industry), Some(&set.group), set.subgroup.as_ref()];
    let place: Vec<&str> = places.into_iter().flatten().map(|named| named.name.as_str()).collect();
    SetHead {
        reference: set.reference(),
        name: set.name.clone(),
        place: place.join(" · "),
        cite: set.cite.clone(),
        has_floors: set.has_floors(),
    }
}

/// What is not in both lists with the same meaning: first what both have in other words, then what is only in the
/// newer, then what is only in the older.
fn turned_texts(mut from: Vec<String>, mut to: Vec<String>) -> Vec<Texts> {
    to.retain(|text| match from.iter().position(|old| text_likeness(old, text) < Likeness::Different) {
        Some(at) => {
            from.remove(at);
            false
        }
        None => true,
    });
    let mut reworded = Vec::new();
    to.retain(|text| {
        let close = |old: &String| shared(old, text);
        let best = from.iter().enumerate().max_by_key(|(_, old)| close(old));
        match best.filter(|(_, old)| close(old) >= SAME_MATTER).map(|(at, _)| at) {
            Some(at) => {
                reworded.push(Texts { from: Some(from.remove(at)), to: Some(text.clone()) });
                false
            }
            None => true,
        }
    });
    let added = to.into_iter().map(|text| Texts { from: None, to: Some(text) });
    let dropped = from.into_iter().map(|text| Texts { from: Some(text), to: None });
    reworded.into_iter().chain(added).chain(dropped).collect()
}

/// How two sets of levels compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Likeness {
    /// Word for word, but for marks, case and punctuation.
    Same,
    /// Other words.
    Wording,
    /// Other points, number of levels, figures or meaning.
    Different,
}

fn levels_likeness(from: &Criterion, to: &Criterion) -> Likeness {
    if from.alternatives.len() != to.alternatives.len() {
        return Likeness::Different;
    }
    let cases = from.alternatives.iter().zip(&to.alternatives);
    cases.map(|(before, after)| case_likeness(before, after)).max().unwrap_or(Likeness::Same)
}

fn case_likeness(from: &Alternative, to: &Alternative) -> Likeness {
    let points = |case: &Alternative| case.levels.iter().map(|level| level.points).collect::<Vec<_>>();
    if points(from) != points(to) {
        return Likeness::Different;
    }
    let levels = from.levels.iter().zip(&to.levels);
    levels.map(|(before, after)| text_likeness(&before.text, &after.text)).max().unwrap_or(Likeness::Same)
}

fn text_likeness(from: &str, to: &str) -> Likeness {
    if fold(from) == fold(to) {
        return Likeness::Same;
    }
    if figures(from) == figures(to) && shared(from, to) >= SAME_MEANING {
        Likeness::Wording
    } else {
        Likeness::Different
    }
}

/// How much two texts share, in thousandths.
fn shared(one: &str, other: &str) -> usize {
    likeness(&words(one).collect::<Vec<_>>(), &words(other).collect::<Vec<_>>())
}

/// The figures of a text in order of size: thresholds, years, numbers of outlets.
fn figures(text: &str) -> Vec<String> {
    let is_figure = |word: &String| word.chars().any(|letter| letter.is_ascii_digit());
    let mut figures: Vec<String> = words(text).filter(is_figure).collect();
    figures.sort();
    figures
}

/// The level that a star asks of each case: the highest one marked for it or for a lower star.
fn marks(criterion: Option<&Criterion>, stars: u8) -> Vec<Mark> {
    let cases = criterion.map_or(&[][..], |criterion| criterion.alternatives.as_slice());
    let marked = cases.iter().filter_map(|case| {
        let asked = case.numbered().filter(|(_, level)| level.floor.is_some_and(|floor| floor <= stars));
        asked.last().map(|(no, level)| Mark {
            case: case.label.clone(),
            level: no,
            points: level.points,
            text: level.text.clone(),
        })
    });
    marked.collect()
}

fn floor_diffs(pair: &Pair<'_>) -> Vec<FloorDiff> {
    let (from, to) = (pair.from.as_ref().map(|one| one.criterion), pair.to.as_ref().map(|one| one.criterion));
    let Some(named) = to.or(from) else { return Vec::new() };
    let mut diffs: Vec<FloorDiff> = Vec::new();
    for stars in FLOOR_STARS {
        let (before, now) = (marks(from, stars), marks(to, stars));
        let said_below = diffs.last().is_some_and(|last| last.from == before && last.to == now);
        if let Some(change) = floor_change(from, to, &before, &now).filter(|_| !said_below) {
            let (code, name) = (named.code.clone(), named.name.clone());
            diffs.push(FloorDiff { stars, change, code, name, from: before, to: now });
        }
    }
    diffs
}

fn floor_change(
    from: Option<&Criterion>,
    to: Option<&Criterion>,
    before: &[Mark],
    now: &[Mark],
) -> Option<FloorChange> {
    match (before, now) {
        ([], []) => None,
        ([], [_, ..]) => Some(FloorChange::New),
        ([_, ..], []) => Some(FloorChange::Gone),
        ([was], [is]) => {
            let is_one_scale =
                from.zip(to).is_some_and(|(from, to)| levels_likeness(from, to) < Likeness::Different);
            match text_likeness(&was.text, &is.text) {
                Likeness::Same => None,
                Likeness::Wording if was.level == is.level || !is_one_scale => None,
                Likeness::Wording | Likeness::Different => Some(match was.level.cmp(&is.level) {
                    std::cmp::Ordering::Less if is_one_scale => FloorChange::Higher,
                    std::cmp::Ordering::Greater if is_one_scale => FloorChange::Lower,
                    std::cmp::Ordering::Less | std::cmp::Ordering::Equal | std::cmp::Ordering::Greater => {
                        FloorChange::Other
                    }
                }),
            }
        }
        ([_, ..], [_, ..]) => {
            let texts = |marks: &[Mark]| marks.iter().map(|mark| fold(&mark.text)).collect::<Vec<_>>();
            (texts(before) != texts(now)).then_some(FloorChange::Other)
        }
    }
}

fn criterion_diff(pair: &Pair<'_>) -> CriterionDiff {
    let place = |found: &Found<'_>| Place {
        code: found.criterion.code.clone(),
        name: found.criterion.name.clone(),
        part: found.part,
        max: found.criterion.max,
    };
    let mut diff = CriterionDiff {
        change: CriterionChange::Same,
        from: pair.from.as_ref().map(place),
        to: pair.to.as_ref().map(place),
        merged: pair.merged.iter().map(place).collect(),
        levels: None,
        conditions: Vec::new(),
        floors: !floor_diffs(pair).is_empty(),
        words: false,
    };
    diff.change = match (&pair.from, &pair.to) {
        (None, _) => CriterionChange::New,
        (Some(_), None) => CriterionChange::Dropped,
        (Some(from), Some(to)) => {
            compare_criteria(from.criterion, to.criterion, &mut diff);
            let moved = from.part != to.part || !pair.merged.is_empty();
            if moved
                || diff.moved_points()
                || diff.levels.is_some()
                || diff.floors
                || !diff.conditions.is_empty()
            {
                CriterionChange::Changed
            } else if diff.words || diff.is_elsewhere() {
                CriterionChange::Wording
            } else {
                CriterionChange::Same
            }
        }
    };
    diff
}

fn compare_criteria(from: &Criterion, to: &Criterion, diff: &mut CriterionDiff) {
    let likeness = levels_likeness(from, to);
    diff.levels = (likeness == Likeness::Different).then(|| Turned { from: cases(from), to: cases(to) });
    let folded = |note: &Option<String>| note.as_deref().map(fold);
    diff.words = likeness == Likeness::Wording
        || fold(&from.name) != fold(&to.name)
        || folded(&from.note) != folded(&to.note);
    let kinds = ConditionKind::ALL.iter().copied();
    diff.conditions = kinds
        .flat_map(|kind| {
            let turned = turned_texts(conditions(from, kind), conditions(to, kind));
            turned.into_iter().map(move |texts| ConditionDiff { kind, texts })
        })
        .collect();
}

fn cases(criterion: &Criterion) -> Vec<Case> {
    let level = |level: &super::super::Level| CaseLevel {
        points: level.points,
        floor: level.floor,
        text: level.text.clone(),
    };
    let case = |case: &Alternative| Case {
        label: case.label.clone(),
        levels: case.levels.iter().map(level).collect(),
    };
    criterion.alternatives.iter().map(case).collect()
}

/// The conditions of one kind, in words. Codes are left out: they only follow the numbering.
fn conditions(criterion: &Criterion, kind: ConditionKind) -> Vec<String> {
    match kind {
        ConditionKind::Knockout => criterion.knockouts.iter().map(|one| one.text.clone()).collect(),
        ConditionKind::Requirement => criterion.requirement.iter().cloned().collect(),
        ConditionKind::AppliesIf => criterion.applies_if.iter().map(|one| one.text.clone()).collect(),
        ConditionKind::Cases => criterion.alternatives.iter().filter_map(|one| one.label.clone()).collect(),
    }
}
