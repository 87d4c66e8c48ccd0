//! The only clock reads of the whole project.
//!
//! Owns the monotonic clock that every decision and figure comes from, and the wall
//! clock, which is a label and never computed with.

use std::time::{Duration, Instant, SystemTime};

use udping_core::time::{ClientTime, ReflectorTime, nanos};

/// The monotonic clock, counted from the moment it was made.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clock {
    origin: Instant,
}

impl Clock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the clock"
    )]
    pub(crate) fn start() -> Self {
        Self {
            origin: Instant::now(),
        }
    }

    /// Time since the start.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the clock"
    )]
    pub(crate) fn elapsed(&self) -> Duration {
        Instant::now().saturating_duration_since(self.origin)
    }

    pub(crate) fn client_time(&self) -> ClientTime {
        ClientTime::from_nanos(nanos(self.elapsed()))
    }

    pub(crate) fn reflector_time(&self) -> ReflectorTime {
        ReflectorTime::from_nanos(nanos(self.elapsed()))
    }
}

/// The wall clock, for labels.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the clock"
)]
pub(crate) fn wall() -> SystemTime {
    SystemTime::now()
}
