//! Where the table of a sheet begins: titles above, a heading over one row or several, merged cells.

use std::collections::BTreeSet;

use ocop_core::imports::cells::clean;
use ocop_core::imports::columns::{REFUSAL_HEADINGS, guess};
use ocop_core::text::fold;

use super::{ROW_LIMIT, Sheet};
use crate::xlsx::{BadWorkbook, Merged, ReadRow, ReadSheet};

/// Rows from the top among which the heading is looked for.
const LOOKED_AT: usize = 20;
/// Merged cells among those rows that are looked at.
const MERGED_ON_TOP: usize = 1_000;
/// The most rows that a heading stands in.
const DEPTH: u32 = 3;

/// The table of a sheet, and how many of its columns are known; `None` when there is no table: column
/// names in two cells or more, and a row below.
pub(super) fn table(sheet: ReadSheet) -> Result<Option<(usize, Sheet)>, BadWorkbook> {
    let ReadSheet { name, mut rows, merged, hidden: _ } = sheet;
    let looked_at = rows.get(LOOKED_AT).map_or(u32::MAX, |row| row.no);
    let on_top = merged.iter().copied().filter(|one| one.rows.0 <= looked_at).take(MERGED_ON_TOP);
    let Some(heading) = best(&rows, &on_top.collect::<Vec<_>>()) else { return Ok(None) };
    let likeness = heading.likeness();
    rows.retain(|row| row.no > heading.last);
    if rows.first().is_some_and(numbers_the_columns) {
        rows.remove(0);
    }
    fill_down(&mut rows, &merged)?;
    let width = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0).max(heading.texts.len());
    if rows.is_empty() {
        return Ok(None);
    }
    if rows.len() > ROW_LIMIT {
        return Err(BadWorkbook::TooManyRows(ROW_LIMIT));
    }
    let mut headings = named(&heading.texts, width);
    for row in &mut rows {
        row.cells.resize(width, String::new());
    }
    // A workbook of rows that were not taken, on its way back: what we added to it goes.
    if headings.starts_with(&REFUSAL_HEADINGS.map(str::to_owned)) {
        headings.drain(..REFUSAL_HEADINGS.len());
        for row in &mut rows {
            row.cells.drain(..REFUSAL_HEADINGS.len());
        }
        rows.retain(|row| row.cells.iter().any(|cell| !cell.is_empty()));
    }
    Ok(Some((likeness, Sheet { name, headings, heading_row: heading.last, rows })))
}

/// How many columns are known by the best heading of these rows.
pub(super) fn likeness(rows: &[ReadRow]) -> usize {
    best(rows, &[]).map_or(0, |heading| heading.likeness())
}

/// A heading that a row may begin.
struct Heading {
    /// Number of its last row.
    last: u32,
    /// The name of each column; empty without.
    texts: Vec<String>,
}

impl Heading {
    fn likeness(&self) -> usize {
        guess(&self.texts).iter().flatten().count()
    }

    fn named(&self) -> usize {
        self.texts.iter().filter(|text| !text.is_empty()).count()
    }
}

/// The heading that most columns are known by; of equals the first. When none is known, the first row
/// with names over most of the table.
fn best(rows: &[ReadRow], merged: &[Merged]) -> Option<Heading> {
    let looked_at = || rows.iter().take(LOOKED_AT);
    let widest = looked_at().map(|row| row.cells.len()).max().unwrap_or(0);
    let possible = looked_at().map(|row| heading(rows, row.no, merged)).filter(|one| one.named() > 1);
    let scored = possible.map(|one| ((one.likeness(), one.named() * 2 >= widest), one));
    let better = |kept: ((usize, bool), Heading), next: ((usize, bool), Heading)| {
        if next.0 > kept.0 { next } else { kept }
    };
    scored.reduce(better).map(|(_, heading)| heading)
}

