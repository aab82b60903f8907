//! Answering the advisory team's requests for more evidence: a supplement to the submission.

use ocop_core::dossiers::State;
use ocop_core::evidence::EvidenceKind;
use ocop_core::id::{DossierId, EvidenceId, RequestId};
use ocop_core::people::Actor;
use ocop_core::policy::{self, Action};
use ocop_core::rules::ProductSet;
use ocop_store::councils::{self, EvidenceRequest};
use ocop_store::db::Chain;
use ocop_store::{Tx, evidence};
use serde_json::json;

use super::cite::{CitedPaper, result_by};
use super::facts::{facts, is_own, owned};
use super::snapshot::{Snapshot, draft_citations};
use super::view::Head;
use crate::evidence::PaperCard;
use crate::rounds::Due;
use crate::{App, AppError, Fields, Refusal, notifications};

/// Answers are taken until members score: what they read must not change under them.
pub(super) fn can_be_answered(state: State) -> bool {
    matches!(state, State::Advising | State::Advised)
}

/// A request as pages show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestCard {
    /// The request.
    pub id: RequestId,
    /// Code of the criterion; empty for the dossier as a whole.
    pub criterion: String,
    /// `2.3 Ghi nhãn hàng hóa`, or `Cả hồ sơ`.
    pub about: String,
    /// What is asked for.
    pub request: String,
    /// By when.
    pub due: Due,
    /// When it was asked, `24/11/2026 10:32`.
    pub asked: String,
    /// The answer; empty while there is none.
    pub answer: String,
    /// When it was answered; empty while it was not.
    pub answered: String,
}

impl RequestCard {
    pub(super) fn new(app: &App, set: &ProductSet, request: EvidenceRequest) -> Self {
        let criterion = set.criterion(&request.criterion);
        Self {
            about: criterion
                .map_or("Cả hồ sơ".to_owned(), |found| format!("{} {}", found.code, found.name)),
            id: request.id,
            criterion: request.criterion,
            request: request.request,
            due: app.due(request.due_on),
            asked: request.asked_at.written(),
            answer: request.answer.unwrap_or_default(),
            answered: request.answered_at.map(|at| at.written()).unwrap_or_default(),
        }
    }

    /// Whether the producer has not answered.
    pub fn is_waiting(&self) -> bool {
        self.answered.is_empty()
    }
}

/// The requests on a dossier, oldest first.
pub(super) async fn cards(
    app: &App,
    tx: &mut Tx,
    set: &ProductSet,
    id: &DossierId,
) -> Result<Vec<RequestCard>, AppError> {
    let requests = councils::requests(tx, id).await?;
    Ok(requests.into_iter().map(|request| RequestCard::new(app, set, request)).collect())
}

/// The page of a request.
#[derive(Debug, Clone, PartialEq)]
pub struct RequestView {
    /// The dossier.
    pub head: Head,
    /// The request.
    pub card: RequestCard,
    /// Criteria that a paper may be cited for: the one asked about, or all.
    pub criteria: Vec<(String, String)>,
    /// Papers cited since the latest submission, with their criterion: the supplement.
    pub added: Vec<(String, CitedPaper)>,
    /// Papers in the vault, newest first; empty unless the reader may answer.
    pub vault: Vec<PaperCard>,
    /// Kinds of papers to choose from, by the list of the dossier's regime.
    pub kinds: Vec<EvidenceKind>,
    /// Whether the reader may answer now.
    pub open: bool,
}

