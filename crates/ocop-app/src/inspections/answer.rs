//! The producer answers what a visit found; the office ends the visit.

use ocop_core::id::InspectionId;
use ocop_core::inspections::{InspectionEvent, InspectionState, may_close, step};
use ocop_core::people::Actor;
use ocop_core::policy::Action;
use ocop_store::inspections::{self as store, Inspection};
use ocop_store::recognition::verification;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{opened, stale};
use crate::{App, AppError, Fields, notifications};

/// What the producer types.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AnswerInput {
    /// The version that the page was made from.
    pub version: i64,
    /// What it says to the findings.
    pub answer: String,
    /// What was done about each measure, in their order.
    pub done: Vec<String>,
}

/// The producer's answer to a visit: to the whole, and to each measure. It may be written again while the
/// visit is not over.
///
/// # Errors
/// A fault when nothing is written; a refusal when the visit is over.
pub async fn answer_inspection(
    app: &App,
    actor: &Actor,
    id: &InspectionId,
    input: &AnswerInput,
) -> Result<(), AppError> {
    let (mut tx, mut kept, certificate, permit) = opened(app, actor, Action::AnswerInspection, id).await?;
    kept.state = step(kept.state, InspectionEvent::Answer)?;
    let mut fields = Fields::new();
    let answer = fields.optional("answer", &input.answer, 4_000);
    let mut answers = 0;
    if let Some(record) = &mut kept.record {
        for (at, measure) in record.measures.iter_mut().enumerate() {
            let typed = input.done.get(at).map(String::as_str).unwrap_or_default();
            measure.answer = fields.optional(&format!("done-{at}"), typed, 2_000);
            answers += usize::from(!measure.answer.is_empty());
        }
    }
    if answer.is_empty() && answers == 0 {
        fields.fault("answer", "Ghi ý kiến về kết quả kiểm tra, hoặc việc đã làm theo từng biện pháp.");
    }
    fields.done()?;
    let changed = Inspection { answer, answered_at: Some(app.now()), version: input.version, ..kept };
    if !store::change(&mut tx, &changed).await? {
        return Err(stale());
    }
    let key = format!("answer/{id}/{}", app.now());
    let what = "Chủ thể đã trả lời kết quả kiểm tra";
    let news = app.news(key, what, &certificate.product, format!("/inspections/{id}"));
    notifications::tell_office(&mut tx, &changed.province, &news).await?;
    let details = json!({ "inspection": id, "measures": answers });
    tx.commit(permit, app.now(), &details).await?;
    Ok(())
}

/// How the office ends a visit, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CloseInput {
    /// The version that the page was made from.
    pub version: i64,
    /// Numbers of the measures that are done, counted from 0.
    pub measures: Vec<String>,
    /// What the office concludes.
    pub outcome: String,
    /// `close` to end the visit, otherwise only the measures are noted.
    pub then: String,
}

/// Notes which measures are done, and ends the visit when that is asked for. Measures that are not done
/// need a follow-up visit or a verification that takes over.
///
/// # Errors
/// A fault when the visit is ended without a word; a refusal when measures are left open.
pub async fn close_inspection(
    app: &App,
    actor: &Actor,
    id: &InspectionId,
    input: &CloseInput,
) -> Result<InspectionState, AppError> {
    let (mut tx, mut kept, certificate, permit) = opened(app, actor, Action::Inspect, id).await?;
    let closed = step(kept.state, InspectionEvent::Close)?;
    let ends = input.then == "close";
    let mut fields = Fields::new();
    let outcome = match ends {
        true => fields.required("outcome", &input.outcome, 2_000, "Ghi kết luận của cuộc kiểm tra."),
        false => fields.optional("outcome", &input.outcome, 2_000),
    };
    fields.done()?;
    let Some(record) = &mut kept.record else { return Err(AppError::NotFound) };
    for (at, measure) in record.measures.iter_mut().enumerate() {
        measure.done = input.measures.contains(&at.to_string());
    }
    if ends {
        let others = store::of_certificate(&mut tx, &certificate.id).await?;
        let followed = others
            .iter()
            .any(|one| one.follows.as_ref() == Some(id) && one.state != InspectionState::Cancelled);
        let verifications = verification::of_certificate(&mut tx, &certificate.id).await?;
        let verified = verifications.iter().any(|one| one.found_on >= record.held_on);
        may_close(record, followed, verified)?;
        (kept.state, kept.closed_on) = (closed, Some(app.today()));
    }
    let done: Vec<bool> = record.measures.iter().map(|measure| measure.done).collect();
    let changed = Inspection { outcome, version: input.version, ..kept };
    if !store::change(&mut tx, &changed).await? {
        return Err(stale());
    }
    let details = json!({ "inspection": id, "done": done, "closed": ends, "outcome": changed.outcome });
    tx.commit(permit, app.now(), &details).await?;
    Ok(changed.state)
}
