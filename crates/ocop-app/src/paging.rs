//! Pages of a list by the key of a row, on and back.

/// Which way a page lies from the row whose key the address names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    /// The first page.
    First,
    /// Behind the row.
    On,
    /// Before it.
    Back,
}

/// A page, and the keys where its neighbours begin.
pub(crate) struct Cut<Row> {
    /// Its rows.
    pub rows: Vec<Row>,
    /// The key of the first row, when there is a page before it.
    pub before: Option<String>,
    /// The key of the last row, when there is a page behind it.
    pub after: Option<String>,
}

/// A page of `most` rows out of those read: one more than that tells whether the list goes on.
pub(crate) fn cut<Row>(
    mut rows: Vec<Row>,
    most: usize,
    direction: Direction,
    key: impl Fn(&Row) -> String,
) -> Cut<Row> {
    let more = rows.len() > most;
    let (has_before, has_after) = match direction {
        Direction::First => (false, more),
        Direction::On => (true, more),
        Direction::Back => (more, true),
    };
    if more && direction == Direction::Back {
        rows.remove(0);
    }
    rows.truncate(most);
    let before = rows.first().filter(|_| has_before).map(&key);
    let after = rows.last().filter(|_| has_after).map(&key);
    Cut { rows, before, after }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_row_more_says_that_the_list_goes_on() {
        let check = |read: &[u8], direction: Direction, expected: (&[u8], Option<&str>, Option<&str>)| {
            let Cut { rows, before, after } = cut(read.to_vec(), 2, direction, u8::to_string);
            assert_eq!((rows.as_slice(), before.as_deref(), after.as_deref()), expected, "{direction:?}");
        };
        check(&[], Direction::First, (&[], None, None));
        check(&[1, 2], Direction::First, (&[1, 2], None, None));
        check(&[1, 2, 3], Direction::First, (&[1, 2], None, Some("2")));
        check(&[3, 4, 5], Direction::On, (&[3, 4], Some("3"), Some("4")));
        check(&[5], Direction::On, (&[5], Some("5"), None));
        check(&[2, 3, 4], Direction::Back, (&[3, 4], Some("3"), Some("4")));
        check(&[1, 2], Direction::Back, (&[1, 2], None, Some("2")));
    }
}
