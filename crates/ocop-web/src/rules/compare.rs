//! What changed from an older set to the one that took its products over.

use askama::Template;
use axum::extract::{Query, State};
use ocop_app::App;
use ocop_app::rules::{Comparison, SetName, comparison};
use ocop_core::rules::diff::{
    Case, CriterionChange, CriterionDiff, FloorDiff, FloorTurn, Mark, SetDiff, Texts, Turned,
};
use serde::Deserialize;

use super::{SetPath, in_force};
use crate::page::{Outcome, Page, html};
use crate::viewer::Viewer;

/// Which set to compare with, when there are several.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Target {
    to: String,
}

#[derive(Template)]
#[template(path = "rules/compare.html")]
struct ComparePage {
    page: Page,
    view: Comparison,
}

impl ComparePage {
    /// The sets to choose from, when there are several.
    fn targets(&self) -> &[SetName] {
        match &self.view.next {
            Some(next) if next.sets.len() > 1 => &next.sets,
            Some(_) | None => &[],
        }
    }
}

/// A star with what it asks of some criteria.
struct Star<'a> {
    stars: u8,
    floors: Vec<&'a FloorDiff>,
}

/// What turned one way, by star.
struct Turn<'a> {
    turn: FloorTurn,
    stars: Vec<Star<'a>>,
}

fn turns(diff: &SetDiff) -> Vec<Turn<'_>> {
    let of = |turn: FloorTurn| {
        let mut stars: Vec<Star<'_>> = Vec::new();
        for floor in diff.floors_of(turn) {
            match stars.last_mut().filter(|last| last.stars == floor.stars) {
                Some(last) => last.floors.push(floor),
                None => stars.push(Star { stars: floor.stars, floors: vec![floor] }),
            }
        }
        Turn { turn, stars }
    };
    FloorTurn::ALL.iter().copied().map(of).filter(|turn| !turn.stars.is_empty()).collect()
}

fn marks(marks: &[Mark]) -> String {
    let one = |mark: &Mark| {
        let case = mark.case.as_ref().map(|case| format!("{case}: ")).unwrap_or_default();
        format!("{case}{} ({} điểm)", mark.text, mark.points)
    };
    marks.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// A condition with the words that stand before it: `5.1 Yêu cầu`.
struct Condition<'a> {
    what: String,
    texts: &'a Texts,
}

fn conditions(diff: &SetDiff) -> Vec<Condition<'_>> {
    let ground = |texts| Condition { what: "Căn cứ loại hồ sơ".to_owned(), texts };
    let mut found: Vec<Condition<'_>> = diff.disqualifiers.iter().map(ground).collect();
    for criterion in &diff.criteria {
        let code = criterion.place().map(|place| place.code.as_str()).unwrap_or_default();
        found.extend(criterion.conditions.iter().map(|condition| Condition {
            what: format!("{code} {}", condition.kind.name()),
            texts: &condition.texts,
        }));
    }
    found
}

/// Criteria under a heading.
struct List<'a> {
    title: &'static str,
    criteria: Vec<&'a CriterionDiff>,
}

/// New criteria, and those that are gone.
fn lists(diff: &SetDiff) -> [List<'_>; 2] {
    [CriterionChange::New, CriterionChange::Dropped]
        .map(|change| List { title: change.name(), criteria: of(diff, change) })
}

fn of(diff: &SetDiff, change: CriterionChange) -> Vec<&CriterionDiff> {
    diff.of(change).collect()
}

/// Criteria whose points or levels changed.
fn rescaled(diff: &SetDiff) -> Vec<&CriterionDiff> {
    diff.criteria.iter().filter(|one| one.moved_points() || one.levels.is_some()).collect()
}

/// Levels now and before, under their headings.
fn sides(levels: &Turned<Vec<Case>>) -> [(&'static str, &[Case]); 2] {
    [("Nay", levels.to.as_slice()), ("Trước", levels.from.as_slice())]
}

/// Where it stood, when it stood elsewhere or was called otherwise.
fn before(one: &CriterionDiff) -> Option<String> {
    let places = one.from.iter().chain(&one.merged).map(ToString::to_string);
    one.is_elsewhere().then(|| places.collect::<Vec<_>>().join(" và "))
}

/// The page.
pub async fn get(
    State(app): State<App>,
    viewer: Viewer,
    path: SetPath,
    Query(target): Query<Target>,
) -> Outcome {
    let view = comparison(&app, &path.regime, path.no, &target.to)?;
    Ok(html(ComparePage { page: Page::new("Bộ tiêu chí thay đổi thế nào", &viewer), view }))
}
