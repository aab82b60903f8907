//! A question about a file and its answer as bytes, so that another process can look at the file.

use std::str::FromStr;

use ocop_core::evidence::MediaType;

use super::{File, Size, Unseen, page_count, page_picture, page_text};

/// What is asked about a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question {
    /// How many pages it has; answered in decimal digits.
    Count,
    /// The text of a page, counted from 1; answered in UTF-8.
    Text(u16),
    /// The picture of a page; answered as JPEG.
    Picture {
        /// The page, counted from 1.
        page: u16,
        /// How large.
        size: Size,
        /// Quarter turns to the right.
        turns: u8,
    },
}

/// `count`, `text:3`, `picture:3:thumb:0`.
impl std::fmt::Display for Question {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Count => out.write_str("count"),
            Self::Text(page) => write!(out, "text:{page}"),
            Self::Picture { page, size, turns } => write!(out, "picture:{page}:{size}:{turns}"),
        }
    }
}

/// The text is no question.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("«{0}» asks nothing: count, text:PAGE or picture:PAGE:SIZE:TURNS")]
pub struct NoQuestion(String);

impl FromStr for Question {
    type Err = NoQuestion;

    fn from_str(text: &str) -> Result<Self, NoQuestion> {
        let unclear = || NoQuestion(text.to_owned());
        let number = |text: &str| text.parse::<u16>().map_err(|_| unclear());
        match *text.split(':').collect::<Vec<_>>().as_slice() {
            ["count"] => Ok(Self::Count),
            ["text", page] => Ok(Self::Text(number(page)?)),
            ["picture", page, size, turns] => Ok(Self::Picture {
                page: number(page)?,
                size: size.parse().map_err(|_| unclear())?,
                turns: turns.parse().map_err(|_| unclear())?,
            }),
            _ => Err(unclear()),
        }
    }
}

/// The answer to a question about a file.
///
/// # Errors
/// [`Unseen`] when there is none.
pub fn answer(media: MediaType, file: &File, question: Question) -> Result<Vec<u8>, Unseen> {
    match question {
        Question::Count => Ok(page_count(media, file)?.to_string().into_bytes()),
        Question::Text(page) => Ok(page_text(media, file, page)?.into_bytes()),
        Question::Picture { page, size, turns } => page_picture(media, file, page, size, turns),
    }
}

impl Unseen {
    const ALL: [Self; 4] = [Self::NoPages, Self::Locked, Self::Unreadable, Self::NoSuchPage];

    /// What a process ends with that has no answer: from 11 on, which no shell uses.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::NoPages => 11,
            Self::Locked => 12,
            Self::Unreadable => 13,
            Self::NoSuchPage => 14,
        }
    }

    /// The reason that a process ended with; [`Self::Unreadable`] for one that fell over the file.
    pub fn of_exit_code(code: Option<i32>) -> Self {
        let known = |one: &Self| code == Some(i32::from(one.exit_code()));
        Self::ALL.into_iter().find(known).unwrap_or(Self::Unreadable)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_and_a_reason_cross_to_another_process_and_back() {
        let picture = Question::Picture { page: 12, size: Size::Large, turns: 3 };
        for question in [Question::Count, Question::Text(7), picture] {
            assert_eq!(question.to_string().parse(), Ok(question));
        }
        for bad in ["", "count:1", "text:", "text:70000", "picture:1:huge:0", "picture:1:thumb"] {
            assert!(bad.parse::<Question>().is_err(), "{bad}");
        }
        for reason in Unseen::ALL {
            assert_eq!(Unseen::of_exit_code(Some(reason.exit_code().into())), reason);
        }
        assert_eq!(Unseen::of_exit_code(None), Unseen::Unreadable, "killed");
        assert_eq!(Unseen::of_exit_code(Some(101)), Unseen::Unreadable, "panicked");
    }
}
