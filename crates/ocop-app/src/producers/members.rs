//! Several people act for one producer: they invite each other, and let each other go. An officer
//! invites the first one of a producer that came in from a file.

use chrono::{Days, NaiveDate};
use ocop_core::id::{InvitationId, PersonId, ProducerId};
use ocop_core::journal::{hex, sha256_hex};
use ocop_core::people::Actor;
use ocop_core::policy::{self, Action, Permit};
use ocop_core::time::date;
use ocop_store::db::Chain;
use ocop_store::producers::Producer;
use ocop_store::producers::members::{self as store, Invitation, Member};
use ocop_store::{Tx, people, producers};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{permitted, place, subject};
use crate::accounts::read_email;
use crate::runtime::fresh;
use crate::{App, AppError, FieldFault, Fields, Refusal};

/// Days that an invitation can be followed.
const VALID_DAYS: u64 = 14;

/// The page of those who act for a producer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MembersView {
    /// The producer.
    pub producer: Producer,
    /// Who acts for it, the first one first.
    pub members: Vec<Member>,
    /// Invitations that can still be followed, newest first.
    pub waiting: Vec<Invitation>,
    /// Whether the reader may invite.
    pub may_invite: bool,
    /// The reader, when acting for the producer: may let others go, or leave.
    pub reader: Option<PersonId>,
}

/// Who acts for a producer: for themselves and the officers in charge.
///
/// # Errors
/// [`AppError::Denied`] for anybody else.
pub async fn view(app: &App, actor: &Actor, id: &ProducerId) -> Result<MembersView, AppError> {
    let mut tx = app.db.read().await?;
    let (producer, _) = permitted(&mut tx, actor, Action::InviteMember, id).await?;
    let members = store::members(&mut tx, id).await?;
    let today = app.today();
    let mut waiting = store::invitations(&mut tx, id).await?;
    waiting.retain(|one| refused(one, today).is_none());
    let acts = acts_for(actor, id);
    Ok(MembersView {
        producer,
        may_invite: acts || members.is_empty(),
        members,
        waiting,
        reader: acts.then(|| actor.person.clone()),
    })
}

fn acts_for(actor: &Actor, id: &ProducerId) -> bool {
    actor.producers.contains(id)
}

/// Loads the producer for a change of its members. Officers help only while nobody acts for it.
async fn opened(tx: &mut Tx, actor: &Actor, id: &ProducerId) -> Result<(Producer, Permit), AppError> {
    let (producer, permit) = permitted(tx, actor, Action::InviteMember, id).await?;
    if !acts_for(actor, id) && !store::members(tx, id).await?.is_empty() {
        return Err(Refusal::because(
            "Cơ sở này đã có người quản lý, nên chỉ họ mới mời hoặc cho người khác thôi. Hãy liên hệ cơ sở.",
        ));
    }
    Ok((producer, permit))
}

/// What is typed to invite somebody.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct InviteInput {
    /// E-mail of the account that may follow the invitation.
    pub email: String,
}

/// Invites the owner of an e-mail to act for a producer. The code is told this once; only its hash
/// is kept.
///
/// # Errors
/// A wrong e-mail, or one that acts for the producer already.
pub async fn invite(
    app: &App,
    actor: &Actor,
    id: &ProducerId,
    input: &InviteInput,
) -> Result<String, AppError> {
    let now = app.now();
    let mut tx = app.db.write(Chain::of("producer", id)).await?;
    let (_, permit) = opened(&mut tx, actor, id).await?;
    let mut fields = Fields::new();
    let email = read_email(&mut fields, &input.email);
    fields.done()?;
    if store::members(&mut tx, id).await?.iter().any(|member| member.email == email) {
        return Err(AppError::Invalid(vec![FieldFault::new("email", "Người này đã quản lý cơ sở rồi.")]));
    }
    let code = hex(&app.ids.chance());
    let invitation = Invitation {
        id: fresh(&*app.ids),
        producer_id: id.clone(),
        code_hash: sha256_hex(code.as_bytes()),
        email,
        invited_by: actor.person.clone(),
        invited_at: now,
        expires_on: now.day().checked_add_days(Days::new(VALID_DAYS)).unwrap_or(now.day()),
        accepted_by: None,
        accepted_at: None,
        withdrawn_at: None,
    };
    store::invite(&mut tx, &invitation).await?;
    tx.commit(permit, now, &json!({ "invited": invitation.id, "expires_on": invitation.expires_on })).await?;
    Ok(code)
}

