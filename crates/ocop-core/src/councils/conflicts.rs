//! Conflicts of interest that the registers tell, before anybody is invited.

use chrono::NaiveDate;

use super::Phase;
use crate::coded;
use crate::dossiers::State;
use crate::id::ProducerId;
use crate::text::fold;
use crate::time::date;

coded! {
    /// How a conflict of interest came to be known.
    ConflictGround {
        /// The member declared it.
        Declared = "declared", "Thành viên tự khai";
        /// The office noted it.
        Noted = "noted", "Cơ quan tham mưu ghi nhận";
        /// The member's agency is the producer.
        Agency = "agency", "Cùng cơ quan với chủ thể";
        /// The member acts for the producer here.
        ActsFor = "acts_for", "Cùng quản lý chủ thể";
        /// The member works for the commune that proposed the dossier.
        Commune = "commune", "Làm việc ở xã đề nghị hồ sơ";
        /// The member advised or trained the producer.
        Assistance = "assistance", "Đã tư vấn, tập huấn cho chủ thể";
        /// The producer's side declared the member as a relative.
        Relative = "relative", "Người thân của phía chủ thể";
    }
}

coded! {
    /// What somebody did for a producer.
    AssistanceKind {
        /// Helped it with products, papers or dossiers.
        Advised = "advised", "Tư vấn";
        /// Taught it.
        Trained = "trained", "Tập huấn";
    }
}

/// Somebody who sits in a council, or may be invited to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judge {
    /// Name.
    pub name: String,
    /// The agency that the seat speaks for.
    pub agency: String,
    /// Producers that the person acts for.
    pub producers: Vec<ProducerId>,
    /// Codes of communes where the person is an officer.
    pub communes: Vec<String>,
    /// Producers that the person advised or trained, and since when.
    pub assisted: Vec<(ProducerId, AssistanceKind, NaiveDate)>,
}

/// The producer's side of a dossier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// The producer.
    pub producer: ProducerId,
    /// Its name.
    pub name: String,
    /// Its legal representative.
    pub representative: String,
    /// Code and name of the commune that the dossier was filed in.
    pub commune: (String, String),
    /// Relatives that it declared: name and agency.
    pub relatives: Vec<(String, String)>,
}

/// A conflict of interest as the registers tell it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What ties the two.
    pub ground: ConflictGround,
    /// The same in words.
    pub reason: String,
    /// Whether it stands by itself. Otherwise only a name is the same, and the office has to look.
    pub certain: bool,
}

/// What ties a judge to the producer's side, the certain first.
pub fn conflicts_found(judge: &Judge, party: &Party) -> Vec<Found> {
    let mut found = Vec::new();
    let mut note = |ground, reason: String, certain| found.push(Found { ground, reason, certain });
    if judge.producers.contains(&party.producer) {
        note(ConflictGround::ActsFor, "Có tên trong những người quản lý chủ thể".to_owned(), true);
    }
    for (_, kind, since) in judge.assisted.iter().filter(|(producer, _, _)| *producer == party.producer) {
        let what = crate::text::in_sentence(kind.name());
        note(ConflictGround::Assistance, format!("Đã {what} cho chủ thể từ {}", date(*since)), true);
    }
    let agency = body(&judge.agency);
    if is_same(&agency, &body(&party.name)) {
        note(ConflictGround::Agency, format!("Cơ quan là chính chủ thể: {}", judge.agency), true);
    }
    let (commune, name) = &party.commune;
    if judge.communes.contains(commune) || is_same(&agency, &body(name)) {
        note(ConflictGround::Commune, format!("Làm việc ở {name}, nơi đề nghị hồ sơ"), true);
    }
    let own = fold(&judge.name);
    for (_, its) in party.relatives.iter().filter(|(name, _)| is_same(&own, &fold(name))) {
        let certain = is_same(&agency, &body(its));
        let reason = if certain {
            "Người thân do phía chủ thể khai".to_owned()
        } else {
            "Trùng tên với người thân do phía chủ thể khai, khác cơ quan".to_owned()
        };
        note(ConflictGround::Relative, reason, certain);
    }
    if is_same(&own, &fold(&party.representative)) {
        let reason = "Trùng tên với người đại diện của chủ thể".to_owned();
        note(ConflictGround::ActsFor, reason, false);
    }
    found.sort_by_key(|one| !one.certain);
    found
}

