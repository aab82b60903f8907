//! One criterion beside the papers cited for it: what members and advisors both look at.

use chrono::NaiveDate;
use ocop_core::evidence::{EvidenceKind, MediaType, Term, first_page, term};
use ocop_core::id::EvidenceId;
use ocop_core::rules::{Criterion, ProductSet};
use ocop_core::scoring::{Choice, Sheet};

use crate::dossiers::Snapshot;

/// A criterion with its levels, what was chosen, what the producer claims and the papers cited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CriterionPane {
    /// `Phần A`, with its title.
    pub part: String,
    /// Place on the sheet, counted from 1.
    pub no: usize,
    /// Criteria on the sheet.
    pub of: usize,
    /// Code.
    pub code: String,
    /// Title.
    pub name: String,
    /// Points of the best level.
    pub max: u16,
    /// Where the sheet stands in the law.
    pub cite: String,
    /// A note that guides.
    pub note: Option<String>,
    /// A requirement that must hold.
    pub requirement: Option<String>,
    /// How to choose among cases.
    pub choose: Option<String>,
    /// The condition under which the criterion counts, when it does not hold on this sheet.
    pub off: Option<String>,
    /// Facts that end the evaluation.
    pub knockouts: Vec<String>,
    /// What is doubtful in the source: of the criterion, its levels, its section, its set.
    pub doubts: Vec<String>,
    /// One case, or several.
    pub cases: Vec<CasePane>,
    /// The number of the case that stands first when nothing is chosen: 1, or the chosen one.
    pub case: u8,
    /// Whether level 0 is chosen.
    pub none_met: bool,
    /// The remark that goes with the choice.
    pub remark: String,
    /// What the producer chose.
    pub own: Option<OwnChoice>,
    /// Papers cited for the criterion.
    pub papers: Vec<CitedPaper>,
}

/// A case of a criterion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CasePane {
    /// Counted from 1.
    pub no: u8,
    /// Which case; absent when there is only one.
    pub label: Option<String>,
    /// Levels from the lowest.
    pub levels: Vec<LevelPane>,
}

/// A level of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LevelPane {
    /// Counted from 1.
    pub no: u8,
    /// Points.
    pub points: u16,
    /// What must be shown for it.
    pub text: String,
    /// The star for which it is the least.
    pub floor: Option<u8>,
    /// Whether it is chosen.
    pub chosen: bool,
    /// Whether the producer chose it.
    pub claimed: bool,
}

/// The producer's own choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnChoice {
    /// Points.
    pub points: u16,
    /// Text of the level.
    pub text: String,
    /// The producer's remark.
    pub note: Option<String>,
}

/// A paper cited for a criterion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CitedPaper {
    /// The paper.
    pub id: EvidenceId,
    /// What people call it.
    pub title: String,
    /// Its heading.
    pub kind: EvidenceKind,
    /// Its own number.
    pub number: String,
    /// Who issued it.
    pub issuer: String,
    /// When it was issued.
    pub issued_on: Option<NaiveDate>,
    /// Its last day.
    pub expires_on: Option<NaiveDate>,
    /// What that day means today.
    pub term: Term,
    /// Pages cited; empty for the whole paper.
    pub pages: String,
    /// The page to open.
    pub first_page: Option<u16>,
    /// What the file is.
    pub media_type: MediaType,
    /// Its name.
    pub file_name: String,
    /// Its size in bytes.
    pub size: i64,
}

