//! A honey of Bình Liêu for tests: its producer, its product, a round, and a dossier at any point
//! up to its submission.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

use ocop_core::councils::SeatScope;
use ocop_core::dossiers::{DossierKind, Event, LackKind};
use ocop_core::id::{DossierId, EvidenceId, ProducerId, ProductId, RequestId, RoundId};
use ocop_core::people::{Actor, SeatKind};
use ocop_store::councils::{self, EvidenceRequest};
use ocop_store::db::Chain;
use ocop_store::dossiers as kept;

use super::{
    AnswerInput, CiteInput, FormInput, advance, cite, criterion, form, open, save_answer, save_form, submit,
};
use crate::evidence::{EvidenceInput, Upload, upload};
use crate::producers::ProducerInput;
use crate::products::ProductInput;
use crate::rounds::RoundInput;
use crate::testing::World;

/// A small but whole PDF; `words` make it a different file.
pub fn pdf(words: &str) -> Vec<u8> {
    format!(
        "%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n% {words}\nxref\n0 1\ntrailer<</Root 1 0 R>>\nstartxref\n41\n%%EOF\n"
    )
    .into_bytes()
}

/// A PDF with empty pages.
pub fn pdf_of(pages: usize) -> Vec<u8> {
    let mut text = String::from("%PDF-1.4\n");
    let mut places = Vec::new();
    let kids: String = (0..pages).map(|page| format!("{} 0 R ", page + 3)).collect();
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        format!("<</Type/Pages/Count {pages}/Kids[{kids}]>>"),
    ];
    objects.extend((0..pages).map(|_| "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>".to_owned()));
    for (no, object) in (1..).zip(&objects) {
        places.push(text.len());
        text.push_str(&format!("{no} 0 obj{object}endobj\n"));
    }
    let start = text.len();
    text.push_str(&format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1));
    for place in places {
        text.push_str(&format!("{place:010} 00000 n \n"));
    }
    text.push_str(&format!("trailer<</Size {}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1));
    text.into_bytes()
}

/// A register as a cooperative in `commune` would type it.
pub fn register(commune: &str) -> ProducerInput {
    let text = |text: &str| text.to_owned();
    ProducerInput {
        former_unit: String::new(),
        kind: text("cooperative"),
        name: text("Hợp tác xã Mật ong rừng Bình Liêu"),
        registration_no: text("22B7000123"),
        registered_on: text("20/05/2019"),
        tax_code: String::new(),
        address: text("Bản Nà Làng"),
        commune: text(commune),
        phone: text("0203 3878 000"),
        email: text("htx@example.vn"),
        representative: text("Hoàng Thị Thử"),
        title: text("Giám đốc"),
        gender: text("female"),
        ethnicity: text("Tày"),
        residence: text("Xã Bình Liêu, tỉnh Quảng Ninh"),
        disabled: String::new(),
        history: String::new(),
        structure: String::new(),
        version: String::new(),
    }
}

/// The honey as its producer would type it.
pub fn honey() -> ProductInput {
    ProductInput {
        name: "Mật ong rừng".to_owned(),
        set_no: "4".to_owned(),
        description: "Mật ong khai thác tự nhiên dưới tán rừng".to_owned(),
        packaging: "Chai thủy tinh 500 ml".to_owned(),
        standard: "TCCS 01:2026".to_owned(),
        story: String::new(),
        version: String::new(),
    }
}

/// The honey, its producer and the round.
pub struct Honey {
    /// Acts for the producer.
    pub actor: Actor,
    /// The producer.
    pub producer: ProducerId,
    /// The product.
    pub product: ProductId,
    /// An open round.
    pub round: RoundId,
}

/// Registers the producer, adds the honey and opens a round.
pub async fn honey_in_round(world: &World) -> Honey {
    let app = &world.app;
    let producer = crate::producers::register(app, &world.producer, &register(&world.commune)).await.unwrap();
    let actor = world.again(&world.producer).await;
    let product = crate::products::add(app, &actor, &producer, &honey()).await.unwrap();
    let dates = RoundInput {
        name: "Đợt 2 năm 2026".to_owned(),
        opens_on: "01/10/2026".to_owned(),
        propose_by: "30/11/2026".to_owned(),
        result_by: "30/12/2026".to_owned(),
        ..RoundInput::default()
    };
    let round = crate::rounds::open(app, &world.officer, "22", &dates).await.unwrap();
    Honey { actor, producer, product, round }
}

/// Uploads a paper of the honey's producer.
pub async fn paper(world: &World, honey: &Honey, kind: &str, words: &str) -> EvidenceId {
    let input = EvidenceInput { kind: kind.to_owned(), ..EvidenceInput::default() };
    let file = Upload { file_name: format!("{words}.pdf"), bytes: pdf(words) };
    upload(&world.app, &honey.actor, &honey.producer, &input, file).await.unwrap().id
}

/// A form with everything that a submission needs.
pub fn whole_form(mark: String) -> FormInput {
    let text = |text: &str| text.to_owned();
    FormInput {
        samples: text("5"),
        place: text("Bình Liêu"),
        has_registration: text("on"),
        history: text("Thành lập năm 2019, bảy hộ nuôi ong."),
        structure: text("Hội đồng quản trị, tổ kỹ thuật, tổ bán hàng."),
        plan_product: text("Thêm dòng mật ong hoa sở."),
        plan_production: text("Mở rộng lên 300 đàn."),
        plan_market: text("Bán tại Hạ Long, Hà Nội và trên sàn."),
        version: mark,
        ..FormInput::default()
    }
}

/// Opens a dossier and fills in everything that a submission needs; every criterion at its best
/// level.
pub async fn complete(world: &World, honey: &Honey) -> DossierId {
    complete_as(world, honey, DossierKind::First).await
}

/// The same of any kind; a later one says that nothing has changed.
pub async fn complete_as(world: &World, honey: &Honey, kind: DossierKind) -> DossierId {
    let (app, actor) = (&world.app, &honey.actor);
    let id = open(app, actor, &honey.product, &honey.round, kind).await.unwrap();
    let mark = form(app, actor, &id).await.unwrap().input.version;
    let changes = if kind == DossierKind::First { "" } else { "Không thay đổi" };
    let typed = FormInput { changes: changes.to_owned(), ..whole_form(mark) };
    save_form(app, actor, &id, &typed).await.unwrap();
    let paper = paper(world, honey, "1", "dang ky kinh doanh").await;
    let mut code = Some("1.1".to_owned());
    while let Some(at) = code {
        let screen = criterion(app, actor, &id, &at).await.unwrap();
        let best = screen.alternatives[0].levels.last().unwrap().value.clone();
        let answer = AnswerInput {
            choice: best,
            note: "Có giấy tờ kèm theo.".to_owned(),
            version: screen.input.version,
        };
        save_answer(app, actor, &id, &at, &answer).await.unwrap();
        let cited = CiteInput { criterion: at, evidence: paper.to_string(), pages: "1-2".to_owned() };
        cite(app, actor, &id, &cited).await.unwrap();
        code = screen.next;
    }
    let lacks = super::submit_page(app, actor, &id).await.unwrap().must;
    assert!(lacks.iter().all(|lack| lack.kind != LackKind::Must), "{lacks:#?}");
    id
}

/// A complete dossier, submitted to the commune.
pub async fn submitted(world: &World) -> (Honey, DossierId) {
    let honey = honey_in_round(world).await;
    let id = complete(world, &honey).await;
    submit(&world.app, &honey.actor, &id).await.unwrap();
    (honey, id)
}

/// Moves a dossier without its verbs, to look at the producer's side of later states.
pub async fn drive(world: &World, id: &DossierId, events: &[Event]) {
    for event in events {
        let mut tx = world.app.db.write(Chain::of("dossier", id)).await.unwrap();
        let row = kept::find(&mut tx, id).await.unwrap().unwrap();
        advance(&world.app, &mut tx, &row, *event).await.unwrap();
        tx.commit_upkeep().await.unwrap();
    }
}

/// A request of an advisor (the first assessor) on criterion 1.1, due in a week.
pub async fn ask(world: &World, id: &DossierId) -> RequestId {
    let mut tx = world.app.db.write(Chain::of("dossier", id)).await.unwrap();
    let row = kept::find(&mut tx, id).await.unwrap().unwrap();
    let council = councils::Council {
        id: world.app.ids.uuid().parse().unwrap(),
        province: row.province.clone(),
        round_id: row.round_id.clone(),
        name: "Hội đồng thử".to_owned(),
        decision_no: String::new(),
        decision_on: None,
        settings: world.app.rules.regime("2026-26").unwrap().processes[0].1.council.clone(),
        created_at: world.app.now(),
        version: 1,
    };
    councils::insert(&mut tx, &council).await.unwrap();
    let seat = world.app.ids.uuid().parse().unwrap();
    let person = &world.assessors[0].person;
    councils::add_seat(&mut tx, &seat, &council.id, person, SeatKind::Advisor, "Sở", SeatScope::Council)
        .await
        .unwrap();
    kept::assign(&mut tx, id, &council.id).await.unwrap();
    let request = EvidenceRequest {
        id: world.app.ids.uuid().parse().unwrap(),
        dossier_id: id.clone(),
        criterion: "1.1".to_owned(),
        request: "Bổ sung hợp đồng mua nguyên liệu.".to_owned(),
        due_on: "2026-11-09".parse().unwrap(),
        asked_by: seat,
        asked_at: world.app.now(),
        answer: None,
        answered_at: None,
    };
    councils::insert_request(&mut tx, &request).await.unwrap();
    tx.commit_upkeep().await.unwrap();
    request.id
}
