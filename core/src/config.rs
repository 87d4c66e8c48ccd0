//! What a session is configured with.
//!
//! Owns every check of a configuration: what [`ConfigBuilder::build`] lets pass can never
//! overflow the client's arithmetic, and what [`Config::check_table`] lets pass can never
//! overflow its table. Knows nothing of probes or replies.

use core::num::NonZeroU64;
use core::time::Duration;

use crate::schedule::Schedule;
use crate::time::saturating_nanos;
use crate::timestamp::Timestamps;

/// A session's configuration, made by [`Config::builder`] and sound by construction.
///
/// ```
/// use core::num::NonZeroU64;
/// use core::time::Duration;
/// use udping_core::{Config, Schedule};
///
/// let config = Config::builder()
///     .schedule(Schedule::Paced { interval: Duration::from_millis(200) })
///     .count(NonZeroU64::new(50))
///     .timeout(Duration::from_millis(500))
///     .build()?;
/// assert_eq!(config.entries_needed(), 10);
/// # Ok::<(), udping_core::ConfigError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Config {
    schedule: Schedule,
    count: Option<NonZeroU64>,
    timeout: Duration,
    late_window: Duration,
    accept_unnumbered: bool,
    timestamps: Timestamps,
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
            timestamps: Timestamps::default(),
        }
    }
}

impl Config {
    /// Begins with the [`Default`]: the assignment.
    pub fn builder() -> ConfigBuilder {
        Self::default().to_builder()
    }

    /// Begins with this one.
    pub const fn to_builder(self) -> ConfigBuilder {
        ConfigBuilder(self)
    }

    /// When probes go out.
    #[must_use]
    pub const fn schedule(&self) -> Schedule {
        self.schedule
    }

    /// How many probes to send; `None` for no end.
    #[must_use]
    pub const fn count(&self) -> Option<NonZeroU64> {
        self.count
    }

    /// How long a reply may take and still count.
    #[must_use]
    pub const fn timeout(&self) -> Duration {
        self.timeout
    }

    /// How long after the timeout a reply is still recognised as late.
    #[must_use]
    pub const fn late_window(&self) -> Duration {
        self.late_window
    }

    /// Whether any reply is credited, whatever it says.
    #[must_use]
    pub const fn accept_unnumbered(&self) -> bool {
        self.accept_unnumbered
    }

    pub(crate) const fn set_timestamp_start(&mut self, start: crate::time::WallTime) {
        self.timestamps.start = start;
    }

    /// What the probes' timestamps are made of.
    #[must_use]
    pub const fn timestamps(&self) -> Timestamps {
        self.timestamps
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

    /// How many probes at most are sent within timeout and late window. Where replies set the
    /// pace, they are taken to come within a microsecond.
    #[must_use]
    pub fn most_waiting(&self) -> u64 {
        const QUICKEST: u64 = 1_000;
        let horizon =
            saturating_nanos(self.timeout).saturating_add(saturating_nanos(self.late_window));
        let interval = saturating_nanos(self.schedule.shortest_interval()).max(QUICKEST);
        let fitting = horizon / interval + 1;
        self.count.map_or(fitting, |count| fitting.min(count.get()))
    }

    /// Checks that a table of this many entries holds all probes that can wait.
    ///
    /// # Errors
    /// [`ConfigError::TableTooSmall`], with both numbers.
    pub fn check_table(&self, entries: u64) -> Result<(), ConfigError> {
        let needed = self.entries_needed();
        if needed > entries {
            return Err(ConfigError::TableTooSmall {
                needed,
                supplied: entries,
            });
        }
        Ok(())
    }
}

/// A [`Config`] in the making.
#[derive(Debug, Clone, Copy)]
#[must_use = "nothing is configured before it is built"]
pub struct ConfigBuilder(Config);

impl ConfigBuilder {
    /// When probes go out; one after the other unless set.
    pub const fn schedule(mut self, schedule: Schedule) -> Self {
        self.0.schedule = schedule;
        self
    }