/// The criterion as `sheet` has it, beside what the producer submitted. `None` when the set has no
/// such criterion. `ignored`: codes whose condition does not hold on the sheet; `result_by`: when the result is due.
pub(crate) fn pane(
    set: &ProductSet,
    code: &str,
    sheet: &Sheet,
    ignored: &[String],
    submitted: &Snapshot,
    today: NaiveDate,
    result_by: Option<NaiveDate>,
) -> Option<CriterionPane> {
    let criterion = set.criterion(code)?;
    let part = set.part_of(code)?;
    let choice = sheet.choices.get(code);
    let name = set.parts.iter().find(|one| one.code == part).map_or("", |one| one.name.as_str());
    let off = criterion.applies_if.as_ref().filter(|_| ignored.iter().any(|one| one == code));
    Some(CriterionPane {
        part: format!("{part}. {name}"),
        no: set.criteria().take_while(|one| one.code != code).count() + 1,
        of: set.criteria().count(),
        code: criterion.code.clone(),
        name: criterion.name.clone(),
        max: criterion.max,
        cite: set.cite.clone(),
        note: criterion.note.clone(),
        requirement: criterion.requirement.clone(),
        choose: criterion.choose.clone(),
        off: off.map(|condition| condition.text.clone()),
        knockouts: criterion.knockouts.iter().map(|knockout| knockout.text.clone()).collect(),
        doubts: doubts(set, criterion),
        cases: cases(criterion, choice, submitted.sheet.choices.get(code)),
        case: choice.map_or(1, |choice| choice.alternative),
        none_met: choice.is_some_and(|choice| choice.level == 0),
        remark: choice.and_then(|choice| choice.note.clone()).unwrap_or_default(),
        own: submitted.sheet.choices.get(code).map(|own| own_choice(criterion, own)),
        papers: papers(code, submitted, today, result_by),
    })
}

/// What is doubtful about a criterion in the source, the nearest first.
fn doubts(set: &ProductSet, criterion: &Criterion) -> Vec<String> {
    let of_levels = criterion.alternatives.iter().flat_map(|case| &case.levels).map(|level| &level.doubt);
    let section = set.sections.iter().find(|section| section.criteria.contains(criterion));
    let around = [section.map(|section| &section.doubt), Some(&set.doubt)];
    let own = std::iter::once(&criterion.doubt).chain(of_levels);
    own.chain(around.into_iter().flatten()).flatten().cloned().collect()
}

fn cases(criterion: &Criterion, choice: Option<&Choice>, own: Option<&Choice>) -> Vec<CasePane> {
    let is = |choice: Option<&Choice>, case: u8, level: u8| {
        choice.is_some_and(|choice| choice.alternative == case && choice.level == level)
    };
    (1..=u8::MAX)
        .zip(&criterion.alternatives)
        .map(|(case, alternative)| CasePane {
            no: case,
            label: alternative.label.clone(),
            levels: alternative
                .numbered()
                .map(|(no, level)| LevelPane {
                    no,
                    points: level.points,
                    text: level.text.clone(),
                    floor: level.floor,
                    chosen: is(choice, case, no),
                    claimed: is(own, case, no),
                })
                .collect(),
        })
        .collect()
}

/// A choice in words.
pub(crate) fn own_choice(criterion: &Criterion, choice: &Choice) -> OwnChoice {
    let level = criterion.alternative(choice.alternative).and_then(|cases| cases.level(choice.level));
    OwnChoice {
        points: level.map_or(0, |level| level.points),
        text: level.map_or_else(|| "Không đạt mức nào".to_owned(), |level| level.text.clone()),
        note: choice.note.clone(),
    }
}

fn papers(
    code: &str,
    submitted: &Snapshot,
    today: NaiveDate,
    result_by: Option<NaiveDate>,
) -> Vec<CitedPaper> {
    let cited = submitted.citations.iter().filter(|cited| cited.criterion == code);
    cited
        .map(|cited| CitedPaper {
            id: cited.evidence_id.clone(),
            title: cited.title.clone(),
            kind: cited.kind,
            number: cited.number.clone(),
            issuer: cited.issuer.clone(),
            issued_on: cited.issued_on,
            expires_on: cited.expires_on,
            term: term(cited.expires_on, today, result_by),
            first_page: first_page(&cited.pages),
            pages: cited.pages.clone(),
            media_type: cited.media_type,
            file_name: cited.file_name.clone(),
            size: cited.size,
        })
        .collect()
}
