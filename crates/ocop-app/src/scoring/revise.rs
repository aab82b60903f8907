//! One criterion of one's own sealed ballot, revised after discussion without another turn. The old value stays in
//! the history and in the minutes; the tally is drawn up again from the newest values.

use ocop_core::councils::{FinishedTurn, NoRevision, after_revision, may_revise};
use ocop_core::id::{BallotId, DossierId};
use ocop_core::people::Actor;
use ocop_core::policy::{self, Action};
use ocop_core::rules::ProductSet;
use ocop_core::scoring::book::choice_words;
use ocop_core::scoring::score;
use ocop_core::text::in_sentence;
use ocop_store::Tx;
use ocop_store::db::Chain;
use ocop_store::scoring::changes::{Revision, retally, revisions};
use ocop_store::scoring::{Session, Turn};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::ballot::{fingerprint, read_choice};
use super::room::readable;
use super::seal::{refuse_when_incomplete, tally_of};
use super::{BallotHead, CriterionPane, OwnBallot, dossier_of, own_ballot, pane, session_of, submitted};
use crate::dossiers::{advance, result_by};
use crate::{App, AppError, Fields, Refusal};

/// A revision as it is typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReviseInput {
    /// `ALTERNATIVE:LEVEL`, such as `1:3`; level 0 = none met.
    pub choice: String,
    /// The remark that goes with it.
    pub note: String,
    /// Why, as the minutes print it.
    pub reason: String,
    /// The version that was read.
    pub version: String,
}

/// The page on which a member revises a criterion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviseView {
    /// The ballot.
    pub head: BallotHead,
    /// The criterion with what counts now.
    pub pane: CriterionPane,
}

/// A revision in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevisionLine {
    /// The turn.
    pub turn: u16,
    /// The ballot.
    pub ballot: BallotId,
    /// Whose ballot.
    pub member: String,
    /// `sửa tiêu chí 2.3 … từ mức 1 (1 điểm) thành mức 3 (3 điểm) … Lý do: …`.
    pub words: String,
}

/// The revisions of a dossier's ballots in words, oldest first.
pub(crate) async fn revision_lines(
    tx: &mut Tx,
    set: &ProductSet,
    dossier: &DossierId,
) -> Result<Vec<RevisionLine>, AppError> {
    let kept = revisions(tx, dossier).await?;
    Ok(kept.iter().map(|one| line(set, one)).collect())
}

fn line(set: &ProductSet, one: &Revision) -> RevisionLine {
    let criterion = set.criterion(&one.criterion);
    let words = |choice| criterion.map(|criterion| in_sentence(&choice_words(criterion, choice)));
    let before = one.before.as_ref().and_then(words).unwrap_or_else(|| "chưa chấm".to_owned());
    RevisionLine {
        turn: one.turn,
        ballot: one.ballot_id.clone(),
        member: one.member.clone(),
        words: format!(
            "sửa tiêu chí {} {} từ {before} thành {} lúc {}. Lý do: {}",
            one.criterion,
            criterion.map(|criterion| criterion.name.as_str()).unwrap_or_default(),
            words(&one.after).unwrap_or_default(),
            one.revised_at.written(),
            one.reason
        ),
    }
}

/// Whether a turn follows a discussion, or one was held about it.
pub(super) fn is_discussed(turn: &Turn, revised: &[Revision]) -> bool {
    turn.no > 1 || turn.kept_reason.is_some() || revised.iter().any(|one| one.turn == turn.no)
}

/// The finished turn of a ballot that its member may revise now.
///
/// # Errors
/// A refusal that says why not.
async fn revisable(tx: &mut Tx, own: &OwnBallot) -> Result<(Turn, Session), AppError> {
    let no = |why: NoRevision| Refusal::because(why.to_string());
    let dossier = &own.facts.row;
    let turn = ocop_store::scoring::last_turn(tx, &dossier.id).await?.ok_or(AppError::NotFound)?;
    let held = session_of(tx, &turn).await?;
    let revised = revisions(tx, &dossier.id).await?;
    let finished = FinishedTurn {
        no: turn.no,
        spread: turn.tally.as_ref().map_or(0, |tally| tally.spread),
        discussed: is_discussed(&turn, &revised),
        hearing: held.hearing(),
    };
    may_revise(dossier.state, &held.settings, finished).map_err(no)?;
    if let Some(reason) = &own.excused {
        return Err(Refusal::because(format!(
            "Chủ tịch Hội đồng đã cho bạn rời phiên ({reason}); phiếu đã niêm được tính và giữ nguyên."
        )));
    }
    if turn.no != own.ballot.turn || own.ballot.sealed_at.is_none() {
        return Err(Refusal::because(
            "Phiếu này thuộc lần chấm trước hoặc chưa niêm. Chỉ sửa được phiếu đã niêm của lần chấm cuối.",
        ));
    }
    if revised.iter().any(|one| one.ballot_id == own.ballot.id) {
        return Err(no(NoRevision::Once));
    }
    Ok((turn, held))
}

