//! Indexes are made after the rows: a sorted index of millions of rows is written once, not a page of it
//! with each row.

use std::error::Error;

use ocop_store::db::Chain;
use ocop_store::{Db, Tx, args};

/// The indexes that were taken away, by name, and how to make them.
pub struct Indexes(Vec<(String, String)>);

impl Indexes {
    /// Takes all indexes of a SQLite database away but for those of keys and unique columns.
    pub async fn take_away(db: &Db) -> Result<Self, Box<dyn Error>> {
        let mut tx = db.write(Chain::of("nation", "bench")).await?;
        let rows = tx
            .rows("select name, sql from sqlite_master where type = $1 and sql is not null", args!["index"])
            .await?;
        let mut taken = Vec::new();
        for row in rows {
            let (name, sql): (String, String) = (row.get("name")?, row.get("sql")?);
            run(&mut tx, format!("drop index {name}")).await?;
            taken.push((name, sql));
        }
        tx.commit_upkeep().await?;
        Ok(Self(taken))
    }

    /// Makes them again.
    pub async fn put_back(self, db: &Db) -> Result<(), Box<dyn Error>> {
        for (_, sql) in self.0 {
            let mut tx = db.write(Chain::of("nation", "bench")).await?;
            run(&mut tx, sql).await?;
            tx.commit_upkeep().await?;
        }
        Ok(())
    }
}

/// Runs a statement that stays in memory to the end of the program.
async fn run(tx: &mut Tx, sql: String) -> Result<(), Box<dyn Error>> {
    tx.execute(Box::leak(sql.into_boxed_str()), vec![]).await?;
    Ok(())
}
