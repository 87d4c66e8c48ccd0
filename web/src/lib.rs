//! The udping lab.
