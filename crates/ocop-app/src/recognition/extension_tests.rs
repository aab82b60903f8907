//! A certificate runs on while its holder's re-evaluation is decided (Article 12.3).

use chrono::{Days, NaiveDate};
use ocop_core::dossiers::{DossierKind, Event};
use ocop_core::id::{CertificateId, DossierId};
use ocop_core::policy::{Action, system};
use ocop_core::recognition::{CertificateState, Validity};
use ocop_core::registry::ProductFilter;
use ocop_core::time::date;

use super::certificate;
use super::testing::renewal_filed;
use crate::dossiers::testing::{complete_as, drive, honey_in_round};
use crate::dossiers::{WithdrawInput, submit, withdraw};
use crate::evaluations::record_many;
use crate::evaluations::testing::on_paper;
use crate::public::{self, Verdict};
use crate::reports::{Scope, summary_by_system};
use crate::testing::World;
use crate::{App, home};

/// What everybody and the office are told about a certificate today: its state, whether its star is
/// shown, in how many lists its product has a star, and what extends it.
async fn told(world: &World, id: &CertificateId) -> (CertificateState, bool, usize, String) {
    let app = &world.app;
    let view = certificate(app, &world.officer, id).await.unwrap();
    let Verdict::Known(checked) = public::check(app, &view.certificate.check_code).await.unwrap() else {
        panic!("no certificate")
    };
    let page = public::product(app, &view.certificate.product_id).await.unwrap();
    assert_eq!(page.certificate, checked.certificate);
    let listed = public::products(app, &public::PublicFilter::default()).await.unwrap().found;
    let starred = ProductFilter { standing: "starred".to_owned(), ..ProductFilter::default() };
    let first = crate::registry::At::default();
    let register = crate::registry::products(app, &world.officer, &starred, &first).await.unwrap().total;
    let scope = Scope::of_province("22", app.today());
    let report = summary_by_system(app, scope).await.unwrap().products.starred;
    let lists = [listed, register, report].into_iter().filter(|found| *found > 0).count();
    let shown = checked.certificate.validity == Validity::InForce;
    assert_eq!(shown, view.state.runs());
    (view.state, shown, lists, checked.certificate.extension)
}

fn move_to(world: &World, day: NaiveDate) {
    world.clock.forward_days((day - world.app.today()).num_days());
}

fn has_todo(todos: &[home::Todo], day: NaiveDate) -> bool {
    let due = date(day);
    todos.iter().any(|todo| {
        todo.what.contains("trước khi sao hết hiệu lực")
            && todo.due.as_ref().is_some_and(|one| one.day == due)
    })
}

async fn todos(world: &World) -> Vec<home::Todo> {
    home::todos(&world.app, &world.again(&world.officer).await).await.unwrap()
}

#[tokio::test]
async fn who_files_in_the_window_keeps_the_star_until_the_result() {
    let (sitting, held, id) = renewal_filed().await;
    let (world, app, honey) = (&sitting.world, sitting.app(), &sitting.honey);
    let actor = &honey.actor;
    let filed_on = date(app.today());
    assert_eq!(told(world, &held.id).await, (CertificateState::Valid, true, 3, String::new()));
    assert!(certificate(app, actor, &held.id).await.unwrap().extension.contains(&filed_on));

    let (last, most) = (held.valid_until, held.valid_until + Days::new(180));
    move_to(world, last + Days::new(1));
    let (state, shown, lists, words) = told(world, &held.id).await;
    assert_eq!((state, shown, lists), (CertificateState::Extended, true, 3));
    for part in [&filed_on, &date(most), "Điều 12 khoản 3"] {
        assert!(words.contains(part), "{words}");
    }
    assert!(has_todo(&todos(world).await, most));
    let seen = certificate(app, &world.officer, &held.id).await.unwrap();
    assert!(
        seen.may_revoke && seen.may_verify && seen.may_inspect,
        "an extended star is watched as any other"
    );
    let history = crate::products::view_on(app, &world.officer, &honey.product, "").await.unwrap().history;
    assert!(history.status.extended && history.status.held.is_some_and(|(day, _)| day == most));
    assert!(history.entries.iter().any(|entry| entry.title.contains("chờ kết quả đánh giá lại")));

    // The commune gives it back: nothing is decided any more. Filed again, it goes on.
    drive(world, &id, &[Event::ReturnByCommune]).await;
    assert_eq!(told(world, &held.id).await, (CertificateState::Expired, false, 0, String::new()));
    assert!(!has_todo(&todos(world).await, most));
    submit(app, actor, &id).await.unwrap();
    assert_eq!(told(world, &held.id).await.0, CertificateState::Extended);
    // A completion for the province leaves the dossier with it.
    drive(world, &id, &[Event::Propose, Event::ReturnByProvince]).await;
    assert_eq!(told(world, &held.id).await.0, CertificateState::Extended);
    let reason = WithdrawInput { reason: "Ngừng làm.".to_owned() };
    withdraw(app, actor, &id, &reason).await.unwrap();
    assert_eq!(told(world, &held.id).await, (CertificateState::Expired, false, 0, String::new()));
    let as_of = async |on: NaiveDate| {
        crate::products::view_on(app, &world.officer, &honey.product, &date(on)).await.unwrap().history.status
    };
    assert_eq!(as_of(last).await.stars, Some(3));
    assert_eq!(as_of(last + Days::new(1)).await.stars, None, "it ended the day it began");
}

