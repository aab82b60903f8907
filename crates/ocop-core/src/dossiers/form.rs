//! Form 01 and form 02 (26/2026/QĐ-TTg, Annex III): what the dossier holds beside the producer's
//! and the product's own registers.

use serde::{Deserialize, Serialize};

/// The longest text of one field, in letters.
pub const TEXT_LIMIT: usize = 10_000;

/// Fields of form 01 items 4–5 and form 02 parts I (boxes 7a–7d, 8, 9), II and IV.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DossierForm {
    /// Sample units handed over (Article 6.2d: five; none for tourism).
    pub samples: u16,
    /// Place written above the date and signature.
    pub place: String,
    /// 7a: business registration.
    pub has_registration: bool,
    /// 7b: quality declared as the law asks.
    pub has_quality_declaration: bool,
    /// 7c: certificate of food-safety conditions.
    pub has_food_safety_certificate: bool,
    /// 7c: certificate of production conditions where the product must have one.
    pub has_production_certificate: bool,
    /// 7d: trademark certificate.
    pub has_trademark: bool,
    /// 7d: right to use a geographical indication, collective or certification mark.
    pub has_geographical_right: bool,
    /// 7d: patent.
    pub has_patent: bool,
    /// 7d: industrial design.
    pub has_industrial_design: bool,
    /// 7d: copyright.
    pub has_copyright: bool,
    /// 7d: other, in words.
    pub other_property: String,
    /// 8: history.
    pub history: String,
    /// 9: organisation.
    pub structure: String,
    /// II: raw materials and technology.
    pub materials_and_technology: String,
    /// II: changes of quality, packaging, labels.
    pub quality_changes: String,
    /// II: markets.
    pub markets: String,
    /// II: results in words.
    pub business_results: String,
    /// II: yearly revenue of the product in đồng, where told.
    pub revenue: Option<i64>,
    /// II: yearly profit of the product in đồng, where told.
    pub profit: Option<i64>,
    /// What has changed since the product was recognised: upgrades and re-evaluations (Articles 6.1b,
    /// 6.1c).
    pub changes: String,
    /// IV: plan for the product.
    pub plan_product: String,
    /// IV: plan for the organisation of production.
    pub plan_production: String,
    /// IV: plan for the market.
    pub plan_market: String,
}

/// A field that cannot be kept as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormFault {
    /// The field's name in the form.
    pub field: &'static str,
    /// What to do, in the reader's words.
    pub message: String,
}

impl DossierForm {
    /// The texts with their field names, in the order of the form.
    pub fn texts(&self) -> [(&'static str, &str); 12] {
        [
            ("place", &self.place),
            ("other_property", &self.other_property),
            ("history", &self.history),
            ("structure", &self.structure),
            ("materials_and_technology", &self.materials_and_technology),
            ("quality_changes", &self.quality_changes),
            ("markets", &self.markets),
            ("business_results", &self.business_results),
            ("changes", &self.changes),
            ("plan_product", &self.plan_product),
            ("plan_production", &self.plan_production),
            ("plan_market", &self.plan_market),
        ]
    }

    /// What keeps the form from being saved, even as a draft: texts that are too long, amounts
    /// below zero. A draft may be empty.
    pub fn faults(&self) -> Vec<FormFault> {
        let too_long = self.texts().into_iter().filter_map(|(field, text)| {
            let length = text.chars().count();
            (length > TEXT_LIMIT).then(|| FormFault {
                field,
                message: format!("Dài {length} chữ, nhiều nhất là {TEXT_LIMIT} chữ. Hãy rút gọn."),
            })
        });
        let below_zero =
            self.revenue.filter(|revenue| *revenue < 0).map(|_| FormFault {
                field: "revenue",
                message: "Doanh thu không thể nhỏ hơn 0.".to_owned(),
            });
        let samples = (self.samples > 1_000)
            .then(|| FormFault {
                field: "samples", message: "Số lượng mẫu nhiều nhất là 1.000.".to_owned()
            });
        too_long.chain(below_zero).chain(samples).collect()
    }
}
