//! A report as a workbook, as CSV, and as text for a terminal.

use ocop_core::time::date;
use ocop_documents::xlsx::table::{Table, TableCell, TableColumn, csv, write};

use super::FrozenPage;
use super::frozen::damaged;
use super::view::{Cell, Figure, Report, Section};
use crate::AppError;
use crate::download::{Download, Format};

impl FrozenPage {
    /// The report, when it is still what was frozen.
    ///
    /// # Errors
    /// [`AppError::Refused`] says that it is damaged.
    pub fn whole(&self) -> Result<&Report, AppError> {
        self.report.as_ref().ok_or_else(damaged)
    }
}

/// The name of a report's file, without its ending.
fn stem(report: &Report) -> String {
    format!("ocop-{}-{}-{}", report.kind, report.province, report.on)
}

fn cell(cell: &Cell) -> TableCell {
    match &cell.figure {
        Figure::Count(number) => TableCell::Integer(*number),
        Figure::Money(dong) => TableCell::Money(*dong),
        Figure::Unknown => TableCell::Empty,
        Figure::Share { .. } | Figure::Hidden => TableCell::Text(cell.figure.written()),
    }
}

fn table(report: &Report, section: &Section) -> Table {
    let width = |at: usize| if at == 0 { 40 } else { 16 };
    let columns = section.head.iter().enumerate().map(|(at, heading)| TableColumn::new(heading, width(at)));
    let rows = section.lines.iter().map(|line| {
        std::iter::once(TableCell::from(line.label.as_str())).chain(line.cells.iter().map(cell)).collect()
    });
    let mut lines = vec![format!("{} · số liệu ngày {}", report.place, date(report.on))];
    lines.extend(Some(&section.note).filter(|note| !note.is_empty()).cloned());
    Table {
        sheet: section.title.clone(),
        title: format!("{} – {}", report.title, section.title),
        lines,
        columns: columns.collect(),
        rows: rows.collect(),
    }
}

/// A workbook with a sheet for each table.
pub fn as_workbook(report: &Report) -> Result<Download, AppError> {
    let tables: Vec<Table> = report.sections.iter().map(|section| table(report, section)).collect();
    Ok(Download::new(&stem(report), Format::Xlsx, write(&tables)?))
}

/// One CSV file: a line for each figure, so that it can be filtered and summed: table, line, column,
/// value. UTF-8 with the mark that spreadsheets need.
pub fn as_csv(report: &Report) -> Result<Download, AppError> {
    let mut rows = Vec::new();
    for section in &report.sections {
        for line in &section.lines {
            for (heading, cell) in section.head.iter().skip(1).zip(&line.cells) {
                let label = line.label.as_str();
                let texts = [section.title.as_str(), label, heading].map(TableCell::from);
                rows.push(texts.into_iter().chain([self::cell(cell)]).collect());
            }
        }
    }
    let columns = ["Bảng", "Dòng", "Cột", "Giá trị"].map(|heading| TableColumn::new(heading, 20));
    let table = Table { columns: columns.into(), rows, ..Table::default() };
    Ok(Download::new(&stem(report), Format::Csv, csv(&table)))
}

/// Lines for a terminal.
pub fn as_text(report: &Report) -> String {
    let mut out = format!("{}\n{}, ngày {}\n", report.title, report.place, date(report.on));
    if !report.lede.is_empty() {
        out += &format!("{}\n", report.lede);
    }
    for section in report.sections.iter().filter(|section| !section.lines.is_empty()) {
        out += &format!("\n{}\n", section.title);
        let rows = std::iter::once(section.head.clone()).chain(section.lines.iter().map(|line| {
            std::iter::once(line.label.clone())
                .chain(line.cells.iter().map(|one| one.figure.written()))
                .collect()
        }));
        let rows: Vec<Vec<String>> = rows.collect();
        let width = |column: usize| {
            rows.iter().filter_map(|row| row.get(column)).map(|text| text.chars().count()).max().unwrap_or(0)
        };
        for row in &rows {
            let mut line = format!("  {:<1$}", row.first().map_or("", String::as_str), width(0));
            for (at, text) in row.iter().enumerate().skip(1) {
                line += &format!("  {:>1$}", text, width(at));
            }
            out += line.trim_end();
            out.push('\n');
        }
    }
    out
}
