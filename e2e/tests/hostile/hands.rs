//! People who keep working until the program dies under their hands, and who know exactly what was
//! acknowledged to them.

use anyhow::{Context as _, ensure};
use e2e::{Fetch, Form, Part, Reply};

use crate::stage::{CHAIR, COMMUNE, Reading, SECRETARY, Stage, pdf, readable, told};

/// What was told to a hand before the program died.
enum Told {
    /// The change was acknowledged.
    Done,
    /// No answer came.
    Nothing,
}

/// An answer, or that none came because the program was killed.
fn heard(sent: anyhow::Result<Reply>) -> anyhow::Result<Told> {
    match sent {
        Ok(reply) if matches!(reply.status, 200 | 303) => Ok(Told::Done),
        Ok(reply) => anyhow::bail!("refused: {}", told(&reply)),
        Err(_) => Ok(Told::Nothing),
    }
}

/// Somebody who keeps writing into one field of one page, as a page that saves itself does.
pub struct Pen {
    fetch: Fetch,
    page: String,
    fill: &'static [(&'static str, &'static str)],
    field: &'static str,
    /// How often something was written.
    count: u64,
    acknowledged: String,
    tried: String,
    /// Changes acknowledged so far.
    pub done: u64,
}

impl Pen {
    /// Takes a pen up.
    pub async fn new(
        stage: &Stage,
        who: &str,
        page: String,
        fill: &'static [(&'static str, &'static str)],
        field: &'static str,
    ) -> anyhow::Result<Self> {
        let fetch = stage.enter(who).await?.with_header("Accept", "application/json");
        let none = String::new;
        let mut pen =
            Self { fetch, page, fill, field, count: 0, acknowledged: none(), tried: none(), done: 0 };
        pen.acknowledged = pen.kept().await?;
        pen.tried = pen.acknowledged.clone();
        Ok(pen)
    }

    async fn kept(&mut self) -> anyhow::Result<String> {
        let form = self.fetch.form(&self.page, "").await?;
        Ok(form.value(self.field).unwrap_or_default().to_owned())
    }

    /// Writes until no answer comes.
    pub async fn work(&mut self) -> anyhow::Result<()> {
        loop {
            let Ok(form) = self.fetch.form(&self.page, "").await else { return Ok(()) };
            self.count += 1;
            self.tried = format!("Lần viết thứ {}.", self.count);
            let form = self.fill.iter().fold(form, |form, (name, value)| form.with(name, value));
            let sent = self.fetch.send(&form.with(self.field, &self.tried)).await;
            match heard(sent).with_context(|| self.page.clone())? {
                Told::Done => self.acknowledged.clone_from(&self.tried),
                Told::Nothing => return Ok(()),
            }
            self.done += 1;
        }
    }

    /// What was acknowledged last is there, or what was sent when the program died.
    pub async fn check(&mut self) -> anyhow::Result<()> {
        let kept = self.kept().await?;
        let (acknowledged, tried) = (&self.acknowledged, &self.tried);
        ensure!(
            kept == *acknowledged || kept == *tried,
            "{}: acknowledged «{acknowledged}», tried «{tried}», kept «{kept}»",
            self.page
        );
        self.acknowledged = kept;
        Ok(())
    }
}

/// A producer who keeps uploading papers, small ones and large ones.
pub struct Shelf {
    fetch: Fetch,
    vault: String,
    count: u64,
    acknowledged: Vec<u64>,
    /// Changes acknowledged so far.
    pub done: u64,
}

/// The bytes of a paper: every third is large, so that the program dies in the middle of some.
fn paper(no: u64) -> Vec<u8> {
    let lines = if no.is_multiple_of(3) { 200_000 } else { 1 };
    pdf(&format!("Giấy Thử {no}\n").repeat(lines))
}

impl Shelf {
    /// A producer before the vault.
    pub async fn new(stage: &Stage, who: &str) -> anyhow::Result<Self> {
        let mut fetch = stage.enter(who).await?;
        let product = fetch.link("/producers", "/products/").await?;
        let vault = format!("{}/evidence", fetch.link(&product, "/producers/").await?);
        Ok(Self { fetch, vault, count: 0, acknowledged: Vec::new(), done: 0 })
    }

