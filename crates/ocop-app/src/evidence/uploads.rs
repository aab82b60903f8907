//! Files that come in pieces, so that a broken connection costs one piece: begun, gone on with, given to the verb
//! that keeps a paper, or thrown away.
//!
//! A file on its way is not a record of the programme: it has no journal entry until a paper is made of it.

use std::collections::BTreeSet;

use ocop_core::evidence::{BadUpload, UPLOAD_HOURS, file_name, may_add};
use ocop_core::id::{ProducerId, UploadId};
use ocop_core::people::Actor;
use ocop_core::time::Instant;
use ocop_store::db::Chain;
use ocop_store::uploads::{self, Upload as Row};

use super::{Upload, may_keep};
use crate::runtime::fresh;
use crate::{App, AppError, FieldFault, Refusal};

/// How far a file has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// The file.
    pub id: UploadId,
    /// Whose vault it is for.
    pub producer: ProducerId,
    /// How long it is in all, in bytes.
    pub length: u64,
    /// How many bytes have come: the next piece begins there.
    pub received: u64,
    /// When it is thrown away.
    pub expires: Instant,
    /// What the sender told of it, as it was sent.
    pub metadata: String,
}

/// Whether the person may add to the vault of a producer.
///
/// # Errors
/// Denied, or there is no such producer.
pub async fn may_begin(app: &App, actor: &Actor, producer: &ProducerId) -> Result<(), AppError> {
    may_keep(app, actor, producer).await
}

/// Begins with a file of `length` bytes for the vault of a producer. `metadata` names it
/// ([`ocop_core::evidence::file_name`]).
///
/// # Errors
/// Denied to whoever may not add to the vault; [`BadUpload`] when it is too large or the person has too many.
pub async fn begin(
    app: &App,
    actor: &Actor,
    producer: &ProducerId,
    length: u64,
    metadata: &str,
) -> Result<Progress, AppError> {
    may_keep(app, actor, producer).await?;
    file_name(metadata)?;
    let now = app.now();
    let mut tx = app.db.write(Chain::of("person", &actor.person)).await?;
    let under_way = uploads::of_person(&mut tx, &actor.person, now).await?.len();
    ocop_core::evidence::may_begin(length, under_way)?;
    let row = Row {
        id: fresh(&*app.ids),
        person_id: actor.person.clone(),
        producer_id: producer.clone(),
        length: i64::try_from(length).map_err(|_| BadUpload::TooLarge)?,
        metadata: metadata.to_owned(),
        begun_at: now,
        expires_at: now.plus_minutes(UPLOAD_HOURS * 60),
    };
    uploads::insert(&mut tx, &row).await?;
    tx.commit_upkeep().await?;
    Ok(of_row(row, 0))
}

fn of_row(row: Row, received: u64) -> Progress {
    let length = u64::try_from(row.length).unwrap_or_default();
    Progress {
        id: row.id,
        producer: row.producer_id,
        length,
        received,
        expires: row.expires_at,
        metadata: row.metadata,
    }
}

/// How far a file of the person has come.
///
/// # Errors
/// [`BadUpload::Gone`] when there is none, or it is somebody else's; [`BadUpload::Expired`] when its time is over.
pub async fn progress(app: &App, actor: &Actor, id: &UploadId) -> Result<Progress, AppError> {
    let mut tx = app.db.read().await?;
    let row = uploads::find(&mut tx, id).await?.filter(|row| row.person_id == actor.person);
    drop(tx);
    let row = row.ok_or(BadUpload::Gone)?;
    if row.expires_at <= app.now() {
        return Err(BadUpload::Expired.into());
    }
    may_keep(app, actor, &row.producer_id).await?;
    let received = app.files.part_size(id).await?;
    Ok(of_row(row, received))
}

