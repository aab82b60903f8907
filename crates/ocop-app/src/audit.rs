//! Proving that everything decided follows from what was sealed: scores, tallies, results and
//! certificates are computed again from the raw ballots, papers and submissions from their hashes.

use ocop_core::audit::{
    Fingerprints, KeptBallot, KeptPaper, KeptResult, KeptRevision, KeptTurn, Limits, Mismatch, audit,
    audit_paper,
};
use ocop_core::evaluations::Conclusion;
use ocop_core::id::{BallotId, DossierId, EvaluationId};
use ocop_core::journal::{Link, sha256_hex};
use ocop_core::policy::Action;
use ocop_core::rules::Tier;
use ocop_store::dossiers::Dossier;
use ocop_store::evaluations::{self, Evaluation};
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

/// What something wrong is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// A dossier.
    Dossier(DossierId),
    /// A result noted from paper.
    Evaluation(EvaluationId),
    /// A file.
    File,
}

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
    /// Results noted from paper, looked at again: computed from their sheets where there are any.
    pub papers: usize,
    /// Files whose hash was computed again.
    pub files: usize,
    /// What is wrong, and with what.
    pub faults: Vec<(About, Mismatch)>,
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
        papers: 0,
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
            found.faults.extend(faults.into_iter().map(|fault| (About::Dossier(row.id.clone()), fault)));
        }
    }
    papers(app, &mut tx, &mut found).await?;
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

/// The results noted from paper, each by the rules that it names.
async fn papers(app: &App, tx: &mut Tx, found: &mut Audit) -> Result<(), AppError> {
    let mut after = String::new();
    loop {
        let rows = evaluations::after(tx, &after, CHUNK).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.id.to_string();
        for row in rows {
            found.papers += 1;
            found.ballots += row.ballots.len();
            let about = About::Evaluation(row.id.clone());
            let faults = paper(app, tx, row).await?;
            found.faults.extend(faults.into_iter().map(|fault| (about.clone(), fault)));
        }
    }
}

async fn paper(app: &App, tx: &mut Tx, row: Evaluation) -> Result<Vec<Mismatch>, AppError> {
    let regime = app.rules.regime(&row.regime);
    let duty = regime
        .and_then(|regime| regime.process_on(row.evaluated_on))
        .and_then(|process| process.tier(Tier::from(row.level)));
    let Some((set, duty)) = app.rules.set(&row.regime, row.set_no).zip(duty) else {
        return Ok(vec![Mismatch::Paper(format!(
            "không có bộ {} hoặc cấp đánh giá theo quy định {}",
            row.set_no, row.regime
        ))]);
    };
    let certificate = match row.decision_id.as_ref().filter(|_| row.outcome == Conclusion::Recognised) {
        Some(decision) => recognition::certificates_of_product(tx, &row.product_id)
            .await?
            .into_iter()
            .find(|one| one.decision_id == *decision && one.level == row.level),
        None => None,
    };
    let kept = KeptPaper {
        ballots: row.ballots,
        parts: row.parts,
        mean: row.mean,
        stars: row.stars,
        outcome: row.outcome,
        certificate: certificate.map(|certificate| certificate.stars),
    };
    Ok(audit_paper(set, duty, &kept))
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
                found.faults.push((About::File, Mismatch::File(hash)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use ocop_core::evaluations::Told;
    use ocop_core::policy::{Action, system};
    use ocop_core::scoring::{Choice, Sheet};
    use ocop_store::db::Chain;

    use super::*;
    use crate::dossiers::testing::honey_in_round;
    use crate::evaluations::testing::on_paper;
    use crate::evaluations::{EvaluationInput, record_many};
    use crate::testing::World;
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

    /// A product recognised on paper with sheets of two members.
    async fn recognised_on_paper() -> World {
        let world = World::new().await;
        let honey = honey_in_round(&world).await;
        let app = &world.app;
        let set = app.rules.set("2020-781", 4).unwrap();
        let mut best = Sheet::default();
        for criterion in set.criteria() {
            let top = u8::try_from(criterion.alternatives[0].levels.len()).unwrap();
            best.choices.insert(criterion.code.clone(), Choice::level(top));
        }
        let input = EvaluationInput {
            told: Told::default(),
            ballots: vec![best.clone(), best],
            ..on_paper(&honey.product, "2022-11-22", "2022-12-02")
        };
        record_many(app, system(Action::RecordEvaluation), "22", &[input]).await.unwrap();
        world
    }

    #[tokio::test]
    async fn a_result_from_paper_is_computed_again_from_its_sheets() {
        let clean = run(&recognised_on_paper().await.app).await.unwrap();
        assert!(clean.is_clean(), "{:?}", clean.faults);
        assert_eq!((clean.papers, clean.ballots), (1, 2));
        let check = async |sql: &'static str, what: &str| {
            let world = recognised_on_paper().await;
            let mut tx = world.app.db.write(Chain::of("test", "hand")).await.unwrap();
            assert!(tx.execute(sql, vec![]).await.unwrap() > 0, "{sql}");
            tx.commit_upkeep().await.unwrap();
            let found = run(&world.app).await.unwrap();
            let named = |(about, fault): &(About, Mismatch)| {
                matches!(about, About::Evaluation(_)) && fault.to_string().contains(what)
            };
            assert!(found.faults.iter().any(named), "{what}: {:?}", found.faults);
        };
        check("update evaluation set mean_num = mean_num - 1", "không khớp với kết quả tính lại").await;
        check("update evaluation set outcome = 'noticed', stars = 2", "không khớp").await;
        check("update certificate set stars = stars - 1", "giấy chứng nhận ghi").await;
        check("update evaluation set stars = null", "không tính lại được").await;
        check("update evaluation set set_no = 999", "không có bộ 999").await;
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
