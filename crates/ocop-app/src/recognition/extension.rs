//! A certificate stays in force beyond its term while its holder's re-evaluation is decided
//! (Article 12.3): follows each step of that dossier.

use chrono::NaiveDate;
use ocop_core::dossiers::{DossierKind, State};
use ocop_core::id::ProductId;
use ocop_core::recognition::Instance;
use ocop_core::rules::{Filing, Held, path};
use ocop_core::time::date;
use ocop_store::Tx;
use ocop_store::dossiers::Dossier;
use ocop_store::recognition::extension::{self as kept, KeptExtension};
use ocop_store::recognition::{self as store, Certificate};

use crate::dossiers::instance;
use crate::{App, AppError};

/// The certificate that a product holds on a day, or held last; none when that one was withdrawn.
pub(crate) async fn held_by(
    tx: &mut Tx,
    product: &ProductId,
    on: NaiveDate,
) -> Result<Option<Certificate>, AppError> {
    let certificates = store::certificates_of_product(tx, product).await?;
    let counts = certificates.into_iter().find(|one| one.issued_on <= on);
    Ok(counts.filter(|one| one.revoked_on.is_none_or(|revoked| revoked > on)))
}

/// The same as the law's path asks for it.
pub(crate) fn as_held(certificate: &Certificate) -> Held {
    Held { stars: certificate.stars, last_day: certificate.valid_until }
}

/// Follows a step of a dossier: the filing of a re-evaluation extends the certificate that the product
/// holds; its result, its return by the commune or its withdrawal ends that. Part of the step.
///
/// The dossier at the centre tells nothing: the province's waits for its answer, and so it does for the
/// province's own evaluation afterwards.
pub(crate) async fn follow(app: &App, tx: &mut Tx, row: &Dossier, now: State) -> Result<(), AppError> {
    if row.kind != DossierKind::Renewal || instance(row) == Instance::Centre {
        return Ok(());
    }
    let filed = row.continues.as_ref().unwrap_or(&row.id);
    match kept::find(tx, filed).await? {
        Some(found) => match (now.awaits_result(), found.ended_on) {
            (true, Some(_)) => kept::end(tx, &found, None).await?,
            (false, None) => kept::end(tx, &found, Some(app.today())).await?,
            (true, None) | (false, Some(_)) => {}
        },
        None if now.awaits_result() && row.continues.is_none() => begin(app, tx, row).await?,
        None => {}
    }
    Ok(())
}

/// Extends the certificate that the product held when the dossier was filed, if the law does.
async fn begin(app: &App, tx: &mut Tx, row: &Dossier) -> Result<(), AppError> {
    let first = ocop_store::dossiers::submissions(tx, &row.id).await?.into_iter().next();
    let filed_on = first.map_or_else(|| app.today(), |first| first.submitted_at.day());
    let Some(certificate) = held_by(tx, &row.product_id, filed_on).await? else { return Ok(()) };
    let filing = Filing { kind: row.kind, filed_on, held: Some(as_held(&certificate)) };
    let Some(extension) = path(&app.rules, &filing).ok().and_then(|path| path.extension) else {
        return Ok(());
    };
    let begun = KeptExtension {
        dossier_id: row.id.clone(),
        certificate_id: certificate.id,
        extension,
        filed_on,
        ended_on: None,
    };
    Ok(kept::insert(tx, &begun).await?)
}

/// What extends a certificate, in a sentence with its ground and its days; empty when nothing does or did.
pub(crate) async fn told(tx: &mut Tx, certificate: &Certificate) -> Result<String, AppError> {
    let found = kept::of_certificate(tx, &certificate.id).await?;
    Ok(found.first().map(words).unwrap_or_default())
}

fn words(kept: &KeptExtension) -> String {
    let KeptExtension { extension, filed_on, .. } = kept;
    let filed = format!("Chủ thể nộp hồ sơ đánh giá lại ngày {}", date(*filed_on));
    match kept.ended_on {
        Some(day) => format!("{filed}; việc xem xét hồ sơ kết thúc ngày {}.", date(day)),
        None => format!(
            "{filed}, chưa có kết quả: giấy chứng nhận có hiệu lực đến khi có kết quả, chậm nhất {} ({}).",
            date(extension.until),
            extension.cite
        ),
    }
}

/// The certificates of a province that run on beyond their term: the result of their re-evaluation is due before
/// their extension ends. The act, product and producer, the page, and that day.
pub(crate) async fn todos_of_extended(
    tx: &mut Tx,
    province: &str,
    today: NaiveDate,
) -> Result<Vec<(String, String, String, Option<NaiveDate>)>, AppError> {
    let extended = kept::extended_in(tx, province, today).await?;
    Ok(extended
        .into_iter()
        .map(|one| {
            (
                format!("Có kết quả đánh giá lại {} trước khi sao hết hiệu lực", one.product),
                one.producer,
                format!("/certificates/{}", one.certificate_id),
                Some(one.until),
            )
        })
        .collect())
}
