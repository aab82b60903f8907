//! A whole application for tests: a fresh migrated database, a fixed clock, counted ids.

pub mod season;

use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use ocop_core::journal::hex;
use ocop_core::people::Actor;
use ocop_core::time::Instant;
use ocop_documents::{Engine, Fonts};
use ocop_store::Db;
use ocop_store::blobs::Blobs;
use ocop_store::db::Chain;
use tokio::sync::OnceCell;

use crate::accounts::{GrantInput, RegisterInput, actor_of, grant_by_system, register};
use crate::runtime::{Clock, Ids};
use crate::{App, AppError, Drawing, rules, units};

/// A clock that moves only when told to.
pub struct FixedClock {
    start: Instant,
    minutes: AtomicI64,
}

impl FixedClock {
    /// Moves the clock on.
    pub fn forward_minutes(&self, minutes: i64) {
        self.minutes.fetch_add(minutes, Ordering::Relaxed);
    }

    /// Moves the clock on by whole days.
    pub fn forward_days(&self, days: i64) {
        self.forward_minutes(days * 24 * 60);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Instant {
        self.start.plus_minutes(self.minutes.load(Ordering::Relaxed))
    }
}

/// Ids counted from 1, and chance made of them.
#[derive(Default)]
pub struct CountedIds(AtomicU64);

impl Ids for CountedIds {
    fn uuid(&self) -> String {
        let count = self.0.fetch_add(1, Ordering::Relaxed) + 1;
        format!("0192d3b0-7c1e-7abc-8def-{count:012x}")
    }

    fn chance(&self) -> [u8; 32] {
        let count = self.0.fetch_add(1, Ordering::Relaxed) + 1;
        let mut bytes = [0; 32];
        for (at, byte) in bytes.iter_mut().enumerate() {
            *byte = ocop_core::journal::sha256_hex(&count.to_be_bytes()).as_bytes()[at];
        }
        bytes
    }
}

/// The application with one person of each kind in Quảng Ninh, on Monday 2/11/2026.
pub struct World {
    /// The application.
    pub app: App,
    /// Its clock.
    pub clock: Arc<FixedClock>,
    /// Code of the commune Bình Liêu.
    pub commune: String,
    /// Provincial officer of Quảng Ninh.
    pub officer: Actor,
    /// Officer of the commune.
    pub commune_officer: Actor,
    /// A person with an account who is to act for a producer.
    pub producer: Actor,
    /// Another such person.
    pub other_producer: Actor,
    /// Ten people who may be given seats.
    pub assessors: Vec<Actor>,
    _folder: tempfile::TempDir,
}

static TEMPLATE: OnceCell<(tempfile::TempDir, PathBuf)> = OnceCell::const_new();

/// A migrated database with all units, made once and copied for each test.
async fn template() -> &'static PathBuf {
    let (_, path) = TEMPLATE
        .get_or_init(async || {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("template.db");
            let app = app(Db::open_file(&path).await.unwrap(), folder.path(), fixed_clock());
            units::seed(&app).await.unwrap();
            app.db.close().await;
            (folder, path)
        })
        .await;
    path
}

fn fixed_clock() -> Arc<FixedClock> {
    Arc::new(FixedClock { start: "2026-11-02T02:00:00Z".parse().unwrap(), minutes: AtomicI64::new(0) })
}

fn app(db: Db, folder: &std::path::Path, clock: Arc<FixedClock>) -> App {
    static ENGINE: OnceLock<Arc<Engine>> = OnceLock::new();
    App {
        db,
        files: Blobs::folder(&folder.join("files")).unwrap(),
        rules: rules::embedded().unwrap(),
        calendar: Arc::new(units::calendar().unwrap()),
        documents: Arc::clone(ENGINE.get_or_init(|| Arc::new(Engine::new(Fonts::Embedded)))),
        clock,
        ids: Arc::new(CountedIds::default()),
        base_url: "https://ocop.example".into(),
        drawing: Drawing::Here,
        post: None,
        cheap_passwords: true,
    }
}

/// The password of everybody in a [`World`].
pub const PASSWORD: &str = "mat-khau-thu";

/// The application on a fresh database with all units and nobody in it.
pub struct EmptyWorld {
    /// The application.
    pub app: App,
    /// Its clock.
    pub clock: Arc<FixedClock>,
    folder: tempfile::TempDir,
}

