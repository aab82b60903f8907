//! Opening a session: attendance, quorum, and the ballots of the first turn.

use chrono::{Days, NaiveDate};
use ocop_core::councils::{CouncilSettings, SeatScope, quorum};
use ocop_core::dossiers::{DossierKind, Event, State, step};
use ocop_core::id::{CouncilId, DossierId, SeatId, SessionId};
use ocop_core::people::{Actor, SeatKind};
use ocop_core::policy::{self, Action, Permit};
use ocop_store::Tx;
use ocop_store::councils::replacements::closed_seats;
use ocop_store::councils::{Council, Seat};
use ocop_store::db::Chain;
use ocop_store::dossiers::{Dossier, Filter, Listed};
use ocop_store::scoring::{Attendance, Ballot, Session};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::found::close_found;
use super::setup::ticked;
use super::{found, seat_in, subject};
use crate::runtime::fresh;
use crate::scoring::head;
use crate::{App, AppError, Fields, Refusal};

/// What the chair ticks.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OpenSessionInput {
    /// Seats whose holders are present.
    pub present: Vec<String>,
    /// Dossiers to score.
    pub dossiers: Vec<String>,
    /// The last day of written opinions on re-evaluations; empty when the council meets.
    pub opinions_by: String,
}

/// What the page of a new session shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionView {
    /// The council.
    pub council: Council,
    /// Everybody, with whether the seat votes.
    pub seats: Vec<(Seat, bool)>,
    /// Dossiers with an advisory report, waiting to be scored.
    pub ready: Vec<Listed>,
    /// Dossiers still with the advisory team, or being checked by the office.
    pub advising: Vec<Listed>,
    /// Whether any that is ready is a re-evaluation: the council may write its opinions.
    pub may_write: bool,
    /// The last day of written opinions by the rules of work, opened today.
    pub usual_opinions_by: NaiveDate,
    /// Least number of voting seats present for a dossier that is closed to nobody.
    pub needed: usize,
}

/// The page of a new session, for the chair.
pub async fn session(app: &App, actor: &Actor, id: &CouncilId) -> Result<SessionView, AppError> {
    let mut tx = app.db.read().await?;
    let council = found(&mut tx, id).await?;
    let _ = policy::may(actor, Action::OpenSession, &subject(&council))?;
    let seats = ocop_store::councils::seats(&mut tx, id).await?;
    let dossiers = dossiers_of(&mut tx, id).await?;
    let in_state = |state| dossiers.iter().filter(|one| one.state == state).cloned().collect();
    let seats: Vec<(Seat, bool)> = seats
        .into_iter()
        .map(|seat| {
            let votes = council.settings.votes(seat.kind);
            (seat, votes)
        })
        .collect();
    let voting = seats.iter().filter(|(seat, votes)| *votes && seat.scope == SeatScope::Council).count();
    Ok(SessionView {
        may_write: dossiers.iter().any(|one| one.state == State::Advised && one.kind == DossierKind::Renewal),
        ready: in_state(State::Advised),
        advising: dossiers
            .iter()
            .filter(|one| matches!(one.state, State::Advising | State::Checking))
            .cloned()
            .collect(),
        usual_opinions_by: app.today() + Days::new(u64::from(council.settings.opinion_days)),
        needed: (voting * usize::from(council.settings.quorum_percent)).div_ceil(100).max(1),
        seats,
        council,
    })
}

/// The dossiers of a council, by id.
pub(super) async fn dossiers_of(tx: &mut Tx, council: &CouncilId) -> Result<Vec<Listed>, AppError> {
    let filter = Filter { council: Some(council.clone()), ..Filter::default() };
    Ok(ocop_store::dossiers::list(tx, &filter, 1_000).await?)
}

/// The last day of written opinions, as typed; none when the council meets.
fn read_opinions_by(app: &App, typed: &str) -> Result<Option<NaiveDate>, AppError> {
    let mut fields = Fields::new();
    let day = fields.day("opinions_by", typed);
    if day.is_some_and(|day| day <= app.today()) {
        fields.fault("opinions_by", "Hạn gửi ý kiến phải sau hôm nay.");
    }
    fields.done()?;
    Ok(day)
}

/// The chair opens a session: attendance is kept, and every chosen dossier gets its first scoring
/// turn with one ballot for each member who is present, votes and has no conflict of interest.
pub async fn open_session(
    app: &App,
    actor: &Actor,
    id: &CouncilId,
    input: &OpenSessionInput,
) -> Result<SessionId, AppError> {
    let mut tx = app.db.write(Chain::of("council", id)).await?;
    let council = found(&mut tx, id).await?;
    let permit = policy::may(actor, Action::OpenSession, &subject(&council))?;
    let (chair, _) = seat_in(actor, Some(id)).ok_or(AppError::NotFound)?;
    let seats = ocop_store::councils::seats(&mut tx, id).await?;
    let opinions_by = read_opinions_by(app, &input.opinions_by)?;
    let attendance = match opinions_by {
        Some(_) => asked(&council, &seats),
        None => read_attendance(&seats, &input.present)?,
    };
    let present: Vec<&Seat> =
        seats.iter().zip(&attendance).filter(|(_, one)| one.present).map(|(seat, _)| seat).collect();
    let dossiers = ticked(&input.dossiers)?;
    let session = Session {
        id: fresh(app.ids.as_ref()),
        council_id: id.clone(),
        opened_at: app.now(),
        opened_by: chair.clone(),
        attendance,
        opinions_by,
        settings: council.settings.clone(),
    };
    ocop_store::scoring::insert_session(&mut tx, &session).await?;
    let voters: Vec<&Seat> = present.into_iter().filter(|seat| council.settings.votes(seat.kind)).collect();
    for dossier in &dossiers {
        open_scoring(app, &mut tx, &permit, &session, &voters, dossier).await?;
    }
    let here: Vec<&SeatId> =
        session.attendance.iter().filter(|one| one.present).map(|one| &one.seat).collect();
    let details = json!({
        "session": session.id, "present": here, "dossiers": dossiers, "opinions_by": session.opinions_by,
        "settings": session.settings,
    });
    tx.commit(permit, app.now(), &details).await?;
    Ok(session.id)
}

