//! The first page after signing in: what this person has to do.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::routing::get;
use ocop_app::App;
use ocop_app::home::{Todo, todos};
use ocop_core::people::Actor;

use crate::page::{Outcome, Page, html};
use crate::viewer::SignedIn;

/// `/home`: anybody who is signed in.
pub fn routes() -> Router<App> {
    Router::new().route("/home", get(home))
}

#[derive(Template)]
#[template(path = "home/todos.html")]
struct HomePage {
    page: Page,
    todos: Vec<Todo>,
    late: usize,
    idle: &'static str,
}

async fn home(State(app): State<App>, SignedIn { actor, viewer }: SignedIn) -> Outcome {
    let todos = todos(&app, &actor).await?;
    let late = todos.iter().filter(|todo| todo.due.as_ref().is_some_and(|due| due.late)).count();
    Ok(html(HomePage { page: Page::new("Việc cần làm", &viewer), todos, late, idle: idle(&actor) }))
}

/// What comes next for somebody who has nothing to do now.
fn idle(actor: &Actor) -> &'static str {
    if !actor.producers.is_empty() {
        "Hồ sơ của bạn đang được xem xét, hoặc chưa mở hồ sơ mới. Xem tại mục «Cơ sở và sản phẩm»."
    } else if actor.seats.is_empty() {
        "Khi có hồ sơ đến lượt bạn xử lý, việc sẽ hiện ở đây kèm hạn."
    } else {
        "Khi hội đồng có việc đến lượt bạn, việc sẽ hiện ở đây kèm hạn."
    }
}
