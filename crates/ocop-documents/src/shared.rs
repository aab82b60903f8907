//! What several papers carry.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Head of an official paper: who issues it, its number and symbol, where and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letterhead {
    /// The body above the issuer, e.g. `ỦY BAN NHÂN DÂN TỈNH QUẢNG NINH`; none for a body that has none.
    pub superior: Option<String>,
    /// The issuing body, e.g. `HỘI ĐỒNG ĐÁNH GIÁ, PHÂN HẠNG SẢN PHẨM OCOP`.
    pub issuer: String,
    /// The number without its symbol, e.g. `3456`; none leaves room to write it in after signing.
    pub number: Option<String>,
    /// The symbol behind the number, e.g. `QĐ-UBND`; none for a paper without number.
    pub symbol: Option<String>,
    /// Where and when it is signed.
    pub place_date: PlaceDate,
}

/// Place and date of a signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceDate {
    /// Name of the place, e.g. `Quảng Ninh`; empty leaves dots.
    pub place: String,
    /// The day; none leaves room to write it in.
    pub date: Option<NaiveDate>,
}

/// A place to sign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// Authority and position, one line each, e.g. `TM. HỘI ĐỒNG` and `CHỦ TỊCH`.
    pub authority: Vec<String>,
    /// Full name of the signer; none leaves room to write it in.
    pub name: Option<String>,
}
