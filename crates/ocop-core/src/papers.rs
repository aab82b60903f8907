//! Papers that leave an office: their numbers, and the gaps between them.
//!
//! Decree 30/2020/NĐ-CP, Article 15: numbers begin with 01 on 1 January, end on 31 December, and a
//! number with its symbol stands for one paper of the office's year.

use crate::coded;

coded! {
    /// What an office sends out under a number.
    PaperKind {
        /// The decision that recognises products.
        Decision = "decision", "Quyết định công nhận";
        /// The decision that withdraws a certificate.
        Revocation = "revocation", "Quyết định thu hồi giấy chứng nhận";
        /// The province's letter that proposes to the Minister to withdraw a certificate of 5 stars.
        RevocationProposal = "revocation_proposal", "Công văn đề nghị thu hồi giấy chứng nhận 5 sao";
        /// The notice of a result without certificate.
        Notice = "notice", "Thông báo kết quả";
        /// The commune's letter that sends a dossier on to the province.
        Proposal = "proposal", "Công văn đề nghị đánh giá";
        /// The letter that sends a dossier back with reasons.
        Return = "return", "Công văn trả lại, yêu cầu bổ sung";
        /// The province's letter that sends a dossier on to the centre.
        Forwarding = "forwarding", "Công văn trình trung ương";
        /// The record of a visit after recognition.
        Inspection = "inspection", "Biên bản kiểm tra";
        /// The answer to a complaint.
        Answer = "answer", "Công văn trả lời khiếu nại, phản ánh";
    }
}

impl PaperKind {
    /// The symbol that an office begins with, until its own is known from the paper before.
    pub const fn usual_symbol(self) -> &'static str {
        match self {
            Self::Decision | Self::Revocation => "QĐ-UBND",
            Self::Notice => "TB-UBND",
            Self::Proposal | Self::Return | Self::Forwarding | Self::Answer | Self::RevocationProposal => {
                "UBND-KT"
            }
            Self::Inspection => "BB-ĐKT",
        }
    }
}

/// The greatest number that an office reaches in a year.
const MOST: u32 = 999_999;

/// The longest symbol, in letters.
const SYMBOL_LIMIT: usize = 40;

/// Number and symbol of a paper: `05/TB-UBND`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperNumber {
    /// Counted from 1 in the year of its symbol.
    pub number: u32,
    /// In capitals, without blanks: `TB-UBND`.
    pub symbol: String,
}

/// What was typed is no number with symbol.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Số, ký hiệu gồm một số và ký hiệu sau dấu gạch chéo, ví dụ: {0}.")]
pub struct NotANumber(&'static str);

impl PaperNumber {
    /// Reads what an officer types; `kind` gives the example of the refusal.
    ///
    /// # Errors
    /// [`NotANumber`] when it is not digits, a slash and a symbol.
    pub fn read(typed: &str, kind: PaperKind) -> Result<Self, NotANumber> {
        let bad = NotANumber(match kind {
            PaperKind::Decision | PaperKind::Revocation => "4512/QĐ-UBND",
            PaperKind::Notice => "105/TB-UBND",
            PaperKind::Proposal
            | PaperKind::Return
            | PaperKind::Forwarding
            | PaperKind::Answer
            | PaperKind::RevocationProposal => "214/UBND-KT",
            PaperKind::Inspection => "03/BB-ĐKT",
        });
        let Some((number, symbol)) = typed.split_once('/') else { return Err(bad) };
        let number = number.trim();
        let symbol: String = symbol.split_whitespace().collect::<String>().to_uppercase();
        let letters = symbol.chars().count();
        let plain = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '/' | '.' | '&');
        let fits = number.bytes().all(|digit| digit.is_ascii_digit())
            && (1..=SYMBOL_LIMIT).contains(&letters)
            && symbol.chars().all(plain)
            && symbol.chars().any(char::is_alphabetic);
        match number.parse::<u32>() {
            Ok(number @ 1..=MOST) if fits => Ok(Self { number, symbol }),
            Ok(_) | Err(_) => Err(bad),
        }
    }

    /// The number alone, as it stands in the head: numbers below 10 take a zero.
    pub fn digits(&self) -> String {
        format!("{:02}", self.number)
    }
}

