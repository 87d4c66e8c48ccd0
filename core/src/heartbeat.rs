//! Heartbeats: numbered packets one way, that nobody answers.
//!
//! Owns what their sender does and what their receiver makes of them: what is
//! missing, who came back, who fell silent. Knows nothing of sockets or of bytes
//! (that is [`wire::heartbeat`](crate::wire::heartbeat)).
//!
//! Both ends keep the client's contract: time is an input, deadlines are absolute,
//! every call order is valid, work per call is bounded, and memory is the caller's.

mod monitor;
mod sender;

use core::net::SocketAddr;

use crate::guard::mapped;
use crate::wire::LARGEST_EXACT;

pub use monitor::{BeatOrder, BeatOutcome, Monitor, MonitorOutput, MonitorSummary, SenderState};
pub use sender::{Sender, SenderSummary};

/// The key of the sender at `from`: some number below [`LARGEST_EXACT`] that a `secret`, which should
/// be random, keeps others from choosing. Never 0.
#[must_use]
pub fn key(secret: u64, from: SocketAddr) -> u64 {
    let (bits, port) = (mapped(from.ip()).to_be_bytes(), from.port().to_be_bytes());
    (crate::assoc_table::key(secret, [&bits[..], &port]) % LARGEST_EXACT).max(1)
}

/// A heartbeat as it arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Beat {
    /// The number it carries.
    pub seq: u64,
    /// What its sender's clock read when it went out, in nanoseconds on the scale of
    /// the receiver's wall clock, if it says so and can be read.
    pub clock: Option<u64>,
}
