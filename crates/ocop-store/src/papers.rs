//! The register of outgoing papers: signed, numbered, kept as they were.

use chrono::NaiveDate;
use ocop_core::id::PaperId;
use ocop_core::papers::{Gap, PaperKind, PaperNumber};
use ocop_core::time::Instant;

use crate::db::{Row, StoreError, Tx};

/// A paper of the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issued {
    /// Id.
    pub id: PaperId,
    /// Code of the unit whose office sent it.
    pub office: String,
    /// The year that its number is of.
    pub year: i32,
    /// Number and symbol.
    pub number: PaperNumber,
    /// What it is.
    pub kind: PaperKind,
    /// What it is about: `decision:ID`, `notice:DOSSIER`, `return:DOSSIER:2`.
    pub about: String,
    /// Its subject in one line.
    pub title: String,
    /// When it was signed.
    pub signed_on: NaiveDate,
    /// Who signed, with the position.
    pub signed_by: String,
    /// What it was made of, as JSON.
    pub input: String,
    /// SHA-256 of the file made of it.
    pub file: String,
    /// Name of the officer who noted it.
    pub recorded_by: String,
    /// When.
    pub recorded_at: Instant,
}

/// A signed copy of a paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedCopy {
    /// Counted from 1; the greatest is the copy of record.
    pub no: i64,
    /// SHA-256 of the file.
    pub file: String,
    /// Its name.
    pub file_name: String,
    /// Its size in bytes.
    pub size: i64,
    /// Whether it carries a digital signature.
    pub signed_digitally: bool,
    /// Name of the officer who attached it.
    pub added_by: String,
    /// When.
    pub added_at: Instant,
}

/// Why numbers are missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    /// The symbol that they are of.
    pub symbol: String,
    /// The numbers.
    pub gap: Gap,
    /// Why.
    pub reason: String,
    /// Name of the officer who says so.
    pub explained_by: String,
    /// When.
    pub explained_at: Instant,
}

fn issued(row: &Row) -> Result<Issued, StoreError> {
    Ok(Issued {
        id: row.get("id")?,
        office: row.get("office")?,
        year: row.get("year")?,
        number: PaperNumber { number: row.get("number")?, symbol: row.get("symbol")? },
        kind: row.get("kind")?,
        about: row.get("about")?,
        title: row.get("title")?,
        signed_on: row.get("signed_on")?,
        signed_by: row.get("signed_by")?,
        input: row.get("input")?,
        file: row.get("file")?,
        recorded_by: row.get("recorded_by")?,
        recorded_at: row.get("recorded_at")?,
    })
}

/// Enters a paper.
///
/// # Errors
/// A duplicate when the number is taken in this office, year and symbol, or the thing has its paper.
pub async fn insert(tx: &mut Tx, paper: &Issued) -> Result<(), StoreError> {
    tx.execute(
        "insert into paper (id, office, year, number, symbol, kind, about, title, signed_on, signed_by, input, file,
            recorded_by, recorded_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        crate::args![
            &paper.id,
            &paper.office,
            &paper.year,
            &paper.number.number,
            &paper.number.symbol,
            &paper.kind,
            &paper.about,
            &paper.title,
            &paper.signed_on,
            &paper.signed_by,
            &paper.input,
            &paper.file,
            &paper.recorded_by,
            &paper.recorded_at,
        ],
    )
    .await?;
    Ok(())
}

/// A paper by its id.
pub async fn find(tx: &mut Tx, id: &PaperId) -> Result<Option<Issued>, StoreError> {
    tx.row_opt("select * from paper where id = $1", crate::args![id]).await?.as_ref().map(issued).transpose()
}

/// The paper about a thing.
pub async fn about(tx: &mut Tx, about: &str) -> Result<Option<Issued>, StoreError> {
    let row = tx.row_opt("select * from paper where about = $1", crate::args![about]).await?;
    row.as_ref().map(issued).transpose()
}

/// The paper that an office has given a number of a year.
pub async fn by_number(
    tx: &mut Tx,
    office: &str,
    year: i32,
    number: &PaperNumber,
) -> Result<Option<Issued>, StoreError> {
    let row = tx
        .row_opt(
            "select * from paper where office = $1 and year = $2 and symbol = $3 and number = $4",
            crate::args![office, &year, &number.symbol, &number.number],
        )
        .await?;
    row.as_ref().map(issued).transpose()
}

/// The number after the greatest that an office has given in a year to a symbol.
pub async fn next_number(tx: &mut Tx, office: &str, year: i32, symbol: &str) -> Result<i64, StoreError> {
    let row = tx
        .row(
            "select coalesce(max(number), 0) + 1 as next from paper where office = $1 and year = $2 and symbol = $3",
            crate::args![office, &year, symbol],
        )
        .await?;
    row.get("next")
}