/// Puts a piece behind what has come; how far the file has come then.
///
/// # Errors
/// As [`progress`]; [`BadUpload::Elsewhere`] when the piece does not begin where the last one ended,
/// [`BadUpload::Beyond`] when it is longer than what is left.
pub async fn add(
    app: &App,
    actor: &Actor,
    id: &UploadId,
    at: u64,
    piece: Vec<u8>,
) -> Result<Progress, AppError> {
    let progress = progress(app, actor, id).await?;
    may_add(progress.length, progress.received, at, u64::try_from(piece.len()).unwrap_or(u64::MAX))?;
    match app.files.add_to_part(id, at, piece).await? {
        Some(received) => Ok(Progress { received, ..progress }),
        None => Err(BadUpload::Elsewhere { received: app.files.part_size(id).await? }.into()),
    }
}

/// The whole file, for the verb that keeps a paper. It stays until [`discard`], so that a form with a fault in
/// another field does not cost the file.
///
/// # Errors
/// A fault beside the field `file` when it has not come in full or is not there any more.
pub async fn whole(app: &App, actor: &Actor, id: &str) -> Result<Upload, AppError> {
    let beside = |bad: BadUpload| AppError::Invalid(vec![FieldFault::new("file", bad.to_string())]);
    let id: UploadId = id.parse().map_err(|_| beside(BadUpload::Gone))?;
    let Progress { length, received, metadata, .. } = match progress(app, actor, &id).await {
        Ok(progress) => progress,
        Err(AppError::Refused(Refusal::Upload(bad))) => return Err(beside(bad)),
        Err(other) => return Err(other),
    };
    if received < length {
        return Err(beside(BadUpload::Unfinished { received, length }));
    }
    Ok(Upload { file_name: file_name(&metadata)?, bytes: app.files.part(&id).await? })
}

/// Throws a file of the person away, when a paper was made of it or the person has thought better of it.
///
/// # Errors
/// As [`progress`], but for files whose time is over.
pub async fn discard(app: &App, actor: &Actor, id: &UploadId) -> Result<(), AppError> {
    let mut tx = app.db.write(Chain::of("person", &actor.person)).await?;
    let row = uploads::find(&mut tx, id).await?.filter(|row| row.person_id == actor.person);
    row.ok_or(BadUpload::Gone)?;
    uploads::remove(&mut tx, id).await?;
    tx.commit_upkeep().await?;
    app.files.drop_part(id).await?;
    Ok(())
}

/// Throws away the files whose time is over, and parts that no file is noted for; how many parts there were.
pub async fn sweep(app: &App) -> Result<usize, AppError> {
    // The parts first: a file that begins in between is noted before it has a part.
    let parts = app.files.parts().await?;
    let mut tx = app.db.write(Chain::of("uploads", "sweep")).await?;
    uploads::remove_expired(&mut tx, app.now()).await?;
    let noted: BTreeSet<UploadId> = uploads::all(&mut tx).await?.into_iter().collect();
    tx.commit_upkeep().await?;
    let mut dropped = 0;
    for id in parts.iter().filter(|id| !noted.contains(*id)) {
        app.files.drop_part(id).await?;
        dropped += 1;
    }
    Ok(dropped)
}

#[cfg(test)]
mod tests {
    use ocop_core::evidence::UPLOADS_AT_ONCE;

    use super::*;
    use crate::dossiers::testing::{honey_in_round, pdf_of};
    use crate::evidence::{EvidenceInput, upload, vault};
    use crate::testing::{World, closed_to, faulty};

    /// `giay.pdf`.
    const NAME: &str = "filename Z2lheS5wZGY=";

    fn bad(outcome: Result<impl Sized, AppError>, expected: &BadUpload) {
        match outcome.err() {
            Some(AppError::Refused(Refusal::Upload(bad))) => assert_eq!(bad, *expected),
            other => panic!("{expected:?} expected, not {other:?}"),
        }
    }

