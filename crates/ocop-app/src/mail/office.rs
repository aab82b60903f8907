//! An office's letters: what was sent, what came back, and the office's own words.

use chrono::Days;
use ocop_core::id::MailId;
use ocop_core::notifications::{LetterWording, MailState, fill};
use ocop_core::people::Actor;
use ocop_core::policy::{self, Action, Permit, Subject};
use ocop_store::Tx;
use ocop_store::db::Chain;
use ocop_store::mail::{Listed, Mail};
use ocop_store::notifications::Notification;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{letters, sender};
use crate::{App, AppError, Fields, Refusal};

/// Letters on a page.
const PAGE: usize = 50;

fn of_office(office: &str) -> Subject {
    Subject { province: Some(office.to_owned()), ..Subject::default() }
}

/// A page of an office's letters.
#[derive(Debug, Clone)]
pub struct MailList {
    /// The newest first.
    pub rows: Vec<Listed>,
    /// How many are in each state.
    pub counts: Vec<(MailState, i64)>,
    /// Where the next page begins.
    pub next: Option<String>,
    /// Whether a mail server is set up.
    pub connected: bool,
}

/// The letters of an office: those in one state, or all; those before an id.
pub async fn list(
    app: &App,
    actor: &Actor,
    office: &str,
    state: Option<MailState>,
    before: &str,
) -> Result<MailList, AppError> {
    let _ = policy::may(actor, Action::ManageMail, &of_office(office))?;
    let mut tx = app.db.read().await?;
    let limit = i64::try_from(PAGE).unwrap_or(50) + 1;
    let mut rows = ocop_store::mail::of_office(&mut tx, office, state, before, limit).await?;
    let next = (rows.len() > PAGE)
        .then(|| rows.truncate(PAGE))
        .and_then(|()| rows.last().map(|row| row.mail.id.to_string()));
    let counts = ocop_store::mail::counts(&mut tx, office).await?;
    Ok(MailList { rows, counts, next, connected: app.post.is_some() })
}

/// Has a letter that did not arrive sent once more, to the address that the person has now.
pub async fn resend(app: &App, actor: &Actor, id: &MailId) -> Result<(), AppError> {
    let mail = find(app, id).await?;
    let mut tx = app.db.write(Chain::of("province", &mail.office)).await?;
    let permit = policy::may(actor, Action::ManageMail, &of_office(&mail.office))?;
    again(app, &mut tx, id).await?;
    keep(app, tx, permit, id).await
}

/// The last letter to this person, when it did not arrive.
pub async fn own_fault(app: &App, actor: &Actor) -> Result<Option<Mail>, AppError> {
    let _ = policy::may(actor, Action::ManageOwnAccount, &Subject::default())?;
    let mut tx = app.db.read().await?;
    Ok(ocop_store::mail::last_fault(&mut tx, &actor.person).await?)
}

/// The same for one's own last letter, when it did not arrive.
pub async fn resend_own(app: &App, actor: &Actor) -> Result<(), AppError> {
    let mut tx = app.db.write(Chain::of("person", &actor.person)).await?;
    let permit = policy::may(actor, Action::ManageOwnAccount, &Subject::default())?;
    let Some(mail) = ocop_store::mail::last_fault(&mut tx, &actor.person).await? else {
        return Err(Refusal::because("Không có thư nào bị trả lại. Không cần gửi lại."));
    };
    again(app, &mut tx, &mail.id).await?;
    keep(app, tx, permit, &mail.id).await
}

async fn keep(app: &App, tx: Tx, permit: Permit, id: &MailId) -> Result<(), AppError> {
    Ok(tx.commit(permit, app.now(), &json!({ "letter": id, "sent_again": true })).await?)
}

async fn find(app: &App, id: &MailId) -> Result<Mail, AppError> {
    let mut tx = app.db.read().await?;
    ocop_store::mail::find(&mut tx, id).await?.ok_or(AppError::NotFound)
}

