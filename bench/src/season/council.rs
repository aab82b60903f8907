//! The council scores, the chair confirms, the province decides; a forged dossier is found.

use std::error::Error;

use ocop_app::App;
use ocop_app::accounts::actor_of;
use ocop_app::councils::{
    AssignInput, OpenSessionInput, ReportInput, SeatInput, add_seat, assign_dossiers, create_council,
    file_report, new_council, open_session,
};
use ocop_app::recognition::{
    ConclusionInput, DecisionInput, RevokeInput, VerificationInput, conclude_verification, notify_results,
    open_verification, record_decision, revoke_certificate,
};
use ocop_app::scoring::{
    ReasonInput, SealInput, confirm_result, fill_ballot, keep_result, open_turn, seal_ballot,
};
use ocop_core::dossiers::State;
use ocop_core::id::{BallotId, CouncilId, DecisionId, DossierId};
use ocop_core::people::{Actor, SeatKind};
use ocop_core::scoring::Sheet;
use ocop_core::time::date;
use ocop_store::scoring::Ballot;

use super::filing::{Filing, base, grant, set_of};
use crate::chance::Chance;
use crate::program::{must, sign_in};

/// How members do their work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Via {
    /// By the verbs of the application.
    Verbs,
    /// Through HTTP, criterion by criterion as the page saves them.
    Http,
}

/// Somebody with a seat.
struct Seated {
    actor: Actor,
    /// Signed in; empty where nobody goes through HTTP.
    cookie: String,
}

/// The council.
pub struct Council {
    /// Its id.
    pub id: CouncilId,
    via: Via,
    /// Chair, secretary, members.
    voters: Vec<Seated>,
    advisor: Actor,
}

impl Council {
    /// So many voters, chair and secretary among them, and an advisor.
    pub async fn set_up(
        app: &App,
        filing: &Filing,
        via: Via,
        members: usize,
    ) -> Result<Self, Box<dyn Error>> {
        let mut form = new_council(app, &filing.office, &filing.round).await?.input;
        form.decision_no = "2087/QĐ-UBND".to_owned();
        form.decision_on = "01/11/2026".to_owned();
        let id = create_council(app, &filing.office, &filing.round, &form).await?;
        let mut seated = Vec::new();
        for no in 0..=members {
            let kind = match no {
                0 => SeatKind::Chair,
                1 => SeatKind::Secretary,
                _ if no == members => SeatKind::Advisor,
                _ => SeatKind::Member,
            };
            let email = format!("hoi-dong-{no}@bench.ocop.example");
            let person = grant(app, &email, "assessor", "").await?.person;
            let seat = SeatInput {
                person: person.to_string(),
                kind: kind.code().to_owned(),
                agency: format!("Cơ quan số {no}"),
                ..SeatInput::default()
            };
            add_seat(app, &filing.office, &id, &seat).await?;
            let cookie = match via {
                Via::Verbs => String::new(),
                Via::Http => sign_in(app, &email).await?,
            };
            seated.push(Seated { actor: actor_of(app, &person).await?, cookie });
        }
        let advisor = seated.pop().ok_or("nobody advises")?.actor;
        Ok(Self { id, via, voters: seated, advisor })
    }

    fn chair(&self) -> Result<&Seated, Box<dyn Error>> {
        Ok(self.voters.first().ok_or("nobody in the chair")?)
    }

    /// The dossiers are assigned and advised.
    pub async fn advise(
        &self,
        app: &App,
        filing: &Filing,
        filed: &[DossierId],
    ) -> Result<(), Box<dyn Error>> {
        let ticked = AssignInput { dossiers: filed.iter().map(DossierId::to_string).collect() };
        assign_dossiers(app, &filing.office, &self.id, &ticked).await?;
        for dossier in filed {
            let report =
                ReportInput { summary: "Hồ sơ đủ.".to_owned(), proposal: "Đưa ra họp.".to_owned() };
            file_report(app, &self.advisor, dossier, &report).await?;
        }
        Ok(())
    }

    /// The chair opens a session with everybody.
    pub async fn open(&self, app: &App, filed: &[DossierId]) -> Result<(), Box<dyn Error>> {
        let seat = |one: &Seated| one.actor.seats.iter().map(|seat| seat.id.to_string()).next();
        let input = OpenSessionInput {
            present: self.voters.iter().filter_map(seat).collect(),
            dossiers: filed.iter().map(DossierId::to_string).collect(),
            ..OpenSessionInput::default()
        };
        open_session(app, &self.chair()?.actor, &self.id, &input).await?;
        Ok(())
    }

