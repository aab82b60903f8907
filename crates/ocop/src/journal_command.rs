//! `ocop journal verify`: proves the journal or names what was tampered with.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use ocop_app::journal::prove;

use crate::start::{self, DataArgs};

/// The hash-chained journal.
#[derive(Debug, Args)]
pub struct Journal {
    #[command(subcommand)]
    command: JournalCommand,
}

#[derive(Debug, Subcommand)]
enum JournalCommand {
    /// Check every entry, chain and seal; exit 1 and a line for each fault.
    Verify {
        #[command(flatten)]
        data: DataArgs,
    },
}

impl Journal {
    /// Checks the journal.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let JournalCommand::Verify { data } = self.command;
        let app = start::unserved(&data).await?;
        let proof = prove(&app).await?;
        for fault in &proof.faults {
            println!("{fault}");
        }
        if proof.faults.is_empty() {
            println!(
                "Nhật ký nguyên vẹn: {} mục trong {} chuỗi, {} niêm ngày.",
                proof.entries, proof.chains, proof.seals
            );
            Ok(ExitCode::SUCCESS)
        } else {
            println!("Nhật ký có {} chỗ không khớp trên {} mục.", proof.faults.len(), proof.entries);
            Ok(ExitCode::FAILURE)
        }
    }
}
