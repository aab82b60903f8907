//! Pages of a paper as pictures, made on the server and kept beside the files.

use std::sync::Arc;

use ocop_core::id::EvidenceId;
use ocop_core::people::Actor;
use ocop_documents::viewing::{self, File, Size, Unseen};
use tokio::sync::Semaphore;

use super::{Evidence, readable};
use crate::runtime::apart;
use crate::{App, AppError, Refusal};

/// How many pictures are drawn at the same time: the rest of the program goes on beside them.
static DRAWING: Semaphore = Semaphore::const_new(2);

/// One page of a paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageView {
    /// The paper.
    pub id: EvidenceId,
    /// What people call it.
    pub title: String,
    /// The page, from 1.
    pub page: u16,
    /// How many pages the paper has.
    pub count: u16,
    /// The text on it; empty for scans and photos.
    pub text: String,
}

/// One page of a paper with its text, for everybody who may read the file.
///
/// # Errors
/// [`AppError::NotFound`] when the paper has no such page; a refusal when it cannot be shown here.
pub async fn page(app: &App, actor: &Actor, id: &EvidenceId, page: u16) -> Result<PageView, AppError> {
    let mut tx = app.db.read().await?;
    let paper = readable(&mut tx, actor, id).await?;
    drop(tx);
    let media = paper.media_type;
    let (count, text) = look(app, &paper, move |file| {
        Ok((viewing::page_count(media, file)?, viewing::page_text(media, file, page)?))
    })
    .await?;
    Ok(PageView { id: paper.id, title: paper.title, page, count, text })
}

/// The picture of a page as JPEG, made once; `turns` are quarter turns to the right.
///
/// # Errors
/// [`AppError::NotFound`] when the paper has no such page; a refusal when it cannot be shown here.
pub async fn picture(
    app: &App,
    actor: &Actor,
    id: &EvidenceId,
    page: u16,
    size: Size,
    turns: u8,
) -> Result<Vec<u8>, AppError> {
    let mut tx = app.db.read().await?;
    let paper = readable(&mut tx, actor, id).await?;
    drop(tx);
    let name = format!("{}/{page}-{}-{}", paper.file_hash, size.code(), turns % 4);
    if let Some(made) = app.files.made(&name).await {
        return Ok(made);
    }
    let media = paper.media_type;
    let made = look(app, &paper, move |file| viewing::page_picture(media, file, page, size, turns)).await?;
    app.files.keep_made(&name, made.clone()).await?;
    Ok(made)
}

/// Reads the file apart from the threads that answer requests. A reader that falls over a file from outside
/// costs this answer only.
async fn look<T: Send + 'static>(
    app: &App,
    paper: &Evidence,
    work: impl FnOnce(&File) -> Result<T, Unseen> + Send + 'static,
) -> Result<T, AppError> {
    let unseen = |why: Unseen| match why {
        Unseen::NoSuchPage => AppError::NotFound,
        Unseen::NoPages | Unseen::Locked | Unseen::Unreadable => Refusal::because(why.to_string()),
    };
    let _turn = DRAWING.acquire().await.map_err(|_| unseen(Unseen::Unreadable))?;
    if app.files.whole(&paper.file_hash).await?.is_none() {
        return Err(unseen(Unseen::Unreadable));
    }
    let file: File = Arc::new(app.files.get(&paper.file_hash).await?);
    match apart(move || Ok(work(&file))).await {
        Ok(done) => done.map_err(unseen),
        Err(fault) => {
            tracing::warn!(%fault, paper = %paper.id, "a page could not be drawn");
            Err(unseen(Unseen::Unreadable))
        }
    }
}
