//! The advisory team: findings by criterion, requests for more evidence, the report to the chair.

use chrono::NaiveDate;
use ocop_core::dossiers::{Event, State};
use ocop_core::id::{DossierId, RequestId};
use ocop_core::people::Actor;
use ocop_core::policy::{self, Action};
use ocop_core::rules::ProductSet;
use ocop_core::scoring::score;
use ocop_store::Tx;
use ocop_store::councils::{AdvisoryReport, EvidenceRequest, Finding};
use ocop_store::db::Chain;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::seat_in;
use crate::dossiers::{DossierFacts, advance, facts, result_by};
use crate::notifications::Notification;
use crate::runtime::fresh;
use crate::scoring::{
    CriterionPane, DossierHead, RoomItem, RoomPart, head, neighbours, own_choice, pane, submitted,
};
use crate::{App, AppError, Fields, Refusal, notifications};

/// What the team's page of a dossier shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdviceView {
    /// The dossier.
    pub head: DossierHead,
    /// Name of the product set.
    pub set_name: String,
    /// `2026-26/4`, as in addresses.
    pub set_ref: String,
    /// Criteria by part, with the producer's own points.
    pub parts: Vec<RoomPart>,
    /// Findings written so far.
    pub findings: Vec<Finding>,
    /// Requests for more evidence.
    pub requests: Vec<RequestLine>,
    /// The report, once filed.
    pub report: Option<AdvisoryReport>,
    /// Whether the reader may write findings, ask and report now.
    pub may_write: bool,
    /// Whether the reader holds a seat and may declare a conflict of interest.
    pub may_declare: bool,
}

impl AdviceView {
    /// The finding on a criterion.
    pub fn finding(&self, code: &str) -> Option<&Finding> {
        self.findings.iter().find(|one| one.criterion == code && !one.finding.is_empty())
    }

    /// Requests that wait for an answer.
    pub fn open_requests(&self) -> impl Iterator<Item = &RequestLine> {
        self.requests.iter().filter(|one| one.request.answered_at.is_none())
    }
}

/// A request with its deadline in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestLine {
    /// The request.
    pub request: EvidenceRequest,
    /// What is left: `còn 6 ngày làm việc`; empty once answered.
    pub left: String,
    /// Whether the day has passed without an answer.
    pub late: bool,
}

/// The team's room at one criterion: papers beside the finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdviceRoom {
    /// The dossier.
    pub head: DossierHead,
    /// Criteria by part, with the producer's own points.
    pub parts: Vec<RoomPart>,
    /// Codes that have a finding.
    pub found: Vec<String>,
    /// The criterion with the papers cited.
    pub pane: CriterionPane,
    /// The finding on it, if any.
    pub finding: Option<Finding>,
    /// Whether the reader may write it now.
    pub may_write: bool,
    /// Code of the criterion before.
    pub prev: Option<String>,
    /// Code of the criterion after.
    pub next: Option<String>,
}

/// What the advisory team found and asked, for the team, the council and the provincial office.
pub async fn advice(app: &App, actor: &Actor, dossier: &DossierId) -> Result<AdviceView, AppError> {
    let mut tx = app.db.read().await?;
    let facts = readable(&mut tx, actor, dossier).await?;
    let set = app.shown(&mut tx, &facts.row.province, &facts.row.ruleset).await?;
    let snapshot = submitted(&mut tx, dossier).await?;
    let requests = ocop_store::councils::requests(&mut tx, dossier).await?;
    Ok(AdviceView {
        head: head(&mut tx, &facts.row).await?,
        set_name: set.name.clone(),
        set_ref: set.reference(),
        parts: claimed_parts(&set, &snapshot.sheet)?,
        findings: ocop_store::councils::findings(&mut tx, dossier).await?,
        requests: requests.into_iter().map(|request| request_line(app, request)).collect(),
        report: ocop_store::councils::report(&mut tx, dossier).await?,
        may_write: may_write(actor, &facts),
        may_declare: policy::may(actor, Action::DeclareConflict, &facts.subject).is_ok(),
    })
}

/// One criterion with its papers and the finding on it.
pub async fn advice_room(
    app: &App,
    actor: &Actor,
    dossier: &DossierId,
    code: &str,
) -> Result<AdviceRoom, AppError> {
    let mut tx = app.db.read().await?;
    let facts = readable(&mut tx, actor, dossier).await?;
    let set = app.shown(&mut tx, &facts.row.province, &facts.row.ruleset).await?;
    let snapshot = submitted(&mut tx, dossier).await?;
    let scored = score(&set, &snapshot.sheet)?;
    let result_by = result_by(&mut tx, &facts.row).await?;
    let pane = pane(&set, code, &snapshot.sheet, &scored.ignored, &snapshot, app.today(), result_by)
        .ok_or(AppError::NotFound)?;
    let findings = ocop_store::councils::findings(&mut tx, dossier).await?;
    let (prev, next) = neighbours(&set, code);
    Ok(AdviceRoom {
        head: head(&mut tx, &facts.row).await?,
        parts: claimed_parts(&set, &snapshot.sheet)?,
        found: findings
            .iter()
            .filter(|one| !one.finding.is_empty())
            .map(|one| one.criterion.clone())
            .collect(),
        finding: findings.into_iter().find(|one| one.criterion == code),
        may_write: may_write(actor, &facts),
        pane,
        prev,
        next,
    })
}