/// Whether a conflict found now still closes the dossier: later the ballots are given out, and a conflict
/// is declared to the secretary.
pub fn closes_by_data(state: State) -> bool {
    Phase::of(state, false) == Phase::Waiting && state != State::Withdrawn
}

fn is_same(one: &str, other: &str) -> bool {
    !one.is_empty() && one == other
}

/// Ways to write the same beginning of a body's name, folded.
const SHORT: [(&str, &str); 8] = [
    (" uy ban nhan dan ", " "),
    (" ubnd ", " "),
    (" htx ", " hop tac xa "),
    (" thtx ", " to hop tac "),
    (" tht ", " to hop tac "),
    (" cty ", " cong ty "),
    (" cp ", " co phan "),
    (" hkd ", " ho kinh doanh "),
];

/// The name of a body without marks and abbreviations: `UBND xã Bình Liêu` is `Xã Bình Liêu`, `HTX Hợp Tiến`
/// is `Hợp tác xã Hợp Tiến`.
fn body(name: &str) -> String {
    let folded = format!("{} ", fold(name));
    let whole = SHORT.iter().fold(folded, |text, (short, long)| text.replace(short, long));
    whole.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HONEY: &str = "0192d3b0-7c1e-7abc-8def-0123456789ab";
    const OTHER: &str = "0192d3b0-7c1e-7abc-8def-0123456789ac";

    fn party() -> Party {
        Party {
            producer: HONEY.parse().unwrap(),
            name: "Hợp tác xã Hợp Tiến".to_owned(),
            representative: "Trần Văn Thử".to_owned(),
            commune: ("06862".to_owned(), "Xã Bình Liêu".to_owned()),
            relatives: vec![("Lê Thị Thử".to_owned(), "Sở Y tế".to_owned())],
        }
    }

    fn judge(name: &str, agency: &str) -> Judge {
        Judge {
            name: name.to_owned(),
            agency: agency.to_owned(),
            producers: vec![],
            communes: vec![],
            assisted: vec![],
        }
    }

    fn grounds(judge: &Judge) -> Vec<(ConflictGround, bool)> {
        conflicts_found(judge, &party()).into_iter().map(|one| (one.ground, one.certain)).collect()
    }

    #[test]
    fn agencies_are_compared_however_they_are_written() {
        let check = |agency: &str, found: &[(ConflictGround, bool)]| {
            assert_eq!(grounds(&judge("Phạm Thử", agency)), found, "{agency}");
        };
        for same in ["Hợp tác xã Hợp Tiến", "HTX Hợp Tiến", "htx  hợp tiến"] {
            check(same, &[(ConflictGround::Agency, true)]);
        }
        for same in ["UBND xã Bình Liêu", "Ủy ban nhân dân xã Bình Liêu", "Xã Bình Liêu"] {
            check(same, &[(ConflictGround::Commune, true)]);
        }
        for other in ["", "Sở Y tế", "Hợp tác xã", "UBND tỉnh Quảng Ninh", "UBND"] {
            check(other, &[]);
        }
    }

    #[test]
    fn a_relative_of_the_same_name_stands_only_with_the_same_agency() {
        assert_eq!(grounds(&judge("lê thị thử", "Sở Y Tế")), [(ConflictGround::Relative, true)]);
        assert_eq!(grounds(&judge("Lê Thị Thử", "Sở Công Thương")), [(ConflictGround::Relative, false)]);
        assert_eq!(grounds(&judge("Trần Văn Thử", "Sở Công Thương")), [(ConflictGround::ActsFor, false)]);
    }

    #[test]
    fn registers_tie_a_judge_to_a_producer() {
        let since: NaiveDate = "2025-03-02".parse().unwrap();
        let tied = |producer: &str| Judge {
            producers: vec![producer.parse().unwrap()],
            assisted: vec![(producer.parse().unwrap(), AssistanceKind::Trained, since)],
            ..judge("Phạm Thử", "Sở Y tế")
        };
        assert_eq!(grounds(&tied(OTHER)), []);
        let found = conflicts_found(&tied(HONEY), &party());
        assert_eq!(found[1].reason, "Đã tập huấn cho chủ thể từ 02/03/2025");
        assert!(found.iter().all(|one| one.certain) && found[0].ground == ConflictGround::ActsFor);
        let officer = Judge { communes: vec!["06862".to_owned()], ..judge("Phạm Thử", "Sở Y tế") };
        assert_eq!(grounds(&officer), [(ConflictGround::Commune, true)]);
    }
}
