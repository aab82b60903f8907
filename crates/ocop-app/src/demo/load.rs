//! Loads the demonstration province, day by day and person by person.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{NaiveDate, TimeDelta};
use ocop_core::id::{CouncilId, DossierId, EvidenceId, ProducerId, ProductId, RequestId, RoundId};
use ocop_core::people::Actor;
use ocop_core::scoring::Sheet;
use ocop_core::units::CENTRE;
use ocop_documents::Engine;
use ocop_documents::specimen::{Specimen, render};

use super::clock::StoryClock;
use super::data::{self, Dossier, Evidence};
use super::people::{grant, sign_up};
use super::{Story, around, register, scoring};
use crate::councils::{
    AssignInput, ConflictInput, CouncilInput, FindingInput, ReportInput, RequestInput, SeatInput,
    SettingsInput,
};
use crate::dossiers::{CiteInput, FormInput};
use crate::evidence::{EvidenceInput, Upload};
use crate::{
    App, AppError, Refusal, accounts, commune, councils, dossiers, evidence, producers, products,
    recognition, rounds,
};

/// Whether nothing has been loaded or entered yet.
pub async fn is_empty(app: &App) -> Result<bool, AppError> {
    Ok(crate::journal::prove(app).await?.entries == 0)
}

/// The province while it is being loaded.
pub(super) struct Telling {
    /// The application with the story's clock.
    pub(super) app: App,
    clock: Arc<StoryClock>,
    today: NaiveDate,
    people: BTreeMap<String, Actor>,
    pub(super) seats: BTreeMap<u8, String>,
    officers: BTreeMap<String, String>,
    pub(super) council: Option<CouncilId>,
}

impl Telling {
    /// Moves to the morning of a day `days` before today.
    pub(super) fn go_to(&self, days: i64) {
        self.clock.go_to(self.day(days));
    }

    /// The day `days_ago` before today.
    pub(super) fn day(&self, days_ago: i64) -> NaiveDate {
        self.today + TimeDelta::days(-days_ago)
    }

    /// The person with this e-mail, with the roles and seats held now.
    pub(super) async fn person(&self, email: &str) -> Result<Actor, AppError> {
        let known = self.people.get(email).ok_or_else(|| missing("tài khoản", email))?;
        accounts::actor_of(&self.app, &known.person).await
    }

    /// The person in a seat of the council.
    pub(super) async fn seat(&self, no: u8) -> Result<Actor, AppError> {
        let email = self.seats.get(&no).ok_or_else(|| missing("ghế", &no.to_string()))?;
        self.person(email).await
    }

    /// The provincial officer.
    pub(super) async fn office(&self) -> Result<Actor, AppError> {
        self.person("van-phong@demo.ocop.example").await
    }

    async fn commune_officer(&self, commune: &str) -> Result<Actor, AppError> {
        let email = self.officers.get(commune).ok_or_else(|| missing("cán bộ xã", commune))?;
        self.person(email).await
    }
}

/// The story names something that it does not have.
pub(super) fn missing(what: &str, which: &str) -> AppError {
    Refusal::because(format!("dữ liệu minh họa: không có {what} «{which}»"))
}

/// A dossier of the story with its ids.
pub(super) struct Told {
    /// What happens to it.
    pub(super) data: Dossier,
    /// Its id in the database.
    pub(super) id: DossierId,
    producer: Actor,
    producer_id: ProducerId,
    producer_name: String,
    commune: String,
}