async fn readable(tx: &mut Tx, actor: &Actor, dossier: &DossierId) -> Result<DossierFacts, AppError> {
    let facts = facts(tx, actor, dossier).await?;
    let _ = policy::may(actor, Action::ReadFindings, &facts.subject)?;
    Ok(facts)
}

fn may_write(actor: &Actor, facts: &DossierFacts) -> bool {
    facts.row.state == State::Advising && policy::may(actor, Action::WriteFinding, &facts.subject).is_ok()
}

fn request_line(app: &App, request: EvidenceRequest) -> RequestLine {
    let open = request.answered_at.is_none();
    RequestLine {
        left: if open { app.calendar.left_in_words(app.today(), request.due_on) } else { String::new() },
        late: open && request.due_on < app.today(),
        request,
    }
}

/// The sheet by part with what the producer claims.
fn claimed_parts(set: &ProductSet, sheet: &ocop_core::scoring::Sheet) -> Result<Vec<RoomPart>, AppError> {
    let scored = score(set, sheet)?;
    let item = |criterion: &ocop_core::rules::Criterion| RoomItem {
        code: criterion.code.clone(),
        name: criterion.name.clone(),
        points: sheet.choices.get(&criterion.code).map(|choice| own_choice(criterion, choice).points),
        off: scored.ignored.contains(&criterion.code),
    };
    let parts = set.parts.iter().map(|part| RoomPart {
        code: part.code,
        name: part.name.clone(),
        points: scored.parts.of(part.code),
        max: part.max,
        items: set.sections_of(part.code).flat_map(|section| &section.criteria).map(item).collect(),
    });
    Ok(parts.collect())
}

/// A finding as it is typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FindingInput {
    /// What was found; empty takes it back.
    pub finding: String,
    /// The version that was read; 0 before the first.
    pub version: String,
}

/// Writes down what the team found on a criterion; the new version.
pub async fn save_finding(
    app: &App,
    actor: &Actor,
    dossier: &DossierId,
    code: &str,
    input: &FindingInput,
) -> Result<i64, AppError> {
    let mut tx = app.db.write(Chain::of("dossier", dossier)).await?;
    let facts = facts(&mut tx, actor, dossier).await?;
    let permit = policy::may(actor, Action::WriteFinding, &facts.subject)?;
    refuse_unless_advising(&facts)?;
    let set = app.pinned(&mut tx, &facts.row.ruleset).await?;
    set.criterion(code).ok_or(AppError::NotFound)?;
    let mut fields = Fields::new();
    let text = fields.optional("finding", &input.finding, ocop_core::dossiers::TEXT_LIMIT);
    fields.done()?;
    let version: i64 = input.version.trim().parse().unwrap_or(0);
    let (seat, _) = seat_in(actor, facts.row.council_id.as_ref()).ok_or(AppError::NotFound)?;
    let known = ocop_store::councils::findings(&mut tx, dossier).await?;
    if text.is_empty() && !known.iter().any(|one| one.criterion == code) {
        return Ok(0);
    }
    if !ocop_store::councils::put_finding(&mut tx, dossier, code, &text, &seat, app.now(), version).await? {
        let kept = ocop_store::councils::findings(&mut tx, dossier).await?;
        let kept = kept.into_iter().find(|one| one.criterion == code);
        return Err(AppError::Stale(kept.map_or_else(String::new, |one| {
            format!("{} đã sửa nhận xét này lúc {}: «{}».", one.writer, one.written_at.hour(), one.finding)
        })));
    }
    tx.commit(permit, app.now(), &json!({ "criterion": code, "finding": text })).await?;
    Ok(version + 1)
}

fn refuse_unless_advising(facts: &DossierFacts) -> Result<(), AppError> {
    if facts.row.state == State::Advising {
        return Ok(());
    }
    Err(Refusal::because(format!(
        "Hồ sơ đang ở bước «{}»: báo cáo tư vấn đã gửi, không ghi thêm nhận xét hay yêu cầu được nữa.",
        facts.row.state.name()
    )))
}

/// A request as it is typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RequestInput {
    /// Code of the criterion; empty for the dossier as a whole.
    pub criterion: String,
    /// What is asked for.
    pub request: String,
    /// The last day to answer.
    pub due_on: String,
}

