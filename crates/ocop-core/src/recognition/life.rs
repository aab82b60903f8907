//! The life of a certificate: the states that it passes through and what moves it on.

use chrono::{Days, NaiveDate};

use crate::coded;

coded! {
    /// Where a certificate stands on a day.
    CertificateState {
        /// Its first day has not come.
        NotYet = "not_yet", "Chưa có hiệu lực";
        /// In force.
        Valid = "valid", "Đang có hiệu lực";
        /// In force; a ground for its withdrawal is being verified (Article 8.3a).
        UnderVerification = "under_verification", "Đang xác minh";
        /// In force beyond its term: its holder's re-evaluation is being decided (Article 12.3).
        Extended = "extended", "Hết thời hạn, còn hiệu lực chờ kết quả đánh giá lại";
        /// The product has a later certificate.
        Replaced = "replaced", "Đã được thay thế";
        /// Withdrawn by decision.
        Revoked = "revoked", "Đã bị thu hồi";
        /// Its term has ended.
        Expired = "expired", "Đã hết hạn";
    }
}

coded! {
    /// What happens to a certificate.
    CertificateEvent {
        /// Its first day comes.
        Begin = "begin", "Đến ngày có hiệu lực";
        /// A ground for its withdrawal may be given.
        Suspect = "suspect", "Mở xác minh";
        /// The verification finds no ground.
        Clear = "clear", "Kết luận không có căn cứ thu hồi";
        /// The decision of withdrawal.
        Revoke = "revoke", "Thu hồi";
        /// The next certificate of the product begins.
        Replace = "replace", "Có giấy chứng nhận mới";
        /// Its last day has passed, and its holder's re-evaluation is being decided.
        Extend = "extend", "Hết thời hạn khi hồ sơ đánh giá lại đang được xem xét";
        /// Its last day has passed; an extension has ended.
        Lapse = "lapse", "Hết hạn";
    }
}

/// The certificate cannot take this step from here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "Chưa làm được «{}»: giấy chứng nhận ở trạng thái «{}». Xem lại trạng thái và các lần xác minh ở trang giấy chứng nhận.",
    .event.name(), .state.name()
)]
pub struct CertificateNotFrom {
    /// Where it stands.
    pub state: CertificateState,
    /// What was to happen.
    pub event: CertificateEvent,
}

/// Where a certificate stands after an event.
///
/// A decision of withdrawal always follows a verification (Article 8.3): there is no way from
/// [`CertificateState::Valid`] straight to [`CertificateState::Revoked`]. An expired certificate is in force
/// again when its holder files late under the transition, which continues it (Article 12.3); a cleared one
/// is what its days say.
///
/// # Errors
/// [`CertificateNotFrom`] when the event cannot happen here.
pub fn live(
    state: CertificateState,
    event: CertificateEvent,
) -> Result<CertificateState, CertificateNotFrom> {
    use CertificateEvent::{Begin, Clear, Extend, Lapse, Replace, Revoke, Suspect};
    let next = match state {
        CertificateState::NotYet => match event {
            Begin => Some(CertificateState::Valid),
            Suspect | Clear | Revoke | Replace | Extend | Lapse => None,
        },
        CertificateState::Valid => match event {
            Suspect => Some(CertificateState::UnderVerification),
            Extend => Some(CertificateState::Extended),
            Replace => Some(CertificateState::Replaced),
            Lapse => Some(CertificateState::Expired),
            Begin | Clear | Revoke => None,
        },
        CertificateState::UnderVerification => match event {
            Clear => Some(CertificateState::Valid),
            Revoke => Some(CertificateState::Revoked),
            Replace => Some(CertificateState::Replaced),
            Lapse => Some(CertificateState::Expired),
            Begin | Suspect | Extend => None,
        },
        CertificateState::Extended => match event {
            Suspect => Some(CertificateState::UnderVerification),
            Replace => Some(CertificateState::Replaced),
            Lapse => Some(CertificateState::Expired),
            Begin | Clear | Revoke | Extend => None,
        },
        CertificateState::Expired => match event {
            Extend => Some(CertificateState::Extended),
            Begin | Suspect | Clear | Revoke | Replace | Lapse => None,
        },
        CertificateState::Replaced | CertificateState::Revoked => match event {
            Begin | Suspect | Clear | Revoke | Replace | Extend | Lapse => None,
        },
    };
    next.ok_or(CertificateNotFrom { state, event })
}

/// What a certificate's state rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Life {
    /// First day.
    pub issued_on: NaiveDate,
    /// Last day of its term.
    pub valid_until: NaiveDate,
    /// Last day on which it is in force: of its term or its extension.
    pub last_on: NaiveDate,
    /// First day of the product's next certificate.
    pub next_on: Option<NaiveDate>,
    /// Day of the decision of withdrawal.
    pub revoked_on: Option<NaiveDate>,
    /// Whether a verification is under way, or has found a ground that is not decided upon.
    pub suspected: bool,
}

