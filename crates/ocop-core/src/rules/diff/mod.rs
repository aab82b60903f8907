//! What changed from one product set to another: for officers, and for producers whose
//! certificate was issued under an older regime.
//!
//! Criteria are paired by what they ask ([`pairs`]), not by their code: 3.6 of 148/QĐ-TTg is 3.5 of
//! 26/2026/QĐ-TTg. A change of words alone is told apart from a change of points, thresholds or
//! conditions, so that nobody has to read thirty criteria to find the three that matter.

mod compare;
mod pairs;
mod text;

use serde::Serialize;

use super::PartCode;
use crate::coded;

pub use compare::compare;
pub use text::text;

coded! {
    /// What happened to a criterion.
    CriterionChange {
        /// Asked now and not before.
        New = "new", "Tiêu chí mới";
        /// Asked before; no longer a criterion of its own.
        Dropped = "dropped", "Không còn là tiêu chí riêng";
        /// Points, levels, floors, conditions or the part changed.
        Changed = "changed", "Cách chấm thay đổi";
        /// Only words or the code changed.
        Wording = "wording", "Chỉ đổi lời hoặc đổi mã";
        /// Nothing changed.
        Same = "same", "Giữ nguyên";
    }
}

coded! {
    /// What happened to the least level that a star asks of a criterion.
    FloorChange {
        /// The star asks for it now and did not before.
        New = "new", "nay mới đòi hỏi";
        /// A higher level of the same scale.
        Higher = "higher", "nay cao hơn";
        /// Another level that cannot be ranked against the old one: points or meaning changed.
        Other = "other", "nay đòi hỏi khác";
        /// A lower level of the same scale.
        Lower = "lower", "nay thấp hơn";
        /// The star no longer asks for it.
        Gone = "gone", "nay không đòi hỏi nữa";
    }
}

coded! {
    /// What the change of a least level means for a producer.
    FloorTurn {
        /// Asked now and not before.
        More = "more", "Muốn đạt sao, nay phải có thêm";
        /// Something else than before.
        Other = "other", "Muốn đạt sao, nay đòi hỏi khác trước";
        /// Less of it, or nothing.
        Less = "less", "Muốn đạt sao, nay đòi hỏi ít hơn";
    }
}

coded! {
    /// A condition printed beside a criterion.
    ConditionKind {
        /// A fact that ends the evaluation.
        Knockout = "knockout", "Loại, dừng đánh giá";
        /// A requirement that must hold.
        Requirement = "requirement", "Yêu cầu";
        /// The criterion counts only when another one reaches a level.
        AppliesIf = "applies_if", "Điều kiện áp dụng";
        /// How to choose among several cases.
        Cases = "cases", "Trường hợp để chọn";
    }
}

/// Before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Turned<T> {
    /// In the older set.
    pub from: T,
    /// In the newer set.
    pub to: T,
}

/// A product set as it is named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SetHead {
    /// `2026-26/4`.
    pub reference: String,
    /// Name.
    pub name: String,
    /// Where it stands in the classification.
    pub place: String,
    /// Where the sheet stands.
    pub cite: String,
    /// Whether any level is the least for a star.
    pub has_floors: bool,
}

/// What changed from one product set to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SetDiff {
    /// The older set.
    pub from: SetHead,
    /// The newer set.
    pub to: SetHead,
    /// Every part with its points.
    pub parts: Vec<PartDiff>,
    /// Grounds on which the whole dossier is refused that are not in both sets alike.
    pub disqualifiers: Vec<Texts>,
    /// Least levels for a star that changed, by star, a newly asked one first. A level that a lower
    /// star asks for is not repeated under the higher ones.
    pub floors: Vec<FloorDiff>,
    /// Every criterion in the order of the newer sheet, those that are gone after their neighbours.
    pub criteria: Vec<CriterionDiff>,
}

impl SetDiff {
    /// Criteria that this happened to, in the order of the sheet.
    pub fn of(&self, change: CriterionChange) -> impl Iterator<Item = &CriterionDiff> {
        self.criteria.iter().filter(move |one| one.change == change)
    }

