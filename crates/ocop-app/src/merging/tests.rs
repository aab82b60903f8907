//! Duplicates, merged and parted again.

use ocop_core::id::{ProducerId, ProductId};
use ocop_core::policy::system;
use ocop_store::{evaluations, evidence, producers, products, recognition};

use super::*;
use crate::dossiers::testing::{Honey, honey, honey_in_round, register as typed};
use crate::evaluations::testing::on_paper;
use crate::evaluations::{EvaluationInput, PaperDecision, record_many};
use crate::producers::{ProducerInput, members, register};
use crate::products::notes::{FactInput, note};
use crate::products::{ProductInput, add};
use crate::testing::World;

/// Everything of some producers and all their products, as text.
async fn told(app: &App, owners: &[&ProducerId], of: &[&ProductId]) -> String {
    let mut tx = app.db.read().await.unwrap();
    let mut text = String::new();
    for id in owners {
        let mut producer = producers::find(&mut tx, id).await.unwrap().unwrap();
        // The version only counts up: it never goes back.
        producer.version = 0;
        text.push_str(&format!("{producer:#?}\n"));
        text.push_str(&format!("{:#?}\n", producers::members::members(&mut tx, id).await.unwrap()));
        text.push_str(&format!("{:#?}\n", producers::members::invitations(&mut tx, id).await.unwrap()));
        text.push_str(&format!("{:#?}\n", evidence::of_producer(&mut tx, id).await.unwrap()));
        text.push_str(&format!("{:#?}\n", products::of_producer(&mut tx, id).await.unwrap()));
    }
    for id in of {
        let mut product = products::find(&mut tx, id).await.unwrap().unwrap();
        product.version = 0;
        text.push_str(&format!("{product:#?}\n"));
        text.push_str(&format!("{:#?}\n", dossiers::of_product(&mut tx, id).await.unwrap()));
        text.push_str(&format!("{:#?}\n", recognition::certificates_of_product(&mut tx, id).await.unwrap()));
        text.push_str(&format!("{:#?}\n", evaluations::of_product(&mut tx, id).await.unwrap()));
        text.push_str(&format!("{:#?}\n", products::facts::listings(&mut tx, id).await.unwrap()));
        text.push_str(&format!("{:#?}\n", products::facts::revenues(&mut tx, id).await.unwrap()));
        text.push_str(&format!("{:#?}\n", products::facts::former_codes(&mut tx, id).await.unwrap()));
    }
    text
}

/// The same cooperative, registered again by somebody else, with another address and one product.
async fn again(world: &World) -> (ProducerId, ProductId) {
    let app = &world.app;
    let mut tx = app.db.read().await.unwrap();
    let other = ocop_store::units::children(&mut tx, "22").await.unwrap();
    let elsewhere = other.into_iter().find(|unit| unit.code != world.commune).unwrap();
    drop(tx);
    let input = ProducerInput {
        name: "HTX Mật ong rừng Bình Liêu".to_owned(),
        tax_code: "5700123456".to_owned(),
        commune: elsewhere.code,
        ..typed(&world.commune)
    };
    let id = register(app, &world.other_producer, &input).await.unwrap();
    let actor = world.again(&world.other_producer).await;
    let product = add(app, &actor, &id, &ProductInput { set_no: "6".to_owned(), ..honey() }).await.unwrap();
    (id, product)
}

fn decided(product: &ProductId, day: &str, number: &str) -> EvaluationInput {
    let paper = on_paper(product, day, day);
    let decision = paper.decision.map(|decision| PaperDecision { number: number.to_owned(), ..decision });
    EvaluationInput { decision, ..paper }
}

async fn revenue(world: &World, product: &ProductId, year: &str, amount: &str) {
    let fact = FactInput {
        fact: "revenue".to_owned(),
        year: year.to_owned(),
        amount: amount.to_owned(),
        ..FactInput::default()
    };
    note(&world.app, &world.officer, product, &fact).await.unwrap();
}

