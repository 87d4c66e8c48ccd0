//! What is seen of a target while it is measured: state, loss, and RTT over time.
//!
//! Owns what a row is made of. Where it comes from is the monitor's; how it is drawn, the
//! terminal's and the browser's.

use std::time::Duration;

/// What became of the probes of a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    /// None was settled.
    Nothing,
    /// Some were replied, with this mean RTT, and none was lost.
    Replied(Duration),
    /// Some were not answered in time.
    Lost,
}

/// How a target is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RowState {
    /// No probe is settled yet.
    Waiting,
    Up,
    /// The latest two probes or more were not answered.
    Down,
}

/// One target's.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) state: RowState,
    /// The share of the last 64 settled probes that was not answered in time.
    pub(crate) loss: Option<f64>,
    /// Smoothed.
    pub(crate) rtt: Option<Duration>,
    /// The oldest moment first.
    pub(crate) history: Vec<Moment>,
}
