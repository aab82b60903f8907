//! A producer opens a dossier for a product in a round of the province: a first evaluation, an upgrade or
//! a re-evaluation, as the product's certificate allows on the day.

use ocop_core::dossiers::{DossierForm, DossierKind, State};
use ocop_core::id::{DossierId, ProductId, RoundId};
use ocop_core::people::Actor;
use ocop_core::policy::{self, Action};
use ocop_core::producers::may_file;
use ocop_core::rules::{Filing, NoPath, Path, path};
use ocop_core::scoring::Sheet;
use ocop_store::db::Chain;
use ocop_store::dossiers::Dossier;
use ocop_store::producers::Producer;
use ocop_store::products::Product;
use ocop_store::rounds::Round;
use ocop_store::{Tx, dossiers, evidence, producers, products, rounds, rules};
use serde_json::json;

use super::carry::carry;
use crate::recognition::{as_held, held_by};
use crate::rounds::must_take;
use crate::runtime::fresh;
use crate::{App, AppError, Refusal};

/// What the page that opens a dossier shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenForm {
    /// The product.
    pub product: Product,
    /// Name of its product set with industry and group.
    pub set_name: String,
    /// Its producer.
    pub producer: Producer,
    /// The kinds of dossier: first those that can be opened today.
    pub kinds: Vec<KindChoice>,
    /// Rounds that take dossiers today and have not had the product, the one that started first in front.
    pub rounds: Vec<Round>,
    /// A dossier of the product that is still under way.
    pub under_way: Option<DossierId>,
}

/// A kind of dossier for a product, today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KindChoice {
    /// The kind.
    pub kind: DossierKind,
    /// Why it cannot be opened; empty when it can.
    pub refused: String,
}

/// The way of a dossier of a kind that is filed today.
async fn way(
    app: &App,
    tx: &mut Tx,
    product: &ProductId,
    kind: DossierKind,
) -> Result<Result<Path, NoPath>, AppError> {
    let held = held_by(tx, product, app.today()).await?.as_ref().map(as_held);
    Ok(path(&app.rules, &Filing { kind, filed_on: app.today(), held }))
}

async fn kinds(app: &App, tx: &mut Tx, product: &ProductId) -> Result<Vec<KindChoice>, AppError> {
    let mut choices = Vec::new();
    for kind in DossierKind::ALL {
        let refused = way(app, tx, product, *kind).await?.err();
        choices.push(KindChoice {
            kind: *kind,
            refused: refused.map(|why| why.to_string()).unwrap_or_default(),
        });
    }
    choices.sort_by_key(|choice| !choice.refused.is_empty());
    Ok(choices)
}

async fn product_of(
    tx: &mut Tx,
    actor: &Actor,
    id: &ProductId,
) -> Result<(Product, Producer, policy::Permit), AppError> {
    let product = products::find(tx, id).await?.ok_or(AppError::NotFound)?;
    let producer = producers::find(tx, &product.producer_id).await?.ok_or(AppError::NotFound)?;
    let permit = policy::may(actor, Action::OpenDossier, &crate::producers::subject(&producer))?;
    crate::products::must_stand(&product)?;
    Ok((product, producer, permit))
}

/// The page that opens a dossier for a product.
pub async fn open_form(app: &App, actor: &Actor, product: &ProductId) -> Result<OpenForm, AppError> {
    let mut tx = app.db.read().await?;
    let (product, producer, _) = product_of(&mut tx, actor, product).await?;
    let kept = dossiers::of_product(&mut tx, &product.id).await?;
    let mut rounds = rounds::open_on(&mut tx, &producer.province, app.today()).await?;
    rounds.retain(|round| !kept.iter().any(|row| was_in(row, &round.id)));
    let under_way = kept.into_iter().find(|row| !row.state.is_closed());
    let set = app.regime_today()?.sets.get(&product.set_no);
    Ok(OpenForm {
        kinds: kinds(app, &mut tx, &product.id).await?,
        set_name: set.map(|set| crate::products::set_path(set)).unwrap_or_default(),
        product,
        producer,
        rounds,
        under_way: under_way.map(|row| row.id),
    })
}

