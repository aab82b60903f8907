//! One row of a register file as values, or every fault of it.

use chrono::NaiveDate;

use super::cells::{self, BadCell, clean};
use super::columns::Column;
use crate::journal::sha256_hex;
use crate::people::looks_like_email;
use crate::producers::{Gender, ProducerKind, looks_like_phone, tax_code};
use crate::products::ProductCode;
use crate::recognition::Level;
use crate::text::fold;

/// What a row says: a product of a producer, and at most one certificate and one year's revenue of it.
/// Texts are tidied and no longer than the forms take; an empty text is a fact that is not told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Name of the producer.
    pub producer_name: String,
    /// Its legal form.
    pub producer_kind: ProducerKind,
    /// Number of its business registration.
    pub registration_no: String,
    /// Day of that registration.
    pub registered_on: Option<NaiveDate>,
    /// Tax code.
    pub tax_code: String,
    /// Address below the commune.
    pub address: String,
    /// Commune of today, by name or code.
    pub commune: String,
    /// Former unit, by name or code.
    pub district: String,
    /// Telephone.
    pub phone: String,
    /// Electronic mail.
    pub email: String,
    /// Who represents the producer.
    pub representative: String,
    /// The representative's gender.
    pub gender: Option<Gender>,
    /// The representative's ethnicity.
    pub ethnicity: String,
    /// Name of the product.
    pub product_name: String,
    /// Its product set, by number or name.
    pub set: String,
    /// Its code as it is written, in any of the three formats.
    pub product_code: String,
    /// Day it joined the programme.
    pub joined_on: Option<NaiveDate>,
    /// Stars, 3 to 5; with them the number, day and level of the decision are told.
    pub stars: Option<u8>,
    /// Who recognised it.
    pub level: Option<Level>,
    /// Points of the evaluation, in hundredths.
    pub points: Option<u16>,
    /// Number of the decision.
    pub decision_no: String,
    /// Day of the decision.
    pub decided_on: Option<NaiveDate>,
    /// Who signed it.
    pub signed_by: String,
    /// Last day of the certificate.
    pub valid_until: Option<NaiveDate>,
    /// Day it was withdrawn.
    pub revoked_on: Option<NaiveDate>,
    /// Why it was withdrawn.
    pub revocation: String,
    /// Electronic stamps since.
    pub stamped_since: Option<NaiveDate>,
    /// Platforms it is sold on, each once.
    pub platforms: Vec<Platform>,
    /// A year and the revenue of that year, in đồng.
    pub revenue: Option<(i32, i64)>,
}

/// A platform that a product is sold on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Platform {
    /// Its name.
    pub name: String,
    /// First day, when told.
    pub since: Option<NaiveDate>,
}

/// What is wrong in a row.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Fault {
    /// The column, when it is one's fault.
    pub column: Option<Column>,
    /// What is wrong and what to write, in Vietnamese.
    pub reason: String,
}

/// Reads a row. `mapping` says what each cell is; of a column that stands in it twice the first counts,
/// a cell that the row lacks is empty.
///
/// # Errors
/// Every fault of the row, in the order of the columns, then those between cells.
pub fn record(mapping: &[Option<Column>], cells: &[String]) -> Result<Record, Vec<Fault>> {
    let mut row = Row { mapping, cells, faults: Vec::new() };
    let kind = row.value(Column::ProducerKind, cells::producer_kind);
    let read = Record {
        producer_name: row.text(Column::ProducerName, 200),
        producer_kind: kind.unwrap_or(ProducerKind::Household),
        registration_no: row.text(Column::RegistrationNo, 50),
        registered_on: row.value(Column::RegisteredOn, cells::day),
        tax_code: row.tax_code(),
        address: row.text(Column::Address, 300),
        commune: row.code_or_name(Column::Commune, 5),
        district: row.code_or_name(Column::District, 3),
        phone: row.phone(),
        email: row.email(),
        representative: row.text(Column::Representative, 100),
        gender: row.value(Column::Gender, cells::gender),
        ethnicity: row.text(Column::Ethnicity, 50),
        product_name: row.text(Column::ProductName, 200),
        set: row.text(Column::SetNo, 200),
        product_code: row.product_code(),
        joined_on: row.value(Column::JoinedOn, cells::day),
        stars: row.value(Column::Stars, cells::stars),
        level: row.value(Column::Level, cells::level),
        points: row.value(Column::Points, cells::points),
        decision_no: row.text(Column::DecisionNo, 60),
        decided_on: row.value(Column::DecidedOn, cells::day),
        signed_by: row.text(Column::SignedBy, 200),
        valid_until: row.value(Column::ValidUntil, cells::day),
        revoked_on: row.value(Column::RevokedOn, cells::day),
        revocation: row.text(Column::Revocation, 2_000),
        stamped_since: row.value(Column::StampedSince, cells::day),
        platforms: row.platforms(),
        revenue: row.revenue(),
    };
    row.lacking();
    row.certificate(&read);
    row.faults.sort_by_key(|fault| fault.column);
    if row.faults.is_empty() { Ok(read) } else { Err(row.faults) }
}

