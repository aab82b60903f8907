//! `ocop serve`

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use clap::Args;
use ocop_app::mail::Post;
use ocop_app::{App, Drawing};

use crate::mailer::MailArgs;
use crate::start::{self, DataArgs};

/// Serve the programme until Ctrl-C.
#[derive(Debug, Args)]
pub struct Serve {
    #[command(flatten)]
    data: DataArgs,
    /// Address to listen on.
    #[arg(long, default_value = "127.0.0.1:8080", env = "OCOP_LISTEN")]
    listen: SocketAddr,
    #[command(flatten)]
    mail: MailArgs,
    /// Where people reach the program, as in QR codes: https://ocop.example.gov.vn
    #[arg(long, env = "OCOP_BASE_URL")]
    base_url: Option<String>,
}

impl Serve {
    /// Serves until asked to stop.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let base_url = self.base_url.clone().unwrap_or_else(|| format!("http://{}", self.listen));
        let post = self.mail.mailer()?;
        let app = start::app(&self.data, &base_url).await?;
        let app = App { post: post.map(|mailer| Arc::new(mailer) as Arc<dyn Post>), ..app };
        serve(app, self.listen).await
    }
}

/// Serves an application until Ctrl-C or a stop signal; requests under way are finished.
pub async fn serve(app: App, listen: SocketAddr) -> anyhow::Result<ExitCode> {
    let app = App { drawing: Drawing::Apart(this_program()?.into()), ..app };
    let listener = tokio::net::TcpListener::bind(listen)
        .await
        .with_context(|| format!("cannot listen on {listen}: is another program using the port?"))?;
    tracing::info!(address = %listener.local_addr()?, "serving");
    let jobs = tokio::spawn(ocop_app::jobs::run(app.clone(), Duration::from_secs(600)));
    axum::serve(listener, ocop_web::router(app.clone())).with_graceful_shutdown(stopped()).await?;
    jobs.abort();
    app.db.close().await;
    Ok(ExitCode::SUCCESS)
}

/// The program itself, for `ocop look`. The link of the kernel leads to it also after its file was replaced by a newer
/// version.
fn this_program() -> anyhow::Result<PathBuf> {
    let link = PathBuf::from("/proc/self/exe");
    if link.exists() { Ok(link) } else { std::env::current_exe().context("where is this program?") }
}

async fn stopped() {
    let ctrl_c = async {
        let _ = tokio::signal::ctrl_c().await;
    };
    #[cfg(unix)]
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! {
        () = ctrl_c => {}
        () = terminated => {}
    }
}
