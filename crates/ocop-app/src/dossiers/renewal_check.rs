//! The office checks a re-evaluation itself and reports to the chair: no advisory team is named for it
//! (26/2026/QĐ-TTg, Article 7.6c).

use ocop_core::dossiers::{Event, RenewalCheck, State, TEXT_LIMIT};
use ocop_core::id::DossierId;
use ocop_core::people::Actor;
use ocop_core::policy::{self, Action};
use ocop_core::time::date;
use ocop_store::db::Chain;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::facts::{advance, facts};
use super::view::Head;
use crate::{App, AppError, FieldFault, Fields};

/// The check as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RenewalCheckInput {
    /// `on`: the scale of production has changed much.
    pub scale_changed: String,
    /// `on`: papers are unclear.
    pub unclear: String,
    /// The day of the visit; empty for none.
    pub visited_on: String,
    /// What was found there.
    pub visit: String,
    /// What the dossier shows.
    pub summary: String,
    /// What is proposed.
    pub proposal: String,
}

impl From<&RenewalCheck> for RenewalCheckInput {
    fn from(check: &RenewalCheck) -> Self {
        let ticked = |yes: bool| if yes { "on".to_owned() } else { String::new() };
        Self {
            scale_changed: ticked(check.scale_changed),
            unclear: ticked(check.unclear),
            visited_on: check.visited_on.map(date).unwrap_or_default(),
            visit: check.visit.clone(),
            summary: check.summary.clone(),
            proposal: check.proposal.clone(),
        }
    }
}

impl RenewalCheckInput {
    fn read(&self, app: &App) -> Result<RenewalCheck, AppError> {
        let mut fields = Fields::new();
        let check = RenewalCheck {
            scale_changed: self.scale_changed == "on",
            unclear: self.unclear == "on",
            visited_on: fields.day("visited_on", &self.visited_on),
            visit: fields.optional("visit", &self.visit, TEXT_LIMIT),
            summary: fields.optional("summary", &self.summary, TEXT_LIMIT),
            proposal: fields.optional("proposal", &self.proposal, TEXT_LIMIT),
        };
        fields.done()?;
        let faults: Vec<FieldFault> = check
            .faults(app.today())
            .into_iter()
            .map(|fault| FieldFault::new(fault.field, fault.message))
            .collect();
        if faults.is_empty() { Ok(check) } else { Err(AppError::Invalid(faults)) }
    }
}

/// The page of the check.
#[derive(Debug, Clone, PartialEq)]
pub struct RenewalCheckView {
    /// The dossier.
    pub head: Head,
    /// What is kept, or empty.
    pub input: RenewalCheckInput,
    /// Who filed it and when; empty before.
    pub filed: String,
    /// Whether the reader can file it now.
    pub open: bool,
}

/// The page of the check: for the office, and once it is filed for the council too.
pub async fn renewal_check(app: &App, actor: &Actor, id: &DossierId) -> Result<RenewalCheckView, AppError> {
    let mut tx = app.db.read().await?;
    let facts = facts(&mut tx, actor, id).await?;
    let _ = policy::may(actor, Action::ReadFindings, &facts.subject)?;
    let kept = ocop_store::dossiers::renewal_check(&mut tx, id).await?;
    let is_open = facts.row.state == State::Checking;
    if kept.is_none() && !is_open {
        return Err(AppError::NotFound);
    }
    Ok(RenewalCheckView {
        head: Head::load(app, &mut tx, &facts.row).await?,
        open: is_open && policy::may(actor, Action::CheckRenewal, &facts.subject).is_ok(),
        filed: kept
            .as_ref()
            .map(|kept| format!("{}, {}", kept.checked_by, kept.filed_at.written()))
            .unwrap_or_default(),
        input: kept.map(|kept| RenewalCheckInput::from(&kept.report)).unwrap_or_default(),
    })
}

/// Files the check: the dossier waits for the council's opinions.
///
/// # Errors
/// Faults beside their fields; a refusal when the dossier is not being checked.
pub async fn file_renewal_check(
    app: &App,
    actor: &Actor,
    id: &DossierId,
    input: &RenewalCheckInput,
) -> Result<(), AppError> {
    let mut tx = app.db.write(Chain::of("dossier", id)).await?;
    let facts = facts(&mut tx, actor, id).await?;
    let permit = policy::may(actor, Action::CheckRenewal, &facts.subject)?;
    let check = input.read(app)?;
    advance(app, &mut tx, &facts.row, Event::FileCheck).await?;
    ocop_store::dossiers::put_renewal_check(&mut tx, id, &check, &actor.person, app.now()).await?;
    tx.commit(permit, app.now(), &json!({ "check": check })).await?;
    Ok(())
}
