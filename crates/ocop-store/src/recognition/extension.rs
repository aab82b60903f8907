//! Extensions: certificates in force beyond their term while a re-evaluation is decided.

use chrono::NaiveDate;
use ocop_core::id::{CertificateId, DossierId};
use ocop_core::recognition::{Extension, held_to};

use crate::db::{Row, StoreError, Tx};

/// An extension by a dossier that was filed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptExtension {
    /// The dossier of the re-evaluation.
    pub dossier_id: DossierId,
    /// The certificate that it holds in force.
    pub certificate_id: CertificateId,
    /// Why, how long at most, and by which article.
    pub extension: Extension,
    /// The day on which the dossier was filed.
    pub filed_on: NaiveDate,
    /// The day of the result, of the return or of the withdrawal.
    pub ended_on: Option<NaiveDate>,
}

impl KeptExtension {
    /// The last day on which it holds.
    pub fn held_to(&self) -> NaiveDate {
        held_to(self.extension.until, self.ended_on)
    }
}

fn extension(row: &Row) -> Result<KeptExtension, StoreError> {
    Ok(KeptExtension {
        dossier_id: row.get("dossier_id")?,
        certificate_id: row.get("certificate_id")?,
        extension: Extension {
            ground: row.get("ground")?,
            until: row.get("until_on")?,
            cite: row.get("cite")?,
        },
        filed_on: row.get("filed_on")?,
        ended_on: row.get("ended_on")?,
    })
}

/// Keeps an extension, and tells its certificate its last day.
pub async fn insert(tx: &mut Tx, kept: &KeptExtension) -> Result<(), StoreError> {
    tx.execute(
        "insert into extension (dossier_id, certificate_id, ground, cite, filed_on, until_on, ended_on, held_to)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        crate::args![
            &kept.dossier_id,
            &kept.certificate_id,
            &kept.extension.ground,
            kept.extension.cite.as_str(),
            &kept.filed_on,
            &kept.extension.until,
            &kept.ended_on,
            &kept.held_to()
        ],
    )
    .await?;
    retell(tx, &kept.certificate_id).await
}

/// Ends an extension on a day, or lets it go on (`None`), and tells its certificate its last day.
pub async fn end(tx: &mut Tx, kept: &KeptExtension, ended_on: Option<NaiveDate>) -> Result<(), StoreError> {
    tx.execute(
        "update extension set ended_on = $2, held_to = $3 where dossier_id = $1",
        crate::args![&kept.dossier_id, &ended_on, &held_to(kept.extension.until, ended_on)],
    )
    .await?;
    retell(tx, &kept.certificate_id).await
}

/// Tells a certificate how far its extensions carry it beyond its term.
pub(super) async fn retell(tx: &mut Tx, certificate: &CertificateId) -> Result<(), StoreError> {
    tx.execute(
        "update certificate set extended_to = (select max(extension.held_to) from extension
            where extension.certificate_id = certificate.id and extension.held_to > certificate.valid_until)
          where id = $1",
        crate::args![certificate],
    )
    .await?;
    Ok(())
}

/// The extension by a dossier.
pub async fn find(tx: &mut Tx, dossier: &DossierId) -> Result<Option<KeptExtension>, StoreError> {
    let row = tx.row_opt("select * from extension where dossier_id = $1", crate::args![dossier]).await?;
    row.as_ref().map(extension).transpose()
}

/// The extensions of a certificate, the last filed first.
pub async fn of_certificate(
    tx: &mut Tx,
    certificate: &CertificateId,
) -> Result<Vec<KeptExtension>, StoreError> {
    let rows = tx
        .rows(
            "select * from extension where certificate_id = $1 order by filed_on desc, dossier_id desc",
            crate::args![certificate],
        )
        .await?;
    rows.iter().map(extension).collect()
}

/// A certificate that an extension alone holds in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extended {
    /// The certificate.
    pub certificate_id: CertificateId,
    /// The product as certified.
    pub product: String,
    /// The producer as certified.
    pub producer: String,
    /// The last day at most.
    pub until: NaiveDate,
}

