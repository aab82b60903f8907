//! A report with a table: the advisory team's to the council's chair, the contents of what goes to the centre.

use serde::{Deserialize, Serialize};

use crate::engine::Template;
use crate::{DocumentError, Engine, Letterhead, Pdf, Signature};

/// What a report shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Head.
    pub letterhead: Letterhead,
    /// Its kind, in capitals on the paper: `Báo cáo`.
    pub title: String,
    /// What it is about.
    pub subject: String,
    /// Whom it is for; may be nobody.
    pub addressees: Vec<String>,
    /// What it says before the table; a line each.
    pub paragraphs: Vec<String>,
    /// The table's columns.
    pub columns: Vec<Column>,
    /// The table's rows: a text for each column.
    pub rows: Vec<Vec<String>>,
    /// What it says after the table; a line each.
    pub conclusion: Vec<String>,
    /// Who signs.
    pub signature: Signature,
}

/// A column of a report's table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Its heading.
    pub name: String,
    /// Its share of the table's width.
    pub share: u8,
}

/// The report as a PDF file.
///
/// # Errors
/// When a row has not a text for each column, or the template cannot set it.
pub fn render(engine: &Engine, input: &Report) -> Result<Pdf, DocumentError> {
    if input.rows.iter().any(|row| row.len() != input.columns.len()) {
        return Err(DocumentError::Input { field: "rows", reason: "a text for each column".to_owned() });
    }
    engine.pdf(Template::Report, input)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, check_hostile, engine, letterhead, signature, strings};

    fn sample() -> Report {
        let column = |name: &str, share| Column { name: name.to_owned(), share };
        Report {
            letterhead: letterhead(Some("Ủy ban nhân dân tỉnh Quảng Ninh"), "Tổ tư vấn đánh giá", None, ""),
            title: "Báo cáo".to_owned(),
            subject: "Kết quả đánh giá hồ sơ sản phẩm Mật ong rừng Ba Chẽ".to_owned(),
            addressees: strings(&["Chủ tịch Hội đồng đánh giá, phân hạng sản phẩm OCOP"]),
            paragraphs: strings(&["Tổ tư vấn đã xem xét hồ sơ và mẫu sản phẩm."]),
            columns: vec![column("Tiêu chí", 1), column("Nhận xét", 4)],
            rows: vec![
                strings(&["1.1", "Vùng nguyên liệu ổn định."]),
                strings(&["6.4", "Thiếu phiếu kiểm nghiệm."]),
            ],
            conclusion: strings(&["Đề nghị Hội đồng đánh giá."]),
            signature: signature(&["TM. Tổ tư vấn"], "Vũ Đình Thử"),
        }
    }

    #[test]
    fn a_report_has_its_table_and_its_conclusion() {
        check(
            "report",
            Template::Report,
            &sample(),
            1,
            &[
                "BÁO CÁO",
                "Kính gửi: Chủ tịch Hội đồng",
                "Tiêu chí Nhận xét",
                "Thiếu phiếu kiểm nghiệm.",
                "đánh giá./.",
            ],
        );
    }

    #[test]
    fn a_row_has_a_text_for_each_column() {
        let mut bad = sample();
        bad.rows.push(strings(&["1.2"]));
        assert!(matches!(render(engine(), &bad), Err(DocumentError::Input { field: "rows", .. })));
    }

    #[test]
    fn hostile_text_is_set() {
        // Headings are ours, and repeated: they stay short.
        let columns = sample().columns;
        check_hostile("report", Template::Report, &sample(), |input| {
            serde_json::to_value(Report { columns: columns.clone(), ..input }).expect("JSON")
        });
    }
}
