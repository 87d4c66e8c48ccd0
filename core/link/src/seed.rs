//! The number that a run's chance comes from. Owns its range and nothing else.

use core::{fmt, str::FromStr};

use udping_core::wire::LARGEST_EXACT;

/// Where all draws of a run come from: a number of at most 53 bits, which
/// JavaScript, jq and pandas read exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "u64", into = "u64"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(!try_from, !into))]
pub struct Seed(#[cfg_attr(feature = "schema", schemars(range(max = LARGEST_EXACT - 1)))] u64);

impl Seed {
    /// The greatest seed, 2⁵³ − 1.
    pub const MAX: Self = Self(LARGEST_EXACT - 1);

    /// `seed`, checked.
    ///
    /// # Errors
    /// [`SeedError`] above [`Seed::MAX`].
    pub const fn new(seed: u64) -> Result<Self, SeedError> {
        if seed > Self::MAX.0 {
            Err(SeedError)
        } else {
            Ok(Self(seed))
        }
    }

    /// The seed made of the low 53 bits of `bits`, for a seed nobody chose.
    #[must_use]
    pub const fn from_low_bits(bits: u64) -> Self {
        Self(bits & Self::MAX.0)
    }

    /// The number itself.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl fmt::Display for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Seed {
    type Err = SeedError;

    fn from_str(text: &str) -> Result<Self, SeedError> {
        text.trim()
            .parse()
            .map_err(|_| SeedError)
            .and_then(Self::new)
    }
}

impl TryFrom<u64> for Seed {
    type Error = SeedError;

    fn try_from(seed: u64) -> Result<Self, SeedError> {
        Self::new(seed)
    }
}

impl From<Seed> for u64 {
    fn from(seed: Seed) -> Self {
        seed.0
    }
}

/// A number or text that is no seed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeedError;

impl fmt::Display for SeedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a seed is a whole number from 0 to {}", Seed::MAX)
    }
}

impl core::error::Error for SeedError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_has_53_bits() {
        assert_eq!(Seed::new(Seed::MAX.get()), Ok(Seed::MAX));
        assert_eq!(Seed::new(Seed::MAX.get() + 1), Err(SeedError));
        assert_eq!(Seed::from_low_bits(u64::MAX), Seed::MAX);
        assert_eq!(" 42 ".parse(), Seed::new(42));
        for bad in ["", "-1", "1.5", "0x10", "9007199254740992"] {
            assert_eq!(bad.parse::<Seed>(), Err(SeedError), "{bad}");
        }
    }
}
