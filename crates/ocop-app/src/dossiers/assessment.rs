//! The self-assessment as pages show it: the overview by parts, and one criterion a screen.

use std::sync::Arc;

use ocop_core::evidence::{EvidenceKind, EvidenceList};
use ocop_core::id::DossierId;
use ocop_core::people::Actor;
use ocop_core::policy::Action;
use ocop_core::rules::{Criterion, PartCode, ProductSet, Section};
use ocop_core::scoring::{NextStar, Scored, Sheet, Way, advise, missing_for_next_star, score};
use ocop_store::dossiers::Dossier;
use ocop_store::evidence;

use super::cite::{CitedPaper, result_by};
use super::draft::{AnswerInput, answer_mark};
use super::facts::owned;
use super::snapshot::draft_citations;
use super::view::Head;
use crate::evidence::PaperCard;
use crate::{App, AppError};

/// Points of a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartLive {
    /// A, B or C.
    pub code: PartCode,
    /// Its title.
    pub name: String,
    /// Points reached.
    pub points: u16,
    /// Maximum.
    pub max: u16,
}

impl PartLive {
    /// `21/40`.
    pub fn value(&self) -> String {
        format!("{}/{}", self.points, self.max)
    }
}

/// A floor that is not met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// Code of the criterion.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The star that needs it.
    pub stars: u8,
    /// Points of the level needed.
    pub points: u16,
}

/// What is missing for the next star.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextView {
    /// The star looked at.
    pub stars: u8,
    /// Points short.
    pub points_short: u16,
    /// Floors not met.
    pub conditions: Vec<Condition>,
}

/// Points and stars of a self-assessment as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Live {
    /// Points.
    pub total: u16,
    /// Maximum.
    pub max: u16,
    /// Stars by points and floors.
    pub stars: u8,
    /// Stars by points alone.
    pub stars_by_points: u8,
    /// By part.
    pub parts: Vec<PartLive>,
    /// What is missing for the next star; `None` when the highest is reached.
    pub next: Option<NextView>,
    /// Criteria answered.
    pub answered: usize,
    /// Criteria that apply.
    pub of: usize,
    /// The ground that ends the evaluation, if the answers set one off.
    pub stopped: Option<String>,
    /// The result in sentences that cite the criteria.
    pub explanation: Vec<String>,
}

impl Live {
    /// Scores the sheet.
    pub(super) fn new(set: &ProductSet, sheet: &Sheet) -> Result<Self, AppError> {
        let scored = score(set, sheet)?;
        let next = missing_for_next_star(set, &scored);
        Ok(Self::of(set, &scored, &next))
    }

    fn of(set: &ProductSet, scored: &Scored, next: &NextStar) -> Self {
        let parts = set.parts.iter().map(|part| PartLive {
            code: part.code,
            name: part.name.clone(),
            points: scored.parts.of(part.code),
            max: part.max,
        });
        let of = set.criteria().count() - scored.ignored.len();
        let missing = NextView {
            stars: next.stars,
            points_short: next.points_short,
            conditions: next.floors.iter().map(|floor| condition(set, floor)).collect(),
        };
        Self {
            total: scored.total,
            max: set.max(),
            stars: scored.stars,
            stars_by_points: scored.stars_by_points,
            parts: parts.collect(),
            next: (!next.is_reached() && scored.disqualified.is_none()).then_some(missing),
            answered: of - scored.unanswered.len(),
            of,
            stopped: scored.disqualified.as_ref().map(|stop| format!("{} {}", stop.ground, stop.reason)),
            explanation: scored.explanation.clone(),
        }
    }
}

fn condition(set: &ProductSet, floor: &ocop_core::scoring::FloorCheck) -> Condition {
    Condition {
        code: floor.code.clone(),
        name: set.criterion(&floor.code).map(|criterion| criterion.name.clone()).unwrap_or_default(),
        stars: floor.stars,
        points: floor.needed_points,
    }
}

