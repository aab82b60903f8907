//! Letters by e-mail: a person's new notifications in one letter, kept until the mail server takes it or refuses it.
//!
//! The letter and what became of it are kept in the database, so that a crash loses none and an office sees what did
//! not arrive. Two programs on one database do not send a letter twice: whoever claims it first sends it.

mod bounce;
mod letters;
mod office;
#[cfg(test)]
mod tests;

use std::future::Future;
use std::pin::Pin;

use ocop_core::notifications::{MailState, try_again_in};
use ocop_store::db::Chain;
pub use ocop_store::mail::{Listed, Mail};
use ocop_store::{Tx, units};

pub use bounce::bounced;
pub use letters::compose;
pub use office::{
    MailList, WordingInput, WordingSheet, list, own_fault, resend, resend_own, set_wording, specimen, wording,
};

use crate::{App, AppError};

/// Letters sent in one go.
const AT_ONCE: i64 = 50;

/// For how long a letter belongs to the program that sends it, in minutes: longer than a mail server takes to answer.
const CLAIM_MINUTES: i64 = 15;

/// A letter as the mail server gets it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Id, part of its message id: a report of the mail system names it.
    pub id: String,
    /// The reader's address.
    pub address: String,
    /// The sender's name; the address is the program's.
    pub from: String,
    /// The subject line.
    pub subject: String,
    /// The text, lines ending in `\n`.
    pub body: String,
}

/// Why a letter was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PostFault {
    /// It never will be: the address is wrong, the server refuses it.
    ForGood(String),
    /// It may be later: no connection, a full mailbox.
    ForNow(String),
}

/// What becomes of a letter handed over.
pub type Posted<'a> = Pin<Box<dyn Future<Output = Result<(), PostFault>> + Send + 'a>>;

/// A mail server.
pub trait Post: Send + Sync {
    /// Hands a letter over.
    fn send<'a>(&'a self, letter: &'a Letter) -> Posted<'a>;
}

/// Sends the letters whose time has come; how many the mail server took.
pub async fn send(app: &App) -> Result<usize, AppError> {
    let Some(post) = &app.post else { return Ok(0) };
    let mut tx = app.db.read().await?;
    let waiting = ocop_store::mail::waiting(&mut tx, app.now(), AT_ONCE).await?;
    drop(tx);
    let mut taken = 0;
    for mail in waiting {
        let mut tx = app.db.write(Chain::of("job", "mail")).await?;
        if !ocop_store::mail::claim(&mut tx, &mail, app.now().plus_minutes(CLAIM_MINUTES)).await? {
            continue;
        }
        let from = sender(&mut tx, &mail.office).await?;
        tx.commit_upkeep().await?;
        let letter = Letter {
            id: mail.id.to_string(),
            address: mail.address.clone(),
            from,
            subject: mail.subject.clone(),
            body: mail.body.clone(),
        };
        let posted = post.send(&letter).await;
        taken += usize::from(posted.is_ok());
        settle(app, mail, posted).await?;
    }
    Ok(taken)
}

/// Keeps what became of a letter that was handed over.
async fn settle(app: &App, mail: Mail, posted: Result<(), PostFault>) -> Result<(), AppError> {
    let now = app.now();
    let settled = match posted {
        Ok(()) => {
            Mail { state: MailState::Sent, next_at: None, sent_at: Some(now), fault: String::new(), ..mail }
        }
        Err(PostFault::ForGood(fault)) => {
            Mail { state: MailState::Bounced, next_at: None, fault, failures: mail.failures + 1, ..mail }
        }
        Err(PostFault::ForNow(fault)) => {
            let failures = mail.failures + 1;
            let next_at = try_again_in(failures).map(|minutes| now.plus_minutes(minutes));
            let state = if next_at.is_some() { MailState::Waiting } else { MailState::GivenUp };
            Mail { state, next_at, fault, failures, ..mail }
        }
    };
    let mut tx = app.db.write(Chain::of("job", "mail")).await?;
    ocop_store::mail::change(&mut tx, &settled, MailState::Waiting).await?;
    tx.commit_upkeep().await?;
    Ok(())
}

/// The sender's name: the office, or the programme for people of no office.
async fn sender(tx: &mut Tx, office: &str) -> Result<String, AppError> {
    let unit = units::find(tx, office).await?;
    Ok(unit.map_or_else(
        || "Chương trình OCOP".to_owned(),
        |unit| format!("OCOP {}", crate::papers::names::area(&unit)),
    ))
}
