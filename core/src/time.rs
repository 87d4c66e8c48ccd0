//! Points in time, one type per clock.
//!
//! Owns the three clocks' types and nothing else. Readings of two clocks can never
//! meet in an expression: the compiler refuses it. No `-` operator exists on purpose; a difference is asked for by
//! name and may be absent.

use core::time::Duration;

macro_rules! clock {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub struct $name(u64);

        impl $name {
            /// The epoch itself.
            pub const ZERO: Self = Self(0);

            /// A point `nanos` nanoseconds after the epoch that the driver picked.
            #[must_use]
            pub const fn from_nanos(nanos: u64) -> Self {
                Self(nanos)
            }

            /// Nanoseconds since the epoch.
            #[must_use]
            pub const fn as_nanos(self) -> u64 {
                self.0
            }

            /// Time elapsed since `earlier`, or `None` if `earlier` is later.
            #[must_use]
            pub const fn checked_since(self, earlier: Self) -> Option<Duration> {
                match self.0.checked_sub(earlier.0) {
                    Some(nanos) => Some(Duration::from_nanos(nanos)),
                    None => None,
                }
            }

            /// This point moved `by` later, stopping at the end of time (584 years).
            #[must_use]
            pub const fn saturating_add(self, by: Duration) -> Self {
                self.saturating_add_nanos(saturating_nanos(by))
            }

            /// The same by so many nanoseconds.
            #[must_use]
            pub const fn saturating_add_nanos(self, by: u64) -> Self {
                Self(self.0.saturating_add(by))
            }
        }
    };
}

clock! {
    /// A reading of the client's monotonic clock, in nanoseconds.
    ClientTime
}
clock! {
    /// A reading of the reflector's clock, in nanoseconds.
    ReflectorTime
}
clock! {
    /// A reading of this end's wall clock, in nanoseconds since the Unix epoch, or since a
    /// later one where a session counts from that.
    WallTime
}

/// Nanoseconds of an era: after so many, timestamps whose seconds have 32 bits begin again
/// (RFC 5905 §6).
pub const ERA_NANOS: u64 = (1 << 32) * 1_000_000_000;

/// `duration` in nanoseconds, at most `u64::MAX` of them.
#[must_use]
pub const fn saturating_nanos(duration: Duration) -> u64 {
    match duration.as_secs().checked_mul(1_000_000_000) {
        // Widening: `From` is not const.
        Some(whole) => whole.saturating_add(duration.subsec_nanos() as u64),
        None => u64::MAX,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_that_would_be_negative_is_absent() {
        let (early, late) = (ClientTime::from_nanos(1), ClientTime::from_nanos(3));
        assert_eq!(late.checked_since(early), Some(Duration::from_nanos(2)));
        assert_eq!(early.checked_since(late), None);
    }

    #[test]
    fn the_end_of_time_is_a_wall() {
        let end = ClientTime::from_nanos(u64::MAX);
        assert_eq!(end.saturating_add(Duration::MAX), end);
        assert_eq!(saturating_nanos(Duration::MAX), u64::MAX);
        let last = Duration::from_nanos(u64::MAX);
        assert_eq!(saturating_nanos(last), u64::MAX);
        assert_eq!(saturating_nanos(last + Duration::from_nanos(1)), u64::MAX);
        assert_eq!(saturating_nanos(Duration::new(3, 7)), 3_000_000_007);
    }
}
