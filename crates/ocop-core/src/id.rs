//! One id type for each kind of thing, so that a dossier's id cannot be taken for a product's.
//!
//! Ids are UUIDv7 texts made by the caller: they sort by creation and shard without a sequence.

/// The text is not a UUID.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("«{0}» không phải là mã định danh")]
pub struct NotAnId(pub String);

/// `8-4-4-4-12` lower-case hexadecimal digits.
fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte),
        })
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The id as text, as it stands in the database and in addresses.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                out.write_str(&self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                if is_uuid(text) { Ok(Self(text.to_owned())) } else { Err(NotAnId(text.to_owned())) }
            }
        }

        impl TryFrom<String> for $name {
            type Error = NotAnId;

            fn try_from(text: String) -> Result<Self, NotAnId> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }
    )*};
}

ids! {
    /// A person with an account.
    PersonId,
    /// A role granted to a person in an administrative unit.
    RoleId,
    /// A producer (chủ thể OCOP).
    ProducerId,
    /// A product of a producer.
    ProductId,
    /// An evaluation round of a province.
    RoundId,
    /// A dossier: one product in one round.
    DossierId,
    /// An immutable submission of a dossier.
    SubmissionId,
    /// A paper of the producer.
    EvidenceId,
    /// A file that comes in pieces.
    UploadId,
    /// A request of the advisory team for more evidence.
    RequestId,
    /// A council.
    CouncilId,
    /// A person's seat in a council or its advisory team.
    SeatId,
    /// A sitting of a council.
    SessionId,
    /// What somebody did for a producer: advice or training.
    AssistanceId,
    /// A substitute in the place of a member.
    ReplacementId,
    /// A relative whom a producer's side declares.
    RelativeId,
    /// A member's score sheet for one dossier and one scoring turn.
    BallotId,
    /// An invitation to act for a producer.
    InvitationId,
    /// An evaluation that was held outside this software.
    EvaluationId,
    /// A file on its way into the register.
    ImportId,
    /// A frozen report.
    ReportId,
    /// A decision of recognition.
    DecisionId,
    /// A certificate.
    CertificateId,
    /// The verification of a ground for withdrawing a certificate.
    VerificationId,
    /// A paper in an office's register of outgoing papers.
    PaperId,
    /// A visit after recognition.
    InspectionId,
    /// A complaint about a result, a product or the use of the mark.
    ComplaintId,
    /// A letter by e-mail.
    MailId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_uuid_is_an_id() {
        let good = "0192d3b0-7c1e-7abc-8def-0123456789ab";
        assert_eq!(good.parse::<DossierId>().map(|id| id.to_string()), Ok(good.to_owned()));
        for bad in ["", "1", "../../etc/passwd", "0192D3B0-7C1E-7ABC-8DEF-0123456789AB", &good[1..]] {
            assert!(bad.parse::<DossierId>().is_err(), "{bad}");
        }
    }
}
