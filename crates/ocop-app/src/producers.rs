//! Producers register, and keep their register up to date (form 02, part I).

pub mod members;

use ocop_core::dossiers::TEXT_LIMIT;
use ocop_core::id::ProducerId;
use ocop_core::people::{Actor, looks_like_email};
use ocop_core::policy::{self, Action, Subject};
use ocop_core::producers::{Gender, ProducerKind, Representative, looks_like_phone, tax_code};
use ocop_core::text::fold;
use ocop_store::db::Chain;
use ocop_store::producers::Producer;
use ocop_store::units::{self, Unit};
use ocop_store::{Tx, producers, products};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::runtime::fresh;
use crate::stale::listed;
use crate::units::page::former_words;
use crate::{App, AppError, FieldFault, Fields, Refusal};

/// What a producer types into the register.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ProducerInput {
    /// Code of the kind of organisation.
    pub kind: String,
    /// Full name.
    pub name: String,
    /// Number of the business registration.
    pub registration_no: String,
    /// Day of foundation or registration.
    pub registered_on: String,
    /// Tax code.
    pub tax_code: String,
    /// Street, hamlet and the like.
    pub address: String,
    /// Code of the commune.
    pub commune: String,
    /// Code or name of the former unit it was registered in, before 1/7/2025.
    pub former_unit: String,
    /// Telephone.
    pub phone: String,
    /// E-mail.
    pub email: String,
    /// Representative: full name.
    pub representative: String,
    /// Representative: position.
    pub title: String,
    /// Representative: code of the gender.
    pub gender: String,
    /// Representative: ethnic group.
    pub ethnicity: String,
    /// Representative: permanent residence.
    pub residence: String,
    /// Representative: `on` when a person with a disability.
    pub disabled: String,
    /// How it came about (form 02, part I.8).
    pub history: String,
    /// How it is organised (form 02, part I.9).
    pub structure: String,
    /// The version that was on the page; empty for a new producer.
    pub version: String,
}

impl From<&Producer> for ProducerInput {
    fn from(kept: &Producer) -> Self {
        let person = &kept.representative;
        Self {
            kind: kept.kind.code().to_owned(),
            name: kept.name.clone(),
            registration_no: kept.registration_no.clone(),
            registered_on: kept.registered_on.map(|day| day.to_string()).unwrap_or_default(),
            tax_code: kept.tax_code.clone(),
            address: kept.address.clone(),
            commune: kept.commune.clone(),
            former_unit: kept.former_unit.clone(),
            phone: kept.phone.clone(),
            email: kept.email.clone(),
            representative: person.name.clone(),
            title: person.title.clone(),
            gender: person.gender.map(|gender| gender.code().to_owned()).unwrap_or_default(),
            ethnicity: person.ethnicity.clone(),
            residence: person.residence.clone(),
            disabled: if person.disabled { "on".to_owned() } else { String::new() },
            history: kept.history.clone(),
            structure: kept.structure.clone(),
            version: kept.version.to_string(),
        }
    }
}

/// The typed register as values; the rest of a [`Producer`] is not typed.
struct Register {
    kind: ProducerKind,
    name: String,
    registration_no: String,
    registered_on: Option<chrono::NaiveDate>,
    tax_code: String,
    address: String,
    commune: Unit,
    former_unit: String,
    phone: String,
    email: String,
    history: String,
    structure: String,
    representative: Representative,
}

