//! Vietnamese text from before Unicode was everywhere: UTF-16, Windows-1258, TCVN3 (ABC).
//!
//! Files do not say how they are encoded. What is not Unicode is read both ways, and the way that
//! gives words of Vietnamese counts.

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE, WINDOWS_1258};
use unicode_normalization::UnicodeNormalization;

/// Why bytes are no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreadable {
    /// They are something else: a picture, a program.
    Binary,
    /// No known encoding gives Vietnamese words.
    UnknownEncoding,
}

/// The text of a file, composed (NFC), without its byte order mark.
///
/// # Errors
/// [`Unreadable`].
pub fn decode(bytes: &[u8]) -> Result<String, Unreadable> {
    let text = match bytes {
        [0xff, 0xfe, rest @ ..] => whole(UTF_16LE, rest)?,
        [0xfe, 0xff, rest @ ..] => whole(UTF_16BE, rest)?,
        [0xef, 0xbb, 0xbf, rest @ ..] => whole(encoding_rs::UTF_8, rest)?,
        _ if bytes.contains(&0) => return Err(Unreadable::Binary),
        _ => match str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => eight_bits(bytes)?,
        },
    };
    if text.contains('\0') { Err(Unreadable::Binary) } else { Ok(text.nfc().collect()) }
}

fn whole(encoding: &'static Encoding, bytes: &[u8]) -> Result<String, Unreadable> {
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes);
    text.map(std::borrow::Cow::into_owned).ok_or(Unreadable::UnknownEncoding)
}

/// Bytes by which an encoding is told; the rest of the file is like its beginning.
const TOLD_BY: usize = 256 * 1024;

fn eight_bits(bytes: &[u8]) -> Result<String, Unreadable> {
    let sample = bytes.get(..TOLD_BY).unwrap_or(bytes);
    let ways: [fn(&[u8]) -> String; 2] = [windows_1258, tcvn3];
    let judged = ways.map(|way| (Likeness::of(&way(sample)), way));
    let best = judged.into_iter().min_by_key(|(likeness, _)| likeness.odd_in_thousand());
    match best {
        Some((likeness, way)) if likeness.is_vietnamese() => Ok(way(bytes)),
        Some(_) | None => Err(Unreadable::UnknownEncoding),
    }
}

fn windows_1258(bytes: &[u8]) -> String {
    // Tones are letters of their own there: composed, they are one with their vowels.
    WINDOWS_1258.decode_without_bom_handling(bytes).0.nfc().collect()
}

/// TCVN 5712:1993, of which TCVN3 (ABC) uses the lower-case half.
fn tcvn3(bytes: &[u8]) -> String {
    let text: String = bytes.iter().map(|byte| tcvn3_letter(*byte)).collect();
    raised(&text.nfc().collect::<String>())
}

fn tcvn3_letter(byte: u8) -> char {
    let at = usize::from(byte);
    match byte {
        0x80.. => TCVN3_UPPER_HALF[at - 0x80],
        0x01 => 'Ú',
        0x02 => 'Ụ',
        0x04 => 'Ừ',
        0x05 => 'Ử',
        0x06 => 'Ữ',
        0x11 => 'Ứ',
        0x12 => 'Ự',
        0x13 => 'Ỳ',
        0x14 => 'Ỷ',
        0x15 => 'Ỹ',
        0x16 => 'Ý',
        0x17 => 'Ỵ',
        ascii => char::from(ascii),
    }
}

