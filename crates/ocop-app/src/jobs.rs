//! Work that nobody waits for. Each job may run twice and does the same.

use std::time::Duration;

use crate::{App, AppError, journal};

/// What the worker does each time: seal the journal once a day.
pub async fn tick(app: &App) -> Result<(), AppError> {
    if journal::seal(app).await? {
        tracing::info!("journal sealed");
    }
    Ok(())
}

/// Ticks until the program stops. A failure is logged and tried again at the next tick.
pub async fn run(app: App, every: Duration) {
    let mut ticks = tokio::time::interval(every);
    loop {
        ticks.tick().await;
        if let Err(fault) = tick(&app).await {
            tracing::error!(?fault, "job failed, will try again");
        }
    }
}