/// Withdraws an invitation that nobody has followed.
///
/// # Errors
/// [`Refusal`] when it was followed or withdrawn before.
pub async fn withdraw(
    app: &App,
    actor: &Actor,
    id: &ProducerId,
    invitation: &InvitationId,
) -> Result<(), AppError> {
    let mut tx = app.db.write(Chain::of("producer", id)).await?;
    let (_, permit) = opened(&mut tx, actor, id).await?;
    if !store::withdraw(&mut tx, id, invitation, app.now()).await? {
        return Err(Refusal::because("Lời mời này đã được nhận hoặc đã rút, nên không rút được nữa."));
    }
    tx.commit(permit, app.now(), &json!({ "withdrawn": invitation })).await?;
    Ok(())
}

/// Lets somebody go, or leaves: only those who act for the producer, and never the last one.
///
/// # Errors
/// [`Refusal`] for the last one.
pub async fn remove(app: &App, actor: &Actor, id: &ProducerId, person: &PersonId) -> Result<(), AppError> {
    let mut tx = app.db.write(Chain::of("producer", id)).await?;
    let (_, permit) = opened(&mut tx, actor, id).await?;
    if store::members(&mut tx, id).await?.len() < 2 {
        return Err(Refusal::because(
            "Đây là người quản lý cuối cùng của cơ sở. Hãy mời người khác trước, rồi mới thôi.",
        ));
    }
    if !store::remove(&mut tx, id, person).await? {
        return Err(AppError::NotFound);
    }
    tx.commit(permit, app.now(), &json!({ "removed": person })).await?;
    Ok(())
}

/// Why an invitation cannot be followed on a day.
fn refused(invitation: &Invitation, today: NaiveDate) -> Option<AppError> {
    if invitation.withdrawn_at.is_some() {
        Some(Refusal::because("Lời mời này đã được rút lại. Hãy nhờ người mời gửi lời mời khác."))
    } else if invitation.accepted_at.is_some() {
        Some(Refusal::because("Lời mời này đã được nhận. Mỗi lời mời chỉ dùng một lần."))
    } else if today > invitation.expires_on {
        Some(Refusal::because(format!(
            "Lời mời này đã hết hạn ngày {}. Hãy nhờ người mời gửi lời mời khác.",
            date(invitation.expires_on)
        )))
    } else {
        None
    }
}

/// An invitation as the invited person reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvitationView {
    /// Name of the producer.
    pub producer: String,
    /// Its commune and province.
    pub place: String,
    /// Last day.
    pub expires_on: NaiveDate,
}

/// The invitation behind a code, if this account may follow it now.
async fn followed(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    code: &str,
) -> Result<(Invitation, Producer), AppError> {
    let invitation = store::by_code(tx, &sha256_hex(code.as_bytes())).await?.ok_or(AppError::NotFound)?;
    let person = people::find(tx, &actor.person).await?.ok_or(AppError::NotFound)?;
    if person.email != invitation.email {
        return Err(Refusal::because(
            "Lời mời này dành cho tài khoản khác. Hãy đăng nhập bằng đúng email đã được mời.",
        ));
    }
    if let Some(refusal) = refused(&invitation, app.today()) {
        return Err(refusal);
    }
    let producer = producers::find(tx, &invitation.producer_id).await?.ok_or(AppError::NotFound)?;
    Ok((invitation, producer))
}

/// The page of an invitation.
///
/// # Errors
/// [`Refusal`] for the wrong account, and for an invitation that is over.
pub async fn invitation(app: &App, actor: &Actor, code: &str) -> Result<InvitationView, AppError> {
    let mut tx = app.db.read().await?;
    let (invitation, producer) = followed(app, &mut tx, actor, code).await?;
    let (commune, province) = place(&mut tx, &producer).await?;
    Ok(InvitationView {
        producer: producer.name,
        place: format!("{commune}, {province}"),
        expires_on: invitation.expires_on,
    })
}

