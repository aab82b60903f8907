//! What an uploaded file is, by its content: never by its name or by what the browser says.

use ocop_core::evidence::{FILE_LIMIT, MediaType};
use ocop_core::text::{file_size, tidy};

/// Why a file is not taken: what is wrong and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadFile {
    /// Nothing was sent.
    #[error("Chưa chọn tệp nào. Hãy bấm vào ô bên dưới để chọn tệp hoặc chụp ảnh giấy tờ.")]
    Missing,
    /// Nothing in it.
    #[error("Tệp này rỗng (0 byte). Hãy mở tệp xem có nội dung không, rồi chọn lại.")]
    Empty,
    /// More than [`FILE_LIMIT`].
    #[error("Tệp lớn hơn {}. Hãy giảm độ phân giải khi quét, hoặc tách thành nhiều tệp nhỏ.", limit())]
    TooLarge,
    /// Named or begun like a PDF, but no PDF.
    #[error(
        "Tệp này không phải là PDF thật, hoặc đã hỏng. Hãy mở tệp gốc và xuất lại PDF, hoặc chụp ảnh giấy tờ."
    )]
    FakePdf,
    /// A ZIP that is neither DOCX nor XLSX.
    #[error("Tệp nén hoặc tệp Office này chưa nhận được. Hãy gửi DOCX, XLSX, hoặc xuất ra PDF.")]
    OtherZip,
    /// Word or Excel of before 2007.
    #[error("Đây là tệp Word, Excel đời cũ. Hãy lưu lại thành DOCX, XLSX hoặc PDF rồi tải lên.")]
    OldOffice,
    /// A picture of an iPhone.
    #[error(
        "Ảnh HEIC của iPhone chưa nhận được. Vào Cài đặt → Camera → Định dạng → Tương thích nhất, rồi chụp lại."
    )]
    Heic,
    /// Anything else.
    #[error(
        "Loại tệp này chưa nhận được. Hãy gửi PDF, ảnh (JPEG, PNG, WebP), phim MP4, Word (DOCX) hoặc Excel (XLSX)."
    )]
    Unknown,
}

fn limit() -> String {
    file_size(i64::try_from(FILE_LIMIT).unwrap_or(i64::MAX))
}

/// The type of a file.
///
/// # Errors
/// [`BadFile`] when it is empty, too large, not of a type that is taken, or only pretends to be.
pub fn media_type(file_name: &str, bytes: &[u8]) -> Result<MediaType, BadFile> {
    if bytes.is_empty() {
        return Err(if file_name.is_empty() { BadFile::Missing } else { BadFile::Empty });
    }
    if u64::try_from(bytes.len()).is_ok_and(|size| size > FILE_LIMIT) {
        return Err(BadFile::TooLarge);
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return office(bytes);
    }
    match infer::get(bytes).map(|kind| kind.mime_type()) {
        Some("application/pdf") if is_pdf(bytes) => Ok(MediaType::Pdf),
        Some("application/pdf") => Err(BadFile::FakePdf),
        Some("image/jpeg") => Ok(MediaType::Jpeg),
        Some("image/png") => Ok(MediaType::Png),
        Some("image/webp") => Ok(MediaType::Webp),
        Some("video/mp4" | "video/x-m4v") => Ok(MediaType::Mp4),
        Some("image/heif" | "image/heic") => Err(BadFile::Heic),
        Some("application/msword" | "application/vnd.ms-excel" | "application/x-ole-storage") => {
            Err(BadFile::OldOffice)
        }
        Some(_) | None if file_name.to_lowercase().ends_with(".pdf") => Err(BadFile::FakePdf),
        Some(_) | None => Err(BadFile::Unknown),
    }
}

/// How far from the end of a PDF its closing marks may stand: some scanners append bytes.
const PDF_TAIL: usize = 4096;

