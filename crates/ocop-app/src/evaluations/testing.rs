//! A result from paper for tests.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

use ocop_core::evaluations::{Told, points};
use ocop_core::id::ProductId;
use ocop_core::recognition::Level;

use super::{EvaluationInput, PaperCertificate, PaperDecision};

/// 3 stars of the province with 66,5 points, decided and certified; days as `2022-12-02`.
pub(crate) fn on_paper(product: &ProductId, evaluated_on: &str, decided_on: &str) -> EvaluationInput {
    EvaluationInput {
        product: product.clone(),
        round: None,
        regime: String::new(),
        set_no: 4,
        level: Level::Province,
        unit: "22".to_owned(),
        unit_name: "Tỉnh Quảng Ninh".to_owned(),
        council: String::new(),
        evaluated_on: evaluated_on.parse().unwrap(),
        told: Told { mean: points("66,5"), stars: Some(3), ..Told::default() },
        ballots: vec![],
        decision: Some(PaperDecision {
            number: "3589/QĐ-UBND".to_owned(),
            decided_on: decided_on.parse().unwrap(),
            signed_by: String::new(),
        }),
        certificate: Some(PaperCertificate::default()),
    }
}
