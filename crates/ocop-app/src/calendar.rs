//! A person's calendar: what is to be done, the rounds of the year, the last days of certificates; as a page and as a
//! feed (RFC 5545) for the calendar of a phone.

use chrono::{Datelike, Days, Months, NaiveDate};
use ocop_core::id::ProducerId;
use ocop_core::journal::hex;
use ocop_core::people::Actor;
use ocop_core::policy::{self, Action, Subject};
use ocop_core::time::date;
use ocop_documents::calendar::{Event, render};
use ocop_store::db::Chain;
use ocop_store::{Tx, notifications, people};
use serde_json::json;

use crate::accounts::{office_of, offices_of};
use crate::home::todos;
use crate::{App, AppError, rounds};

/// How far ahead certificates stand in the calendar, in months.
const AHEAD: u32 = 36;

/// A round whose results are due so many days from the law's day is that round of the law.
const SAME_ROUND: i64 = 45;

/// What an entry is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EntryKind {
    /// Something that the person has to do by that day.
    Todo,
    /// A day of a round.
    Round,
    /// A day of a certificate.
    Certificate,
}

/// A day of the calendar with what is on it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// The day.
    pub day: NaiveDate,
    /// What it is about.
    pub kind: EntryKind,
    /// What.
    pub what: String,
    /// About whom or what; may be empty.
    pub about: String,
    /// The page about it.
    pub href: String,
}

/// A person's calendar from today on, and what is overdue: the earliest day first.
pub async fn entries(app: &App, actor: &Actor) -> Result<Vec<Entry>, AppError> {
    let mut list: Vec<Entry> = todos(app, actor)
        .await?
        .into_iter()
        .filter_map(|todo| {
            todo.day.map(|day| Entry {
                day,
                kind: EntryKind::Todo,
                what: todo.what,
                about: todo.about,
                href: todo.href,
            })
        })
        .collect();
    let mut tx = app.db.read().await?;
    for office in offices_of(&mut tx, actor).await? {
        list.extend(of_rounds(app, &mut tx, actor, &office).await?);
    }
    for producer in &actor.producers {
        list.extend(of_certificates(app, &mut tx, producer).await?);
    }
    list.sort();
    list.dedup();
    Ok(list)
}

/// Days of the rounds that an office has open, and of the law's for this year and the next where it has opened none.
/// Whoever runs the office is led to the round, others to where their own work begins.
async fn of_rounds(app: &App, tx: &mut Tx, actor: &Actor, office: &str) -> Result<Vec<Entry>, AppError> {
    let today = app.today();
    let runs = office_of(actor) == Some(office);
    let own = if actor.producers.is_empty() { "/home" } else { "/producers" };
    let mut list = Vec::new();
    let mut add = |day: NaiveDate, what: &str, about: &str, href: String| {
        if day >= today {
            let (what, about) = (what.to_owned(), about.to_owned());
            list.push(Entry { day, kind: EntryKind::Round, what, about, href });
        }
    };
    let opened = ocop_store::rounds::of_province(tx, office).await?;
    for round in opened.iter().filter(|round| round.closed_on.is_none()) {
        let page = if runs { format!("/rounds/{}", round.id) } else { own.to_owned() };
        add(round.opens_on, "Bắt đầu nhận hồ sơ", &round.name, page.clone());
        add(round.propose_by, "Hạn cấp xã gửi đề nghị", &round.name, page.clone());
        add(round.result_by, "Hạn có kết quả", &round.name, page);
    }
    for year in [today.year(), today.year() + 1] {
        for (propose, result) in rounds::windows(app, office, year)? {
            let near = |day: NaiveDate| (day - result).num_days().abs() < SAME_ROUND;
            if opened.iter().any(|round| near(round.result_by)) {
                continue;
            }
            let about = format!("Đợt theo quy định năm {year}");
            let page = if runs { "/rounds/new" } else { own };
            add(propose, "Hạn gửi đề nghị theo quy định", &about, page.to_owned());
            add(result, "Hạn có kết quả theo quy định", &about, page.to_owned());
        }
    }
    Ok(list)
}

/// Last days of a producer's certificates, and of the time to file their re-evaluation (Article 7.6a).
async fn of_certificates(app: &App, tx: &mut Tx, producer: &ProducerId) -> Result<Vec<Entry>, AppError> {
    let today = app.today();
    let until = today.checked_add_months(Months::new(AHEAD)).unwrap_or(today);
    let renewal = &app.process(&app.regime_today()?.id)?.renewal;
    let before = |last: NaiveDate, days: Option<u32>| {
        days.and_then(|days| last.checked_sub_days(Days::new(days.into()))).filter(|day| *day >= today)
    };
    let mut list = Vec::new();
    for held in notifications::ending(tx, today, until, Some(producer)).await? {
        let mut add = |day: NaiveDate, what: String| {
            let (about, href) = (held.product.clone(), format!("/products/{}", held.product_id));
            list.push(Entry { day, kind: EntryKind::Certificate, what, about, href });
        };
        if let Some(day) = before(held.valid_until, renewal.opens_days_before) {
            add(day, "Bắt đầu nộp được hồ sơ đánh giá lại".to_owned());
        }
        if let Some(day) = before(held.valid_until, renewal.closes_days_before) {
            add(day, "Ngày cuối nộp hồ sơ đánh giá lại".to_owned());
        }
        add(held.valid_until, format!("Giấy chứng nhận {} sao hết hạn", held.stars));
    }
    Ok(list)
}