/// The honey, a second record of it under the same producer, each with a certificate of its own and
/// one that both have.
async fn two_products(world: &World) -> (Honey, ProductId) {
    let kept = honey_in_round(world).await;
    let app = &world.app;
    let twin = add(app, &kept.actor, &kept.producer, &ProductInput { set_no: "6".to_owned(), ..honey() })
        .await
        .unwrap();
    let inputs = [
        decided(&kept.product, "2022-12-02", "1"),
        decided(&twin, "2022-12-02", "1"),
        decided(&twin, "2020-05-02", "2"),
    ];
    record_many(app, system(Action::RecordEvaluation), "22", &inputs).await.unwrap();
    revenue(world, &kept.product, "2024", "10").await;
    revenue(world, &twin, "2024", "20").await;
    revenue(world, &twin, "2023", "30").await;
    (kept, twin)
}

fn refusal(outcome: Result<impl Sized, AppError>) -> String {
    match outcome.err() {
        Some(AppError::Refused(refusal)) => refusal.to_string(),
        other => panic!("a refusal expected, not {other:?}"),
    }
}

#[tokio::test]
async fn a_producer_registered_twice_becomes_one_and_two_again() {
    let world = World::new().await;
    let app = &world.app;
    let kept = honey_in_round(&world).await;
    let (gone, product) = again(&world).await;
    let (stays, goes) = (kept.producer.as_str(), gone.as_str());
    let found = duplicates(app, &world.officer).await.unwrap();
    let pair = found.candidates.iter().find(|one| one.record == Record::Producer).unwrap();
    assert!(pair.why.contains(&Likeness::Name), "{pair:?}");

    let seen = preview(app, &world.officer, Record::Producer, stays, goes).await.unwrap();
    assert_eq!(seen.moves, [("người quản lý", 1), ("sản phẩm", 1)]);
    let names: Vec<_> = seen.differences.iter().map(|one| (one.name, one.from_gone)).collect();
    assert_eq!(names, [("name", false), ("tax_code", true), ("address", false)]);

    let all = told(app, &[&kept.producer, &gone], &[&kept.product, &product]).await;
    let take = ["tax_code".to_owned(), "address".to_owned()];
    let both = (stays, goes);
    for stranger in [&kept.actor, &world.commune_officer, &world.other_producer] {
        let outcome = merge(app, stranger, Record::Producer, both, &take).await;
        assert!(matches!(outcome, Err(AppError::Denied(_))));
    }
    for _ in 0..2 {
        merge(app, &world.officer, Record::Producer, both, &take).await.unwrap();
    }
    let mut tx = app.db.read().await.unwrap();
    let one = producers::find(&mut tx, &kept.producer).await.unwrap().unwrap();
    assert_eq!(one.tax_code, "5700123456");
    let held = products::of_producer(&mut tx, &kept.producer).await.unwrap();
    assert_eq!((held.len(), held.iter().all(|product| product.commune == one.commune)), (2, true));
    assert_eq!(
        producers::find(&mut tx, &gone).await.unwrap().unwrap().merged_into,
        Some(kept.producer.clone())
    );
    drop(tx);
    assert_eq!(members::view(app, &kept.actor, &kept.producer).await.unwrap().members.len(), 2);
    let again = duplicates(app, &world.officer).await.unwrap();
    assert!(again.candidates.iter().all(|one| one.record == Record::Product), "{again:?}");
    assert_eq!((again.merged.len(), again.merged[0].moved), (1, 2));

    for _ in 0..2 {
        undo(app, &world.officer, goes).await.unwrap();
    }
    assert_eq!(told(app, &[&kept.producer, &gone], &[&kept.product, &product]).await, all);
    let mut tx = app.db.read().await.unwrap();
    let links = journal::links_of(&mut tx, "province:22").await.unwrap();
    let entries: Vec<&str> =
        links.iter().filter(|link| link.action == "merge_records").map(|link| link.data.as_str()).collect();
    assert_eq!(entries.len(), 2, "one entry for each, none for what changed nothing");
    assert!(entries[0].contains(product.as_str()) && !entries[0].contains("0203"), "{}", entries[0]);
}

