//! Random draws as a function of what they are for.
//!
//! Owns the shapes a draw can take (a number below a bound, a normal deviate). Knows
//! nothing of packets.

use core::num::NonZeroU8;

use udping_core::wire::LARGEST_EXACT;

/// 64 uniform bits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Draw(pub(crate) u64);

impl Draw {
    /// Uniform in `0..bound` (0 if `bound` is 0), rising with the draw. No value's
    /// probability is off by more than 2⁻⁶⁴.
    pub(crate) const fn below(self, bound: u64) -> u64 {
        ((self.0 as u128 * bound as u128) >> 64) as u64
    }

    /// Uniform in `0..1_000_000`.
    #[expect(clippy::cast_possible_truncation, reason = "below a million")]
    pub(crate) const fn ppm(self) -> u32 {
        self.below(1_000_000) as u32
    }

    /// Uniform in `1..=255`.
    #[expect(clippy::cast_possible_truncation, reason = "below 255")]
    pub(crate) const fn mask(self) -> NonZeroU8 {
        NonZeroU8::MIN.saturating_add(self.below(255) as u8)
    }

    /// Exponential with mean 1, between 0 and 37: the logarithm of a uniform number
    /// in (0, 1] with 53 bits.
    pub(crate) fn exponential(self) -> f64 {
        const STEP: f64 = 1.0 / exact(LARGEST_EXACT);
        -libm::log(exact((self.0 >> 11) + 1) * STEP)
    }

    /// Normal with mean 0 and standard deviation 1, between −6.7 and 6.7: Box and
    /// Muller, "A note on the generation of random normal deviates", 1958, with the
    /// high half of the bits as the radius and the low half as the angle.
    pub(crate) fn normal(self) -> f64 {
        const STEP: f64 = 1.0 / 4_294_967_296.0;
        let (high, low) = (self.0 >> 32, self.0 & 0xffff_ffff);
        let radius = libm::sqrt(-2.0 * libm::log(exact(high + 1) * STEP));
        radius * libm::cos(core::f64::consts::TAU * (exact(low) * STEP))
    }
}

/// `integer`, which is at most 2⁵³, as the same number in floating point.
#[expect(clippy::cast_precision_loss, reason = "integers up to 2⁵³ are exact")]
pub(crate) const fn exact(integer: u64) -> f64 {
    integer as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extreme_draws_stay_in_range() {
        let (low, high) = (Draw(0), Draw(u64::MAX));
        assert_eq!((low.below(10), high.below(10), high.below(0)), (0, 9, 0));
        assert_eq!((low.ppm(), high.ppm()), (0, 999_999));
        assert_eq!((low.mask().get(), high.mask().get()), (1, 255));
        assert!((36.7..36.8).contains(&low.exponential()));
        assert!(high.exponential().abs() < f64::EPSILON);
        assert!((6.6..6.7).contains(&low.normal()));
        assert!(high.normal().abs() < 1e-9);
    }
}
