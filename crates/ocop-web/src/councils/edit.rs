//! A new council, and the decision and rules of work of an existing one.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Query, State};
use axum_extra::extract::Form;
use ocop_app::councils::{CouncilInput, NewCouncil, council, create_council, new_council, save_council};
use ocop_app::{App, AppError};
use ocop_core::councils::SpreadRule;
use ocop_core::id::{CouncilId, RoundId};
use ocop_core::scoring::FloorRule;
use serde::Deserialize;

use crate::page::{Errors, Id, Outcome, Page, html, html_with, is_for_the_form, see_other, status_of};
use crate::viewer::SignedIn;

#[derive(Template)]
#[template(path = "councils/edit.html")]
struct EditPage {
    page: Page,
    round: String,
    round_name: String,
    /// Empty for a new council.
    council: String,
    form: CouncilInput,
    /// Whether the rules of work are fixed.
    fixed: bool,
    /// Where each usual value comes from.
    sources: BTreeMap<String, String>,
    errors: Errors,
}

impl EditPage {
    fn source(&self, rule: &str) -> &str {
        self.sources.get(rule).map_or("", String::as_str)
    }

    fn spread_rules(&self) -> &'static [SpreadRule] {
        SpreadRule::ALL
    }

    fn floor_rules(&self) -> &'static [FloorRule] {
        FloorRule::ALL
    }
}

/// The round in the address.
#[derive(Debug, Deserialize)]
pub struct OfRound {
    round: String,
}

impl OfRound {
    fn id(&self) -> Result<RoundId, AppError> {
        self.round.parse().map_err(|_| AppError::NotFound)
    }
}

fn new_page(page: Page, new: NewCouncil) -> EditPage {
    EditPage {
        page,
        round: new.round.to_string(),
        round_name: new.round_name,
        council: String::new(),
        form: new.input,
        fixed: false,
        sources: new.sources,
        errors: Errors::none(),
    }
}

/// The form for a new council.
pub async fn get_new(
    State(app): State<App>,
    SignedIn { actor, viewer }: SignedIn,
    Query(of): Query<OfRound>,
) -> Outcome {
    let new = new_council(&app, &actor, &of.id()?).await?;
    Ok(html(new_page(Page::new("Lập hội đồng", &viewer), new)))
}

/// Sets it up.
pub async fn post_new(
    State(app): State<App>,
    SignedIn { actor, viewer }: SignedIn,
    Query(of): Query<OfRound>,
    Form(form): Form<CouncilInput>,
) -> Outcome {
    match create_council(&app, &actor, &of.id()?, &form).await {
        Ok(id) => Ok(see_other(&format!("/councils/{id}?done=saved"))),
        Err(error) if is_for_the_form(&error) => {
            let new = new_council(&app, &actor, &of.id()?).await?;
            let fresh = new_page(Page::new("Lập hội đồng", &viewer).refused(&error), new);
            Ok(html_with(status_of(&error), EditPage { form, errors: Errors::from(&error), ..fresh }))
        }
        Err(error) => Err(error.into()),
    }
}

/// The form of an existing council.
pub async fn get(
    State(app): State<App>,
    SignedIn { actor, viewer }: SignedIn,
    Id(id): Id<CouncilId>,
) -> Outcome {
    let fresh = existing(&app, &actor, &viewer, &id).await?;
    Ok(html(fresh))
}

async fn existing(
    app: &App,
    actor: &ocop_core::people::Actor,
    viewer: &crate::viewer::Viewer,
    id: &CouncilId,
) -> Result<EditPage, AppError> {
    let view = council(app, actor, id).await?;
    if !view.may_manage {
        return Err(AppError::NotFound);
    }
    Ok(EditPage {
        page: Page::new("Sửa thông tin hội đồng", viewer),
        round: view.council.round_id.to_string(),
        round_name: view.round_name,
        council: id.to_string(),
        form: CouncilInput::of(&view.council),
        fixed: view.is_sitting,
        sources: view.sources,
        errors: Errors::none(),
    })
}

/// Saves it.
pub async fn post(
    State(app): State<App>,
    SignedIn { actor, viewer }: SignedIn,
    Id(id): Id<CouncilId>,
    Form(form): Form<CouncilInput>,
) -> Outcome {
    match save_council(&app, &actor, &id, &form).await {
        Ok(()) => Ok(see_other(&format!("/councils/{id}?done=saved"))),
        Err(error) if is_for_the_form(&error) => {
            let fresh = existing(&app, &actor, &viewer, &id).await?;
            let errors = Errors::from(&error);
            Ok(html_with(
                status_of(&error),
                EditPage { page: fresh.page.refused(&error), form, errors, ..fresh },
            ))
        }
        Err(error) => Err(error.into()),
    }
}
