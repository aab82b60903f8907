//! Producers file, the commune proposes, the province receives.

use std::error::Error;

use ocop_app::accounts::{GrantInput, RegisterInput, actor_of, grant_by_system, register};
use ocop_app::commune::{self, ReportInput};
use ocop_app::dossiers::testing::{register as producer_form, whole_form};
use ocop_app::dossiers::{self, CiteInput, WithdrawInput};
use ocop_app::evidence::{EvidenceInput, Upload, upload};
use ocop_app::producers::ProducerInput;
use ocop_app::products::ProductInput;
use ocop_app::recognition::accept_dossier;
use ocop_app::rounds::{self, RoundInput};
use ocop_app::{App, producers, products};
use ocop_core::dossiers::DossierKind;
use ocop_core::id::{DossierId, ProducerId, RoundId};
use ocop_core::people::Actor;
use ocop_core::rules::{Criterion, ProductSet};
use ocop_core::scoring::{Choice, Sheet};
use ocop_documents::specimen::{Specimen, render};

use crate::chance::Chance;
use crate::program::PASSWORD;

/// The province and the commune of the season.
pub const PROVINCE: &str = "22";
const COMMUNE: &str = "06838";
/// Product sets that a cooperative may file for.
const SETS: &[u16] = &[4, 6, 9, 12, 18];
/// Products of one producer.
const OF_ONE: usize = 3;

/// Everybody on the way to the council.
pub struct Filing {
    /// Provincial officer.
    pub office: Actor,
    /// Officer of the commune.
    commune: Actor,
    /// The round.
    pub round: RoundId,
    /// Acts for all producers.
    producer: Actor,
    producers: std::sync::Mutex<Vec<ProducerId>>,
}

/// Gives somebody a role of the province.
pub async fn grant(app: &App, email: &str, role: &str, commune: &str) -> Result<Actor, Box<dyn Error>> {
    let input = GrantInput {
        name: email.to_owned(),
        title: "Cán bộ".to_owned(),
        email: email.to_owned(),
        role: role.to_owned(),
        commune: commune.to_owned(),
        password: PASSWORD.to_owned(),
    };
    let person = grant_by_system(app, PROVINCE, &input).await?;
    Ok(actor_of(app, &person).await?)
}

/// The level of a criterion that most products reach: its best, a little lower for some products.
pub fn base(set: &ProductSet, no: usize) -> Sheet {
    let mut chance = Chance::of(no);
    // From products that hardly reach 3 stars to those that lack nothing.
    let tenths = no % 10;
    let level = |criterion: &Criterion, chance: &mut Chance| {
        let best = criterion.alternatives[0].highest();
        let lower = criterion.knockouts.is_empty() && chance.below(14) > tenths + 3;
        Choice::level(if lower { best.saturating_sub(1).max(1) } else { best })
    };
    let choices =
        set.criteria().map(|criterion| (criterion.code.clone(), level(criterion, &mut chance))).collect();
    Sheet { choices, disqualified: None }
}

/// The product set of a product.
pub fn set_of(app: &App, no: usize) -> Result<&ProductSet, Box<dyn Error>> {
    let regime = app.regime_today()?;
    Ok(app.rules.set(&regime.id, SETS[no % SETS.len()]).ok_or("no such set")?)
}

/// A paper of five pages.
fn paper(app: &App, no: usize, at: usize) -> Result<Vec<u8>, Box<dyn Error>> {
    let specimen = Specimen {
        title: format!("Giấy tờ {at} của sản phẩm {no}"),
        issuer: "Cơ quan cấp".to_owned(),
        number: format!("{at}/GT"),
        issued_on: app.today(),
        producer: "Hợp tác xã".to_owned(),
        pages: 5,
    };
    Ok(render(&app.documents, &specimen)?.bytes)
}

impl Filing {
    /// The offices, an open round.
    pub async fn open(app: &App) -> Result<Self, Box<dyn Error>> {
        let office = grant(app, "van-phong@bench.ocop.example", "provincial_officer", "").await?;
        let commune = grant(app, "xa@bench.ocop.example", "commune_officer", COMMUNE).await?;
        let input = RegisterInput {
            name: "chu-the@bench.ocop.example".to_owned(),
            email: "chu-the@bench.ocop.example".to_owned(),
            phone: String::new(),
            password: PASSWORD.to_owned(),
        };
        let producer = actor_of(app, &register(app, &input).await?).await?;
        let round = RoundInput {
            name: "Đợt 2 năm 2026".to_owned(),
            opens_on: "01/06/2026".to_owned(),
            propose_by: "30/11/2026".to_owned(),
            result_by: "30/12/2026".to_owned(),
            ..RoundInput::default()
        };
        let round = rounds::open(app, &office, PROVINCE, &round).await?;
        Ok(Self { office, commune, round, producer, producers: std::sync::Mutex::default() })
    }

