//! Typed text turned into values, with every fault beside its field.

use chrono::{Datelike, NaiveDate};
use ocop_core::text::tidy;

use crate::{App, AppError};

/// Years that a day in a form can be in.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2200;

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldFault {
    /// The field's name in the form.
    pub field: String,
    /// What to do.
    pub message: String,
}

impl FieldFault {
    /// A fault of a field.
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), message: message.into() }
    }
}

/// Reads fields one after the other and gathers all faults, so that a form comes back with
/// everything that is to mend, not only the first.
#[derive(Debug, Default)]
pub struct Fields {
    faults: Vec<FieldFault>,
}

impl Fields {
    /// Starts reading.
    pub fn new() -> Self {
        Self::default()
    }

    /// A text of at most `limit` letters that may be empty.
    pub fn optional(&mut self, field: &str, typed: &str, limit: usize) -> String {
        let text = tidy(typed);
        let length = text.chars().count();
        if length > limit {
            self.fault(field, format!("Dài {length} chữ, nhiều nhất là {limit} chữ. Hãy rút gọn."));
        }
        text
    }

    /// A text of 1 to `limit` letters; `missing` says what to write when it is empty.
    pub fn required(&mut self, field: &str, typed: &str, limit: usize, missing: &str) -> String {
        let text = self.optional(field, typed, limit);
        if text.is_empty() {
            self.fault(field, missing);
        }
        text
    }

    /// A day as browsers send it (`2026-11-24`) or as people write it (`24/11/2026`); empty is none. A
    /// year of two digits would be one of Roman times, so it is a fault.
    pub fn day(&mut self, field: &str, typed: &str) -> Option<NaiveDate> {
        let text = typed.trim();
        if text.is_empty() {
            return None;
        }
        let day = text.parse().ok().or_else(|| NaiveDate::parse_from_str(text, "%d/%m/%Y").ok());
        let day = day.filter(|day: &NaiveDate| YEARS.contains(&day.year()));
        if day.is_none() {
            self.fault(field, "Ngày chưa đúng. Hãy ghi ngày/tháng/năm, ví dụ 24/11/2026.");
        }
        day
    }

    /// A day that must be given.
    pub fn required_day(&mut self, field: &str, typed: &str, missing: &str) -> Option<NaiveDate> {
        if typed.trim().is_empty() {
            self.fault(field, missing);
        }
        self.day(field, typed)
    }

    /// An entry of a coded list.
    pub fn choice<T: std::str::FromStr>(&mut self, field: &str, typed: &str, missing: &str) -> Option<T> {
        let entry = typed.trim().parse().ok();
        if entry.is_none() {
            self.fault(field, missing);
        }
        entry
    }

    /// A whole number from `least` to `most`; thousands points are allowed; empty is none.
    pub fn number(&mut self, field: &str, typed: &str, least: i64, most: i64) -> Option<i64> {
        let digits: String = typed.chars().filter(|letter| !matches!(letter, '.' | ' ' | '\u{a0}')).collect();
        if digits.is_empty() {
            return None;
        }
        let number = digits.parse::<i64>().ok().filter(|number| (least..=most).contains(number));
        if number.is_none() {
            self.fault(
                field,
                format!(
                    "Hãy ghi một số từ {} đến {}.",
                    ocop_core::text::thousands(least),
                    ocop_core::text::thousands(most)
                ),
            );
        }
        number
    }

    /// Notes a fault found elsewhere.
    pub fn fault(&mut self, field: &str, message: impl Into<String>) {
        self.faults.push(FieldFault::new(field, message));
    }

    /// The faults, if any, as an error.
    ///
    /// # Errors
    /// [`AppError::Invalid`] with all of them.
    pub fn done(self) -> Result<(), AppError> {
        if self.faults.is_empty() { Ok(()) } else { Err(AppError::Invalid(self.faults)) }
    }
}

/// The day as of which something is asked (`on`); today when empty.
///
/// # Errors
/// [`AppError::Invalid`] for a text that is no day: nothing is told as of another one.
pub(crate) fn day_asked(app: &App, typed: &str) -> Result<NaiveDate, AppError> {
    let mut fields = Fields::new();
    let day = fields.day("on", typed);
    fields.done()?;
    Ok(day.unwrap_or_else(|| app.today()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_has_a_year_of_our_time() {
        for (typed, is_day) in [
            ("5/3/2019", true),
            ("2019-03-05", true),
            (" 31/12/1900 ", true),
            ("5/3/19", false),
            ("0001-01-01", false),
            ("1/1/20265", false),
            ("+262026-01-01", false),
            ("31/02/2026", false),
        ] {
            let mut fields = Fields::new();
            assert_eq!(fields.day("on", typed).is_some(), is_day, "{typed}");
            assert_eq!(fields.done().is_ok(), is_day, "{typed}");
        }
    }

    #[test]
    fn all_faults_come_back_at_once() {
        let mut fields = Fields::new();
        assert_eq!(fields.required("name", "  Mật ong ", 20, "Ghi tên."), "Mật ong");
        fields.required("name2", " ", 20, "Ghi tên.");
        fields.optional("story", &"ă".repeat(21), 20);
        assert_eq!(fields.day("on", "24/11/2026"), fields.day("on", "2026-11-24"));
        fields.day("off", "31/02/2026");
        assert_eq!(fields.number("revenue", "1.200.000", 0, 1_000_000_000), Some(1_200_000));
        fields.number("profit", "nhiều", 0, 10);
        let Err(AppError::Invalid(faults)) = fields.done() else { panic!("faults expected") };
        let named: Vec<&str> = faults.iter().map(|fault| fault.field.as_str()).collect();
        assert_eq!(named, ["name2", "story", "off", "profit"]);
    }
}
