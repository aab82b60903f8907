//! The product under test: the real binary, on data of its own.

use std::fs::File;
use std::io::Write as _;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use tempfile::TempDir;

use crate::fetch::Fetch;

/// How long the program may take from its start to its first answer; `ocop demo` may have a whole
/// province to load.
const STARTUP: Duration = Duration::from_secs(180);

/// A running `ocop serve` with its own data directory; both are gone when it is dropped.
pub struct Ocop {
    binary: PathBuf,
    home: TempDir,
    port: u16,
    subcommand: &'static str,
    extra: Vec<String>,
    process: Option<Child>,
}

/// What a subcommand printed and how it ended.
#[derive(Debug, Clone)]
pub struct Ran {
    /// The exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Ran {
    /// The standard output of a subcommand that must have succeeded.
    ///
    /// # Errors
    /// When the exit code is not 0; the message carries all that was printed.
    pub fn success(self) -> anyhow::Result<String> {
        ensure!(self.code == Some(0), "exit {:?}\n{}{}", self.code, self.stdout, self.stderr);
        Ok(self.stdout)
    }
}

impl Ocop {
    /// Starts the program on an empty data directory and waits until it answers.
    ///
    /// # Errors
    /// When the binary is not built or does not answer in time; the message carries its log.
    pub async fn start() -> anyhow::Result<Self> {
        Self::start_with(&[]).await
    }

    /// Like [`Ocop::start`] with more arguments for `ocop serve`.
    ///
    /// # Errors
    /// As [`Ocop::start`].
    pub async fn start_with(arguments: &[&str]) -> anyhow::Result<Self> {
        let mut ocop = Self::prepare()?;
        ocop.extra = arguments.iter().map(ToString::to_string).collect();
        ocop.restart().await?;
        Ok(ocop)
    }

    /// An empty data directory with nothing running on it yet: fill it with [`Ocop::run`], then
    /// [`Ocop::restart`].
    ///
    /// # Errors
    /// When the binary is not built.
    pub fn prepare() -> anyhow::Result<Self> {
        Ok(Self {
            binary: binary()?,
            home: TempDir::with_prefix("ocop-e2e-")?,
            port: free_port()?,
            subcommand: "serve",
            extra: Vec::new(),
            process: None,
        })
    }

    /// Like [`Ocop::prepare`], for `ocop demo` instead of `ocop serve`.
    ///
    /// # Errors
    /// As [`Ocop::prepare`].
    pub fn prepare_demo() -> anyhow::Result<Self> {
        let mut ocop = Self::prepare()?;
        ocop.subcommand = "demo";
        Ok(ocop)
    }

    /// The address of a path on this server: `url("/")`.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// The data directory.
    #[must_use]
    pub fn data(&self) -> PathBuf {
        self.home.path().join("data")
    }

    /// Everything the server has logged, over all its starts.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub fn log(&self) -> anyhow::Result<String> {
        Ok(std::fs::read_to_string(self.log_path())?)
    }

    /// A client without a browser, with no cookies yet.
    #[must_use]
    pub fn fetch(&self) -> Fetch {
        Fetch::new(self.port)
    }

    /// Runs a subcommand on this data directory: `run(&["journal", "verify"])` is
    /// `ocop journal verify --data DIR`.
    ///
    /// # Errors
    /// When the binary cannot be started; how it ended is in [`Ran`].
    pub fn run(&self, arguments: &[&str]) -> anyhow::Result<Ran> {
        self.run_with_input(arguments, "")
    }

    /// Like [`Ocop::run`], with text for its standard input (a password, a scoring request).
    ///
    /// # Errors
    /// As [`Ocop::run`].
    pub fn run_with_input(&self, arguments: &[&str], input: &str) -> anyhow::Result<Ran> {
        let mut child = Command::new(&self.binary)
            .args(arguments)
            .arg("--data")
            .arg(self.data())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("could not start {}", self.binary.display()))?;
        if let Some(mut stdin) = child.stdin.take() {
            // A subcommand that reads nothing may be gone already; how it ended tells.
            let _ = stdin.write_all(input.as_bytes());
        }
        let output = child.wait_with_output()?;
        Ok(Ran {
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        })
    }

    /// Ends the server at once (SIGKILL), as a power cut would. Data and port stay.
    ///
    /// # Errors
    /// When the process cannot be waited for.
    pub fn kill(&mut self) -> anyhow::Result<()> {
        if let Some(mut process) = self.process.take() {
            process.kill()?;
            process.wait()?;
        }
        Ok(())
    }

    /// Starts the server on the same data and the same port, ending it first when it runs.
    ///
    /// # Errors
    /// As [`Ocop::start`].
    pub async fn restart(&mut self) -> anyhow::Result<()> {
        self.kill()?;
        let log = File::options().create(true).append(true).open(self.log_path())?;
        let process = Command::new(&self.binary)
            .args([self.subcommand, "--listen", &format!("127.0.0.1:{}", self.port), "--data"])
            .arg(self.data())
            .args(&self.extra)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .with_context(|| format!("could not start {}", self.binary.display()))?;
        self.process = Some(process);
        self.wait_until_healthy().await
    }

    async fn wait_until_healthy(&mut self) -> anyhow::Result<()> {
        let deadline = Instant::now() + STARTUP;
        loop {
            if let Ok(reply) = self.fetch().get("/health").await
                && reply.status == 200
            {
                return Ok(());
            }
            let ended = match &mut self.process {
                Some(process) => process.try_wait()?,
                None => bail!("the server was stopped while it started"),
            };
            if let Some(status) = ended {
                bail!("ocop {} ended with {status}:\n{}", self.subcommand, self.log()?);
            }
            if Instant::now() > deadline {
                bail!("no answer from ocop {} within {STARTUP:?}:\n{}", self.subcommand, self.log()?);
            }
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    }

    fn log_path(&self) -> PathBuf {
        self.home.path().join("serve.log")
    }
}

impl Drop for Ocop {
    fn drop(&mut self) {
        // Nothing is left to tell an error to; the system ends what remains.
        let _ = self.kill();
    }
}

/// A port of the loopback address that nobody listens on.
fn free_port() -> anyhow::Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// The binary beside this test. `cargo test --workspace` builds it, because its own crate has
/// integration tests; `cargo test -p e2e` alone does not.
pub(crate) fn binary() -> anyhow::Result<PathBuf> {
    let path = crate::profile_dir()?.join("ocop");
    ensure!(Path::new(&path).exists(), "{} is missing: run `cargo xtask test`", path.display());
    Ok(path)
}
