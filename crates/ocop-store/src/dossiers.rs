//! Dossiers, their immutable submissions and their returns.

mod commune_report;
mod renewal_check;

pub use commune_report::{commune_report, save_commune_report};
pub use renewal_check::{FiledCheck, put_renewal_check, renewal_check};

use chrono::NaiveDate;
use ocop_core::dossiers::{DossierForm, DossierKind, State};
use ocop_core::id::{CouncilId, DossierId, ProducerId, ProductId, RoundId, SubmissionId};
use ocop_core::scoring::Sheet;
use ocop_core::time::Instant;

use crate::db::{Row, StoreError, Tx};
use crate::value::json;

/// A dossier as it stands now.
#[derive(Debug, Clone, PartialEq)]
pub struct Dossier {
    /// Id.
    pub id: DossierId,
    /// Code of the province.
    pub province: String,
    /// Code of the commune.
    pub commune: String,
    /// The producer.
    pub producer_id: ProducerId,
    /// The product.
    pub product_id: ProductId,
    /// The round.
    pub round_id: RoundId,
    /// First, upgrade, renewal.
    pub kind: DossierKind,
    /// The regime it was filed under.
    pub regime: String,
    /// The product set, 1–26.
    pub set_no: u16,
    /// Content hash of the product set: never changes.
    pub ruleset: String,
    /// Where it is.
    pub state: State,
    /// Forms 01 and 02 as the producer left them.
    pub form: DossierForm,
    /// The self-assessment as the producer left it.
    pub sheet: Sheet,
    /// The council that has it.
    pub council_id: Option<CouncilId>,
    /// The latest submission.
    pub submission_id: Option<SubmissionId>,
    /// When the commune received it.
    pub commune_received_on: Option<NaiveDate>,
    /// The commune's last day.
    pub commune_due_on: Option<NaiveDate>,
    /// Receipt of the commune (form 01, block A).
    pub commune_receipt: Option<String>,
    /// When the commune proposed it.
    pub proposed_on: Option<NaiveDate>,
    /// When the province accepted it.
    pub province_received_on: Option<NaiveDate>,
    /// Receipt of the province (form 01, block B).
    pub province_receipt: Option<String>,
    /// The dossier whose evaluation it goes on with: at the centre, or again at the province.
    pub continues: Option<DossierId>,
    /// When it was opened.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
    /// Goes up with every change of form or sheet.
    pub version: i64,
}

fn dossier(row: &Row) -> Result<Dossier, StoreError> {
    Ok(Dossier {
        id: row.get("id")?,
        province: row.get("province")?,
        commune: row.get("commune")?,
        producer_id: row.get("producer_id")?,
        product_id: row.get("product_id")?,
        round_id: row.get("round_id")?,
        kind: row.get("kind")?,
        regime: row.get("regime")?,
        set_no: row.get("set_no")?,
        ruleset: row.get("ruleset")?,
        state: row.get("state")?,
        form: row.json("form")?,
        sheet: row.json("sheet")?,
        council_id: row.get("council_id")?,
        submission_id: row.get("submission_id")?,
        commune_received_on: row.get("commune_received_on")?,
        commune_due_on: row.get("commune_due_on")?,
        commune_receipt: row.get("commune_receipt")?,
        proposed_on: row.get("proposed_on")?,
        province_received_on: row.get("province_received_on")?,
        province_receipt: row.get("province_receipt")?,
        continues: row.get("continues")?,
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
        version: row.get("version")?,
    })
}

/// Adds a dossier.
pub async fn insert(tx: &mut Tx, dossier: &Dossier) -> Result<(), StoreError> {
    let mut args = crate::args![
        &dossier.id,
        &dossier.province,
        &dossier.commune,
        &dossier.producer_id,
        &dossier.product_id,
        &dossier.round_id,
        &dossier.kind,
        &dossier.regime,
        &dossier.set_no,
        &dossier.ruleset,
        &dossier.state
    ];
    args.extend([json(&dossier.form), json(&dossier.sheet)]);
    args.extend(crate::args![&dossier.created_at, &dossier.updated_at, &dossier.version, &dossier.continues]);
    tx.execute(
        "insert into dossier (id, province, commune, producer_id, product_id, round_id, kind, regime, set_no,
            ruleset, state, form, sheet, created_at, updated_at, version, continues)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
        args,
    )
    .await?;
    crate::search::dossier(tx, dossier.id.as_str()).await
}

