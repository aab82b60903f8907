//! Verifications of a ground for withdrawing a certificate.

use chrono::NaiveDate;
use ocop_core::id::{CertificateId, PersonId, VerificationId};
use ocop_core::recognition::{Level, Source, VerificationState};
use ocop_core::time::Instant;

use crate::db::{Row, StoreError, Tx};

/// A verification, from the suspicion to the conclusion and the decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// Id.
    pub id: VerificationId,
    /// The certificate.
    pub certificate_id: CertificateId,
    /// Code of the office that has to go on with it.
    pub province: String,
    /// Letter of the ground.
    pub ground: String,
    /// Where the suspicion comes from.
    pub source: Source,
    /// The day that it was found or told.
    pub found_on: NaiveDate,
    /// What was found or told.
    pub facts: String,
    /// When it was noted here.
    pub opened_at: Instant,
    /// Who noted it.
    pub opened_by: PersonId,
    /// How it ended.
    pub conclusion: Option<Conclusion>,
    /// The province's proposal to the Minister.
    pub proposal: Option<Proposal>,
    /// That the Minister does not follow it.
    pub decline: Option<Decline>,
    /// The decision of withdrawal.
    pub withdrawal: Option<Withdrawal>,
    /// Counts changes.
    pub version: i64,
}

/// How a verification ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conclusion {
    /// Its day.
    pub concluded_on: NaiveDate,
    /// Whether the ground is given.
    pub confirmed: bool,
    /// Number, body and content.
    pub text: String,
    /// Last day of the decision of withdrawal, when the ground is given.
    pub decide_by: Option<NaiveDate>,
}

/// A province's proposal to the Minister to withdraw a certificate of 5 stars.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// Code of the province.
    pub by: String,
    /// The day of the letter.
    pub on: NaiveDate,
    /// Its number and symbol.
    pub number: String,
}

/// That the Minister does not follow a proposal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decline {
    /// The day.
    pub on: NaiveDate,
    /// Why, with the number of the answer.
    pub reason: String,
}

/// The decision that a verification led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawal {
    /// Its date.
    pub decided_on: NaiveDate,
    /// Number and symbol.
    pub decision_no: String,
    /// To whom it was sent; one a line.
    pub sent_to: String,
}

impl Verification {
    /// Where it stands.
    pub fn state(&self) -> VerificationState {
        match &self.conclusion {
            None => VerificationState::Open,
            Some(conclusion) if !conclusion.confirmed => VerificationState::Cleared,
            Some(_) if self.withdrawal.is_some() => VerificationState::Withdrawn,
            Some(_) if self.decline.is_some() => VerificationState::Declined,
            Some(_) if self.proposal.is_some() => VerificationState::Proposed,
            Some(_) => VerificationState::Found,
        }
    }

    /// Whether it weighs on the certificate: under way, or the ground is given and nothing decided.
    pub fn is_open(&self) -> bool {
        self.state().weighs()
    }
}

fn verification(row: &Row) -> Result<Verification, StoreError> {
    let (concluded_on, confirmed): (Option<NaiveDate>, Option<bool>) =
        (row.get("concluded_on")?, row.get("confirmed")?);
    let (decided_on, decision_no): (Option<NaiveDate>, Option<String>) =
        (row.get("decided_on")?, row.get("decision_no")?);
    let (text, sent_to): (Option<String>, Option<String>) = (row.get("conclusion")?, row.get("sent_to")?);
    let decide_by = row.get("decide_by")?;
    let (by, on): (Option<String>, Option<NaiveDate>) = (row.get("proposed_by")?, row.get("proposed_on")?);
    let number: Option<String> = row.get("proposal_no")?;
    let proposal = by.zip(on).map(|(by, on)| Proposal { by, on, number: number.unwrap_or_default() });
    let (on, reason): (Option<NaiveDate>, Option<String>) = (row.get("declined_on")?, row.get("declined")?);
    let decline = on.map(|on| Decline { on, reason: reason.unwrap_or_default() });
    Ok(Verification {
        id: row.get("id")?,
        certificate_id: row.get("certificate_id")?,
        province: row.get("province")?,
        ground: row.get("ground")?,
        source: row.get("source")?,
        found_on: row.get("found_on")?,
        facts: row.get("facts")?,
        opened_at: row.get("opened_at")?,
        opened_by: row.get("opened_by")?,
        conclusion: concluded_on.zip(confirmed).map(|(concluded_on, confirmed)| Conclusion {
            concluded_on,
            confirmed,
            text: text.unwrap_or_default(),
            decide_by,
        }),
        proposal,
        decline,
        withdrawal: decided_on.zip(decision_no).map(|(decided_on, decision_no)| Withdrawal {
            decided_on,
            decision_no,
            sent_to: sent_to.unwrap_or_default(),
        }),
        version: row.get("version")?,
    })
}

