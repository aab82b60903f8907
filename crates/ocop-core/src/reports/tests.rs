//! The numbers counted from rows, case by case.

use chrono::NaiveDate;

use super::*;
use crate::dossiers::State;
use crate::id::{ProducerId, ProductId};
use crate::producers::ProducerKind;
use crate::recognition::{Level, StarEvent, star_event, valid_until};
use crate::registry::{ProductFilter, Standing};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn product_id(no: usize) -> ProductId {
    format!("0192d3b0-7c1e-7abc-8def-{no:012x}").parse().unwrap()
}

fn producer_id(no: usize) -> ProducerId {
    format!("0192d3b0-7c1e-7abc-8dee-{no:012x}").parse().unwrap()
}

/// A register told in one line for each product: producer, kind, set, commune, former unit, day of
/// joining.
#[derive(Default)]
struct Book {
    facts: Facts,
}

impl Book {
    fn product(
        mut self,
        producer: usize,
        kind: ProducerKind,
        set_no: u16,
        places: (&str, &str),
        joined: &str,
    ) -> Self {
        let producer = producer_id(producer);
        if !self.facts.producers.iter().any(|one| one.id == producer) {
            let (led_by_woman, led_by_minority) = (Some(true), None);
            self.facts.producers.push(ProducerFact {
                id: producer.clone(),
                kind,
                led_by_woman,
                led_by_minority,
            });
        }
        self.facts.products.push(ProductFact {
            id: product_id(self.facts.products.len()),
            producer,
            kind,
            set_no,
            commune: places.0.to_owned(),
            former_unit: places.1.to_owned(),
            joined_on: day(joined),
            stamped_since: None,
        });
        self
    }

    /// Certificates of the last product: stars and first day, oldest first, all of the province.
    fn held(mut self, certificates: &[(u8, &str)]) -> Self {
        let product = product_id(self.facts.products.len() - 1);
        let mut before = None;
        for (at, (stars, issued)) in certificates.iter().enumerate() {
            self.facts.certificates.push(CertificateFact {
                product: product.clone(),
                stars: *stars,
                level: Level::Province,
                event: star_event(before, *stars),
                issued_on: day(issued),
                valid_until: valid_until(day(issued), 36),
                last_on: valid_until(day(issued), 36),
                revoked_on: None,
                next_on: certificates.get(at + 1).map(|(_, next)| day(next)),
            });
            before = Some(*stars);
        }
        self
    }

    fn last_certificate(mut self, change: impl Fn(&mut CertificateFact)) -> Self {
        change(self.facts.certificates.last_mut().unwrap());
        self
    }

    fn listed(mut self, platform: &str, since: &str) -> Self {
        let product = product_id(self.facts.products.len() - 1);
        self.facts.listings.push(ListingFact { product, platform: platform.to_owned(), since: day(since) });
        self
    }

    fn district(mut self, code: &str, parent: Option<&str>, valid_to: &str) -> Self {
        self.facts.districts.push(DistrictFact {
            code: code.to_owned(),
            name: format!("Huyện {code}"),
            parent: parent.map(str::to_owned),
            valid_to: day(valid_to),
        });
        self
    }

    fn on(&self, on: &str) -> Register {
        Register::new(self.facts.clone(), day(on), "")
    }
}

const HTX: ProducerKind = ProducerKind::Cooperative;

/// Four products with every kind of life: renewed and upgraded, run out, withdrawn, never ranked.
fn lives() -> Book {
    Book::default()
        .district("193", Some("22"), "2025-06-30")
        .district("06790", Some("193"), "2025-06-30")
        .product(1, HTX, 4, ("06800", "06790"), "2019-03-01")
        .held(&[(3, "2019-05-10"), (4, "2021-04-01"), (4, "2024-03-20")])
        .product(1, HTX, 4, ("06800", "193"), "2020-01-01")
        .held(&[(3, "2020-02-02")])
        .product(2, ProducerKind::Household, 14, ("06838", ""), "2021-07-01")
        .held(&[(3, "2021-08-01")])
        .last_certificate(|held| held.revoked_on = Some(day("2022-06-01")))
        .listed("Voso", "2022-02-01")
        .product(3, ProducerKind::LimitedCompany, 14, ("06838", ""), "2022-07-01")
}

