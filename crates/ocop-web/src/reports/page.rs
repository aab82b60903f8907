//! The page of a report: its tables, the pictures drawn from them, and where each number leads.

use askama::Template;
use chrono::{Datelike, NaiveDate};
use ocop_app::App;
use ocop_app::reports::{Choices, Figure, Frozen, Line, Report, Section, Shape};
use ocop_core::reports::{ReportKind, RowList, Rows};
use ocop_core::time::date;

use crate::address::encoded;
use crate::charts::{self, Bubble, Value};
use crate::page::{Errors, Page};
use crate::viewer::Viewer;

/// Bars that a picture shows on the leader's page, which is one, and elsewhere; the table has them all.
const MOST_BARS: (usize, usize) = (10, 20);

/// A report's page, live or frozen.
#[derive(Template)]
#[template(path = "reports/report.html")]
pub struct ReportPage {
    page: Page,
    report: Report,
    /// Who froze it; none when it is told now.
    frozen: Option<Frozen>,
    choices: Choices,
    today: NaiveDate,
    typed: String,
    errors: Errors,
}

/// The sections of the leader's page, column by column.
const COLUMNS: [&[&str]; 3] = [
    &["stars", "producers", "people", "revenue"],
    &["year", "expiring", "places"],
    &["industries", "digital", "trend"],
];

impl ReportPage {
    /// A report as it is told now.
    pub fn new(app: &App, viewer: &Viewer, report: Report, choices: Choices) -> Self {
        let today = app.today();
        let typed = if report.on == today { String::new() } else { date(report.on) };
        let page = Page::new(report.title.clone(), viewer);
        Self { page, report, frozen: None, choices, today, typed, errors: Errors::none() }
    }

    /// A report as it was frozen.
    pub fn frozen(app: &App, viewer: &Viewer, report: Report, frozen: Frozen) -> Self {
        Self { frozen: Some(frozen), ..Self::new(app, viewer, report, Choices::default()) }
    }

    /// The same with a day that could not be read.
    pub fn typed(self, typed: String, errors: Errors) -> Self {
        Self { typed, errors, ..self }
    }

    /// Where the rows of a number are: as of the report's day, which today needs no words.
    fn href(&self, rows: &Rows) -> String {
        let list = match rows.list {
            RowList::Products => "/registry/products",
            RowList::Producers => "/registry/producers",
            RowList::Tail => "/reports/rows",
        };
        let is_today = self.frozen.is_none() && self.report.on == self.today;
        let rows = if is_today { rows.clone() } else { rows.on(self.report.on) };
        let query: Vec<String> =
            rows.query.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        if query.is_empty() { list.to_owned() } else { format!("{list}?{}", query.join("&")) }
    }

    /// The address of another report about the same place and day.
    fn address(&self, kind: ReportKind) -> String {
        let path = match kind {
            ReportKind::Leader => "/reports".to_owned(),
            ReportKind::Round => match &self.report.round {
                Some(round) => format!("/reports/rounds/{round}"),
                None => "/rounds".to_owned(),
            },
            ReportKind::Stars
            | ReportKind::Years
            | ReportKind::Expiring
            | ReportKind::People
            | ReportKind::Revenue
            | ReportKind::Map => format!("/reports/{kind}"),
        };
        let query = self.query();
        if query.is_empty() { path } else { format!("{path}?{query}") }
    }

    /// Place and day as they stand in the address.
    fn query(&self) -> String {
        let on = if self.report.on == self.today { String::new() } else { self.report.on.to_string() };
        let pairs = [("on", &on), ("commune", &self.report.commune), ("district", &self.report.district)];
        let said = pairs.into_iter().filter(|(_, value)| !value.is_empty());
        said.map(|(name, value)| format!("{name}={}", encoded(value))).collect::<Vec<_>>().join("&")
    }

    /// The address of this report in another form.
    fn download(&self, form: &str) -> String {
        let address = match &self.frozen {
            Some(frozen) => format!("/reports/frozen/{}", frozen.id),
            None => self.address(self.report.kind),
        };
        let join = if address.contains('?') { '&' } else { '?' };
        format!("{address}{join}as={form}")
    }

    /// The reports to go to: none from a frozen one.
    fn tabs(&self) -> Vec<(String, &'static str, bool)> {
        let kinds = ReportKind::ALL.iter().filter(|kind| **kind != ReportKind::Round);
        kinds.map(|kind| (self.address(*kind), kind.name(), *kind == self.report.kind)).collect()
    }

    fn is_leader(&self) -> bool {
        self.report.kind == ReportKind::Leader
    }

