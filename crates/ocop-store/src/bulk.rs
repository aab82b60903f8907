//! Many rows in one statement.

use std::sync::{Mutex, PoisonError};

use crate::db::{StoreError, Tx};
use crate::value::Arg;

/// How many arguments a statement may have: SQLite looks each up by its name among all others, so that many
/// take long.
const ARGUMENTS: usize = 256;

/// A table and its columns, as an insert names them, and how many there are.
pub type Into = (&'static str, usize);

/// Rows on their way into a table. A row whose key is there already stays out.
#[derive(Debug)]
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
    ///
    /// # Errors
    /// When the database refuses one of them.
    pub async fn write(self, tx: &mut Tx) -> Result<(), StoreError> {
        let mut rows = self.rows.into_iter().peekable();
        while rows.peek().is_some() {
            let mut chunk: Vec<Vec<Arg>> = rows.by_ref().take(at_once(self.into.1)).collect();
            // A power of two: few statements, so that the database has each of them ready. The last row
            // again is there already.
            let wanted = chunk.len().next_power_of_two();
            chunk.extend(chunk.last().cloned().into_iter().cycle().take(wanted - chunk.len()));
            tx.execute(statement(self.into, wanted), chunk.into_iter().flatten().collect()).await?;
        }
        Ok(())
    }
}

/// The most rows of a statement: a power of two.
fn at_once(columns: usize) -> usize {
    (ARGUMENTS / columns + 1).next_power_of_two() / 2
}

/// `insert into … values ($1, …), (…)`. The few that a program needs stay until its end.
fn statement((table, columns): Into, rows: usize) -> &'static str {
    static MADE: Mutex<Vec<((&str, usize), &'static str)>> = Mutex::new(Vec::new());
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, known)) = made.iter().find(|(key, _)| *key == (table, rows)) {
        return known;
    }
    let row = |at: usize| {
        let marks: Vec<String> = (1..=columns).map(|column| format!("${}", at * columns + column)).collect();
        format!("({})", marks.join(", "))
    };
    let values: Vec<String> = (0..rows).map(row).collect();
    let text = format!("insert into {table} values {} on conflict do nothing", values.join(", "));
    let kept: &'static str = Box::leak(text.into_boxed_str());
    made.push(((table, rows), kept));
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::{Chain, Db};
    use crate::testing::each_database;

    const VOCABULARY: Into = ("vocabulary (word, length)", 2);

    #[tokio::test]
    async fn any_number_of_rows_is_written_once() {
        each_database(async |db: Db| {
            let mut tx = db.write(Chain::of("test", "bulk")).await.unwrap();
            for count in [0, 1, 5, at_once(2), at_once(2) + 3] {
                tx.execute("delete from vocabulary", vec![]).await.unwrap();
                for _twice in 0..2 {
                    let mut bulk = Bulk::new(VOCABULARY);
                    for no in 0..count {
                        bulk.add(crate::args![&format!("w{no}"), &3_i64]);
                    }
                    bulk.write(&mut tx).await.unwrap();
                }
                let row = tx.row("select count(*) as n from vocabulary", vec![]).await.unwrap();
                assert_eq!(row.get::<i64>("n").unwrap(), i64::try_from(count).unwrap());
            }
        })
        .await;
    }
}
