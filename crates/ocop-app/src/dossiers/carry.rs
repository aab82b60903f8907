//! A later dossier begins with the one that its product was recognised by: nothing is typed twice, and
//! what has changed since is found.

use ocop_core::dossiers::{CitedPaper, DossierKind, State, Statement, carried_form, changes};
use ocop_core::evidence::pages;
use ocop_core::rules::ProductSet;
use ocop_store::dossiers::Dossier;
use ocop_store::evidence::Citation;
use ocop_store::{Tx, dossiers};

use super::snapshot::Snapshot;
use crate::evidence::newest;
use crate::{App, AppError};

/// What the product was recognised by, before a dossier of it; `None` where that stands on paper.
async fn basis(tx: &mut Tx, later: &Dossier) -> Result<Option<Snapshot>, AppError> {
    let kept = dossiers::of_product(tx, &later.product_id).await?;
    match kept.into_iter().find(|row| row.id < later.id && row.state == State::Recognised) {
        Some(row) => Snapshot::latest(tx, &row.id).await,
        None => Ok(None),
    }
}

/// Puts what was told before into a dossier that is being opened, and cites the papers that are still in
/// the vault, each in its newest version. Levels and citations go over only within one product set: another one asks other things.
/// Whether there was anything to take over.
pub(super) async fn carry(
    tx: &mut Tx,
    later: &mut Dossier,
    set: &ProductSet,
) -> Result<Vec<Citation>, AppError> {
    let Some(before) = basis(tx, later).await? else { return Ok(Vec::new()) };
    let now = later.form.clone();
    later.form = carried_form(&before.form, set.samples);
    // What the register says was perhaps told later than the dossier.
    for (field, register) in
        [(&mut later.form.history, now.history), (&mut later.form.structure, now.structure)]
    {
        if !register.is_empty() {
            *field = register;
        }
    }
    if before.ruleset != later.ruleset {
        return Ok(Vec::new());
    }
    later.sheet = before.sheet;
    let mut cited = Vec::new();
    for one in before.citations {
        let Some(paper) = newest(tx, &one.evidence_id).await? else { continue };
        // A new version may have fewer pages; then the whole paper is cited.
        let pages = pages(&one.pages, paper.pages).unwrap_or_default();
        let citation = Citation { criterion: one.criterion, evidence_id: paper.id, pages };
        if !cited.iter().any(|kept: &Citation| {
            kept.criterion == citation.criterion && kept.evidence_id == citation.evidence_id
        }) {
            cited.push(citation);
        }
    }
    Ok(cited)
}

/// What differs between the draft of an upgrade or a re-evaluation and what the product was recognised by.
pub(super) async fn changes_since(app: &App, tx: &mut Tx, row: &Dossier) -> Result<Vec<String>, AppError> {
    if row.kind == DossierKind::First {
        return Ok(Vec::new());
    }
    let Some(before) = basis(tx, row).await? else { return Ok(Vec::new()) };
    let now = Snapshot::of_draft(app, tx, row).await?;
    let set = app.shown(tx, &row.province, &row.ruleset).await?;
    let (old, new) = (papers(&before), papers(&now));
    Ok(changes(&set, &statement(&before, &old, &row.ruleset), &statement(&now, &new, &row.ruleset)))
}

fn papers(told: &Snapshot) -> Vec<CitedPaper> {
    let cited = told.citations.iter();
    cited
        .map(|one| CitedPaper {
            kind: one.kind,
            title: one.title.clone(),
            number: one.number.clone(),
            file_hash: one.file_hash.clone(),
        })
        .collect()
}

fn statement<'a>(told: &'a Snapshot, papers: &'a [CitedPaper], ruleset: &str) -> Statement<'a> {
    Statement {
        description: &told.product.description,
        packaging: &told.product.packaging,
        standard: &told.product.standard,
        form: &told.form,
        sheet: (told.ruleset == ruleset).then_some(&told.sheet),
        papers,
    }
}