/// Where a certificate stands on a day.
pub fn state_on(today: NaiveDate, life: &Life) -> CertificateState {
    let reached = |day: Option<NaiveDate>| day.is_some_and(|day| day <= today);
    if reached(life.revoked_on) {
        CertificateState::Revoked
    } else if today < life.issued_on {
        CertificateState::NotYet
    } else if reached(life.next_on) {
        CertificateState::Replaced
    } else if today > life.last_on {
        CertificateState::Expired
    } else if life.suspected {
        CertificateState::UnderVerification
    } else if today > life.valid_until {
        CertificateState::Extended
    } else {
        CertificateState::Valid
    }
}

impl CertificateState {
    /// Whether a certificate in this state is in force.
    pub fn runs(self) -> bool {
        match self {
            Self::Valid | Self::UnderVerification | Self::Extended => true,
            Self::NotYet | Self::Replaced | Self::Revoked | Self::Expired => false,
        }
    }
}

coded! {
    /// Where the suspicion of a ground comes from.
    Source {
        /// Inspection or supervision by the office (Article 9).
        Inspection = "inspection", "Kiểm tra, giám sát";
        /// Conclusion or request of a competent body (Article 8.1b, c, e).
        Authority = "authority", "Cơ quan có thẩm quyền";
        /// The commune confirms that production has ended (Article 8.4).
        Commune = "commune", "Ủy ban nhân dân xã xác nhận";
        /// A report of people or press.
        Report = "report", "Phản ánh";
        /// The office found it itself.
        Office = "office", "Cơ quan tham mưu tự phát hiện";
    }
}

/// The last day of the decision of withdrawal: `days` after the conclusion on the violation, or
/// after the commune's confirmation (Article 8.4: 15 days).
pub fn decide_by(concluded_on: NaiveDate, days: u32) -> NaiveDate {
    concluded_on.checked_add_days(Days::new(u64::from(days))).unwrap_or(concluded_on)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recognition::{Validity, validity};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// The table as an officer reads it.
    fn table() -> String {
        let mut lines = String::from("Trạng thái · sự kiện → trạng thái sau\n");
        for state in CertificateState::ALL {
            for event in CertificateEvent::ALL {
                if let Ok(next) = live(*state, *event) {
                    lines.push_str(&format!("{} · {} → {}\n", state.name(), event.name(), next.name()));
                }
            }
        }
        lines
    }

    #[test]
    fn the_printed_table_is_the_life_of_a_certificate() {
        insta::assert_snapshot!("life", table());
    }

    fn life() -> Life {
        Life {
            issued_on: day("2026-12-20"),
            valid_until: day("2029-12-19"),
            last_on: day("2029-12-19"),
            next_on: None,
            revoked_on: None,
            suspected: false,
        }
    }

    #[test]
    fn the_state_follows_the_day_and_what_happened() {
        let check = |today: &str, life: Life, expected: CertificateState| {
            assert_eq!(state_on(day(today), &life), expected, "{today}");
        };
        check("2026-12-19", life(), CertificateState::NotYet);
        check("2026-12-20", life(), CertificateState::Valid);
        check("2029-12-19", life(), CertificateState::Valid);
        check("2029-12-20", life(), CertificateState::Expired);
        let suspected = Life { suspected: true, ..life() };
        check("2027-05-01", suspected, CertificateState::UnderVerification);
        check("2029-12-20", suspected, CertificateState::Expired);
        let revoked = Life { revoked_on: Some(day("2027-05-02")), ..suspected };
        check("2027-05-01", revoked, CertificateState::UnderVerification);
        check("2027-05-02", revoked, CertificateState::Revoked);
        check("2030-01-01", revoked, CertificateState::Revoked);
        let held = Life { last_on: day("2030-03-01"), ..life() };
        check("2029-12-19", held, CertificateState::Valid);
        check("2029-12-20", held, CertificateState::Extended);
        check("2030-03-01", held, CertificateState::Extended);
        check("2030-03-02", held, CertificateState::Expired);
        check("2029-12-20", Life { suspected: true, ..held }, CertificateState::UnderVerification);
        check("2029-12-20", Life { next_on: Some(day("2029-12-20")), ..held }, CertificateState::Replaced);
        check("2029-12-20", Life { revoked_on: Some(day("2029-12-20")), ..held }, CertificateState::Revoked);
        let replaced = Life { next_on: Some(day("2028-01-01")), ..life() };
        check("2027-12-31", replaced, CertificateState::Valid);
        check("2028-01-01", replaced, CertificateState::Replaced);
    }

    #[test]
    fn a_state_never_shows_a_star_that_the_paper_has_lost() {
        for today in ["2026-12-19", "2026-12-20", "2027-05-02", "2028-01-01", "2029-12-19", "2029-12-20"] {
            for revoked_on in [None, Some(day("2027-05-02"))] {
                for (suspected, next_on) in [(false, None), (true, None), (true, Some(day("2028-01-01")))] {
                    for last_on in ["2029-12-19", "2030-01-01"] {
                        let life = Life { revoked_on, suspected, next_on, last_on: day(last_on), ..life() };
                        let worth = validity(day(today), life.issued_on, life.last_on, life.revoked_on);
                        let shows = state_on(day(today), &life).runs();
                        assert!(!shows || worth == Validity::InForce, "{today} {life:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn the_decision_is_due_fifteen_days_after_the_conclusion() {
        assert_eq!(decide_by(day("2026-11-20"), 15), day("2026-12-05"));
    }
}