async fn read(app: &App, tx: &mut Tx, input: &ProducerInput) -> Result<Register, AppError> {
    let mut fields = Fields::new();
    let kind = fields.choice("kind", &input.kind, "Chọn loại hình tổ chức.");
    let name = fields.required("name", &input.name, 200, "Ghi tên đơn vị như trong giấy đăng ký.");
    let registration_no = fields.optional("registration_no", &input.registration_no, 50);
    let registered_on = fields.day("registered_on", &input.registered_on);
    if registered_on.is_some_and(|day| day > app.today()) {
        fields.fault("registered_on", "Ngày này chưa đến. Hãy kiểm tra lại năm.");
    }
    let tax_code = read_tax_code(&mut fields, &input.tax_code);
    let address =
        fields.required("address", &input.address, 300, "Ghi địa chỉ: số nhà, đường, thôn, bản, khu.");
    let commune = read_commune(tx, &mut fields, &input.commune).await?;
    let former_unit = read_former(tx, &mut fields, commune.as_ref(), &input.former_unit).await?;
    let phone = fields.required("phone", &input.phone, 20, "Ghi số điện thoại để cán bộ liên hệ.");
    if !phone.is_empty() && !looks_like_phone(&phone) {
        fields.fault("phone", "Số điện thoại chưa đúng. Ví dụ: 0203 1234567.");
    }
    let email = fields.optional("email", &input.email, 200);
    if !email.is_empty() && !looks_like_email(&email) {
        fields.fault("email", "Email chưa đúng. Ví dụ: ten@gmail.com. Không có thì để trống.");
    }
    let history = fields.optional("history", &input.history, TEXT_LIMIT);
    let structure = fields.optional("structure", &input.structure, TEXT_LIMIT);
    let representative = read_representative(&mut fields, input);
    fields.done()?;
    match (kind, commune, representative) {
        (Some(kind), Some(commune), Some(representative)) => Ok(Register {
            kind,
            name,
            registration_no,
            registered_on,
            tax_code,
            address,
            commune,
            former_unit,
            phone,
            email,
            history,
            structure,
            representative,
        }),
        // Each of them that is missing has put a fault, so `done` has returned.
        (_, _, _) => Err(AppError::NotFound),
    }
}

fn read_tax_code(fields: &mut Fields, typed: &str) -> String {
    let typed = fields.optional("tax_code", typed, 20);
    let code = tax_code(&typed);
    if code.is_none() && !typed.is_empty() {
        fields.fault("tax_code", "Mã số thuế gồm 10, 12 hoặc 13 chữ số. Chưa có thì để trống.");
    }
    code.unwrap_or_default()
}

async fn read_commune(tx: &mut Tx, fields: &mut Fields, typed: &str) -> Result<Option<Unit>, AppError> {
    let found = units::find(tx, typed.trim()).await?;
    let commune = found.filter(|unit| unit.parent.is_some() && unit.valid_to.is_none());
    if commune.is_none() {
        fields.fault("commune", "Chọn xã, phường hoặc đặc khu nơi đặt cơ sở.");
    }
    Ok(commune)
}

/// Code of the former unit that was typed; empty when none was.
async fn read_former(
    tx: &mut Tx,
    fields: &mut Fields,
    commune: Option<&Unit>,
    typed: &str,
) -> Result<String, AppError> {
    let typed = fields.optional("former_unit", typed, 200);
    let (Some(commune), false) = (commune, typed.is_empty()) else { return Ok(String::new()) };
    let province = commune.parent.as_deref().unwrap_or_default();
    let known = units::former::gazetteer(tx, province).await?;
    let former = known.today(&commune.code).map(|commune| known.former_of(commune, &typed));
    Ok(match former {
        Some(Ok(code)) => code,
        Some(Err(fault)) => {
            fields.fault("former_unit", fault.to_string());
            String::new()
        }
        None => String::new(),
    })
}

fn read_representative(fields: &mut Fields, input: &ProducerInput) -> Option<Representative> {
    let name =
        fields.required("representative", &input.representative, 100, "Ghi họ tên người đại diện pháp luật.");
    let title = fields.required("title", &input.title, 100, "Ghi chức vụ, ví dụ: Giám đốc, Chủ hộ.");
    let gender: Option<Gender> = fields.choice("gender", &input.gender, "Chọn nam hoặc nữ.");
    let ethnicity = fields.required("ethnicity", &input.ethnicity, 50, "Ghi dân tộc, ví dụ: Kinh, Tày, Dao.");
    let residence =
        fields.required("residence", &input.residence, 300, "Ghi địa chỉ thường trú của người đại diện.");
    let disabled = input.disabled == "on";
    gender.map(|gender| Representative { name, title, gender: Some(gender), ethnicity, residence, disabled })
}

impl Register {
    fn applied_to(self, producer: &mut Producer) {
        producer.kind = self.kind;
        producer.name = self.name;
        producer.registration_no = self.registration_no;
        producer.registered_on = self.registered_on;
        producer.tax_code = self.tax_code;
        producer.address = self.address;
        producer.province = self.commune.parent.unwrap_or_default();
        producer.commune = self.commune.code;
        producer.former_unit = self.former_unit;
        producer.phone = self.phone;
        producer.email = self.email;
        producer.history = self.history;
        producer.structure = self.structure;
        producer.representative = self.representative;
    }
}

