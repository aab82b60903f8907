//! The record of a visit as a paper, and its number.

use chrono::Datelike;
use ocop_core::id::{InspectionId, PaperId};
use ocop_core::inspections::{Finding, InspectionEvent, step};
use ocop_core::papers::PaperKind;
use ocop_core::people::Actor;
use ocop_core::policy::{self, Action};
use ocop_core::time::date;
use ocop_documents::inspection::{Inspection as Sheet, InspectionFinding};
use ocop_documents::{Content, Letterhead, PlaceDate, Signature};
use ocop_store::Tx;
use ocop_store::inspections::Inspection;
use ocop_store::papers as register;
use ocop_store::recognition::Certificate;
use serde_json::json;

use super::{about, opened, readable};
use crate::papers::{
    IssueInput, NewPaper, Paper, Signing, issue, names, of_office, of_record, read_signing, set, unit,
};
use crate::{App, AppError, Fields};

/// The record as a paper: the copy of record, or the draft while it has no number.
///
/// # Errors
/// Not found before the visit was made.
pub async fn inspection_record(app: &App, actor: &Actor, id: &InspectionId) -> Result<Paper, AppError> {
    let mut tx = app.db.read().await?;
    let (kept, certificate, _) = readable(&mut tx, actor, id).await?;
    if let Some(paper) = of_record(app, &mut tx, &about(id)).await? {
        return Ok(paper);
    }
    let sheet = sheet(app, &mut tx, &kept, &certificate, None).await?;
    drop(tx);
    set(app, "bien-ban-kiem-tra", &certificate.product, move |engine| {
        ocop_documents::inspection::render(engine, &sheet)
    })
    .await
}

/// The page on which the signed record takes its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InspectionIssue {
    /// The visit.
    pub kept: Inspection,
    /// The product.
    pub product: String,
    /// The form with the office's next number.
    pub input: IssueInput,
    /// The paper when it was entered before.
    pub already: Option<PaperId>,
}

/// The form that enters the signed record.
pub async fn inspection_issuing(
    app: &App,
    actor: &Actor,
    id: &InspectionId,
) -> Result<InspectionIssue, AppError> {
    let mut tx = app.db.read().await?;
    let (kept, certificate, _) = readable(&mut tx, actor, id).await?;
    let office = &certificate.province;
    let _ = policy::may(actor, Action::IssuePaper, &of_office(office))?;
    step(kept.state, InspectionEvent::Number)?;
    let symbol = register::last_symbol(&mut tx, office, PaperKind::Inspection).await?;
    let symbol = symbol.unwrap_or_else(|| PaperKind::Inspection.usual_symbol().to_owned());
    let next = register::next_number(&mut tx, office, app.today().year(), &symbol).await?;
    let head = kept.team.lines().next().unwrap_or_default().trim();
    Ok(InspectionIssue {
        already: register::about(&mut tx, &about(id)).await?.map(|paper| paper.id),
        input: IssueInput {
            number: format!("{next:02}/{symbol}"),
            signed_on: kept.record.as_ref().map(|record| date(record.held_on)).unwrap_or_default(),
            signed_by: format!("Trưởng đoàn, {head}"),
        },
        product: certificate.product,
        kept,
    })
}

/// Enters the signed record into the office's register of papers.
///
/// # Errors
/// Faults of the fields; a fault beside the number when it is taken.
pub async fn issue_inspection(
    app: &App,
    actor: &Actor,
    id: &InspectionId,
    input: &IssueInput,
) -> Result<PaperId, AppError> {
    let (mut tx, kept, certificate, _) = opened(app, actor, Action::Inspect, id).await?;
    let permit = policy::may(actor, Action::IssuePaper, &of_office(&certificate.province))?;
    step(kept.state, InspectionEvent::Number)?;
    let signing = read_signing(app, PaperKind::Inspection, input, Fields::new())?;
    let sheet = sheet(app, &mut tx, &kept, &certificate, Some(&signing)).await?;
    let details = json!({ "inspection": id, "number": signing.number.to_string(),
        "signed_on": signing.signed_on });
    let paper = NewPaper {
        office: certificate.province.clone(),
        kind: PaperKind::Inspection,
        about: about(id),
        title: format!("{}: {}", kept.kind.name(), certificate.product),
        signing,
        field: "number",
        content: Content::Inspection(sheet),
    };
    let paper = issue(app, &mut tx, actor, paper).await?;
    tx.commit(permit, app.now(), &details).await?;
    Ok(paper)
}

async fn sheet(
    app: &App,
    tx: &mut Tx,
    kept: &Inspection,
    certificate: &Certificate,
    signed: Option<&Signing>,
) -> Result<Sheet, AppError> {
    let record = kept.record.as_ref().ok_or(AppError::NotFound)?;
    let province = unit(tx, &certificate.province).await?;
    let product = ocop_store::products::find(tx, &certificate.product_id).await?.ok_or(AppError::NotFound)?;
    let producer = ocop_store::producers::find(tx, &product.producer_id).await?.ok_or(AppError::NotFound)?;
    let commune = unit(tx, &producer.commune).await?;
    let lines = |text: &str| -> Vec<String> {
        text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
    };
    let inspectors = lines(&kept.team);
    let head = inspectors.first().cloned();
    let code = product.code.map(|code| format!(", mã {code}")).unwrap_or_default();
    Ok(Sheet {
        letterhead: Letterhead {
            superior: Some(names::committee_head(&province)),
            issuer: "Đoàn kiểm tra sản phẩm OCOP".to_owned(),
            number: signed.map(|signed| signed.number.digits()),
            symbol: Some(signed.map_or_else(
                || PaperKind::Inspection.usual_symbol().to_owned(),
                |signed| signed.number.symbol.clone(),
            )),
            place_date: PlaceDate { place: names::place(&province), date: Some(record.held_on) },
        },
        subject: format!("{} sản phẩm OCOP sau công nhận", kept.kind.name()),
        began_at: record.began.map(|time| record.held_on.and_time(time)),
        ended_at: record.ended.map(|time| record.held_on.and_time(time)),
        place: record.place.clone(),
        bases: vec![format!("Quyết định số {}, Điều 9", app.regime_today()?.cite)],
        inspectors,
        present: lines(&record.present),
        product: format!("{}{code}", certificate.product),
        producer: certificate.producer.clone(),
        address: crate::producers::full_address(
            &producer.address,
            &names::in_sentence(&commune.name),
            &names::in_sentence(&province.name),
        ),
        certificate: format!(
            "{}, {} sao, đến {}",
            certificate.number,
            certificate.stars,
            date(certificate.valid_until)
        ),
        findings: record.findings.iter().map(finding).collect(),
        measures: record
            .measures
            .iter()
            .map(|measure| format!("{}: trước hết ngày {}", measure.text, date(measure.due_on)))
            .collect(),
        reply: Some(record.said.clone()).filter(|said| !said.is_empty()),
        copies: 2,
        producer_signature: Signature { authority: vec!["Đại diện chủ thể".to_owned()], name: None },
        inspector_signature: signed.map_or_else(
            || Signature { authority: vec!["Trưởng đoàn".to_owned()], name: head },
            |signed| names::signed_by(&signed.signed_by),
        ),
    })
}

fn finding(finding: &Finding) -> InspectionFinding {
    InspectionFinding {
        code: finding.code.clone(),
        name: finding.name.clone(),
        finding: finding.text.clone(),
        met: finding.met,
    }
}
