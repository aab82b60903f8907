//! The office takes a complaint up or says why not, and answers it by letter; the producer may take its own back.

use ocop_core::complaints::{ComplaintEvent, ComplaintKind, step};
use ocop_core::id::ComplaintId;
use ocop_core::papers::PaperKind;
use ocop_core::people::Actor;
use ocop_core::policy::{self, Action};
use ocop_core::time::date;
use ocop_documents::letter::Letter;
use ocop_documents::{Content, Letterhead, PlaceDate, Signature};
use ocop_store::Tx;
use ocop_store::complaints::{self as store, Complaint};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Found, about, opened, readable, stale};
use crate::papers::{
    IssueInput, NewPaper, Paper, Signing, issue, names, of_office, of_record, read_signing, set, unit,
};
use crate::{App, AppError, Fields, notifications};

/// Whether the office takes a complaint up, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HandleInput {
    /// The version that the page was made from.
    pub version: i64,
    /// `admit` or `refuse`.
    pub then: String,
    /// Why it is not taken up.
    pub reason: String,
}

/// Takes a complaint up, or says why not.
///
/// # Errors
/// Faults of the fields; a refusal when that was decided before.
pub async fn handle_complaint(
    app: &App,
    actor: &Actor,
    id: &ComplaintId,
    input: &HandleInput,
) -> Result<(), AppError> {
    let (mut tx, found, permit) = opened(app, actor, Action::HandleComplaint, id).await?;
    let mut fields = Fields::new();
    let admits = match input.then.as_str() {
        "admit" => Some(true),
        "refuse" => Some(false),
        _ => None,
    };
    if admits.is_none() {
        fields.fault("then", "Chọn thụ lý hay không thụ lý.");
    }
    let answer = match admits {
        Some(false) => fields.required("reason", &input.reason, 2_000, "Ghi lý do không thụ lý."),
        Some(true) | None => String::new(),
    };
    fields.done()?;
    let today = app.today();
    let kept = Complaint { version: input.version, ..found.kept };
    let changed = match admits {
        Some(true) => {
            Complaint { state: step(kept.state, ComplaintEvent::Admit)?, admitted_on: Some(today), ..kept }
        }
        Some(false) | None => Complaint {
            state: step(kept.state, ComplaintEvent::Refuse)?,
            closed_on: Some(today),
            answer,
            ..kept
        },
    };
    if !store::change(&mut tx, &changed).await? {
        return Err(stale());
    }
    let what = if changed.admitted_on.is_some() {
        "Khiếu nại đã được thụ lý"
    } else {
        "Khiếu nại không được thụ lý, xem lý do"
    };
    tell_complainant(app, &mut tx, &changed, what, &found.product).await?;
    tx.commit(permit, app.now(), &json!({ "complaint": id, "state": changed.state })).await?;
    Ok(())
}

/// Tells the producer whose complaint about a result it is; reports of others are nobody's in the program.
async fn tell_complainant(
    app: &App,
    tx: &mut Tx,
    one: &Complaint,
    what: &str,
    product: &str,
) -> Result<(), AppError> {
    if one.kind != ComplaintKind::Result {
        return Ok(());
    }
    let key = format!("{}/{}", one.id, one.state.code());
    let news = app.news(key, what, product, format!("/complaints/{}", one.id));
    notifications::tell_of_product(tx, &one.product_id, &news).await
}

/// The producer takes its complaint back.
///
/// # Errors
/// A refusal when it was answered or refused.
pub async fn withdraw_complaint(app: &App, actor: &Actor, id: &ComplaintId) -> Result<(), AppError> {
    let (mut tx, found, permit) = opened(app, actor, Action::FileComplaint, id).await?;
    let state = step(found.kept.state, ComplaintEvent::Withdraw)?;
    let changed = Complaint { state, closed_on: Some(app.today()), ..found.kept };
    if !store::change(&mut tx, &changed).await? {
        return Err(stale());
    }
    tx.commit(permit, app.now(), &json!({ "complaint": id, "state": state })).await?;
    Ok(())
}

/// The answer with its letter's number, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AnswerComplaintInput {
    /// The version that the page was made from.
    pub version: i64,
    /// What the office answers.
    pub answer: String,
    /// Number and symbol of the letter.
    pub number: String,
    /// The day of its signature.
    pub signed_on: String,
    /// Who signed, with the position.
    pub signed_by: String,
}

