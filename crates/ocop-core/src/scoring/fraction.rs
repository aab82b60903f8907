//! Exact means.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

/// A reduced fraction with a positive denominator. A mean stays one until it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Fraction {
    /// Numerator, carries the sign.
    pub num: i64,
    /// Denominator, at least 1.
    pub den: i64,
}

/// The text is not a fraction such as `139/2`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("«{0}» không phải là phân số")]
pub struct NotAFraction(pub String);

impl Fraction {
    /// `num/den`, reduced. `None` unless `den` is positive.
    pub fn new(num: i64, den: i64) -> Option<Self> {
        if den <= 0 {
            return None;
        }
        let divisor = divisor(num.unsigned_abs(), den.unsigned_abs());
        let divisor = i64::try_from(divisor).ok()?;
        Some(Self { num: num / divisor, den: den / divisor })
    }

    /// A whole number.
    pub fn whole(number: i64) -> Self {
        Self { num: number, den: 1 }
    }

    /// The mean of whole points. `None` of nothing.
    pub fn mean(points: &[u16]) -> Option<Self> {
        Self::new(points.iter().map(|points| i64::from(*points)).sum(), i64::try_from(points.len()).ok()?)
    }

    /// The middle of whole points, between the two middle ones of an even number. `None` of nothing.
    pub fn median(points: &[u16]) -> Option<Self> {
        let mut sorted = points.to_vec();
        sorted.sort_unstable();
        let middle = sorted.len() / 2;
        let last = *sorted.get(middle)?;
        let first = if sorted.len().is_multiple_of(2) { *sorted.get(middle - 1)? } else { last };
        Self::mean(&[first, last])
    }

    /// The mean of fractions. `None` of nothing, and of numbers beyond all points.
    pub fn mean_of(fractions: &[Self]) -> Option<Self> {
        let mut sum = Self::whole(0);
        for one in fractions {
            let num = i128::from(sum.num) * i128::from(one.den) + i128::from(one.num) * i128::from(sum.den);
            sum = Self::new(i64::try_from(num).ok()?, sum.den.checked_mul(one.den)?)?;
        }
        Self::new(sum.num, sum.den.checked_mul(i64::try_from(fractions.len()).ok()?)?)
    }

    /// `69.50`, rounded half up. For showing only.
    pub fn to_2dp(&self) -> String {
        self.shown('.')
    }

    /// `69,50`, rounded half up, the Vietnamese way. For showing only.
    pub fn vi(&self) -> String {
        self.shown(',')
    }

    /// With so many decimals, at most 9, rounded half up, the Vietnamese way. For showing only.
    pub fn vi_to(&self, decimals: u8) -> String {
        self.to_places(decimals, ',')
    }

    fn shown(&self, point: char) -> String {
        self.to_places(2, point)
    }

    /// In units of the last of so many decimals, at most 9, rounded half up: `6950` for 69,50. For showing
    /// only.
    pub fn scaled(&self, decimals: u8) -> i64 {
        let den = i128::from(self.den);
        let parts = (i128::from(self.num) * scale(decimals) * 2 + den).div_euclid(den * 2);
        i64::try_from(parts).unwrap_or(i64::MAX)
    }

    fn to_places(self, decimals: u8, point: char) -> String {
        let (places, scale) = (usize::from(decimals.min(9)), scale(decimals));
        let parts = i128::from(self.scaled(decimals));
        let sign = if parts < 0 { "-" } else { "" };
        let (whole, rest) = (parts.abs() / scale, parts.abs() % scale);
        if places == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}{point}{rest:0places$}") }
    }
}

/// How many units of the last decimal make a whole.
fn scale(decimals: u8) -> i128 {
    10_i128.pow(u32::from(decimals.min(9)))
}

fn divisor(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { divisor(b, a % b) }
}

impl Ord for Fraction {
    fn cmp(&self, other: &Self) -> Ordering {
        (i128::from(self.num) * i128::from(other.den)).cmp(&(i128::from(other.num) * i128::from(self.den)))
    }
}

impl PartialOrd for Fraction {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// `139/2`; a whole number keeps its denominator: `90/1`.
impl std::fmt::Display for Fraction {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}/{}", self.num, self.den)
    }
}

impl TryFrom<String> for Fraction {
    type Error = NotAFraction;

    fn try_from(text: String) -> Result<Self, NotAFraction> {
        text.split_once('/')
            .and_then(|(num, den)| Self::new(num.parse().ok()?, den.parse().ok()?))
            .ok_or(NotAFraction(text))
    }
}

impl From<Fraction> for String {
    fn from(fraction: Fraction) -> String {
        fraction.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mean_is_exact_and_shown_half_up() {
        let check = |points: &[u16], exact: &str, shown: &str| {
            let mean = Fraction::mean(points).unwrap();
            assert_eq!((mean.to_string().as_str(), mean.to_2dp().as_str()), (exact, shown), "{points:?}");
            assert_eq!(Fraction::try_from(exact.to_owned()), Ok(mean));
        };
        check(&[69, 70], "139/2", "69.50");
        check(&[70, 70, 69], "209/3", "69.67");
        check(&[90; 9], "90/1", "90.00");
        check(&[94, 94, 94, 94, 92, 92, 92], "652/7", "93.14");
        check(&[0, 0], "0/1", "0.00");
        check(&[1, 0, 0, 0, 0, 0, 0, 0], "1/8", "0.13");
        assert_eq!(Fraction::mean(&[]), None);
        let half = Fraction::mean(&[69, 70]).unwrap();
        assert_eq!(half.vi(), "69,50");
        assert_eq!(
            (half.vi_to(0), half.vi_to(1), half.vi_to(4)),
            ("70".into(), "69,5".into(), "69,5000".into())
        );
    }

    #[test]
    fn the_median_stands_in_the_middle() {
        let check = |points: &[u16], exact: &str| {
            assert_eq!(Fraction::median(points).unwrap().to_string(), exact, "{points:?}");
        };
        check(&[80], "80/1");
        check(&[90, 70, 80], "80/1");
        check(&[70, 91, 80, 60], "75/1");
        check(&[70, 71], "141/2");
        assert_eq!(Fraction::median(&[]), None);
        let parts = [Fraction::whole(-6), Fraction::new(1, 3).unwrap(), Fraction::new(5, 2).unwrap()];
        assert_eq!(Fraction::mean_of(&parts).unwrap().to_string(), "-19/18");
        assert_eq!(Fraction::mean_of(&[]), None);
    }

    #[test]
    fn what_rounds_to_a_threshold_is_still_below_it() {
        let near = Fraction::new(70_000 * 3 - 1, 3_000).unwrap();
        assert_eq!(near.to_2dp(), "70.00");
        assert!(near < Fraction::whole(70));
        assert!(Fraction::whole(-1) < Fraction::whole(0));
        assert_eq!(Fraction::new(-5, 200).unwrap().to_2dp(), "-0.02");
    }

    #[test]
    fn only_a_positive_denominator_makes_a_fraction() {
        for bad in ["1/0", "1/-2", "1", "a/2", ""] {
            assert_eq!(Fraction::try_from(bad.to_owned()), Err(NotAFraction(bad.to_owned())));
        }
        assert_eq!(Fraction::new(10, 4), Fraction::new(5, 2));
    }
}
