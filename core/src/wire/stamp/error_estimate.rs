//! The error estimate: how good the clock beside it is.
//!
//! Owns the sixteen bits of RFC 4656 §4.1.2 as RFC 8186 §2.3 and RFC 8762 §4.2.1
//! read them. Knows no timestamp.

use core::time::Duration;

use super::timestamp::Format;

const SYNCHRONIZED: u16 = 1 << 15;
const PTP: u16 = 1 << 14;
const SCALE_SHIFT: u32 = 8;
const SCALE_MAX: u32 = 63;
const MULTIPLIER_MAX: u128 = 255;
const NANOS_PER_SEC: u128 = 1_000_000_000;

/// S, Z, Scale and Multiplier as they stand in a packet; the Multiplier is never
/// zero.
///
/// S says that the clock is synchronised to UTC from outside, Z names the
/// timestamps' [`Format`], and the error is Multiplier · 2^(Scale − 32) seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ErrorEstimate(u16);

impl ErrorEstimate {
    /// The smallest estimate not below `bound`, of a clock that is `synchronized`
    /// to an external source or not. At least 2⁻³² s, as a Multiplier of zero is
    /// not allowed; at most 255 · 2³¹ s, some 17 000 years.
    #[must_use]
    pub const fn new(bound: Duration, synchronized: bool, format: Format) -> Self {
        // In units of 2⁻³² s: under 2¹²⁶ even for Duration::MAX.
        let units = (bound.as_nanos() << 32).div_ceil(NANOS_PER_SEC);
        let mut scale = 0;
        let mut multiplier = units;
        while multiplier > MULTIPLIER_MAX && scale < SCALE_MAX {
            scale += 1;
            multiplier = units.div_ceil(1 << scale);
        }
        let multiplier = if multiplier == 0 {
            1
        } else if multiplier > MULTIPLIER_MAX {
            MULTIPLIER_MAX
        } else {
            multiplier
        };
        #[expect(clippy::cast_possible_truncation, reason = "six bits and eight bits")]
        let mut bits = ((scale as u16) << SCALE_SHIFT) | multiplier as u16;
        if synchronized {
            bits |= SYNCHRONIZED;
        }
        if matches!(format, Format::Ptp) {
            bits |= PTP;
        }
        Self(bits)
    }

    /// The estimate whose wire bits are `bits`, or `None` if its Multiplier is zero:
    /// such a packet "SHOULD be considered corrupt and discarded" (RFC 4656 §4.1.2).
    #[must_use]
    pub const fn from_bits(bits: u16) -> Option<Self> {
        let [_, multiplier] = bits.to_be_bytes();
        if multiplier == 0 {
            None
        } else {
            Some(Self(bits))
        }
    }

    /// The 16 bits on the wire.
    #[must_use]
    pub const fn bits(self) -> u16 {
        self.0
    }

    /// S: the clock is synchronised to UTC by an external source.
    #[must_use]
    pub const fn is_synchronized(self) -> bool {
        self.0 & SYNCHRONIZED != 0
    }

    /// Z: the format of the timestamps this estimate is about.
    #[must_use]
    pub const fn format(self) -> Format {
        if self.0 & PTP != 0 {
            Format::Ptp
        } else {
            Format::Ntp
        }
    }

    /// The same estimate of the same clock, for timestamps in `format`.
    #[must_use]
    pub const fn with_format(self, format: Format) -> Self {
        match format {
            Format::Ntp => Self(self.0 & !PTP),
            Format::Ptp => Self(self.0 | PTP),
        }
    }

    /// How far the clock may be from true time, rounded up to a nanosecond.
    #[must_use]
    pub const fn bound(self) -> Duration {
        let [high, multiplier] = self.0.to_be_bytes();
        // In units of 2⁻³² s: at most 255 · 2⁶³.
        let units = (multiplier as u128) << (high & 0x3f);
        let nanos = (units * NANOS_PER_SEC).div_ceil(1 << 32);
        Duration::from_nanos_u128(nanos)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bits_are_where_rfc_8762_figure_3_draws_them() {
        let estimate = ErrorEstimate::from_bits(0b1101_0000_0000_0011).unwrap();
        assert!(estimate.is_synchronized());
        assert_eq!(estimate.format(), Format::Ptp);
        // 3 · 2^(16 − 32) s = 45.776… µs, rounded up.
        assert_eq!(estimate.bound(), Duration::from_nanos(45_777));
        let plain = ErrorEstimate::from_bits(1).unwrap();
        assert!(!plain.is_synchronized());
        assert_eq!(plain.format(), Format::Ntp);
        assert_eq!(plain.bound(), Duration::from_nanos(1));
    }

    #[test]
    fn the_format_can_be_exchanged() {
        let ntp = ErrorEstimate::new(Duration::from_secs(1), true, Format::Ntp);
        let ptp = ErrorEstimate::new(Duration::from_secs(1), true, Format::Ptp);
        assert_eq!(ntp.with_format(Format::Ptp), ptp);
        assert_eq!(ptp.with_format(Format::Ntp), ntp);
        assert_eq!(ptp.with_format(Format::Ptp), ptp);
    }

    #[test]
    fn a_second_is_two_to_the_thirty_two_units() {
        let second = ErrorEstimate::new(Duration::from_secs(1), true, Format::Ntp);
        assert_eq!(second.bound(), Duration::from_secs(1));
        assert_eq!(second.bits(), SYNCHRONIZED | 25 << 8 | 128);
    }

    #[test]
    fn a_multiplier_of_zero_is_no_estimate_whatever_the_rest() {
        for bits in 0..=u16::MAX {
            assert_eq!(
                ErrorEstimate::from_bits(bits).is_none(),
                bits % 256 == 0,
                "{bits:#x}"
            );
        }
    }

    #[test]
    fn nothing_is_never_said_and_forever_is_capped() {
        let none = ErrorEstimate::new(Duration::ZERO, false, Format::Ptp);
        assert_eq!(none.bits(), PTP | 1);
        let forever = ErrorEstimate::new(Duration::MAX, false, Format::Ntp);
        assert_eq!(forever.bits(), 0x3fff);
        assert_eq!(forever.bound(), Duration::new(255 << 31, 0));
    }
}
