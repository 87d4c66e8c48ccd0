//! How the process fares that measures: what is no fault of a network.
//!
//! Owns what that is. Who counts it, and who tells it, is not known here.

use crate::metrics::Summary;

/// What the process has done badly, since it began.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Health {
    /// Slots that went by without their probe.
    pub(crate) missed: u64,
    /// Datagrams that came and found no room to wait in.
    pub(crate) rx_dropped: u64,
    /// Datagrams that came from addresses that are no target's.
    pub(crate) strangers: u64,
    /// By how much probes left later than they were due.
    pub(crate) timer_error: Summary,
    /// How often the wall clock moved against the monotonic one.
    pub(crate) clock_steps: u64,
}
