//! Looking at a file of the vault without the program that made it: how many pages it has, the picture of a
//! page, the text on it.
//!
//! Files come from outside. What cannot be read gives an error, never a wrong picture. The readers follow nested
//! objects without a limit, so that a hostile file can exhaust the stack: a server lets another process look
//! ([`Question`]), where such a file costs that one picture.

mod pdf;
mod picture;
mod question;

use std::sync::Arc;

pub use question::{NoQuestion, Question, answer};

use ocop_core::coded;
use ocop_core::evidence::MediaType;

/// The bytes of a file, shared between the calls about it.
pub type File = Arc<Vec<u8>>;

coded! {
    /// How large the picture of a page is.
    Size {
        /// To find a page among many: 180 pixels wide.
        Thumb = "thumb", "Hình nhỏ";
        /// To read it: 1000 pixels wide.
        Page = "page", "Trang";
        /// To read small print: 2000 pixels wide.
        Large = "large", "Phóng to";
    }
}

impl Size {
    /// Width of the picture in pixels.
    fn width(self) -> u16 {
        match self {
            Self::Thumb => 180,
            Self::Page => 1_000,
            Self::Large => 2_000,
        }
    }
}

/// Why there is no picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unseen {
    /// Films, texts and tables have no pages here.
    #[error("Loại tệp này không xem được ngay trên trang. Hãy tải tệp về máy để mở.")]
    NoPages,
    /// Locked by a password.
    #[error("PDF này có mật khẩu nên không xem được ngay trên trang. Hãy tải tệp về máy để mở.")]
    Locked,
    /// The file is broken or needs what the reader does not have.
    #[error("Chưa dựng được hình trang này. Hãy tải tệp về máy để mở.")]
    Unreadable,
    /// The file has fewer pages.
    #[error("Giấy tờ này không có trang đó.")]
    NoSuchPage,
}

/// How many pages a file has.
///
/// # Errors
/// [`Unseen`] when it has none, or they cannot be counted.
pub fn page_count(media: MediaType, file: &File) -> Result<u16, Unseen> {
    match media {
        MediaType::Pdf => pdf::count(file),
        MediaType::Jpeg | MediaType::Png | MediaType::Webp => Ok(1),
        MediaType::Mp4 | MediaType::Docx | MediaType::Xlsx => Err(Unseen::NoPages),
    }
}

/// A page, counted from 1, as a JPEG picture. `turns`: quarter turns to the right.
///
/// # Errors
/// [`Unseen`] when it cannot be drawn.
pub fn page_picture(
    media: MediaType,
    file: &File,
    page: u16,
    size: Size,
    turns: u8,
) -> Result<Vec<u8>, Unseen> {
    let drawn = match media {
        MediaType::Pdf => pdf::draw(file, page, size.width())?,
        MediaType::Jpeg | MediaType::Png | MediaType::Webp if page == 1 => picture::read(file, size.width())?,
        MediaType::Jpeg | MediaType::Png | MediaType::Webp => return Err(Unseen::NoSuchPage),
        MediaType::Mp4 | MediaType::Docx | MediaType::Xlsx => return Err(Unseen::NoPages),
    };
    picture::jpeg(drawn, turns)
}

/// The text of a page, line by line as it is drawn; empty for pictures and scans.
///
/// # Errors
/// [`Unseen`] when the file cannot be read.
pub fn page_text(media: MediaType, file: &File, page: u16) -> Result<String, Unseen> {
    match media {
        MediaType::Pdf => pdf::text(file, page),
        MediaType::Jpeg | MediaType::Png | MediaType::Webp => Ok(String::new()),
        MediaType::Mp4 | MediaType::Docx | MediaType::Xlsx => Err(Unseen::NoPages),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::specimen::{Specimen, render};
    use crate::testing::{day, engine};

    fn specimen(pages: u16) -> File {
        let sample = Specimen {
            title: "Phiếu kết quả kiểm nghiệm".to_owned(),
            issuer: "Trung tâm Kiểm nghiệm".to_owned(),
            number: "12/KN".to_owned(),
            issued_on: day(2026, 10, 1),
            producer: "Hợp tác xã Hợp Tiến".to_owned(),
            pages,
        };
        Arc::new(render(engine(), &sample).unwrap().bytes)
    }

    fn size_of(jpeg: &[u8]) -> (u32, u32) {
        let read = image::load_from_memory(jpeg).unwrap();
        (read.width(), read.height())
    }

    #[test]
    fn a_pdf_is_counted_drawn_turned_and_read() {
        let file = specimen(3);
        assert_eq!(page_count(MediaType::Pdf, &file), Ok(3));
        let thumb = page_picture(MediaType::Pdf, &file, 2, Size::Thumb, 0).unwrap();
        let (width, height) = size_of(&thumb);
        assert!(width == 180 && (250..260).contains(&height), "A4 upright: {width}×{height}");
        let turned = page_picture(MediaType::Pdf, &file, 2, Size::Thumb, 1).unwrap();
        assert_eq!(size_of(&turned), (height, width));
        let drawn = image::load_from_memory(&thumb).unwrap().to_luma8();
        assert!(drawn.pixels().any(|pixel| pixel.0[0] < 200), "something stands on the page");
        let text = page_text(MediaType::Pdf, &file, 2).unwrap();
        assert!(text.contains("Trang 2 trên 3") && text.contains("Phiếu kết quả kiểm nghiệm"), "{text}");
        assert_eq!(page_picture(MediaType::Pdf, &file, 4, Size::Thumb, 0), Err(Unseen::NoSuchPage));
        assert_eq!(page_text(MediaType::Pdf, &file, 0), Err(Unseen::NoSuchPage));
    }

    #[test]
    fn a_photo_is_one_page_and_comes_smaller_never_larger() {
        let photo = image::RgbImage::from_pixel(400, 200, image::Rgb([120, 80, 40]));
        let mut bytes = std::io::Cursor::new(Vec::new());
        photo.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
        let file = Arc::new(bytes.into_inner());
        assert_eq!(page_count(MediaType::Png, &file), Ok(1));
        let thumb = page_picture(MediaType::Png, &file, 1, Size::Thumb, 0).unwrap();
        assert_eq!(size_of(&thumb), (180, 90));
        assert_eq!(size_of(&page_picture(MediaType::Png, &file, 1, Size::Large, 3).unwrap()), (200, 400));
        assert_eq!(page_picture(MediaType::Png, &file, 2, Size::Page, 0), Err(Unseen::NoSuchPage));
        assert_eq!(page_text(MediaType::Png, &file, 1), Ok(String::new()));
    }

    #[test]
    fn what_cannot_be_read_is_told_and_not_guessed() {
        let broken = Arc::new(b"%PDF-1.4\nxref\n0 1\nstartxref\n9\n%%EOF".to_vec());
        assert_eq!(page_count(MediaType::Pdf, &broken), Err(Unseen::Unreadable));
        assert_eq!(page_picture(MediaType::Jpeg, &broken, 1, Size::Page, 0), Err(Unseen::Unreadable));
        assert_eq!(page_count(MediaType::Mp4, &broken), Err(Unseen::NoPages));
        let cut: Vec<u8> = specimen(2).iter().copied().take(4_000).collect();
        let _ = page_picture(MediaType::Pdf, &Arc::new(cut), 1, Size::Thumb, 0);
    }
}
