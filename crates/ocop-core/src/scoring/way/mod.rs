//! The way to a star: which criteria to raise, and how far.
//!
//! Exact, not a rule of thumb: every floor of the star is on the way, and among all ways that reach
//! the points it is one with the fewest changed criteria, among those one with the smallest steps,
//! among those one that overshoots least. What it does not know is how hard a level is for this
//! producer; so every step for points names others that would do in its place.

mod plan;
#[cfg(test)]
mod tests;
mod work;

use serde::{Deserialize, Serialize};

pub use work::Work;

use super::{Choice, Disqualification, ScoreFault, Sheet, score};
use crate::rules::{Criterion, ProductSet};
use plan::Raise;

/// A criterion to raise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Code of the criterion.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What kind of work it is.
    pub work: Work,
    /// The case, counted from 1.
    pub alternative: u8,
    /// The level now; 0 = none, or not answered.
    pub from: u8,
    /// The level to reach.
    pub to: u8,
    /// What that level asks for.
    pub text: String,
    /// Points of the criterion that come with it.
    pub gain: u16,
    /// The star that cannot be had without it; `None` where it is for the points only.
    pub floor: Option<u8>,
    /// Headings 1–15 of the evidence table (form 02) that usually prove it.
    pub evidence: Vec<u8>,
    /// Others that would do in its place, the smallest steps first.
    pub instead: Vec<Instead>,
}

/// A step that would do in the place of another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instead {
    /// Code of the criterion.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The level to reach.
    pub to: u8,
    /// What that level asks for.
    pub text: String,
    /// Points that come with it.
    pub gain: u16,
}

/// The way to a star.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Way {
    /// The star it leads to.
    pub stars: u8,
    /// Stars now.
    pub stars_now: u8,
    /// Points now.
    pub total_now: u16,
    /// Points at its end.
    pub total: u16,
    /// What to do, in the order of the sheet; nothing when the star is reached.
    pub steps: Vec<Step>,
}

/// Why there is no way.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoWay {
    /// The sheet does not fit the set.
    #[error(transparent)]
    Sheet(#[from] ScoreFault),
    /// The star does not exist.
    #[error("không có hạng {0} sao: chỉ có từ 1 đến 5 sao")]
    NoSuchStar(u8),
    /// A declared knock-out: no level takes it away.
    #[error("Hồ sơ bị loại ({}): nâng mức tiêu chí không thay đổi được điều này.", .0.ground)]
    Disqualified(Disqualification),
    /// Not even the highest levels of the chosen cases reach it.
    #[error("Với các trường hợp đã chọn, mức cao nhất ở mọi tiêu chí cũng chưa đủ cho {0} sao.")]
    OutOfReach(u8),
}

/// The way from a sheet to `stars`, or to the star above the one it has (the highest when it has
/// that). Cases once chosen stay: they say what a producer is, not what it may become.
///
/// # Errors
/// [`NoWay`] says why no way leads there.
pub fn advise(set: &ProductSet, sheet: &Sheet, stars: Option<u8>) -> Result<Way, NoWay> {
    let now = score(set, sheet)?;
    if let Some(declared) = &sheet.disqualified {
        return Err(NoWay::Disqualified(declared.clone()));
    }
    let highest = set.bands.iter().map(|band| band.stars).max().unwrap_or(0);
    let stars = stars.unwrap_or_else(|| now.stars.saturating_add(1).min(highest));
    let threshold = set.threshold(stars).ok_or(NoWay::NoSuchStar(stars))?;
    let raises = plan::shortest(set, sheet, stars, threshold).ok_or(NoWay::OutOfReach(stars))?;
    let after = applied(sheet, &raises);
    let steps = set
        .criteria()
        .filter_map(|criterion| {
            let raise = raises.iter().find(|raise| raise.code == criterion.code)?;
            Some(step(set, &after, sheet, criterion, raise, stars))
        })
        .collect();
    Ok(Way { stars, stars_now: now.stars, total_now: now.total, total: score(set, &after)?.total, steps })
}

/// The sheet with these criteria raised.
fn applied(sheet: &Sheet, raises: &[Raise]) -> Sheet {
    let mut after = sheet.clone();
    for raise in raises {
        let note = after.choices.remove(&raise.code).and_then(|choice| choice.note);
        let choice = Choice { alternative: raise.alternative, level: raise.to, note };
        after.choices.insert(raise.code.clone(), choice);
    }
    after
}

fn step(
    set: &ProductSet,
    after: &Sheet,
    before: &Sheet,
    criterion: &Criterion,
    raise: &Raise,
    stars: u8,
) -> Step {
    let floor = needed_for(criterion, raise, stars);
    Step {
        code: raise.code.clone(),
        name: criterion.name.clone(),
        work: Work::of(criterion),
        alternative: raise.alternative,
        from: raise.from,
        to: raise.to,
        text: text_of(criterion, raise),
        gain: points_of(criterion, raise.alternative, raise.to)
            - points_of(criterion, raise.alternative, raise.from),
        floor,
        evidence: criterion.evidence.clone(),
        instead: if floor.is_none() { instead(set, after, before, raise, stars) } else { Vec::new() },
    }
}

/// The star at or below `stars` whose floor the raise meets and that was not met before.
fn needed_for(criterion: &Criterion, raise: &Raise, stars: u8) -> Option<u8> {
    let alternative = criterion.alternative(raise.alternative)?;
    let met_by = |no: u8| raise.from < no && no <= raise.to;
    let floors = alternative.numbered().filter(|(no, _)| met_by(*no)).filter_map(|(_, level)| level.floor);
    floors.filter(|floor| *floor <= stars).max()
}

fn points_of(criterion: &Criterion, alternative: u8, level: u8) -> u16 {
    criterion.alternative(alternative).and_then(|cases| cases.level(level)).map_or(0, |level| level.points)
}

fn text_of(criterion: &Criterion, raise: &Raise) -> String {
    let level = criterion.alternative(raise.alternative).and_then(|cases| cases.level(raise.to));
    level.map(|level| level.text.clone()).unwrap_or_default()
}

/// How many others are named in the place of a step.
const OTHERS: usize = 4;

/// Single raises of other criteria that reach the star when this one is left out.
fn instead(set: &ProductSet, after: &Sheet, before: &Sheet, raise: &Raise, stars: u8) -> Vec<Instead> {
    let mut without = after.clone();
    match before.choices.get(&raise.code) {
        Some(kept) => without.choices.insert(raise.code.clone(), kept.clone()),
        None => without.choices.remove(&raise.code),
    };
    let reaches = |other: &Raise| {
        let sheet = applied(&without, std::slice::from_ref(other));
        score(set, &sheet).is_ok_and(|scored| scored.stars >= stars)
    };
    let untouched = |criterion: &&Criterion| {
        criterion.code != raise.code
            && after.choices.get(&criterion.code) == before.choices.get(&criterion.code)
    };
    let mut found: Vec<(u8, Instead)> = set
        .criteria()
        .filter(untouched)
        .filter_map(|criterion| {
            let other = plan::raises(criterion, before).into_iter().find(|other| reaches(other))?;
            let gain = points_of(criterion, other.alternative, other.to)
                - points_of(criterion, other.alternative, other.from);
            let text = text_of(criterion, &other);
            let (code, name) = (criterion.code.clone(), criterion.name.clone());
            Some((other.to - other.from, Instead { code, name, to: other.to, text, gain }))
        })
        .collect();
    // Stable: equals stay in the order of the sheet.
    found.sort_by_key(|(steps, _)| *steps);
    found.into_iter().take(OTHERS).map(|(_, other)| other).collect()
}