    #[tokio::test]
    async fn a_file_goes_on_where_the_connection_broke() {
        let world = World::new().await;
        let honey = honey_in_round(&world).await;
        let (app, actor) = (&world.app, &honey.actor);
        let bytes = pdf_of(2);
        let length = u64::try_from(bytes.len()).unwrap();
        let id = begin(app, actor, &honey.producer, length, NAME).await.unwrap().id;
        assert_eq!(progress(app, actor, &id).await.unwrap().received, 0);
        assert_eq!(add(app, actor, &id, 0, bytes[..100].to_vec()).await.unwrap().received, 100);
        // The answer was lost: the sender asks, and goes on from there.
        bad(add(app, actor, &id, 0, bytes[..100].to_vec()).await, &BadUpload::Elsewhere { received: 100 });
        faulty(whole(app, actor, id.as_str()).await, "file");
        let at = progress(app, actor, &id).await.unwrap().received;
        assert_eq!(add(app, actor, &id, at, bytes[100..].to_vec()).await.unwrap().received, length);
        bad(add(app, actor, &id, length, vec![0]).await, &BadUpload::Beyond);

        let file = whole(app, actor, id.as_str()).await.unwrap();
        assert_eq!((file.file_name.as_str(), file.bytes == bytes), ("giay.pdf", true));
        let input = EvidenceInput { kind: "12".to_owned(), ..EvidenceInput::default() };
        upload(app, actor, &honey.producer, &input, file).await.unwrap();
        discard(app, actor, &id).await.unwrap();
        assert_eq!(vault(app, actor, &honey.producer).await.unwrap().papers[0].pages, Some(2));
        bad(progress(app, actor, &id).await, &BadUpload::Gone);
        faulty(whole(app, actor, id.as_str()).await, "file");
        assert_eq!(app.files.parts().await.unwrap(), vec![]);
    }

    #[tokio::test]
    async fn a_file_in_pieces_is_its_senders_alone() {
        let world = World::new().await;
        let honey = honey_in_round(&world).await;
        let (app, stranger) = (&world.app, &world.other_producer);
        closed_to(begin(app, stranger, &honey.producer, 10, NAME).await);
        let id = begin(app, &honey.actor, &honey.producer, 10, NAME).await.unwrap().id;
        for outsider in [stranger, &world.officer] {
            bad(progress(app, outsider, &id).await, &BadUpload::Gone);
            bad(add(app, outsider, &id, 0, vec![1]).await, &BadUpload::Gone);
            bad(discard(app, outsider, &id).await, &BadUpload::Gone);
            faulty(whole(app, outsider, id.as_str()).await, "file");
        }
        assert_eq!(progress(app, &honey.actor, &id).await.unwrap().received, 0);
        faulty(whole(app, &honey.actor, "../../etc/passwd").await, "file");
    }

    #[tokio::test]
    async fn too_long_and_too_many_are_refused() {
        let world = World::new().await;
        let honey = honey_in_round(&world).await;
        let (app, actor) = (&world.app, &honey.actor);
        let begun = async |length: u64| begin(app, actor, &honey.producer, length, NAME).await;
        bad(begun(0).await, &BadUpload::Empty);
        bad(begun(ocop_core::evidence::FILE_LIMIT + 1).await, &BadUpload::TooLarge);
        bad(begin(app, actor, &honey.producer, 10, "filename ?").await, &BadUpload::Metadata);
        for _ in 0..UPLOADS_AT_ONCE {
            begun(10).await.unwrap();
        }
        bad(begun(10).await, &BadUpload::TooMany);
        world.clock.forward_minutes(UPLOAD_HOURS * 60);
        begun(10).await.unwrap();
    }

    #[tokio::test]
    async fn what_nobody_goes_on_with_is_thrown_away() {
        let world = World::new().await;
        let honey = honey_in_round(&world).await;
        let (app, actor) = (&world.app, &honey.actor);
        let old = begin(app, actor, &honey.producer, 10, NAME).await.unwrap().id;
        add(app, actor, &old, 0, vec![1; 5]).await.unwrap();
        world.clock.forward_minutes(UPLOAD_HOURS * 60);
        bad(progress(app, actor, &old).await, &BadUpload::Expired);
        bad(add(app, actor, &old, 5, vec![1]).await, &BadUpload::Expired);
        let young = begin(app, actor, &honey.producer, 10, NAME).await.unwrap().id;
        add(app, actor, &young, 0, vec![1; 5]).await.unwrap();
        assert_eq!(sweep(app).await.unwrap(), 1);
        bad(progress(app, actor, &old).await, &BadUpload::Gone);
        assert_eq!(progress(app, actor, &young).await.unwrap().received, 5);
        assert_eq!(sweep(app).await.unwrap(), 0);
    }
}
