//! The lists and numbers of one province, by itself and inside a nation: each page may take at most
//! twice as long there.

use std::error::Error;
use std::path::Path;
use std::time::Duration;

use axum::http::StatusCode;
use ocop_app::accounts::{GrantInput, grant_by_system};
use ocop_app::{App, search};

use crate::nation::Nation;
use crate::program::{PASSWORD, answer, application, compare, head, request, sign_in};

/// Times that each page is asked for; the fastest counts.
const ROUNDS: usize = 7;
/// The province that is looked at.
const PROVINCE: &str = "22";
const EMAIL: &str = "can-bo@bench.ocop.example";

/// The pages that officers look at every day.
const PAGES: &[&str] = &[
    "/products",
    "/products?q=mien+dong",
    "/registry/products",
    "/registry/products?q=mien+dong",
    "/registry/products?stars=4&kind=cooperative",
    "/registry/products?standing=expired",
    "/registry/producers",
    "/registry/producers?q=huong+rung",
    "/search?q=tra+hoa+vang",
    "/search?q=ruou+ba+kihc",
    "/reports",
    "/registry",
    "/registry/products?event=new&year=2026",
    "/registry/duplicates",
    "/search?q=hop+tac+xa",
    "/products?industry=VI",
    "/products?q=ruou+ba+kihc",
    "/imports",
    "/reports/stars",
    "/reports/years",
    "/reports/people",
    "/reports/revenue",
    "/reports/expiring",
    "/reports/map",
    "/rounds",
];

/// Makes the province by itself and inside the nation, and tells what its pages take in both.
pub fn measure(products: usize) -> Result<(), Box<dyn Error>> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        let alone = Side::new(products, Some(PROVINCE)).await?;
        let nation = Side::new(products, None).await?;
        head("page of one province, microseconds", "alone", "in nation");
        for page in PAGES {
            match (alone.fastest(page).await?, nation.fastest(page).await?) {
                (Some(one), Some(many)) => compare(page, one, many),
                _ => println!("{page:<48} no such page"),
            }
        }
        Ok(())
    })
}

/// A running application and an officer who is signed in.
struct Side {
    app: App,
    cookie: String,
    _folder: tempfile::TempDir,
}

impl Side {
    async fn new(products: usize, only: Option<&'static str>) -> Result<Self, Box<dyn Error>> {
        let folder = tempfile::tempdir()?;
        let app = application(folder.path()).await?;
        let start = std::time::Instant::now();
        let made = Nation { products, only, today: app.today() }.fill(&app.db).await?;
        println!("{made:?} in {} ms, {} MB", start.elapsed().as_millis(), megabytes(folder.path())?);
        let start = std::time::Instant::now();
        search::index_all(&app).await?;
        println!(
            "index of words in {} ms, then {} MB",
            start.elapsed().as_millis(),
            megabytes(folder.path())?
        );
        let input = GrantInput {
            name: "Cán bộ tỉnh".to_owned(),
            title: "Chuyên viên".to_owned(),
            email: EMAIL.to_owned(),
            role: "provincial_officer".to_owned(),
            commune: String::new(),
            password: PASSWORD.to_owned(),
        };
        grant_by_system(&app, PROVINCE, &input).await?;
        let cookie = sign_in(&app, EMAIL).await?;
        Ok(Self { app, cookie, _folder: folder })
    }

    /// The fastest answer; `None` for a page that the program does not have.
    async fn fastest(&self, page: &str) -> Result<Option<Duration>, Box<dyn Error>> {
        let mut fastest = Duration::MAX;
        for _ in 0..ROUNDS {
            let request = request(page, &self.cookie, None)?;
            let start = std::time::Instant::now();
            let status = answer(&self.app, request).await?.status();
            fastest = fastest.min(start.elapsed());
            match status {
                StatusCode::OK => {}
                StatusCode::NOT_FOUND => return Ok(None),
                other => return Err(format!("{page} answers {other}").into()),
            }
        }
        Ok(Some(fastest))
    }
}

/// The size of the database with its log.
fn megabytes(folder: &Path) -> Result<u64, Box<dyn Error>> {
    let size = |name: &str| Ok::<_, std::io::Error>(std::fs::metadata(folder.join(name))?.len());
    Ok((size("ocop.db")? + size("ocop.db-wal")?) / 1_000_000)
}
