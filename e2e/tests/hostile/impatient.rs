//! impatient
