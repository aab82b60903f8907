//! Once a day, deadlines and the last months of certificates are called to mind.

use std::collections::BTreeMap;

use chrono::{Datelike, Months, NaiveDate};
use ocop_core::id::PersonId;
use ocop_core::notifications::{EXPIRY_MONTHS, deadline_reminder, expiry_reminder, expiry_words};
use ocop_core::time::date;
use ocop_store::db::Chain;
use ocop_store::notifications::{Ending, Notification};

use crate::home::{Todo, todos};
use crate::{App, AppError};

/// People looked at in one query.
const PEOPLE: i64 = 500;

/// More to-dos of one person with the same day than this are one notification.
const SINGLY: usize = 3;

/// Tells everybody of their deadlines for which a day of reminding has come since the last time; `false` when that was
/// done today. A day on which the program stood still is made up for.
pub async fn remind(app: &App) -> Result<bool, AppError> {
    let today = app.today();
    let mut tx = app.db.read().await?;
    let last = ocop_store::notifications::last_reminding(&mut tx).await?;
    drop(tx);
    if last.is_some_and(|last| last >= today) {
        return Ok(false);
    }
    let since = last.or_else(|| today.pred_opt()).unwrap_or(today);
    deadlines(app, since, today).await?;
    certificates(app, since, today).await?;
    let mut tx = app.db.write(Chain::of("job", "reminding")).await?;
    ocop_store::notifications::note_reminding(&mut tx, today, app.now()).await?;
    tx.commit_upkeep().await?;
    Ok(true)
}

async fn deadlines(app: &App, since: NaiveDate, today: NaiveDate) -> Result<(), AppError> {
    let mut after = String::new();
    loop {
        let mut tx = app.db.read().await?;
        let people = ocop_store::people::in_use(&mut tx, &after, PEOPLE).await?;
        drop(tx);
        let Some(last) = people.last() else { return Ok(()) };
        after = last.to_string();
        for person in people {
            deadlines_of(app, &person, since, today).await?;
        }
    }
}

async fn deadlines_of(
    app: &App,
    person: &PersonId,
    since: NaiveDate,
    today: NaiveDate,
) -> Result<(), AppError> {
    let mut tx = app.db.read().await?;
    let actor = ocop_store::people::actor_of(&mut tx, person).await?;
    drop(tx);
    let mut due: BTreeMap<NaiveDate, (i64, Vec<Todo>)> = BTreeMap::new();
    for todo in todos(app, &actor).await? {
        let Some(day) = todo.day else { continue };
        if let Some(left) = deadline_reminder(day, since, today) {
            due.entry(day).or_insert((left, Vec::new())).1.push(todo);
        }
    }
    if due.is_empty() {
        return Ok(());
    }
    let mut tx = app.db.write(Chain::of("job", "reminding")).await?;
    for (day, (left, todos)) in due {
        for notification in of_day(app, day, left, &todos) {
            ocop_store::notifications::tell(&mut tx, person, &notification).await?;
        }
    }
    tx.commit_upkeep().await?;
    Ok(())
}

/// The notifications of to-dos with one deadline: each its own while they are few.
pub(super) fn of_day(app: &App, day: NaiveDate, left: i64, todos: &[Todo]) -> Vec<Notification> {
    let due = |key: String, what: &str, about: &str, href: String| Notification {
        due_on: Some(day),
        ..app.news(key, what, about, href)
    };
    if todos.len() > SINGLY {
        let what = format!("{} việc có hạn ngày {}", todos.len(), date(day));
        let first: Vec<&str> = todos.iter().take(SINGLY).map(|todo| todo.what.as_str()).collect();
        let about = format!("{}; …", first.join("; "));
        return vec![due(format!("due/{day}/{left}"), &what, &about, "/home".to_owned())];
    }
    let single = |todo: &Todo| {
        due(
            format!("due/{day}/{left}/{}/{}", todo.href, todo.what),
            &todo.what,
            &todo.about,
            todo.href.clone(),
        )
    };
    todos.iter().map(single).collect()
}

/// Producers are told of each of their certificates; offices of all that end in one month together.
async fn certificates(app: &App, since: NaiveDate, today: NaiveDate) -> Result<(), AppError> {
    let furthest = EXPIRY_MONTHS.iter().max().copied().unwrap_or_default();
    let until = today.checked_add_months(Months::new(furthest)).unwrap_or(today);
    let mut tx = app.db.write(Chain::of("job", "reminding")).await?;
    let mut offices: BTreeMap<(String, String, String), (u32, usize)> = BTreeMap::new();
    for one in ocop_store::notifications::ending(&mut tx, today, until, None).await? {
        let Some(months) = expiry_reminder(one.valid_until, since, today) else { continue };
        super::tell_producer(&mut tx, &one.producer_id, &ends(app, &one, months)).await?;
        let month = format!("{}-{:02}", one.valid_until.year(), one.valid_until.month());
        offices.entry((one.province, one.commune, month)).or_insert((months, 0)).1 += 1;
    }
    let mut provinces: BTreeMap<(String, String), (u32, usize)> = BTreeMap::new();
    for ((province, commune, month), (months, count)) in offices {
        super::tell_commune(&mut tx, &commune, &end(app, &month, months, count)).await?;
        provinces.entry((province, month)).or_insert((months, 0)).1 += count;
    }
    for ((province, month), (months, count)) in provinces {
        super::tell_office(&mut tx, &province, &end(app, &month, months, count)).await?;
    }
    tx.commit_upkeep().await?;
    Ok(())
}

fn ends(app: &App, one: &Ending, months: u32) -> Notification {
    let what = format!("Giấy chứng nhận {} sao còn {months} tháng: {}", one.stars, expiry_words(months));
    let key = format!("ends/{}/{}/{months}", one.product_id, one.valid_until);
    let href = format!("/products/{}", one.product_id);
    Notification { due_on: Some(one.valid_until), ..app.news(key, &what, &one.product, href) }
}

/// What an office reads of the certificates that end in a month. Told anew on each day on which some of them come to
/// their number of months, so that none is left out.
fn end(app: &App, month: &str, months: u32, count: usize) -> Notification {
    let what = format!("{count} giấy chứng nhận còn {months} tháng: {}", expiry_words(months));
    let (year, of_year) = month.split_once('-').unwrap_or((month, ""));
    let about = format!("Hết hạn trong tháng {of_year}/{year}");
    let key = format!("end/{month}/{months}/{}", app.today());
    app.news(key, &what, &about, format!("/registry/products?until={month}"))
}
