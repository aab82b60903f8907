//! Places by name: what people type into a unit of today, by way of former units when need be.
//!
//! No number of levels is assumed: a former unit's place is told by walking its parents, and where
//! it went by walking its children until a succession is written down.

use std::collections::{BTreeMap, BTreeSet};

use unicode_normalization::UnicodeNormalization;

use crate::text::fold;

/// The code of the centre, which evaluates 5 stars as a province evaluates 3 and 4; no unit has it officially.
pub const CENTRE: &str = "00";

/// A unit, of today or former.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Official code.
    pub code: String,
    /// Full official name, such as `Xã Bình Liêu`.
    pub name: String,
    /// Code of the kind, such as `xa`, `huyen`, `thi-tran`.
    pub kind: String,
    /// Code of the unit it belongs (or belonged) to.
    pub parent: Option<String>,
    /// First day, when known (`2025-07-01`).
    pub from: Option<String>,
    /// Last day (`2025-06-30`); none while in force.
    pub until: Option<String>,
    /// Name without its kind, folded.
    short: String,
}

impl Place {
    /// A unit as it is kept; days are written `2025-07-01`.
    pub fn new(
        code: String,
        name: String,
        kind: String,
        parent: Option<String>,
        from: Option<String>,
        until: Option<String>,
    ) -> Self {
        let short = short_name(&name);
        Self { code, name, kind, parent, from, until, short }
    }
}

/// Where a former unit went: `(former code, its last day, code of today)`.
pub type Succession = (String, String, String);

/// What was typed, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    /// Code of the commune of today.
    pub commune: String,
    /// Code of the former unit (ward or district) that was named.
    pub former_unit: Option<String>,
}

/// Why what was typed is no place. `Display` is the sentence for the person who typed it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unresolved {
    /// Nothing was typed.
    #[error("Chưa ghi xã, phường hoặc đặc khu. Hãy ghi tên hoặc mã.")]
    Empty,
    /// No commune is called so, today or before.
    #[error("Không có xã, phường, đặc khu «{0}» trong tỉnh này. Hãy kiểm tra tên hoặc ghi mã 5 chữ số.")]
    UnknownCommune(String),
    /// No former unit is called so.
    #[error("Không có đơn vị hành chính cũ «{0}» trên địa bàn tỉnh này. Hãy kiểm tra tên, hoặc để trống.")]
    UnknownFormer(String),
    /// Several units are called so, or the former unit was divided. With names and codes.
    #[error("«{typed}» có thể là {}. Hãy ghi rõ một đơn vị.", listed(.choices))]
    Ambiguous {
        /// What was typed.
        typed: String,
        /// The units it may mean: code and name, by code.
        choices: Vec<(String, String)>,
    },
    /// The commune of today has no part of the former unit.
    #[error("{commune} không nằm trên địa bàn {former} trước đây. Hãy sửa một trong hai ô.")]
    Elsewhere {
        /// Name of the commune.
        commune: String,
        /// Name of the former unit.
        former: String,
    },
}

fn listed(choices: &[(String, String)]) -> String {
    let named: Vec<String> = choices.iter().map(|(code, name)| format!("{name} ({code})")).collect();
    named.join(", ")
}

/// Kinds of unit as they are written and shortened, folded. Longer ones stand first.
const KIND_WORDS: &[(&str, &str)] = &[
    ("thanh pho", "thanh-pho"),
    ("thi tran", "thi-tran"),
    ("thi xa", "thi-xa"),
    ("dac khu", "dac-khu"),
    ("phuong", "phuong"),
    ("huyen", "huyen"),
    ("quan", "quan"),
    ("tinh", "tinh"),
    ("tp", "thanh-pho"),
    ("tt", "thi-tran"),
    ("tx", "thi-xa"),
    ("dk", "dac-khu"),
    ("xa", "xa"),
    ("p", "phuong"),
    ("x", "xa"),
    ("h", "huyen"),
    ("q", "quan"),
    ("t", "tinh"),
];

/// Kind and rest of a folded name that begins with a kind. A dot sticks to what follows it in
/// «P.Bãi Cháy»; folding has parted them.
fn parted(folded: &str) -> Option<(&'static str, String)> {
    let name = folded.trim_start();
    KIND_WORDS.iter().find_map(|(word, kind)| {
        let rest = name.strip_prefix(word)?.strip_prefix(' ')?;
        Some((*kind, unpadded(rest)))
    })
}