#[test]
fn a_product_stands_as_its_counting_certificate_says_on_the_day() {
    let check = |on: &str, expected: [i64; 5]| {
        let told = summary(&lives().on(on)).products;
        let found = [told.registered, told.starred, told.expired, told.revoked, told.unranked];
        assert_eq!(found, expected, "{on}");
    };
    // Facts come as of a day from the store; these tables keep all products, so only stars move.
    check("2019-05-09", [4, 0, 0, 0, 4]);
    check("2021-08-01", [4, 3, 0, 0, 1]);
    check("2022-06-01", [4, 2, 0, 1, 1]);
    check("2023-02-01", [4, 2, 0, 1, 1]);
    check("2023-02-02", [4, 1, 1, 1, 1]);
    check("2024-03-20", [4, 1, 1, 1, 1]);
}

#[test]
fn a_superseded_certificate_never_comes_back() {
    // The second certificate is withdrawn: the first, still within its term, does not count again.
    let book = Book::default()
        .product(1, HTX, 4, ("06800", ""), "2019-01-01")
        .held(&[(3, "2020-01-01"), (4, "2021-01-01")])
        .last_certificate(|held| held.revoked_on = Some(day("2021-06-01")));
    assert_eq!(book.on("2021-06-01").standing(&product_id(0)), Standing::Revoked);
    assert_eq!(book.on("2020-12-31").standing(&product_id(0)), Standing::Starred);
}

#[test]
fn the_years_tell_each_thing_once() {
    let told = years(&lives().on("2024-12-31"));
    let line = |year: i32| {
        let line = told.iter().find(|line| line.year == year).unwrap();
        [line.joined, line.new, line.upgraded, line.renewed, line.expired, line.revoked, line.stars.sum()]
    };
    assert_eq!(line(2019), [1, 1, 0, 0, 0, 0, 1]);
    assert_eq!(line(2020), [1, 1, 0, 0, 0, 0, 2]);
    assert_eq!(line(2021), [1, 1, 1, 0, 0, 0, 3]);
    assert_eq!(line(2022), [1, 0, 0, 0, 0, 1, 2]);
    assert_eq!(line(2023), [0, 0, 0, 0, 1, 0, 1], "run out and nothing followed");
    assert_eq!(line(2024), [0, 0, 0, 1, 0, 0, 1], "the certificate of 2021 was followed in time");
    let early = years(&lives().on("2022-05-31"));
    assert_eq!(early.last().map(|line| (line.year, line.revoked)), Some((2022, 0)), "not withdrawn yet");
}

#[test]
fn five_stars_are_told_by_who_gave_them() {
    let mut book = Book::default();
    for (level, stars) in [(Level::Province, 5), (Level::Centre, 5), (Level::District, 3)] {
        book = book
            .product(1, HTX, 1, ("06800", ""), "2020-01-01")
            .held(&[(stars, "2021-01-01")])
            .last_certificate(|held| held.level = level);
    }
    let stars = summary(&book.on("2022-12-02")).stars;
    let expected = Stars { three: 1, five: 2, five_province: 1, five_centre: 1, ..Stars::default() };
    assert_eq!(stars, expected);
}

#[test]
fn expiring_counts_by_month_what_is_in_force() {
    let told = expiring(&lives().on("2022-03-15"));
    assert_eq!((told.len(), told[0].month.as_str(), told[11].month.as_str()), (12, "2022-03", "2023-02"));
    let full: Vec<(&str, i64)> = told
        .iter()
        .filter(|month| month.products > 0)
        .map(|month| (month.month.as_str(), month.products))
        .collect();
    assert_eq!(full, [("2023-02", 1)], "the one of 2020-02-02 ends on 2023-02-01");
    let after = expiring(&lives().on("2023-02-02"));
    assert!(after.iter().all(|month| month.month != "2023-02" || month.products == 0), "run out already");
}

#[test]
fn places_are_districts_while_these_existed() {
    let places = |on: &str| {
        let told = summary(&lives().on(on)).units;
        told.into_iter().map(|unit| (unit.former, unit.code, unit.products)).collect::<Vec<_>>()
    };
    let (district, commune) = ("193".to_owned(), "06838".to_owned());
    assert_eq!(places("2025-06-30"), [(true, district, 2), (false, commune.clone(), 2)]);
    assert_eq!(places("2025-07-01"), [(false, "06800".to_owned(), 2), (false, commune, 2)]);
}

