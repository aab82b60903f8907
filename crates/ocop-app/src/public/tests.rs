//! The public list: filters, paging.

use ocop_store::db::Chain;
use ocop_store::recognition::{certificates_of_product, insert_certificate};

use super::*;
use crate::recognition::testing::certified;

#[tokio::test]
async fn pages_go_on_and_back_across_equal_names_in_every_place() {
    let (sitting, certificate) = certified().await;
    let app = sitting.app();
    let mut tx = app.db.write(Chain::of("province", "22")).await.unwrap();
    let product = ocop_store::products::find(&mut tx, &certificate.product_id).await.unwrap().unwrap();
    let kept = certificates_of_product(&mut tx, &product.id).await.unwrap().remove(0);
    for no in 1..PAGE * 2 + 9 {
        let product = ocop_store::products::Product {
            id: crate::runtime::fresh(&*app.ids),
            set_no: if no % 2 == 0 { 1 } else { product.set_no },
            ..product.clone()
        };
        ocop_store::products::insert(&mut tx, &product).await.unwrap();
        let one = Certificate {
            id: crate::runtime::fresh(&*app.ids),
            check_code: format!("CODE-{no}"),
            dossier_id: None,
            product_id: product.id,
            stars: if no % 3 == 0 { 4 } else { 3 },
            ..kept.clone()
        };
        insert_certificate(&mut tx, &one).await.unwrap();
    }
    tx.commit_upkeep().await.unwrap();

    let nation = PublicFilter::default();
    let province = PublicFilter { province: "22".to_owned(), ..nation.clone() };
    let commune = PublicFilter { commune: kept.commune.clone(), ..province.clone() };
    let words = PublicFilter { q: "rung mat".to_owned(), ..nation.clone() };
    let industry = PublicFilter { industry: "I".to_owned(), ..nation.clone() };
    for filter in [nation, province, commune, words, industry] {
        let list = async |after: &Option<String>, before: &Option<String>| {
            let at = |key: &Option<String>| key.clone().unwrap_or_default();
            let filter = PublicFilter { after: at(after), before: at(before), ..filter.clone() };
            products(app, &filter).await.unwrap()
        };
        let first = list(&None, &None).await;
        assert_eq!((first.found, first.rows.len(), first.before.is_some()), (105, PAGE, false), "{filter:?}");
        let second = list(&first.after, &None).await;
        let third = list(&second.after, &None).await;
        assert_eq!((second.rows.len(), third.rows.len(), third.after.is_some()), (PAGE, 9, false));
        let rows: Vec<_> = [&first, &second, &third].into_iter().flat_map(|page| &page.rows).collect();
        let ids: BTreeSet<_> = rows.iter().map(|row| &row.certificate).collect();
        assert_eq!(ids.len(), 105, "each once");
        assert!(rows.is_sorted_by_key(|row| std::cmp::Reverse(row.stars)), "most stars first");
        let back = list(&None, &third.before).await;
        assert_eq!((back.rows == second.rows, back.after.is_some()), (true, true));
        let start = list(&None, &back.before).await;
        assert_eq!((start.rows == first.rows, start.before.is_some()), (true, false));
    }
    let elsewhere = PublicFilter { province: "01".to_owned(), ..PublicFilter::default() };
    assert_eq!(products(app, &elsewhere).await.unwrap().found, 0);
    let four = PublicFilter { stars: "4".to_owned(), industry: "I".to_owned(), ..PublicFilter::default() };
    assert_eq!(products(app, &four).await.unwrap().found, 34);
}
