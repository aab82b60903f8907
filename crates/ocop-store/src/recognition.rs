//! Results, decisions and certificates.

pub mod behind;
pub mod extension;
pub mod public;
pub mod verification;

use chrono::NaiveDate;
use ocop_core::id::{CertificateId, CouncilId, DecisionId, DossierId, ProductId, SeatId};
use ocop_core::recognition::{Level, Outcome, StarEvent, star_event};
use ocop_core::text::fold;
use ocop_core::time::Instant;

use crate::db::{Row, StoreError, Tx};
use crate::value::json;

/// A result confirmed by the chair. Never recomputed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfirmedResult {
    /// The dossier.
    pub dossier_id: DossierId,
    /// The scoring turn that counts.
    pub turn: i64,
    /// What follows.
    pub outcome: Outcome,
    /// The star rank; none for a disqualified dossier.
    pub stars: Option<u8>,
    /// The exact mean as a fraction; none for a disqualified dossier.
    pub mean: Option<(i64, i64)>,
    /// Whether the mean reaches the points for the centre.
    pub centre_points: bool,
    /// Why, in sentences.
    pub explanation: Vec<String>,
    /// When the chair confirmed it.
    pub confirmed_at: Instant,
    /// The chair's seat.
    pub confirmed_by: SeatId,
    /// The decision that names it, once recorded.
    pub decision_id: Option<DecisionId>,
    /// When the producer was told a result without a certificate.
    pub notified_on: Option<NaiveDate>,
}

fn result(row: &Row) -> Result<ConfirmedResult, StoreError> {
    let (num, den): (Option<i64>, Option<i64>) = (row.get("mean_num")?, row.get("mean_den")?);
    Ok(ConfirmedResult {
        dossier_id: row.get("dossier_id")?,
        turn: row.get("turn")?,
        outcome: row.get("outcome")?,
        stars: row.get("stars")?,
        mean: num.zip(den),
        centre_points: row.get("centre_points")?,
        explanation: row.json("explanation")?,
        confirmed_at: row.get("confirmed_at")?,
        confirmed_by: row.get("confirmed_by")?,
        decision_id: row.get("decision_id")?,
        notified_on: row.get("notified_on")?,
    })
}

/// Keeps a confirmed result.
pub async fn put_result(tx: &mut Tx, result: &ConfirmedResult) -> Result<(), StoreError> {
    let (num, den) = (result.mean.map(|mean| mean.0), result.mean.map(|mean| mean.1));
    let mut args = crate::args![
        &result.dossier_id,
        &result.turn,
        &result.outcome,
        &result.stars,
        &num,
        &den,
        &result.centre_points
    ];
    args.push(json(&result.explanation));
    args.extend(crate::args![&result.confirmed_at, &result.confirmed_by]);
    tx.execute(
        "insert into result (dossier_id, turn, outcome, stars, mean_num, mean_den, centre_points, explanation,
            confirmed_at, confirmed_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        args,
    )
    .await?;
    Ok(())
}

/// The confirmed result of a dossier.
pub async fn find_result(tx: &mut Tx, dossier: &DossierId) -> Result<Option<ConfirmedResult>, StoreError> {
    let row = tx.row_opt("select * from result where dossier_id = $1", crate::args![dossier]).await?;
    row.as_ref().map(result).transpose()
}

/// The confirmed results of a council's dossiers, by dossier.
pub async fn results_of_council(
    tx: &mut Tx,
    council: &CouncilId,
) -> Result<Vec<ConfirmedResult>, StoreError> {
    let rows = tx
        .rows(
            "select result.* from result join dossier on dossier.id = result.dossier_id
              where dossier.council_id = $1 order by result.dossier_id",
            crate::args![council],
        )
        .await?;
    rows.iter().map(result).collect()
}

/// Notes the decision that names a result and the day of the notice.
pub async fn close_result(
    tx: &mut Tx,
    dossier: &DossierId,
    decision: Option<&DecisionId>,
    notified_on: NaiveDate,
) -> Result<(), StoreError> {
    tx.execute(
        "update result set decision_id = $2, notified_on = $3 where dossier_id = $1",
        crate::args![dossier, &decision.cloned(), &notified_on],
    )
    .await?;
    Ok(())
}