/// Begins as a PDF, has objects, and ends with a cross-reference pointer into itself.
fn is_pdf(bytes: &[u8]) -> bool {
    let tail = &bytes[bytes.len().saturating_sub(PDF_TAIL)..];
    let Some(at) = last_of(tail, b"startxref") else { return false };
    let digits: String = tail[at + b"startxref".len()..]
        .iter()
        .skip_while(|byte| byte.is_ascii_whitespace())
        .take_while(|byte| byte.is_ascii_digit())
        .take(12)
        .map(|byte| char::from(*byte))
        .collect();
    let points_inside = digits.parse::<usize>().is_ok_and(|offset| offset < bytes.len());
    bytes.starts_with(b"%PDF-")
        && points_inside
        && last_of(&tail[at..], b"%%EOF").is_some()
        && bytes.windows(4).any(|window| window == b" obj")
}

/// Where `needle` stands last.
fn last_of(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    bytes.windows(needle.len()).rposition(|window| window == needle)
}

/// Word or Excel, by the members that their ZIP must have.
fn office(bytes: &[u8]) -> Result<MediaType, BadFile> {
    let members = zip_members(bytes).ok_or(BadFile::OtherZip)?;
    let has = |name: &[u8]| members.contains(&name);
    if !has(b"[Content_Types].xml") {
        Err(BadFile::OtherZip)
    } else if has(b"word/document.xml") {
        Ok(MediaType::Docx)
    } else if has(b"xl/workbook.xml") {
        Ok(MediaType::Xlsx)
    } else {
        Err(BadFile::OtherZip)
    }
}

/// More members than any paper has: such an archive is not read further.
const MEMBER_LIMIT: u16 = 20_000;

/// The names in a ZIP's directory, without unpacking anything; `None` when the directory is not
/// in order (APPNOTE.TXT 4.3.12 and 4.3.16).
fn zip_members(bytes: &[u8]) -> Option<Vec<&[u8]>> {
    let tail_at = bytes.len().saturating_sub(66_000);
    let end = tail_at + last_of(bytes.get(tail_at..)?, b"PK\x05\x06")?;
    let count = u16_at(bytes, end + 10)?;
    let mut at = usize::try_from(u32_at(bytes, end + 16)?).ok()?;
    if count > MEMBER_LIMIT {
        return None;
    }
    let mut names = Vec::new();
    for _ in 0..count {
        if bytes.get(at..at + 4)? != b"PK\x01\x02" {
            return None;
        }
        let name = usize::from(u16_at(bytes, at + 28)?);
        let extra = usize::from(u16_at(bytes, at + 30)?);
        let comment = usize::from(u16_at(bytes, at + 32)?);
        names.push(bytes.get(at + 46..at + 46 + name)?);
        at += 46 + name + extra + comment;
    }
    Some(names)
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at + 2)?.try_into().ok().map(u16::from_le_bytes)
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4)?.try_into().ok().map(u32::from_le_bytes)
}

/// The longest kept stem of a file name, in letters.
const STEM_LIMIT: usize = 80;

/// A file name that is safe to keep, show and give back: no folders, no signs that file systems
/// or headers read, no invisible letters, and the ending that fits the content.
pub fn tidy_name(typed: &str, media: MediaType) -> String {
    let last = typed.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = last.rsplit_once('.').map_or(last, |(stem, _)| stem);
    let clean: String =
        tidy(stem)
            .chars()
            .filter(|letter| !is_invisible(*letter))
            .map(|letter| {
                if letter.is_alphanumeric() || matches!(letter, '-' | '_' | '(' | ')') { letter } else { ' ' }
            })
            .take(STEM_LIMIT)
            .collect();
    let words: Vec<&str> = clean.split_whitespace().collect();
    let stem = if words.is_empty() { "giay-to".to_owned() } else { words.join(" ") };
    format!("{stem}.{}", media.extension())
}