    /// Each voter's ballot of a dossier's first turn, with the voter's cookie.
    pub async fn desks(
        &self,
        app: &App,
        dossier: &DossierId,
    ) -> Result<Vec<(BallotId, String)>, Box<dyn Error>> {
        let mut tx = app.db.read().await?;
        let ballots = ocop_store::scoring::ballots(&mut tx, dossier, 1).await?;
        let desk = |voter: &Seated| {
            let own = |ballot: &Ballot| voter.actor.seats.iter().any(|seat| seat.id == ballot.seat_id);
            let ballot = ballots.iter().map(|one| &one.ballot).find(|ballot| own(ballot))?;
            Some((ballot.id.clone(), voter.cookie.clone()))
        };
        Ok(self.voters.iter().filter_map(desk).collect())
    }

    /// One session in which everybody scores every dossier, a second turn where they differ; how many turns.
    pub async fn score(&self, app: &App, filed: &[DossierId]) -> Result<usize, Box<dyn Error>> {
        self.open(app, filed).await?;
        let mut turns = 0;
        for (no, dossier) in filed.iter().enumerate() {
            self.turn(app, no, dossier, 1).await?;
            turns += 1;
            if state(app, dossier).await? != State::Discussion {
                continue;
            }
            self.lead(app, dossier, "turn", "Các thành viên trao đổi lại về bao bì.").await?;
            self.turn(app, no, dossier, 2).await?;
            turns += 1;
            if state(app, dossier).await? == State::Discussion {
                self.lead(app, dossier, "keep", "Giữ kết quả sau khi thảo luận.").await?;
            }
        }
        Ok(turns)
    }

    /// The chair opens another turn, or keeps the result.
    async fn lead(
        &self,
        app: &App,
        dossier: &DossierId,
        what: &str,
        reason: &str,
    ) -> Result<(), Box<dyn Error>> {
        let chair = self.chair()?;
        let input = ReasonInput { reason: reason.to_owned(), ..ReasonInput::default() };
        match (self.via, what) {
            (Via::Http, _) => {
                let form = format!("reason={}", reason.replace(' ', "+"));
                must(app, &format!("/dossiers/{dossier}/scoring/{what}"), &chair.cookie, form).await
            }
            (Via::Verbs, "turn") => Ok(open_turn(app, &chair.actor, dossier, &input).await.map(|_| ())?),
            (Via::Verbs, _) => Ok(keep_result(app, &chair.actor, dossier, &input).await?),
        }
    }

    async fn turn(&self, app: &App, no: usize, dossier: &DossierId, turn: u16) -> Result<(), Box<dyn Error>> {
        let mut tx = app.db.read().await?;
        let ballots = ocop_store::scoring::ballots(&mut tx, dossier, turn).await?;
        drop(tx);
        for (member, voter) in self.voters.iter().enumerate() {
            let own = |seat| voter.actor.seats.iter().any(|one| one.id == seat);
            let ballot = ballots.iter().map(|one| &one.ballot).find(|ballot| own(ballot.seat_id.clone()));
            let ballot = ballot.ok_or("a member without a ballot")?;
            let strict = no % 20 == 7 && member + 1 == self.voters.len() && turn == 1;
            let sheet = opinion(app, no, member, turn, strict)?;
            match self.via {
                Via::Verbs => by_verbs(app, voter, ballot, &sheet).await?,
                Via::Http => by_http(app, voter, ballot, &sheet).await?,
            }
        }
        Ok(())
    }

    /// The chair confirms, the province records its decision and tells the others.
    pub async fn decide(
        &self,
        app: &App,
        filing: &Filing,
        filed: &[DossierId],
    ) -> Result<DecisionId, Box<dyn Error>> {
        for dossier in filed {
            let chair = self.chair()?;
            match self.via {
                Via::Verbs => confirm_result(app, &chair.actor, dossier).await.map(|_| ())?,
                Via::Http => {
                    let path = format!("/dossiers/{dossier}/scoring/confirm");
                    must(app, &path, &chair.cookie, String::new()).await?;
                }
            }
        }
        let input = DecisionInput {
            number: "4512/QĐ-UBND".to_owned(),
            decided_on: date(app.today()),
            signed_by: "Chủ tịch UBND tỉnh".to_owned(),
        };
        let decided = record_decision(app, &filing.office, &self.id, &input).await?;
        // The decision has told the results below 3 stars, too.
        if notify_results(app, &filing.office, &self.id).await.is_ok() {
            return Err("results were left without decision or notice".into());
        }
        Ok(decided)
    }

