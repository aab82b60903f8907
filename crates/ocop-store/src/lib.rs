//! All SQL of the programme, for SQLite and PostgreSQL, and the folder of files.
//!
//! One SQL text serves both databases and stands beside the function that runs it. The dialect
//! differs only inside [`db`]. What a value means is not known here.

pub mod blobs;
pub mod bulk;
pub mod centre;
pub mod complaints;
pub mod councils;
pub mod db;
pub mod dossiers;
pub mod evaluations;
pub mod evidence;
pub mod imports;
pub mod inspections;
pub mod journal;
pub mod mail;
pub mod merging;
pub mod notifications;
pub mod papers;
pub mod people;
pub mod producers;
pub mod products;
pub mod recognition;
pub mod registry;
pub mod reports;
pub mod rounds;
pub mod rules;
pub mod samples;
pub mod scoring;
pub mod search;
pub mod units;
pub mod uploads;
pub mod value;

#[cfg(test)]
mod testing;
#[cfg(test)]
mod upgrade_tests;

pub use db::{Db, Row, StoreError, Tx};
pub use value::{Arg, Column, Json};
