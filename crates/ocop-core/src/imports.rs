//! A register file on its way in: its columns, what its cells say, and what became of its rows.

pub mod cells;
pub mod columns;
pub mod encodings;
pub mod guide;
pub mod line;
pub mod record;
pub mod run;
