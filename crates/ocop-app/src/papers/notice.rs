//! The notice of a result that brings no certificate.

use ocop_core::dossiers::State;
use ocop_core::id::DossierId;
use ocop_core::people::Actor;
use ocop_core::time::date;
use ocop_documents::notice::{Notice, NoticeResult, render};
use ocop_documents::{Letterhead, PlaceDate, Signature};

use super::filed::Filed;
use super::{Paper, hundredths, names, set};
use crate::scoring::{ResultView, result};
use crate::{App, AppError};

/// The notice of 1 or 2 stars, or of a dossier that is out (26/2026/QĐ-TTg, Articles 4.1a and
/// 7.3g): for everybody who reads the result, once it is told.
pub async fn notice(app: &App, actor: &Actor, id: &DossierId) -> Result<Paper, AppError> {
    let view = result(app, actor, id).await?;
    if !matches!(view.head.state, State::NotRecognised | State::Disqualified) {
        return Err(AppError::NotFound);
    }
    let mut tx = app.db.read().await?;
    let row = ocop_store::dossiers::find(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    let kept = ocop_store::recognition::find_result(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    let council = crate::councils::found(&mut tx, row.council_id.as_ref().ok_or(AppError::NotFound)?).await?;
    let filed = Filed::submitted(app, &mut tx, row).await?;
    drop(tx);
    let confirmed =
        format!("kết quả do Chủ tịch {} xác nhận ngày {}", council.name, date(view.confirmed_at.day()));
    let input = Notice {
        letterhead: Letterhead {
            superior: Some(names::committee_head(&filed.province)),
            issuer: "Cơ quan tham mưu quản lý OCOP cấp tỉnh".to_owned(),
            number: None,
            symbol: Some("TB".to_owned()),
            place_date: PlaceDate { place: names::place(&filed.province), date: kept.notified_on },
        },
        addressees: vec![names::committee(&filed.commune), filed.told.producer.name.clone()],
        round: names::in_sentence(&filed.round.name),
        cite: filed.cite.clone(),
        minutes: Some(confirmed),
        product: filed.told.product.name.clone(),
        product_code: filed.told.product.code.clone(),
        producer: filed.told.producer.name.clone(),
        next_steps: next_steps(&view),
        result: told(&filed, &view)?,
        explanation: view.explanation,
        contact: None,
        recipients: vec!["Như trên".to_owned(), "Lưu: VT".to_owned()],
        signature: Signature { authority: vec!["Thủ trưởng cơ quan".to_owned()], name: None },
    };
    set(app, "thong-bao-ket-qua", &filed.told.product.name, move |engine| render(engine, &input)).await
}

fn told(filed: &Filed, view: &ResultView) -> Result<NoticeResult, AppError> {
    if let Some(out) = &view.disqualified {
        return Ok(NoticeResult::Disqualified { ground: out.ground.clone(), reason: out.reason.clone() });
    }
    let (stars, mean) = view.stars.zip(view.mean).ok_or(AppError::NotFound)?;
    let missing = missing(filed, view, stars.saturating_add(1));
    Ok(NoticeResult::Stars { stars, mean_hundredths: hundredths(mean), missing })
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