#[tokio::test]
async fn a_product_entered_twice_becomes_one_and_two_again() {
    let world = World::new().await;
    let app = &world.app;
    let (kept, twin) = two_products(&world).await;
    let both = (kept.product.as_str(), twin.as_str());
    let all = told(app, &[&kept.producer], &[&kept.product, &twin]).await;
    let seen = preview(app, &world.officer, Record::Product, both.0, both.1).await.unwrap();
    assert_eq!(seen.moves, [("doanh thu năm", 1), ("giấy chứng nhận", 1), ("kết quả đánh giá", 1)]);
    assert_eq!(seen.stays, [("doanh thu năm", 1), ("giấy chứng nhận", 1), ("kết quả đánh giá", 1)]);
    merge(app, &world.officer, Record::Product, both, &[]).await.unwrap();
    let page = crate::products::view(app, &kept.actor, &kept.product).await.unwrap();
    let titles: Vec<&str> = page.history.entries.iter().map(|entry| entry.title.as_str()).collect();
    assert!(titles.contains(&"Công nhận mới 3 sao, cấp tỉnh"), "{titles:?}");
    assert!(titles.contains(&"Công nhận lại 3 sao, cấp tỉnh"), "{titles:?}");
    let revenues: Vec<_> = page.history.revenues.iter().map(|one| (one.year, one.amount)).collect();
    assert_eq!(revenues, [(2024, 10), (2023, 30)]);
    assert_eq!(crate::producers::view(app, &kept.actor, &kept.producer).await.unwrap().products.len(), 1);
    undo(app, &world.officer, both.1).await.unwrap();
    assert_eq!(told(app, &[&kept.producer], &[&kept.product, &twin]).await, all);
}

#[tokio::test]
async fn what_changed_since_is_not_taken_back() {
    let world = World::new().await;
    let app = &world.app;
    let (kept, twin) = two_products(&world).await;
    let both = (kept.product.as_str(), twin.as_str());
    merge(app, &world.officer, Record::Product, both, &[]).await.unwrap();
    revenue(&world, &kept.product, "2023", "31").await;
    assert!(refusal(undo(app, &world.officer, both.1).await).contains("doanh thu năm đã thay đổi"));

    let (gone, product) = again(&world).await;
    merge(app, &world.officer, Record::Producer, (kept.producer.as_str(), gone.as_str()), &[]).await.unwrap();
    let actor = world.again(&kept.actor).await;
    crate::dossiers::open(app, &actor, &product, &kept.round, ocop_core::dossiers::DossierKind::First)
        .await
        .unwrap();
    assert!(refusal(undo(app, &world.officer, gone.as_str()).await).contains("hồ sơ đã thay đổi"));
}

#[tokio::test]
async fn two_products_under_way_or_of_two_producers_are_not_merged() {
    let world = World::new().await;
    let app = &world.app;
    let (kept, twin) = two_products(&world).await;
    let actor = world.again(&kept.actor).await;
    for product in [&kept.product, &twin] {
        crate::dossiers::open(app, &actor, product, &kept.round, ocop_core::dossiers::DossierKind::First)
            .await
            .unwrap();
    }
    let both = (kept.product.as_str(), twin.as_str());
    assert!(
        refusal(merge(app, &world.officer, Record::Product, both, &[]).await).contains("hồ sơ chưa kết thúc")
    );
    assert!(preview(app, &world.officer, Record::Product, both.0, both.1).await.unwrap().obstacle.is_some());
    let (_, foreign) = again(&world).await;
    let other = (kept.product.as_str(), foreign.as_str());
    assert!(
        refusal(merge(app, &world.officer, Record::Product, other, &[]).await).contains("gộp chủ thể trước")
    );
    let same = (kept.product.as_str(), kept.product.as_str());
    assert!(matches!(merge(app, &world.officer, Record::Product, same, &[]).await, Err(AppError::NotFound)));
}
