//! Columns that stand: months and years, one beside the other.

use super::{Value, in_words, most, percent, picture, safe};

/// Height of the highest column.
const HIGH: i64 = 150;
/// Where columns stand: room above for the figure.
const BASE: i64 = HIGH + 22;
/// Height of the picture: two lines of names below.
const WHOLE: i64 = BASE + 38;

/// Columns that there is room for at least, so that a single one is no wall.
const LEAST: usize = 6;

/// Left end and width of a column in thousandths of the width, out of `count`.
fn slot(at: usize, count: usize) -> (i64, i64) {
    let (at, count) = (i64::try_from(at).unwrap_or(0), i64::try_from(count.max(LEAST)).unwrap_or(1));
    let width = 1_000 / count;
    (at * 1_000 / count + width / 6, width * 2 / 3)
}

/// The name under a column in one or two lines: `03/2026` is `03`, and the year only where it begins.
fn name(at: usize, label: &str) -> (String, String) {
    match label.split_once('/') {
        // Beside a December the next column says its year already.
        Some((month, year)) if month == "01" || (at == 0 && month != "12") => {
            (month.to_owned(), year.to_owned())
        }
        Some((month, _)) => (month.to_owned(), String::new()),
        None => (label.to_owned(), String::new()),
    }
}

fn names(at: usize, middle: &str, label: &str) -> String {
    let (first, second) = name(at, label);
    format!(
        "<text class=\"mid\" x=\"{middle}\" y=\"{}\">{}</text><text class=\"mid year\" x=\"{middle}\" y=\"{}\">{}</text>",
        BASE + 16,
        safe(first),
        BASE + 32,
        safe(second)
    )
}

fn axis() -> String {
    format!("<line class=\"axis\" x1=\"0%\" x2=\"100%\" y1=\"{BASE}\" y2=\"{BASE}\"/>")
}

/// One column for each value.
pub fn columns(title: &str, values: &[Value]) -> String {
    let of = most(values.iter().map(|one| one.value));
    let mut parts = String::new();
    for (at, one) in values.iter().enumerate() {
        let (left, width) = slot(at, values.len());
        let high = height(one.value, of);
        let middle = percent(left + width / 2, 1_000);
        parts += &format!(
            "<rect class=\"bar-fill\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{high}\" rx=\"2\"/>\
             <text class=\"mid fig\" x=\"{middle}\" y=\"{}\">{}</text>{}",
            percent(left, 1_000),
            BASE - high,
            percent(width, 1_000),
            BASE - high - 6,
            safe(&one.text),
            names(at, &middle, &one.label),
        );
    }
    picture("columns", &format!("height=\"{WHOLE}\""), title, &in_words(values), &(parts + &axis()))
}

/// Height of a value: something is seen of anything above nothing.
fn height(value: i64, of: i64) -> i64 {
    let exact = i128::from(value.max(0)) * i128::from(HIGH) / i128::from(of.max(1));
    i64::try_from(exact).unwrap_or(HIGH).max(i64::from(value > 0) * 2)
}

/// A column of parts for each name, from below: 3, 4 and 5 stars. The figure above is their sum.
pub fn stack(title: &str, lines: &[(String, [i64; 3])]) -> String {
    let of = most(lines.iter().map(|(_, parts)| parts.iter().sum()));
    let mut drawn = String::new();
    let mut words = Vec::new();
    for (at, (label, stars)) in lines.iter().enumerate() {
        let (left, width) = slot(at, lines.len());
        let middle = percent(left + width / 2, 1_000);
        let mut top = BASE;
        for (part, class) in stars.iter().zip(["s3", "s4", "s5"]) {
            let high = height(*part, of);
            top -= high;
            drawn += &format!(
                "<rect class=\"{class}\" x=\"{}\" y=\"{top}\" width=\"{}\" height=\"{high}\"/>",
                percent(left, 1_000),
                percent(width, 1_000)
            );
        }
        let sum: i64 = stars.iter().sum();
        words.push(format!("{label}: {} (3 sao {}, 4 sao {}, 5 sao {})", sum, stars[0], stars[1], stars[2]));
        let name = names(at, &middle, label);
        drawn += &format!("<text class=\"mid fig\" x=\"{middle}\" y=\"{}\">{sum}</text>{name}", top - 6);
    }
    picture("stack", &format!("height=\"{WHOLE}\""), title, &words.join("; "), &(drawn + &axis()))
}
