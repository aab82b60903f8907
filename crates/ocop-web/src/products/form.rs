//! The form of a product.

use askama::Template;
use axum::Form;
use axum::extract::State;
use ocop_app::products::{self, ProductInput, SetGroup};
use ocop_app::{App, AppError};
use ocop_core::id::{ProducerId, ProductId};

use crate::page::{Errors, Id, Outcome, Page, html, html_with, is_for_the_form, see_other, status_of};
use crate::viewer::SignedIn;

#[derive(Template)]
#[template(path = "products/form.html")]
struct FormPage {
    page: Page,
    input: ProductInput,
    groups: Vec<SetGroup>,
    errors: Errors,
    producer: String,
    here: String,
    back: String,
}

/// Whose form it is: a new product of a producer, or a product.
struct Place {
    title: &'static str,
    producer: String,
    here: String,
    back: String,
}

fn filled(
    app: &App,
    signed: &SignedIn,
    place: Place,
    input: ProductInput,
    error: Option<&AppError>,
) -> Result<FormPage, AppError> {
    let page = Page::new(place.title, &signed.viewer);
    Ok(FormPage {
        page: match error {
            Some(error) => page.refused(error),
            None => page,
        },
        input,
        groups: products::classification(app)?,
        errors: error.map(Errors::from).unwrap_or_default(),
        producer: place.producer,
        here: place.here,
        back: place.back,
    })
}

async fn place_of_new(app: &App, signed: &SignedIn, id: &ProducerId) -> Result<Place, AppError> {
    let producer = products::new_form(app, &signed.actor, id).await?;
    Ok(Place {
        title: "Thêm sản phẩm",
        producer: producer.name,
        here: format!("/producers/{id}/products/new"),
        back: format!("/producers/{id}"),
    })
}

async fn place_of(app: &App, signed: &SignedIn, id: &ProductId) -> Result<(Place, ProductInput), AppError> {
    let (producer, product) = products::edit_form(app, &signed.actor, id).await?;
    let place = Place {
        title: "Sửa sản phẩm",
        producer: producer.name,
        here: format!("/products/{id}/edit"),
        back: format!("/products/{id}"),
    };
    Ok((place, ProductInput::from(&product)))
}

/// The form of a new product.
pub async fn new(State(app): State<App>, signed: SignedIn, Id(id): Id<ProducerId>) -> Outcome {
    let place = place_of_new(&app, &signed, &id).await?;
    Ok(html(filled(&app, &signed, place, ProductInput::default(), None)?))
}

/// Adds a product.
pub async fn create(
    State(app): State<App>,
    signed: SignedIn,
    Id(id): Id<ProducerId>,
    Form(input): Form<ProductInput>,
) -> Outcome {
    match products::add(&app, &signed.actor, &id, &input).await {
        Ok(product) => Ok(see_other(&format!("/products/{product}?done=saved"))),
        Err(error) if is_for_the_form(&error) => {
            let place = place_of_new(&app, &signed, &id).await?;
            Ok(html_with(status_of(&error), filled(&app, &signed, place, input, Some(&error))?))
        }
        Err(error) => Err(error.into()),
    }
}

/// The form of a product.
pub async fn edit(State(app): State<App>, signed: SignedIn, Id(id): Id<ProductId>) -> Outcome {
    let (place, input) = place_of(&app, &signed, &id).await?;
    Ok(html(filled(&app, &signed, place, input, None)?))
}

/// Changes a product.
pub async fn update(
    State(app): State<App>,
    signed: SignedIn,
    Id(id): Id<ProductId>,
    Form(input): Form<ProductInput>,
) -> Outcome {
    match products::edit(&app, &signed.actor, &id, &input).await {
        Ok(()) => Ok(see_other(&format!("/products/{id}?done=saved"))),
        Err(error) if is_for_the_form(&error) => {
            let (place, _) = place_of(&app, &signed, &id).await?;
            Ok(html_with(status_of(&error), filled(&app, &signed, place, input, Some(&error))?))
        }
        Err(error) => Err(error.into()),
    }
}