    /// Uploads until no answer comes.
    pub async fn work(&mut self) -> anyhow::Result<()> {
        loop {
            self.count += 1;
            let title = format!("Giấy Thử {}", self.count);
            let file = Part::file("file", "giấy.pdf", "application/pdf", paper(self.count));
            let parts = [Part::text("kind", "1"), Part::text("title", &title), file];
            let sent = self.fetch.post_multipart(&self.vault, &parts).await;
            match heard(sent).with_context(|| self.vault.clone())? {
                Told::Done => self.acknowledged.push(self.count),
                Told::Nothing => return Ok(()),
            }
            self.done += 1;
        }
    }

    /// Every paper acknowledged since the last time lies in the vault with all its bytes, and so does
    /// every other paper that the vault lists.
    pub async fn check(&mut self) -> anyhow::Result<()> {
        let page = self.fetch.read(&self.vault).await?;
        let unanswered = self.count;
        for no in self.acknowledged.drain(..).chain([unanswered]) {
            let title = format!(">Giấy Thử {no}</a>");
            let Some((_, rest)) = page.split_once(&title) else {
                ensure!(no == unanswered, "paper {no} was acknowledged and is gone");
                continue;
            };
            let path = rest.split("href=\"").nth(1).and_then(|rest| rest.split('"').next());
            let reply = self.fetch.get(path.context("the paper has no file")?).await?;
            ensure!(
                reply.status == 200 && reply.body == paper(no),
                "paper {no} is damaged: {}",
                reply.status
            );
        }
        Ok(())
    }
}

/// A commune that keeps returning a dossier, and a producer who keeps submitting it again.
pub struct BackAndForth {
    officer: Fetch,
    producer: Fetch,
    dossier: String,
    receipt: String,
    /// Changes acknowledged so far: every other one is a return.
    pub done: u64,
}

impl BackAndForth {
    /// A dossier that has just been submitted for the first time.
    pub async fn new(stage: &Stage, producer: &str) -> anyhow::Result<Self> {
        let mut officer = stage.enter(COMMUNE).await?;
        let report = officer.link("/commune", "/dossiers/").await?;
        let dossier = report.trim_end_matches("/commune-report").to_owned();
        let producer = stage.enter(producer).await?;
        let mut both = Self { officer, producer, dossier, receipt: String::new(), done: 0 };
        both.receipt = both.seen().await?.3;
        ensure!(!both.receipt.is_empty(), "the dossier has no receipt");
        Ok(both)
    }

    /// State, submissions, returns and receipt, as the officer reads them.
    async fn seen(&mut self) -> anyhow::Result<(String, u64, u64, String)> {
        let page = self.officer.read(&self.dossier).await?;
        let state = page.split("<span class=\"tag").nth(1).and_then(|rest| rest.split("</span>").next());
        let state = state.and_then(|tag| tag.split_once('>')).context("no state")?.1.to_owned();
        let text = readable(&page);
        let number = |before: &str| -> u64 {
            let rest = text.split(before).nth(1).unwrap_or_default();
            rest.split(|letter: char| !letter.is_ascii_digit())
                .next()
                .unwrap_or_default()
                .parse()
                .unwrap_or(0)
        };
        let receipt = text.split("Phiếu số ").nth(1).and_then(|rest| rest.split(' ').next());
        Ok((state, number("Lần nộp "), number("Các lần trả lại ("), receipt.unwrap_or_default().to_owned()))
    }

    /// What must be seen after so many steps.
    fn expected(&self, steps: u64) -> (String, u64, u64, String) {
        let state = if steps.is_multiple_of(2) { "Cấp xã đang xem xét" } else { "Đang lập hồ sơ" };
        (state.to_owned(), 1 + steps / 2, steps.div_ceil(2), self.receipt.clone())
    }

    /// Returns and submits until no answer comes.
    pub async fn work(&mut self) -> anyhow::Result<()> {
        loop {
            let sent = if self.done.is_multiple_of(2) {
                let path = format!("{}/commune-report/return", self.dossier);
                self.officer.post_form(&path, &[("reasons", "Xem lại mục 8.")]).await
            } else {
                self.producer.post_form(&format!("{}/submit", self.dossier), &[]).await
            };
            match heard(sent).with_context(|| self.dossier.clone())? {
                Told::Done => self.done += 1,
                Told::Nothing => return Ok(()),
            }
        }
    }

