//! The producer fills in the draft: forms 01 and 02, and the self-assessment one criterion at a
//! time. Each piece carries the mark of what was on the page, so that two tabs or two people never
//! overwrite each other, and work on different pieces never collides.

use ocop_core::dossiers::{DossierForm, DossierKind, TEXT_LIMIT};
use ocop_core::id::DossierId;
use ocop_core::journal::sha256_hex;
use ocop_core::people::Actor;
use ocop_core::policy::{Action, Permit};
use ocop_core::rules::{Criterion, ProductSet};
use ocop_core::scoring::{Choice, Sheet};
use ocop_core::text::thousands;
use ocop_store::db::Chain;
use ocop_store::dossiers::Dossier;
use ocop_store::{StoreError, Tx, dossiers, producers, products};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::assessment::Live;
use super::carry::changes_since;
use super::facts::owned;
use super::snapshot::{ProducerCard, ProductCard};
use super::view::Head;
use crate::stale::{listed, stale};
use crate::{App, AppError, Fields, Refusal};

/// Most đồng that a product's yearly revenue or profit can be: 100 000 billion.
const MONEY_LIMIT: i64 = 100_000_000_000_000;

/// Forms 01 and 02 as typed. Boxes are `on` or empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FormInput {
    /// Sample units.
    pub samples: String,
    /// Place above the signature.
    pub place: String,
    /// 7a.
    pub has_registration: String,
    /// 7b.
    pub has_quality_declaration: String,
    /// 7c.
    pub has_food_safety_certificate: String,
    /// 7c.
    pub has_production_certificate: String,
    /// 7d.
    pub has_trademark: String,
    /// 7d.
    pub has_geographical_right: String,
    /// 7d.
    pub has_patent: String,
    /// 7d.
    pub has_industrial_design: String,
    /// 7d.
    pub has_copyright: String,
    /// 7d.
    pub other_property: String,
    /// 8.
    pub history: String,
    /// 9.
    pub structure: String,
    /// II.
    pub materials_and_technology: String,
    /// II.
    pub quality_changes: String,
    /// II.
    pub markets: String,
    /// II.
    pub business_results: String,
    /// II, đồng a year.
    pub revenue: String,
    /// II, đồng a year.
    pub profit: String,
    /// Upgrades and re-evaluations: what has changed since the recognition.
    pub changes: String,
    /// IV.
    pub plan_product: String,
    /// IV.
    pub plan_production: String,
    /// IV.
    pub plan_market: String,
    /// The mark of the form that was on the page.
    pub version: String,
}

fn ticked(yes: bool) -> String {
    if yes { "on".to_owned() } else { String::new() }
}

impl From<&DossierForm> for FormInput {
    fn from(form: &DossierForm) -> Self {
        Self {
            samples: form.samples.to_string(),
            place: form.place.clone(),
            has_registration: ticked(form.has_registration),
            has_quality_declaration: ticked(form.has_quality_declaration),
            has_food_safety_certificate: ticked(form.has_food_safety_certificate),
            has_production_certificate: ticked(form.has_production_certificate),
            has_trademark: ticked(form.has_trademark),
            has_geographical_right: ticked(form.has_geographical_right),
            has_patent: ticked(form.has_patent),
            has_industrial_design: ticked(form.has_industrial_design),
            has_copyright: ticked(form.has_copyright),
            other_property: form.other_property.clone(),
            history: form.history.clone(),
            structure: form.structure.clone(),
            materials_and_technology: form.materials_and_technology.clone(),
            quality_changes: form.quality_changes.clone(),
            markets: form.markets.clone(),
            business_results: form.business_results.clone(),
            revenue: form.revenue.map(thousands).unwrap_or_default(),
            profit: form.profit.map(thousands).unwrap_or_default(),
            changes: form.changes.clone(),
            plan_product: form.plan_product.clone(),
            plan_production: form.plan_production.clone(),
            plan_market: form.plan_market.clone(),
            version: form_mark(form),
        }
    }
}