    fn is_round(&self) -> bool {
        self.report.kind == ReportKind::Round
    }

    /// Sections one under another, or the three columns of the leader's page.
    fn columns(&self) -> Vec<Vec<&Section>> {
        if !self.is_leader() {
            return vec![self.report.sections.iter().collect()];
        }
        COLUMNS.map(|ids| ids.iter().filter_map(|id| self.report.section(id)).collect()).into()
    }

    fn figures(&self) -> &[Line] {
        self.report.section("figures").map_or(&[], |section| section.lines.as_slice())
    }

    /// The picture of a section; empty when there is none to draw.
    fn picture(&self, section: &Section) -> String {
        let first = |lines: &[Line]| lines.iter().map(value).collect::<Vec<Value>>();
        if section.lines.iter().all(|line| line.value(0) == 0) {
            return String::new();
        }
        match section.shape {
            Shape::Figures | Shape::Table => String::new(),
            Shape::Bars => {
                let most = if self.is_leader() { MOST_BARS.0 } else { MOST_BARS.1 };
                let shown = section.lines.len().min(most);
                charts::bars(&section.title, &first(&section.lines[..shown]))
            }
            Shape::Columns => charts::columns(&section.title, &first(&section.lines)),
            Shape::Funnel => charts::funnel(&section.title, &first(&section.lines)),
            Shape::Stack => {
                let parts = |line: &Line| (line.label.clone(), [1, 2, 3].map(|column| line.value(column)));
                charts::stack(&section.title, &section.lines.iter().map(parts).collect::<Vec<_>>())
            }
            Shape::Map => {
                let bubbles: Vec<Bubble> =
                    section.lines.iter().filter_map(|line| self.bubble(line)).collect();
                if bubbles.is_empty() { String::new() } else { charts::map(&section.title, &bubbles) }
            }
        }
    }

    fn bubble(&self, line: &Line) -> Option<Bubble> {
        let rows = line.cells.first()?.rows.as_ref()?;
        let stars = [(2, 3), (3, 4), (4, 5)].map(|(at, stars)| format!("{} × {stars} sao", line.value(at)));
        Some(Bubble {
            name: line.label.clone(),
            told: format!("{} sản phẩm, {} có sao ({})", line.value(0), line.value(1), stars.join(", ")),
            value: line.value(0),
            at: line.at?,
            href: self.href(rows),
        })
    }

    /// Whether the map has to be drawn as tiles: no unit says where it lies.
    fn tiles<'a>(&self, section: &'a Section) -> &'a [Line] {
        let nowhere = section.lines.iter().all(|line| line.at.is_none());
        if section.shape == Shape::Map && nowhere { &section.lines } else { &[] }
    }

    /// The fifth that a line belongs to by its first figure, from 0 to 4.
    fn fifth(&self, section: &Section, line: &Line) -> i64 {
        let most = section.lines.iter().map(|line| line.value(0)).max().unwrap_or(1).max(1);
        (line.value(0) * 5 / (most + 1)).clamp(0, 4)
    }

    /// A few figures on the leader's page are read faster than a picture of them.
    fn is_read_as_table(&self, section: &Section) -> bool {
        self.is_leader() && section.id == "stars"
    }

    /// Whether the table stands open: where no picture tells the same.
    fn is_open(&self, section: &Section, picture: &str) -> bool {
        self.is_read_as_table(section) || (picture.is_empty() && self.tiles(section).is_empty())
    }

    fn shows_picture(&self, section: &Section, picture: &str) -> bool {
        !picture.is_empty() && !self.is_read_as_table(section)
    }

    fn has_legend(&self, section: &Section) -> bool {
        section.shape == Shape::Stack
    }

    fn day(&self) -> String {
        date(self.report.on)
    }

    fn today_written(&self) -> String {
        date(self.today)
    }

    fn frozen_by(&self) -> String {
        let told = |one: &Frozen| format!("Báo cáo đã chốt ngày {} bởi {}.", one.at.written(), one.author);
        self.frozen.as_ref().map(told).unwrap_or_default()
    }

    fn year(&self) -> i32 {
        self.report.on.year()
    }
}

fn value(line: &Line) -> Value {
    let text = line.cells.first().map(|cell| match &cell.figure {
        Figure::Money(dong) => charts::money(*dong),
        figure @ (Figure::Count(_) | Figure::Share { .. } | Figure::Hidden | Figure::Unknown) => {
            figure.written()
        }
    });
    Value::new(line.label.clone(), line.value(0), text.unwrap_or_default())
}