/// The subject of everything that concerns a producer, but not one of its dossiers.
pub fn subject(producer: &Producer) -> Subject {
    Subject {
        producer: Some(producer.id.clone()),
        commune: Some(producer.commune.clone()),
        province: Some(producer.province.clone()),
        ..Subject::default()
    }
}

/// Loads a producer and asks policy about it. Who may not gets [`AppError::NotFound`]: the address
/// of a producer tells nothing.
pub(crate) async fn permitted(
    tx: &mut Tx,
    actor: &Actor,
    action: Action,
    id: &ProducerId,
) -> Result<(Producer, policy::Permit), AppError> {
    let producer = producers::find(tx, id).await?.ok_or(AppError::NotFound)?;
    let permit = policy::may(actor, action, &subject(&producer))?;
    if producer.merged_into.is_some() && action != Action::ReadEvidence {
        return Err(Refusal::because(
            "Chủ thể này đã được gộp vào một chủ thể khác. Hãy mở trang chủ thể để đến bản được giữ lại.",
        ));
    }
    Ok((producer, permit))
}

/// Registers a producer; the person acts for it from then on.
pub async fn register(app: &App, actor: &Actor, input: &ProducerInput) -> Result<ProducerId, AppError> {
    let id: ProducerId = fresh(&*app.ids);
    let now = app.now();
    let mut tx = app.db.write(Chain::of("producer", &id)).await?;
    let permit = policy::may(actor, Action::RegisterProducer, &Subject::default())?;
    let register = read(app, &mut tx, input).await?;
    // Two tabs that register the same producer wait for each other here.
    units::hold(&mut tx, &register.commune.code).await?;
    must_be_new(&producers::of_person(&mut tx, &actor.person).await?, &register)?;
    let mut producer = Producer {
        id: id.clone(),
        province: String::new(),
        commune: String::new(),
        name: String::new(),
        kind: register.kind,
        registration_no: String::new(),
        registered_on: None,
        tax_code: String::new(),
        address: String::new(),
        phone: String::new(),
        email: String::new(),
        history: String::new(),
        structure: String::new(),
        former_unit: String::new(),
        merged_into: None,
        representative: register.representative.clone(),
        demo: false,
        created_at: now,
        version: 1,
    };
    register.applied_to(&mut producer);
    producers::insert(&mut tx, &producer).await?;
    ocop_store::producers::members::add(&mut tx, &id, &actor.person, now).await?;
    tx.commit(
        permit,
        now,
        &json!({ "name": producer.name, "kind": producer.kind, "commune": producer.commune }),
    )
    .await?;
    Ok(id)
}

/// One person registers a producer once.
fn must_be_new(held: &[Producer], register: &Register) -> Result<(), AppError> {
    let same =
        |one: &&Producer| one.commune == register.commune.code && fold(&one.name) == fold(&register.name);
    match held.iter().find(same) {
        None => Ok(()),
        Some(held) => Err(AppError::Invalid(vec![FieldFault::new(
            "name",
            format!(
                "Bạn đã khai báo cơ sở «{}» ở nơi này. Mở mục «Cơ sở và sản phẩm» để làm tiếp.",
                held.name
            ),
        )])),
    }
}

/// Changes the register of a producer. Submitted dossiers keep what they were submitted with;
/// products move along to a new commune.
pub async fn edit(app: &App, actor: &Actor, id: &ProducerId, input: &ProducerInput) -> Result<(), AppError> {
    let mut tx = app.db.write(Chain::of("producer", id)).await?;
    let (kept, permit) = permitted(&mut tx, actor, Action::EditProducer, id).await?;
    if input.version != kept.version.to_string() {
        return Err(stale(&mut tx, id).await?);
    }
    let mut producer = kept.clone();
    read(app, &mut tx, input).await?.applied_to(&mut producer);
    let changed = changed_fields(&kept, &producer);
    if !producers::update(&mut tx, &producer).await? {
        return Err(stale(&mut tx, id).await?);
    }
    if producer.commune != kept.commune {
        products::move_to(&mut tx, id, &producer.province, &producer.commune).await?;
    }
    tx.commit(permit, app.now(), &json!({ "changed": changed })).await?;
    Ok(())
}

