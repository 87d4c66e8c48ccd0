//! Random draws as a function of what they are for.
//!
//! Owns the mixing function and the shapes a draw can take (a number below a bound,
//! a normal deviate). Knows nothing of packets.

use core::num::NonZeroU8;

/// 2⁶⁴ divided by the golden ratio, made odd: `SplitMix64`'s increment.
const GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;

/// Output number `index`, from 0, of a `SplitMix64` generator seeded with `state`
/// (Steele, Lea and Flood, "Fast splittable pseudorandom number generators",
/// OOPSLA 2014), reached without the outputs before it: that generator's state is a
/// counter, so any output is one multiplication and one mix away.
///
/// Different indices of one state always give different outputs. Feeding an output
/// back as a state chains several keys into one draw.
pub(crate) const fn at(state: u64, index: u64) -> u64 {
    let z = state.wrapping_add(index.wrapping_add(1).wrapping_mul(GAMMA));
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

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
        const STEP: f64 = 1.0 / 9_007_199_254_740_992.0;
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
    fn outputs_are_those_published_for_splitmix64() {
        // The widely reproduced outputs of the reference code for seed 1234567.
        let published = [
            6_457_827_717_110_365_317,
            3_203_168_211_198_807_973,
            9_817_491_932_198_370_423,
            4_593_380_528_125_082_431,
            16_408_922_859_458_223_821,
        ];
        for (index, output) in (0..).zip(published) {
            assert_eq!(at(1_234_567, index), output);
        }
    }

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