/// «05» is «5»: wards with numbers are written both ways.
fn unpadded(name: &str) -> String {
    match name.parse::<u32>() {
        Ok(number) => number.to_string(),
        Err(_) => name.trim_start().to_owned(),
    }
}

/// Code of the kind that a full name begins with: `xa` of `Xã Bình Liêu`; none for a bare name.
pub fn kind_of(name: &str) -> Option<&'static str> {
    let (kind, rest) = parted(&fold(name))?;
    (!rest.is_empty()).then_some(kind)
}

/// Name without its kind, folded: `binh lieu` of `Xã Bình Liêu`.
pub fn short_name(name: &str) -> String {
    let folded = fold(name);
    parted(&folded).map_or_else(|| unpadded(&folded), |(_, rest)| rest)
}

/// The letters of each word with their marks, whatever vowel a mark stands on: `Hoà` and `Hòa` alike.
fn marked(name: &str) -> Vec<String> {
    let words = name.to_lowercase();
    words
        .split(|letter: char| !letter.is_alphanumeric() && !('\u{300}'..='\u{36f}').contains(&letter))
        .filter(|word| !word.is_empty())
        .map(|word| {
            let mut letters: Vec<char> = word.nfd().collect();
            letters.sort_unstable();
            letters.into_iter().collect()
        })
        .collect()
}

/// How a typed name is compared.
struct Typed {
    code: String,
    whole: String,
    kind: Option<(&'static str, String)>,
    marked: Vec<String>,
}

impl Typed {
    fn new(text: &str) -> Self {
        let folded = fold(text);
        Self {
            code: text.trim().to_owned(),
            whole: unpadded(&folded),
            kind: parted(&folded),
            marked: marked(text),
        }
    }

    fn is_code_of(&self, place: &Place) -> bool {
        self.code == place.code
    }

    /// The name with its own kind, or the short name alone.
    fn is_name_of(&self, place: &Place) -> bool {
        place.short == self.whole
            || self.kind.as_ref().is_some_and(|(kind, rest)| *kind == place.kind && *rest == place.short)
    }

    /// The short name, whatever kind was typed before it.
    fn is_nearly_name_of(&self, place: &Place) -> bool {
        self.kind.as_ref().is_some_and(|(_, rest)| *rest == place.short)
    }

    /// Whether the marks agree as well: the typed words end the full name.
    fn has_marks_of(&self, place: &Place) -> bool {
        let full = marked(&place.name);
        let typed = match &self.kind {
            Some(_) if full.len() < self.marked.len() || !full.ends_with(&self.marked) => &self.marked[1..],
            Some(_) | None => &self.marked[..],
        };
        !typed.is_empty() && full.ends_with(typed)
    }

    /// Those of the places that are meant: by code, by name, and by marks when names fold alike.
    fn among<'a>(&self, places: &[&'a Place], same: fn(&Self, &Place) -> bool) -> Vec<&'a Place> {
        let found: Vec<&Place> = places.iter().copied().filter(|place| same(self, place)).collect();
        let exact: Vec<&Place> = found.iter().copied().filter(|place| self.has_marks_of(place)).collect();
        if exact.is_empty() { found } else { exact }
    }
}

/// The units of a province: of today, former ones on its ground, and what became of these.
#[derive(Debug, Clone, Default)]
pub struct Gazetteer {
    today: Vec<Place>,
    former: Vec<Place>,
    succession: BTreeMap<(String, String), BTreeSet<String>>,
}

impl Gazetteer {
    /// Of the units below a province in force, the former units on its ground with all their
    /// ancestors, and the successions between them.
    pub fn new(today: Vec<Place>, former: Vec<Place>, succession: Vec<Succession>) -> Self {
        let mut by_former: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
        for (former, until, code) in succession {
            by_former.entry((former, until)).or_default().insert(code);
        }
        Self { today, former, succession: by_former }
    }

    /// A unit of today by its code.
    pub fn today(&self, code: &str) -> Option<&Place> {
        self.today.iter().find(|place| place.code == code)
    }

