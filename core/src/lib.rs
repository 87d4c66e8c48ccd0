//! The UDP ping protocol.
#![no_std]
#![forbid(unsafe_code)]

#[cfg(feature = "serde")]
extern crate alloc;
#[cfg(test)]
extern crate std;

pub mod stats;
pub mod time;
pub mod wire;
