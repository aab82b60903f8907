//! Bubbles at the middle of each unit: an equirectangular projection in whole numbers.

use super::safe;

/// A unit on the map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bubble {
    /// Its name.
    pub name: String,
    /// What it holds, in words.
    pub told: String,
    /// How much it holds.
    pub value: i64,
    /// Latitude and longitude in ten-thousandths of a degree.
    pub at: (i64, i64),
    /// Where its rows are.
    pub href: String,
}

/// Width of the picture; its height follows the land.
const WIDE: i64 = 1_000;
const HEIGHTS: std::ops::RangeInclusive<i64> = 420..=1_000;
/// Room around the outermost middles.
const MARGIN: i64 = 70;
/// Radius of the fullest bubble.
const FULLEST: i64 = 36;
/// Bubbles with a figure inside.
const ROOM_FOR_FIGURE: i64 = 13;
/// Labels shown on a phone, where they are drawn larger.
const ON_PHONES: usize = 6;

/// Thousandths of the cosine of a latitude in ten-thousandths of a degree (Bhaskara's formula, exact
/// to two thousandths).
fn cosine(latitude: i64) -> i64 {
    let square = latitude.pow(2);
    let turn = 32_400 * 100_000_000;
    (turn - 4 * square) * 1_000 / (turn + square)
}

/// Positions in the picture, and its height.
fn projected(bubbles: &[Bubble]) -> (Vec<(i64, i64)>, i64) {
    let latitudes = || bubbles.iter().map(|one| one.at.0);
    let longitudes = || bubbles.iter().map(|one| one.at.1);
    let (south, north) = (latitudes().min().unwrap_or(0), latitudes().max().unwrap_or(0));
    let (west, east) = (longitudes().min().unwrap_or(0), longitudes().max().unwrap_or(0));
    let squeeze = cosine((south + north) / 2).max(1);
    let (across, down) = (((east - west) * squeeze / 1_000).max(1), (north - south).max(1));
    let inside = WIDE - 2 * MARGIN;
    let high = (down * inside / across + 2 * MARGIN).clamp(*HEIGHTS.start(), *HEIGHTS.end());
    // Thousandths of a picture's unit for each unit of the land: the smaller fits both ways.
    let scale = (inside * 1_000_000 / across).min((high - 2 * MARGIN) * 1_000_000 / down);
    let left = (WIDE - across * scale / 1_000_000) / 2;
    let top = (high - down * scale / 1_000_000) / 2;
    let place = |one: &Bubble| {
        let x = left + (one.at.1 - west) * squeeze / 1_000 * scale / 1_000_000;
        let y = top + (north - one.at.0) * scale / 1_000_000;
        (x, y)
    };
    (bubbles.iter().map(place).collect(), high)
}

/// A bubble's area follows its value.
fn radius(value: i64, most: i64) -> i64 {
    (value.max(0) * FULLEST.pow(2) / most.max(1)).isqrt().max(5)
}

/// A box: left, top, right, bottom.
type Area = (i64, i64, i64, i64);

fn overlap(a: Area, b: Area) -> bool {
    a.0 < b.2 && b.0 < a.2 && a.1 < b.3 && b.1 < a.3
}

/// The box of a figure in the middle of a bubble.
fn middle((x, y): (i64, i64)) -> Area {
    (x - 7, y - 6, x + 7, y + 6)
}

/// Where a label stands: the anchor, its point and its box.
struct Label {
    anchor: &'static str,
    x: i64,
    y: i64,
    area: Area,
}

/// The places that a label may take beside its bubble, best first.
fn places(name: &str, (x, y): (i64, i64), radius: i64) -> [Label; 4] {
    let wide = i64::try_from(name.chars().count()).unwrap_or(0) * 8 + 4;
    let half = wide / 2;
    let (right, left) = (x + radius + 4, x - radius - 4);
    let (above, below) = (y - radius - 5, y + radius + 15);
    [
        Label { anchor: "", x: right, y: y + 5, area: (right, y - 9, right + wide, y + 9) },
        Label { anchor: "end", x: left, y: y + 5, area: (left - wide, y - 9, left, y + 9) },
        Label { anchor: "mid", x, y: below, area: (x - half, below - 14, x + half, below + 4) },
        Label { anchor: "mid", x, y: above, area: (x - half, above - 14, x + half, above + 4) },
    ]
}

/// A short name for a label: without the kind of the unit.
fn short(name: &str) -> &str {
    ["Xã ", "Phường ", "Đặc khu ", "Thị trấn "]
        .iter()
        .find_map(|kind| name.strip_prefix(kind))
        .unwrap_or(name)
}

/// The map. Every bubble leads to its rows; labels that would cover others are left out, and the
/// table names them all.
pub fn map(title: &str, bubbles: &[Bubble]) -> String {
    let mut bubbles: Vec<Bubble> = bubbles.to_vec();
    bubbles.sort_by(|a, b| b.value.cmp(&a.value).then_with(|| a.name.cmp(&b.name)));
    let (spots, high) = projected(&bubbles);
    let most = bubbles.first().map_or(1, |one| one.value);
    let radii: Vec<i64> = bubbles.iter().map(|one| radius(one.value, most)).collect();
    let discs: Vec<Area> = spots.iter().zip(&radii).map(|((x, y), r)| (x - r, y - r, x + r, y + r)).collect();
    let mut taken: Vec<Area> = Vec::new();
    let (mut drawn, mut labels) = (String::new(), String::new());
    for (at, (one, (spot, radius))) in bubbles.iter().zip(spots.iter().zip(&radii)).enumerate() {
        // A smaller bubble drawn later may lie over the middle of this one.
        let covered = discs.iter().skip(at + 1).any(|disc| overlap(*disc, middle(*spot)));
        let figure = if *radius >= ROOM_FOR_FIGURE && !covered {
            format!("<text class=\"mid fig\" x=\"{}\" y=\"{}\">{}</text>", spot.0, spot.1 + 5, one.value)
        } else {
            String::new()
        };
        drawn += &format!(
            "<a href=\"{}\"><title>{}: {}</title><circle cx=\"{}\" cy=\"{}\" r=\"{radius}\"/>{figure}</a>",
            safe(&one.href),
            safe(&one.name),
            safe(&one.told),
            spot.0,
            spot.1,
        );
        let name = short(&one.name);
        let free = |label: &Label| {
            let inside =
                label.area.0 >= 0 && label.area.2 <= WIDE && label.area.1 >= 0 && label.area.3 <= high;
            inside
                && !taken.iter().any(|other| overlap(label.area, *other))
                && !discs.iter().enumerate().any(|(no, disc)| no != at && overlap(label.area, *disc))
        };
        if let Some(label) = places(name, *spot, *radius).into_iter().find(free) {
            let class = if at < ON_PHONES { "" } else { " minor" };
            labels += &format!(
                "<text class=\"name {}{class}\" x=\"{}\" y=\"{}\">{}</text>",
                label.anchor,
                label.x,
                label.y,
                safe(name)
            );
            taken.push(label.area);
        }
    }
    format!(
        "<svg class=\"chart map\" viewBox=\"0 0 {WIDE} {high}\" role=\"group\"><title>{}</title>\
         <desc>Mỗi vòng tròn là một xã, phường, đặc khu.</desc>{drawn}<g aria-hidden=\"true\">{labels}</g></svg>",
        safe(title)
    )
}
