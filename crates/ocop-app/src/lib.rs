//! The verbs of the programme: one function for each thing that a person, a job or the command
//! line does. A verb reads as prose: facts, permission, decision, change, journal.
//!
//! Nothing here knows HTTP, HTML or the text of SQL.

pub mod accounts;
pub mod audit;
pub mod calendar;
pub mod centre;
pub mod commune;
pub mod complaints;
pub mod councils;
pub mod demo;
pub mod dossiers;
pub mod download;
mod error;
pub mod evaluations;
pub mod evidence;
pub mod fields;
pub mod home;
pub mod imports;
pub mod inspections;
pub mod jobs;
pub mod journal;
pub mod mail;
pub mod merging;
pub mod notifications;
mod paging;
pub mod papers;
pub mod producers;
pub mod products;
pub mod public;
pub mod recognition;
pub mod registry;
pub mod reports;
pub mod rounds;
pub mod rules;
mod runtime;
pub mod samples;
pub mod scoring;
pub mod search;
mod stale;
#[cfg(any(test, feature = "testing"))]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on stops")]
pub mod testing;
pub mod units;

pub use error::{AppError, Refusal};
pub use evidence::Drawing;
pub use fields::{FieldFault, Fields};
pub use runtime::{Clock, Ids};

use std::sync::Arc;

use chrono::NaiveDate;
use ocop_core::rules::Rules;
use ocop_core::time::{Calendar, Instant};
use ocop_documents::Engine;
use ocop_store::Db;
use ocop_store::blobs::Blobs;

/// The application: everything that the verbs need from outside, given once at start.
#[derive(Clone)]
pub struct App {
    /// The database.
    pub db: Db,
    /// The folder of uploaded files.
    pub files: Blobs,
    /// The law as data.
    pub rules: Arc<Rules>,
    /// Working days.
    pub calendar: Arc<Calendar>,
    /// Makes papers.
    pub documents: Arc<Engine>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Makes ids and chance.
    pub ids: Arc<dyn Ids>,
    /// Where the program is reached from outside, without a slash at the end; stands in QR codes.
    pub base_url: Arc<str>,
    /// Where files from outside are looked at.
    pub drawing: Drawing,
    /// The mail server; none until one is set up, and notifications stay in the program.
    pub post: Option<Arc<dyn mail::Post>>,
    /// The least cost of a password hash in tests, the default of the library otherwise.
    pub cheap_passwords: bool,
}

impl App {
    /// Now.
    pub fn now(&self) -> Instant {
        self.clock.now()
    }

    /// The day in Vietnam.
    pub fn today(&self) -> NaiveDate {
        self.now().day()
    }
}
