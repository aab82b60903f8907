//! Many rows in one statement.

use std::error::Error;

use super::{Arg, Tx};

/// How many arguments a statement may have (the lesser of both databases', rounded down).
const ARGUMENTS: usize = 4_000;

/// A table and its columns, as an insert names them, and how many there are.
pub type Into = (&'static str, usize);

pub const DECISION: Into = ("decision (id, province, number, decided_on, signed_by, recorded_at)", 6);
pub const PRODUCER: Into = (
    "producer (id, province, commune, name, kind, registration_no, registered_on, tax_code, address, phone, email,
        fold, led_by_woman, led_by_minority, representative, demo, created_at, version)",
    18,
);
pub const PRODUCT: Into = (
    "product (id, producer_id, province, commune, name, set_no, description, packaging, standard, story, fold,
        joined_on, stamped_since, created_at, version)",
    15,
);
pub const LISTING: Into = ("listing (product_id, platform, since, url)", 4);
pub const REVENUE: Into = ("revenue (product_id, year, amount, noted_at)", 4);
pub const EVALUATION: Into = (
    "evaluation (id, product_id, province, regime, set_no, level, unit, unit_name, council, evaluated_on, mean_num,
        mean_den, parts, stars, outcome, explanation, ballots, recorded_at)",
    18,
);
pub const CERTIFICATE: Into = (
    "certificate (id, check_code, number, province, product_id, product, producer, fold, decision_id, stars,
        issued_on, valid_until, level, commune, event, next_on)",
    16,
);

/// Rows on their way into a table.
pub struct Bulk {
    into: Into,
    rows: Vec<Vec<Arg>>,
}

impl Bulk {
    /// None yet.
    pub fn new(into: Into) -> Self {
        Self { into, rows: Vec::new() }
    }

    /// One more.
    pub fn add(&mut self, row: Vec<Arg>) {
        debug_assert_eq!(row.len(), self.into.1);
        self.rows.push(row);
    }

    /// Writes them all.
    pub async fn write(mut self, tx: &mut Tx) -> Result<(), Box<dyn Error>> {
        let at_once = ARGUMENTS / self.into.1;
        let many = statement(self.into, at_once);
        while self.rows.len() >= at_once {
            let rest = self.rows.split_off(at_once);
            tx.execute(many, self.rows.concat()).await?;
            self.rows = rest;
        }
        if !self.rows.is_empty() {
            tx.execute(statement(self.into, self.rows.len()), self.rows.concat()).await?;
        }
        Ok(())
    }
}

/// `insert into … values ($1, …), (…)`. The few that a run needs stay until its end.
fn statement((table, columns): Into, rows: usize) -> &'static str {
    static MADE: std::sync::Mutex<Vec<((&str, usize), &'static str)>> = std::sync::Mutex::new(Vec::new());
    let mut made = MADE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some((_, known)) = made.iter().find(|(key, _)| *key == (table, rows)) {
        return known;
    }
    let row = |at: usize| {
        let marks: Vec<String> = (1..=columns).map(|column| format!("${}", at * columns + column)).collect();
        format!("({})", marks.join(", "))
    };
    let values: Vec<String> = (0..rows).map(row).collect();
    let text = format!("insert into {table} values {}", values.join(", "));
    let kept: &'static str = Box::leak(text.into_boxed_str());
    made.push(((table, rows), kept));
    kept
}
