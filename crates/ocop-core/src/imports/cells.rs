//! What one cell of a register file says. A cell that cannot be read says why and what to write.

use crate::producers::{Gender, ProducerKind};
use crate::recognition::Level;
use crate::text::{fold, tidy};
use chrono::{Days, NaiveDate};

/// A cell that cannot be read: what stands there and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("«{text}» không đọc được. {advice}")]
pub struct BadCell {
    /// The cell, as kept.
    pub text: String,
    /// What to write instead.
    pub advice: &'static str,
}

fn bad(text: &str, advice: &'static str) -> BadCell {
    BadCell { text: text.to_owned(), advice }
}

/// A cell without the spaces that offices' files carry: none around it, one between words,
/// non-breaking ones and line breaks like others, zero-width ones gone.
pub fn clean(cell: &str) -> String {
    let seen: String = cell
        .chars()
        .filter(|letter| !matches!(letter, '\u{200b}' | '\u{feff}'))
        .map(|letter| if letter.is_whitespace() { ' ' } else { letter })
        .collect();
    tidy(&seen).split_whitespace().collect::<Vec<_>>().join(" ")
}

const DATE: &str = "Ghi ngày đủ ngày, tháng, năm, ví dụ 05/03/2022.";

/// A day: `5/3/2022`, `05-03-2022`, `5.3.2022`, `2022-03-05`, or the day's number in a workbook.
///
/// Between 1950 and 2099; a month without its day is refused. Empty: `None`.
pub fn day(cell: &str) -> Result<Option<NaiveDate>, BadCell> {
    let text = clean(cell);
    if text.is_empty() {
        return Ok(None);
    }
    let date = text.strip_suffix(" 00:00:00").or(text.strip_suffix("T00:00:00")).unwrap_or(&text);
    let parts: Option<Vec<u32>> = date.split(['/', '-', '.']).map(number).collect();
    let read = match parts.as_deref() {
        Some([serial]) => day_of_serial(*serial),
        Some([first, month, last]) if *first > 31 => {
            i32::try_from(*first).ok().and_then(|year| NaiveDate::from_ymd_opt(year, *month, *last))
        }
        Some([first, month, last]) => {
            i32::try_from(*last).ok().and_then(|year| NaiveDate::from_ymd_opt(year, *month, *first))
        }
        Some(_) | None => None,
    };
    let likely = read.filter(|day| ("1950-01-01".."2100-01-01").contains(&day.to_string().as_str()));
    likely.map(Some).ok_or_else(|| bad(&text, DATE))
}

fn number(digits: &str) -> Option<u32> {
    let digits = digits.trim();
    if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        None
    } else {
        digits.parse().ok()
    }
}

/// The day a workbook stores as a number: 1 is 1/1/1900, with the 29/2/1900 that never was, so
/// that from 1/3/1900 (61) days count from 30/12/1899.
fn day_of_serial(serial: u32) -> Option<NaiveDate> {
    if serial < 61 {
        return None;
    }
    NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(Days::new(u64::from(serial)))
}

const STARS: &str = "Ghi 3, 4 hoặc 5; chưa có sao thì để trống.";

/// Stars: `4`, `4 sao`, `4*`, `★★★★`, `Hạng 4 sao`. Empty: `None`.
pub fn stars(cell: &str) -> Result<Option<u8>, BadCell> {
    let text = clean(cell);
    if text.is_empty() {
        return Ok(None);
    }
    let drawn = text.chars().filter(|letter| matches!(letter, '★' | '*')).count();
    let read = if text.chars().all(|letter| matches!(letter, '★' | '*' | '☆' | ' ')) {
        u8::try_from(drawn).ok()
    } else {
        let words = text.to_lowercase().replace(['*', '★'], " sao").replace("sao", " sao");
        match words.split_whitespace().collect::<Vec<_>>().as_slice() {
            [stars] | [stars, "sao"] | ["hạng", stars] | ["hạng", stars, "sao"] => {
                number(stars).and_then(|stars| u8::try_from(stars).ok())
            }
            _ => None,
        }
    };
    read.filter(|stars| (3..=5).contains(stars)).map(Some).ok_or_else(|| bad(&text, STARS))
}

const POINTS: &str = "Ghi điểm từ 0 đến 100, nhiều nhất hai chữ số thập phân, ví dụ 83,5.";

