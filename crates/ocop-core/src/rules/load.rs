//! Reads the rule files, puts shared blocks in their places and has everything checked.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;
use serde::de::DeserializeOwned;

use super::check::{self, PartPoints};
use super::evidence_file;
use super::fault::{FaultKind, RuleFault};
use super::file::{
    BlockHead, BlockKind, CriterionBlock, CriterionText, RegimeFile, SectionBlock, SectionText, SetFile,
};
use super::model::{Alternative, AppliesIf, Criterion, Knockout, ProductSet, Regime, Rules, Section};
use super::process_file;
use super::reclassify::successions;

/// Reads every regime from `files`: path inside `rules/` (`2026-26/sets/04-mat-ong.toml`) → text.
/// Worked cases (`cases/`) and files that are not TOML are left alone.
///
/// # Errors
/// Every fault found, in the order of the paths: nothing is loaded when anything is wrong.
pub fn load(files: &BTreeMap<String, String>) -> Result<Rules, Vec<RuleFault>> {
    let mut faults = Faults::default();
    let mut folders: BTreeMap<String, Folder> = BTreeMap::new();
    let mut moved: BTreeMap<&str, Text<'_>> = BTreeMap::new();
    for (path, text) in files.iter().filter(|(path, _)| path.ends_with(".toml")) {
        let parts: Vec<&str> = path.split('/').collect();
        match parts.as_slice() {
            [regime, "regime.toml"] => {
                folders.entry((*regime).to_owned()).or_default().regime = Some((path, text))
            }
            [regime, name] if name.starts_with("process") => {
                folders.entry((*regime).to_owned()).or_default().processes.push((path, text))
            }
            [regime, "sets", _] => folders.entry((*regime).to_owned()).or_default().sets.push((path, text)),
            [regime, "blocks", _] => {
                folders.entry((*regime).to_owned()).or_default().blocks.push((path, text))
            }
            [regime, "evidence.toml"] => {
                folders.entry((*regime).to_owned()).or_default().evidence = Some((path, text))
            }
            [regime, "reclassification.toml"] => {
                moved.insert(*regime, (path, text));
            }
            [_, "cases", ..] | ["cases", _] => {}
            _ => faults.add(path, "", FaultKind::NotInLayout),
        }
    }
    if folders.is_empty() {
        faults.add("", "", FaultKind::NoRegime);
    }
    let mut regimes = BTreeMap::new();
    for (folder, texts) in &folders {
        if let Some(regime) = regime(folder, texts, &mut faults) {
            regimes.insert(folder.clone(), regime);
        }
    }
    // Sets that did not load would only be missed a second time.
    let successions = match faults.found.as_slice() {
        [] => successions(&moved, &regimes, &mut faults),
        [_, ..] => BTreeMap::new(),
    };
    if faults.found.is_empty() { Ok(Rules::new(regimes, successions)) } else { Err(faults.found) }
}

pub(super) type Text<'a> = (&'a String, &'a String);

/// The files of one regime.
#[derive(Default)]
struct Folder<'a> {
    regime: Option<Text<'a>>,
    processes: Vec<Text<'a>>,
    evidence: Option<Text<'a>>,
    sets: Vec<Text<'a>>,
    blocks: Vec<Text<'a>>,
}

/// Faults in the order they were found, each once: a block with a fault stands in many sets.
#[derive(Default)]
pub(super) struct Faults {
    found: Vec<RuleFault>,
}

impl Faults {
    pub(super) fn add(&mut self, path: &str, place: &str, kind: FaultKind) {
        let fault = RuleFault { path: path.to_owned(), place: place.to_owned(), kind };
        if !self.found.contains(&fault) {
            self.found.push(fault);
        }
    }

    /// The text when it is there and not blank.
    pub(super) fn cited(&mut self, path: &str, place: &str, cite: Option<String>) -> String {
        let cite = cite.unwrap_or_default();
        if cite.trim().is_empty() {
            self.add(path, place, FaultKind::MissingCitation);
        }
        cite
    }
}

pub(super) fn parse<T: DeserializeOwned>(path: &str, text: &str, faults: &mut Faults) -> Option<T> {
    match toml::from_str(text) {
        Ok(parsed) => Some(parsed),
        Err(error) => {
            let line = error
                .span()
                .and_then(|span| text.get(..span.start))
                .map(|before| before.matches('\n').count() + 1);
            let message = error.message().split_whitespace().collect::<Vec<_>>().join(" ");
            faults.add(path, "", FaultKind::Unreadable { line, message });
            None
        }
    }
}

