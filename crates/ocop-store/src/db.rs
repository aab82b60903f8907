//! The two databases behind one face. The dialect differs only in this file.

use std::path::Path;
use std::str::FromStr;

use ocop_core::journal::{Head, Link};
use ocop_core::policy::Permit;
use ocop_core::time::Instant;
use sqlx::postgres::{PgArguments, PgPoolOptions, PgRow};
use sqlx::sqlite::{
    SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow, SqliteSynchronous,
};
use sqlx::{PgPool, Postgres, Row as _, Sqlite, SqlitePool, Transaction};

use crate::value::{Arg, Cell, Column};

/// Why the database could not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused or is out of reach.
    #[error("database: {0}")]
    Sql(#[from] sqlx::Error),
    /// A migration failed.
    #[error("migration: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// A column does not hold what the program expects.
    #[error("column {0} holds an unexpected value")]
    Column(&'static str),
    /// A row that must be there is not.
    #[error("no row where one must be")]
    NoRow,
    /// The folder of files.
    #[error("files: {0}")]
    Files(#[from] object_store::Error),
    /// A folder or file of the data directory.
    #[error("data directory: {0}")]
    Io(#[from] std::io::Error),
}

impl StoreError {
    /// Whether a unique index refused the change.
    pub fn is_duplicate(&self) -> bool {
        match self {
            Self::Sql(sqlx::Error::Database(fault)) => fault.is_unique_violation(),
            Self::Sql(_)
            | Self::Migration(_)
            | Self::Column(_)
            | Self::NoRow
            | Self::Files(_)
            | Self::Io(_) => false,
        }
    }
}

/// The database: a SQLite file or a PostgreSQL server.
#[derive(Debug, Clone)]
pub enum Db {
    /// A file beside the program.
    Lite(SqlitePool),
    /// A server.
    Pg(PgPool),
}

/// The chain of the journal that a write transaction belongs to; locks its subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain(String);

impl Chain {
    /// `dossier:ID`, `producer:ID`, `council:ID`, `person:ID` or `province:CODE`.
    pub fn of(noun: &str, id: impl std::fmt::Display) -> Self {
        Self(format!("{noun}:{id}"))
    }
}

const MIGRATIONS: &[(i64, &str, &str)] = &[
    (1, "first round", include_str!("../migrations/0001_first_round.sql")),
    (2, "excuses and certified names", include_str!("../migrations/0002_excuses_and_certified_names.sql")),
    (3, "official wording", include_str!("../migrations/0003_official_wording.sql")),
    (4, "registry", include_str!("../migrations/0004_registry.sql")),
    (5, "merging and search", include_str!("../migrations/0005_merging_and_search.sql")),
];

/// The migrations up to a version: all of them, but for a test of an upgrade.
fn migrator(last: i64) -> sqlx::migrate::Migrator {
    let migrations = MIGRATIONS
        .iter()
        .filter(|(version, _, _)| *version <= last)
        .map(|(version, name, sql)| {
            sqlx::migrate::Migration::new(
                *version,
                (*name).into(),
                sqlx::migrate::MigrationType::Simple,
                sqlx::SqlSafeStr::into_sql_str(*sql),
                false,
            )
        })
        .collect::<Vec<_>>();
    sqlx::migrate::Migrator::with_migrations(migrations)
}

impl Db {
    /// Opens (and creates) the SQLite file and brings its schema up to date.
    ///
    /// `synchronous=FULL`: an acknowledged ballot survives a power cut.
    ///
    /// # Errors
    /// When the file cannot be opened or a migration fails.
    pub async fn open_file(path: &Path) -> Result<Self, StoreError> {
        let db = Self::bare_file(path).await?;
        db.migrate(i64::MAX).await?;
        Ok(db)
    }

    /// The file as it is.
    pub(crate) async fn bare_file(path: &Path) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(std::time::Duration::from_secs(10));
        Ok(Self::Lite(SqlitePoolOptions::new().max_connections(8).connect_with(options).await?))
    }

    /// Connects to PostgreSQL and brings its schema up to date.
    ///
    /// # Errors
    /// When the server cannot be reached or a migration fails.
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        let db = Self::bare_server(url).await?;
        db.migrate(i64::MAX).await?;
        Ok(db)
    }

    /// The server's database as it is.
    pub(crate) async fn bare_server(url: &str) -> Result<Self, StoreError> {
        let options = sqlx::postgres::PgConnectOptions::from_str(url)?;
        Ok(Self::Pg(PgPoolOptions::new().max_connections(16).connect_with(options).await?))
    }

    /// Brings the schema up to a version.
    pub(crate) async fn migrate(&self, last: i64) -> Result<(), StoreError> {
        match self {
            Self::Lite(pool) => migrator(last).run(pool).await?,
            Self::Pg(pool) => migrator(last).run(pool).await?,
        }
        Ok(())
    }

    /// A transaction that only reads: one consistent view.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn read(&self) -> Result<Tx, StoreError> {
        Ok(match self {
            Self::Lite(pool) => Tx { conn: Conn::Lite(pool.begin().await?), chain: None },
            Self::Pg(pool) => Tx {
                conn: Conn::Pg(pool.begin_with("begin isolation level repeatable read read only").await?),
                chain: None,
            },
        })
    }

    /// A transaction that changes something of one subject. Others who want to change the same
    /// subject wait here, so facts read inside stay true until the commit.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn write(&self, chain: Chain) -> Result<Tx, StoreError> {
        let conn = match self {
            Self::Lite(pool) => Conn::Lite(pool.begin_with("begin immediate").await?),
            Self::Pg(pool) => Conn::Pg(pool.begin().await?),
        };
        let mut tx = Tx { conn, chain: None };
        tx.execute(
            "insert into journal_head (chain, seq, hash) values ($1, 0, '') on conflict (chain) do nothing",
            crate::args![&chain.0],
        )
        .await?;
        // The update takes the row's lock on PostgreSQL; SQLite has only one writer anyway.
        let row = tx
            .row(
                "update journal_head set seq = seq where chain = $1 returning chain, seq, hash",
                crate::args![&chain.0],
            )
            .await?;
        tx.chain = Some(Head { chain: row.get("chain")?, seq: row.get("seq")?, hash: row.get("hash")? });
        Ok(tx)
    }

    /// Writes everything in the log file into the database file (SQLite), for a clean stop.
    pub async fn close(&self) {
        match self {
            Self::Lite(pool) => pool.close().await,
            Self::Pg(pool) => pool.close().await,
        }
    }
}

