//! Files on their way into the register: how their columns are read, how far they are, and the rows
//! that did not go in.

use ocop_core::id::ImportId;
use ocop_core::imports::columns::Column;
use ocop_core::imports::record::Fault;
use ocop_core::imports::run::{Counts, RunState};
use ocop_core::time::Instant;

use crate::db::{Row, StoreError, Tx};
use crate::value::json;

/// The import of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Id.
    pub id: ImportId,
    /// Code of the province whose register it is.
    pub province: String,
    /// SHA-256 of the file.
    pub file_hash: String,
    /// Its name on the sender's machine.
    pub file_name: String,
    /// Name of the sheet that is read.
    pub sheet: String,
    /// Id of the regime whose numbers of product sets the file bears.
    pub sets: String,
    /// Its column names, in order.
    pub headings: Vec<String>,
    /// What each of them is; `None` is left out.
    pub mapping: Vec<Option<Column>>,
    /// Where it stands.
    pub state: RunState,
    /// Rows of the sheet.
    pub rows_total: i64,
    /// Rows that were taken in or refused.
    pub rows_done: i64,
    /// What became of them.
    pub counts: Counts,
    /// Who sent it: name, for people.
    pub started_by: String,
    /// When it was sent.
    pub started_at: Instant,
    /// When it was changed last.
    pub updated_at: Instant,
    /// A worker is at it until then.
    pub leased_until: Option<Instant>,
    /// When its last row was done.
    pub finished_at: Option<Instant>,
}

fn run(row: &Row) -> Result<Run, StoreError> {
    Ok(Run {
        id: row.get("id")?,
        province: row.get("province")?,
        file_hash: row.get("file_hash")?,
        file_name: row.get("file_name")?,
        sheet: row.get("sheet")?,
        sets: row.get("sets")?,
        headings: row.json("headings")?,
        mapping: row.json("mapping")?,
        state: row.get("state")?,
        rows_total: row.get("rows_total")?,
        rows_done: row.get("rows_done")?,
        counts: Counts {
            added: row.get("added")?,
            changed: row.get("changed")?,
            unchanged: row.get("unchanged")?,
            refused: row.get("refused")?,
            producers: row.get("producers")?,
            products: row.get("products")?,
            certificates: row.get("certificates")?,
        },
        started_by: row.get("started_by")?,
        started_at: row.get("started_at")?,
        updated_at: row.get("updated_at")?,
        leased_until: row.get("leased_until")?,
        finished_at: row.get("finished_at")?,
    })
}

/// Keeps a new run.
pub async fn insert(tx: &mut Tx, run: &Run) -> Result<(), StoreError> {
    tx.execute(
        "insert into import_run (id, province, file_hash, file_name, started_by, started_at, updated_at, state,
            mapping, rows_total, rows_done, added, changed, unchanged, refused)
         values ($1, $2, $3, $4, $5, $6, $7, $8, '[]', 0, 0, 0, 0, 0, 0)",
        crate::args![
            &run.id,
            &run.province,
            &run.file_hash,
            &run.file_name,
            &run.started_by,
            &run.started_at,
            &run.updated_at,
            &run.state
        ],
    )
    .await?;
    update(tx, run).await
}

/// Keeps what changed of a run.
pub async fn update(tx: &mut Tx, run: &Run) -> Result<(), StoreError> {
    let counts = &run.counts;
    let mut args = crate::args![
        &run.id,
        &run.sheet,
        &run.sets,
        &run.state,
        &run.rows_total,
        &run.rows_done,
        &counts.added,
        &counts.changed,
        &counts.unchanged,
        &counts.refused,
        &counts.producers,
        &counts.products,
        &counts.certificates,
        &run.updated_at,
        &run.leased_until,
        &run.finished_at,
    ];
    args.extend([json(&run.headings), json(&run.mapping)]);
    tx.execute(
        "update import_run set sheet = $2, sets = $3, state = $4, rows_total = $5, rows_done = $6, added = $7,
            changed = $8, unchanged = $9, refused = $10, producers = $11, products = $12, certificates = $13,
            updated_at = $14, leased_until = $15, finished_at = $16, headings = $17, mapping = $18
          where id = $1",
        args,
    )
    .await?;
    Ok(())
}

/// A run by its id.
pub async fn find(tx: &mut Tx, id: &ImportId) -> Result<Option<Run>, StoreError> {
    let row = tx.row_opt("select * from import_run where id = $1", crate::args![id]).await?;
    row.as_ref().map(run).transpose()
}

