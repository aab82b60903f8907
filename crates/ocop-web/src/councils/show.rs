//! The page of a council: rules of work, seats, dossiers.

use askama::Template;
use axum::extract::{Path, State};
use axum_extra::extract::Form;
use ocop_app::councils::{
    AssignInput, Closed, CouncilView, SeatInput, SessionLine, add_seat, assign_dossiers, council, remove_seat,
};
use ocop_app::scoring::MyBallot;
use ocop_app::{App, AppError};
use ocop_core::dossiers::{DossierKind, State as Step};
use ocop_core::id::CouncilId;
use ocop_core::people::{Actor, SeatKind};

use super::day;
use crate::page::{Errors, Id, Outcome, Page, html, html_with, is_for_the_form, see_other, status_of};
use crate::rounds::tag_kind;
use crate::viewer::{SignedIn, Viewer};

#[derive(Template)]
#[template(path = "councils/show.html")]
struct ShowPage {
    page: Page,
    view: CouncilView,
    seat: SeatInput,
    errors: Errors,
}

impl ShowPage {
    fn seat_kinds(&self) -> &'static [SeatKind] {
        SeatKind::ALL
    }

    /// Whether the reader opens sessions here.
    fn may_open(&self) -> bool {
        self.view.my_seat == Some(SeatKind::Chair) && self.view.has_ready()
    }

    /// Whether a ballot waits for the reader, who may fill it in without a network.
    fn may_score(&self) -> bool {
        self.view.dossiers.iter().any(|one| one.ballot.as_ref().is_some_and(MyBallot::is_open))
    }

    /// Where a dossier's row leads: to the reader's own work on it.
    fn target(&self, at: &usize) -> String {
        let Some(one) = self.view.dossiers.get(*at) else { return String::new() };
        let id = &one.listed.id;
        match one.listed.state {
            Step::Scoring => match &one.ballot {
                Some(ballot) if ballot.is_open() => format!("/ballots/{}", ballot.id),
                Some(_) | None => format!("/dossiers/{id}/scoring"),
            },
            Step::Discussion | Step::Tallied => format!("/dossiers/{id}/scoring"),
            Step::Confirmed
            | Step::Recognised
            | Step::NotRecognised
            | Step::ForCentre
            | Step::AtCentre
            | Step::ReferredBack
            | Step::FiveStars
            | Step::Fallback
            | Step::Again
            | Step::Disqualified => {
                format!("/dossiers/{id}/result")
            }
            Step::Checking => format!("/dossiers/{id}/renewal-check"),
            Step::Advised if one.listed.kind == DossierKind::Renewal => {
                format!("/dossiers/{id}/renewal-check")
            }
            Step::Advising | Step::Advised => format!("/dossiers/{id}/advice"),
            Step::Draft
            | Step::AtCommune
            | Step::AtProvince
            | Step::Completing
            | Step::Accepted
            | Step::Withdrawn => {
                format!("/dossiers/{id}")
            }
        }
    }

    /// What the reader has to do with a dossier, in words.
    fn own_work(&self, at: &usize) -> String {
        let Some(one) = self.view.dossiers.get(*at) else { return String::new() };
        match one.closed {
            Some(Closed::Conflict) => return "có xung đột lợi ích".to_owned(),
            Some(Closed::Unseated) => return "không đánh giá hồ sơ này".to_owned(),
            None => {}
        }
        match &one.ballot {
            Some(ballot) if ballot.sealed_at.is_some() => "đã niêm phiếu".to_owned(),
            Some(ballot) if ballot.is_open() => format!("đã chấm {} trên {}", ballot.answered, ballot.of),
            Some(_) | None => String::new(),
        }
    }

    fn results(&self) -> bool {
        self.view.dossiers.iter().any(|one| one.listed.state.has_result())
    }
}

fn opened(session: &SessionLine) -> String {
    session.opened_at.written()
}

async fn shown(app: &App, actor: &Actor, viewer: &Viewer, id: &CouncilId) -> Result<ShowPage, AppError> {
    let view = council(app, actor, id).await?;
    let page = Page::new(view.council.name.clone(), viewer);
    Ok(ShowPage { page, view, seat: SeatInput::default(), errors: Errors::none() })
}

/// The page.
pub async fn get(
    State(app): State<App>,
    SignedIn { actor, viewer }: SignedIn,
    Id(id): Id<CouncilId>,
) -> Outcome {
    Ok(html(shown(&app, &actor, &viewer, &id).await?))
}

/// The page again, with what was typed and what is wrong with it.
async fn again(app: &App, signed: &SignedIn, id: &CouncilId, seat: SeatInput, error: AppError) -> Outcome {
    if !is_for_the_form(&error) {
        return Err(error.into());
    }
    let fresh = shown(app, &signed.actor, &signed.viewer, id).await?;
    let errors = Errors::from(&error);
    Ok(html_with(status_of(&error), ShowPage { page: fresh.page.refused(&error), seat, errors, ..fresh }))
}

/// Gives somebody a seat.
pub async fn post_seat(
    State(app): State<App>,
    signed: SignedIn,
    Id(id): Id<CouncilId>,
    Form(form): Form<SeatInput>,
) -> Outcome {
    match add_seat(&app, &signed.actor, &id, &form).await {
        Ok(_) => Ok(see_other(&format!("/councils/{id}?done=saved#seats"))),
        Err(error) => again(&app, &signed, &id, form, error).await,
    }
}

/// Takes a seat back.
pub async fn post_remove(
    State(app): State<App>,
    signed: SignedIn,
    Path((id, seat)): Path<(String, String)>,
) -> Outcome {
    let id: CouncilId = id.parse().map_err(|_| AppError::NotFound)?;
    let seat = seat.parse().map_err(|_| AppError::NotFound)?;
    match remove_seat(&app, &signed.actor, &id, &seat).await {
        Ok(()) => Ok(see_other(&format!("/councils/{id}?done=removed#seats"))),
        Err(error) => again(&app, &signed, &id, SeatInput::default(), error).await,
    }
}

/// Gives dossiers to the council.
pub async fn post_dossiers(
    State(app): State<App>,
    signed: SignedIn,
    Id(id): Id<CouncilId>,
    Form(form): Form<AssignInput>,
) -> Outcome {
    match assign_dossiers(&app, &signed.actor, &id, &form).await {
        Ok(_) => Ok(see_other(&format!("/councils/{id}?done=assigned"))),
        Err(error) => again(&app, &signed, &id, SeatInput::default(), error).await,
    }
}
