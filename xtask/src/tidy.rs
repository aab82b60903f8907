//! `cargo xtask tidy`: the house rules that the compiler does not know.
//!
//! The strings sought are written in two halves, so that this file does not find itself.

use std::fmt;
use std::path::{Path, PathBuf};

/// A module longer than this is split by sub-noun (CONTRIBUTING.md).
const LONGEST: usize = 700;

/// Directories that hold nothing of ours.
const FOREIGN: &[&str] = &[".git", "target", "var", "node_modules"];

/// Files that a newcomer must find.
const REQUIRED: &[&str] = &[
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "GLOSSARY.md",
    "LICENSE",
    "LICENSE-MIT",
    "LICENSE-APACHE",
    "docs/budget.md",
    "rules/README.md",
    ".ci/run",
];

/// Files that people write line by line and read as a whole.
const MODULES: &[&str] = &["rs", "html", "js", "typ", "sql", "sh"];

/// Files in which an unfinished thing may hide.
const SOURCES: &[&str] = &["rs", "html", "js", "css", "typ", "sql", "sh", "toml"];

/// Words that mark an unfinished thing.
const UNFINISHED: &[&str] = &[concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];

/// Code that must not stay: it loses work, prints aside, or hides a test.
const LEFTOVERS: &[&str] =
    &[concat!("db", "g!("), concat!("to", "do!("), concat!("unimple", "mented!("), concat!("#[ig", "nore")];

/// Paths of somebody's own machine.
const MACHINE: &[&str] = &[concat!("/ho", "me/"), concat!("/wo", "rk/"), concat!("/ro", "ot/")];

/// The only place that packages come from.
const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// One broken rule: where, and what to do about it.
#[derive(Debug, PartialEq, Eq)]
struct Fault {
    path: String,
    /// Counted from 1; 0 when it is about the file as a whole.
    line: usize,
    what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line == 0 {
            write!(f, "{}: {}", self.path, self.what)
        } else {
            write!(f, "{}:{}: {}", self.path, self.line, self.what)
        }
    }
}

/// Checks the whole repository.
///
/// # Errors
/// When a rule is broken; the message has a line for each place.
pub fn run(root: &Path) -> Result<(), String> {
    let mut files = Vec::new();
    collect(root, &mut files).map_err(|error| format!("{}: {error}", root.display()))?;
    files.sort();
    let exists = |path: &str| root.join(path).exists();
    let mut faults = missing(&exists);
    for file in &files {
        let path = file.strip_prefix(root).unwrap_or(file).to_string_lossy();
        // What is no text is a picture or a font, and has no lines to check.
        let Ok(text) = std::fs::read_to_string(file) else { continue };
        faults.extend(check(&path, &text, &exists));
    }
    if faults.is_empty() {
        println!("tidy: {} files in order", files.len());
        return Ok(());
    }
    let lines: Vec<String> = faults.iter().map(Fault::to_string).collect();
    Err(format!("{}\ntidy: {} faults", lines.join("\n"), faults.len()))
}

fn collect(directory: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(directory)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_dir() && !FOREIGN.iter().any(|name| entry.file_name() == *name) {
            collect(&entry.path(), files)?;
        } else if kind.is_file() {
            files.push(entry.path());
        }
    }
    Ok(())
}

fn missing(exists: &dyn Fn(&str) -> bool) -> Vec<Fault> {
    let missing = REQUIRED.iter().filter(|path| !exists(path));
    missing.map(|path| fault(path, 0, "is missing")).collect()
}

/// Every fault of one file. `path` is relative to the root; `exists` answers for such paths.
fn check(path: &str, text: &str, exists: &dyn Fn(&str) -> bool) -> Vec<Fault> {
    let extension = Path::new(path).extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    let mut faults = Vec::new();
    if extension == "rs" && !text.starts_with("//!") {
        faults.push(fault(path, 1, "start with `//!`: what this module is, and what it is not"));
    }
    if path.ends_with(".snap.new") {
        faults.push(fault(path, 0, "look at this new golden file, then keep it or mend the code"));
    }
    let length = text.lines().count();
    if MODULES.contains(&extension) && length > LONGEST {
        faults.push(fault(path, 0, &format!("{length} lines; split it by sub-noun (at most {LONGEST})")));
    }
    if path.ends_with("Cargo.toml")
        && !path.starts_with("Cargo")
        && !text.contains("[lints]\nworkspace = true")
    {
        faults.push(fault(path, 0, "take the workspace's lints: `[lints] workspace = true`"));
    }
    for (number, line) in (1..).zip(text.lines()) {
        faults.extend(check_line(path, extension, number, line));
    }
    if extension == "md" {
        faults.extend(broken_links(path, text, exists));
    }
    faults
}

