//! The page of a dossier's scoring: progress, tally, discussion, confirmation.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use axum_extra::extract::Form;
use ocop_app::scoring::{
    HeatCell, HeatRow, MemberLine, OpenedTurn, ReasonInput, ScoringView, confirm_result, keep_result,
    open_turn, scoring,
};
use ocop_app::{App, AppError};
use ocop_core::councils::SpreadRule;
use ocop_core::dossiers::State as Step;
use ocop_core::id::DossierId;
use ocop_core::people::Actor;

use super::result::Bar;
use crate::charts::DotPlot;
use crate::page::{Errors, Id, Outcome, Page, html, html_with, is_for_the_form, see_other, status_of};
use crate::rounds::tag_kind;
use crate::viewer::{SignedIn, Viewer};

#[derive(Template)]
#[template(path = "scoring/tally.html")]
struct TallyPage {
    page: Page,
    view: ScoringView,
    form: ReasonInput,
    errors: Errors,
}

impl TallyPage {
    fn is_scoring(&self) -> bool {
        self.view.head.state == Step::Scoring
    }

    fn present(&self, seat: &impl std::fmt::Display) -> bool {
        self.form.present.contains(&seat.to_string())
    }

    /// Whether the chair may let this turn's result stand.
    fn may_keep(&self, turn: &OpenedTurn) -> bool {
        self.view.seats.is_empty() && (!is_apart(turn) || turn.settings.may_keep(turn.no))
    }

    /// Whether a level was chosen for a criterion when the form was refused.
    fn agreed(&self, code: &str, level: &str) -> bool {
        self.form.agreed.iter().any(|one| one.split_once('=') == Some((code, level)))
    }

    fn is_over(&self) -> bool {
        self.view.head.state.has_result()
    }

    fn before(&self) -> bool {
        self.view.turn == 0
    }
}

fn plot(turn: &OpenedTurn) -> Option<DotPlot> {
    DotPlot::of(&turn.tally.member_totals, &turn.tally.mean, turn.settings.decimals)
}

fn bars(turn: &OpenedTurn) -> Vec<Bar> {
    turn.parts.iter().map(|part| Bar::of(part, turn.settings.decimals)).collect()
}

fn is_apart(turn: &OpenedTurn) -> bool {
    turn.tally.disqualified.is_none() && turn.tally.spread > turn.settings.spread_limit
}

fn mean(turn: &OpenedTurn) -> String {
    turn.tally.mean.vi_to(turn.settings.decimals)
}

/// `77,50`, or nothing when no ballot has points.
fn median(turn: &OpenedTurn) -> String {
    turn.median.map(|median| median.vi_to(turn.settings.decimals)).unwrap_or_default()
}

/// The members' remarks on a criterion: who, and what.
fn remarks<'a>(turn: &'a OpenedTurn, row: &'a HeatRow) -> Vec<(&'a str, &'a str)> {
    let said = turn.members.iter().zip(&row.cells).map(|(member, cell)| (member.name.as_str(), note(cell)));
    said.filter(|(_, words)| !words.is_empty()).collect()
}

fn is_remarked(turn: &OpenedTurn) -> bool {
    turn.heat.iter().any(|row| !remarks(turn, row).is_empty())
}

/// What a spread above the limit leads to by the council's rules of work.
fn follows(turn: &OpenedTurn) -> String {
    match (&turn.kept_reason, turn.settings.spread_rule) {
        (Some(reason), _) => format!("Chủ tịch giữ kết quả sau thảo luận: {reason}"),
        (None, SpreadRule::Note) => "Theo quy chế của Hội đồng, chênh lệch được ghi vào biên bản.".to_owned(),
        (None, SpreadRule::Discuss) => {
            "Hội đồng thảo luận các tiêu chí lệch nhau nhiều nhất, rồi chấm lại hoặc giữ kết quả.".to_owned()
        }
        (None, SpreadRule::Rescore) => {
            "Hội đồng thảo luận các tiêu chí lệch nhau nhiều nhất, rồi chấm lại ít nhất một lần.".to_owned()
        }
    }
}

fn total(member: &MemberLine) -> String {
    member.total.map_or_else(|| "đề nghị loại".to_owned(), |total| total.to_string())
}

fn note(cell: &HeatCell) -> &str {
    cell.note.as_deref().unwrap_or("")
}

async fn shown(app: &App, actor: &Actor, viewer: &Viewer, id: &DossierId) -> Result<TallyPage, AppError> {
    let view = scoring(app, actor, id).await?;
    let page = Page::new(format!("Chấm điểm: {}", view.head.product), viewer);
    Ok(TallyPage { page, view, form: ReasonInput::default(), errors: Errors::none() })
}

/// The page.
pub async fn get(
    State(app): State<App>,
    SignedIn { actor, viewer }: SignedIn,
    Id(id): Id<DossierId>,
) -> Outcome {
    Ok(html(shown(&app, &actor, &viewer, &id).await?))
}

async fn again(
    app: &App,
    (actor, viewer): (&Actor, &Viewer),
    id: &DossierId,
    form: ReasonInput,
    error: AppError,
) -> Result<Response, crate::page::WebError> {
    if !is_for_the_form(&error) {
        return Err(error.into());
    }
    let fresh = shown(app, actor, viewer, id).await?;
    let (page, errors) = (fresh.page.refused(&error), Errors::from(&error));
    Ok(html_with(status_of(&error), TallyPage { page, form, errors, ..fresh }))
}

/// Opens another turn.
pub async fn post_turn(
    State(app): State<App>,
    SignedIn { actor, viewer }: SignedIn,
    Id(id): Id<DossierId>,
    Form(form): Form<ReasonInput>,
) -> Outcome {
    match open_turn(&app, &actor, &id, &form).await {
        Ok(_) => Ok(see_other(&format!("/dossiers/{id}/scoring?done=turn"))),
        Err(error) => again(&app, (&actor, &viewer), &id, form, error).await,
    }
}

/// Lets the result stand.
pub async fn post_keep(
    State(app): State<App>,
    SignedIn { actor, viewer }: SignedIn,
    Id(id): Id<DossierId>,
    Form(form): Form<ReasonInput>,
) -> Outcome {
    match keep_result(&app, &actor, &id, &form).await {
        Ok(()) => Ok(see_other(&format!("/dossiers/{id}/scoring?done=saved"))),
        Err(error) => again(&app, (&actor, &viewer), &id, form, error).await,
    }
}

/// Confirms the result.
pub async fn post_confirm(
    State(app): State<App>,
    SignedIn { actor, viewer }: SignedIn,
    Id(id): Id<DossierId>,
) -> Outcome {
    match confirm_result(&app, &actor, &id).await {
        Ok(_) => Ok(see_other(&format!("/dossiers/{id}/result?done=confirmed"))),
        Err(error) => again(&app, (&actor, &viewer), &id, ReasonInput::default(), error).await,
    }
}
