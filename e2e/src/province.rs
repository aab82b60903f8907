//! The demonstration province as it is after loading, for all tests that begin with it.
//!
//! Setting its three hundred papers is most of the loading, so it is loaded once for a build of the
//! program and copied for whoever plays on it.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use tokio::sync::OnceCell;

use crate::server::{Ocop, binary};

/// The password of everybody in the demonstration.
pub const PASSWORD: &str = "ocop-quang-ninh";

/// Its days count from the day of loading: an older one is loaded again.
const FRESH: Duration = Duration::from_secs(60 * 60);

/// Written last, beside the data: a load that was broken off has none.
const STAMP: &str = "loaded";

static LOADED: OnceCell<PathBuf> = OnceCell::const_new();

/// Puts the province into the data directory of a program that does not run yet.
///
/// # Errors
/// When it cannot be loaded or copied; the message carries the program's log.
pub async fn settle(ocop: &Ocop) -> anyhow::Result<()> {
    copy(LOADED.get_or_try_init(load).await?, &ocop.data())
}

/// Loads the province and keeps its data beside the build, where the next test program finds them.
async fn load() -> anyhow::Result<PathBuf> {
    let kept = crate::target_dir()?.join("e2e-province");
    if is_fresh(&kept)? {
        return Ok(kept);
    }
    let mut ocop = Ocop::prepare_demo()?;
    ocop.restart().await?;
    ocop.kill()?;
    if kept.exists() {
        std::fs::remove_dir_all(&kept)?;
    }
    copy(&ocop.data(), &kept)?;
    std::fs::write(kept.join(STAMP), "")?;
    Ok(kept)
}

/// Whether this very build of the program loaded it, a short while ago.
fn is_fresh(kept: &Path) -> anyhow::Result<bool> {
    let built = std::fs::metadata(binary()?)?.modified()?;
    let loaded: Option<SystemTime> = match std::fs::metadata(kept.join(STAMP)) {
        Ok(stamp) => Some(stamp.modified()?),
        Err(_) => None,
    };
    Ok(loaded.is_some_and(|loaded| loaded > built && loaded.elapsed().is_ok_and(|age| age < FRESH)))
}

fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else if entry.file_name() != STAMP {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
