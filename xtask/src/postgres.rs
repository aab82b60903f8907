//! A PostgreSQL of our own for the time of a test run.

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::packages::{is_root, on_path};

/// The variable that tells tests where PostgreSQL is; set by hand, it names a server to use instead.
pub const ADDRESS: &str = "OCOP_TEST_PG";

/// Runs the server while its standard input is open. A shell does it and not this process, so that the
/// server also ends when this process is killed.
const SCRIPT: &str = include_str!("postgres.sh");

/// A running server; it ends, and its files go, when this is dropped.
pub struct Server {
    keeper: Child,
    port: u16,
}

impl Server {
    /// Starts a server on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// When PostgreSQL is not installed or does not start; its log is on standard error by then.
    pub fn start() -> Result<Self, String> {
        let programs = programs().ok_or("PostgreSQL's initdb is not installed (Debian: postgresql)")?;
        let port = free_port().map_err(|error| format!("no free port: {error}"))?;
        // PostgreSQL refuses to run as root.
        let mut command = if is_root() { as_postgres() } else { Command::new("sh") };
        let mut keeper = command
            .args(["-c", SCRIPT, "postgres.sh"])
            .arg(&programs)
            .arg(port.to_string())
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("could not start PostgreSQL: {error}"))?;
        let mut line = String::new();
        if let Some(stdout) = keeper.stdout.take() {
            BufReader::new(stdout).read_line(&mut line).map_err(|error| format!("PostgreSQL: {error}"))?;
        }
        let server = Self { keeper, port };
        if line.trim() == "ready" { Ok(server) } else { Err("PostgreSQL did not start".to_owned()) }
    }

    /// The address of its maintenance database, with the right to create others.
    pub fn url(&self) -> String {
        format!("postgres://ocop@127.0.0.1:{}/postgres", self.port)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Closing its input is the sign to end.
        drop(self.keeper.stdin.take());
        if let Err(error) = self.keeper.wait() {
            eprintln!("PostgreSQL did not end: {error}");
        }
    }
}

/// `cargo xtask pg`: a server until somebody presses Enter.
///
/// # Errors
/// As [`Server::start`].
pub fn run() -> Result<(), String> {
    let server = Server::start()?;
    println!("{ADDRESS}={}\nPress Enter to end it.", server.url());
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).map_err(|error| error.to_string())?;
    Ok(())
}

/// The directory with initdb and postgres: the newest of Debian's, else from the search path.
pub fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let debian = versions
        .map(|version| version.path().join("bin"))
        .filter(|programs| programs.join("initdb").is_file() && programs.join("postgres").is_file())
        .max_by_key(|programs| version_of(programs));
    debian.or_else(|| on_path("initdb").and_then(|initdb| initdb.parent().map(Path::to_path_buf)))
}

/// `15` of `/usr/lib/postgresql/15/bin`.
fn version_of(programs: &Path) -> u32 {
    let version = programs.parent().and_then(Path::file_name).and_then(|name| name.to_str());
    version.and_then(|version| version.parse().ok()).unwrap_or(0)
}

fn as_postgres() -> Command {
    let mut command = Command::new("runuser");
    command.args(["-u", "postgres", "--", "sh"]);
    command
}

fn free_port() -> std::io::Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_version_is_a_number_not_a_word() {
        assert!(
            version_of(Path::new("/usr/lib/postgresql/15/bin"))
                > version_of(Path::new("/usr/lib/postgresql/9/bin"))
        );
    }
}
