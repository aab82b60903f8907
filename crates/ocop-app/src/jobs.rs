//! Work that nobody waits for. Each job may run twice and does the same.

use std::time::Duration;

use crate::{App, AppError, evidence, imports, journal, mail, notifications};

/// How soon an import that was set going begins.
const IMPORTS_EVERY: Duration = Duration::from_secs(2);

/// How soon a letter that is due is written and handed over.
const MAIL_EVERY: Duration = Duration::from_secs(60);

/// What the worker does each time: seal the journal and call deadlines to mind once a day, count the pages of older
/// papers, throw away files that nobody goes on sending.
pub async fn tick(app: &App) -> Result<(), AppError> {
    if journal::seal(app).await? {
        tracing::info!("journal sealed");
    }
    if notifications::remind(app).await? {
        tracing::info!("deadlines called to mind");
    }
    let counted = evidence::count_older(app).await?;
    if counted > 0 {
        tracing::info!(counted, "pages of older papers");
    }
    let dropped = evidence::uploads::sweep(app).await?;
    if dropped > 0 {
        tracing::info!(dropped, "files that nobody went on sending");
    }
    Ok(())
}

/// Letters of one go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Posted {
    /// Written.
    pub written: usize,
    /// Taken by the mail server.
    pub sent: usize,
}

/// Writes the letters that are due and hands those to the mail server whose time has come.
pub async fn post(app: &App) -> Result<Posted, AppError> {
    let posted = Posted { written: mail::compose(app).await?, sent: mail::send(app).await? };
    if posted.written + posted.sent > 0 {
        tracing::info!(posted.written, posted.sent, "letters");
    }
    Ok(posted)
}

/// Ticks until the program stops, and goes on with imports and letters all the time. A failure is logged and
/// tried again at the next tick.
pub async fn run(app: App, every: Duration) {
    let upkeep = async {
        let mut ticks = tokio::time::interval(every);
        loop {
            ticks.tick().await;
            logged(tick(&app).await);
        }
    };
    let taking_in = async {
        let mut ticks = tokio::time::interval(IMPORTS_EVERY);
        loop {
            ticks.tick().await;
            logged(imports::go_on(&app).await);
        }
    };
    let posting = async {
        let mut ticks = tokio::time::interval(MAIL_EVERY);
        loop {
            ticks.tick().await;
            logged(post(&app).await.map(|_| ()));
        }
    };
    tokio::join!(upkeep, taking_in, posting);
}

fn logged(done: Result<(), AppError>) {
    if let Err(fault) = done {
        tracing::error!(?fault, "job failed, will try again");
    }
}