impl FormInput {
    /// The typed form as values. A draft may be empty, but not wrong.
    fn read(&self) -> Result<DossierForm, AppError> {
        let mut fields = Fields::new();
        let on = |typed: &str| typed == "on";
        let samples = fields.number("samples", &self.samples, 0, 1_000).unwrap_or_default();
        let form = DossierForm {
            samples: u16::try_from(samples).unwrap_or_default(),
            place: fields.optional("place", &self.place, 200),
            has_registration: on(&self.has_registration),
            has_quality_declaration: on(&self.has_quality_declaration),
            has_food_safety_certificate: on(&self.has_food_safety_certificate),
            has_production_certificate: on(&self.has_production_certificate),
            has_trademark: on(&self.has_trademark),
            has_geographical_right: on(&self.has_geographical_right),
            has_patent: on(&self.has_patent),
            has_industrial_design: on(&self.has_industrial_design),
            has_copyright: on(&self.has_copyright),
            other_property: fields.optional("other_property", &self.other_property, 500),
            history: fields.optional("history", &self.history, TEXT_LIMIT),
            structure: fields.optional("structure", &self.structure, TEXT_LIMIT),
            materials_and_technology: fields.optional(
                "materials_and_technology",
                &self.materials_and_technology,
                TEXT_LIMIT,
            ),
            quality_changes: fields.optional("quality_changes", &self.quality_changes, TEXT_LIMIT),
            markets: fields.optional("markets", &self.markets, TEXT_LIMIT),
            business_results: fields.optional("business_results", &self.business_results, TEXT_LIMIT),
            revenue: fields.number("revenue", &self.revenue, 0, MONEY_LIMIT),
            profit: fields.number("profit", &self.profit, -MONEY_LIMIT, MONEY_LIMIT),
            changes: fields.optional("changes", &self.changes, TEXT_LIMIT),
            plan_product: fields.optional("plan_product", &self.plan_product, TEXT_LIMIT),
            plan_production: fields.optional("plan_production", &self.plan_production, TEXT_LIMIT),
            plan_market: fields.optional("plan_market", &self.plan_market, TEXT_LIMIT),
        };
        fields.done()?;
        Ok(form)
    }
}

/// The mark of a piece of the draft: equal marks mean that nobody has changed it in between.
fn mark<T: Serialize>(piece: &T) -> String {
    let text = serde_json::to_string(piece).unwrap_or_default();
    sha256_hex(text.as_bytes()).chars().take(16).collect()
}

fn form_mark(form: &DossierForm) -> String {
    mark(form)
}

/// The mark of what the sheet says about a criterion.
pub(super) fn answer_mark(sheet: &Sheet, code: &str) -> String {
    mark(&sheet.choices.get(code))
}

/// The page of forms 01 and 02.
#[derive(Debug, Clone, PartialEq)]
pub struct FormView {
    /// The dossier.
    pub head: Head,
    /// First, upgrade or renewal.
    pub kind: DossierKind,
    /// Part I, from the register.
    pub producer: ProducerCard,
    /// Item 7, from the product.
    pub product: ProductCard,
    /// Sample units that the product set asks for; 0 for services.
    pub samples_needed: u16,
    /// What is kept now.
    pub input: FormInput,
    /// What differs from the dossier that the product was recognised by, a sentence each.
    pub changes: Vec<String>,
    /// Whether it can be changed now.
    pub open: bool,
}

/// The page of forms 01 and 02, for the producer. Nothing told of the changes yet: the differences found
/// are proposed.
pub async fn form(app: &App, actor: &Actor, id: &DossierId) -> Result<FormView, AppError> {
    let mut tx = app.db.read().await?;
    let (facts, _) = owned(&mut tx, actor, Action::EditDossier, id).await?;
    let producer = producers::find(&mut tx, &facts.row.producer_id).await?.ok_or(AppError::NotFound)?;
    let product = products::find(&mut tx, &facts.row.product_id).await?.ok_or(AppError::NotFound)?;
    let (commune, province) = crate::producers::place(&mut tx, &producer).await?;
    let set = app.pinned(&mut tx, &facts.row.ruleset).await?;
    let changes = changes_since(app, &mut tx, &facts.row).await?;
    let mut input = FormInput::from(&facts.row.form);
    if input.changes.is_empty() {
        input.changes = changes.join("\n");
    }
    Ok(FormView {
        changes,
        input,
        head: Head::load(app, &mut tx, &facts.row).await?,
        kind: facts.row.kind,
        producer: ProducerCard::new(producer, commune, province),
        product: ProductCard::new(product),
        samples_needed: set.samples,
        open: facts.row.state.is_with_producer(),
    })
}

