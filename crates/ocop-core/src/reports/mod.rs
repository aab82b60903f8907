//! The numbers of the programme: pure counting over the rows of a register as they stood on a day.
//!
//! Everything is told *as of a day*: a star is that of the certificate that counted then, a
//! platform one that sold then, a district one that existed then. Every number can say which rows it
//! counts ([`Rows`]), so that a reader can look at them.

mod breakdown;
mod funnel;
mod groups;
mod people;
mod ptnt;
mod register;
mod revenue;
mod rows;
mod summary;
#[cfg(test)]
mod tests;
mod years;

pub use breakdown::{Count, Place, Stars, breakdown, district_of, place_of};
pub use funnel::{
    DossierFact, Entry, EvaluationFact, Funnel, FunnelStep, PlaceLine, Step, from_dossiers, from_evaluations,
    funnel,
};
pub use groups::ProducerGroup;
pub use people::{LEAST, Led, led};
pub use ptnt::{PTNT_NAME_LIMIT, PtntFact, PtntRow, PtntTable, hundredths_of_million, ptnt, set_code};
pub use register::{
    CertificateFact, DistrictFact, Facts, ListingFact, ProducerFact, ProductFact, Register, RevenueFact,
};
pub use revenue::{RevenueYear, revenue};
pub use rows::{RowList, Rows, TailFilter};
pub use summary::{
    GroupCount, MonthCount, Platform, Producers, Products, Put, Share, Summary, UnitCount, expiring, summary,
};
pub use years::{YearLine, years};

use crate::coded;

coded! {
    /// A report that can be read, printed, exported and frozen.
    ReportKind {
        /// What a leader asks on the phone, on one page.
        Leader = "leader", "Trang lãnh đạo";
        /// Stars by industry, product set, kind of producer and place.
        Stars = "stars", "Hạng sao";
        /// What happened year by year.
        Years = "years", "Theo năm";
        /// Certificates that run out in the next twelve months.
        Expiring = "expiring", "Sắp hết hạn";
        /// Women and ethnic minorities who lead producers.
        People = "people", "Phụ nữ và dân tộc thiểu số";
        /// Revenue by year.
        Revenue = "revenue", "Doanh thu";
        /// How far the products of a round came.
        Round = "round", "Đợt đánh giá";
        /// Products by commune, on a map.
        Map = "map", "Bản đồ";
    }
}
