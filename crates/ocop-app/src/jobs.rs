//! Work that nobody waits for. Each job may run twice and does the same.

use std::time::Duration;

use crate::{App, AppError, evidence, imports, journal};

/// How soon an import that was set going begins.
const IMPORTS_EVERY: Duration = Duration::from_secs(2);

/// What the worker does each time: seal the journal once a day, count the pages of older papers, throw away files
/// that nobody goes on sending.
pub async fn tick(app: &App) -> Result<(), AppError> {
    if journal::seal(app).await? {
        tracing::info!("journal sealed");
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

/// Ticks until the program stops, and goes on with imports all the time. A failure is logged and
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
    tokio::join!(upkeep, taking_in);
}

fn logged(done: Result<(), AppError>) {
    if let Err(fault) = done {
        tracing::error!(?fault, "job failed, will try again");
    }
}
