//! Inspection after recognition (26/2026/QĐ-TTg, Article 9): the office plans and makes visits, the
//! producer answers, measures are followed until the visit is over.

mod answer;
mod paper;
mod plan;
mod record;
#[cfg(test)]
mod tests;

pub use answer::{AnswerInput, CloseInput, answer_inspection, close_inspection};
pub use ocop_core::inspections::{InspectionKind, InspectionState};
pub use ocop_store::inspections::{Inspection, Listed, Unvisited};
pub use paper::{InspectionIssue, inspection_issuing, inspection_record, issue_inspection};
pub use plan::{
    CancelInput, PlanInput, PlanView, YearInput, YearView, cancel_inspection, plan_form, plan_inspection,
    plan_year, year_plan,
};
pub use record::{
    CriterionRow, FindingInput, MeasureInput, RecordInput, RecordView, add_photo, photo, record_form,
    record_inspection,
};

use chrono::NaiveDate;
use ocop_core::id::{CertificateId, InspectionId, PaperId};
use ocop_core::inspections::{InspectionEvent, InspectionNotFrom, StillOpen, is_announced, step};
use ocop_core::people::Actor;
use ocop_core::policy::{self, Action, Permit, Subject};
use ocop_core::time::date;
use ocop_store::Tx;
use ocop_store::inspections as store;
use ocop_store::recognition::{self, Certificate};

use crate::recognition::{VerificationInput, chain_of, subject_of};
use crate::rounds::Due;
use crate::{App, AppError, Refusal};

impl From<InspectionNotFrom> for AppError {
    fn from(fault: InspectionNotFrom) -> Self {
        Refusal::because(fault.to_string())
    }
}

impl From<StillOpen> for AppError {
    fn from(fault: StillOpen) -> Self {
        Refusal::because(fault.to_string())
    }
}

/// A visit as its readers see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InspectionView {
    /// The visit.
    pub kept: Inspection,
    /// The certificate.
    pub certificate: Certificate,
    /// The visits that look at its measures again.
    pub followed_by: Vec<Inspection>,
    /// The signed record in the office's register, for the office.
    pub paper: Option<PaperId>,
    /// When the visit or the next measure is due, while something is.
    pub due: Option<Due>,
    /// Whether the reader may plan, record, end.
    pub may_inspect: bool,
    /// Whether the record may still be written or corrected.
    pub may_record: bool,
    /// Whether the reader may answer now.
    pub may_answer: bool,
}

impl InspectionView {
    /// Whether a step can be taken from here.
    pub fn can(&self, event: InspectionEvent) -> bool {
        step(self.kept.state, event).is_ok()
    }
}

/// When the visit or its next measure is due, while something is.
fn due_on(kept: &Inspection) -> Option<NaiveDate> {
    match kept.state {
        InspectionState::Planned => Some(kept.planned_on),
        InspectionState::Recorded => kept.record.as_ref().and_then(|record| record.due_on()),
        InspectionState::Closed | InspectionState::Cancelled => None,
    }
}

/// What the paper of a visit is about, in the register.
fn about(id: &InspectionId) -> String {
    format!("inspection:{id}")
}

fn stale() -> AppError {
    AppError::Stale("Cuộc kiểm tra này vừa được người khác ghi thêm.".to_owned())
}

/// Whether the record may be written: before the signed one has a number and the producer has answered.
async fn may_record(tx: &mut Tx, kept: &Inspection) -> Result<bool, AppError> {
    let numbered = ocop_store::papers::about(tx, &about(&kept.id)).await?.is_some();
    Ok(step(kept.state, InspectionEvent::Record).is_ok() && !numbered && kept.answered_at.is_none())
}

/// A visit with its certificate and how policy sees it, when the reader may read it.
async fn readable(
    tx: &mut Tx,
    actor: &Actor,
    id: &InspectionId,
) -> Result<(Inspection, Certificate, Subject), AppError> {
    let kept = store::find(tx, id).await?.ok_or(AppError::NotFound)?;
    let certificate =
        recognition::find_certificate(tx, &kept.certificate_id).await?.ok_or(AppError::NotFound)?;
    let subject = subject_of(tx, actor, &certificate).await?;
    let _ = policy::may(actor, Action::ReadInspection, &subject)?;
    if !is_announced(kept.kind, kept.state) && policy::may(actor, Action::Inspect, &subject).is_err() {
        return Err(AppError::NotFound);
    }
    Ok((kept, certificate, subject))
}

/// A visit inside a write transaction on its certificate's chain, with the permit of the verb.
async fn opened(
    app: &App,
    actor: &Actor,
    action: Action,
    id: &InspectionId,
) -> Result<(Tx, Inspection, Certificate, Permit), AppError> {
    let chain = {
        let mut tx = app.db.read().await?;
        chain_of(&readable(&mut tx, actor, id).await?.1)
    };
    let mut tx = app.db.write(chain).await?;
    let (kept, certificate, subject) = readable(&mut tx, actor, id).await?;
    let permit = policy::may(actor, action, &subject)?;
    Ok((tx, kept, certificate, permit))
}

