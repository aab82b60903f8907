//! Rows as offices write them, and what is said of their faults.

use proptest::prelude::*;

use super::*;

const RIGHT: &[(Column, &str)] = &[
    (Column::ProducerName, " Hợp tác xã\u{a0}Việt Hoàng "),
    (Column::ProducerKind, "HTX"),
    (Column::RegistrationNo, "220007000123"),
    (Column::RegisteredOn, "22/8/2016"),
    (Column::TaxCode, "5700 123 456"),
    (Column::Commune, "6838"),
    (Column::District, "93"),
    (Column::Phone, "(0203) 3123.456"),
    (Column::Email, "htx@viethoang.example"),
    (Column::Representative, "Nguyễn Thị Hoa"),
    (Column::Gender, "nữ"),
    (Column::Ethnicity, "Tày"),
    (Column::ProductName, "Đông trùng hạ thảo"),
    (Column::SetNo, "19"),
    (Column::ProductCode, "22.193.06661.001.2022"),
    (Column::Stars, "4 sao"),
    (Column::Level, "Cấp tỉnh"),
    (Column::Points, "76,36"),
    (Column::DecisionNo, "3701/QĐ-UBND"),
    (Column::DecidedOn, "2022-12-30"),
    (Column::ValidUntil, "29/12/2025"),
    (Column::StampedSince, "-"),
    (Column::Platforms, "Voso 2022-03-01; Postmart từ 01/04/2022, Shopee; voso"),
    (Column::RevenueYear, "2021"),
    (Column::Revenue, "1,25 tỷ"),
];

/// Reads the right row with these cells instead.
fn with(changes: &[(Column, &str)]) -> Result<Record, Vec<Fault>> {
    let mut row: Vec<(Column, &str)> = RIGHT.to_vec();
    for (column, text) in changes {
        row.retain(|(kept, _)| kept != column);
        row.push((*column, text));
    }
    let mapping: Vec<Option<Column>> = row.iter().map(|(column, _)| Some(*column)).collect();
    let cells: Vec<String> = row.iter().map(|(_, text)| (*text).to_owned()).collect();
    record(&mapping, &cells)
}

/// The columns at fault.
fn faults(changes: &[(Column, &str)]) -> Vec<Column> {
    let found = with(changes).err().unwrap_or_default();
    assert!(found.iter().all(|fault| !fault.reason.is_empty()), "{found:?}");
    found.into_iter().filter_map(|fault| fault.column).collect()
}

fn reason(column: Column, text: &str) -> String {
    let found = with(&[(column, text)]).unwrap_err();
    assert_eq!(found.len(), 1, "{found:?}");
    found[0].reason.clone()
}

#[test]
fn a_right_row_becomes_a_record() {
    let read = with(&[]).unwrap();
    let day = |text: &str| text.parse::<NaiveDate>().ok();
    assert_eq!(read.producer_name, "Hợp tác xã Việt Hoàng");
    assert_eq!(read.producer_kind, ProducerKind::Cooperative);
    assert_eq!((read.tax_code.as_str(), read.phone.as_str()), ("5700123456", "0203 3123.456"));
    assert_eq!((read.commune.as_str(), read.district.as_str()), ("06838", "093"));
    assert_eq!(read.product_code, "22-193-06661-1-2022");
    assert_eq!((read.stars, read.level, read.points), (Some(4), Some(Level::Province), Some(7636)));
    assert_eq!((read.decided_on, read.valid_until), (day("2022-12-30"), day("2025-12-29")));
    assert_eq!(read.stamped_since, None, "a dash is nothing");
    let platforms: Vec<(&str, Option<NaiveDate>)> =
        read.platforms.iter().map(|one| (one.name.as_str(), one.since)).collect();
    assert_eq!(platforms, [("Voso", day("2022-03-01")), ("Postmart", day("2022-04-01")), ("Shopee", None)]);
    assert_eq!(read.revenue, Some((2021, 1_250_000_000)));
}

#[test]
fn the_least_row_is_enough_and_a_short_one_lacks_its_cells() {
    let columns = [
        Column::ProducerName,
        Column::ProducerKind,
        Column::Commune,
        Column::ProductName,
        Column::SetNo,
        Column::Stars,
    ];
    let mapping = columns.map(Some);
    let cells = ["Hộ A", "Hộ kinh doanh", "Ba Chẽ", "Trà", "Bộ 12"].map(str::to_owned);
    let read = record(&mapping, &cells).unwrap();
    assert_eq!((read.set.as_str(), read.stars, read.revenue), ("Bộ 12", None, None));
    let found = record(&mapping, &cells[..2]).unwrap_err();
    assert_eq!(
        found.iter().map(|fault| fault.column).collect::<Vec<_>>(),
        [Some(Column::Commune), Some(Column::ProductName), Some(Column::SetNo)]
    );
    assert_eq!(found[1].reason, "Ô này trống. Hãy ghi tên sản phẩm.");
}

