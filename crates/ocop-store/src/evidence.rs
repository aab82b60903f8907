//! The producer's papers and where a dossier cites them.

use chrono::NaiveDate;
use ocop_core::evidence::{EvidenceKind, MediaType};
use ocop_core::id::{DossierId, EvidenceId, ProducerId};
use ocop_core::time::Instant;

use crate::db::{Row, StoreError, Tx};

/// A paper of a producer: what it is and which file holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// The paper.
    pub id: EvidenceId,
    /// Whose it is.
    pub producer_id: ProducerId,
    /// Its heading in the evidence table of form 02.
    pub kind: EvidenceKind,
    /// What people call it.
    pub title: String,
    /// Its own number; may be empty.
    pub number: String,
    /// Who issued it; may be empty.
    pub issuer: String,
    /// When it was issued.
    pub issued_on: Option<NaiveDate>,
    /// Its last day.
    pub expires_on: Option<NaiveDate>,
    /// SHA-256 of the file.
    pub file_hash: String,
    /// Name of the file as uploaded, tidied.
    pub file_name: String,
    /// Type of the file by its content.
    pub media_type: MediaType,
    /// Size in bytes.
    pub size: i64,
    /// How many pages it has; `None` where that is not known or the file has none.
    pub pages: Option<u16>,
    /// The paper of the same producer that it stands in for.
    pub replaces: Option<EvidenceId>,
    /// When it was uploaded.
    pub uploaded_at: Instant,
    /// When the producer took it out of the vault, or a new version came. Submissions that cite it keep it.
    pub withdrawn_at: Option<Instant>,
    /// Version for stale saves of its description.
    pub version: i64,
}

fn evidence(row: &Row) -> Result<Evidence, StoreError> {
    Ok(Evidence {
        id: row.get("id")?,
        producer_id: row.get("producer_id")?,
        kind: row.get("kind")?,
        title: row.get("title")?,
        number: row.get("number")?,
        issuer: row.get("issuer")?,
        issued_on: row.get("issued_on")?,
        expires_on: row.get("expires_on")?,
        file_hash: row.get("file_hash")?,
        file_name: row.get("file_name")?,
        media_type: row.get("media_type")?,
        size: row.get("size")?,
        pages: row.get("pages")?,
        replaces: row.get("replaces")?,
        uploaded_at: row.get("uploaded_at")?,
        withdrawn_at: row.get("withdrawn_at")?,
        version: row.get("version")?,
    })
}

/// Puts a paper in.
pub async fn insert(tx: &mut Tx, paper: &Evidence) -> Result<(), StoreError> {
    tx.execute(
        "insert into evidence (id, producer_id, kind, title, number, issuer, issued_on, expires_on,
            file_hash, file_name, media_type, size, pages, replaces, uploaded_at, withdrawn_at, version)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
        crate::args![
            &paper.id,
            &paper.producer_id,
            &paper.kind,
            &paper.title,
            &paper.number,
            &paper.issuer,
            &paper.issued_on,
            &paper.expires_on,
            &paper.file_hash,
            &paper.file_name,
            &paper.media_type,
            &paper.size,
            &paper.pages,
            &paper.replaces,
            &paper.uploaded_at,
            &paper.withdrawn_at,
            &paper.version,
        ],
    )
    .await?;
    Ok(())
}

/// A paper by its id, in the vault or withdrawn.
pub async fn find(tx: &mut Tx, id: &EvidenceId) -> Result<Option<Evidence>, StoreError> {
    let row = tx.row_opt("select * from evidence where id = $1", crate::args![id]).await?;
    row.as_ref().map(evidence).transpose()
}

