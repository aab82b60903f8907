//! Proving the journal and sealing it.

use ocop_core::journal::{Link, Seal, Tampering, heads_at, seal_hash, verify};
use ocop_store::db::Chain;
use ocop_store::journal;

use crate::{App, AppError};

/// What a check of the journal found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// Entries checked.
    pub entries: usize,
    /// Chains checked.
    pub chains: usize,
    /// Daily seals checked.
    pub seals: usize,
    /// What is wrong; empty means proven.
    pub faults: Vec<Tampering>,
}

/// Checks every entry, chain, head and seal.
pub async fn prove(app: &App) -> Result<Proof, AppError> {
    let mut tx = app.db.read().await?;
    let links = journal::links(&mut tx).await?;
    let heads = journal::heads(&mut tx).await?;
    let seals = journal::seals(&mut tx).await?;
    Ok(Proof {
        entries: links.len(),
        chains: links.chunk_by(|a, b| a.chain == b.chain).count(),
        seals: seals.len(),
        faults: verify(&links, &heads, &seals),
    })
}

/// Seals all heads together once a day; `false` when nothing has changed since the last seal.
///
/// A seal covers the entries up to a minute ago: a transaction that is still open may carry an
/// earlier time than one that is already kept.
pub async fn seal(app: &App) -> Result<bool, AppError> {
    let mut tx = app.db.write(Chain::of("journal", "seal")).await?;
    let seals = journal::seals(&mut tx).await?;
    let at = app.now().plus_minutes(-1);
    let changed = journal::last_change(&mut tx).await?;
    let last = seals.last();
    if changed.is_none_or(|changed| last.is_some_and(|seal| seal.at >= changed))
        || last.is_some_and(|seal| seal.at.day() == at.day())
    {
        return Ok(false);
    }
    let prev = last.map(|seal| seal.hash.clone()).unwrap_or_default();
    let links = journal::links(&mut tx).await?;
    let hash = seal_hash(&prev, at, &heads_at(&links, at));
    journal::put_seal(&mut tx, &Seal { at, prev, hash }).await?;
    tx.commit_upkeep().await?;
    Ok(true)
}

/// The history of one subject, oldest first.
pub async fn history(app: &App, noun: &str, id: &str) -> Result<Vec<Link>, AppError> {
    let mut tx = app.db.read().await?;
    Ok(journal::links_of(&mut tx, &format!("{noun}:{id}")).await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::World;

    #[tokio::test]
    async fn the_journal_is_proven_and_sealed_once_a_day() {
        let world = World::new().await;
        let proof = prove(&world.app).await.unwrap();
        assert_eq!(proof.faults, vec![]);
        assert!(proof.entries >= 13, "{proof:?}");
        world.clock.forward_minutes(5);
        assert!(seal(&world.app).await.unwrap());
        assert!(!seal(&world.app).await.unwrap());
        let proof = prove(&world.app).await.unwrap();
        assert_eq!((proof.seals, proof.faults), (1, vec![]));
    }
    #[tokio::test]
    async fn a_hand_in_the_database_is_named() {
        let check = async |sql: &'static str, what: &str| {
            let world = World::new().await;
            let mut tx = world.app.db.write(Chain::of("test", "hand")).await.unwrap();
            assert!(tx.execute(sql, vec![]).await.unwrap() > 0, "{sql}");
            tx.commit_upkeep().await.unwrap();
            let faults = prove(&world.app).await.unwrap().faults;
            assert!(faults.iter().any(|fault| fault.to_string().contains(what)), "{what}: {faults:?}");
        };
        check("update journal set data = '{}' where chain = 'province:22' and seq = 2", "province:22, mục 2")
            .await;
        check("delete from journal where chain = 'province:22' and seq = 2", "province:22").await;
        check("delete from journal where chain = 'province:22' and seq = 12", "province:22: điểm cuối").await;
        check(
            "insert into journal select chain, 99, at, actor, action, data, prev, hash from journal
              where chain = 'province:22' and seq = 1",
            "province:22: thiếu hoặc thừa mục",
        )
        .await;
    }
}