/// Points in hundredths: `83,5` and `83.5` are 8350. From 0 to 100 points. Empty: `None`.
pub fn points(cell: &str) -> Result<Option<u16>, BadCell> {
    let text = clean(cell);
    if text.is_empty() {
        return Ok(None);
    }
    let read = decimal(&text, 2).filter(|hundredths| *hundredths <= 10_000);
    read.and_then(|hundredths| u16::try_from(hundredths).ok()).map(Some).ok_or_else(|| bad(&text, POINTS))
}

/// A number with a comma or point before at most `places` decimals, in units of the last place.
fn decimal(text: &str, places: usize) -> Option<u64> {
    let (whole, rest) = text.split_once([',', '.']).unwrap_or((text, "0"));
    let rest = rest.trim_end_matches('0');
    if rest.len() > places {
        return None;
    }
    number(whole)?;
    let digits = format!("{}{rest:0<places$}", whole.trim());
    digits.bytes().all(|digit| digit.is_ascii_digit()).then(|| digits.parse().ok())?
}

const MONEY: &str = "Ghi số tiền bằng đồng, ví dụ 1.250.000.000; cũng đọc được «1,25 tỷ», «850 triệu».";

/// Dong: `1.250.000.000 đ`, `1250000000`, `1,25 tỷ`, `850 triệu`. Empty: `None`.
pub fn money(cell: &str) -> Result<Option<i64>, BadCell> {
    let text = clean(cell);
    if text.is_empty() {
        return Ok(None);
    }
    let lower = text.to_lowercase();
    let amount = ["vnđ", "vnd", "đồng", "đ", "₫"]
        .iter()
        .find_map(|unit| lower.strip_suffix(unit))
        .unwrap_or(&lower)
        .trim_end();
    let scaled = [("tỷ", 9), ("tỉ", 9), ("triệu", 6), ("tr", 6)]
        .into_iter()
        .find_map(|(unit, places)| amount.strip_suffix(unit).map(|count| (count.trim_end(), places)));
    // «1.250 triệu» is a thousand times more for one reader than for another.
    let plain = |count: &str| count.split_once(['.', ',']).is_none_or(|(_, rest)| rest.len() != 3);
    let read = scaled
        .map_or_else(|| grouped(amount), |(count, places)| decimal(count, places).filter(|_| plain(count)));
    read.and_then(|dong| i64::try_from(dong).ok()).map(Some).ok_or_else(|| bad(&text, MONEY))
}

/// A whole number, its thousands parted by one kind of mark or not at all.
fn grouped(text: &str) -> Option<u64> {
    let mark = text.chars().find(|letter| !letter.is_ascii_digit());
    let groups: Vec<&str> = mark.map_or_else(|| vec![text], |mark| text.split(mark).collect());
    let marked = mark.is_none_or(|mark| matches!(mark, '.' | ',' | ' '));
    let (first, others) = groups.split_first()?;
    let regular = others.is_empty() || (1..=3).contains(&first.len());
    let digits = groups.concat();
    let whole = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
    if marked && regular && whole && others.iter().all(|group| group.len() == 3) {
        digits.parse().ok()
    } else {
        None
    }
}

const KIND: &str = "Ghi một trong: Hợp tác xã, Tổ hợp tác, Công ty TNHH, Công ty cổ phần, Doanh nghiệp tư nhân, \
     Trang trại, Hộ kinh doanh, Hội/hiệp hội.";

/// The producer's legal form, by code, full name or the short names of offices. Empty: `None`.
pub fn producer_kind(cell: &str) -> Result<Option<ProducerKind>, BadCell> {
    let text = clean(cell);
    if text.is_empty() {
        return Ok(None);
    }
    let folded = fold(&text);
    let named =
        ProducerKind::ALL.iter().copied().find(|kind| kind.code() == text || fold(kind.name()) == folded);
    let read = named.or(match folded.trim() {
        "htx" => Some(ProducerKind::Cooperative),
        "tht" => Some(ProducerKind::CooperativeGroup),
        "cong ty tnhh" | "tnhh" | "cong ty tnhh mtv" | "cong ty tnhh mot thanh vien" => {
            Some(ProducerKind::LimitedCompany)
        }
        "cong ty cp" | "ctcp" => Some(ProducerKind::JointStockCompany),
        "dntn" => Some(ProducerKind::PrivateEnterprise),
        "trang trai" => Some(ProducerKind::Farm),
        "ho kinh doanh" | "hkd" | "ho san xuat" | "ho gia dinh" | "ho sxkd" | "co so san xuat" => {
            Some(ProducerKind::Household)
        }
        "hoi" | "hiep hoi" | "hoi hiep hoi" => Some(ProducerKind::Association),
        _ => None,
    });
    read.map(Some).ok_or_else(|| bad(&text, KIND))
}

