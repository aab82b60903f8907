//! A score sheet as it is filled in.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::ScoreFault;
use crate::rules::{Alternative, Criterion, ProductSet};

/// The level chosen for a criterion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Which alternative, counted from 1.
    #[serde(default = "first", skip_serializing_if = "is_first")]
    pub alternative: u8,
    /// The level, counted from 1; 0 = no level met, worth 0 points, needs a note.
    pub level: u8,
    /// Why, in the assessor's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

fn first() -> u8 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands out a reference")]
fn is_first(alternative: &u8) -> bool {
    *alternative == 1
}

impl Choice {
    /// A level of the first alternative, without a note.
    pub fn level(level: u8) -> Self {
        Self { alternative: 1, level, note: None }
    }
}

/// A knock-out that was declared: it ends the evaluation with a reason.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Disqualification {
    /// The criterion whose knock-out it is; `None` for a ground against the whole dossier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub criterion: Option<String>,
    /// The ground, as the rules word it.
    pub ground: String,
    /// What was found.
    pub reason: String,
}

/// A score sheet: choices by code of criterion. A criterion without a choice counts 0.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sheet {
    /// Choices by code.
    pub choices: BTreeMap<String, Choice>,
    /// A declared knock-out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disqualified: Option<Disqualification>,
}

impl Sheet {
    /// Codes at level 0 that lack the note which "no level met" needs, in the order of the set.
    pub fn without_note(&self, set: &ProductSet) -> Vec<String> {
        let lacks =
            |choice: &Choice| choice.level == 0 && choice.note.as_deref().is_none_or(|n| n.trim().is_empty());
        set.criteria()
            .filter(|criterion| self.choices.get(&criterion.code).is_some_and(lacks))
            .map(|criterion| criterion.code.clone())
            .collect()
    }

    /// Whether every choice exists in the set.
    ///
    /// # Errors
    /// The first code, alternative or level that the set does not have.
    pub fn check(&self, set: &ProductSet) -> Result<(), ScoreFault> {
        let declared = self.disqualified.as_ref().and_then(|ground| ground.criterion.as_ref());
        for code in self.choices.keys().chain(declared) {
            if set.criterion(code).is_none() {
                return Err(ScoreFault::UnknownCriterion { set: set.reference(), code: code.clone() });
            }
        }
        set.criteria().try_for_each(|criterion| self.answer(criterion).map(|_| ()))
    }

    /// What the sheet says about a criterion.
    pub(super) fn answer<'a>(&self, criterion: &'a Criterion) -> Result<Answer<'a>, ScoreFault> {
        let choice = self.choices.get(&criterion.code);
        let (alternative, level) = choice.map_or((1, 0), |choice| (choice.alternative, choice.level));
        let chosen = criterion.alternative(alternative).ok_or_else(|| ScoreFault::UnknownAlternative {
            code: criterion.code.clone(),
            alternative: i64::from(alternative),
            count: criterion.alternatives.len(),
        })?;
        let points = match (level, chosen.level(level)) {
            (0, _) => 0,
            (_, Some(level)) => level.points,
            (_, None) => {
                return Err(ScoreFault::UnknownLevel {
                    code: criterion.code.clone(),
                    level: i64::from(level),
                    highest: chosen.highest(),
                });
            }
        };
        Ok(Answer { criterion, alternative: chosen, answered: choice.is_some(), level, points })
    }
}

/// A criterion with what was chosen for it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Answer<'a> {
    pub(super) criterion: &'a Criterion,
    pub(super) alternative: &'a Alternative,
    /// Whether anything was chosen, be it level 0.
    pub(super) answered: bool,
    pub(super) level: u8,
    pub(super) points: u16,
}
