//! What stands around a dossier's way to the council: a star on paper before it, samples with it, visits
//! after it.

use ocop_core::id::ProductId;
use ocop_core::recognition::Level;
use ocop_store::recognition::Certificate;

use super::data::{Held, Visit, VisitRecord};
use super::load::{Telling, Told, missing};
use crate::AppError;
use crate::evaluations::{PaperInput, record_on_paper};
use crate::inspections::{PlanInput, RecordInput, plan_inspection, record_form, record_inspection};
use crate::samples::{self, HandleInput, ReceiveInput, handle_samples};

/// Records the star that a product holds since before this software came.
pub(super) async fn hold(
    story: &Telling,
    product: &ProductId,
    set: u16,
    held: &Held,
) -> Result<(), AppError> {
    let decided = story.day(held.decided_days_ago).to_string();
    let input = PaperInput {
        level: Level::Province.code().to_owned(),
        evaluated_on: decided.clone(),
        set_no: set.to_string(),
        points: held.points.clone(),
        stars: held.stars.to_string(),
        decision_no: held.decision.clone(),
        decided_on: decided,
        signed_by: held.signed_by.clone(),
        certified: "on".to_owned(),
        ..PaperInput::default()
    };
    record_on_paper(&story.app, &story.office().await?, product, &input).await
}

/// Receives the samples of a dossier on the day it is accepted.
pub(super) async fn receive_samples(story: &Telling, told: &Told) -> Result<(), AppError> {
    let Some(samples) = &told.data.samples else { return Ok(()) };
    let input = ReceiveInput {
        count: samples.count.to_string(),
        place: samples.place.clone(),
        received_on: story.app.today().to_string(),
    };
    samples::receive_samples(&story.app, &story.office().await?, &told.id, &input).await?;
    Ok(())
}

/// Notes what became of samples.
pub(super) async fn use_samples(story: &Telling, told: &[Told]) -> Result<(), AppError> {
    for one in told {
        for became in one.data.samples.iter().flat_map(|samples| &samples.became) {
            story.go_to(became.days_ago);
            let input = HandleInput {
                samples: became.samples.iter().map(u16::to_string).collect(),
                state: became.state.clone(),
                changed_on: story.app.today().to_string(),
                note: became.note.clone(),
                ..HandleInput::default()
            };
            handle_samples(&story.app, &story.office().await?, &one.id, &input).await?;
        }
    }
    Ok(())
}

/// The certificate that a dossier led to.
pub(super) async fn certificate(story: &Telling, told: &Told) -> Result<Certificate, AppError> {
    let mut tx = story.app.db.read().await?;
    let found = ocop_store::recognition::certificate_of_dossier(&mut tx, &told.id).await?;
    found.ok_or_else(|| missing("giấy chứng nhận", &told.data.product))
}

/// Plans the visits, and records those that were made.
pub(super) async fn visit(story: &Telling, visits: &[Visit], told: &[Told]) -> Result<(), AppError> {
    for visit in visits {
        let of = told.iter().find(|one| one.data.product == visit.product);
        let of = of.ok_or_else(|| missing("hồ sơ", &visit.product))?;
        let certificate = certificate(story, of).await?;
        story.go_to(visit.entered_days_ago);
        let office = story.office().await?;
        let input = PlanInput {
            kind: visit.kind.clone(),
            planned_on: story.day(visit.planned_days_ago).to_string(),
            team: visit.team.clone(),
            ..PlanInput::default()
        };
        let id = plan_inspection(&story.app, &office, &certificate.id, &input).await?;
        let Some(record) = &visit.record else { continue };
        story.go_to(visit.planned_days_ago);
        let form = record_form(&story.app, &office, &id).await?.input;
        record_inspection(&story.app, &office, &id, &found(story, record, form)).await?;
    }
    Ok(())
}

fn found(story: &Telling, record: &VisitRecord, form: RecordInput) -> RecordInput {
    let met = |met: bool| if met { "yes" } else { "no" }.to_owned();
    RecordInput {
        began: record.began.clone(),
        ended: record.ended.clone(),
        place: record.place.clone(),
        present: record.present.clone(),
        code: record.findings.iter().map(|one| one.criterion.clone()).collect(),
        met: record.findings.iter().map(|one| met(one.met)).collect(),
        finding: record.findings.iter().map(|one| one.text.clone()).collect(),
        measure: record.measures.iter().map(|one| one.text.clone()).collect(),
        due_on: record.measures.iter().map(|one| story.day(-one.due_in_days).to_string()).collect(),
        said: record.said.clone(),
        ..form
    }
}
