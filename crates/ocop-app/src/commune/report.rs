//! Form 03: the commune's report, pre-filled with the producer's own words.

use ocop_core::id::DossierId;
use ocop_core::people::Actor;
use ocop_core::policy::{self, Action};
use ocop_core::rules::{Criterion, ProductSet};
use ocop_core::scoring::Choice;
use ocop_core::text::fold;
use ocop_store::db::Chain;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    CommuneReport, CompositionPaper, DossierSummary, PaperCheck, TEXT_LIMIT, kept_report, must_be_here,
    summary,
};
use crate::dossiers::{Snapshot, facts};
use crate::rounds::Due;
use crate::{App, AppError, FieldFault, Fields};

/// What an officer types into form 03.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReportInput {
    /// Codes of the papers ticked as present.
    pub present: Vec<String>,
    /// Remark on form 01.
    pub remark_form01: String,
    /// Remark on form 02.
    pub remark_form02: String,
    /// Remark on the evidence.
    pub remark_evidence: String,
    /// Remark on the samples.
    pub remark_samples: String,
    /// II.1, the producer's words.
    pub material_claim: String,
    /// II.1, the finding.
    pub material_finding: String,
    /// II.2, the producer's words.
    pub labour_claim: String,
    /// II.2, the finding.
    pub labour_finding: String,
    /// II.3.
    pub idea_finding: String,
    /// II.4.
    pub identity_finding: String,
    /// The meeting, if any.
    pub meeting_note: String,
    /// The conclusion.
    pub conclusion: String,
    /// The version that was on the page; `0` before the first save.
    pub version: String,
    /// `propose` to go on to the proposal after saving.
    pub then: String,
}

impl ReportInput {
    /// What the form starts from.
    pub fn of(report: &CommuneReport, version: i64) -> Self {
        let mut input = Self {
            material_claim: report.material_claim.clone(),
            material_finding: report.material_finding.clone(),
            labour_claim: report.labour_claim.clone(),
            labour_finding: report.labour_finding.clone(),
            idea_finding: report.idea_finding.clone(),
            identity_finding: report.identity_finding.clone(),
            meeting_note: report.meeting_note.clone(),
            conclusion: report.conclusion.clone(),
            version: version.to_string(),
            ..Self::default()
        };
        for line in &report.composition {
            *input.remark_mut(line.paper) = line.remark.clone();
            if line.present {
                input.present.push(line.paper.code().to_owned());
            }
        }
        input
    }

    /// The remark on a paper.
    pub fn remark(&self, paper: CompositionPaper) -> &str {
        match paper {
            CompositionPaper::Form01 => &self.remark_form01,
            CompositionPaper::Form02 => &self.remark_form02,
            CompositionPaper::Evidence => &self.remark_evidence,
            CompositionPaper::Samples => &self.remark_samples,
        }
    }

    fn remark_mut(&mut self, paper: CompositionPaper) -> &mut String {
        match paper {
            CompositionPaper::Form01 => &mut self.remark_form01,
            CompositionPaper::Form02 => &mut self.remark_form02,
            CompositionPaper::Evidence => &mut self.remark_evidence,
            CompositionPaper::Samples => &mut self.remark_samples,
        }
    }

    /// Whether a paper is ticked as present.
    pub fn has(&self, paper: CompositionPaper) -> bool {
        self.present.iter().any(|code| code == paper.code())
    }
}

/// The papers to look for: samples only where the set asks for them.
fn papers_of(set: &ProductSet) -> Vec<CompositionPaper> {
    CompositionPaper::ALL
        .iter()
        .copied()
        .filter(|paper| *paper != CompositionPaper::Samples || set.samples > 0)
        .collect()
}

fn read(input: &ReportInput, set: &ProductSet) -> Result<CommuneReport, AppError> {
    let mut fields = Fields::new();
    let composition = papers_of(set)
        .into_iter()
        .map(|paper| PaperCheck {
            paper,
            present: input.has(paper),
            remark: fields.optional(&format!("remark_{}", paper.code()), input.remark(paper), 1_000),
        })
        .collect();
    let mut text = |field: &str, typed: &str| fields.optional(field, typed, TEXT_LIMIT);
    let report = CommuneReport {
        composition,
        material_claim: text("material_claim", &input.material_claim),
        material_finding: text("material_finding", &input.material_finding),
        labour_claim: text("labour_claim", &input.labour_claim),
        labour_finding: text("labour_finding", &input.labour_finding),
        idea_finding: text("idea_finding", &input.idea_finding),
        identity_finding: text("identity_finding", &input.identity_finding),
        meeting_note: text("meeting_note", &input.meeting_note),
        conclusion: text("conclusion", &input.conclusion),
    };
    fields.done()?;
    Ok(report)
}

