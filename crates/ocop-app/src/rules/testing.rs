//! Workbooks as an office hands them in, and the next decision, for tests.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

use std::sync::Arc;

use ocop_core::rules::wording::{Column, guide_sheet};
use ocop_core::rules::{Rules, load};
use ocop_documents::xlsx::wording::{WordingBook, WordingTable, write};

use super::files;
use super::wording::table;
use crate::App;

/// The workbook of honey after somebody worked on it.
pub fn altered(rules: &Rules, change: impl FnOnce(&mut WordingTable)) -> Vec<u8> {
    let mut table = table(rules.set("2026-26", 4).unwrap(), &Default::default());
    change(&mut table);
    let headings = Column::ALL.map(|column| column.name().to_owned());
    write(&WordingBook { guide_name: guide_sheet().to_owned(), headings, tables: vec![table] }).unwrap()
}

/// The workbook of honey with these official texts, by key.
pub fn filled(rules: &Rules, given: &[(&str, &str)]) -> Vec<u8> {
    altered(rules, |table| {
        for (key, text) in given {
            let row = table.rows.iter_mut().find(|row| row.key == *key).unwrap();
            row.official = (*text).to_owned();
        }
    })
}

/// The application once the next decision is published: `2026-99`, the same sets under a new id,
/// in force from 3/11/2026, the day after a [`crate::testing::World`] begins.
pub fn after_a_new_decision(app: &App) -> App {
    let mut files = files();
    files.retain(|path, _| path.starts_with("2026-26/") && !path.ends_with("/reclassification.toml"));
    let next: Vec<_> = files
        .iter()
        .map(|(path, text)| {
            let text = text.replace("2026-05-22", "2026-11-03").replace("\"2026-26\"", "\"2026-99\"");
            (path.replace("2026-26/", "2026-99/"), text)
        })
        .collect();
    files.extend(next);
    let moves = (1..=26).map(|no| {
        format!("[[move]]\nfrom = \"2026-26/{no}\"\nto = [{no}]\nreason = \"Giữ nguyên bộ và số.\"\n")
    });
    let moves = format!("cite = \"Thử\"\n{}", moves.collect::<String>());
    files.insert("2026-99/reclassification.toml".to_owned(), moves);
    App { rules: Arc::new(load(&files).unwrap()), ..app.clone() }
}