#[test]
fn a_former_province_is_no_district() {
    let book = Book::default()
        .district("24", None, "2025-06-30")
        .district("213", Some("24"), "2025-06-30")
        .district("07200", Some("213"), "2025-06-30")
        .product(1, HTX, 4, ("07210", "07200"), "2022-01-01");
    let register = book.on("2024-01-01");
    assert_eq!(district_of(&register.districts, "07200"), Some("213"));
    assert_eq!(district_of(&register.districts, ""), None);
    let only = Register::new(book.facts.clone(), day("2024-01-01"), "213");
    assert_eq!((only.products.len(), only.producers.len()), (1, 1));
    let none = Register::new(book.facts, day("2024-01-01"), "193");
    assert_eq!((none.products.len(), none.producers.len()), (0, 0));
}

#[test]
fn what_is_new_in_the_year_is_told_by_unit() {
    let told = summary(&lives().on("2022-12-02"));
    assert_eq!((told.year.joined, told.year.joined_producers), (1, 1));
    assert_eq!(told.put_on_platforms, Put { year: 2022, products: 1 });
    let unit = told.units.iter().find(|unit| unit.code == "06838").unwrap();
    assert_eq!((unit.joined, unit.joined_producers, unit.put_on_platforms), (1, 1, 1));
    let groups: Vec<(ProducerGroup, i64)> =
        told.producers.groups.iter().map(|one| (one.group, one.producers)).filter(|(_, n)| *n > 0).collect();
    let expected =
        [ProducerGroup::Enterprise, ProducerGroup::Cooperative, ProducerGroup::Household].map(|g| (g, 1));
    assert_eq!((groups.as_slice(), told.producers.total), (&expected[..], 3));
}

#[test]
fn small_groups_of_people_are_hidden_with_their_complement() {
    let check = |yes: usize, no: usize, expected: (Option<i64>, Option<i64>)| {
        let told = [Some(true)].repeat(yes).into_iter().chain([Some(false)].repeat(no)).chain([None, None]);
        let found = led(told);
        assert_eq!(((found.yes, found.no), found.unknown), (expected, 2), "{yes} of {}", yes + no);
    };
    check(5, 5, (Some(5), Some(5)));
    check(4, 100, (None, None));
    check(100, 4, (None, None));
    check(0, 100, (None, None));
    check(40, 60, (Some(40), Some(60)));
}

#[test]
fn the_median_is_the_middle_of_what_was_told() {
    let mut book = lives();
    for (no, amount) in [(0, 100), (1, 5_000), (2, 300), (3, 200)] {
        book.facts.revenue.push(RevenueFact { product: product_id(no), year: 2021, amount });
    }
    book.facts.revenue.push(RevenueFact { product: product_id(0), year: 2020, amount: 7 });
    let told = revenue(&book.on("2022-12-02"));
    let first = RevenueYear { year: 2020, sum: 7, products: 1, median: 7 };
    assert_eq!(told, [first, RevenueYear { year: 2021, sum: 5_600, products: 4, median: 200 }]);
}

fn dossier(no: usize, state: State, change: impl Fn(&mut DossierFact)) -> DossierFact {
    let mut fact = DossierFact {
        product: product_id(no),
        producer: producer_id(no / 2),
        commune: "06838".to_owned(),
        former_unit: String::new(),
        state,
        submitted: false,
        proposed: false,
        accepted: false,
        judged: false,
        stars: None,
    };
    change(&mut fact);
    fact
}

#[test]
fn the_funnel_of_dossiers_counts_what_each_has_reached() {
    let dossiers = [
        dossier(0, State::Draft, |_| {}),
        dossier(1, State::Draft, |one| one.submitted = true),
        dossier(2, State::Completing, |_| {}),
        dossier(3, State::Recognised, |one| (one.judged, one.stars) = (true, Some(4))),
        dossier(4, State::NotRecognised, |one| (one.judged, one.stars) = (true, Some(2))),
        dossier(5, State::Disqualified, |one| one.judged = true),
    ];
    let told = funnel(&from_dossiers(&dossiers, |one| one.commune.clone()));
    let steps: Vec<(Step, i64)> = told.steps.iter().map(|step| (step.step, step.products)).collect();
    let expected = [
        (Step::Opened, 6),
        (Step::Submitted, 5),
        (Step::Proposed, 4),
        (Step::Accepted, 3),
        (Step::InCouncil, 3),
        (Step::Confirmed, 3),
        (Step::Recognised, 1),
        (Step::Notified, 1),
        (Step::Out, 1),
    ];
    assert_eq!(steps, expected);
    assert_eq!((told.products, told.producers, told.units), (6, 3, 1));
    assert_eq!(told.stars.into_iter().collect::<Vec<_>>(), [(0, 2), (4, 1)]);
}

