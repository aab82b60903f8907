//! Page counts of papers that came before they were kept.

use ocop_store::db::{Chain, StoreError};
use ocop_store::evidence;

use super::looking::count;
use crate::{App, AppError};

/// How many papers are counted in one go: the rest follows at the next tick.
const AT_ONCE: i64 = 100;

/// Counts the pages of older papers, each once; how many were looked at. What cannot be counted, or is not on the
/// disk any more, stays without a count, as it is at an upload. While nothing can look at files, all of them wait.
pub async fn count_older(app: &App) -> Result<usize, AppError> {
    let mut tx = app.db.read().await?;
    let papers = evidence::uncounted(&mut tx, AT_ONCE).await?;
    drop(tx);
    for paper in &papers {
        let pages = match app.files.get(&paper.file_hash).await {
            Ok(bytes) => count(app, paper.media_type, &bytes).await.map_err(StoreError::from)?,
            Err(fault) => {
                tracing::warn!(%fault, paper = %paper.id, "its file is not there");
                None
            }
        };
        let mut tx = app.db.write(Chain::of("evidence", "pages")).await?;
        evidence::counted(&mut tx, &paper.id, pages, app.now()).await?;
        tx.commit_upkeep().await?;
    }
    Ok(papers.len())
}
