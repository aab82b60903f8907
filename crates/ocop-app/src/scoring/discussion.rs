//! What the chair does with an opened tally: another turn, keeping the result, confirming it.

use std::collections::BTreeMap;

use ocop_core::centre::Answer;
use ocop_core::dossiers::{Event, step};
use ocop_core::id::{DossierId, SeatId};
use ocop_core::people::Actor;
use ocop_core::policy::{self, Action};
use ocop_core::recognition::{Instance, Outcome, outcome, reaches_centre_points, stars};
use ocop_core::rules::{Criterion, Hearing, ProductSet};
use ocop_core::scoring::Choice;
use ocop_store::Tx;
use ocop_store::councils::replacements::{closed_seats, replaced_on};
use ocop_store::db::Chain;
use ocop_store::dossiers::Dossier;
use ocop_store::recognition::ConfirmedResult;
use ocop_store::scoring::{Ballot, SeatBallot, Session};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::seal::tally_of;
use super::session_of;
use crate::centre::{answer, without_result};
use crate::councils::{read_attendance, require_quorum, seat_in};
use crate::dossiers::{advance, facts, instance};
use crate::runtime::fresh;
use crate::{App, AppError, Fields, Refusal};

/// A reason as it is typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReasonInput {
    /// The words.
    pub reason: String,
    /// Seats whose holders came to the meeting that follows written opinions.
    pub present: Vec<String>,
    /// The levels that the council agreed on, as `2.3=1:2`: criterion, case, level; only with keeping the
    /// result.
    pub agreed: Vec<String>,
}

impl ReasonInput {
    fn read(&self, missing: &str) -> Result<String, AppError> {
        let mut fields = Fields::new();
        let reason = fields.required("reason", &self.reason, 2_000, missing);
        fields.done()?;
        Ok(reason)
    }
}

/// After discussion the chair opens another turn. Every member who is still there starts from the
/// sheet that he or she sealed; the earlier turn is kept as it was. Opinions that were written and differ
/// are followed by a meeting with its own attendance (26/2026/QĐ-TTg, Article 7.6d).
pub async fn open_turn(
    app: &App,
    actor: &Actor,
    dossier: &DossierId,
    input: &ReasonInput,
) -> Result<u16, AppError> {
    let mut tx = app.db.write(Chain::of("dossier", dossier)).await?;
    let facts = facts(&mut tx, actor, dossier).await?;
    let permit = policy::may(actor, Action::LeadDiscussion, &facts.subject)?;
    let reason = input.read("Ghi nội dung đã thảo luận và lý do chấm lại.")?;
    step(facts.row.state, Event::OpenTurn)?;
    let last = ocop_store::scoring::last_turn(&mut tx, dossier).await?.ok_or(AppError::NotFound)?;
    let no = last.no + 1;
    let met = meet(app, &mut tx, actor, &facts.row, input).await?;
    let session = met.as_ref().map_or(&last.session_id, |met| &met.id);
    ocop_store::scoring::insert_turn(&mut tx, dossier, no, session, app.now(), &reason).await?;
    let gone: Vec<SeatId> = ocop_store::scoring::excuses(&mut tx, dossier)
        .await?
        .into_iter()
        .map(|excuse| excuse.seat_id)
        .collect();
    let ballots = ocop_store::scoring::ballots(&mut tx, dossier, last.no).await?;
    let voters = match &met {
        Some(met) => voters(&mut tx, dossier, met).await?,
        None => {
            let held = session_of(&mut tx, &last).await?;
            let mut next = next_voters(&mut tx, dossier, no, &held, &ballots).await?;
            next.retain(|seat| !gone.contains(seat));
            // A substitute for the council who came after the tally joins the session here.
            ocop_store::scoring::attend(&mut tx, &held, &next).await?;
            next
        }
    };
    if voters.is_empty() {
        return Err(Refusal::because(
            "Không còn thành viên nào chấm được hồ sơ này. Hãy đề nghị cơ quan tham mưu thay thành viên.",
        ));
    }
    for seat in voters {
        // Who did not write an opinion may come to the meeting and begins with an empty sheet.
        let before = ballots.iter().find(|one| one.ballot.seat_id == seat).map(|one| one.ballot.clone());
        let blank = Ballot::blank(fresh(app.ids.as_ref()), dossier, no, &seat, app.now());
        let ballot = match before {
            Some(before) => Ballot { sheet: before.sheet, opinion: before.opinion, ..blank },
            None => blank,
        };
        ocop_store::scoring::insert_ballot(&mut tx, &ballot).await?;
    }
    advance(app, &mut tx, &facts.row, Event::OpenTurn).await?;
    let met = met.map(|met| met.id);
    tx.commit(permit, app.now(), &json!({ "turn": no, "reason": reason, "session": met })).await?;
    Ok(no)
}

