//! Products: what they are, and which product set of the classification judges them.

pub mod history;
pub mod notes;

use std::sync::Arc;

use ocop_core::dossiers::State;
use ocop_core::id::{DossierId, ProducerId, ProductId};
use ocop_core::people::Actor;
use ocop_core::policy::{self, Action};
use ocop_core::rules::ProductSet;
use ocop_core::text::fold;
use ocop_store::db::Chain;
use ocop_store::producers::Producer;
use ocop_store::products::Product;
use ocop_store::recognition::Certificate;
use ocop_store::{Tx, dossiers, products, rounds};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::producers::permitted;
use crate::rules::{Next, next, regime_name};
use crate::runtime::fresh;
use crate::stale::listed;
use crate::{App, AppError, FieldFault, Fields, Refusal};

/// What a producer types about a product.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ProductInput {
    /// Name, as on the label.
    pub name: String,
    /// Number of the product set.
    pub set_no: String,
    /// What it is.
    pub description: String,
    /// How it is packed.
    pub packaging: String,
    /// The standard it is declared by.
    pub standard: String,
    /// Its story.
    pub story: String,
    /// The version that was on the page; empty for a new product.
    pub version: String,
}

impl From<&Product> for ProductInput {
    fn from(kept: &Product) -> Self {
        Self {
            name: kept.name.clone(),
            set_no: kept.set_no.to_string(),
            description: kept.description.clone(),
            packaging: kept.packaging.clone(),
            standard: kept.standard.clone(),
            story: kept.story.clone(),
            version: kept.version.to_string(),
        }
    }
}

/// The longest description, in letters.
const TEXT_LIMIT: usize = 5_000;

/// The typed description as values.
struct Described {
    name: String,
    set_no: u16,
    description: String,
    packaging: String,
    standard: String,
    story: String,
}

fn read(app: &App, input: &ProductInput) -> Result<Described, AppError> {
    let regime = app.regime_today()?;
    let mut fields = Fields::new();
    let name = fields.required("name", &input.name, 200, "Ghi tên sản phẩm như trên nhãn.");
    let set_no = input.set_no.trim().parse().ok().filter(|no| regime.sets.contains_key(no));
    if set_no.is_none() {
        fields.fault("set_no", "Chọn nhóm của sản phẩm. Chưa rõ thì hỏi cán bộ xã trước khi chọn.");
    }
    let described = Described {
        name,
        set_no: set_no.unwrap_or_default(),
        description: fields.required(
            "description",
            &input.description,
            TEXT_LIMIT,
            "Tả sản phẩm: làm từ gì, có gì riêng.",
        ),
        packaging: fields.required(
            "packaging",
            &input.packaging,
            1_000,
            "Ghi quy cách, ví dụ: chai thủy tinh 500 ml.",
        ),
        standard: fields.optional("standard", &input.standard, 1_000),
        story: fields.optional("story", &input.story, TEXT_LIMIT),
    };
    fields.done()?;
    Ok(described)
}

/// Adds a product to a producer.
pub async fn add(
    app: &App,
    actor: &Actor,
    producer: &ProducerId,
    input: &ProductInput,
) -> Result<ProductId, AppError> {
    let now = app.now();
    let mut tx = app.db.write(Chain::of("producer", producer)).await?;
    let (owner, permit) = permitted(&mut tx, actor, Action::EditProduct, producer).await?;
    let typed = read(app, input)?;
    must_be_new(&products::of_producer(&mut tx, producer).await?, &typed)?;
    let product = Product {
        id: fresh(&*app.ids),
        producer_id: owner.id,
        province: owner.province,
        commune: owner.commune,
        name: typed.name,
        set_no: typed.set_no,
        description: typed.description,
        packaging: typed.packaging,
        standard: typed.standard,
        story: typed.story,
        code: None,
        joined_on: now.day(),
        stamped_since: None,
        merged_into: None,
        created_at: now,
        version: 1,
    };
    products::insert(&mut tx, &product).await?;
    let details = json!({ "product": product.id, "name": product.name, "set": product.set_no });
    tx.commit(permit, now, &details).await?;
    Ok(product.id)
}

