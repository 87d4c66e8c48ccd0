//! The only clock reads of the whole project.
//!
//! Owns the monotonic clock that every decision and figure comes from, and the wall
//! clock: a label, and on the STAMP wire a timestamp, which is read at the start and goes
//! on with the monotonic clock, so that it never steps within a session. A reflector, which
//! has none, reads it again from time to time.

use std::time::{Duration, Instant, SystemTime};

use udping_core::time::{ClientTime, ERA_NANOS, ReflectorTime, WallTime, saturating_nanos};

/// The monotonic clock, counted from the moment it was made.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clock {
    origin: Instant,
    /// What the wall clock read then.
    wall_origin: WallTime,
    /// When it was read last.
    wall_read: ReflectorTime,
}

/// How often a reflector asks how late it is: the clock may have been set, and stands
/// still while the machine sleeps.
const WALL_INTERVAL: Duration = Duration::from_secs(1);

/// How long a datagram can have waited in the kernel and still be told from a wall clock that
/// was set.
const LONGEST_WAIT: Duration = Duration::from_secs(1);

impl Clock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the clock"
    )]
    pub(crate) fn start() -> Self {
        Self {
            origin: Instant::now(),
            wall_origin: in_era(unix_nanos(wall())),
            wall_read: ReflectorTime::ZERO,
        }
    }

    /// Reads the wall clock again, if it was not lately.
    pub(crate) fn follow_wall(&mut self, now: ReflectorTime) {
        if now >= self.wall_read.saturating_add(WALL_INTERVAL) {
            self.wall_read = now;
            let origin = unix_nanos(wall()) - self.elapsed().as_nanos().cast_signed();
            self.wall_origin = in_era(origin);
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
        ClientTime::from_nanos(saturating_nanos(self.elapsed()))
    }

    pub(crate) fn reflector_time(&self) -> ReflectorTime {
        ReflectorTime::from_nanos(saturating_nanos(self.elapsed()))
    }

    /// The wall clock at `time`.
    pub(crate) fn wall_at(&self, time: ReflectorTime) -> WallTime {
        self.wall_origin
            .saturating_add(Duration::from_nanos(time.as_nanos()))
    }
}

/// When the kernel sent or received a datagram, by the wall clock: good only for differences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct KernelTimestamp(i64);

impl KernelTimestamp {
    #[cfg_attr(
        not(any(target_os = "linux", test)),
        expect(dead_code, reason = "the portable way learns nothing from the kernel")
    )]
    pub(crate) const fn from_nanos(nanos: i64) -> Self {
        Self(nanos)
    }

    /// Nanoseconds since 1970.
    pub(crate) const fn unix_nanos(self) -> i64 {
        self.0
    }

    /// Nanoseconds from `earlier` to this: negative if the clock was set back between.
    pub(crate) const fn nanos_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// The clocks beside each other.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clocks {
    /// The monotonic one, since the start.
    pub(crate) at: Duration,
    /// How far the wall clock is ahead of it, in nanoseconds.
    pub(crate) wall_ahead: i128,
    /// How long the machine has slept, which the monotonic clock leaves out, and maybe a
    /// constant: good only for differences. Zero where that is not known.
    pub(crate) asleep: Duration,
    /// How far apart they may have been read.
    pub(crate) apart: Duration,
}

impl Clock {
    /// When the kernel received what was taken at `taken`: by this clock, since the kernel
    /// goes by the wall's. A difference that no wait explains means that the wall clock was set,
    /// and then it is `taken`.
    pub(crate) fn received_at(
        &self,
        taken: ReflectorTime,
        kernel: KernelTimestamp,
    ) -> ReflectorTime {
        let at = self.all().arrival(taken.as_nanos(), kernel);
        ReflectorTime::from_nanos(at)
    }

    /// Reads all clocks, close to each other unless the machine is very busy.
    pub(crate) fn all(&self) -> Clocks {
        let mut clocks = self.all_once();
        for _ in 0..3 {
            if clocks.apart < Duration::from_micros(50) {
                break;
            }
            clocks = self.all_once();
        }
        clocks
    }

    fn all_once(&self) -> Clocks {
        let at = self.elapsed();
        let asleep = asleep(at);
        Clocks {
            at,
            wall_ahead: unix_nanos(wall()) - at.as_nanos().cast_signed(),
            asleep,
            apart: self.elapsed().saturating_sub(at),
        }
    }
}

/// The least change of the wall clock that is called one. The system's own corrections
/// change how fast both clocks go, and not what lies between them.
const STEP: Duration = Duration::from_millis(1);

impl Clocks {
    /// By how many nanoseconds the wall clock was set between `before` and this, if it was;
    /// of that time, the machine slept for `asleep`, in which the wall clock goes on.
    pub(crate) fn set_since(&self, before: &Self, asleep: Duration) -> Option<i128> {
        let by = self.wall_ahead - before.wall_ahead - asleep.as_nanos().cast_signed();
        let uncertain = STEP + before.apart + self.apart;
        (by.unsigned_abs() >= uncertain.as_nanos()).then_some(by)
    }