#[test]
fn every_fault_of_a_row_is_told_at_once_in_the_order_of_the_columns() {
    let found = faults(&[
        (Column::Revenue, "nhiều"),
        (Column::Stars, "3 sáo"),
        (Column::ProducerName, ""),
        (Column::Email, "htx"),
    ]);
    assert_eq!(found, [Column::ProducerName, Column::Email, Column::Stars, Column::Revenue]);
}

#[test]
fn a_fault_says_what_stands_there_and_what_to_write() {
    assert_eq!(
        reason(Column::Stars, "3 sáo"),
        "«3 sáo» không đọc được. Ghi 3, 4 hoặc 5; chưa có sao thì để trống."
    );
    assert_eq!(
        reason(Column::ProductCode, "22-6838-1-2026"),
        "«22-6838-1-2026» không đọc được. Phần thứ hai «6838» phải là mã xã (5 chữ số) hoặc mã huyện cũ (3 chữ số)."
    );
    assert_eq!(
        reason(Column::Points, "#N/A"),
        "«#N/A» là báo lỗi của công thức trong Excel. Sửa công thức, hoặc gõ thẳng giá trị vào ô."
    );
    assert_eq!(
        reason(Column::ProductName, &"ă".repeat(201)),
        "Dài 201 chữ, nhiều nhất là 200 chữ. Hãy rút gọn."
    );
    assert!(reason(Column::TaxCode, "570012345").starts_with("«570012345» không đọc được. Mã số thuế gồm"));
    assert!(reason(Column::Phone, "0912345678 - 0203123456").contains("một số điện thoại"));
    assert!(reason(Column::Revenue, "1.250 triệu").contains("không đọc được"));
    assert!(reason(Column::Revenue, "200000 tỷ").contains("đơn vị tính"));
    assert!(reason(Column::RevenueYear, "21").contains("4 chữ số"));
    assert!(reason(Column::Platforms, "Voso 2022-13-01").contains("«Voso 2022-13-01»"));
    assert!(reason(Column::Platforms, "Voso; 01/04/2022").contains("«01/04/2022»"));
    assert!(reason(Column::Gender, &"x".repeat(500)).chars().count() < 150, "a long cell is shortened");
}

#[test]
fn cells_that_contradict_each_other_are_faults() {
    let check = |changes: &[(Column, &str)], expected: &[Column]| assert_eq!(faults(changes), expected);
    check(&[(Column::DecisionNo, "")], &[Column::DecisionNo]);
    check(&[(Column::DecidedOn, ""), (Column::Level, "")], &[Column::Level, Column::DecidedOn]);
    check(&[(Column::Stars, "")], &[Column::Stars]);
    check(&[(Column::ValidUntil, "29/12/2022")], &[Column::ValidUntil]);
    check(&[(Column::ValidUntil, "30/12/2022")], &[]);
    check(&[(Column::RevokedOn, "1/1/2022")], &[Column::RevokedOn]);
    check(&[(Column::RevokedOn, "1/1/2023")], &[]);
    check(&[(Column::Revocation, "Sai nhãn")], &[Column::RevokedOn]);
    check(&[(Column::RevenueYear, "")], &[Column::RevenueYear]);
    check(&[(Column::Revenue, "")], &[Column::Revenue]);
    // A cell that cannot be read is told once, not also as one that is lacking.
    check(&[(Column::DecidedOn, "tháng 12/2022")], &[Column::DecidedOn]);
    check(&[(Column::Stars, "bốn")], &[Column::Stars]);
    check(&[(Column::Revenue, "?")], &[Column::Revenue]);
    check(&[(Column::ProducerKind, "#REF!")], &[Column::ProducerKind]);
}

#[test]
fn unranked_products_may_have_points() {
    let unranked = [
        (Column::Stars, ""),
        (Column::DecisionNo, ""),
        (Column::DecidedOn, ""),
        (Column::ValidUntil, ""),
        (Column::Points, "45"),
    ];
    assert_eq!(with(&unranked).unwrap().points, Some(4500));
}

#[test]
fn files_with_the_same_headings_have_the_same_shape() {
    let shape = |headings: &[&str]| shape(&headings.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>());
    assert_eq!(shape(&["Tên chủ thể", "Sao"]), shape(&["TÊN  CHỦ THỂ ", "sao"]));
    assert_ne!(shape(&["Tên chủ thể", "Sao"]), shape(&["Sao", "Tên chủ thể"]));
    assert_ne!(shape(&["a", "b c"]), shape(&["a b", "c"]));
}

proptest! {
    #[test]
    fn any_row_by_any_mapping_is_read_or_every_fault_has_a_reason(
        mapping in proptest::collection::vec(proptest::option::of(0..Column::ALL.len()), 0..12),
        cells in proptest::collection::vec(".*|[0-9/;,. -]{0,12}|#N/A", 0..12),
    ) {
        let mapping: Vec<Option<Column>> = mapping.into_iter().map(|at| at.map(|at| Column::ALL[at])).collect();
        match record(&mapping, &cells) {
            Ok(read) => prop_assert!(!read.producer_name.is_empty() && !read.product_name.is_empty()),
            Err(faults) => prop_assert!(faults.iter().all(|fault| !fault.reason.is_empty()) && !faults.is_empty()),
        }
    }
}