#[test]
fn the_funnel_of_paper_goes_from_district_to_centre() {
    let evaluated = |no: usize, level: Level, unit: &str, stars: u8| EvaluationFact {
        product: product_id(no),
        producer: producer_id(no),
        commune: "06838".to_owned(),
        former_unit: "195".to_owned(),
        level,
        unit: unit.to_owned(),
        evaluated_on: day("2022-10-01"),
        stars: Some(stars),
    };
    let rows = [
        evaluated(0, Level::Province, "22", 4),
        evaluated(0, Level::District, "193", 3),
        evaluated(1, Level::District, "194", 2),
        evaluated(2, Level::Province, "22", 5),
    ];
    let told = funnel(&from_evaluations(&rows, |one| one.former_unit.clone()));
    let steps: Vec<_> = told.steps.iter().map(|step| (step.step, step.products, step.units)).collect();
    assert_eq!(steps, [(Step::District, 2, 2), (Step::Province, 2, 2)]);
    assert_eq!((told.products, told.producers, told.units), (3, 3, 3), "195 where no district judged");
    assert_eq!(told.stars.into_iter().collect::<Vec<_>>(), [(0, 1), (4, 1), (5, 1)]);
}

#[test]
fn rows_carry_what_the_filter_says_and_the_day() {
    let filter = ProductFilter { stars: "4".to_owned(), commune: "06838".to_owned(), ..Default::default() };
    let rows = Rows::products(&filter);
    let spoken: Vec<(&str, &str)> = rows.query.iter().map(|(name, value)| (&**name, &**value)).collect();
    assert_eq!(spoken, [("commune", "06838"), ("stars", "4")]);
    assert_eq!(rows.on(day("2022-12-02")).query["on"], "2022-12-02");
}

#[test]
fn the_sector_table_fits_its_columns() {
    for (dong, hundredths) in [(1_250_500_000, 125_050), (4_999, 0), (5_000, 1), (0, 0)] {
        assert_eq!(hundredths_of_million(dong), hundredths, "{dong}");
    }
    let fact = PtntFact {
        unit: "06838".to_owned(),
        set_no: 4,
        name: "Mật ong ".repeat(40),
        producer: "HTX Thử".to_owned(),
        stars: Some(4),
        standing: Standing::Starred,
        revenue: None,
    };
    let expired = PtntFact { standing: Standing::Expired, name: "Chè".to_owned(), ..fact.clone() };
    let table = ptnt(&[fact, expired], 2025);
    assert_eq!(table.rows[0].name.chars().count(), PTNT_NAME_LIMIT);
    assert_eq!((table.cut.len(), table.sets[&4]), (1, 2));
    let shown: Vec<_> = table.rows.iter().map(|row| (row.no, &*row.rank, row.status, &*row.set)).collect();
    assert_eq!(shown, [(1, "4*", "HieuLuc", "OCOP04"), (2, "", "HetHan", "OCOP04")]);
    for standing in Standing::ALL {
        let fact = PtntFact { standing: *standing, ..ptnt_fact() };
        assert!(ptnt(&[fact], 2025).rows[0].status.len() <= 10);
    }
}

fn ptnt_fact() -> PtntFact {
    PtntFact {
        unit: "06838".to_owned(),
        set_no: 1,
        name: "Chè".to_owned(),
        producer: "HTX".to_owned(),
        stars: None,
        standing: Standing::Unranked,
        revenue: Some(1),
    }
}

#[test]
fn events_follow_certificates() {
    assert_eq!(star_event(Some(3), 4), StarEvent::Upgraded);
    assert_eq!(years(&Book::default().on("2022-12-02")), []);
}
