//! `cargo xtask test`: everything that must hold, in one run.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::{packages, postgres, tidy};

/// What all test programs together reported.
#[derive(Debug, Default, PartialEq, Eq)]
struct Tally {
    passed: u64,
    failed: u64,
    ignored: u64,
    failures: Vec<String>,
}

impl Tally {
    /// Takes in one line of a test program's output.
    fn read(&mut self, line: &str) {
        if let Some(counts) = line.strip_prefix("test result: ") {
            self.passed += count(counts, "passed");
            self.failed += count(counts, "failed");
            self.ignored += count(counts, "ignored");
        } else if let Some(name) =
            line.strip_prefix("test ").and_then(|test| test.strip_suffix(" ... FAILED"))
        {
            self.failures.push(name.to_owned());
        }
    }
}

/// `9` of `ok. 9 passed; 0 failed; …` for `passed`.
fn count(counts: &str, what: &str) -> u64 {
    let found = counts.split([';', '.']).find_map(|part| part.trim().strip_suffix(what));
    found.and_then(|number| number.trim().parse().ok()).unwrap_or(0)
}

/// Runs the lints and all tests, or, with arguments for `cargo test`, only these tests.
///
/// # Errors
/// When anything does not hold; all of it has been printed, the message is the summary.
pub fn run(root: &Path, arguments: &[&str]) -> Result<(), String> {
    let start = Instant::now();
    packages::ensure()?;
    let mut faults = Vec::new();
    let mut compiler = Compiler::Plain;
    if arguments.is_empty() {
        faults = lint(root, start);
        step("build, with lints", start);
        // The programs that the lints let pass are those that are tested: one build instead of two.
        compiler = Compiler::Linting;
        if !succeeds(compiler.command(root).args(TEST).args(WHOLE).arg("--no-run")) {
            faults.push("build or clippy");
            compiler = Compiler::Plain;
        }
    }
    let (address, _server) = database()?;
    step("test", start);
    let (passed, tally) = tests(compiler.command(root), arguments, &address)?;
    for failure in &tally.failures {
        println!("failed: {failure}");
    }
    if !passed {
        faults.push("tests");
    }
    let summary = summary(&tally, &faults, start.elapsed());
    if faults.is_empty() {
        println!("\n{summary}");
        Ok(())
    } else {
        Err(format!("\n{summary}"))
    }
}

/// Tests with nothing left out.
const TEST: [&str; 3] = ["test", "--locked", "--no-fail-fast"];

/// One build of the whole workspace: tests of single packages would build other feature sets anew.
const WHOLE: [&str; 1] = ["--workspace"];

/// What compiles the workspace.
#[derive(Debug, Clone, Copy)]
enum Compiler {
    /// The compiler as it is.
    Plain,
    /// The compiler inside clippy: lints the workspace while it compiles it, and takes no warning.
    Linting,
}

impl Compiler {
    /// A cargo that compiles with it.
    fn command(self, root: &Path) -> Command {
        let mut command = command(root);
        if matches!(self, Self::Linting) {
            // What `cargo clippy -- -D warnings` says to its driver, in the driver's own separator.
            command.env(
                "RUSTC_WORKSPACE_WRAPPER",
                Path::new(command.get_program()).with_file_name("clippy-driver"),
            );
            command.env("CLIPPY_ARGS", ["-D", "warnings", ""].join("__CLIPPY_HACKERY__"));
        }
        command
    }
}

/// One line like cargo's own for all layers together.
fn summary(tally: &Tally, faults: &[&str], took: Duration) -> String {
    let verdict = if faults.is_empty() { "ok".to_owned() } else { format!("FAILED ({})", faults.join(", ")) };
    format!(
        "test result: {verdict}. {} passed; {} failed; {} ignored; finished in {} s",
        tally.passed,
        tally.failed,
        tally.ignored,
        took.as_secs()
    )
}

