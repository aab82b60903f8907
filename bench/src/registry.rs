//! The lists and numbers of one province, by itself and inside a nation: each page may take at most
//! twice as long there.

use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use axum::response::Response;
use ocop_app::accounts::{GrantInput, grant_by_system};
use ocop_app::{App, Clock, Ids, rules, search, units};
use ocop_core::time::Instant;
use ocop_documents::{Engine, Fonts};
use ocop_store::Db;
use ocop_store::blobs::Blobs;
use ocop_web::router;
use tower::ServiceExt;

use crate::nation::Nation;

/// Times that each page is asked for; the fastest counts.
const ROUNDS: usize = 7;
/// The province that is looked at.
const PROVINCE: &str = "22";
const PASSWORD: &str = "mat-khau-do-luong";
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
        println!("{:<48} {:>10} {:>10}   ratio", "page of one province, microseconds", "alone", "in nation");
        for page in PAGES {
            match (alone.fastest(page).await?, nation.fastest(page).await?) {
                (Some(one), Some(many)) => {
                    let hundredths = many.as_micros() * 100 / one.as_micros().max(1);
                    println!(
                        "{page:<48} {:>10} {:>10}   {}.{:02}",
                        one.as_micros(),
                        many.as_micros(),
                        hundredths / 100,
                        hundredths % 100
                    );
                }
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
        units::seed(&app).await?;
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
        let cookie = sign_in(&app).await?;
        Ok(Self { app, cookie, _folder: folder })
    }

    /// The fastest answer; `None` for a page that the program does not have.
    async fn fastest(&self, page: &str) -> Result<Option<Duration>, Box<dyn Error>> {
        let mut fastest = Duration::MAX;
        for _ in 0..ROUNDS {
            let request = Request::get(page).header(header::COOKIE, &self.cookie).body(Body::empty())?;
            let start = std::time::Instant::now();
            let response: Response = router(self.app.clone()).oneshot(request).await?;
            let status = response.status();
            axum::body::to_bytes(response.into_body(), usize::MAX).await?;
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

async fn sign_in(app: &App) -> Result<String, Box<dyn Error>> {
    let form = format!("email={EMAIL}&password={PASSWORD}").replace('@', "%40");
    let request = Request::post("/login")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(form))?;
    let response: Response = router(app.clone()).oneshot(request).await?;
    let cookie = response.headers().get(header::SET_COOKIE).ok_or("the officer cannot sign in")?;
    Ok(cookie.to_str()?.split(';').next().unwrap_or_default().to_owned())
}

async fn application(folder: &Path) -> Result<App, Box<dyn Error>> {
    let rules = rules::embedded().map_err(|faults| format!("{} faults in the rules", faults.len()))?;
    Ok(App {
        db: Db::open_file(&folder.join("ocop.db")).await?,
        files: Blobs::folder(&folder.join("files"))?,
        rules,
        calendar: Arc::new(units::calendar()?),
        documents: Arc::new(Engine::new(Fonts::Embedded)),
        clock: Arc::new(Standing("2026-11-26T02:00:00Z".parse()?)),
        ids: Arc::new(Counted(AtomicU64::new(0))),
        base_url: "https://ocop.example".into(),
        cheap_passwords: true,
    })
}

/// A clock that stands.
struct Standing(Instant);

impl Clock for Standing {
    fn now(&self) -> Instant {
        self.0
    }
}

/// Ids by counting.
struct Counted(AtomicU64);

impl Ids for Counted {
    fn uuid(&self) -> String {
        format!("0192d3b0-7c1e-7abc-8fff-{:012x}", self.0.fetch_add(1, Ordering::Relaxed))
    }

    fn chance(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&self.0.fetch_add(1, Ordering::Relaxed).to_be_bytes());
        }
        bytes
    }
}
