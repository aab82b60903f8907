//! The page of a product: its dossiers and its whole life.

use askama::Template;
use axum::extract::{Query, State};
use chrono::NaiveDate;
use ocop_app::App;
use ocop_app::products::history::{Entry, Leads, Status};
use ocop_app::products::{self, ProductView};
use ocop_core::id::ProductId;
use ocop_core::registry::Standing;
use ocop_core::text::thousands;
use ocop_core::time::date;
use serde::Deserialize;

use crate::page::{Id, Outcome, Page, html, see_other};
use crate::viewer::SignedIn;

/// The day as of which the star is told.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct AsOf {
    on: String,
}

impl AsOf {
    /// As addresses write it; people may type `02/12/2022`.
    fn day(&self) -> String {
        let typed = NaiveDate::parse_from_str(self.on.trim(), "%d/%m/%Y");
        typed.map_or_else(|_| self.on.clone(), |day| day.to_string())
    }
}

#[derive(Template)]
#[template(path = "products/show.html")]
struct ShowPage {
    page: Page,
    view: ProductView,
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
    let view = products::view_on(&app, &signed.actor, &id, &as_of.day()).await?;
    if let Some(kept) = &view.row.product.merged_into {
        return Ok(see_other(&format!("/products/{kept}")));
    }
    Ok(html(ShowPage { page: Page::new(view.row.product.name.clone(), &signed.viewer), view }))
}
