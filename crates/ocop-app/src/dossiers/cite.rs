//! Papers cited for criteria, with pages.

use chrono::NaiveDate;
use ocop_core::evidence::{EvidenceKind, Heading, MediaType, Need, Term, first_page, pages, term};
use ocop_core::id::{DossierId, EvidenceId, ProducerId, RequestId};
use ocop_core::people::Actor;
use ocop_core::policy::{Action, Permit};
use ocop_core::text::file_size;
use ocop_store::db::Chain;
use ocop_store::dossiers::Dossier;
use ocop_store::evidence::{self, Citation};
use ocop_store::{Tx, councils, rounds};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::facts::owned;
use super::snapshot::{Snapshot, SnapshotCitation, draft_citations};
use super::view::Head;
use crate::evidence::{PaperCard, about};
use crate::{App, AppError, FieldFault, Refusal};

/// A citation as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CiteInput {
    /// Code of the criterion.
    pub criterion: String,
    /// The paper.
    pub evidence: String,
    /// Pages such as `1-2, 5`; empty = the whole paper.
    pub pages: String,
}

/// A cited paper as pages show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CitedPaper {
    /// The paper.
    pub id: EvidenceId,
    /// What people call it.
    pub title: String,
    /// Its heading.
    pub kind: EvidenceKind,
    /// Number, issuer, dates in one line.
    pub about: String,
    /// Pages; empty = the whole paper.
    pub pages: String,
    /// The first page named, for viewers that can open there.
    pub first_page: Option<u16>,
    /// Type of the file.
    pub media_type: MediaType,
    /// `1,2 MB`.
    pub size: String,
    /// What its last day means on the day.
    pub term: Term,
}

impl CitedPaper {
    /// The card of a citation as it stands on `today`; `result_by` is when the dossier's result is due.
    pub fn new(cited: &SnapshotCitation, today: NaiveDate, result_by: Option<NaiveDate>) -> Self {
        Self {
            id: cited.evidence_id.clone(),
            title: cited.title.clone(),
            kind: cited.kind,
            about: about(&cited.number, &cited.issuer, cited.issued_on, cited.expires_on),
            pages: cited.pages.clone(),
            first_page: first_page(&cited.pages),
            media_type: cited.media_type,
            size: file_size(cited.size),
            term: term(cited.expires_on, today, result_by),
        }
    }
}

/// When the result of a dossier under way is due: a paper cited in it should be in force until then.
pub(crate) async fn result_by(tx: &mut Tx, row: &Dossier) -> Result<Option<NaiveDate>, AppError> {
    if row.state.is_closed() {
        return Ok(None);
    }
    Ok(rounds::find(tx, &row.round_id).await?.map(|round| round.result_by))
}

/// The dossier, if the citations of this criterion may change now: the draft is open, or the
/// advisory team waits for an answer about this criterion (or about the dossier as a whole).
async fn open_for(
    tx: &mut Tx,
    actor: &Actor,
    id: &DossierId,
    criterion: &str,
) -> Result<(Dossier, Permit, Option<RequestId>), AppError> {
    let (facts, permit) = owned(tx, actor, Action::EditDossier, id).await?;
    if facts.row.state.is_with_producer() {
        return Ok((facts.row, permit, None));
    }
    let requests = councils::requests(tx, id).await?;
    let waiting = requests.into_iter().find(|request| {
        request.answered_at.is_none() && (request.criterion.is_empty() || request.criterion == criterion)
    });
    match waiting {
        Some(request) if super::requests::can_be_answered(facts.row.state) => {
            Ok((facts.row, permit, Some(request.id)))
        }
        Some(_) | None => Err(Refusal::because(
            "Hồ sơ đã nộp nên không thêm, bớt giấy tờ cho tiêu chí này được nữa. \
             Nếu Tổ tư vấn hoặc cán bộ yêu cầu bổ sung, bạn sẽ sửa được phần được yêu cầu.",
        )),
    }
}

/// The producer whose papers may be cited for a criterion now: asked before a new paper is taken into
/// the vault for it, so that a refused citation leaves no paper behind.
pub async fn citable(
    app: &App,
    actor: &Actor,
    id: &DossierId,
    criterion: &str,
) -> Result<ProducerId, AppError> {
    let mut tx = app.db.read().await?;
    let (row, _, _) = open_for(&mut tx, actor, id, criterion).await?;
    let set = app.pinned(&mut tx, &row.ruleset).await?;
    set.criterion(criterion).ok_or(AppError::NotFound)?;
    Ok(row.producer_id)
}

/// Cites a paper for a criterion, or changes the pages.
pub async fn cite(app: &App, actor: &Actor, id: &DossierId, input: &CiteInput) -> Result<(), AppError> {
    let mut tx = app.db.write(Chain::of("dossier", id)).await?;
    let (row, permit, _) = open_for(&mut tx, actor, id, &input.criterion).await?;
    let set = app.pinned(&mut tx, &row.ruleset).await?;
    if set.criterion(&input.criterion).is_none() {
        return Err(AppError::NotFound);
    }
    let fault = |field: &str, message: String| AppError::Invalid(vec![FieldFault::new(field, message)]);
    let paper: EvidenceId =
        input.evidence.parse().map_err(|_| fault("evidence", "Chọn một giấy tờ trong kho.".to_owned()))?;
    let held = evidence::find(&mut tx, &paper).await?.ok_or(AppError::NotFound)?;
    if held.producer_id != row.producer_id || held.withdrawn_at.is_some() {
        return Err(AppError::NotFound);
    }
    let pages = pages(&input.pages, held.pages).map_err(|bad| fault("pages", bad.to_string()))?;
    let cited = Citation { criterion: input.criterion.clone(), evidence_id: paper, pages };
    if evidence::citations_of(&mut tx, id).await?.contains(&cited) {
        return Ok(());
    }
    evidence::cite(&mut tx, id, &cited).await?;
    let details = json!({ "criterion": cited.criterion, "cited": cited.evidence_id, "pages": cited.pages });
    tx.commit(permit, app.now(), &details).await?;
    Ok(())
}