/// Opens a verification; its conclusion and decision come later.
pub async fn insert(tx: &mut Tx, verification: &Verification) -> Result<(), StoreError> {
    tx.execute(
        "insert into verification (id, certificate_id, province, ground, source, found_on, facts, opened_at,
            opened_by, version)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        crate::args![
            &verification.id,
            &verification.certificate_id,
            &verification.province,
            &verification.ground,
            &verification.source,
            &verification.found_on,
            &verification.facts,
            &verification.opened_at,
            &verification.opened_by,
            &verification.version
        ],
    )
    .await?;
    Ok(())
}

/// Concludes a verification; `false` when it was changed or concluded since.
pub async fn conclude(
    tx: &mut Tx,
    id: &VerificationId,
    version: i64,
    conclusion: &Conclusion,
) -> Result<bool, StoreError> {
    let changed = tx
        .execute(
            "update verification set concluded_on = $3, confirmed = $4, conclusion = $5, decide_by = $6,
                version = version + 1
              where id = $1 and version = $2 and concluded_on is null",
            crate::args![
                id,
                &version,
                &conclusion.concluded_on,
                &conclusion.confirmed,
                conclusion.text.as_str(),
                &conclusion.decide_by
            ],
        )
        .await?;
    Ok(changed == 1)
}

/// Notes the province's proposal to the Minister, and gives the verification to the office that goes on with it;
/// `false` when it was changed since.
pub async fn propose(
    tx: &mut Tx,
    id: &VerificationId,
    version: i64,
    proposal: &Proposal,
    to: &str,
) -> Result<bool, StoreError> {
    let changed = tx
        .execute(
            "update verification set proposed_by = $3, proposed_on = $4, proposal_no = $5, province = $6,
                version = version + 1
              where id = $1 and version = $2 and confirmed = 1 and proposed_on is null and decided_on is null",
            crate::args![id, &version, proposal.by.as_str(), &proposal.on, proposal.number.as_str(), to],
        )
        .await?;
    Ok(changed == 1)
}

/// Notes that the Minister does not follow a proposal; `false` when it was changed since.
pub async fn decline(
    tx: &mut Tx,
    id: &VerificationId,
    version: i64,
    decline: &Decline,
) -> Result<bool, StoreError> {
    let changed = tx
        .execute(
            "update verification set declined_on = $3, declined = $4, version = version + 1
              where id = $1 and version = $2 and proposed_on is not null and declined_on is null
                and decided_on is null",
            crate::args![id, &version, &decline.on, decline.reason.as_str()],
        )
        .await?;
    Ok(changed == 1)
}

/// Notes the decision that a confirmed verification led to.
pub async fn decide(tx: &mut Tx, id: &VerificationId, withdrawal: &Withdrawal) -> Result<(), StoreError> {
    tx.execute(
        "update verification set decided_on = $2, decision_no = $3, sent_to = $4, version = version + 1
          where id = $1 and confirmed = 1 and decided_on is null",
        crate::args![
            id,
            &withdrawal.decided_on,
            withdrawal.decision_no.as_str(),
            withdrawal.sent_to.as_str()
        ],
    )
    .await?;
    Ok(())
}

/// A verification by its id.
pub async fn find(tx: &mut Tx, id: &VerificationId) -> Result<Option<Verification>, StoreError> {
    let row = tx.row_opt("select * from verification where id = $1", crate::args![id]).await?;
    row.as_ref().map(verification).transpose()
}

/// The verifications of a certificate, newest first.
pub async fn of_certificate(
    tx: &mut Tx,
    certificate: &CertificateId,
) -> Result<Vec<Verification>, StoreError> {
    let rows = tx
        .rows(
            "select * from verification where certificate_id = $1 order by id desc",
            crate::args![certificate],
        )
        .await?;
    rows.iter().map(verification).collect()
}

