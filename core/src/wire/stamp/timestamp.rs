//! The 64-bit timestamps: NTP and truncated PTP.
//!
//! Owns the two formats and their epochs. Does not know which field a timestamp
//! stood in, nor whose clock made it.

use crate::time::ERA_NANOS;

/// How a timestamp's 64 bits are to be read: the Z bit of the error estimate
/// beside it (RFC 8186 §2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Format {
    /// Z = 0: seconds since 1900 UTC and a 32-bit binary fraction (RFC 4656
    /// §4.1.2). Every STAMP node speaks it (RFC 8762 §4.2.1).
    #[default]
    Ntp,
    /// Z = 1: seconds since 1970 TAI and nanoseconds below 10⁹ (RFC 8877 §4.3).
    ///
    /// TAI has been 37 s ahead of UTC since 2017. Implementations exist that put
    /// UTC seconds here all the same, so two clocks that both call themselves
    /// synchronised may still disagree by those 37 s. Differences within one
    /// clock (T3 − T2) are not affected.
    Ptp,
}

impl Format {
    /// How far this format's timescale is ahead of UTC, in nanoseconds: for
    /// [`Self::Ptp`] the 37 s of TAI since 2017, as no leap second has come since.
    #[must_use]
    pub const fn ahead_of_utc(self) -> u64 {
        match self {
            Self::Ntp => 0,
            Self::Ptp => 37 * NANOS_PER_SEC,
        }
    }
}

/// Seconds from 1900-01-01 to 1970-01-01: the NTP era 0 number of the Unix epoch
/// (RFC 5905 Figure 4).
const UNIX_IN_NTP: u32 = 2_208_988_800;
const NANOS_PER_SEC: u64 = 1_000_000_000;

/// A timestamp exactly as it stands in a packet.
///
/// It has no order and no difference of its own: both need the [`Format`], which
/// travels in another field. Equality is equality of all 64 bits, which is what
/// recognising one's own echoed timestamp takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Timestamp(u64);

impl Timestamp {
    /// The timestamp whose wire bits are `bits`.
    #[must_use]
    pub const fn from_bits(bits: u64) -> Self {
        Self(bits)
    }

    /// The 64 bits on the wire, as one big-endian number.
    #[must_use]
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// The time `nanos` nanoseconds after 1970-01-01T00:00:00, in UTC for
    /// [`Format::Ntp`] and in TAI for [`Format::Ptp`]; the caller owns the leap
    /// seconds between them.
    ///
    /// Times from 1970 until 2106-02-07 come back exactly from [`Self::nanos`], but
    /// for the PTP epoch itself, whose bits are all zero; later ones wrap, since
    /// both formats have 32 bits of seconds.
    #[must_use]
    pub const fn new(format: Format, nanos: u64) -> Self {
        let (secs, nanos) = (low_word(nanos / NANOS_PER_SEC), nanos % NANOS_PER_SEC);
        let (high, low) = match format {
            Format::Ntp => {
                // To the nearest 2⁻³² s, about 0.23 ns, so that no nanosecond is lost.
                // At most 999 999 999 · 2³² ÷ 10⁹ rounded, which still fits 32 bits.
                let fraction = ((nanos << 32) + NANOS_PER_SEC / 2) / NANOS_PER_SEC;
                match (secs.wrapping_add(UNIX_IN_NTP), fraction) {
                    // The turn of the era is a time, and all-zero bits are none:
                    // the next fraction reads as the same nanosecond.
                    (0, 0) => (0, 1),
                    words => words,
                }
            }
            Format::Ptp => (secs, nanos),
        };
        Self(((high as u64) << 32) | low)
    }

    /// The time `nanos` nanoseconds after 1970-01-01T00:00:00 UTC, which
    /// [`Format::Ptp`] says in TAI.
    #[must_use]
    pub const fn from_utc(format: Format, nanos: u64) -> Self {
        Self::new(format, nanos.saturating_add(format.ahead_of_utc()))
    }

    /// Nanoseconds since 1970-01-01T00:00:00, in the timescale of `format`, rounded
    /// to the nearest.
    ///
    /// `None` for all-zero bits, which mean that the time is unknown (RFC 5905 §6),
    /// and for PTP nanoseconds of 10⁹ or more (RFC 8877 §4.3).
    ///
    /// NTP seconds before 1970's are read as the era after 2036-02-07 (RFC 5905
    /// §6), so both formats cover 1970 to 2106 and no reading depends on today's date.
    #[must_use]
    pub const fn nanos(self, format: Format) -> Option<u64> {
        if self.0 == 0 {
            return None;
        }
        let (high, low) = (low_word(self.0 >> 32), self.0 & 0xffff_ffff);
        let (secs, nanos) = match format {
            Format::Ntp => {
                let nanos = (low * NANOS_PER_SEC + (1 << 31)) >> 32;
                (high.wrapping_sub(UNIX_IN_NTP), nanos)
            }
            Format::Ptp if low < NANOS_PER_SEC => (high, low),
            Format::Ptp => return None,
        };
        Some(secs as u64 * NANOS_PER_SEC + nanos)
    }

