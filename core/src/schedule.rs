//! When probes go out, and what a session is configured with.
//!
//! Owns the three schedules of a run, the one on demand, and every check of a
//! configuration: what passes here can never overflow the client's table. Knows
//! nothing of replies.

use core::num::NonZeroU64;
use core::time::Duration;

use crate::time::nanos;
use crate::wire::TOKEN_RANGE;

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
    pub linger: Duration,
    /// Credit replies that carry no number at all (`pong`). Only with
    /// [`Schedule::StopAndWait`], and never while it could be a lost probe's.
    pub match_any: bool,
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
            linger: Duration::from_secs(1),
            match_any: false,
            token_base: TOKEN_RANGE.start,
        }
    }
}

/// A configuration that cannot be run. The caller's fault, found before any I/O.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
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
    MatchAnyNeedsStopAndWait,
    /// The table has fewer slots than probes may wait in it.
    TableTooSmall {
        /// How many slots this configuration needs.
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
            Self::MatchAnyNeedsStopAndWait => {
                f.write_str("replies without a number can only be matched one probe at a time")
            }
            Self::TableTooSmall { needed, supplied } => write!(
                f,
                "{needed} probes may be waiting for a reply at once and there is room for {supplied}; \
                 use a longer interval, or a shorter timeout or linger"
            ),
        }
    }
}

impl core::error::Error for ConfigError {}

/// The longest duration a configuration may hold: 2⁶¹ ns, about 73 years.
const LONGEST: u64 = 1 << 61;

impl Config {
    /// Checks every field, and that `slots` places hold all probes that can wait.
    ///
    /// # Errors
    /// The first rule that is broken.
    pub fn check(&self, slots: u64) -> Result<(), ConfigError> {
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
        if [self.timeout, self.linger, extra]
            .iter()
            .any(|d| nanos(*d) > LONGEST)
        {
            return Err(ConfigError::TooLong);
        }
        if self.match_any && !matches!(self.schedule, Schedule::StopAndWait { .. }) {
            return Err(ConfigError::MatchAnyNeedsStopAndWait);
        }
        let needed = self.slots_needed();
        if needed > slots {
            return Err(ConfigError::TableTooSmall {
                needed,
                supplied: slots,
            });
        }
        Ok(())
    }

    /// How many slots the client's table must have at the least.
    ///
    /// On a paced schedule every probe keeps its slot for timeout + linger. Where
    /// replies set the pace the rate is not known beforehand: a lost probe's slot
    /// is given up when the table comes round to it, so a larger table recognises
    /// late replies at higher rates.
    #[must_use]
    pub fn slots_needed(&self) -> u64 {
        let waiting = match self.schedule {
            Schedule::Paced { interval } => nanos(self.timeout)
                .saturating_add(nanos(self.linger))
                .div_ceil(nanos(interval).max(1))
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

    #[test]
    fn the_assignment_is_the_default_and_needs_one_slot() {
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
            with(|c| c.linger = Duration::MAX),
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
                c.match_any = true;
                c.schedule = Schedule::Window { size: 1 };
            }),
            Err(ConfigError::MatchAnyNeedsStopAndWait)
        );
    }
}
