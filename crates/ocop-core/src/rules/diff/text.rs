//! The comparison on a terminal: the most consequential first.

use std::fmt;

use super::super::print::Page;
use super::{CriterionChange, CriterionDiff, FloorChange, FloorDiff, FloorTurn, Mark, Place, SetDiff, Texts};

/// The comparison as an officer reads it.
pub fn text(diff: &SetDiff) -> String {
    let mut page = Page::default();
    // Writing to a String cannot fail.
    let _ = all(&mut page, diff);
    page.out
}

fn all(page: &mut Page, diff: &SetDiff) -> fmt::Result {
    page.put("", &format!("{}  →  {}", diff.from.reference, diff.to.reference))?;
    for (word, head) in [("  Trước: ", &diff.from), ("  Nay:   ", &diff.to)] {
        page.put(word, &format!("{} ({})", head.name, head.cite))?;
    }
    floors(page, diff)?;
    grounds(page, diff)?;
    criteria(page, diff, CriterionChange::New, "tối đa")?;
    criteria(page, diff, CriterionChange::Dropped, "trước")?;
    points(page, diff)?;
    levels(page, diff)?;
    words(page, diff)?;
    page.gap();
    page.put("", &format!("Giữ nguyên: {} tiêu chí.", diff.of(CriterionChange::Same).count()))
}

fn heading(page: &mut Page, title: &str) -> fmt::Result {
    page.gap();
    page.put("", &title.to_uppercase())
}

fn floors(page: &mut Page, diff: &SetDiff) -> fmt::Result {
    for turn in FloorTurn::ALL.iter().copied() {
        let mut stars = 0;
        for floor in diff.floors_of(turn) {
            if stars == 0 {
                heading(page, turn.name())?;
                if !diff.from.has_floors {
                    page.put("  ", "Bộ trước không ghi mức tối thiểu theo sao: mọi mức dưới đây đều mới.")?;
                }
            }
            if floor.stars != stars {
                stars = floor.stars;
                page.put("  ", &format!("Từ {stars} sao:"))?;
            }
            page.put(&format!("    {} ", floor.code), &format!("{}: {}", floor.name, floor_words(floor)))?;
        }
    }
    Ok(())
}

fn floor_words(floor: &FloorDiff) -> String {
    let (from, to) = (mark_words(&floor.from), mark_words(&floor.to));
    match floor.change {
        FloorChange::New => to,
        FloorChange::Gone => format!("không còn đòi hỏi {from}"),
        FloorChange::Higher | FloorChange::Other | FloorChange::Lower => {
            format!("{to} — trước: {from}")
        }
    }
}

fn mark_words(marks: &[Mark]) -> String {
    let one = |mark: &Mark| {
        let case = mark.case.as_ref().map(|case| format!("{case}: ")).unwrap_or_default();
        format!("{case}«{}» ({} điểm)", mark.text, mark.points)
    };
    marks.iter().map(one).collect::<Vec<_>>().join("; ")
}

fn grounds(page: &mut Page, diff: &SetDiff) -> fmt::Result {
    let conditions = diff.criteria.iter().any(|one| !one.conditions.is_empty());
    if diff.disqualifiers.is_empty() && !conditions {
        return Ok(());
    }
    heading(page, "Điều kiện, căn cứ loại")?;
    for ground in &diff.disqualifiers {
        turned(page, "  ", "Loại hồ sơ", ground)?;
    }
    for criterion in &diff.criteria {
        for condition in &criterion.conditions {
            let code = criterion.place().map(|place| place.code.as_str()).unwrap_or_default();
            turned(page, &format!("  {code} "), condition.kind.name(), &condition.texts)?;
        }
    }
    Ok(())
}

/// "Ghi" and not "mới": the copies of the older sheets may lack what the sheets said.
fn turned(page: &mut Page, head: &str, what: &str, texts: &Texts) -> fmt::Result {
    let words = match (&texts.from, &texts.to) {
        (Some(from), Some(to)) => format!("nay «{to}» — trước: «{from}»"),
        (None, Some(to)) => format!("nay ghi «{to}»"),
        (Some(from), None) => format!("nay không ghi «{from}»"),
        (None, None) => return Ok(()),
    };
    page.put(head, &format!("{what}: {words}"))
}

fn criteria(page: &mut Page, diff: &SetDiff, change: CriterionChange, most: &str) -> fmt::Result {
    if diff.of(change).next().is_some() {
        heading(page, change.name())?;
    }
    let places = diff.of(change).filter_map(CriterionDiff::place);
    places.into_iter().try_for_each(|place| line(page, place, &format!(" ({most} {} điểm)", place.max)))
}

/// A criterion with what is said of it.
fn line(page: &mut Page, place: &Place, words: &str) -> fmt::Result {
    page.put(&format!("  {} ", place.code), &format!("{}{words}", place.name))
}

fn points(page: &mut Page, diff: &SetDiff) -> fmt::Result {
    let moved: Vec<&CriterionDiff> = diff.criteria.iter().filter(|one| one.moved_points()).collect();
    let parts: Vec<_> = diff.parts.iter().filter(|part| part.max.from != part.max.to).collect();
    if moved.is_empty() && parts.is_empty() {
        return Ok(());
    }
    heading(page, "Điểm tối đa thay đổi")?;
    for part in parts {
        page.put("  ", &format!("Phần {}: {} → {} điểm", part.part, part.max.from, part.max.to))?;
    }
    for one in moved {
        if let (Some(max), Some(to)) = (one.max(), &one.to) {
            line(page, to, &format!(": {} → {} điểm{}", max.from, max.to, elsewhere(one)))?;
        }
    }
    Ok(())
}

/// Criteria whose levels changed; the texts stand in the JSON and on the page of the set.
fn levels(page: &mut Page, diff: &SetDiff) -> fmt::Result {
    let changed: Vec<&CriterionDiff> =
        diff.criteria.iter().filter(|one| one.levels.is_some() && !one.moved_points()).collect();
    if changed.is_empty() {
        return Ok(());
    }
    heading(page, "Mức chấm, ngưỡng thay đổi (điểm tối đa như cũ)")?;
    for one in changed {
        if let Some(to) = &one.to {
            line(page, to, &elsewhere(one))?;
        }
    }
    Ok(())
}

fn words(page: &mut Page, diff: &SetDiff) -> fmt::Result {
    if diff.of(CriterionChange::Wording).next().is_some() {
        heading(page, CriterionChange::Wording.name())?;
    }
    for one in diff.of(CriterionChange::Wording) {
        if let Some(to) = &one.to {
            line(page, to, &elsewhere(one))?;
        }
    }
    Ok(())
}

/// ` (trước: 3.6 …)` when it stood elsewhere or was called otherwise.
fn elsewhere(one: &CriterionDiff) -> String {
    if !one.is_elsewhere() {
        return String::new();
    }
    let name = one.to.as_ref().map(|to| to.name.as_str());
    let before = |place: &Place| match name {
        Some(name) if name == place.name => place.code.clone(),
        Some(_) | None => place.to_string(),
    };
    let before: Vec<String> = one.from.iter().chain(&one.merged).map(before).collect();
    format!(" (trước: {})", before.join(" + "))
}

/// `3.5 Sở hữu trí tuệ`.
impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {}", self.code, self.name)
    }
}
