//! Pictures: photos of papers made smaller, and what is sent to the browser.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder, ImageReader, Limits, RgbImage};

use super::{File, Unseen};

/// More pixels on one side than any camera or scanner gives.
const SIDE_LIMIT: u32 = 30_000;

/// Most memory that reading a picture may take, in bytes.
const MEMORY_LIMIT: u64 = 400 * 1024 * 1024;

/// Small print stays clear, and an A4 page takes about 150 KB.
const QUALITY: u8 = 78;

/// A photo as it was taken (upright by what the camera has noted), at most `width` pixels wide.
pub(super) fn read(file: &File, width: u16) -> Result<RgbImage, Unseen> {
    let unreadable = |_| Unseen::Unreadable;
    let mut reader = ImageReader::new(Cursor::new(file.as_slice()))
        .with_guessed_format()
        .map_err(|_| Unseen::Unreadable)?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE_LIMIT);
    limits.max_image_height = Some(SIDE_LIMIT);
    limits.max_alloc = Some(MEMORY_LIMIT);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(unreadable)?;
    let orientation = decoder.orientation().map_err(unreadable)?;
    let mut photo = DynamicImage::from_decoder(decoder).map_err(unreadable)?;
    photo.apply_orientation(orientation);
    let width = u32::from(width);
    let fits = photo.width() <= width;
    let photo = if fits { photo } else { photo.thumbnail(width, u32::MAX) };
    Ok(on_white(&photo))
}

/// A picture with see-through parts as it looks on paper.
fn on_white(photo: &DynamicImage) -> RgbImage {
    if !photo.color().has_alpha() {
        return photo.to_rgb8();
    }
    let photo = photo.to_rgba8();
    let mut paper = RgbImage::new(photo.width(), photo.height());
    for (seen, kept) in photo.pixels().zip(paper.pixels_mut()) {
        let [red, green, blue, alpha] = seen.0.map(u16::from);
        let mixed = |colour: u16| u8::try_from((colour * alpha + 255 * (255 - alpha)) / 255).unwrap_or(255);
        kept.0 = [mixed(red), mixed(green), mixed(blue)];
    }
    paper
}

/// The picture after quarter turns to the right, as JPEG.
pub(super) fn jpeg(picture: RgbImage, turns: u8) -> Result<Vec<u8>, Unseen> {
    let turned = match turns % 4 {
        1 => image::imageops::rotate90(&picture),
        2 => image::imageops::rotate180(&picture),
        3 => image::imageops::rotate270(&picture),
        _ => picture,
    };
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, QUALITY)
        .encode_image(&turned)
        .map_err(|_| Unseen::Unreadable)?;
    Ok(bytes)
}
