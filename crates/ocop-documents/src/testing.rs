//! Papers under test: what they say, how many pages they take, the same bytes twice, hostile input.
//!
//! `OCOP_PAPERS=/some/folder cargo test -p ocop-documents` also writes every tested paper into that folder,
//! to be looked at.

use std::sync::OnceLock;

use chrono::{NaiveDate, NaiveDateTime};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use typst::layout::{Abs, Frame, FrameItem};
use typst::text::TextItem;

use crate::engine::Template;
use crate::{Engine, Fonts, Letterhead, PlaceDate, Signature};

pub(crate) fn engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| Engine::new(Fonts::Embedded))
}

pub(crate) fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("a day")
}

pub(crate) fn letterhead(
    superior: Option<&str>,
    issuer: &str,
    number: Option<&str>,
    symbol: &str,
) -> Letterhead {
    Letterhead {
        superior: superior.map(str::to_owned),
        issuer: issuer.to_owned(),
        number: number.map(str::to_owned),
        symbol: Some(symbol.to_owned()),
        place_date: place_date("Quảng Ninh"),
    }
}

pub(crate) fn place_date(place: &str) -> PlaceDate {
    PlaceDate { place: place.to_owned(), date: Some(day(2026, 11, 5)) }
}

pub(crate) fn signature(authority: &[&str], name: &str) -> Signature {
    Signature { authority: strings(authority), name: Some(name.to_owned()) }
}

pub(crate) fn strings(list: &[&str]) -> Vec<String> {
    list.iter().map(|&text| text.to_owned()).collect()
}

/// Sets `input`; the paper must take `pages` pages, say every phrase, keep to its paper, and come out the same
/// when set again.
pub(crate) fn check(name: &str, template: Template, input: &impl Serialize, pages: usize, phrases: &[&str]) {
    let text = set(name, template, input, Some(pages));
    for phrase in phrases {
        assert!(text.contains(phrase), "{name} does not say {phrase:?}:\n{text}");
    }
}

/// Every text of `sample` replaced by what a hostile or careless user types: the paper must still be set, keep to
/// its margins, and show Typst code as the letters it is.
pub(crate) fn check_hostile<T: Serialize + DeserializeOwned>(
    name: &str,
    template: Template,
    sample: &T,
    wrap: impl Fn(T) -> Value,
) {
    let text = format!(
        "#panic(\"x\") *b* _i_ $x^2$ <l> @r `c` \\ // \0\u{202E}abc\n\n\n😀🏅 漢字 עברית a{} {} {} {}",
        "\u{0301}".repeat(100),
        "Ở".repeat(120),
        "W".repeat(120),
        "http://x.vn/?a=b&c=----".repeat(8)
    );
    let value = replace_texts(serde_json::to_value(sample).expect("serialisable"), &text);
    let hostile: T = serde_json::from_value(value).expect("the same shape");
    let said = set(&format!("{name}-hostile"), template, &wrap(hostile), None).to_lowercase();
    assert!(said.contains("#panic(\"x\") *b* _i_ $x^2$ <l> @r `c` \\ // abc"), "{said}");
}

/// Every text but dates and tags.
fn replace_texts(value: Value, with: &str) -> Value {
    match value {
        Value::String(text) if text.parse::<NaiveDate>().is_ok() || text.parse::<NaiveDateTime>().is_ok() => {
            Value::String(text)
        }
        Value::String(_) => Value::String(with.to_owned()),
        Value::Array(items) => items.into_iter().map(|item| replace_texts(item, with)).collect(),
        Value::Object(fields) => fields
            .into_iter()
            .map(|(key, field)| {
                let field = if key == "kind" { field } else { replace_texts(field, with) };
                (key, field)
            })
            .collect(),
        plain @ (Value::Null | Value::Bool(_) | Value::Number(_)) => plain,
    }
}

/// Sets the paper, twice where its pages are known, and gives what it says.
fn set(name: &str, template: Template, input: &impl Serialize, pages: Option<usize>) -> String {
    let pdf = engine().pdf(template, input).expect("a paper");
    if let Ok(folder) = std::env::var("OCOP_PAPERS") {
        std::fs::write(format!("{folder}/{name}.pdf"), &pdf.bytes).expect("a folder to write to");
    }
    if let Some(pages) = pages {
        assert_eq!(pdf.pages, pages, "pages of {name}");
    }
    if pages.is_some() {
        assert!(engine().pdf(template, input).expect("again") == pdf, "{name} differs when set again");
    }
    let compiled = engine().compile(template, input).expect("an input");
    assert!(compiled.warnings.is_empty(), "{name}: {:?}", compiled.warnings);
    let document = compiled.output.expect("a document");
    let mut text = String::new();
    for page in document.pages() {
        let size = page.frame.size();
        read(&page.frame, Abs::zero(), Abs::zero(), &mut |x, y, item| {
            // The last glyph of a line may carry the room that justifying gave it: look at where it begins.
            let last = item.glyphs.last().map_or(Abs::zero(), |glyph| glyph.x_advance.at(item.size));
            let end = x + item.width() - last;
            assert!(
                x >= Abs::mm(9.0) && end <= size.x - Abs::mm(9.0) && y <= size.y - Abs::mm(5.0),
                "{name}: {:?} runs off the page at {x:?}, {y:?}",
                item.text
            );
            text.push_str(&item.text);
            text.push(' ');
        });
    }
    // Lines are set one by one: a phrase may stand on two.
    text.replace(['\u{200B}', '\u{2060}'], "")
        .replace('\u{a0}', " ")
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

/// Calls `seen` with the place of every text of the frame, in reading order.
fn read(frame: &Frame, left: Abs, top: Abs, seen: &mut impl FnMut(Abs, Abs, &TextItem)) {
    for (at, item) in frame.items() {
        match item {
            FrameItem::Group(group) => {
                // Cut contents stay inside their frame.
                if group.clip.is_none() {
                    let (x, y) = (left + at.x + group.transform.tx, top + at.y + group.transform.ty);
                    read(&group.frame, x, y, seen);
                }
            }
            FrameItem::Text(text) => seen(left + at.x, top + at.y, text),
            FrameItem::Shape(..) | FrameItem::Image(..) | FrameItem::Link(..) | FrameItem::Tag(_) => {}
        }
    }
}
