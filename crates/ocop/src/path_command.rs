//! `ocop rules path`: which regime and which way apply to a dossier filed on a day.

use std::process::ExitCode;

use chrono::NaiveDate;
use clap::Args;
use ocop_core::dossiers::DossierKind;
use ocop_core::rules::{Filing, Held, Path, Rules, path};
use ocop_core::time::date;

use crate::law::LawArgs;
use crate::score_command::{USAGE, print_out, report};

/// What is filed, and when.
#[derive(Debug, Args)]
pub struct PathCommand {
    /// `first`, `upgrade` or `renewal`.
    #[arg(long, default_value = "first")]
    kind: DossierKind,
    /// The day it reaches the first office: 2026-10-02.
    #[arg(long, value_name = "DAY")]
    filed: NaiveDate,
    /// Stars of the certificate that the product holds.
    #[arg(long, requires = "last_day")]
    stars: Option<u8>,
    /// Last day of that certificate.
    #[arg(long, value_name = "DAY", requires = "stars")]
    last_day: Option<NaiveDate>,
    /// As JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    law: LawArgs,
}

impl PathCommand {
    /// Prints the way; exit code 2 when the dossier cannot be filed so, with the reason.
    pub fn run(self) -> ExitCode {
        let held = self.stars.zip(self.last_day).map(|(stars, last_day)| Held { stars, last_day });
        let filing = Filing { kind: self.kind, filed_on: self.filed, held };
        self.law.with(|rules| match path(rules, &filing) {
            Err(refused) => report(&refused, USAGE),
            Ok(found) if self.json => match serde_json::to_string_pretty(&found) {
                Ok(text) => print_out(&format!("{text}\n")),
                Err(fault) => report(&fault, USAGE),
            },
            Ok(found) => print_out(&told(rules, &found)),
        })
    }
}

/// The way in lines.
fn told(rules: &Rules, path: &Path) -> String {
    let regime = rules.regime(&path.regime).map(|regime| regime.name.as_str()).unwrap_or_default();
    let mut lines = vec![
        format!("{}: {regime}", path.regime),
        format!("Thủ tục có hiệu lực từ {}; {}.", date(path.process_from), path.hearing.name()),
    ];
    for duty in &path.tiers {
        let mut line = format!("  {}: {}", duty.tier.name(), duty.duty.name());
        let stars: Vec<String> = duty.decides.iter().map(u8::to_string).collect();
        if !stars.is_empty() {
            line += &format!(" {} sao", stars.join(", "));
        }
        if let Some(days) = duty.working_days {
            line += &format!(", trong {days} ngày làm việc");
        }
        if let Some(points) = duty.forward_from {
            line += &format!("; chuyển lên từ {points} điểm");
        }
        lines.push(line);
    }
    if let Some(days) = path.decide_within_days {
        lines.push(format!("Mỗi cấp quyết định trong {days} ngày từ khi nhận đủ hồ sơ."));
    }
    if let Some(day) = path.finish_by {
        lines.push(format!("Phải xong theo quy định này chậm nhất {}.", date(day)));
    }
    if let Some(extension) = &path.extension {
        lines.push(format!(
            "Giấy chứng nhận đang giữ có hiệu lực đến khi có kết quả, chậm nhất {}: {} ({}).",
            date(extension.until),
            extension.ground.name(),
            extension.cite
        ));
    }
    lines.join("\n") + "\n"
}
