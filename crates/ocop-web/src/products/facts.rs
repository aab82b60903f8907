//! Facts about a product: revenue, stamps, platforms, codes of older formats.

use askama::Template;
use axum::Form;
use axum::extract::State;
use ocop_app::products::notes::{self, FactInput};
use ocop_app::products::{self, ProductView};
use ocop_app::{App, AppError};
use ocop_core::id::ProductId;
use ocop_core::text::thousands;
use ocop_core::time::date;

use crate::page::{Errors, Id, Outcome, Page, html, html_with, is_for_the_form, see_other, status_of};
use crate::viewer::SignedIn;

#[derive(Template)]
#[template(path = "products/facts.html")]
struct FactsPage {
    page: Page,
    view: ProductView,
    form: FactInput,
    errors: Errors,
    may_note_codes: bool,
}

impl FactsPage {
    /// `dd/MM/yyyy`.
    fn day(&self, day: &chrono::NaiveDate) -> String {
        date(*day)
    }

    /// `1.250.000.000 đ`.
    fn money(&self, amount: &i64) -> String {
        format!("{} đ", thousands(*amount))
    }

    /// The typed first day of stamps, or the kept one.
    fn stamped_since(&self) -> String {
        match self.form.fact.as_str() {
            "stamps" => self.form.stamped_since.clone(),
            _ => self.view.row.product.stamped_since.map(date).unwrap_or_default(),
        }
    }
}

async fn page(
    app: &App,
    signed: &SignedIn,
    id: &ProductId,
    form: FactInput,
    error: Option<&AppError>,
) -> Result<FactsPage, AppError> {
    let (producer, _) = notes::product_of(app, &signed.actor, id).await?;
    let page = Page::new("Số liệu của sản phẩm", &signed.viewer);
    Ok(FactsPage {
        page: match error {
            Some(error) => page.refused(error),
            None => page,
        },
        view: products::view(app, &signed.actor, id).await?,
        form,
        errors: error.map(Errors::from).unwrap_or_default(),
        may_note_codes: notes::may_note_codes(&signed.actor, &producer),
    })
}

/// What is noted, and the forms.
pub async fn get(State(app): State<App>, signed: SignedIn, Id(id): Id<ProductId>) -> Outcome {
    Ok(html(page(&app, &signed, &id, FactInput::default(), None).await?))
}

/// Notes a fact, or takes it out.
pub async fn post(
    State(app): State<App>,
    signed: SignedIn,
    Id(id): Id<ProductId>,
    Form(form): Form<FactInput>,
) -> Outcome {
    match notes::note(&app, &signed.actor, &id, &form).await {
        Ok(()) => Ok(see_other(&format!("/products/{id}/facts?done=saved"))),
        Err(error) if is_for_the_form(&error) => {
            Ok(html_with(status_of(&error), page(&app, &signed, &id, form, Some(&error)).await?))
        }
        Err(error) => Err(error.into()),
    }
}
