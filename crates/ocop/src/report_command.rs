//! `ocop report`: the numbers of a province, of a round, and the sector's table, without a browser.

use std::path::PathBuf;
use std::process::ExitCode;

use chrono::NaiveDate;
use clap::{Args, Subcommand};
use ocop_app::demo::Story;
use ocop_app::reports::{
    Scope, as_text, find_round, ptnt_by_system, report_by_system, round_by_system, summary_by_system,
};
use ocop_app::{App, AppError};
use ocop_core::reports::ReportKind;
use serde_json::json;

use crate::score_command::{USAGE, print_out, report};
use crate::start::{self, DataArgs};

/// The numbers of the programme.
#[derive(Debug, Args)]
pub struct ReportCommand {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// What a leader asks on the phone: how many, of which stars, by whom, what expires.
    Summary(Told),
    /// How far the products of a round came.
    Round(RoundArgs),
    /// Certificates that run out in the next twelve months, by month.
    Expiring(Told),
    /// The sector's table PTNT_OCOP (5277/QĐ-BNNMT) with its catalogues, for a year.
    PtntOcop(PtntArgs),
}

/// The data that the numbers are read from.
#[derive(Debug, Args)]
struct Source {
    #[command(flatten)]
    data: DataArgs,
    /// A story of the demonstration instead of data: `today`, or `2022` for Quảng Ninh on 2 December 2022.
    #[arg(long)]
    story: Option<Story>,
}

/// The application on a source; a story's folder lasts as long as it.
struct Opened {
    app: App,
    _folder: Option<tempfile::TempDir>,
}

impl Source {
    async fn open(&self) -> anyhow::Result<Opened> {
        Ok(match self.story {
            Some(told) => {
                let (app, folder) = start::passing_story(told).await?;
                Opened { app, _folder: Some(folder) }
            }
            None => Opened { app: start::unserved(&self.data).await?, _folder: None },
        })
    }
}

/// Which data, whose numbers, as of which day.
#[derive(Debug, Args)]
struct Told {
    #[command(flatten)]
    source: Source,
    /// Code of the province, such as 22 for Quảng Ninh.
    #[arg(long, default_value = "22")]
    province: String,
    /// Code of a commune: only its numbers.
    #[arg(long, default_value = "")]
    commune: String,
    /// Code of a former district: only its numbers.
    #[arg(long, default_value = "")]
    district: String,
    /// The day: 2022-12-02; today when left out.
    #[arg(long, value_name = "DAY")]
    on: Option<NaiveDate>,
    /// Answer in JSON: English keys that stay, whole numbers.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct RoundArgs {
    #[command(flatten)]
    told: Told,
    /// Its name or id; the newest that had begun by the day when left out.
    #[arg(long, value_name = "NAME|ID")]
    round: Option<String>,
}

#[derive(Debug, Args)]
struct PtntArgs {
    #[command(flatten)]
    source: Source,
    /// Code of the province.
    #[arg(long, default_value = "22")]
    province: String,
    /// The year.
    #[arg(long)]
    year: String,
    /// A workbook (FILE.xlsx), or a folder for one CSV file a table.
    #[arg(long, value_name = "FILE.xlsx|DIR")]
    out: PathBuf,
}

impl ReportCommand {
    /// Exit code 2: no such province, round or year.
    pub fn run(self) -> ExitCode {
        start::run(async {
            match self.what {
                What::Summary(told) => told.summary().await,
                What::Round(round) => round.run().await,
                What::Expiring(told) => told.expiring().await,
                What::PtntOcop(ptnt) => ptnt.run().await,
            }
        })
    }
}

/// Prints the answer, or why there is none.
fn answered(outcome: Result<String, AppError>) -> ExitCode {
    match outcome {
        Ok(text) => print_out(&text),
        Err(AppError::Invalid(faults)) => {
            for fault in faults {
                report(&fault.message, USAGE);
            }
            ExitCode::from(USAGE)
        }
        Err(error @ (AppError::Refused(_) | AppError::NotFound)) => report(&error, USAGE),
        Err(
            error @ (AppError::SignInFirst
            | AppError::Denied(_)
            | AppError::Stale(_)
            | AppError::Store(_)
            | AppError::Document(_)),
        ) => report(&error, 1),
    }
}