/// Changes what is told of a paper, and its row's version. `false` when somebody has changed it since.
pub async fn describe(tx: &mut Tx, paper: &Evidence) -> Result<bool, StoreError> {
    let changed = tx
        .execute(
            "update evidence set kind = $3, title = $4, number = $5, issuer = $6, issued_on = $7,
                expires_on = $8, version = version + 1
              where id = $1 and version = $2",
            crate::args![
                &paper.id,
                &paper.version,
                &paper.kind,
                &paper.title,
                &paper.number,
                &paper.issuer,
                &paper.issued_on,
                &paper.expires_on,
            ],
        )
        .await?;
    Ok(changed == 1)
}

/// The paper that has come in place of one.
pub async fn next_version(tx: &mut Tx, id: &EvidenceId) -> Result<Option<Evidence>, StoreError> {
    let row = tx.row_opt("select * from evidence where replaces = $1", crate::args![id]).await?;
    row.as_ref().map(evidence).transpose()
}

/// The papers in a producer's vault, newest first.
pub async fn of_producer(tx: &mut Tx, producer: &ProducerId) -> Result<Vec<Evidence>, StoreError> {
    let rows = tx
        .rows(
            "select * from evidence where producer_id = $1 and withdrawn_at is null order by id desc",
            crate::args![producer],
        )
        .await?;
    rows.iter().map(evidence).collect()
}

/// The paper in a producer's vault that holds the same file.
pub async fn same_file(
    tx: &mut Tx,
    producer: &ProducerId,
    file_hash: &str,
) -> Result<Option<Evidence>, StoreError> {
    let row = tx
        .row_opt(
            "select * from evidence
              where producer_id = $1 and file_hash = $2 and withdrawn_at is null order by id",
            crate::args![producer, file_hash],
        )
        .await?;
    row.as_ref().map(evidence).transpose()
}

/// Hashes of the files that are kept, each once, after one of them: the vault's, those of outgoing papers
/// and of their signed copies, what was sent to the centre.
pub async fn files_after(tx: &mut Tx, hash: &str, limit: i64) -> Result<Vec<String>, StoreError> {
    let rows = tx
        .rows(
            "select file_hash from evidence where file_hash > $1
             union select file from paper where file > $1
             union select file from paper_copy where file > $1
             union select bundle from forwarding where bundle > $1
             order by file_hash limit $2",
            crate::args![hash, &limit],
        )
        .await?;
    rows.iter().map(|row| row.get("file_hash")).collect()
}

/// PDFs of which nobody has counted the pages, the oldest first: those of before the pages were kept, and files
/// that the reader stumbled over when they came.
pub async fn uncounted(tx: &mut Tx, limit: i64) -> Result<Vec<Evidence>, StoreError> {
    let rows = tx
        .rows(
            "select * from evidence where pages is null and counted_at is null and media_type = $1
              order by id limit $2",
            crate::args![&MediaType::Pdf, &limit],
        )
        .await?;
    rows.iter().map(evidence).collect()
}

/// Notes how many pages a paper has, or that they cannot be counted; it is not asked for again.
pub async fn counted(
    tx: &mut Tx,
    id: &EvidenceId,
    pages: Option<u16>,
    at: Instant,
) -> Result<(), StoreError> {
    tx.execute(
        "update evidence set pages = $2, counted_at = $3 where id = $1 and pages is null",
        crate::args![id, &pages, &at],
    )
    .await?;
    Ok(())
}

/// Takes a paper out of the vault. `false` when it was out already.
pub async fn withdraw(tx: &mut Tx, id: &EvidenceId, at: Instant) -> Result<bool, StoreError> {
    let changed = tx
        .execute(
            "update evidence set withdrawn_at = $2 where id = $1 and withdrawn_at is null",
            crate::args![id, &at],
        )
        .await?;
    Ok(changed == 1)
}

/// A paper cited for a criterion in a dossier's draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citation {
    /// Code of the criterion.
    pub criterion: String,
    /// The paper.
    pub evidence_id: EvidenceId,
    /// Pages such as `1–2, 5`; empty means the whole paper.
    pub pages: String,
}

