//! The product sets that dossiers are pinned to.

pub mod wording;

use ocop_core::rules::ProductSet;

use crate::db::{StoreError, Tx};
use crate::value::json;

/// Keeps a product set under its content hash, once.
pub async fn keep(tx: &mut Tx, hash: &str, set: &ProductSet) -> Result<(), StoreError> {
    tx.execute(
        "insert into ruleset (hash, regime, set_no, json) values ($1, $2, $3, $4) on conflict (hash) do nothing",
        vec![hash.into(), (&set.regime).into(), (&set.no).into(), json(set)],
    )
    .await?;
    Ok(())
}

/// The product set with this content hash.
pub async fn find(tx: &mut Tx, hash: &str) -> Result<Option<ProductSet>, StoreError> {
    let row = tx.row_opt("select json from ruleset where hash = $1", crate::args![hash]).await?;
    row.map(|row| row.json("json")).transpose()
}
