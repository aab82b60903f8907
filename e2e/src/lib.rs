//! What a browser journey needs: the program, a browser and a rude HTTP client.
//!
//! - [`Ocop`] starts the real binary on a fresh data directory and stops it when dropped. It can be
//!   killed in the middle of its work and started again on the same data.
//! - [`Browser`] is Chromium driven the way a person would: by visible words and field labels. It comes
//!   as a phone and as a desktop, and keeps numbered screenshots of the journey.
//! - [`Fetch`] sends requests that no browser would send: forged ids, huge uploads, raw bytes.
//! - [`Form`] reads the forms of a page, so that they are sent as a browser without scripts would;
//!   [`Reading`] follows links and sends such forms.
//! - [`province`] is the demonstration province, loaded once for all tests that begin with it.
//!
//! A journey is an integration test of this crate:
//!
//! ```no_run
//! # use e2e::{Browser, Ocop};
//! # async fn journey() -> anyhow::Result<()> {
//! let ocop = Ocop::start().await?;
//! ocop.run(&["account", "add", "--login", "an"])?.success()?;
//! let Some(browser) = Browser::phone("login").await? else { return Ok(()) };
//! browser.goto(&ocop.url("/")).await?;
//! browser.fill("Tên đăng nhập", "an").await?;
//! browser.click("Đăng nhập").await?;
//! browser.wait_for_text("Xin chào").await?;
//! browser.screenshot("home").await?;
//! # Ok(())
//! # }
//! ```
//!
//! Without Chromium or its driver the journey is skipped with a message; `OCOP_REQUIRE_BROWSER=1`, which
//! `cargo xtask test` sets, turns that into a failure.

pub mod browser;
mod driver;
pub mod fetch;
pub mod form;
pub mod province;
pub mod reading;
pub mod server;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use anyhow::Context as _;

pub use browser::Browser;
pub use fetch::{Fetch, Part, Reply};
pub use form::Form;
pub use reading::Reading;
pub use server::Ocop;

/// The build directory (`target/`) that the running test was built into.
///
/// # Errors
/// When the test runs from anywhere else than `target/PROFILE/deps/`.
pub fn target_dir() -> anyhow::Result<PathBuf> {
    profile_dir()?.parent().map(Path::to_path_buf).context("the build directory has no parent")
}

/// The directory of this build profile (`target/debug/`), where the binary of the product lies.
fn profile_dir() -> anyhow::Result<PathBuf> {
    let test = std::env::current_exe().context("where does this test run?")?;
    test.parent()
        .and_then(Path::parent)
        .map(Path::to_path_buf)
        .with_context(|| format!("{} is not inside a build directory", test.display()))
}
