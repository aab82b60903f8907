//! The register of producers.

use askama::Template;
use axum::extract::{Query, State};
use ocop_app::App;
use ocop_app::download::Format;
use ocop_app::registry::file;
use ocop_app::registry::{At, Choices, Listed, ProducerLine, choices, counted, producers};
use ocop_core::producers::ProducerKind;
use ocop_core::registry::ProducerFilter;
use ocop_core::time::date;

use super::{Chip, day_name, kind_name, named};
use crate::address::address;
use crate::page::{Outcome, Page, html, saved};
use crate::viewer::SignedIn;

const PATH: &str = "/registry/producers";

#[derive(Template)]
#[template(path = "registry/producers.html")]
struct ProducersPage {
    page: Page,
    filter: ProducerFilter,
    list: Listed<ProducerLine>,
    choices: Choices,
    is_today: bool,
}

impl ProducersPage {
    fn count(&self) -> String {
        format!("{} chủ thể", counted(self.list.total))
    }

    fn on(&self) -> String {
        date(self.list.on)
    }

    fn kinds(&self) -> &'static [ProducerKind] {
        ProducerKind::ALL
    }

    fn chips(&self) -> Vec<Chip> {
        let filter = &self.filter;
        let mut chips = Vec::new();
        let mut chip = |value: &str, label: String, without: fn(&mut ProducerFilter)| {
            if !value.is_empty() {
                let mut other = filter.clone();
                without(&mut other);
                chips.push(Chip { label, href: address(PATH, &other, &[]) });
            }
        };
        chip(&filter.on, format!("Tính đến {}", day_name(&filter.on)), |one| one.on.clear());
        chip(&filter.q, format!("«{}»", filter.q), |one| one.q.clear());
        chip(&filter.kind, kind_name(&filter.kind), |one| one.kind.clear());
        chip(&filter.commune, named(&self.choices.communes, &filter.commune), |one| one.commune.clear());
        let district =
            if self.choices.district.is_empty() { &filter.district } else { &self.choices.district };
        chip(&filter.district, district.clone(), |one| one.district.clear());
        let starred = if filter.starred == "no" {
            "Chưa có sản phẩm đang có sao"
        } else {
            "Có sản phẩm đang có sao"
        };
        chip(&filter.starred, starred.to_owned(), |one| one.starred.clear());
        chip(&filter.products, "Chưa có sản phẩm".to_owned(), |one| one.products.clear());
        chips
    }

    fn turned(&self, name: &str, key: &str) -> String {
        address(PATH, &self.filter, &[(name, key)])
    }

    /// Where the same rows are as a file.
    fn file(&self, ending: &str) -> String {
        address(&format!("{PATH}/{ending}"), &self.filter, &[])
    }

    /// The products of a producer in the register.
    fn products_of(&self, line: &ProducerLine) -> String {
        address("/registry/products", &(), &[("on", &self.filter.on), ("producer", line.id.as_str())])
    }
}

/// The list.
pub async fn get(
    State(app): State<App>,
    SignedIn { actor, viewer }: SignedIn,
    Query(filter): Query<ProducerFilter>,
    Query(at): Query<At>,
) -> Outcome {
    let filter = filter.readable();
    let list = producers(&app, &actor, &filter, &at).await?;
    let choices = choices(&app, &actor, &filter.on, &filter.district, "").await?;
    let is_today = list.on == app.today();
    Ok(html(ProducersPage { page: Page::new("Sổ chủ thể", &viewer), filter, list, choices, is_today }))
}

/// The rows as a workbook.
pub async fn xlsx(
    State(app): State<App>,
    SignedIn { actor, .. }: SignedIn,
    Query(filter): Query<ProducerFilter>,
) -> Outcome {
    Ok(saved(file::producers(&app, &actor, &filter, Format::Xlsx).await?))
}

/// The rows as CSV.
pub async fn csv(
    State(app): State<App>,
    SignedIn { actor, .. }: SignedIn,
    Query(filter): Query<ProducerFilter>,
) -> Outcome {
    Ok(saved(file::producers(&app, &actor, &filter, Format::Csv).await?))
}
