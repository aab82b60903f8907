//! Fresh databases for tests: every store test runs on SQLite and, when `OCOP_TEST_PG` names a
//! server, on PostgreSQL. `cargo xtask test` starts one and sets `OCOP_REQUIRE_PG`.

use std::future::Future;
use std::sync::atomic::{AtomicU32, Ordering};

use ocop_core::time::Instant;
use sqlx::{Connection, Executor};

use crate::db::{Chain, Db};
use crate::units::{Unit, put};

static COUNT: AtomicU32 = AtomicU32::new(0);

/// Runs a test on a fresh database of each kind.
pub(crate) async fn each_database<F, Done>(test: F)
where
    F: Fn(Db) -> Done,
    Done: Future<Output = ()>,
{
    let folder = tempfile::tempdir().unwrap();
    run(Db::open_file(&folder.path().join("test.db")).await.unwrap(), &test).await;
    if let Some(url) = fresh_pg().await {
        run(Db::connect(&url).await.unwrap(), &test).await;
    }
}

/// Fills a database of each kind under the schema of a version, opens it again as a newer program
/// does, and looks at it then.
pub(crate) async fn each_upgrade<F, G, Filled, Done>(version: i64, fill: F, look: G)
where
    F: Fn(Db) -> Filled,
    G: Fn(Db) -> Done,
    Filled: Future<Output = ()>,
    Done: Future<Output = ()>,
{
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.db");
    let old = Db::bare_file(&path).await.unwrap();
    old.migrate(version).await.unwrap();
    run(old, &fill).await;
    run(Db::open_file(&path).await.unwrap(), &look).await;
    if let Some(url) = fresh_pg().await {
        let old = Db::bare_server(&url).await.unwrap();
        old.migrate(version).await.unwrap();
        run(old, &fill).await;
        run(Db::connect(&url).await.unwrap(), &look).await;
    }
}

async fn run<F, Done>(db: Db, test: &F)
where
    F: Fn(Db) -> Done,
    Done: Future<Output = ()>,
{
    test(db.clone()).await;
    db.close().await;
}

/// The address of a new, empty database on the server; none without a server.
async fn fresh_pg() -> Option<String> {
    let Ok(url) = std::env::var("OCOP_TEST_PG") else {
        assert!(std::env::var("OCOP_REQUIRE_PG").is_err(), "OCOP_TEST_PG must name a server");
        return None;
    };
    let name = format!("store_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    let mut admin = sqlx::PgConnection::connect(&url).await.unwrap();
    admin.execute(sqlx::AssertSqlSafe(format!("create database {name}"))).await.unwrap();
    let (server, _) = url.rsplit_once('/').unwrap();
    Some(format!("{server}/{name}"))
}

/// An instant for tests.
pub(crate) fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

/// Quảng Ninh with two communes.
pub(crate) async fn seed_units(db: &Db) {
    let mut tx = db.write(Chain::of("province", "22")).await.unwrap();
    for (code, name, kind, parent) in [
        ("22", "Tỉnh Quảng Ninh", "tinh", None),
        ("06862", "Xã Bình Liêu", "xa", Some("22")),
        ("06841", "Xã Thử", "xa", Some("22")),
    ] {
        let unit = Unit {
            code: code.to_owned(),
            name: name.to_owned(),
            kind: kind.to_owned(),
            parent: parent.map(str::to_owned),
            valid_from: "2025-07-01".to_owned(),
            valid_to: None,
        };
        put(&mut tx, &unit).await.unwrap();
    }
    tx.commit_upkeep().await.unwrap();
}