/// Goes on after a fault wherever something is left to check, so that one run names them all.
fn regime(folder: &str, texts: &Folder<'_>, faults: &mut Faults) -> Option<Regime> {
    let own_process = format!("{folder}/process.toml");
    let has_process = texts.processes.iter().any(|(path, _)| **path == own_process);
    let needed = [
        ("regime.toml", texts.regime.is_some()),
        ("process.toml", has_process),
        ("evidence.toml", texts.evidence.is_some()),
    ];
    for (name, is_there) in needed {
        if !is_there {
            faults.add(&format!("{folder}/{name}"), "", FaultKind::MissingFile);
        }
    }
    let head = texts
        .regime
        .and_then(|(path, text)| parse::<RegimeFile>(path, text, faults).map(|file| (path, file)));
    let evidence = texts.evidence.and_then(|text| evidence_file::read(text, faults));
    let mut blocks = Blocks::read(&texts.blocks, faults);
    let (path, head) = head?;
    if head.id != folder {
        faults.add(path, "", FaultKind::RegimeId { id: head.id.clone(), folder: folder.to_owned() });
    }
    let in_force_from = head.in_force_from.to_string().parse::<NaiveDate>().ok();
    if in_force_from.is_none() {
        faults.add(path, "in_force_from", FaultKind::NotADay { text: head.in_force_from.to_string() });
    }
    let cite = faults.cited(path, "", head.cite.clone());
    let points = check::part_points(in_force_from);
    check::regime(path, points, &head.part, &head.band, faults);
    let processes = process_file::read(&texts.processes, in_force_from, faults);
    let mut sets: BTreeMap<u16, Arc<ProductSet>> = BTreeMap::new();
    for (path, text) in &texts.sets {
        let Some(file) = parse::<SetFile>(path, text, faults) else { continue };
        let set = set(path, file, (&head, points), &mut blocks, faults);
        if sets.contains_key(&set.no) {
            faults.add(path, "", FaultKind::RepeatedSet { no: set.no });
        }
        sets.insert(set.no, Arc::new(set));
    }
    blocks.unused(faults);
    Some(Regime {
        id: head.id,
        name: head.name,
        cite,
        in_force_from: in_force_from?,
        parts: head.part,
        bands: head.band,
        reading: head.reading,
        processes,
        evidence: evidence?,
        sets,
    })
}

fn set(
    path: &str,
    file: SetFile,
    (head, points): (&RegimeFile, PartPoints),
    blocks: &mut Blocks,
    faults: &mut Faults,
) -> ProductSet {
    let cite = faults.cited(path, "", file.cite);
    let mut origins = Origins::new(path);
    let sections =
        file.section.into_iter().map(|text| section(path, text, blocks, &mut origins, faults)).collect();
    let set = ProductSet {
        regime: head.id.clone(),
        no: file.set,
        slug: file.slug,
        name: file.name,
        industry: file.industry,
        group: file.group,
        subgroup: file.subgroup,
        agencies: file.agencies,
        cite,
        samples: file.samples,
        disqualifiers: file.disqualifiers,
        sections,
        parts: head.part.clone(),
        bands: head.band.clone(),
        doubt: file.doubt,
    };
    check::set(&set, points, &origins, faults);
    set
}

/// The file that each criterion of a set was written in.
pub(super) struct Origins<'a> {
    /// The set's own file.
    pub(super) set: &'a str,
    blocks: BTreeMap<String, String>,
}

impl<'a> Origins<'a> {
    fn new(set: &'a str) -> Self {
        Self { set, blocks: BTreeMap::new() }
    }

    /// The file of the criterion with this code.
    pub(super) fn of(&self, code: &str) -> &str {
        self.blocks.get(code).map_or(self.set, String::as_str)
    }
}

fn section(
    path: &str,
    text: SectionText,
    blocks: &mut Blocks,
    origins: &mut Origins<'_>,
    faults: &mut Faults,
) -> Section {
    let place = format!("mục {}", text.no);
    let (name, max, doubt, criteria, origin) = match &text.block {
        Some(block) => {
            if text.name.is_some() || text.max.is_some() || !text.criterion.is_empty() {
                faults.add(path, &place, FaultKind::UseWithOwnText { block: block.clone() });
            }
            match blocks.section(block, path, &place, faults) {
                Some((origin, shared)) => (
                    Some(shared.name),
                    Some(shared.max),
                    text.doubt.or(shared.doubt),
                    shared.criterion,
                    Some(origin),
                ),
                // The unknown block is one fault; its empty section would only repeat it.
                None => (Some(String::new()), Some(0), text.doubt, Vec::new(), None),
            }
        }
        None => (text.name, text.max, text.doubt, text.criterion, None),
    };
    if name.is_none() {
        faults.add(path, &place, FaultKind::MissingKey { key: "name" });
    }
    if max.is_none() {
        faults.add(path, &place, FaultKind::MissingKey { key: "max" });
    }
    let criteria = criteria
        .into_iter()
        .map(|criterion_text| {
            criterion(path, text.no, criterion_text, origin.as_deref(), blocks, origins, faults)
        })
        .collect();
    Section {
        part: text.part,
        no: text.no,
        name: name.unwrap_or_default(),
        max: max.unwrap_or(0),
        criteria,
        doubt,
    }
}