/// A signed decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Id.
    pub id: DecisionId,
    /// Code of the province.
    pub province: String,
    /// The council whose results it names; none for a decision that came in from paper.
    pub council_id: Option<CouncilId>,
    /// Number and symbol, taken after signing: `4512/QĐ-UBND`.
    pub number: String,
    /// Its date.
    pub decided_on: NaiveDate,
    /// Who signed, with the position.
    pub signed_by: String,
    /// When it was recorded.
    pub recorded_at: Instant,
}

fn decision(row: &Row) -> Result<Decision, StoreError> {
    Ok(Decision {
        id: row.get("id")?,
        province: row.get("province")?,
        council_id: row.get("council_id")?,
        number: row.get("number")?,
        decided_on: row.get("decided_on")?,
        signed_by: row.get("signed_by")?,
        recorded_at: row.get("recorded_at")?,
    })
}

/// Keeps a decision. The same number and date twice is a duplicate.
pub async fn insert_decision(tx: &mut Tx, decision: &Decision) -> Result<(), StoreError> {
    tx.execute(
        "insert into decision (id, province, council_id, number, decided_on, signed_by, recorded_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        crate::args![
            &decision.id,
            &decision.province,
            &decision.council_id,
            &decision.number,
            &decision.decided_on,
            &decision.signed_by,
            &decision.recorded_at
        ],
    )
    .await?;
    Ok(())
}

/// A decision by its id.
pub async fn find_decision(tx: &mut Tx, id: &DecisionId) -> Result<Option<Decision>, StoreError> {
    let row = tx.row_opt("select * from decision where id = $1", crate::args![id]).await?;
    row.as_ref().map(decision).transpose()
}

/// A decision by its number and date, as papers name it.
pub async fn find_decision_by_number(
    tx: &mut Tx,
    province: &str,
    number: &str,
    decided_on: NaiveDate,
) -> Result<Option<Decision>, StoreError> {
    let row = tx
        .row_opt(
            "select * from decision where province = $1 and number = $2 and decided_on = $3",
            crate::args![province, number, &decided_on],
        )
        .await?;
    row.as_ref().map(decision).transpose()
}

/// The decisions on a council's results, oldest first.
pub async fn decisions_of_council(tx: &mut Tx, council: &CouncilId) -> Result<Vec<Decision>, StoreError> {
    let rows = tx
        .rows("select * from decision where council_id = $1 order by decided_on, id", crate::args![council])
        .await?;
    rows.iter().map(decision).collect()
}

/// A certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// Id.
    pub id: CertificateId,
    /// The public code, as in the QR.
    pub check_code: String,
    /// Number on the paper.
    pub number: String,
    /// Code of the province.
    pub province: String,
    /// The dossier it rests on; none when it was granted on paper.
    pub dossier_id: Option<DossierId>,
    /// The product.
    pub product_id: ProductId,
    /// Its name as it was certified.
    pub product: String,
    /// The producer's name as it was certified.
    pub producer: String,
    /// Code of the commune.
    pub commune: String,
    /// Who recognised it.
    pub level: Level,
    /// What it was to the product when it was issued; told by [`insert_certificate`].
    pub event: StarEvent,
    /// First day of the product's next certificate: this one is over then.
    pub next_on: Option<NaiveDate>,
    /// The decision.
    pub decision_id: DecisionId,
    /// 3 or 4 (5 by the centre).
    pub stars: u8,
    /// First day.
    pub issued_on: NaiveDate,
    /// Last day of its term.
    pub valid_until: NaiveDate,
    /// Last day on which it is in force: of its term or of its extension ([`extension`]); the term's when
    /// it is issued.
    pub last_on: NaiveDate,
    /// Withdrawn from this day on.
    pub revoked_on: Option<NaiveDate>,
    /// Number of the revoking decision and ground, in words.
    pub revocation: Option<String>,
}

