//! Papers of the vault cited for a criterion, and taken back.

use axum::Form;
use axum::extract::State;
use ocop_app::dossiers::{self, CiteInput};
use ocop_app::{App, AppError};
use ocop_core::id::DossierId;
use serde::Deserialize;

use super::evidence::{Place, refused};
use crate::page::{Id, Outcome, is_for_the_form, see_other};
use crate::viewer::SignedIn;

/// A citation and the page it was made on.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Sent {
    criterion: String,
    evidence: String,
    #[serde(alias = "vault_pages")]
    pages: String,
    back: String,
}

/// Cites a paper, or changes its pages.
pub async fn cite(
    State(app): State<App>,
    signed: SignedIn,
    Id(id): Id<DossierId>,
    Form(sent): Form<Sent>,
) -> Outcome {
    let place = Place::read(&sent.criterion, &sent.back);
    let input = CiteInput { criterion: sent.criterion, evidence: sent.evidence, pages: sent.pages };
    match dossiers::cite(&app, &signed.actor, &id, &input).await {
        Ok(()) => Ok(see_other(&format!("{}?done=saved#papers", place.path(&id)))),
        Err(error) if is_for_the_form(&error) => Ok(refused(&app, &signed, &id, &place, &error).await?),
        Err(error) => Err(error.into()),
    }
}

/// Takes a citation back; the paper stays in the vault.
pub async fn uncite(
    State(app): State<App>,
    signed: SignedIn,
    Id(id): Id<DossierId>,
    Form(sent): Form<Sent>,
) -> Outcome {
    let place = Place::read(&sent.criterion, &sent.back);
    let paper = sent.evidence.parse().map_err(|_| AppError::NotFound)?;
    match dossiers::uncite(&app, &signed.actor, &id, &sent.criterion, &paper).await {
        Ok(()) => Ok(see_other(&format!("{}?done=removed#papers", place.path(&id)))),
        Err(error) if is_for_the_form(&error) => Ok(refused(&app, &signed, &id, &place, &error).await?),
        Err(error) => Err(error.into()),
    }
}
