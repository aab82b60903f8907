//! What the province does with a dossier that the centre has not recognised (26/2026/QĐ-TTg, Article 7.4g).

use ocop_core::centre::{Fallback, fallbacks};
use ocop_core::dossiers::{Event, State};
use ocop_core::id::{DecisionId, DossierId, RoundId};
use ocop_core::people::Actor;
use ocop_core::policy::{self, Action, Permit};
use ocop_core::recognition::{Level, Outcome};
use ocop_store::Tx;
use ocop_store::centre::{self as store, Answered};
use ocop_store::db::Chain;
use ocop_store::dossiers::Dossier;
use ocop_store::recognition::{ConfirmedResult, Decision};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Granted, copy, going_on, insert_certificate};
use crate::dossiers::{advance, facts};
use crate::papers::{self, NewPaper};
use crate::recognition::{DecisionInput, certificate_number, next_receipt, read_signing, twice};
use crate::rounds::must_take;
use crate::runtime::fresh;
use crate::{App, AppError, Refusal};

/// The dossier, the centre's answer to it and the permit, when the province may do this now.
async fn allowed(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    id: &DossierId,
    wanted: Fallback,
) -> Result<(Dossier, Answered, Permit), AppError> {
    let facts = facts(tx, actor, id).await?;
    let permit = policy::may(actor, Action::DecideAfterCentre, &facts.subject)?;
    let answered = store::find(tx, id).await?.and_then(|sent| sent.answer).ok_or(AppError::NotFound)?;
    let certified = app.process(&facts.row.regime)?.certified_stars();
    if !fallbacks(answered.answer, answered.stars, certified).contains(&wanted) {
        return Err(Refusal::because(
            "Trung ương không xếp hồ sơ này hạng 3 hoặc 4 sao, nên không công nhận theo kết quả của trung ương được. \
             Hãy tổ chức đánh giá theo thẩm quyền, hoặc kết thúc hồ sơ.",
        ));
    }
    Ok((facts.row, answered, permit))
}

/// Records the signed decision that recognises 3 or 4 stars on the centre's result, and issues the certificate.
///
/// # Errors
/// Faults beside their fields; a refusal when the centre has not given 3 or 4 stars.
pub async fn recognise(
    app: &App,
    actor: &Actor,
    id: &DossierId,
    input: &DecisionInput,
) -> Result<DecisionId, AppError> {
    let province = {
        let mut tx = app.db.read().await?;
        facts(&mut tx, actor, id).await?.row.province
    };
    // The province's chain, as for every decision: two never give the same certificate number.
    let mut tx = app.db.write(Chain::of("province", &province)).await?;
    ocop_store::journal::hold(&mut tx, &format!("dossier:{id}")).await?;
    let (row, answered, permit) = allowed(app, &mut tx, actor, id, Fallback::Recognise).await?;
    let signing = read_signing(app, input, Some(answered.on))?;
    let council = row.council_id.clone().ok_or(AppError::NotFound)?;
    let council = crate::councils::found(&mut tx, &council).await?;
    let decision = Decision {
        id: fresh(&*app.ids),
        province,
        council_id: Some(council.id.clone()),
        number: signing.number.to_string(),
        decided_on: signing.signed_on,
        signed_by: signing.signed_by.clone(),
        recorded_at: app.now(),
    };
    let kept = ocop_store::recognition::insert_decision(&mut tx, &decision).await;
    kept.map_err(|fault| twice(fault, &decision))?;
    let details = json!({ "decision": decision.id, "number": decision.number, "on_centre": answered.number });
    if !ocop_store::journal::note_in_dossier(&mut tx, id, &permit, app.now(), &details).await? {
        return Err(AppError::NotFound);
    }
    advance(app, &mut tx, &row, Event::RecogniseOnCentre).await?;
    let result = on_centre(&mut tx, &row, &answered).await?;
    let stars = result.stars.ok_or(AppError::NotFound)?;
    let number = certificate_number(&mut tx, &decision).await?;
    let granted = Granted { row: &row, decision: &decision, stars, level: Level::Province };
    insert_certificate(app, &mut tx, granted, number).await?;
    let signed = papers::Signed {
        number: decision.number.clone(),
        decided_on: decision.decided_on,
        signed_by: decision.signed_by.clone(),
    };
    let (content, title) =
        papers::decision_on_centre(app, &mut tx, &council, &result, &answered, &signed).await?;
    let paper = NewPaper {
        office: council.province.clone(),
        kind: ocop_core::papers::PaperKind::Decision,
        about: papers::about_decision(&decision.id),
        title,
        signing,
        field: "number",
        content,
    };
    let paper = papers::issue(app, &mut tx, actor, paper).await?;
    let details =
        json!({ "dossier": id, "decision": decision.id, "paper": paper, "number": decision.number });
    tx.commit(permit, app.now(), &details).await?;
    Ok(decision.id)
}

/// The province's result with what the centre's council has given in its place.
async fn on_centre(tx: &mut Tx, row: &Dossier, answered: &Answered) -> Result<ConfirmedResult, AppError> {
    let own = ocop_store::recognition::find_result(tx, &row.id).await?.ok_or(AppError::NotFound)?;
    Ok(ConfirmedResult { outcome: Outcome::Certificate, stars: answered.stars, mean: answered.mean, ..own })
}

/// The round in which a dossier is evaluated again, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AgainInput {
    /// Id of a round of the province.
    pub round: String,
}

/// Evaluates the product again under the province's own power: a dossier with what was submitted, received in a
/// round, ready for a council.
///
/// # Errors
/// A refusal when the round takes no dossiers.
pub async fn evaluate_again(
    app: &App,
    actor: &Actor,
    id: &DossierId,
    input: &AgainInput,
) -> Result<DossierId, AppError> {
    let mut tx = app.db.write(Chain::of("dossier", id)).await?;
    let (row, _, permit) = allowed(app, &mut tx, actor, id, Fallback::Again).await?;
    let round = match input.round.parse::<RoundId>() {
        Ok(round) => ocop_store::rounds::find(&mut tx, &round).await?,
        Err(_) => None,
    };
    let round = round.filter(|round| round.province == row.province && round.regime == row.regime);
    let round = round.ok_or_else(|| {
        Refusal::because("Chọn một đợt đang nhận hồ sơ của tỉnh. Nếu chưa có đợt nào, hãy mở đợt trước.")
    })?;
    must_take(&round, app.today())?;
    let next = going_on(app, &row, &row.province, &round, State::Accepted);
    copy(app, &mut tx, &permit, &row, &next).await?;
    let receipt = next_receipt(&mut tx, &row.province, &row.commune, app.today()).await?;
    ocop_store::dossiers::propose(&mut tx, &next.id, app.today()).await?;
    ocop_store::dossiers::receive_at_province(&mut tx, &next.id, app.today(), &receipt).await?;
    advance(app, &mut tx, &row, Event::EvaluateAgain).await?;
    tx.commit(permit, app.now(), &json!({ "again": next.id, "receipt": receipt })).await?;
    Ok(next.id)
}

/// Neither recognises nor evaluates again: the producer is told the centre's result.
pub async fn close(app: &App, actor: &Actor, id: &DossierId) -> Result<(), AppError> {
    let mut tx = app.db.write(Chain::of("dossier", id)).await?;
    let (row, _, permit) = allowed(app, &mut tx, actor, id, Fallback::Close).await?;
    advance(app, &mut tx, &row, Event::CloseAfterCentre).await?;
    tx.commit(permit, app.now(), &json!({ "closed": true })).await?;
    Ok(())
}
