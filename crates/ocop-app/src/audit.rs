//! Proving that everything decided follows from what was sealed: scores, tallies, results and
//! certificates are computed again from the raw ballots, papers and submissions from their hashes.

use ocop_core::audit::{
    Fingerprints, KeptBallot, KeptResult, KeptRevision, KeptTurn, Limits, Mismatch, audit,
};
use ocop_core::id::{BallotId, DossierId};
use ocop_core::journal::{Link, sha256_hex};
use ocop_core::policy::Action;
use ocop_store::dossiers::Dossier;
use ocop_store::scoring::Ballot;
use ocop_store::scoring::changes::{Revision, revisions};
use ocop_store::{Tx, centre, dossiers, evidence, recognition, scoring};
use serde_json::Value;

use crate::dossiers::instance;
use crate::journal::{Proof, prove};
use crate::scoring::fingerprint;
use crate::{App, AppError};

/// How many dossiers or files are read at a time.
const CHUNK: i64 = 200;

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audit {
    /// Dossiers gone through.
    pub dossiers: usize,
    /// Submissions whose hash was computed again.
    pub submissions: usize,
    /// Ballots scored again.
    pub ballots: usize,
    /// Turns tallied again.
    pub turns: usize,
    /// Results derived again.
    pub results: usize,
    /// Files whose hash was computed again.
    pub files: usize,
    /// What is wrong, and with which dossier; none for a file.
    pub faults: Vec<(Option<DossierId>, Mismatch)>,
    /// The journal.
    pub journal: Proof,
}

impl Audit {
    /// Whether nothing is wrong.
    pub fn is_clean(&self) -> bool {
        self.faults.is_empty() && self.journal.faults.is_empty()
    }
}

/// Goes through everything that is kept. Reads only.
pub async fn run(app: &App) -> Result<Audit, AppError> {
    let journal = prove(app).await?;
    let mut found = Audit {
        dossiers: 0,
        submissions: 0,
        ballots: 0,
        turns: 0,
        results: 0,
        files: 0,
        faults: Vec::new(),
        journal,
    };
    let mut tx = app.db.read().await?;
    let mut after = String::new();
    loop {
        let rows = dossiers::after(&mut tx, &after, CHUNK).await?;
        let Some(last) = rows.last() else { break };
        after = last.id.to_string();
        for row in &rows {
            let faults = dossier(app, &mut tx, row, &mut found).await?;
            found.faults.extend(faults.into_iter().map(|fault| (Some(row.id.clone()), fault)));
        }
    }
    files(app, &mut tx, &mut found).await?;
    Ok(found)
}

async fn dossier(
    app: &App,
    tx: &mut Tx,
    row: &Dossier,
    found: &mut Audit,
) -> Result<Vec<Mismatch>, AppError> {
    found.dossiers += 1;
    let mut faults = Vec::new();
    for submission in dossiers::submissions(tx, &row.id).await? {
        found.submissions += 1;
        if sha256_hex(submission.snapshot.as_bytes()) != submission.hash {
            faults.push(Mismatch::Submission(submission.no));
        }
    }
    let set = app.pinned(tx, &row.ruleset).await?;
    if set.hash() != row.ruleset {
        faults.push(Mismatch::Set);
    }
    let turns = kept_turns(tx, &row.id).await?;
    let result = kept_result(tx, &row.id).await?;
    found.ballots += turns.iter().flat_map(|turn| &turn.ballots).filter(|one| one.scored.is_some()).count();
    found.turns += turns.iter().filter(|turn| turn.tally.is_some()).count();
    found.results += usize::from(result.is_some());
    let process = app.process(&row.regime)?;
    let limits = Limits {
        certified: process.certified_stars(),
        centre_from: process.centre_from().ok_or(AppError::NotFound)?,
        instance: instance(row),
    };
    faults.extend(audit(&set, limits, &turns, result.as_ref()));
    Ok(faults)
}

async fn kept_turns(tx: &mut Tx, dossier: &DossierId) -> Result<Vec<KeptTurn>, AppError> {
    let kept = scoring::turns(tx, dossier).await?;
    if kept.is_empty() {
        return Ok(Vec::new());
    }
    let entries = entries(&ocop_store::journal::links_of(tx, &format!("dossier:{dossier}")).await?);
    let revised = revisions(tx, dossier).await?;
    let mut turns = Vec::new();
    for turn in kept {
        let ballots = scoring::ballots(tx, dossier, turn.no).await?;
        let ballots = ballots.into_iter().map(|one| kept_ballot(one.ballot, &entries, &revised)).collect();
        let floor_rule = crate::scoring::session_of(tx, &turn).await?.settings.floor_rule;
        turns.push(KeptTurn { no: turn.no, ballots, tally: turn.tally, floor_rule, agreed: turn.agreed });
    }
    Ok(turns)
}

/// What the journal says about a ballot: its id, what was done, the hash of its content afterwards.
struct Entry {
    ballot: String,
    action: String,
    content: String,
}

