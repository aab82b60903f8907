//! The chair opens a session: who is here, what is scored.

use askama::Template;
use axum::extract::State;
use axum_extra::extract::Form;
use ocop_app::councils::{OpenSessionInput, SessionView, open_session, session};
use ocop_app::{App, AppError};
use ocop_core::id::CouncilId;
use ocop_core::people::Actor;
use ocop_core::time::date;

use crate::page::{Errors, Id, Outcome, Page, html, html_with, is_for_the_form, see_other, status_of};
use crate::viewer::{SignedIn, Viewer};

#[derive(Template)]
#[template(path = "councils/session.html")]
struct SessionPage {
    page: Page,
    view: SessionView,
    form: OpenSessionInput,
    errors: Errors,
}

impl SessionPage {
    fn present(&self, seat: &impl std::fmt::Display) -> bool {
        self.form.present.contains(&seat.to_string())
    }

    fn opinions_hint(&self) -> String {
        format!(
            "Để trống nếu Hội đồng họp. Theo quy chế, hạn là {} ngày: mở hôm nay thì đến {}.",
            self.view.council.settings.opinion_days,
            date(self.view.usual_opinions_by)
        )
    }

    fn chosen(&self, dossier: &impl std::fmt::Display) -> bool {
        self.form.dossiers.contains(&dossier.to_string())
    }
}

async fn shown(app: &App, actor: &Actor, viewer: &Viewer, id: &CouncilId) -> Result<SessionPage, AppError> {
    let view = session(app, actor, id).await?;
    // The chair, who opens the session, is here; dossiers that are ready are usually all scored.
    let own = actor.seats.iter().filter(|seat| seat.council == *id).map(|seat| seat.id.to_string());
    let form = OpenSessionInput {
        present: own.collect(),
        dossiers: view.ready.iter().map(|one| one.id.to_string()).collect(),
        opinions_by: String::new(),
    };
    Ok(SessionPage { page: Page::new("Mở phiên họp", viewer), view, form, errors: Errors::none() })
}

/// The form.
pub async fn get(
    State(app): State<App>,
    SignedIn { actor, viewer }: SignedIn,
    Id(id): Id<CouncilId>,
) -> Outcome {
    Ok(html(shown(&app, &actor, &viewer, &id).await?))
}

/// Opens it.
pub async fn post(
    State(app): State<App>,
    SignedIn { actor, viewer }: SignedIn,
    Id(id): Id<CouncilId>,
    Form(form): Form<OpenSessionInput>,
) -> Outcome {
    match open_session(&app, &actor, &id, &form).await {
        Ok(_) => Ok(see_other(&format!("/councils/{id}?done=opened"))),
        Err(error) if is_for_the_form(&error) => {
            let fresh = shown(&app, &actor, &viewer, &id).await?;
            Ok(html_with(
                status_of(&error),
                SessionPage { page: fresh.page.refused(&error), form, errors: Errors::from(&error), ..fresh },
            ))
        }
        Err(error) => Err(error.into()),
    }
}
