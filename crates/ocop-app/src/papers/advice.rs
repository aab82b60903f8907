//! What the council's chair is told before the meeting: the advisory team's report, or for a re-evaluation the
//! office's own (26/2026/QĐ-TTg, Articles 7.3c and 7.6c); and the contents of what goes to the centre.

use ocop_core::id::DossierId;
use ocop_core::people::Actor;
use ocop_core::policy::{self, Action};
use ocop_core::time::{Instant, date};
use ocop_documents::report::{Column, Report, render};
use ocop_documents::{Letterhead, PlaceDate, Signature};
use ocop_store::Tx;
use ocop_store::councils::{AdvisoryReport, Finding};
use ocop_store::dossiers::FiledCheck;

use super::filed::Filed;
use super::{Paper, names, set};
use crate::centre::Packed;
use crate::dossiers::facts;
use crate::{App, AppError};

/// Whether there is such a report.
pub(crate) async fn has_advice(tx: &mut Tx, id: &DossierId) -> Result<bool, AppError> {
    Ok(ocop_store::councils::report(tx, id).await?.is_some()
        || ocop_store::dossiers::renewal_check(tx, id).await?.is_some())
}

/// The report to the chair, for the office and the council.
pub async fn advice(app: &App, actor: &Actor, id: &DossierId) -> Result<Paper, AppError> {
    let mut tx = app.db.read().await?;
    let facts = facts(&mut tx, actor, id).await?;
    let _ = policy::may(actor, Action::ReadFindings, &facts.subject)?;
    let report = ocop_store::councils::report(&mut tx, id).await?;
    let check = ocop_store::dossiers::renewal_check(&mut tx, id).await?;
    let findings = ocop_store::councils::findings(&mut tx, id).await?;
    let filed = Filed::submitted(app, &mut tx, facts.row).await?;
    drop(tx);
    let input = match (report, check) {
        (Some(report), _) => of_team(&filed, report, findings),
        (None, Some(check)) => of_office(&filed, check),
        (None, None) => return Err(AppError::NotFound),
    };
    let about = filed.told.product.name.clone();
    set(app, "bao-cao-tu-van", &about, move |engine| render(engine, &input)).await
}

fn column(name: &str, share: u8) -> Column {
    Column { name: name.to_owned(), share }
}

/// What both reports have in common.
fn to_chair(filed: &Filed, issuer: &str, at: Instant, signer: Signature) -> Report {
    let told = &filed.told;
    Report {
        letterhead: Letterhead {
            superior: Some(names::committee_head(&filed.province)),
            issuer: issuer.to_owned(),
            number: None,
            symbol: Some("BC".to_owned()),
            place_date: PlaceDate { place: names::place(&filed.province), date: Some(at.day()) },
        },
        title: "Báo cáo".to_owned(),
        subject: format!(
            "Kết quả xem xét hồ sơ sản phẩm {} của {}, {}",
            told.product.name,
            told.producer.name,
            names::in_sentence(&filed.round.name)
        ),
        addressees: vec!["Chủ tịch Hội đồng đánh giá, phân hạng sản phẩm OCOP".to_owned()],
        paragraphs: Vec::new(),
        columns: Vec::new(),
        rows: Vec::new(),
        conclusion: Vec::new(),
        signature: signer,
    }
}

fn of_team(filed: &Filed, report: AdvisoryReport, findings: Vec<Finding>) -> Report {
    let signer = Signature { authority: vec!["TM. Tổ tư vấn".to_owned()], name: Some(report.filer) };
    let name = |code: &str| filed.read.criterion(code).map(|one| one.name.clone()).unwrap_or_default();
    let written = findings.into_iter().filter(|one| !one.finding.is_empty());
    let rows: Vec<Vec<String>> =
        written.map(|one| vec![one.criterion.clone(), name(&one.criterion), one.finding]).collect();
    Report {
        paragraphs: vec![report.summary],
        columns: vec![column("Tiêu chí", 2), column("Nội dung", 5), column("Nhận xét", 7)],
        rows,
        conclusion: vec![format!("Đề nghị: {}", report.proposal)],
        ..to_chair(filed, "Tổ tư vấn đánh giá, phân hạng sản phẩm OCOP", report.filed_at, signer)
    }
}

fn of_office(filed: &Filed, check: FiledCheck) -> Report {
    let signer = Signature { authority: vec!["Cơ quan tham mưu".to_owned()], name: Some(check.checked_by) };
    let found = check.report;
    let mut paragraphs = vec![found.summary];
    if found.scale_changed {
        paragraphs.push("Quy mô sản xuất có thay đổi lớn so với lần công nhận trước.".to_owned());
    }
    if found.unclear {
        paragraphs.push("Minh chứng có nội dung chưa rõ.".to_owned());
    }
    if let Some(day) = found.visited_on {
        paragraphs.push(format!("Kiểm tra thực tế ngày {}: {}", date(day), found.visit));
    }
    Report {
        paragraphs,
        conclusion: vec![format!("Đề nghị: {}", found.proposal)],
        ..to_chair(filed, "Cơ quan tham mưu quản lý OCOP", check.filed_at, signer)
    }
}

/// The numbered list of what a province sends to the centre.
pub(crate) async fn contents(
    app: &App,
    actor: &Actor,
    id: &DossierId,
    packed: &[Packed],
) -> Result<Paper, AppError> {
    let mut tx = app.db.read().await?;
    let facts = facts(&mut tx, actor, id).await?;
    let _ = policy::may(actor, Action::SendToCentre, &facts.subject)?;
    let filed = Filed::submitted(app, &mut tx, facts.row).await?;
    drop(tx);
    let row =
        |one: &Packed| vec![one.no.to_string(), one.title.clone(), one.file.clone(), one.sha256.clone()];
    let input = Report {
        letterhead: Letterhead {
            superior: None,
            issuer: names::committee_head(&filed.province),
            number: None,
            symbol: None,
            place_date: PlaceDate { place: names::place(&filed.province), date: None },
        },
        title: "Mục lục hồ sơ".to_owned(),
        subject: format!(
            "Đề nghị trung ương đánh giá, phân hạng 5 sao sản phẩm {} của {}",
            filed.told.product.name, filed.told.producer.name
        ),
        addressees: Vec::new(),
        paragraphs: Vec::new(),
        columns: vec![column("TT", 1), column("Tài liệu", 6), column("Tệp", 5), column("SHA-256", 6)],
        rows: packed.iter().map(row).collect(),
        conclusion: vec![format!(
            "Hồ sơ gồm {} tệp. Mã SHA-256 của từng tệp cho phép kiểm tra tệp không bị thay đổi sau khi gửi",
            packed.len()
        )],
        signature: Signature { authority: Vec::new(), name: None },
    };
    let about = filed.told.product.name.clone();
    set(app, "muc-luc", &about, move |engine| render(engine, &input)).await
}
