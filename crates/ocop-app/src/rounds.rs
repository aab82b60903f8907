//! Rounds of a province and the board that shows where their dossiers are.

use chrono::{Days, NaiveDate};
use ocop_core::dossiers::{DossierKind, State};
use ocop_core::id::RoundId;
use ocop_core::people::Actor;
use ocop_core::policy::{self, Action, Subject};
use ocop_core::rules::{Changeover, MonthDay, Tier, changeover};
use ocop_core::text::{fold, fold_words};
use ocop_core::time::date;
use ocop_core::units::CENTRE;
use ocop_store::db::Chain;
use ocop_store::dossiers::{Filter, Listed};
pub use ocop_store::rounds::Round;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::runtime::fresh;
use crate::{App, AppError, FieldFault, Fields, Refusal};

/// What an officer types to open a round.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RoundInput {
    /// Its name.
    pub name: String,
    /// First day for dossiers.
    pub opens_on: String,
    /// Last day for communes' proposals.
    pub propose_by: String,
    /// Last day for results.
    pub result_by: String,
    /// Where the results are announced; may be empty.
    pub announced_at: String,
}

fn of_province(province: &str) -> Subject {
    Subject { province: Some(province.to_owned()), ..Subject::default() }
}

/// Opens a round under the regime in force on its first day.
pub async fn open(app: &App, actor: &Actor, province: &str, input: &RoundInput) -> Result<RoundId, AppError> {
    let mut tx = app.db.write(Chain::of("province", province)).await?;
    let permit = policy::may(actor, Action::ManageRounds, &of_province(province))?;
    let mut fields = Fields::new();
    let name = fields.required("name", &input.name, 100, "Đặt tên đợt, ví dụ: Đợt 2 năm 2026.");
    let opens_on = fields.required_day("opens_on", &input.opens_on, "Chọn ngày bắt đầu nhận hồ sơ.");
    let propose_by = fields.required_day("propose_by", &input.propose_by, "Chọn hạn cấp xã đề nghị.");
    let result_by = fields.required_day("result_by", &input.result_by, "Chọn hạn có kết quả.");
    let announced_at = fields.optional("announced_at", &input.announced_at, 200);
    let regime = opens_on.and_then(|day| app.rules.in_force_on(day)).map(|regime| regime.id.clone());
    if opens_on.is_some() && regime.is_none() {
        fields.fault("opens_on", "Ngày này chưa có quyết định nào về đánh giá, phân hạng sản phẩm OCOP.");
    }
    if opens_on.zip(propose_by).is_some_and(|(opens, propose)| propose < opens) {
        fields.fault("propose_by", "Hạn đề nghị phải sau ngày bắt đầu nhận hồ sơ.");
    }
    if propose_by.zip(result_by).is_some_and(|(propose, result)| result < propose) {
        fields.fault("result_by", "Hạn có kết quả phải sau hạn đề nghị.");
    }
    fields.done()?;
    let (Some(opens_on), Some(propose_by), Some(result_by), Some(regime)) =
        (opens_on, propose_by, result_by, regime)
    else {
        return Err(AppError::NotFound);
    };
    let known = ocop_store::rounds::of_province(&mut tx, province).await?;
    if known.iter().any(|round| fold(&round.name) == fold(&name)) {
        let words = format!("Đã có đợt tên «{name}». Hãy mở đợt đó, hoặc đặt tên khác.");
        return Err(AppError::Invalid(vec![FieldFault::new("name", words)]));
    }
    let round = Round {
        id: fresh(&*app.ids),
        province: province.to_owned(),
        name,
        regime,
        opens_on,
        propose_by,
        result_by,
        announced_at,
        closed_on: None,
        version: 1,
    };
    ocop_store::rounds::insert(&mut tx, &round).await?;
    tx.commit(permit, app.now(), &json!({ "round": round.id, "name": round.name })).await?;
    Ok(round.id)
}

/// Closes a round: it takes no more dossiers; those in it go on.
pub async fn close(app: &App, actor: &Actor, id: &RoundId, version: i64) -> Result<(), AppError> {
    let round = find(app, id).await?;
    let mut tx = app.db.write(Chain::of("province", &round.province)).await?;
    let permit = policy::may(actor, Action::ManageRounds, &of_province(&round.province))?;
    if !ocop_store::rounds::close(&mut tx, id, app.today(), version).await? {
        return Err(AppError::Stale("Đợt này vừa được người khác thay đổi.".to_owned()));
    }
    tx.commit(permit, app.now(), &json!({ "round": id, "closed": true })).await?;
    Ok(())
}

/// A round by its id. Rounds are public: their dates are announced.
pub async fn find(app: &App, id: &RoundId) -> Result<Round, AppError> {
    let mut tx = app.db.read().await?;
    ocop_store::rounds::find(&mut tx, id).await?.ok_or(AppError::NotFound)
}

