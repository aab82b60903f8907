//! Conflicts of interest found by data: told before somebody is invited, noted when a dossier and a seat
//! come together, and closing every verb.

use crate::testing::{closed_to, faulty};
use ocop_core::councils::ConflictGround;
use ocop_core::people::SeatKind;
use ocop_core::policy::Denied;

use super::testing::{Sitting, seat};
use super::*;
use crate::AppError;

fn trained(sitting: &Sitting, actor: &ocop_core::people::Actor) -> AssistanceInput {
    let _ = sitting;
    AssistanceInput {
        person: actor.person.to_string(),
        producer: "hợp tác xã mật ong rừng bình liêu".to_owned(),
        kind: "trained".to_owned(),
        since: "02/03/2025".to_owned(),
        note: String::new(),
    }
}

async fn standing(sitting: &Sitting) -> Vec<(String, ConflictGround)> {
    let view = conflicts(sitting.app(), &sitting.world.officer, &sitting.council).await.unwrap();
    view.standing.into_iter().map(|one| (one.member, one.ground)).collect()
}

#[tokio::test]
async fn an_agency_that_is_the_producer_is_told_before_the_invitation() {
    let sitting = Sitting::accepted().await;
    let (app, officer) = (sitting.app(), &sitting.world.officer);
    let guest = &sitting.world.assessors[8];
    let input =
        SeatInput { agency: "HTX Mật ong rừng Bình Liêu".to_owned(), ..seat(guest, SeatKind::Member) };
    let told = add_seat(app, officer, &sitting.council, &input).await;
    let Err(AppError::Invalid(faults)) = told else { panic!("{told:?}") };
    assert_eq!(faults[0].field, "knowing");
    assert!(faults[0].message.contains("«Mật ong rừng»"), "{faults:?}");
    let knowing = SeatInput { knowing: "1".to_owned(), ..input };
    add_seat(app, officer, &sitting.council, &knowing).await.unwrap();
    assert_eq!(standing(&sitting).await, []);
    sitting.assign().await.unwrap();
    assert_eq!(standing(&sitting).await, [(guest.name.clone(), ConflictGround::Agency)]);
    let guest = sitting.world.again(guest).await;
    let read = crate::dossiers::overview(app, &guest, &sitting.dossier).await;
    assert!(matches!(read, Err(AppError::Denied(Denied::Conflict))), "{read:?}");
}

#[tokio::test]
async fn who_trained_the_producer_neither_reads_nor_scores_it() {
    let sitting = Sitting::advised().await;
    let (app, officer, member) = (sitting.app(), &sitting.world.officer, &sitting.members[0]);
    faulty(
        note_assistance(
            app,
            officer,
            &AssistanceInput { person: String::new(), ..trained(&sitting, member) },
        )
        .await,
        "person",
    );
    let unknown =
        AssistanceInput { producer: "Hợp tác xã khác".to_owned(), ..trained(&sitting, member) };
    faulty(note_assistance(app, officer, &unknown).await, "producer");
    let tomorrow = AssistanceInput { since: "05/11/2026".to_owned(), ..trained(&sitting, member) };
    faulty(note_assistance(app, officer, &tomorrow).await, "since");
    for stranger in [&sitting.honey.actor, &sitting.world.commune_officer] {
        closed_to(assistance(app, stranger).await);
        closed_to(note_assistance(app, stranger, &trained(&sitting, member)).await);
    }
    let entry = note_assistance(app, officer, &trained(&sitting, member)).await.unwrap();
    assert_eq!(standing(&sitting).await, [(member.name.clone(), ConflictGround::Assistance)]);
    assert_eq!(assistance(app, officer).await.unwrap().entries.len(), 1);
    let Sitting { chair, secretary, members, .. } = &sitting;
    sitting.open(&[chair, secretary, &members[0], &members[1], &members[2]]).await.unwrap();
    assert_eq!(sitting.ballots(1).await.len(), 4, "no ballot for the trainer");
    closed_to(crate::scoring::scoring(app, member, &sitting.dossier).await);
    closed_to(strike_assistance(app, member, &entry).await);
    strike_assistance(app, officer, &entry).await.unwrap();
    closed_to(strike_assistance(app, officer, &entry).await);
    assert!(assistance(app, officer).await.unwrap().entries.is_empty());
}

