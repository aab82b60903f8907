//! The registers of products and producers as they are looked through: filters that stand in an
//! address, so that every number of a report can lead to its rows.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::coded;
use crate::recognition::{Validity, ends_on, validity};

coded! {
    /// How a product stands on a day.
    Standing {
        /// Its newest certificate is in force.
        Starred = "starred", "Đang có sao";
        /// Its newest certificate has run out.
        Expired = "expired", "Đã hết hạn";
        /// Its newest certificate was withdrawn.
        Revoked = "revoked", "Đã bị thu hồi";
        /// It never had one.
        Unranked = "unranked", "Chưa có sao";
    }
}

coded! {
    /// What happened to a product's star in a year.
    Happening {
        /// Recognised for the first time.
        New = "new", "Công nhận mới";
        /// Recognised with more stars.
        Upgraded = "upgraded", "Nâng hạng";
        /// Recognised again.
        Renewed = "renewed", "Công nhận lại";
        /// A certificate ran out and no other followed.
        Expired = "expired", "Hết hạn";
        /// A certificate was withdrawn.
        Revoked = "revoked", "Thu hồi";
        /// The product joined the programme.
        Joined = "joined", "Mới tham gia";
    }
}

coded! {
    /// What a list of products is ordered by.
    Sort {
        /// The name.
        Name = "name", "Tên sản phẩm";
        /// The last day of the certificate, the earliest first.
        Expiry = "expiry", "Hạn chứng nhận";
        /// The day of joining, the latest first.
        Newest = "newest", "Mới tham gia";
    }
}

/// Which products are wanted. Empty fields say nothing. Field names are those of the address:
/// `/registry/products?stars=4&kind=cooperative&on=2022-12-02`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ProductFilter {
    /// The day as of which everything is told; today when empty (`2022-12-02`).
    pub on: String,
    /// Words of the product's or producer's name.
    pub q: String,
    /// Code of a [`Standing`].
    pub standing: String,
    /// Stars on that day: `3`, `4`, `5`.
    pub stars: String,
    /// `province` or `centre`: who gave the star.
    pub level: String,
    /// Number of the industry in the classification, such as `I` or `VI`.
    pub industry: String,
    /// Number of the product set.
    pub set: String,
    /// Code of the kind of producer, or of a group of kinds (`enterprise`).
    pub kind: String,
    /// Code of the commune.
    pub commune: String,
    /// Code of the former unit (district) that the producer belonged to.
    pub district: String,
    /// One producer.
    pub producer: String,
    /// Code of a [`Happening`], in `year`.
    pub event: String,
    /// The year of `event`.
    pub year: String,
    /// The certificate in force ends in this month: `2026-03`.
    pub until: String,
    /// `yes` or `no`: carries electronic stamps.
    pub stamped: String,
    /// `yes`, `no`, or the name of a platform.
    pub listed: String,
}

/// Which producers are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ProducerFilter {
    /// As in [`ProductFilter`].
    pub on: String,
    /// Words of the name, the tax code or the registration number.
    pub q: String,
    /// As in [`ProductFilter`].
    pub kind: String,
    /// As in [`ProductFilter`].
    pub commune: String,
    /// As in [`ProductFilter`].
    pub district: String,
    /// `yes` or `no`: has a product with a star on that day.
    pub starred: String,
    /// `none`: those that had no product on that day, instead of those that had one.
    pub products: String,
}

impl ProductFilter {
    /// Without a day, a year or stars that are none: they narrow nothing, so no list may tell them.
    pub fn readable(mut self) -> Self {
        clear_unless::<NaiveDate>(&mut self.on);
        clear_unless::<u16>(&mut self.year);
        clear_unless::<u8>(&mut self.stars);
        self
    }
}

impl ProducerFilter {
    /// As of [`ProductFilter`].
    pub fn readable(mut self) -> Self {
        clear_unless::<NaiveDate>(&mut self.on);
        self
    }
}

fn clear_unless<T: std::str::FromStr>(text: &mut String) {
    if text.parse::<T>().is_err() {
        text.clear();
    }
}

/// The day of a filter, or `today`.
pub fn day_of(on: &str, today: NaiveDate) -> NaiveDate {
    on.parse().unwrap_or(today)
}

/// The days of one certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    /// First day.
    pub issued_on: NaiveDate,
    /// Last day of its term.
    pub valid_until: NaiveDate,
    /// Last day on which it is in force: of its term or its extension.
    pub last_on: NaiveDate,
    /// Withdrawn from this day on.
    pub revoked_on: Option<NaiveDate>,
}

impl Term {
    /// The day that it ends on, as things stand on a day.
    pub fn ends_on(&self, on: NaiveDate) -> NaiveDate {
        ends_on(on, self.valid_until, self.last_on)
    }

    /// Whether it is in force on a day only because a re-evaluation is being decided.
    pub fn is_extended(&self, on: NaiveDate) -> bool {
        on > self.valid_until && standing(on, Some(*self)) == Standing::Starred
    }
}

/// How a product stands on a day. `held` is the certificate that tells its star then: the last one
/// issued by that day.
pub fn standing(on: NaiveDate, held: Option<Term>) -> Standing {
    let Some(held) = held else { return Standing::Unranked };
    match validity(on, held.issued_on, held.last_on, held.revoked_on) {
        Validity::InForce => Standing::Starred,
        Validity::Expired => Standing::Expired,
        Validity::Revoked => Standing::Revoked,
        Validity::NotYet => Standing::Unranked,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn what_cannot_be_read_narrows_nothing_and_is_not_told() {
        let filter = |on: &str, year: &str, stars: &str| ProductFilter {
            on: on.to_owned(),
            year: year.to_owned(),
            stars: stars.to_owned(),
            ..ProductFilter::default()
        };
        let good = filter("2022-12-02", "2022", "4");
        assert_eq!(good.clone().readable(), good);
        assert_eq!(filter("hom-nay", "20x6", "ba").readable(), ProductFilter::default());
    }

    #[test]
    fn a_product_stands_by_its_last_certificate() {
        let check = |on: &str, revoked_on: Option<&str>, expected: Standing| {
            let held = Term {
                issued_on: day("2022-12-02"),
                valid_until: day("2025-12-01"),
                last_on: day("2025-12-01"),
                revoked_on: revoked_on.map(day),
            };
            assert_eq!(standing(day(on), Some(held)), expected, "{on} {revoked_on:?}");
        };
        check("2022-12-01", None, Standing::Unranked);
        check("2022-12-02", None, Standing::Starred);
        check("2025-12-01", None, Standing::Starred);
        check("2025-12-02", None, Standing::Expired);
        check("2024-01-01", Some("2024-01-02"), Standing::Starred);
        check("2024-01-02", Some("2024-01-02"), Standing::Revoked);
        assert_eq!(standing(day("2024-01-01"), None), Standing::Unranked);
        let held = Term {
            issued_on: day("2022-12-02"),
            valid_until: day("2025-12-01"),
            last_on: day("2026-05-30"),
            revoked_on: None,
        };
        for (on, extended) in
            [("2025-12-01", false), ("2025-12-02", true), ("2026-05-30", true), ("2026-05-31", false)]
        {
            assert_eq!(held.is_extended(day(on)), extended, "{on}");
        }
    }
}