/// Names of the fields that differ: what the journal needs, without personal data.
pub(crate) fn changed_fields(before: &Producer, after: &Producer) -> Vec<&'static str> {
    [
        ("kind", before.kind != after.kind),
        ("name", before.name != after.name),
        ("registration_no", before.registration_no != after.registration_no),
        ("registered_on", before.registered_on != after.registered_on),
        ("tax_code", before.tax_code != after.tax_code),
        ("address", before.address != after.address),
        ("commune", before.commune != after.commune),
        ("former_unit", before.former_unit != after.former_unit),
        ("phone", before.phone != after.phone),
        ("email", before.email != after.email),
        ("history", before.history != after.history),
        ("structure", before.structure != after.structure),
        ("representative", before.representative != after.representative),
    ]
    .into_iter()
    .filter_map(|(field, differs)| differs.then_some(field))
    .collect()
}

/// The error of a stale save of the register. Entries about products name theirs.
async fn stale(tx: &mut Tx, id: &ProducerId) -> Result<AppError, AppError> {
    let of_register = |data: &serde_json::Value| data.get("product").is_none();
    let changed = |data: &serde_json::Value| {
        listed(data, "changed", label)
            .filter(|_| of_register(data))
            .map(|fields| format!("thông tin cơ sở: {fields}"))
    };
    crate::stale::stale(tx, &format!("producer:{id}"), changed).await
}

/// A field of the register in words.
fn label(field: &str) -> &'static str {
    match field {
        "kind" => "loại hình",
        "name" => "tên đơn vị",
        "registration_no" => "số đăng ký",
        "registered_on" => "ngày đăng ký",
        "tax_code" => "mã số thuế",
        "address" => "địa chỉ",
        "commune" => "xã",
        "former_unit" => "xã, huyện trước 1/7/2025",
        "phone" => "điện thoại",
        "email" => "email",
        "history" => "lịch sử hình thành",
        "structure" => "cơ cấu tổ chức",
        _ => "người đại diện",
    }
}

/// A producer's page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProducerView {
    /// The register.
    pub producer: Producer,
    /// Full address, with commune and province.
    pub address: String,
    /// Name of its commune.
    pub commune: String,
    /// Name of its province.
    pub province: String,
    /// The former unit it was registered in and what that was a part of; empty when there is none.
    pub former: String,
    /// Its products with their dossiers.
    pub products: Vec<crate::products::ProductRow>,
    /// How many papers are in the vault.
    pub papers: usize,
    /// Papers in the vault that have expired.
    pub expired: usize,
    /// Whether the reader may change it.
    pub may_edit: bool,
    /// Whether the reader may see who acts for it.
    pub may_manage: bool,
}

/// The page of a producer: for those who act for it and the officers in charge.
pub async fn view(app: &App, actor: &Actor, id: &ProducerId) -> Result<ProducerView, AppError> {
    let mut tx = app.db.read().await?;
    let (producer, _) = permitted(&mut tx, actor, Action::ReadEvidence, id).await?;
    let (commune, province) = place(&mut tx, &producer).await?;
    let papers = ocop_store::evidence::of_producer(&mut tx, id).await?;
    let today = app.today();
    let expired = papers.iter().filter(|paper| paper.expires_on.is_some_and(|day| day < today)).count();
    Ok(ProducerView {
        address: full_address(&producer.address, &commune, &province),
        commune,
        province,
        former: former_words(&mut tx, &producer.former_unit).await?,
        products: crate::products::rows(app, &mut tx, id).await?,
        papers: papers.len(),
        expired,
        may_edit: policy::may(actor, Action::EditProducer, &subject(&producer)).is_ok(),
        may_manage: policy::may(actor, Action::InviteMember, &subject(&producer)).is_ok(),
        producer,
    })
}

/// Names of commune and province.
pub(crate) async fn place(tx: &mut Tx, producer: &Producer) -> Result<(String, String), AppError> {
    let commune = units::find(tx, &producer.commune).await?.map(|unit| unit.name).unwrap_or_default();
    let province = units::find(tx, &producer.province).await?.map(|unit| unit.name).unwrap_or_default();
    Ok((commune, province))
}