async fn again(app: &App, tx: &mut Tx, id: &MailId) -> Result<(), AppError> {
    let mail = ocop_store::mail::find(tx, id).await?.ok_or(AppError::NotFound)?;
    if !matches!(mail.state, MailState::Bounced | MailState::GivenUp) {
        return Err(Refusal::because("Thư này đã gửi hoặc đang chờ gửi. Không cần gửi lại."));
    }
    let person = ocop_store::people::find(tx, &mail.person_id).await?.ok_or(AppError::NotFound)?;
    let from = mail.state;
    let mail = Mail {
        state: MailState::Waiting,
        failures: 0,
        next_at: Some(app.now()),
        address: person.email,
        ..mail
    };
    ocop_store::mail::change(tx, &mail, from).await?;
    Ok(())
}

/// An office's words of letters, with their version; 0 while they are ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordingSheet {
    /// The words.
    pub words: LetterWording,
    /// Goes up with every change.
    pub version: i64,
}

/// An office's words of letters.
pub async fn wording(app: &App, actor: &Actor, office: &str) -> Result<WordingSheet, AppError> {
    let _ = policy::may(actor, Action::ManageMail, &of_office(office))?;
    let mut tx = app.db.read().await?;
    let (words, version) = ocop_store::mail::wording(&mut tx, office).await?.unwrap_or_default();
    Ok(WordingSheet { words, version })
}

/// What an officer types.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct WordingInput {
    /// The subject line.
    pub subject: String,
    /// Before the notifications.
    pub opening: String,
    /// After them.
    pub closing: String,
    /// The version that was shown.
    pub version: i64,
}

impl WordingInput {
    fn read(&self) -> Result<LetterWording, AppError> {
        let mut fields = Fields::new();
        let words = LetterWording {
            subject: fields.required("subject", &self.subject, 150, "Ghi tiêu đề thư."),
            opening: fields.required("opening", &self.opening, 2_000, "Ghi lời mở đầu."),
            closing: fields.required("closing", &self.closing, 2_000, "Ghi lời kết, có địa chỉ phần mềm."),
        };
        for (field, text) in
            [("subject", &words.subject), ("opening", &words.opening), ("closing", &words.closing)]
        {
            if let Err(fault) = fill(text, |_| String::new()) {
                fields.fault(field, fault.to_string());
            }
        }
        if words.subject.chars().any(char::is_control) {
            fields.fault("subject", "Tiêu đề thư chỉ có một dòng.");
        }
        fields.done()?;
        Ok(words)
    }
}

/// Keeps an office's words; letters written from now on have them.
pub async fn set_wording(
    app: &App,
    actor: &Actor,
    office: &str,
    input: &WordingInput,
) -> Result<(), AppError> {
    let mut tx = app.db.write(Chain::of("province", office)).await?;
    let permit = policy::may(actor, Action::ManageMail, &of_office(office))?;
    let words = input.read()?;
    if !ocop_store::mail::set_wording(&mut tx, office, &words, input.version).await? {
        return Err(AppError::Stale("Lời thư vừa được người khác sửa.".to_owned()));
    }
    tx.commit(permit, app.now(), &json!({ "letter_wording": input })).await?;
    Ok(())
}

/// A letter in an office's words with two notifications, for the officer to look at: subject and text.
pub async fn specimen(
    app: &App,
    actor: &Actor,
    office: &str,
    words: &LetterWording,
) -> Result<(String, String), AppError> {
    let _ = policy::may(actor, Action::ManageMail, &of_office(office))?;
    let mut tx = app.db.read().await?;
    let due = app.today().checked_add_days(Days::new(7));
    let notifications = [
        Notification {
            due_on: due,
            ..app.news(String::new(), "Hoàn thiện và nộp hồ sơ Mật ong", "Đợt 1", "/home".to_owned())
        },
        app.news(String::new(), "Hồ sơ đã được tiếp nhận vào đợt đánh giá", "Chè xanh", "/home".to_owned()),
    ];
    Ok(letters::written(words, &actor.name, &sender(&mut tx, office).await?, &app.base_url, &notifications))
}
