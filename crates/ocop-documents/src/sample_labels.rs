//! Labels for the samples of a dossier, with a QR code to the page where they are kept.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::engine::Template;
use crate::{DocumentError, Engine, Pdf, qr};

/// The labels of a dossier's samples.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SampleLabels {
    /// The product.
    pub product: String,
    /// The producer.
    pub producer: String,
    /// The receipt of the dossier in words, e.g. `Phiếu số 1/PĐK-22-06838-2026`.
    pub receipt: String,
    /// One for each sample.
    pub samples: Vec<SampleLabel>,
    /// The page of the samples; the QR code holds it.
    pub url: String,
}

/// What is a sample's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SampleLabel {
    /// Counted from 1.
    pub no: u16,
    /// When it was handed in.
    pub received_on: NaiveDate,
    /// Where it is kept.
    pub place: String,
}

#[derive(Serialize)]
struct LabelsPaper<'a> {
    labels: &'a SampleLabels,
    qr_modules: Vec<Vec<bool>>,
}

/// Fourteen labels on each sheet of A4.
///
/// Errors when the address of the page fits no QR code.
pub fn render(engine: &Engine, input: &SampleLabels) -> Result<Pdf, DocumentError> {
    engine.pdf(Template::SampleLabels, &paper(input)?)
}

fn paper(labels: &SampleLabels) -> Result<LabelsPaper<'_>, DocumentError> {
    Ok(LabelsPaper { labels, qr_modules: qr::matrix(&labels.url)? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, day, engine};

    fn sample(count: u16) -> SampleLabels {
        SampleLabels {
            product: "Mật ong rừng Bình Liêu".to_owned(),
            producer: "Hợp tác xã Mật ong rừng Bình Liêu".to_owned(),
            receipt: "Phiếu số 1/PĐK-22-06838-2026".to_owned(),
            samples: (1..=count)
                .map(|no| SampleLabel {
                    no,
                    received_on: day(2026, 11, 2),
                    place: "Tủ mát, phòng 302".to_owned(),
                })
                .collect(),
            url: "HTTPS://OCOP.EXAMPLE/dossiers/0192d3b0-7c1e-7abc-8def-000000000042/samples".to_owned(),
        }
    }

    #[test]
    fn each_sample_has_its_label() {
        let phrases = [
            "Mật ong rừng Bình Liêu",
            "Mẫu 1",
            "Mẫu 5",
            "nhận 02/11/2026",
            "Tủ mát, phòng 302",
            "Phiếu số 1/PĐK",
        ];
        let five = sample(5);
        check("sample-labels", Template::SampleLabels, &paper(&five).expect("a paper"), 1, &phrases);
        let many = sample(15);
        check("sample-labels-15", Template::SampleLabels, &paper(&many).expect("a paper"), 2, &["Mẫu 15"]);
    }

    #[test]
    fn long_texts_keep_the_size_of_a_label() {
        let long = SampleLabels {
            product: "Bộ sản phẩm quà tặng mật ong hoa rừng #panic(\"x\") *b* ".repeat(12),
            producer: "W".repeat(400),
            ..sample(14)
        };
        let pdf = render(engine(), &long).expect("a paper");
        assert_eq!(pdf.pages, 1);
    }
}
