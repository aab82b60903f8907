//! The table PTNT_OCOP of the sector's data standard (5277/QĐ-BNNMT) with its catalogues.
//!
//! The standard names the fields of PTNT_OCOP; of the catalogues it names only the tables, so their
//! fields here are the code, the name, and what the code belongs to.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};
use ocop_core::people::Actor;
use ocop_core::policy::Action;
use ocop_core::reports::{PtntFact, PtntTable, ptnt, set_code};
use ocop_documents::xlsx::table::{Table, TableCell, TableColumn, csv, write};
use ocop_store::Tx;
use ocop_store::reports::Named;

use super::scope::{Ground, ReportQuery, Scope, scope_of};
use crate::download::{Download, Format};
use crate::{App, AppError, FieldFault};

/// The first year of the programme.
const FIRST_YEAR: i32 = 2018;

/// The tables of a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PtntBook {
    /// Code of the province.
    pub province: String,
    /// The year.
    pub year: i32,
    /// PTNT_OCOP, then the catalogues.
    pub tables: Vec<Table>,
    /// Names that had to be cut to 255 letters, in full.
    pub cut: Vec<String>,
}

impl PtntBook {
    /// One workbook with a sheet for each table.
    pub fn workbook(&self) -> Result<Download, AppError> {
        let stem = format!("PTNT_OCOP-{}-{}", self.province, self.year);
        Ok(Download::new(&stem, Format::Xlsx, write(&self.tables)?))
    }

    /// A CSV file for each table. Numbers carry a point and two decimals, as databases read them.
    pub fn csv_files(&self) -> Vec<Download> {
        let file = |table: &Table| {
            let rows = table.rows.iter().map(|row| pointed(row)).collect();
            Download::new(&table.sheet, Format::Csv, csv(&Table { rows, ..table.clone() }))
        };
        self.tables.iter().map(file).collect()
    }
}

fn pointed(row: &[TableCell]) -> Vec<TableCell> {
    let cell = |cell: &TableCell| match cell {
        TableCell::Hundredths(number) => TableCell::Text(format!("{}.{:02}", number / 100, number % 100)),
        other @ (TableCell::Empty
        | TableCell::Text(_)
        | TableCell::Integer(_)
        | TableCell::Date(_)
        | TableCell::Money(_)) => other.clone(),
    };
    row.iter().map(cell).collect()
}

/// The tables of a year for an officer: of the province or of the commune.
///
/// # Errors
/// [`AppError::Invalid`] for a year before the programme or after today.
pub async fn ptnt_ocop(app: &App, actor: &Actor, year: &str) -> Result<PtntBook, AppError> {
    let mut tx = app.db.read().await?;
    let scope = scope_of(app, &mut tx, actor, Action::ReadRegistry, &ReportQuery::default()).await?;
    book(app, &mut tx, scope, year).await
}

/// The same of a province for the command line.
pub async fn ptnt_by_system(app: &App, province: &str, year: &str) -> Result<PtntBook, AppError> {
    let mut tx = app.db.read().await?;
    book(app, &mut tx, Scope::of_province(province, app.today()), year).await
}

async fn book(app: &App, tx: &mut Tx, scope: Scope, year: &str) -> Result<PtntBook, AppError> {
    let today = app.today();
    let year = year.trim().parse().ok().filter(|year| (FIRST_YEAR..=today.year()).contains(year));
    let Some(year) = year else {
        let words = format!("Hãy ghi một năm từ {FIRST_YEAR} đến {}.", today.year());
        return Err(AppError::Invalid(vec![FieldFault::new("year", words)]));
    };
    let on = NaiveDate::from_ymd_opt(year, 12, 31).unwrap_or(today).min(today);
    let ground = Ground::read(app, tx, Scope { on, ..scope }).await?;
    let names = ocop_store::reports::names(tx, ground.scope.within()).await?;
    let names: BTreeMap<_, _> = names.iter().map(|named| (&named.id, named)).collect();
    let table = ptnt(&facts(&ground, &names, year), year);
    let tables = vec![
        main(&table),
        units(&ground),
        periods(year, on),
        sets(&ground, &table),
        producers(&ground, &names),
    ];
    Ok(PtntBook { province: ground.scope.province.clone(), year, tables, cut: table.cut })
}