/// A producer has a product of a name once in a product set.
fn must_be_new(kept: &[Product], typed: &Described) -> Result<(), AppError> {
    let same = |one: &&Product| one.set_no == typed.set_no && fold(&one.name) == fold(&typed.name);
    match kept.iter().find(same) {
        None => Ok(()),
        Some(kept) => Err(AppError::Invalid(vec![FieldFault::new(
            "name",
            format!(
                "Cơ sở đã có sản phẩm «{}» trong nhóm này. Hãy mở sản phẩm đó, hoặc ghi tên khác như trên nhãn.",
                kept.name
            ),
        )])),
    }
}

/// A duplicate that was merged is not worked on any more.
pub(crate) fn must_stand(product: &Product) -> Result<(), AppError> {
    if product.merged_into.is_none() {
        return Ok(());
    }
    Err(Refusal::because(
        "Sản phẩm này đã được gộp vào một sản phẩm khác. Hãy mở trang sản phẩm để đến bản được giữ lại.",
    ))
}

/// Changes a product. Its product set stays once a dossier is open: the dossier is pinned to it.
pub async fn edit(app: &App, actor: &Actor, id: &ProductId, input: &ProductInput) -> Result<(), AppError> {
    let owner = find(app, id).await?.producer_id;
    let mut tx = app.db.write(Chain::of("producer", &owner)).await?;
    let (_, permit) = permitted(&mut tx, actor, Action::EditProduct, &owner).await?;
    let kept = products::find(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    must_stand(&kept)?;
    if input.version != kept.version.to_string() {
        return Err(stale(&mut tx, &owner, id).await?);
    }
    let typed = read(app, input)?;
    if typed.set_no != kept.set_no && !dossiers::of_product(&mut tx, id).await?.is_empty() {
        return Err(Refusal::because(
            "Sản phẩm đã có hồ sơ theo nhóm đang chọn, nên không đổi nhóm được. \
             Nếu chọn nhầm nhóm, hãy khai một sản phẩm mới với nhóm đúng.",
        ));
    }
    let product = Product {
        name: typed.name,
        set_no: typed.set_no,
        description: typed.description,
        packaging: typed.packaging,
        standard: typed.standard,
        story: typed.story,
        ..kept.clone()
    };
    let changed = changed_fields(&kept, &product);
    if !products::update(&mut tx, &product).await? {
        return Err(stale(&mut tx, &owner, id).await?);
    }
    tx.commit(permit, app.now(), &json!({ "product": id, "changed": changed })).await?;
    Ok(())
}

/// The error of a stale save of a product.
async fn stale(tx: &mut Tx, owner: &ProducerId, id: &ProductId) -> Result<AppError, AppError> {
    let changed = |data: &serde_json::Value| {
        let is_this = data.get("product").and_then(serde_json::Value::as_str) == Some(id.as_str());
        listed(data, "changed", label).filter(|_| is_this)
    };
    crate::stale::stale(tx, &format!("producer:{owner}"), changed).await
}

/// A field of a product in words.
fn label(field: &str) -> &'static str {
    match field {
        "name" => "tên sản phẩm",
        "set" => "nhóm sản phẩm",
        "description" => "mô tả",
        "packaging" => "quy cách, bao bì",
        "standard" => "tiêu chuẩn",
        _ => "câu chuyện sản phẩm",
    }
}

fn changed_fields(before: &Product, after: &Product) -> Vec<&'static str> {
    [
        ("name", before.name != after.name),
        ("set", before.set_no != after.set_no),
        ("description", before.description != after.description),
        ("packaging", before.packaging != after.packaging),
        ("standard", before.standard != after.standard),
        ("story", before.story != after.story),
    ]
    .into_iter()
    .filter_map(|(field, differs)| differs.then_some(field))
    .collect()
}