#[derive(Debug)]
enum Conn {
    Lite(Transaction<'static, Sqlite>),
    Pg(Transaction<'static, Postgres>),
}

/// An open transaction. Dropped without [`Tx::commit`], it leaves nothing behind.
#[derive(Debug)]
pub struct Tx {
    conn: Conn,
    chain: Option<Head>,
}

fn bind_lite(args: Vec<Arg>) -> Result<SqliteArguments, StoreError> {
    use sqlx::Arguments as _;
    let mut bound = SqliteArguments::default();
    for arg in args {
        match arg {
            Arg::Text(text) => bound.add(text),
            Arg::Int(number) => bound.add(number),
        }
        .map_err(sqlx::Error::Encode)?;
    }
    Ok(bound)
}

fn bind_pg(args: Vec<Arg>) -> Result<PgArguments, StoreError> {
    use sqlx::Arguments as _;
    let mut bound = PgArguments::default();
    for arg in args {
        match arg {
            Arg::Text(text) => bound.add(text),
            Arg::Int(number) => bound.add(number),
        }
        .map_err(sqlx::Error::Encode)?;
    }
    Ok(bound)
}

impl Tx {
    /// Runs a statement; the number of rows it changed.
    ///
    /// # Errors
    /// When the database refuses it.
    pub async fn execute(&mut self, sql: &'static str, args: Vec<Arg>) -> Result<u64, StoreError> {
        Ok(match &mut self.conn {
            Conn::Lite(tx) => {
                sqlx::query_with(sql, bind_lite(args)?).execute(&mut **tx).await?.rows_affected()
            }
            Conn::Pg(tx) => sqlx::query_with(sql, bind_pg(args)?).execute(&mut **tx).await?.rows_affected(),
        })
    }

    /// All rows of a query.
    ///
    /// # Errors
    /// When the database refuses it.
    pub async fn rows(&mut self, sql: &'static str, args: Vec<Arg>) -> Result<Vec<Row>, StoreError> {
        Ok(match &mut self.conn {
            Conn::Lite(tx) => {
                let rows = sqlx::query_with(sql, bind_lite(args)?).fetch_all(&mut **tx).await?;
                rows.into_iter().map(Row::Lite).collect()
            }
            Conn::Pg(tx) => {
                let rows = sqlx::query_with(sql, bind_pg(args)?).fetch_all(&mut **tx).await?;
                rows.into_iter().map(Row::Pg).collect()
            }
        })
    }

    /// The row of a query, if there is one.
    ///
    /// # Errors
    /// When the database refuses it.
    pub async fn row_opt(&mut self, sql: &'static str, args: Vec<Arg>) -> Result<Option<Row>, StoreError> {
        Ok(self.rows(sql, args).await?.into_iter().next())
    }

    /// The one row of a query.
    ///
    /// # Errors
    /// [`StoreError::NoRow`] when there is none.
    pub async fn row(&mut self, sql: &'static str, args: Vec<Arg>) -> Result<Row, StoreError> {
        self.row_opt(sql, args).await?.ok_or(StoreError::NoRow)
    }

    /// Writes the journal entry and makes the change real: the only way to keep a change (law 5).
    ///
    /// # Errors
    /// When the database refuses; nothing is kept then.
    pub async fn commit(
        mut self,
        permit: Permit,
        at: Instant,
        details: &serde_json::Value,
    ) -> Result<(), StoreError> {
        let Some(head) = self.chain.take() else { return Err(StoreError::NoRow) };
        let mut link = Link {
            chain: head.chain,
            seq: head.seq + 1,
            at,
            actor: permit.actor().to_owned(),
            action: permit.action().code().to_owned(),
            data: details.to_string(),
            prev: head.hash,
            hash: String::new(),
        };
        link.hash = link.expected_hash();
        crate::journal::append(&mut self, &link).await?;
        match self.conn {
            Conn::Lite(tx) => tx.commit().await?,
            Conn::Pg(tx) => tx.commit().await?,
        }
        Ok(())
    }

    /// Keeps a change that is not a change of the programme's records and so has no journal entry:
    /// sessions of signed-in people, job leases, seals of the journal itself, reference data.
    ///
    /// # Errors
    /// When the database refuses; nothing is kept then.
    pub async fn commit_upkeep(self) -> Result<(), StoreError> {
        match self.conn {
            Conn::Lite(tx) => tx.commit().await?,
            Conn::Pg(tx) => tx.commit().await?,
        }
        Ok(())
    }
}

/// A row of either database.
#[derive(Debug)]
pub enum Row {
    /// From SQLite.
    Lite(SqliteRow),
    /// From PostgreSQL.
    Pg(PgRow),
}

impl Row {
    /// The value of a column.
    ///
    /// # Errors
    /// [`StoreError::Column`] when the column holds something else.
    pub fn get<C: Column>(&self, column: &'static str) -> Result<C, StoreError> {
        let cell = match self {
            Self::Lite(row) if C::IS_INT => Cell::Int(row.try_get(column)?),
            Self::Lite(row) => Cell::Text(row.try_get(column)?),
            Self::Pg(row) if C::IS_INT => Cell::Int(row.try_get(column)?),
            Self::Pg(row) => Cell::Text(row.try_get(column)?),
        };
        C::read(cell).ok_or(StoreError::Column(column))
    }

    /// The value of a JSON column.
    ///
    /// # Errors
    /// [`StoreError::Column`] when the text is not such a value.
    pub fn json<T: serde::Serialize + serde::de::DeserializeOwned>(
        &self,
        column: &'static str,
    ) -> Result<T, StoreError> {
        self.get::<crate::value::Json<T>>(column).map(|json| json.0)
    }
}