/// Letters that turn the writing direction or show as nothing.
fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) const PDF: &[u8] =
        b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\nxref\n0 1\ntrailer<</Root 1 0 R>>\nstartxref\n41\n%%EOF\n";

    /// A ZIP of empty stored members.
    fn zip(names: &[&str]) -> Vec<u8> {
        let (mut file, mut directory) = (Vec::new(), Vec::new());
        for name in names {
            let at = u32::try_from(file.len()).unwrap();
            let length = u16::try_from(name.len()).unwrap().to_le_bytes();
            file.extend(b"PK\x03\x04");
            file.extend([0; 22]);
            file.extend(length);
            file.extend([0; 2]);
            file.extend(name.as_bytes());
            directory.extend(b"PK\x01\x02");
            directory.extend([0; 24]);
            directory.extend(length);
            directory.extend([0; 12]);
            directory.extend(at.to_le_bytes());
            directory.extend(name.as_bytes());
        }
        let (start, size) = (u32::try_from(file.len()).unwrap(), u32::try_from(directory.len()).unwrap());
        let count = u16::try_from(names.len()).unwrap().to_le_bytes();
        file.extend(directory);
        file.extend(b"PK\x05\x06\0\0\0\0");
        file.extend(count);
        file.extend(count);
        file.extend(size.to_le_bytes());
        file.extend(start.to_le_bytes());
        file.extend([0; 2]);
        file
    }

    #[test]
    fn a_file_is_what_its_content_says() {
        let jpeg = b"\xff\xd8\xff\xe0\x00\x10JFIF\0";
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
        let webp = b"RIFF\x24\0\0\0WEBPVP8 ";
        let mp4 = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom";
        for (name, bytes, expected) in [
            ("giay.pdf", PDF.to_vec(), MediaType::Pdf),
            ("anh.pdf", jpeg.to_vec(), MediaType::Jpeg),
            ("anh", png.to_vec(), MediaType::Png),
            ("anh.webp", webp.to_vec(), MediaType::Webp),
            ("phim.mp4", mp4.to_vec(), MediaType::Mp4),
            ("a.docx", zip(&["[Content_Types].xml", "word/document.xml"]), MediaType::Docx),
            ("a.xlsx", zip(&["[Content_Types].xml", "_rels/.rels", "xl/workbook.xml"]), MediaType::Xlsx),
        ] {
            assert_eq!(media_type(name, &bytes), Ok(expected), "{name}");
        }
    }

    #[test]
    fn what_only_pretends_is_refused_with_what_to_do() {
        let cut_pdf = PDF[..PDF.len() - 8].to_vec();
        let beyond = String::from_utf8_lossy(PDF).replace("\n41\n", "\n999999\n").into_bytes();
        for (name, bytes, expected) in [
            ("", Vec::new(), BadFile::Missing),
            ("a.pdf", Vec::new(), BadFile::Empty),
            ("a.pdf", b"<html><script>alert(1)</script></html>".to_vec(), BadFile::FakePdf),
            ("a.pdf", b"%PDF-1.4 nothing more".to_vec(), BadFile::FakePdf),
            ("a.pdf", cut_pdf, BadFile::FakePdf),
            ("a.pdf", beyond, BadFile::FakePdf),
            ("a.docx", zip(&["AndroidManifest.xml"]), BadFile::OtherZip),
            ("a.docx", zip(&["word/document.xml"]), BadFile::OtherZip),
            ("a.docx", b"PK\x03\x04 cut".to_vec(), BadFile::OtherZip),
            ("a.exe", b"MZ\x90\0".to_vec(), BadFile::Unknown),
            ("a.svg", b"<svg onload=alert(1)>".to_vec(), BadFile::Unknown),
            ("🍯", "🍯".as_bytes().to_vec(), BadFile::Unknown),
        ] {
            assert_eq!(media_type(name, &bytes), Err(expected), "{name}");
        }
        let large = vec![0; usize::try_from(FILE_LIMIT).unwrap() + 1];
        assert_eq!(media_type("a.pdf", &large), Err(BadFile::TooLarge));
    }

    #[test]
    fn a_kept_name_is_harmless() {
        for (typed, kept) in [
            ("Phiếu kiểm nghiệm (1).PDF", "Phiếu kiểm nghiệm (1).pdf"),
            ("../../etc/passwd", "passwd.pdf"),
            ("C:\\Users\\a\\giấy.exe", "giấy.pdf"),
            ("a\"; filename=\"b.html", "a filename b.pdf"),
            ("\u{202e}fdp.exe", "fdp.pdf"),
            ("🍯", "giay-to.pdf"),
            ("", "giay-to.pdf"),
        ] {
            assert_eq!(tidy_name(typed, MediaType::Pdf), kept, "{typed}");
        }
        assert_eq!(tidy_name(&"ă".repeat(10_000), MediaType::Png).chars().count(), STEM_LIMIT + 4);
    }
}
