//! One box for everything that the reader may know of.

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::routing::get;
use ocop_app::App;
use ocop_app::search::{Group, Results, counted, search};
use ocop_core::search::Kind;
use serde::{Deserialize, Serialize};

use crate::address::address;
use crate::page::{Outcome, Page, html};
use crate::viewer::Viewer;

/// `/search`: everybody; what is found is bounded by who asks.
pub fn routes() -> Router<App> {
    Router::new().route("/search", get(find))
}

/// The search, as typed in the address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Asked {
    q: String,
    /// Code of a [`Kind`]: only this one.
    kind: String,
    /// The key of the last row of the page before.
    after: String,
}

#[derive(Template)]
#[template(path = "search/index.html")]
struct SearchPage {
    page: Page,
    asked: Asked,
    results: Results,
    is_public: bool,
}

impl SearchPage {
    fn count(&self, group: &Group) -> String {
        counted(group.count)
    }

    fn public(&self) -> String {
        counted(self.results.public)
    }

    fn is_one(&self) -> bool {
        !self.asked.kind.is_empty()
    }

    /// All results of a kind.
    fn whole(&self, group: &Group) -> String {
        address(
            "/search",
            &Asked { kind: group.kind.code().to_owned(), after: String::new(), ..self.asked.clone() },
            &[],
        )
    }

    /// The next page of a kind.
    fn next(&self, key: &str) -> String {
        address("/search", &Asked { after: key.to_owned(), ..self.asked.clone() }, &[])
    }

    /// The search without the choice of a kind.
    fn all(&self) -> String {
        address("/search", &Asked { q: self.asked.q.clone(), ..Asked::default() }, &[])
    }

    /// The same words on the public list.
    fn public_list(&self) -> String {
        address("/products", &(), &[("q", &self.results.understood)])
    }
}

async fn find(State(app): State<App>, viewer: Viewer, Query(asked): Query<Asked>) -> Outcome {
    let kind: Option<Kind> = asked.kind.parse().ok();
    // A key belongs to the list of one kind.
    let after = if kind.is_some() { asked.after.as_str() } else { "" };
    let results = search(&app, viewer.actor.as_ref(), &asked.q, kind, after).await?;
    let is_public = viewer.actor.is_none();
    Ok(html(SearchPage { page: Page::new("Tìm kiếm", &viewer), asked, results, is_public }))
}
