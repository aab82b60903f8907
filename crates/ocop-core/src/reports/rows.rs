//! Which rows a number counts.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::coded;
use crate::registry::{ProducerFilter, ProductFilter};

coded! {
    /// The list that the rows stand in.
    RowList {
        /// The register of products ([`ProductFilter`]).
        Products = "products", "Sổ sản phẩm";
        /// The register of producers ([`ProducerFilter`]).
        Producers = "producers", "Sổ chủ thể";
        /// The list of a report's own ([`TailFilter`]).
        Tail = "tail", "Danh sách của báo cáo";
    }
}

/// What a report's own list is narrowed to: the facts that the registers have no filter for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TailFilter {
    /// The day, as in [`ProductFilter`].
    pub on: String,
    /// Products that told their revenue of this year.
    pub revenue: String,
    /// Products that were put on a platform in this year.
    pub listed_in: String,
    /// `yes`: the certificate in force ends in this month or in the eleven after it.
    pub expiring: String,
    /// Id of a round.
    pub round: String,
    /// The step that products of the round have reached, by code.
    pub step: String,
    /// Stars in the round; `0` for less than three.
    pub stars: String,
    /// Code of the unit that products of the round come from.
    pub place: String,
    /// Code of a commune.
    pub commune: String,
    /// Code of a former district.
    pub district: String,
}

/// The rows that a number counts, as the address of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rows {
    /// The list.
    pub list: RowList,
    /// The fields of its filter that say something. The day stands in the report.
    pub query: BTreeMap<String, String>,
}

impl Rows {
    /// Rows of the register of products.
    pub fn products(filter: &ProductFilter) -> Self {
        Self { list: RowList::Products, query: spoken(filter) }
    }

    /// Rows of the register of producers.
    pub fn producers(filter: &ProducerFilter) -> Self {
        Self { list: RowList::Producers, query: spoken(filter) }
    }

    /// Rows of a report's own list.
    pub fn tail(filter: &TailFilter) -> Self {
        Self { list: RowList::Tail, query: spoken(filter) }
    }

    /// The same rows as of a day, unless they tell of a day of their own.
    pub fn on(&self, day: NaiveDate) -> Self {
        let mut rows = self.clone();
        rows.query.entry("on".to_owned()).or_insert_with(|| day.to_string());
        rows
    }
}

/// The fields of a filter that are not empty.
fn spoken(filter: &impl Serialize) -> BTreeMap<String, String> {
    let fields = serde_json::to_value(filter).unwrap_or_default();
    let fields = fields.as_object().cloned().unwrap_or_default();
    let text = |(name, value): (String, serde_json::Value)| Some((name, value.as_str()?.to_owned()));
    fields.into_iter().filter_map(text).filter(|(_, value)| !value.is_empty()).collect()
}
