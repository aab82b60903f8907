//! The office plans visits: one by one, or a year's plan at once.

use chrono::{Datelike, NaiveDate};
use ocop_core::id::{CertificateId, InspectionId};
use ocop_core::inspections::{InspectionEvent, InspectionKind, InspectionState, step};
use ocop_core::people::Actor;
use ocop_core::policy::{self, Action, Subject};
use ocop_core::recognition::state_on;
use ocop_core::time::date;
use ocop_store::Tx;
use ocop_store::db::Chain;
use ocop_store::inspections::{self as store, Inspection, Listed, Unvisited};
use ocop_store::recognition::{Certificate, find_certificate, verification};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{opened, stale};
use crate::accounts::province_of;
use crate::recognition::{chain_of, life_of, subject_of};
use crate::runtime::fresh;
use crate::{App, AppError, Fields, Refusal, notifications};

/// What an officer types to plan a visit.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PlanInput {
    /// Code of the [`InspectionKind`].
    pub kind: String,
    /// The visit whose measures are looked at again; empty for none.
    pub follows: String,
    /// The day.
    pub planned_on: String,
    /// The team, one a line, its head first.
    pub team: String,
    /// Why it is made.
    pub reason: String,
}

/// The page on which a visit is planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanView {
    /// The certificate.
    pub certificate: Certificate,
    /// The form, filled with what the visit before says.
    pub input: PlanInput,
}

/// Whether a certificate's product can be visited: its certificate runs.
async fn may_visit(app: &App, tx: &mut Tx, certificate: &Certificate) -> Result<(), AppError> {
    let kept = verification::of_certificate(tx, &certificate.id).await?;
    let state = state_on(app.today(), &life_of(certificate, &kept));
    if state.runs() {
        return Ok(());
    }
    Err(Refusal::because(format!(
        "Không lên lịch kiểm tra được: giấy chứng nhận ở trạng thái «{}». Chỉ kiểm tra sản phẩm đang có giấy chứng nhận còn hiệu lực.",
        state.name()
    )))
}

/// A visit of this certificate whose measures may be looked at again.
async fn followed(
    tx: &mut Tx,
    certificate: &CertificateId,
    typed: &str,
) -> Result<Option<Inspection>, AppError> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    let id: InspectionId = typed.trim().parse().map_err(|_| AppError::NotFound)?;
    let found = store::find(tx, &id).await?.filter(|one| one.certificate_id == *certificate);
    found.filter(|one| one.record.is_some()).ok_or(AppError::NotFound).map(Some)
}

