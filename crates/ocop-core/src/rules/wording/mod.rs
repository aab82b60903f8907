//! The words of a product set: ours, and the official ones that an office gives for them.
//!
//! A text has a stable key (`3.5/1/2`: criterion 3.5, case 1, level 2). An [`OfficialWording`]
//! holds texts by key and is bound to one content hash: another version of the set has none of
//! them. [`OfficialWording::read_into`] gives the set as its users read it. Nothing but words can
//! differ there: codes, points, floors and conditions are not reached by any key, and scoring
//! works on the set itself.

mod sheet;

use std::collections::BTreeMap;

use super::model::{Criterion, ProductSet};

pub use sheet::{
    CODE_COLUMN, Column, HASH_LABEL, REFERENCE_LABEL, SheetRow, WordingFault, WordingFaultKind, WordingSheet,
    guide_sheet, read_sheet, sheet_name,
};

/// The longest official text, in letters.
pub const WORDING_LIMIT: usize = 4_000;

/// One text of a set, in the order of the sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetText {
    /// Its key: `3.5/1/2`.
    pub key: String,
    /// What it is, for a reader: `3.5, mức 2`.
    pub place: String,
    /// The points that belong to it: of a level, a criterion, a section.
    pub points: Option<u16>,
    /// The stars for which the level is the least.
    pub floor: Option<u8>,
    /// Our words.
    pub ours: String,
}

/// Every text that an office may word officially.
pub fn texts(set: &ProductSet) -> Vec<SetText> {
    let mut found = Vec::new();
    visit(&mut set.clone(), &mut |place, text| {
        found.push(SetText {
            key: place.key,
            place: place.words,
            points: place.points,
            floor: place.floor,
            ours: text.clone(),
        });
    });
    found
}

/// Where a text stands.
struct Place {
    key: String,
    words: String,
    points: Option<u16>,
    floor: Option<u8>,
}

impl Place {
    fn new(key: impl Into<String>, words: impl Into<String>) -> Self {
        Self { key: key.into(), words: words.into(), points: None, floor: None }
    }

    fn worth(self, points: u16, floor: Option<u8>) -> Self {
        Self { points: Some(points), floor, ..self }
    }
}

/// Walks over every text. The one list of what has words, for reading and for replacing alike.
fn visit(set: &mut ProductSet, on: &mut impl FnMut(Place, &mut String)) {
    on(Place::new("name", "Tên bộ tiêu chí"), &mut set.name);
    for (no, ground) in (1_usize..).zip(&mut set.disqualifiers) {
        on(Place::new(format!("disqualifier:{no}"), format!("Hồ sơ bị loại khi ({no})")), ground);
    }
    for section in &mut set.sections {
        let place = Place::new(format!("section:{}", section.no), format!("Mục {}", section.no));
        on(place.worth(section.max, None), &mut section.name);
        for criterion in &mut section.criteria {
            visit_criterion(criterion, on);
        }
    }
}

fn visit_criterion(criterion: &mut Criterion, on: &mut impl FnMut(Place, &mut String)) {
    let code = criterion.code.clone();
    let at = |part: &str, words: &str| Place::new(format!("{code}/{part}"), format!("{code}, {words}"));
    let name = Place::new(code.clone(), format!("Tiêu chí {code}"));
    on(name.worth(criterion.max, None), &mut criterion.name);
    for (part, words, text) in [
        ("note", "ghi chú", &mut criterion.note),
        ("requirement", "yêu cầu", &mut criterion.requirement),
        ("choose", "cách chọn", &mut criterion.choose),
    ] {
        if let Some(text) = text {
            on(at(part, words), text);
        }
    }
    if let Some(condition) = &mut criterion.applies_if {
        on(at("condition", "điều kiện áp dụng"), &mut condition.text);
    }
    for (no, knockout) in (1_usize..).zip(&mut criterion.knockouts) {
        let words = format!("{} ({no})", knockout.effect.name().to_lowercase());
        on(at(&format!("knockout:{no}"), &words), &mut knockout.text);
    }
    let several = criterion.alternatives.len() > 1;
    for (case, alternative) in (1_usize..).zip(&mut criterion.alternatives) {
        let which = if several { format!("trường hợp {case}") } else { String::new() };
        if let Some(label) = &mut alternative.label {
            on(at(&case.to_string(), &which), label);
        }
        let which = if several { format!("{which}, ") } else { which };
        for (no, level) in (1_usize..).zip(&mut alternative.levels) {
            let place = at(&format!("{case}/{no}"), &format!("{which}mức {no}"));
            on(place.worth(level.points, level.floor), &mut level.text);
        }
    }
}

/// An office's official texts for one version of a set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OfficialWording {
    /// Content hash of the set that the texts belong to ([`ProductSet::hash`]).
    pub hash: String,
    /// Official texts by key; never an empty one.
    pub texts: BTreeMap<String, String>,
}

impl OfficialWording {
    /// The set as its users read it. `hash` is the content hash of `set`: texts of another version
    /// are not put into it.
    pub fn read_into(&self, set: &ProductSet, hash: &str) -> ProductSet {
        let mut read = set.clone();
        if self.hash == hash {
            visit(&mut read, &mut |place, text| {
                if let Some(official) = self.texts.get(&place.key) {
                    text.clone_from(official);
                }
            });
        }
        read
    }
}

/// The words in which a ground is read that was declared in our words: that of a knock-out or a
/// disqualifier of `set`, as `read` has it; others stay as they are.
pub fn ground_as_read(set: &ProductSet, read: &ProductSet, ground: &str) -> String {
    let (ours, theirs) = (texts(set), texts(read));
    let found = ours.iter().zip(theirs).find(|(text, _)| {
        (text.key.contains("knockout:") || text.key.starts_with("disqualifier:")) && text.ours == ground
    });
    found.map_or_else(|| ground.to_owned(), |(_, text)| text.ours)
}

/// What an import does to the official texts of one set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WordingChange {
    /// New texts and texts with other words.
    pub changed: usize,
    /// Texts that stay as they are.
    pub unchanged: usize,
    /// Texts that are taken back: our words are shown again.
    pub cleared: usize,
}

impl WordingChange {
    /// From the texts kept so far to those of a file.
    pub fn between(kept: &BTreeMap<String, String>, new: &BTreeMap<String, String>) -> Self {
        let unchanged = new.iter().filter(|(key, text)| kept.get(*key) == Some(*text)).count();
        Self {
            changed: new.len() - unchanged,
            unchanged,
            cleared: kept.keys().filter(|key| !new.contains_key(*key)).count(),
        }
    }

    /// Whether anything changes.
    pub fn is_any(self) -> bool {
        self.changed + self.cleared > 0
    }
}

#[cfg(test)]
mod tests;
