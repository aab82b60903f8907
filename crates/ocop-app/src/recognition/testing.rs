//! A confirmed result and a certificate for tests.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

use chrono::Days;
use ocop_core::dossiers::DossierKind;
use ocop_core::id::DossierId;
use ocop_core::time::date;
use ocop_store::recognition::Certificate;

use super::{DecisionInput, record_decision};
use crate::councils::testing::Sitting;
use crate::dossiers::{form, open, save_form, submit};
use crate::rounds::{self, RoundInput};
use crate::scoring::confirm_result;

/// A council whose four voters gave `total` points each; the chair has confirmed.
pub async fn confirmed(total: u16) -> Sitting {
    let sitting = Sitting::scoring(2).await;
    for actor in [&sitting.chair, &sitting.secretary, &sitting.members[0], &sitting.members[1]] {
        sitting.seal(actor, 1, total).await.unwrap();
    }
    confirm_result(sitting.app(), &sitting.chair, &sitting.dossier).await.unwrap();
    sitting
}

/// A decision as the office would type it.
pub fn decision() -> DecisionInput {
    DecisionInput {
        number: "4512/QĐ-UBND".to_owned(),
        decided_on: "02/11/2026".to_owned(),
        signed_by: "Chủ tịch, Nguyễn Văn Thử".to_owned(),
    }
}

/// The same with the decision recorded; the certificate.
pub async fn certified() -> (Sitting, Certificate) {
    let sitting = confirmed(CERTIFIED).await;
    record_decision(sitting.app(), &sitting.world.officer, &sitting.council, &decision()).await.unwrap();
    let certificate = certificate_of(&sitting).await.unwrap();
    (sitting, certificate)
}

/// The same 130 days before the certificate's last day, with a re-evaluation that the honey's producer has
/// filed: its dossier.
pub async fn renewal_filed() -> (Sitting, Certificate, DossierId) {
    let (mut sitting, held) = certified().await;
    let world = &sitting.world;
    world.clock.forward_days((held.valid_until - world.app.today()).num_days() - 130);
    let on = |days: u64| date(world.app.today() + Days::new(days));
    let input = RoundInput {
        name: "Đợt đánh giá lại".to_owned(),
        opens_on: on(0),
        propose_by: on(300),
        result_by: on(340),
        ..RoundInput::default()
    };
    let round = rounds::open(&world.app, &world.officer, "22", &input).await.unwrap();
    let actor = world.again(&sitting.honey.actor).await;
    let app = &world.app;
    let id = open(app, &actor, &sitting.honey.product, &round, DossierKind::Renewal).await.unwrap();
    let mut view = form(app, &actor, &id).await.unwrap();
    view.input.place = "Bình Liêu".to_owned();
    view.input.changes = "Không thay đổi".to_owned();
    save_form(app, &actor, &id, &view.input).await.unwrap();
    submit(app, &actor, &id).await.unwrap();
    sitting.honey.actor = actor;
    (sitting, held, id)
}

/// Points of 4 stars, lowered to 3 by the floors that the test's sheet misses.
pub const CERTIFIED: u16 = 85;

/// The certificate of the sitting's dossier.
pub async fn certificate_of(sitting: &Sitting) -> Option<Certificate> {
    let mut tx = sitting.app().db.read().await.unwrap();
    ocop_store::recognition::certificate_of_dossier(&mut tx, &sitting.dossier).await.unwrap()
}