/// `section_block` is the file of the section block that `text` stands in: codes in it are
/// relative to the section's number.
fn criterion(
    path: &str,
    no: u16,
    text: CriterionText,
    section_block: Option<&str>,
    blocks: &mut Blocks,
    origins: &mut Origins<'_>,
    faults: &mut Faults,
) -> Criterion {
    let written_in = section_block.unwrap_or(path);
    let code = match (&text.code, section_block) {
        (Some(code), Some(_)) => format!("{no}{code}"),
        (Some(code), None) => code.clone(),
        (None, _) => {
            faults.add(written_in, &format!("mục {no}"), FaultKind::MissingKey { key: "code" });
            String::new()
        }
    };
    let (mut text, relative, origin) = match text.block.clone() {
        Some(block) => {
            if text.name.is_some()
                || text.max.is_some()
                || !text.levels.is_empty()
                || !text.alternative.is_empty()
            {
                faults.add(written_in, &code, FaultKind::UseWithOwnText { block: block.clone() });
            }
            match blocks.criterion(&block, written_in, &code, faults) {
                Some((origin, shared)) => (shared, true, Some(origin)),
                None => (text, section_block.is_some(), section_block.map(str::to_owned)),
            }
        }
        None => (text, section_block.is_some(), section_block.map(str::to_owned)),
    };
    if relative {
        make_absolute(no, text.applies_if.as_mut(), &mut text.knockout);
    }
    if let Some(origin) = origin {
        origins.blocks.insert(code.clone(), origin);
    }
    finish(code, text, origins, faults)
}

fn make_absolute(no: u16, applies_if: Option<&mut AppliesIf>, knockouts: &mut [Knockout]) {
    if let Some(condition) = applies_if {
        condition.criterion = format!("{no}{}", condition.criterion);
    }
    for code in knockouts.iter_mut().flat_map(|knockout| &mut knockout.scope) {
        *code = format!("{no}{code}");
    }
}

fn finish(code: String, text: CriterionText, origins: &Origins<'_>, faults: &mut Faults) -> Criterion {
    let unknown_block = text.block.is_some();
    let missing = [("name", text.name.is_none()), ("max", text.max.is_none())];
    for (key, _) in missing.into_iter().filter(|(_, missing)| *missing && !unknown_block) {
        faults.add(origins.of(&code), &code, FaultKind::MissingKey { key });
    }
    let alternatives = match (text.levels.is_empty(), text.alternative.is_empty()) {
        (false, true) => vec![Alternative { label: None, levels: text.levels }],
        (true, false) => text.alternative,
        (true, true) => {
            if !unknown_block {
                faults.add(origins.of(&code), &code, FaultKind::NoLevels);
            }
            Vec::new()
        }
        (false, false) => {
            faults.add(origins.of(&code), &code, FaultKind::LevelsAndAlternatives);
            text.alternative
        }
    };
    Criterion {
        code,
        name: text.name.unwrap_or_default(),
        max: text.max.unwrap_or(0),
        note: text.note,
        requirement: text.requirement,
        doubt: text.doubt,
        evidence: text.evidence,
        applies_if: text.applies_if,
        knockouts: text.knockout,
        choose: text.choose,
        alternatives,
    }
}

#[derive(Clone)]
enum Block {
    Section(SectionBlock),
    Criterion(Box<CriterionText>),
}

fn block(path: &str, text: &str, faults: &mut Faults) -> Option<Block> {
    match parse::<BlockHead>(path, text, faults)?.kind {
        BlockKind::Section => parse(path, text, faults).map(Block::Section),
        BlockKind::Criterion => {
            parse::<CriterionBlock>(path, text, faults).map(|block| Block::Criterion(Box::new(block.into())))
        }
    }
}

/// The blocks of a regime by name, each with its file, and which of them were used.
struct Blocks {
    by_name: BTreeMap<String, (String, Option<Block>)>,
    used: BTreeSet<String>,
}

