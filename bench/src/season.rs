//! A whole season of a province, from the first dossier to the last paper, by the verbs and once more with the
//! council's part through HTTP: both must come to the same results, and `ocop check` must find nothing.

pub mod council;
pub mod filing;

use std::error::Error;
use std::fmt::Display;
use std::path::Path;
use std::time::{Duration, Instant};

use ocop_app::{App, audit, papers};
use ocop_core::id::{DecisionId, DossierId};
use ocop_documents::specimen::{Specimen, render};

use crate::program::{application, compare, head};
use council::{Council, Via};
use filing::Filing;

/// Members that vote, chair and secretary among them.
const MEMBERS: usize = 11;

/// Runs the season twice, compares, and tells what each part takes.
pub fn measure(products: usize) -> Result<(), Box<dyn Error>> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        let (one, two) = (tempfile::tempdir()?, tempfile::tempdir()?);
        println!("by the verbs");
        let by_verbs = held(one.path(), products, MEMBERS, Via::Verbs).await?;
        println!("the council through HTTP");
        let by_http = held(two.path(), products, MEMBERS, Via::Http).await?;
        if by_verbs != by_http {
            return Err(format!("results differ: {by_verbs:?} and {by_http:?}").into());
        }
        println!("the same {} results both ways", by_http.len());
        Ok(())
    })
}

/// Stars and mean of a dossier, as its council gave them.
pub type Outcome = (Option<u8>, Option<(i64, i64)>);

/// A clock for the parts of a season.
struct Stopwatch(Instant);

impl Stopwatch {
    fn lap(&mut self, what: &str, count: impl Display) -> Duration {
        let lap = self.0.elapsed();
        println!("  {what:<44} {:>8} ms {count:>8}", lap.as_millis());
        self.0 = Instant::now();
        lap
    }
}

/// Sets as many papers of one line: the floor under every paper of a season.
fn bare_papers(app: &App, count: usize) -> Result<(), Box<dyn Error>> {
    for no in 0..count {
        let bare = Specimen {
            title: "Giấy tờ".to_owned(),
            issuer: String::new(),
            number: no.to_string(),
            issued_on: app.today(),
            producer: String::new(),
            pages: 1,
        };
        render(&app.documents, &bare)?;
    }
    Ok(())
}

/// Holds a season in a folder with so many products and members that vote; the results in the order of the dossiers.
pub async fn held(
    folder: &Path,
    products: usize,
    members: usize,
    via: Via,
) -> Result<Vec<Outcome>, Box<dyn Error>> {
    let app = application(folder).await?;
    let mut watch = Stopwatch(Instant::now());
    let filing = Filing::open(&app).await?;
    let mut filed = Vec::new();
    for no in 0..products + 2 {
        filed.push(filing.file(&app, no, 1).await?);
    }
    // Two producers think better of it.
    for dossier in filed.drain(products..).collect::<Vec<_>>() {
        filing.withdraw(&app, &dossier).await?;
    }
    watch.lap("dossiers filed, proposed, received", products);
    let council = Council::set_up(&app, &filing, via, members).await?;
    council.advise(&app, &filing, &filed).await?;
    watch.lap("council set up, dossiers advised", filed.len());
    let turns = council.score(&app, &filed).await?;
    watch.lap("ballots scored and sealed", turns * members);
    let decision = council.decide(&app, &filing, &filed).await?;
    watch.lap("results confirmed, decision, certificates", filed.len());
    let revoked = council.revoke_forged(&app, &filing, &filed).await?;
    watch.lap("a forged dossier found, star withdrawn", revoked);
    let set = every_paper(&app, &council, &filing, &filed, &decision).await?;
    let papers = watch.lap("every paper as PDF", set);
    bare_papers(&app, set)?;
    let floor = watch.lap("as many papers of one line (the floor)", set);
    head("  setting all papers, microseconds", "one line", "as they are");
    compare("  together", floor, papers);
    let found = audit::run(&app).await?;
    watch.lap("everything computed again (ocop check)", found.ballots);
    if !found.is_clean() {
        return Err(format!("the check finds {:?} {:?}", found.faults, found.journal.faults).into());
    }
    outcomes(&app, &filed).await
}

async fn outcomes(app: &App, filed: &[DossierId]) -> Result<Vec<Outcome>, Box<dyn Error>> {
    let mut tx = app.db.read().await?;
    let mut outcomes = Vec::new();
    for dossier in filed {
        let result = ocop_store::recognition::find_result(&mut tx, dossier)
            .await?
            .ok_or("a dossier without result")?;
        outcomes.push((result.stars, result.mean));
    }
    Ok(outcomes)
}

/// Sets every paper of the season; how many.
async fn every_paper(
    app: &App,
    council: &Council,
    filing: &Filing,
    filed: &[DossierId],
    decision: &DecisionId,
) -> Result<usize, Box<dyn Error>> {
    let office = &filing.office;
    papers::decision(app, office, decision).await?;
    papers::minutes(app, office, &council.id, None).await?;
    let mut set = 2;
    for dossier in filed {
        papers::form01(app, office, dossier).await?;
        papers::form02(app, office, dossier).await?;
        papers::form03(app, office, dossier).await?;
        papers::advice(app, office, dossier).await?;
        papers::tally(app, office, dossier, None).await?;
        set += 5;
        for ballot in council.last_ballots(app, dossier).await? {
            papers::score_sheet(app, office, &ballot).await?;
            set += 1;
        }
        let mut tx = app.db.read().await?;
        let certificate = ocop_store::recognition::certificate_of_dossier(&mut tx, dossier).await?;
        let row = ocop_store::dossiers::find(&mut tx, dossier).await?.ok_or("a dossier is lost")?;
        drop(tx);
        match certificate {
            Some(certificate) if certificate.revoked_on.is_none() => {
                papers::certificate(app, office, &certificate.id).await?;
                set += 1;
            }
            Some(certificate) => {
                papers::revocation(app, office, &certificate.id).await?;
                set += 1;
            }
            None if row.state == ocop_core::dossiers::State::NotRecognised => {
                papers::notice(app, office, dossier).await?;
                set += 1;
            }
            None => {}
        }
    }
    Ok(set)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_small_season_comes_to_the_same_results_both_ways() {
        let mut results = Vec::new();
        for via in [Via::Verbs, Via::Http] {
            let folder = tempfile::tempdir().unwrap();
            results.push(held(folder.path(), 2, 5, via).await.unwrap());
        }
        assert_eq!(results[0], results[1]);
        assert_eq!(results[0].len(), 2);
    }
}
