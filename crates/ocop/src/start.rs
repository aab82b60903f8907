//! Where the data lie, and the application made of them.

use std::future::Future;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, anyhow};
use clap::Args;
use ocop_app::demo::{self, Story};
use ocop_app::{App, Drawing, rules, search, units};
use ocop_core::rules::Rules;
use ocop_documents::{Engine, Fonts};
use ocop_store::Db;
use ocop_store::blobs::Blobs;

use crate::runtime::{ShiftedClock, SystemClock, SystemIds};

/// Where the data lie.
#[derive(Debug, Clone, Args)]
pub struct DataArgs {
    /// Folder of the embedded database and the uploaded files.
    #[arg(long, default_value = "./var/ocop", env = "OCOP_DATA")]
    pub data: PathBuf,
    /// PostgreSQL instead of the embedded database: postgres://user:password@host/database.
    #[arg(long, env = "OCOP_DATABASE_URL")]
    pub database_url: Option<String>,
}

/// The rules that the program was built with.
pub fn embedded_rules() -> anyhow::Result<Arc<Rules>> {
    rules::embedded().map_err(|faults| {
        let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
        anyhow!("the embedded rules are at fault:\n{}", lines.join("\n"))
    })
}

/// Where addresses in papers lead when a command does not serve.
const LOCAL: &str = "http://127.0.0.1:8080";

/// The application on these data for a command that does not serve.
///
/// # Errors
/// As [`app`].
pub async fn unserved(data: &DataArgs) -> anyhow::Result<App> {
    app(data, LOCAL).await
}

/// The application on these data.
///
/// # Errors
/// When the folder or the database cannot be opened.
pub async fn app(data: &DataArgs, base_url: &str) -> anyhow::Result<App> {
    std::fs::create_dir_all(&data.data)
        .with_context(|| format!("cannot make the folder {}", data.data.display()))?;
    let db = open(&data.data, data.database_url.as_deref()).await?;
    let app = App {
        db,
        files: Blobs::folder(&data.data.join("files"))?,
        rules: embedded_rules()?,
        calendar: Arc::new(units::calendar()?),
        documents: Arc::new(Engine::new(Fonts::System)),
        clock: Arc::new(SystemClock),
        ids: Arc::new(SystemIds),
        base_url: base_url.trim_end_matches('/').into(),
        // The demonstration's own papers need no guard; serving sets one up.
        drawing: Drawing::Here,
        post: None,
        cheap_passwords: false,
    };
    units::seed(&app).await?;
    if search::index_all(&app).await? {
        tracing::info!("everything kept before can be searched now");
    }
    Ok(app)
}

/// The application with a story of the demonstration in these data: loaded when they are empty, and
/// on the story's own day.
///
/// # Errors
/// When the folder cannot be opened or holds something else.
pub async fn story(data: &DataArgs, base_url: &str, story: Story) -> anyhow::Result<App> {
    let app = app(data, base_url).await?;
    if demo::is_empty(&app).await? {
        demo::load(&app, story).await?;
    }
    Ok(match demo::now_in(&app, story).await? {
        Some(now) => App { clock: Arc::new(ShiftedClock::standing_at(now)?), ..app },
        None => app,
    })
}

/// A story in a folder of its own, for commands that only ask: it is gone with the second value.
///
/// # Errors
/// When there is no room for it.
pub async fn passing_story(told: Story) -> anyhow::Result<(App, tempfile::TempDir)> {
    let folder = tempfile::tempdir().context("cannot make a folder for the story")?;
    let data = DataArgs { data: folder.path().to_owned(), database_url: None };
    Ok((story(&data, LOCAL, told).await?, folder))
}

async fn open(folder: &Path, url: Option<&str>) -> anyhow::Result<Db> {
    match url {
        Some(url) => Db::connect(url).await.context("cannot open the PostgreSQL database"),
        None => {
            let file = folder.join("ocop.db");
            Db::open_file(&file).await.with_context(|| format!("cannot open {}", file.display()))
        }
    }
}

/// Runs a command that needs the asynchronous runtime; a failure is one line on stderr.
pub fn run(command: impl Future<Output = anyhow::Result<ExitCode>>) -> ExitCode {
    let outcome = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(anyhow::Error::from)
        .and_then(|runtime| runtime.block_on(command));
    outcome.unwrap_or_else(|fault| {
        eprintln!("ocop: {fault:#}");
        ExitCode::FAILURE
    })
}