    /// Least levels that turned this way, by star.
    pub fn floors_of(&self, turn: FloorTurn) -> impl Iterator<Item = &FloorDiff> {
        self.floors.iter().filter(move |one| one.turn() == turn)
    }
}

/// A part of both sheets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PartDiff {
    /// A, B or C.
    pub part: PartCode,
    /// Title in the newer regime.
    pub name: String,
    /// Maximum points.
    pub max: Turned<u16>,
}

/// A text of one set, of the other, or of both in other words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Texts {
    /// In the older set.
    pub from: Option<String>,
    /// In the newer set.
    pub to: Option<String>,
}

/// The least level that a star asks of a criterion, before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FloorDiff {
    /// The star.
    pub stars: u8,
    /// What happened.
    pub change: FloorChange,
    /// Code of the criterion, in the newer set where it is there.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Least levels before; one for each case of the criterion that has any.
    pub from: Vec<Mark>,
    /// Least levels now.
    pub to: Vec<Mark>,
}

impl FloorDiff {
    /// What it means for a producer.
    pub fn turn(&self) -> FloorTurn {
        match self.change {
            FloorChange::New | FloorChange::Higher => FloorTurn::More,
            FloorChange::Other => FloorTurn::Other,
            FloorChange::Lower | FloorChange::Gone => FloorTurn::Less,
        }
    }
}

/// A level that is the least for a star.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mark {
    /// Which case of the criterion, when it has several.
    pub case: Option<String>,
    /// Number of the level, counted from 1.
    pub level: u8,
    /// Points it gives.
    pub points: u16,
    /// What must be shown for it.
    pub text: String,
}

/// A criterion of one set or of both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CriterionDiff {
    /// What happened, taken together.
    pub change: CriterionChange,
    /// Where it stood.
    pub from: Option<Place>,
    /// Where it stands.
    pub to: Option<Place>,
    /// Older criteria that this one took in.
    pub merged: Vec<Place>,
    /// Levels before and after, where points, number or meaning of the levels changed.
    pub levels: Option<Turned<Vec<Case>>>,
    /// Conditions that are not in both sets alike.
    pub conditions: Vec<ConditionDiff>,
    /// Whether the floors changed ([`SetDiff::floors`] says how).
    pub floors: bool,
    /// Whether name, note or the words of a level changed.
    pub words: bool,
}

impl CriterionDiff {
    /// Maximum points before and after, when both sets have it.
    pub fn max(&self) -> Option<Turned<u16>> {
        let (from, to) = (self.from.as_ref()?, self.to.as_ref()?);
        Some(Turned { from: from.max + self.merged.iter().map(|one| one.max).sum::<u16>(), to: to.max })
    }

    /// Whether the maximum points changed.
    pub fn moved_points(&self) -> bool {
        self.max().is_some_and(|max| max.from != max.to)
    }

    /// Where it stands, or stood.
    pub fn place(&self) -> Option<&Place> {
        self.to.as_ref().or(self.from.as_ref())
    }

    /// Whether code, name or part are not what they were.
    pub fn is_elsewhere(&self) -> bool {
        match (&self.from, &self.to) {
            (Some(from), Some(to)) => {
                (&from.code, &from.name, from.part) != (&to.code, &to.name, to.part)
                    || !self.merged.is_empty()
            }
            (None, _) | (_, None) => false,
        }
    }
}

/// Where a criterion stands on its sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Its part.
    pub part: PartCode,
    /// Maximum points.
    pub max: u16,
}

/// One case of a criterion with its levels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Case {
    /// Which case; absent when there is only one.
    pub label: Option<String>,
    /// Levels from the lowest.
    pub levels: Vec<CaseLevel>,
}

/// A level of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CaseLevel {
    /// Points.
    pub points: u16,
    /// The star for which it is the least.
    pub floor: Option<u8>,
    /// What must be shown for it.
    pub text: String,
}

/// A condition of a criterion that is not in both sets alike.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ConditionDiff {
    /// Which kind of condition.
    pub kind: ConditionKind,
    /// Its words before and after.
    #[serde(flatten)]
    pub texts: Texts,
}

#[cfg(test)]
mod tests;
