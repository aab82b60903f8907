//! The council's room: a criterion of a dossier of five hundred pages beside one of five, and fifty members who save
//! at the same moment beside one who saves alone.

use std::error::Error;
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use ocop_app::App;
use ocop_core::id::BallotId;
use ocop_core::scoring::Sheet;

use crate::program::{answer, application, compare, head, request};
use crate::season::council::{Council, Via, save};
use crate::season::filing::{Filing, base, set_of};

/// Members who save at once.
const MEMBERS: usize = 50;
/// Papers of five pages of the large dossier.
const PAPERS: usize = 100;
/// Times that a page is asked for; the fastest counts.
const ROUNDS: usize = 7;

/// Measures both.
pub fn measure() -> Result<(), Box<dyn Error>> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        let folder = tempfile::tempdir()?;
        let app = application(folder.path()).await?;
        let filing = Filing::open(&app).await?;
        let small = filing.file(&app, 9, 1).await?;
        let large = filing.file(&app, 19, PAPERS).await?;
        let filed = [small.clone(), large.clone()];
        let council = Council::set_up(&app, &filing, Via::Http, MEMBERS).await?;
        council.advise(&app, &filing, &filed).await?;
        council.open(&app, &filed).await?;
        let (few, many) = (council.desks(&app, &small).await?, council.desks(&app, &large).await?);
        head("opening a criterion, microseconds", "5 pages", "500 pages");
        compare("with its papers", opened(&app, &few).await?, opened(&app, &many).await?);
        let sheet = base(set_of(&app, 9)?, 9);
        let count = u32::try_from(sheet.choices.len())?;
        let alone = saved(&app, few.iter().take(1), &sheet).await?;
        let others = u32::try_from(MEMBERS - 1)?;
        let together = saved(&app, few.iter().skip(1), &sheet).await?;
        head("saving a criterion, microseconds", "one alone", "49 at once");
        compare("each save", alone / count, together / (count * others));
        Ok(())
    })
}

/// The fastest opening of the first criterion by the first member.
async fn opened(app: &App, desks: &[(BallotId, String)]) -> Result<Duration, Box<dyn Error>> {
    let (ballot, cookie) = desks.first().ok_or("nobody has a ballot")?;
    let mut fastest = Duration::MAX;
    for _ in 0..ROUNDS {
        let asked = request(&format!("/ballots/{ballot}/criteria/1.1"), cookie, None)?;
        let start = Instant::now();
        let status = answer(app, asked).await?.status();
        fastest = fastest.min(start.elapsed());
        if status != StatusCode::OK {
            return Err(format!("the room answers {status}").into());
        }
    }
    Ok(fastest)
}

/// How long members need who all save their sheets at the same moment.
async fn saved<'a>(
    app: &App,
    desks: impl Iterator<Item = &'a (BallotId, String)>,
    sheet: &Sheet,
) -> Result<Duration, Box<dyn Error>> {
    let start = Instant::now();
    let mut members = tokio::task::JoinSet::new();
    for (ballot, cookie) in desks {
        let (app, sheet, ballot, cookie) = (app.clone(), sheet.clone(), ballot.clone(), cookie.clone());
        members.spawn(async move {
            save(&app, &cookie, &ballot, 1, &sheet).await.map(|_| ()).map_err(|fault| fault.to_string())
        });
    }
    while let Some(done) = members.join_next().await {
        done??;
    }
    Ok(start.elapsed())
}