fn citation(row: &Row) -> Result<Citation, StoreError> {
    Ok(Citation {
        criterion: row.get("criterion")?,
        evidence_id: row.get("evidence_id")?,
        pages: row.get("pages")?,
    })
}

/// Cites a paper for a criterion, or changes the pages of the citation.
pub async fn cite(tx: &mut Tx, dossier: &DossierId, cited: &Citation) -> Result<(), StoreError> {
    tx.execute(
        "insert into citation (dossier_id, criterion, evidence_id, pages) values ($1, $2, $3, $4)
         on conflict (dossier_id, criterion, evidence_id) do update set pages = excluded.pages",
        crate::args![dossier, &cited.criterion, &cited.evidence_id, &cited.pages],
    )
    .await?;
    Ok(())
}

/// Takes a citation back. `false` when there was none.
pub async fn uncite(
    tx: &mut Tx,
    dossier: &DossierId,
    criterion: &str,
    paper: &EvidenceId,
) -> Result<bool, StoreError> {
    let changed = tx
        .execute(
            "delete from citation where dossier_id = $1 and criterion = $2 and evidence_id = $3",
            crate::args![dossier, criterion, paper],
        )
        .await?;
    Ok(changed == 1)
}

/// The citations of a dossier's draft, by criterion as text, then in the order of upload.
pub async fn citations_of(tx: &mut Tx, dossier: &DossierId) -> Result<Vec<Citation>, StoreError> {
    let rows = tx
        .rows(
            "select criterion, evidence_id, pages from citation where dossier_id = $1
              order by criterion, evidence_id",
            crate::args![dossier],
        )
        .await?;
    rows.iter().map(citation).collect()
}

/// Lets the drafts of a dossier cite another paper where they cited one.
pub async fn recite(
    tx: &mut Tx,
    dossier: &DossierId,
    from: &EvidenceId,
    to: &EvidenceId,
) -> Result<(), StoreError> {
    tx.execute(
        "update citation set evidence_id = $3 where dossier_id = $1 and evidence_id = $2",
        crate::args![dossier, from, to],
    )
    .await?;
    Ok(())
}

