//! `ocop check`: computes everything decided again from the raw ballots, or names what does not follow.

use std::process::ExitCode;

use clap::Args;
use ocop_app::audit::{About, Audit, run};
use serde_json::json;

use crate::start::{self, DataArgs};

/// Whether scores, results, certificates, papers and the journal are what they must be.
#[derive(Debug, Args)]
pub struct Check {
    #[command(flatten)]
    data: DataArgs,
    /// One JSON object instead of lines.
    #[arg(long)]
    json: bool,
}

impl Check {
    /// Checks; exit 1 when anything is wrong.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let found = run(&start::unserved(&self.data).await?).await?;
        if self.json {
            println!("{}", as_json(&found));
        } else {
            print(&found);
        }
        Ok(if found.is_clean() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

fn print(found: &Audit) {
    for (about, fault) in &found.faults {
        match about {
            About::Dossier(dossier) => println!("Hồ sơ {dossier}: {fault}."),
            About::Evaluation(paper) => println!("Kết quả ghi từ giấy {paper}: {fault}."),
            About::File => println!("Giấy tờ: {fault}."),
        }
    }
    for fault in &found.journal.faults {
        println!("Nhật ký: {fault}");
    }
    println!(
        "Đã tính lại {} hồ sơ: {} bản nộp, {} phiếu, {} lần chấm, {} kết quả, {} kết quả ghi từ giấy; {} tệp; nhật ký {} mục, {} niêm ngày. {}",
        found.dossiers,
        found.submissions,
        found.ballots,
        found.turns,
        found.results,
        found.papers,
        found.files,
        found.journal.entries,
        found.journal.seals,
        if found.is_clean() {
            "Mọi số liệu đều khớp.".to_owned()
        } else {
            format!("Có {} chỗ không khớp.", found.faults.len() + found.journal.faults.len())
        }
    );
}

fn as_json(found: &Audit) -> serde_json::Value {
    let faults: Vec<_> = found
        .faults
        .iter()
        .map(|(about, fault)| {
            let (dossier, evaluation) = match about {
                About::Dossier(dossier) => (Some(dossier), None),
                About::Evaluation(evaluation) => (None, Some(evaluation)),
                About::File => (None, None),
            };
            json!({ "dossier": dossier, "evaluation": evaluation, "fault": fault.to_string() })
        })
        .collect();
    let journal: Vec<String> = found.journal.faults.iter().map(ToString::to_string).collect();
    json!({
        "clean": found.is_clean(),
        "dossiers": found.dossiers,
        "submissions": found.submissions,
        "ballots": found.ballots,
        "turns": found.turns,
        "results": found.results,
        "papers": found.papers,
        "files": found.files,
        "journal": { "entries": found.journal.entries, "seals": found.journal.seals, "faults": journal },
        "faults": faults,
    })
}
