//! Pages of a paper as pictures, made on the server and kept beside the files.

use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use ocop_core::evidence::MediaType;
use ocop_core::id::EvidenceId;
use ocop_core::people::Actor;
use ocop_documents::viewing::{self, Question, Size, Unseen};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::Command;
use tokio::sync::Semaphore;

use super::{Evidence, readable};
use crate::runtime::apart;
use crate::{App, AppError, Refusal};

/// How many files are looked at at the same time: the rest of the program goes on beside them.
static DRAWING: Semaphore = Semaphore::const_new(2);

/// How long one look at a file may take: a large scan takes a second or two.
const PATIENCE: Duration = Duration::from_secs(20);

/// An answer of so many bytes is none: a page as a large picture has a tenth of them.
const ANSWER_LIMIT: usize = 16 * 1024 * 1024;

/// Where files from outside are looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Drawing {
    /// In this process, for files of our own making.
    Here,
    /// In a process for each look: this program, which is asked by `look`. A file that exhausts the stack or the time
    /// ends that process and nothing else.
    Apart(Arc<Path>),
}

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
    let text = look(app, &paper, Question::Text(page)).await?;
    let count = match paper.pages {
        Some(count) => count,
        None => count_of(&look(app, &paper, Question::Count).await?).ok_or(AppError::NotFound)?,
    };
    let text = String::from_utf8_lossy(&text).into_owned();
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
    let made = look(app, &paper, Question::Picture { page, size, turns }).await?;
    app.files.keep_made(&name, made.clone()).await?;
    Ok(made)
}

/// Why there is no answer about a file.
#[derive(Debug, thiserror::Error)]
enum NoAnswer {
    /// Because of the file.
    #[error("{0}")]
    Unseen(Unseen),
    /// Nothing can look at files now, whatever the file.
    #[error("nothing can look at files: {0}")]
    Nobody(#[from] std::io::Error),
}

/// How many pages a file has; `None` when it has none, or when they cannot be counted: then no page number is
/// refused. Files that a reader stumbles over are papers all the same.
pub async fn page_count(app: &App, media: MediaType, bytes: &[u8]) -> Option<u16> {
    count(app, media, bytes).await.unwrap_or_else(|fault| {
        tracing::error!(%fault, "pages are counted later");
        None
    })
}

/// The same; fails when it is not the file's fault that its pages are not counted.
pub(super) async fn count(app: &App, media: MediaType, bytes: &[u8]) -> Result<Option<u16>, std::io::Error> {
    match media {
        MediaType::Jpeg | MediaType::Png | MediaType::Webp => Ok(Some(1)),
        MediaType::Mp4 | MediaType::Docx | MediaType::Xlsx => Ok(None),
        MediaType::Pdf => match ask(app, media, bytes.to_vec(), Question::Count).await {
            Ok(answer) => Ok(count_of(&answer)),
            Err(NoAnswer::Unseen(_)) => Ok(None),
            Err(NoAnswer::Nobody(fault)) => Err(fault),
        },
    }
}

fn count_of(answer: &[u8]) -> Option<u16> {
    std::str::from_utf8(answer).ok()?.parse().ok()
}

/// Asks about the file of a paper.
async fn look(app: &App, paper: &Evidence, question: Question) -> Result<Vec<u8>, AppError> {
    let unseen = |why: Unseen| match why {
        Unseen::NoSuchPage => AppError::NotFound,
        Unseen::NoPages | Unseen::Locked | Unseen::Unreadable => Refusal::because(why.to_string()),
    };
    if app.files.whole(&paper.file_hash).await?.is_none() {
        return Err(unseen(Unseen::Unreadable));
    }
    let file = app.files.get(&paper.file_hash).await?;
    ask(app, paper.media_type, file, question).await.map_err(|why| match why {
        NoAnswer::Unseen(why) => {
            tracing::info!(%why, %question, paper = %paper.id, "a page could not be shown");
            unseen(why)
        }
        NoAnswer::Nobody(_) => {
            tracing::error!(%why, %question, paper = %paper.id);
            unseen(Unseen::Unreadable)
        }
    })
}

/// Asks about a file, apart from the threads that answer requests. A reader that falls over a file from outside
/// costs this answer only; its turn ends with the answer, and with its process.
async fn ask(app: &App, media: MediaType, file: Vec<u8>, question: Question) -> Result<Vec<u8>, NoAnswer> {
    let _turn = DRAWING.acquire().await.map_err(std::io::Error::other)?;
    match &app.drawing {
        Drawing::Here => {
            let file = Arc::new(file);
            let looked = apart(move || Ok(viewing::answer(media, &file, question))).await;
            looked.unwrap_or(Err(Unseen::Unreadable)).map_err(NoAnswer::Unseen)
        }
        Drawing::Apart(program) => {
            let asked = tokio::time::timeout(PATIENCE, ask_process(program, media, &file, question));
            asked.await.unwrap_or(Err(NoAnswer::Unseen(Unseen::Unreadable)))
        }
    }
}

/// Asks another process, which gets nothing of ours but the file and is killed when nobody waits for it any more.
async fn ask_process(
    program: &Path,
    media: MediaType,
    file: &[u8],
    question: Question,
) -> Result<Vec<u8>, NoAnswer> {
    let mut child = Command::new(program)
        .args(["look", media.code(), &question.to_string()])
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()?;
    let (input, output) = (child.stdin.take(), child.stdout.take());
    let give = async move {
        if let Some(mut input) = input {
            // A process that has ended early has told why by its code.
            let _ = input.write_all(file).await;
        }
    };
    let take = async move {
        let mut answer = Vec::new();
        if let Some(output) = output {
            output.take(u64::try_from(ANSWER_LIMIT).unwrap_or(u64::MAX)).read_to_end(&mut answer).await?;
        }
        Ok::<_, std::io::Error>(answer)
    };
    let ((), answer) = tokio::join!(give, take);
    let (answer, status) = (answer?, child.wait().await?);
    match status.success() {
        true if answer.len() < ANSWER_LIMIT => Ok(answer),
        true => Err(NoAnswer::Unseen(Unseen::Unreadable)),
        false => Err(NoAnswer::Unseen(Unseen::of_exit_code(status.code()))),
    }
}