/// Nam or Nữ, or the code. Empty: `None`.
pub fn gender(cell: &str) -> Result<Option<Gender>, BadCell> {
    let text = clean(cell);
    match fold(&text).trim() {
        "" if text.is_empty() => Ok(None),
        "nu" | "female" => Ok(Some(Gender::Female)),
        "nam" | "male" => Ok(Some(Gender::Male)),
        _ => Err(bad(&text, "Ghi Nam hoặc Nữ.")),
    }
}

/// Who recognised the product: `tỉnh`, `cấp tỉnh`, or the code. Empty: `None`.
pub fn level(cell: &str) -> Result<Option<Level>, BadCell> {
    let text = clean(cell);
    let folded = fold(&text);
    let word = folded.trim();
    match word.strip_prefix("cap ").unwrap_or(word) {
        "" if text.is_empty() => Ok(None),
        "huyen" | "district" => Ok(Some(Level::District)),
        "tinh" | "thanh pho" | "province" => Ok(Some(Level::Province)),
        "trung uong" | "quoc gia" | "centre" => Ok(Some(Level::Centre)),
        _ => Err(bad(&text, "Ghi huyện, tỉnh hoặc trung ương.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn days_as_offices_write_them() {
        let fifth = NaiveDate::from_ymd_opt(2022, 3, 5);
        for text in [
            "5/3/2022",
            "05-03-2022",
            "5.3.2022",
            "2022-03-05",
            "44625",
            " 05/03/2022\u{a0}",
            "2022-03-05 00:00:00",
        ] {
            assert_eq!(day(text), Ok(fifth), "{text}");
        }
        assert_eq!(day(" "), Ok(None));
        for text in
            ["tháng 3/2022", "3/2022", "31/2/2022", "2022", "5/3/22", "12/2022/3", "+5/3/2022", "99999999"]
        {
            assert!(day(text).is_err(), "{text}");
        }
    }

    #[test]
    fn stars_as_offices_write_them() {
        for text in ["3", "3 sao", "3*", "★★★", "Hạng 3 sao", "3★", "3SAO"] {
            assert_eq!(stars(text), Ok(Some(3)), "{text}");
        }
        assert_eq!(
            stars("3 sáo").map_err(|fault| fault.to_string()),
            Err("«3 sáo» không đọc được. Ghi 3, 4 hoặc 5; chưa có sao thì để trống.".to_owned())
        );
        assert!(stars("2").is_err() && stars("6 sao").is_err() && stars("☆").is_err());
    }

    #[test]
    fn points_and_money_are_exact() {
        assert_eq!(points("83,5"), Ok(Some(8350)));
        assert_eq!(points("83.05"), Ok(Some(8305)));
        assert_eq!(points("100"), Ok(Some(10_000)));
        assert!(
            points("100,01").is_err()
                && points("83,555").is_err()
                && points("-3").is_err()
                && points("8,3,5").is_err()
        );
        for text in ["1.250.000.000 đ", "1250000000", "1,25 tỷ", "1250 triệu", "1,250,000,000 VNĐ"] {
            assert_eq!(money(text), Ok(Some(1_250_000_000)), "{text}");
        }
        assert_eq!(money("850 triệu"), Ok(Some(850_000_000)));
        assert!(money("1.250 triệu").is_err() && money("1,250 tỷ").is_err(), "thousands or decimals?");
        assert!(
            money("1.25").is_err()
                && money("khoảng 2 tỷ").is_err()
                && money("1.250,000").is_err()
                && money("đ").is_err()
        );
    }

    #[test]
    fn kinds_genders_and_levels() {
        for kind in ProducerKind::ALL.iter().copied() {
            assert_eq!(producer_kind(kind.name()), Ok(Some(kind)));
            assert_eq!(producer_kind(kind.code()), Ok(Some(kind)));
        }
        assert_eq!(producer_kind("Công ty TNHH"), Ok(Some(ProducerKind::LimitedCompany)));
        assert_eq!(producer_kind("Hội/hiệp hội"), Ok(Some(ProducerKind::Association)));
        assert_eq!(gender("NỮ"), Ok(Some(Gender::Female)));
        assert_eq!(level("Cấp huyện"), Ok(Some(Level::District)));
        assert!(producer_kind("Hợp tác").is_err() && gender("?").is_err() && level("xã").is_err());
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in ".*") {
            let _ = (day(&text), stars(&text), points(&text), producer_kind(&text), gender(&text), level(&text));
            if let Ok(Some(dong)) = money(&text) { prop_assert!(dong >= 0); }
        }
    }
}
