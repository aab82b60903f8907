//! The papers that running certificates rest on.

use chrono::NaiveDate;
use ocop_core::id::{CertificateId, EvidenceId, ProducerId};

use crate::db::{Row, StoreError, Tx};

/// A paper cited in the dossier of a running certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Behind {
    /// The certificate.
    pub certificate: CertificateId,
    /// Its product's name as it was certified.
    pub product: String,
    /// The producer's name as it was certified.
    pub producer: String,
    /// Last day of the certificate, or of its extension.
    pub last_on: NaiveDate,
    /// The paper as it was submitted.
    pub evidence_id: EvidenceId,
}

/// Whose certificates are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose<'a> {
    /// Those of a producer.
    Producer(&'a ProducerId),
    /// Those that an office has decided, or that were granted in its area.
    Office(&'a str),
    /// One.
    Certificate(&'a CertificateId),
}

fn behind(row: &Row) -> Result<Behind, StoreError> {
    Ok(Behind {
        certificate: row.get("id")?,
        product: row.get("product")?,
        producer: row.get("producer")?,
        last_on: row.get("last_on")?,
        evidence_id: row.get("evidence_id")?,
    })
}

/// The papers behind certificates that run `today`, where the paper's last day is before the certificate's and not
/// after `until`; each once for a certificate, by certificate. After the submission a dossier's citations stand
/// still, so they are what was submitted.
pub async fn ending_behind(
    tx: &mut Tx,
    whose: Whose<'_>,
    today: NaiveDate,
    until: NaiveDate,
) -> Result<Vec<Behind>, StoreError> {
    let (producer, office, certificate) = match whose {
        Whose::Producer(producer) => (producer.as_str(), "", ""),
        Whose::Office(office) => ("", office, ""),
        Whose::Certificate(certificate) => ("", "", certificate.as_str()),
    };
    let rows = tx
        .rows(
            "select distinct certificate.id as id, certificate.product as product,
                    certificate.producer as producer,
                    coalesce(certificate.extended_to, certificate.valid_until) as last_on,
                    citation.evidence_id as evidence_id
               from evidence
               join citation on citation.evidence_id = evidence.id
               join dossier on dossier.id = citation.dossier_id
               join certificate on certificate.dossier_id = dossier.id
              where evidence.expires_on <= $1 and evidence.expires_on < coalesce(certificate.extended_to, certificate.valid_until)
                and certificate.issued_on <= $2 and coalesce(certificate.extended_to, certificate.valid_until) >= $2
                and certificate.revoked_on is null
                and (certificate.next_on is null or certificate.next_on > $2)
                and ($3 = '' or dossier.producer_id = $3)
                and ($4 = '' or dossier.province = $4 or certificate.province = $4)
                and ($5 = '' or certificate.id = $5)
              order by id, evidence_id",
            crate::args![&until, &today, producer, office, certificate],
        )
        .await?;
    rows.iter().map(behind).collect()
}

#[cfg(test)]
mod tests {
    use ocop_core::evidence::EvidenceKind;

    use super::*;
    use crate::dossiers::tests::{honey_dossier, with_dossier};
    use crate::evidence::{Citation, cite, insert};
    use crate::recognition::{revoke, tests::honey_certificate};
    use crate::testing::each_database;

    #[tokio::test]
    async fn a_paper_that_ends_before_a_running_certificate_is_found() {
        each_database(async |db| {
            let day = |text: &str| -> NaiveDate { text.parse().unwrap() };
            let mut tx = with_dossier(&db).await;
            let dossier = honey_dossier();
            let certificate = honey_certificate(&mut tx).await;
            let paper = crate::evidence::tests::test_report("0192d3b0-7c1e-7abc-8def-0000000000f1", "aa");
            let ending = crate::evidence::Evidence {
                kind: EvidenceKind::TestReport,
                expires_on: Some(day("2027-03-01")),
                ..paper
            };
            insert(&mut tx, &ending).await.unwrap();
            for criterion in ["6.1", "6.2"] {
                let cited = Citation {
                    criterion: criterion.to_owned(),
                    evidence_id: ending.id.clone(),
                    pages: String::new(),
                };
                cite(&mut tx, &dossier.id, &cited).await.unwrap();
            }
            let found = async |tx: &mut Tx, whose: Whose<'_>, today: &str, until: &str| {
                ending_behind(tx, whose, day(today), day(until)).await.unwrap().len()
            };
            let (own, office) = (Whose::Producer(&dossier.producer_id), Whose::Office("22"));
            for whose in [own, office, Whose::Certificate(&certificate.id)] {
                assert_eq!(found(&mut tx, whose, "2027-01-10", "2027-03-01").await, 1, "{whose:?}");
            }
            assert_eq!(found(&mut tx, Whose::Office("01"), "2027-01-10", "2027-03-01").await, 0);
            assert_eq!(found(&mut tx, own, "2027-01-10", "2027-02-28").await, 0, "not soon");
            assert_eq!(found(&mut tx, own, "2026-12-19", "2027-03-01").await, 0, "not yet recognised");
            assert_eq!(found(&mut tx, own, "2029-12-20", "2030-03-01").await, 0, "no certificate any more");
            revoke(&mut tx, &certificate.id, day("2027-02-01"), "điểm a").await.unwrap();
            assert_eq!(found(&mut tx, own, "2027-02-01", "2027-04-01").await, 0, "revoked");
        })
        .await;
    }
}
