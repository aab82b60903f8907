//! The members of a council beside each other.

use askama::Template;
use axum::extract::State;
use ocop_app::App;
use ocop_app::scoring::{SessionSeverity, SeverityView, severity};
use ocop_core::id::CouncilId;
use ocop_core::scoring::Fraction;

use crate::page::{Id, Outcome, Page, html};
use crate::viewer::SignedIn;

#[derive(Template)]
#[template(path = "scoring/severity.html")]
struct SeverityPage {
    page: Page,
    view: SeverityView,
}

/// `+2,50`, `−1,00`, `0,00`.
fn signed(deviation: &Fraction, decimals: &u8) -> String {
    let shown = deviation.vi_to(*decimals);
    match shown.strip_prefix('-') {
        Some(below) => format!("−{below}"),
        None if deviation.num > 0 => format!("+{shown}"),
        None => shown,
    }
}

fn opened(session: &SessionSeverity) -> String {
    session.opened_at.written()
}

/// The page.
pub async fn get(
    State(app): State<App>,
    SignedIn { actor, viewer }: SignedIn,
    Id(id): Id<CouncilId>,
) -> Outcome {
    let view = severity(&app, &actor, &id).await?;
    Ok(html(SeverityPage { page: Page::new("Độ chặt của thành viên", &viewer), view }))
}
