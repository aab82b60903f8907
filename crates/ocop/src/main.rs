//! The ocop program: one binary that serves the whole programme.

mod account_command;
mod check_command;
mod demo_command;
mod import_command;
mod journal_command;
mod law;
mod look_command;
mod mail_command;
mod mailer;
mod path_command;
mod report_command;
mod rules_command;
mod runtime;
mod score_command;
mod serve_command;
mod start;
mod units_command;
mod wording_command;

use std::io::IsTerminal;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// OCOP: from a producer's dossier to a star and a certificate.
#[derive(Parser)]
#[command(name = "ocop", version, about, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the programme.
    Serve(serve_command::Serve),
    /// Serve the demonstration province; its data are kept between runs.
    Demo(demo_command::Demo),
    /// Give accounts from the machine that runs the program.
    Account(account_command::Account),
    /// Show and check the law as data.
    Rules(rules_command::RulesCommand),
    /// Score sheets from JSON.
    Score(score_command::ScoreCommand),
    /// Find the shortest way to the next star from JSON.
    Advise(score_command::AdviseCommand),
    /// Tally a council's ballots from JSON.
    Tally(score_command::TallyCommand),
    /// Units of today and before, and what became of these.
    Units(units_command::UnitsCommand),
    /// Take an office's list of products into the register.
    Import(import_command::ImportCommand),
    /// The numbers of the programme: a province, a round, what expires.
    Report(report_command::ReportCommand),
    /// Letters by e-mail: try the server, send, note what came back.
    Mail(mail_command::MailCommand),
    /// Compute everything decided again from the raw ballots.
    Check(check_command::Check),
    /// Prove that the journal is complete and unchanged.
    Journal(journal_command::Journal),
    /// Look at one file; the server asks so of itself.
    #[command(hide = true)]
    Look(look_command::Look),
}

fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("OCOP_LOG")
                .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn,ocop=info")),
        )
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .init();
    match Cli::parse().command {
        Command::Serve(serve) => start::run(serve.run()),
        Command::Demo(demo) => start::run(demo.run()),
        Command::Account(account) => start::run(account.run()),
        Command::Mail(mail) => start::run(mail.run()),
        Command::Check(check) => start::run(check.run()),
        Command::Journal(journal) => start::run(journal.run()),
        Command::Import(import) => import.run(),
        Command::Look(look) => look.run(),
        Command::Report(report) => report.run(),
        Command::Rules(rules) => rules.run(),
        Command::Score(score) => score.run(),
        Command::Advise(advise) => advise.run(),
        Command::Tally(tally) => tally.run(),
        Command::Units(units) => units.run(),
    }
}
