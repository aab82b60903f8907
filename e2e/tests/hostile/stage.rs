//! Where the tests play: a copy of the demonstration province, the people in it, and what is looked at
//! after every wrong input.

use std::path::Path;

use anyhow::{Context as _, ensure};
use chrono::{DateTime, Datelike as _, FixedOffset};
pub use e2e::province::PASSWORD;
pub use e2e::reading::{Reading, id_of, readable, told};
use e2e::{Fetch, Ocop, Reply, province};

/// Somebody who has registered and has nothing yet.
pub const NEWCOMER: &str = "a newcomer";

// People by the first part of their e-mail.
pub const PRODUCER: &str = "chu-the";
pub const OTHER_PRODUCER: &str = "htx-viet-hoang";
pub const COMMUNE: &str = "xa-binh-lieu";
pub const OTHER_COMMUNE: &str = "dac-khu-van-don";
pub const OFFICE: &str = "van-phong";
pub const CHAIR: &str = "chu-tich";
pub const SECRETARY: &str = "thu-ky";
pub const MEMBER: &str = "so-cong-thuong";
pub const OTHER_MEMBER: &str = "so-van-hoa";
pub const ADVISOR: &str = "tu-van-1";
/// The producer whom the advisory team has asked for more evidence.
pub const ASKED: &str = "che-nguyen";
/// The producer who completes a dossier for the province.
pub const COMPLETING: &str = "htx-duoc-lieu-ba-che";

/// Files that people sent or the program signed for; pictures of pages are made by whoever looks first.
fn count_files(folder: &Path) -> anyhow::Result<usize> {
    let mut count = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        count += match entry.file_type()?.is_dir() {
            true if entry.file_name() == "made" => 0,
            true => count_files(&entry.path())?,
            false => 1,
        };
    }
    Ok(count)
}

/// A program with a province of its own.
pub struct Stage {
    pub ocop: Ocop,
}

impl Stage {
    /// The province, served.
    pub async fn open() -> anyhow::Result<Self> {
        Self::on(Ocop::prepare()?).await
    }

    /// The province, served by this program.
    pub async fn on(mut ocop: Ocop) -> anyhow::Result<Self> {
        province::settle(&ocop).await?;
        ocop.restart().await?;
        Ok(Self { ocop })
    }

    /// A client in which a person of the demonstration is signed in; nobody is where there is no name.
    pub async fn enter(&self, person: &str) -> anyhow::Result<Fetch> {
        match person {
            "" => return Ok(self.ocop.fetch()),
            NEWCOMER => return self.newcomer().await,
            _ => {}
        }
        let email = format!("{person}@demo.ocop.example");
        let mut fetch = self.ocop.fetch();
        let fields = [("email", email.as_str()), ("password", PASSWORD), ("next", "")];
        let reply = fetch.post_form("/login", &fields).await?;
        ensure!(reply.location() == Some("/home"), "{person} cannot sign in: {}", told(&reply));
        Ok(fetch)
    }

    /// A producer who has just come and has nothing yet.
    pub async fn newcomer(&self) -> anyhow::Result<Fetch> {
        let mut fetch = self.ocop.fetch();
        let fields =
            [("name", "Người mới"), ("email", "moi@ngoai.example"), ("phone", ""), ("password", PASSWORD)];
        let reply = fetch.post_form("/register", &fields).await?;
        ensure!(reply.status == 303, "{}", told(&reply));
        Ok(fetch)
    }

    /// Where the program listens, for connections that are no requests yet.
    pub fn address(&self) -> String {
        self.ocop.url("").trim_start_matches("http://").to_owned()
    }

    /// Today in Hà Nội by the server's clock, `24/11/2026`, and a day of the next year.
    pub async fn days(&self) -> anyhow::Result<(String, String)> {
        let reply = self.ocop.fetch().get("/health").await?;
        let date = reply.header("date").context("the server tells no date")?;
        let hanoi = FixedOffset::east_opt(7 * 3600).context("seven hours")?;
        let today = DateTime::parse_from_rfc2822(date)?.with_timezone(&hanoi);
        Ok((today.format("%d/%m/%Y").to_string(), format!("28/12/{}", today.year() + 1)))
    }

