//! Pictures of numbers: values in, SVG text out, drawn by the server with whole numbers only.
//!
//! A picture carries its meaning in words (`role="img"`, title and description); its colours are
//! classes of `ocop.css`. Those that must fill any width have no `viewBox`: positions are in percent
//! and text keeps its size. The table with the same figures stands beside it on the page.

mod bars;
mod columns;
mod dots;
mod map;

use std::fmt::Display;

use askama::filters::{Html, escape};
use ocop_core::text::thousands;

pub use bars::{bars, funnel};
pub use columns::{columns, stack};
pub use dots::DotPlot;
pub use map::{Bubble, map};

/// A value with its name and its figure in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// What it is.
    pub label: String,
    /// Its size.
    pub value: i64,
    /// As people read it.
    pub text: String,
}

impl Value {
    /// A value.
    pub fn new(label: impl Into<String>, value: i64, text: impl Into<String>) -> Self {
        Self { label: label.into(), value, text: text.into() }
    }
}

/// Money short enough to stand over a column: `12,5 tỷ`, `350 tr`.
pub fn money(dong: i64) -> String {
    const MILLION: i64 = 1_000_000;
    match dong / MILLION {
        millions @ 1_000.. => {
            let tenths = millions / 100;
            format!("{},{} tỷ", thousands(tenths / 10), tenths % 10)
        }
        millions @ 1.. => format!("{millions} tr"),
        ..=0 => thousands(dong),
    }
}

/// `46.5%`: an attribute of SVG, written with a point.
pub fn percent(part: i64, of: i64) -> String {
    let per_mille = part * 1_000 / of.max(1);
    format!("{}.{}%", per_mille / 10, per_mille % 10)
}

/// Text inside SVG.
fn safe(text: impl Display) -> String {
    escape(text.to_string(), Html).map(|escaped| escaped.to_string()).unwrap_or_default()
}

/// The picture around its parts. `told` says in words what the picture shows.
fn picture(class: &str, size: &str, title: &str, told: &str, parts: &str) -> String {
    format!(
        "<svg class=\"chart {class}\" {size} role=\"img\"><title>{}</title><desc>{}</desc>{parts}</svg>",
        safe(title),
        safe(told)
    )
}

/// The values in one sentence.
fn in_words(values: &[Value]) -> String {
    let told = values.iter().map(|one| format!("{}: {}", one.label, one.text));
    told.collect::<Vec<_>>().join("; ")
}

fn most(values: impl Iterator<Item = i64>) -> i64 {
    values.max().unwrap_or(0).max(1)
}
