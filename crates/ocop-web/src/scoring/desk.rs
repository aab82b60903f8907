//! The papers cited for a criterion, as they stand beside it.

use ocop_app::scoring::{CitedPaper, CriterionPane};
use ocop_core::evidence::{MediaType, Term};
use ocop_core::id::DossierId;
use ocop_core::text::file_size;
use ocop_core::time::date;
use serde::Deserialize;

/// Which paper is shown, counted from 1: `?doc=2`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Doc {
    doc: String,
}

/// The evidence pane.
pub struct Desk {
    /// The page of the whole dossier, with all its papers.
    pub dossier: String,
    /// The criterion's code.
    pub code: String,
    /// One tab for each paper.
    pub tabs: Vec<Tab>,
    /// The paper shown.
    pub paper: Option<Paper>,
}

/// A paper's tab.
pub struct Tab {
    /// Counted from 1.
    pub no: usize,
    /// Title and pages.
    pub label: String,
    /// Whether it is shown.
    pub current: bool,
}

/// How a browser shows a file in place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// In a frame.
    Frame,
    /// As a picture.
    Picture,
    /// As a film.
    Film,
    /// Not at all: to be downloaded.
    Download,
}

/// The paper shown.
pub struct Paper {
    /// Its title.
    pub title: String,
    /// The file, opened at the first cited page.
    pub src: String,
    /// The first cited page, for a screen too small for a frame.
    pub page: String,
    /// How it is shown.
    pub shown: Shown,
    /// Number, issuer and days, in words.
    pub facts: String,
    /// What its last day means today.
    pub term: Term,
    /// Kind and size of the file.
    pub file: String,
}

impl Paper {
    /// Shown in a frame.
    pub fn is_frame(&self) -> bool {
        self.shown == Shown::Frame
    }

    /// Shown as a picture.
    pub fn is_picture(&self) -> bool {
        self.shown == Shown::Picture
    }

    /// Shown as a film.
    pub fn is_film(&self) -> bool {
        self.shown == Shown::Film
    }

    fn of(paper: &CitedPaper) -> Self {
        let shown = match paper.media_type {
            MediaType::Pdf => Shown::Frame,
            MediaType::Jpeg | MediaType::Png | MediaType::Webp => Shown::Picture,
            MediaType::Mp4 => Shown::Film,
            MediaType::Docx | MediaType::Xlsx => Shown::Download,
        };
        // Without the viewer's own list of pages the paper itself is large enough to read.
        let page = (shown == Shown::Frame)
            .then(|| format!("#page={}&navpanes=0&view=FitH", paper.first_page.unwrap_or(1)));
        let mut facts = vec![paper.kind.name().to_owned()];
        if !paper.number.is_empty() {
            facts.push(format!("số {}", paper.number));
        }
        if !paper.issuer.is_empty() {
            facts.push(paper.issuer.clone());
        }
        facts.extend(paper.issued_on.map(|day| format!("cấp {}", date(day))));
        let distant = paper.expires_on.filter(|_| paper.term == Term::Good);
        facts.extend(distant.map(|day| format!("hạn đến {}", date(day))));
        Self {
            title: paper.title.clone(),
            src: format!("/evidence/{}/file{}", paper.id, page.unwrap_or_default()),
            page: format!("/evidence/{}/pages/{}", paper.id, paper.first_page.unwrap_or(1)),
            shown,
            facts: facts.join(" · "),
            term: paper.term,
            file: format!("{}, {}", paper.media_type.name(), file_size(paper.size)),
        }
    }
}

impl Desk {
    /// The papers of a criterion with one of them shown, the first when none is asked for.
    pub fn of(dossier: &DossierId, pane: &CriterionPane, doc: &Doc) -> Self {
        let asked =
            doc.doc.parse::<usize>().ok().filter(|no| (1..=pane.papers.len()).contains(no)).unwrap_or(1);
        let tab = |(no, paper): (usize, &CitedPaper)| Tab {
            no,
            label: if paper.pages.is_empty() {
                paper.title.clone()
            } else {
                format!("{}, tr. {}", paper.title, paper.pages)
            },
            current: no == asked,
        };
        Self {
            dossier: format!("/dossiers/{dossier}"),
            code: pane.code.clone(),
            tabs: (1..).zip(&pane.papers).map(tab).collect(),
            paper: pane.papers.get(asked - 1).map(Paper::of),
        }
    }
}
