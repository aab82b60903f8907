//! The register of products.

use askama::Template;
use axum::extract::{Query, State};
use ocop_app::App;
use ocop_app::download::Format;
use ocop_app::registry::file;
use ocop_app::registry::{At, Choices, Listed, ProductLine, choices, counted, products};
use ocop_core::producers::ProducerKind;
use ocop_core::recognition::Level;
use ocop_core::registry::{Happening, ProductFilter, Sort, Standing};
use ocop_core::time::date;

use super::{Chip, day_name, kind_name, month_name, named};
use crate::address::address;
use crate::page::{Outcome, Page, html, saved};
use crate::viewer::SignedIn;

const PATH: &str = "/registry/products";

#[derive(Template)]
#[template(path = "registry/products.html")]
struct ProductsPage {
    page: Page,
    filter: ProductFilter,
    at: At,
    list: Listed<ProductLine>,
    choices: Choices,
    is_today: bool,
}

impl ProductsPage {
    fn count(&self) -> String {
        format!("{} sản phẩm", counted(self.list.total))
    }

    fn on(&self) -> String {
        date(self.list.on)
    }

    fn standings(&self) -> &'static [Standing] {
        Standing::ALL
    }

    fn kinds(&self) -> &'static [ProducerKind] {
        ProducerKind::ALL
    }

    fn sorts(&self) -> &'static [Sort] {
        Sort::ALL
    }

    fn set_name(&self, no: &u16) -> &str {
        self.choices.sets.get(no).map_or("", String::as_str)
    }

    /// Filters that have no control of their own stay in force when the form is sent.
    fn kept(&self) -> [(&'static str, &str); 9] {
        let filter = &self.filter;
        [
            ("on", &filter.on),
            ("level", &filter.level),
            ("district", &filter.district),
            ("producer", &filter.producer),
            ("event", &filter.event),
            ("year", &filter.year),
            ("until", &filter.until),
            ("stamped", &filter.stamped),
            ("listed", &filter.listed),
        ]
    }

    /// Gold only where a certificate in force grants it today.
    fn is_gold(&self, line: &ProductLine) -> bool {
        self.is_today && line.standing == Standing::Starred
    }

    fn tag(&self, line: &ProductLine) -> &'static str {
        match line.standing {
            Standing::Starred => "ok",
            Standing::Expired => "wait",
            Standing::Revoked => "late",
            Standing::Unranked => "",
        }
    }

    fn until(&self, line: &ProductLine) -> String {
        line.ends_on.map(date).unwrap_or_default()
    }

    fn chips(&self) -> Vec<Chip> {
        let filter = &self.filter;
        let mut chips = Vec::new();
        let mut chip = |value: &str, label: String, without: fn(&mut ProductFilter)| {
            if !value.is_empty() {
                let mut other = filter.clone();
                without(&mut other);
                chips.push(Chip { label, href: self.without_page(&other) });
            }
        };
        chip(&filter.on, format!("Tính đến {}", day_name(&filter.on)), |one| one.on.clear());
        chip(&filter.q, format!("«{}»", filter.q), |one| one.q.clear());
        let standing = filter.standing.parse::<Standing>().map_or("Tình trạng lạ", Standing::name);
        chip(&filter.standing, standing.to_owned(), |one| one.standing.clear());
        chip(&filter.stars, format!("{} sao", filter.stars), |one| one.stars.clear());
        let level = filter.level.parse::<Level>().map_or("?", Level::name);
        chip(&filter.level, format!("Công nhận {level}"), |one| one.level.clear());
        let industry = named(&self.choices.industries, &filter.industry);
        chip(&filter.industry, industry, |one| one.industry.clear());
        chip(&filter.set, format!("Bộ {}", filter.set), |one| one.set.clear());
        chip(&filter.kind, kind_name(&filter.kind), |one| one.kind.clear());
        chip(&filter.commune, named(&self.choices.communes, &filter.commune), |one| one.commune.clear());
        let district =
            if self.choices.district.is_empty() { &filter.district } else { &self.choices.district };
        chip(&filter.district, district.clone(), |one| one.district.clear());
        let producer = if self.choices.producer.is_empty() {
            "Một chủ thể"
        } else {
            self.choices.producer.as_str()
        };
        chip(&filter.producer, producer.to_owned(), |one| one.producer.clear());
        let event = filter.event.parse::<Happening>().map_or("?", Happening::name);
        let event =
            if filter.year.is_empty() { event.to_owned() } else { format!("{event} năm {}", filter.year) };
        chip(&filter.event, event, |one| {
            one.event.clear();
            one.year.clear();
        });
        chip(&filter.until, format!("Hết hạn {}", month_name(&filter.until)), |one| one.until.clear());
        let stamped =
            if filter.stamped == "no" { "Chưa có tem điện tử" } else { "Có tem điện tử" };
        chip(&filter.stamped, stamped.to_owned(), |one| one.stamped.clear());
        let listed = match filter.listed.as_str() {
            "yes" => "Có trên sàn".to_owned(),
            "no" => "Chưa lên sàn".to_owned(),
            platform => format!("Sàn {platform}"),
        };
        chip(&filter.listed, listed, |one| one.listed.clear());
        chips
    }

    fn without_page(&self, filter: &ProductFilter) -> String {
        address(PATH, filter, &[("sort", &self.at.sort)])
    }

    fn turned(&self, name: &str, key: &str) -> String {
        address(PATH, &self.filter, &[("sort", &self.at.sort), (name, key)])
    }

    /// Where the same rows are as a file.
    fn file(&self, ending: &str) -> String {
        address(&format!("{PATH}/{ending}"), &self.filter, &[])
    }
}

/// The list.
pub async fn get(
    State(app): State<App>,
    SignedIn { actor, viewer }: SignedIn,
    Query(filter): Query<ProductFilter>,
    Query(at): Query<At>,
) -> Outcome {
    let filter = filter.readable();
    let list = products(&app, &actor, &filter, &at).await?;
    let choices = choices(&app, &actor, &filter.on, &filter.district, &filter.producer).await?;
    let is_today = list.on == app.today();
    Ok(html(ProductsPage {
        page: Page::new("Sổ sản phẩm", &viewer), filter, at, list, choices, is_today
    }))
}

/// The rows as a workbook.
pub async fn xlsx(
    State(app): State<App>,
    SignedIn { actor, .. }: SignedIn,
    Query(filter): Query<ProductFilter>,
) -> Outcome {
    Ok(saved(file::products(&app, &actor, &filter, Format::Xlsx).await?))
}

/// The rows as CSV.
pub async fn csv(
    State(app): State<App>,
    SignedIn { actor, .. }: SignedIn,
    Query(filter): Query<ProductFilter>,
) -> Outcome {
    Ok(saved(file::products(&app, &actor, &filter, Format::Csv).await?))
}