    /// How many probes to send, `None` for no end; ten unless set.
    pub const fn count(mut self, count: Option<NonZeroU64>) -> Self {
        self.0.count = count;
        self
    }

    /// How long a reply may take and still count; a second unless set.
    pub const fn timeout(mut self, timeout: Duration) -> Self {
        self.0.timeout = timeout;
        self
    }

    /// How long after the timeout a reply is still recognised as late; a second unless set.
    pub const fn late_window(mut self, late_window: Duration) -> Self {
        self.0.late_window = late_window;
        self
    }

    /// Credits any reply, whatever it says or does not say (`pong`): one probe at a time is
    /// out, and after a loss the next is held back until the lost one's late window is over
    /// or its reply has come. Not with a window of more than one, nor on demand.
    pub const fn accept_unnumbered(mut self, accept: bool) -> Self {
        self.0.accept_unnumbered = accept;
        self
    }

    /// What the probes' timestamps are made of; 1970 and key 0 unless set.
    pub const fn timestamps(mut self, timestamps: Timestamps) -> Self {
        self.0.timestamps = timestamps;
        self
    }

    /// Checks all of it.
    ///
    /// # Errors
    /// The first rule that is broken.
    pub fn build(self) -> Result<Config, ConfigError> {
        let Self(config) = self;
        if config.timeout.is_zero() {
            return Err(ConfigError::ZeroTimeout);
        }
        let extra = match config.schedule {
            Schedule::StopAndWait { gap } => gap,
            Schedule::Paced { interval } if interval.is_zero() => {
                return Err(ConfigError::ZeroInterval);
            }
            Schedule::Paced { interval } => interval,
            Schedule::Window { size: 0 } => return Err(ConfigError::ZeroWindow),
            Schedule::Window { .. } | Schedule::OnDemand => Duration::ZERO,
        };
        if [config.timeout, config.late_window, extra]
            .iter()
            .any(|duration| saturating_nanos(*duration) > LONGEST)
        {
            return Err(ConfigError::TooLong);
        }
        let one_at_a_time = match config.schedule {
            Schedule::StopAndWait { .. } | Schedule::Paced { .. } => true,
            Schedule::Window { size } => size == 1,
            Schedule::OnDemand => false,
        };
        if config.accept_unnumbered && !one_at_a_time {
            return Err(ConfigError::UnnumberedNeedsOneInFlight);
        }
        Ok(config)
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
    UnnumberedNeedsOneInFlight,
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
            Self::UnnumberedNeedsOneInFlight => {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_assignment_is_the_default_and_needs_one_entry() {
        assert_eq!(Config::builder().build(), Ok(Config::default()));
        assert_eq!(Config::default().check_table(1), Ok(()));
    }

    #[test]
    fn a_table_that_could_overflow_is_refused_with_both_numbers() {
        let interval = Duration::from_millis(1);
        let paced = Config::builder()
            .schedule(Schedule::Paced { interval })
            .count(None)
            .build()
            .unwrap();
        assert_eq!(
            paced.check_table(2001),
            Err(ConfigError::TableTooSmall {
                needed: 2002,
                supplied: 2001
            })
        );
        assert_eq!(paced.check_table(2002), Ok(()));
        let short = paced.to_builder().count(NonZeroU64::new(5)).build();
        assert_eq!(short.unwrap().check_table(5), Ok(()));
    }

    #[test]
    fn nonsense_is_refused_by_name() {
        let interval = Duration::ZERO;
        let base = Config::builder();
        for (builder, error) in [
            (base.timeout(Duration::ZERO), ConfigError::ZeroTimeout),
            (base.late_window(Duration::MAX), ConfigError::TooLong),
            (
                base.schedule(Schedule::Paced { interval }),
                ConfigError::ZeroInterval,
            ),
            (
                base.schedule(Schedule::Window { size: 0 }),
                ConfigError::ZeroWindow,
            ),
            (
                base.accept_unnumbered(true)
                    .schedule(Schedule::Window { size: 2 }),
                ConfigError::UnnumberedNeedsOneInFlight,
            ),
        ] {
            assert_eq!(builder.build(), Err(error));
        }
    }
}
