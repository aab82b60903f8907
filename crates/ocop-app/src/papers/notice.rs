//! The notice of a result that brings no certificate.

use ocop_core::dossiers::State;
use ocop_core::id::DossierId;
use ocop_core::people::Actor;
use ocop_core::scoring::Fraction;
use ocop_core::time::date;
use ocop_documents::notice::{Notice, NoticeResult, render};
use ocop_documents::{Letterhead, PlaceDate, Signature};
use ocop_store::Tx;
use ocop_store::centre::Answered;

use super::filed::Filed;
use super::issue::Signing;
use super::{Paper, hundredths, names, of_record, set};
use crate::scoring::{ResultView, result};
use crate::{App, AppError};

/// What a notice is about, in the register.
pub(crate) fn about_notice(id: &DossierId) -> String {
    format!("notice:{id}")
}

/// The notice of 1 or 2 stars, or of a dossier that is out (26/2026/QĐ-TTg, Articles 4.1a and
/// 7.3g): for everybody who reads the result, once it is told.
pub async fn notice(app: &App, actor: &Actor, id: &DossierId) -> Result<Paper, AppError> {
    let view = result(app, actor, id).await?;
    let mut tx = app.db.read().await?;
    if let Some(paper) = of_record(app, &mut tx, &about_notice(id)).await? {
        return Ok(paper);
    }
    let input = input(app, &mut tx, &view, id, None).await?;
    drop(tx);
    let about = input.product.clone();
    set(app, "thong-bao-ket-qua", &about, move |engine| render(engine, &input)).await
}

/// What a notice is made of; without `signed`, number and name are left to be written in.
///
/// # Errors
/// Not found while the dossier has no result that ends in a notice.
pub(crate) async fn input(
    app: &App,
    tx: &mut Tx,
    view: &ResultView,
    id: &DossierId,
    signed: Option<&Signing>,
) -> Result<Notice, AppError> {
    if !matches!(view.head.state, State::NotRecognised | State::Disqualified) {
        return Err(AppError::NotFound);
    }
    let row = ocop_store::dossiers::find(tx, id).await?.ok_or(AppError::NotFound)?;
    let kept = ocop_store::recognition::find_result(tx, id).await?.ok_or(AppError::NotFound)?;
    let council = crate::councils::found(tx, row.council_id.as_ref().ok_or(AppError::NotFound)?).await?;
    let filed = Filed::submitted(app, tx, row).await?;
    let answered = ocop_store::centre::find(tx, id).await?.and_then(|sent| sent.answer);
    let confirmed = match &answered {
        Some(answered) => format!("kết quả của Hội đồng trung ương ngày {}", date(answered.on)),
        None => {
            format!("kết quả do Chủ tịch {} xác nhận ngày {}", council.name, date(view.confirmed_at.day()))
        }
    };
    let explanation = match &answered {
        Some(answered) => vec![format!(
            "Kết quả của trung ương: {}. Cấp tỉnh không công nhận theo kết quả này và không tổ chức đánh giá lại.",
            names::in_sentence(answered.answer.name())
        )],
        None => view.explanation.clone(),
    };
    Ok(Notice {
        letterhead: Letterhead {
            superior: Some(names::committee_head(&filed.province)),
            issuer: names::programme_office(&filed.province).to_owned(),
            number: signed.map(|signed| signed.number.digits()),
            symbol: Some(signed.map_or_else(|| "TB".to_owned(), |signed| signed.number.symbol.clone())),
            place_date: PlaceDate {
                place: names::place(&filed.province),
                date: signed.map_or(kept.notified_on, |signed| Some(signed.signed_on)),
            },
        },
        addressees: vec![names::committee(&filed.commune), filed.told.producer.name.clone()],
        round: names::in_sentence(&filed.round.name),
        cite: filed.cite.clone(),
        minutes: Some(confirmed),
        product: filed.told.product.name.clone(),
        product_code: filed.told.product.code.clone(),
        producer: filed.told.producer.name.clone(),
        next_steps: next_steps(view),
        result: match &answered {
            Some(answered) => told_by_centre(answered),
            None => told(&filed, view)?,
        },
        explanation,
        contact: None,
        recipients: vec!["Như trên".to_owned(), "Lưu: VT".to_owned()],
        signature: signed.map_or_else(
            || Signature { authority: vec!["Thủ trưởng cơ quan".to_owned()], name: None },
            |signed| names::signed_by(&signed.signed_by),
        ),
    })
}

fn told(filed: &Filed, view: &ResultView) -> Result<NoticeResult, AppError> {
    if let Some(out) = &view.disqualified {
        return Ok(NoticeResult::Disqualified { ground: out.ground.clone(), reason: out.reason.clone() });
    }
    let (stars, mean) = view.stars.zip(view.mean).ok_or(AppError::NotFound)?;
    let missing = missing(filed, view, stars.saturating_add(1));
    Ok(NoticeResult::Stars { stars, mean_hundredths: hundredths(mean), missing })
}

/// The centre's result, which stands in for the province's own.
fn told_by_centre(answered: &Answered) -> NoticeResult {
    let mean = answered.mean.and_then(|(num, den)| Fraction::new(num, den));
    match answered.stars.zip(mean) {
        Some((stars, mean)) => {
            NoticeResult::Stars { stars, mean_hundredths: hundredths(mean), missing: Vec::new() }
        }
        None => NoticeResult::Disqualified {
            ground: answered.answer.name().to_owned(),
            reason: answered.number.clone(),
        },
    }
}

/// What the next star asks for and was not reached: points first, then its floors.
fn missing(filed: &Filed, view: &ResultView, next: u8) -> Vec<String> {
    let needed = filed.set.threshold(next).map(i64::from);
    let short = needed.zip(view.mean).filter(|(needed, mean)| mean.num < needed * mean.den);
    let points =
        short.map(|(needed, _)| format!("Hạng {next} sao: điểm trung bình cần đạt từ {needed} điểm."));
    let floors = view.floors.iter().filter(|floor| !floor.met && floor.stars <= next).map(|floor| {
        let (code, name, points, stars) = (&floor.code, &floor.name, floor.needed_points, floor.stars);
        format!("Tiêu chí {code} {name}: hạng {stars} sao cần từ {points} điểm.")
    });
    points.into_iter().chain(floors).collect()
}

fn next_steps(view: &ResultView) -> Vec<String> {
    let again = "Đăng ký đánh giá, phân hạng lại từ đầu trong đợt sau, tại Ủy ban nhân dân cấp xã.";
    let first = if view.disqualified.is_some() {
        "Khắc phục nội dung nêu ở phần lý do và chuẩn bị giấy tờ chứng minh."
    } else {
        "Hoàn thiện sản phẩm theo các điều kiện chưa đạt nêu trên và chuẩn bị giấy tờ chứng minh."
    };
    vec![first.to_owned(), again.to_owned()]
}
