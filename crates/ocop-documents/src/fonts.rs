//! The faces the papers are set in.
//!
//! Decree 30/2020/NĐ-CP asks for Times New Roman. No font file is shipped: a Times-compatible face of the
//! system is used when there is one, else New Computer Modern of `typst-assets`. The other faces of that crate
//! are never used: one sets marks on bold Vietnamese capitals wrongly, one lacks a third of the letters.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use typst::foundations::Bytes;
use typst::text::{Font, FontVariant};

/// The face that is always there.
const EMBEDDED_FAMILY: &str = "New Computer Modern";
/// Families of the same metrics as Times New Roman, best first, with how their file names begin.
const TIMES_FAMILIES: [(&str, &str); 3] =
    [("Times New Roman", "times"), ("Tinos", "tinos"), ("Liberation Serif", "liberationserif")];
/// Where Debian keeps fonts.
const FONT_FOLDERS: [&str; 2] = ["/usr/share/fonts", "/usr/local/share/fonts"];
/// Folders below a font folder that are still searched; Debian uses two.
const FOLDER_DEPTH: usize = 4;
/// Letters that every face must have: one of each kind of Vietnamese letter, and the currency sign.
const NEEDED_LETTERS: [char; 8] = ['ộ', 'Ậ', 'ữ', 'Ỡ', 'đ', 'Đ', 'ỵ', '₫'];

/// Which faces an [`Engine`](crate::Engine) sets papers in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fonts {
    /// Only the embedded face: the same bytes on every machine.
    Embedded,
    /// Times New Roman, Tinos or Liberation Serif of the system, whichever is found first with all four
    /// styles; the embedded face for what it lacks, or when there is none.
    System,
}

/// Loaded faces and the families to use, best first.
pub(crate) struct LoadedFonts {
    pub(crate) fonts: Vec<Font>,
    pub(crate) families: Vec<String>,
}

pub(crate) fn load(fonts: Fonts) -> LoadedFonts {
    let system = match fonts {
        Fonts::Embedded => None,
        Fonts::System => system_family(),
    };
    let mut loaded = system.unwrap_or(LoadedFonts { fonts: Vec::new(), families: Vec::new() });
    loaded.fonts.extend(embedded());
    loaded.families.push(EMBEDDED_FAMILY.to_lowercase());
    loaded
}

/// The upright embedded face as a file, for text of other people's PDFs that bring no face along.
pub(crate) fn plain_face() -> Option<&'static [u8]> {
    static FACE: OnceLock<Option<&'static [u8]>> = OnceLock::new();
    let is_plain = |bytes: &&'static [u8]| {
        Font::iter(Bytes::new(*bytes)).any(|font| {
            font.info().family == EMBEDDED_FAMILY && font.info().variant == FontVariant::default()
        })
    };
    *FACE.get_or_init(|| typst_assets::fonts().find(is_plain))
}

fn embedded() -> impl Iterator<Item = Font> {
    typst_assets::fonts()
        .flat_map(|bytes| Font::iter(Bytes::new(bytes)))
        .filter(|font| font.info().family == EMBEDDED_FAMILY)
}

fn system_family() -> Option<LoadedFonts> {
    let mut files = Vec::new();
    for folder in FONT_FOLDERS {
        collect_fonts(Path::new(folder), FOLDER_DEPTH, &mut files);
    }
    files.sort();
    TIMES_FAMILIES.iter().find_map(|(family, prefix)| {
        let fonts: Vec<Font> = files
            .iter()
            .filter(|path| starts_with(path, prefix))
            .filter_map(|path| fs::read(path).ok())
            .flat_map(|bytes| Font::iter(Bytes::new(bytes)).collect::<Vec<_>>())
            .filter(|font| font.info().family == *family && sets_vietnamese(font))
            .collect();
        (fonts.len() >= 4).then(|| LoadedFonts { fonts, families: vec![family.to_lowercase()] })
    })
}

/// The font files under `folder`; a folder that cannot be read holds none.
fn collect_fonts(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            if depth > 0 {
                collect_fonts(&path, depth - 1, files);
            }
        } else if path
            .extension()
            .is_some_and(|e| e.eq_ignore_ascii_case("ttf") || e.eq_ignore_ascii_case("ttc"))
        {
            files.push(path);
        }
    }
}

fn starts_with(path: &Path, prefix: &str) -> bool {
    path.file_name()
        .and_then(|name| name.to_str())
        .is_some_and(|name| name.to_lowercase().starts_with(prefix))
}

fn sets_vietnamese(font: &Font) -> bool {
    NEEDED_LETTERS.iter().all(|&letter| font.info().coverage.contains(u32::from(letter)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_faces_are_one_family_in_four_styles_that_sets_vietnamese() {
        let loaded = load(Fonts::Embedded);
        assert_eq!(loaded.fonts.len(), 4);
        assert!(loaded.fonts.iter().all(|font| font.info().family == EMBEDDED_FAMILY));
        assert!(loaded.fonts.iter().all(sets_vietnamese));
    }
}