fn as_json(value: &impl serde::Serialize) -> anyhow::Result<String> {
    Ok(format!("{}\n", serde_json::to_string_pretty(value)?))
}

impl Told {
    fn scope(&self, app: &App) -> Scope {
        Scope {
            commune: self.commune.clone(),
            district: self.district.clone(),
            ..Scope::of_province(&self.province, self.on.unwrap_or_else(|| app.today()))
        }
    }

    /// The summary: `Summary` of `ocop_core::reports` says what each key means.
    async fn summary(self) -> anyhow::Result<ExitCode> {
        let Opened { app, _folder } = self.source.open().await?;
        let scope = self.scope(&app);
        if !self.json {
            return Ok(answered(
                report_by_system(&app, scope, ReportKind::Leader).await.map(|one| as_text(&one)),
            ));
        }
        Ok(match summary_by_system(&app, scope).await {
            Ok(told) => {
                let mut value = serde_json::to_value(&told)?;
                value["province"] = json!(self.province);
                print_out(&as_json(&value)?)
            }
            Err(error) => answered(Err(error)),
        })
    }

    /// `{ province, on, products, months: [{ month, products, stars }] }`.
    async fn expiring(self) -> anyhow::Result<ExitCode> {
        let Opened { app, _folder } = self.source.open().await?;
        let scope = self.scope(&app);
        if !self.json {
            let told = report_by_system(&app, scope, ReportKind::Expiring).await;
            return Ok(answered(told.map(|one| as_text(&one))));
        }
        Ok(match summary_by_system(&app, scope).await {
            Ok(told) => {
                let products: i64 = told.expiring.iter().map(|month| month.products).sum();
                let value = json!({
                    "province": self.province, "on": told.on, "products": products, "months": told.expiring,
                });
                print_out(&as_json(&value)?)
            }
            Err(error) => answered(Err(error)),
        })
    }
}

impl RoundArgs {
    /// The round: `RoundTold` of `ocop_app::reports` says what each key means.
    async fn run(self) -> anyhow::Result<ExitCode> {
        let Opened { app, _folder } = self.told.source.open().await?;
        let on = self.told.on.unwrap_or_else(|| app.today());
        let found = find_round(&app, &self.told.province, on, self.round.as_deref()).await;
        let told = match found {
            Ok(round) => round_by_system(&app, &round.id).await,
            Err(error) => Err(error),
        };
        Ok(match told {
            Ok((numbers, _)) if self.told.json => print_out(&as_json(&numbers)?),
            Ok((_, report)) => print_out(&as_text(&report)),
            Err(error) => answered(Err(error)),
        })
    }
}

impl PtntArgs {
    async fn run(self) -> anyhow::Result<ExitCode> {
        let Opened { app, _folder } = self.source.open().await?;
        let book = match ptnt_by_system(&app, &self.province, &self.year).await {
            Ok(book) => book,
            Err(error) => return Ok(answered(Err(error))),
        };
        let is_workbook = self.out.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("xlsx"));
        let files = if is_workbook {
            vec![(self.out.clone(), book.workbook()?.bytes)]
        } else {
            std::fs::create_dir_all(&self.out)?;
            book.csv_files().into_iter().map(|file| (self.out.join(file.file_name), file.bytes)).collect()
        };
        for (path, bytes) in files {
            if let Err(fault) = std::fs::write(&path, bytes) {
                return Ok(report(&format!("không ghi được {}: {fault}", path.display()), USAGE));
            }
        }
        let rows = book.tables.first().map_or(0, |table| table.rows.len());
        let mut out = format!("Đã ghi {}: {rows} sản phẩm năm {}.\n", self.out.display(), book.year);
        for name in &book.cut {
            out += &format!("Tên dài hơn 255 chữ, đã cắt bớt: {name}\n");
        }
        Ok(print_out(&out))
    }
}
