//! The only clock reads of the whole project.
//!
//! Owns the monotonic clock that every decision and figure comes from, and the wall
//! clock: a label, and on the STAMP wire a timestamp, which is read once at the start
//! and goes on with the monotonic clock, so that it never steps.

use std::time::{Duration, Instant, SystemTime};

use udping_core::time::{ClientTime, ReflectorTime, nanos};

/// The monotonic clock, counted from the moment it was made.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clock {
    origin: Instant,
    /// What the wall clock read then, in nanoseconds since 1970 UTC.
    wall_origin: u64,
}

impl Clock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the clock"
    )]
    pub(crate) fn start() -> Self {
        let since_1970 = wall().duration_since(SystemTime::UNIX_EPOCH);
        Self {
            origin: Instant::now(),
            wall_origin: nanos(since_1970.unwrap_or_default()),
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

    /// The wall clock at `time`, in nanoseconds since 1970 UTC.
    pub(crate) fn wall_at(&self, time: ReflectorTime) -> u64 {
        self.wall_origin.saturating_add(time.as_nanos())
    }
}

/// The wall clock, for labels and for the origin of timestamps.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the clock"
)]
pub(crate) fn wall() -> SystemTime {
    SystemTime::now()
}