/// Bytes 0x80 to 0xFF by TCVN 5712:1993 (VN1).
#[rustfmt::skip]
const TCVN3_UPPER_HALF: [char; 128] = [
    'À', 'Ả', 'Ã', 'Á', 'Ạ', 'Ặ', 'Ậ', 'È', 'Ẻ', 'Ẽ', 'É', 'Ẹ', 'Ệ', 'Ì', 'Ỉ', 'Ĩ',
    'Í', 'Ị', 'Ò', 'Ỏ', 'Õ', 'Ó', 'Ọ', 'Ộ', 'Ờ', 'Ở', 'Ỡ', 'Ớ', 'Ợ', 'Ù', 'Ủ', 'Ũ',
    '\u{a0}', 'Ă', 'Â', 'Ê', 'Ô', 'Ơ', 'Ư', 'Đ', 'ă', 'â', 'ê', 'ô', 'ơ', 'ư', 'đ', 'Ằ',
    '\u{300}', '\u{309}', '\u{303}', '\u{301}', '\u{323}', 'à', 'ả', 'ã', 'á', 'ạ', 'Ẳ', 'ằ', 'ẳ', 'ẵ', 'ắ', 'Ẵ',
    'Ắ', 'Ầ', 'Ẩ', 'Ẫ', 'Ấ', 'Ề', 'ặ', 'ầ', 'ẩ', 'ẫ', 'ấ', 'ậ', 'è', 'Ể', 'ẻ', 'ẽ',
    'é', 'ẹ', 'ề', 'ể', 'ễ', 'ế', 'ệ', 'ì', 'ỉ', 'Ễ', 'Ế', 'Ồ', 'ĩ', 'í', 'ị', 'ò',
    'Ổ', 'ỏ', 'õ', 'ó', 'ọ', 'ồ', 'ổ', 'ỗ', 'ố', 'ộ', 'ờ', 'ở', 'ỡ', 'ớ', 'ợ', 'ù',
    'Ỗ', 'ủ', 'ũ', 'ú', 'ụ', 'ừ', 'ử', 'ữ', 'ứ', 'ự', 'ỳ', 'ỷ', 'ỹ', 'ý', 'ỵ', 'Ố',
];

/// Words whose plain letters are two or more capitals, all in capitals: the fonts of ABC draw
/// capitals with marks from lower-case letters, so that such a word is stored as `HợP`.
fn raised(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_inclusive(|letter: char| !letter.is_alphabetic()) {
        let capitals = word.bytes().filter(u8::is_ascii_uppercase).count();
        if capitals > 1 && !word.bytes().any(|byte| byte.is_ascii_lowercase()) {
            out.extend(word.chars().flat_map(char::to_uppercase));
        } else {
            out.push_str(word);
        }
    }
    out
}

/// Cells of a workbook in a font of TCVN3, whose letters the workbook stores as those of Western
/// Europe (`Hîp t¸c x·`), put into Unicode. Nothing changes unless most words are odd as they stand
/// and Vietnamese when put so; cells with letters that such a font lacks stay as they are.
pub fn from_font<'a>(cells: impl IntoIterator<Item = &'a mut String>) {
    let cells: Vec<&mut String> = cells.into_iter().filter(|cell| is_western(cell)).collect();
    let (mut before, mut after) = (Likeness::default(), Likeness::default());
    for cell in cells.iter().take(5_000) {
        before += Likeness::of(cell);
        after += Likeness::of(&unfonted(cell));
    }
    if before.odd_in_thousand() > 400 && after.words > 0 && after.is_vietnamese() {
        for cell in cells {
            *cell = unfonted(cell);
        }
    }
}

/// Whether a text has letters beyond ASCII, all of them from the first 256.
fn is_western(text: &str) -> bool {
    !text.is_ascii() && text.chars().all(|letter| u8::try_from(letter).is_ok())
}

fn unfonted(text: &str) -> String {
    tcvn3(&text.chars().filter_map(|letter| u8::try_from(letter).ok()).collect::<Vec<u8>>())
}

/// How many words of a text with letters beyond ASCII are none of Vietnamese.
#[derive(Debug, Clone, Copy, Default)]
struct Likeness {
    words: usize,
    odd: usize,
}

impl Likeness {
    fn of(text: &str) -> Self {
        let mut likeness = Self::default();
        let is_between = |letter: char| letter.is_whitespace() || letter.is_ascii_punctuation();
        for word in text.split(is_between).filter(|word| !word.is_ascii()) {
            likeness.words += 1;
            likeness.odd += usize::from(is_odd(word));
        }
        likeness
    }

