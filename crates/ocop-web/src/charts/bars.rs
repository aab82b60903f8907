//! Bars that lie: the name and the figure above each, so that long names fit a phone.

use super::{Value, in_words, most, percent, picture, safe};

/// Pixels from one bar to the next.
const STEP: usize = 40;

/// Bars from the left, longest to the edge.
pub fn bars(title: &str, values: &[Value]) -> String {
    let of = most(values.iter().map(|one| one.value));
    drawn("bars", title, values, |value| (0, value.max(0)), of)
}

/// Bars around the middle, from the widest to what is left of it.
pub fn funnel(title: &str, values: &[Value]) -> String {
    let of = most(values.iter().map(|one| one.value));
    drawn("funnel-plot", title, values, |value| ((of - value.clamp(0, of)) / 2, value.clamp(0, of)), of)
}

/// One bar for each value: `span` gives its left end and its length, out of `of`.
fn drawn(class: &str, title: &str, values: &[Value], span: impl Fn(i64) -> (i64, i64), of: i64) -> String {
    let mut parts = String::new();
    for (at, one) in values.iter().enumerate() {
        let top = at * STEP;
        let (left, length) = span(one.value);
        parts += &format!(
            "<text x=\"0\" y=\"{0}\">{1}</text><text class=\"end fig\" x=\"100%\" y=\"{0}\">{2}</text>\
             <rect class=\"track\" x=\"0\" y=\"{3}\" width=\"100%\" height=\"12\" rx=\"3\"/>\
             <rect class=\"bar-fill\" x=\"{4}\" y=\"{3}\" width=\"{5}\" height=\"12\" rx=\"3\"/>",
            top + 14,
            safe(&one.label),
            safe(&one.text),
            top + 20,
            percent(left, of),
            percent(length, of),
        );
    }
    let size = format!("height=\"{}\"", values.len() * STEP);
    picture(class, &size, title, &in_words(values), &parts)
}
