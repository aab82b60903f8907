//! From a confirmed result to a certificate, and what a certificate is worth on a given day.

mod extension;
mod life;
mod withdrawal;

pub use extension::{Extension, ExtensionGround, ends_on, held_to};
pub use life::{
    CertificateEvent, CertificateNotFrom, CertificateState, Life, Source, decide_by, live, state_on,
};

pub use withdrawal::{VerificationEvent, VerificationNotFrom, VerificationState, verify};

use chrono::{Months, NaiveDate};

use crate::coded;
use crate::dossiers::Event;
use crate::scoring::Tally;

coded! {
    /// What a confirmed result leads to.
    Outcome {
        /// 3 or 4 stars: decision and certificate of the province (Article 7.3e).
        Certificate = "certificate", "Công nhận, cấp giấy chứng nhận";
        /// 1 or 2 stars: a notice only (Article 4.1a).
        Notice = "notice", "Thông báo kết quả";
        /// 90 points or more with every floor of 5 stars: result approved, dossier to the centre.
        Centre = "centre", "Phê duyệt kết quả, trình trung ương";
        /// The centre's council: 90 points or more with every floor of 5 stars (Article 7.4d).
        FiveStars = "five_stars", "Công nhận 5 sao, cấp giấy chứng nhận";
        /// The centre's council: anything less, told to the province (Article 7.4g).
        Refer = "refer", "Chưa đạt 5 sao, thông báo cho Ủy ban nhân dân tỉnh";
        /// The council's ballots disqualify it.
        Disqualified = "disqualified", "Hồ sơ bị loại";
    }
}

coded! {
    /// Who recognises a product: whose council judged it and who signs the decision.
    Level {
        /// The district, until its end on 1/7/2025 (148/QĐ-TTg: 3 stars).
        District = "district", "cấp huyện";
        /// The province.
        Province = "province", "cấp tỉnh";
        /// The ministry.
        Centre = "centre", "cấp trung ương";
    }
}

coded! {
    /// Whose evaluation of a product it is: decides what its result leads to.
    Instance {
        /// The province's.
        Province = "province", "Cấp tỉnh đánh giá";
        /// The centre's, of what a province sent (Article 7.4).
        Centre = "centre", "Trung ương đánh giá";
        /// The province's own after the centre's: up to the stars in its power (Article 7.4g).
        Again = "again", "Cấp tỉnh đánh giá sau kết quả của trung ương";
    }
}

/// What follows from a tally.
///
/// Forwarding looks at points alone in Article 7.3e; a product that has 90 points but misses a
/// floor of 5 stars would fail at the centre, so it gets the star it has reached here and is
/// marked as having the points ([`reaches_centre_points`]).
pub fn outcome(tally: &Tally, certified: &[u8], instance: Instance) -> Outcome {
    if tally.disqualified.is_some() {
        return Outcome::Disqualified;
    }
    let recognised =
        |stars: u8| if certified.contains(&stars) { Outcome::Certificate } else { Outcome::Notice };
    match instance {
        Instance::Province if tally.stars >= 5 => Outcome::Centre,
        Instance::Centre if tally.stars >= 5 => Outcome::FiveStars,
        Instance::Centre => Outcome::Refer,
        Instance::Province | Instance::Again => recognised(stars(tally, certified, instance)),
    }
}

/// The stars of a tally: no more than the province's power where it evaluates after the centre.
pub fn stars(tally: &Tally, certified: &[u8], instance: Instance) -> u8 {
    let most = certified.iter().copied().max().filter(|_| instance == Instance::Again);
    most.map_or(tally.stars, |most| tally.stars.min(most))
}

/// Whether the exact mean reaches the points for the centre (90 under 26/2026/QĐ-TTg).
pub fn reaches_centre_points(tally: &Tally, centre_from: u16) -> bool {
    tally.disqualified.is_none() && tally.mean.num >= i64::from(centre_from) * tally.mean.den
}

impl Outcome {
    /// The event that carries the outcome out in the dossier's workflow.
    pub fn event(self) -> Event {
        match self {
            Self::Certificate | Self::FiveStars => Event::Recognise,
            Self::Refer => Event::ReferBack,
            Self::Notice => Event::NotifyResult,
            Self::Centre => Event::Forward,
            Self::Disqualified => Event::Disqualify,
        }
    }
}

coded! {
    /// What a certificate was to its product.
    StarEvent {
        /// The first one.
        New = "new", "Công nhận mới";
        /// More stars than the one before.
        Upgraded = "upgraded", "Nâng hạng";
        /// The one before again, or fewer stars.
        Renewed = "renewed", "Công nhận lại";
    }
}

