//! Reports of the mail system that a letter did not arrive (RFC 3464), read from the mailbox of the sender's address.

use ocop_core::id::MailId;
use ocop_core::notifications::MailState;
use ocop_store::db::Chain;
use ocop_store::mail::Mail;

use crate::{App, AppError, Refusal};

/// Most letters of a fault that are kept.
const FAULT: usize = 300;

/// Notes on the letter that a report names that it came back; the address that it went to.
///
/// # Errors
/// A refusal when the report is about none of our letters, or only about a delay.
pub async fn bounced(app: &App, report: &str) -> Result<String, AppError> {
    let Some(id) = letter_of(report) else {
        return Err(Refusal::because("Thư báo này không nói về thư nào của phần mềm. Không có gì thay đổi."));
    };
    if field(report, "Action").is_some_and(|action| !action.eq_ignore_ascii_case("failed")) {
        return Err(Refusal::because("Thư báo này chỉ báo chậm hoặc đã nhận. Không có gì thay đổi."));
    }
    let mut tx = app.db.write(Chain::of("job", "mail")).await?;
    let mail = ocop_store::mail::find(&mut tx, &id).await?.ok_or(AppError::NotFound)?;
    let fault: String = field(report, "Diagnostic-Code")
        .or_else(|| field(report, "Status"))
        .unwrap_or_default()
        .chars()
        .take(FAULT)
        .collect();
    let from = mail.state;
    let mail = Mail { state: MailState::Bounced, next_at: None, fault, ..mail };
    ocop_store::mail::change(&mut tx, &mail, from).await?;
    tx.commit_upkeep().await?;
    Ok(mail.address)
}

/// The letter whose message id stands in the report: `Message-ID: <UUID@…>`.
fn letter_of(report: &str) -> Option<MailId> {
    report.lines().filter_map(|line| value(line, "Message-ID")).find_map(|id| {
        let inner = id.strip_prefix('<')?;
        inner.split_once('@').and_then(|(id, _)| id.parse().ok())
    })
}

fn field<'a>(report: &'a str, name: &str) -> Option<&'a str> {
    report.lines().find_map(|line| value(line, name))
}

fn value<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let (head, value) = line.split_once(':')?;
    head.eq_ignore_ascii_case(name).then(|| value.trim())
}
