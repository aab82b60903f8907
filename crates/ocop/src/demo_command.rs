//! `ocop demo`: the demonstration province, ready to click through.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use ocop_app::demo;

use crate::serve_command::serve;
use crate::start::{self, DataArgs};

/// Serve the demonstration province.
#[derive(Debug, Args)]
pub struct Demo {
    /// Folder of its data, kept between runs.
    #[arg(long, default_value = "./var/demo")]
    data: PathBuf,
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
        if self.fresh {
            forget(&self.data)?;
        }
        let address = format!("http://{}", self.listen);
        let data = DataArgs { data: self.data, database_url: None };
        let app = start::app(&data, &address).await?;
        if demo::is_empty(&app).await? {
            println!("Đang nạp tỉnh minh họa …");
            demo::load(&app).await?;
        }
        println!(
            "\nOCOP đang chạy tại {address}\n\nTài khoản minh họa (mật khẩu chung: {}):",
            demo::PASSWORD
        );
        for account in demo::accounts()? {
            println!("  {:<34} {}", account.email, account.name);
        }
        println!("\nDữ liệu nằm ở {}. Dừng: Ctrl-C. Làm lại từ đầu: thêm --fresh.", data.data.display());
        serve(app, self.listen).await
    }
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
