//! What the dossier still lacks, and its submission: an immutable snapshot goes to the commune,
//! or back to the province that asked for completion.

use chrono::{Datelike, NaiveDate};
use ocop_core::dossiers::{Event, Lack, LackKind, State, lacking_papers, lacks, receipt_number};
use ocop_core::evidence::{pages, term};
use ocop_core::id::DossierId;
use ocop_core::people::Actor;
use ocop_core::policy::Action;
use ocop_core::rules::ProductSet;
use ocop_core::time::date;
use ocop_store::db::Chain;
use ocop_store::dossiers::Dossier;
use ocop_store::{Tx, dossiers, evidence, rounds};
use serde_json::json;

use super::assessment::{Live, cited_codes};
use super::cite::result_by;
use super::facts::{advance, owned};
use super::snapshot::{Snapshot, SnapshotCitation, draft_citations};
use super::view::Head;
use crate::rounds::must_take;
use crate::rules::regime_name;
use crate::{App, AppError, Refusal};

/// What the draft of a dossier lacks: what the core asks for, what its regime's list of papers does, pages that a cited
/// paper has not, and a warning for every cited paper whose last day has passed, or passes before the result is due or
/// soon after.
pub async fn submission_lacks(app: &App, tx: &mut Tx, row: &Dossier) -> Result<Vec<Lack>, AppError> {
    let set = app.shown(tx, &row.province, &row.ruleset).await?;
    let cited = cited_codes(&evidence::citations_of(tx, &row.id).await?);
    let mut found = lacks(&set, row.kind, &row.form, &row.sheet, &cited);
    let (today, result_by) = (app.today(), result_by(tx, row).await?);
    let citations = draft_citations(app, tx, row).await?;
    let kinds: Vec<_> = citations.iter().map(|citation| citation.kind).collect();
    found.extend(lacking_papers(app.evidence_list(&row.regime)?, &kinds));
    for citation in &citations {
        found.extend(wrong_pages(tx, citation).await?);
        let told = term(citation.expires_on, today, result_by).told();
        if !told.is_empty() {
            found.push(of_citation(LackKind::Should, citation, &format!("{told}.")));
        }
    }
    Ok(found)
}

fn of_citation(kind: LackKind, citation: &SnapshotCitation, told: &str) -> Lack {
    let SnapshotCitation { criterion, title, .. } = citation;
    let message = format!("{criterion}: «{title}» {told}");
    Lack { kind, place: format!("criterion:{criterion}"), message }
}

/// Pages that the paper has not: it was cited before anybody had counted them.
async fn wrong_pages(tx: &mut Tx, citation: &SnapshotCitation) -> Result<Option<Lack>, AppError> {
    let count = match citation.pages.as_str() {
        "" => None,
        _ => evidence::find(tx, &citation.evidence_id).await?.and_then(|paper| paper.pages),
    };
    let wrong = pages(&citation.pages, count).err();
    Ok(wrong.map(|wrong| of_citation(LackKind::Must, citation, &format!("viện dẫn sai trang. {wrong}"))))
}

/// The page before submitting.
#[derive(Debug, Clone, PartialEq)]
pub struct SubmitView {
    /// The dossier.
    pub head: Head,
    /// What keeps it from being submitted.
    pub must: Vec<Lack>,
    /// What officers and councils usually ask for.
    pub should: Vec<Lack>,
    /// The self-assessment's points and stars.
    pub live: Live,
    /// How many different papers are cited.
    pub papers: usize,
    /// Who receives it: `UBND Xã Bình Liêu`.
    pub receiver: String,
    /// The commune's last day if it is submitted today; `None` when it goes back to the province.
    pub due: Option<String>,
    /// Whether it can be submitted now (it is with the producer).
    pub open: bool,
}

/// The page before submitting, for the producer.
pub async fn submit_page(app: &App, actor: &Actor, id: &DossierId) -> Result<SubmitView, AppError> {
    let mut tx = app.db.read().await?;
    let (facts, _) = owned(&mut tx, actor, Action::SubmitDossier, id).await?;
    let row = facts.row;
    let set = app.shown(&mut tx, &row.province, &row.ruleset).await?;
    let found = submission_lacks(app, &mut tx, &row).await?;
    let (must, should) = found.into_iter().partition(|lack| lack.kind == LackKind::Must);
    let mut papers: Vec<_> =
        evidence::citations_of(&mut tx, id).await?.into_iter().map(|citation| citation.evidence_id).collect();
    papers.sort();
    papers.dedup();
    let to_province = row.state == State::Completing;
    let unit = if to_province { &row.province } else { &row.commune };
    let receiver = ocop_store::units::find(&mut tx, unit).await?.map(|unit| unit.name).unwrap_or_default();
    let due = if to_province { None } else { commune_due(app, &row, app.today())? };
    Ok(SubmitView {
        head: Head::load(app, &mut tx, &row).await?,
        must,
        should,
        live: Live::new(&set, &row.sheet)?,
        papers: papers.len(),
        receiver: format!("UBND {receiver}"),
        due: due.map(date),
        open: row.state.is_with_producer(),
    })
}