/// The open verifications of a province's certificates that run on a day, each with the product's
/// and the producer's certified names and who recognised it; the oldest first.
pub async fn open_in(
    tx: &mut Tx,
    province: &str,
    today: NaiveDate,
) -> Result<Vec<(Verification, String, String, Level)>, StoreError> {
    let rows = tx
        .rows(
            "select verification.*, certificate.product as product, certificate.producer as producer,
                certificate.level as level
               from verification join certificate on certificate.id = verification.certificate_id
              where verification.province = $1 and decided_on is null and declined_on is null
                and (confirmed is null or confirmed = 1)
                and coalesce(certificate.extended_to, certificate.valid_until) >= $2 and (next_on is null or next_on > $2)
              order by verification.id",
            crate::args![province, &today],
        )
        .await?;
    rows.iter()
        .map(|row| Ok((verification(row)?, row.get("product")?, row.get("producer")?, row.get("level")?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dossiers::tests::with_dossier;
    use crate::testing::{at, each_database};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn opened(certificate: &CertificateId) -> Verification {
        Verification {
            id: "0192d3b0-7c1e-7abc-8def-000000000301".parse().unwrap(),
            certificate_id: certificate.clone(),
            province: "22".to_owned(),
            ground: "b".to_owned(),
            source: Source::Inspection,
            found_on: day("2027-03-01"),
            facts: "Không còn vùng nguyên liệu.".to_owned(),
            opened_at: at("2027-03-02T03:00:00Z"),
            opened_by: "0192d3b0-7c1e-7abc-8def-000000000001".parse().unwrap(),
            conclusion: None,
            proposal: None,
            decline: None,
            withdrawal: None,
            version: 1,
        }
    }

    #[tokio::test]
    async fn a_proposal_goes_to_the_centre_and_may_be_declined() {
        each_database(async |db| {
            let mut tx = with_dossier(&db).await;
            let certificate = super::super::tests::honey_certificate(&mut tx).await;
            let kept = opened(&certificate.id);
            crate::people::insert(&mut tx, &crate::people::tests::somebody()).await.unwrap();
            insert(&mut tx, &kept).await.unwrap();
            let letter =
                Proposal { by: "22".to_owned(), on: day("2027-03-12"), number: "214/UBND-KT".to_owned() };
            assert!(!propose(&mut tx, &kept.id, 1, &letter, "00").await.unwrap(), "not concluded");
            let conclusion = Conclusion {
                concluded_on: day("2027-03-10"),
                confirmed: true,
                text: "Biên bản số 5".to_owned(),
                decide_by: Some(day("2027-03-25")),
            };
            assert!(conclude(&mut tx, &kept.id, 1, &conclusion).await.unwrap());
            assert!(!propose(&mut tx, &kept.id, 1, &letter, "00").await.unwrap(), "stale");
            let no = Decline { on: day("2027-03-20"), reason: "Chưa đủ căn cứ.".to_owned() };
            assert!(!decline(&mut tx, &kept.id, 2, &no).await.unwrap(), "not proposed");
            assert!(propose(&mut tx, &kept.id, 2, &letter, "00").await.unwrap());
            let open =
                async |tx: &mut Tx, office: &str| open_in(tx, office, day("2027-03-12")).await.unwrap().len();
            assert_eq!((open(&mut tx, "22").await, open(&mut tx, "00").await), (0, 1));
            let found = find(&mut tx, &kept.id).await.unwrap().unwrap();
            assert_eq!((found.state(), found.proposal), (VerificationState::Proposed, Some(letter)));
            assert!(decline(&mut tx, &kept.id, 3, &no).await.unwrap());
            assert!(!decline(&mut tx, &kept.id, 4, &no).await.unwrap(), "once");
            assert_eq!(open(&mut tx, "00").await, 0);
            let found = find(&mut tx, &kept.id).await.unwrap().unwrap();
            assert_eq!((found.state(), found.is_open()), (VerificationState::Declined, false));
        })
        .await;
    }

    #[tokio::test]
    async fn a_verification_weighs_until_it_is_cleared_or_decided() {
        each_database(async |db| {
            let mut tx = with_dossier(&db).await;
            let certificate = super::super::tests::honey_certificate(&mut tx).await;
            let mut kept = opened(&certificate.id);
            crate::people::insert(&mut tx, &crate::people::tests::somebody()).await.unwrap();
            insert(&mut tx, &kept).await.unwrap();
            assert_eq!(find(&mut tx, &kept.id).await.unwrap(), Some(kept.clone()));
            assert!(kept.is_open());
            let open = async |tx: &mut Tx, on: &str| open_in(tx, "22", day(on)).await.unwrap().len();
            assert_eq!(open(&mut tx, "2027-03-02").await, 1);
            assert_eq!(open(&mut tx, "2029-12-20").await, 0, "the certificate is over");
            let conclusion = Conclusion {
                concluded_on: day("2027-03-10"),
                confirmed: true,
                text: "Biên bản số 5".to_owned(),
                decide_by: Some(day("2027-03-25")),
            };
            assert!(!conclude(&mut tx, &kept.id, 2, &conclusion).await.unwrap(), "stale");
            assert!(conclude(&mut tx, &kept.id, 1, &conclusion).await.unwrap());
            assert!(!conclude(&mut tx, &kept.id, 2, &conclusion).await.unwrap(), "concluded");
            kept = Verification { conclusion: Some(conclusion), version: 2, ..kept };
            assert_eq!(of_certificate(&mut tx, &certificate.id).await.unwrap(), std::slice::from_ref(&kept));
            assert_eq!(open(&mut tx, "2027-03-10").await, 1);
            let withdrawal = Withdrawal {
                decided_on: day("2027-03-20"),
                decision_no: "9/QĐ-UBND".to_owned(),
                sent_to: "Chủ thể".to_owned(),
            };
            decide(&mut tx, &kept.id, &withdrawal).await.unwrap();
            let decided = find(&mut tx, &kept.id).await.unwrap().unwrap();
            assert_eq!(decided.withdrawal, Some(withdrawal));
            assert!(!decided.is_open());
            assert_eq!(open(&mut tx, "2027-03-20").await, 0);
        })
        .await;
    }
}
