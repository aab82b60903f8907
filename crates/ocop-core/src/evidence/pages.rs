//! The pages that a citation names.

/// Why the pages of a citation are not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadPages {
    /// Not written like `3`, `1-2` or `1-2, 5`.
    #[error("Số trang «{0}» chưa đúng. Hãy ghi như «3», «1-2» hoặc «1-2, 5».")]
    Unclear(String),
    /// The paper has no such page.
    #[error("Giấy tờ này chỉ có {count} trang, không có trang {page}. Hãy mở giấy tờ xem lại số trang.")]
    Beyond {
        /// The page asked for.
        page: u16,
        /// How many the paper has.
        count: u16,
    },
}

/// Page numbers of a citation in their tidy form: `1–2, 5`. Empty means the whole paper. `count`: how many
/// pages the paper has; `None` where that is not known (films, texts), and any page is taken.
///
/// # Errors
/// [`BadPages`] when they cannot be read, or when the paper has fewer.
pub fn pages(text: &str, count: Option<u16>) -> Result<String, BadPages> {
    let unclear = || BadPages::Unclear(text.trim().to_owned());
    let mut tidy = Vec::new();
    let mut last_named = 0;
    for piece in text.split([',', ';']).map(str::trim).filter(|piece| !piece.is_empty()) {
        let mut ends =
            piece.split(['-', '–']).map(|end| end.trim().parse::<u16>().ok().filter(|page| *page > 0));
        let last = match (ends.next().flatten(), ends.next(), ends.next()) {
            (Some(page), None, _) => {
                tidy.push(page.to_string());
                page
            }
            (Some(first), Some(Some(last)), None) if first < last => {
                tidy.push(format!("{first}–{last}"));
                last
            }
            _ => return Err(unclear()),
        };
        last_named = last_named.max(last);
    }
    match count {
        Some(count) if last_named > count => Err(BadPages::Beyond { page: last_named, count }),
        Some(_) | None if tidy.len() > 40 => Err(unclear()),
        Some(_) | None => Ok(tidy.join(", ")),
    }
}

/// The first page named in tidy pages; `None` for the whole paper.
pub fn first_page(tidy: &str) -> Option<u16> {
    let digits: String = tidy.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_numbers_and_ranges() {
        for (typed, kept) in [("", ""), ("3", "3"), ("1-2, 5", "1–2, 5"), (" 1 – 2 ;9", "1–2, 9")] {
            assert_eq!(pages(typed, None), Ok(kept.to_owned()), "{typed}");
        }
        for bad in ["0", "ba", "2-1", "1-2-3", "-4", "70000", "1,x"] {
            assert_eq!(pages(bad, Some(9)), Err(BadPages::Unclear(bad.to_owned())), "{bad}");
        }
    }

    #[test]
    fn a_page_that_the_paper_has_not_is_told_with_its_count() {
        for (typed, count, expected) in [
            ("1-3", Some(3), Ok("1–3".to_owned())),
            ("1-3", None, Ok("1–3".to_owned())),
            ("", Some(1), Ok(String::new())),
            ("1-4, 2", Some(3), Err(BadPages::Beyond { page: 4, count: 3 })),
            ("2", Some(1), Err(BadPages::Beyond { page: 2, count: 1 })),
        ] {
            assert_eq!(pages(typed, count), expected, "{typed} of {count:?}");
        }
    }

    #[test]
    fn a_viewer_opens_at_the_first_page_named() {
        for (tidy, expected) in [("", None), ("7", Some(7)), ("12–14, 3", Some(12))] {
            assert_eq!(first_page(tidy), expected, "{tidy}");
        }
    }
}