/// The dossiers whose drafts cite a paper.
pub async fn cited_in(tx: &mut Tx, paper: &EvidenceId) -> Result<Vec<DossierId>, StoreError> {
    let rows = tx
        .rows(
            "select distinct dossier_id from citation where evidence_id = $1 order by dossier_id",
            crate::args![paper],
        )
        .await?;
    rows.iter().map(|row| row.get("dossier_id")).collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use ocop_core::dossiers::{DossierForm, DossierKind, State};
    use ocop_core::scoring::Sheet;

    use super::*;
    use crate::db::Chain;
    use crate::producers::tests::honey_cooperative;
    use crate::products::tests::honey;
    use crate::testing::{at, each_database, seed_units};

    pub(crate) fn test_report(id: &str, file_hash: &str) -> Evidence {
        Evidence {
            id: id.parse().unwrap(),
            producer_id: honey_cooperative().id,
            kind: EvidenceKind::TestReport,
            title: "Phiếu kiểm nghiệm".to_owned(),
            number: "12/KN".to_owned(),
            issuer: String::new(),
            issued_on: "2026-10-01".parse().ok(),
            expires_on: None,
            file_hash: file_hash.to_owned(),
            file_name: "phieu.pdf".to_owned(),
            media_type: MediaType::Pdf,
            size: 1_234,
            pages: Some(3),
            replaces: None,
            uploaded_at: at("2026-11-24T03:00:00Z"),
            withdrawn_at: None,
            version: 1,
        }
    }

    /// A dossier of the honey in a round, as citations need it.
    async fn honey_dossier(tx: &mut Tx) -> DossierId {
        let product = honey();
        crate::producers::insert(tx, &honey_cooperative()).await.unwrap();
        crate::products::insert(tx, &product).await.unwrap();
        let round = crate::rounds::Round {
            id: "0192d3b0-7c1e-7abc-8def-0000000000d1".parse().unwrap(),
            province: "22".to_owned(),
            name: "Đợt 2 năm 2026".to_owned(),
            regime: "2026-26".to_owned(),
            opens_on: "2026-07-01".parse().unwrap(),
            propose_by: "2026-10-30".parse().unwrap(),
            result_by: "2026-12-30".parse().unwrap(),
            announced_at: String::new(),
            closed_on: None,
            version: 1,
        };
        crate::rounds::insert(tx, &round).await.unwrap();
        tx.execute(
            "insert into ruleset (hash, regime, set_no, json) values ('h', '2026-26', 4, '{}')",
            vec![],
        )
        .await
        .unwrap();
        let dossier = crate::dossiers::Dossier {
            id: "0192d3b0-7c1e-7abc-8def-0000000000e1".parse().unwrap(),
            province: "22".to_owned(),
            commune: "06862".to_owned(),
            producer_id: product.producer_id,
            product_id: product.id,
            round_id: round.id,
            kind: DossierKind::First,
            regime: "2026-26".to_owned(),
            set_no: 4,
            ruleset: "h".to_owned(),
            state: State::Draft,
            form: DossierForm::default(),
            sheet: Sheet::default(),
            council_id: None,
            submission_id: None,
            commune_received_on: None,
            commune_due_on: None,
            commune_receipt: None,
            proposed_on: None,
            province_received_on: None,
            province_receipt: None,
            continues: None,
            created_at: product.created_at,
            updated_at: product.created_at,
            version: 1,
        };
        crate::dossiers::insert(tx, &dossier).await.unwrap();
        dossier.id
    }

    #[tokio::test]
    async fn a_paper_is_kept_found_again_and_withdrawn() {
        each_database(async |db| {
            seed_units(&db).await;
            let mut tx = db.write(Chain::of("producer", "x")).await.unwrap();
            crate::producers::insert(&mut tx, &honey_cooperative()).await.unwrap();
            let paper = test_report("0192d3b0-7c1e-7abc-8def-0000000000f1", "aa");
            insert(&mut tx, &paper).await.unwrap();
            assert_eq!(find(&mut tx, &paper.id).await.unwrap(), Some(paper.clone()));
            assert_eq!(of_producer(&mut tx, &paper.producer_id).await.unwrap(), vec![paper.clone()]);
            assert_eq!(same_file(&mut tx, &paper.producer_id, "aa").await.unwrap(), Some(paper.clone()));
            assert_eq!(same_file(&mut tx, &paper.producer_id, "bb").await.unwrap(), None);

            let later = at("2026-11-25T03:00:00Z");
            assert!(withdraw(&mut tx, &paper.id, later).await.unwrap());
            assert!(!withdraw(&mut tx, &paper.id, later).await.unwrap());
            assert_eq!(of_producer(&mut tx, &paper.producer_id).await.unwrap(), vec![]);
            assert_eq!(same_file(&mut tx, &paper.producer_id, "aa").await.unwrap(), None);
            assert_eq!(find(&mut tx, &paper.id).await.unwrap().unwrap().withdrawn_at, Some(later));
        })
        .await;
    }

    #[tokio::test]
    async fn the_pages_of_an_older_paper_are_counted_once() {
        each_database(async |db| {
            seed_units(&db).await;
            let mut tx = db.write(Chain::of("producer", "x")).await.unwrap();
            crate::producers::insert(&mut tx, &honey_cooperative()).await.unwrap();
            let known = test_report("0192d3b0-7c1e-7abc-8def-0000000000f1", "aa");
            let older = Evidence { pages: None, ..test_report("0192d3b0-7c1e-7abc-8def-0000000000f2", "bb") };
            let broken =
                Evidence { pages: None, ..test_report("0192d3b0-7c1e-7abc-8def-0000000000f3", "cc") };
            let film = Evidence {
                pages: None,
                media_type: MediaType::Mp4,
                ..test_report("0192d3b0-7c1e-7abc-8def-0000000000f4", "dd")
            };
            for paper in [&known, &older, &broken, &film] {
                insert(&mut tx, paper).await.unwrap();
            }
            assert_eq!(uncounted(&mut tx, 10).await.unwrap(), vec![older.clone(), broken.clone()]);
            let now = at("2026-11-25T03:00:00Z");
            counted(&mut tx, &older.id, Some(4), now).await.unwrap();
            counted(&mut tx, &broken.id, None, now).await.unwrap();
            assert_eq!(uncounted(&mut tx, 10).await.unwrap(), vec![]);
            assert_eq!(find(&mut tx, &older.id).await.unwrap().unwrap().pages, Some(4));
        })
        .await;
    }

    #[tokio::test]
    async fn a_citation_names_pages_once_for_each_criterion_and_paper() {
        each_database(async |db| {
            seed_units(&db).await;
            let mut tx = db.write(Chain::of("dossier", "x")).await.unwrap();
            let dossier = honey_dossier(&mut tx).await;
            let paper = test_report("0192d3b0-7c1e-7abc-8def-0000000000f1", "aa");
            insert(&mut tx, &paper).await.unwrap();
            let cited = |pages: &str| Citation {
                criterion: "6.1".to_owned(),
                evidence_id: paper.id.clone(),
                pages: pages.to_owned(),
            };
            cite(&mut tx, &dossier, &cited("1")).await.unwrap();
            cite(&mut tx, &dossier, &cited("1–2")).await.unwrap();
            assert_eq!(citations_of(&mut tx, &dossier).await.unwrap(), vec![cited("1–2")]);
            assert_eq!(cited_in(&mut tx, &paper.id).await.unwrap(), vec![dossier.clone()]);
            assert!(!uncite(&mut tx, &dossier, "6.2", &paper.id).await.unwrap());
            assert!(uncite(&mut tx, &dossier, "6.1", &paper.id).await.unwrap());
            assert_eq!(citations_of(&mut tx, &dossier).await.unwrap(), vec![]);
        })
        .await;
    }

    #[tokio::test]
    async fn a_new_version_stands_in_for_one_paper_and_a_description_is_saved_once() {
        each_database(async |db| {
            seed_units(&db).await;
            let mut tx = db.write(Chain::of("dossier", "x")).await.unwrap();
            let dossier = honey_dossier(&mut tx).await;
            let old = test_report("0192d3b0-7c1e-7abc-8def-0000000000f1", "aa");
            let new = Evidence {
                replaces: Some(old.id.clone()),
                pages: None,
                ..test_report("0192d3b0-7c1e-7abc-8def-0000000000f2", "bb")
            };
            insert(&mut tx, &old).await.unwrap();
            assert_eq!(next_version(&mut tx, &old.id).await.unwrap(), None);
            insert(&mut tx, &new).await.unwrap();
            assert_eq!(next_version(&mut tx, &old.id).await.unwrap(), Some(new.clone()));

            let cited = |paper: &Evidence| Citation {
                criterion: "6.1".to_owned(),
                evidence_id: paper.id.clone(),
                pages: "2".to_owned(),
            };
            cite(&mut tx, &dossier, &cited(&old)).await.unwrap();
            recite(&mut tx, &dossier, &old.id, &new.id).await.unwrap();
            assert_eq!(citations_of(&mut tx, &dossier).await.unwrap(), vec![cited(&new)]);

            let told = Evidence { number: "13/KN".to_owned(), ..new.clone() };
            assert!(describe(&mut tx, &told).await.unwrap());
            assert!(!describe(&mut tx, &told).await.unwrap(), "the second save comes too late");
            assert_eq!(find(&mut tx, &new.id).await.unwrap(), Some(Evidence { version: 2, ..told }));
        })
        .await;
    }
}