/// A visit, for the office, the commune and the producer; an unannounced one only once it was made.
pub async fn inspection(app: &App, actor: &Actor, id: &InspectionId) -> Result<InspectionView, AppError> {
    let mut tx = app.db.read().await?;
    let (kept, certificate, subject) = readable(&mut tx, actor, id).await?;
    let of_office = policy::may(actor, Action::Inspect, &subject).is_ok();
    let others = store::of_certificate(&mut tx, &certificate.id).await?;
    let sees = |one: &Inspection| of_office || is_announced(one.kind, one.state);
    let paper = ocop_store::papers::about(&mut tx, &about(id)).await?;
    Ok(InspectionView {
        followed_by: others.into_iter().filter(|one| one.follows.as_ref() == Some(id) && sees(one)).collect(),
        due: due_on(&kept).map(|day| app.due(day)),
        may_record: of_office && may_record(&mut tx, &kept).await?,
        may_answer: policy::may(actor, Action::AnswerInspection, &subject).is_ok()
            && step(kept.state, InspectionEvent::Answer).is_ok(),
        paper: paper.filter(|_| of_office).map(|paper| paper.id),
        may_inspect: of_office,
        kept,
        certificate,
    })
}

/// The visits of a certificate that the reader may read, newest first.
pub(crate) async fn of_certificate(
    tx: &mut Tx,
    actor: &Actor,
    id: &CertificateId,
    subject: &Subject,
) -> Result<Vec<Inspection>, AppError> {
    if policy::may(actor, Action::ReadInspection, subject).is_err() {
        return Ok(Vec::new());
    }
    let of_office = policy::may(actor, Action::Inspect, subject).is_ok();
    let mut visits = store::of_certificate(tx, id).await?;
    visits.retain(|one| of_office || is_announced(one.kind, one.state));
    Ok(visits)
}

/// A thing to do: the act, about what, the page, and the day that it is due.
type Todo = (String, String, String, Option<NaiveDate>);

/// What a province has to do about its visits: to make those planned for the weeks to come, and to see
/// to measures and answers of those made.
pub(crate) async fn todos_of_province(
    tx: &mut Tx,
    province: &str,
    soon: NaiveDate,
) -> Result<Vec<Todo>, AppError> {
    let open = store::open_in(tx, province).await?;
    let near = open
        .into_iter()
        .filter(|one| one.inspection.state != InspectionState::Planned || one.inspection.planned_on <= soon);
    Ok(near
        .map(|one| {
            let act = match one.inspection.state {
                InspectionState::Planned => "Kiểm tra sau công nhận",
                InspectionState::Recorded | InspectionState::Closed | InspectionState::Cancelled => {
                    "Theo dõi khắc phục, kết thúc kiểm tra"
                }
            };
            let href = format!("/inspections/{}", one.inspection.id);
            (format!("{act}: {}", one.product), one.producer, href, due_on(&one.inspection))
        })
        .collect())
}

/// What a producer has to do: to take the measures of a visit and tell so.
pub(crate) async fn todos_of_producer(
    tx: &mut Tx,
    producer: &ocop_core::id::ProducerId,
) -> Result<Vec<Todo>, AppError> {
    let open = store::open_of_producer(tx, producer).await?;
    Ok(open
        .into_iter()
        .filter_map(|one| {
            let record = one.inspection.record.as_ref()?;
            let waiting = record.measures.iter().filter(|measure| !measure.done && measure.answer.is_empty());
            let day = waiting.map(|measure| measure.due_on).min()?;
            let what = format!("Khắc phục, trả lời kết quả kiểm tra {}", one.product);
            let href = format!("/inspections/{}", one.inspection.id);
            Some((what, format!("Kiểm tra ngày {}", date(record.held_on)), href, Some(day)))
        })
        .collect())
}

/// The form of a verification, filled with what a visit found.
///
/// # Errors
/// Not found when the visit is not one of the certificate, or was not made.
pub async fn suspicion(
    app: &App,
    actor: &Actor,
    certificate: &CertificateId,
    id: &InspectionId,
) -> Result<VerificationInput, AppError> {
    let mut tx = app.db.read().await?;
    let (kept, of, subject) = readable(&mut tx, actor, id).await?;
    let _ = policy::may(actor, Action::VerifyCertificate, &subject)?;
    let record = kept.record.filter(|_| of.id == *certificate).ok_or(AppError::NotFound)?;
    Ok(VerificationInput {
        ground: "b".to_owned(),
        source: ocop_core::recognition::Source::Inspection.code().to_owned(),
        found_on: date(record.held_on),
        facts: record.facts(),
    })
}
