//! Which criterion of an older set continues in which criterion of a newer one.
//!
//! The decisions number and name the same matter differently, and sections moved between the
//! parts. Two criteria are a pair when their names share most words, or fewer words where they also
//! stand at the same place of the same part. What remains on both sides is gone or new: saying so
//! of a criterion that merely changed its name is a smaller fault than comparing two matters that
//! have nothing to do with each other.

use std::cmp::Reverse;

use super::super::{Criterion, PartCode, ProductSet, Section};
use crate::text::fold;

/// A criterion with its part and the words of its name.
#[derive(Debug, Clone)]
pub(super) struct Found<'a> {
    pub(super) part: PartCode,
    pub(super) criterion: &'a Criterion,
    section: &'a Section,
    words: Vec<String>,
}

/// A criterion of both sets, or of one.
#[derive(Debug)]
pub(super) struct Pair<'a> {
    pub(super) from: Option<Found<'a>>,
    pub(super) to: Option<Found<'a>>,
    /// Further criteria of the older set whose matter this one took in.
    pub(super) merged: Vec<Found<'a>>,
}

/// Words that stand in names of every kind and tell nothing.
const COMMON: [&str; 13] =
    ["và", "về", "của", "để", "trong", "các", "theo", "sản", "phẩm", "quy", "định", "chất", "lượng"];

/// Least likeness (thousandths) of a pair in the same part.
const ALIKE: usize = 500;
/// Least likeness of a pair that has the same code, too.
const ALIKE_IN_PLACE: usize = 250;
/// Likeness of criteria with one name: they come before all others.
const SAME_NAME: usize = 2_000;
/// Least likeness of a pair in different parts.
const ALIKE_ELSEWHERE: usize = 900;

/// Pairs the criteria of two sets, in the order of the newer sheet; a criterion that is gone
/// follows what stood before it.
pub(super) fn pairs<'a>(from: &'a ProductSet, to: &'a ProductSet) -> Vec<Pair<'a>> {
    let (old, new) = (found(from), found(to));
    let mut candidates: Vec<(usize, usize, usize)> = Vec::new();
    for (at, before) in old.iter().enumerate() {
        for (by, after) in new.iter().enumerate() {
            if let Some(closeness) = closeness(before, after) {
                candidates.push((closeness, at, by));
            }
        }
    }
    // The closest first; among equals in the order of the sheets.
    candidates.sort_by_key(|(closeness, at, by)| (Reverse(*closeness), *at, *by));
    let mut partner_of: Vec<Option<usize>> = vec![None; new.len()];
    let mut taken = vec![false; old.len()];
    for (_, at, by) in candidates {
        if let (Some(slot @ None), Some(is_taken @ false)) = (partner_of.get_mut(by), taken.get_mut(at)) {
            *slot = Some(at);
            *is_taken = true;
        }
    }
    put_together(old, new, &partner_of)
}

fn put_together<'a>(old: Vec<Found<'a>>, new: Vec<Found<'a>>, partner_of: &[Option<usize>]) -> Vec<Pair<'a>> {
    let mut old: Vec<Option<Found<'a>>> = old.into_iter().map(Some).collect();
    let mut placed: Vec<(usize, Pair<'a>)> = Vec::new();
    let mut last = 0;
    for (after, partner) in new.into_iter().zip(partner_of) {
        let from = partner.and_then(|at| old.get_mut(at)?.take());
        last = partner.unwrap_or(last);
        placed.push((last, Pair { from, to: Some(after), merged: Vec::new() }));
    }
    for (at, gone) in old.into_iter().enumerate() {
        let Some(gone) = gone else { continue };
        match placed.iter_mut().find(|(_, pair)| takes_in(pair, &gone)) {
            Some((_, pair)) => pair.merged.push(gone),
            None => {
                let before = placed.iter().rposition(|(place, pair)| *place < at && pair.from.is_some());
                let slot = before.map_or(0, |before| before + 1);
                placed.insert(slot, (at, Pair { from: Some(gone), to: None, merged: Vec::new() }));
            }
        }
    }
    placed.into_iter().map(|(_, pair)| pair).collect()
}

fn found(set: &ProductSet) -> Vec<Found<'_>> {
    let mut found = Vec::new();
    for section in &set.sections {
        for criterion in &section.criteria {
            found.push(Found { part: section.part, criterion, section, words: telling(&criterion.name) });
        }
    }
    found
}

/// The words of a name that tell what it is about. Marks stay: «đóng» is not «đồng».
fn telling(name: &str) -> Vec<String> {
    let words: Vec<String> = words(name).collect();
    let telling: Vec<String> =
        words.iter().filter(|word| !COMMON.contains(&word.as_str())).cloned().collect();
    if telling.is_empty() { words } else { telling }
}

/// The words of a text in lower case, without punctuation.
pub(super) fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
}

/// How close two criteria are, if they can be one; more is closer.
fn closeness(old: &Found<'_>, new: &Found<'_>) -> Option<usize> {
    let alike = if fold(&old.criterion.name) == fold(&new.criterion.name) {
        SAME_NAME
    } else {
        likeness(&old.words, &new.words)
    };
    let same_part = old.part == new.part;
    let same_code = old.criterion.code == new.criterion.code;
    let least = match (same_part, same_code) {
        (true, true) => ALIKE_IN_PLACE,
        (true, false) => ALIKE,
        (false, _) => ALIKE_ELSEWHERE,
    };
    (alike >= least).then(|| alike + usize::from(same_part) * 150 + usize::from(same_code) * 150)
}

/// Whether the newer criterion of a pair covers the matter of an older one that is left over: all
/// its words stand in the newer name, as «Vị» in «Mùi, vị»; or both older ones made up a section
/// that is one criterion now, as «Công bố sản phẩm» with its test sheets.
fn takes_in(pair: &Pair<'_>, gone: &Found<'_>) -> bool {
    let (Some(before), Some(after)) = (&pair.from, &pair.to) else { return false };
    let is_named = gone.words.iter().all(|word| after.words.contains(word));
    let is_section = before.section.no == gone.section.no && after.section.criteria.len() == 1;
    after.part == gone.part && (is_named || is_section)
}

/// How much two lists of words share, in thousandths: twice the words in common by all words.
pub(super) fn likeness(one: &[String], other: &[String]) -> usize {
    let mut left: Vec<&String> = other.iter().collect();
    let mut shared: usize = 0;
    for word in one {
        if let Some(at) = left.iter().position(|found| *found == word) {
            left.swap_remove(at);
            shared += 1;
        }
    }
    (2 * 1_000 * shared).checked_div(one.len() + other.len()).unwrap_or(1_000)
}