    async fn producer(&self, app: &App, no: usize) -> Result<ProducerId, Box<dyn Error>> {
        let known = self.producers.lock().map_err(|_| "a lock is broken")?.get(no / OF_ONE).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let at = no / OF_ONE;
        let input = ProducerInput {
            name: format!("Hợp tác xã số {at}"),
            registration_no: format!("22B7{at:06}"),
            ..producer_form(COMMUNE)
        };
        let id = producers::register(app, &self.producer, &input).await?;
        self.producers.lock().map_err(|_| "a lock is broken")?.push(id.clone());
        Ok(id)
    }

    /// A product's dossier with so many papers of five pages: filed, proposed by the commune, received by the
    /// province.
    pub async fn file(&self, app: &App, no: usize, papers: usize) -> Result<DossierId, Box<dyn Error>> {
        let producer = self.producer(app, no).await?;
        let own = actor_of(app, &self.producer.person).await?;
        let set = set_of(app, no)?;
        let input = ProductInput {
            name: format!("Sản phẩm số {no}"),
            set_no: set.no.to_string(),
            description: "Làm từ nguyên liệu của xã".to_owned(),
            packaging: "Hộp 500 g".to_owned(),
            standard: "TCCS 01:2026".to_owned(),
            ..ProductInput::default()
        };
        let product = products::add(app, &own, &producer, &input).await?;
        let id = dossiers::open(app, &own, &product, &self.round, DossierKind::First).await?;
        let version = dossiers::form(app, &own, &id).await?.input.version;
        dossiers::save_form(app, &own, &id, &whole_form(version)).await?;
        let mut sheet = base(set, no);
        for choice in sheet.choices.values_mut() {
            choice.note = Some("Có giấy tờ kèm theo.".to_owned());
        }
        dossiers::fill_sheet(app, &own, &id, &sheet).await?;
        let mut kept = Vec::new();
        for at in 0..papers {
            let file = Upload { file_name: format!("Giấy tờ {at}.pdf"), bytes: paper(app, no, at)? };
            let kind = EvidenceInput { kind: "1".to_owned(), ..EvidenceInput::default() };
            kept.push(upload(app, &own, &producer, &kind, file).await?.id);
        }
        let criteria: Vec<&str> = set.criteria().map(|criterion| criterion.code.as_str()).collect();
        // Every criterion has a paper, every paper a criterion.
        for at in 0..criteria.len().max(kept.len()) {
            let cited = CiteInput {
                criterion: criteria[at % criteria.len()].to_owned(),
                evidence: kept[at % kept.len()].to_string(),
                pages: String::new(),
            };
            dossiers::cite(app, &own, &id, &cited).await?;
        }
        dossiers::submit(app, &own, &id).await?;
        self.propose(app, &id).await?;
        accept_dossier(app, &self.office, &id).await?;
        Ok(id)
    }

    async fn propose(&self, app: &App, id: &DossierId) -> Result<(), Box<dyn Error>> {
        let view = commune::report(app, &self.commune, id).await?;
        let input = ReportInput {
            present: view.papers.iter().map(|paper| paper.code().to_owned()).collect(),
            material_finding: "Đúng thực tế.".to_owned(),
            labour_finding: "Lao động thường trú tại xã.".to_owned(),
            idea_finding: "Sản phẩm truyền thống.".to_owned(),
            identity_finding: "Kinh nghiệm của người Dao.".to_owned(),
            ..view.input
        };
        let version = commune::save_report(app, &self.commune, id, &input).await?;
        Ok(commune::propose(app, &self.commune, id, version).await?)
    }

    /// The producer takes a dossier back.
    pub async fn withdraw(&self, app: &App, id: &DossierId) -> Result<(), Box<dyn Error>> {
        let own = actor_of(app, &self.producer.person).await?;
        let why = WithdrawInput { reason: "Chưa đủ sản lượng cho đợt này.".to_owned() };
        Ok(dossiers::withdraw(app, &own, id, &why).await?)
    }
}