fn certificate(row: &Row) -> Result<Certificate, StoreError> {
    let valid_until = row.get("valid_until")?;
    Ok(Certificate {
        id: row.get("id")?,
        check_code: row.get("check_code")?,
        number: row.get("number")?,
        province: row.get("province")?,
        dossier_id: row.get("dossier_id")?,
        product_id: row.get("product_id")?,
        product: row.get("product")?,
        producer: row.get("producer")?,
        commune: row.get("commune")?,
        level: row.get("level")?,
        event: row.get("event")?,
        next_on: row.get("next_on")?,
        decision_id: row.get("decision_id")?,
        stars: row.get("stars")?,
        issued_on: row.get("issued_on")?,
        valid_until,
        last_on: row.get::<Option<NaiveDate>>("extended_to")?.unwrap_or(valid_until),
        revoked_on: row.get("revoked_on")?,
        revocation: row.get("revocation")?,
    })
}

/// Issues a certificate, and tells again what each certificate of the product was: an older one may
/// come in later, from paper.
pub async fn insert_certificate(tx: &mut Tx, certificate: &Certificate) -> Result<(), StoreError> {
    tx.execute(
        "insert into certificate (id, check_code, number, province, dossier_id, product_id, product, producer, fold,
            decision_id, stars, issued_on, valid_until, level, commune, event, set_no)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
            (select set_no from product where id = $6))",
        crate::args![
            &certificate.id, &certificate.check_code, &certificate.number, &certificate.province,
            &certificate.dossier_id, &certificate.product_id, &certificate.product, &certificate.producer,
            &format!("{}{}", fold(&certificate.product), fold(&certificate.producer)),
            &certificate.decision_id, &certificate.stars, &certificate.issued_on, &certificate.valid_until,
            &certificate.level, &certificate.commune, &certificate.event
        ],
    )
    .await?;
    crate::search::certificate(tx, certificate.id.as_str()).await?;
    retell(tx, &certificate.product_id).await
}

/// Tells the certificates of a product its set: the public list of a set is walked by it.
pub(crate) async fn reclassify(tx: &mut Tx, product: &ProductId) -> Result<(), StoreError> {
    tx.execute(
        "update certificate set set_no = (select set_no from product where product.id = $1) where product_id = $1",
        crate::args![product],
    )
    .await?;
    Ok(())
}

/// Sets `event`, `next_on` and the set of all certificates of a product by their order.
pub async fn retell(tx: &mut Tx, product: &ProductId) -> Result<(), StoreError> {
    let mut kept = certificates_of_product(tx, product).await?;
    kept.reverse();
    let mut before = None;
    for (at, one) in kept.iter().enumerate() {
        let next_on = kept.get(at + 1).map(|next| next.issued_on);
        tx.execute(
            "update certificate set event = $2, next_on = $3 where id = $1",
            crate::args![&one.id, &star_event(before, one.stars), &next_on],
        )
        .await?;
        before = Some(one.stars);
    }
    reclassify(tx, product).await
}

/// How many certificates an office has issued from `first` to `last` by its decisions.
pub async fn issued_between(
    tx: &mut Tx,
    office: &str,
    first: NaiveDate,
    last: NaiveDate,
) -> Result<i64, StoreError> {
    tx.row(
        "select count(*) as n from certificate join decision on decision.id = certificate.decision_id
          where decision.province = $1 and issued_on >= $2 and issued_on <= $3",
        crate::args![office, &first, &last],
    )
    .await?
    .get("n")
}

/// The dossiers of the certificates that a decision has granted.
pub async fn certified_by(tx: &mut Tx, decision: &DecisionId) -> Result<Vec<DossierId>, StoreError> {
    let rows = tx
        .rows(
            "select dossier_id from certificate where decision_id = $1 and dossier_id is not null order by dossier_id",
            crate::args![decision],
        )
        .await?;
    rows.iter().map(|row| row.get("dossier_id")).collect()
}

/// A certificate by its id.
pub async fn find_certificate(tx: &mut Tx, id: &CertificateId) -> Result<Option<Certificate>, StoreError> {
    let row = tx.row_opt("select * from certificate where id = $1", crate::args![id]).await?;
    row.as_ref().map(certificate).transpose()
}

