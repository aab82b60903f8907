//! Instants, days and the working-day calendar.
//!
//! An instant is UTC to the microsecond (the least that both databases keep); a day is a day in
//! Vietnam (UTC+7, no summer time). "Now" always comes from the caller.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{
    DateTime, Datelike, Days, FixedOffset, NaiveDate, SecondsFormat, TimeDelta, Timelike, Utc, Weekday,
};
use serde::{Deserialize, Serialize};

const VIETNAM: Option<FixedOffset> = FixedOffset::east_opt(7 * 3600);

/// A moment, UTC, to the microsecond. Its text sorts as it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Instant(DateTime<Utc>);

/// The text is not an instant such as `2026-11-24T03:05:39.000000Z`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("«{0}» không phải là thời điểm")]
pub struct NotAnInstant(pub String);

impl Instant {
    /// Cuts a clock's reading to the microsecond.
    pub fn new(at: DateTime<Utc>) -> Self {
        let micros = at.nanosecond() % 1_000_000_000 / 1_000 * 1_000;
        Self(at.with_nanosecond(micros).unwrap_or(at))
    }

    /// The moment as libraries take it.
    pub fn utc(self) -> DateTime<Utc> {
        self.0
    }

    /// The day in Vietnam.
    pub fn day(self) -> NaiveDate {
        self.local().0
    }

    /// `10:32`, the hour in Vietnam.
    pub fn hour(self) -> String {
        let (_, hour, minute) = self.local();
        format!("{hour:02}:{minute:02}")
    }

    /// `24/11/2026 10:32`, as pages and papers write it.
    pub fn written(self) -> String {
        format!("{} {}", date(self.day()), self.hour())
    }

    /// `Tue, 24 Nov 2026 03:05:39 GMT`, as heads of HTTP write it (RFC 9110, 5.6.7).
    pub fn http_date(self) -> String {
        self.0.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
    }

    /// Eight o'clock in the morning of a day in Vietnam.
    pub fn morning(day: NaiveDate) -> Self {
        // 08:00 at UTC+7 is 01:00 UTC, which every day has.
        Self(day.and_hms_opt(1, 0, 0).unwrap_or_default().and_utc())
    }

    /// This instant moved by whole minutes.
    pub fn plus_minutes(self, minutes: i64) -> Self {
        Self(self.0 + TimeDelta::minutes(minutes))
    }

    fn local(self) -> (NaiveDate, u32, u32) {
        match VIETNAM {
            Some(zone) => {
                let local = self.0.with_timezone(&zone);
                (local.date_naive(), local.hour(), local.minute())
            }
            None => (self.0.date_naive(), self.0.hour(), self.0.minute()),
        }
    }
}

impl std::fmt::Display for Instant {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.0.to_rfc3339_opts(SecondsFormat::Micros, true))
    }
}

impl std::str::FromStr for Instant {
    type Err = NotAnInstant;

    fn from_str(text: &str) -> Result<Self, NotAnInstant> {
        DateTime::parse_from_rfc3339(text)
            .map(|at| Self::new(at.to_utc()))
            .map_err(|_| NotAnInstant(text.to_owned()))
    }
}

impl TryFrom<String> for Instant {
    type Error = NotAnInstant;

    fn try_from(text: String) -> Result<Self, NotAnInstant> {
        text.parse()
    }
}

impl From<Instant> for String {
    fn from(at: Instant) -> String {
        at.to_string()
    }
}

/// `24/11/2026`.
pub fn date(day: NaiveDate) -> String {
    format!("{:02}/{:02}/{}", day.day(), day.month(), day.year())
}

/// `ngày 24 tháng 11 năm 2026`: days and the months 1 and 2 carry a leading zero in official papers.
pub fn date_in_words(day: NaiveDate) -> String {
    let month = if day.month() < 3 { format!("{:02}", day.month()) } else { day.month().to_string() };
    format!("ngày {:02} tháng {month} năm {}", day.day(), day.year())
}

/// The working days of Vietnam: Monday to Friday without public holidays, plus the Saturdays that
/// a year's decision swaps in. The days are data (`data/holidays/`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calendar {
    holidays: BTreeMap<NaiveDate, String>,
    worked: BTreeSet<NaiveDate>,
    /// The years covered, with their sources.
    pub years: Vec<YearSource>,
}

/// One year's file of `data/holidays/`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct YearFile {
    year: i32,
    source: String,
    #[serde(default)]
    provisional: bool,
    #[serde(default)]
    doubt: String,
    #[serde(default)]
    holiday: Vec<NamedDay>,
    #[serde(default)]
    workday: Vec<NamedDay>,
}

#[derive(Debug, Clone, Deserialize)]
struct NamedDay {
    date: toml::value::Datetime,
    name: String,
}

/// Where a year's days come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YearSource {
    /// The year.
    pub year: i32,
    /// The decisions that set its days.
    pub source: String,
    /// Whether the year's own decision is still to come.
    pub provisional: bool,
    /// What is not certain, empty when all is.
    pub doubt: String,
}

