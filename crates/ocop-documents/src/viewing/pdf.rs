//! Pages of a PDF, by the reader that the papers' own engine brings along.
#![expect(clippy::float_arithmetic, reason = "where ink stands on a page decides nothing")]

use std::sync::Arc;

use hayro::hayro_interpret::font::Glyph;
use hayro::hayro_interpret::hayro_cmap::BfString;
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Context, Device, GlyphDrawMode, Image, InterpreterCache, InterpreterSettings, Paint,
    PathDrawMode, SoftMask, TransformExt, interpret_page,
};
use hayro::hayro_syntax::page::Page;
use hayro::hayro_syntax::{LoadPdfError, Pdf};
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::vello_cpu::kurbo::{Affine, BezPath, Point, Rect};
use hayro::{RenderCache, RenderSettings};
use image::RgbImage;

use super::{File, Unseen};
use crate::fonts;

/// The highest picture, in widths: a roll of a cash register is longer than a page.
const HEIGHT_LIMIT: f32 = 4.0;

/// The longest text of a page that is kept, in characters.
const TEXT_LIMIT: usize = 40_000;

fn open(file: &File) -> Result<Pdf, Unseen> {
    Pdf::new(Arc::clone(file)).map_err(|fault| match fault {
        LoadPdfError::Decryption(_) => Unseen::Locked,
        LoadPdfError::Invalid => Unseen::Unreadable,
    })
}

/// How many pages it has.
pub(super) fn count(file: &File) -> Result<u16, Unseen> {
    let pdf = open(file)?;
    match u16::try_from(pdf.pages().len()) {
        Ok(0) | Err(_) => Err(Unseen::Unreadable),
        Ok(count) => Ok(count),
    }
}

/// A page counted from 1.
fn page_of<'a>(pdf: &'a Pdf, page: u16) -> Result<&'a Page<'a>, Unseen> {
    let at = usize::from(page).checked_sub(1).ok_or(Unseen::NoSuchPage)?;
    pdf.pages().get(at).ok_or(Unseen::NoSuchPage)
}

/// What reading needs: a face for text whose face the file does not bring.
fn settings() -> InterpreterSettings {
    InterpreterSettings {
        font_resolver: Arc::new(|_| {
            let face = fonts::plain_face()?;
            Some((Arc::new(face), 0))
        }),
        ..InterpreterSettings::default()
    }
}

/// The page on white, `width` pixels wide.
pub(super) fn draw(file: &File, page: u16, width: u16) -> Result<RgbImage, Unseen> {
    let pdf = open(file)?;
    let page = page_of(&pdf, page)?;
    let (wide, high) = page.render_dimensions();
    if !(wide >= 1.0 && high >= 1.0) {
        return Err(Unseen::Unreadable);
    }
    let scale = f32::from(width) / wide;
    let height = (high * scale).min(f32::from(width) * HEIGHT_LIMIT);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and 8000")]
    let height = height.max(1.0) as u16;
    let settings_of_picture = RenderSettings {
        x_scale: scale,
        y_scale: scale,
        width: Some(width),
        height: Some(height),
        bg_color: WHITE,
    };
    let drawn = hayro::render(page, &RenderCache::new(), &settings(), &settings_of_picture);
    let (width, height) = (u32::from(drawn.width()), u32::from(drawn.height()));
    // The ground is opaque, so colours stand as they are.
    let colours = drawn.data().iter().flat_map(|pixel| [pixel.r, pixel.g, pixel.b]).collect();
    RgbImage::from_raw(width, height, colours).ok_or(Unseen::Unreadable)
}

/// The text of the page.
pub(super) fn text(file: &File, page: u16) -> Result<String, Unseen> {
    let pdf = open(file)?;
    let page = page_of(&pdf, page)?;
    let (wide, high) = page.render_dimensions();
    let cache = InterpreterCache::new();
    let seen = Rect::new(0.0, 0.0, f64::from(wide), f64::from(high));
    let start = page.initial_transform(true).to_kurbo();
    let mut context = Context::new(start, seen, &cache, page.xref(), settings());
    let mut reader = Reader::default();
    interpret_page(page, &mut context, &mut reader);
    let lines = reader.text.lines().map(str::trim).filter(|line| !line.is_empty());
    Ok(lines.collect::<Vec<_>>().join("\n"))
}

/// Collects letters in the order in which they are drawn.
#[derive(Default)]
struct Reader {
    text: String,
    letters: usize,
    /// Where the last letter ended and how large it was.
    last: Option<(Point, f64)>,
}

impl Reader {
    /// A letter at `at`, `size` high, after which the next one is expected at `end`.
    fn letter(&mut self, letter: &str, at: Point, end: Point, size: f64) {
        if let Some((expected, last_size)) = self.last {
            let size = last_size.max(size).max(1.0);
            if (at.y - expected.y).abs() > size * 0.5 {
                self.text.push('\n');
            } else if (at.x - expected.x).abs() > size * 0.15 && !self.text.ends_with(' ') {
                self.text.push(' ');
            }
        }
        if self.letters < TEXT_LIMIT {
            self.text.push_str(letter);
        }
        self.letters += 1;
        self.last = Some((end, size));
    }
}

impl<'a> Device<'a> for Reader {
    fn draw_glyph(
        &mut self,
        glyph: &Glyph<'a>,
        transform: Affine,
        glyph_transform: Affine,
        _: &Paint<'a>,
        _: &GlyphDrawMode,
    ) {
        let place = transform * glyph_transform;
        let letter = match glyph.as_unicode() {
            Some(BfString::Char(letter)) => letter.to_string(),
            Some(BfString::String(letters)) => letters,
            None => return,
        };
        // Widths are told in thousandths of the size of the face.
        let advance = match glyph {
            Glyph::Outline(outline) => outline.advance_width().map_or(500.0, f64::from),
            Glyph::Type3(_) => 500.0,
        };
        let at = place * Point::ORIGIN;
        let end = place * Point::new(advance, 0.0);
        let top = place * Point::new(0.0, 1_000.0);
        let size = (top.y - at.y).abs().max((top.x - at.x).abs());
        self.letter(&letter, at, end, size);
    }

    fn set_soft_mask(&mut self, _: Option<SoftMask<'a>>) {}
    fn set_blend_mode(&mut self, _: BlendMode) {}
    fn draw_path(&mut self, _: &BezPath, _: Affine, _: &Paint<'a>, _: &PathDrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn draw_image(&mut self, _: Image<'a, '_>, _: Affine) {}
    fn pop_clip_path(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}