    /// The dossier stands whole after the last acknowledged step, or after the one that had no answer.
    pub async fn check(&mut self) -> anyhow::Result<()> {
        let seen = self.seen().await?;
        if seen == self.expected(self.done + 1) {
            self.done += 1;
        }
        let expected = self.expected(self.done);
        ensure!(seen == expected, "after {} steps: {seen:?}, not {expected:?}", self.done);
        // The officer reads what was submitted, the producer works on it only after a return.
        self.officer.read(&format!("{}/commune-report", self.dossier)).await?;
        let page = self.producer.read(&format!("{}/submit", self.dossier)).await?;
        let may_submit = page.contains("Cam đoan và nộp hồ sơ");
        ensure!(
            may_submit != self.done.is_multiple_of(2),
            "after {} steps: may submit {may_submit}",
            self.done
        );
        Ok(())
    }
}

/// The members who are present when the dossier under discussion is scored.
pub const PRESENT: [&str; 8] = [
    "chu-tich",
    "thu-ky",
    "so-nong-nghiep",
    "so-cong-thuong",
    "so-khoa-hoc",
    "so-van-hoa",
    "chi-cuc-chat-luong",
    "hoi-nong-dan",
];

/// A council that keeps opening turns and sealing ballots; their totals lie as far apart each time.
pub struct Council {
    chair: Fetch,
    /// The only one who sees how many ballots are sealed.
    secretary: Fetch,
    members: Vec<Fetch>,
    scoring: String,
    turn: u64,
    /// Steps acknowledged in this turn: its opening, then one for each ballot.
    steps: usize,
    /// Changes acknowledged so far.
    pub done: u64,
}

impl Council {
    /// The council before a dossier whose first turn has been tallied.
    pub async fn new(stage: &Stage) -> anyhow::Result<Self> {
        let scoring = format!("{}/scoring", stage.dossier("discussion").await?);
        let mut members = Vec::new();
        for member in PRESENT {
            members.push(stage.enter(member).await?);
        }
        let steps = PRESENT.len() + 1;
        let (chair, secretary) = (stage.enter(CHAIR).await?, stage.enter(SECRETARY).await?);
        Ok(Self { chair, secretary, members, scoring, turn: 1, steps, done: 0 })
    }

    fn is_complete(&self) -> bool {
        self.steps == PRESENT.len() + 1
    }

    /// Opens turns and seals ballots until no answer comes.
    pub async fn work(&mut self) -> anyhow::Result<()> {
        loop {
            if self.is_complete() {
                let turn = format!("{}/turn", self.scoring);
                let sent = self.chair.post_form(&turn, &[("reason", "Chấm lại.")]).await;
                match heard(sent).context("opening a turn")? {
                    Told::Done => (self.turn, self.steps) = (self.turn + 1, 1),
                    Told::Nothing => return Ok(()),
                }
            } else {
                let Some(member) = self.members.get_mut(self.steps - 1) else { return Ok(()) };
                let Ok(ballot) = member.link(&self.scoring, "/ballots/").await else { return Ok(()) };
                let seal = Form { action: format!("{ballot}/seal"), fields: Vec::new() }.with("version", "1");
                match heard(member.send(&seal).await).context("sealing a ballot")? {
                    Told::Done => self.steps += 1,
                    Told::Nothing => return Ok(()),
                }
            }
            self.done += 1;
        }
    }

    /// Whether the secretary reads a page that fits so many steps of a turn and no other.
    fn fits(&self, page: &str, turn: u64, steps: usize) -> bool {
        let complete = steps == PRESENT.len() + 1;
        let tallied = page.contains(&format!("Kết quả lần chấm {turn} "));
        let sealed = page.contains(&format!(" {}/{} phiếu đã niêm", steps.saturating_sub(1), PRESENT.len()));
        let in_discussion = page.contains("Điểm chênh lệch, đang thảo luận");
        let scoring =
            page.contains(&format!(" Lần chấm {turn} ")) && page.contains("Hội đồng đang chấm điểm");
        if complete { tallied && in_discussion && !scoring } else { sealed && scoring && !tallied }
    }

    /// The turn stands whole after the last acknowledged step, or after the one that had no answer: the
    /// last ballot is sealed together with its tally.
    pub async fn check(&mut self) -> anyhow::Result<()> {
        let page = readable(&self.secretary.read(&self.scoring).await?);
        let next = if self.is_complete() { (self.turn + 1, 1) } else { (self.turn, self.steps + 1) };
        if self.fits(&page, next.0, next.1) {
            (self.turn, self.steps) = next;
            self.done += 1;
        }
        ensure!(self.fits(&page, self.turn, self.steps), "turn {}, {} steps: {page}", self.turn, self.steps);
        Ok(())
    }
}
