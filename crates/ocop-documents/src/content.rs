//! What an office's paper is made of, kept with its number so that it can be set again.

use serde::{Deserialize, Serialize};

use crate::briefing::{self, Briefing};
use crate::decision::{self, Decision};
use crate::inspection::{self, Inspection};
use crate::letter::{self, Letter};
use crate::notice::{self, Notice};
use crate::revocation::{self, Revocation};
use crate::{DocumentError, Engine, Pdf};

/// The papers that leave an office under a number, each with its input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "paper", content = "input", rename_all = "snake_case")]
pub enum Content {
    /// What the leader reads before signing that decision.
    Briefing(Briefing),
    /// The decision that recognises products.
    Decision(Decision),
    /// The decision that withdraws a certificate.
    Revocation(Revocation),
    /// The notice of a result without certificate.
    Notice(Notice),
    /// A letter.
    Letter(Letter),
    /// The record of a visit after recognition.
    Inspection(Inspection),
}

impl Content {
    /// The paper as a PDF file: the same content gives the same bytes.
    ///
    /// # Errors
    /// When the input holds a value that the paper cannot show.
    pub fn render(&self, engine: &Engine) -> Result<Pdf, DocumentError> {
        match self {
            Self::Briefing(input) => briefing::render(engine, input),
            Self::Decision(input) => decision::render(engine, input),
            Self::Revocation(input) => revocation::render(engine, input),
            Self::Notice(input) => notice::render(engine, input),
            Self::Letter(input) => letter::render(engine, input),
            Self::Inspection(input) => inspection::render(engine, input),
        }
    }
}
