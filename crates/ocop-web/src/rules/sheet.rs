//! One sheet: parts, criteria, levels, and the least levels that a star asks for.

use askama::Template;
use axum::extract::State;
use ocop_app::App;
use ocop_app::rules::{SheetView, sheet};
use ocop_core::rules::{Criterion, Level, Section};

use super::{SetPath, in_force};
use crate::page::{Outcome, Page, html};
use crate::viewer::Viewer;

#[derive(Template)]
#[template(path = "rules/sheet.html")]
struct SheetPage {
    page: Page,
    view: SheetView,
    /// What each star asks for, from 3.
    stars: Vec<StarFloors>,
}

/// The least levels that are marked for a star.
struct StarFloors {
    stars: u8,
    rows: Vec<FloorRow>,
}

/// A criterion with its least level.
struct FloorRow {
    code: String,
    name: String,
    text: String,
    points: u16,
}

impl SheetPage {
    fn doubt<'a>(&self, doubt: &'a Option<String>) -> Option<&'a str> {
        doubt.as_deref().filter(|_| self.view.shows_doubts)
    }

    /// `Sản phẩm thực phẩm · Thực phẩm thô, sơ chế`, and the subgroup where it is not the set's name.
    fn place(&self) -> String {
        let set = &self.view.set;
        let subgroup = set.subgroup.as_ref().filter(|subgroup| subgroup.name != set.name);
        let places = [Some(&set.industry), Some(&set.group), subgroup].into_iter().flatten();
        places.map(|named| named.name.as_str()).collect::<Vec<_>>().join(" · ")
    }

    /// Papers that usually prove it.
    fn papers(&self, criterion: &Criterion) -> String {
        self.view.evidence.usual_in_words(&criterion.evidence)
    }

    fn agencies(&self) -> String {
        self.view.set.agencies.join("; ")
    }

    /// Points from which each star is reached: `từ 90 điểm: 5 sao`.
    fn bands(&self) -> String {
        let bands = self.view.set.bands.iter().filter(|band| band.from > 0);
        bands.map(|band| format!("từ {} điểm: {} sao", band.from, band.stars)).collect::<Vec<_>>().join("; ")
    }
}

/// A section that is one criterion prints its title once.
fn is_one(section: &Section) -> bool {
    matches!(section.criteria.as_slice(), [only] if only.code == section.no.to_string())
}

fn stars(view: &SheetView) -> Vec<StarFloors> {
    let row = |criterion: &Criterion, level: &Level| FloorRow {
        code: criterion.code.clone(),
        name: criterion.name.clone(),
        text: level.text.clone(),
        points: level.points,
    };
    let of = |stars: u8| {
        let mut rows = Vec::new();
        for criterion in view.set.criteria() {
            for case in &criterion.alternatives {
                rows.extend(case.floor(stars).map(|(_, level)| row(criterion, level)));
            }
        }
        StarFloors { stars, rows }
    };
    [3, 4, 5].into_iter().map(of).filter(|one| !one.rows.is_empty()).collect()
}

/// The page.
pub async fn get(State(app): State<App>, viewer: Viewer, path: SetPath) -> Outcome {
    let view = sheet(&app, viewer.actor.as_ref(), &path.regime, path.no)?;
    let page = Page::new(format!("Bộ {}. {}", view.set.no, view.set.name), &viewer);
    Ok(html(SheetPage { page, stars: stars(&view), view }))
}
