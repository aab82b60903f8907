//! Registers as files of exactly the rows that a filter means, under the headings that an import
//! reads back.

use ocop_core::imports::columns::Column;
use ocop_core::people::Actor;
use ocop_core::registry::{ProducerFilter, ProductFilter};
use ocop_core::text::thousands;
use ocop_core::time::date;
use ocop_documents::xlsx::table::{Table, TableCell, TableColumn, csv, write};
use ocop_store::registry::{self as store, ExportRow, Page, ProducerLine};

use super::{Office, office, producer_query, product_query};
use crate::download::{Download, Format};
use crate::runtime::apart;
use crate::{App, AppError, Refusal};

/// The most rows of a file.
pub const MOST_ROWS: i64 = 20_000;
/// Rows that are fetched at a time.
const CHUNK: i64 = 1_000;

/// The columns of a file of products: all that an import reads, but for gender, ethnicity and points.
const PRODUCT_COLUMNS: [(Column, u16); 27] = [
    (Column::ProducerName, 34),
    (Column::ProducerKind, 20),
    (Column::RegistrationNo, 16),
    (Column::RegisteredOn, 12),
    (Column::TaxCode, 14),
    (Column::Address, 28),
    (Column::Commune, 20),
    (Column::District, 12),
    (Column::Phone, 16),
    (Column::Email, 22),
    (Column::Representative, 22),
    (Column::ProductName, 34),
    (Column::SetNo, 10),
    (Column::ProductCode, 20),
    (Column::JoinedOn, 12),
    (Column::Stars, 8),
    (Column::Level, 14),
    (Column::DecisionNo, 18),
    (Column::DecidedOn, 12),
    (Column::SignedBy, 28),
    (Column::ValidUntil, 12),
    (Column::RevokedOn, 12),
    (Column::Revocation, 28),
    (Column::StampedSince, 12),
    (Column::Platforms, 28),
    (Column::RevenueYear, 10),
    (Column::Revenue, 18),
];

fn columns(list: &[(Column, u16)]) -> Vec<TableColumn> {
    list.iter().map(|(column, width)| TableColumn::new(column.name(), *width)).collect()
}

fn product_row(row: ExportRow) -> Vec<TableCell> {
    let platforms: Vec<String> =
        row.platforms.iter().map(|(name, since)| format!("{name} {}", date(*since))).collect();
    vec![
        row.producer.into(),
        row.kind.name().into(),
        row.registration_no.into(),
        row.registered_on.into(),
        row.tax_code.into(),
        row.address.into(),
        row.commune.into(),
        row.former_unit.into(),
        row.phone.into(),
        row.email.into(),
        row.representative.into(),
        row.name.into(),
        i64::from(row.set_no).into(),
        row.code.into(),
        row.joined_on.into(),
        row.stars.map(i64::from).into(),
        row.level.map(|level| level.name()).into(),
        row.decision_no.into(),
        row.decided_on.into(),
        row.signed_by.into(),
        row.valid_until.into(),
        row.revoked_on.into(),
        row.revocation.into(),
        row.stamped_since.into(),
        platforms.join("; ").into(),
        row.revenue.map(|(year, _)| i64::from(year)).into(),
        row.revenue.map_or(TableCell::Empty, |(_, amount)| TableCell::Money(amount)),
    ]
}

/// The products that a filter means as a file.
pub async fn products(
    app: &App,
    actor: &Actor,
    filter: &ProductFilter,
    format: Format,
) -> Result<Download, AppError> {
    let mut tx = app.db.read().await?;
    let office = office(&mut tx, actor).await?;
    let query = product_query(app, &mut tx, &office, filter).await?;
    let total = store::count_products(&mut tx, &query, MOST_ROWS + 1).await?;
    must_fit(total)?;
    let mut rows = Vec::new();
    let mut after = (String::new(), String::new());
    loop {
        let chunk = store::export(&mut tx, &query, (&after.0, &after.1), CHUNK).await?;
        let Some(last) = chunk.last() else { break };
        after = (last.fold.clone(), last.id.to_string());
        rows.extend(chunk.into_iter().map(product_row));
    }
    let table = Table {
        sheet: "Sản phẩm".to_owned(),
        title: "Sổ sản phẩm OCOP".to_owned(),
        lines: vec![told(&office, &date(query.on), total, "sản phẩm")],
        columns: columns(&PRODUCT_COLUMNS),
        rows,
    };
    file("san-pham-ocop", format, table).await
}

const PRODUCER_COLUMNS: [(Column, u16); 7] = [
    (Column::ProducerName, 40),
    (Column::ProducerKind, 24),
    (Column::RegistrationNo, 18),
    (Column::TaxCode, 16),
    (Column::Commune, 24),
    (Column::Phone, 18),
    (Column::Email, 26),
];

fn producer_row(row: ProducerLine) -> Vec<TableCell> {
    vec![
        row.name.into(),
        row.kind.name().into(),
        row.registration_no.into(),
        row.tax_code.into(),
        row.commune.into(),
        row.phone.into(),
        row.email.into(),
        row.products.into(),
        row.starred.into(),
    ]
}

/// The producers that a filter means as a file.
pub async fn producers(
    app: &App,
    actor: &Actor,
    filter: &ProducerFilter,
    format: Format,
) -> Result<Download, AppError> {
    let mut tx = app.db.read().await?;
    let office = office(&mut tx, actor).await?;
    let query = producer_query(app, &mut tx, &office, filter).await?;
    let total = store::count_producers(&mut tx, &query, MOST_ROWS + 1).await?;
    must_fit(total)?;
    let mut lines: Vec<ProducerLine> = Vec::new();
    loop {
        let page = match lines.last() {
            Some(last) => Page::After(&last.key, last.id.as_str()),
            None => Page::First,
        };
        let chunk = store::producers(&mut tx, &query, page, CHUNK).await?;
        if chunk.is_empty() {
            break;
        }
        lines.extend(chunk);
    }
    let mut columns = columns(&PRODUCER_COLUMNS);
    columns.extend([TableColumn::new("Số sản phẩm", 12), TableColumn::new("Sản phẩm đang có sao", 14)]);
    let table = Table {
        sheet: "Chủ thể".to_owned(),
        title: "Sổ chủ thể OCOP".to_owned(),
        lines: vec![told(&office, &date(query.on), total, "chủ thể")],
        columns,
        rows: lines.into_iter().map(producer_row).collect(),
    };
    file("chu-the-ocop", format, table).await
}

/// The line under the title.
fn told(office: &Office, on: &str, total: i64, what: &str) -> String {
    format!("{} · tính đến ngày {on} · {} {what}", office.name(), thousands(total))
}

fn must_fit(total: i64) -> Result<(), AppError> {
    if total <= MOST_ROWS {
        return Ok(());
    }
    Err(Refusal::because(format!(
        "Danh sách dài hơn {} dòng, là số dòng nhiều nhất của một tệp. Hãy lọc hẹp hơn, ví dụ theo xã hoặc theo \
         ngành, rồi tải từng phần.",
        thousands(MOST_ROWS)
    )))
}

async fn file(stem: &str, format: Format, table: Table) -> Result<Download, AppError> {
    // Twenty thousand rows take their time: other requests go on meanwhile.
    let bytes = apart(move || match format {
        Format::Xlsx => Ok(write(&[table])?),
        Format::Csv => Ok(csv(&table)),
    })
    .await?;
    Ok(Download::new(stem, format, bytes))
}
