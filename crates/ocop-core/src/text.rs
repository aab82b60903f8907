//! Vietnamese text: search keys, and how dates, numbers and sizes are written.

use unicode_normalization::UnicodeNormalization;

/// The search key of a Vietnamese text: no marks, lower case, words parted by one space, and a
/// space in front so that `% word%` finds the beginning of a word.
///
/// `đ` becomes `d`; decomposed input (as some phones and computers send) gives the same key.
pub fn fold(text: &str) -> String {
    let mut key = String::with_capacity(text.len() + 1);
    for letter in text.nfd().filter(|letter| !('\u{300}'..='\u{36f}').contains(letter)) {
        match letter {
            'đ' | 'Đ' | 'ð' | 'Ð' => key.push('d'),
            other if other.is_alphanumeric() => key.extend(other.to_lowercase()),
            _ => key.push(' '),
        }
    }
    let words: Vec<&str> = key.split_whitespace().collect();
    if words.is_empty() { String::new() } else { format!(" {}", words.join(" ")) }
}

/// The words of a query, folded like the texts they are looked up in.
pub fn fold_words(query: &str) -> Vec<String> {
    fold(query).split_whitespace().map(str::to_owned).collect()
}

/// Typed text as it is kept: composed (NFC), trimmed, without control characters other than
/// line breaks.
pub fn tidy(text: &str) -> String {
    let composed: String =
        text.nfc().filter(|letter| *letter == '\n' || *letter == '\t' || !letter.is_control()).collect();
    composed.trim().to_owned()
}

/// A name or text as it goes on a sentence, which it does with a small letter: `Đợt 2 năm 2026` → `đợt 2 năm
/// 2026`.
pub fn in_sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

/// A whole number with the Vietnamese thousands point: `45.000`.
pub fn thousands(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut written = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            written.push('.');
        }
        written.push(digit);
    }
    if number < 0 { format!("-{written}") } else { written }
}

/// A file's size as people say it: `1,2 MB`.
pub fn file_size(bytes: i64) -> String {
    const KB: i64 = 1024;
    const MB: i64 = 1024 * KB;
    match bytes {
        small if small < KB => format!("{small} B"),
        middle if middle < MB => format!("{} KB", middle / KB),
        large => format!("{},{} MB", thousands(large / MB), large % MB * 10 / MB),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_ignores_marks_case_and_composition() {
        for (text, key) in [
            ("Trà hoa vàng", " tra hoa vang"),
            ("Đông trùng hạ thảo – Vietcor", " dong trung ha thao vietcor"),
            ("Thuỷ Nguyên", " thuy nguyen"),
            ("Thủy  Nguyên", " thuy nguyen"),
            ("Tra\u{300} hoa va\u{300}ng", " tra hoa vang"),
            ("100% mật_ong", " 100 mat ong"),
            ("🍯", ""),
            ("", ""),
        ] {
            assert_eq!(fold(text), key, "{text}");
            assert_eq!(fold(&fold(text)), key, "{text}");
        }
    }

    #[test]
    fn numbers_are_written_the_vietnamese_way() {
        assert_eq!(thousands(45_000), "45.000");
        assert_eq!(thousands(-1_234_567), "-1.234.567");
        assert_eq!(thousands(999), "999");
        assert_eq!(file_size(1_258_291), "1,1 MB");
        assert_eq!(file_size(2_048), "2 KB");
    }

    #[test]
    fn kept_text_is_composed_and_clean() {
        assert_eq!(tidy("  Ma\u{323}\u{302}t\u{0} ong\u{7} \n"), "Mật ong");
    }
}
