//! The page of a producer.

use askama::Template;
use axum::extract::State;
use ocop_app::App;
use ocop_app::producers::{self, ProducerView};
use ocop_core::id::ProducerId;
use ocop_core::time::date;

use crate::page::{Id, Outcome, Page, html, see_other};
use crate::viewer::SignedIn;

#[derive(Template)]
#[template(path = "producers/show.html")]
struct ShowPage {
    page: Page,
    view: ProducerView,
}

impl ShowPage {
    /// The register: what each field is called, and what it holds; empty when not told.
    fn facts(&self) -> Vec<(&'static str, String)> {
        let producer = &self.view.producer;
        let person = &producer.representative;
        let mut facts = vec![
            ("Địa chỉ", self.view.address.clone()),
            ("Trước 1/7/2025", self.view.former.clone()),
            ("Điện thoại", producer.phone.clone()),
            ("Email", producer.email.clone()),
            ("Giấy đăng ký kinh doanh", producer.registration_no.clone()),
            ("Ngày thành lập hoặc đăng ký", producer.registered_on.map(date).unwrap_or_default()),
            ("Mã số thuế", producer.tax_code.clone()),
            ("Người đại diện pháp luật", joined(&[&person.name, &person.title])),
            ("Giới tính", person.gender_name().to_owned()),
            ("Dân tộc", person.ethnicity.clone()),
            ("Địa chỉ thường trú của người đại diện", person.residence.clone()),
            ("Lịch sử hình thành", producer.history.clone()),
            ("Cơ cấu tổ chức", producer.structure.clone()),
        ];
        // Whoever began after the districts ended has nothing to tell there.
        facts.retain(|(label, told)| *label != "Trước 1/7/2025" || !told.is_empty());
        facts
    }
}

/// What is told of several texts, with commas.
fn joined(texts: &[&str]) -> String {
    texts.iter().copied().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", ")
}

/// The page of a producer: register, products with their dossiers, vault of papers.
pub async fn get(State(app): State<App>, signed: SignedIn, Id(id): Id<ProducerId>) -> Outcome {
    let view = producers::view(&app, &signed.actor, &id).await?;
    if let Some(kept) = &view.producer.merged_into {
        return Ok(see_other(&format!("/producers/{kept}")));
    }
    Ok(html(ShowPage { page: Page::new(view.producer.name.clone(), &signed.viewer), view }))
}
