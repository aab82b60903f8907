//! Form 01: the registration.

use chrono::Datelike;
use ocop_core::dossiers::DossierKind;
use ocop_core::id::DossierId;
use ocop_core::people::Actor;
use ocop_core::rules::Named;
use ocop_documents::PlaceDate;
use ocop_documents::form01::{Form01, Receipt, Registrant, RegistrationKind, render};

use super::filed::Filed;
use super::{Paper, names, set};
use crate::{App, AppError};

/// Form 01 of a dossier, for everybody who reads the dossier; a draft's for its producer alone.
pub async fn form01(app: &App, actor: &Actor, id: &DossierId) -> Result<Paper, AppError> {
    let filed = Filed::readable(app, actor, id).await?;
    let input = input(&filed);
    set(app, "mau-01", &filed.told.product.name, move |engine| render(engine, &input)).await
}

fn input(filed: &Filed) -> Form01 {
    let (told, rules) = (&filed.told, &filed.set);
    let producer = &told.producer;
    let year = filed.round.result_by.year();
    Form01 {
        cite: filed.cite.clone(),
        province: names::place(&filed.province),
        year: u16::try_from(year).unwrap_or_default(),
        province_code: filed.row.province.clone(),
        commune_code: filed.row.commune.clone(),
        producer: Registrant {
            name: producer.name.clone(),
            representative: producer.representative.name.clone(),
            position: producer.representative.title.clone(),
            address: told.address(),
            phone: producer.phone.clone(),
            email: producer.email.clone(),
        },
        product: told.product.name.clone(),
        industry: numbered_name(&rules.industry),
        group: numbered_name(&rules.group),
        subgroup: rules.subgroup.as_ref().map(numbered_name),
        kind: kind(filed.row.kind),
        has_report: !told.sheet.choices.is_empty(),
        samples: (rules.samples > 0).then_some(told.form.samples),
        place_date: PlaceDate { place: told.form.place.clone(), date: told.signed_on },
        signer: Some(producer.representative.name.clone()),
        commune_receipt: Receipt {
            number: filed.row.commune_receipt.clone(),
            received_on: filed.row.commune_received_on,
            receiver: None,
            office: Some(names::committee(&filed.commune)),
        },
        province_receipt: Receipt {
            number: filed.row.province_receipt.clone(),
            received_on: filed.row.province_received_on,
            ..Receipt::default()
        },
    }
}

fn numbered_name(named: &Named) -> String {
    format!("{}. {}", named.no, named.name)
}

fn kind(kind: DossierKind) -> RegistrationKind {
    match kind {
        DossierKind::First => RegistrationKind::First,
        DossierKind::Upgrade => RegistrationKind::Upgrade,
        DossierKind::Renewal => RegistrationKind::Reevaluation,
    }
}
