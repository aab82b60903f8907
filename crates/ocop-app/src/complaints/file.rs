//! A complaint comes in: from a producer about its result, from anybody about a product or the mark.

use ocop_core::complaints::{ComplaintKind, ComplaintState, file_by};
use ocop_core::id::{ComplaintId, DossierId, ProductId};
use ocop_core::people::Actor;
use ocop_core::policy::{self, Action};
use ocop_core::time::date;
use ocop_store::Tx;
use ocop_store::complaints::{self as store, Complaint};
use ocop_store::db::Chain;
use ocop_store::dossiers::Dossier;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::days;
use crate::dossiers::facts;
use crate::runtime::fresh;
use crate::{App, AppError, Fields, Refusal, notifications};

/// Complaints without an account that are taken in an hour: in all, and about one product. A flood beyond
/// that is no voice of people.
const HOURLY: (i64, i64) = (60, 10);

/// What a producer or somebody without an account writes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReportInput {
    /// Code of the [`ComplaintKind`]; a producer's is about its result.
    pub kind: String,
    /// What it says.
    pub content: String,
    /// Who sends it; may be empty.
    pub name: String,
    /// How to reach them; may be empty.
    pub contact: String,
}

/// The page on which a producer complains about a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComplaintForm {
    /// The dossier.
    pub dossier: DossierId,
    /// Its product.
    pub product: String,
    /// The last day, `31/01/2027`; empty where the law sets none.
    pub last_day: String,
}

/// Refuses a complaint about a result that is not told, that was told too long ago, or that a complaint is
/// open about; the last day otherwise.
async fn may_complain(app: &App, tx: &mut Tx, row: &Dossier) -> Result<Option<chrono::NaiveDate>, AppError> {
    let result = ocop_store::recognition::find_result(tx, &row.id).await?;
    let told = result.and_then(|result| result.notified_on);
    let Some(told_on) = told else {
        return Err(Refusal::because(
            "Chưa khiếu nại được: kết quả của hồ sơ này chưa được thông báo. Khi có thông báo, nút khiếu nại hiện ở trang kết quả.",
        ));
    };
    let last_day = days(app)?.map(|days| file_by(told_on, days));
    if let Some(day) = last_day.filter(|day| app.today() > *day) {
        return Err(Refusal::because(format!(
            "Đã quá thời hiệu khiếu nại kết quả này ({}). Bạn vẫn có thể hỏi cơ quan tham mưu cấp tỉnh, hoặc đăng ký đánh giá ở đợt sau.",
            date(day)
        )));
    }
    let filed = store::of_dossier(tx, &row.id).await?;
    if filed.iter().any(|one| matches!(one.state, ComplaintState::Filed | ComplaintState::Admitted)) {
        return Err(Refusal::because(
            "Đã có một khiếu nại về kết quả này đang được giải quyết. Hãy xem ở trang kết quả của hồ sơ.",
        ));
    }
    Ok(last_day)
}

/// The form of a complaint about a result.
pub async fn complaint_form(app: &App, actor: &Actor, id: &DossierId) -> Result<ComplaintForm, AppError> {
    let mut tx = app.db.read().await?;
    let facts = facts(&mut tx, actor, id).await?;
    let _ = policy::may(actor, Action::FileComplaint, &facts.subject)?;
    let last_day = may_complain(app, &mut tx, &facts.row).await?;
    let product =
        ocop_store::products::find(&mut tx, &facts.row.product_id).await?.ok_or(AppError::NotFound)?;
    Ok(ComplaintForm {
        dossier: id.clone(),
        product: product.name,
        last_day: last_day.map(date).unwrap_or_default(),
    })
}

/// A producer complains about the result of its dossier.
///
/// # Errors
/// A fault when nothing is written; a refusal when the result is not told or the days are over.
pub async fn complain(
    app: &App,
    actor: &Actor,
    id: &DossierId,
    input: &ReportInput,
) -> Result<ComplaintId, AppError> {
    let mut tx = app.db.write(Chain::of("dossier", id)).await?;
    let facts = facts(&mut tx, actor, id).await?;
    let permit = policy::may(actor, Action::FileComplaint, &facts.subject)?;
    let _ = may_complain(app, &mut tx, &facts.row).await?;
    let mut fields = Fields::new();
    let content =
        fields.required("content", &input.content, 6_000, "Ghi điều không đồng ý với kết quả và lý do.");
    fields.done()?;
    let complaint = Complaint {
        id: fresh(&*app.ids),
        kind: ComplaintKind::Result,
        state: ComplaintState::Filed,
        province: facts.row.province.clone(),
        product_id: facts.row.product_id.clone(),
        dossier_id: Some(id.clone()),
        filed_by: Some(actor.person.clone()),
        filed_at: app.now(),
        content,
        name: actor.name.clone(),
        contact: String::new(),
        admitted_on: None,
        answer: String::new(),
        closed_on: None,
        version: 1,
    };
    store::insert(&mut tx, &complaint).await?;
    tell_office_of(app, &mut tx, &complaint, "Chủ thể khiếu nại kết quả, chờ thụ lý").await?;
    tx.commit(permit, app.now(), &json!({ "complaint": complaint.id })).await?;
    Ok(complaint.id)
}

