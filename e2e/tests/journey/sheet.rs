//! What people choose in product set 4 (honey) of regime 2026-26: criterion, level, points.

/// A choice: the criterion's code, the level counted from 1, its points.
pub type Answer = (&'static str, u8, u16);

/// A good sheet: 76 points, every minimum of three and four stars met.
pub const GOOD: [Answer; 32] = [
    ("1.1", 3, 3),
    ("1.2", 2, 1),
    ("1.3", 2, 2),
    ("1.4", 2, 2),
    ("1.5", 3, 2),
    ("1.6", 2, 2),
    ("1.7", 2, 1),
    ("2.1", 3, 3),
    ("2.2", 3, 2),
    ("2.3", 3, 3),
    ("2.4", 2, 1),
    ("3.1", 3, 3),
    ("3.2", 2, 1),
    ("3.3", 3, 3),
    ("3.4", 2, 2),
    ("3.5", 2, 2),
    ("4.1", 3, 3),
    ("4.2", 3, 2),
    ("4.3", 4, 3),
    ("5.1", 5, 5),
    ("5.2", 3, 2),
    ("5.3", 3, 3),
    ("6.1", 3, 2),
    ("6.2", 3, 2),
    ("6.3", 3, 2),
    ("6.4", 4, 3),
    ("7", 3, 3),
    ("8", 3, 3),
    ("9", 2, 4),
    ("10", 2, 3),
    ("11", 2, 2),
    ("12", 1, 1),
];

/// What a strict member chooses instead in the first turn: 12 points less.
pub const STRICT: [Answer; 6] =
    [("4.2", 1, 0), ("4.3", 2, 1), ("5.3", 2, 1), ("7", 2, 1), ("8", 2, 1), ("9", 1, 2)];

/// What the strict member chooses after the discussion: 2 points less than the others.
pub const PERSUADED: [Answer; 5] = [("4.2", 3, 2), ("5.3", 3, 3), ("7", 3, 3), ("8", 3, 3), ("9", 2, 4)];

/// The points of a whole sheet.
pub fn points(sheet: &[Answer]) -> u16 {
    sheet.iter().map(|(_, _, points)| points).sum()
}

/// A sheet with some answers replaced.
pub fn but(sheet: &[Answer], other: &[Answer]) -> Vec<Answer> {
    let replaced = |answer: &Answer| other.iter().find(|one| one.0 == answer.0).unwrap_or(answer).to_owned();
    sheet.iter().map(replaced).collect()
}