/// Whether the member of a ballot may revise one criterion of it now.
pub(super) async fn is_revisable(tx: &mut Tx, own: &OwnBallot) -> Result<bool, AppError> {
    match revisable(tx, own).await {
        Ok(_) => Ok(true),
        Err(AppError::Refused(_)) => Ok(false),
        Err(error) => Err(error),
    }
}

/// The page on which a member revises a criterion of a sealed ballot.
///
/// # Errors
/// A refusal when nothing can be revised now.
pub async fn revision(app: &App, actor: &Actor, id: &BallotId, code: &str) -> Result<ReviseView, AppError> {
    let mut tx = app.db.read().await?;
    let (own, head, scored) = readable(app, &mut tx, actor, id).await?;
    let _ = policy::may(actor, Action::ReviseBallot, &own.facts.subject)?;
    revisable(&mut tx, &own).await?;
    let snapshot = submitted(&mut tx, &own.ballot.dossier_id).await?;
    let result_by = result_by(&mut tx, &own.facts.row).await?;
    let pane = pane(&own.read, code, &own.ballot.sheet, &scored.ignored, &snapshot, app.today(), result_by)
        .ok_or(AppError::NotFound)?;
    Ok(ReviseView { head, pane })
}

/// A member revises one criterion of the own sealed ballot after discussion, once in a turn. The ballot stays sealed;
/// the tally of the newest values may end the discussion, or call for it again.
pub async fn revise_ballot(
    app: &App,
    actor: &Actor,
    id: &BallotId,
    code: &str,
    input: &ReviseInput,
) -> Result<(), AppError> {
    let mut tx = app.db.write(Chain::of("dossier", dossier_of(app, id).await?)).await?;
    let own = own_ballot(app, &mut tx, actor, id).await?;
    let permit = policy::may(actor, Action::ReviseBallot, &own.facts.subject)?;
    let (turn, held) = revisable(&mut tx, &own).await?;
    let criterion = own.set.criterion(code).ok_or(AppError::NotFound)?;
    let mut fields = Fields::new();
    let reason = fields.required("reason", &input.reason, 2_000, "Ghi lý do sửa; biên bản in lý do này.");
    fields.done()?;
    let after = read_choice(criterion, &input.choice, &input.note)?;
    let before = own.ballot.sheet.choices.get(code).cloned();
    if before.as_ref().is_some_and(|one| choice_words(criterion, one) == choice_words(criterion, &after)) {
        let mut fields = Fields::new();
        fields.fault("choice", "Mức này đang được tính. Hãy chọn mức khác, hoặc quay lại để giữ nguyên.");
        fields.done()?;
    }
    let mut sheet = own.ballot.sheet.clone();
    sheet.choices.insert(code.to_owned(), after.clone());
    let scored = score(&own.set, &sheet)?;
    refuse_when_incomplete(&own.set, &sheet, &scored)?;
    let revision = Revision {
        ballot_id: id.clone(),
        dossier_id: own.ballot.dossier_id.clone(),
        turn: turn.no,
        seat_id: own.ballot.seat_id.clone(),
        member: actor.name.clone(),
        criterion: code.to_owned(),
        before,
        after,
        reason,
        revised_at: app.now(),
    };
    let version = input.version.trim().parse().unwrap_or(0);
    if !ocop_store::scoring::changes::revise_ballot(&mut tx, &revision, version, &sheet, &scored).await? {
        return Err(AppError::Stale("Phiếu của bạn vừa được sửa ở tab hoặc máy khác.".to_owned()));
    }
    let dossier = &own.facts.row;
    let ballots = ocop_store::scoring::ballots(&mut tx, &dossier.id, turn.no).await?;
    let tally = tally_of(&own.set, ballots, &held.settings, &turn.agreed)?;
    retally(&mut tx, &dossier.id, turn.no, &tally).await?;
    let apart = held.settings.apart(&tally, held.hearing()).is_some();
    if let Some(event) = after_revision(dossier.state, apart) {
        advance(app, &mut tx, dossier, event).await?;
    }
    let details = json!({
        "ballot": id, "turn": turn.no, "criterion": code, "before": revision.before, "after": revision.after,
        "reason": revision.reason, "content": fingerprint(&sheet, &own.ballot.opinion),
    });
    tx.commit(permit, app.now(), &details).await?;
    Ok(())
}
