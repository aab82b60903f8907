//! What the commune does with a dossier within its 15 working days (26/2026/QĐ-TTg, Article 7.2):
//! checks its composition, writes form 03, returns it with reasons or proposes it to the province.

mod inbox;
mod report;
mod summary;
#[cfg(test)]
pub(crate) mod tests;

pub use inbox::{Inbox, InboxFilter, InboxRow, inbox};
pub use report::{ReportInput, ReportView, report, save_report};
pub use summary::{DossierSummary, ReturnLine, SummaryPaper, SummaryPart};

pub(crate) use summary::summary;

use chrono::Datelike;
use ocop_core::coded;
use ocop_core::dossiers::{Event, State, product_code};
use ocop_core::id::DossierId;
use ocop_core::people::Actor;
use ocop_core::policy::{self, Action};
use ocop_store::Tx;
use ocop_store::db::Chain;
use ocop_store::dossiers::{Dossier, Return};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::dossiers::{advance, facts};
use crate::{App, AppError, FieldFault, Fields, Refusal};

/// The longest text of one field of form 03, in letters.
const TEXT_LIMIT: usize = 10_000;

coded! {
    /// What a dossier is made of when it leaves the commune (Articles 6.1 and 6.2).
    CompositionPaper {
        /// Form 01.
        Form01 = "form01", "Phiếu đăng ký đánh giá, phân hạng sản phẩm (mẫu 01)";
        /// Form 02.
        Form02 = "form02", "Báo cáo tự đánh giá về sản phẩm (mẫu 02)";
        /// The papers that form 02 cites.
        Evidence = "evidence", "Tài liệu minh chứng theo Bộ tiêu chí";
        /// Samples; none for tourism.
        Samples = "samples", "Sản phẩm mẫu do chủ thể cung cấp";
    }
}

/// One line of the composition check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperCheck {
    /// What is looked for.
    pub paper: CompositionPaper,
    /// Whether it is there.
    pub present: bool,
    /// What is to be said about it; may be empty.
    #[serde(default)]
    pub remark: String,
}

/// Form 03 (Annex III) with the composition check that comes before it. The form itself has no
/// field for composition, meeting and conclusion; they go to the province beside it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CommuneReport {
    /// The composition check.
    pub composition: Vec<PaperCheck>,
    /// II.1: what the producer says about local raw materials and origin.
    pub material_claim: String,
    /// II.1: what the commune finds.
    pub material_finding: String,
    /// II.2: what the producer says about local labour.
    pub labour_claim: String,
    /// II.2: what the commune finds.
    pub labour_finding: String,
    /// II.3: where the idea of the product comes from.
    pub idea_finding: String,
    /// II.4: local identity and knowledge.
    pub identity_finding: String,
    /// The meeting that the chairman called, where he did (Article 7.2a); may be empty.
    pub meeting_note: String,
    /// What the commune concludes; may be empty.
    pub conclusion: String,
}

impl CommuneReport {
    /// What keeps the commune from proposing: each beside the field where it is mended.
    pub fn lacks(&self) -> Vec<FieldFault> {
        let findings = [
            (
                "material_finding",
                &self.material_finding,
                "Ghi đánh giá thực tế về nguyên liệu địa phương, nguồn gốc sản phẩm.",
            ),
            ("labour_finding", &self.labour_finding, "Ghi đánh giá thực tế về sử dụng lao động địa phương."),
            ("idea_finding", &self.idea_finding, "Ghi nhận xét về nguồn gốc ý tưởng sản phẩm."),
            ("identity_finding", &self.identity_finding, "Ghi nhận xét về bản sắc, trí tuệ địa phương."),
        ];
        let unexplained =
            self.composition.iter().filter(|line| !line.present && line.remark.is_empty()).map(|line| {
                FieldFault::new(
                    format!("remark_{}", line.paper.code()),
                    format!(
                        "Chưa có «{}». Ghi rõ lý do, hoặc trả lại hồ sơ để chủ thể bổ sung.",
                        line.paper.name()
                    ),
                )
            });
        unexplained
            .chain(
                findings
                    .into_iter()
                    .filter(|(_, text, _)| text.is_empty())
                    .map(|(field, _, message)| FieldFault::new(field, message)),
            )
            .collect()
    }
}

