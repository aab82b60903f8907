//! The certificate of a recognised product, with a QR code to the public check page.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::engine::Template;
use crate::{DocumentError, Engine, Letterhead, Pdf, Signature, qr};

/// What a certificate shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// Head; its date is the day of issue.
    pub letterhead: Letterhead,
    /// Who certifies, e.g. `CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH QUẢNG NINH`.
    pub authority: String,
    /// The product.
    pub product: String,
    /// Code of the product.
    pub product_code: String,
    /// The producer.
    pub producer: String,
    /// Address of the producer.
    pub address: String,
    /// Stars, 3 to 5.
    pub stars: u8,
    /// Level of the recognition in words, e.g. `cấp tỉnh`.
    pub level: String,
    /// The decision with number, date and body, e.g.
    /// `3456/QĐ-UBND ngày 15/12/2026 của Chủ tịch Ủy ban nhân dân tỉnh Quảng Ninh`.
    pub decision: String,
    /// Last day of validity.
    pub valid_until: NaiveDate,
    /// Code to check the certificate by, e.g. `7K4M-9QX2-BD`.
    pub check_code: String,
    /// Address of the public check page of this certificate; the QR code holds it.
    pub check_url: String,
    /// Who signs.
    pub signature: Signature,
}

/// The certificate and the picture of its QR code.
#[derive(Serialize)]
struct CertificatePaper<'a> {
    certificate: &'a Certificate,
    qr_modules: Vec<Vec<bool>>,
}

/// The certificate as a PDF file of one page.
///
/// Errors when the stars are not 3 to 5 (no other product has a certificate) or the address of the check
/// page fits no QR code.
pub fn render(engine: &Engine, input: &Certificate) -> Result<Pdf, DocumentError> {
    engine.pdf(Template::Certificate, &paper(input)?)
}

fn paper(certificate: &Certificate) -> Result<CertificatePaper<'_>, DocumentError> {
    if !(3..=5).contains(&certificate.stars) {
        let reason = format!("{} is not 3 to 5", certificate.stars);
        return Err(DocumentError::Input { field: "stars", reason });
    }
    Ok(CertificatePaper { certificate, qr_modules: qr::matrix(&certificate.check_url)? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, check_hostile, day, engine, letterhead, signature};

    fn sample() -> Certificate {
        Certificate {
            letterhead: Letterhead {
                symbol: None,
                ..letterhead(None, "Ủy ban nhân dân tỉnh Quảng Ninh", None, "")
            },
            authority: "Chủ tịch Ủy ban nhân dân tỉnh Quảng Ninh".to_owned(),
            product: "Trà hoa vàng Ba Chẽ sấy thăng hoa".to_owned(),
            product_code: "22-06970-02-2026".to_owned(),
            producer: "Hợp tác xã Nuôi ong và Dược liệu Ba Chẽ".to_owned(),
            address: "Thôn Khe Lọng Trong, xã Ba Chẽ, tỉnh Quảng Ninh".to_owned(),
            stars: 4,
            level: "cấp tỉnh".to_owned(),
            decision: "3456/QĐ-UBND ngày 05/11/2026 của Chủ tịch Ủy ban nhân dân tỉnh Quảng Ninh".to_owned(),
            valid_until: day(2029, 11, 4),
            check_code: "7K4M-9QX2-BD".to_owned(),
            check_url: "HTTPS://OCOP.QUANGNINH.GOV.VN/C/7K4M-9QX2-BD".to_owned(),
            signature: signature(&["Chủ tịch"], "Nguyễn Văn Thử"),
        }
    }

    #[test]
    fn it_says_who_what_how_long() {
        let certificate = sample();
        check(
            "certificate",
            Template::Certificate,
            &paper(&certificate).expect("a paper"),
            1,
            &[
                "GIẤY CHỨNG NHẬN",
                "SẢN PHẨM OCOP CẤP TỈNH ĐẠT HẠNG 4 SAO",
                "Trà hoa vàng Ba Chẽ sấy thăng hoa",
                "Mã số sản phẩm: 22-06970-02-2026",
                "Theo Quyết định số: 3456/QĐ-UBND ngày 05/11/2026",
                "Có giá trị đến hết ngày: 04/11/2029",
                "Mã kiểm tra: 7K4M-9QX2-BD",
                "Quảng Ninh, ngày 05 tháng 11 năm 2026",
            ],
        );
    }

    #[test]
    fn three_stars_and_long_names_stay_on_one_page() {
        let long = Certificate {
            stars: 3,
            product: "Bộ sản phẩm quà tặng mật ong hoa rừng, phấn hoa và sữa ong chúa sấy khô đặc sản vùng cao Ba Chẽ, \
                      Bình Liêu, Tiên Yên, hộp gỗ 6 lọ"
                .to_owned(),
            address: "Thôn Khe Lọng Trong, xã Ba Chẽ, tỉnh Quảng Ninh ".repeat(4),
            ..sample()
        };
        check(
            "certificate-long",
            Template::Certificate,
            &paper(&long).expect("a paper"),
            1,
            &["ĐẠT HẠNG 3 SAO"],
        );
    }

    #[test]
    fn two_stars_have_no_certificate() {
        let refused = render(engine(), &Certificate { stars: 2, ..sample() });
        assert!(matches!(refused, Err(DocumentError::Input { field: "stars", .. })), "{refused:?}");
    }

    #[test]
    fn hostile_text_is_set() {
        check_hostile("certificate", Template::Certificate, &sample(), |input| {
            let short = Certificate { check_url: "HTTPS://OCOP.VN".to_owned(), ..input };
            serde_json::to_value(paper(&short).expect("a paper")).expect("JSON")
        });
    }
}