#[tokio::test]
async fn an_extension_ends_with_its_last_day_or_with_the_result() {
    let (sitting, held, id) = renewal_filed().await;
    let (world, app) = (&sitting.world, sitting.app());
    let most = held.valid_until + Days::new(180);
    move_to(world, most);
    assert_eq!(told(world, &held.id).await.0, CertificateState::Extended);
    move_to(world, most + Days::new(1));
    assert_eq!(told(world, &held.id).await, (CertificateState::Expired, false, 0, String::new()));
    let states = [
        Event::Propose,
        Event::Accept,
        Event::AssignRenewal,
        Event::FileCheck,
        Event::OpenScoring,
        Event::Agree,
        Event::Confirm,
    ];
    drive(world, &id, &states).await;
    assert_eq!(ended_on(app, &id).await, None, "a result that nobody was told ends nothing");
    drive(world, &id, &[Event::NotifyResult]).await;
    assert_eq!(ended_on(app, &id).await, Some(app.today()));
}

async fn ended_on(app: &App, dossier: &DossierId) -> Option<NaiveDate> {
    let mut tx = app.db.read().await.unwrap();
    ocop_store::recognition::extension::find(&mut tx, dossier).await.unwrap().unwrap().ended_on
}

#[tokio::test]
async fn who_could_not_keep_the_window_gets_the_star_back_by_filing_late() {
    let world = World::new().await;
    let honey = honey_in_round(&world).await;
    let (app, officer) = (&world.app, &world.officer);
    let paper = on_paper(&honey.product, "2023-08-20", "2023-09-02");
    record_many(app, system(Action::RecordEvaluation), "22", &[paper]).await.unwrap();
    let held = {
        let mut tx = app.db.read().await.unwrap();
        ocop_store::recognition::certificates_of_product(&mut tx, &honey.product).await.unwrap().remove(0)
    };
    assert_eq!(held.valid_until.to_string(), "2026-09-01", "two months ago");
    assert_eq!(told(&world, &held.id).await, (CertificateState::Expired, false, 0, String::new()));
    let id = complete_as(&world, &honey, DossierKind::Renewal).await;
    assert_eq!(told(&world, &held.id).await.0, CertificateState::Expired, "a draft is not filed");
    submit(app, &honey.actor, &id).await.unwrap();
    let (state, shown, lists, words) = told(&world, &held.id).await;
    assert_eq!((state, shown, lists), (CertificateState::Extended, true, 3));
    assert!(words.contains("28/02/2027"), "{words}");
    let status = async |on: &str| {
        crate::products::view_on(app, officer, &honey.product, on).await.unwrap().history.status.stars
    };
    assert_eq!(status("15/09/2026").await, Some(3), "it stays in force from its last day on");
    assert_eq!(status("28/02/2027").await, Some(3));
    assert_eq!(status("01/03/2027").await, None);
}
