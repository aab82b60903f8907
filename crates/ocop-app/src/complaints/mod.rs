//! Complaints: of a producer about the result of its dossier, of anybody about a certified product or the
//! use of the mark. The office takes them up or says why not, and answers. Who sent one is for the office
//! alone.

mod answer;
mod file;
#[cfg(test)]
mod tests;

pub use answer::{
    AnswerComplaintInput, HandleInput, answer_complaint, complaint_letter, handle_complaint,
    withdraw_complaint,
};
pub use file::{
    ComplaintForm, ReportForm, ReportInput, complain, complaint_form, complaints_of, report, report_form,
};
pub use ocop_core::complaints::{ComplaintKind, ComplaintState};
pub use ocop_store::complaints::Complaint;

use chrono::NaiveDate;
use ocop_core::complaints::{ComplaintEvent, ComplaintNotFrom, due_on, step};
use ocop_core::id::{ComplaintId, PaperId};
use ocop_core::papers::PaperKind;
use ocop_core::people::Actor;
use ocop_core::policy::{self, Action, Permit, Subject};
use ocop_core::rules::ComplaintDays;
use ocop_store::Tx;
use ocop_store::complaints as store;
use ocop_store::db::Chain;
use ocop_store::producers::Producer;

use crate::accounts::office_of;
use crate::rounds::Due;
use crate::{App, AppError, Refusal};

/// Complaints that are over which a page lists.
const OVER: i64 = 100;

impl From<ComplaintNotFrom> for AppError {
    fn from(fault: ComplaintNotFrom) -> Self {
        Refusal::because(fault.to_string())
    }
}

fn stale() -> AppError {
    AppError::Stale("Đơn này vừa được người khác xử lý.".to_owned())
}

/// What the paper of an answer is about, in the register.
fn about(id: &ComplaintId) -> String {
    format!("complaint:{id}")
}

/// The days of a complaint by the law in force today.
fn days(app: &App) -> Result<Option<ComplaintDays>, AppError> {
    Ok(app.process(&app.regime_today()?.id)?.complaint)
}

fn due(complaint: &Complaint, days: Option<ComplaintDays>) -> Option<NaiveDate> {
    days.and_then(|days| due_on(complaint.state, complaint.filed_at.day(), complaint.admitted_on, days))
}

/// A complaint as its readers see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComplaintView {
    /// The complaint; names and contacts are empty for everybody but the office.
    pub kept: Complaint,
    /// The product.
    pub product: String,
    /// Its producer.
    pub producer: String,
    /// When the next step of the office is due.
    pub due: Option<Due>,
    /// The letter in the office's register, for the office.
    pub paper: Option<PaperId>,
    /// The number that the office's letter would take next, while it may answer.
    pub next_number: String,
    /// Whether the reader is the office that handles it.
    pub may_handle: bool,
    /// Whether the reader may take it back now.
    pub may_withdraw: bool,
}

impl ComplaintView {
    /// Whether a step can be taken from here.
    pub fn can(&self, event: ComplaintEvent) -> bool {
        step(self.kept.state, event).is_ok()
    }
}

/// How policy sees a complaint: the producer's own about a result, the office's alone in all other cases.
fn subject_of(kept: &Complaint, producer: &Producer) -> Subject {
    let own = kept.kind == ComplaintKind::Result;
    Subject {
        producer: own.then(|| producer.id.clone()),
        province: Some(kept.province.clone()),
        ..Subject::default()
    }
}

struct Found {
    kept: Complaint,
    product: String,
    producer: Producer,
    subject: Subject,
}

async fn readable(tx: &mut Tx, actor: &Actor, id: &ComplaintId) -> Result<Found, AppError> {
    let kept = store::find(tx, id).await?.ok_or(AppError::NotFound)?;
    let product = ocop_store::products::find(tx, &kept.product_id).await?.ok_or(AppError::NotFound)?;
    let producer = ocop_store::producers::find(tx, &product.producer_id).await?.ok_or(AppError::NotFound)?;
    let subject = subject_of(&kept, &producer);
    let _ = policy::may(actor, Action::ReadComplaint, &subject)?;
    Ok(Found { kept, product: product.name, producer, subject })
}

/// A complaint inside a write transaction on its chain, with the permit of the verb.
async fn opened(
    app: &App,
    actor: &Actor,
    action: Action,
    id: &ComplaintId,
) -> Result<(Tx, Found, Permit), AppError> {
    let mut tx = app.db.write(Chain::of("complaint", id)).await?;
    let found = readable(&mut tx, actor, id).await?;
    let permit = policy::may(actor, action, &found.subject)?;
    Ok((tx, found, permit))
}

/// A complaint, for the office and, when it is about a result, for the producer that filed it.
pub async fn complaint(app: &App, actor: &Actor, id: &ComplaintId) -> Result<ComplaintView, AppError> {
    let mut tx = app.db.read().await?;
    let Found { mut kept, product, producer, subject } = readable(&mut tx, actor, id).await?;
    let may_handle = policy::may(actor, Action::HandleComplaint, &subject).is_ok();
    if !may_handle {
        kept.name.clear();
        kept.contact.clear();
    }
    let paper = ocop_store::papers::about(&mut tx, &about(id)).await?;
    Ok(ComplaintView {
        due: due(&kept, days(app)?).map(|day| app.due(day)),
        next_number: crate::papers::next_number(app, &mut tx, &kept.province, PaperKind::Answer).await?,
        may_withdraw: policy::may(actor, Action::FileComplaint, &subject).is_ok()
            && step(kept.state, ComplaintEvent::Withdraw).is_ok(),
        paper: paper.filter(|_| may_handle).map(|paper| paper.id),
        producer: producer.name,
        product,
        may_handle,
        kept,
    })
}

/// A complaint in the office's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComplaintRow {
    /// The complaint.
    pub kept: Complaint,
    /// The product.
    pub product: String,
    /// When the next step of the office is due.
    pub due: Option<Due>,
}

/// The complaints of the officer's province, or of the centre: those open, oldest first, and the last of those over.
pub async fn complaints(
    app: &App,
    actor: &Actor,
) -> Result<(Vec<ComplaintRow>, Vec<ComplaintRow>), AppError> {
    let office = office_of(actor).unwrap_or_default();
    let subject = Subject { province: Some(office.to_owned()), ..Subject::default() };
    let _ = policy::may(actor, Action::HandleComplaint, &subject)?;
    let days = days(app)?;
    let mut tx = app.db.read().await?;
    let (open, over) = store::of_province(&mut tx, office, OVER).await?;
    let row = |(kept, product): (Complaint, String)| ComplaintRow {
        due: due(&kept, days).map(|day| app.due(day)),
        kept,
        product,
    };
    Ok((open.into_iter().map(row).collect(), over.into_iter().map(row).collect()))
}

/// What a province has to do about complaints: the act, the product, the page, and the day it is due.
pub(crate) async fn todos_of_province(
    app: &App,
    tx: &mut Tx,
    province: &str,
) -> Result<Vec<(String, String, String, Option<NaiveDate>)>, AppError> {
    let days = days(app)?;
    let (open, _) = store::of_province(tx, province, 0).await?;
    Ok(open
        .into_iter()
        .map(|(kept, product)| {
            let act = match kept.state {
                ComplaintState::Filed => "Xem, thụ lý",
                ComplaintState::Admitted
                | ComplaintState::Refused
                | ComplaintState::Answered
                | ComplaintState::Withdrawn => "Trả lời",
            };
            let what = format!("{act}: {}", kept.kind.name());
            (what, product, format!("/complaints/{}", kept.id), due(&kept, days))
        })
        .collect())
}
