//! A person's new notifications as one letter.

use ocop_core::id::PersonId;
use ocop_core::notifications::{LetterWording, MailState, fill, letter_goes};
use ocop_core::time::{Instant, date};
use ocop_store::Tx;
use ocop_store::db::Chain;
use ocop_store::mail::Mail;
use ocop_store::notifications::Notification;
use ocop_store::people::Person;

use super::sender;
use crate::accounts::offices_of;
use crate::runtime::fresh;
use crate::{App, AppError};

/// Notifications written out in a letter; the rest is counted.
const LINES: usize = 20;

/// Notifications older than this, in minutes, go into no letter any more: they stand in the program.
const OLDEST: i64 = 3 * 24 * 60;

/// Writes the letters that are due; how many.
pub async fn compose(app: &App) -> Result<usize, AppError> {
    if app.post.is_none() {
        return Ok(0);
    }
    let now = app.now();
    let mut tx = app.db.read().await?;
    let waiting = ocop_store::notifications::with_unmailed(&mut tx).await?;
    drop(tx);
    let mut written = 0;
    for one in waiting.into_iter().filter(|one| letter_goes(now, one.last, one.urgent)) {
        written += usize::from(compose_one(app, &one.person_id).await?);
    }
    Ok(written)
}

/// Takes up what a person has not been written about; whether there is a letter.
///
/// No letter goes to somebody who wants none, whose account is closed, or whose last letter came back: the office or
/// the person has it sent again when the address is right. One that was given up says nothing about the address: the
/// mail server was away.
async fn compose_one(app: &App, id: &PersonId) -> Result<bool, AppError> {
    let now = app.now();
    let mut tx = app.db.write(Chain::of("person", id)).await?;
    let person = ocop_store::people::find(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    let notifications = ocop_store::notifications::unmailed(&mut tx, id).await?;
    ocop_store::notifications::note_mailed(&mut tx, id, now).await?;
    let fresh_ones: Vec<Notification> = notifications
        .into_iter()
        .filter(|notification| notification.read_at.is_none() && notification.at.plus_minutes(OLDEST) > now)
        .collect();
    let last = ocop_store::mail::last_fault(&mut tx, id).await?;
    let came_back = last.is_some_and(|last| last.state == MailState::Bounced);
    let wanted = person.mails && person.disabled_at.is_none() && !came_back;
    let goes = wanted && !fresh_ones.is_empty();
    if goes {
        let mail = letter(app, &mut tx, &person, &fresh_ones, now).await?;
        ocop_store::mail::insert(&mut tx, &mail).await?;
    }
    tx.commit_upkeep().await?;
    Ok(goes)
}

async fn letter(
    app: &App,
    tx: &mut Tx,
    person: &Person,
    notifications: &[Notification],
    now: Instant,
) -> Result<Mail, AppError> {
    let actor = ocop_store::people::actor_of(tx, &person.id).await?;
    let office = offices_of(tx, &actor).await?.into_iter().next().unwrap_or_default();
    let words = ocop_store::mail::wording(tx, &office).await?.map(|(words, _)| words).unwrap_or_default();
    let (subject, body) =
        written(&words, &person.name, &sender(tx, &office).await?, &app.base_url, notifications);
    Ok(Mail {
        id: fresh(&*app.ids),
        person_id: person.id.clone(),
        office,
        address: person.email.clone(),
        subject,
        body,
        created_at: now,
        state: MailState::Waiting,
        failures: 0,
        next_at: Some(now),
        sent_at: None,
        fault: String::new(),
    })
}

/// Subject and text of a letter with these notifications in an office's words.
pub(super) fn written(
    words: &LetterWording,
    reader: &str,
    sender: &str,
    base_url: &str,
    notifications: &[Notification],
) -> (String, String) {
    let value = |place: &str| match place {
        "tên" => reader.to_owned(),
        "số việc" => notifications.len().to_string(),
        "cơ quan" => sender.to_owned(),
        _ => base_url.to_owned(),
    };
    // Words with unknown places are refused when they are saved.
    let filled = |text: &str| fill(text, value).unwrap_or_else(|_| text.to_owned());
    let mut lines: Vec<String> =
        notifications.iter().take(LINES).map(|notification| line(notification, base_url)).collect();
    if notifications.len() > LINES {
        lines.push(format!("… và {} thông báo khác: {base_url}/notifications", notifications.len() - LINES));
    }
    let body = [filled(&words.opening), lines.join("\n\n"), filled(&words.closing)].join("\n\n");
    (filled(&words.subject), body)
}

fn line(notification: &Notification, base_url: &str) -> String {
    let about =
        if notification.about.is_empty() { String::new() } else { format!(": {}", notification.about) };
    let due = notification.due_on.map(|day| format!(" (hạn {})", date(day))).unwrap_or_default();
    format!("- {}{about}{due}\n  {base_url}{}", notification.what, notification.href)
}