    /// Nanoseconds from `start`, which counts as [`Self::nanos`] does, to this time, in
    /// whichever era it is then less than [`ERA_NANOS`] later: what was before `start` seems
    /// to be almost an era after it.
    #[must_use]
    pub const fn nanos_since(self, format: Format, start: u64) -> Option<u64> {
        match self.nanos(format) {
            Some(nanos) => {
                let since = nanos % ERA_NANOS + ERA_NANOS - start % ERA_NANOS;
                Some(since % ERA_NANOS)
            }
            None => None,
        }
    }
}

/// The low 32 bits.
#[expect(
    clippy::cast_possible_truncation,
    reason = "the low bits are what is asked for"
)]
const fn low_word(number: u64) -> u32 {
    number as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEC: u64 = NANOS_PER_SEC;

    #[test]
    fn the_unix_epoch_in_ntp_is_rfc_5905_figure_4s() {
        assert_eq!(Timestamp::new(Format::Ntp, 0).bits(), 2_208_988_800 << 32);
        assert_eq!(
            Timestamp::from_bits(2_208_988_800 << 32).nanos(Format::Ntp),
            Some(0)
        );
    }

    #[test]
    fn half_a_second_is_half_the_fraction() {
        let half = Timestamp::new(Format::Ntp, SEC / 2);
        assert_eq!(half.bits() & 0xffff_ffff, 0x8000_0000);
    }

    #[test]
    fn a_fraction_is_the_nearest() {
        // 2 ns are 8.59 fractions.
        assert_eq!(Timestamp::new(Format::Ntp, 2).bits() & 0xffff_ffff, 9);
    }

    #[test]
    fn the_ntp_era_turns_in_2036_without_a_step() {
        // 2036-02-07T06:28:16Z, when era 0's seconds run out (RFC 5905 Figure 4).
        let turn = 2_085_978_496 * SEC;
        let (before, after) = (turn - 1, turn);
        assert_eq!(
            Timestamp::new(Format::Ntp, before).bits() >> 32,
            0xffff_ffff
        );
        assert_eq!(Timestamp::new(Format::Ntp, after).bits() >> 32, 0);
        for nanos in [before, after] {
            assert_eq!(
                Timestamp::new(Format::Ntp, nanos).nanos(Format::Ntp),
                Some(nanos)
            );
        }
    }

    #[test]
    fn all_zero_bits_are_no_time() {
        for format in [Format::Ntp, Format::Ptp] {
            assert_eq!(Timestamp::from_bits(0).nanos(format), None);
        }
    }

    #[test]
    fn ptp_nanoseconds_end_below_a_second() {
        assert_eq!(
            Timestamp::from_bits((1 << 32) + 999_999_999).nanos(Format::Ptp),
            Some(2 * SEC - 1)
        );
        assert_eq!(
            Timestamp::from_bits((1 << 32) + 1_000_000_000).nanos(Format::Ptp),
            None
        );
        assert_eq!(Timestamp::from_bits(u64::MAX).nanos(Format::Ptp), None);
    }

    #[test]
    fn ptp_counts_37_seconds_more_than_utc() {
        let ptp = Timestamp::from_utc(Format::Ptp, 1_000 * SEC);
        assert_eq!(ptp.nanos(Format::Ptp), Some(1_037 * SEC));
        let ntp = Timestamp::from_utc(Format::Ntp, 1_000 * SEC);
        assert_eq!(ntp.nanos(Format::Ntp), Some(1_000 * SEC));
    }

    #[test]
    fn the_largest_fraction_rounds_into_the_next_second() {
        let almost = Timestamp::from_bits((u64::from(UNIX_IN_NTP) << 32) | 0xffff_ffff);
        assert_eq!(almost.nanos(Format::Ntp), Some(SEC));
        let last = Timestamp::from_bits((u64::from(UNIX_IN_NTP - 1) << 32) | 0xffff_ffff);
        assert_eq!(last.nanos(Format::Ntp), Some((1 << 32) * SEC));
    }

    #[test]
    fn a_difference_goes_on_across_the_turn_of_an_era() {
        for format in [Format::Ntp, Format::Ptp] {
            let since = |nanos, start| Timestamp::new(format, nanos).nanos_since(format, start);
            assert_eq!(since(17, 7), Some(10));
            assert_eq!(since(ERA_NANOS + 3, ERA_NANOS - 7), Some(10));
            assert_eq!(since(3, ERA_NANOS - 7), Some(10));
            assert_eq!(since(7, 17), Some(ERA_NANOS - 10));
        }
    }

    #[test]
    fn after_2106_both_formats_wrap() {
        for format in [Format::Ntp, Format::Ptp] {
            assert_eq!(
                Timestamp::new(format, (1 << 32) * SEC + 7),
                Timestamp::new(format, 7)
            );
            let _ = Timestamp::new(format, u64::MAX);
        }
    }
}