    /// Words in a thousand that are odd; all of them when there is none.
    fn odd_in_thousand(self) -> usize {
        (self.odd * 1000).checked_div(self.words).unwrap_or(1000)
    }

    fn is_vietnamese(self) -> bool {
        self.odd_in_thousand() <= 200
    }
}

impl std::ops::AddAssign for Likeness {
    fn add_assign(&mut self, more: Self) {
        self.words += more.words;
        self.odd += more.odd;
    }
}

/// Whether a word cannot be one of Vietnamese: a letter or sign that is none of its, two tones, or a
/// capital after a small letter.
fn is_odd(word: &str) -> bool {
    let (mut tones, mut small) = (0, false);
    for letter in word.chars() {
        if small && letter.is_uppercase() {
            return true;
        }
        small |= letter.is_lowercase();
        let known = letter.is_ascii_graphic() || is_vietnamese(letter) || SIGNS.contains(&letter);
        if !known {
            return true;
        }
        tones += usize::from(std::iter::once(letter).nfd().any(is_tone));
    }
    tones > 1
}

/// Signs that stand in Vietnamese texts and are no letters of either encoding.
const SIGNS: [char; 9] = ['“', '”', '‘', '’', '–', '—', '…', '•', '\u{feff}'];

fn is_tone(letter: char) -> bool {
    matches!(letter, '\u{300}' | '\u{301}' | '\u{303}' | '\u{309}' | '\u{323}')
}