async fn find(app: &App, id: &ProductId) -> Result<Product, AppError> {
    let mut tx = app.db.read().await?;
    products::find(&mut tx, id).await?.ok_or(AppError::NotFound)
}

/// The product sets under one group of the classification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetGroup {
    /// `Sản phẩm thực phẩm · Thực phẩm thô, sơ chế`.
    pub name: String,
    /// `(number, name)` of each set.
    pub sets: Vec<(u16, String)>,
}

/// The classification in force, grouped as Annex I prints it; only sets that the regime has.
pub fn classification(app: &App) -> Result<Vec<SetGroup>, AppError> {
    let mut groups: Vec<SetGroup> = Vec::new();
    for set in app.regime_today()?.sets.values() {
        let name = format!("{} · {}", set.industry.name, set.group.name);
        let entry = (set.no, set.name.clone());
        match groups.last_mut().filter(|group| group.name == name) {
            Some(group) => group.sets.push(entry),
            None => groups.push(SetGroup { name, sets: vec![entry] }),
        }
    }
    Ok(groups)
}

/// `Sản phẩm thực phẩm · Thực phẩm thô, sơ chế · Mật ong …`.
pub fn set_path(set: &ProductSet) -> String {
    format!("{} · {} · {}", set.industry.name, set.group.name, set.name)
}

/// A product in its producer's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductRow {
    /// The product.
    pub product: Product,
    /// Name of its product set.
    pub set_name: String,
    /// Its dossiers, newest first.
    pub dossiers: Vec<DossierRow>,
}

/// A dossier in a product's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DossierRow {
    /// The dossier.
    pub id: DossierId,
    /// Name of its round.
    pub round: String,
    /// Where it is.
    pub state: State,
}

impl DossierRow {
    /// Where it is, in the words shown to everybody concerned.
    pub fn state_name(&self) -> &'static str {
        crate::dossiers::shown_state(self.state)
    }
}

async fn row(app: &App, tx: &mut Tx, product: Product) -> Result<ProductRow, AppError> {
    let mut rows = Vec::new();
    for dossier in dossiers::of_product(tx, &product.id).await? {
        let round = rounds::find(tx, &dossier.round_id).await?.map(|round| round.name).unwrap_or_default();
        rows.push(DossierRow { id: dossier.id, round, state: dossier.state });
    }
    let set_name = app.regime_today()?.sets.get(&product.set_no).map(|set| set_path(set)).unwrap_or_default();
    Ok(ProductRow { product, set_name, dossiers: rows })
}

/// The products of a producer with their dossiers.
pub(crate) async fn rows(app: &App, tx: &mut Tx, producer: &ProducerId) -> Result<Vec<ProductRow>, AppError> {
    let mut found = Vec::new();
    for product in products::of_producer(tx, producer).await? {
        found.push(row(app, tx, product).await?);
    }
    Ok(found)
}

/// A product's page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductView {
    /// The product with its dossiers.
    pub row: ProductRow,
    /// Its producer.
    pub producer: Producer,
    /// Whether the reader may change it.
    pub may_edit: bool,
    /// Whether a dossier may be opened: none is under way.
    pub may_open: bool,
    /// The set that the newest certificate rests on, when another regime is in force today and the
    /// product falls under its sets.
    pub outdated: Option<Outdated>,
    /// Its whole life.
    pub history: history::History,
    /// Whether the reader may note facts about it.
    pub may_note: bool,
    /// Whether the reader may record a result that was decided on paper.
    pub may_record: bool,
}

/// The product set of an older regime that a product was certified under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outdated {
    /// `2023-148/4`, as in addresses.
    pub reference: String,
    /// `bộ 4 của Quyết định 148/QĐ-TTg`.
    pub set: String,
    /// Where its products went.
    pub next: Next,
}