    /// The former unit that bore a code on a day; without a day, the last one that bore it.
    pub fn former(&self, code: &str, day: Option<&str>) -> Option<&Place> {
        let mut lives: Vec<&Place> = self.former.iter().filter(|place| place.code == code).collect();
        lives.sort_by(|one, other| one.until.cmp(&other.until));
        match day {
            Some(day) => lives.into_iter().find(|place| in_force(place, day)),
            None => lives.pop(),
        }
    }

    /// Codes of the units of today that a former unit went into, by code: what is written down of
    /// it, or else of the units below it.
    pub fn successors(&self, former: &Place) -> BTreeSet<String> {
        self.walk_down(former, &mut BTreeSet::new())
    }

    fn walk_down(&self, former: &Place, seen: &mut BTreeSet<String>) -> BTreeSet<String> {
        if !seen.insert(former.code.clone()) {
            return BTreeSet::new();
        }
        let until = former.until.clone().unwrap_or_default();
        if let Some(codes) = self.succession.get(&(former.code.clone(), until.clone())) {
            return codes.clone();
        }
        let below: Vec<&Place> = self
            .former
            .iter()
            .filter(|child| child.parent.as_deref() == Some(&former.code) && in_force(child, &until))
            .collect();
        below.into_iter().flat_map(|child| self.walk_down(child, seen)).collect()
    }

    /// A former unit and the units it was a part of, from the smallest to the greatest.
    pub fn lineage<'a>(&'a self, former: &'a Place) -> Vec<&'a Place> {
        let mut line = vec![former];
        let mut at = former;
        while let Some(above) = at.parent.as_deref().and_then(|code| self.former(code, at.until.as_deref())) {
            if line.iter().any(|place| place.code == above.code) {
                break;
            }
            line.push(above);
            at = above;
        }
        line
    }

    /// What people typed, as a commune of today. `commune`: code, full or short name, of today or
    /// former; `district`: code or name of a former unit, may be empty, may name a ward and its
    /// district («Phường Bãi Cháy, thành phố Hạ Long»). Marks and case do not matter unless two
    /// units differ in nothing else.
    ///
    /// # Errors
    /// [`Unresolved`]: the sentence for the person who typed it.
    pub fn resolve(&self, commune: &str, district: &str) -> Result<Resolved, Unresolved> {
        let (name, tail) = commune.split_once(',').unwrap_or((commune, ""));
        let hint = if district.trim().is_empty() { tail } else { district };
        let former = match hint.trim() {
            "" => None,
            // What follows a comma in the first cell may be today's province: no former unit then.
            hint if district.trim().is_empty() => self.former_named(hint).ok(),
            hint => Some(self.former_named(hint)?),
        };
        match (name.trim(), former) {
            ("", None) => Err(Unresolved::Empty),
            ("", Some(former)) => self.only_successor(hint, &[former], Some(&former.code)),
            (name, former) => self.commune_named(name, former),
        }
    }

    fn commune_named(&self, name: &str, within: Option<&Place>) -> Result<Resolved, Unresolved> {
        let typed = Typed::new(name);
        let today: Vec<&Place> = self.today.iter().collect();
        let former: Vec<&Place> = self
            .former
            .iter()
            .filter(|place| within.is_none_or(|within| self.is_within(place, within)))
            .collect();
        let ground = within.map(|within| self.successors(within));
        let on_ground = |place: &&Place| ground.as_ref().is_none_or(|codes| codes.contains(&place.code));
        let mut elsewhere = None;
        let tiers: [fn(&Typed, &Place) -> bool; 3] =
            [Typed::is_code_of, Typed::is_name_of, Typed::is_nearly_name_of];
        for same in tiers {
            let named = typed.among(&today, same);
            let here: Vec<&Place> = named.iter().copied().filter(on_ground).collect();
            match here.as_slice() {
                [] => elsewhere = elsewhere.or(named.first().copied()),
                [one] => {
                    let former_unit = within.map(|within| within.code.clone());
                    return Ok(Resolved { commune: one.code.clone(), former_unit });
                }
                several => return Err(ambiguous(name, several)),
            }
            let before = typed.among(&former, same);
            if !before.is_empty() {
                return self.only_successor(name, &before, None);
            }
        }
        match (elsewhere, within) {
            (Some(commune), Some(within)) => {
                Err(Unresolved::Elsewhere { commune: commune.name.clone(), former: within.name.clone() })
            }
            (Some(_) | None, _) => Err(Unresolved::UnknownCommune(name.to_owned())),
        }
    }

