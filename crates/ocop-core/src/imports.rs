//! A register file on its way in: its columns, and what its cells say.

pub mod cells;
pub mod columns;
pub mod encodings;
pub mod guide;
pub mod record;