/// The page of a product: for those who act for the producer and the officers in charge.
pub async fn view(app: &App, actor: &Actor, id: &ProductId) -> Result<ProductView, AppError> {
    view_on(app, actor, id, "").await
}

/// The same, with its star as of a day (`2022-12-02`; today when empty).
pub async fn view_on(app: &App, actor: &Actor, id: &ProductId, on: &str) -> Result<ProductView, AppError> {
    let mut tx = app.db.read().await?;
    let product = products::find(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    let (producer, _) = permitted(&mut tx, actor, Action::ReadEvidence, &product.producer_id).await?;
    let may = |action| policy::may(actor, action, &crate::producers::subject(&producer)).is_ok();
    let (may_edit, may_note) = (may(Action::EditProduct), may(Action::RecordFacts));
    let may_record = may(Action::RecordEvaluation);
    let history = history::history(app, &mut tx, &product, on).await?;
    let row = row(app, &mut tx, product).await?;
    let under_way = row.dossiers.iter().any(|dossier| !dossier.state.is_closed());
    let outdated = outdated(app, &mut tx, id).await?;
    Ok(ProductView {
        row,
        producer,
        may_edit,
        may_open: may_edit && !under_way,
        outdated,
        history,
        may_note,
        may_record,
    })
}

async fn outdated(app: &App, tx: &mut Tx, product: &ProductId) -> Result<Option<Outdated>, AppError> {
    let certificates = ocop_store::recognition::certificates_of_product(tx, product).await?;
    let Some(newest) = certificates.into_iter().next() else { return Ok(None) };
    let Some(set) = set_of(app, tx, &newest).await? else { return Ok(None) };
    if set.regime == app.regime_today()?.id {
        return Ok(None);
    }
    let regime = regime_name(app.regime(&set.regime)?);
    let name = format!("bộ {} của {regime}", set.no);
    Ok(next(app, &set).map(|next| Outdated { reference: set.reference(), set: name, next }))
}

/// The product set that a certificate rests on: its dossier's, or that of the evaluation on paper.
async fn set_of(
    app: &App,
    tx: &mut Tx,
    certificate: &Certificate,
) -> Result<Option<Arc<ProductSet>>, AppError> {
    if let Some(dossier) = &certificate.dossier_id {
        let dossier = dossiers::find(tx, dossier).await?.ok_or(AppError::NotFound)?;
        return Ok(Some(app.pinned(tx, &dossier.ruleset).await?));
    }
    let papers = ocop_store::evaluations::of_product(tx, &certificate.product_id).await?;
    let paper = papers.iter().find(|paper| paper.decision_id.as_ref() == Some(&certificate.decision_id));
    Ok(paper.and_then(|paper| app.rules.set(&paper.regime, paper.set_no)).cloned())
}

/// What the form of a new product needs: the producer, for whom it is.
pub async fn new_form(app: &App, actor: &Actor, producer: &ProducerId) -> Result<Producer, AppError> {
    let mut tx = app.db.read().await?;
    Ok(permitted(&mut tx, actor, Action::EditProduct, producer).await?.0)
}

/// What the form of a product starts from.
pub async fn edit_form(app: &App, actor: &Actor, id: &ProductId) -> Result<(Producer, Product), AppError> {
    let mut tx = app.db.read().await?;
    let product = products::find(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    let (producer, _) = permitted(&mut tx, actor, Action::EditProduct, &product.producer_id).await?;
    must_stand(&product)?;
    Ok((producer, product))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dossiers::testing::{honey, honey_in_round};
    use crate::testing::World;

    #[tokio::test]
    async fn a_product_is_added_and_changed_by_its_producer_alone() {
        let world = World::new().await;
        let kept = honey_in_round(&world).await;
        let app = &world.app;
        for stranger in [&world.other_producer, &world.officer, &world.commune_officer] {
            assert!(matches!(add(app, stranger, &kept.producer, &honey()).await, Err(AppError::Denied(_))));
            assert!(matches!(edit(app, stranger, &kept.product, &honey()).await, Err(AppError::Denied(_))));
        }
        let renamed =
            ProductInput { name: "Mật ong hoa sở".to_owned(), version: "1".to_owned(), ..honey() };
        edit(app, &kept.actor, &kept.product, &renamed).await.unwrap();
        let stale = edit(app, &kept.actor, &kept.product, &renamed).await;
        assert!(matches!(stale, Err(AppError::Stale(told)) if told.contains("đã lưu tên sản phẩm lúc")));
        let page = view(app, &kept.actor, &kept.product).await.unwrap();
        assert_eq!((page.row.product.name.as_str(), page.may_open), ("Mật ong hoa sở", true));
        assert!(matches!(view(app, &world.other_producer, &kept.product).await, Err(AppError::Denied(_))));
    }

    #[tokio::test]
    async fn a_product_sent_twice_is_added_once() {
        let world = World::new().await;
        let kept = honey_in_round(&world).await;
        let same = ProductInput { name: " mật ONG rừng ".to_owned(), ..honey() };
        for again in [honey(), same] {
            let outcome = add(&world.app, &kept.actor, &kept.producer, &again).await;
            assert!(
                matches!(outcome, Err(AppError::Invalid(faults)) if faults[0].field == "name"),
                "{again:?}"
            );
        }
        let other = ProductInput { name: "Mật ong hoa nhãn".to_owned(), ..honey() };
        add(&world.app, &kept.actor, &kept.producer, &other).await.unwrap();
    }

    #[tokio::test]
    async fn the_set_is_one_of_the_regime_and_stays_once_a_dossier_is_open() {
        let world = World::new().await;
        let kept = honey_in_round(&world).await;
        let app = &world.app;
        for set_no in ["", "0", "99", "bốn"] {
            let wrong = ProductInput { set_no: set_no.to_owned(), ..honey() };
            let outcome = add(app, &kept.actor, &kept.producer, &wrong).await;
            assert!(
                matches!(outcome, Err(AppError::Invalid(faults)) if faults[0].field == "set_no"),
                "{set_no}"
            );
        }
        let other_set = ProductInput { set_no: "6".to_owned(), version: "1".to_owned(), ..honey() };
        crate::dossiers::open(
            app,
            &kept.actor,
            &kept.product,
            &kept.round,
            ocop_core::dossiers::DossierKind::First,
        )
        .await
        .unwrap();
        assert!(matches!(edit(app, &kept.actor, &kept.product, &other_set).await, Err(AppError::Refused(_))));
    }

    #[tokio::test]
    async fn a_product_certified_under_an_older_decision_says_so() {
        let (sitting, _) = crate::recognition::testing::certified().await;
        let (producer, product) = (&sitting.honey.actor, &sitting.honey.product);
        let outdated = async |app: &App| view(app, producer, product).await.unwrap().outdated;
        assert_eq!(outdated(sitting.app()).await, None);
        let later = crate::rules::testing::after_a_new_decision(sitting.app());
        assert_eq!(outdated(&later).await, None, "not in force yet");
        sitting.world.clock.forward_days(1);
        let told = outdated(&later).await.unwrap();
        assert_eq!(
            (told.reference.as_str(), told.next.reason.as_str()),
            ("2026-26/4", "Giữ nguyên bộ và số.")
        );
        assert_eq!(told.next.sets[0].reference, "2026-99/4");
    }

    #[tokio::test]
    async fn the_classification_holds_every_set_of_the_regime() {
        let world = World::new().await;
        let sets: usize = classification(&world.app).unwrap().iter().map(|group| group.sets.len()).sum();
        assert_eq!(sets, world.app.regime_today().unwrap().sets.len());
    }
}
