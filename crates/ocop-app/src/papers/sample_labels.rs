//! Labels for the samples of a dossier.

use ocop_core::id::DossierId;
use ocop_core::people::Actor;
use ocop_core::policy::{self, Action};
use ocop_core::samples::SampleState;
use ocop_documents::sample_labels::{SampleLabel, SampleLabels, render};

use super::{Paper, capital_host, set};
use crate::dossiers::{Head, facts};
use crate::{App, AppError};

/// The labels of all samples that are kept: for those who handle them.
///
/// # Errors
/// [`AppError::NotFound`] when none is kept.
pub async fn sample_labels(app: &App, actor: &Actor, id: &DossierId) -> Result<Paper, AppError> {
    let mut tx = app.db.read().await?;
    let facts = facts(&mut tx, actor, id).await?;
    let _ = policy::may(actor, Action::HandleSamples, &facts.subject)?;
    let mut kept = ocop_store::samples::of_dossier(&mut tx, id).await?;
    kept.retain(|one| one.state == SampleState::Stored);
    if kept.is_empty() {
        return Err(AppError::NotFound);
    }
    let head = Head::load(app, &mut tx, &facts.row).await?;
    drop(tx);
    let input = SampleLabels {
        product: head.product.clone(),
        producer: head.producer,
        receipt: facts.row.commune_receipt.map(|receipt| format!("Phiếu số {receipt}")).unwrap_or_default(),
        samples: kept
            .into_iter()
            .map(|one| SampleLabel { no: one.no, received_on: one.received_on, place: one.place })
            .collect(),
        url: format!("{}/dossiers/{id}/samples", capital_host(&app.base_url)),
    };
    set(app, "nhan-mau", &head.product, move |engine| render(engine, &input)).await
}