/// What a certificate of `stars` was, after one of `before` stars.
pub fn star_event(before: Option<u8>, stars: u8) -> StarEvent {
    match before {
        None => StarEvent::New,
        Some(before) if before < stars => StarEvent::Upgraded,
        Some(_) => StarEvent::Renewed,
    }
}

/// The last day of a certificate: `months` after the day of issue (Article 4.3: 36 months).
pub fn valid_until(issued_on: NaiveDate, months: u32) -> NaiveDate {
    issued_on.checked_add_months(Months::new(months)).and_then(|day| day.pred_opt()).unwrap_or(issued_on)
}

coded! {
    /// What a certificate is worth on a given day.
    Validity {
        /// The star may be shown.
        InForce = "in_force", "Đang có hiệu lực";
        /// Its term has ended.
        Expired = "expired", "Đã hết hạn";
        /// Withdrawn by decision.
        Revoked = "revoked", "Đã bị thu hồi";
        /// Its first day has not come.
        NotYet = "not_yet", "Chưa có hiệu lực";
    }
}

/// The validity on `today` of a certificate that is in force to `last_on`: the last day of its term, or
/// of its extension ([`held_to`]). The public badge, the shop and the stamp all ask this one function
/// (law 11).
pub fn validity(
    today: NaiveDate,
    issued_on: NaiveDate,
    last_on: NaiveDate,
    revoked_on: Option<NaiveDate>,
) -> Validity {
    if revoked_on.is_some_and(|day| day <= today) {
        Validity::Revoked
    } else if today < issued_on {
        Validity::NotYet
    } else if today > last_on {
        Validity::Expired
    } else {
        Validity::InForce
    }
}

/// Letters of a check code: no 0/O, 1/I/L, so that it can be read aloud.
const CODE_LETTERS: &[u8] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";

/// A certificate's public check code from chance: `7K4M-9QX2-BD`, about 49 bits.
pub fn check_code(chance: [u8; 10]) -> String {
    let mut code = String::new();
    for (at, byte) in chance.iter().enumerate() {
        if at == 4 || at == 8 {
            code.push('-');
        }
        let letter = CODE_LETTERS.get(usize::from(*byte) % CODE_LETTERS.len()).copied().unwrap_or(b'2');
        code.push(char::from(letter));
    }
    code
}

/// A typed check code in its written form, or `None` when it cannot be one: spaces, dashes and
/// case do not matter.
pub fn tidy_code(typed: &str) -> Option<String> {
    let letters: Vec<u8> = typed
        .bytes()
        .filter(|byte| !matches!(byte, b'-' | b' '))
        .map(|byte| byte.to_ascii_uppercase())
        .collect();
    if letters.len() != 10 || !letters.iter().all(|letter| CODE_LETTERS.contains(letter)) {
        return None;
    }
    let text: String = letters.into_iter().map(char::from).collect();
    Some(format!("{}-{}-{}", &text[..4], &text[4..8], &text[8..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_certificate_is_new_an_upgrade_or_a_renewal() {
        let check = |before, stars, event| assert_eq!(star_event(before, stars), event);
        check(None, 3, StarEvent::New);
        check(Some(3), 4, StarEvent::Upgraded);
        check(Some(4), 4, StarEvent::Renewed);
        check(Some(4), 3, StarEvent::Renewed);
    }

    #[test]
    fn a_certificate_lasts_thirty_six_months() {
        assert_eq!(valid_until(day("2026-12-20"), 36), day("2029-12-19"));
        assert_eq!(valid_until(day("2024-02-29"), 36), day("2027-02-27"));
    }

    #[test]
    fn validity_follows_the_day() {
        let check = |today: &str, revoked: Option<&str>, expected: Validity| {
            assert_eq!(
                validity(day(today), day("2026-12-20"), day("2029-12-19"), revoked.map(day)),
                expected,
                "{today}"
            );
        };
        check("2026-12-19", None, Validity::NotYet);
        check("2026-12-20", None, Validity::InForce);
        check("2029-12-19", None, Validity::InForce);
        check("2029-12-20", None, Validity::Expired);
        check("2027-01-01", Some("2027-01-01"), Validity::Revoked);
        check("2026-12-31", Some("2027-01-01"), Validity::InForce);
        check("2030-01-01", Some("2027-01-01"), Validity::Revoked);
    }

    #[test]
    fn check_codes_survive_being_typed_by_hand() {
        let code = check_code([0, 30, 31, 255, 7, 9, 11, 13, 17, 19]);
        assert_eq!(code.len(), 12);
        assert_eq!(tidy_code(&code.to_lowercase().replace('-', " ")), Some(code));
        for bad in ["", "7K4M", "7K4M-9QX2-B0", "7K4M-9QX2-BDD", "<script>"] {
            assert_eq!(tidy_code(bad), None, "{bad}");
        }
    }
}
