//! Complaints about results, certified products and the use of the mark.

use chrono::NaiveDate;
use ocop_core::complaints::{ComplaintKind, ComplaintState};
use ocop_core::id::{ComplaintId, DossierId, PersonId, ProductId};
use ocop_core::time::Instant;

use crate::db::{Row, StoreError, Tx};

/// A complaint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// Id.
    pub id: ComplaintId,
    /// What it is about.
    pub kind: ComplaintKind,
    /// Where it stands.
    pub state: ComplaintState,
    /// Code of the province.
    pub province: String,
    /// The product.
    pub product_id: ProductId,
    /// The dossier whose result is complained of.
    pub dossier_id: Option<DossierId>,
    /// The producer's person; none without an account.
    pub filed_by: Option<PersonId>,
    /// When.
    pub filed_at: Instant,
    /// What it says.
    pub content: String,
    /// Who sent it, for the office alone; may be empty.
    pub name: String,
    /// How to reach them, for the office alone; may be empty.
    pub contact: String,
    /// When the office took it up.
    pub admitted_on: Option<NaiveDate>,
    /// The reason of a refusal, or the answer; empty before.
    pub answer: String,
    /// When it was over.
    pub closed_on: Option<NaiveDate>,
    /// Counts changes.
    pub version: i64,
}

fn complaint(row: &Row) -> Result<Complaint, StoreError> {
    Ok(Complaint {
        id: row.get("id")?,
        kind: row.get("kind")?,
        state: row.get("state")?,
        province: row.get("province")?,
        product_id: row.get("product_id")?,
        dossier_id: row.get("dossier_id")?,
        filed_by: row.get("filed_by")?,
        filed_at: row.get("filed_at")?,
        content: row.get("content")?,
        name: row.get("name")?,
        contact: row.get("contact")?,
        admitted_on: row.get("admitted_on")?,
        answer: row.get("answer")?,
        closed_on: row.get("closed_on")?,
        version: row.get("version")?,
    })
}

/// Keeps a complaint that came in.
pub async fn insert(tx: &mut Tx, one: &Complaint) -> Result<(), StoreError> {
    tx.execute(
        "insert into complaint (id, kind, state, province, product_id, dossier_id, filed_by, filed_at, content, name,
            contact, answer, version)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, '', $12)",
        crate::args![
            &one.id,
            &one.kind,
            &one.state,
            &one.province,
            &one.product_id,
            &one.dossier_id,
            &one.filed_by,
            &one.filed_at,
            &one.content,
            &one.name,
            &one.contact,
            &one.version
        ],
    )
    .await?;
    Ok(())
}

/// Keeps what has become of a complaint, when nobody has changed it since `one.version`; `false` otherwise.
pub async fn change(tx: &mut Tx, one: &Complaint) -> Result<bool, StoreError> {
    let changed = tx
        .execute(
            "update complaint set state = $3, admitted_on = $4, answer = $5, closed_on = $6, version = version + 1
              where id = $1 and version = $2",
            crate::args![&one.id, &one.version, &one.state, &one.admitted_on, &one.answer, &one.closed_on],
        )
        .await?;
    Ok(changed == 1)
}

/// A complaint by its id.
pub async fn find(tx: &mut Tx, id: &ComplaintId) -> Result<Option<Complaint>, StoreError> {
    let row = tx.row_opt("select * from complaint where id = $1", crate::args![id]).await?;
    row.as_ref().map(complaint).transpose()
}

/// The complaints about a dossier's result, newest first.
pub async fn of_dossier(tx: &mut Tx, id: &DossierId) -> Result<Vec<Complaint>, StoreError> {
    let rows =
        tx.rows("select * from complaint where dossier_id = $1 order by id desc", crate::args![id]).await?;
    rows.iter().map(complaint).collect()
}

/// The complaints of a province with the product's name: those open first, oldest first, then the newest of
/// those that are over.
pub async fn of_province(
    tx: &mut Tx,
    province: &str,
    limit: i64,
) -> Result<(Vec<(Complaint, String)>, Vec<(Complaint, String)>), StoreError> {
    let read = |row: &Row| Ok((complaint(row)?, row.get("product")?));
    let open = tx
        .rows(
            "select complaint.*, product.name as product
               from complaint join product on product.id = complaint.product_id
              where complaint.province = $1 and complaint.state in ('filed', 'admitted')
              order by complaint.id",
            crate::args![province],
        )
        .await?;
    let over = tx
        .rows(
            "select complaint.*, product.name as product
               from complaint join product on product.id = complaint.product_id
              where complaint.province = $1 and complaint.state in ('refused', 'answered', 'withdrawn')
              order by complaint.id desc limit $2",
            crate::args![province, &limit],
        )
        .await?;
    let open = open.iter().map(read).collect::<Result<Vec<_>, StoreError>>()?;
    let over = over.iter().map(read).collect::<Result<Vec<_>, StoreError>>()?;
    Ok((open, over))
}

/// How many complaints came in without an account since an instant: in all, and about one product.
pub async fn count_since(tx: &mut Tx, product: &ProductId, since: Instant) -> Result<(i64, i64), StoreError> {
    let row = tx
        .row(
            "select count(*) as n, coalesce(sum(case when product_id = $2 then 1 else 0 end), 0) as of_product
               from complaint where filed_at >= $1 and filed_by is null",
            crate::args![&since, product],
        )
        .await?;
    Ok((row.get("n")?, row.get("of_product")?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dossiers::tests::with_dossier;
    use crate::testing::{at, each_database};

    #[tokio::test]
    async fn a_complaint_is_kept_listed_and_counted() {
        each_database(async |db| {
            let mut tx = with_dossier(&db).await;
            let certificate = crate::recognition::tests::honey_certificate(&mut tx).await;
            let mut one = Complaint {
                id: "0192d3b0-7c1e-7abc-8def-000000000501".parse().unwrap(),
                kind: ComplaintKind::Product,
                state: ComplaintState::Filed,
                province: "22".to_owned(),
                product_id: certificate.product_id.clone(),
                dossier_id: None,
                filed_by: None,
                filed_at: at("2027-01-05T03:00:00Z"),
                content: "Nhãn ghi sai khối lượng.".to_owned(),
                name: String::new(),
                contact: "090".to_owned(),
                admitted_on: None,
                answer: String::new(),
                closed_on: None,
                version: 1,
            };
            insert(&mut tx, &one).await.unwrap();
            assert_eq!(find(&mut tx, &one.id).await.unwrap(), Some(one.clone()));
            let counted = async |tx: &mut Tx, since: &str| {
                count_since(tx, &certificate.product_id, at(since)).await.unwrap()
            };
            assert_eq!(counted(&mut tx, "2027-01-05T03:00:00Z").await, (1, 1));
            assert_eq!(counted(&mut tx, "2027-01-05T03:00:01Z").await, (0, 0));
            let (open, over) = of_province(&mut tx, "22", 10).await.unwrap();
            assert_eq!((open.len(), over.len()), (1, 0));
            one.state = ComplaintState::Refused;
            one.answer = "Không thuộc thẩm quyền.".to_owned();
            one.closed_on = "2027-01-06".parse().ok();
            assert!(change(&mut tx, &one).await.unwrap());
            assert!(!change(&mut tx, &one).await.unwrap(), "stale");
            one.version = 2;
            let (open, over) = of_province(&mut tx, "22", 10).await.unwrap();
            assert_eq!((open.len(), over[0].0.clone()), (0, one));
        })
        .await;
    }
}
