//! `ocop demo`: the demonstration province, ready to click through.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use ocop_app::demo::{self, Story};
use ocop_core::time::date;

use crate::serve_command::serve;
use crate::start::{self, DataArgs};

/// Serve the demonstration province.
#[derive(Debug, Args)]
pub struct Demo {
    /// Which story: today, or 2022 for Quảng Ninh on 2 December 2022.
    #[arg(long, default_value = "today", value_name = "today|2022")]
    story: Story,
    /// Folder of its data, kept between runs; ./var/demo or ./var/demo-2022 when not told.
    #[arg(long)]
    data: Option<PathBuf>,
    /// Start over: remove the folder's data first.
    #[arg(long)]
    fresh: bool,
    /// Address to listen on.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
}

impl Demo {
    /// Loads the province when the folder is empty, prints the accounts, serves.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let folder = self.data.unwrap_or_else(|| home_of(self.story));
        if self.fresh {
            forget(&folder)?;
        }
        let address = format!("http://{}", self.listen);
        let data = DataArgs { data: folder, database_url: None };
        println!("{} …", self.story.name());
        let app = start::story(&data, &address, self.story).await?;
        println!(
            "\nOCOP đang chạy tại {address}, ngày {}\n\nTài khoản minh họa (mật khẩu chung: {}):",
            date(app.today()),
            demo::PASSWORD
        );
        for account in demo::accounts(self.story)? {
            println!("  {:<34} {}", account.email, account.name);
        }
        println!("\nDữ liệu nằm ở {}. Dừng: Ctrl-C. Làm lại từ đầu: thêm --fresh.", data.data.display());
        serve(app, self.listen).await
    }
}

/// Where a story keeps its data.
fn home_of(story: Story) -> PathBuf {
    PathBuf::from(match story {
        Story::Today => "./var/demo",
        Story::QuangNinh2022 => "./var/demo-2022",
    })
}

/// Removes what the demonstration wrote and nothing else that may lie in the folder.
fn forget(folder: &Path) -> std::io::Result<()> {
    for name in ["ocop.db", "ocop.db-wal", "ocop.db-shm"] {
        let file = folder.join(name);
        if file.exists() {
            std::fs::remove_file(file)?;
        }
    }
    let files = folder.join("files");
    if files.exists() { std::fs::remove_dir_all(files) } else { Ok(()) }
}