/// Opens a dossier and pins it to the product set as it stands today: later rules do not change what this
/// dossier is judged by (law 4). One that follows a recognition begins with what was told then.
///
/// # Errors
/// A refusal when the round takes none, when another dossier of the product is under way, or when the
/// product's certificate does not allow this kind today.
pub async fn open(
    app: &App,
    actor: &Actor,
    product: &ProductId,
    round: &RoundId,
    kind: DossierKind,
) -> Result<DossierId, AppError> {
    let id: DossierId = fresh(&*app.ids);
    let now = app.now();
    let mut tx = app.db.write(Chain::of("dossier", &id)).await?;
    // Two tabs that open a dossier for the same product wait for each other here.
    products::lock(&mut tx, product).await?;
    let (product, producer, permit) = product_of(&mut tx, actor, product).await?;
    let round = rounds::find(&mut tx, round).await?.filter(|round| round.province == producer.province);
    let round = round.ok_or_else(|| Refusal::because("Chọn một đợt đang nhận hồ sơ của tỉnh."))?;
    must_take(&round, app.today())?;
    must_be_only(&dossiers::of_product(&mut tx, &product.id).await?, &round.id)?;
    let way = way(app, &mut tx, &product.id, kind).await?.map_err(|why| Refusal::because(why.to_string()))?;
    if way.regime != round.regime {
        return Err(Refusal::because(format!(
            "{} theo quy định cũ; hồ sơ nộp hôm nay theo quy định mới. Hãy chọn đợt khác.",
            round.name
        )));
    }
    let set = app.rules.set(&round.regime, product.set_no).ok_or_else(|| {
        Refusal::because("Nhóm sản phẩm này chưa có bộ tiêu chí trong hệ thống. Hãy liên hệ cơ quan quản lý OCOP của tỉnh.")
    })?;
    may_file(producer.kind, set).map_err(|refused| Refusal::because(refused.to_string()))?;
    let hash = set.hash();
    rules::keep(&mut tx, &hash, set).await?;
    let mut dossier = Dossier {
        id: id.clone(),
        province: producer.province,
        commune: producer.commune,
        producer_id: producer.id,
        product_id: product.id,
        round_id: round.id,
        kind,
        regime: round.regime,
        set_no: product.set_no,
        ruleset: hash,
        state: State::Draft,
        form: DossierForm {
            samples: set.samples,
            history: producer.history,
            structure: producer.structure,
            ..DossierForm::default()
        },
        sheet: Sheet::default(),
        council_id: None,
        submission_id: None,
        commune_received_on: None,
        commune_due_on: None,
        commune_receipt: None,
        proposed_on: None,
        province_received_on: None,
        province_receipt: None,
        continues: None,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    let cited =
        if kind == DossierKind::First { Vec::new() } else { carry(&mut tx, &mut dossier, set).await? };
    dossiers::insert(&mut tx, &dossier).await?;
    for citation in &cited {
        evidence::cite(&mut tx, &id, citation).await?;
    }
    let details = json!({
        "product": dossier.product_id, "round": dossier.round_id, "ruleset": dossier.ruleset,
        "kind": kind, "citations": cited.len(),
    });
    tx.commit(permit, now, &details).await?;
    Ok(id)
}

/// Whether a dossier was in a round and was not taken back.
fn was_in(row: &Dossier, round: &RoundId) -> bool {
    row.round_id == *round && row.state != State::Withdrawn
}

/// One dossier of a product at a time, and one in a round; one that was withdrawn does not count.
fn must_be_only(kept: &[Dossier], round: &RoundId) -> Result<(), AppError> {
    if kept.iter().any(|row| !row.state.is_closed()) {
        return Err(Refusal::because(
            "Sản phẩm này đã có một hồ sơ đang làm. Hãy mở hồ sơ đó và làm tiếp, không cần lập hồ sơ mới.",
        ));
    }
    if kept.iter().any(|row| was_in(row, round)) {
        return Err(Refusal::because(
            "Sản phẩm này đã được đánh giá trong đợt này. Hãy đăng ký lại ở đợt sau.",
        ));
    }
    Ok(())
}
