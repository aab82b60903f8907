//! The overview of the self-assessment.

use askama::Template;
use axum::extract::State;
use ocop_app::App;
use ocop_app::dossiers::{self, AssessmentView, Live, Mark};
use ocop_core::id::DossierId;

use super::WayCard;
use crate::page::{Id, Outcome, Page, html};
use crate::viewer::SignedIn;

#[derive(Template)]
#[template(path = "dossiers/assessment.html")]
struct AssessmentPage {
    page: Page,
    view: AssessmentView,
    next: String,
    way: Option<WayCard>,
}

/// Points by part, every criterion, and the shortest way to the next star.
pub async fn get(State(app): State<App>, signed: SignedIn, Id(id): Id<DossierId>) -> Outcome {
    let view = dossiers::assessment(&app, &signed.actor, &id).await?;
    let page = Page::new("Tự chấm điểm", &signed.viewer);
    let way = view.way.as_ref().map(|way| WayCard::of(way, &view.evidence, Some(&id).filter(|_| view.open)));
    Ok(html(AssessmentPage { page, next: next_sentence(&view.live), way, view }))
}

/// `Còn 8 điểm và 2 điều kiện (2.3, 3.5) để đạt 4 sao.` The script writes the same sentence.
pub fn next_sentence(live: &Live) -> String {
    if let Some(ground) = &live.stopped {
        return format!("Theo các mức đang chọn, hồ sơ dừng đánh giá: {ground}");
    }
    let Some(next) = &live.next else {
        return "Đã đủ điểm và điều kiện của hạng sao cao nhất.".to_owned();
    };
    let mut missing = Vec::new();
    if next.points_short > 0 {
        missing.push(format!("{} điểm", next.points_short));
    }
    if !next.conditions.is_empty() {
        let codes: Vec<&str> = next.conditions.iter().map(|condition| condition.code.as_str()).collect();
        missing.push(format!("{} điều kiện ({})", codes.len(), codes.join(", ")));
    }
    format!("Còn {} để đạt {} sao.", missing.join(" và "), next.stars)
}

/// The letter of a mark in the list and the segments.
pub fn letter(mark: Mark) -> &'static str {
    match mark {
        Mark::Done => "d",
        Mark::Todo | Mark::Off => "",
    }
}
