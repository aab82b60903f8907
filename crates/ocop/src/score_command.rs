//! `ocop score`, `ocop tally` and `ocop advise`: JSON in, JSON out, no server needed.

use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use ocop_core::scoring::request::{RequestFault, advise_json, score_json, tally_json};

use crate::law::LawArgs;

/// Exit code of a request that cannot be answered as it stands.
pub const USAGE: u8 = 2;

/// Score one sheet, or an array of sheets.
#[derive(Debug, Args)]
pub struct ScoreCommand {
    /// File with the request as JSON; `-` or nothing reads standard input.
    file: Option<PathBuf>,
    #[command(flatten)]
    law: LawArgs,
}

/// Add up the ballots of one council, or of an array of councils.
#[derive(Debug, Args)]
pub struct TallyCommand {
    /// File with the request as JSON; `-` or nothing reads standard input.
    file: Option<PathBuf>,
    #[command(flatten)]
    law: LawArgs,
}

/// The shortest way to the next star for one sheet, or for an array of sheets.
#[derive(Debug, Args)]
pub struct AdviseCommand {
    /// File with the request as JSON (as for `score`, and `stars` for another star than the next);
    /// `-` or nothing reads standard input.
    file: Option<PathBuf>,
    #[command(flatten)]
    law: LawArgs,
}

impl AdviseCommand {
    /// Prints the answer; exit code 2 when the request is at fault or no way leads to the star.
    pub fn run(self) -> ExitCode {
        self.law.with(|rules| answer(self.file.as_deref(), |text| advise_json(rules, text)))
    }
}

impl ScoreCommand {
    /// Prints the answer; exit code 2 when the request is at fault.
    pub fn run(self) -> ExitCode {
        self.law.with(|rules| answer(self.file.as_deref(), |text| score_json(rules, text)))
    }
}

impl TallyCommand {
    /// Prints the answer; exit code 2 when the request is at fault.
    pub fn run(self) -> ExitCode {
        self.law.with(|rules| answer(self.file.as_deref(), |text| tally_json(rules, text)))
    }
}

fn answer(file: Option<&Path>, compute: impl Fn(&str) -> Result<String, RequestFault>) -> ExitCode {
    let text = match read(file) {
        Ok(text) => text,
        Err(fault) => {
            let source = file.map_or("đầu vào chuẩn".to_owned(), |file| file.display().to_string());
            return report(&format!("không đọc được {source}: {fault}"), USAGE);
        }
    };
    match compute(&text) {
        Ok(json) => print_out(&format!("{json}\n")),
        Err(fault) => report(&fault, USAGE),
    }
}

fn read(file: Option<&Path>) -> std::io::Result<String> {
    match file.filter(|file| *file != Path::new("-")) {
        Some(file) => std::fs::read_to_string(file),
        None => {
            let mut text = String::new();
            std::io::stdin().lock().read_to_string(&mut text)?;
            Ok(text)
        }
    }
}

/// Writes to standard output; a reader that has seen enough (`| head`) is no failure.
pub fn print_out(text: &str) -> ExitCode {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) if fault.kind() == ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(fault) => report(&fault, 1),
    }
}

/// Says on standard error what is wrong.
pub fn report(fault: &dyn std::fmt::Display, code: u8) -> ExitCode {
    // Nothing is left to tell it to when standard error is closed.
    let _ = writeln!(std::io::stderr(), "lỗi: {fault}");
    ExitCode::from(code)
}