/// The kept report of a dossier with its version; an empty one with version 0 before the first save.
pub(crate) async fn kept_report(
    tx: &mut Tx,
    id: &DossierId,
) -> Result<Option<(CommuneReport, i64)>, AppError> {
    let Some((text, version)) = ocop_store::dossiers::commune_report(tx, id).await? else { return Ok(None) };
    let report = serde_json::from_str(&text).map_err(|_| ocop_store::StoreError::Column("report"))?;
    Ok(Some((report, version)))
}

/// Refuses what only the commune's turn allows.
fn must_be_here(row: &Dossier) -> Result<(), AppError> {
    if row.state == State::AtCommune {
        return Ok(());
    }
    Err(Refusal::because(format!(
        "Hồ sơ đang ở bước «{}», không còn ở cấp xã, nên không thay đổi được. Hãy tải lại trang để xem hồ sơ.",
        row.state.name()
    )))
}

/// What an entry says about form 03.
fn saved_report(data: &serde_json::Value) -> Option<String> {
    data.get("lacks").map(|_| "báo cáo cấp xã (mẫu 03)".to_owned())
}

/// What an officer types to return a dossier.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReturnInput {
    /// What is to be mended.
    pub reasons: String,
}

/// Returns the dossier to its producer with reasons.
pub async fn return_dossier(
    app: &App,
    actor: &Actor,
    id: &DossierId,
    input: &ReturnInput,
) -> Result<(), AppError> {
    let mut tx = app.db.write(Chain::of("dossier", id)).await?;
    let facts = facts(&mut tx, actor, id).await?;
    let permit = policy::may(actor, Action::ReturnFromCommune, &facts.subject)?;
    let mut fields = Fields::new();
    let reasons = fields.required(
        "reasons",
        &input.reasons,
        TEXT_LIMIT,
        "Ghi rõ cần sửa hoặc bổ sung những gì, để chủ thể biết việc phải làm.",
    );
    fields.done()?;
    advance(app, &mut tx, &facts.row, Event::ReturnByCommune).await?;
    let back = Return {
        level: "commune".to_owned(),
        reasons: reasons.clone(),
        due_on: None,
        returned_at: app.now(),
        returned_by: actor.name.clone(),
    };
    ocop_store::dossiers::put_return(&mut tx, id, &back).await?;
    tx.commit(permit, app.now(), &json!({ "reasons": reasons })).await?;
    Ok(())
}

/// Proposes the dossier to the province with form 03 as the officer saw it (`version`), and gives
/// the product its code if it has none.
pub async fn propose(app: &App, actor: &Actor, id: &DossierId, version: i64) -> Result<(), AppError> {
    let mut tx = app.db.write(Chain::of("dossier", id)).await?;
    let facts = facts(&mut tx, actor, id).await?;
    let permit = policy::may(actor, Action::ProposeToProvince, &facts.subject)?;
    must_be_here(&facts.row)?;
    let (report, kept) = kept_report(&mut tx, id).await?.unwrap_or_default();
    if kept != version {
        return Err(crate::stale::stale(&mut tx, &format!("dossier:{id}"), saved_report).await?);
    }
    let lacks = report.lacks();
    if !lacks.is_empty() {
        return Err(AppError::Invalid(lacks));
    }
    advance(app, &mut tx, &facts.row, Event::Propose).await?;
    ocop_store::dossiers::propose(&mut tx, id, app.today()).await?;
    let code = give_code(app, &mut tx, &facts.row).await?;
    tx.commit(permit, app.now(), &json!({ "report": kept, "product_code": code })).await?;
    Ok(())
}

/// Gives the product its code with the commune's next serial; the code it has when it has one.
async fn give_code(app: &App, tx: &mut Tx, row: &Dossier) -> Result<String, AppError> {
    let product = ocop_store::products::find(tx, &row.product_id).await?.ok_or(AppError::NotFound)?;
    if let Some(code) = product.code {
        return Ok(code);
    }
    let given = ocop_store::products::codes_in_commune(tx, &row.commune).await?;
    let code =
        product_code(&row.province, &row.commune, next_serial(&given, &row.commune), app.today().year());
    ocop_store::products::give_code(tx, &row.product_id, &code).await?;
    Ok(code)
}

/// One more than the highest serial among the codes of a commune.
fn next_serial(codes: &[String], commune: &str) -> i64 {
    let serial = |code: &String| {
        let mut parts = code.split('-').skip(1);
        (parts.next() == Some(commune)).then(|| parts.next()?.parse::<i64>().ok()).flatten()
    };
    codes.iter().filter_map(serial).max().unwrap_or(0) + 1
}