/// A dossier by its id.
pub async fn find(tx: &mut Tx, id: &DossierId) -> Result<Option<Dossier>, StoreError> {
    let row = tx.row_opt("select * from dossier where id = $1", crate::args![id]).await?;
    row.as_ref().map(dossier).transpose()
}

/// The next dossiers after an id, of all provinces, by id.
pub async fn after(tx: &mut Tx, id: &str, limit: i64) -> Result<Vec<Dossier>, StoreError> {
    let rows =
        tx.rows("select * from dossier where id > $1 order by id limit $2", crate::args![id, &limit]).await?;
    rows.iter().map(dossier).collect()
}

/// Dossiers of a product, newest first.
pub async fn of_product(tx: &mut Tx, product: &ProductId) -> Result<Vec<Dossier>, StoreError> {
    let rows = tx
        .rows("select * from dossier where product_id = $1 order by id desc", crate::args![product])
        .await?;
    rows.iter().map(dossier).collect()
}

/// Replaces form and self-assessment of the draft; `false` when the version is stale.
pub async fn save_draft(
    tx: &mut Tx,
    id: &DossierId,
    form: &DossierForm,
    sheet: &Sheet,
    at: Instant,
    version: i64,
) -> Result<bool, StoreError> {
    let changed = tx
        .execute(
            "update dossier set form = $2, sheet = $3, updated_at = $4, version = version + 1
              where id = $1 and version = $5",
            vec![id.into(), json(form), json(sheet), (&at).into(), (&version).into()],
        )
        .await?;
    Ok(changed == 1)
}

/// Moves a dossier on; `false` when it is no longer in state `from`.
pub async fn advance(
    tx: &mut Tx,
    id: &DossierId,
    from: State,
    to: State,
    at: Instant,
) -> Result<bool, StoreError> {
    let changed = tx
        .execute(
            "update dossier set state = $3, updated_at = $4, version = version + 1 where id = $1 and state = $2",
            crate::args![id, &from, &to, &at],
        )
        .await?;
    Ok(changed == 1)
}

/// Notes the commune's receipt, and its deadline where the rules set one.
pub async fn receive_at_commune(
    tx: &mut Tx,
    id: &DossierId,
    received_on: NaiveDate,
    due_on: Option<NaiveDate>,
    receipt: &str,
) -> Result<(), StoreError> {
    tx.execute(
        "update dossier set commune_received_on = $2, commune_due_on = $3,
                commune_receipt = coalesce(commune_receipt, $4)
          where id = $1",
        crate::args![id, &received_on, &due_on, receipt],
    )
    .await?;
    crate::search::dossier(tx, id.as_str()).await
}

/// Notes the day of the commune's proposal.
pub async fn propose(tx: &mut Tx, id: &DossierId, on: NaiveDate) -> Result<(), StoreError> {
    tx.execute("update dossier set proposed_on = $2 where id = $1", crate::args![id, &on]).await?;
    Ok(())
}

/// Notes the province's receipt.
pub async fn receive_at_province(
    tx: &mut Tx,
    id: &DossierId,
    on: NaiveDate,
    receipt: &str,
) -> Result<(), StoreError> {
    tx.execute(
        "update dossier set province_received_on = $2, province_receipt = $3 where id = $1",
        crate::args![id, &on, receipt],
    )
    .await?;
    crate::search::dossier(tx, id.as_str()).await
}

/// Gives the dossier to a council.
pub async fn assign(tx: &mut Tx, id: &DossierId, council: &CouncilId) -> Result<(), StoreError> {
    tx.execute("update dossier set council_id = $2 where id = $1", crate::args![id, council]).await?;
    Ok(())
}

/// How many receipts a commune (`commune_receipt`) has given in a year, by the year's first and
/// last day.
pub async fn communes_receipts(
    tx: &mut Tx,
    commune: &str,
    first: NaiveDate,
    last: NaiveDate,
) -> Result<i64, StoreError> {
    tx.row(
        "select count(*) as n from dossier
          where commune = $1 and commune_received_on >= $2 and commune_received_on <= $3",
        crate::args![commune, &first, &last],
    )
    .await?
    .get("n")
}

