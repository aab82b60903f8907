//! The rows of a CSV: separator found by content, rows counted as a spreadsheet program counts them.

use super::{BadFile, heading};
use crate::xlsx::{BadWorkbook, Limits, ReadRow};

/// Separators, the likeliest first.
const SEPARATORS: [char; 3] = [',', ';', '\t'];
/// Rows by which the separator is found.
const TRIED: usize = 30;

/// The rows with any text.
pub(super) fn rows(text: &str, limits: &Limits) -> Result<Vec<ReadRow>, BadFile> {
    let (text, told) = told_separator(text);
    let separator = told.unwrap_or_else(|| likeliest_separator(text));
    let first_row = if told.is_some() { 2 } else { 1 };
    let mut rows = Vec::new();
    let mut left = limits.cells;
    for (no, cells) in (first_row..).zip(Cells::new(text, separator)) {
        let cells = cells.map_err(|open| BadFile::OpenQuote { row: open.row + first_row - 1 })?;
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        left = left.checked_sub(cells.len()).ok_or(BadWorkbook::Bomb)?;
        if rows.len() == limits.rows {
            return Err(BadWorkbook::TooManyRows(limits.rows).into());
        }
        let kept = cells.into_iter().take(limits.columns).map(disarmed).collect();
        rows.push(ReadRow { no, cells: kept });
    }
    Ok(rows)
}

/// A first line `sep=;` is meant for the program that opens the file.
fn told_separator(text: &str) -> (&str, Option<char>) {
    let line = text.split(['\r', '\n']).next().unwrap_or_default();
    let told = line.strip_prefix("sep=").and_then(|rest| rest.chars().next());
    match told {
        Some(separator) if line.chars().count() == 5 => {
            let rest = text.get(line.len()..).unwrap_or_default();
            let rest = rest.strip_prefix("\r\n").or(rest.strip_prefix(['\r', '\n'])).unwrap_or(rest);
            (rest, Some(separator))
        }
        Some(_) | None => (text, None),
    }
}

/// The separator by which most column names are known, and by which the rows have most cells.
fn likeliest_separator(text: &str) -> char {
    let score = |separator: char| {
        let rows: Vec<ReadRow> = (1..)
            .zip(Cells::new(text, separator).take(TRIED))
            .filter_map(|(no, cells)| Some(ReadRow { no, cells: cells.ok()? }))
            .collect();
        let cells: usize = rows.iter().map(|row| row.cells.len()).sum();
        (heading::likeness(&rows), cells)
    };
    // The first of equals, which `max_by_key` would not give.
    let best = SEPARATORS.into_iter().rev().max_by_key(|separator| score(*separator));
    best.unwrap_or(',')
}

/// Without the apostrophe that our own CSV puts before what a program would run as a formula.
fn disarmed(cell: String) -> String {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@', '\t', '\r', ' ']) => rest.to_owned(),
        Some(_) | None => cell,
    }
}

/// A quoted cell that never ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct OpenQuote {
    /// The row it begins in, counted from 1.
    row: u32,
}

/// The rows of a text, also the empty ones.
struct Cells<'a> {
    letters: std::iter::Peekable<std::str::Chars<'a>>,
    separator: char,
    row: u32,
}

impl<'a> Cells<'a> {
    fn new(text: &'a str, separator: char) -> Self {
        Self { letters: text.chars().peekable(), separator, row: 0 }
    }

    /// The rest of a cell after its opening quote, up to the closing one; `None` when there is none.
    fn quoted(&mut self, cell: &mut String) -> Option<()> {
        loop {
            match self.letters.next()? {
                '"' if self.letters.next_if_eq(&'"').is_some() => cell.push('"'),
                '"' => return Some(()),
                letter => cell.push(letter),
            }
        }
    }
}

impl Iterator for Cells<'_> {
    type Item = Result<Vec<String>, OpenQuote>;

    fn next(&mut self) -> Option<Self::Item> {
        self.letters.peek()?;
        self.row += 1;
        let (mut cells, mut cell, mut begins) = (Vec::new(), String::new(), true);
        while let Some(letter) = self.letters.next() {
            match letter {
                '"' if begins => {
                    if self.quoted(&mut cell).is_none() {
                        return Some(Err(OpenQuote { row: self.row }));
                    }
                }
                '\n' => break,
                '\r' => {
                    self.letters.next_if_eq(&'\n');
                    break;
                }
                letter if letter == self.separator => {
                    cells.push(std::mem::take(&mut cell));
                    begins = true;
                    continue;
                }
                letter => cell.push(letter),
            }
            begins = false;
        }
        cells.push(cell);
        Some(Ok(cells))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parsed(text: &str, separator: char) -> Vec<Vec<String>> {
        Cells::new(text, separator).map(Result::unwrap).collect()
    }

    #[test]
    fn quotes_line_breaks_and_empty_rows_are_read_as_written() {
        assert_eq!(
            parsed("a,\"b, \"\"c\"\"\nd\",\r\n\r\n12\" ống,x\ry\n", ','),
            [vec!["a", "b, \"c\"\nd", ""], vec![""], vec!["12\" ống", "x"], vec!["y"]]
        );
        assert_eq!(parsed("\"Trà\" xanh;2", ';'), [["Trà xanh", "2"]]);
        let open: Vec<_> = Cells::new("a,b\nc,\"d\ne", ',').collect();
        assert_eq!(open[1], Err(OpenQuote { row: 2 }));
    }

    #[test]
    fn the_separator_is_found_by_what_it_makes_of_the_rows() {
        assert_eq!(likeliest_separator("Tên chủ thể;Địa chỉ\nHTX A;thôn 1, xã B, tỉnh C, D"), ';');
        assert_eq!(likeliest_separator("Tên chủ thể\tĐiểm\nHTX A\t83,5"), '\t');
        assert_eq!(likeliest_separator("Tên chủ thể,Điểm\nHTX A;B,80"), ',');
        assert_eq!(told_separator("sep=;\r\na;b"), ("a;b", Some(';')));
        assert_eq!(told_separator("separate,b"), ("separate,b", None));
    }

    proptest! {
        #[test]
        fn any_text_is_parted_or_refused(text in ".*", separator in prop::sample::select(&SEPARATORS[..])) {
            let most = text.chars().count() + 1;
            prop_assert!(Cells::new(&text, separator).take(most + 1).count() <= most);
        }

        #[test]
        fn what_is_quoted_is_read_back(cells in prop::collection::vec(".*", 1..5)) {
            let line: Vec<String> = cells.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
            prop_assert_eq!(parsed(&line.join(";"), ';'), vec![cells]);
        }
    }
}
