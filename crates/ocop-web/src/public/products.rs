//! Products with a certificate in force.

use askama::Template;
use axum::extract::{Query, State};
use ocop_app::App;
use ocop_app::public::{ProductList, PublicChoices, PublicFilter, products, public_choices};

use crate::address::address;
use crate::page::{Outcome, Page, html};
use crate::viewer::Viewer;

const PATH: &str = "/products";

#[derive(Template)]
#[template(path = "public/products.html")]
struct ProductsPage {
    page: Page,
    filter: PublicFilter,
    list: ProductList,
    choices: PublicChoices,
}

impl ProductsPage {
    /// The filters in force: the label and the address without it.
    fn chips(&self) -> Vec<(String, String)> {
        let filter = &self.filter;
        let name = |list: &[(String, String)], code: &str| {
            list.iter().find(|(one, _)| one == code).map_or_else(|| code.to_owned(), |(_, name)| name.clone())
        };
        let mut chips = Vec::new();
        let mut chip = |value: &str, label: String, without: fn(&mut PublicFilter)| {
            if !value.is_empty() {
                let mut other = whole(filter);
                without(&mut other);
                chips.push((label, address(PATH, &other, &[])));
            }
        };
        chip(&filter.q, format!("«{}»", filter.q), |one| one.q.clear());
        chip(&filter.stars, format!("{} sao", filter.stars), |one| one.stars.clear());
        chip(&filter.industry, name(&self.choices.industries, &filter.industry), |one| one.industry.clear());
        chip(&filter.province, name(&self.choices.provinces, &filter.province), |one| {
            one.province.clear();
            one.commune.clear();
        });
        chip(&filter.commune, name(&self.choices.communes, &filter.commune), |one| one.commune.clear());
        chips
    }

    fn is_narrowed(&self) -> bool {
        whole(&self.filter) != PublicFilter::default()
    }

    fn turned(&self, name: &str, key: &str) -> String {
        address(PATH, &whole(&self.filter), &[(name, key)])
    }
}

/// A filter without the place of a page in its list.
fn whole(filter: &PublicFilter) -> PublicFilter {
    PublicFilter { after: String::new(), before: String::new(), ..filter.clone() }
}

/// The list.
pub async fn get(State(app): State<App>, viewer: Viewer, Query(filter): Query<PublicFilter>) -> Outcome {
    let list = products(&app, &filter).await?;
    let choices = public_choices(&app, &filter).await?;
    Ok(html(ProductsPage { page: Page::new("Sản phẩm OCOP", &viewer), filter, list, choices }))
}
