//! The time that each probe carries: what a server can compute with, and by which a
//! reply is known to be that probe's.
//!
//! Owns how it is made. Must not know how a wire writes it, nor which probes there are.

use crate::time::{ClientTime, WallTime};
use crate::wire::low_bits;

/// What the timestamps of a session are made of.
///
/// A timestamp is the wall clock at time zero plus the monotonic time of the probe, true
/// to the microsecond: the wall clock is read once, so setting it back repeats none. Its
/// last three digits come from the key and the probe's number, so that a time which a
/// server reads from its own clock is not taken for a copy. That proves against mistakes,
/// and not against forgers: who sees a request can copy it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Timestamps {
    /// What the wall clock read at time zero; one after the year 2262 counts as that.
    pub start: WallTime,
    /// Any number, best a random one.
    pub key: u32,
}

impl Timestamps {
    /// The timestamp of probe `seq`, which is handed out at `at`: later than `last`.
    #[must_use]
    pub fn after(&self, last: WallTime, seq: u64, at: ClientTime) -> WallTime {
        // Together they leave room to grow by a nanosecond for ever.
        const LATEST_START: u64 = 1 << 63;
        const LATEST: u64 = 1 << 62;
        let start = self.start.as_nanos().min(LATEST_START);
        let time = start.saturating_add(at.as_nanos().min(LATEST));
        let micros = time.saturating_sub(time % 1_000);
        let next = last.as_nanos().saturating_add(1);
        WallTime::from_nanos(micros.saturating_add(self.digits(seq)).max(next))
    }

    /// From 1 to 999: a clock that counts microseconds reads no such time.
    fn digits(&self, seq: u64) -> u64 {
        // 2⁶⁴ divided by the golden ratio: numbers in a row come to digits far apart.
        const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;
        let mixed = (u64::from(self.key) << 32 | u64::from(low_bits(seq))).wrapping_mul(SPREAD);
        1 + u64::from(low_bits(mixed >> 32)) % 999
    }
}

/// Whether `copy` is `original` with its last digits cut off or rounded.
pub(crate) fn is_cut_copy(copy: WallTime, original: WallTime) -> bool {
    copy.as_nanos().abs_diff(original.as_nanos()) < 1_000
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_timestamp_is_the_wall_clock_to_the_microsecond(start in 0..1_u64 << 63, key: u32, seq: u64, at in 0..1_u64 << 62) {
            let timestamps = Timestamps { start: WallTime::from_nanos(start), key };
            let made = timestamps.after(WallTime::ZERO, seq, ClientTime::from_nanos(at)).as_nanos();
            prop_assert_eq!(made / 1_000, (start + at) / 1_000);
            prop_assert_ne!(made % 1_000, 0, "no microsecond clock reads it");
        }

        #[test]
        fn timestamps_only_grow(start: u64, key: u32, mut times in prop::collection::vec(any::<u64>(), 2..50)) {
            times.sort_unstable();
            let timestamps = Timestamps { start: WallTime::from_nanos(start), key };
            let mut last = WallTime::ZERO;
            for (seq, at) in (1..).zip(times) {
                let made = timestamps.after(last, seq, ClientTime::from_nanos(at));
                prop_assert!(made > last);
                last = made;
            }
        }
    }

    #[test]
    fn the_key_makes_the_last_digits() {
        let made = |key| {
            let timestamps = Timestamps {
                start: WallTime::ZERO,
                key,
            };
            (1..100).map(move |seq| timestamps.digits(seq))
        };
        let same = made(1).zip(made(2)).filter(|(one, other)| one == other);
        assert!(same.count() < 5);
    }
}