/// Loads the province of today into an empty database.
pub(super) async fn load(app: &App) -> Result<(), AppError> {
    let province = data::province()?;
    let today = app.today();
    let (story_app, clock) = StoryClock::given_to(app, app.now());
    let mut story = Telling {
        app: story_app,
        clock,
        today,
        people: BTreeMap::new(),
        seats: BTreeMap::new(),
        officers: BTreeMap::new(),
        council: None,
    };
    story.go_to(200);
    give_accounts(&mut story, &province.province).await?;
    let rounds = open_rounds(&story, &province).await?;
    let producers = register_producers(&mut story).await?;
    let products = add_products(&story, &producers).await?;
    set_up_council(&mut story, &province, &rounds).await?;
    let mut told = Vec::new();
    for dossier in data::dossiers()? {
        told.push(open_dossier(&story, dossier, &rounds, &producers, &products).await?);
    }
    for dossier in &told {
        until_the_council(&story, dossier).await?;
    }
    scoring::sessions(&story, &province, &told).await?;
    around::use_samples(&story, &told).await?;
    around::visit(&story, &province.visit, &told).await?;
    revoke(&story, &told).await?;
    // What happened before this software came, from the lists that the office kept.
    story.go_to(0);
    for list in data::REGISTERS {
        register::take_in(&story.app, &province.province, list).await?;
    }
    Ok(())
}

async fn give_accounts(story: &mut Telling, province: &str) -> Result<(), AppError> {
    for account in data::accounts(Story::Today)?.account {
        let person = if account.roles.is_empty() {
            sign_up(&story.app, &account.name, &account.email, &account.phone).await?
        } else {
            grant(&story.app, province, &account).await?
        };
        if let Some(seat) = &account.seat {
            story.seats.insert(seat.no, account.email.clone());
        }
        for role in account.roles.iter().filter(|role| role.kind == "commune_officer") {
            story.officers.insert(role.unit.clone(), account.email.clone());
        }
        story.people.insert(account.email, person);
    }
    Ok(())
}

async fn open_rounds(
    story: &Telling,
    province: &data::Province,
) -> Result<BTreeMap<String, RoundId>, AppError> {
    let office = story.office().await?;
    let centre = story.person("trung-uong@demo.ocop.example").await?;
    let own = province.round.iter().map(|round| (&office, province.province.as_str(), round));
    let central = province.central_round.iter().map(|round| (&centre, CENTRE, round));
    let mut opened = BTreeMap::new();
    for (officer, of, round) in own.chain(central) {
        let input = rounds::RoundInput {
            name: round.name.clone(),
            opens_on: round.opens_on.to_string(),
            propose_by: round.propose_by.to_string(),
            result_by: round.result_by.to_string(),
            announced_at: String::new(),
        };
        let id = rounds::open(&story.app, officer, of, &input).await?;
        opened.insert(round.id.clone(), id);
    }
    Ok(opened)
}

async fn register_producers(
    story: &mut Telling,
) -> Result<BTreeMap<String, (ProducerId, Actor, String)>, AppError> {
    let mut known = BTreeMap::new();
    for producer in data::producers()? {
        let actor = match story.people.get(&producer.account) {
            Some(actor) => actor.clone(),
            None => {
                sign_up(&story.app, &producer.representative.name, &producer.account, &producer.phone).await?
            }
        };
        let person = &producer.representative;
        let input = producers::ProducerInput {
            former_unit: String::new(),
            kind: producer.kind,
            name: producer.name,
            registration_no: producer.registration_no,
            registered_on: producer.registered_on.to_string(),
            tax_code: producer.tax_code,
            address: producer.address,
            commune: producer.commune.clone(),
            phone: producer.phone,
            email: producer.email,
            representative: person.name.clone(),
            title: person.title.clone(),
            gender: person.gender.map(|gender| gender.code().to_owned()).unwrap_or_default(),
            ethnicity: person.ethnicity.clone(),
            residence: person.residence.clone(),
            disabled: if person.disabled { "on".to_owned() } else { String::new() },
            ..producers::ProducerInput::default()
        };
        let id = producers::register(&story.app, &actor, &input).await?;
        story.people.insert(producer.account, actor.clone());
        let actor = accounts::actor_of(&story.app, &actor.person).await?;
        known.insert(producer.id, (id, actor, producer.commune));
    }
    Ok(known)
}

async fn add_products(
    story: &Telling,
    producers: &BTreeMap<String, (ProducerId, Actor, String)>,
) -> Result<BTreeMap<String, ProductId>, AppError> {
    let mut added = BTreeMap::new();
    for product in data::products()? {
        let (producer, actor, _) =
            producers.get(&product.producer).ok_or_else(|| missing("chủ thể", &product.producer))?;
        let input = products::ProductInput {
            name: product.name,
            set_no: product.set.to_string(),
            description: product.description,
            packaging: product.packaging,
            standard: product.standard,
            story: product.story,
            version: String::new(),
        };
        added.insert(product.id, products::add(&story.app, actor, producer, &input).await?);
    }
    Ok(added)
}