/// What a file's columns are called, as one text: files of the same shape are read by the same
/// mapping. SHA-256 (hex) of the folded headings in order.
pub fn shape(headings: &[String]) -> String {
    let folded: Vec<String> = headings.iter().map(|heading| fold(heading)).collect();
    sha256_hex(folded.join("\n").as_bytes())
}

/// What a workbook shows in a cell whose formula failed.
const ERRORS: [&str; 10] = [
    "#N/A",
    "#REF!",
    "#VALUE!",
    "#DIV/0!",
    "#NAME?",
    "#NUM!",
    "#NULL!",
    "#SPILL!",
    "#CALC!",
    "#GETTING_DATA",
];

/// Years that revenue is told for.
const REVENUE_YEARS: std::ops::RangeInclusive<i32> = 2000..=2099;
/// Most revenue of a product in a year, in đồng, as the form takes it.
const REVENUE_LIMIT: i64 = 100_000_000_000_000;

/// A row being read, and the faults found so far.
struct Row<'a> {
    mapping: &'a [Option<Column>],
    cells: &'a [String],
    faults: Vec<Fault>,
}

impl Row<'_> {
    fn fault(&mut self, column: Column, reason: impl Into<String>) {
        self.faults.push(Fault { column: Some(column), reason: reason.into() });
    }

    fn is_faulty(&self, column: Column) -> bool {
        self.faults.iter().any(|fault| fault.column == Some(column))
    }

    /// The cell as it stands in the file.
    fn raw(&self, column: Column) -> &str {
        let at = self.mapping.iter().position(|named| *named == Some(column));
        at.and_then(|at| self.cells.get(at)).map(String::as_str).unwrap_or_default()
    }

    /// The cell, cleaned; empty where only a dash or dots stand, and where a formula failed.
    fn cell(&mut self, column: Column) -> String {
        let text = clean(self.raw(column));
        if ERRORS.contains(&text.to_ascii_uppercase().as_str()) {
            let advice = "Sửa công thức, hoặc gõ thẳng giá trị vào ô.";
            self.fault(column, format!("«{text}» là báo lỗi của công thức trong Excel. {advice}"));
            return String::new();
        }
        let is_blank = text.chars().all(|letter| matches!(letter, '-' | '–' | '—' | '.' | '…'));
        if is_blank { String::new() } else { text }
    }

    fn value<T>(&mut self, column: Column, reader: impl Fn(&str) -> Result<Option<T>, BadCell>) -> Option<T> {
        let text = self.cell(column);
        match reader(&text) {
            Ok(value) => value,
            Err(bad) => {
                let shown: String = bad.text.chars().take(SHOWN).collect();
                let bad = if shown.len() < bad.text.len() {
                    BadCell { text: format!("{shown}…"), ..bad }
                } else {
                    bad
                };
                self.fault(column, bad.to_string());
                None
            }
        }
    }

    fn text(&mut self, column: Column, limit: usize) -> String {
        let text = self.cell(column);
        let length = text.chars().count();
        if length > limit {
            self.fault(column, format!("Dài {length} chữ, nhiều nhất là {limit} chữ. Hãy rút gọn."));
        }
        text
    }

    /// A unit's name, or its code with the zeros in front that a workbook's number loses.
    fn code_or_name(&mut self, column: Column, digits: usize) -> String {
        let text = self.text(column, 200);
        let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if is_number { format!("{text:0>digits$}") } else { text }
    }

    /// A text that a check of the forms passes; otherwise `advice` says what to write.
    fn checked(
        &mut self,
        column: Column,
        limit: usize,
        check: impl Fn(&str) -> bool,
        advice: &'static str,
    ) -> String {
        let text = self.text(column, limit);
        if !text.is_empty() && !self.is_faulty(column) && !check(&text) {
            self.fault(column, BadCell { text: text.clone(), advice }.to_string());
        }
        text
    }

    fn tax_code(&mut self) -> String {
        let advice = "Mã số thuế gồm 10, 12 hoặc 13 chữ số. Nếu Excel đã bỏ số 0 ở đầu, hãy định dạng ô là chữ \
                      (Text) rồi gõ lại; chưa có thì để trống.";
        let typed = self.checked(Column::TaxCode, 20, |text| tax_code(text).is_some(), advice);
        tax_code(&typed).unwrap_or_default()
    }

    fn phone(&mut self) -> String {
        let advice = "Ghi một số điện thoại, ví dụ 0203 1234567.";
        let bare =
            |text: &str| text.replace(['(', ')'], " ").split_whitespace().collect::<Vec<_>>().join(" ");
        let check = |text: &str| looks_like_phone(&bare(text)) && bare(text).chars().count() <= 20;
        bare(&self.checked(Column::Phone, 200, check, advice))
    }

    fn email(&mut self) -> String {
        let advice = "Ghi một địa chỉ, ví dụ ten@gmail.com; không có thì để trống.";
        self.checked(Column::Email, 200, looks_like_email, advice)
    }

    fn product_code(&mut self) -> String {
        let typed = self.text(Column::ProductCode, 60);
        if typed.is_empty() || self.is_faulty(Column::ProductCode) {
            return String::new();
        }
        match ProductCode::parse(&typed) {
            Ok(code) => code.to_string(),
            Err(fault) => {
                self.fault(Column::ProductCode, format!("«{typed}» không đọc được. {fault}"));
                String::new()
            }
        }
    }

    /// `Voso 2022-03-01; Postmart từ 01/04/2022; Shopee`. Of a platform named twice the first counts.
    fn platforms(&mut self) -> Vec<Platform> {
        let column = Column::Platforms;
        if self.cell(column).is_empty() {
            return Vec::new();
        }
        let mut found: Vec<Platform> = Vec::new();
        let listed = self.raw(column).to_owned();
        for part in listed.split([';', ',', '\n']).map(clean).filter(|part| !part.is_empty()) {
            match platform(&part) {
                Some(one) if found.iter().any(|other| fold(&other.name) == fold(&one.name)) => {}
                Some(one) => found.push(one),
                None => {
                    let shown: String = part.chars().take(SHOWN).collect();
                    self.fault(column, BadCell { text: shown, advice: PLATFORM }.to_string());
                }
            }
        }
        found
    }

    fn revenue(&mut self) -> Option<(i32, i64)> {
        let year = self.value(Column::RevenueYear, year);
        let amount = self.value(Column::Revenue, amount);
        let faulty = self.is_faulty(Column::RevenueYear) || self.is_faulty(Column::Revenue);
        match (year, amount) {
            (Some(year), Some(amount)) => Some((year, amount)),
            (None, Some(_)) if !faulty => {
                self.fault(Column::RevenueYear, "Có doanh thu mà không có năm. Hãy ghi năm, ví dụ 2022.");
                None
            }
            (Some(_), None) if !faulty => {
                self.fault(
                    Column::Revenue,
                    "Có năm doanh thu mà không có số tiền. Hãy ghi doanh thu bằng đồng.",
                );
                None
            }
            (_, _) => None,
        }
    }

    /// Required cells that are empty.
    fn lacking(&mut self) {
        for column in Column::ALL.iter().copied().filter(|column| column.required()) {
            if self.cell_is_empty(column) && !self.is_faulty(column) {
                self.fault(column, format!("Ô này trống. Hãy ghi {}.", lower_first(column.name())));
            }
        }
    }

    fn cell_is_empty(&self, column: Column) -> bool {
        clean(self.raw(column)).chars().all(|letter| matches!(letter, '-' | '–' | '—' | '.' | '…'))
    }

    /// What the cells of a certificate say about each other.
    fn certificate(&mut self, read: &Record) {
        if read.stars.is_some() {
            self.must_be_told(read);
        } else if !self.is_faulty(Column::Stars) {
            self.must_have_stars(read);
        }
        let Some(decided_on) = read.decided_on else { return };
        let decided = decided_on.format("%d/%m/%Y");
        if read.valid_until.is_some_and(|day| day < decided_on) {
            let reason = format!("Ngày hết hạn trước ngày quyết định {decided}. Hãy sửa một trong hai ngày.");
            self.fault(Column::ValidUntil, reason);
        }
        if read.revoked_on.is_some_and(|day| day < decided_on) {
            let reason = format!("Ngày thu hồi trước ngày quyết định {decided}. Hãy sửa một trong hai ngày.");
            self.fault(Column::RevokedOn, reason);
        }
    }

    /// Stars rest on a decision: its number, its day, and whose it is.
    fn must_be_told(&mut self, read: &Record) {
        let lacks = [
            (Column::DecisionNo, read.decision_no.is_empty(), "số quyết định công nhận"),
            (Column::DecidedOn, read.decided_on.is_none(), "ngày quyết định công nhận"),
            (Column::Level, read.level.is_none(), "cấp công nhận: huyện, tỉnh hoặc trung ương"),
        ];
        for (column, lacks, what) in lacks {
            if lacks && !self.is_faulty(column) {
                self.fault(column, format!("Có hạng sao mà ô này trống. Hãy ghi {what}."));
            }
        }
        if !read.revocation.is_empty() && read.revoked_on.is_none() && !self.is_faulty(Column::RevokedOn) {
            self.fault(Column::RevokedOn, "Có lý do thu hồi mà không có ngày. Hãy ghi ngày thu hồi.");
        }
    }

    /// Facts of a certificate without stars belong to nothing.
    fn must_have_stars(&mut self, read: &Record) {
        let told = [
            (!read.decision_no.is_empty(), "số quyết định"),
            (read.decided_on.is_some(), "ngày quyết định"),
            (read.valid_until.is_some(), "ngày hết hạn"),
            (read.revoked_on.is_some(), "ngày thu hồi"),
        ];
        if let Some((_, what)) = told.into_iter().find(|(told, _)| *told) {
            let advice = "Hãy ghi hạng sao; chưa được công nhận thì để trống cả hai.";
            self.fault(Column::Stars, format!("Có {what} mà không có hạng sao. {advice}"));
        }
    }
}