/// How far a criterion is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// A level is chosen.
    Done,
    /// Nothing is chosen.
    Todo,
    /// It does not apply to this product.
    Off,
}

/// A criterion in the overview.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CriterionRow {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Points reached.
    pub points: u16,
    /// Maximum.
    pub max: u16,
    /// How far it is.
    pub mark: Mark,
    /// The star whose floor is missed here and stands in the way of the next star.
    pub floor_missed: Option<u8>,
    /// Papers cited.
    pub cited: usize,
    /// Whether a paper is usually asked for and none is cited.
    pub wants_paper: bool,
}

/// A section in the overview.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SectionView {
    /// Its number.
    pub no: u16,
    /// Its title.
    pub name: String,
    /// Points reached.
    pub points: u16,
    /// Maximum.
    pub max: u16,
    /// Its criteria.
    pub rows: Vec<CriterionRow>,
}

/// A part in the overview.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartView {
    /// Points of the part.
    pub part: PartLive,
    /// Its sections.
    pub sections: Vec<SectionView>,
}

/// The overview of a self-assessment.
#[derive(Debug, Clone, PartialEq)]
pub struct AssessmentView {
    /// The dossier.
    pub head: Head,
    /// Points and stars.
    pub live: Live,
    /// Criteria by part and section.
    pub parts: Vec<PartView>,
    /// The shortest way to the next star; none where no way leads there.
    pub way: Option<Way>,
    /// The papers that its regime asks for.
    pub evidence: EvidenceList,
    /// Where to go on: the first criterion without an answer.
    pub go_on: Option<String>,
    /// Whether it can be changed now.
    pub open: bool,
}

/// Criteria by part and section with what the sheet says and how many papers each cites.
pub(super) fn parts(
    set: &ProductSet,
    sheet: &Sheet,
    cited: &[String],
) -> Result<(Live, Vec<PartView>), AppError> {
    let scored = score(set, sheet)?;
    let next = missing_for_next_star(set, &scored);
    let live = Live::of(set, &scored, &next);
    let rows = |section: &Section| -> Vec<CriterionRow> {
        section.criteria.iter().map(|criterion| row(criterion, sheet, &scored, &next, cited)).collect()
    };
    let parts = live.parts.iter().map(|part| PartView {
        part: part.clone(),
        sections: set
            .sections_of(part.code)
            .map(|section| {
                let rows = rows(section);
                SectionView {
                    no: section.no,
                    name: section.name.clone(),
                    points: rows.iter().map(|row| row.points).sum(),
                    max: section.max,
                    rows,
                }
            })
            .collect(),
    });
    let parts = parts.collect();
    Ok((live, parts))
}

fn row(
    criterion: &Criterion,
    sheet: &Sheet,
    scored: &Scored,
    next: &NextStar,
    cited: &[String],
) -> CriterionRow {
    let applies = !scored.ignored.contains(&criterion.code);
    let choice = sheet.choices.get(&criterion.code).filter(|_| applies);
    let level = choice.and_then(|choice| criterion.alternative(choice.alternative)?.level(choice.level));
    let count = cited.iter().filter(|code| **code == criterion.code).count();
    CriterionRow {
        code: criterion.code.clone(),
        name: criterion.name.clone(),
        points: level.map_or(0, |level| level.points),
        max: criterion.max,
        mark: match (applies, choice) {
            (false, _) => Mark::Off,
            (true, Some(_)) => Mark::Done,
            (true, None) => Mark::Todo,
        },
        floor_missed: next
            .floors
            .iter()
            .filter(|floor| floor.code == criterion.code)
            .map(|floor| floor.stars)
            .min(),
        cited: count,
        wants_paper: count == 0
            && level.is_some_and(|level| level.points > 0)
            && !criterion.evidence.is_empty(),
    }
}

