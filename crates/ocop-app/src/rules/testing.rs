//! Workbooks as an office hands them in, for tests.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

use ocop_core::rules::Rules;
use ocop_core::rules::wording::{Column, guide_sheet};
use ocop_documents::xlsx::wording::{WordingBook, WordingTable, write};

use super::wording::table;

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