/// The page of a request, for everybody who may read the dossier; only its producer answers.
pub async fn request(
    app: &App,
    actor: &Actor,
    id: &DossierId,
    request: &RequestId,
) -> Result<RequestView, AppError> {
    let mut tx = app.db.read().await?;
    let facts = facts(&mut tx, actor, id).await?;
    let _ = policy::may(actor, Action::ReadDossier, &facts.subject)?;
    let found = councils::find_request(&mut tx, id, request).await?.ok_or(AppError::NotFound)?;
    let set = app.shown(&mut tx, &facts.row.province, &facts.row.ruleset).await?;
    let own = is_own(actor, &facts.row);
    let open = own && found.answered_at.is_none() && can_be_answered(facts.row.state);
    let today = app.today();
    let (added, vault) = if own {
        let papers = evidence::of_producer(&mut tx, &facts.row.producer_id).await?;
        let cards = papers.iter().map(|paper| PaperCard::new(paper, today)).collect();
        (added(app, &mut tx, &facts.row).await?, cards)
    } else {
        (Vec::new(), Vec::new())
    };
    let criteria =
        set.criteria().filter(|criterion| found.criterion.is_empty() || criterion.code == found.criterion);
    Ok(RequestView {
        head: Head::load(app, &mut tx, &facts.row).await?,
        criteria: criteria.map(|criterion| (criterion.code.clone(), criterion.name.clone())).collect(),
        card: RequestCard::new(app, &set, found),
        added,
        vault,
        kinds: app.evidence_list(&facts.row.regime)?.offered(),
        open,
    })
}

async fn added(
    app: &App,
    tx: &mut Tx,
    row: &ocop_store::dossiers::Dossier,
) -> Result<Vec<(String, CitedPaper)>, AppError> {
    let today = app.today();
    let result_by = result_by(tx, row).await?;
    let submitted = Snapshot::latest(tx, &row.id).await?;
    let is_new = |criterion: &str, id: &EvidenceId| {
        submitted
            .as_ref()
            .is_none_or(|kept| kept.citations_for(criterion).all(|cited| cited.evidence_id != *id))
    };
    Ok(draft_citations(app, tx, row)
        .await?
        .iter()
        .filter(|cited| is_new(&cited.criterion, &cited.evidence_id))
        .map(|cited| (cited.criterion.clone(), CitedPaper::new(cited, today, result_by)))
        .collect())
}

/// Answers a request. The papers cited since go into a new snapshot that supplements the latest;
/// forms, self-assessment and registers stay as submitted, and the dossier stays where it is.
pub async fn answer_request(
    app: &App,
    actor: &Actor,
    id: &DossierId,
    request: &RequestId,
    answer: &str,
) -> Result<(), AppError> {
    let mut tx = app.db.write(Chain::of("dossier", id)).await?;
    let (facts, permit) = owned(&mut tx, actor, Action::AnswerRequest, id).await?;
    let asked = councils::find_request(&mut tx, id, request).await?.ok_or(AppError::NotFound)?;
    if !can_be_answered(facts.row.state) {
        return Err(Refusal::because(
            "Hội đồng đã bắt đầu chấm điểm hoặc hồ sơ đã kết thúc, nên không bổ sung được nữa.",
        ));
    }
    let mut fields = Fields::new();
    let answer = fields.required(
        "answer",
        answer,
        5_000,
        "Ghi câu trả lời: đã bổ sung giấy tờ gì, hoặc vì sao không có.",
    );
    fields.done()?;
    if !councils::answer_request(&mut tx, request, &answer, app.now()).await? {
        return Err(AppError::Stale("Yêu cầu này đã được trả lời.".to_owned()));
    }
    let latest = Snapshot::latest(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    let supplement = Snapshot {
        citations: draft_citations(app, &mut tx, &facts.row).await?,
        submitted_on: app.today(),
        ..latest
    };
    let hash = supplement.keep(app, &mut tx, id).await?;
    let key = format!("answered/{request}");
    let href = format!("/dossiers/{id}/advice");
    let news = app.news(key, "Chủ thể đã trả lời yêu cầu bổ sung", &asked.request, href);
    notifications::tell_advisors(&mut tx, &facts.row, &news).await?;
    tx.commit(permit, app.now(), &json!({ "request": request, "submission": hash })).await?;
    Ok(())
}