/// The rounds of a province, newest first.
pub async fn list(app: &App, province: &str) -> Result<Vec<Round>, AppError> {
    let mut tx = app.db.read().await?;
    Ok(ocop_store::rounds::of_province(&mut tx, province).await?)
}

/// The round that a dossier of the province would join today: the open one that started first.
pub async fn current(app: &App, province: &str) -> Result<Option<Round>, AppError> {
    let mut tx = app.db.read().await?;
    Ok(ocop_store::rounds::open_on(&mut tx, province, app.today()).await?.into_iter().next())
}

/// The rounds of an office in a year by the calendar of Article 5, as last days: of proposals and of results.
pub fn windows(app: &App, office: &str, year: i32) -> Result<Vec<(NaiveDate, NaiveDate)>, AppError> {
    let tier = if office == CENTRE { Tier::Centre } else { Tier::Province };
    let last = |day: MonthDay| day.in_year(year)?.pred_opt();
    let process = app.process(&app.regime_today()?.id)?;
    let of_tier = process.rounds.iter().filter(|window| window.tier == tier);
    let mut days: Vec<_> =
        of_tier.filter_map(|window| last(window.proposed_before).zip(last(window.result_before))).collect();
    days.sort();
    Ok(days)
}

/// The next of these rounds.
pub fn next_window(
    app: &App,
    office: &str,
    today: NaiveDate,
) -> Result<Option<(NaiveDate, NaiveDate)>, AppError> {
    let year = chrono::Datelike::year(&today);
    let days = windows(app, office, year)?.into_iter().chain(windows(app, office, year + 1)?);
    Ok(days.filter(|(propose, _)| *propose >= today).min())
}

/// What the board is narrowed to, as typed in the address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BoardFilter {
    /// Words of a product's or producer's name.
    pub q: String,
    /// Code of a state.
    pub state: String,
    /// Number of a product set.
    pub set: String,
    /// Show dossiers after this one.
    pub after: String,
}

/// The board of a round.
#[derive(Debug, Clone)]
pub struct Board {
    /// The round.
    pub round: Round,
    /// How many dossiers have reached each stage at least, from dossier (0) to result (5).
    pub funnel: [i64; 6],
    /// How many are overdue at the commune or past the round's last day.
    pub overdue: i64,
    /// The dossiers shown.
    pub rows: Vec<BoardRow>,
    /// Where the next page starts, if there is one.
    pub next: Option<String>,
    /// How many there are in the round.
    pub total: i64,
    /// How many dossiers of the round somebody of their council has a conflict of interest with.
    pub in_conflict: usize,
}

/// A row of the board.
#[derive(Debug, Clone)]
pub struct BoardRow {
    /// The dossier.
    pub dossier: Listed,
    /// Its day in question and what is left, in words; none when it is closed.
    pub due: Option<Due>,
    /// How many of its council and advisory team have a conflict of interest with it.
    pub conflicts: usize,
}

/// A deadline as people read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The day, `24/11/2026`.
    pub day: String,
    /// What is left.
    pub left: String,
    /// Whether it has passed.
    pub late: bool,
}

impl App {
    /// A deadline as people read it today.
    pub fn due(&self, day: NaiveDate) -> Due {
        let today = self.today();
        Due { day: date(day), left: self.calendar.left_in_words(today, day), late: day < today }
    }

    /// The day that matters for a dossier where it is now.
    pub fn due_of(&self, dossier: &Listed) -> Option<Due> {
        match dossier.state {
            State::AtCommune => {
                let change = || Some(self.changeover(&dossier.regime, dossier.kind)?.finish_by);
                dossier.commune_due_on.or_else(change).map(|day| self.due(day))
            }
            State::Recognised
            | State::NotRecognised
            | State::ForCentre
            | State::ReferredBack
            | State::FiveStars
            | State::Fallback
            | State::Again
            | State::Disqualified
            | State::Withdrawn => None,
            State::Draft
            | State::AtProvince
            | State::AtCentre
            | State::Completing
            | State::Accepted
            | State::Checking
            | State::Advising
            | State::Advised
            | State::Scoring
            | State::Discussion
            | State::Tallied
            | State::Confirmed => Some(self.due(self.result_by(dossier))),
        }
    }

