//! Values in, bytes out: the papers of the programme as PDF, QR codes, and workbooks, which also come back; and
//! pictures of the pages of files that came from outside (`viewing`).
//!
//! One module per paper; each holds the paper's input, a plain struct, and `render`. The layout is that of
//! Decree 30/2020/NĐ-CP, Appendix I, written in Typst under `typst/`; `van-ban.typ` is what the papers share.
//!
//! - An input is *data* to the template, read as JSON: text typed by a user is never Typst code.
//! - The same input gives the same bytes: no clock, no random id, and tests set the embedded face.
//! - Text of any length and any character is set: long words may break anywhere, characters that no face has
//!   show as an empty box, control characters are dropped.
//! - The crate knows no law: thresholds, names of bodies and citations come with the input.

pub mod archive;
pub mod calendar;
pub mod certificate;
mod content;
pub mod decision;
mod engine;
mod fonts;
pub mod form01;
pub mod form02;
pub mod form03;
pub mod inspection;
pub mod letter;
pub mod minutes;
pub mod notice;
pub mod qr;
pub mod register;
pub mod report;
pub mod revocation;
pub mod sample_labels;
pub mod score_sheet;
mod shared;
pub mod specimen;
pub mod tally_sheet;
mod text;
pub mod viewing;
pub mod xlsx;

#[cfg(test)]
mod testing;

pub use content::Content;
pub use engine::{DocumentError, Engine, Pdf};
pub use fonts::Fonts;
pub use shared::{Letterhead, PlaceDate, Signature};