/// A certificate by its public code.
pub async fn find_by_code(tx: &mut Tx, code: &str) -> Result<Option<Certificate>, StoreError> {
    let row = tx.row_opt("select * from certificate where check_code = $1", crate::args![code]).await?;
    row.as_ref().map(certificate).transpose()
}

/// The certificate that rests on a dossier.
pub async fn certificate_of_dossier(
    tx: &mut Tx,
    dossier: &DossierId,
) -> Result<Option<Certificate>, StoreError> {
    let row = tx.row_opt("select * from certificate where dossier_id = $1", crate::args![dossier]).await?;
    row.as_ref().map(certificate).transpose()
}

/// The certificates of a product, newest first.
pub async fn certificates_of_product(
    tx: &mut Tx,
    product: &ProductId,
) -> Result<Vec<Certificate>, StoreError> {
    let rows = tx
        .rows(
            "select * from certificate where product_id = $1 order by issued_on desc, id desc",
            crate::args![product],
        )
        .await?;
    rows.iter().map(certificate).collect()
}

/// The certificates of a product, newest first, each with number and day of its decision.
pub async fn decided_for_product(
    tx: &mut Tx,
    product: &ProductId,
) -> Result<Vec<(Certificate, String, NaiveDate)>, StoreError> {
    let rows = tx
        .rows(
            "select certificate.*, decision.number as decision_no, decision.decided_on as decided_on
               from certificate join decision on decision.id = certificate.decision_id
              where product_id = $1 order by issued_on desc, certificate.id desc",
            crate::args![product],
        )
        .await?;
    rows.iter().map(|row| Ok((certificate(row)?, row.get("decision_no")?, row.get("decided_on")?))).collect()
}

/// Corrects the last day of a certificate on paper; `false` when it rests on a dossier.
pub async fn correct_last_day(
    tx: &mut Tx,
    id: &CertificateId,
    valid_until: NaiveDate,
) -> Result<bool, StoreError> {
    let changed = tx
        .execute(
            "update certificate set valid_until = $2 where id = $1 and dossier_id is null",
            crate::args![id, &valid_until],
        )
        .await?;
    extension::retell(tx, id).await?;
    Ok(changed == 1)
}

