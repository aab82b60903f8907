//! Codes of products, in the three formats that certificates and lists carry.

/// The code of a product as an office gave it.
///
/// Only [`ProductCode::Commune`] is given today; the older formats stay on papers and packages.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProductCode {
    /// `T-X-STT-YYYY`, such as `22-06838-1-2026` (26/2026/QĐ-TTg, head of every sheet).
    Commune {
        /// 2 digits.
        province: String,
        /// 5 digits.
        commune: String,
        /// The commune's own count.
        serial: u32,
        /// Year of the evaluation.
        year: u16,
    },
    /// `T-H-STT-YYYY`, such as `22-193-12-2023`: without the commune, before 1/7/2025.
    District {
        /// 2 digits.
        province: String,
        /// 3 digits.
        district: String,
        /// The district's own count.
        serial: u32,
        /// Year of the evaluation.
        year: u16,
    },
    /// `T-H-X-STT-YYYY`, such as `83-829-28780-3-2022`: before 1/7/2025.
    DistrictCommune {
        /// 2 digits.
        province: String,
        /// 3 digits.
        district: String,
        /// 5 digits.
        commune: String,
        /// The commune's own count.
        serial: u32,
        /// Year of the evaluation.
        year: u16,
    },
}

/// Why a text is not a product code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CodeFault {
    /// Not 4 or 5 parts.
    #[error(
        "Mã sản phẩm gồm 4 hoặc 5 phần cách nhau bằng dấu gạch, ví dụ 22-06838-1-2026; ở đây có {0} phần."
    )]
    Parts(usize),
    /// A part holds something else than digits.
    #[error("Phần «{0}» của mã sản phẩm phải là chữ số.")]
    NotDigits(String),
    /// The province has not 2 digits.
    #[error("Mã tỉnh «{0}» phải có 2 chữ số.")]
    Province(String),
    /// The second part is neither a commune nor a district.
    #[error("Phần thứ hai «{0}» phải là mã xã (5 chữ số) hoặc mã huyện cũ (3 chữ số).")]
    Unit(String),
    /// The district of a code of five parts has not 3 digits.
    #[error("Mã huyện cũ «{0}» phải có 3 chữ số.")]
    District(String),
    /// The commune of a code of five parts has not 5 digits.
    #[error("Mã xã «{0}» phải có 5 chữ số.")]
    Commune(String),
    /// The serial number is 0 or too long.
    #[error("Số thứ tự «{0}» phải là một số từ 1 đến 999999.")]
    Serial(String),
    /// The year is not one of the programme.
    #[error("Năm «{0}» phải có 4 chữ số, từ 2018 đến 2099.")]
    Year(String),
}

/// Years that a code can bear: the programme began in 2018.
const YEARS: std::ops::RangeInclusive<u16> = 2018..=2099;

impl ProductCode {
    /// Reads a code leniently: parts may stand apart by dashes of any length, spaces, dots,
    /// slashes or underscores, and the serial number may begin with zeros.
    ///
    /// # Errors
    /// [`CodeFault`] says which part is wrong.
    pub fn parse(typed: &str) -> Result<Self, CodeFault> {
        let is_between = |letter: char| {
            letter.is_whitespace() || matches!(letter, '-' | '–' | '—' | '‑' | '.' | '/' | '_')
        };
        let parts: Vec<&str> = typed.split(is_between).filter(|part| !part.is_empty()).collect();
        if let Some(odd) = parts.iter().find(|part| !part.bytes().all(|byte| byte.is_ascii_digit())) {
            return Err(CodeFault::NotDigits((*odd).to_owned()));
        }
        match parts.as_slice() {
            [province, unit, serial, year] => {
                let province = digits(province, 2, CodeFault::Province)?;
                let (serial, year) = (serial_of(serial)?, year_of(year)?);
                match unit.len() {
                    5 => Ok(Self::Commune { province, commune: (*unit).to_owned(), serial, year }),
                    3 => Ok(Self::District { province, district: (*unit).to_owned(), serial, year }),
                    _ => Err(CodeFault::Unit((*unit).to_owned())),
                }
            }
            [province, district, commune, serial, year] => Ok(Self::DistrictCommune {
                province: digits(province, 2, CodeFault::Province)?,
                district: digits(district, 3, CodeFault::District)?,
                commune: digits(commune, 5, CodeFault::Commune)?,
                serial: serial_of(serial)?,
                year: year_of(year)?,
            }),
            other => Err(CodeFault::Parts(other.len())),
        }
    }

