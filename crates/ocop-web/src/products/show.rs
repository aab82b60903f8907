//! The page of a product: its dossiers and its whole life.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use ocop_app::App;
use ocop_app::products::history::{Entry, Leads, Status};
use ocop_app::products::{self, ProductView};
use ocop_core::id::ProductId;
use ocop_core::registry::Standing;
use ocop_core::text::thousands;
use ocop_core::time::date;
use serde::Deserialize;

use crate::page::{Errors, Id, Outcome, Page, html_with, is_for_the_form, see_other, status_of};
use crate::viewer::SignedIn;

/// The day as of which the star is told.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct AsOf {
    on: String,
}

#[derive(Template)]
#[template(path = "products/show.html")]
struct ShowPage {
    page: Page,
    view: ProductView,
    /// The day as typed.
    on: String,
    errors: Errors,
}

/// A bar of points: label, words, value and maximum in hundredths.
struct Bar {
    label: String,
    text: String,
    value: i64,
    max: i64,
}

impl ShowPage {
    /// `dd/MM/yyyy`.
    fn day(&self, day: &chrono::NaiveDate) -> String {
        date(*day)
    }

    /// `1.250.000.000 đ`.
    fn money(&self, amount: &i64) -> String {
        format!("{} đ", thousands(*amount))
    }

    fn status(&self) -> &Status {
        &self.view.history.status
    }

    /// The kind of tag for how it stands.
    fn tag(&self) -> &'static str {
        match self.status().standing {
            Standing::Starred => "ok",
            Standing::Expired => "wait",
            Standing::Revoked => "late",
            Standing::Unranked => "info",
        }
    }

    fn bars(&self, entry: &Entry) -> Vec<Bar> {
        let hundredths = |num: i64, den: i64| num * 100 / den;
        let bars = entry.parts.iter().map(|part| Bar {
            label: part.part.name().to_owned(),
            text: format!("{}/{}", part.mean.vi(), part.max),
            value: hundredths(part.mean.num, part.mean.den),
            max: i64::from(part.max) * 100,
        });
        bars.collect()
    }

    /// The page of the newest certificate.
    fn certificate(&self) -> Option<String> {
        self.view.history.entries.iter().find_map(|entry| match &entry.leads {
            Leads::Certificate(id) => Some(format!("/certificates/{id}")),
            Leads::Dossier(_) | Leads::Nowhere => None,
        })
    }

    /// Where an entry leads, if anywhere.
    fn link(&self, entry: &Entry) -> Option<(String, &'static str)> {
        match &entry.leads {
            Leads::Certificate(id) => Some((format!("/certificates/{id}"), "Xem giấy chứng nhận")),
            Leads::Dossier(id) => Some((format!("/dossiers/{id}"), "Xem hồ sơ")),
            Leads::Nowhere => None,
        }
    }
}

/// The page of a product with its dossiers; of a duplicate, the one it was merged into.
pub async fn get(
    State(app): State<App>,
    signed: SignedIn,
    Id(id): Id<ProductId>,
    Query(as_of): Query<AsOf>,
) -> Outcome {
    let (view, error) = match products::view_on(&app, &signed.actor, &id, &as_of.on).await {
        Ok(view) => (view, None),
        Err(error) if is_for_the_form(&error) => {
            (products::view(&app, &signed.actor, &id).await?, Some(error))
        }
        Err(error) => return Err(error.into()),
    };
    if let Some(kept) = &view.row.product.merged_into {
        return Ok(see_other(&format!("/products/{kept}")));
    }
    let page = Page::new(view.row.product.name.clone(), &signed.viewer);
    let (status, errors) = match &error {
        Some(error) => (status_of(error), Errors::from(error)),
        None => (StatusCode::OK, Errors::none()),
    };
    let on = if error.is_some() { as_of.on } else { date(view.history.status.on) };
    Ok(html_with(status, ShowPage { page, view, on, errors }))
}
