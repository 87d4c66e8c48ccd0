//! The UDP ping protocol.
#![no_std]
#![forbid(unsafe_code)]

#[cfg(feature = "serde")]
extern crate alloc;
#[cfg(test)]
extern crate std;

#[cfg(feature = "sim")]
pub mod link;
pub mod time;
pub mod wire;
