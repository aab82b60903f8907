//! Where the journey plays: the program, the window, the people, and what they all do.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
use e2e::{Browser, Fetch, Ocop, province};
use serde_json::json;
use tempfile::TempDir;

use crate::sheet::Answer;

/// The password of everybody who begins with an empty database.
pub const PASSWORD: &str = "ong mật rừng bạc hà";

/// A person of the journey.
pub struct Person {
    /// Name shown.
    pub name: &'static str,
    /// E-mail to sign in with.
    pub email: &'static str,
    /// Position and agency.
    pub title: &'static str,
}

pub const OFFICE: Person = Person {
    name: "Nguyễn Thị Thử Hà",
    email: "vpdp@quangninh.example",
    title: "Chuyên viên, Văn phòng Điều phối nông thôn mới tỉnh",
};
pub const COMMUNE: Person = Person {
    name: "Hoàng Văn Thử",
    email: "phuc.kinhte@binhlieu.example",
    title: "Chuyên viên Phòng Kinh tế, UBND xã Bình Liêu",
};
pub const CHAIR: Person =
    Person {
        name: "Trần Quốc Thử", email: "viet@quangninh.example", title: "Phó Chủ tịch UBND tỉnh"
    };
pub const SECRETARY: Person = Person {
    name: "Phạm Ngọc Thử",
    email: "lan@quangninh.example",
    title: "Phó Chánh Văn phòng Điều phối nông thôn mới tỉnh",
};
pub const FIRST_MEMBER: Person =
    Person {
        name: "Vũ Đình Thử", email: "khoi@quangninh.example", title: "Phó Giám đốc Sở Công Thương"
    };
pub const STRICT_MEMBER: Person = Person {
    name: "Đặng Thị Thử",
    email: "ung@quangninh.example",
    title: "Trưởng phòng Nghiệp vụ Y, Sở Y tế",
};
pub const ADVISOR: Person = Person {
    name: "Lê Hữu Thử",
    email: "nghia@quangninh.example",
    title: "Phó Trưởng phòng, Chi cục Quản lý chất lượng nông sản",
};
pub const PRODUCER: Person =
    Person { name: "Chìu Thị Mỷ", email: "htx.binhlieu@gmail.example", title: "Giám đốc" };

/// The product of the journey.
pub const PRODUCT: &str = "Mật ong hoa sở Bình Liêu";
/// Who makes it.
pub const COOPERATIVE: &str = "Hợp tác xã Ong mật Bình Liêu";
/// The round it goes through.
pub const ROUND: &str = "Đợt 2 năm 2026";

/// The program on its own data, one browser window, and a folder for files to upload.
pub struct Stage {
    pub ocop: Ocop,
    pub browser: Browser,
    /// A keyboard at hand.
    pub desktop: bool,
    password: &'static str,
    files: TempDir,
}

impl Stage {
    /// On an empty database.
    pub async fn new(browser: Browser, desktop: bool) -> anyhow::Result<Self> {
        Self::on(Ocop::start().await?, browser, desktop, PASSWORD)
    }

    /// In the demonstration province, in the middle of its year.
    pub async fn in_the_province(browser: Browser, desktop: bool) -> anyhow::Result<Self> {
        let mut ocop = Ocop::prepare()?;
        province::settle(&ocop).await?;
        ocop.restart().await?;
        Self::on(ocop, browser, desktop, province::PASSWORD)
    }

    fn on(ocop: Ocop, browser: Browser, desktop: bool, password: &'static str) -> anyhow::Result<Self> {
        let files = TempDir::with_prefix("ocop-papers-")?;
        Ok(Self { ocop, browser, desktop, password, files })
    }

    /// Opens a path of the program.
    pub async fn open(&self, path: &str) -> anyhow::Result<()> {
        self.browser.goto(&self.ocop.url(path)).await
    }

    /// Keeps a picture; a page wider than the window or a complaint of the browser is a fault.
    pub async fn picture(&self, name: &str) -> anyhow::Result<()> {
        self.browser.screenshot(name).await?;
        let path = self.browser.path().await?;
        ensure!(self.browser.fits().await?, "{path} ({name}) is wider than the window");
        let mut complaints = self.browser.complaints().await?;
        // A form that comes back with its faults is no complaint, nor is a code that nobody issued.
        complaints.retain(|line| !line.contains("status of 422") && !line.contains("/check/ABCD-2345-EF"));
        ensure!(complaints.is_empty(), "{path} ({name}): {complaints:?}");
        Ok(())
    }

    /// Reads the evidence beside a criterion: a desktop shows it at once, a phone behind a tab.
    pub async fn beside(&self, tab: &str, paper: &str, back: &str) -> anyhow::Result<()> {
        if !self.desktop {
            self.browser.click(tab).await?;
        }
        self.browser.wait_for_text(paper).await?;
        self.picture("evidence-beside").await?;
        if !self.desktop {
            self.browser.click(back).await?;
        }
        Ok(())
    }

    /// Signs a person in by the page; whoever was signed in signs out first.
    pub async fn sign_in(&self, person: &Person) -> anyhow::Result<()> {
        self.sign_out().await?;
        self.open("/login").await?;
        self.browser.fill("Email", person.email).await?;
        self.browser.fill("Mật khẩu", self.password).await?;
        self.browser.click("Đăng nhập").await?;
        self.browser.wait_for_text("Việc cần làm").await?;
        self.browser.wait_for_url("/home").await
    }

