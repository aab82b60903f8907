//! The office's check of a re-evaluation.

use ocop_core::dossiers::RenewalCheck;
use ocop_core::id::{DossierId, PersonId};
use ocop_core::time::Instant;

use crate::db::{StoreError, Tx};
use crate::value::json;

/// The office's check of a re-evaluation as it was filed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FiledCheck {
    /// What was found.
    pub report: RenewalCheck,
    /// Name of the officer.
    pub checked_by: String,
    /// When.
    pub filed_at: Instant,
}

/// Keeps the check of a re-evaluation.
pub async fn put_renewal_check(
    tx: &mut Tx,
    id: &DossierId,
    report: &RenewalCheck,
    by: &PersonId,
    at: Instant,
) -> Result<(), StoreError> {
    tx.execute(
        "insert into renewal_check (dossier_id, report, checked_by, filed_at) values ($1, $2, $3, $4)",
        vec![id.into(), json(report), by.into(), (&at).into()],
    )
    .await?;
    Ok(())
}

/// The check of a re-evaluation, once it is filed.
pub async fn renewal_check(tx: &mut Tx, id: &DossierId) -> Result<Option<FiledCheck>, StoreError> {
    let row = tx
        .row_opt(
            "select renewal_check.report, renewal_check.filed_at, person.name as checked_by
               from renewal_check join person on person.id = renewal_check.checked_by
              where renewal_check.dossier_id = $1",
            crate::args![id],
        )
        .await?;
    row.map(|row| {
        Ok(FiledCheck {
            report: row.json("report")?,
            checked_by: row.get("checked_by")?,
            filed_at: row.get("filed_at")?,
        })
    })
    .transpose()
}
