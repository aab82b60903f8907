//! How values of the programme stand in the two kinds of column: TEXT and BIGINT.

use chrono::NaiveDate;
use serde::Serialize;
use serde::de::DeserializeOwned;

use ocop_core::centre::Answer;
use ocop_core::complaints::{ComplaintKind, ComplaintState};
use ocop_core::councils::{AssistanceKind, ConflictGround, SeatScope};
use ocop_core::dossiers::{DossierKind, State};
use ocop_core::evaluations::Conclusion;
use ocop_core::evidence::{EvidenceKind, MediaType};
use ocop_core::id::{
    AssistanceId, BallotId, CertificateId, ComplaintId, CouncilId, DecisionId, DossierId, EvaluationId,
    EvidenceId, ImportId, InspectionId, InvitationId, MailId, PaperId, PersonId, ProducerId, ProductId,
    RelativeId, ReplacementId, ReportId, RequestId, RoleId, RoundId, SeatId, SessionId, SubmissionId,
    UploadId, VerificationId,
};
use ocop_core::imports::run::RunState;
use ocop_core::inspections::{InspectionKind, InspectionState};
use ocop_core::merging::{Noun, Record};
use ocop_core::notifications::MailState;
use ocop_core::papers::PaperKind;
use ocop_core::people::{RoleKind, SeatKind};
use ocop_core::producers::ProducerKind;
use ocop_core::recognition::{ExtensionGround, Level, Outcome, Source, StarEvent};
use ocop_core::samples::SampleState;
use ocop_core::time::Instant;

/// A value given to a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arg {
    /// A TEXT value or NULL.
    Text(Option<String>),
    /// A BIGINT value or NULL.
    Int(Option<i64>),
}

/// A value read from a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// From a TEXT column.
    Text(Option<String>),
    /// From a BIGINT column.
    Int(Option<i64>),
}

/// What a column can be read as and written from.
pub trait Column: Sized {
    /// Whether it stands in a BIGINT column.
    const IS_INT: bool;

    /// Reads it; `None` when the cell does not hold such a value.
    fn read(cell: Cell) -> Option<Self>;

    /// Writes it.
    fn write(&self) -> Arg;
}

impl Column for String {
    const IS_INT: bool = false;

    fn read(cell: Cell) -> Option<Self> {
        match cell {
            Cell::Text(text) => text,
            Cell::Int(_) => None,
        }
    }

    fn write(&self) -> Arg {
        Arg::Text(Some(self.clone()))
    }
}

impl Column for i64 {
    const IS_INT: bool = true;

    fn read(cell: Cell) -> Option<Self> {
        match cell {
            Cell::Int(number) => number,
            Cell::Text(_) => None,
        }
    }

    fn write(&self) -> Arg {
        Arg::Int(Some(*self))
    }
}

impl Column for bool {
    const IS_INT: bool = true;

    fn read(cell: Cell) -> Option<Self> {
        i64::read(cell).map(|number| number != 0)
    }

    fn write(&self) -> Arg {
        Arg::Int(Some(i64::from(*self)))
    }
}

macro_rules! small_integers {
    ($($kind:ty),*) => {$(
        impl Column for $kind {
            const IS_INT: bool = true;

            fn read(cell: Cell) -> Option<Self> {
                i64::read(cell).and_then(|number| number.try_into().ok())
            }

            fn write(&self) -> Arg {
                Arg::Int(Some(i64::from(*self)))
            }
        }
    )*};
}

small_integers!(u8, u16, u32, i32);

macro_rules! written_as_text {
    ($($kind:ty),* $(,)?) => {$(
        impl Column for $kind {
            const IS_INT: bool = false;

            fn read(cell: Cell) -> Option<Self> {
                String::read(cell).and_then(|text| text.parse().ok())
            }

            fn write(&self) -> Arg {
                Arg::Text(Some(self.to_string()))
            }
        }
    )*};
}

written_as_text!(
    BallotId,
    CertificateId,
    ComplaintId,
    ComplaintKind,
    ComplaintState,
    CouncilId,
    AssistanceId,
    RelativeId,
    ReplacementId,
    DecisionId,
    DossierId,
    EvaluationId,
    EvidenceId,
    ImportId,
    InspectionId,
    InspectionKind,
    InspectionState,
    InvitationId,
    MailId,
    MailState,
    PaperId,
    PaperKind,
    PersonId,
    ProducerId,
    ProductId,
    ReportId,
    RequestId,
    RoleId,
    RoundId,
    SeatId,
    SessionId,
    SubmissionId,
    UploadId,
    VerificationId,
    DossierKind,
    EvidenceKind,
    Conclusion,
    Level,
    MediaType,
    Outcome,
    Answer,
    ProducerKind,
    Noun,
    Record,
    RoleKind,
    RunState,
    SampleState,
    SeatKind,
    AssistanceKind,
    ConflictGround,
    SeatScope,
    Source,
    StarEvent,
    ExtensionGround,
    State,
    Instant,
    NaiveDate,
);

impl<C: Column> Column for Option<C> {
    const IS_INT: bool = C::IS_INT;

    fn read(cell: Cell) -> Option<Self> {
        match cell {
            Cell::Text(None) | Cell::Int(None) => Some(None),
            some @ (Cell::Text(_) | Cell::Int(_)) => C::read(some).map(Some),
        }
    }

    fn write(&self) -> Arg {
        match self {
            Some(value) => value.write(),
            None if C::IS_INT => Arg::Int(None),
            None => Arg::Text(None),
        }
    }
}

/// A value kept as JSON text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Json<T>(pub T);

impl<T: Serialize + DeserializeOwned> Column for Json<T> {
    const IS_INT: bool = false;

    fn read(cell: Cell) -> Option<Self> {
        String::read(cell).and_then(|text| serde_json::from_str(&text).ok()).map(Json)
    }

    fn write(&self) -> Arg {
        json(&self.0)
    }
}

/// A value as a JSON argument.
pub fn json<T: Serialize>(value: &T) -> Arg {
    // Our own types have no maps with non-text keys, the one thing that JSON cannot write.
    Arg::Text(serde_json::to_string(value).ok())
}

impl<C: Column> From<&C> for Arg {
    fn from(value: &C) -> Arg {
        value.write()
    }
}

impl From<&str> for Arg {
    fn from(text: &str) -> Arg {
        Arg::Text(Some(text.to_owned()))
    }
}

/// The arguments of a statement: `args![&id, name, &version]`, each a reference to a column value
/// or a text.
#[macro_export]
macro_rules! args {
    ($($value:expr),* $(,)?) => { vec![$($crate::value::Arg::from($value)),*] };
}