/// The draft of a dossier that is with its producer now.
pub(super) async fn open_draft(
    tx: &mut Tx,
    actor: &Actor,
    id: &DossierId,
) -> Result<(Dossier, Permit), AppError> {
    let (facts, permit) = owned(tx, actor, Action::EditDossier, id).await?;
    if facts.row.state.is_with_producer() {
        Ok((facts.row, permit))
    } else {
        Err(Refusal::because(format!(
            "Hồ sơ đã nộp (đang ở bước «{}») nên không sửa được nữa. Nếu cần sửa, hãy đề nghị cán bộ xã trả lại hồ sơ.",
            super::history::shown_state(facts.row.state)
        )))
    }
}

/// Saves forms 01 and 02. Returns the new mark of the form.
pub async fn save_form(
    app: &App,
    actor: &Actor,
    id: &DossierId,
    input: &FormInput,
) -> Result<String, AppError> {
    let mut tx = app.db.write(Chain::of("dossier", id)).await?;
    let (row, permit) = open_draft(&mut tx, actor, id).await?;
    let form = input.read()?;
    if form == row.form {
        return Ok(form_mark(&form));
    }
    if input.version != form_mark(&row.form) {
        return Err(stale(&mut tx, &format!("dossier:{id}"), |data| listed(data, "form", label)).await?);
    }
    keep(app, &mut tx, &row, &form, &row.sheet).await?;
    tx.commit(permit, app.now(), &json!({ "form": changed_fields(&row.form, &form)? })).await?;
    Ok(form_mark(&form))
}

async fn keep(
    app: &App,
    tx: &mut Tx,
    row: &Dossier,
    form: &DossierForm,
    sheet: &Sheet,
) -> Result<(), AppError> {
    if dossiers::save_draft(tx, &row.id, form, sheet, app.now(), row.version).await? {
        Ok(())
    } else {
        Err(AppError::Stale("Hồ sơ vừa được lưu ở nơi khác.".to_owned()))
    }
}

/// A field of forms 01 and 02 in words.
fn label(field: &str) -> &'static str {
    match field {
        "samples" => "số mẫu sản phẩm",
        "place" => "nơi lập hồ sơ",
        "other_property" => "sở hữu trí tuệ khác",
        "history" => "lịch sử hình thành",
        "structure" => "cơ cấu tổ chức",
        "materials_and_technology" => "vùng nguyên liệu, công nghệ",
        "quality_changes" => "thay đổi về chất lượng",
        "markets" => "thị trường phân phối",
        "business_results" => "kết quả kinh doanh",
        "revenue" => "doanh thu",
        "profit" => "lợi nhuận",
        "changes" => "thay đổi kể từ lần được công nhận",
        "plan_product" => "kế hoạch phát triển sản phẩm",
        "plan_production" => "kế hoạch tổ chức sản xuất",
        "plan_market" => "kế hoạch thị trường",
        _ => "giấy tờ đã có",
    }
}

/// Names of the form's fields that differ.
fn changed_fields(before: &DossierForm, after: &DossierForm) -> Result<Vec<String>, AppError> {
    let fields = |form: &DossierForm| serde_json::to_value(form).map_err(|_| StoreError::Column("form"));
    let (before, after) = (fields(before)?, fields(after)?);
    let names = after.as_object().into_iter().flatten();
    Ok(names.filter(|(name, value)| before.get(name) != Some(value)).map(|(name, _)| name.clone()).collect())
}

/// One criterion of the self-assessment as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AnswerInput {
    /// `CASE:LEVEL`, such as `1:3`; `1:0` = no level met; empty = not chosen yet.
    pub choice: String,
    /// Description and proof (form 02, part III); the reason where no level is met.
    pub note: String,
    /// The mark of the answer that was on the page.
    pub version: String,
}

/// What a saved answer gives back to the page.
#[derive(Debug, Clone, PartialEq)]
pub struct Saved {
    /// When it was saved, `10:32`.
    pub at: String,
    /// The new mark of the answer.
    pub version: String,
    /// Points and stars as they stand now.
    pub live: Live,
}