/// Letters of a bad cell that are repeated in its fault.
const SHOWN: usize = 80;

const PLATFORM: &str =
    "Ghi tên sàn rồi ngày bắt đầu, các sàn cách nhau bằng dấu chấm phẩy, ví dụ Voso 01/03/2022; Postmart.";

/// One platform: a name of at most 60 letters, then perhaps its first day, with or without "từ".
fn platform(part: &str) -> Option<Platform> {
    let bare = part.replace(['(', ')', ':'], " ");
    let mut words: Vec<&str> = bare.split_whitespace().collect();
    let is_day = |word: &&&str| {
        word.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'/' | b'-' | b'.'))
            && word.bytes().any(|byte| byte.is_ascii_digit())
    };
    let mut since = None;
    if let Some(day) = words.last().filter(is_day) {
        since = Some(cells::day(day).ok()??);
        words.pop();
        if words.last().is_some_and(|word| word.to_lowercase() == "từ") {
            words.pop();
        }
    }
    let name = words.join(" ");
    (!fold(&name).is_empty() && name.chars().count() <= 60).then_some(Platform { name, since })
}

/// `2022`, `năm 2022`.
fn year(text: &str) -> Result<Option<i32>, BadCell> {
    if text.is_empty() {
        return Ok(None);
    }
    let folded = fold(text);
    let word = folded.trim_start();
    let digits = word.strip_prefix("nam ").unwrap_or(word);
    let read = digits.parse().ok().filter(|year| REVENUE_YEARS.contains(year));
    read.map(Some)
        .ok_or_else(|| BadCell {
            text: text.to_owned(), advice: "Ghi năm đủ 4 chữ số, ví dụ 2022."
        })
}

fn amount(text: &str) -> Result<Option<i64>, BadCell> {
    let advice =
        "Doanh thu một năm của một sản phẩm nhiều nhất là 100.000 tỷ đồng. Hãy kiểm tra đơn vị tính.";
    match cells::money(text)? {
        Some(dong) if dong > REVENUE_LIMIT => Err(BadCell { text: text.to_owned(), advice }),
        other => Ok(other),
    }
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

#[cfg(test)]
mod tests;
