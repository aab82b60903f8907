//! Typst as a function: a template and an input give a document.

use std::collections::HashMap;
use std::fmt;

use serde::Serialize;
use typst::diag::{FileError, FileResult, SourceDiagnostic, SourceResult, Warned};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::PdfOptions;

use crate::fonts::{self, Fonts};
use crate::text::printable_value;

/// Renders of the same template that Typst's cache outlives unused.
const CACHE_AGE: usize = 5;

/// A paper could not be made.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// The input holds a value that this paper cannot show; nothing was rendered.
    #[error("{field}: {reason}")]
    Input {
        /// Field of the input, as in Rust.
        field: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// The input could not be written as JSON.
    #[error("the input is not serialisable: {0}")]
    Serialise(#[from] serde_json::Error),
    /// A QR code cannot hold this many characters.
    #[error("a QR code cannot hold {characters} characters")]
    QrTooLong {
        /// Length of the refused text.
        characters: usize,
    },
    /// The template failed: a fault of this crate, not of the input.
    #[error("template {template}: {reason}")]
    Template {
        /// Name of the template's file.
        template: &'static str,
        /// The messages of Typst.
        reason: String,
    },
}

/// A finished paper.
#[derive(Clone, PartialEq, Eq)]
pub struct Pdf {
    /// The file.
    pub bytes: Vec<u8>,
    /// How many pages it has.
    pub pages: usize,
}

impl fmt::Debug for Pdf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pdf({} pages, {} bytes)", self.pages, self.bytes.len())
    }
}

/// Sets papers. Building one reads the fonts; keep one for the whole process and share it between threads.
pub struct Engine {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    families: Vec<String>,
    sources: HashMap<FileId, Source>,
}

impl Engine {
    /// An engine that sets papers in `fonts`.
    pub fn new(fonts: Fonts) -> Self {
        let loaded = fonts::load(fonts);
        Self {
            library: LazyHash::new(Library::default()),
            book: LazyHash::new(FontBook::from_fonts(&loaded.fonts)),
            fonts: loaded.fonts,
            families: loaded.families,
            sources: sources(),
        }
    }

    /// `input` set by `template`, as a PDF file.
    pub(crate) fn pdf(&self, template: Template, input: &impl Serialize) -> Result<Pdf, DocumentError> {
        let document = self.document(template, input)?;
        // No timestamp and an identifier hashed from the content: the same input gives the same bytes.
        let options = PdfOptions { creator: Smart::Custom(Some("ocop".to_owned())), ..PdfOptions::default() };
        let bytes = typst_pdf::pdf(&document, &options).map_err(|faults| template.failed(&faults))?;
        typst::comemo::evict(CACHE_AGE);
        Ok(Pdf { bytes, pages: document.pages().len() })
    }

    /// `input` laid out by `template`, page by page.
    fn document(&self, template: Template, input: &impl Serialize) -> Result<PagedDocument, DocumentError> {
        self.compile(template, input)?.output.map_err(|faults| template.failed(&faults))
    }

    /// What Typst makes of `input`, with its warnings.
    pub(crate) fn compile(
        &self,
        template: Template,
        input: &impl Serialize,
    ) -> Result<Warned<SourceResult<PagedDocument>>, DocumentError> {
        let input = printable_value(serde_json::to_value(input)?);
        let paper = Paper {
            engine: self,
            main: file_id(template.name()).ok_or_else(|| template.failed(&[]))?,
            fonts: Bytes::new(serde_json::to_vec(&self.families)?),
            input: Bytes::new(serde_json::to_vec(&input)?),
        };
        Ok(typst::compile(&paper))
    }
}

/// The templates, one per paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Template {
    Briefing,
    Certificate,
    Decision,
    Form01,
    Form02,
    Form03,
    Inspection,
    Letter,
    Minutes,
    Notice,
    Report,
    Revocation,
    SampleLabels,
    ScoreSheet,
    Specimen,
    TallySheet,
}

/// What all templates share.
const LIBRARY_NAME: &str = "van-ban.typ";
const LIBRARY_TEXT: &str = include_str!("../typst/van-ban.typ");