async fn set_up_council(
    story: &mut Telling,
    province: &data::Province,
    rounds: &BTreeMap<String, RoundId>,
) -> Result<(), AppError> {
    let council = &province.council;
    story.go_to(council.decided_days_ago - 1);
    let office = story.office().await?;
    let round = rounds.get(&council.round).ok_or_else(|| missing("đợt", &council.round))?;
    let input = CouncilInput {
        name: council.name.clone(),
        decision_no: council.decision_no.clone(),
        decision_on: story.day(council.decided_days_ago).to_string(),
        rules: SettingsInput::of(&council.settings),
        version: String::new(),
    };
    let id = councils::create_council(&story.app, &office, round, &input).await?;
    for account in data::accounts(Story::Today)?.account {
        let Some(seat) = account.seat else { continue };
        let input = SeatInput {
            person: String::new(),
            email: account.email,
            kind: seat.kind,
            agency: account.agency,
            knowing: String::new(),
        };
        councils::add_seat(&story.app, &office, &id, &input).await?;
    }
    story.council = Some(id);
    Ok(())
}

async fn open_dossier(
    story: &Telling,
    data: Dossier,
    rounds: &BTreeMap<String, RoundId>,
    producers: &BTreeMap<String, (ProducerId, Actor, String)>,
    products: &BTreeMap<String, ProductId>,
) -> Result<Told, AppError> {
    story.go_to(data.opened_days_ago);
    let (producer_id, producer, commune) =
        producers.get(&data.producer).ok_or_else(|| missing("chủ thể", &data.producer))?.clone();
    let product = products.get(&data.product).ok_or_else(|| missing("sản phẩm", &data.product))?;
    let round = rounds.get(&data.round).ok_or_else(|| missing("đợt", &data.round))?;
    if let Some(held) = &data.held {
        around::hold(story, product, data.set, held).await?;
    }
    let id = dossiers::open(&story.app, &producer, product, round, data.kind).await?;
    let version = dossiers::form(&story.app, &producer, &id).await?.input.version;
    let form = FormInput { version, ..FormInput::from(&data.form) };
    dossiers::save_form(&story.app, &producer, &id, &form).await?;
    let sheet = Sheet { choices: data.own.clone(), disqualified: None };
    dossiers::fill_sheet(&story.app, &producer, &id, &sheet).await?;
    let producer_name = producers::view(&story.app, &producer, &producer_id).await?.producer.name;
    let told = Told { data, id, producer, producer_id, producer_name, commune };
    let mut papers: Vec<(&Evidence, Vec<u8>)> =
        told.data.evidence.iter().zip(papers(story, &told).await?).collect();
    // A paper that was issued while the dossier was being prepared came in on that day.
    papers.sort_by_key(|(paper, _)| std::cmp::Reverse(paper.issued_days_ago));
    for (paper, pdf) in papers {
        story.go_to(paper.issued_days_ago.min(told.data.opened_days_ago));
        add_paper(story, &told, paper, pdf).await?;
    }
    Ok(told)
}

/// The files of a dossier's evidence: made of their titles, with the pages that citations name.
async fn papers(story: &Telling, told: &Told) -> Result<Vec<Vec<u8>>, AppError> {
    let engine = Arc::clone(&story.app.documents);
    let specimens: Vec<Specimen> = told
        .data
        .evidence
        .iter()
        .map(|paper| Specimen {
            title: paper.title.clone(),
            issuer: paper.issuer.clone(),
            number: paper.number.clone(),
            issued_on: story.day(paper.issued_days_ago),
            producer: told.producer_name.clone(),
            pages: paper.pages,
        })
        .collect();
    // Two at a time: setting them is most of the loading.
    let (left, right) = specimens.split_at(specimens.len() / 2);
    let (left, right) = (left.to_vec(), right.to_vec());
    let (left, right) = tokio::join!(render_all(Arc::clone(&engine), left), render_all(engine, right));
    Ok(left?.into_iter().chain(right?).collect())
}