impl std::fmt::Display for PaperNumber {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}/{}", self.digits(), self.symbol)
    }
}

/// Numbers that no paper of the register has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    /// The first of them.
    pub first: u32,
    /// The last of them.
    pub last: u32,
}

impl Gap {
    /// Whether an explanation of `other` explains all of this.
    pub fn lies_in(self, other: Self) -> bool {
        other.first <= self.first && self.last <= other.last
    }
}

/// What is missing below the greatest of the given numbers, from 1 on.
pub fn gaps(numbers: &[u32]) -> Vec<Gap> {
    let mut sorted = numbers.to_vec();
    sorted.sort_unstable();
    let mut next = 1;
    let mut gaps = Vec::new();
    for number in sorted {
        if number > next {
            gaps.push(Gap { first: next, last: number - 1 });
        }
        next = next.max(number.saturating_add(1));
    }
    gaps
}

/// Whether a PDF carries a digital signature (ISO 32000-1, 12.8): its dictionary names the signed
/// bytes and a handler. Says nothing about whether the signature is good.
pub fn is_signed_digitally(pdf: &[u8]) -> bool {
    let has = |mark: &[u8]| pdf.windows(mark.len()).any(|window| window == mark);
    has(b"/ByteRange") && (has(b"adbe.pkcs7") || has(b"ETSI.CAdES") || has(b"adbe.x509"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_as_offices_write_it() {
        for (typed, shown) in [
            ("4512/QĐ-UBND", "4512/QĐ-UBND"),
            (" 5 / tb-ubnd ", "05/TB-UBND"),
            ("0007/BC-UBND", "07/BC-UBND"),
            ("12/2026/QĐ-UBND", "12/2026/QĐ-UBND"),
        ] {
            let read = PaperNumber::read(typed, PaperKind::Notice).map(|number| number.to_string());
            assert_eq!(read.as_deref(), Ok(shown), "{typed}");
        }
        for typed in
            ["", "4512", "/QĐ", "0/QĐ", "-1/QĐ", "+1/QĐ", "1/", "1/ ", "1/2026", "1000000/QĐ", "1/<b>"]
        {
            assert!(PaperNumber::read(typed, PaperKind::Decision).is_err(), "{typed}");
        }
        let long = format!("1/{}", "Đ".repeat(SYMBOL_LIMIT + 1));
        assert!(PaperNumber::read(&long, PaperKind::Decision).is_err());
    }

    #[test]
    fn gaps_are_what_no_paper_has() {
        let check = |numbers: &[u32], expected: &[(u32, u32)]| {
            let found: Vec<_> = gaps(numbers).iter().map(|gap| (gap.first, gap.last)).collect();
            assert_eq!(found, expected, "{numbers:?}");
        };
        check(&[], &[]);
        check(&[1, 2, 3], &[]);
        check(&[3], &[(1, 2)]);
        check(&[7, 2, 5, 1, 5], &[(3, 4), (6, 6)]);
        check(&[u32::MAX], &[(1, u32::MAX - 1)]);
    }

    #[test]
    fn an_explanation_still_holds_when_a_number_inside_is_taken_later() {
        let explained = Gap { first: 1, last: 10 };
        assert!(gaps(&[4, 11]).into_iter().all(|gap| gap.lies_in(explained)));
        assert!(!Gap { first: 9, last: 11 }.lies_in(explained));
    }

    #[test]
    fn a_signature_is_seen_in_the_file() {
        assert!(is_signed_digitally(b"<</Type/Sig/SubFilter/adbe.pkcs7.detached/ByteRange[0 1 2 3]>>"));
        assert!(is_signed_digitally(b"/SubFilter /ETSI.CAdES.detached /ByteRange [0 1 2 3]"));
        assert!(!is_signed_digitally(b"%PDF-1.7 /ByteRange"));
    }
}
