//! `ocop account add`: the first officer of a province, given by whoever holds the machine.

use std::process::ExitCode;

use anyhow::bail;
use clap::{Args, Subcommand};
use ocop_app::AppError;
use ocop_app::accounts::{GrantInput, grant_by_system};
use ocop_core::journal::hex;

use crate::start::{self, DataArgs};

/// Give accounts.
#[derive(Debug, Args)]
pub struct Account {
    #[command(subcommand)]
    command: AccountCommand,
}

#[derive(Debug, Subcommand)]
enum AccountCommand {
    /// Give a person a role; prints the first password when the account is new.
    Add(Add),
}

#[derive(Debug, Args)]
struct Add {
    #[command(flatten)]
    data: DataArgs,
    /// E-mail, the name to sign in with.
    #[arg(long)]
    email: String,
    /// Name shown.
    #[arg(long)]
    name: String,
    /// Position and agency.
    #[arg(long, default_value = "")]
    title: String,
    /// provincial_officer, commune_officer, assessor; central_officer with province 00.
    #[arg(long, default_value = "provincial_officer")]
    role: String,
    /// Code of the province, such as 22 for Quảng Ninh.
    #[arg(long)]
    province: String,
    /// Code of the commune, for a commune officer.
    #[arg(long, default_value = "")]
    commune: String,
    /// First password; made up and printed when left out.
    #[arg(long, env = "OCOP_FIRST_PASSWORD", hide_env_values = true)]
    password: Option<String>,
}

impl Account {
    /// Gives the account.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let AccountCommand::Add(add) = self.command;
        let app = start::unserved(&add.data).await?;
        let made_up = hex(&app.ids.chance()[..8]);
        let input = GrantInput {
            name: add.name,
            title: add.title,
            email: add.email,
            role: add.role,
            commune: add.commune,
            password: add.password.clone().unwrap_or_else(|| made_up.clone()),
        };
        match grant_by_system(&app, &add.province, &input).await {
            Ok(_) if add.password.is_some() => println!("{}", input.email),
            Ok(_) => println!("{}  mật khẩu đầu: {made_up}", input.email),
            Err(AppError::Invalid(faults)) => {
                let lines: Vec<String> =
                    faults.iter().map(|fault| format!("{}: {}", fault.field, fault.message)).collect();
                bail!("{}", lines.join("\n"));
            }
            Err(fault) => bail!("{fault}"),
        }
        Ok(ExitCode::SUCCESS)
    }
}