/// The runs of a province, newest first.
pub async fn of_province(tx: &mut Tx, province: &str, limit: i64) -> Result<Vec<Run>, StoreError> {
    let rows = tx
        .rows(
            "select * from import_run where province = $1 order by started_at desc, id desc limit $2",
            crate::args![province, &limit],
        )
        .await?;
    rows.iter().map(run).collect()
}

/// Gives the oldest run that nobody is at to a worker until a moment.
pub async fn lease(tx: &mut Tx, now: Instant, until: Instant) -> Result<Option<Run>, StoreError> {
    let row = tx
        .row_opt(
            "update import_run set leased_until = $2
              where id = (select id from import_run
                           where state = 'running' and (leased_until is null or leased_until < $1)
                           order by started_at, id limit 1)
             returning *",
            crate::args![&now, &until],
        )
        .await?;
    row.as_ref().map(run).transpose()
}

/// How an office reads files with these column names.
pub async fn find_mapping(
    tx: &mut Tx,
    province: &str,
    shape: &str,
) -> Result<Option<Vec<Option<Column>>>, StoreError> {
    let row = tx
        .row_opt(
            "select mapping from import_mapping where province = $1 and shape = $2",
            crate::args![province, shape],
        )
        .await?;
    row.map(|row| row.json("mapping")).transpose()
}

/// Remembers how an office reads files with these column names.
pub async fn put_mapping(
    tx: &mut Tx,
    (province, shape): (&str, &str),
    mapping: &[Option<Column>],
    (by, at): (&str, Instant),
) -> Result<(), StoreError> {
    let mut args = crate::args![province, shape, by, &at];
    args.push(json(&mapping));
    tx.execute(
        "insert into import_mapping (province, shape, saved_by, saved_at, mapping) values ($1, $2, $3, $4, $5)
         on conflict (province, shape) do update set
            mapping = excluded.mapping, saved_by = excluded.saved_by, saved_at = excluded.saved_at",
        args,
    )
    .await?;
    Ok(())
}

/// A row that did not go in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Its number in the sheet.
    pub row: u32,
    /// Its cells as read.
    pub cells: Vec<String>,
    /// Why.
    pub faults: Vec<Fault>,
}

/// Keeps a refused row.
pub async fn put_refused(tx: &mut Tx, run: &ImportId, refused: &Refused) -> Result<(), StoreError> {
    let mut args = crate::args![run, &refused.row];
    args.extend([json(&refused.cells), json(&refused.faults)]);
    tx.execute(
        "insert into import_refusal (run_id, row_no, cells, faults) values ($1, $2, $3, $4)
         on conflict (run_id, row_no) do update set cells = excluded.cells, faults = excluded.faults",
        args,
    )
    .await?;
    Ok(())
}

/// Forgets the refused rows of a run: its rows are read again.
pub async fn clear_refused(tx: &mut Tx, run: &ImportId) -> Result<(), StoreError> {
    tx.execute("delete from import_refusal where run_id = $1", crate::args![run]).await?;
    Ok(())
}