/// Withdraws a certificate once; `false` when it was withdrawn before.
pub async fn revoke(
    tx: &mut Tx,
    id: &CertificateId,
    on: NaiveDate,
    revocation: &str,
) -> Result<bool, StoreError> {
    let changed = tx
        .execute(
            "update certificate set revoked_on = $2, revocation = $3 where id = $1 and revoked_on is null",
            crate::args![id, &on, revocation],
        )
        .await?;
    Ok(changed == 1)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::dossiers::tests::{honey_dossier, with_dossier};
    use crate::testing::{at, each_database};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// A certificate of 3 stars from 20/12/2026 on, with its council and decision.
    pub(crate) async fn honey_certificate(tx: &mut Tx) -> Certificate {
        let dossier = honey_dossier();
        let council: CouncilId = "0192d3b0-7c1e-7abc-8def-000000000101".parse().unwrap();
        tx.execute(
            "insert into council (id, province, round_id, name, decision_no, settings, created_at, version)
             values ($1, '22', $2, 'Hội đồng', '1', '{}', '', 1)",
            crate::args![&council, &dossier.round_id],
        )
        .await
        .unwrap();
        let decision = Decision {
            id: "0192d3b0-7c1e-7abc-8def-000000000102".parse().unwrap(),
            province: "22".to_owned(),
            council_id: Some(council),
            number: "4512/QĐ-UBND".to_owned(),
            decided_on: day("2026-12-20"),
            signed_by: "Chủ tịch".to_owned(),
            recorded_at: at("2026-12-21T03:00:00Z"),
        };
        insert_decision(tx, &decision).await.unwrap();
        let certificate = Certificate {
            id: "0192d3b0-7c1e-7abc-8def-000000000103".parse().unwrap(),
            check_code: "7K4M-9QX2-BD".to_owned(),
            number: "1".to_owned(),
            province: "22".to_owned(),
            dossier_id: Some(dossier.id.clone()),
            product_id: dossier.product_id.clone(),
            product: "Mật ong".to_owned(),
            producer: "Hợp tác xã".to_owned(),
            commune: "06862".to_owned(),
            level: Level::Province,
            event: StarEvent::New,
            next_on: None,
            decision_id: decision.id.clone(),
            stars: 3,
            issued_on: day("2026-12-20"),
            valid_until: day("2029-12-19"),
            last_on: day("2029-12-19"),
            revoked_on: None,
            revocation: None,
        };
        insert_certificate(tx, &certificate).await.unwrap();
        certificate
    }

    #[tokio::test]
    async fn a_certificate_is_public_only_while_it_is_in_force() {
        each_database(async |db| {
            let mut tx = with_dossier(&db).await;
            let dossier = honey_dossier();
            let certificate = honey_certificate(&mut tx).await;
            let decision = find_decision(&mut tx, &certificate.decision_id).await.unwrap().unwrap();
            assert_eq!(find_by_code(&mut tx, "7K4M-9QX2-BD").await.unwrap(), Some(certificate.clone()));
            assert_eq!(
                certificate_of_dossier(&mut tx, &dossier.id).await.unwrap(),
                Some(certificate.clone())
            );
            assert_eq!(issued_between(&mut tx, "22", day("2026-01-01"), day("2026-12-31")).await.unwrap(), 1);

            let decided = decided_for_product(&mut tx, &certificate.product_id).await.unwrap();
            assert_eq!(decided, [(certificate.clone(), "4512/QĐ-UBND".to_owned(), day("2026-12-20"))]);
            let corrected = correct_last_day(&mut tx, &certificate.id, day("2030-12-19")).await.unwrap();
            assert!(!corrected, "it rests on a dossier");

            let shown = async |tx: &mut Tx, today: &str, word: Option<&str>| {
                let words: Vec<String> = word.map(str::to_owned).into_iter().collect();
                let wanted = public::Wanted::words(day(today), &words);
                let listed = public::list(tx, wanted, public::Page::First, 10, 10).await.unwrap();
                assert_eq!(listed.found, i64::try_from(listed.rows.len()).unwrap());
                assert_eq!(public::is_any(tx, wanted).await.unwrap(), listed.found > 0);
                listed.rows.len()
            };
            assert_eq!(shown(&mut tx, "2026-12-19", None).await, 0, "not yet");
            assert_eq!(shown(&mut tx, "2026-12-20", Some("mat")).await, 1);
            assert_eq!(shown(&mut tx, "2026-12-20", Some("tra")).await, 0, "another word");
            for (sets, expected) in [("4", 1), (" 3 4 5 ", 1), ("5", 0)] {
                let wanted = public::Wanted { sets, ..public::Wanted::words(day("2026-12-20"), &[]) };
                let listed = public::list(&mut tx, wanted, public::Page::First, 10, 10).await.unwrap();
                assert_eq!(listed.rows.len(), expected, "{sets}");
                assert_eq!(usize::try_from(listed.found).unwrap(), expected, "{sets}");
                assert_eq!(public::is_any(&mut tx, wanted).await.unwrap(), expected > 0, "{sets}");
            }
            assert_eq!(shown(&mut tx, "2029-12-20", None).await, 0, "expired");
            assert!(revoke(&mut tx, &certificate.id, day("2027-05-01"), "điểm a").await.unwrap());
            assert!(!revoke(&mut tx, &certificate.id, day("2027-05-01"), "điểm a").await.unwrap());
            assert_eq!(shown(&mut tx, "2027-04-30", None).await, 1);
            assert_eq!(shown(&mut tx, "2027-05-01", None).await, 0, "revoked");
            let twice = insert_decision(
                &mut tx,
                &Decision { id: decision.id.to_string().replace("102", "109").parse().unwrap(), ..decision },
            )
            .await;
            assert!(twice.unwrap_err().is_duplicate());
        })
        .await;
    }
}
