//! Members' totals as dots on an axis: drawn by the server, positions in tenths of a percent.

use ocop_core::scoring::Fraction;

use super::percent;

/// The picture.
pub struct DotPlot {
    /// Height in pixels; grows with the highest stack.
    pub height: usize,
    /// The axis, from the top.
    pub axis: usize,
    /// Where the mean's line ends.
    pub below: usize,
    /// Where the figures under the axis stand.
    pub figures: usize,
    /// Left end, middle and right end of the axis.
    pub ends: [i64; 3],
    /// The dots: x, y.
    pub dots: Vec<(String, usize)>,
    /// The mean: x, and its figure.
    pub mean: (String, String),
    /// The same in words.
    pub label: String,
}

/// Pixels between the dots of a stack.
const STEP: usize = 13;

impl DotPlot {
    /// Draws totals and their mean with so many decimals; `None` of nothing.
    pub fn of(totals: &[u16], mean: &Fraction, decimals: u8) -> Option<Self> {
        let mut sorted = totals.to_vec();
        sorted.sort_unstable();
        let (least, most) = (i64::from(*sorted.first()?), i64::from(*sorted.last()?));
        // Round ends, and at least ten points of axis, so that a small spread looks small.
        let low = (least - 1).div_euclid(5) * 5;
        let high = ((most + 1 + 4).div_euclid(5) * 5).max(low + 10);
        let at = |hundredths: i64| percent(hundredths - low * 100, (high - low) * 100);
        let stack = sorted.chunk_by(|a, b| a == b).map(<[u16]>::len).max().unwrap_or(1);
        let axis = 18 + STEP * stack.max(2);
        let dots = sorted.chunk_by(|a, b| a == b).flat_map(|equal| {
            let equal = equal.to_vec();
            (0..).zip(equal).map(move |(no, total)| (at(i64::from(total) * 100), axis - STEP * no))
        });
        Some(Self {
            height: axis + 28,
            axis,
            below: axis + 6,
            figures: axis + 22,
            ends: [low, (low + high) / 2, high],
            dots: dots.collect(),
            mean: (at(mean.num * 100 / mean.den), mean.vi_to(decimals)),
            label: format!("Thấp nhất {least}, cao nhất {most}, trung bình {}", mean.vi_to(decimals)),
        })
    }
}
