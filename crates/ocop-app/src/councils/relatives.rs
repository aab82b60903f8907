//! Relatives in councils and advisory teams, declared by the producer's side with its dossier.

use ocop_core::councils::closes_by_data;
use ocop_core::id::DossierId;
use ocop_core::people::Actor;
use ocop_core::policy::{self, Action};
use ocop_store::councils::ties::{self, Relative};
use ocop_store::db::Chain;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::found::close_found;
use crate::dossiers::facts;
use crate::runtime::fresh;
use crate::scoring::{DossierHead, head};
use crate::{App, AppError, Fields, Refusal};

/// What the page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelativesView {
    /// The dossier.
    pub head: DossierHead,
    /// Who was declared.
    pub relatives: Vec<Relative>,
    /// Whether more can be declared: the council has not begun to score.
    pub is_open: bool,
}

/// A relative as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RelativeInput {
    /// Name.
    pub name: String,
    /// Where the relative works.
    pub agency: String,
    /// How they are related.
    pub relation: String,
}

/// The page, for the producer's side.
pub async fn relatives(app: &App, actor: &Actor, id: &DossierId) -> Result<RelativesView, AppError> {
    let mut tx = app.db.read().await?;
    let facts = facts(&mut tx, actor, id).await?;
    let _ = policy::may(actor, Action::DeclareRelatives, &facts.subject)?;
    Ok(RelativesView {
        head: head(&mut tx, &facts.row).await?,
        relatives: ties::relatives(&mut tx, id).await?,
        is_open: closes_by_data(facts.row.state),
    })
}

/// The producer's side declares a relative. When a council has the dossier and this person sits in it, the
/// dossier is closed to that seat at once.
pub async fn declare_relative(
    app: &App,
    actor: &Actor,
    id: &DossierId,
    input: &RelativeInput,
) -> Result<(), AppError> {
    let mut tx = app.db.write(Chain::of("dossier", id)).await?;
    let facts = facts(&mut tx, actor, id).await?;
    let permit = policy::may(actor, Action::DeclareRelatives, &facts.subject)?;
    if !closes_by_data(facts.row.state) {
        return Err(Refusal::because(format!(
            "Hồ sơ đang ở bước «{}», Hội đồng đã chấm nên không khai ở đây được nữa. Hãy báo cơ quan tham mưu.",
            facts.row.state.name()
        )));
    }
    let mut fields = Fields::new();
    let name = fields.required("name", &input.name, 200, "Ghi họ và tên người thân.");
    let agency = fields.required("agency", &input.agency, 200, "Ghi cơ quan người thân đang làm việc.");
    let relation = fields.required("relation", &input.relation, 200, "Ghi quan hệ, ví dụ: em ruột.");
    let known = ties::relatives(&mut tx, id).await?;
    if known.iter().any(|one| one.name == name && one.agency == agency) {
        fields.fault("name", "Người này đã được khai.");
    }
    fields.done()?;
    let relative = Relative {
        id: fresh(app.ids.as_ref()),
        dossier_id: id.clone(),
        name,
        agency,
        relation,
        declared_at: app.now(),
    };
    ties::insert_relative(&mut tx, &relative).await?;
    let seats = match &facts.row.council_id {
        Some(council) => ocop_store::councils::seats(&mut tx, council).await?,
        None => Vec::new(),
    };
    let closed = close_found(app, &mut tx, &facts.row, &seats).await?;
    // Names of relatives are personal data: the journal keeps that one was declared, not who.
    tx.commit(permit, app.now(), &json!({ "relative": relative.id, "closed": closed })).await?;
    Ok(())
}