impl Template {
    const ALL: [Self; 16] = [
        Self::Briefing,
        Self::Certificate,
        Self::Decision,
        Self::Form01,
        Self::Form02,
        Self::Form03,
        Self::Inspection,
        Self::Letter,
        Self::Minutes,
        Self::Notice,
        Self::Report,
        Self::Revocation,
        Self::SampleLabels,
        Self::ScoreSheet,
        Self::Specimen,
        Self::TallySheet,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Briefing => "briefing.typ",
            Self::Certificate => "certificate.typ",
            Self::Decision => "decision.typ",
            Self::Form01 => "form01.typ",
            Self::Form02 => "form02.typ",
            Self::Form03 => "form03.typ",
            Self::Inspection => "inspection.typ",
            Self::Letter => "letter.typ",
            Self::Minutes => "minutes.typ",
            Self::Notice => "notice.typ",
            Self::Report => "report.typ",
            Self::Revocation => "revocation.typ",
            Self::SampleLabels => "sample-labels.typ",
            Self::ScoreSheet => "score-sheet.typ",
            Self::Specimen => "specimen.typ",
            Self::TallySheet => "tally-sheet.typ",
        }
    }

    fn text(self) -> &'static str {
        match self {
            Self::Briefing => include_str!("../typst/briefing.typ"),
            Self::Certificate => include_str!("../typst/certificate.typ"),
            Self::Decision => include_str!("../typst/decision.typ"),
            Self::Form01 => include_str!("../typst/form01.typ"),
            Self::Form02 => include_str!("../typst/form02.typ"),
            Self::Form03 => include_str!("../typst/form03.typ"),
            Self::Inspection => include_str!("../typst/inspection.typ"),
            Self::Letter => include_str!("../typst/letter.typ"),
            Self::Minutes => include_str!("../typst/minutes.typ"),
            Self::Notice => include_str!("../typst/notice.typ"),
            Self::Report => include_str!("../typst/report.typ"),
            Self::Revocation => include_str!("../typst/revocation.typ"),
            Self::SampleLabels => include_str!("../typst/sample-labels.typ"),
            Self::ScoreSheet => include_str!("../typst/score-sheet.typ"),
            Self::Specimen => include_str!("../typst/specimen.typ"),
            Self::TallySheet => include_str!("../typst/tally-sheet.typ"),
        }
    }

    fn failed(self, faults: &[SourceDiagnostic]) -> DocumentError {
        let reasons: Vec<&str> = faults.iter().map(|fault| fault.message.as_str()).collect();
        DocumentError::Template { template: self.name(), reason: reasons.join("; ") }
    }
}

/// What Typst sees of the world while it sets one paper: two templates, the faces and the input.
struct Paper<'a> {
    engine: &'a Engine,
    main: FileId,
    fonts: Bytes,
    input: Bytes,
}

impl World for Paper<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.engine.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.engine.book
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        self.engine.sources.get(&id).cloned().ok_or_else(|| not_found(id))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        match id.get().vpath().get_without_slash() {
            "input.json" => Ok(self.input.clone()),
            "fonts.json" => Ok(self.fonts.clone()),
            _ => Err(not_found(id)),
        }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.engine.fonts.get(index).cloned()
    }

    /// A paper carries the dates of its input, never the day it was printed.
    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}

fn not_found(id: FileId) -> FileError {
    FileError::NotFound(id.get().vpath().get_without_slash().into())
}

/// The library and all templates, parsed once.
fn sources() -> HashMap<FileId, Source> {
    let templates = Template::ALL.iter().map(|template| (template.name(), template.text()));
    std::iter::once((LIBRARY_NAME, LIBRARY_TEXT))
        .chain(templates)
        .filter_map(|(name, text)| file_id(name).map(|id| (id, Source::new(id, text.to_owned()))))
        .collect()
}

/// The id of a file in Typst's virtual folder; none for a name that is no path.
fn file_id(name: &str) -> Option<FileId> {
    VirtualPath::new(name).ok().map(|path| RootedPath::new(VirtualRoot::Project, path).intern())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_engine_serves_all_threads() {
        fn is_shared<T: Send + Sync>() {}
        is_shared::<Engine>();
    }

    #[test]
    fn every_template_has_its_file() {
        assert_eq!(sources().len(), Template::ALL.len() + 1);
    }
}