/// The commune's last day for a dossier received on `from` (Article 7.2; the days are the rules'); none under
/// rules that set no days, as those before Decision 26/2026.
fn commune_due(app: &App, row: &Dossier, from: NaiveDate) -> Result<Option<NaiveDate>, AppError> {
    let days = app.process(&row.regime)?.commune_working_days();
    Ok(days.map(|days| app.calendar.after_working_days(from, days)))
}

/// Submits the dossier: from here on officers read this snapshot. Returns where the dossier is now.
///
/// # Errors
/// A refusal with the number of lacks, when something that the form asks for is missing; when the
/// round is closed; when the dossier is not with its producer.
pub async fn submit(app: &App, actor: &Actor, id: &DossierId) -> Result<State, AppError> {
    let mut tx = app.db.write(Chain::of("dossier", id)).await?;
    let (facts, permit) = owned(&mut tx, actor, Action::SubmitDossier, id).await?;
    let row = facts.row;
    let state = advance(app, &mut tx, &row, Event::Submit).await?;
    if row.submission_id.is_none() {
        let round = rounds::find(&mut tx, &row.round_id).await?.ok_or(AppError::NotFound)?;
        must_take(&round, app.today())?;
        must_be_in_force(app, &row)?;
    }
    let set = app.pinned(&mut tx, &row.ruleset).await?;
    must_be_complete(app, &mut tx, &row, &set).await?;
    let receipt = if state == State::AtCommune { Some(receive(app, &mut tx, &row).await?) } else { None };
    let snapshot = Snapshot::of_draft(app, &mut tx, &row).await?;
    let hash = snapshot.keep(app, &mut tx, id).await?;
    tx.commit(permit, app.now(), &json!({ "submission": hash, "receipt": receipt, "state": state })).await?;
    Ok(state)
}

/// What is filed from a regime's first day on is filed under it: a draft of the rules before does not go on
/// (26/2026/QĐ-TTg, Article 12.2 speaks of what was filed before).
fn must_be_in_force(app: &App, row: &Dossier) -> Result<(), AppError> {
    let regime = app.regime_today()?;
    if regime.id == row.regime {
        return Ok(());
    }
    Err(Refusal::because(format!(
        "Hồ sơ này lập theo quy định cũ nhưng chưa nộp trước ngày {}, khi {} có hiệu lực. Hãy rút hồ sơ này rồi lập \
         hồ sơ mới cho sản phẩm; giấy tờ đã tải lên vẫn dùng được.",
        date(regime.in_force_from),
        regime_name(regime)
    )))
}

async fn must_be_complete(app: &App, tx: &mut Tx, row: &Dossier, set: &ProductSet) -> Result<(), AppError> {
    row.sheet.check(set)?;
    let missing = submission_lacks(app, tx, row).await?;
    let missing = missing.iter().filter(|lack| lack.kind == LackKind::Must).count();
    if missing == 0 { Ok(()) } else { Err(Refusal::Lacks(missing).into()) }
}

/// The commune's receipt and its deadline.
///
/// A dossier that comes again after a return keeps its first receipt.
async fn receive(app: &App, tx: &mut Tx, row: &Dossier) -> Result<String, AppError> {
    let today = app.today();
    ocop_store::units::hold(tx, &row.commune).await?;
    let receipt = match &row.commune_receipt {
        Some(kept) => kept.clone(),
        None => {
            let year = |month, day| NaiveDate::from_ymd_opt(today.year(), month, day).unwrap_or(today);
            let given = dossiers::communes_receipts(tx, &row.commune, year(1, 1), year(12, 31)).await?;
            receipt_number(given + 1, &row.province, &row.commune, today.year())
        }
    };
    dossiers::receive_at_commune(tx, &row.id, today, commune_due(app, row, today)?, &receipt).await?;
    Ok(receipt)
}
