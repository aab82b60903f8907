//! Accounts and the roles they hold in administrative units.

use crate::coded;
use crate::id::{CouncilId, PersonId, ProducerId, SeatId};

coded! {
    /// A role granted in an administrative unit. Seats in councils and membership of a producer
    /// are not roles: they come from the council and the producer.
    RoleKind {
        /// Checks dossiers of the commune and writes form 03.
        CommuneOfficer = "commune_officer", "Cán bộ cấp xã";
        /// Receives dossiers, runs rounds and councils, records decisions.
        ProvincialOfficer = "provincial_officer", "Cán bộ cơ quan tham mưu cấp tỉnh";
        /// Receives what provinces send, runs the centre's rounds and councils, records the Minister's decisions
        /// (26/2026/QĐ-TTg, Article 7.4).
        CentralOfficer = "central_officer", "Cán bộ cơ quan tham mưu trung ương";
        /// May be given a seat in a council or an advisory team of the province or the centre.
        Assessor = "assessor", "Thành viên hội đồng, tổ tư vấn";
    }
}

impl RoleKind {
    /// Whether somebody with this role may be given a seat in a council of the same office.
    pub fn may_sit(self) -> bool {
        match self {
            Self::ProvincialOfficer | Self::CentralOfficer | Self::Assessor => true,
            Self::CommuneOfficer => false,
        }
    }
}

coded! {
    /// What a seat in a council is for.
    SeatKind {
        /// Opens sessions and confirms results; votes.
        Chair = "chair", "Chủ tịch Hội đồng";
        /// Keeps the minutes; votes where the council's rules of work say so.
        Secretary = "secretary", "Thư ký Hội đồng";
        /// Votes.
        Member = "member", "Thành viên Hội đồng";
        /// Advisory team (tổ tư vấn): evaluates the dossier, never votes.
        Advisor = "advisor", "Thành viên Tổ tư vấn";
    }
}

/// A role in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// What the person may do there.
    pub kind: RoleKind,
    /// Code of the province (2 digits), of the commune (5 digits), or of the centre ([`crate::units::CENTRE`]).
    pub unit: String,
}

/// A seat in a council or its advisory team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    /// The seat itself.
    pub id: SeatId,
    /// The council it belongs to.
    pub council: CouncilId,
    /// What it is for.
    pub kind: SeatKind,
}

/// Who is asking: a signed-in person with everything that policy needs to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The account.
    pub person: PersonId,
    /// The name shown in pages and in the journal.
    pub name: String,
    /// Roles in force.
    pub roles: Vec<Role>,
    /// Producers the person acts for.
    pub producers: Vec<ProducerId>,
    /// Seats in councils.
    pub seats: Vec<Seat>,
}

impl Actor {
    /// Whether the person works for the programme: holds a role or a seat in a council.
    pub fn is_official(&self) -> bool {
        !self.roles.is_empty() || !self.seats.is_empty()
    }
}

/// Least length of a password, in letters. Length protects; forced symbols do not.
pub const PASSWORD_MIN: usize = 8;

/// Whether a text can be an e-mail address: one `@` with something on both sides, a dot after it,
/// no spaces. The real proof is a delivered letter.
pub fn looks_like_email(text: &str) -> bool {
    match text.split_once('@') {
        Some((local, domain)) => {
            !local.is_empty()
                && domain.contains('.')
                && !domain.starts_with('.')
                && !domain.ends_with('.')
                && !domain.contains('@')
                && !text.contains(char::is_whitespace)
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_email_has_two_sides() {
        for good in ["a@b.vn", "chu-tich@demo.ocop.example"] {
            assert!(looks_like_email(good), "{good}");
        }
        for bad in ["", "a", "a@", "@b.vn", "a@b", "a b@c.vn", "a@b@c.vn", "a@.vn", "a@b."] {
            assert!(!looks_like_email(bad), "{bad}");
        }
    }
}