/// The refused rows of a run after a row, in their order.
pub async fn refused(
    tx: &mut Tx,
    run: &ImportId,
    after: u32,
    limit: i64,
) -> Result<Vec<Refused>, StoreError> {
    let rows = tx
        .rows(
            "select row_no, cells, faults from import_refusal where run_id = $1 and row_no > $2
              order by row_no limit $3",
            crate::args![run, &after, &limit],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Refused { row: row.get("row_no")?, cells: row.json("cells")?, faults: row.json("faults")? })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::{Chain, Db};
    use crate::testing::{at, each_database, seed_units};

    fn sent(no: u8, at: Instant) -> Run {
        Run {
            id: format!("0192d3b0-7c1e-7abc-8def-0000000000{no:02x}").parse().unwrap(),
            province: "22".to_owned(),
            file_hash: "ab".to_owned(),
            file_name: "OCOP 2022.xlsx".to_owned(),
            sheet: "Danh sách".to_owned(),
            sets: "2020-781".to_owned(),
            headings: vec!["STT".to_owned(), "Sản phẩm".to_owned()],
            mapping: vec![None, Some(Column::ProductName)],
            state: RunState::Draft,
            rows_total: 2,
            rows_done: 0,
            counts: Counts::default(),
            started_by: "Người thử".to_owned(),
            started_at: at,
            updated_at: at,
            leased_until: None,
            finished_at: None,
        }
    }

    async fn with_two(db: &Db) -> (Tx, Run, Run) {
        seed_units(db).await;
        let mut tx = db.write(Chain::of("import", "x")).await.unwrap();
        let first = sent(1, at("2026-11-24T03:00:00Z"));
        let second = sent(2, at("2026-11-24T04:00:00Z"));
        insert(&mut tx, &first).await.unwrap();
        insert(&mut tx, &second).await.unwrap();
        (tx, first, second)
    }

    #[tokio::test]
    async fn a_run_is_kept_with_its_mapping_and_its_counts() {
        each_database(async |db| {
            let (mut tx, first, second) = with_two(&db).await;
            assert_eq!(of_province(&mut tx, "22", 10).await.unwrap(), [second, first.clone()]);
            assert_eq!(of_province(&mut tx, "01", 10).await.unwrap(), []);
            let counts = Counts { added: 1, refused: 1, products: 1, ..Counts::default() };
            let done = Run {
                state: RunState::Finished,
                rows_done: 2,
                counts,
                finished_at: Some(at("2026-11-24T05:00:00Z")),
                ..first
            };
            update(&mut tx, &done).await.unwrap();
            assert_eq!(find(&mut tx, &done.id).await.unwrap(), Some(done));
        })
        .await;
    }

    #[tokio::test]
    async fn a_worker_gets_a_running_file_that_nobody_is_at() {
        each_database(async |db| {
            let (mut tx, first, second) = with_two(&db).await;
            let (now, later) = (at("2026-11-24T06:00:00Z"), at("2026-11-24T06:01:00Z"));
            assert_eq!(lease(&mut tx, now, later).await.unwrap(), None, "none runs");
            for run in [&first, &second] {
                update(&mut tx, &Run { state: RunState::Running, ..run.clone() }).await.unwrap();
            }
            let leased =
                async |tx: &mut Tx, now, until| lease(tx, now, until).await.unwrap().map(|run| run.id);
            assert_eq!(leased(&mut tx, now, later).await, Some(first.id.clone()), "the oldest first");
            assert_eq!(leased(&mut tx, now, later).await, Some(second.id));
            assert_eq!(leased(&mut tx, now, later).await, None);
            let after = at("2026-11-24T06:01:01Z");
            assert_eq!(leased(&mut tx, after, after).await, Some(first.id), "its worker is gone");
        })
        .await;
    }

    #[tokio::test]
    async fn a_mapping_is_remembered_for_the_same_column_names() {
        each_database(async |db| {
            seed_units(&db).await;
            let mut tx = db.write(Chain::of("import", "x")).await.unwrap();
            let now = at("2026-11-24T03:00:00Z");
            for mapping in [vec![None], vec![Some(Column::Stars), None]] {
                put_mapping(&mut tx, ("22", "shape"), &mapping, ("Người thử", now)).await.unwrap();
                assert_eq!(find_mapping(&mut tx, "22", "shape").await.unwrap(), Some(mapping));
            }
            assert_eq!(find_mapping(&mut tx, "22", "another").await.unwrap(), None);
            assert_eq!(find_mapping(&mut tx, "01", "shape").await.unwrap(), None);
        })
        .await;
    }

    #[tokio::test]
    async fn refused_rows_are_kept_once_and_paged() {
        each_database(async |db| {
            let (mut tx, first, second) = with_two(&db).await;
            let of = |row| Refused {
                row,
                cells: vec!["1".to_owned(), "Mật ong".to_owned()],
                faults: vec![Fault { column: Some(Column::Stars), reason: "…".to_owned() }],
            };
            for row in [12, 3, 12, 40] {
                put_refused(&mut tx, &first.id, &of(row)).await.unwrap();
            }
            assert_eq!(refused(&mut tx, &first.id, 0, 2).await.unwrap(), [of(3), of(12)]);
            assert_eq!(refused(&mut tx, &first.id, 12, 2).await.unwrap(), [of(40)]);
            assert_eq!(refused(&mut tx, &second.id, 0, 9).await.unwrap(), []);
            clear_refused(&mut tx, &first.id).await.unwrap();
            assert_eq!(refused(&mut tx, &first.id, 0, 9).await.unwrap(), []);
        })
        .await;
    }
}
