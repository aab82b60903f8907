//! A report as it is read: titles, lines and figures, and which rows each figure counts.
//!
//! The same value is shown as a page, written as a workbook, and frozen; a chart is drawn from the
//! lines of its own table.

use chrono::NaiveDate;
use ocop_core::coded;
use ocop_core::id::{ReportId, RoundId};
use ocop_core::reports::{ReportKind, Rows};
use ocop_core::text::thousands;
use ocop_core::time::Instant;
use serde::{Deserialize, Serialize};

/// A report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Which.
    pub kind: ReportKind,
    /// Its title.
    pub title: String,
    /// Code of the province.
    pub province: String,
    /// What it covers: `Tỉnh Quảng Ninh`, `Xã Bình Liêu`, `Thành phố Hạ Long (trước 1/7/2025)`.
    pub place: String,
    /// The commune that it is narrowed to; may be empty.
    pub commune: String,
    /// The former district that it is narrowed to; may be empty.
    pub district: String,
    /// The round that it tells of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub round: Option<RoundId>,
    /// The day that it tells of.
    pub on: NaiveDate,
    /// Sentences under the title.
    pub lede: String,
    /// Its tables.
    pub sections: Vec<Section>,
}

impl Report {
    /// The section with this id.
    pub fn section(&self, id: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.id == id)
    }
}

coded! {
    /// How a section is shown beside its table.
    Shape {
        /// Large figures.
        Figures = "figures", "Con số";
        /// The table alone.
        Table = "table", "Bảng";
        /// Bars of the first figure.
        Bars = "bars", "Biểu đồ thanh";
        /// Columns of the first figure, for months and years.
        Columns = "columns", "Biểu đồ cột";
        /// Stacked columns of the last three figures: 3, 4 and 5 stars.
        Stack = "stack", "Biểu đồ cột chồng";
        /// Bars that narrow step by step.
        Funnel = "funnel", "Phễu";
        /// Bubbles on a map.
        Map = "map", "Bản đồ";
    }
}

/// A table of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// Stable name inside the report.
    pub id: String,
    /// Heading.
    pub title: String,
    /// What must be known to read it; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// How it is shown.
    pub shape: Shape,
    /// Headings: of the labels, then of each figure.
    pub head: Vec<String>,
    /// The lines.
    pub lines: Vec<Line>,
}

/// A line of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// What it counts.
    pub label: String,
    /// Its figures.
    pub cells: Vec<Cell>,
    /// Where it lies: latitude and longitude in ten-thousandths of a degree.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<(i64, i64)>,
}

/// A figure with the rows behind it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// The figure.
    pub figure: Figure,
    /// The rows that it counts; none for sums of money, shares and people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<Rows>,
}

/// A figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Figure {
    /// How many.
    Count(i64),
    /// Đồng.
    Money(i64),
    /// A part of a whole.
    Share {
        /// The part.
        part: i64,
        /// The whole.
        of: i64,
    },
    /// Too few to be shown.
    Hidden,
    /// Not told.
    Unknown,
}

impl Figure {
    /// As people read it.
    pub fn written(&self) -> String {
        match self {
            Self::Count(number) => thousands(*number),
            Self::Money(dong) => format!("{} đ", thousands(*dong)),
            Self::Share { part, of } => percent(*part, *of),
            Self::Hidden => "dưới 5".to_owned(),
            Self::Unknown => "–".to_owned(),
        }
    }

    /// The number that a chart draws.
    pub fn value(&self) -> i64 {
        match self {
            Self::Count(number) | Self::Money(number) => *number,
            Self::Share { part, .. } => *part,
            Self::Hidden | Self::Unknown => 0,
        }
    }
}

/// `95,4 %`, rounded half up.
fn percent(part: i64, of: i64) -> String {
    if of <= 0 {
        return "–".to_owned();
    }
    let tenths = (i128::from(part) * 2_000 + i128::from(of)) / (i128::from(of) * 2);
    format!("{},{} %", tenths / 10, tenths % 10)
}

impl Cell {
    /// How many, with their rows; nothing to look at when there are none.
    pub fn count(number: i64, rows: Rows) -> Self {
        Self { figure: Figure::Count(number), rows: (number > 0).then_some(rows) }
    }

    /// A figure without rows.
    pub fn bare(figure: Figure) -> Self {
        Self { figure, rows: None }
    }
}

impl Line {
    /// A line that lies nowhere.
    pub fn new(label: impl Into<String>, cells: Vec<Cell>) -> Self {
        Self { label: label.into(), cells, at: None }
    }

    /// The figure in a column, counted from 0.
    pub fn value(&self, column: usize) -> i64 {
        self.cells.get(column).map_or(0, |cell| cell.figure.value())
    }
}

impl Section {
    /// A section with the headings of its columns.
    pub fn new(id: &str, title: &str, shape: Shape, head: &[&str], lines: Vec<Line>) -> Self {
        Self {
            id: id.to_owned(),
            title: title.to_owned(),
            note: String::new(),
            shape,
            head: head.iter().map(|heading| (*heading).to_owned()).collect(),
            lines,
        }
    }

    /// The same with a note.
    pub fn noted(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }
}

/// Who froze a report, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frozen {
    /// Its id.
    pub id: ReportId,
    /// Its title.
    pub title: String,
    /// The day that it tells of.
    pub on: NaiveDate,
    /// Name of who froze it.
    pub author: String,
    /// When.
    pub at: Instant,
    /// SHA-256 of what was kept.
    pub hash: String,
}
