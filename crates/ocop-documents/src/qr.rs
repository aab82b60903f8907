//! QR codes, level M, with the quiet zone of four modules that readers need.

use std::fmt::Write;

use fast_qr::{ECL, QRBuilder};

use crate::DocumentError;

/// Light modules kept free on every side (ISO/IEC 18004).
pub const QUIET_ZONE: usize = 4;

/// The modules of the code for `text`, row by row, `true` is dark; without the quiet zone.
///
/// A scheme and host written in capitals make the code smaller. Errors when `text` is too long for a code.
pub fn matrix(text: &str) -> Result<Vec<Vec<bool>>, DocumentError> {
    let code = QRBuilder::new(text)
        .ecl(ECL::M)
        .build()
        .map_err(|_| DocumentError::QrTooLong { characters: text.chars().count() })?;
    Ok((0..code.size).map(|row| code[row].iter().map(|module| module.value()).collect()).collect())
}

/// The code for `text` as an SVG picture: one path on white, quiet zone kept, titled with its text.
///
/// Errors when `text` is too long for a code.
pub fn svg(text: &str) -> Result<String, DocumentError> {
    let rows = matrix(text)?;
    let side = rows.len() + 2 * QUIET_ZONE;
    let mut path = String::new();
    for (y, row) in rows.iter().enumerate() {
        for (x, length) in dark_runs(row) {
            // Writing to a String cannot fail.
            let _ = write!(path, "M{} {}h{length}v1h-{length}z", x + QUIET_ZONE, y + QUIET_ZONE);
        }
    }
    let title = escape(text);
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" role=\"img\" \
         shape-rendering=\"crispEdges\"><title>Mã QR: {title}</title>\
         <rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/><path d=\"{path}\" fill=\"#000\"/></svg>"
    ))
}

/// Start and length of each run of dark modules.
fn dark_runs(row: &[bool]) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for (x, _) in row.iter().enumerate().filter(|(_, dark)| **dark) {
        match runs.last_mut() {
            Some((start, length)) if *start + *length == x => *length += 1,
            Some(_) | None => runs.push((x, 1)),
        }
    }
    runs
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // XML 1.0 forbids most control characters even when escaped.
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capitals_make_a_smaller_code() {
        let size = |text| matrix(text).expect("short").len();
        assert_eq!(size("HTTPS://OCOP.QUANGNINH.GOV.VN/C/22-06625-01-2026"), 29);
        assert_eq!(size("https://ocop.quangninh.gov.vn/c/22-06625-01-2026"), 33);
    }

    #[test]
    fn the_corner_holds_a_finder_and_the_picture_keeps_its_quiet_zone() {
        let rows = matrix("OCOP").expect("short");
        assert!(rows[0][..7].iter().all(|dark| *dark) && !rows[0][7]);
        let picture = svg("OCOP").expect("short");
        assert!(picture.contains("viewBox=\"0 0 29 29\""), "21 modules and 4 on each side: {picture}");
        assert!(picture.contains("d=\"M4 4h7v1h-7z"));
        assert_eq!(picture.matches("<path").count(), 1);
    }

    #[test]
    fn the_title_is_escaped() {
        let picture = svg("a<b>&\u{1}").expect("short");
        assert!(picture.contains("<title>Mã QR: a&lt;b&gt;&amp; </title>"));
    }

    #[test]
    fn a_text_that_fits_no_code_is_refused() {
        assert!(matches!(svg(&"x".repeat(10_000)), Err(DocumentError::QrTooLong { characters: 10_000 })));
    }
}