/// Seats that vote in the next turn of a sitting that goes on: those of the last one, and substitutes in the place of
/// those who were replaced since.
async fn next_voters(
    tx: &mut Tx,
    dossier: &DossierId,
    no: u16,
    held: &Session,
    ballots: &[SeatBallot],
) -> Result<Vec<SeatId>, AppError> {
    let replaced = replaced_on(tx, dossier).await?;
    let closed = closed_seats(tx, dossier).await?;
    let seats = ocop_store::councils::seats(tx, &held.council_id).await?;
    let votes = |seat: &SeatId| seats.iter().any(|one| one.id == *seat && held.settings.votes(one.kind));
    let came = replaced.iter().filter(|(_, _, from)| *from == no).map(|(_, substitute, _)| substitute);
    let voters = ballots.iter().map(|one| &one.ballot.seat_id).chain(came);
    Ok(voters.filter(|seat| votes(seat) && !closed.contains(seat)).cloned().collect())
}

/// Seats that vote on a dossier at a session: present, and not closed to it.
async fn voters(tx: &mut Tx, dossier: &DossierId, held: &Session) -> Result<Vec<SeatId>, AppError> {
    let closed = closed_seats(tx, dossier).await?;
    let is_there = |seat: &SeatId| held.attendance.iter().any(|one| one.present && one.seat == *seat);
    let seats = ocop_store::councils::seats(tx, &held.council_id).await?;
    Ok(seats
        .into_iter()
        .filter(|seat| held.settings.votes(seat.kind) && is_there(&seat.id))
        .filter(|seat| !closed.contains(&seat.id))
        .map(|seat| seat.id)
        .collect())
}

/// The session that a dossier was scored in last, when its opinions were written.
pub(super) async fn written(tx: &mut Tx, dossier: &Dossier) -> Result<Option<Session>, AppError> {
    let Some(last) = ocop_store::scoring::last_turn(tx, &dossier.id).await? else { return Ok(None) };
    let held = session_of(tx, &last).await?;
    Ok((held.hearing() == Hearing::Written).then_some(held))
}

/// Opens the meeting that follows written opinions; `None` where the council met before.
async fn meet(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    dossier: &Dossier,
    input: &ReasonInput,
) -> Result<Option<Session>, AppError> {
    let Some(before) = written(tx, dossier).await? else { return Ok(None) };
    let id = dossier.council_id.as_ref().ok_or(AppError::NotFound)?;
    let (chair, _) = seat_in(actor, Some(id)).ok_or(AppError::NotFound)?;
    let seats = ocop_store::councils::seats(tx, id).await?;
    let attendance = read_attendance(&seats, &input.present)?;
    require_quorum(tx, &before.settings, &seats, &attendance, dossier).await?;
    let session = Session {
        id: fresh(app.ids.as_ref()),
        council_id: id.clone(),
        opened_at: app.now(),
        opened_by: chair,
        attendance,
        opinions_by: None,
        settings: before.settings,
    };
    ocop_store::scoring::insert_session(tx, &session).await?;
    Ok(Some(session))
}

/// After discussion the chair lets the result stand although the totals lie far apart, with the levels
/// that the council agreed on where its rules of work ask for that.
pub async fn keep_result(
    app: &App,
    actor: &Actor,
    dossier: &DossierId,
    input: &ReasonInput,
) -> Result<(), AppError> {
    let mut tx = app.db.write(Chain::of("dossier", dossier)).await?;
    let facts = facts(&mut tx, actor, dossier).await?;
    let permit = policy::may(actor, Action::LeadDiscussion, &facts.subject)?;
    let reason = input.read("Ghi nội dung đã thảo luận và lý do giữ kết quả.")?;
    if written(&mut tx, &facts.row).await?.is_some() {
        return Err(Refusal::because(
            "Ý kiến bằng văn bản khác nhau thì Hội đồng phải họp (Điều 7 khoản 6 điểm d). \
             Hãy điểm danh và mở lần chấm tiếp theo tại cuộc họp.",
        ));
    }
    advance(app, &mut tx, &facts.row, Event::KeepResult).await?;
    let last = ocop_store::scoring::last_turn(&mut tx, dossier).await?.ok_or(AppError::NotFound)?;
    let settings = session_of(&mut tx, &last).await?.settings;
    let before = last.tally.ok_or(AppError::NotFound)?;
    if before.spread > settings.spread_limit && !settings.may_keep(last.no) {
        return Err(Refusal::because(
            "Quy chế của Hội đồng yêu cầu chấm lại ít nhất một lần khi chênh lệch vượt giới hạn. \
             Hãy mở lần chấm tiếp theo.",
        ));
    }
    let set = app.pinned(&mut tx, &facts.row.ruleset).await?;
    // What was agreed on before a ballot was revised stays agreed.
    let mut agreed = last.agreed;
    agreed.extend(read_agreed(&set, &before.floors_to_agree(), &input.agreed)?);
    let ballots = ocop_store::scoring::ballots(&mut tx, dossier, last.no).await?;
    let tally = tally_of(&set, ballots, &settings, &agreed)?;
    ocop_store::scoring::keep_turn(&mut tx, dossier, last.no, &reason, &agreed, &tally).await?;
    let details = json!({ "turn": last.no, "reason": reason, "agreed": agreed });
    tx.commit(permit, app.now(), &details).await?;
    Ok(())
}