    /// A dossier proves forged: verified, concluded, the certificate withdrawn. Number of its certificate.
    pub async fn revoke_forged(
        &self,
        app: &App,
        filing: &Filing,
        filed: &[DossierId],
    ) -> Result<String, Box<dyn Error>> {
        let mut tx = app.db.read().await?;
        let mut forged = None;
        for dossier in filed {
            forged = ocop_store::recognition::certificate_of_dossier(&mut tx, dossier).await?;
            if forged.is_some() {
                break;
            }
        }
        drop(tx);
        let forged = forged.ok_or("no product was recognised")?;
        let today = date(app.today());
        let suspicion = VerificationInput {
            ground: "a".to_owned(),
            source: "inspection".to_owned(),
            found_on: today.clone(),
            facts: "Phiếu kiểm nghiệm không do phòng thử nghiệm cấp.".to_owned(),
        };
        let verification = open_verification(app, &filing.office, &forged.id, &suspicion).await?;
        let conclusion = ConclusionInput {
            version: 1,
            confirmed: "yes".to_owned(),
            concluded_on: today.clone(),
            conclusion: "Kết luận số 12/KL: phiếu kiểm nghiệm là giả.".to_owned(),
        };
        conclude_verification(app, &filing.office, &verification, &conclusion).await?;
        let decision = RevokeInput {
            decision_no: "4600/QĐ-UBND".to_owned(),
            revoked_on: today,
            signed_by: "Chủ tịch UBND tỉnh".to_owned(),
            ..RevokeInput::default()
        };
        revoke_certificate(app, &filing.office, &forged.id, &decision).await?;
        Ok(forged.number)
    }

    /// The ballots of a dossier's last turn.
    pub async fn last_ballots(
        &self,
        app: &App,
        dossier: &DossierId,
    ) -> Result<Vec<BallotId>, Box<dyn Error>> {
        let mut tx = app.db.read().await?;
        let last = ocop_store::scoring::last_turn(&mut tx, dossier).await?.ok_or("a dossier never scored")?;
        let ballots = ocop_store::scoring::ballots(&mut tx, dossier, last.no).await?;
        Ok(ballots.into_iter().map(|one| one.ballot.id).collect())
    }
}

async fn state(app: &App, dossier: &DossierId) -> Result<State, Box<dyn Error>> {
    let mut tx = app.db.read().await?;
    Ok(ocop_store::dossiers::find(&mut tx, dossier).await?.ok_or("a dossier is lost")?.state)
}

/// What a member thinks of a product: the product's own levels, now and then one lower; less often in a second turn.
/// One member in each council of twenty is far stricter than the others.
fn opinion(app: &App, no: usize, member: usize, turn: u16, strict: bool) -> Result<Sheet, Box<dyn Error>> {
    let set = set_of(app, no)?;
    let mut sheet = base(set, no);
    let mut chance = Chance::of(1_000 * (no + 1) + member);
    for criterion in set.criteria().filter(|criterion| criterion.knockouts.is_empty()) {
        if chance.below(if strict { 2 } else { 12 * usize::from(turn) }) != 0 {
            continue;
        }
        if let Some(choice) = sheet.choices.get_mut(&criterion.code) {
            choice.level = choice.level.saturating_sub(1).max(1);
        }
    }
    Ok(sheet)
}

async fn by_verbs(app: &App, voter: &Seated, ballot: &Ballot, sheet: &Sheet) -> Result<(), Box<dyn Error>> {
    fill_ballot(app, &voter.actor, &ballot.id, ballot.version, sheet).await?;
    let input = SealInput { version: (ballot.version + 1).to_string(), opinion: None };
    seal_ballot(app, &voter.actor, &ballot.id, &input).await?;
    Ok(())
}

/// Saves a sheet criterion by criterion, as the page does; the version after it.
pub async fn save(
    app: &App,
    cookie: &str,
    ballot: &BallotId,
    first: i64,
    sheet: &Sheet,
) -> Result<i64, Box<dyn Error>> {
    let mut version = first;
    for (code, choice) in &sheet.choices {
        let form = format!("choice={}:{}&note=&version={version}", choice.alternative, choice.level);
        must(app, &format!("/ballots/{ballot}/criteria/{code}"), cookie, form).await?;
        version += 1;
    }
    Ok(version)
}

async fn by_http(app: &App, voter: &Seated, ballot: &Ballot, sheet: &Sheet) -> Result<(), Box<dyn Error>> {
    let version = save(app, &voter.cookie, &ballot.id, ballot.version, sheet).await?;
    must(app, &format!("/ballots/{}/seal", ballot.id), &voter.cookie, format!("version={version}")).await
}