/// How many receipts the province has given in a year.
pub async fn provinces_receipts(
    tx: &mut Tx,
    province: &str,
    first: NaiveDate,
    last: NaiveDate,
) -> Result<i64, StoreError> {
    tx.row(
        "select count(*) as n from dossier
          where province = $1 and province_received_on >= $2 and province_received_on <= $3",
        crate::args![province, &first, &last],
    )
    .await?
    .get("n")
}

/// An immutable submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission {
    /// Id.
    pub id: SubmissionId,
    /// The dossier.
    pub dossier_id: DossierId,
    /// 1 for the first.
    pub no: i64,
    /// When.
    pub submitted_at: Instant,
    /// Everything that was submitted, as JSON text, exactly as hashed.
    pub snapshot: String,
    /// SHA-256 of the text.
    pub hash: String,
}

fn submission(row: &Row) -> Result<Submission, StoreError> {
    Ok(Submission {
        id: row.get("id")?,
        dossier_id: row.get("dossier_id")?,
        no: row.get("no")?,
        submitted_at: row.get("submitted_at")?,
        snapshot: row.get("snapshot")?,
        hash: row.get("hash")?,
    })
}

/// Keeps a submission and makes it the dossier's latest.
pub async fn submit(tx: &mut Tx, submission: &Submission) -> Result<(), StoreError> {
    tx.execute(
        "insert into submission (id, dossier_id, no, submitted_at, snapshot, hash) values ($1, $2, $3, $4, $5, $6)",
        crate::args![
            &submission.id, &submission.dossier_id, &submission.no, &submission.submitted_at,
            &submission.snapshot, &submission.hash
        ],
    )
    .await?;
    tx.execute(
        "update dossier set submission_id = $2 where id = $1",
        crate::args![&submission.dossier_id, &submission.id],
    )
    .await?;
    Ok(())
}

/// The latest submission of a dossier.
pub async fn latest_submission(tx: &mut Tx, id: &DossierId) -> Result<Option<Submission>, StoreError> {
    let row = tx
        .row_opt("select * from submission where dossier_id = $1 order by no desc limit 1", crate::args![id])
        .await?;
    row.as_ref().map(submission).transpose()
}

/// All submissions of a dossier, oldest first.
pub async fn submissions(tx: &mut Tx, id: &DossierId) -> Result<Vec<Submission>, StoreError> {
    let rows =
        tx.rows("select * from submission where dossier_id = $1 order by no", crate::args![id]).await?;
    rows.iter().map(submission).collect()
}

/// A return of the dossier to its producer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Return {
    /// `commune` or `province`.
    pub level: String,
    /// What to mend.
    pub reasons: String,
    /// By when, if a day was set.
    pub due_on: Option<NaiveDate>,
    /// When it was returned.
    pub returned_at: Instant,
    /// Name of the officer.
    pub returned_by: String,
}

/// Keeps a return.
pub async fn put_return(tx: &mut Tx, id: &DossierId, back: &Return) -> Result<(), StoreError> {
    tx.execute(
        "insert into dossier_return (dossier_id, no, level, reasons, due_on, returned_at, returned_by)
         select $1, count(*) + 1, $2, $3, $4, $5, $6 from dossier_return where dossier_id = $1",
        crate::args![id, &back.level, &back.reasons, &back.due_on, &back.returned_at, &back.returned_by],
    )
    .await?;
    Ok(())
}

/// The returns of a dossier, newest first.
pub async fn returns(tx: &mut Tx, id: &DossierId) -> Result<Vec<Return>, StoreError> {
    let rows = tx
        .rows("select * from dossier_return where dossier_id = $1 order by no desc", crate::args![id])
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Return {
                level: row.get("level")?,
                reasons: row.get("reasons")?,
                due_on: row.get("due_on")?,
                returned_at: row.get("returned_at")?,
                returned_by: row.get("returned_by")?,
            })
        })
        .collect()
}