async fn render_all(engine: Arc<Engine>, specimens: Vec<Specimen>) -> Result<Vec<Vec<u8>>, AppError> {
    let rendered = tokio::task::spawn_blocking(move || {
        specimens
            .iter()
            .map(|specimen| render(&engine, specimen).map(|pdf| pdf.bytes))
            .collect::<Result<Vec<_>, _>>()
    });
    match rendered.await {
        Ok(pdfs) => Ok(pdfs?),
        Err(fault) => Err(Refusal::because(format!("chưa tạo được giấy tờ minh họa: {fault}"))),
    }
}

async fn add_paper(story: &Telling, told: &Told, paper: &Evidence, pdf: Vec<u8>) -> Result<(), AppError> {
    let input = EvidenceInput {
        kind: paper.kind.clone(),
        title: paper.title.clone(),
        number: paper.number.clone(),
        issuer: paper.issuer.clone(),
        issued_on: story.day(paper.issued_days_ago).to_string(),
        expires_on: paper.expires_in_days.map(|days| story.day(-days).to_string()).unwrap_or_default(),
    };
    let upload = Upload { file_name: format!("{}.pdf", paper.number.replace('/', "-")), bytes: pdf };
    let uploaded = evidence::upload(&story.app, &told.producer, &told.producer_id, &input, upload).await?;
    for (criterion, pages) in &paper.cites {
        cite(story, told, criterion, &uploaded.id, pages).await?;
    }
    Ok(())
}

async fn cite(
    story: &Telling,
    told: &Told,
    criterion: &str,
    paper: &EvidenceId,
    pages: &str,
) -> Result<(), AppError> {
    let input =
        CiteInput { criterion: criterion.to_owned(), evidence: paper.to_string(), pages: pages.to_owned() };
    dossiers::cite(&story.app, &told.producer, &told.id, &input).await
}

/// Submission, commune, reception, assignment and advice, as far as the dossier goes.
async fn until_the_council(story: &Telling, told: &Told) -> Result<(), AppError> {
    let data = &told.data;
    let Some(submitted) = data.submitted_days_ago else { return Ok(()) };
    story.go_to(submitted);
    dossiers::submit(&story.app, &told.producer, &told.id).await?;
    if let Some(days) = data.commune_returned_days_ago {
        story.go_to(days);
        let officer = story.commune_officer(&told.commune).await?;
        let input = commune::ReturnInput { reasons: data.commune_return.clone() };
        return commune::return_dossier(&story.app, &officer, &told.id, &input).await;
    }
    let Some(proposed) = data.proposed_days_ago else { return Ok(()) };
    propose(story, told, proposed).await?;
    if let Some(days) = data.province_returned_days_ago {
        story.go_to(days);
        let input = recognition::CompletionInput {
            reasons: data.province_return.clone(),
            due_on: data
                .province_return_due_in_days
                .map(|days| story.day(-days).to_string())
                .unwrap_or_default(),
        };
        return recognition::return_from_province(&story.app, &story.office().await?, &told.id, &input).await;
    }
    let Some(accepted) = data.accepted_days_ago else { return Ok(()) };
    story.go_to(accepted);
    recognition::accept_dossier(&story.app, &story.office().await?, &told.id).await?;
    around::receive_samples(story, told).await?;
    match data.assigned_days_ago {
        Some(assigned) => advise(story, told, assigned).await,
        None => Ok(()),
    }
}

async fn propose(story: &Telling, told: &Told, days: i64) -> Result<(), AppError> {
    story.go_to(days);
    let officer = story.commune_officer(&told.commune).await?;
    let view = commune::report(&story.app, &officer, &told.id).await?;
    let mut input = commune::ReportInput::of(&view.report, view.version);
    input.present = view.papers.iter().map(|paper| paper.code().to_owned()).collect();
    let findings = told.data.commune.as_ref().ok_or_else(|| missing("mẫu 03", &told.data.product))?;
    input.material_finding.clone_from(&findings.materials);
    input.labour_finding.clone_from(&findings.labour);
    input.idea_finding.clone_from(&findings.idea);
    input.identity_finding.clone_from(&findings.identity);
    let version = commune::save_report(&story.app, &officer, &told.id, &input).await?;
    commune::propose(&story.app, &officer, &told.id, version).await
}