/// The form of a new visit; `follows` names the visit that it comes after.
pub async fn plan_form(
    app: &App,
    actor: &Actor,
    id: &CertificateId,
    follows: &str,
) -> Result<PlanView, AppError> {
    let mut tx = app.db.read().await?;
    let certificate = find_certificate(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    let subject = subject_of(&mut tx, actor, &certificate).await?;
    let _ = policy::may(actor, Action::Inspect, &subject)?;
    may_visit(app, &mut tx, &certificate).await?;
    let input = match followed(&mut tx, id, follows).await? {
        None => PlanInput { kind: InspectionKind::Planned.code().to_owned(), ..PlanInput::default() },
        Some(before) => PlanInput {
            kind: InspectionKind::FollowUp.code().to_owned(),
            planned_on: before
                .record
                .as_ref()
                .and_then(|record| record.measures.iter().map(|measure| measure.due_on).max())
                .map(date)
                .unwrap_or_default(),
            team: before.team,
            reason: String::new(),
            follows: before.id.to_string(),
        },
    };
    Ok(PlanView { certificate, input })
}

/// Plans a visit. Producer and commune see it, but not an unannounced one.
///
/// # Errors
/// Faults of the fields; a refusal when the certificate does not run.
pub async fn plan_inspection(
    app: &App,
    actor: &Actor,
    id: &CertificateId,
    input: &PlanInput,
) -> Result<InspectionId, AppError> {
    let chain = {
        let mut tx = app.db.read().await?;
        chain_of(&find_certificate(&mut tx, id).await?.ok_or(AppError::NotFound)?)
    };
    let mut tx = app.db.write(chain).await?;
    let certificate = find_certificate(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    let subject = subject_of(&mut tx, actor, &certificate).await?;
    let permit = policy::may(actor, Action::Inspect, &subject)?;
    may_visit(app, &mut tx, &certificate).await?;
    let before = followed(&mut tx, id, &input.follows).await?;
    let mut fields = Fields::new();
    let kind = fields.choice::<InspectionKind>("kind", &input.kind, "Chọn hình thức kiểm tra.");
    if kind == Some(InspectionKind::FollowUp) && before.is_none() {
        fields.fault("kind", "Kiểm tra lại được lên lịch từ trang của cuộc kiểm tra trước.");
    }
    let day = planned_day(app, &mut fields, &input.planned_on, &certificate);
    let team = fields.required("team", &input.team, 1_000, "Ghi thành viên đoàn, mỗi người một dòng.");
    let reason = match kind {
        Some(InspectionKind::Unannounced) => {
            fields.required("reason", &input.reason, 1_000, "Ghi lý do kiểm tra đột xuất.")
        }
        Some(InspectionKind::Planned | InspectionKind::FollowUp) | None => {
            fields.optional("reason", &input.reason, 1_000)
        }
    };
    fields.done()?;
    let (Some(kind), Some(planned_on)) = (kind, day) else { return Err(AppError::NotFound) };
    let follows = before.filter(|_| kind == InspectionKind::FollowUp).map(|before| before.id);
    let visit = visit(app, actor, &certificate, kind, planned_on, team);
    let visit = Inspection { follows, reason, ..visit };
    store::insert(&mut tx, &visit).await?;
    announce(app, &mut tx, &certificate, &visit).await?;
    let details =
        json!({ "certificate": id, "inspection": visit.id, "kind": kind, "planned_on": planned_on });
    tx.commit(permit, app.now(), &details).await?;
    Ok(visit.id)
}

/// Tells the producer and the commune of a visit; nobody of one without notice.
async fn announce(
    app: &App,
    tx: &mut Tx,
    certificate: &Certificate,
    visit: &Inspection,
) -> Result<(), AppError> {
    if visit.kind == InspectionKind::Unannounced {
        return Ok(());
    }
    let what = format!("Cơ quan OCOP sẽ kiểm tra sản phẩm ngày {}", date(visit.planned_on));
    let href = format!("/certificates/{}", certificate.id);
    let news = app.news(format!("visit/{}", visit.id), &what, &certificate.product, href);
    notifications::tell_of_product_and_commune(tx, &certificate.product_id, &news).await
}

fn planned_day(app: &App, fields: &mut Fields, typed: &str, certificate: &Certificate) -> Option<NaiveDate> {
    let day = fields.required_day("planned_on", typed, "Ghi ngày kiểm tra.");
    if day.is_some_and(|day| day > certificate.last_on) {
        fields.fault(
            "planned_on",
            format!("Ngày này sau ngày hết hạn giấy chứng nhận ({}).", date(certificate.last_on)),
        );
    }
    // A visit may be noted some days later, but not one of another year's plan.
    if day.is_some_and(|day| (app.today() - day).num_days() > 60) {
        fields.fault("planned_on", "Ngày này đã qua hơn 60 ngày. Hãy kiểm tra lại năm.");
    }
    day
}

fn visit(
    app: &App,
    actor: &Actor,
    certificate: &Certificate,
    kind: InspectionKind,
    planned_on: NaiveDate,
    team: String,
) -> Inspection {
    Inspection {
        id: fresh(&*app.ids),
        certificate_id: certificate.id.clone(),
        province: certificate.province.clone(),
        kind,
        state: InspectionState::Planned,
        follows: None,
        planned_on,
        team,
        reason: String::new(),
        planned_by: actor.person.clone(),
        planned_at: app.now(),
        record: None,
        answer: String::new(),
        answered_at: None,
        closed_on: None,
        outcome: String::new(),
        version: 1,
    }
}

/// Why a visit is given up, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CancelInput {
    /// The version that the page was made from.
    pub version: i64,
    /// Why.
    pub outcome: String,
}

/// Gives a planned visit up.
///
/// # Errors
/// A fault when no reason is given; a refusal once the visit was made.
pub async fn cancel_inspection(
    app: &App,
    actor: &Actor,
    id: &InspectionId,
    input: &CancelInput,
) -> Result<(), AppError> {
    let (mut tx, kept, _, permit) = opened(app, actor, Action::Inspect, id).await?;
    let state = step(kept.state, InspectionEvent::Cancel)?;
    let mut fields = Fields::new();
    let outcome = fields.required("outcome", &input.outcome, 1_000, "Ghi lý do hủy.");
    fields.done()?;
    let changed = Inspection { state, outcome, closed_on: Some(app.today()), version: input.version, ..kept };
    if !store::change(&mut tx, &changed).await? {
        return Err(stale());
    }
    let details = json!({ "inspection": id, "cancelled": changed.outcome });
    tx.commit(permit, app.now(), &details).await?;
    Ok(())
}

/// The plan of a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YearView {
    /// The year.
    pub year: i32,
    /// Its visits, by day.
    pub visits: Vec<Listed>,
    /// Certificates in force that the year's plan does not visit.
    pub unvisited: Vec<Unvisited>,
    /// Certificates left out of the list, of those that are not visited.
    pub more: usize,
}