/// A dossier in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Id.
    pub id: DossierId,
    /// Name of the product.
    pub product: String,
    /// Name of the producer.
    pub producer: String,
    /// Name of the commune.
    pub commune: String,
    /// The product set.
    pub set_no: u16,
    /// Where it is.
    pub state: State,
    /// First, upgrade or renewal.
    pub kind: DossierKind,
    /// The regime.
    pub regime: String,
    /// The commune's last day.
    pub commune_due_on: Option<NaiveDate>,
    /// When the province received it complete.
    pub province_received_on: Option<NaiveDate>,
    /// The round's last day for results.
    pub result_by: NaiveDate,
    /// Name of the round.
    pub round: String,
    /// The council that has it.
    pub council_id: Option<CouncilId>,
    /// When it was last changed.
    pub updated_at: Instant,
}

fn listed(row: &Row) -> Result<Listed, StoreError> {
    Ok(Listed {
        id: row.get("id")?,
        product: row.get("product")?,
        producer: row.get("producer")?,
        commune: row.get("commune")?,
        set_no: row.get("set_no")?,
        state: row.get("state")?,
        kind: row.get("kind")?,
        regime: row.get("regime")?,
        commune_due_on: row.get("commune_due_on")?,
        province_received_on: row.get("province_received_on")?,
        result_by: row.get("result_by")?,
        round: row.get("round")?,
        council_id: row.get("council_id")?,
        updated_at: row.get("updated_at")?,
    })
}

/// What a list of dossiers is narrowed to; `None` does not narrow.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Code of the province.
    pub province: Option<String>,
    /// Code of the commune.
    pub commune: Option<String>,
    /// The producer.
    pub producer: Option<ProducerId>,
    /// The round.
    pub round: Option<RoundId>,
    /// The council.
    pub council: Option<CouncilId>,
    /// The state.
    pub state: Option<State>,
    /// The product set.
    pub set_no: Option<u16>,
    /// A folded word of the product's or producer's name.
    pub word: Option<String>,
    /// Only dossiers after this id (keyset paging).
    pub after: Option<DossierId>,
}

/// Dossiers that fit the filter, by id, at most `limit`.
pub async fn list(tx: &mut Tx, filter: &Filter, limit: i64) -> Result<Vec<Listed>, StoreError> {
    let rows = tx
        .rows(
            "select dossier.id as id, product.name as product, producer.name as producer, unit.name as commune,
                    dossier.set_no as set_no, dossier.kind as kind, dossier.regime as regime,
                    dossier.state as state, dossier.province_received_on as province_received_on, dossier.commune_due_on as commune_due_on,
                    round.result_by as result_by, round.name as round, dossier.council_id as council_id,
                    dossier.updated_at as updated_at
               from dossier
               join product on product.id = dossier.product_id
               join producer on producer.id = dossier.producer_id
               join round on round.id = dossier.round_id
               join unit on unit.code = dossier.commune
              where (cast($1 as text) is null or dossier.province = $1)
                and (cast($2 as text) is null or dossier.commune = $2)
                and (cast($3 as text) is null or dossier.producer_id = $3)
                and (cast($4 as text) is null or dossier.round_id = $4)
                and (cast($5 as text) is null or dossier.council_id = $5)
                and (cast($6 as text) is null or dossier.state = $6)
                and (cast($7 as bigint) is null or dossier.set_no = $7)
                and (cast($8 as text) is null or product.fold like '% ' || $8 || '%'
                     or producer.fold like '% ' || $8 || '%')
                and (cast($9 as text) is null or dossier.id > $9)
              order by dossier.id
              limit $10",
            crate::args![
                &filter.province, &filter.commune, &filter.producer, &filter.round, &filter.council,
                &filter.state, &filter.set_no, &filter.word, &filter.after, &limit
            ],
        )
        .await?;
    rows.iter().map(listed).collect()
}

/// How many dossiers of a round are in each state.
pub async fn count_by_state(tx: &mut Tx, round: &RoundId) -> Result<Vec<(State, i64)>, StoreError> {
    let rows = tx
        .rows(
            "select state, count(*) as n from dossier where round_id = $1 group by state",
            crate::args![round],
        )
        .await?;
    rows.iter().map(|row| Ok((row.get("state")?, row.get("n")?))).collect()
}