    /// Signs out by the page, if somebody is signed in.
    pub async fn sign_out(&self) -> anyhow::Result<()> {
        self.open("/home").await?;
        if !self.browser.path().await?.starts_with("/login") {
            self.browser.click("Đăng xuất").await?;
            self.browser.wait_for_text("Kiểm tra giấy chứng nhận").await?;
        }
        Ok(())
    }

    /// A client without a browser for a person who works elsewhere.
    pub async fn elsewhere(&self, person: &Person) -> anyhow::Result<Fetch> {
        let mut fetch = self.ocop.fetch();
        let fields = [("email", person.email), ("password", self.password), ("next", "")];
        let reply = fetch.post_form("/login", &fields).await?;
        ensure!(reply.location() == Some("/home"), "{} cannot sign in: {}", person.email, reply.text());
        Ok(fetch)
    }

    /// The client of whoever is signed in in the browser: the same hand, without the waiting.
    pub async fn same_hand(&self) -> anyhow::Result<Fetch> {
        let mut fetch = self.ocop.fetch();
        self.browser.lend_cookies(&mut fetch).await?;
        Ok(fetch)
    }

    /// A day in Vietnam as people write it, so many days from today.
    pub async fn day(&self, days: i32) -> anyhow::Result<String> {
        let script = "return new Date(Date.now() + arguments[0] * 86400000)
            .toLocaleDateString('en-GB', { timeZone: 'Asia/Ho_Chi_Minh' })";
        let day = self.browser.client().execute(script, vec![json!(days)]).await?;
        day.as_str().map(str::to_owned).context("the browser knows no day")
    }

    /// Keeps a file to be uploaded.
    pub fn file(&self, name: &str, bytes: &[u8]) -> anyhow::Result<PathBuf> {
        let path = self.files.path().join(name);
        std::fs::write(&path, bytes)?;
        Ok(path)
    }
}

/// Answers criteria as their forms do: each opened first, then saved with the version that it showed.
pub async fn answer(fetch: &Fetch, under: &str, sheet: &[Answer]) -> anyhow::Result<()> {
    let mut fetch = fetch.clone();
    for (code, level, _) in sheet {
        let path = format!("{under}/{code}");
        let page = fetch.get(&path).await?.text();
        let version = between(&page, "name=\"version\" value=\"", "\"")?;
        let choice = format!("1:{level}");
        let note = format!("Có giấy tờ kèm theo cho tiêu chí {code}.");
        let reply =
            fetch.post_form(&path, &[("choice", &choice), ("note", &note), ("version", version)]).await?;
        ensure!(reply.status == 303, "{path}: {} {}", reply.status, reply.text());
    }
    Ok(())
}

/// The text between two marks.
pub fn between<'a>(text: &'a str, before: &str, after: &str) -> anyhow::Result<&'a str> {
    let rest = text.split_once(before).map(|(_, rest)| rest);
    let found = rest.and_then(|rest| rest.split_once(after)).map(|(found, _)| found);
    found.with_context(|| format!("no text between {before:?} and {after:?} in:\n{text}"))
}

/// A PDF of so many pages with a line of text on each.
pub fn pdf(title: &str, pages: usize) -> Vec<u8> {
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        format!(
            "<< /Type /Pages /Count {pages} /Kids [{}] >>",
            (0..pages).map(|page| format!("{} 0 R", 4 + 2 * page)).collect::<Vec<_>>().join(" ")
        ),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    for page in 0..pages {
        let text = format!("BT /F1 24 Tf 72 740 Td ({title}, trang {}) Tj ET", page + 1);
        objects.push(format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {} 0 R \
             /Resources << /Font << /F1 3 0 R >> >> >>",
            5 + 2 * page
        ));
        objects.push(format!("<< /Length {} >>\nstream\n{text}\nendstream", text.len()));
    }
    let mut file = "%PDF-1.4\n".to_owned();
    let mut places = Vec::new();
    for (number, object) in (1..).zip(&objects) {
        places.push(file.len());
        file += &format!("{number} 0 obj\n{object}\nendobj\n");
    }
    let table = file.len();
    file += &format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for place in places {
        file += &format!("{place:010} 00000 n \n");
    }
    file += &format!("trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n", objects.len() + 1);
    file.into_bytes()
}

/// A picture as a phone would take it: what the window shows now.
pub async fn photo(stage: &Stage, name: &str) -> anyhow::Result<PathBuf> {
    let picture = stage.browser.client().screenshot().await?;
    stage.file(name, &picture)
}

/// Whether an answer is a PDF that is not empty.
pub async fn check_pdf(fetch: &mut Fetch, path: &str) -> anyhow::Result<()> {
    let reply = fetch.get(path).await?;
    ensure!(reply.status == 200, "{path}: {} {}", reply.status, reply.text());
    ensure!(reply.header("content-type") == Some("application/pdf"), "{path}: {:?}", reply.headers);
    ensure!(reply.body.starts_with(b"%PDF"), "{path} is no PDF");
    let size = reply.body.len();
    ensure!((5_000..2_000_000).contains(&size), "{path} has {size} bytes");
    if let Ok(folder) = std::env::var("OCOP_KEEP_PAPERS") {
        let name = path.trim_start_matches('/').replace(['/', '?', '='], "-");
        std::fs::write(Path::new(&folder).join(name), &reply.body)?;
    }
    Ok(())
}
