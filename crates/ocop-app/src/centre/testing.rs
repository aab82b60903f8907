//! The centre with a round and a council, for tests.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

use ocop_core::dossiers::State;
use ocop_core::id::{CouncilId, DossierId, RoundId};
use ocop_core::people::{Actor, SeatKind};
use ocop_core::units::CENTRE;
use ocop_store::recognition::Certificate;

use super::{SendInput, send, view};
use crate::accounts::{GrantInput, grant_by_system};
use crate::councils::testing::{Sitting, seat};
use crate::councils::{
    AssignInput, ReportInput, add_seat, assign_dossiers, create_council, file_report, new_council,
};
use crate::recognition::testing::{certificate_of, confirmed, decision};
use crate::recognition::{DecisionInput, accept_dossier, notify_results, record_decision};
use crate::rounds::RoundInput;
use crate::scoring::confirm_result;
use crate::testing::{PASSWORD, World};
use crate::{App, AppError};

/// A dossier of the province whose result is approved for the centre.
pub async fn for_centre() -> Sitting {
    let sitting = confirmed(100).await;
    record_decision(sitting.app(), &sitting.world.officer, &sitting.council, &decision()).await.unwrap();
    sitting
}

/// Somebody of the centre with a role there.
pub async fn of_centre(world: &World, email: &str, role: &str) -> Actor {
    let input = GrantInput {
        name: email.to_owned(),
        email: email.to_owned(),
        role: role.to_owned(),
        password: PASSWORD.to_owned(),
        ..GrantInput::default()
    };
    let person = grant_by_system(&world.app, CENTRE, &input).await.unwrap();
    let mut tx = world.app.db.read().await.unwrap();
    ocop_store::people::actor_of(&mut tx, &person).await.unwrap()
}

/// A round of an office that takes dossiers.
pub async fn round(app: &App, officer: &Actor, office: &str, name: &str) -> RoundId {
    let input = RoundInput {
        name: name.to_owned(),
        opens_on: "01/10/2026".to_owned(),
        propose_by: "29/01/2027".to_owned(),
        result_by: "29/03/2027".to_owned(),
        ..RoundInput::default()
    };
    crate::rounds::open(app, officer, office, &input).await.unwrap()
}

/// The centre with a round and a council, before which the dossier that was sent stands advised.
pub struct Centre {
    /// The centre's officer.
    pub officer: Actor,
    /// The province's dossier.
    pub sent: DossierId,
    /// The province's officer.
    pub sender: Actor,
    /// The central council with the dossier there.
    pub sitting: Sitting,
}

impl Centre {
    /// The central council scores.
    pub async fn scoring() -> Self {
        let sitting = for_centre().await;
        let officer = of_centre(&sitting.world, "tw@b.vn", "central_officer").await;
        let (app, sender, sent) = (sitting.app(), sitting.world.officer.clone(), sitting.dossier.clone());
        let round = round(app, &officer, CENTRE, "Đợt 2 năm 2026 của trung ương").await;
        let input = SendInput { round: round.to_string() };
        send(app, &sender, &sent, &input).await.unwrap();
        assert!(matches!(send(app, &sender, &sent, &input).await, Err(AppError::Refused(_))), "twice");
        let view = view(app, &sender, &sent).await.unwrap();
        let (dossier, state) = view.sent.unwrap().central.unwrap();
        assert_eq!(state, State::AtCentre);
        assert!(matches!(accept_dossier(app, &sender, &dossier).await, Err(AppError::Denied(_))));
        let receipt = accept_dossier(app, &officer, &dossier).await.unwrap();
        assert!(receipt.contains("-00-"), "{receipt}");
        let council = council(&sitting.world, &officer, &round).await;
        let mut seated = Vec::new();
        for (no, kind) in
            [SeatKind::Chair, SeatKind::Secretary, SeatKind::Member, SeatKind::Member, SeatKind::Member]
                .into_iter()
                .chain([SeatKind::Advisor])
                .enumerate()
        {
            let actor = of_centre(&sitting.world, &format!("tw{no}@b.vn"), "assessor").await;
            add_seat(app, &officer, &council, &seat(&actor, kind)).await.unwrap();
            seated.push(sitting.world.again(&actor).await);
        }
        let ticked = AssignInput { dossiers: vec![dossier.to_string()] };
        assign_dossiers(app, &officer, &council, &ticked).await.unwrap();
        let [chair, secretary, one, two, three, advisor] = seated.try_into().unwrap();
        let report =
            ReportInput { summary: "Hồ sơ đủ.".to_owned(), proposal: "Đưa ra họp.".to_owned() };
        file_report(app, &advisor, &dossier, &report).await.unwrap();
        let Sitting { world, honey, .. } = sitting;
        let members = vec![one, two, three];
        let sitting = Sitting { world, honey, dossier, council, chair, secretary, members, advisor };
        sitting
            .open(&[&sitting.chair, &sitting.secretary, &sitting.members[0], &sitting.members[1]])
            .await
            .unwrap();
        Self { officer, sent, sender, sitting }
    }

    /// The centre's council gives so many points; the chair has confirmed.
    pub async fn judged(total: u16) -> Self {
        let centre = Self::scoring().await;
        let sitting = &centre.sitting;
        for actor in [&sitting.chair, &sitting.secretary, &sitting.members[0], &sitting.members[1]] {
            sitting.seal(actor, 1, total).await.unwrap();
        }
        confirm_result(sitting.app(), &sitting.chair, &sitting.dossier).await.unwrap();
        centre
    }

    /// The province has heard of a result below 5 stars.
    pub async fn refused(total: u16) -> Self {
        let centre = Self::judged(total).await;
        assert_eq!(notify_results(centre.app(), &centre.officer, &centre.sitting.council).await.unwrap(), 1);
        centre
    }

    /// The application.
    pub fn app(&self) -> &App {
        self.sitting.app()
    }

    /// What the histories of the province's dossier and of the centre's tell last.
    pub async fn last_lines(&self) -> (String, String) {
        let last = async |id: &DossierId| {
            let told = crate::dossiers::overview(self.app(), &self.sitting.honey.actor, id).await.unwrap();
            told.history[0].what.clone()
        };
        (last(&self.sent).await, last(&self.sitting.dossier).await)
    }

    /// The Minister's decision has recognised the product; its certificate of 5 stars.
    pub async fn five_stars() -> (Self, Certificate) {
        let centre = Self::judged(100).await;
        let input = DecisionInput { number: "99/QĐ-BNNMT".to_owned(), ..decision() };
        record_decision(centre.app(), &centre.officer, &centre.sitting.council, &input).await.unwrap();
        let certificate = certificate_of(&centre.sitting).await.unwrap();
        (centre, certificate)
    }

    /// Where the province's dossier and the centre's are.
    pub async fn states(&self) -> (State, State) {
        (state(self.app(), &self.sent).await, state(self.app(), &self.sitting.dossier).await)
    }
}

async fn council(world: &World, officer: &Actor, round: &RoundId) -> CouncilId {
    let mut form = new_council(&world.app, officer, round).await.unwrap().input;
    form.decision_no = "88/QĐ-BNNMT".to_owned();
    form.decision_on = "01/11/2026".to_owned();
    create_council(&world.app, officer, round, &form).await.unwrap()
}

/// Where a dossier is.
pub async fn state(app: &App, id: &DossierId) -> State {
    let mut tx = app.db.read().await.unwrap();
    ocop_store::dossiers::find(&mut tx, id).await.unwrap().unwrap().state
}
