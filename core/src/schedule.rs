//! When probes go out, and what a session is configured with.
//!
//! Owns the three schedules of a run, the one on demand, the slots of the paced one,
//! and every check of a configuration: what passes here can never overflow the
//! client's table. Knows nothing of replies.

use core::num::NonZeroU64;
use core::time::Duration;

use crate::time::{ClientTime, saturating_nanos};
use crate::wire::{Probe, TOKEN_RANGE};

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
    /// those that were missed goes out in any case.
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

/// A session's configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Config {
    /// When probes go out.
    pub schedule: Schedule,
    /// How many probes to send; `None` for no end.
    pub count: Option<NonZeroU64>,
    /// How long a reply may take and still count.
    pub timeout: Duration,
    /// How long after the timeout a reply is still recognised as late.
    pub late_window: Duration,
    /// Credit replies that carry no number at all (`pong`). Only with
    /// [`Schedule::StopAndWait`], and never while it could be a lost probe's.
    pub accept_unnumbered: bool,
    /// Where in [`TOKEN_RANGE`] this session's tokens start: a random number, so
    /// that nobody can guess them. Any value is folded into the range.
    pub token_base: u64,
}

impl Default for Config {
    /// The assignment: ten probes, one after the other, one second each.
    fn default() -> Self {
        Self {
            schedule: Schedule::StopAndWait {
                gap: Duration::ZERO,
            },
            count: NonZeroU64::new(10),
            timeout: Duration::from_secs(1),
            late_window: Duration::from_secs(1),
            accept_unnumbered: false,
            token_base: TOKEN_RANGE.start,
        }
    }
}

/// A configuration that cannot be run. The caller's fault, found before any I/O.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConfigError {
    /// The timeout is zero: no reply could ever count.
    ZeroTimeout,
    /// The interval is zero: use a window instead.
    ZeroInterval,
    /// The window is zero: no probe could ever go out.
    ZeroWindow,
    /// A duration is beyond what the clock's arithmetic holds (about 73 years).
    TooLong,
    /// Replies without a number cannot be told apart in this schedule.
    UnnumberedNeedsStopAndWait,
    /// The table has fewer entries than probes may wait in it.
    TableTooSmall {
        /// How many entries this configuration needs.
        needed: u64,
        /// How many the caller supplied.
        supplied: u64,
    },
}

impl core::fmt::Display for ConfigError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::ZeroTimeout => f.write_str("the timeout is zero, so no reply could count"),
            Self::ZeroInterval => {
                f.write_str("the interval is zero; use a window to send as fast as replies come")
            }
            Self::ZeroWindow => f.write_str("the window is zero, so no probe could go out"),
            Self::TooLong => f.write_str("a duration is longer than 73 years"),
            Self::UnnumberedNeedsStopAndWait => {
                f.write_str("replies without a number can only be matched one probe at a time")
            }
            Self::TableTooSmall { needed, supplied } => write!(
                f,
                "{needed} probes may be waiting for a reply at once and there is room for {supplied}; \
                 use a longer interval, or a shorter timeout or late window"
            ),
        }
    }
}

impl core::error::Error for ConfigError {}

/// The longest duration a configuration may hold: 2⁶¹ ns, about 73 years.
const LONGEST: u64 = 1 << 61;

impl Config {
    /// Checks every field, and that `entries` entries hold all probes that can wait.
    ///
    /// # Errors
    /// The first rule that is broken.
    pub fn check(&self, entries: u64) -> Result<(), ConfigError> {
        if self.timeout.is_zero() {
            return Err(ConfigError::ZeroTimeout);
        }
        let extra = match self.schedule {
            Schedule::StopAndWait { gap } => gap,
            Schedule::Paced { interval } if interval.is_zero() => {
                return Err(ConfigError::ZeroInterval);
            }
            Schedule::Paced { interval } => interval,
            Schedule::Window { size: 0 } => return Err(ConfigError::ZeroWindow),
            Schedule::Window { .. } | Schedule::OnDemand => Duration::ZERO,
        };
        if [self.timeout, self.late_window, extra]
            .iter()
            .any(|d| saturating_nanos(*d) > LONGEST)
        {
            return Err(ConfigError::TooLong);
        }
        if self.accept_unnumbered && !matches!(self.schedule, Schedule::StopAndWait { .. }) {
            return Err(ConfigError::UnnumberedNeedsStopAndWait);
        }
        let needed = self.entries_needed();
        if needed > entries {
            return Err(ConfigError::TableTooSmall {
                needed,
                supplied: entries,
            });
        }
        Ok(())
    }

    /// How many entries the client's table must have at the least.
    ///
    /// On a paced schedule every probe keeps its entry for timeout + late window. Where
    /// replies set the pace the rate is not known beforehand: a lost probe's entry
    /// is given up when the table comes round to it, so a larger table recognises
    /// late replies at higher rates.
    #[must_use]
    pub fn entries_needed(&self) -> u64 {
        let waiting = match self.schedule {
            Schedule::Paced { interval } => saturating_nanos(self.timeout)
                .saturating_add(saturating_nanos(self.late_window))
                .div_ceil(saturating_nanos(interval).max(1))
                // The first and last of a horizon, and one sent late.
                .saturating_add(2),
            Schedule::Window { size } => u64::from(size),
            Schedule::StopAndWait { .. } | Schedule::OnDemand => 1,
        };
        self.count.map_or(waiting, |count| waiting.min(count.get()))
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

    #[test]
    fn the_assignment_is_the_default_and_needs_one_entry() {
        assert_eq!(Config::default().check(1), Ok(()));
    }

    #[test]
    fn a_table_that_could_overflow_is_refused_with_both_numbers() {
        let paced = Config {
            schedule: Schedule::Paced {
                interval: Duration::from_millis(1),
            },
            count: None,
            ..Config::default()
        };
        assert_eq!(
            paced.check(2001),
            Err(ConfigError::TableTooSmall {
                needed: 2002,
                supplied: 2001
            })
        );
        assert_eq!(paced.check(2002), Ok(()));
        let short = Config {
            count: NonZeroU64::new(5),
            ..paced
        };
        assert_eq!(short.check(5), Ok(()));
    }

    #[test]
    fn nonsense_is_refused_by_name() {
        let base = Config::default();
        let with = |change: fn(&mut Config)| {
            let mut config = base;
            change(&mut config);
            config.check(u64::MAX)
        };
        assert_eq!(
            with(|c| c.timeout = Duration::ZERO),
            Err(ConfigError::ZeroTimeout)
        );
        assert_eq!(
            with(|c| c.late_window = Duration::MAX),
            Err(ConfigError::TooLong)
        );
        assert_eq!(
            with(|c| c.schedule = Schedule::Paced {
                interval: Duration::ZERO
            }),
            Err(ConfigError::ZeroInterval)
        );
        assert_eq!(
            with(|c| c.schedule = Schedule::Window { size: 0 }),
            Err(ConfigError::ZeroWindow)
        );
        assert_eq!(
            with(|c| {
                c.accept_unnumbered = true;
                c.schedule = Schedule::Window { size: 1 };
            }),
            Err(ConfigError::UnnumberedNeedsStopAndWait)
        );
    }
}
