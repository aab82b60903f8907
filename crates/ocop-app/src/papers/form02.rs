//! Form 02: the self-assessment report.

use ocop_core::dossiers::DossierForm;
use ocop_core::id::DossierId;
use ocop_core::people::Actor;
use ocop_core::producers::Representative;
use ocop_core::rules::{Criterion, Part, Section};
use ocop_core::scoring::{Scored, score};
use ocop_documents::PlaceDate;
use ocop_documents::form02::{
    CitedEvidence, Form02, HeldPapers, PlanResults, ReportProducer, ReportRepresentative, SelfAssessment,
    SelfCriterion, SelfPart, SelfSection, render,
};

use super::filed::{Filed, Told};
use super::{Paper, set, set_name};
use crate::dossiers::ProductCard;
use crate::scoring::own_choice;
use crate::{App, AppError};

/// Form 02 of a dossier, for everybody who reads the dossier; a draft's for its producer alone.
pub async fn form02(app: &App, actor: &Actor, id: &DossierId) -> Result<Paper, AppError> {
    let filed = Filed::readable(app, actor, id).await?;
    let scored = score(&filed.set, &filed.told.sheet)?;
    let input = input(&filed, &scored);
    set(app, "mau-02", &filed.told.product.name, move |engine| render(engine, &input)).await
}

fn input(filed: &Filed, scored: &Scored) -> Form02 {
    let told = &filed.told;
    let (producer, form) = (&told.producer, &told.form);
    Form02 {
        cite: filed.cite.clone(),
        producer: ReportProducer {
            name: producer.name.clone(),
            kind: producer.kind.name().to_owned(),
            address: told.address(),
            phone: producer.phone.clone(),
            email: producer.email.clone(),
        },
        representative: representative(&producer.representative),
        founded_on: producer.registered_on,
        registration_no: (!producer.registration_no.is_empty()).then(|| producer.registration_no.clone()),
        product: told.product.name.clone(),
        product_description: description(&told.product),
        papers: held(form),
        history: form.history.clone(),
        structure: form.structure.clone(),
        results: PlanResults {
            materials_and_technology: form.materials_and_technology.clone(),
            quality_changes: form.quality_changes.clone(),
            markets: form.markets.clone(),
            business_results: form.business_results.clone(),
            revenue: form.revenue,
            profit: form.profit,
        },
        assessment: assessment(filed, scored),
        changes: (!form.changes.is_empty()).then(|| form.changes.clone()),
        plan_product: form.plan_product.clone(),
        plan_production: form.plan_production.clone(),
        plan_market: form.plan_market.clone(),
        place_date: PlaceDate { place: form.place.clone(), date: told.signed_on },
        signer: Some(producer.representative.name.clone()),
    }
}

/// The legal representative as forms 02 and 03 ask.
pub(super) fn representative(person: &Representative) -> ReportRepresentative {
    ReportRepresentative {
        name: person.name.clone(),
        gender: person.gender_name().to_owned(),
        ethnicity: person.ethnicity.clone(),
        residence: person.residence.clone(),
    }
}

fn description(product: &ProductCard) -> String {
    let standard = format!("Tiêu chuẩn: {}", product.standard);
    let lines = [
        Some(product.description.as_str()),
        Some(product.packaging.as_str()),
        (!product.standard.is_empty()).then_some(standard.as_str()),
    ];
    lines.into_iter().flatten().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

fn held(form: &DossierForm) -> HeldPapers {
    HeldPapers {
        registration: form.has_registration,
        quality_declaration: form.has_quality_declaration,
        food_safety: form.has_food_safety_certificate,
        production: form.has_production_certificate,
        trademark: form.has_trademark,
        geographical_right: form.has_geographical_right,
        patent: form.has_patent,
        industrial_design: form.has_industrial_design,
        copyright: form.has_copyright,
        other_property: form.other_property.clone(),
    }
}

fn assessment(filed: &Filed, scored: &Scored) -> SelfAssessment {
    let (rules, told) = (&filed.read, &filed.told);
    let section = |section: &Section| SelfSection {
        no: section.no,
        name: section.name.clone(),
        max: section.max,
        criteria: section.criteria.iter().map(|one| criterion(one, told, scored)).collect(),
    };
    let part = |part: &Part| SelfPart {
        code: part.code.code().to_owned(),
        name: part.name.clone(),
        points: scored.parts.of(part.code),
        max: part.max,
        sections: rules.sections_of(part.code).map(section).collect(),
    };
    SelfAssessment {
        set_name: set_name(rules),
        parts: rules.parts.iter().map(part).collect(),
        total: scored.total,
        max: rules.max(),
    }
}

/// A criterion that does not apply has no points, whatever was chosen.
fn criterion(criterion: &Criterion, told: &Told, scored: &Scored) -> SelfCriterion {
    let applies = !scored.ignored.contains(&criterion.code);
    let choice = told.sheet.choices.get(&criterion.code).filter(|_| applies);
    let choice = choice.map(|choice| own_choice(criterion, choice));
    let cited = told.cited.iter().filter(|(code, _)| *code == criterion.code);
    SelfCriterion {
        code: criterion.code.clone(),
        name: criterion.name.clone(),
        max: criterion.max,
        points: choice.as_ref().map(|choice| choice.points),
        level: choice.as_ref().map(|choice| choice.text.clone()),
        description: choice.and_then(|choice| choice.note).unwrap_or_default(),
        evidence: cited
            .map(|(_, paper)| CitedEvidence {
                title: paper.title.clone(),
                pages: (!paper.pages.is_empty()).then(|| paper.pages.clone()),
            })
            .collect(),
    }
}