/// Asks the producer for more evidence.
pub async fn request_evidence(
    app: &App,
    actor: &Actor,
    dossier: &DossierId,
    input: &RequestInput,
) -> Result<RequestId, AppError> {
    let mut tx = app.db.write(Chain::of("dossier", dossier)).await?;
    let facts = facts(&mut tx, actor, dossier).await?;
    let permit = policy::may(actor, Action::RequestEvidence, &facts.subject)?;
    refuse_unless_advising(&facts)?;
    let set = app.pinned(&mut tx, &facts.row.ruleset).await?;
    let (request, due_on) = read_request(input, &set, app.today())?;
    let waiting = ocop_store::councils::requests(&mut tx, dossier).await?;
    if waiting.iter().any(|one| {
        one.answered_at.is_none() && one.criterion == input.criterion.trim() && one.request == request
    }) {
        return Err(Refusal::because(
            "Yêu cầu này đã được gửi và đang chờ chủ thể trả lời, không cần gửi lại.",
        ));
    }
    let (asked_by, _) = seat_in(actor, facts.row.council_id.as_ref()).ok_or(AppError::NotFound)?;
    let asked = EvidenceRequest {
        id: fresh(app.ids.as_ref()),
        dossier_id: dossier.clone(),
        criterion: input.criterion.trim().to_owned(),
        request,
        due_on,
        asked_by,
        asked_at: app.now(),
        answer: None,
        answered_at: None,
    };
    ocop_store::councils::insert_request(&mut tx, &asked).await?;
    let href = format!("/dossiers/{dossier}/requests/{}", asked.id);
    let news = app.news(asked.id.to_string(), "Tổ tư vấn yêu cầu bổ sung minh chứng", &asked.request, href);
    let news = Notification { due_on: Some(due_on), urgent: true, ..news };
    notifications::tell_producer(&mut tx, &facts.row.producer_id, &news).await?;
    let details = json!({
        "request": asked.id, "criterion": asked.criterion, "text": asked.request, "due_on": asked.due_on,
    });
    tx.commit(permit, app.now(), &details).await?;
    Ok(asked.id)
}

fn read_request(
    input: &RequestInput,
    set: &ProductSet,
    today: NaiveDate,
) -> Result<(String, NaiveDate), AppError> {
    let mut fields = Fields::new();
    let code = input.criterion.trim();
    if !code.is_empty() && set.criterion(code).is_none() {
        fields.fault("criterion", "Chọn một tiêu chí của bộ sản phẩm này, hoặc để «Cả hồ sơ».");
    }
    let request = fields.required("request", &input.request, 2_000, "Ghi rõ cần bổ sung giấy tờ gì.");
    let due_on = fields.required_day("due_on", &input.due_on, "Chọn ngày cuối cùng để bổ sung.");
    if due_on.is_some_and(|day| day < today) {
        fields.fault("due_on", "Hạn bổ sung đã qua. Chọn từ hôm nay trở đi.");
    }
    fields.done()?;
    Ok((request, due_on.ok_or(AppError::NotFound)?))
}

/// A report as it is typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReportInput {
    /// What the team found.
    pub summary: String,
    /// What it proposes to the council.
    pub proposal: String,
}

/// Files the report to the chair: from here on the dossier waits for a session. Requests that
/// nobody has answered stay open and are named in the journal; what comes back are their ids.
pub async fn file_report(
    app: &App,
    actor: &Actor,
    dossier: &DossierId,
    input: &ReportInput,
) -> Result<Vec<RequestId>, AppError> {
    let mut tx = app.db.write(Chain::of("dossier", dossier)).await?;
    let facts = facts(&mut tx, actor, dossier).await?;
    let permit = policy::may(actor, Action::FileAdvisoryReport, &facts.subject)?;
    let mut fields = Fields::new();
    let limit = ocop_core::dossiers::TEXT_LIMIT;
    let summary = fields.required("summary", &input.summary, limit, "Ghi tóm tắt kết quả đánh giá hồ sơ.");
    let proposal = fields.required("proposal", &input.proposal, limit, "Ghi đề xuất với Hội đồng.");
    fields.done()?;
    let (seat, _) = seat_in(actor, facts.row.council_id.as_ref()).ok_or(AppError::NotFound)?;
    advance(app, &mut tx, &facts.row, Event::FileReport).await?;
    if !ocop_store::councils::insert_report(&mut tx, dossier, &summary, &proposal, &seat, app.now()).await? {
        return Err(AppError::Stale("Báo cáo tư vấn của hồ sơ này vừa được gửi.".to_owned()));
    }
    let requests = ocop_store::councils::requests(&mut tx, dossier).await?;
    let open: Vec<RequestId> =
        requests.into_iter().filter(|one| one.answered_at.is_none()).map(|one| one.id).collect();
    let details = json!({ "summary": summary, "proposal": proposal, "open_requests": open });
    tx.commit(permit, app.now(), &details).await?;
    Ok(open)
}
