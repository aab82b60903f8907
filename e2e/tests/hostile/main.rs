//! Wrong inputs at every step of the journey, and a program that is killed in the middle of its work:
//! each ends in a clear message, and nothing is lost or damaged.
//!
//! The demonstration province is loaded once; every test plays on a copy of its own.

mod crash;
mod doors;
mod files;
mod forms;
mod hands;
mod impatient;
mod pieces;
mod stage;
mod stale;
mod strangers;
mod twice;
mod verbs;
mod wire;
