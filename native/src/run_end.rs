//! When a run is to end: at its deadline, or by a signal.
//!
//! Owns that both hold for all of it: for the looking up of a name before the first probe,
//! and for whoever reads the last line.

use std::time::Duration;

use crate::clock::Clock;
use crate::signals::Signals;

/// The end of a run.
#[derive(Debug, Clone)]
pub(crate) struct RunEnd {
    signals: Signals,
    started: Clock,
    deadline: Option<Duration>,
}

impl RunEnd {
    /// That of a run which starts now, and has this much time, if its time is limited.
    pub(crate) fn new(signals: &Signals, deadline: Option<Duration>) -> Self {
        Self {
            signals: signals.clone(),
            started: Clock::start(),
            deadline,
        }
    }

    /// How much time there was.
    pub(crate) const fn deadline(&self) -> Option<Duration> {
        self.deadline
    }

    /// How much of it is left.
    pub(crate) fn left(&self) -> Option<Duration> {
        let deadline = self.deadline?;
        Some(deadline.saturating_sub(self.started.elapsed()))
    }

    /// Whether a signal asked for it.
    pub(crate) fn is_asked_for(&self) -> bool {
        self.signals.stopped()
    }

    /// Whether it has come.
    pub(crate) fn has_come(&self) -> bool {
        self.is_asked_for() || self.left().is_some_and(|left| left.is_zero())
    }
}