    /// How many changes the journal holds and how many files lie in the folder: what a refused
    /// request must leave as it was.
    pub fn kept(&self) -> anyhow::Result<(u64, usize)> {
        Ok((self.changes()?, count_files(&self.ocop.data().join("files"))?))
    }

    /// How many changes the journal holds. It proves itself on the way.
    pub fn changes(&self) -> anyhow::Result<u64> {
        let told = self.ocop.run(&["journal", "verify"])?.success()?;
        let number = told.split(' ').find_map(|word| word.parse().ok());
        number.with_context(|| format!("no number in {told:?}"))
    }

    /// Paths of the dossiers in a state, as the provincial office finds them on its boards.
    pub async fn dossiers(&self, state: &str) -> anyhow::Result<Vec<String>> {
        let mut office = self.enter(OFFICE).await?;
        let mut found = Vec::new();
        for round in office.links("/rounds", "/rounds/").await? {
            let board = office.links(&format!("{round}?state={state}"), "/dossiers/").await?;
            found.extend(board.into_iter().map(|link| link.trim_end_matches("/reception").to_owned()));
        }
        ensure!(!found.is_empty(), "no dossier is {state}");
        Ok(found)
    }

    /// Path of the first dossier in a state.
    pub async fn dossier(&self, state: &str) -> anyhow::Result<String> {
        self.dossiers(state).await?.into_iter().next().context("no dossier")
    }

    /// Path of the draft of [`PRODUCER`].
    pub async fn draft(&self) -> anyhow::Result<String> {
        self.enter(PRODUCER).await?.link("/home", "/dossiers/").await
    }

    /// Path of the only council.
    pub async fn council(&self) -> anyhow::Result<String> {
        self.enter(OFFICE).await?.link("/councils", "/councils/").await
    }
}

/// The fault that stands beside a field of a page; empty where there is none.
pub fn beside(page: &str, field: &str) -> String {
    let fault = page.split_once(&format!("id=\"{field}-error\">"));
    let fault = fault.and_then(|(_, rest)| rest.split_once("</p>")).map_or("", |(fault, _)| fault);
    readable(fault)
}

/// Whether the answer is a page of ours, with a heading and words to read, and no bare text.
pub fn is_ours(reply: &Reply) -> bool {
    reply.text().contains("<main") && reply.text().contains("lang=\"vi\"")
}

/// Everything that is wrong, gathered, so that one run shows it all.
#[derive(Default)]
pub struct Faults(Vec<String>);

impl Faults {
    /// Notes a fault unless `holds`.
    pub fn check(&mut self, holds: bool, told: impl FnOnce() -> String) {
        if !holds {
            self.0.push(told());
        }
    }

    /// A refusal: a page of ours that says these words.
    pub fn refused(&mut self, what: &str, reply: &Reply, words: &str) {
        let clear = (400..500).contains(&reply.status) && is_ours(reply);
        let clear = clear && readable(&reply.text()).contains(words);
        self.check(clear, || format!("{what}: expected «{words}», got {}", told(reply)));
    }

    /// The test's verdict.
    ///
    /// # Errors
    /// When there is a fault; the message has a line for each.
    pub fn none(self) -> anyhow::Result<()> {
        ensure!(self.0.is_empty(), "{} faults:\n{}", self.0.len(), self.0.join("\n"));
        Ok(())
    }
}

/// The ids that stand after a mark on a page.
pub fn ids_after(page: &str, mark: &str) -> Vec<String> {
    let ids = page.split(mark).skip(1).filter_map(|rest| rest.split('"').next());
    ids.filter(|id| id.len() == 36).map(str::to_owned).collect()
}

/// A PDF that nobody else has: a page with this text on it.
pub fn pdf(text: &str) -> Vec<u8> {
    let head = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj\n\
        3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>endobj\n";
    let page = format!("{head}4 0 obj<</Length {}>>stream\n{text}\nendstream endobj\n", text.len());
    format!(
        "{page}xref\n0 1\n0000000000 65535 f \ntrailer<</Size 5/Root 1 0 R>>\nstartxref\n{}\n%%EOF\n",
        page.len()
    )
    .into_bytes()
}
