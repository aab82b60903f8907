//! The programs a full test run needs beside Rust, and the Debian packages that bring them.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::postgres;

/// Something a full test run needs.
struct Need {
    what: &'static str,
    package: &'static str,
    present: fn() -> bool,
}

const NEEDS: &[Need] = &[
    Need {
        what: "Chromium, for the browser journeys",
        package: "chromium",
        present: || on_path("chromium").is_some(),
    },
    Need {
        what: "Chromium's driver, for the browser journeys",
        package: "chromium-driver",
        present: || on_path("chromedriver").is_some(),
    },
    Need {
        what: "a font with Vietnamese letters, for the browser journeys",
        package: "fonts-dejavu-core",
        present: || Path::new("/usr/share/fonts/truetype").is_dir(),
    },
    Need {
        what: "PostgreSQL, for the store's tests on both databases",
        package: "postgresql",
        present: || postgres::programs().is_some() || std::env::var_os(postgres::ADDRESS).is_some(),
    },
    Need {
        what: "aiosmtpd, a mail server that takes the letters",
        package: "python3-aiosmtpd",
        present: || on_path("aiosmtpd").is_some(),
    },
    Need {
        what: "pdftotext and pdftoppm, to read the papers back",
        package: "poppler-utils",
        present: || on_path("pdftotext").is_some(),
    },
];

/// Installs what is lacking.
///
/// # Errors
/// When something is lacking and this user may not install it; the message says what to install.
pub fn ensure() -> Result<(), String> {
    let lacking: Vec<&Need> = NEEDS.iter().filter(|need| !(need.present)()).collect();
    if lacking.is_empty() {
        return Ok(());
    }
    if !is_root() || on_path("apt-get").is_none() {
        return Err(advice(&lacking));
    }
    let packages: Vec<&str> = lacking.iter().map(|need| need.package).collect();
    println!("installing {}", packages.join(" "));
    apt_get(&["update"])?;
    let install = ["install", "--yes", "--no-install-recommends"];
    apt_get(&[&install[..], &packages].concat())?;
    let still: Vec<&Need> = lacking.into_iter().filter(|need| !(need.present)()).collect();
    if still.is_empty() { Ok(()) } else { Err(advice(&still)) }
}

fn apt_get(arguments: &[&str]) -> Result<(), String> {
    let status = Command::new("apt-get")
        .args(["--quiet=2", "-o", "DPkg::Lock::Timeout=300"])
        .args(arguments)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .status()
        .map_err(|error| format!("apt-get: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("apt-get {} failed", arguments.join(" "))) }
}

/// What a person must install before the tests can run.
fn advice(lacking: &[&Need]) -> String {
    let mut text = "The full test run lacks:\n".to_owned();
    for need in lacking {
        text += &format!("  {}\n", need.what);
    }
    let packages: Vec<&str> = lacking.iter().map(|need| need.package).collect();
    text += &format!("Install the Debian packages:\n  sudo apt-get install {}\n", packages.join(" "));
    text + "or run this command as root, and it installs them itself."
}

/// Whether this process may install packages and become another user.
pub fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

/// A program on the search path.
pub fn on_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|directory| directory.join(program)).find(|file| file.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advice_names_every_lacking_package_in_one_command() {
        let lacking: Vec<&Need> = NEEDS.iter().collect();
        let text = advice(&lacking);
        assert!(
            text.contains("apt-get install chromium chromium-driver fonts-dejavu-core postgresql"),
            "{text}"
        );
        assert!(!advice(&lacking[..1]).contains("postgresql"));
    }
}
