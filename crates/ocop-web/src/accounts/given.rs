//! The accounts of officers and assessors, given by the provincial office.

use askama::Template;
use axum::extract::State;
use axum_extra::extract::Form;
use ocop_app::accounts::{GrantInput, grant, holders, office_of};
use ocop_app::units::{Unit, communes};
use ocop_app::{App, AppError};
use ocop_core::people::{Actor, RoleKind};
use ocop_core::units::CENTRE;

use crate::page::{Errors, Outcome, Page, html, html_with, is_for_the_form, see_other, status_of};
use crate::viewer::SignedIn;

/// A person with a role, as the list shows them.
struct HolderLine {
    name: String,
    title: String,
    role: &'static str,
    unit: String,
    email: String,
}

#[derive(Template)]
#[template(path = "accounts/given.html")]
struct GivenPage {
    page: Page,
    holders: Vec<HolderLine>,
    communes: Vec<Unit>,
    office: String,
    form: GrantInput,
    errors: Errors,
}

impl GivenPage {
    async fn new(
        app: &App,
        actor: &Actor,
        page: Page,
        form: GrantInput,
        errors: Errors,
    ) -> Result<Self, AppError> {
        let province = office_of(actor).unwrap_or_default();
        let holders = holders(app, actor, province)
            .await?
            .into_iter()
            .map(|holder| HolderLine {
                name: holder.name,
                title: holder.title,
                role: holder.kind.name(),
                unit: holder.unit,
                email: holder.email,
            })
            .collect();
        let communes = communes(app, province).await?;
        Ok(Self { page, holders, communes, office: province.to_owned(), form, errors })
    }

    /// The roles that the office can give.
    fn roles(&self) -> &'static [RoleKind] {
        if self.office == CENTRE {
            &[RoleKind::CentralOfficer, RoleKind::Assessor]
        } else {
            &[RoleKind::CommuneOfficer, RoleKind::ProvincialOfficer, RoleKind::Assessor]
        }
    }
}

const TITLE: &str = "Tài khoản cán bộ";

/// The list and the form.
pub async fn get(State(app): State<App>, SignedIn { actor, viewer }: SignedIn) -> Outcome {
    let page = Page::new(TITLE, &viewer);
    Ok(html(GivenPage::new(&app, &actor, page, GrantInput::default(), Errors::none()).await?))
}

/// Gives an account or a role.
pub async fn post(
    State(app): State<App>,
    SignedIn { actor, viewer }: SignedIn,
    Form(form): Form<GrantInput>,
) -> Outcome {
    match grant(&app, &actor, office_of(&actor).unwrap_or_default(), &form).await {
        Ok(_) => Ok(see_other("/accounts?done=granted")),
        Err(error) if is_for_the_form(&error) => {
            let page = Page::new(TITLE, &viewer).refused(&error);
            let errors = Errors::from(&error);
            Ok(html_with(status_of(&error), GivenPage::new(&app, &actor, page, form, errors).await?))
        }
        Err(error) => Err(error.into()),
    }
}
