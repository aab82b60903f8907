//! What a user typed, made fit for paper.

use serde_json::Value;

/// A word longer than this many characters may break inside.
const LONG_WORD: usize = 20;
/// Inside a long word, a line may break after this many characters.
const STEP: usize = 8;
/// Marks on one letter that are kept; Vietnamese needs two. A tower of them would climb over the lines above.
const MARKS: usize = 4;
/// Zero-width space: invisible, and a line may break there.
const BREAK: char = '\u{200B}';

/// Every string of `value` made printable, keys untouched.
pub(crate) fn printable_value(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(printable(&text)),
        Value::Array(items) => Value::Array(items.into_iter().map(printable_value).collect()),
        Value::Object(fields) => {
            Value::Object(fields.into_iter().map(|(key, field)| (key, printable_value(field))).collect())
        }
        plain @ (Value::Null | Value::Bool(_) | Value::Number(_)) => plain,
    }
}

/// `text` without control characters, direction overrides and towers of marks, with chances to break in long words.
///
/// A word without a space, such as a web address or a held key, would otherwise run out of its table cell.
pub(crate) fn printable(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let clean = without_towers(text.chars().filter_map(printable_char));
    clean.split_inclusive(char::is_whitespace).map(breakable).collect()
}

fn without_towers(chars: impl Iterator<Item = char>) -> String {
    let mut marks = 0;
    chars
        .filter(|c| {
            marks = if joins_previous(*c) { marks + 1 } else { 0 };
            marks <= MARKS
        })
        .collect()
}

fn printable_char(c: char) -> Option<char> {
    match c {
        '\n' => Some('\n'),
        '\t' => Some(' '),
        // Direction marks and overrides: they could show a line in another order than it was stored.
        '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' => None,
        c if c.is_control() => None,
        c => Some(c),
    }
}

fn breakable(word: &str) -> String {
    if word.chars().count() <= LONG_WORD {
        return word.to_owned();
    }
    let mut out = String::with_capacity(word.len() + word.len() / 2);
    let mut since_break = 0;
    for c in word.chars() {
        if since_break >= STEP && !joins_previous(c) && !c.is_whitespace() {
            out.push(BREAK);
            since_break = 0;
        }
        out.push(c);
        since_break += 1;
    }
    out
}

/// Marks that belong to the letter before them: a break there would tear them off.
fn joins_previous(c: char) -> bool {
    matches!(c,
        '\u{0300}'..='\u{036F}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}' | '\u{20D0}'..='\u{20FF}'
        | '\u{200D}' | '\u{FE00}'..='\u{FE0F}' | '\u{FE20}'..='\u{FE2F}' | '\u{1F3FB}'..='\u{1F3FF}'
        | '\u{E0100}'..='\u{E01EF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(input: &str, expected: &str) {
        assert_eq!(printable(input), expected);
    }

    #[test]
    fn ordinary_text_is_untouched() {
        check("Mật ong rừng Ba Chẽ\nchai 500 ml", "Mật ong rừng Ba Chẽ\nchai 500 ml");
    }

    #[test]
    fn control_characters_and_overrides_go() {
        check("a\0b\u{202E}c\td\re", "abc d\ne");
    }

    #[test]
    fn a_long_word_may_break_every_eight_characters() {
        check(&"x".repeat(21), "xxxxxxxx\u{200B}xxxxxxxx\u{200B}xxxxx");
        check(&"x".repeat(20), &"x".repeat(20));
    }

    #[test]
    fn a_break_never_tears_a_mark_from_its_letter() {
        let marked = "e\u{0302}\u{0323}".repeat(7);
        let printed = printable(&marked);
        assert!(printed.contains(BREAK) && !printed.contains("\u{200B}\u{0302}"), "{printed:?}");
    }

    #[test]
    fn a_tower_of_marks_is_lowered() {
        check(&format!("a{}b", "\u{0301}".repeat(50)), &format!("a{}b", "\u{0301}".repeat(4)));
    }
}