/// A letter of Vietnamese beyond ASCII.
fn is_vietnamese(letter: char) -> bool {
    TCVN3_UPPER_HALF.contains(&letter) && letter.is_alphabetic()
        || matches!(letter, 'Ú' | 'Ụ' | 'Ừ' | 'Ử' | 'Ữ' | 'Ứ' | 'Ự' | 'Ỳ' | 'Ỷ' | 'Ỹ' | 'Ý' | 'Ỵ')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Every letter of Vietnamese beyond ASCII, small and capital.
    fn letters() -> Vec<char> {
        let tones = ["", "\u{300}", "\u{309}", "\u{303}", "\u{301}", "\u{323}"];
        let vowels = "aăâeêioôơuưy"
            .chars()
            .flat_map(|vowel| tones.iter().filter_map(move |tone| format!("{vowel}{tone}").nfc().next()));
        let small: Vec<char> = vowels.chain(['đ']).filter(|letter| !letter.is_ascii()).collect();
        let capital = small.iter().flat_map(|letter| letter.to_uppercase());
        small.iter().copied().chain(capital).collect()
    }

    fn in_tcvn3(text: &str) -> Vec<u8> {
        text.chars().map(|letter| (0..=255).find(|byte| tcvn3_letter(*byte) == letter).unwrap()).collect()
    }

    /// Vowels with their shape, then tones, as Windows writes them.
    fn in_windows_1258(text: &str) -> Vec<u8> {
        let apart = text.chars().flat_map(|letter| {
            let parts: Vec<char> = std::iter::once(letter).nfd().collect();
            let (tones, shape): (Vec<char>, Vec<char>) = parts.into_iter().partition(|part| is_tone(*part));
            shape.into_iter().nfc().chain(tones).collect::<Vec<char>>()
        });
        apart
            .map(|letter| {
                (0..=255)
                    .find(|byte| WINDOWS_1258.decode_without_bom_handling(&[*byte]).0.starts_with(letter))
                    .unwrap()
            })
            .collect()
    }

    fn in_utf_16(text: &str, mark: u16, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
        std::iter::once(mark).chain(text.encode_utf16()).flat_map(unit).collect()
    }

    const TEXT: &str = "Tên chủ thể;Sản phẩm\r\nHợp tác xã Việt Hoàng;Đông trùng hạ thảo\r\nCông ty cổ phần Lâm sản;Trà hoa vàng Ba Chẽ";

    #[test]
    fn every_letter_has_its_byte() {
        let letters = letters();
        assert_eq!(letters.len(), 134);
        for letter in letters {
            let text = letter.to_string();
            assert_eq!(in_tcvn3(&text).iter().map(|byte| tcvn3_letter(*byte)).collect::<String>(), text);
            assert_eq!(windows_1258(&in_windows_1258(&text)), text);
            assert!(is_vietnamese(letter));
        }
    }

    #[test]
    fn the_same_text_comes_out_of_every_encoding() {
        let apart: String = TEXT.nfd().collect();
        let marked = format!("\u{feff}{TEXT}");
        for (bytes, encoding) in [
            (TEXT.as_bytes().to_vec(), "UTF-8"),
            (marked.into_bytes(), "UTF-8 with its mark"),
            (apart.into_bytes(), "decomposed UTF-8"),
            (in_utf_16(TEXT, 0xfeff, u16::to_le_bytes), "UTF-16LE"),
            (in_utf_16(TEXT, 0xfeff, u16::to_be_bytes), "UTF-16BE"),
            (in_windows_1258(TEXT), "Windows-1258"),
            (in_tcvn3(TEXT), "TCVN3"),
        ] {
            assert_eq!(decode(&bytes).as_deref(), Ok(TEXT), "{encoding}");
        }
    }

    #[test]
    fn one_word_is_enough_to_tell_the_encoding() {
        for word in
            ["Hợp tác", "Đặc sản", "chả mực", "nước mắm", "Ngũ cốc", "Trứng gà Tân An", "Rượu ba kích"]
        {
            assert_eq!(decode(&in_tcvn3(word)).as_deref(), Ok(word), "TCVN3");
            assert_eq!(decode(&in_windows_1258(word)).as_deref(), Ok(word), "Windows-1258");
        }
    }

    #[test]
    fn capitals_of_abc_fonts_are_capitals() {
        assert_eq!(tcvn3(b"H\xeeP T\xb8C x\xb7"), "HỢP TÁC xã");
        assert_eq!(raised("HợP tác OCOP Xã"), "HỢP tác OCOP Xã");
    }

    #[test]
    fn what_is_no_vietnamese_text_is_refused() {
        assert_eq!(decode(b"\x89PNG\r\n\x1a\n\0\0\0"), Err(Unreadable::Binary));
        assert_eq!(decode(&in_utf_16("a\0b", 0xfeff, u16::to_le_bytes)), Err(Unreadable::Binary));
        // "Привет, мир" in the encoding of Windows for Russian.
        let russian = b"\xcf\xf0\xe8\xe2\xe5\xf2, \xec\xe8\xf0";
        assert_eq!(decode(russian), Err(Unreadable::UnknownEncoding));
        assert_eq!(decode(b"\xff\xfea"), Err(Unreadable::UnknownEncoding));
    }

    #[test]
    fn cells_in_abc_fonts_are_put_into_unicode_and_others_left_alone() {
        let stored = |text: &str| -> String { in_tcvn3(text).into_iter().map(char::from).collect() };
        let mut cells =
            ["Hợp tác xã Việt Hoàng", "Bản Sen", "Đông trùng hạ thảo", "hóa"].map(stored).to_vec();
        cells.push("Phường Bãi Cháy".to_owned());
        from_font(&mut cells);
        assert_eq!(
            cells,
            ["Hợp tác xã Việt Hoàng", "Bản Sen", "Đông trùng hạ thảo", "hóa", "Phường Bãi Cháy"]
        );
        let mut plain = ["Hà Nam", "xã Tân An", "Café", "Thị xã Quảng Yên"].map(str::to_owned);
        let before = plain.clone();
        from_font(&mut plain);
        assert_eq!(plain, before);
    }

    proptest! {
        #[test]
        fn any_bytes_are_text_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(text) = decode(&bytes) {
                prop_assert!(!text.contains('\0'));
            }
        }
    }
}