/// The heading that begins in this row. It goes on below where its cells are merged downwards, or
/// where one cell stands over several that have names of their own.
fn heading(rows: &[ReadRow], first: u32, merged: &[Merged]) -> Heading {
    let here = || merged.iter().filter(move |one| one.rows.0 == first);
    let cell = |no: u32, column: usize| {
        let at = rows.binary_search_by_key(&no, |row| row.no).ok();
        let text = at.and_then(|at| rows.get(at)).and_then(|row| row.cells.get(column));
        text.map_or_else(String::new, |text| clean(text))
    };
    let is_title = rows
        .iter()
        .find(|row| row.no == first)
        .is_some_and(|row| row.cells.iter().filter(|text| !text.trim().is_empty()).count() < 2);
    let downwards = here().map(|one| one.rows.1).max().unwrap_or(first);
    let parted = here().any(|one| {
        let below = (one.columns.0..=one.columns.1.min(one.columns.0 + 50))
            .filter(|column| !cell(first + 1, *column).is_empty());
        one.rows.1 == first && below.count() > 1
    });
    let last = match (is_title, parted) {
        (true, _) => first,
        (false, true) => downwards.max(first + 1).min(first + DEPTH - 1),
        (false, false) => downwards.min(first + DEPTH - 1),
    };
    let spread = |no: u32, column: usize| {
        let over = merged.iter().find(|one| {
            one.rows.0 <= no && no <= one.rows.1 && one.columns.0 <= column && column <= one.columns.1
        });
        over.map_or_else(|| cell(no, column), |one| cell(one.rows.0, one.columns.0))
    };
    let block = rows.iter().filter(|row| (first..=last).contains(&row.no));
    let width = block.map(|row| row.cells.len()).max().unwrap_or(0);
    let texts = (0..width).map(|column| {
        let mut parts: Vec<String> = Vec::new();
        for text in (first..=last).map(|no| if first == last { cell(no, column) } else { spread(no, column) })
        {
            if !text.is_empty() && !parts.iter().any(|part| fold(part) == fold(&text)) {
                parts.push(text);
            }
        }
        parts.join(" ")
    });
    Heading { last, texts: texts.collect() }
}

/// Whether the row only numbers the columns, as printed tables do: `(1)`, `(2)` or `1`, `2`, `3`.
fn numbers_the_columns(row: &ReadRow) -> bool {
    let numbers: Option<Vec<u32>> = row
        .cells
        .iter()
        .map(|cell| cell.trim().trim_start_matches('(').trim_end_matches(')'))
        .filter(|cell| !cell.is_empty())
        .map(|cell| cell.parse().ok())
        .collect();
    numbers.is_some_and(|numbers| {
        numbers.len() > 2 && numbers.windows(2).all(|two| two[0].checked_add(1) == Some(two[1]))
    })
}

/// Writes what stands in a merged cell into each row that it covers.
fn fill_down(rows: &mut [ReadRow], merged: &[Merged]) -> Result<(), BadWorkbook> {
    // Every cell is covered once at most, unless the file is made to keep us busy.
    let mut left: usize = rows.len().saturating_mul(64);
    for one in merged.iter().filter(|one| one.rows.0 < one.rows.1) {
        let from = rows.partition_point(|row| row.no < one.rows.0);
        let until = rows.partition_point(|row| row.no <= one.rows.1);
        left = left.checked_sub(until.saturating_sub(from)).ok_or(BadWorkbook::Bomb)?;
        let Some(covered) = rows.get_mut(from..until) else { continue };
        let Some((first, others)) = covered.split_first_mut().filter(|(first, _)| first.no == one.rows.0)
        else {
            continue;
        };
        let Some(text) = first.cells.get(one.columns.0).filter(|text| !text.is_empty()) else { continue };
        for row in others {
            if row.cells.len() <= one.columns.0 {
                row.cells.resize(one.columns.0 + 1, String::new());
            }
            row.cells[one.columns.0].clone_from(text);
        }
    }
    Ok(())
}

/// A name for each column, no two alike: "Ghi chú", "Ghi chú (2)"; "Cột D" without one.
fn named(texts: &[String], width: usize) -> Vec<String> {
    let mut taken = BTreeSet::new();
    (0..width)
        .map(|at| {
            let text = texts.get(at).filter(|text| !text.is_empty());
            let own = text.cloned().unwrap_or_else(|| format!("Cột {}", letters(at)));
            let again = (2..).map(|no| format!("{own} ({no})"));
            let mut names = std::iter::once(own.clone()).chain(again);
            let name = names.find(|name| !taken.contains(&fold(name))).unwrap_or(own);
            taken.insert(fold(&name));
            name
        })
        .collect()
}

/// What spreadsheet programs call a column: 0 is A, 26 is AA.
fn letters(at: usize) -> String {
    let own = char::from(b'A' + u8::try_from(at % 26).unwrap_or_default());
    if at < 26 { own.to_string() } else { format!("{}{own}", letters(at / 26 - 1)) }
}
