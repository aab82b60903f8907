//! What the letters of an office say.

use chrono::NaiveDate;
use ocop_core::scoring::Fraction;
use ocop_core::time::date;
use ocop_documents::letter::{Letter, LetterItem};
use ocop_documents::{Letterhead, PlaceDate, Signature};
use ocop_store::dossiers::Return;
use ocop_store::units::Unit;

use super::filed::Filed;
use super::issue::Signing;
use super::names;

/// Why a letter is written.
pub(super) enum LetterSource {
    /// The commune sends the dossier on (26/2026/QĐ-TTg, Article 7.2).
    Proposal {
        /// The day it was proposed.
        day: NaiveDate,
    },
    /// Commune or province sends it back with reasons.
    Return(Return),
    /// The province sends it on to the centre (Article 7.3e).
    Forwarding,
}

/// The letter, with the exact mean where it goes to the centre; without `signed`, a draft with room for
/// number, date and name.
pub(super) fn letter_of(
    filed: &Filed,
    source: &LetterSource,
    mean: Option<(i64, i64)>,
    signed: Option<&Signing>,
) -> Letter {
    let sender = match source {
        LetterSource::Proposal { .. } => &filed.commune,
        LetterSource::Return(back) if back.level == "province" => &filed.province,
        LetterSource::Return(_) => &filed.commune,
        LetterSource::Forwarding => &filed.province,
    };
    let round = names::in_sentence(&filed.round.name);
    let mut letter = Letter {
        letterhead: letterhead(sender, signed),
        draft: signed.is_none(),
        subject: String::new(),
        addressees: Vec::new(),
        paragraphs: Vec::new(),
        items: vec![item(filed, mean)],
        points: Vec::new(),
        closing: String::new(),
        recipients: vec!["Như trên".to_owned(), filed.told.producer.name.clone(), "Lưu: VT".to_owned()],
        signature: signature(signed),
    };
    match source {
        LetterSource::Proposal { day } => propose(&mut letter, filed, *day, &round),
        LetterSource::Return(back) => send_back(&mut letter, filed, back, sender, &round),
        LetterSource::Forwarding => forward(&mut letter, filed, &round),
    }
    letter
}

/// Where the chairman signs for the People's Committee.
pub(crate) fn signature(signed: Option<&Signing>) -> Signature {
    signed.map_or_else(
        || Signature {
            authority: vec!["TM. Ủy ban nhân dân".to_owned(), "Chủ tịch".to_owned()], name: None
        },
        |signed| names::signed_for_committee(&signed.signed_by),
    )
}

/// The head of a committee's letter.
pub(crate) fn letterhead(sender: &Unit, signed: Option<&Signing>) -> Letterhead {
    Letterhead {
        superior: None,
        issuer: names::committee_head(sender),
        number: signed.map(|signed| signed.number.digits()),
        symbol: Some(signed.map_or_else(|| "UBND-…".to_owned(), |signed| signed.number.symbol.clone())),
        place_date: PlaceDate { place: names::place(sender), date: signed.map(|signed| signed.signed_on) },
    }
}

fn item(filed: &Filed, mean: Option<(i64, i64)>) -> LetterItem {
    let told = &filed.told;
    let mean = mean.and_then(|(num, den)| Fraction::new(num, den));
    let remark = match mean {
        Some(mean) => format!("{}; điểm trung bình {}", filed.row.kind.name(), mean.vi()),
        None => filed.row.kind.name().to_owned(),
    };
    LetterItem {
        product: told.product.name.clone(),
        product_code: told.product.code.clone().unwrap_or_default(),
        producer: told.producer.name.clone(),
        address: told.address(),
        remark,
    }
}

fn propose(letter: &mut Letter, filed: &Filed, day: NaiveDate, round: &str) {
    let (from, to) = (names::committee(&filed.commune), names::committee(&filed.province));
    letter.subject = format!("đề nghị đánh giá, phân hạng sản phẩm OCOP {round}");
    letter.addressees = vec![to.clone()];
    letter.paragraphs = vec![
        format!("Căn cứ Quyết định số {}.", filed.cite),
        format!(
            "{from} đã kiểm tra thành phần hồ sơ, thực tế sản xuất và lập báo cáo (mẫu 03) ngày {}, \
             nay đề nghị {to} tổ chức đánh giá, phân hạng sản phẩm sau:",
            date(day)
        ),
    ];
    letter.points = vec![
        "Hồ sơ gửi kèm: phiếu đăng ký (mẫu 01), báo cáo tự đánh giá (mẫu 02), báo cáo của cấp xã (mẫu 03), \
         tài liệu minh chứng theo danh mục trong mẫu 02."
            .to_owned(),
    ];
    letter.closing = format!("Kính đề nghị {to} xem xét");
}

fn send_back(letter: &mut Letter, filed: &Filed, back: &Return, sender: &Unit, round: &str) {
    letter.subject = format!("bổ sung hồ sơ đánh giá, phân hạng sản phẩm OCOP {round}");
    letter.addressees = vec![filed.told.producer.name.clone()];
    letter.paragraphs = vec![
        format!("Căn cứ Quyết định số {}.", filed.cite),
        format!(
            "Sau khi xem xét hồ sơ dưới đây, {} trả lại hồ sơ ngày {} để hoàn thiện các nội dung nêu sau bảng:",
            names::committee(sender),
            date(back.returned_at.day())
        ),
    ];
    letter.points =
        back.reasons.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    let by = back.due_on.map(|day| format!(" trước hết ngày {}", date(day))).unwrap_or_default();
    letter.closing = format!("Đề nghị chủ thể hoàn thiện và nộp lại hồ sơ{by}");
    if back.level == "province" {
        letter.recipients.insert(1, names::committee(&filed.commune));
    }
    letter.recipients.retain(|name| *name != filed.told.producer.name);
}

fn forward(letter: &mut Letter, filed: &Filed, round: &str) {
    let from = names::committee(&filed.province);
    letter.subject = format!("đề nghị đánh giá, phân hạng sản phẩm OCOP 5 sao {round}");
    letter.addressees = vec!["Bộ Nông nghiệp và Môi trường".to_owned()];
    letter.paragraphs = vec![
        format!("Căn cứ Quyết định số {}.", filed.cite),
        format!(
            "{from} đã phê duyệt kết quả đánh giá, phân hạng của Hội đồng cấp tỉnh, nay trình hồ sơ sản phẩm \
             đạt từ 90 điểm trở lên sau đây:"
        ),
    ];
    letter.points = vec![
        "Hồ sơ gửi kèm: hồ sơ của chủ thể, báo cáo của cấp xã, biên bản và bảng tổng hợp điểm của Hội đồng, \
         quyết định phê duyệt kết quả."
            .to_owned(),
    ];
    letter.closing = "Kính đề nghị Bộ Nông nghiệp và Môi trường xem xét, tổ chức đánh giá".to_owned();
}