impl Blocks {
    fn read(texts: &[Text<'_>], faults: &mut Faults) -> Self {
        let mut by_name = BTreeMap::new();
        for (path, text) in texts {
            let name = path.rsplit('/').next().and_then(|file| file.strip_suffix(".toml")).unwrap_or(path);
            by_name.insert(name.to_owned(), ((*path).clone(), block(path, text, faults)));
        }
        Self { by_name, used: BTreeSet::new() }
    }

    /// `None` with a fault when there is no such block, without one when its file is unreadable
    /// (which is a fault already).
    fn find(&mut self, name: &str, path: &str, place: &str, faults: &mut Faults) -> Option<(String, Block)> {
        self.used.insert(name.to_owned());
        match self.by_name.get(name) {
            Some((origin, block)) => block.clone().map(|block| (origin.clone(), block)),
            None => {
                faults.add(path, place, FaultKind::UnknownBlock { block: name.to_owned() });
                None
            }
        }
    }

    fn section(
        &mut self,
        name: &str,
        path: &str,
        place: &str,
        faults: &mut Faults,
    ) -> Option<(String, SectionBlock)> {
        match self.find(name, path, place, faults)? {
            (origin, Block::Section(block)) => Some((origin, block)),
            (_, Block::Criterion(_)) => {
                faults.add(path, place, FaultKind::WrongBlock { block: name.to_owned(), wanted: "section" });
                None
            }
        }
    }

    fn criterion(
        &mut self,
        name: &str,
        path: &str,
        place: &str,
        faults: &mut Faults,
    ) -> Option<(String, CriterionText)> {
        match self.find(name, path, place, faults)? {
            (origin, Block::Criterion(block)) => Some((origin, *block)),
            (_, Block::Section(_)) => {
                faults.add(
                    path,
                    place,
                    FaultKind::WrongBlock { block: name.to_owned(), wanted: "criterion" },
                );
                None
            }
        }
    }

    fn unused(&self, faults: &mut Faults) {
        for (name, (path, _)) in &self.by_name {
            if !self.used.contains(name) {
                faults.add(path, "", FaultKind::UnusedBlock);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Effect, PartCode, Trigger, sample};

    #[test]
    fn blocks_take_the_number_of_their_section() {
        let set = sample::honey();
        let codes: Vec<&str> = set.criteria().map(|criterion| criterion.code.as_str()).collect();
        assert_eq!(codes, ["1.1", "1.2", "2", "3.1", "3.2", "4", "5.1"]);
        assert_eq!(set.criterion("1.2").unwrap().name, "Liên kết");
        let condition = set.criterion("3.2").unwrap().applies_if.clone().unwrap();
        assert_eq!((condition.criterion.as_str(), condition.level), ("3.1", 2));
        assert_eq!(set.part_of("3.2"), Some(PartCode::B));
        assert_eq!(set.part_of("9"), None);
    }

    #[test]
    fn everything_written_arrives() {
        let rules = sample::rules();
        let regime = rules.regime("2026-26").unwrap();
        assert_eq!(regime.in_force_from.to_string(), "2026-05-22");
        assert_eq!(regime.reading["mean"], "Trung bình chính xác");
        let (_, process) = &regime.processes[0];
        assert_eq!(process.rounds[0].proposed_before.to_string(), "30/4");
        assert_eq!(process.cites["council.spread_limit"], "Mặc định");
        assert_eq!(process.cites.len(), 16);

        let set = sample::honey();
        assert_eq!(set.criterion("2").unwrap().doubt.as_deref(), Some("chưa đối chiếu bản ký"));
        assert_eq!(set.criterion("4").unwrap().alternative(2).unwrap().floor(5).unwrap().0, 2);
        let knockouts = &set.criterion("5.1").unwrap().knockouts;
        assert_eq!((knockouts[0].effect, knockouts[0].trigger), (Effect::Stop, Trigger::Zero));
        assert_eq!((knockouts[1].effect, knockouts[1].trigger), (Effect::Eliminate, Trigger::Declared));
        assert_eq!(rules.set("2026-26", 5), None);
        assert_eq!(rules.set("2020-781", 4), None);
    }

    #[test]
    fn the_rules_of_the_repository_are_sound() {
        let rules = sample::repository();
        let regime = rules.regime("2026-26").unwrap();
        for set in regime.sets.values() {
            assert_eq!(set.max(), 100, "{}", set.reference());
            assert!(set.criteria().count() > 20, "{}", set.reference());
        }
        assert_eq!(regime.processes[0].1.rounds.len(), 4);
    }
}
