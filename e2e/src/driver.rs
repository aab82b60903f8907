//! The browser's process: a chromedriver of our own, its Chromium, and how they end.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, bail, ensure};
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::browser::{PATIENCE, pause};
use crate::fetch::Fetch;

/// The size of a window in CSS pixels, and whether it behaves as a phone.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Window {
    pub(crate) width: u32,
    height: u32,
    phone: bool,
}

pub(crate) const PHONE: Window = Window { width: 390, height: 844, phone: true };
pub(crate) const DESKTOP: Window = Window { width: 1440, height: 900, phone: false };

const CHROMIUM: &[&str] = &["chromium", "chromium-browser", "google-chrome"];

/// A chromedriver of our own on a port of its choice; it takes its Chromium along when dropped.
pub(crate) struct Driver {
    process: Child,
    home: TempDir,
    port: u16,
    session: Option<String>,
}

impl Driver {
    /// A Chromium with a window of this size. `None` when there is no browser and none is required.
    pub(crate) async fn open(window: Window) -> anyhow::Result<Option<(Self, Client)>> {
        let (Some(chromedriver), Some(chromium)) = (on_path(&["chromedriver"]), on_path(CHROMIUM)) else {
            let missing = "Chromium or its driver is missing (Debian: chromium chromium-driver)";
            ensure!(std::env::var("OCOP_REQUIRE_BROWSER").as_deref() != Ok("1"), missing);
            println!("skipped: {missing}");
            return Ok(None);
        };
        let mut driver = Self::start(&chromedriver).await?;
        let capabilities = capabilities(&chromium, &driver.profile(), window);
        let Value::Object(capabilities) = capabilities else { bail!("capabilities are no object") };
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{}", driver.port))
            .await
            .context("Chromium did not start")?;
        driver.session = client.session_id().await?;
        if !window.phone {
            // The window's own bar takes from the height: give the page the whole size.
            let bar = client.execute("return outerHeight - innerHeight", vec![]).await?;
            let bar = bar.as_u64().and_then(|bar| u32::try_from(bar).ok()).unwrap_or(0);
            client.set_window_size(window.width, window.height + bar).await?;
        }
        Ok(Some((driver, client)))
    }

    async fn start(chromedriver: &Path) -> anyhow::Result<Self> {
        let home = TempDir::with_prefix("ocop-browser-")?;
        let log = home.path().join("driver.log");
        let process = Command::new(chromedriver)
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(std::fs::File::create(&log)?)
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("could not start {}", chromedriver.display()))?;
        let mut driver = Self { process, home, port: 0, session: None };
        let deadline = Instant::now() + PATIENCE;
        loop {
            let text = std::fs::read_to_string(&log)?;
            if let Some(port) = started_on(&text) {
                driver.port = port;
                return Ok(driver);
            }
            ensure!(Instant::now() < deadline, "chromedriver did not start:\n{text}");
            pause().await;
        }
    }

    /// Where Chromium keeps what it keeps; gone with the driver.
    fn profile(&self) -> PathBuf {
        self.home.path().join("profile")
    }

    /// Sends a command of the vendor's to the session and gives its value.
    pub(crate) async fn post(&self, command: &str, body: &Value) -> anyhow::Result<Value> {
        let session = self.session.as_deref().context("no session")?;
        let path = format!("/session/{session}/{command}");
        let body = body.to_string().into_bytes();
        let reply = Fetch::new(self.port).request("POST", &path, Some("application/json"), body).await?;
        ensure!(reply.status == 200, "{command}: {} {}", reply.status, reply.text());
        let mut answer: Value = serde_json::from_slice(&reply.body)?;
        Ok(answer["value"].take())
    }

    /// Ends the session, and with it Chromium. Blocking: it also runs when a test has failed.
    fn end_session(&self) -> std::io::Result<()> {
        use std::io::{Read as _, Write as _};
        let Some(session) = &self.session else { return Ok(()) };
        let mut stream = std::net::TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(PATIENCE))?;
        write!(stream, "DELETE /session/{session} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")?;
        stream.read_exact(&mut [0])
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // Nothing is left to tell an error to; what remains ends with the process.
        let _ = self.end_session();
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The port in chromedriver's line "… was started successfully on port 12345."
fn started_on(log: &str) -> Option<u16> {
    let (_, after) = log.split_once("started successfully on port ")?;
    after.split_once('.')?.0.parse().ok()
}

/// The bytes of a base64 text without line breaks; `None` when it is none.
pub(crate) fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let (mut bits, mut held) = (0_u32, 0_u32);
    for letter in text.trim_end_matches('=').bytes() {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = (bits << 6 | u32::from(value)) & 0xFFFF;
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from(bits >> held & 0xFF).ok()?);
        }
    }
    Some(bytes)
}

/// The first of these programs on the search path.
fn on_path(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let directories: Vec<_> = std::env::split_paths(&path).collect();
    names.iter().find_map(|name| directories.iter().map(|dir| dir.join(name)).find(|file| file.is_file()))
}

fn capabilities(chromium: &Path, profile: &Path, window: Window) -> Value {
    let mut flags = vec![
        "--headless=new".to_owned(),
        "--no-sandbox".to_owned(),
        "--disable-gpu".to_owned(),
        "--disable-dev-shm-usage".to_owned(),
        "--disable-quic".to_owned(),
        "--no-first-run".to_owned(),
        "--disable-background-networking".to_owned(),
        "--disable-component-update".to_owned(),
        "--disable-sync".to_owned(),
        "--no-proxy-server".to_owned(),
        "--hide-scrollbars".to_owned(),
        "--lang=vi".to_owned(),
        format!("--user-data-dir={}", profile.display()),
    ];
    if !window.phone {
        flags.push(format!("--window-size={},{}", window.width, window.height));
    }
    let mut options = json!({ "binary": chromium, "args": flags });
    if window.phone {
        options["mobileEmulation"] = json!({ "deviceMetrics": {
            "width": window.width, "height": window.height, "pixelRatio": 2.0, "touch": true, "mobile": true,
        } });
    }
    json!({
        "browserName": "chrome",
        "unhandledPromptBehavior": "ignore",
        "goog:chromeOptions": options,
        "goog:loggingPrefs": { "browser": "ALL" },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_comes_back_as_it_went() {
        let check =
            |text: &str, expected: Option<&[u8]>| assert_eq!(decode_base64(text).as_deref(), expected);
        check("", Some(b""));
        check("eA==", Some(b"x"));
        check("xJDDtG5n", Some("Đông".as_bytes()));
        check("+/+/", Some(&[0xFB, 0xFF, 0xBF]));
        check("a b", None);
    }

    #[test]
    fn the_port_is_read_from_the_driver() {
        assert_eq!(started_on("x\nChromeDriver was started successfully on port 43127.\n"), Some(43127));
        assert_eq!(started_on("Starting ChromeDriver 156"), None);
    }
}