/// The symbol that an office gave last to papers of a kind.
pub async fn last_symbol(tx: &mut Tx, office: &str, kind: PaperKind) -> Result<Option<String>, StoreError> {
    let row = tx
        .row_opt(
            "select symbol from paper where office = $1 and kind = $2 order by id desc limit 1",
            crate::args![office, &kind],
        )
        .await?;
    row.map(|row| row.get("symbol")).transpose()
}

/// A paper as the register lists it, with its copy of record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Id.
    pub id: PaperId,
    /// Number and symbol.
    pub number: PaperNumber,
    /// What it is.
    pub kind: PaperKind,
    /// Its subject in one line.
    pub title: String,
    /// When it was signed.
    pub signed_on: NaiveDate,
    /// Who signed.
    pub signed_by: String,
    /// Whether a signed copy is attached.
    pub has_copy: bool,
}

/// An office's papers of a year, by symbol and number.
pub async fn of_year(tx: &mut Tx, office: &str, year: i32) -> Result<Vec<Listed>, StoreError> {
    let rows = tx
        .rows(
            "select p.id, p.number, p.symbol, p.kind, p.title, p.signed_on, p.signed_by,
                (select count(*) from paper_copy c where c.paper_id = p.id) as copies
             from paper p where p.office = $1 and p.year = $2 order by p.symbol, p.number",
            crate::args![office, &year],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Listed {
                id: row.get("id")?,
                number: PaperNumber { number: row.get("number")?, symbol: row.get("symbol")? },
                kind: row.get("kind")?,
                title: row.get("title")?,
                signed_on: row.get("signed_on")?,
                signed_by: row.get("signed_by")?,
                has_copy: row.get::<i64>("copies")? > 0,
            })
        })
        .collect()
}

/// The years in which an office has papers, the last one first.
pub async fn years(tx: &mut Tx, office: &str) -> Result<Vec<i32>, StoreError> {
    let rows = tx
        .rows("select distinct year from paper where office = $1 order by year desc", crate::args![office])
        .await?;
    rows.iter().map(|row| row.get("year")).collect()
}

/// Attaches a signed copy as the copy of record.
pub async fn add_copy(tx: &mut Tx, paper: &PaperId, copy: &SignedCopy) -> Result<(), StoreError> {
    tx.execute(
        "insert into paper_copy (paper_id, no, file, file_name, size, signed_digitally, added_by, added_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        crate::args![
            paper,
            &copy.no,
            &copy.file,
            &copy.file_name,
            &copy.size,
            &copy.signed_digitally,
            &copy.added_by,
            &copy.added_at,
        ],
    )
    .await?;
    Ok(())
}

/// The signed copies of a paper, the copy of record first.
pub async fn copies(tx: &mut Tx, paper: &PaperId) -> Result<Vec<SignedCopy>, StoreError> {
    let rows =
        tx.rows("select * from paper_copy where paper_id = $1 order by no desc", crate::args![paper]).await?;
    rows.iter()
        .map(|row| {
            Ok(SignedCopy {
                no: row.get("no")?,
                file: row.get("file")?,
                file_name: row.get("file_name")?,
                size: row.get("size")?,
                signed_digitally: row.get("signed_digitally")?,
                added_by: row.get("added_by")?,
                added_at: row.get("added_at")?,
            })
        })
        .collect()
}

/// Says why numbers are missing; a later word about the same numbers takes the place of the earlier.
pub async fn explain(tx: &mut Tx, office: &str, year: i32, why: &Explained) -> Result<(), StoreError> {
    tx.execute(
        "insert into paper_gap (office, year, symbol, first, last, reason, explained_by, explained_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (office, year, symbol, first, last) do update
            set reason = excluded.reason, explained_by = excluded.explained_by, explained_at = excluded.explained_at",
        crate::args![
            office,
            &year,
            &why.symbol,
            &why.gap.first,
            &why.gap.last,
            &why.reason,
            &why.explained_by,
            &why.explained_at,
        ],
    )
    .await?;
    Ok(())
}