fn facts(
    ground: &Ground<'_>,
    names: &BTreeMap<&ocop_core::id::ProductId, &Named>,
    year: i32,
) -> Vec<PtntFact> {
    let register = &ground.register;
    let earned: BTreeMap<_, _> = register
        .revenue()
        .iter()
        .filter(|one| one.year == year)
        .map(|one| (&one.product, one.amount))
        .collect();
    let fact = |product: &ocop_core::reports::ProductFact| {
        let named = names.get(&product.id)?;
        Some(PtntFact {
            unit: product.commune.clone(),
            set_no: product.set_no,
            name: named.product.clone(),
            producer: named.producer.clone(),
            stars: register.counting(&product.id, register.on).map(|held| held.stars),
            standing: register.standing(&product.id),
            revenue: earned.get(&product.id).copied(),
        })
    };
    register.products.iter().filter_map(fact).collect()
}

fn table(name: &str, columns: &[(&str, u16)], rows: Vec<Vec<TableCell>>) -> Table {
    Table {
        sheet: name.to_owned(),
        columns: columns.iter().map(|(heading, width)| TableColumn::new(*heading, *width)).collect(),
        rows,
        ..Table::default()
    }
}

fn main(told: &PtntTable) -> Table {
    let columns = [
        ("MA_OCOP", 10),
        ("Ma_DonViHanhChinh", 18),
        ("Ma_ThoiGian", 12),
        ("Ma_SanPham", 12),
        ("TenSanPham", 50),
        ("XepHang", 10),
        ("ChuTheSXKD", 50),
        ("DoanhThuNam", 16),
        ("TrangThai", 12),
    ];
    let rows = told.rows.iter().map(|row| {
        vec![
            TableCell::Integer(row.no),
            row.unit.as_str().into(),
            row.period.as_str().into(),
            row.set.as_str().into(),
            row.name.as_str().into(),
            row.rank.as_str().into(),
            row.producer.as_str().into(),
            row.revenue.map_or(TableCell::Empty, TableCell::Hundredths),
            row.status.into(),
        ]
    });
    table("PTNT_OCOP", &columns, rows.collect())
}

fn units(ground: &Ground<'_>) -> Table {
    let of_province = [ground.scope.province.as_str(), ground.province.as_str(), ""].map(TableCell::from);
    let communes = ground.communes.values().map(|unit| {
        [unit.code.as_str(), unit.name.as_str(), ground.scope.province.as_str()].map(TableCell::from).to_vec()
    });
    let rows = std::iter::once(of_province.to_vec()).chain(communes).collect();
    let columns = [("Ma_DonViHanhChinh", 18), ("TenDonViHanhChinh", 40), ("Ma_DonViCapTren", 18)];
    table("DM_DonViHanhChinh", &columns, rows)
}

fn periods(year: i32, last: NaiveDate) -> Table {
    let first = NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or(last);
    let row = vec![
        year.to_string().into(),
        format!("Năm {year}").into(),
        TableCell::Date(first),
        TableCell::Date(last),
    ];
    let columns = [("Ma_ThoiGian", 12), ("TenThoiGian", 20), ("TuNgay", 14), ("DenNgay", 14)];
    table("DM_KhoangThoiGian", &columns, vec![row])
}

fn sets(ground: &Ground<'_>, told: &PtntTable) -> Table {
    let used: BTreeSet<u16> = told.sets.keys().copied().chain(ground.regime.sets.keys().copied()).collect();
    let rows = used.into_iter().map(|no| {
        let set = ground.regime.sets.get(&no);
        vec![
            set_code(no).into(),
            set.map(|set| set.name.clone()).unwrap_or_default().into(),
            set.map(|set| set.industry.name.clone()).unwrap_or_default().into(),
        ]
    });
    let columns = [("Ma_SanPham", 12), ("TenNhomSanPham", 60), ("TenNganh", 40)];
    table("DM_SanPham", &columns, rows.collect())
}

fn producers(ground: &Ground<'_>, names: &BTreeMap<&ocop_core::id::ProductId, &Named>) -> Table {
    let owners: BTreeMap<_, _> = ground
        .register
        .products
        .iter()
        .filter_map(|product| {
            Some((&product.producer, (names.get(&product.id)?.producer.as_str(), &product.commune)))
        })
        .collect();
    let rows = (1..).zip(owners.into_values()).map(|(no, (name, commune))| {
        vec![TableCell::Text(format!("CS{no:06}")), name.into(), commune.as_str().into()]
    });
    let columns = [("Ma_CoSo", 12), ("TenCoSo", 60), ("Ma_DonViHanhChinh", 18)];
    table("DM_CoSo", &columns, rows.collect())
}
