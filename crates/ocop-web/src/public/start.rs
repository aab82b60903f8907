//! The public start page.

use askama::Template;
use axum::extract::State;
use ocop_app::App;
use ocop_app::public::{ProductList, PublicFilter, products};

use crate::page::{Outcome, Page, html};
use crate::viewer::Viewer;

#[derive(Template)]
#[template(path = "public/start.html")]
struct StartPage {
    page: Page,
    signed_in: bool,
    list: ProductList,
}

/// How many products the start page shows.
const SHOWN: usize = 6;

/// The page.
pub async fn get(State(app): State<App>, viewer: Viewer) -> Outcome {
    let mut list = products(&app, &PublicFilter::default()).await?;
    list.rows.truncate(SHOWN);
    Ok(html(StartPage {
        page: Page::new("Chương trình Mỗi xã một sản phẩm", &viewer),
        signed_in: viewer.actor.is_some(),
        list,
    }))
}
