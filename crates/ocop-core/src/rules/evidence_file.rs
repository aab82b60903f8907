//! Reads and checks the list of papers of a regime: `evidence.toml`.

use serde::Deserialize;

use super::fault::FaultKind;
use super::load::{Faults, Text, parse};
use crate::evidence::{EvidenceKind, EvidenceList, Heading, Need};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct EvidenceFile {
    cite: Option<String>,
    doubt: Option<String>,
    heading: Vec<HeadingText>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct HeadingText {
    no: u8,
    kind: EvidenceKind,
    #[serde(default)]
    covers: Vec<EvidenceKind>,
    need: Option<Need>,
    asked: String,
}

/// The list, when the file can be read.
pub(super) fn read((path, text): Text<'_>, faults: &mut Faults) -> Option<EvidenceList> {
    let file = parse::<EvidenceFile>(path, text, faults)?;
    let cite = faults.cited(path, "", file.cite);
    let headings: Vec<Heading> = file.heading.into_iter().map(heading).collect();
    for (no, heading) in (1..).zip(&headings) {
        let place = format!("heading {no}");
        if heading.no != no {
            faults.add(path, &place, FaultKind::HeadingNumber { no: heading.no });
        }
        let own = headings.iter().filter(|other| other.kind == heading.kind).count();
        if own > 1 || heading.kind == EvidenceKind::Other {
            faults.add(path, &place, FaultKind::HeadingKind { kind: heading.kind });
        }
        for kind in heading.covers.iter().filter(|kind| headings.iter().any(|other| other.kind == **kind)) {
            faults.add(path, &place, FaultKind::HeadingCovers { kind: *kind });
        }
    }
    Some(EvidenceList { cite, doubt: file.doubt, headings })
}

fn heading(text: HeadingText) -> Heading {
    Heading {
        no: text.no,
        kind: text.kind,
        covers: text.covers,
        need: text.need.unwrap_or(Need::Supplementary),
        asked: text.asked,
    }
}