impl World {
    /// A fresh database with all units and nobody in it.
    pub async fn empty() -> EmptyWorld {
        let template = template().await;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("test.db");
        std::fs::copy(template, &path).unwrap();
        let clock = fixed_clock();
        let app = app(Db::open_file(&path).await.unwrap(), folder.path(), Arc::clone(&clock));
        EmptyWorld { app, clock, folder }
    }

    /// A fresh world.
    pub async fn new() -> Self {
        let EmptyWorld { app, clock, folder } = Self::empty().await;
        let commune = "06838".to_owned();
        let officer = officer(&app, "tinh@b.vn", "provincial_officer", "").await;
        let commune_officer = officer_of(&app, &commune).await;
        let mut assessors = Vec::new();
        for no in 1..=10 {
            assessors.push(self::officer(&app, &format!("hd{no}@b.vn"), "assessor", "").await);
        }
        let producer = account(&app, "ct1@b.vn").await;
        let other_producer = account(&app, "ct2@b.vn").await;
        Self {
            app,
            clock,
            commune,
            officer,
            commune_officer,
            producer,
            other_producer,
            assessors,
            _folder: folder,
        }
    }

    /// A person as they stand now: roles, producers and seats are read again.
    pub async fn again(&self, actor: &Actor) -> Actor {
        actor_of(&self.app, &actor.person).await.unwrap()
    }

    /// Forgets where all units lie, like an office whose units nobody has put on a map.
    pub async fn forget_where_units_lie(&self) {
        let mut tx = self.app.db.write(Chain::of("units", "forget")).await.unwrap();
        let sql = "update unit set latitude = null, longitude = null";
        assert!(tx.execute(sql, vec![]).await.unwrap() > 0);
        tx.commit_upkeep().await.unwrap();
    }

    /// Unguessable text for tests.
    pub fn token(&self) -> String {
        hex(&self.app.ids.chance())
    }
}

async fn officer(app: &App, email: &str, role: &str, commune: &str) -> Actor {
    let input = GrantInput {
        name: email.to_owned(),
        title: String::new(),
        email: email.to_owned(),
        role: role.to_owned(),
        commune: commune.to_owned(),
        password: PASSWORD.to_owned(),
    };
    let person = grant_by_system(app, "22", &input).await.unwrap();
    actor_of(app, &person).await.unwrap()
}

async fn officer_of(app: &App, commune: &str) -> Actor {
    officer(app, "xa@b.vn.example", "commune_officer", commune).await
}

async fn account(app: &App, email: &str) -> Actor {
    let input = RegisterInput {
        name: email.to_owned(),
        email: email.to_owned(),
        phone: String::new(),
        password: PASSWORD.to_owned(),
    };
    let person = register(app, &input).await.unwrap();
    actor_of(app, &person).await.unwrap()
}

/// Stops the test unless these fields, in this order, are at fault.
pub fn invalid(outcome: Result<impl Sized, AppError>, fields: &[&str]) {
    match outcome.err() {
        Some(AppError::Invalid(faults)) => {
            let found: Vec<&str> = faults.iter().map(|fault| fault.field.as_str()).collect();
            assert_eq!(found, fields);
        }
        other => panic!("faults of {fields:?} expected, not {other:?}"),
    }
}

/// Stops the test unless the first fault is this field's.
pub fn faulty(outcome: Result<impl Sized, AppError>, field: &str) {
    match outcome.err() {
        Some(AppError::Invalid(faults)) => assert_eq!(faults[0].field, field, "{faults:?}"),
        other => panic!("a fault of {field} expected, not {other:?}"),
    }
}

/// Stops the test unless it was refused in these words.
pub fn refused(outcome: Result<impl Sized, AppError>, words: &str) {
    match outcome.err() {
        Some(AppError::Refused(refusal)) => assert!(refusal.to_string().contains(words), "{refusal}"),
        other => panic!("a refusal with «{words}» expected, not {other:?}"),
    }
}

/// Stops the test unless the thing is closed to whoever asked.
pub fn closed_to(outcome: Result<impl Sized, AppError>) {
    let error = outcome.err();
    assert!(matches!(error, Some(AppError::Denied(_) | AppError::NotFound)), "{error:?}");
}
