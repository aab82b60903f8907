//! A council for tests: a chair, a secretary, three members, an advisor, and a honey that waits
//! for its session.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

use ocop_core::dossiers::Event;
use ocop_core::id::{BallotId, CouncilId, DossierId};
use ocop_core::people::{Actor, SeatKind};
use ocop_core::rules::ProductSet;
use ocop_core::scoring::{Choice, Sheet, score};
use ocop_documents::xlsx::ballots::{BallotBook, BallotRow, BallotTable};
use ocop_documents::xlsx::table::{Table, TableCell, TableColumn, write};
use ocop_store::db::Chain;
use ocop_store::scoring::SeatBallot;

use super::{
    AssignInput, OpenSessionInput, ReportInput, SeatInput, add_seat, assign_dossiers, create_council,
    file_report, new_council, open_session,
};
use crate::dossiers::{advance, testing::Honey, testing::submitted};
use crate::scoring::{SealInput, SealOutcome, fill_ballot, seal_ballot, told_book};
use crate::testing::World;
use crate::{App, AppError};

/// A council with a dossier, and everybody concerned with it.
pub struct Sitting {
    /// The application and its people.
    pub world: World,
    /// The honey and its producer.
    pub honey: Honey,
    /// Its dossier.
    pub dossier: DossierId,
    /// The council.
    pub council: CouncilId,
    /// Opens sessions, confirms results, votes.
    pub chair: Actor,
    /// Votes.
    pub secretary: Actor,
    /// Vote.
    pub members: Vec<Actor>,
    /// Does not vote.
    pub advisor: Actor,
}

/// Seats somebody by e-mail.
pub fn seat(actor: &Actor, kind: SeatKind) -> SeatInput {
    // In a World the name of an account is its e-mail.
    SeatInput {
        person: String::new(),
        email: actor.name.clone(),
        kind: kind.code().to_owned(),
        agency: "Sở Khoa học và Công nghệ".to_owned(),
        knowing: String::new(),
    }
}

impl Sitting {
    /// A council with seats; the dossier is accepted into the round and not assigned.
    pub async fn accepted() -> Self {
        let world = World::new().await;
        let (honey, dossier) = submitted(&world).await;
        let app = &world.app;
        for event in [Event::Propose, Event::Accept] {
            let mut tx = app.db.write(Chain::of("dossier", &dossier)).await.unwrap();
            let row = ocop_store::dossiers::find(&mut tx, &dossier).await.unwrap().unwrap();
            advance(app, &mut tx, &row, event).await.unwrap();
            tx.commit_upkeep().await.unwrap();
        }
        let mut form = new_council(app, &world.officer, &honey.round).await.unwrap().input;
        form.decision_no = "1234/QĐ-UBND".to_owned();
        form.decision_on = "01/11/2026".to_owned();
        let council = create_council(app, &world.officer, &honey.round, &form).await.unwrap();
        let kinds = [
            SeatKind::Chair,
            SeatKind::Secretary,
            SeatKind::Member,
            SeatKind::Member,
            SeatKind::Member,
            SeatKind::Advisor,
        ];
        let mut seated = Vec::new();
        for (actor, kind) in world.assessors.iter().zip(kinds) {
            add_seat(app, &world.officer, &council, &seat(actor, kind)).await.unwrap();
            seated.push(world.again(actor).await);
        }
        let [chair, secretary, one, two, three, advisor] = seated.try_into().unwrap();
        Self { honey, dossier, council, chair, secretary, members: vec![one, two, three], advisor, world }
    }

    /// The dossier is with the advisory team.
    pub async fn advising() -> Self {
        let sitting = Self::accepted().await;
        sitting.assign().await.unwrap();
        sitting
    }

    /// The advisory report is filed.
    pub async fn advised() -> Self {
        let sitting = Self::advising().await;
        let report =
            ReportInput { summary: "Hồ sơ đủ.".to_owned(), proposal: "Đưa ra họp.".to_owned() };
        file_report(sitting.app(), &sitting.advisor, &sitting.dossier, &report).await.unwrap();
        sitting
    }

    /// The session is open with everybody but the members beyond `members`.
    pub async fn scoring(members: usize) -> Self {
        let sitting = Self::advised().await;
        let mut present = vec![&sitting.chair, &sitting.secretary];
        present.extend(sitting.members.iter().take(members));
        sitting.open(&present).await.unwrap();
        sitting
    }

    /// The application.
    pub fn app(&self) -> &App {
        &self.world.app
    }

    /// Gives the dossier to the council.
    pub async fn assign(&self) -> Result<usize, AppError> {
        let ticked = AssignInput { dossiers: vec![self.dossier.to_string()] };
        assign_dossiers(self.app(), &self.world.officer, &self.council, &ticked).await
    }

    /// The seat's id of somebody, as a form sends it.
    pub fn seat_id(&self, actor: &Actor) -> String {
        actor.seats.iter().find(|seat| seat.council == self.council).unwrap().id.to_string()
    }

