//! The way to the centre and back.

use std::io::Read;

use ocop_core::id::CouncilId;
use ocop_core::people::SeatKind;
use ocop_store::evidence::Citation;

use super::*;
use crate::accounts::{GrantInput, grant_by_system};
use crate::councils::testing::{Sitting, seat};
use crate::councils::{
    AssignInput, ReportInput, add_seat, assign_dossiers, create_council, file_report, new_council,
};
use crate::recognition::testing::{certificate_of, confirmed, decision};
use crate::recognition::{DecisionInput, accept_dossier, notify_results, record_decision};
use crate::rounds::RoundInput;
use crate::scoring::confirm_result;
use crate::testing::{PASSWORD, World, invalid};

/// A dossier of the province whose result is approved for the centre.
async fn for_centre() -> Sitting {
    let sitting = confirmed(100).await;
    record_decision(sitting.app(), &sitting.world.officer, &sitting.council, &decision()).await.unwrap();
    sitting
}

async fn of_centre(world: &World, email: &str, role: &str) -> Actor {
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

async fn round(app: &App, officer: &Actor, office: &str, name: &str) -> RoundId {
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
struct Centre {
    /// The centre's officer.
    officer: Actor,
    /// The province's dossier.
    sent: DossierId,
    /// The province's officer.
    sender: Actor,
    /// The central council with the dossier there.
    sitting: Sitting,
}

impl Centre {
    async fn scoring() -> Self {
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
    async fn judged(total: u16) -> Self {
        let centre = Self::scoring().await;
        let sitting = &centre.sitting;
        for actor in [&sitting.chair, &sitting.secretary, &sitting.members[0], &sitting.members[1]] {
            sitting.seal(actor, 1, total).await.unwrap();
        }
        confirm_result(sitting.app(), &sitting.chair, &sitting.dossier).await.unwrap();
        centre
    }

    /// The province has heard of a result below 5 stars.
    async fn refused(total: u16) -> Self {
        let centre = Self::judged(total).await;
        assert_eq!(notify_results(centre.app(), &centre.officer, &centre.sitting.council).await.unwrap(), 1);
        centre
    }

    fn app(&self) -> &App {
        self.sitting.app()
    }

    /// What the histories of the province's dossier and of the centre's tell last.
    async fn last_lines(&self) -> (String, String) {
        let last = async |id: &DossierId| {
            let told = crate::dossiers::overview(self.app(), &self.sitting.honey.actor, id).await.unwrap();
            told.history[0].what.clone()
        };
        (last(&self.sent).await, last(&self.sitting.dossier).await)
    }

    async fn states(&self) -> (State, State) {
        (state(self.app(), &self.sent).await, state(self.app(), &self.sitting.dossier).await)
    }
}

async fn council(world: &World, officer: &Actor, round: &RoundId) -> CouncilId {
    let mut form = new_council(&world.app, officer, round).await.unwrap().input;
    form.decision_no = "88/QĐ-BNNMT".to_owned();
    form.decision_on = "01/11/2026".to_owned();
    create_council(&world.app, officer, round, &form).await.unwrap()
}

async fn state(app: &App, id: &DossierId) -> State {
    let mut tx = app.db.read().await.unwrap();
    ocop_store::dossiers::find(&mut tx, id).await.unwrap().unwrap().state
}

async fn clean(app: &App) {
    let audit = crate::audit::run(app).await.unwrap();
    assert!(audit.is_clean(), "{:?} {:?}", audit.faults, audit.journal.faults);
}

#[tokio::test]
async fn the_centre_recognises_five_stars() {
    let centre = Centre::judged(100).await;
    let app = centre.app();
    let denied = record_decision(app, &centre.sender, &centre.sitting.council, &decision()).await;
    assert!(matches!(denied, Err(AppError::Denied(_))), "{denied:?}");
    let reads = async |actor| bundle(app, actor, &centre.sitting.dossier).await.is_ok();
    assert!(
        reads(&centre.officer).await && reads(&centre.sitting.chair).await && !reads(&centre.sender).await
    );
    let input = DecisionInput { number: "99/QĐ-BNNMT".to_owned(), ..decision() };
    record_decision(app, &centre.officer, &centre.sitting.council, &input).await.unwrap();
    assert_eq!(centre.states().await, (State::FiveStars, State::Recognised));
    let (own, there) = (
        "Trung ương công nhận 5 sao, cấp giấy chứng nhận",
        "Ghi quyết định công nhận 5 sao, cấp giấy chứng nhận",
    );
    assert_eq!(centre.last_lines().await, (own.to_owned(), there.to_owned()));
    let certificate = certificate_of(&centre.sitting).await.unwrap();
    assert_eq!(
        (certificate.stars, certificate.level, certificate.province.as_str(), certificate.number.as_str()),
        (5, Level::Centre, "22", "001/GCN-OCOP-2026")
    );
    let heard = view(app, &centre.sitting.honey.actor, &centre.sent).await.unwrap().sent.unwrap();
    assert_eq!(heard.answer, Some((Answer::FiveStars, "02/11/2026".to_owned(), "99/QĐ-BNNMT".to_owned())));
    crate::papers::certificate(app, &centre.sitting.honey.actor, &certificate.id).await.unwrap();
    clean(app).await;
}

#[tokio::test]
async fn the_province_recognises_on_the_centres_result() {
    let centre = Centre::refused(85).await;
    let (app, sender, sent) = (centre.app(), &centre.sender, &centre.sent);
    assert_eq!(centre.states().await, (State::Fallback, State::ReferredBack));
    let own = "Trung ương thông báo kết quả: chưa đạt 5 sao";
    let there = "Thông báo kết quả cho tỉnh: chưa đạt 5 sao, không cấp giấy chứng nhận";
    assert_eq!(
        centre.last_lines().await,
        (own.to_owned(), there.to_owned()),
        "a refusal gives no certificate"
    );
    let stars = view(app, sender, sent).await.unwrap().sent.unwrap().stars.unwrap();
    invalid(
        recognise(app, sender, sent, &DecisionInput::default()).await,
        &["number", "decided_on", "signed_by"],
    );
    let denied = recognise(app, &centre.officer, sent, &decision()).await;
    assert!(matches!(denied, Err(AppError::Denied(_))), "{denied:?}");
    let input = DecisionInput { number: "4600/QĐ-UBND".to_owned(), ..decision() };
    let decided = recognise(app, sender, sent, &input).await.unwrap();
    assert_eq!(state(app, sent).await, State::Recognised);
    let mut tx = app.db.read().await.unwrap();
    let certificate = ocop_store::recognition::certificate_of_dossier(&mut tx, sent).await.unwrap().unwrap();
    drop(tx);
    assert_eq!((certificate.stars, certificate.level), (stars, Level::Province));
    for reader in [sender, &centre.sitting.honey.actor] {
        let paper = crate::papers::decision(app, reader, &decided).await.unwrap();
        assert!(paper.pdf.starts_with(b"%PDF"));
    }
    clean(app).await;
}

#[tokio::test]
async fn the_province_evaluates_again_up_to_four_stars() {
    let centre = Centre::refused(85).await;
    let (app, sender, sent) = (centre.app(), &centre.sender, &centre.sent);
    let nowhere = evaluate_again(app, sender, sent, &AgainInput::default()).await;
    assert!(matches!(nowhere, Err(AppError::Refused(_))), "{nowhere:?}");
    let round = round(app, sender, "22", "Đợt bổ sung năm 2026").await;
    let next = evaluate_again(app, sender, sent, &AgainInput { round: round.to_string() }).await.unwrap();
    assert_eq!((state(app, sent).await, state(app, &next).await), (State::Again, State::Accepted));
    assert_eq!(view(app, sender, sent).await.unwrap().again.as_ref(), Some(&next));
    let mut tx = app.db.read().await.unwrap();
    let (own, again) = (
        ocop_store::dossiers::latest_submission(&mut tx, sent).await.unwrap().unwrap(),
        ocop_store::dossiers::latest_submission(&mut tx, &next).await.unwrap().unwrap(),
    );
    assert_eq!((own.hash, own.snapshot), (again.hash, again.snapshot));
    drop(tx);
    clean(app).await;
}

#[tokio::test]
async fn a_dossier_taken_back_at_the_centre_comes_back_to_the_province() {
    let sitting = for_centre().await;
    let officer = of_centre(&sitting.world, "tw@b.vn", "central_officer").await;
    let (app, sender, sent) = (sitting.app(), &sitting.world.officer, &sitting.dossier);
    let round = round(app, &officer, CENTRE, "Đợt 2 năm 2026 của trung ương").await;
    send(app, sender, sent, &SendInput { round: round.to_string() }).await.unwrap();
    let (central, _) = view(app, sender, sent).await.unwrap().sent.unwrap().central.unwrap();
    let why = crate::dossiers::WithdrawInput { reason: "Chưa đủ sản lượng.".to_owned() };
    crate::dossiers::withdraw(app, &sitting.honey.actor, &central, &why).await.unwrap();
    assert_eq!(state(app, sent).await, State::Fallback);
    let refused = recognise(app, sender, sent, &decision()).await;
    assert!(matches!(refused, Err(AppError::Refused(_))), "{refused:?}");
    close(app, sender, sent).await.unwrap();
    assert_eq!(state(app, sent).await, State::NotRecognised);
    assert!(crate::papers::notice(app, sender, sent).await.unwrap().pdf.starts_with(b"%PDF"));
    clean(app).await;
}

#[tokio::test]
async fn the_answer_of_a_centre_outside_is_noted() {
    let sitting = for_centre().await;
    let (app, sender, sent) = (sitting.app(), &sitting.world.officer, &sitting.dossier);
    let input = AnswerInput {
        answer: "five_stars".to_owned(),
        number: "99/QĐ-BNNMT".to_owned(),
        answered_on: "02/11/2026".to_owned(),
        signed_by: "Bộ trưởng".to_owned(),
        certificate_no: "12/GCN".to_owned(),
        mean: "93,25".to_owned(),
        ..AnswerInput::default()
    };
    assert!(matches!(note_answer(app, sender, sent, &input).await, Err(AppError::NotFound)), "not sent");
    send(app, sender, sent, &SendInput { round: "outside".to_owned() }).await.unwrap();
    let empty = AnswerInput { answer: "refused".to_owned(), ..AnswerInput::default() };
    invalid(note_answer(app, sender, sent, &empty).await, &["number", "answered_on", "mean", "stars"]);
    note_answer(app, sender, sent, &input).await.unwrap();
    assert_eq!(state(app, sent).await, State::FiveStars);
    let certificate = certificate_of(&sitting).await.unwrap();
    assert_eq!(
        (certificate.stars, certificate.level, certificate.number.as_str()),
        (5, Level::Centre, "12/GCN")
    );
    assert!(note_answer(app, sender, sent, &input).await.is_err(), "twice");
    clean(app).await;
}

#[tokio::test]
async fn the_bundle_holds_what_its_manifest_says() {
    let sitting = for_centre().await;
    let (app, sender, sent) = (sitting.app(), &sitting.world.officer, &sitting.dossier);
    assert!(matches!(bundle(app, &sitting.chair, sent).await, Err(AppError::Denied(_))));
    let read = async || {
        let mut bytes = Vec::new();
        bundle(app, sender, sent).await.unwrap().archive.read_to_end(&mut bytes).unwrap();
        bytes
    };
    let bytes = read().await;
    assert_eq!(bytes, read().await, "the same facts give the same bytes");
    let packed = bundle::pack(app, sender, sent).await.unwrap().1;
    let text = String::from_utf8_lossy(&bytes);
    for one in &packed {
        assert!(text.contains(&one.file) && text.contains(&one.sha256), "{one:?}");
    }
    let mut tx = app.db.read().await.unwrap();
    let cited: Vec<Citation> = ocop_store::evidence::citations_of(&mut tx, sent).await.unwrap();
    drop(tx);
    let evidence = packed.iter().filter(|one| one.file.starts_with("minh-chung/")).count();
    assert!(evidence > 0 && evidence <= cited.len(), "{evidence} of {}", cited.len());
    assert_eq!(packed[1].title, "Quyết định phê duyệt kết quả");
    send(app, sender, sent, &SendInput { round: "outside".to_owned() }).await.unwrap();
    assert_eq!(view(app, sender, sent).await.unwrap().sent.unwrap().files, packed);
    assert_eq!(bytes, read().await, "what was sent is kept");
}
