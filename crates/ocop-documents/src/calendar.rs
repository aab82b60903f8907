//! Days as a calendar that other programs subscribe to (iCalendar, RFC 5545).

use chrono::NaiveDate;
use icalendar::{Calendar, Component as _, Event as Day, EventLike as _};
use ocop_core::journal::sha256_hex;
use ocop_core::time::Instant;

/// A whole day with what is on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The day.
    pub day: NaiveDate,
    /// The line in the calendar.
    pub title: String,
    /// More, when it is opened.
    pub note: String,
    /// The page about it.
    pub url: String,
}

/// The calendar as text/calendar. The same event has the same id each time, so a program that asks again does not
/// show it twice.
pub fn render(name: &str, events: &[Event], now: Instant) -> String {
    let mut calendar = Calendar::new();
    calendar.name(name).timezone("Asia/Ho_Chi_Minh").ttl(&chrono::Duration::hours(6));
    for event in events {
        let id = sha256_hex(format!("{}\n{}\n{}", event.day, event.title, event.url).as_bytes());
        calendar.push(
            Day::new()
                .uid(&format!("{id}@ocop"))
                .timestamp(now.utc())
                .all_day(event.day)
                .summary(&event.title)
                .description(&event.note)
                .url(&event.url)
                .done(),
        );
    }
    calendar.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_written_as_programs_read_it() {
        let event = Event {
            day: "2026-12-20".parse().unwrap(),
            title: "Hạn có kết quả: Đợt 2; năm 2026, Quảng Ninh".to_owned(),
            note: "Hạn ngày 20/12/2026.".to_owned(),
            url: "https://ocop.example/rounds/1".to_owned(),
        };
        let now = "2026-11-27T01:00:00Z".parse().unwrap();
        let text = render("OCOP", std::slice::from_ref(&event), now);
        assert_eq!(text, render("OCOP", &[event], now), "nothing is left to chance");
        let unfolded = text.replace("\r\n ", "");
        for line in [
            "BEGIN:VCALENDAR",
            "DTSTART;VALUE=DATE:20261220",
            "DTSTAMP:20261127T010000Z",
            r"SUMMARY:Hạn có kết quả: Đợt 2\; năm 2026\, Quảng Ninh",
            "URL:https://ocop.example/rounds/1",
            "END:VCALENDAR",
        ] {
            assert!(unfolded.contains(&format!("{line}\r\n")), "{line} in {unfolded}");
        }
        assert!(text.lines().all(|line| line.len() <= 75), "lines are folded");
    }
}