    /// The last day of a dossier's result: the round's, or the law's if that comes sooner. The law sets one for
    /// a re-evaluation that the province has received (26/2026/QĐ-TTg, Article 7.6g), and for what was filed
    /// under the rules before (Article 12.2).
    pub fn result_by(&self, dossier: &Listed) -> NaiveDate {
        let days = match dossier.kind {
            DossierKind::First | DossierKind::Upgrade => None,
            DossierKind::Renewal => {
                self.process(&dossier.regime).ok().and_then(|process| process.renewal.decide_within_days)
            }
        };
        let last_day = dossier
            .province_received_on
            .zip(days)
            .and_then(|(received, days)| received.checked_add_days(Days::new(days.into())));
        let change = self.changeover(&dossier.regime, dossier.kind).map(|change| change.finish_by);
        last_day.into_iter().chain(change).fold(dossier.result_by, NaiveDate::min)
    }

    /// What holds for dossiers of a regime that another has followed; none for today's regime.
    pub(crate) fn changeover(&self, regime: &str, kind: DossierKind) -> Option<Changeover> {
        let change = changeover(&self.rules, self.rules.regime(regime)?, kind)?;
        Some(change).filter(|change| change.since <= self.today())
    }
}

const PAGE: usize = 50;

/// The board of a round for the provincial office. Drafts that were never submitted are counted
/// but not shown: they are the producer's own.
pub async fn board(app: &App, actor: &Actor, id: &RoundId, filter: &BoardFilter) -> Result<Board, AppError> {
    let mut tx = app.db.read().await?;
    let round = ocop_store::rounds::find(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    let _ = policy::may(actor, Action::ReadBoard, &of_province(&round.province))?;
    let counts = ocop_store::dossiers::count_by_state(&mut tx, id).await?;
    let mut funnel = [0; 6];
    for (state, count) in &counts {
        for reached in funnel.iter_mut().take(state.stage() + 1) {
            *reached += count;
        }
    }
    let narrowed = Filter {
        round: Some(id.clone()),
        state: filter.state.parse().ok(),
        set_no: filter.set.parse().ok(),
        word: fold_words(&filter.q).into_iter().next(),
        after: filter.after.parse().ok(),
        ..Filter::default()
    };
    let words = fold_words(&filter.q);
    let limit = i64::try_from(PAGE).unwrap_or(50) + 1;
    let mut found = ocop_store::dossiers::list(&mut tx, &narrowed, limit).await?;
    let next = (found.len() > PAGE)
        .then(|| found.truncate(PAGE))
        .and_then(|()| found.last().map(|row| row.id.to_string()));
    let every_word = |row: &Listed| {
        let key = format!("{}{}", ocop_core::text::fold(&row.product), ocop_core::text::fold(&row.producer));
        words.iter().all(|word| key.contains(&format!(" {word}")))
    };
    let conflicts = ocop_store::councils::ties::conflict_counts(&mut tx, id, None).await?;
    let mut rows: Vec<BoardRow> = found
        .into_iter()
        .filter(|row| row.state != State::Draft && every_word(row))
        .map(|dossier| BoardRow {
            due: app.due_of(&dossier),
            conflicts: conflicts.get(&dossier.id).copied().unwrap_or(0),
            dossier,
        })
        .collect();
    rows.sort_by_key(|row| !row.due.as_ref().is_some_and(|due| due.late));
    let overdue = ocop_store::dossiers::count_overdue(&mut tx, id, app.today()).await?;
    let total = counts.iter().filter(|(state, _)| *state != State::Draft).map(|(_, count)| count).sum();
    Ok(Board { round, funnel, overdue, rows, next, total, in_conflict: conflicts.len() })
}

/// Refuses a dossier for a round that takes none on `today`.
pub(crate) fn must_take(round: &Round, today: NaiveDate) -> Result<(), AppError> {
    if round.closed_on.is_some() {
        return Err(Refusal::because(format!(
            "{} đã đóng nên không nhận thêm hồ sơ. Hãy nộp vào đợt sau.",
            round.name
        )));
    }
    if today < round.opens_on {
        return Err(Refusal::because(format!(
            "{} bắt đầu nhận hồ sơ từ ngày {}. Hãy quay lại từ ngày đó.",
            round.name,
            date(round.opens_on)
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::World;

    #[tokio::test]
    async fn a_round_sent_twice_is_opened_once() {
        let world = World::new().await;
        let app = &world.app;
        let input = RoundInput {
            name: "Đợt 1 năm 2027".to_owned(),
            opens_on: "02/11/2026".to_owned(),
            propose_by: "30/04/2027".to_owned(),
            result_by: "30/06/2027".to_owned(),
            ..RoundInput::default()
        };
        let (one, two) =
            tokio::join!(open(app, &world.officer, "22", &input), open(app, &world.officer, "22", &input));
        assert_eq!(usize::from(one.is_ok()) + usize::from(two.is_ok()), 1);
        let again = open(app, &world.officer, "22", &input).await;
        assert!(
            matches!(again, Err(AppError::Invalid(faults)) if faults[0].message.contains("Đã có đợt tên"))
        );
        assert_eq!(list(app, "22").await.unwrap().len(), 1);
    }
}
