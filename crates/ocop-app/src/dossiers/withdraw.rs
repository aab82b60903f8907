//! The producer takes a dossier back before the council scores it.

use ocop_core::centre::Answer;
use ocop_core::dossiers::Event;
use ocop_core::id::DossierId;
use ocop_core::people::Actor;
use ocop_core::policy::Action;
use ocop_core::recognition::Instance;
use ocop_store::db::Chain;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::facts::{advance, instance, owned};
use super::view::Head;
use crate::centre::{answer, without_result};
use crate::{App, AppError, Fields};

/// Why, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct WithdrawInput {
    /// The reason.
    pub reason: String,
}

/// The page before withdrawing, for the producer.
pub async fn withdraw_page(app: &App, actor: &Actor, id: &DossierId) -> Result<Head, AppError> {
    let mut tx = app.db.read().await?;
    let (facts, _) = owned(&mut tx, actor, Action::WithdrawDossier, id).await?;
    ocop_core::dossiers::step(facts.row.state, Event::Withdraw)?;
    Head::load(app, &mut tx, &facts.row).await
}

/// Withdraws the dossier. What was submitted stays as it was; the certificate that the product holds runs
/// on, and a new dossier can be opened, in this round too. Of one at the centre the province is told.
///
/// # Errors
/// A fault when no reason is given; a refusal once the council has begun to score.
pub async fn withdraw(
    app: &App,
    actor: &Actor,
    id: &DossierId,
    input: &WithdrawInput,
) -> Result<(), AppError> {
    let mut tx = app.db.write(Chain::of("dossier", id)).await?;
    let (facts, permit) = owned(&mut tx, actor, Action::WithdrawDossier, id).await?;
    let mut fields = Fields::new();
    let reason =
        fields.required("reason", &input.reason, 2_000, "Ghi lý do rút hồ sơ, để cán bộ đang xử lý biết.");
    fields.done()?;
    advance(app, &mut tx, &facts.row, Event::Withdraw).await?;
    if instance(&facts.row) == Instance::Centre {
        let answered = without_result(Answer::Withdrawn, app.today());
        answer(app, &mut tx, &permit, &facts.row, &answered).await?;
    }
    tx.commit(permit, app.now(), &json!({ "reason": reason, "from": facts.row.state })).await?;
    Ok(())
}