fn check_line(path: &str, extension: &str, number: usize, line: &str) -> Vec<Fault> {
    let mut faults = Vec::new();
    if SOURCES.contains(&extension) {
        for word in UNFINISHED.iter().filter(|word| has_word(line, word)) {
            faults.push(fault(path, number, &format!("finish it, or open an issue: {word}")));
        }
        for code in LEFTOVERS.iter().filter(|code| line.contains(**code)) {
            faults.push(fault(path, number, &format!("take it out: {code}")));
        }
    }
    for place in MACHINE.iter().filter(|place| line.contains(**place)) {
        faults.push(fault(path, number, &format!("a path of one machine: {place}")));
    }
    if path == "Cargo.lock" && line.starts_with("source = ") && !line.contains(REGISTRY) {
        faults.push(fault(path, number, "packages come from crates.io only"));
    }
    faults
}

/// Whether the word stands alone in the line.
fn has_word(line: &str, word: &str) -> bool {
    line.split(|letter: char| !letter.is_alphanumeric() && letter != '_').any(|found| found == word)
}

/// Links of a Markdown page to files that do not exist.
fn broken_links(path: &str, text: &str, exists: &dyn Fn(&str) -> bool) -> Vec<Fault> {
    let directory = Path::new(path).parent().unwrap_or(Path::new(""));
    let mut faults = Vec::new();
    let mut fenced = false;
    for (number, line) in (1..).zip(text.lines()) {
        fenced ^= line.trim_start().starts_with("```");
        if fenced {
            continue;
        }
        for link in line.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let target = link.split('#').next().unwrap_or_default();
            if target.is_empty() || target.contains(':') {
                continue;
            }
            if !exists(&directory.join(target).to_string_lossy()) {
                faults.push(fault(path, number, &format!("the link leads nowhere: {target}")));
            }
        }
    }
    faults
}

fn fault(path: &str, line: usize, what: &str) -> Fault {
    Fault { path: path.to_owned(), line, what: what.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `expected`: the start of each fault's line.
    fn faults(path: &str, text: &str, expected: &[&str]) {
        let found: Vec<String> =
            check(path, text, &|path| path == "docs/there.md").iter().map(Fault::to_string).collect();
        assert_eq!(found.len(), expected.len(), "{found:#?}");
        for (found, expected) in found.iter().zip(expected) {
            assert!(found.starts_with(expected), "{found} is not {expected}");
        }
    }

    #[test]
    fn a_module_says_what_it_is() {
        faults("a.rs", "//! Ballots.\nfn f() {}\n", &[]);
        faults("a.rs", "fn f() {}\n", &["a.rs:1: start with"]);
    }

    #[test]
    fn a_long_module_is_split() {
        let lines = |count: usize| format!("//! Long.{}", "\n".repeat(count - 1));
        faults("a.rs", &lines(LONGEST), &[]);
        faults("a.rs", &format!("{}\nx", lines(LONGEST)), &["a.rs: 701 lines"]);
        faults("rules/a.toml", &lines(5_000), &[]);
    }

    #[test]
    fn nothing_unfinished_stays() {
        let [todo, ..] = UNFINISHED else { unreachable!() };
        faults("a.html", &format!("<!-- {todo}: x -->"), &["a.html:1: finish it"]);
        faults("a.html", &format!("<p>MA{todo}R"), &[]);
        faults("notes.md", todo, &[]);
        for code in LEFTOVERS {
            faults("a.rs", &format!("//! A.\n{code}"), &["a.rs:2: take it out"]);
        }
    }

    #[test]
    fn nothing_points_at_one_machine() {
        for place in MACHINE {
            faults("README.md", &format!("see `{place}x`"), &["README.md:1: a path"]);
        }
        faults("Cargo.lock", &format!("source = \"{REGISTRY}\""), &[]);
        faults("Cargo.lock", "source = \"registry+https://mirror.example\"", &["Cargo.lock:1: packages"]);
    }

    #[test]
    fn no_golden_file_waits_to_be_looked_at() {
        faults("snapshots/a.snap.new", "x", &["snapshots/a.snap.new: look at"]);
        faults("snapshots/a.snap", "x", &[]);
    }

    #[test]
    fn crates_take_the_lints() {
        faults("gs1/Cargo.toml", "[package]\n\n[lints]\nworkspace = true\n", &[]);
        faults("gs1/Cargo.toml", "[package]\n", &["gs1/Cargo.toml: take"]);
        faults("Cargo.toml", "[workspace]\n", &[]);
    }

    #[test]
    fn links_lead_somewhere() {
        let page = "[a](there.md#x) [b](https://x.vn) [c](#d)\n```\n[e](gone.md)\n```\n[f](gone.md)";
        faults("docs/a.md", page, &["docs/a.md:5: the link leads nowhere: gone.md"]);
    }

    #[test]
    fn a_newcomer_finds_the_papers() {
        assert_eq!(missing(&|_| true), []);
        assert_eq!(missing(&|path| path != "LICENSE"), [fault("LICENSE", 0, "is missing")]);
    }
}