#[tokio::test]
async fn the_chair_who_advised_the_producer_says_so_and_cannot_open_its_scoring() {
    let sitting = Sitting::advised().await;
    let (app, chair) = (sitting.app(), &sitting.chair);
    // Whoever is named: an assessor notes only what he or she did.
    let input = trained(&sitting, &sitting.members[1]);
    note_assistance(app, chair, &input).await.unwrap();
    assert_eq!(standing(&sitting).await, [(chair.name.clone(), ConflictGround::Assistance)]);
    let own = assistance(app, chair).await.unwrap();
    assert!(!own.keeps && own.entries.len() == 1 && own.people.is_empty());
    assert!(assistance(app, &sitting.members[1]).await.unwrap().entries.is_empty());
    let opened = sitting.open(&[chair, &sitting.secretary, &sitting.members[0], &sitting.members[1]]).await;
    assert!(opened.err().is_some_and(|why| why.to_string().contains("Chủ tịch có xung đột lợi ích")));
}

#[tokio::test]
async fn a_relative_declared_by_the_producer_closes_the_dossier_when_the_agency_fits() {
    let sitting = Sitting::advising().await;
    let (app, owner, member) = (sitting.app(), &sitting.honey.actor, &sitting.members[2]);
    let relative = |agency: &str| RelativeInput {
        name: member.name.to_uppercase(),
        agency: agency.to_owned(),
        relation: "Em ruột".to_owned(),
    };
    faulty(declare_relative(app, owner, &sitting.dossier, &RelativeInput::default()).await, "name");
    for stranger in [member, &sitting.world.officer, &sitting.world.commune_officer] {
        closed_to(relatives(app, stranger, &sitting.dossier).await);
        closed_to(declare_relative(app, stranger, &sitting.dossier, &relative("Sở Y tế")).await);
    }
    declare_relative(app, owner, &sitting.dossier, &relative("Sở Y tế")).await.unwrap();
    assert_eq!(standing(&sitting).await, []);
    let view = conflicts(app, &sitting.world.officer, &sitting.council).await.unwrap();
    assert_eq!((view.doubtful.len(), view.doubtful[0].ground), (1, ConflictGround::Relative));
    declare_relative(app, owner, &sitting.dossier, &relative("Sở Khoa học và Công nghệ")).await.unwrap();
    assert_eq!(standing(&sitting).await, [(member.name.clone(), ConflictGround::Relative)]);
    let page = relatives(app, owner, &sitting.dossier).await.unwrap();
    assert!(page.is_open && page.relatives.len() == 2);
}

#[tokio::test]
async fn the_office_notes_a_conflict_until_the_council_scores() {
    let sitting = Sitting::advised().await;
    let (app, officer) = (sitting.app(), &sitting.world.officer);
    let input = NoteConflictInput {
        dossier: sitting.dossier.to_string(),
        seat: sitting.seat_id(&sitting.members[0]),
        reason: "Góp vốn vào chủ thể.".to_owned(),
    };
    let note = async |input: &NoteConflictInput| note_conflict(app, officer, &sitting.council, input).await;
    faulty(note(&NoteConflictInput { dossier: String::new(), ..input.clone() }).await, "dossier");
    faulty(note(&NoteConflictInput { seat: "x".to_owned(), ..input.clone() }).await, "seat");
    faulty(note(&NoteConflictInput { reason: " ".to_owned(), ..input.clone() }).await, "reason");
    for stranger in [&sitting.chair, &sitting.honey.actor] {
        closed_to(note_conflict(app, stranger, &sitting.council, &input).await);
        closed_to(conflicts(app, stranger, &sitting.council).await);
    }
    note(&input).await.unwrap();
    let again = note(&input).await.err().unwrap();
    assert!(again.to_string().contains("đã được ghi nhận"), "{again}");
    assert_eq!(standing(&sitting).await, [(sitting.members[0].name.clone(), ConflictGround::Noted)]);
    let Sitting { chair, secretary, members, .. } = &sitting;
    sitting.open(&[chair, secretary, &members[1], &members[2]]).await.unwrap();
    let late = NoteConflictInput { seat: sitting.seat_id(&members[1]), ..input };
    faulty(note(&late).await, "dossier");
}