    fn only_successor(
        &self,
        typed: &str,
        formers: &[&Place],
        former_unit: Option<&str>,
    ) -> Result<Resolved, Unresolved> {
        let codes: BTreeSet<String> = formers.iter().flat_map(|former| self.successors(former)).collect();
        let places: Vec<&Place> = codes.iter().filter_map(|code| self.today(code)).collect();
        match places.as_slice() {
            [] => Err(Unresolved::UnknownCommune(typed.trim().to_owned())),
            [one] => Ok(Resolved {
                commune: one.code.clone(),
                former_unit: former_unit
                    .or(formers.first().map(|former| former.code.as_str()))
                    .map(str::to_owned),
            }),
            several => Err(ambiguous(typed, several)),
        }
    }

    fn is_within(&self, place: &Place, above: &Place) -> bool {
        self.lineage(place).iter().any(|one| one.code == above.code)
    }

    /// The former unit that a text names: a code, a name, or names from the smallest to the
    /// greatest with commas. Of units at several levels called so, the greatest is meant.
    ///
    /// # Errors
    /// [`Unresolved::UnknownFormer`] or [`Unresolved::Ambiguous`].
    pub fn former_named(&self, text: &str) -> Result<&Place, Unresolved> {
        let unknown = || Unresolved::UnknownFormer(text.trim().to_owned());
        let mut found: Option<Vec<&Place>> = None;
        for part in text.rsplit(',').map(str::trim).filter(|part| !part.is_empty()) {
            let within: Vec<&Place> = self
                .former
                .iter()
                .filter(|place| {
                    found.as_ref().is_none_or(|above| {
                        above.iter().any(|one| one.code != place.code && self.is_within(place, one))
                    })
                })
                .collect();
            found = Some(self.greatest_named(&Typed::new(part), &within));
        }
        match found.unwrap_or_default().as_slice() {
            [] => Err(unknown()),
            [one] => Ok(one),
            several => Err(ambiguous(text, several)),
        }
    }

    /// Code of the former unit that a text names, a part of which lies in a commune of today.
    ///
    /// # Errors
    /// [`Unresolved`]: as [`Self::former_named`], and when the commune has no part of it.
    pub fn former_of(&self, commune: &Place, text: &str) -> Result<String, Unresolved> {
        let former = self.former_named(text)?;
        if self.successors(former).contains(&commune.code) {
            return Ok(former.code.clone());
        }
        Err(Unresolved::Elsewhere { commune: commune.name.clone(), former: former.name.clone() })
    }

    fn greatest_named<'a>(&self, typed: &Typed, places: &[&'a Place]) -> Vec<&'a Place> {
        let tiers: [fn(&Typed, &Place) -> bool; 3] =
            [Typed::is_code_of, Typed::is_name_of, Typed::is_nearly_name_of];
        let named = tiers
            .iter()
            .map(|same| typed.among(places, *same))
            .find(|named| !named.is_empty())
            .unwrap_or_default();
        let least = named.iter().map(|place| self.lineage(place).len()).min().unwrap_or_default();
        let mut by_code: BTreeMap<&str, &Place> = BTreeMap::new();
        for place in named.into_iter().filter(|place| self.lineage(place).len() == least) {
            by_code.insert(&place.code, place);
        }
        by_code.into_values().collect()
    }
}

/// Whether a unit was there on a day; one whose first day is unknown was always there.
fn in_force(place: &Place, day: &str) -> bool {
    place.from.as_deref().is_none_or(|from| from <= day)
        && place.until.as_deref().is_none_or(|until| day <= until)
}

fn ambiguous(typed: &str, places: &[&Place]) -> Unresolved {
    let choices: BTreeSet<(String, String)> =
        places.iter().map(|place| (place.code.clone(), place.name.clone())).collect();
    Unresolved::Ambiguous { typed: typed.trim().to_owned(), choices: choices.into_iter().collect() }
}

#[cfg(test)]
mod tests;