/// Keeps form 03 as far as it is written; the new version.
pub async fn save_report(
    app: &App,
    actor: &Actor,
    id: &DossierId,
    input: &ReportInput,
) -> Result<i64, AppError> {
    let mut tx = app.db.write(Chain::of("dossier", id)).await?;
    let facts = facts(&mut tx, actor, id).await?;
    let permit = policy::may(actor, Action::WriteCommuneReport, &facts.subject)?;
    must_be_here(&facts.row)?;
    let set = app.pinned(&mut tx, &facts.row.ruleset).await?;
    let report = read(input, &set)?;
    let kept = kept_report(&mut tx, id).await?.map_or(0, |(_, version)| version);
    let text = serde_json::to_string(&report).map_err(|_| ocop_store::StoreError::Column("report"))?;
    let fresh = input.version == kept.to_string()
        && ocop_store::dossiers::save_commune_report(&mut tx, id, &text, app.now(), kept).await?;
    if !fresh {
        return Err(crate::stale::stale(&mut tx, &format!("dossier:{id}"), super::saved_report).await?);
    }
    tx.commit(permit, app.now(), &json!({ "report": kept + 1, "lacks": report.lacks().len() })).await?;
    Ok(kept + 1)
}

/// What the page of form 03 shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportView {
    /// The dossier as submitted.
    pub dossier: DossierSummary,
    /// The papers to look for.
    pub papers: Vec<CompositionPaper>,
    /// The report as kept, or as pre-filled.
    pub report: CommuneReport,
    /// The same as the form starts from.
    pub input: ReportInput,
    /// Its version; 0 before the first save.
    pub version: i64,
    /// What keeps the commune from proposing.
    pub lacks: Vec<FieldFault>,
    /// The commune's deadline.
    pub due: Option<Due>,
    /// Whether the reader may write, return and propose now.
    pub may_write: bool,
}

/// The page of form 03: for the commune that writes it, and for province and council to read.
pub async fn report(app: &App, actor: &Actor, id: &DossierId) -> Result<ReportView, AppError> {
    let mut tx = app.db.read().await?;
    let facts = facts(&mut tx, actor, id).await?;
    let writes = policy::may(actor, Action::WriteCommuneReport, &facts.subject);
    if writes.is_err() {
        let _ = policy::may(actor, Action::ReadFindings, &facts.subject)?;
    }
    let snapshot = Snapshot::latest(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    let set = app.shown(&mut tx, &facts.row.province, &facts.row.ruleset).await?;
    let (report, version) = match kept_report(&mut tx, id).await? {
        Some(kept) => kept,
        None => (prefilled(&set, &snapshot), 0),
    };
    Ok(ReportView {
        dossier: summary(app, &mut tx, &facts.row, &snapshot, &set).await?,
        papers: papers_of(&set),
        lacks: report.lacks(),
        input: ReportInput::of(&report, version),
        report,
        version,
        due: facts.row.commune_due_on.map(|day| app.due(day)),
        may_write: writes.is_ok() && must_be_here(&facts.row).is_ok(),
    })
}

/// A fresh report: what was submitted here is there, and the producer's words on raw materials
/// and labour stand where the form repeats them.
fn prefilled(set: &ProductSet, snapshot: &Snapshot) -> CommuneReport {
    let composition = papers_of(set)
        .into_iter()
        .map(|paper| PaperCheck {
            paper,
            present: match paper {
                CompositionPaper::Form01 | CompositionPaper::Form02 => true,
                CompositionPaper::Evidence => !snapshot.citations.is_empty(),
                // As form 01 tells; the page asks the officer to count them.
                CompositionPaper::Samples => snapshot.form.samples >= set.samples,
            },
            remark: String::new(),
        })
        .collect();
    let mut material_claim = claim(set, snapshot, "nguyen lieu");
    if material_claim.is_empty() {
        material_claim.clone_from(&snapshot.form.materials_and_technology);
    }
    CommuneReport {
        composition,
        material_claim,
        labour_claim: claim(set, snapshot, "lao dong"),
        ..CommuneReport::default()
    }
}

/// The producer's words on the criteria whose title has these words: their descriptions, or the
/// levels they chose where they wrote none.
fn claim(set: &ProductSet, snapshot: &Snapshot, words: &str) -> String {
    let told: Vec<String> = set
        .criteria()
        .filter(|criterion| fold(&criterion.name).contains(&format!(" {words}")))
        .filter_map(|criterion| words_on(criterion, snapshot.sheet.choices.get(&criterion.code)?))
        .collect();
    told.join("\n")
}

fn words_on(criterion: &Criterion, choice: &Choice) -> Option<String> {
    let note = choice.note.as_deref().map(str::trim).filter(|note| !note.is_empty());
    note.map(str::to_owned).or_else(|| {
        let level = criterion.alternative(choice.alternative)?.level(choice.level)?;
        Some(format!("Tự đánh giá ({} {}): {}", criterion.code, criterion.name, level.text))
    })
}
