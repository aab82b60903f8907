//! Letters through an SMTP server.

#[cfg(test)]
mod tests;

use anyhow::Context;
use clap::Args;
use lettre::message::header::ContentType;
use lettre::message::{Mailbox, Message, SinglePart};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};
use ocop_app::mail::{Letter, Post, PostFault, Posted};

/// Which mail server takes the letters. Without it, notifications stay in the program.
#[derive(Debug, Clone, Default, Args)]
pub struct MailArgs {
    /// Mail server: smtps://user:password@host, smtp://user:password@host:587?tls=required, or smtp://host:25
    /// for one in the same house. The password belongs into the environment, not on the command line.
    #[arg(long, env = "OCOP_SMTP_URL", hide_env_values = true)]
    smtp_url: Option<String>,
    /// The address that letters come from; reports of letters that did not arrive go there.
    #[arg(long, env = "OCOP_MAIL_FROM")]
    mail_from: Option<String>,
}

impl MailArgs {
    /// The mail server, when one is named.
    ///
    /// # Errors
    /// When the address of the server or of the sender is not one.
    pub fn mailer(&self) -> anyhow::Result<Option<Mailer>> {
        let Some(url) = &self.smtp_url else { return Ok(None) };
        let from =
            self.mail_from.as_deref().context("OCOP_SMTP_URL needs OCOP_MAIL_FROM, the sender's address")?;
        Ok(Some(Mailer::new(url, from)?))
    }
}

/// An SMTP server.
pub struct Mailer {
    server: AsyncSmtpTransport<Tokio1Executor>,
    from: Address,
}

impl Mailer {
    fn new(url: &str, from: &str) -> anyhow::Result<Self> {
        // The address of the server may hold its password: it stands in no message.
        let server = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            .context("OCOP_SMTP_URL is not an address such as smtps://user:password@host")?
            .build();
        let from =
            from.parse().with_context(|| format!("OCOP_MAIL_FROM «{from}» is not an e-mail address"))?;
        Ok(Self { server, from })
    }

    fn message(&self, letter: &Letter) -> Result<Message, PostFault> {
        let bad = |fault: &dyn std::fmt::Display| PostFault::ForGood(fault.to_string());
        let to = letter.address.parse().map_err(|fault| bad(&fault))?;
        Message::builder()
            .from(Mailbox::new(Some(letter.from.clone()), self.from.clone()))
            .to(Mailbox::new(None, to))
            .subject(&letter.subject)
            // Reports name this id (RFC 3464), so that the letter is found again.
            .message_id(Some(format!("<{}@{}>", letter.id, self.from.domain())))
            .raw_header(automatic())
            .singlepart(SinglePart::builder().header(ContentType::TEXT_PLAIN).body(letter.body.clone()))
            .map_err(|fault| bad(&fault))
    }

    async fn hand_over(&self, letter: &Letter) -> Result<(), PostFault> {
        let message = self.message(letter)?;
        match self.server.send(message).await {
            Ok(_) => Ok(()),
            Err(fault) if fault.is_permanent() && !is_about_us(&fault) => {
                Err(PostFault::ForGood(in_full(&fault)))
            }
            Err(fault) => Err(PostFault::ForNow(in_full(&fault))),
        }
    }
}

impl Post for Mailer {
    fn send<'a>(&'a self, letter: &'a Letter) -> Posted<'a> {
        Box::pin(self.hand_over(letter))
    }
}

/// Nobody's holiday reply answers a letter that says it is automatic (RFC 3834).
fn automatic() -> lettre::message::header::HeaderValue {
    use lettre::message::header::{HeaderName, HeaderValue};
    HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned())
}

/// Whether a server refuses us rather than the letter: a wrong password (530 to 538, RFC 4954). Letters wait until the
/// administrator has mended that.
fn is_about_us(fault: &lettre::transport::smtp::Error) -> bool {
    fault.status().is_some_and(|code| (530..=538).contains(&u16::from(code)))
}

/// A fault with what caused it.
fn in_full(fault: &lettre::transport::smtp::Error) -> String {
    let mut text = fault.to_string();
    let mut cause = std::error::Error::source(fault);
    while let Some(one) = cause {
        let words = one.to_string();
        if !text.contains(&words) {
            text = format!("{text}: {words}");
        }
        cause = one.source();
    }
    text.chars().take(300).collect()
}
