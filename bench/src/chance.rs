//! Numbers that look like chance and are the same in every run.

/// A row of numbers (xorshift).
pub struct Chance(u64);

impl Chance {
    /// The row from its start.
    pub fn new() -> Self {
        Self(0x2545_F491_4F6C_DD1D)
    }

    /// A row of its own for the thing of this number: it does not depend on what was made before.
    pub fn of(number: usize) -> Self {
        let seed = (number as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let mut chance = Self(seed ^ 0x2545_F491_4F6C_DD1D);
        chance.below(2);
        chance
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % (end.max(1) as u64)).unwrap_or(0)
    }

    /// One of these.
    pub fn one<'a, T: ?Sized>(&mut self, of: &'a [&'a T]) -> &'a T {
        of[self.below(of.len())]
    }
}