    /// The chair opens the session with these people present.
    pub async fn open(&self, present: &[&Actor]) -> Result<(), AppError> {
        let input = OpenSessionInput {
            present: present.iter().map(|actor| self.seat_id(actor)).collect(),
            dossiers: vec![self.dossier.to_string()],
            opinions_by: String::new(),
        };
        open_session(self.app(), &self.chair, &self.council, &input).await.map(|_| ())
    }

    /// The ballots of a turn.
    pub async fn ballots(&self, turn: u16) -> Vec<SeatBallot> {
        let mut tx = self.app().db.read().await.unwrap();
        ocop_store::scoring::ballots(&mut tx, &self.dossier, turn).await.unwrap()
    }

    /// Somebody's ballot of a turn.
    pub async fn ballot(&self, actor: &Actor, turn: u16) -> BallotId {
        let seat = self.seat_id(actor);
        let ballots = self.ballots(turn).await;
        ballots.into_iter().find(|one| one.ballot.seat_id.as_str() == seat).unwrap().ballot.id
    }

    /// The product set of the dossier.
    pub fn set(&self) -> &ProductSet {
        self.app().rules.set("2026-26", 4).unwrap()
    }

    /// Puts a whole sheet on somebody's ballot, as so many saved answers would; the new version.
    pub async fn fill(&self, actor: &Actor, turn: u16, sheet: &Sheet) -> i64 {
        let seat = self.seat_id(actor);
        let ballot = self
            .ballots(turn)
            .await
            .into_iter()
            .find(|one| one.ballot.seat_id.as_str() == seat)
            .unwrap()
            .ballot;
        fill_ballot(self.app(), actor, &ballot.id, ballot.version, sheet).await.unwrap().version
    }

    /// The sheets of the workbook of somebody's open ballots, as plain cells: three lines that bind each to its
    /// ballot, the headings, the criteria.
    pub async fn book_tables(&self, actor: &Actor) -> Vec<Table> {
        let told = told_book(self.app(), actor, &self.council).await.unwrap();
        told.ballots.iter().map(|ballot| as_table(&told, ballot)).collect()
    }

    /// That workbook after these cells of its first sheet were filled in: code, choice, remark.
    pub async fn book(&self, actor: &Actor, given: &[(&str, &str, &str)]) -> Vec<u8> {
        let mut tables = self.book_tables(actor).await;
        for (code, choice, note) in given {
            let rows = &mut tables[0].rows;
            let row = rows.iter_mut().find(|row| row[0] == TableCell::from(*code)).unwrap();
            row[3] = TableCell::from(*choice);
            row[4] = TableCell::from(*note);
        }
        write(&tables).unwrap()
    }

    /// Fills and seals somebody's ballot with so many points.
    pub async fn seal(&self, actor: &Actor, turn: u16, total: u16) -> Result<SealOutcome, AppError> {
        let version = self.fill(actor, turn, &sheet_of(self.set(), total)).await;
        let input = SealInput { version: version.to_string(), opinion: None };
        seal_ballot(self.app(), actor, &self.ballot(actor, turn).await, &input).await
    }
}

/// A ballot's sheet as plain cells.
fn as_table(book: &BallotBook, ballot: &BallotTable) -> Table {
    let padded = |texts: &[&str]| {
        let mut cells: Vec<TableCell> = texts.iter().map(|text| TableCell::from(*text)).collect();
        cells.resize(book.headings.len(), TableCell::Empty);
        cells
    };
    let line = |row: &BallotRow| match row {
        BallotRow::Heading(words) => padded(&["", words]),
        BallotRow::Criterion(one) => {
            padded(&[&one.code, &one.wording, &one.claim, &one.choice, &one.note, &one.choice, &one.note])
        }
    };
    let headings: Vec<&str> = book.headings.iter().map(String::as_str).collect();
    let ids = ballot.bound_to.iter().map(|(label, value)| padded(&[label, value]));
    Table {
        sheet: ballot.sheet.clone(),
        columns: book.headings.iter().map(|_| TableColumn::new("", 20)).collect(),
        rows: ids.chain([padded(&headings)]).chain(ballot.rows.iter().map(line)).collect(),
        ..Table::default()
    }
}

/// A complete sheet of exactly `total` points: the best levels, lowered where it hurts nothing else.
pub fn sheet_of(set: &ProductSet, total: u16) -> Sheet {
    let mut sheet = Sheet::default();
    for criterion in set.criteria() {
        sheet.choices.insert(criterion.code.clone(), Choice::level(criterion.alternatives[0].highest()));
    }
    let conditions: Vec<&str> = set
        .criteria()
        .filter_map(|one| one.applies_if.as_ref())
        .map(|condition| condition.criterion.as_str())
        .collect();
    let mut left = set.max() - total;
    for criterion in
        set.criteria().filter(|one| one.knockouts.is_empty() && !conditions.contains(&one.code.as_str()))
    {
        let levels = &criterion.alternatives[0].levels;
        let lower = (1_u8..).zip(levels).find(|(_, level)| criterion.max - level.points <= left);
        if let Some((no, level)) = lower {
            sheet.choices.insert(criterion.code.clone(), Choice::level(no));
            left -= criterion.max - level.points;
        }
    }
    assert_eq!(score(set, &sheet).unwrap().total, total, "no sheet of {total} points was found");
    sheet
}