/// What was said about missing numbers of a year, newest first.
pub async fn explanations(tx: &mut Tx, office: &str, year: i32) -> Result<Vec<Explained>, StoreError> {
    let rows = tx
        .rows(
            "select * from paper_gap where office = $1 and year = $2 order by explained_at desc, symbol, first",
            crate::args![office, &year],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Explained {
                symbol: row.get("symbol")?,
                gap: Gap { first: row.get("first")?, last: row.get("last")? },
                reason: row.get("reason")?,
                explained_by: row.get("explained_by")?,
                explained_at: row.get("explained_at")?,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::Chain;
    use crate::testing::{at, each_database, seed_units};

    fn paper(no: u32, about: &str) -> Issued {
        Issued {
            id: format!("0192d3b0-7c1e-7abc-8def-{no:012x}").parse().unwrap(),
            office: "22".to_owned(),
            year: 2026,
            number: PaperNumber { number: no, symbol: "TB-UBND".to_owned() },
            kind: PaperKind::Notice,
            about: about.to_owned(),
            title: "Kết quả đánh giá sản phẩm".to_owned(),
            signed_on: "2026-11-02".parse().unwrap(),
            signed_by: "Chủ tịch, Nguyễn Văn Thử".to_owned(),
            input: "{}".to_owned(),
            file: "ab".to_owned(),
            recorded_by: "Cán bộ thử".to_owned(),
            recorded_at: at("2026-11-02T03:00:00Z"),
        }
    }

    #[tokio::test]
    async fn a_number_stands_for_one_paper_of_an_offices_year() {
        each_database(async |db| {
            seed_units(&db).await;
            let mut tx = db.write(Chain::of("province", "22")).await.unwrap();
            let first = paper(7, "notice:a");
            insert(&mut tx, &first).await.unwrap();
            let next_year =
                Issued { year: 2027, id: paper(8, "").id, about: "notice:b".to_owned(), ..first.clone() };
            insert(&mut tx, &next_year).await.unwrap();
            let commune = Issued {
                office: "06862".to_owned(),
                id: paper(9, "").id,
                about: "notice:c".to_owned(),
                ..first.clone()
            };
            insert(&mut tx, &commune).await.unwrap();
            assert_eq!(find(&mut tx, &first.id).await.unwrap(), Some(first.clone()));
            assert_eq!(about(&mut tx, "notice:a").await.unwrap(), Some(first.clone()));
            assert_eq!(by_number(&mut tx, "22", 2026, &first.number).await.unwrap().as_ref(), Some(&first));
            assert_eq!(by_number(&mut tx, "22", 2025, &first.number).await.unwrap(), None);
            assert_eq!(next_number(&mut tx, "22", 2026, "TB-UBND").await.unwrap(), 8);
            assert_eq!(next_number(&mut tx, "22", 2026, "QĐ-UBND").await.unwrap(), 1);
            assert_eq!(
                last_symbol(&mut tx, "22", PaperKind::Notice).await.unwrap().as_deref(),
                Some("TB-UBND")
            );
            assert_eq!(last_symbol(&mut tx, "22", PaperKind::Return).await.unwrap(), None);
            assert_eq!(years(&mut tx, "22").await.unwrap(), [2027, 2026]);
            tx.commit_upkeep().await.unwrap();
            for twice in [
                Issued { id: paper(10, "").id, about: "notice:d".to_owned(), ..first.clone() },
                Issued { id: paper(11, "").id, ..paper(12, "notice:a") },
            ] {
                let mut tx = db.write(Chain::of("province", "22")).await.unwrap();
                assert!(insert(&mut tx, &twice).await.unwrap_err().is_duplicate());
            }
        })
        .await;
    }

    #[tokio::test]
    async fn copies_and_explanations_are_kept() {
        each_database(async |db| {
            seed_units(&db).await;
            let mut tx = db.write(Chain::of("province", "22")).await.unwrap();
            let kept = paper(3, "notice:a");
            insert(&mut tx, &kept).await.unwrap();
            assert!(!of_year(&mut tx, "22", 2026).await.unwrap()[0].has_copy);
            let copy = |no: i64| SignedCopy {
                no,
                file: format!("hash{no}"),
                file_name: "ban-ky.pdf".to_owned(),
                size: 10,
                signed_digitally: no == 2,
                added_by: "Cán bộ thử".to_owned(),
                added_at: at("2026-11-03T03:00:00Z"),
            };
            for no in [1, 2] {
                add_copy(&mut tx, &kept.id, &copy(no)).await.unwrap();
            }
            assert_eq!(copies(&mut tx, &kept.id).await.unwrap(), [copy(2), copy(1)]);
            let files = crate::evidence::files_after(&mut tx, "", 10).await.unwrap();
            assert_eq!(files, ["ab", "hash1", "hash2"]);
            assert_eq!(crate::evidence::files_after(&mut tx, "ab", 1).await.unwrap(), ["hash1"]);
            let listed = of_year(&mut tx, "22", 2026).await.unwrap();
            assert_eq!((listed.len(), listed[0].has_copy, &listed[0].number), (1, true, &kept.number));
            let why = Explained {
                symbol: "TB-UBND".to_owned(),
                gap: Gap { first: 1, last: 2 },
                reason: "Văn bản khác của cơ quan.".to_owned(),
                explained_by: "Cán bộ thử".to_owned(),
                explained_at: at("2026-11-03T03:00:00Z"),
            };
            explain(&mut tx, "22", 2026, &why).await.unwrap();
            let mended = Explained { reason: "Số hủy.".to_owned(), ..why };
            explain(&mut tx, "22", 2026, &mended).await.unwrap();
            assert_eq!(explanations(&mut tx, "22", 2026).await.unwrap(), [mended]);
        })
        .await;
    }
}
