//! The program is killed again and again in the middle of its work: what was acknowledged is there after
//! the restart, nothing is half done, and the journal proves itself.

use std::time::{Duration, Instant};

use anyhow::ensure;

use crate::hands::{BackAndForth, Council, Pen, Shelf};
use crate::stage::{ADVISOR, COMPLETING, MEMBER, OTHER_COMMUNE, PRODUCER, Reading, Stage};

/// How long the program is killed and started again.
const LONG: Duration = Duration::from_secs(20);

/// How long at most, when a slow machine keeps somebody from getting anything done between two deaths.
const LONGEST: Duration = Duration::from_secs(180);

/// Least number of deaths.
const DEATHS: u32 = 8;

/// Everybody who works at the same time.
struct Crowd {
    pens: [Pen; 6],
    shelf: Shelf,
    both: BackAndForth,
    council: Council,
}

/// How many work at the same time: so many changes may be kept without having been acknowledged.
const HANDS: u64 = 9;

impl Crowd {
    async fn gather(stage: &Stage) -> anyhow::Result<Self> {
        let mut producer = stage.enter(PRODUCER).await?;
        let draft = producer.link("/home", "/dossiers/").await?;
        let product = producer.link(&draft, "/products/").await?;
        let owner = producer.link(&product, "/producers/").await?;
        let report = stage.enter(OTHER_COMMUNE).await?.link("/commune", "/dossiers/").await?;
        let ballot = stage.enter(MEMBER).await?.link("/home", "/ballots/").await?;
        let finding = format!("{}/advice/findings/3.2", stage.dossier("advising").await?);
        let (criterion, points) = (format!("{draft}/self-assessment/2.1"), format!("{ballot}/criteria/1.1"));
        let level = &[("choice", "1:1")];
        Ok(Self {
            pens: [
                Pen::new(stage, PRODUCER, criterion, level, "note").await?,
                Pen::new(stage, PRODUCER, format!("{draft}/form"), &[], "history").await?,
                Pen::new(stage, PRODUCER, format!("{owner}/edit"), &[], "address").await?,
                Pen::new(stage, OTHER_COMMUNE, report, &[], "conclusion").await?,
                Pen::new(stage, MEMBER, points, level, "note").await?,
                Pen::new(stage, ADVISOR, finding, &[], "finding").await?,
            ],
            shelf: Shelf::new(stage, COMPLETING).await?,
            both: BackAndForth::new(stage, "htx-ban-chuong").await?,
            council: Council::new(stage).await?,
        })
    }

    /// Works until the program is dead.
    async fn work(&mut self) -> anyhow::Result<()> {
        let [one, two, three, four, five, six] = &mut self.pens;
        let pens = async {
            tokio::try_join!(one.work(), two.work(), three.work(), four.work(), five.work(), six.work())
        };
        tokio::try_join!(pens, self.shelf.work(), self.both.work(), self.council.work())?;
        Ok(())
    }

    async fn check(&mut self) -> anyhow::Result<()> {
        for pen in &mut self.pens {
            pen.check().await?;
        }
        self.shelf.check().await?;
        self.both.check().await?;
        self.council.check().await
    }

    /// Changes acknowledged to each, or found kept after a death.
    fn done(&self) -> Vec<u64> {
        let pens = self.pens.iter().map(|pen| pen.done);
        pens.chain([self.shelf.done, self.both.done, self.council.done]).collect()
    }
}

#[tokio::test]
async fn a_killed_program_has_lost_nothing_and_left_nothing_half_done() -> anyhow::Result<()> {
    let mut stage = Stage::open().await?;
    let mut crowd = Crowd::gather(&stage).await?;
    let start = Instant::now();
    let first = stage.changes()?;
    let mut deaths = 0;
    let idle = |crowd: &Crowd| crowd.done().contains(&0) && start.elapsed() < LONGEST;
    while deaths < DEATHS || start.elapsed() < LONG || idle(&crowd) {
        deaths += 1;
        // From the first request to the middle of a large file, at another moment each time, and later when a
        // slow machine has taken long.
        let slower = start.elapsed().saturating_sub(LONG) / 60;
        let moment = Duration::from_millis(u64::from(deaths * 97 % 610) + 5) + slower;
        let killing = async {
            tokio::time::sleep(moment).await;
            stage.ocop.kill()
        };
        tokio::try_join!(killing, crowd.work())?;
        stage.ocop.restart().await?;
        crowd.check().await?;
        let (kept, done) = (stage.changes()? - first, crowd.done().iter().sum::<u64>());
        let unanswered = HANDS * u64::from(deaths);
        ensure!(
            (done..=done + unanswered).contains(&kept),
            "{kept} changes are kept, {done} were acknowledged"
        );
    }
    let done = crowd.done();
    // How much each gets done is the machine's speed; that nobody was shut out is the test's business.
    ensure!(done.iter().all(|done| *done > 0), "somebody never worked: {done:?}");
    println!("{deaths} deaths, acknowledged changes {done:?}");
    Ok(())
}