async fn advise(story: &Telling, told: &Told, assigned: i64) -> Result<(), AppError> {
    let data = &told.data;
    let council = story.council.clone().ok_or_else(|| missing("hội đồng", "chung"))?;
    story.go_to(assigned);
    let input = AssignInput { dossiers: vec![told.id.to_string()] };
    councils::assign_dossiers(&story.app, &story.office().await?, &council, &input).await?;
    for conflict in &data.conflicts {
        let member = story.seat(conflict.seat).await?;
        let input = ConflictInput { reason: conflict.reason.clone() };
        councils::declare_conflict(&story.app, &member, &told.id, &input).await?;
    }
    let advisor = story.seat(10).await?;
    for (code, finding) in &data.findings {
        let input = FindingInput { finding: finding.clone(), version: "0".to_owned() };
        councils::save_finding(&story.app, &advisor, &told.id, code, &input).await?;
    }
    for request in &data.requests {
        story.go_to(request.asked_days_ago);
        let input = RequestInput {
            criterion: request.criterion.clone(),
            request: request.request.clone(),
            due_on: story.day(-request.due_in_days).to_string(),
        };
        let _: RequestId = councils::request_evidence(&story.app, &advisor, &told.id, &input).await?;
    }
    if let (Some(days), Some(report)) = (data.report_days_ago, &data.report) {
        story.go_to(days);
        let input = ReportInput { summary: report.summary.clone(), proposal: report.proposal.clone() };
        councils::file_report(&story.app, &advisor, &told.id, &input).await?;
    }
    Ok(())
}

/// Whether every dossier ended where its data say; a test asks.
#[cfg(test)]
pub(super) async fn misplaced(app: &App) -> Result<Vec<String>, AppError> {
    let mut tx = app.db.read().await?;
    let everything = ocop_store::dossiers::Filter::default();
    let listed = ocop_store::dossiers::list(&mut tx, &everything, 1_000).await?;
    let products = data::products()?;
    let mut wrong = Vec::new();
    for dossier in data::dossiers()? {
        let name =
            products.iter().find(|product| product.id == dossier.product).map(|product| product.name.clone());
        let found = listed.iter().find(|row| Some(&row.product) == name.as_ref()).map(|row| row.state);
        if found != scoring::intended(&dossier.state) {
            wrong.push(format!("{}: {found:?}, meant {}", dossier.product, dossier.state));
        }
    }
    Ok(wrong)
}

async fn revoke(story: &Telling, told: &[Told]) -> Result<(), AppError> {
    let office = story.office().await?;
    for dossier in told {
        let Some(days) = dossier.data.revoked_days_ago else { continue };
        story.go_to(days);
        let certificate = around::certificate(story, dossier).await?;
        let ended = recognition::EndedInput {
            number: "21/UBND-KT".to_owned(),
            confirmed_on: story.day(days).to_string(),
            facts: dossier.data.revocation.clone(),
        };
        let commune = story.commune_officer(&certificate.commune).await?;
        recognition::confirm_production_ended(&story.app, &commune, &certificate.id, &ended).await?;
        let input = recognition::RevokeInput {
            decision_no: "2702/QĐ-UBND".to_owned(),
            revoked_on: story.day(days).to_string(),
            ..recognition::RevokeInput::default()
        };
        recognition::revoke_certificate(&story.app, &office, &certificate.id, &input).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::World;

    #[tokio::test]
    async fn nothing_is_there_before_the_story() {
        let world = World::empty().await;
        assert!(is_empty(&world.app).await.unwrap());
        sign_up(&world.app, "Người thử", "thu@demo.ocop.example", "0200 000 000").await.unwrap();
        assert!(!is_empty(&world.app).await.unwrap());
    }
}
