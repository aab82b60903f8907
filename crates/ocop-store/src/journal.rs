//! The hash-chained journal.

use ocop_core::id::DossierId;
use ocop_core::journal::{Head, Link, Seal};
use ocop_core::policy::Permit;
use ocop_core::time::Instant;

use crate::db::{Row, StoreError, Tx};

/// Puts a link at the end of its chain and moves the chain's head.
pub(crate) async fn append(tx: &mut Tx, link: &Link) -> Result<(), StoreError> {
    tx.execute(
        "insert into journal (chain, seq, at, actor, action, data, prev, hash)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        crate::args![
            &link.chain,
            &link.seq,
            &link.at,
            &link.actor,
            &link.action,
            &link.data,
            &link.prev,
            &link.hash
        ],
    )
    .await?;
    tx.execute(
        "update journal_head set seq = $2, hash = $3 where chain = $1",
        crate::args![&link.chain, &link.seq, &link.hash],
    )
    .await?;
    Ok(())
}

/// Holds the subject of another chain until the transaction ends: its verbs wait, so facts read
/// after this stay true. Hold several in the order of their names.
pub async fn hold(tx: &mut Tx, chain: &str) -> Result<(), StoreError> {
    tx.execute(
        "insert into journal_head (chain, seq, hash) values ($1, 0, '') on conflict (chain) do nothing",
        crate::args![chain],
    )
    .await?;
    tx.execute("update journal_head set seq = seq where chain = $1", crate::args![chain]).await?;
    Ok(())
}

/// Enters a change into the chain of a dossier, too, when its verb belongs to the chain of a
/// council or a province. Holds the dossier until the end of the transaction: verbs of the dossier's own chain
/// wait, so facts read after this stay true. `false` when there is no such dossier.
pub async fn note_in_dossier(
    tx: &mut Tx,
    dossier: &DossierId,
    permit: &Permit,
    at: Instant,
    details: &serde_json::Value,
) -> Result<bool, StoreError> {
    let chain = format!("dossier:{dossier}");
    let head = tx
        .row_opt(
            "update journal_head set seq = seq where chain = $1 returning seq, hash",
            crate::args![&chain],
        )
        .await?;
    let Some(head) = head else { return Ok(false) };
    let mut link = Link {
        chain,
        seq: head.get::<i64>("seq")? + 1,
        at,
        actor: permit.actor().to_owned(),
        action: permit.action().code().to_owned(),
        data: details.to_string(),
        prev: head.get("hash")?,
        hash: String::new(),
    };
    link.hash = link.expected_hash();
    append(tx, &link).await?;
    Ok(true)
}

fn link(row: &Row) -> Result<Link, StoreError> {
    Ok(Link {
        chain: row.get("chain")?,
        seq: row.get("seq")?,
        at: row.get("at")?,
        actor: row.get("actor")?,
        action: row.get("action")?,
        data: row.get("data")?,
        prev: row.get("prev")?,
        hash: row.get("hash")?,
    })
}

/// All links, by chain and place.
pub async fn links(tx: &mut Tx) -> Result<Vec<Link>, StoreError> {
    let rows = tx.rows("select * from journal order by chain, seq", vec![]).await?;
    rows.iter().map(link).collect()
}

/// The links of one subject, oldest first.
pub async fn links_of(tx: &mut Tx, chain: &str) -> Result<Vec<Link>, StoreError> {
    let rows = tx.rows("select * from journal where chain = $1 order by seq", crate::args![chain]).await?;
    rows.iter().map(link).collect()
}

/// The kept ends of all chains.
pub async fn heads(tx: &mut Tx) -> Result<Vec<Head>, StoreError> {
    let rows = tx.rows("select chain, seq, hash from journal_head order by chain", vec![]).await?;
    rows.iter()
        .map(|row| Ok(Head { chain: row.get("chain")?, seq: row.get("seq")?, hash: row.get("hash")? }))
        .collect()
}

/// All seals, oldest first.
pub async fn seals(tx: &mut Tx) -> Result<Vec<Seal>, StoreError> {
    let rows = tx.rows("select at, prev, hash from journal_seal order by at", vec![]).await?;
    rows.iter()
        .map(|row| Ok(Seal { at: row.get("at")?, prev: row.get("prev")?, hash: row.get("hash")? }))
        .collect()
}

/// When the journal was last written, if ever.
pub async fn last_change(tx: &mut Tx) -> Result<Option<Instant>, StoreError> {
    tx.row("select max(at) as at from journal", vec![]).await?.get("at")
}

/// Keeps a seal.
pub async fn put_seal(tx: &mut Tx, seal: &Seal) -> Result<(), StoreError> {
    tx.execute(
        "insert into journal_seal (at, prev, hash) values ($1, $2, $3)",
        crate::args![&seal.at, &seal.prev, &seal.hash],
    )
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::Chain;
    use crate::testing::{at, each_database};
    use ocop_core::journal::verify;
    use ocop_core::policy::{Action, system};

    #[tokio::test]
    async fn a_change_is_kept_with_its_entry_or_not_at_all() {
        each_database(async |db| {
            for n in 1..=3 {
                let tx = db.write(Chain::of("dossier", "a")).await.unwrap();
                let details = serde_json::json!({ "n": n });
                tx.commit(system(Action::SubmitDossier), at("2026-11-24T03:00:00Z"), &details).await.unwrap();
            }
            drop(db.write(Chain::of("dossier", "b")).await.unwrap());
            let mut tx = db.read().await.unwrap();
            let (links, heads) = (links(&mut tx).await.unwrap(), heads(&mut tx).await.unwrap());
            assert_eq!((links.len(), heads.len()), (3, 1));
            assert_eq!(verify(&links, &heads, &[]), vec![]);
        })
        .await;
    }

    #[tokio::test]
    async fn writers_of_one_subject_wait_for_each_other() {
        each_database(async |db| {
            let writers = (0..8).map(|_| {
                let db = db.clone();
                tokio::spawn(async move {
                    for _ in 0..5 {
                        let tx = db.write(Chain::of("dossier", "a")).await.unwrap();
                        let details = serde_json::json!({});
                        tx.commit(system(Action::SaveBallot), at("2026-11-24T03:00:00Z"), &details)
                            .await
                            .unwrap();
                    }
                })
            });
            for writer in writers.collect::<Vec<_>>() {
                writer.await.unwrap();
            }
            let mut tx = db.read().await.unwrap();
            let links = links(&mut tx).await.unwrap();
            assert_eq!(links.len(), 40);
            assert_eq!(verify(&links, &heads(&mut tx).await.unwrap(), &[]), vec![]);
        })
        .await;
    }
}
