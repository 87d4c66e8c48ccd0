//! `SplitMix64`, by index: the one source of chance, for draws that a seed repeats.
//!
//! Owns the mixing function. Knows nothing of what is drawn, and is no cipher: who knows
//! the state knows all that comes of it.

/// 2⁶⁴ divided by the golden ratio, made odd: `SplitMix64`'s increment.
const GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;

/// Output number `index`, from 0, of a `SplitMix64` generator seeded with `state`
/// (Steele, Lea and Flood, "Fast splittable pseudorandom number generators",
/// OOPSLA 2014), reached without the outputs before it: that generator's state is a
/// counter, so any output is one multiplication and one mix away.
///
/// Different indices of one state always give different outputs. Feeding an output
/// back as a state chains several keys into one draw.
///
/// ```
/// // The published first output for seed 1234567.
/// assert_eq!(udping_core::splitmix::at(1_234_567, 0), 6_457_827_717_110_365_317);
/// ```
#[must_use]
pub const fn at(state: u64, index: u64) -> u64 {
    let z = state.wrapping_add(index.wrapping_add(1).wrapping_mul(GAMMA));
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
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
}
