//! The project's automation: `cargo xtask test`, `bench`, `pg`, `tidy`.
//!
//! It depends on nothing but the standard library, so that the first command of a newcomer starts at once.

mod packages;
mod postgres;
mod test;
mod tidy;
mod units;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask test [CARGO TEST ARGUMENTS]
    Everything that must hold: installs the Debian packages that are lacking (as root; else says which),
    starts a PostgreSQL of its own, checks house rules, format and lints, runs every test of every layer
    with the browser journeys, and takes away what it started.
    With arguments, only these tests, without the lints: cargo xtask test -p ocop-store ballots
cargo xtask bench [registry [--products N] | season [--products N] | room]
    Measures, each beside a floor of the same run: scoring, tallying and the way to the next star on
    random ballots of all product sets; the registry's pages of one province by itself and inside a
    nation of N (20,000) products; a season of N (117) products through the application's verbs and
    through HTTP, to the last paper; the council's room. The figures stand in docs/budget.md.
cargo xtask tidy
    The house rules that the compiler does not know.
cargo xtask units FOLDER_TODAY FOLDER_CHANGES [FOLDER_2024]
    Writes the lists of units in data/ anew from unpacked public packages (data/README.md).
cargo xtask pg
    Starts a throw-away PostgreSQL, prints its address, ends it on Enter.
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["test", rest @ ..] => test::run(&root(), rest),
        ["bench", rest @ ..] => test::bench(&root(), rest),
        ["tidy"] => tidy::run(&root()),
        ["units", folders @ ..] => units::run(&root(), folders),
        ["pg"] => postgres::run(),
        ["help" | "--help" | "-h"] => {
            print!("{USAGE}");
            Ok(())
        }
        _ => Err(USAGE.to_owned()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{}", message.trim_end());
            ExitCode::FAILURE
        }
    }
}

/// The root of the repository: the directory above this crate's.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}