/// Follows an invitation: the person acts for the producer from now on.
///
/// # Errors
/// As [`invitation`].
pub async fn accept(app: &App, actor: &Actor, code: &str) -> Result<ProducerId, AppError> {
    let id = {
        let mut tx = app.db.read().await?;
        followed(app, &mut tx, actor, code).await?.1.id
    };
    let now = app.now();
    let mut tx = app.db.write(Chain::of("producer", &id)).await?;
    let (invitation, producer) = followed(app, &mut tx, actor, code).await?;
    let permit = policy::may(actor, Action::AcceptInvitation, &subject(&producer))?;
    if !store::accept(&mut tx, &invitation.id, &actor.person, now).await? {
        return Err(Refusal::because("Lời mời này đã được nhận. Mỗi lời mời chỉ dùng một lần."));
    }
    store::add(&mut tx, &producer.id, &actor.person, now).await?;
    tx.commit(permit, now, &json!({ "accepted": invitation.id })).await?;
    Ok(producer.id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dossiers::testing::honey_in_round;
    use crate::testing::World;

    fn to(email: &str) -> InviteInput {
        InviteInput { email: email.to_owned() }
    }

    fn refusal(outcome: Result<impl Sized, AppError>) -> String {
        match outcome.err() {
            Some(AppError::Refused(refusal)) => refusal.to_string(),
            other => panic!("a refusal expected, not {other:?}"),
        }
    }

    #[tokio::test]
    async fn the_invited_account_alone_acts_for_the_producer_and_once() {
        let world = World::new().await;
        let kept = honey_in_round(&world).await;
        let (app, id) = (&world.app, &kept.producer);
        let code = invite(app, &kept.actor, id, &to(" CT2@b.vn ")).await.unwrap();
        assert_eq!(view(app, &kept.actor, id).await.unwrap().waiting.len(), 1);
        assert!(refusal(accept(app, &world.assessors[0], &code).await).contains("tài khoản khác"));
        assert!(matches!(accept(app, &world.other_producer, "khác").await, Err(AppError::NotFound)));
        let told = invitation(app, &world.other_producer, &code).await.unwrap();
        assert!(told.place.contains("Quảng Ninh"), "{told:?}");
        assert_eq!(accept(app, &world.other_producer, &code).await.unwrap(), *id);
        assert!(refusal(accept(app, &world.other_producer, &code).await).contains("chỉ dùng một lần"));
        let joined = world.again(&world.other_producer).await;
        let page = view(app, &joined, id).await.unwrap();
        assert_eq!((page.members.len(), page.waiting.len()), (2, 0));
        assert!(matches!(invite(app, &joined, id, &to("ct1@b.vn")).await, Err(AppError::Invalid(_))));
    }

    #[tokio::test]
    async fn an_invitation_ends_after_fourteen_days_or_when_withdrawn() {
        let world = World::new().await;
        let kept = honey_in_round(&world).await;
        let (app, id) = (&world.app, &kept.producer);
        let late = invite(app, &kept.actor, id, &to("ct2@b.vn")).await.unwrap();
        world.clock.forward_days(14);
        invitation(app, &world.other_producer, &late).await.unwrap();
        world.clock.forward_days(1);
        assert!(refusal(accept(app, &world.other_producer, &late).await).contains("hết hạn"));

        let code = invite(app, &kept.actor, id, &to("ct2@b.vn")).await.unwrap();
        let waiting = view(app, &kept.actor, id).await.unwrap().waiting[0].id.clone();
        withdraw(app, &kept.actor, id, &waiting).await.unwrap();
        assert!(refusal(withdraw(app, &kept.actor, id, &waiting).await).contains("đã rút"));
        assert!(refusal(accept(app, &world.other_producer, &code).await).contains("rút lại"));
        assert!(world.again(&world.other_producer).await.producers.is_empty());
    }

    #[tokio::test]
    async fn strangers_invite_nobody_and_officers_only_the_first() {
        let world = World::new().await;
        let kept = honey_in_round(&world).await;
        let (app, id) = (&world.app, &kept.producer);
        for stranger in [&world.other_producer, &world.assessors[0]] {
            assert!(matches!(invite(app, stranger, id, &to("ct2@b.vn")).await, Err(AppError::Denied(_))));
            assert!(matches!(view(app, stranger, id).await, Err(AppError::Denied(_))));
        }
        for officer in [&world.officer, &world.commune_officer] {
            assert!(refusal(invite(app, officer, id, &to("ct2@b.vn")).await).contains("đã có người quản lý"));
        }
        // A producer that came in from a file: nobody acts for it.
        let mut tx = app.db.write(Chain::of("producer", id)).await.unwrap();
        store::remove(&mut tx, id, &kept.actor.person).await.unwrap();
        tx.commit_upkeep().await.unwrap();
        let code = invite(app, &world.commune_officer, id, &to("ct2@b.vn")).await.unwrap();
        accept(app, &world.other_producer, &code).await.unwrap();
        assert!(!view(app, &world.commune_officer, id).await.unwrap().may_invite);
    }

    #[tokio::test]
    async fn the_last_one_stays_and_others_may_go() {
        let world = World::new().await;
        let kept = honey_in_round(&world).await;
        let (app, id) = (&world.app, &kept.producer);
        assert!(refusal(remove(app, &kept.actor, id, &kept.actor.person).await).contains("cuối cùng"));
        let code = invite(app, &kept.actor, id, &to("ct2@b.vn")).await.unwrap();
        accept(app, &world.other_producer, &code).await.unwrap();
        remove(app, &kept.actor, id, &kept.actor.person).await.unwrap();
        let gone = world.again(&kept.actor).await;
        assert!(matches!(view(app, &gone, id).await, Err(AppError::Denied(_))));
    }
}
