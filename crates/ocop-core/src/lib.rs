//! Every decision of the programme that can be made from values.
//!
//! No async, SQL, HTTP, files, clock, randomness or floats in here: now, ids and chance are
//! parameters (laws 1–3 of ARCHITECTURE.md). Each module is a noun of the programme; the same
//! noun names its tables, verbs, pages and papers.

pub mod audit;
pub mod centre;
pub mod coded;
pub mod complaints;
pub mod councils;
pub mod dossiers;
pub mod evaluations;
pub mod evidence;
pub mod id;
pub mod imports;
pub mod inspections;
pub mod journal;
pub mod merging;
pub mod notifications;
pub mod papers;
pub mod people;
pub mod policy;
pub mod producers;
pub mod products;
pub mod recognition;
pub mod registry;
pub mod reports;
pub mod rules;
pub mod samples;
pub mod scoring;
pub mod search;
pub mod text;
pub mod time;
pub mod units;