async fn tell_office_of(app: &App, tx: &mut Tx, one: &Complaint, what: &str) -> Result<(), AppError> {
    let product = ocop_store::products::find(tx, &one.product_id).await?.ok_or(AppError::NotFound)?;
    let news = app.news(one.id.to_string(), what, &product.name, format!("/complaints/{}", one.id));
    notifications::tell_office(tx, &one.province, &news).await
}

/// The page on which anybody reports something about a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportForm {
    /// The product.
    pub id: ProductId,
    /// Its name as certified.
    pub product: String,
    /// Its producer.
    pub producer: String,
}

/// The form for everybody; a product that the public does not see has none.
pub async fn report_form(app: &App, id: &ProductId) -> Result<ReportForm, AppError> {
    let seen = crate::public::product(app, id).await?;
    Ok(ReportForm { id: id.clone(), product: seen.name, producer: seen.producer })
}

/// Anybody reports something about a certified product or the use of the mark, without an account. Who it
/// was is kept only when it is told, and only the office reads it.
///
/// # Errors
/// Faults of the fields; a refusal when too many came in during the last hour.
pub async fn report(app: &App, id: &ProductId, input: &ReportInput) -> Result<(), AppError> {
    let _ = report_form(app, id).await?;
    let mut fields = Fields::new();
    let kind = match fields.choice("kind", &input.kind, "Chọn điều cần phản ánh.") {
        Some(ComplaintKind::Result) => {
            fields.fault("kind", "Khiếu nại kết quả do chủ thể gửi ở trang kết quả của hồ sơ.");
            None
        }
        kind @ (Some(ComplaintKind::Product | ComplaintKind::Mark) | None) => kind,
    };
    let content =
        fields.required("content", &input.content, 4_000, "Ghi điều bạn thấy: ở đâu, khi nào, thế nào.");
    let name = fields.optional("name", &input.name, 100);
    let contact = fields.optional("contact", &input.contact, 200);
    fields.done()?;
    let kind = kind.ok_or(AppError::NotFound)?;
    let complaint: ComplaintId = fresh(&*app.ids);
    let mut tx = app.db.write(Chain::of("product", id)).await?;
    let (all, of_product) = store::count_since(&mut tx, id, app.now().plus_minutes(-60)).await?;
    if all >= HOURLY.0 || of_product >= HOURLY.1 {
        return Err(Refusal::because(
            "Đang có quá nhiều phản ánh gửi đến trong một giờ, nên chưa nhận thêm. Hãy gửi lại sau, hoặc báo trực tiếp cơ quan OCOP của tỉnh hay Ủy ban nhân dân xã.",
        ));
    }
    let product = ocop_store::products::find(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    let producer =
        ocop_store::producers::find(&mut tx, &product.producer_id).await?.ok_or(AppError::NotFound)?;
    let kept = Complaint {
        id: complaint,
        kind,
        state: ComplaintState::Filed,
        province: producer.province,
        product_id: id.clone(),
        dossier_id: None,
        filed_by: None,
        filed_at: app.now(),
        content,
        name,
        contact,
        admitted_on: None,
        answer: String::new(),
        closed_on: None,
        version: 1,
    };
    store::insert(&mut tx, &kept).await?;
    tell_office_of(app, &mut tx, &kept, "Có phản ánh về một sản phẩm, chờ xem xét").await?;
    // Nothing of what was written goes into the journal: it may tell of people.
    let details = json!({ "complaint": kept.id, "kind": kind });
    tx.commit(policy::system(Action::FileComplaint), app.now(), &details).await?;
    Ok(())
}

/// The complaints about a dossier's result, newest first, for its producer and the office; and whether the
/// reader may file one now.
pub async fn complaints_of(
    app: &App,
    actor: &Actor,
    id: &DossierId,
) -> Result<(Vec<Complaint>, bool), AppError> {
    let mut tx = app.db.read().await?;
    let facts = facts(&mut tx, actor, id).await?;
    if policy::may(actor, Action::ReadComplaint, &facts.subject).is_err() {
        return Ok((Vec::new(), false));
    }
    let files = policy::may(actor, Action::FileComplaint, &facts.subject).is_ok();
    let may = files && may_complain(app, &mut tx, &facts.row).await.is_ok();
    Ok((store::of_dossier(&mut tx, id).await?, may))
}