/// The names of the lints that found something. All run, so that one round shows every fault.
fn lint(root: &Path, start: Instant) -> Vec<&'static str> {
    let mut faults = Vec::new();
    step("tidy", start);
    if let Err(message) = tidy::run(root) {
        eprintln!("{message}");
        faults.push("tidy");
    }
    step("fmt", start);
    if !cargo(root, &["fmt", "--all", "--check"]) {
        faults.push("fmt");
    }
    faults
}

/// The address of the PostgreSQL to test on, and the server when it is our own.
fn database() -> Result<(String, Option<postgres::Server>), String> {
    if let Ok(address) = std::env::var(postgres::ADDRESS) {
        return Ok((address, None));
    }
    let server = postgres::Server::start()?;
    Ok((server.url(), Some(server)))
}

/// Runs the tests, all or those of the arguments, and reads their results while they pass by.
fn tests(mut cargo: Command, arguments: &[&str], database: &str) -> Result<(bool, Tally), String> {
    let arguments = if arguments.is_empty() { &WHOLE[..] } else { arguments };
    let mut child = cargo
        .args(TEST)
        .args(arguments)
        .env(postgres::ADDRESS, database)
        .env("OCOP_REQUIRE_PG", "1")
        .env("OCOP_REQUIRE_BROWSER", "1")
        .env("OCOP_REQUIRE_SMTP", "1")
        .env("RUST_TEST_THREADS", threads().to_string())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("cargo test: {error}"))?;
    let mut tally = Tally::default();
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).split(b'\n') {
            let line = line.map_err(|error| format!("cargo test: {error}"))?;
            let line = String::from_utf8_lossy(&line);
            println!("{line}");
            tally.read(&line);
        }
    }
    let status = child.wait().map_err(|error| format!("cargo test: {error}"))?;
    Ok((status.success(), tally))
}

/// Tests at a time: some more than cores, since those in a browser wait for it much of the time.
fn threads() -> usize {
    std::thread::available_parallelism().map_or(2, |cores| cores.get()) + 2
}

/// Says what begins now, and when, so that a slow step shows.
fn step(name: &str, start: Instant) {
    println!("\n=== {name} (at {} s)", start.elapsed().as_secs());
}

fn cargo(root: &Path, arguments: &[&str]) -> bool {
    succeeds(command(root).args(arguments))
}

fn succeeds(cargo: &mut Command) -> bool {
    match cargo.status() {
        Ok(status) => status.success(),
        Err(error) => {
            eprintln!("{cargo:?}: {error}");
            false
        }
    }
}

/// Builds and runs the benchmarks as the product is built.
pub fn bench(root: &Path, arguments: &[&str]) -> Result<(), String> {
    let mut command = vec!["run", "--release", "--locked", "--quiet", "--package", "bench", "--"];
    command.extend(arguments);
    let ran = cargo(root, &command);
    if ran { Ok(()) } else { Err("the benchmark failed".to_owned()) }
}

/// The cargo that started this program.
fn command(root: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_of_all_programs_add_up() {
        let mut tally = Tally::default();
        for line in [
            "running 3 tests",
            "test seal ... ok",
            "test tally::mean ... FAILED",
            "test result: FAILED. 1 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s",
            "test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 3.10s",
        ] {
            tally.read(line);
        }
        let expected = Tally { passed: 13, failed: 1, ignored: 1, failures: vec!["tally::mean".to_owned()] };
        assert_eq!(tally, expected);
    }

    #[test]
    fn the_summary_names_what_failed() {
        let tally = Tally { passed: 7, ..Tally::default() };
        let check = |faults: &[&str], expected: &str| {
            assert_eq!(summary(&tally, faults, Duration::from_secs(61)), expected);
        };
        check(&[], "test result: ok. 7 passed; 0 failed; 0 ignored; finished in 61 s");
        check(
            &["fmt", "clippy"],
            "test result: FAILED (fmt, clippy). 7 passed; 0 failed; 0 ignored; finished in 61 s",
        );
    }
}