    /// Whether it has the format that is given today: such a code stands in the product itself, an
    /// older one among its former codes.
    pub fn is_todays(&self) -> bool {
        match self {
            Self::Commune { .. } => true,
            Self::District { .. } | Self::DistrictCommune { .. } => false,
        }
    }

    /// Year of the evaluation.
    pub fn year(&self) -> u16 {
        match self {
            Self::Commune { year, .. } | Self::District { year, .. } | Self::DistrictCommune { year, .. } => {
                *year
            }
        }
    }

    /// What its parts mean, for readers.
    pub fn format(&self) -> &'static str {
        match self {
            Self::Commune { .. } => "tỉnh, xã, số thứ tự, năm",
            Self::District { .. } => "tỉnh, huyện cũ, số thứ tự, năm",
            Self::DistrictCommune { .. } => "tỉnh, huyện cũ, xã cũ, số thứ tự, năm",
        }
    }
}

fn digits(part: &str, count: usize, fault: impl Fn(String) -> CodeFault) -> Result<String, CodeFault> {
    if part.len() == count { Ok(part.to_owned()) } else { Err(fault(part.to_owned())) }
}

fn serial_of(part: &str) -> Result<u32, CodeFault> {
    let serial = part.parse().ok().filter(|serial| (1..=999_999).contains(serial));
    serial.ok_or_else(|| CodeFault::Serial(part.to_owned()))
}

fn year_of(part: &str) -> Result<u16, CodeFault> {
    let year = part.parse().ok().filter(|year| part.len() == 4 && YEARS.contains(year));
    year.ok_or_else(|| CodeFault::Year(part.to_owned()))
}

/// The code as it is written: parts joined by dashes.
impl std::fmt::Display for ProductCode {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Commune { province, commune, serial, year } => {
                write!(out, "{province}-{commune}-{serial}-{year}")
            }
            Self::District { province, district, serial, year } => {
                write!(out, "{province}-{district}-{serial}-{year}")
            }
            Self::DistrictCommune { province, district, commune, serial, year } => {
                write!(out, "{province}-{district}-{commune}-{serial}-{year}")
            }
        }
    }
}

impl std::str::FromStr for ProductCode {
    type Err = CodeFault;

    fn from_str(typed: &str) -> Result<Self, CodeFault> {
        Self::parse(typed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_three_formats_are_read_however_they_are_typed() {
        let check = |typed: &str, written: &str, todays: bool, year: u16| {
            let code = ProductCode::parse(typed).unwrap();
            assert_eq!(
                (code.to_string().as_str(), code.is_todays(), code.year()),
                (written, todays, year),
                "{typed}"
            );
            assert_eq!(ProductCode::parse(written), Ok(code), "written codes are read again");
        };
        check("22-06838-1-2026", "22-06838-1-2026", true, 2026);
        check(" 22 - 06838 – 001 — 2026 ", "22-06838-1-2026", true, 2026);
        check("22.06838.12.2026.", "22-06838-12-2026", true, 2026);
        check("83-829-28780-3-2022", "83-829-28780-3-2022", false, 2022);
        check("83/829/28780/03/2022", "83-829-28780-3-2022", false, 2022);
        check("22-193-12-2023", "22-193-12-2023", false, 2023);
    }

    #[test]
    fn a_wrong_code_says_which_part_is_wrong() {
        let check =
            |typed: &str, fault: CodeFault| assert_eq!(ProductCode::parse(typed), Err(fault), "{typed}");
        check("", CodeFault::Parts(0));
        check("22-06838-1", CodeFault::Parts(3));
        check("1-2-3-4-5-6", CodeFault::Parts(6));
        check("QN-06838-1-2026", CodeFault::NotDigits("QN".to_owned()));
        check("22-06838-١-2026", CodeFault::NotDigits("١".to_owned()));
        check("2-06838-1-2026", CodeFault::Province("2".to_owned()));
        check("22-6838-1-2026", CodeFault::Unit("6838".to_owned()));
        check("83-29-28780-3-2022", CodeFault::District("29".to_owned()));
        check("83-829-8780-3-2022", CodeFault::Commune("8780".to_owned()));
        check("22-06838-0-2026", CodeFault::Serial("0".to_owned()));
        check("22-06838-1-26", CodeFault::Year("26".to_owned()));
        check("22-06838-1-1999", CodeFault::Year("1999".to_owned()));
        let told = ProductCode::parse("22-6838-1-2026").unwrap_err().to_string();
        assert_eq!(told, "Phần thứ hai «6838» phải là mã xã (5 chữ số) hoặc mã huyện cũ (3 chữ số).");
    }
}