impl NamedDay {
    fn day(&self) -> Result<NaiveDate, CalendarFault> {
        self.date
            .to_string()
            .parse()
            .map_err(|_| CalendarFault(format!("«{}» không phải là ngày", self.date)))
    }
}

/// A calendar file cannot be read; names what is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("lịch ngày nghỉ: {0}")]
pub struct CalendarFault(pub String);

impl Calendar {
    /// Reads the texts of `data/holidays/*.toml`, one a year.
    pub fn load<'a>(years: impl IntoIterator<Item = &'a str>) -> Result<Self, CalendarFault> {
        let mut calendar = Self::default();
        for text in years {
            let year: YearFile = toml::from_str(text).map_err(|fault| CalendarFault(fault.to_string()))?;
            for holiday in &year.holiday {
                calendar.holidays.insert(holiday.day()?, holiday.name.clone());
            }
            for workday in &year.workday {
                calendar.worked.insert(workday.day()?);
            }
            let YearFile { year, source, provisional, doubt, .. } = year;
            calendar.years.push(YearSource { year, source, provisional, doubt });
        }
        Ok(calendar)
    }

    /// Whether public offices work on this day.
    pub fn is_working_day(&self, day: NaiveDate) -> bool {
        let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        self.worked.contains(&day) || (!weekend && !self.holidays.contains_key(&day))
    }

    /// The last day of a term of `count` working days that starts the day after `from`.
    pub fn after_working_days(&self, from: NaiveDate, count: u32) -> NaiveDate {
        let mut day = from;
        let mut left = count;
        while left > 0 {
            let Some(next) = day.checked_add_days(Days::new(1)) else { return day };
            day = next;
            if self.is_working_day(day) {
                left -= 1;
            }
        }
        day
    }

    /// Working days from the day after `today` to `due`; negative when `due` has passed.
    pub fn working_days_left(&self, today: NaiveDate, due: NaiveDate) -> i64 {
        let count = |from: NaiveDate, to: NaiveDate| -> i64 {
            let days = from.iter_days().skip(1).take_while(|day| *day <= to);
            i64::try_from(days.filter(|day| self.is_working_day(*day)).count()).unwrap_or(i64::MAX)
        };
        if due >= today { count(today, due) } else { -count(due, today) }
    }

    /// What is left, in words: `còn 6 ngày làm việc`, `hạn hôm nay`, `quá 2 ngày làm việc`.
    pub fn left_in_words(&self, today: NaiveDate, due: NaiveDate) -> String {
        if due == today {
            return "hạn hôm nay".to_owned();
        }
        match self.working_days_left(today, due) {
            left if left > 0 => format!("còn {left} ngày làm việc"),
            0 if due > today => "không còn ngày làm việc nào trước hạn".to_owned(),
            0 => "vừa quá hạn".to_owned(),
            late => format!("quá {} ngày làm việc", -late),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn calendar() -> Calendar {
        Calendar::load(["year = 2026\nsource = 'thử'\n\
             [[holiday]]\ndate = 2026-09-01\nname = 'Quốc khánh'\n\
             [[holiday]]\ndate = 2026-09-02\nname = 'Quốc khánh'\n\
             [[holiday]]\ndate = 2026-08-31\nname = 'Nghỉ hoán đổi'\n\
             [[workday]]\ndate = 2026-08-22\nname = 'Làm bù'\n"])
        .unwrap()
    }

    #[test]
    fn fifteen_working_days_skip_weekends_and_holidays() {
        let check = |from: &str, count: u32, due: &str| {
            assert_eq!(calendar().after_working_days(day(from), count), day(due), "{from} + {count}");
        };
        check("2026-11-02", 15, "2026-11-23");
        check("2026-11-06", 1, "2026-11-09");
        check("2026-08-28", 1, "2026-09-03");
        check("2026-08-21", 1, "2026-08-22");
        check("2026-11-02", 0, "2026-11-02");
    }

    #[test]
    fn what_is_left_counts_back_too() {
        let left = |today: &str, due: &str| calendar().left_in_words(day(today), day(due));
        assert_eq!(left("2026-11-02", "2026-11-10"), "còn 6 ngày làm việc");
        assert_eq!(left("2026-11-10", "2026-11-10"), "hạn hôm nay");
        assert_eq!(left("2026-11-12", "2026-11-10"), "quá 2 ngày làm việc");
        assert_eq!(left("2026-11-07", "2026-11-08"), "không còn ngày làm việc nào trước hạn");
    }

    #[test]
    fn an_instant_keeps_microseconds_and_knows_its_vietnamese_day() {
        let at: Instant = "2026-11-23T17:30:00.123456789Z".parse().unwrap();
        assert_eq!(at.to_string(), "2026-11-23T17:30:00.123456Z");
        assert_eq!(at.written(), "24/11/2026 00:30");
        assert_eq!(Instant::morning(at.day()).written(), "24/11/2026 08:00");
        assert_eq!(date_in_words(day("2026-02-05")), "ngày 05 tháng 02 năm 2026");
    }
}