/// Takes a citation back. While an answer to the advisory team is prepared, what was submitted
/// before stays.
pub async fn uncite(
    app: &App,
    actor: &Actor,
    id: &DossierId,
    criterion: &str,
    paper: &EvidenceId,
) -> Result<(), AppError> {
    let mut tx = app.db.write(Chain::of("dossier", id)).await?;
    let (_, permit, request) = open_for(&mut tx, actor, id, criterion).await?;
    if request.is_some() {
        let submitted = Snapshot::latest(&mut tx, id).await?;
        let was = submitted
            .is_some_and(|kept| kept.citations_for(criterion).any(|cited| cited.evidence_id == *paper));
        if was {
            return Err(Refusal::because(
                "Giấy tờ này đã nộp cùng hồ sơ nên không gỡ được. Bạn chỉ thêm giấy tờ mới.",
            ));
        }
    }
    if evidence::uncite(&mut tx, id, criterion, paper).await? {
        tx.commit(permit, app.now(), &json!({ "criterion": criterion, "uncited": paper })).await?;
    }
    Ok(())
}

/// A criterion in the list of papers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceRow {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Papers that usually prove it, in words.
    pub usual: String,
    /// Papers cited.
    pub papers: Vec<CitedPaper>,
    /// Whether a level is claimed and a paper is usually asked for, but none is cited.
    pub wants_paper: bool,
}

/// A heading of the list of papers that the dossier's regime asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeadingRow {
    /// The heading.
    pub heading: Heading,
    /// What the papers cited under it are called, each once.
    pub papers: Vec<String>,
}

impl HeadingRow {
    fn new(heading: &Heading, citations: &[SnapshotCitation]) -> Self {
        let mut papers = Vec::new();
        for cited in citations.iter().filter(|cited| heading.holds(cited.kind)) {
            if !papers.contains(&cited.title) {
                papers.push(cited.title.clone());
            }
        }
        Self { heading: heading.clone(), papers }
    }

    /// Whether it is asked for and nothing is cited under it.
    pub fn is_wanted(&self) -> bool {
        self.papers.is_empty() && matches!(self.heading.need, Need::Always | Need::WhereItApplies)
    }
}

/// All papers of a dossier by criterion.
#[derive(Debug, Clone, PartialEq)]
pub struct EvidenceView {
    /// The dossier.
    pub head: Head,
    /// Criteria in the order of the sheet.
    pub rows: Vec<EvidenceRow>,
    /// Where the list of papers stands that its regime asks for.
    pub list_cite: String,
    /// That list, with what is cited.
    pub list: Vec<HeadingRow>,
    /// Papers in the vault that this dossier does not cite anywhere.
    pub unused: Vec<PaperCard>,
    /// Whether citations can be changed now.
    pub open: bool,
}

impl EvidenceView {
    /// Whether the list asks for a paper that is not cited.
    pub fn wants_papers(&self) -> bool {
        self.list.iter().any(HeadingRow::is_wanted)
    }
}

/// All papers of a dossier's draft by criterion, for the producer.
pub async fn evidence(app: &App, actor: &Actor, id: &DossierId) -> Result<EvidenceView, AppError> {
    let mut tx = app.db.read().await?;
    let (facts, _) = owned(&mut tx, actor, Action::EditDossier, id).await?;
    let set = app.shown(&mut tx, &facts.row.province, &facts.row.ruleset).await?;
    let citations = draft_citations(app, &mut tx, &facts.row).await?;
    let today = app.today();
    let result_by = result_by(&mut tx, &facts.row).await?;
    let list = app.evidence_list(&facts.row.regime)?;
    let rows = set.criteria().map(|criterion| {
        let cited = citations.iter().filter(|citation| citation.criterion == criterion.code);
        let papers: Vec<CitedPaper> =
            cited.map(|citation| CitedPaper::new(citation, today, result_by)).collect();
        let claimed = facts.row.sheet.choices.get(&criterion.code).is_some_and(|choice| choice.level > 0);
        EvidenceRow {
            code: criterion.code.clone(),
            name: criterion.name.clone(),
            usual: list.usual_in_words(&criterion.evidence),
            wants_paper: claimed && papers.is_empty() && !criterion.evidence.is_empty(),
            papers,
        }
    });
    let rows = rows.collect();
    let papers = evidence::of_producer(&mut tx, &facts.row.producer_id).await?;
    let is_unused =
        |paper: &&evidence::Evidence| citations.iter().all(|citation| citation.evidence_id != paper.id);
    Ok(EvidenceView {
        head: Head::load(app, &mut tx, &facts.row).await?,
        rows,
        list_cite: list.cite.clone(),
        list: list.headings.iter().map(|heading| HeadingRow::new(heading, &citations)).collect(),
        unused: papers.iter().filter(is_unused).map(|paper| PaperCard::new(paper, today)).collect(),
        open: facts.row.state.is_with_producer(),
    })
}
