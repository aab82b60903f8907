//! The table PTNT_OCOP of the sector's data standard (5277/QĐ-BNNMT).

use std::collections::BTreeMap;

use crate::registry::Standing;

/// Letters that the standard leaves for a name.
pub const PTNT_NAME_LIMIT: usize = 255;

/// A product for the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PtntFact {
    /// Code of its commune.
    pub unit: String,
    /// Number of its product set.
    pub set_no: u16,
    /// Its name.
    pub name: String,
    /// Its producer's name.
    pub producer: String,
    /// Stars of its counting certificate.
    pub stars: Option<u8>,
    /// How it stands on the last day of the year.
    pub standing: Standing,
    /// Revenue of the year, in đồng.
    pub revenue: Option<i64>,
}

/// A row of PTNT_OCOP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PtntRow {
    /// MA_OCOP (int): running number in the file.
    pub no: i64,
    /// Ma_DonViHanhChinh.
    pub unit: String,
    /// Ma_ThoiGian: the year.
    pub period: String,
    /// Ma_SanPham (varchar 10): the code in DM_SanPham.
    pub set: String,
    /// TenSanPham (255).
    pub name: String,
    /// XepHang: `3*`, `4*`, `5*`; empty without a star.
    pub rank: String,
    /// ChuTheSXKD (255).
    pub producer: String,
    /// DoanhThuNam (numeric 14,2): hundredths of a million đồng; none when it was not told.
    pub revenue: Option<i64>,
    /// TrangThai (10).
    pub status: &'static str,
}

/// The table, and the names that had to be cut.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PtntTable {
    /// Its rows.
    pub rows: Vec<PtntRow>,
    /// Names longer than the standard allows, in full.
    pub cut: Vec<String>,
    /// How often each set is named, by number.
    pub sets: BTreeMap<u16, i64>,
}

/// The code of a product set in the catalogue DM_SanPham.
pub fn set_code(set_no: u16) -> String {
    format!("OCOP{set_no:02}")
}

/// Đồng as hundredths of a million, rounded half up.
pub fn hundredths_of_million(dong: i64) -> i64 {
    // Rounding up cannot overflow: the quotient is far smaller.
    dong.div_euclid(10_000) + i64::from(dong.rem_euclid(10_000) >= 5_000)
}

/// Words of at most ten letters.
fn status(standing: Standing) -> &'static str {
    match standing {
        Standing::Starred => "HieuLuc",
        Standing::Expired => "HetHan",
        Standing::Revoked => "ThuHoi",
        Standing::Unranked => "ChuaXep",
    }
}

/// The table of a year.
pub fn ptnt(facts: &[PtntFact], year: i32) -> PtntTable {
    let mut table = PtntTable::default();
    for (no, fact) in (1..).zip(facts) {
        let mut within = |name: &str| {
            if name.chars().count() > PTNT_NAME_LIMIT {
                table.cut.push(name.to_owned());
            }
            name.chars().take(PTNT_NAME_LIMIT).collect::<String>()
        };
        let (name, producer) = (within(&fact.name), within(&fact.producer));
        *table.sets.entry(fact.set_no).or_default() += 1;
        let rank = fact.stars.filter(|_| fact.standing == Standing::Starred);
        table.rows.push(PtntRow {
            no,
            unit: fact.unit.clone(),
            period: year.to_string(),
            set: set_code(fact.set_no),
            name,
            rank: rank.map(|stars| format!("{stars}*")).unwrap_or_default(),
            producer,
            revenue: fact.revenue.map(hundredths_of_million),
            status: status(fact.standing),
        });
    }
    table
}
