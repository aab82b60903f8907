//! The form on which a provincial officer records a result that was decided on paper.

use askama::Template;
use axum::Form;
use axum::extract::State;
use ocop_app::evaluations::{PaperForm, PaperInput, paper_form, record_on_paper};
use ocop_app::rounds::Round;
use ocop_app::{App, AppError};
use ocop_core::id::ProductId;
use ocop_core::recognition::Level;

use crate::page::{Errors, Id, Outcome, Page, html, html_with, is_for_the_form, see_other, status_of};
use crate::viewer::SignedIn;

#[derive(Template)]
#[template(path = "products/evaluation.html")]
struct EvaluationPage {
    page: Page,
    product: String,
    id: ProductId,
    form: PaperInput,
    errors: Errors,
    levels: &'static [Level],
    rounds: Vec<Round>,
}

async fn page(
    app: &App,
    signed: &SignedIn,
    id: ProductId,
    form: Option<PaperInput>,
    error: Option<&AppError>,
) -> Result<EvaluationPage, AppError> {
    let PaperForm { product, rounds, .. } = paper_form(app, &signed.actor, &id).await?;
    let page = Page::new("Ghi kết quả trên giấy", &signed.viewer);
    let fresh = || PaperInput { set_no: product.set_no.to_string(), ..PaperInput::default() };
    Ok(EvaluationPage {
        page: match error {
            Some(error) => page.refused(error),
            None => page,
        },
        form: form.unwrap_or_else(fresh),
        product: product.name,
        id,
        errors: error.map(Errors::from).unwrap_or_default(),
        levels: Level::ALL,
        rounds,
    })
}

/// The form.
pub async fn new(State(app): State<App>, signed: SignedIn, Id(id): Id<ProductId>) -> Outcome {
    Ok(html(page(&app, &signed, id, None, None).await?))
}

/// Records the result.
pub async fn create(
    State(app): State<App>,
    signed: SignedIn,
    Id(id): Id<ProductId>,
    Form(form): Form<PaperInput>,
) -> Outcome {
    match record_on_paper(&app, &signed.actor, &id, &form).await {
        Ok(()) => Ok(see_other(&format!("/products/{id}?done=saved"))),
        Err(error) if is_for_the_form(&error) => {
            Ok(html_with(status_of(&error), page(&app, &signed, id, Some(form), Some(&error)).await?))
        }
        Err(error) => Err(error.into()),
    }
}