/// Certificates that a page offers for the plan at a time.
const OFFERED: usize = 100;

fn office_of(actor: &Actor) -> Result<&str, AppError> {
    let office = province_of(actor).unwrap_or_default();
    let subject = Subject { province: Some(office.to_owned()), ..Subject::default() };
    let _ = policy::may(actor, Action::Inspect, &subject)?;
    Ok(office)
}

fn days_of(year: i32) -> Result<(NaiveDate, NaiveDate), AppError> {
    let days = NaiveDate::from_ymd_opt(year, 1, 1).zip(NaiveDate::from_ymd_opt(year, 12, 31));
    days.filter(|_| (2019..=2100).contains(&year)).ok_or(AppError::NotFound)
}

/// The plan of a year of the officer's province; this year's when none is asked for.
pub async fn year_plan(app: &App, actor: &Actor, year: Option<i32>) -> Result<YearView, AppError> {
    let office = office_of(actor)?;
    let year = year.unwrap_or_else(|| app.today().year());
    let (first, last) = days_of(year)?;
    let mut tx = app.db.read().await?;
    let mut unvisited = store::unvisited(&mut tx, office, app.today().max(first), first, last).await?;
    let more = unvisited.len().saturating_sub(OFFERED);
    unvisited.truncate(OFFERED);
    Ok(YearView {
        year,
        visits: store::planned_between(&mut tx, office, first, last).await?,
        unvisited,
        more,
    })
}

/// Certificates chosen for a month of the year's plan, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct YearInput {
    /// The year shown.
    pub year: String,
    /// Ids of the certificates.
    pub certificates: Vec<String>,
    /// The day of the visits.
    pub planned_on: String,
    /// The team, one a line, its head first.
    pub team: String,
}

/// Plans a visit on a day for each of some certificates.
///
/// # Errors
/// Faults of the fields; not found when a certificate is not the province's.
pub async fn plan_year(app: &App, actor: &Actor, input: &YearInput) -> Result<i32, AppError> {
    let office = office_of(actor)?;
    let subject = Subject { province: Some(office.to_owned()), ..Subject::default() };
    let mut tx = app.db.write(Chain::of("province", office)).await?;
    let permit = policy::may(actor, Action::Inspect, &subject)?;
    let mut fields = Fields::new();
    if input.certificates.is_empty() {
        fields.fault("certificates", "Đánh dấu ít nhất một sản phẩm cần kiểm tra.");
    }
    let planned_on = fields.required_day("planned_on", &input.planned_on, "Ghi ngày kiểm tra.");
    if planned_on.is_some_and(|day| day < app.today()) {
        fields.fault("planned_on", "Ngày này đã qua. Kế hoạch ghi ngày sắp tới.");
    }
    let team = fields.required("team", &input.team, 1_000, "Ghi thành viên đoàn, mỗi người một dòng.");
    fields.done()?;
    let planned_on = planned_on.ok_or(AppError::NotFound)?;
    let (first, last) = days_of(planned_on.year())?;
    let free = store::unvisited(&mut tx, office, app.today().max(first), first, last).await?;
    let mut planned = Vec::new();
    for typed in &input.certificates {
        let id: CertificateId = typed.parse().map_err(|_| AppError::NotFound)?;
        let certificate = find_certificate(&mut tx, &id).await?.ok_or(AppError::NotFound)?;
        if planned_on > certificate.last_on {
            return Err(AppError::Invalid(vec![crate::FieldFault::new(
                "planned_on",
                format!(
                    "Giấy chứng nhận của {} hết hạn trước ngày này ({}). Bỏ đánh dấu sản phẩm đó hoặc chọn ngày sớm hơn.",
                    certificate.product,
                    date(certificate.last_on)
                ),
            )]));
        }
        if !free.iter().any(|one| one.certificate_id == id) || planned.contains(&id) {
            return Err(AppError::Stale("Kế hoạch năm vừa được người khác ghi thêm.".to_owned()));
        }
        let visit = visit(app, actor, &certificate, InspectionKind::Planned, planned_on, team.clone());
        store::insert(&mut tx, &visit).await?;
        announce(app, &mut tx, &certificate, &visit).await?;
        planned.push(id);
    }
    let details = json!({ "planned_on": planned_on, "certificates": planned });
    tx.commit(permit, app.now(), &details).await?;
    Ok(planned_on.year())
}
