//! When probes go out.
//!
//! Owns the three schedules of a run, the one on demand, and the slots of the paced one.
//! Knows nothing of replies.

use core::time::Duration;

use crate::time::{ClientTime, saturating_nanos};
use crate::wire::Probe;

/// When probes go out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Schedule {
    /// The assignment: the next probe `gap` after the previous one is settled.
    StopAndWait {
        /// The pause after a reply or a loss.
        gap: Duration,
    },
    /// Slot k is due at `start + k × interval`, whatever happened before. A slot
    /// whose probe has not gone out by the next slot's time is missed; the one after
    /// those that were missed goes out in any case. So are those that are
    /// [held back](crate::ConfigBuilder::accept_unnumbered).
    Paced {
        /// The distance of two slots.
        interval: Duration,
    },
    /// As fast as replies come: up to `size` probes in flight.
    Window {
        /// How many probes may be in flight together.
        size: u32,
    },
    /// Only when the caller asks for one.
    OnDemand,
}

impl Schedule {
    /// How long after its slot `probe` went out: the timer error. `None` where replies or
    /// the caller set the pace, since nothing is late there.
    #[must_use]
    pub fn lateness(&self, probe: &Probe) -> Option<Duration> {
        matches!(self, Self::Paced { .. })
            .then(|| probe.at.checked_since(probe.due).unwrap_or_default())
    }

    /// How soon a probe may follow another; zero where replies or the caller set the pace.
    pub(crate) const fn shortest_interval(&self) -> Duration {
        match self {
            Self::StopAndWait { gap } => *gap,
            Self::Paced { interval } => *interval,
            Self::Window { .. } | Self::OnDemand => Duration::ZERO,
        }
    }
}

/// The slots of a paced schedule: number k, from 0, is due at `start + k × interval`,
/// whatever happened before.
#[derive(Debug, Clone)]
pub(crate) struct Pacer {
    /// In nanoseconds, at least one.
    interval: u64,
    /// When the next slot is due; `None` beyond the end of time.
    due: Option<ClientTime>,
    /// Slots were missed, and the next one goes out however late it is by now: else an
    /// interval shorter than a look at the clock would let none go out.
    catch_up_pending: bool,
}

impl Pacer {
    /// Slots `interval` apart (at least a nanosecond), the first due at `start`.
    pub(crate) fn new(start: ClientTime, interval: Duration) -> Self {
        Self {
            interval: saturating_nanos(interval).max(1),
            due: Some(start),
            catch_up_pending: false,
        }
    }

    /// When the next slot is due; `None` beyond the end of time.
    pub(crate) const fn due(&self) -> Option<ClientTime> {
        self.due
    }

    /// Misses all slots before `time`, and says how many. The one after them is to be used
    /// however late.
    pub(crate) fn skip_to(&mut self, time: ClientTime) -> u64 {
        let Some(due) = self.due else { return 0 };
        let behind = time.as_nanos().saturating_sub(due.as_nanos());
        let missed = behind.div_ceil(self.interval);
        let next = self.interval.checked_mul(missed);
        let next = next.and_then(|passed| due.as_nanos().checked_add(passed));
        self.due = next.map(ClientTime::from_nanos);
        self.catch_up_pending |= missed > 0;
        missed
    }

    /// Takes the slot that was `due` by `now`: how many slots were missed instead, 0 if
    /// it is to be used. After those that were missed, the next is to be used however
    /// late.
    pub(crate) fn take(&mut self, due: ClientTime, now: ClientTime) -> u64 {
        let behind = now.as_nanos().saturating_sub(due.as_nanos());
        let missed = if self.catch_up_pending || behind < self.interval {
            0
        } else {
            behind / self.interval
        };
        self.catch_up_pending = missed > 0;
        let passed = self.interval.checked_mul(missed.max(1));
        let next = passed.and_then(|passed| due.as_nanos().checked_add(passed));
        self.due = next.map(ClientTime::from_nanos);
        missed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Each slot is used or missed, once, in order, and none before its time.
        #[test]
        fn every_slot_is_used_or_missed(
            start in 0..1_u64 << 60,
            interval in (1..1_u64 << 40, 0..40_u32).prop_map(|(interval, shift)| (interval >> shift).max(1)),
            steps in prop::collection::vec((0..1_u64 << 42, 0..42_u32), 1..100),
        ) {
            let mut pacer = Pacer::new(ClientTime::from_nanos(start), Duration::from_nanos(interval));
            let (mut now, mut slots, mut missed_before) = (start, 0, false);
            for (step, shift) in steps {
                now += step >> shift;
                let due = pacer.due().unwrap().as_nanos();
                prop_assert_eq!(due, start + slots * interval);
                if due > now {
                    continue;
                }
                let missed = pacer.take(ClientTime::from_nanos(due), ClientTime::from_nanos(now));
                prop_assert!(!(missed_before && missed > 0), "never two without one that goes out");
                if missed > 0 {
                    let late = now - (due + missed * interval);
                    prop_assert!(late < interval, "not one more than had to be");
                }
                missed_before = missed > 0;
                slots += missed.max(1);
            }
        }
    }

    #[test]
    fn there_is_no_slot_beyond_the_end_of_time() {
        let last = ClientTime::from_nanos(u64::MAX);
        let mut pacer = Pacer::new(last, Duration::MAX);
        assert_eq!(pacer.due(), Some(last));
        assert_eq!(pacer.take(last, last), 0);
        assert_eq!(pacer.due(), None);
    }
}