/// The certificates of a province that only an extension holds in force on a day, the first to end first.
pub async fn extended_in(tx: &mut Tx, province: &str, on: NaiveDate) -> Result<Vec<Extended>, StoreError> {
    let rows = tx
        .rows(
            "select distinct certificate.id, product, producer, extended_to
               from extension join certificate on certificate.id = extension.certificate_id
              where extension.held_to >= $2 and province = $1 and extended_to >= $2 and valid_until < $2
                and (revoked_on is null or revoked_on > $2) and (next_on is null or next_on > $2)
              order by extended_to, certificate.id",
            crate::args![province, &on],
        )
        .await?;
    let extended = |row: &Row| {
        Ok(Extended {
            certificate_id: row.get("id")?,
            product: row.get("product")?,
            producer: row.get("producer")?,
            until: row.get("extended_to")?,
        })
    };
    rows.iter().map(extended).collect()
}

#[cfg(test)]
mod tests {
    use ocop_core::recognition::ExtensionGround;

    use super::*;
    use crate::dossiers::tests::{honey_dossier, with_dossier};
    use crate::recognition::find_certificate;
    use crate::recognition::public::{Page, Wanted, list};
    use crate::testing::each_database;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[tokio::test]
    async fn an_extension_holds_a_certificate_to_its_end_and_no_longer() {
        each_database(async |db| {
            let mut tx = with_dossier(&db).await;
            let certificate = super::super::tests::honey_certificate(&mut tx).await;
            let kept = KeptExtension {
                dossier_id: honey_dossier().id,
                certificate_id: certificate.id.clone(),
                extension: Extension {
                    ground: ExtensionGround::InWindow,
                    until: day("2030-06-17"),
                    cite: "Điều 12 khoản 3".to_owned(),
                },
                filed_on: day("2029-08-01"),
                ended_on: None,
            };
            insert(&mut tx, &kept).await.unwrap();
            assert_eq!(find(&mut tx, &kept.dossier_id).await.unwrap(), Some(kept.clone()));
            assert_eq!(of_certificate(&mut tx, &certificate.id).await.unwrap(), std::slice::from_ref(&kept));
            let last_on =
                async |tx: &mut Tx| find_certificate(tx, &certificate.id).await.unwrap().unwrap().last_on;
            assert_eq!(last_on(&mut tx).await, day("2030-06-17"));
            let check = async |tx: &mut Tx, on: &str, public: usize, extended: usize| {
                let listed = list(tx, Wanted::words(day(on), &[]), Page::First, 10, 10).await.unwrap();
                assert_eq!(listed.rows.len(), public, "{on}");
                assert_eq!(extended_in(tx, "22", day(on)).await.unwrap().len(), extended, "{on}");
                let (first, last) = (day("2026-01-01"), day("2026-12-31"));
                let visit = crate::inspections::unvisited(tx, "22", day(on), first, last).await.unwrap();
                assert_eq!(visit.len(), public, "{on}");
            };
            check(&mut tx, "2029-12-19", 1, 0).await;
            check(&mut tx, "2029-12-20", 1, 1).await;
            check(&mut tx, "2030-06-17", 1, 1).await;
            check(&mut tx, "2030-06-18", 0, 0).await;
            end(&mut tx, &kept, Some(day("2030-02-01"))).await.unwrap();
            check(&mut tx, "2030-01-31", 1, 1).await;
            check(&mut tx, "2030-02-01", 0, 0).await;
            end(&mut tx, &kept, Some(day("2029-09-01"))).await.unwrap();
            assert_eq!(last_on(&mut tx).await, certificate.valid_until, "the term is not cut");
            end(&mut tx, &kept, None).await.unwrap();
            assert_eq!(last_on(&mut tx).await, day("2030-06-17"), "filed again");
        })
        .await;
    }
}