/// Everybody who votes, for written opinions: the quorum is seen when they come in.
fn asked(council: &Council, seats: &[Seat]) -> Vec<Attendance> {
    let is_asked = |seat: &Seat| council.settings.votes(seat.kind);
    seats.iter().map(|seat| Attendance { seat: seat.id.clone(), present: is_asked(seat) }).collect()
}

/// Who is present, as ticked.
pub(crate) fn read_attendance(seats: &[Seat], present: &[String]) -> Result<Vec<Attendance>, AppError> {
    if present.iter().any(|typed| !seats.iter().any(|seat| seat.id.as_str() == typed)) {
        return Err(AppError::NotFound);
    }
    let is_present = |seat: &Seat| present.iter().any(|typed| seat.id.as_str() == typed);
    Ok(seats.iter().map(|seat| Attendance { seat: seat.id.clone(), present: is_present(seat) }).collect())
}

/// Refuses to score a dossier when too few of those to whom it is open are present.
pub(crate) async fn require_quorum(
    tx: &mut Tx,
    settings: &CouncilSettings,
    seats: &[Seat],
    attendance: &[Attendance],
    dossier: &Dossier,
) -> Result<(), AppError> {
    let closed = closed_seats(tx, &dossier.id).await?;
    let is_there = |seat: &Seat| attendance.iter().any(|one| one.present && one.seat == seat.id);
    let open = seats.iter().filter(|seat| !closed.contains(&seat.id));
    let counted: Vec<(SeatKind, bool)> = open.map(|seat| (seat.kind, is_there(seat))).collect();
    let Err(short) = quorum(settings, &counted) else { return Ok(()) };
    if closed.is_empty() {
        return Err(short.into());
    }
    let name = head(tx, dossier).await?.product;
    Err(Refusal::because(format!(
        "Chưa chấm được hồ sơ «{name}». {short} Không tính người có xung đột lợi ích và người đã được thay ở hồ sơ này."
    )))
}

async fn open_scoring(
    app: &App,
    tx: &mut Tx,
    permit: &Permit,
    session: &Session,
    voters: &[&Seat],
    id: &DossierId,
) -> Result<(), AppError> {
    let details = json!({ "session": session.id, "turn": 1 });
    if !ocop_store::journal::note_in_dossier(tx, id, permit, app.now(), &details).await? {
        return Err(AppError::NotFound);
    }
    let dossier = ocop_store::dossiers::find(tx, id).await?.ok_or(AppError::NotFound)?;
    if dossier.council_id.as_ref() != Some(&session.council_id) {
        return Err(AppError::NotFound);
    }
    if session.opinions_by.is_some() && dossier.kind != DossierKind::Renewal {
        let name = head(tx, &dossier).await?.product;
        return Err(Refusal::because(format!(
            "«{name}» không phải hồ sơ đánh giá lại nên Hội đồng phải họp, không lấy ý kiến bằng văn bản. \
             Hãy bỏ chọn hồ sơ này hoặc để trống hạn gửi ý kiến."
        )));
    }
    let seats = ocop_store::councils::seats(tx, &session.council_id).await?;
    close_found(app, tx, &dossier, &seats).await?;
    let closed = closed_seats(tx, id).await?;
    if closed.contains(&session.opened_by) {
        let name = head(tx, &dossier).await?.product;
        return Err(Refusal::because(format!(
            "Chủ tịch có xung đột lợi ích với hồ sơ «{name}». \
             Hãy bỏ chọn hồ sơ này và đề nghị cơ quan tham mưu phân cho hội đồng khác."
        )));
    }
    let free: Vec<&&Seat> = voters.iter().filter(|seat| !closed.contains(&seat.id)).collect();
    if free.is_empty() {
        let name = head(tx, &dossier).await?.product;
        return Err(Refusal::because(format!(
            "Không có thành viên nào có mặt được chấm hồ sơ «{name}»: tất cả có xung đột lợi ích. \
             Hãy bỏ chọn hồ sơ này."
        )));
    }
    if session.opinions_by.is_none() {
        require_quorum(tx, &session.settings, &seats, &session.attendance, &dossier).await?;
    }
    step(dossier.state, Event::OpenScoring)?;
    ocop_store::scoring::insert_turn(tx, id, 1, &session.id, app.now(), "").await?;
    for seat in free {
        let ballot = Ballot::blank(fresh(app.ids.as_ref()), id, 1, &seat.id, app.now());
        ocop_store::scoring::insert_ballot(tx, &ballot).await?;
    }
    crate::dossiers::advance(app, tx, &dossier, Event::OpenScoring).await?;
    Ok(())
}