/// A dossier's entries about ballots, oldest first.
fn entries(links: &[Link]) -> Vec<Entry> {
    let entry = |link: &Link| {
        let data: Value = serde_json::from_str(&link.data).ok()?;
        let text = |name: &str| Some(data.get(name)?.as_str()?.to_owned());
        Some(Entry { ballot: text("ballot")?, action: link.action.clone(), content: text("content")? })
    };
    links.iter().filter_map(entry).collect()
}

fn kept_ballot(ballot: Ballot, entries: &[Entry], revised: &[Revision]) -> KeptBallot {
    let journal = |id: &BallotId, is_meant: &dyn Fn(&Entry) -> bool| {
        let last = entries.iter().rfind(|entry| entry.ballot == id.as_str() && is_meant(entry));
        last.map(|entry| entry.content.clone())
    };
    let revision = revised.iter().find(|one| one.ballot_id == ballot.id).map(|one| {
        let mut sealed = ballot.sheet.clone();
        match &one.before {
            Some(before) => drop(sealed.choices.insert(one.criterion.clone(), before.clone())),
            None => drop(sealed.choices.remove(&one.criterion)),
        }
        let is_sealing = |entry: &Entry| entry.action == Action::SealBallot.code();
        KeptRevision {
            criterion: one.criterion.clone(),
            after: one.after.clone(),
            sealed: Fingerprints {
                kept: fingerprint(&sealed, &ballot.opinion),
                journal: journal(&ballot.id, &is_sealing),
            },
        }
    });
    let content = Fingerprints {
        kept: fingerprint(&ballot.sheet, &ballot.opinion),
        journal: journal(&ballot.id, &|_| true),
    };
    KeptBallot { id: ballot.id, sheet: ballot.sheet, scored: ballot.scored, content, revision }
}

async fn kept_result(tx: &mut Tx, dossier: &DossierId) -> Result<Option<KeptResult>, AppError> {
    let Some(kept) = recognition::find_result(tx, dossier).await? else { return Ok(None) };
    let certificate = recognition::certificate_of_dossier(tx, dossier).await?;
    // What a province recognises on the centre's result follows from the centre's ballots, not from its own.
    let answer = centre::find(tx, dossier).await?.and_then(|sent| sent.answer);
    let by_centre = |stars: u8| answer.as_ref().is_some_and(|answer| answer.stars == Some(stars));
    let certificate = certificate.filter(|certificate| !by_centre(certificate.stars));
    Ok(Some(KeptResult {
        turn: u16::try_from(kept.turn).unwrap_or_default(),
        outcome: kept.outcome,
        stars: kept.stars,
        mean: kept.mean,
        centre_points: kept.centre_points,
        certificate: certificate.map(|certificate| certificate.stars),
    }))
}

async fn files(app: &App, tx: &mut Tx, found: &mut Audit) -> Result<(), AppError> {
    let mut after = String::new();
    loop {
        let hashes = evidence::files_after(tx, &after, CHUNK).await?;
        let Some(last) = hashes.last() else { return Ok(()) };
        after.clone_from(last);
        for hash in hashes {
            found.files += 1;
            let is_whole = app.files.get(&hash).await.is_ok_and(|bytes| sha256_hex(&bytes) == hash);
            if !is_whole {
                found.faults.push((None, Mismatch::File(hash)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use ocop_store::db::Chain;

    use super::*;
    use crate::testing::season::{certifiable, decide};

    #[tokio::test]
    async fn what_was_decided_follows_from_the_ballots() {
        let sitting = certifiable().await;
        decide(&sitting).await;
        let app = sitting.app();
        let found = run(app).await.unwrap();
        assert_eq!(found.faults, []);
        assert!(found.is_clean());
        assert!(
            found.ballots > 3 && found.results == 1 && found.submissions > 0 && found.files > 0,
            "{found:?}"
        );
    }

    #[tokio::test]
    async fn a_hand_in_the_database_or_the_folder_is_named() {
        let check = async |sql: &'static str, what: &str| {
            let sitting = certifiable().await;
            decide(&sitting).await;
            let app = sitting.app();
            let mut tx = app.db.write(Chain::of("test", "hand")).await.unwrap();
            assert!(tx.execute(sql, vec![]).await.unwrap() > 0, "{sql}");
            tx.commit_upkeep().await.unwrap();
            let found = run(app).await.unwrap();
            assert!(
                found.faults.iter().any(|(_, fault)| fault.to_string().contains(what)),
                "{what}: {found:?}"
            );
        };
        check("update result set stars = stars + 1", "không khớp với kết quả tính lại").await;
        check("update certificate set stars = stars + 1", "giấy chứng nhận ghi").await;
        check("update ballot set opinion = opinion || '.' where scored is not null", "mã băm trong nhật ký")
            .await;
        check("update submission set snapshot = snapshot || ' '", "hồ sơ đã nộp lần 1").await;
        check(
            "delete from ballot where id = (select min(id) from ballot where scored is not null)",
            "bảng tổng hợp",
        )
        .await;
        check(
            "update evidence set file_hash = '00' || substr(file_hash, 3) where id = (select min(id) from evidence)",
            "bị mất hoặc không còn đúng",
        )
        .await;
    }
}
