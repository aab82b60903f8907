//! The commune's report on a dossier.

use ocop_core::id::DossierId;
use ocop_core::time::Instant;

use crate::db::{StoreError, Tx};

/// The commune's report (form 03) as JSON text with its version.
pub async fn commune_report(tx: &mut Tx, id: &DossierId) -> Result<Option<(String, i64)>, StoreError> {
    let row = tx
        .row_opt("select report, version from commune_report where dossier_id = $1", crate::args![id])
        .await?;
    row.map(|row| Ok((row.get("report")?, row.get("version")?))).transpose()
}

/// Keeps the commune's report; `false` when the version is stale (`0` for the first).
pub async fn save_commune_report(
    tx: &mut Tx,
    id: &DossierId,
    report: &str,
    at: Instant,
    version: i64,
) -> Result<bool, StoreError> {
    let changed = tx
        .execute(
            "insert into commune_report (dossier_id, report, updated_at, version) values ($1, $2, $3, 1)
             on conflict (dossier_id) do update set report = excluded.report, updated_at = excluded.updated_at,
                version = commune_report.version + 1
              where commune_report.version = $4",
            crate::args![id, report, &at, &version],
        )
        .await?;
    Ok(changed == 1)
}
