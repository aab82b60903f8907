//! The law as data, embedded in the program, the rulesets that dossiers are pinned to, and the
//! words in which an office reads them.

#[cfg(test)]
mod publishing_tests;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod wording;
#[cfg(test)]
mod wording_tests;

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use ocop_core::evidence::EvidenceList;
use ocop_core::rules::wording::OfficialWording;
use ocop_core::rules::{Process, ProductSet, Regime, RuleFault, Rules, load};
use ocop_store::Tx;
use rust_embed::Embed;

use crate::{App, AppError};

mod pages;

pub use pages::{
    Catalogue, Comparison, Industry, Next, RegimeHead, SetName, SheetView, catalogue, comparison, sheet,
};
pub(crate) use pages::{next, regime_name};

#[derive(Embed)]
#[folder = "../../rules"]
struct RuleFiles;

/// The rules that the program was built with.
///
/// # Errors
/// The faults of the checker; a released program has none (a test loads them).
pub fn embedded() -> Result<Arc<Rules>, Vec<RuleFault>> {
    // They cannot change while the program runs, so they are read once.
    static READ: OnceLock<Result<Arc<Rules>, Vec<RuleFault>>> = OnceLock::new();
    READ.get_or_init(|| read().map(Arc::new)).clone()
}

fn read() -> Result<Rules, Vec<RuleFault>> {
    load(&files())
}

/// The rule files by their path inside `rules/`.
fn files() -> BTreeMap<String, String> {
    RuleFiles::iter()
        .filter_map(|path| {
            let file = RuleFiles::get(&path)?;
            Some((path.to_string(), String::from_utf8_lossy(&file.data).into_owned()))
        })
        .collect()
}

impl App {
    /// A regime by its id.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when the program does not know it.
    pub fn regime(&self, id: &str) -> Result<&Regime, AppError> {
        self.rules.regime(id).ok_or(AppError::NotFound)
    }

    /// The regime that a dossier filed today falls under.
    ///
    /// # Errors
    /// [`AppError::NotFound`] before the first decision.
    pub fn regime_today(&self) -> Result<&Regime, AppError> {
        self.rules.in_force_on(self.today()).ok_or(AppError::NotFound)
    }

    /// The procedure of a regime as it stands today.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when the program does not know the regime.
    pub fn process(&self, regime: &str) -> Result<&Process, AppError> {
        self.regime(regime)?.process_on(self.today()).ok_or(AppError::NotFound)
    }

    /// The papers that a regime asks for with a dossier.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when the program does not know the regime.
    pub fn evidence_list(&self, regime: &str) -> Result<&EvidenceList, AppError> {
        Ok(&self.regime(regime)?.evidence)
    }

    /// The product set that a dossier was filed under, by content hash: never a later version.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when no such ruleset was ever filed under.
    pub async fn pinned(&self, tx: &mut Tx, hash: &str) -> Result<Arc<ProductSet>, AppError> {
        if let Some(set) = self.rules.by_hash(hash) {
            return Ok(Arc::clone(set));
        }
        let kept = ocop_store::rules::find(tx, hash).await?.ok_or(AppError::NotFound)?;
        Ok(Arc::new(kept))
    }

    /// The pinned product set as its users read it: with the official texts that the office of the
    /// dossier's province gave for exactly this version. Pages and papers show it; what a dossier is
    /// worth is computed from [`App::pinned`].
    ///
    /// # Errors
    /// [`AppError::NotFound`] when no such ruleset was ever filed under.
    pub async fn shown(&self, tx: &mut Tx, province: &str, hash: &str) -> Result<Arc<ProductSet>, AppError> {
        let set = self.pinned(tx, hash).await?;
        let Some(kept) = ocop_store::rules::wording::find(tx, province, hash).await? else { return Ok(set) };
        let wording = OfficialWording { hash: kept.set_hash, texts: kept.texts };
        Ok(Arc::new(wording.read_into(&set, hash)))
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_embedded_rules_pass_the_checker() {
        let faults = super::embedded().err().unwrap_or_default();
        assert!(faults.is_empty(), "{faults:#?}");
    }
}