impl AnswerInput {
    /// The typed answer; `None` where nothing is chosen and nothing written.
    fn read(&self, set: &ProductSet, criterion: &Criterion) -> Result<Option<Choice>, AppError> {
        let mut fields = Fields::new();
        let note = fields.optional("note", &self.note, TEXT_LIMIT);
        if self.choice.trim().is_empty() {
            if !note.is_empty() {
                fields.fault("choice", "Hãy chọn một mức trước khi ghi mô tả.");
            }
            fields.done()?;
            return Ok(None);
        }
        let parts = self.choice.split_once(':');
        let typed =
            parts.and_then(|(case, level)| Some((case.parse::<u8>().ok()?, level.parse::<u8>().ok()?)));
        let Some((alternative, level)) = typed else {
            fields.fault("choice", "Mức này không có trong tiêu chí. Hãy chọn lại.");
            return Err(fields.done().err().unwrap_or(AppError::NotFound));
        };
        if level == 0 && note.is_empty() {
            fields.fault("note", "Chọn «Không đạt mức nào» thì cần ghi rõ lý do.");
        }
        fields.done()?;
        let choice = Choice { alternative, level, note: (!note.is_empty()).then_some(note) };
        let only = Sheet { choices: [(criterion.code.clone(), choice.clone())].into(), disqualified: None };
        only.check(set)?;
        Ok(Some(choice))
    }
}

/// What an entry has done to the answer to a criterion, and what is kept now.
fn answered(data: &Value, code: &str, kept: Option<&Choice>) -> Option<String> {
    let is_answer = data.get("level").is_some() || data.get("cleared").is_some();
    if !is_answer || data.get("criterion")?.as_str()? != code {
        return None;
    }
    let level = match kept {
        None => "chưa chọn mức".to_owned(),
        Some(choice) if choice.level == 0 => "không đạt mức nào".to_owned(),
        Some(choice) => format!("mức {}", choice.level),
    };
    let note = kept.and_then(|choice| choice.note.as_deref()).map(|note| format!(", «{note}»"));
    Some(format!("tiêu chí {code} ({level}{})", note.unwrap_or_default()))
}

/// Fills in the whole self-assessment at once, as an import does.
pub async fn fill_sheet(app: &App, actor: &Actor, id: &DossierId, sheet: &Sheet) -> Result<(), AppError> {
    let mut tx = app.db.write(Chain::of("dossier", id)).await?;
    let (row, permit) = open_draft(&mut tx, actor, id).await?;
    sheet.check(&*app.pinned(&mut tx, &row.ruleset).await?)?;
    keep(app, &mut tx, &row, &row.form, sheet).await?;
    tx.commit(permit, app.now(), &json!({ "filled_in": sheet.choices.len() })).await?;
    Ok(())
}

/// Saves the answer to one criterion.
pub async fn save_answer(
    app: &App,
    actor: &Actor,
    id: &DossierId,
    code: &str,
    input: &AnswerInput,
) -> Result<Saved, AppError> {
    let mut tx = app.db.write(Chain::of("dossier", id)).await?;
    let (row, permit) = open_draft(&mut tx, actor, id).await?;
    let set = app.pinned(&mut tx, &row.ruleset).await?;
    let criterion = set.criterion(code).ok_or(AppError::NotFound)?;
    let answer = input.read(&set, criterion)?;
    let mut sheet = row.sheet.clone();
    match &answer {
        Some(choice) => sheet.choices.insert(code.to_owned(), choice.clone()),
        None => sheet.choices.remove(code),
    };
    let saved =
        Saved { at: app.now().hour(), version: answer_mark(&sheet, code), live: Live::new(&set, &sheet)? };
    if sheet == row.sheet {
        return Ok(saved);
    }
    if input.version != answer_mark(&row.sheet, code) {
        let kept = row.sheet.choices.get(code);
        return Err(stale(&mut tx, &format!("dossier:{id}"), |data| answered(data, code, kept)).await?);
    }
    keep(app, &mut tx, &row, &row.form, &sheet).await?;
    let details = match &answer {
        Some(choice) => {
            json!({ "criterion": code, "alternative": choice.alternative, "level": choice.level })
        }
        None => json!({ "criterion": code, "cleared": true }),
    };
    tx.commit(permit, app.now(), &details).await?;
    Ok(saved)
}