/// The level of every criterion that the council has to agree on, as `2.3=1:2`.
fn read_agreed(
    set: &ProductSet,
    codes: &[String],
    typed: &[String],
) -> Result<BTreeMap<String, Choice>, AppError> {
    let mut fields = Fields::new();
    let mut agreed = BTreeMap::new();
    for code in codes {
        let chosen = typed.iter().filter_map(|one| one.split_once('='));
        let chosen = chosen.filter(|(criterion, _)| criterion == code).map(|(_, choice)| choice).next();
        match chosen.and_then(|choice| read_level(set.criterion(code)?, choice)) {
            Some(choice) => drop(agreed.insert(code.clone(), choice)),
            None => fields.fault(
                &format!("agreed-{code}"),
                format!("Chọn mức của tiêu chí {code} mà Hội đồng đã thống nhất."),
            ),
        }
    }
    fields.done()?;
    Ok(agreed)
}

/// `1:2`: a case of the criterion and one of its levels, 0 for none.
fn read_level(criterion: &Criterion, typed: &str) -> Option<Choice> {
    let (alternative, level) = typed.split_once(':')?;
    let (alternative, level) = (alternative.parse().ok()?, level.parse().ok()?);
    let case = criterion.alternative(alternative)?;
    (level == 0 || case.level(level).is_some()).then_some(Choice { alternative, level, note: None })
}

/// The chair confirms the tally: it becomes the council's word and is never recomputed.
pub async fn confirm_result(app: &App, actor: &Actor, dossier: &DossierId) -> Result<Outcome, AppError> {
    let mut tx = app.db.write(Chain::of("dossier", dossier)).await?;
    let facts = facts(&mut tx, actor, dossier).await?;
    let permit = policy::may(actor, Action::ConfirmResult, &facts.subject)?;
    step(facts.row.state, Event::Confirm)?;
    let (chair, _) = seat_in(actor, facts.row.council_id.as_ref()).ok_or(AppError::NotFound)?;
    let last = ocop_store::scoring::last_turn(&mut tx, dossier).await?.ok_or(AppError::NotFound)?;
    let tally = last.tally.ok_or(AppError::NotFound)?;
    let process = app.process(&facts.row.regime)?;
    let centre_from = process.centre_from().ok_or(AppError::NotFound)?;
    let instance = instance(&facts.row);
    let outcome = outcome(&tally, process.certified_stars(), instance);
    let disqualified = outcome == Outcome::Disqualified;
    advance(app, &mut tx, &facts.row, if disqualified { Event::Disqualify } else { Event::Confirm }).await?;
    let result = ConfirmedResult {
        dossier_id: dossier.clone(),
        turn: i64::from(last.no),
        outcome,
        stars: (!disqualified).then(|| stars(&tally, process.certified_stars(), instance)),
        mean: (!disqualified).then_some((tally.mean.num, tally.mean.den)),
        centre_points: reaches_centre_points(&tally, centre_from),
        explanation: tally.explanation,
        confirmed_at: app.now(),
        confirmed_by: chair,
        decision_id: None,
        notified_on: None,
    };
    ocop_store::recognition::put_result(&mut tx, &result).await?;
    if disqualified && instance == Instance::Centre {
        answer(app, &mut tx, &permit, &facts.row, &without_result(Answer::Disqualified, app.today())).await?;
    }
    let details = json!({
        "turn": result.turn, "outcome": result.outcome, "stars": result.stars,
        "mean": result.mean.map(|(num, den)| format!("{num}/{den}")), "centre_points": result.centre_points,
    });
    tx.commit(permit, app.now(), &details).await?;
    Ok(outcome)
}