/// How many dossiers of a round are overdue: past the commune's day while they are there, or not
/// closed after the round's last day. Drafts are nobody's delay.
pub async fn count_overdue(tx: &mut Tx, round: &RoundId, today: NaiveDate) -> Result<i64, StoreError> {
    tx.row(
        "select count(*) as n from dossier join round on round.id = dossier.round_id
          where dossier.round_id = $1
            and ((dossier.state = $2 and dossier.commune_due_on < $3)
                 or (round.result_by < $3 and dossier.state not in ($4, $5, $6, $7, $8, $9, $10, $11, $12)))",
        crate::args![
            round,
            &State::AtCommune,
            &today,
            &State::Draft,
            &State::Recognised,
            &State::NotRecognised,
            // The province has done its part: what follows has no day.
            &State::ForCentre,
            &State::FiveStars,
            &State::Again,
            &State::ReferredBack,
            &State::Disqualified,
            &State::Withdrawn
        ],
    )
    .await?
    .get("n")
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::db::{Chain, Db};
    use crate::products::tests::honey;
    use crate::testing::{at, each_database, seed_units};

    pub(crate) fn honey_dossier() -> Dossier {
        let product = honey();
        Dossier {
            id: "0192d3b0-7c1e-7abc-8def-0000000000e1".parse().unwrap(),
            province: product.province,
            commune: product.commune,
            producer_id: product.producer_id,
            product_id: product.id,
            round_id: crate::rounds::tests::second_round().id,
            kind: DossierKind::First,
            regime: "2026-26".to_owned(),
            set_no: 4,
            ruleset: "hash".to_owned(),
            state: State::Draft,
            form: DossierForm { history: "Từ năm 2015".to_owned(), ..DossierForm::default() },
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
            created_at: at("2026-11-24T03:00:00Z"),
            updated_at: at("2026-11-24T03:00:00Z"),
            version: 1,
        }
    }

    /// Units, producer, product, round, a ruleset row and the dossier, in an open transaction.
    pub(crate) async fn with_dossier(db: &Db) -> Tx {
        seed_units(db).await;
        let dossier = honey_dossier();
        let mut tx = db.write(Chain::of("dossier", &dossier.id)).await.unwrap();
        crate::producers::insert(&mut tx, &crate::producers::tests::honey_cooperative()).await.unwrap();
        crate::products::insert(&mut tx, &honey()).await.unwrap();
        crate::rounds::insert(&mut tx, &crate::rounds::tests::second_round()).await.unwrap();
        tx.execute(
            "insert into ruleset (hash, regime, set_no, json) values ('hash', '2026-26', 4, '{}')",
            vec![],
        )
        .await
        .unwrap();
        insert(&mut tx, &dossier).await.unwrap();
        tx
    }

    #[tokio::test]
    async fn a_dossier_moves_only_from_where_it_is() {
        each_database(async |db| {
            let mut tx = with_dossier(&db).await;
            let kept = honey_dossier();
            assert_eq!(find(&mut tx, &kept.id).await.unwrap(), Some(kept.clone()));
            let now = at("2026-11-24T04:00:00Z");
            let form = DossierForm { history: "Từ năm 2016".to_owned(), ..DossierForm::default() };
            assert!(save_draft(&mut tx, &kept.id, &form, &kept.sheet, now, 1).await.unwrap());
            assert!(!save_draft(&mut tx, &kept.id, &kept.form, &kept.sheet, now, 1).await.unwrap(), "stale");
            assert!(advance(&mut tx, &kept.id, State::Draft, State::AtCommune, now).await.unwrap());
            assert!(!advance(&mut tx, &kept.id, State::Draft, State::AtCommune, now).await.unwrap());
            let found = find(&mut tx, &kept.id).await.unwrap().unwrap();
            assert_eq!((found.state, found.form.history.as_str()), (State::AtCommune, "Từ năm 2016"));
        })
        .await;
    }

    #[tokio::test]
    async fn submissions_and_returns_stay_as_they_were() {
        each_database(async |db| {
            let mut tx = with_dossier(&db).await;
            let id = honey_dossier().id;
            for (no, text) in [(1, "{\"a\":1}"), (2, "{\"a\":2}")] {
                let submission = Submission {
                    id: format!("0192d3b0-7c1e-7abc-8def-0000000000f{no}").parse().unwrap(),
                    dossier_id: id.clone(),
                    no,
                    submitted_at: at("2026-11-24T04:00:00Z"),
                    snapshot: text.to_owned(),
                    hash: ocop_core::journal::sha256_hex(text.as_bytes()),
                };
                submit(&mut tx, &submission).await.unwrap();
            }
            let all = submissions(&mut tx, &id).await.unwrap();
            assert_eq!(
                all.iter().map(|one| one.snapshot.as_str()).collect::<Vec<_>>(),
                ["{\"a\":1}", "{\"a\":2}"]
            );
            assert_eq!(latest_submission(&mut tx, &id).await.unwrap().as_ref(), all.last());
            for reasons in ["Thiếu giấy tờ", "Thiếu chữ ký"] {
                let back = Return {
                    level: "commune".to_owned(),
                    reasons: reasons.to_owned(),
                    due_on: None,
                    returned_at: at("2026-11-24T04:00:00Z"),
                    returned_by: "Cán bộ xã".to_owned(),
                };
                put_return(&mut tx, &id, &back).await.unwrap();
            }
            assert_eq!(returns(&mut tx, &id).await.unwrap()[0].reasons, "Thiếu chữ ký");
        })
        .await;
    }

    #[tokio::test]
    async fn a_stale_commune_report_is_not_kept() {
        each_database(async |db| {
            let mut tx = with_dossier(&db).await;
            let (id, now) = (honey_dossier().id, at("2026-11-24T04:00:00Z"));
            assert!(save_commune_report(&mut tx, &id, "một", now, 0).await.unwrap());
            assert!(!save_commune_report(&mut tx, &id, "hai", now, 0).await.unwrap());
            assert!(save_commune_report(&mut tx, &id, "ba", now, 1).await.unwrap());
            assert_eq!(commune_report(&mut tx, &id).await.unwrap(), Some(("ba".to_owned(), 2)));
        })
        .await;
    }

    #[tokio::test]
    async fn lists_are_narrowed_by_every_filter() {
        each_database(async |db| {
            let mut tx = with_dossier(&db).await;
            let kept = honey_dossier();
            let fits = Filter {
                province: Some("22".to_owned()),
                commune: Some(kept.commune.clone()),
                producer: Some(kept.producer_id.clone()),
                round: Some(kept.round_id.clone()),
                state: Some(State::Draft),
                set_no: Some(4),
                word: Some("mat".to_owned()),
                ..Filter::default()
            };
            assert_eq!(list(&mut tx, &fits, 10).await.unwrap().len(), 1);
            for misses in [
                Filter { province: Some("01".to_owned()), ..fits.clone() },
                Filter { commune: Some("06841".to_owned()), ..fits.clone() },
                Filter { state: Some(State::AtCommune), ..fits.clone() },
                Filter { set_no: Some(6), ..fits.clone() },
                Filter { word: Some("tra".to_owned()), ..fits.clone() },
                Filter { after: Some(kept.id.clone()), ..fits.clone() },
            ] {
                assert_eq!(list(&mut tx, &misses, 10).await.unwrap(), vec![], "{misses:?}");
            }
            assert_eq!(
                count_overdue(&mut tx, &kept.round_id, "2027-01-01".parse().unwrap()).await.unwrap(),
                0,
                "a draft"
            );
            advance(&mut tx, &kept.id, State::Draft, State::AtCommune, kept.updated_at).await.unwrap();
            assert_eq!(
                count_overdue(&mut tx, &kept.round_id, "2026-12-01".parse().unwrap()).await.unwrap(),
                0
            );
            assert_eq!(
                count_overdue(&mut tx, &kept.round_id, "2027-01-01".parse().unwrap()).await.unwrap(),
                1
            );
            advance(&mut tx, &kept.id, State::AtCommune, State::Draft, kept.updated_at).await.unwrap();
            assert_eq!(count_by_state(&mut tx, &kept.round_id).await.unwrap(), vec![(State::Draft, 1)]);
        })
        .await;
    }
}