/// The overview of the self-assessment, for the producer.
pub async fn assessment(app: &App, actor: &Actor, id: &DossierId) -> Result<AssessmentView, AppError> {
    let mut tx = app.db.read().await?;
    let (facts, _) = owned(&mut tx, actor, Action::EditDossier, id).await?;
    let set = app.shown(&mut tx, &facts.row.province, &facts.row.ruleset).await?;
    let cited = cited_codes(&evidence::citations_of(&mut tx, id).await?);
    let (live, parts) = parts(&set, &facts.row.sheet, &cited)?;
    let scored = score(&set, &facts.row.sheet)?;
    Ok(AssessmentView {
        head: Head::load(app, &mut tx, &facts.row).await?,
        way: if live.next.is_some() { advise(&set, &facts.row.sheet, None).ok() } else { None },
        live,
        parts,
        evidence: app.evidence_list(&facts.row.regime)?.clone(),
        go_on: scored.unanswered.first().cloned(),
        open: facts.row.state.is_with_producer(),
    })
}

pub(super) fn cited_codes(citations: &[evidence::Citation]) -> Vec<String> {
    citations.iter().map(|citation| citation.criterion.clone()).collect()
}

/// A level as a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LevelView {
    /// `CASE:LEVEL`.
    pub value: String,
    /// The level; 0 = none met.
    pub level: u8,
    /// Points.
    pub points: u16,
    /// What must be shown.
    pub text: String,
    /// The star for which it is the least.
    pub floor: Option<u8>,
}

/// One case of a criterion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlternativeView {
    /// Its number.
    pub no: u8,
    /// Which case it is; empty when the criterion has only one.
    pub label: String,
    /// Its levels.
    pub levels: Vec<LevelView>,
}

/// One criterion on its own screen.
#[derive(Debug, Clone, PartialEq)]
pub struct CriterionView {
    /// The dossier.
    pub head: Head,
    /// Code of the criterion.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Maximum points.
    pub max: u16,
    /// The part it counts in.
    pub part: PartCode,
    /// Its section.
    pub section: String,
    /// Its place among all criteria, from 1.
    pub at: usize,
    /// How many criteria there are.
    pub of: usize,
    /// How far each criterion is, in order.
    pub marks: Vec<Mark>,
    /// Neighbours by code.
    pub prev: Option<String>,
    /// Neighbours by code.
    pub next: Option<String>,
    /// What guides.
    pub note: String,
    /// What must hold.
    pub requirement: String,
    /// Why it does not apply now; empty when it does.
    pub off: String,
    /// Facts that end the evaluation.
    pub knockouts: Vec<String>,
    /// How to choose among several cases.
    pub choose: String,
    /// Cases with their levels.
    pub alternatives: Vec<AlternativeView>,
    /// What is kept now.
    pub input: AnswerInput,
    /// Papers cited here.
    pub cited: Vec<CitedPaper>,
    /// Papers in the vault that are not cited here; those of a fitting heading first.
    pub vault: Vec<PaperCard>,
    /// Papers that usually prove it, as the list of the dossier's regime calls them.
    pub kinds: Vec<EvidenceKind>,
    /// The other papers of that list.
    pub other_kinds: Vec<EvidenceKind>,
    /// Points and stars of the whole sheet.
    pub live: Live,
    /// Whether it can be changed now.
    pub open: bool,
}

/// One criterion of the self-assessment with its papers, for the producer.
pub async fn criterion(
    app: &App,
    actor: &Actor,
    id: &DossierId,
    code: &str,
) -> Result<CriterionView, AppError> {
    let mut tx = app.db.read().await?;
    let (facts, _) = owned(&mut tx, actor, Action::EditDossier, id).await?;
    let set = app.shown(&mut tx, &facts.row.province, &facts.row.ruleset).await?;
    let today = app.today();
    let result_by = result_by(&mut tx, &facts.row).await?;
    let cited: Vec<CitedPaper> = draft_citations(app, &mut tx, &facts.row)
        .await?
        .iter()
        .filter(|citation| citation.criterion == code)
        .map(|citation| CitedPaper::new(citation, today, result_by))
        .collect();
    let papers = evidence::of_producer(&mut tx, &facts.row.producer_id).await?;
    let unused = papers.iter().filter(|paper| cited.iter().all(|card| card.id != paper.id));
    let vault = unused.map(|paper| PaperCard::new(paper, today)).collect();
    let head = Head::load(app, &mut tx, &facts.row).await?;
    screen(&set, app.evidence_list(&facts.row.regime)?, &facts.row, head, code, cited, vault)
}