/// The address with commune and province, each once: many people type them into the first line.
pub(crate) fn full_address(street: &str, commune: &str, province: &str) -> String {
    let typed = fold(street);
    let missing = [commune, province].into_iter().filter(|name| !typed.contains(fold(name).as_str()));
    std::iter::once(street).chain(missing).collect::<Vec<_>>().join(", ")
}

/// What the register's form starts from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterForm {
    /// What is kept now, or nothing for a new producer.
    pub input: ProducerInput,
    /// Name of the producer as kept, empty for a new one.
    pub name: String,
    /// Provinces to choose from.
    pub provinces: Vec<Unit>,
    /// The province chosen, if any.
    pub province: Option<Unit>,
    /// Communes of that province.
    pub communes: Vec<Unit>,
}

async fn form(
    tx: &mut Tx,
    input: ProducerInput,
    name: String,
    province: Option<&str>,
) -> Result<RegisterForm, AppError> {
    let provinces = units::provinces(tx).await?;
    let chosen = provinces.iter().find(|unit| Some(unit.code.as_str()) == province).cloned();
    let communes = match &chosen {
        Some(unit) => units::children(tx, &unit.code).await?,
        None => Vec::new(),
    };
    Ok(RegisterForm { input, name, provinces, province: chosen, communes })
}

/// The form for a new producer; `province` is the code of the province chosen first.
pub async fn new_form(app: &App, actor: &Actor, province: Option<&str>) -> Result<RegisterForm, AppError> {
    let _ = policy::may(actor, Action::RegisterProducer, &Subject::default())?;
    let mut tx = app.db.read().await?;
    form(&mut tx, ProducerInput::default(), String::new(), province).await
}

/// The form for a registered producer; `province` replaces its own when it moves.
pub async fn edit_form(
    app: &App,
    actor: &Actor,
    id: &ProducerId,
    province: Option<&str>,
) -> Result<RegisterForm, AppError> {
    let mut tx = app.db.read().await?;
    let (producer, _) = permitted(&mut tx, actor, Action::EditProducer, id).await?;
    let province = province.unwrap_or(&producer.province);
    let mut input = ProducerInput::from(&producer);
    input.former_unit = former_words(&mut tx, &producer.former_unit).await?;
    form(&mut tx, input, producer.name.clone(), Some(province)).await
}