    /// [`Clock::received_at`] of many that were taken together, in nanoseconds.
    pub(crate) fn arrival(&self, taken: u64, kernel: KernelTimestamp) -> u64 {
        let since_start = i128::from(kernel.unix_nanos()) - self.wall_ahead;
        let received = u64::try_from(since_start).ok();
        let waited = |at: &u64| taken.checked_sub(*at);
        received
            .filter(|at| waited(at).is_some_and(|wait| wait < saturating_nanos(LONGEST_WAIT)))
            .unwrap_or(taken)
    }
}

/// How long the machine has slept since it was started.
#[cfg(target_os = "linux")]
fn asleep(_: Duration) -> Duration {
    use nix::time::{ClockId, clock_gettime};
    let read = |clock| clock_gettime(clock).map(Duration::from);
    let clocks = read(ClockId::CLOCK_MONOTONIC).and_then(|running| {
        let since_start = read(ClockId::CLOCK_BOOTTIME)?;
        Ok(since_start.saturating_sub(running))
    });
    // Both are always there; were they not, nothing would be known.
    clocks.unwrap_or_default()
}

/// The same and a constant, when the clock that leaves sleep out reads `at`: macOS's
/// `CLOCK_MONOTONIC` goes on in it, and what std takes for its `Instant` does not.
#[cfg(target_vendor = "apple")]
fn asleep(at: Duration) -> Duration {
    use rustix::time::{ClockId, clock_gettime};
    let going_on = Duration::try_from(clock_gettime(ClockId::Monotonic));
    going_on.unwrap_or_default().saturating_sub(at)
}

/// Not known, or there is none: std's `Instant` goes on in it on Windows.
#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
fn asleep(_: Duration) -> Duration {
    Duration::ZERO
}

/// Nanoseconds from 1970 to `wall`: negative before, as where the machine's clock has no battery.
pub(crate) fn unix_nanos(wall: SystemTime) -> i128 {
    match wall.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(since) => since.as_nanos().cast_signed(),
        Err(before) => -before.duration().as_nanos().cast_signed(),
    }
}

/// The wall clock that reads so many nanoseconds since 1970. What would be negative is read an
/// era later: the same on the wire, and the same distance from a clock that is as wrong.
fn in_era(unix_nanos: i128) -> WallTime {
    let positive = if unix_nanos < 0 {
        unix_nanos.rem_euclid(ERA_NANOS.into())
    } else {
        unix_nanos
    };
    WallTime::from_nanos(u64::try_from(positive).unwrap_or(u64::MAX))
}

/// The monotonic clock as systemd knows it (`CLOCK_MONOTONIC`), in microseconds.
#[cfg(target_os = "linux")]
pub(crate) fn monotonic_micros() -> i64 {
    use nix::sys::time::TimeValLike as _;
    let now = nix::time::clock_gettime(nix::time::ClockId::CLOCK_MONOTONIC);
    // It is there in every Linux.
    now.map_or(0, |now| now.num_microseconds())
}

/// The wall clock, for labels and for the origin of timestamps.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the clock"
)]
pub(crate) fn wall() -> SystemTime {
    SystemTime::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So many milliseconds after 1970, or before.
    fn wall_at(millis: i64) -> SystemTime {
        let distance = Duration::from_millis(millis.unsigned_abs());
        if millis < 0 {
            SystemTime::UNIX_EPOCH - distance
        } else {
            SystemTime::UNIX_EPOCH + distance
        }
    }

    #[test]
    fn a_wall_clock_before_1970_is_as_good_as_any_for_differences() {
        for (from, to) in [(-5_000, -4_800), (-100, 100), (100, -100), (0, 200)] {
            let [from_ns, to_ns] = [from, to].map(|it| unix_nanos(wall_at(it)));
            assert_eq!(to_ns - from_ns, i128::from(to - from) * 1_000_000);
        }
        let [then, now] = [-5_000, -4_800].map(|it| in_era(unix_nanos(wall_at(it))));
        assert_eq!(now.checked_since(then), Some(Duration::from_millis(200)));
        assert_eq!(in_era(unix_nanos(wall_at(7))).as_nanos(), 7_000_000);
    }

    #[test]
    fn a_wall_clock_that_was_set_is_followed_within_a_second() {
        let second = ReflectorTime::ZERO.saturating_add(WALL_INTERVAL);
        let set = Clock {
            wall_origin: WallTime::from_nanos(7),
            ..Clock::start()
        };
        let mut followed = set;
        followed.follow_wall(ReflectorTime::ZERO);
        assert_eq!(followed.wall_origin.as_nanos(), 7, "not yet");
        followed.follow_wall(second);
        let right = Clock::start();
        let off = right
            .wall_origin
            .as_nanos()
            .abs_diff(followed.wall_at(right.reflector_time()).as_nanos());
        assert!(off < 60_000_000_000, "{off} ns");
        let again = followed.wall_origin;
        followed.follow_wall(second);
        assert_eq!(followed.wall_origin, again, "a second has to pass");
    }
}
