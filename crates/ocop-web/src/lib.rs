//! Routes, forms and pages. Translates between HTTP and the verbs of `ocop-app`; knows no SQL and
//! no law.

mod accounts;
mod address;
mod assets;
mod calendar;
mod centre;
pub mod charts;
mod commune;
mod complaints;
mod councils;
mod dossiers;
mod evidence;
mod health;
mod home;
mod imports;
mod inspections;
mod mail;
mod merging;
mod notifications;
mod page;
mod papers;
mod producers;
mod products;
mod public;
mod recognition;
mod registry;
mod reports;
mod rounds;
mod router;
mod rules;
mod samples;
mod scoring;
mod search;
mod units;
mod viewer;
mod wording;

pub use router::router;
