//! `ocop mail`: letters from the machine that runs the program.

use std::io::Read as _;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use ocop_app::mail::{Letter, Post as _, PostFault, bounced};
use ocop_app::{App, Ids as _, jobs};

use crate::mailer::MailArgs;
use crate::runtime::SystemIds;
use crate::start::{self, DataArgs};

/// Letters by e-mail.
#[derive(Debug, Args)]
pub struct MailCommand {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Send a letter to an address, to try the mail server.
    Test {
        /// Where to.
        address: String,
        #[command(flatten)]
        mail: MailArgs,
    },
    /// Write the letters that are due and send those that wait; `serve` does this each minute.
    Send {
        #[command(flatten)]
        data: DataArgs,
        #[command(flatten)]
        mail: MailArgs,
        /// Where people reach the program.
        #[arg(long, env = "OCOP_BASE_URL")]
        base_url: String,
    },
    /// Read a report of the mail system from the standard input and note which letter did not arrive.
    Bounced {
        #[command(flatten)]
        data: DataArgs,
    },
}

impl MailCommand {
    /// Does it.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        match self.command {
            Command::Test { address, mail } => try_out(address, &mail).await,
            Command::Send { data, mail, base_url } => {
                let app = start::app(&data, &base_url).await?;
                let mailer = mail.mailer()?.context("no mail server is named: set OCOP_SMTP_URL")?;
                let app = App { post: Some(Arc::new(mailer)), ..app };
                let posted = jobs::post(&app).await?;
                println!("Đã soạn {} thư, máy chủ thư đã nhận {} thư.", posted.written, posted.sent);
                Ok(ExitCode::SUCCESS)
            }
            Command::Bounced { data } => {
                let mut report = Vec::new();
                std::io::stdin().read_to_end(&mut report).context("cannot read the report")?;
                let app = start::unserved(&data).await?;
                let address = bounced(&app, &String::from_utf8_lossy(&report)).await?;
                println!("Đã ghi: thư gửi {address} bị trả lại.");
                Ok(ExitCode::SUCCESS)
            }
        }
    }
}

async fn try_out(address: String, mail: &MailArgs) -> anyhow::Result<ExitCode> {
    let mailer = mail.mailer()?.context("no mail server is named: set OCOP_SMTP_URL")?;
    let letter = Letter {
        id: SystemIds.uuid(),
        address,
        from: "Chương trình OCOP".to_owned(),
        subject: "OCOP: thư thử".to_owned(),
        body: "Máy chủ thư đã nhận thư này từ phần mềm OCOP. Không cần trả lời.".to_owned(),
    };
    match mailer.send(&letter).await {
        Ok(()) => {
            println!("Máy chủ thư đã nhận thư thử gửi {}.", letter.address);
            Ok(ExitCode::SUCCESS)
        }
        Err(PostFault::ForGood(fault) | PostFault::ForNow(fault)) => bail!("{fault}"),
    }
}
