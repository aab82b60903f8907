//! Pages as their readers get them: requests without sockets, answered by the whole router on a
//! database of their own.
//!
//! One program beside the library rather than modules inside it: the pages are compiled once.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod accounts;
mod calendar;
mod centre;
mod commune;
mod complaints;
mod councils;
mod dossiers;
mod evidence;
mod imports;
mod inspections;
mod mail;
mod members;
mod merging;
mod notifications;
mod papers;
mod pictures;
mod products;
mod public;
mod recognition;
mod refusals;
mod registry;
mod reports;
mod rules;
mod scoring;
mod search;
mod testing;
mod units;
mod wording;
