//! What the papers of a dossier begin with: what was submitted, its rules, its places.

use std::sync::Arc;

use chrono::NaiveDate;
use ocop_core::dossiers::DossierForm;
use ocop_core::id::DossierId;
use ocop_core::people::Actor;
use ocop_core::policy::{self, Action};
use ocop_core::rules::ProductSet;
use ocop_core::scoring::Sheet;
use ocop_store::Tx;
use ocop_store::dossiers::Dossier;
use ocop_store::rounds::Round;
use ocop_store::units::Unit;

use super::names;
use crate::dossiers::{self, CitedPaper, EvidenceRow, ProducerCard, ProductCard, Snapshot, facts};
use crate::{App, AppError};

/// What a producer tells of a product.
pub(super) struct Told {
    pub(super) producer: ProducerCard,
    pub(super) product: ProductCard,
    pub(super) form: DossierForm,
    pub(super) sheet: Sheet,
    /// Papers with the code of the criterion that they are cited for.
    pub(super) cited: Vec<(String, CitedPaper)>,
    /// The day of submission; none for a draft.
    pub(super) signed_on: Option<NaiveDate>,
}

impl Told {
    /// The producer's address as it stands in a paper: `Bản Nà Làng, xã Bình Liêu, tỉnh Quảng Ninh`.
    pub(super) fn address(&self) -> String {
        let (commune, province) = (&self.producer.commune_name, &self.producer.province_name);
        match self.producer.address.strip_suffix(&format!("{commune}, {province}")) {
            Some(street) => {
                format!("{street}{}, {}", names::in_sentence(commune), names::in_sentence(province))
            }
            None => self.producer.address.clone(),
        }
    }
}

impl From<Snapshot> for Told {
    fn from(kept: Snapshot) -> Self {
        let day = kept.submitted_on;
        let cited =
            kept.citations.iter().map(|cited| (cited.criterion.clone(), CitedPaper::new(cited, day, None)));
        Self {
            cited: cited.collect(),
            producer: kept.producer,
            product: kept.product,
            form: kept.form,
            sheet: kept.sheet,
            signed_on: Some(day),
        }
    }
}

/// A dossier with what its papers name.
pub(super) struct Filed {
    pub(super) row: Dossier,
    pub(super) told: Told,
    /// What the dossier is judged by.
    pub(super) set: Arc<ProductSet>,
    /// The same in the words that the office has given.
    pub(super) read: Arc<ProductSet>,
    /// The decision behind the forms.
    pub(super) cite: String,
    pub(super) round: Round,
    pub(super) commune: Unit,
    pub(super) province: Unit,
}

impl Filed {
    /// The dossier as it was submitted last, with the product's code, which is given later and
    /// never changes.
    pub(super) async fn submitted(app: &App, tx: &mut Tx, row: Dossier) -> Result<Self, AppError> {
        let mut kept = Snapshot::latest(tx, &row.id).await?.ok_or(AppError::NotFound)?;
        let product = ocop_store::products::find(tx, &row.product_id).await?.ok_or(AppError::NotFound)?;
        kept.product.code = product.code;
        Self::around(app, tx, row, kept.into()).await
    }

    /// Forms 01 and 02 as the actor may print them: the producer's own draft while it is open, what
    /// was submitted last in every other case.
    pub(super) async fn readable(app: &App, actor: &Actor, id: &DossierId) -> Result<Self, AppError> {
        let mut tx = app.db.read().await?;
        let facts = facts(&mut tx, actor, id).await?;
        let _ = policy::may(actor, Action::ReadDossier, &facts.subject)?;
        let own = policy::may(actor, Action::EditDossier, &facts.subject).is_ok();
        if own && facts.row.state.is_with_producer() {
            drop(tx);
            let told = draft(app, actor, id, &facts.row).await?;
            let mut tx = app.db.read().await?;
            Self::around(app, &mut tx, facts.row, told).await
        } else {
            Self::submitted(app, &mut tx, facts.row).await
        }
    }

    async fn around(app: &App, tx: &mut Tx, row: Dossier, told: Told) -> Result<Self, AppError> {
        Ok(Self {
            set: app.pinned(tx, &row.ruleset).await?,
            read: app.shown(tx, &row.province, &row.ruleset).await?,
            cite: app.regime(&row.regime)?.cite.clone(),
            round: ocop_store::rounds::find(tx, &row.round_id).await?.ok_or(AppError::NotFound)?,
            commune: unit(tx, &row.commune).await?,
            province: unit(tx, &row.province).await?,
            told,
            row,
        })
    }
}

/// The draft as its own producer sees it now.
async fn draft(app: &App, actor: &Actor, id: &DossierId, row: &Dossier) -> Result<Told, AppError> {
    let register = dossiers::form(app, actor, id).await?;
    let evidence = dossiers::evidence(app, actor, id).await?;
    let of_criterion = |row: EvidenceRow| row.papers.into_iter().map(move |paper| (row.code.clone(), paper));
    Ok(Told {
        cited: evidence.rows.into_iter().flat_map(of_criterion).collect(),
        producer: register.producer,
        product: register.product,
        form: row.form.clone(),
        sheet: row.sheet.clone(),
        signed_on: None,
    })
}

/// A unit that something kept names.
pub(crate) async fn unit(tx: &mut Tx, code: &str) -> Result<Unit, AppError> {
    ocop_store::units::find(tx, code).await?.ok_or(AppError::NotFound)
}
