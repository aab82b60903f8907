//! The rows of one file beside each other: of what several rows say about one producer or product,
//! the first counts.
//!
//! Without this, two rows that disagree would change the register back and forth, and the same file
//! would never be without effect the second time.

use std::collections::BTreeSet;

use super::record::Record;
use crate::merging::bare_name;
use crate::text::fold;

/// A row that can be read, among the others of its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What it says. Of facts that an earlier row told about the same producer or product, those
    /// that may be empty are.
    pub record: Record,
    /// Whether it is the first row of its producer: its name, legal form and place count.
    pub heads_producer: bool,
    /// Whether it is the first row of its product: its name and set count.
    pub heads_product: bool,
}

/// What was told by the rows so far: `(whom it is about, which fact)`.
#[derive(Default)]
struct Told(BTreeSet<(String, String)>);

impl Told {
    /// Notes a fact of somebody known by several keys; whether it is the first time.
    fn first(&mut self, keys: &[String], fact: &str) -> bool {
        let seen = keys.iter().any(|key| self.0.contains(&(key.clone(), fact.to_owned())));
        self.0.extend(keys.iter().map(|key| (key.clone(), fact.to_owned())));
        !seen
    }

    fn text(&mut self, keys: &[String], fact: &str, text: &mut String) {
        if !text.is_empty() && !self.first(keys, fact) {
            text.clear();
        }
    }

    fn value<T>(&mut self, keys: &[String], fact: &str, value: &mut Option<T>) {
        if value.is_some() && !self.first(keys, fact) {
            *value = None;
        }
    }
}

/// The readable rows of a file, in its order, each with what it is the first to say.
pub fn lines(records: impl IntoIterator<Item = Record>) -> Vec<Line> {
    let mut told = Told::default();
    records.into_iter().map(|record| line(&mut told, record)).collect()
}

fn line(told: &mut Told, mut record: Record) -> Line {
    let owner = producer_keys(&record);
    let heads_producer = told.first(&owner, "");
    told.value(&owner, "registered_on", &mut record.registered_on);
    told.text(&owner, "address", &mut record.address);
    told.text(&owner, "phone", &mut record.phone);
    told.text(&owner, "email", &mut record.email);
    told.text(&owner, "representative", &mut record.representative);
    told.value(&owner, "gender", &mut record.gender);
    told.text(&owner, "ethnicity", &mut record.ethnicity);
    let product = product_keys(&owner, &record);
    let heads_product = told.first(&product, "");
    told.value(&product, "joined_on", &mut record.joined_on);
    told.value(&product, "stamped_since", &mut record.stamped_since);
    if let Some((year, _)) = record.revenue {
        told.value(&product, &format!("revenue {year}"), &mut record.revenue);
    }
    record.platforms.retain(|platform| told.first(&product, &format!("platform{}", fold(&platform.name))));
    Line { record, heads_producer, heads_product }
}

/// What a producer is known by within a file.
fn producer_keys(record: &Record) -> Vec<String> {
    let mut keys = Vec::new();
    if !record.tax_code.is_empty() {
        keys.push(format!("tax {}", record.tax_code));
    }
    if !record.registration_no.is_empty() {
        keys.push(format!("registration {}", fold(&record.registration_no)));
    }
    if keys.is_empty() {
        keys.push(format!("name{}{}", bare_name(&record.producer_name), fold(&record.commune)));
    }
    keys
}

/// What a product is known by within a file.
fn product_keys(owner: &[String], record: &Record) -> Vec<String> {
    let named =
        owner.iter().map(|owner| format!("{owner}{} {}", fold(&record.product_name), fold(&record.set)));
    let coded = (!record.product_code.is_empty()).then(|| format!("code {}", record.product_code));
    named.chain(coded).collect()
}

#[cfg(test)]
mod tests {
    use super::super::columns::Column;
    use super::super::record::record;
    use super::*;

    /// A record of these cells, beside what every row must have.
    fn row(cells: &[(Column, &str)]) -> Record {
        let base = [
            (Column::ProducerName, "HTX Hợp Tiến"),
            (Column::ProducerKind, "Hợp tác xã"),
            (Column::Commune, "Xã Bình Liêu"),
            (Column::ProductName, "Mật ong"),
            (Column::SetNo, "4"),
        ];
        let base = base.iter().filter(|(column, _)| cells.iter().all(|(told, _)| told != column));
        let (mapping, texts): (Vec<_>, Vec<_>) =
            base.chain(cells).map(|(column, text)| (Some(*column), (*text).to_owned())).unzip();
        record(&mapping, &texts).unwrap()
    }

    fn heads(rows: &[&[(Column, &str)]]) -> Vec<(bool, bool)> {
        let lines = lines(rows.iter().map(|cells| row(cells)));
        lines.iter().map(|line| (line.heads_producer, line.heads_product)).collect()
    }

    #[test]
    fn the_first_row_of_a_producer_and_of_a_product_heads_it() {
        assert_eq!(
            heads(&[
                &[],
                &[(Column::ProducerName, "Hợp tác xã Hợp Tiến")],
                &[(Column::ProductName, "Phấn hoa")],
                &[(Column::Commune, "Xã Hoành Mô")],
            ]),
            [(true, true), (false, false), (false, true), (true, true)]
        );
    }

    #[test]
    fn numbers_tell_producers_of_one_name_apart_and_of_two_names_together() {
        let (one, other) = ((Column::TaxCode, "5700000001"), (Column::TaxCode, "5700000002"));
        assert_eq!(heads(&[&[one], &[other]]), [(true, true), (true, true)]);
        assert_eq!(
            heads(&[&[one], &[one, (Column::ProducerName, "HTX Tiến Hợp")]]),
            [(true, true), (false, false)]
        );
    }

    #[test]
    fn a_fact_is_told_once_by_whoever_tells_it_first() {
        let rows = [
            row(&[(Column::Platforms, "Voso 01/03/2022")]),
            row(&[
                (Column::Phone, "0203 111 1111"),
                (Column::Platforms, "VOSO 01/05/2022; Postmart 01/06/2022"),
                (Column::RevenueYear, "2024"),
                (Column::Revenue, "1 tỷ"),
            ]),
            row(&[
                (Column::Phone, "0203 222 2222"),
                (Column::RevenueYear, "2024"),
                (Column::Revenue, "2 tỷ"),
            ]),
            row(&[(Column::RevenueYear, "2025"), (Column::Revenue, "2 tỷ")]),
        ];
        let lines = lines(rows);
        let phones: Vec<&str> = lines.iter().map(|line| line.record.phone.as_str()).collect();
        assert_eq!(phones, ["", "0203 111 1111", "", ""]);
        let platforms: Vec<usize> = lines.iter().map(|line| line.record.platforms.len()).collect();
        assert_eq!((platforms, lines[1].record.platforms[0].name.as_str()), (vec![1, 1, 0, 0], "Postmart"));
        let years: Vec<Option<i32>> =
            lines.iter().map(|line| line.record.revenue.map(|told| told.0)).collect();
        assert_eq!(years, [None, Some(2024), None, Some(2025)]);
    }
}
