//! What the centre answers to a province, and what the province may do then (26/2026/QĐ-TTg, Article 7.4g).

use crate::coded;

coded! {
    /// The centre's answer to a dossier that a province has sent.
    Answer {
        /// Recognised at 5 stars by the Minister's decision.
        FiveStars = "five_stars", "Công nhận 5 sao";
        /// Evaluated at less than 5 stars.
        Refused = "refused", "Chưa đạt 5 sao";
        /// Disqualified by the centre's council.
        Disqualified = "disqualified", "Hồ sơ bị loại";
        /// Taken back by the producer before it was evaluated.
        Withdrawn = "withdrawn", "Chủ thể đã rút hồ sơ";
    }
}

coded! {
    /// What the province does with a dossier that the centre has not recognised: it "may", so none is compulsory.
    Fallback {
        /// Recognise 3 or 4 stars on the centre's result.
        Recognise = "recognise", "Công nhận theo kết quả của trung ương";
        /// Evaluate it itself.
        Again = "again", "Tỉnh tổ chức đánh giá theo thẩm quyền";
        /// Neither: tell the producer.
        Close = "close", "Không công nhận, thông báo cho chủ thể";
    }
}

/// What the province may do after an answer of the centre with `stars`; `certified` are the stars in its power.
///
/// It can recognise only what the centre's council has given (3 or 4 stars), and nothing of a dossier that was
/// disqualified or taken back.
pub fn fallbacks(answer: Answer, stars: Option<u8>, certified: &[u8]) -> Vec<Fallback> {
    match answer {
        Answer::FiveStars => Vec::new(),
        Answer::Refused if stars.is_some_and(|stars| certified.contains(&stars)) => Fallback::ALL.to_vec(),
        Answer::Refused | Answer::Disqualified | Answer::Withdrawn => vec![Fallback::Again, Fallback::Close],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_province_recognises_only_what_the_centre_has_given() {
        let check = |answer, stars, expected: &[Fallback]| {
            assert_eq!(fallbacks(answer, stars, &[3, 4]), expected, "{answer:?} {stars:?}");
        };
        let without = [Fallback::Again, Fallback::Close];
        check(Answer::FiveStars, Some(5), &[]);
        check(Answer::Refused, Some(4), Fallback::ALL);
        check(Answer::Refused, Some(2), &without);
        check(Answer::Disqualified, None, &without);
        check(Answer::Withdrawn, None, &without);
    }
}