/// Answers a complaint: the signed letter takes its number in the office's register.
///
/// # Errors
/// Faults of the fields; a refusal when it was not taken up.
pub async fn answer_complaint(
    app: &App,
    actor: &Actor,
    id: &ComplaintId,
    input: &AnswerComplaintInput,
) -> Result<(), AppError> {
    let (mut tx, found, permit) = opened(app, actor, Action::HandleComplaint, id).await?;
    let state = step(found.kept.state, ComplaintEvent::Answer)?;
    if input.version != found.kept.version {
        return Err(stale());
    }
    let mut fields = Fields::new();
    let answer = fields.required("answer", &input.answer, 6_000, "Ghi nội dung trả lời.");
    let typed = IssueInput {
        number: input.number.clone(),
        signed_on: input.signed_on.clone(),
        signed_by: input.signed_by.clone(),
    };
    let signing = read_signing(app, PaperKind::Answer, &typed, fields)?;
    let details = json!({ "complaint": id, "state": state, "number": signing.number.to_string() });
    let letter = letter(app, &mut tx, &found, &answer, Some(&signing)).await?;
    let paper = NewPaper {
        office: found.kept.province.clone(),
        kind: PaperKind::Answer,
        about: about(id),
        title: format!("{}: {}", PaperKind::Answer.name(), found.product),
        signing,
        field: "number",
        content: Content::Letter(letter),
    };
    issue(app, &mut tx, actor, paper).await?;
    let changed = Complaint { state, answer, closed_on: Some(app.today()), ..found.kept };
    if !store::change(&mut tx, &changed).await? {
        return Err(stale());
    }
    tell_complainant(app, &mut tx, &changed, "Khiếu nại đã được trả lời", &found.product).await?;
    tx.commit(permit, app.now(), &details).await?;
    Ok(())
}

/// The letter: the copy of record once it was sent, a draft for the office while the complaint is open.
///
/// # Errors
/// Not found for a complaint that was not taken up.
pub async fn complaint_letter(app: &App, actor: &Actor, id: &ComplaintId) -> Result<Paper, AppError> {
    let mut tx = app.db.read().await?;
    let found = readable(&mut tx, actor, id).await?;
    if let Some(paper) = of_record(app, &mut tx, &about(id)).await? {
        return Ok(paper);
    }
    let _ = policy::may(actor, Action::IssuePaper, &of_office(&found.kept.province))?;
    if step(found.kept.state, ComplaintEvent::Answer).is_err() {
        return Err(AppError::NotFound);
    }
    let letter = letter(app, &mut tx, &found, "", None).await?;
    drop(tx);
    set(app, "du-thao-tra-loi", &found.product, move |engine| ocop_documents::letter::render(engine, &letter))
        .await
}

async fn letter(
    app: &App,
    tx: &mut Tx,
    found: &Found,
    answer: &str,
    signed: Option<&Signing>,
) -> Result<Letter, AppError> {
    let Found { kept, product, producer, .. } = found;
    let province = unit(tx, &kept.province).await?;
    let filed = date(kept.filed_at.day());
    let (subject, addressee) = match kept.kind {
        ComplaintKind::Result => {
            (format!("trả lời khiếu nại kết quả đánh giá sản phẩm {product}"), producer.name.clone())
        }
        ComplaintKind::Product | ComplaintKind::Mark => {
            let name = if kept.name.is_empty() { "Người gửi phản ánh" } else { kept.name.as_str() };
            (format!("trả lời phản ánh về sản phẩm {product}"), name.to_owned())
        }
    };
    let received = format!(
        "{} nhận được đơn ngày {filed} về sản phẩm {product} của {}.",
        names::committee(&province),
        producer.name
    );
    let lines = answer.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned);
    Ok(Letter {
        letterhead: Letterhead {
            superior: None,
            issuer: names::committee_head(&province),
            number: signed.map(|signed| signed.number.digits()),
            symbol: Some(signed.map_or_else(
                || PaperKind::Answer.usual_symbol().to_owned(),
                |signed| signed.number.symbol.clone(),
            )),
            place_date: PlaceDate {
                place: names::place(&province),
                date: signed.map(|signed| signed.signed_on),
            },
        },
        draft: signed.is_none(),
        subject,
        addressees: vec![addressee],
        paragraphs: [
            received,
            format!(
                "Căn cứ Quyết định số {}, sau khi xem xét, {} trả lời như sau:",
                app.regime_today()?.cite,
                names::committee(&province)
            ),
        ]
        .into_iter()
        .chain(lines)
        .collect(),
        items: Vec::new(),
        points: Vec::new(),
        closing: format!("{} thông báo để biết", names::committee(&province)),
        recipients: vec!["Như trên".to_owned(), "Lưu: VT".to_owned()],
        signature: signed.map_or_else(
            || Signature {
                authority: vec!["TM. Ủy ban nhân dân".to_owned(), "Chủ tịch".to_owned()],
                name: None,
            },
            |signed| names::signed_for_committee(&signed.signed_by),
        ),
    })
}
