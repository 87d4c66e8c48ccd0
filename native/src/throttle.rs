//! Lines about what may happen very often.
//!
//! Owns how often there is one. What it is about, and which clock counts, it does not know.

use std::time::Duration;

use udping_core::time::saturating_nanos;

/// Between two lines about the same, at the least.
const INTERVAL: Duration = Duration::from_secs(1);

/// What happens often, and gets a line once a second at the most.
#[derive(Debug, Default)]
pub(crate) struct Throttle {
    /// When it had its last line, in nanoseconds.
    said: Option<u64>,
    /// How often it happened since.
    kept: u64,
}

impl Throttle {
    /// It happened `times` times at `now_ns`: how often since its last line, if it is to have one.
    pub(crate) fn due(&mut self, now_ns: u64, times: u64) -> Option<u64> {
        self.kept = self.kept.saturating_add(times);
        let soon = |said: u64| now_ns < said.saturating_add(saturating_nanos(INTERVAL));
        if self.said.is_some_and(soon) {
            return None;
        }
        self.said = Some(now_ns);
        Some(std::mem::take(&mut self.kept))
    }
}