fn screen(
    set: &Arc<ProductSet>,
    list: &EvidenceList,
    row: &Dossier,
    head: Head,
    code: &str,
    cited: Vec<CitedPaper>,
    mut vault: Vec<PaperCard>,
) -> Result<CriterionView, AppError> {
    let criterion = set.criterion(code).ok_or(AppError::NotFound)?;
    let codes: Vec<&str> = set.criteria().map(|other| other.code.as_str()).collect();
    let at = codes.iter().position(|other| *other == code).ok_or(AppError::NotFound)?;
    let section = set.sections.iter().find(|section| section.criteria.iter().any(|other| other.code == code));
    let (live, parts) = parts(set, &row.sheet, &[])?;
    let rows = parts.iter().flat_map(|part| &part.sections).flat_map(|section| &section.rows);
    let marks: Vec<Mark> = rows.map(|row| row.mark).collect();
    let applies = marks.get(at) != Some(&Mark::Off);
    let kinds = list.usual(&criterion.evidence);
    vault.sort_by_key(|paper| !list.is_usual(&kinds, paper.kind));
    let other_kinds = list.offered().into_iter().filter(|kind| !kinds.contains(kind)).collect();
    let neighbour = |at: Option<usize>| at.and_then(|at| codes.get(at)).map(|code| (*code).to_owned());
    let condition =
        criterion.applies_if.as_ref().filter(|_| !applies).map(|condition| condition.text.clone());
    Ok(CriterionView {
        head,
        code: criterion.code.clone(),
        name: criterion.name.clone(),
        max: criterion.max,
        part: section.map_or(PartCode::A, |section| section.part),
        section: section.map(|section| format!("{}. {}", section.no, section.name)).unwrap_or_default(),
        at: at + 1,
        of: codes.len(),
        marks,
        prev: neighbour(at.checked_sub(1)),
        next: neighbour(at.checked_add(1)),
        note: criterion.note.clone().unwrap_or_default(),
        requirement: criterion.requirement.clone().unwrap_or_default(),
        off: condition.unwrap_or_default(),
        knockouts: criterion.knockouts.iter().map(|knockout| knockout.text.clone()).collect(),
        choose: criterion.choose.clone().unwrap_or_default(),
        alternatives: alternatives(criterion),
        input: kept(&row.sheet, code),
        cited,
        vault,
        kinds,
        other_kinds,
        live,
        open: row.state.is_with_producer(),
    })
}

/// What the sheet says about a criterion, as its page takes it.
fn kept(sheet: &Sheet, code: &str) -> AnswerInput {
    let choice = sheet.choices.get(code);
    AnswerInput {
        choice: choice.map(|choice| format!("{}:{}", choice.alternative, choice.level)).unwrap_or_default(),
        note: choice.and_then(|choice| choice.note.clone()).unwrap_or_default(),
        version: answer_mark(sheet, code),
    }
}

fn alternatives(criterion: &Criterion) -> Vec<AlternativeView> {
    (1..=u8::MAX)
        .zip(&criterion.alternatives)
        .map(|(no, alternative)| AlternativeView {
            no,
            label: alternative.label.clone().unwrap_or_default(),
            levels: alternative
                .numbered()
                .map(|(level, shown)| LevelView {
                    value: format!("{no}:{level}"),
                    level,
                    points: shown.points,
                    text: shown.text.clone(),
                    floor: shown.floor,
                })
                .collect(),
        })
        .collect()
}
