//! Dossiers that were filed before Decision 26/2026 came into force (its Article 12.2).

use chrono::Days;
use ocop_core::dossiers::{DossierKind, Event};
use ocop_core::id::{DossierId, ProductId};
use ocop_core::time::date;

use super::testing::{Honey, complete_as, drive, honey, register};
use super::{overview, submit};
use crate::products::ProductInput;
use crate::rounds::{self, BoardFilter, RoundInput, board};
use crate::testing::{World, refused};

/// Quảng Ninh on 11/5/2026 with a round under the rules before: two honeys, each with a complete dossier.
async fn before_the_change() -> (World, Honey, [DossierId; 2]) {
    let world = World::new().await;
    world.clock.forward_days(-175);
    let app = &world.app;
    assert_eq!(app.today().to_string(), "2026-05-11");
    let producer = crate::producers::register(app, &world.producer, &register(&world.commune)).await.unwrap();
    let actor = world.again(&world.producer).await;
    let on = |days: u64| date(app.today() + Days::new(days));
    let dates = RoundInput {
        name: "Đợt 1 năm 2026".to_owned(),
        opens_on: on(0),
        propose_by: on(100),
        result_by: on(150),
        ..RoundInput::default()
    };
    let round = rounds::open(app, &world.officer, "22", &dates).await.unwrap();
    let mut dossiers = Vec::new();
    let mut last: Option<Honey> = None;
    for name in ["Mật ong rừng", "Mật ong hoa sở"] {
        let input = ProductInput { name: name.to_owned(), ..honey() };
        let product: ProductId = crate::products::add(app, &actor, &producer, &input).await.unwrap();
        let one = Honey { actor: actor.clone(), producer: producer.clone(), product, round: round.clone() };
        dossiers.push(complete_as(&world, &one, DossierKind::First).await);
        last = Some(one);
    }
    (world, last.unwrap(), dossiers.try_into().unwrap())
}

#[tokio::test]
async fn what_was_filed_before_goes_on_under_the_old_rules_to_a_last_day() {
    let (world, honey, [filed, draft]) = before_the_change().await;
    let app = &world.app;
    submit(app, &honey.actor, &filed).await.unwrap();
    let told = async |id: &DossierId| overview(app, &honey.actor, id).await.unwrap().transition;
    assert_eq!(told(&filed).await, "", "nothing has changed yet");
    world.clock.forward_days(11);
    assert_eq!(app.today().to_string(), "2026-05-22");
    let words = told(&filed).await;
    for part in ["trước ngày 22/05/2026", "chậm nhất đến hết ngày 21/07/2026", "Điều 12 khoản 2 điểm a"]
    {
        assert!(words.contains(part), "{words}");
    }
    drive(&world, &filed, &[Event::Propose, Event::Accept]).await;
    let rows = board(app, &world.officer, &honey.round, &BoardFilter::default()).await.unwrap().rows;
    let due = rows.iter().find(|row| row.dossier.id == filed).unwrap().due.clone().unwrap();
    assert_eq!((due.day.as_str(), due.late), ("21/07/2026", false), "sooner than the round's day");

    assert_eq!(told(&draft).await, "");
    refused(submit(app, &honey.actor, &draft).await, "chưa nộp trước ngày 22/05/2026");

    world.clock.forward_days(61);
    let late = told(&filed).await;
    assert!(late.contains("Đã quá hạn này") && late.contains("đăng ký lại"), "{late}");
}