/// The secret part of the address of a person's feed, once they have asked for one. Whoever has it reads the feed
/// without a password, so it stands nowhere but on the person's own page.
pub async fn address(app: &App, actor: &Actor) -> Result<Option<String>, AppError> {
    Ok(crate::accounts::own(app, actor).await?.calendar)
}

/// Gives a person's feed an address; the one before leads nowhere from now on.
pub async fn renew_address(app: &App, actor: &Actor) -> Result<(), AppError> {
    let mut tx = app.db.write(Chain::of("person", &actor.person)).await?;
    let permit = policy::may(actor, Action::ManageOwnAccount, &Subject::default())?;
    people::set_calendar(&mut tx, &actor.person, &hex(&app.ids.chance())).await?;
    tx.commit(permit, app.now(), &json!({ "calendar": "new address" })).await?;
    Ok(())
}

/// The feed under a secret address, as text/calendar.
///
/// # Errors
/// [`AppError::NotFound`] when nobody's feed has this address.
pub async fn feed(app: &App, secret: &str) -> Result<String, AppError> {
    let mut tx = app.db.read().await?;
    let person = people::by_calendar(&mut tx, secret).await?.ok_or(AppError::NotFound)?;
    let actor = people::actor_of(&mut tx, &person.id).await?;
    drop(tx);
    let events = entries(app, &actor).await?.into_iter().map(|entry| event(app, entry)).collect::<Vec<_>>();
    Ok(render("OCOP", &events, app.now()))
}

fn event(app: &App, entry: Entry) -> Event {
    let url = format!("{}{}", app.base_url, entry.href);
    let title = if entry.about.is_empty() { entry.what } else { format!("{}: {}", entry.what, entry.about) };
    let note = format!("Hạn ngày {}. {url}", date(entry.day));
    Event { day: entry.day, title, note, url }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::councils::testing::Sitting;
    use crate::recognition::testing::certified;

    fn whats(entries: &[Entry], kind: EntryKind) -> Vec<&str> {
        entries.iter().filter(|entry| entry.kind == kind).map(|entry| entry.what.as_str()).collect()
    }

    #[tokio::test]
    async fn everybody_sees_their_own_days() {
        let (sitting, certificate) = certified().await;
        let app = sitting.app();
        let own = entries(app, &sitting.honey.actor).await.unwrap();
        assert_eq!(
            whats(&own, EntryKind::Certificate),
            [
                "Bắt đầu nộp được hồ sơ đánh giá lại",
                "Ngày cuối nộp hồ sơ đánh giá lại",
                "Giấy chứng nhận 3 sao hết hạn"
            ]
        );
        let window: Vec<i64> = own
            .iter()
            .filter(|entry| entry.kind == EntryKind::Certificate)
            .map(|entry| (certificate.valid_until - entry.day).num_days())
            .collect();
        assert_eq!(window, [180, 120, 0], "Article 7.6a");
        assert!(whats(&own, EntryKind::Round).contains(&"Hạn có kết quả"));
        assert!(own.is_sorted());
        let member = entries(app, &sitting.members[0]).await.unwrap();
        assert_eq!(whats(&member, EntryKind::Certificate), [""; 0]);
    }

    #[tokio::test]
    async fn the_rounds_of_the_law_stand_where_the_office_has_opened_none() {
        let sitting = Sitting::accepted().await;
        let officer = entries(sitting.app(), &sitting.world.officer).await.unwrap();
        let days: Vec<String> = officer
            .iter()
            .filter(|entry| entry.what == "Hạn gửi đề nghị theo quy định")
            .map(|entry| date(entry.day))
            .collect();
        assert!(days.contains(&"29/04/2027".to_owned()), "before 30/4 (Article 5.2): {days:?}");
    }

    #[tokio::test]
    async fn the_feed_is_read_by_whoever_has_its_address() {
        let (sitting, _) = certified().await;
        let (app, actor) = (sitting.app(), &sitting.honey.actor);
        assert_eq!(address(app, actor).await.unwrap(), None);
        renew_address(app, actor).await.unwrap();
        let first = address(app, actor).await.unwrap().unwrap();
        let text = feed(app, &first).await.unwrap();
        assert!(text.contains("BEGIN:VEVENT") && text.contains("https://ocop.example/products/"));
        renew_address(app, actor).await.unwrap();
        assert!(matches!(feed(app, &first).await, Err(AppError::NotFound)), "the old one is gone");
        assert!(matches!(feed(app, "").await, Err(AppError::NotFound)));
    }
}