/// The producers that a person acts for.
pub async fn mine(app: &App, actor: &Actor) -> Result<Vec<Producer>, AppError> {
    let mut tx = app.db.read().await?;
    Ok(producers::of_person(&mut tx, &actor.person).await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dossiers::testing::register as typed;
    use crate::testing::World;

    fn faults(outcome: Result<impl Sized, AppError>) -> Vec<String> {
        match outcome.err() {
            Some(AppError::Invalid(faults)) => faults.into_iter().map(|fault| fault.field).collect(),
            other => panic!("faults expected, not {other:?}"),
        }
    }

    #[tokio::test]
    async fn a_person_registers_a_producer_and_acts_for_it() {
        let world = World::new().await;
        let app = &world.app;
        let id = super::register(app, &world.producer, &typed(&world.commune)).await.unwrap();
        let actor = world.again(&world.producer).await;
        assert_eq!(actor.producers, vec![id.clone()]);
        let page = view(app, &actor, &id).await.unwrap();
        assert_eq!(page.address, "Bản Nà Làng, Xã Bình Liêu, Tỉnh Quảng Ninh");
        assert!(page.may_edit);
        assert!(!view(app, &world.commune_officer, &id).await.unwrap().may_edit);
        for stranger in [&world.other_producer, &world.assessors[0]] {
            assert!(matches!(view(app, stranger, &id).await, Err(AppError::Denied(_))));
        }
        for stranger in [&world.other_producer, &world.officer, &world.commune_officer] {
            let changed = edit(app, stranger, &id, &typed(&world.commune)).await;
            assert!(matches!(changed, Err(AppError::Denied(_))));
        }
    }

    #[tokio::test]
    async fn a_producer_tells_its_former_district() {
        let world = World::new().await;
        let app = &world.app;
        let told = |former: &str| ProducerInput { former_unit: former.to_owned(), ..typed(&world.commune) };
        for wrong in ["Huyện Sa Pa", "Thành phố Hạ Long"] {
            let refused = super::register(app, &world.producer, &told(wrong)).await;
            assert_eq!(faults(refused), ["former_unit"], "{wrong}");
        }
        let id = super::register(app, &world.producer, &told("huyện bình liêu")).await.unwrap();
        let actor = world.again(&world.producer).await;
        let page = view(app, &actor, &id).await.unwrap();
        assert_eq!(page.producer.former_unit, "198");
        assert_eq!(page.former, "Huyện Bình Liêu, Tỉnh Quảng Ninh");
        // What the form shows can be sent back as it is.
        let form = edit_form(app, &actor, &id, None).await.unwrap();
        assert_eq!(form.input.former_unit, page.former);
        edit(app, &actor, &id, &form.input).await.unwrap();
        assert_eq!(view(app, &actor, &id).await.unwrap().producer.former_unit, "198");
    }

    #[tokio::test]
    async fn a_producer_sent_twice_is_registered_once() {
        let world = World::new().await;
        let app = &world.app;
        let input = typed(&world.commune);
        let (one, two) = tokio::join!(
            super::register(app, &world.producer, &input),
            super::register(app, &world.producer, &input)
        );
        let (won, lost) = if one.is_ok() { (one, two) } else { (two, one) };
        won.unwrap();
        assert_eq!(faults(lost), ["name"]);
        assert_eq!(world.again(&world.producer).await.producers.len(), 1);
        super::register(app, &world.other_producer, &input).await.unwrap();
    }

    #[test]
    fn an_address_names_commune_and_province_once() {
        for (typed, full) in [
            ("Bản Nà Làng", "Bản Nà Làng, Xã Bình Liêu, Tỉnh Quảng Ninh"),
            ("Khu 1, xã Bình Liêu", "Khu 1, xã Bình Liêu, Tỉnh Quảng Ninh"),
            ("Khu 1, xã Bình Liêu, tỉnh Quảng Ninh", "Khu 1, xã Bình Liêu, tỉnh Quảng Ninh"),
        ] {
            assert_eq!(full_address(typed, "Xã Bình Liêu", "Tỉnh Quảng Ninh"), full);
        }
    }

    #[tokio::test]
    async fn every_fault_of_the_register_is_named() {
        let world = World::new().await;
        let empty = super::register(&world.app, &world.producer, &ProducerInput::default()).await;
        assert_eq!(
            faults(empty),
            [
                "kind",
                "name",
                "address",
                "commune",
                "phone",
                "representative",
                "title",
                "gender",
                "ethnicity",
                "residence"
            ]
        );
        let check = async |field: &str, wrong: ProducerInput| {
            let outcome = super::register(&world.app, &world.producer, &wrong).await;
            assert_eq!(faults(outcome), [field]);
        };
        let right = typed(&world.commune);
        check("name", ProducerInput { name: "ă".repeat(10_000), ..right.clone() }).await;
        check("phone", ProducerInput { phone: "🍯".to_owned(), ..right.clone() }).await;
        check("email", ProducerInput { email: "không".to_owned(), ..right.clone() }).await;
        check("tax_code", ProducerInput { tax_code: "12".to_owned(), ..right.clone() }).await;
        check("registered_on", ProducerInput { registered_on: "01/01/2050".to_owned(), ..right.clone() })
            .await;
        check("commune", ProducerInput { commune: "22".to_owned(), ..right.clone() }).await;
        check("commune", ProducerInput { commune: "99999".to_owned(), ..right }).await;
    }

    #[tokio::test]
    async fn a_stale_register_is_refused_and_products_move_along() {
        let world = World::new().await;
        let app = &world.app;
        let id = super::register(app, &world.producer, &typed(&world.commune)).await.unwrap();
        let actor = world.again(&world.producer).await;
        let product =
            crate::products::add(app, &actor, &id, &crate::dossiers::testing::honey()).await.unwrap();
        let elsewhere = edit_form(app, &actor, &id, None).await.unwrap();
        let commune = elsewhere.communes.iter().find(|unit| unit.code != world.commune).unwrap().code.clone();
        let moved = ProducerInput { commune: commune.clone(), ..elsewhere.input };
        edit(app, &actor, &id, &moved).await.unwrap();
        let stale = edit(app, &actor, &id, &moved).await;
        assert!(matches!(stale, Err(AppError::Stale(told)) if told.contains("thông tin cơ sở: xã lúc")));
        assert_eq!(crate::products::view(app, &actor, &product).await.unwrap().row.product.commune, commune);
    }
}
