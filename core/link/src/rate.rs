//! How often something happens. Owns the unit, parts per million, and its text.

use core::{fmt, str::FromStr};

/// A probability in whole parts per million.
///
/// Reads `30%`, `30 %`, `300000ppm` and, as a fraction, `0.3`; writes `30%`. A whole
/// number without a unit is refused (but for `0`): `1` could mean 1 % or 100 %.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "u32", into = "u32"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(!try_from, !into))]
pub struct Rate(#[cfg_attr(feature = "schema", schemars(range(max = 1_000_000)))] u32);

impl Rate {
    /// 0 %.
    pub const NEVER: Self = Self(0);
    /// 100 %.
    pub const ALWAYS: Self = Self(1_000_000);

    /// A rate of `ppm` parts per million.
    ///
    /// # Errors
    /// [`RateError::TooHigh`] above a million.
    pub const fn from_ppm(ppm: u32) -> Result<Self, RateError> {
        if ppm > Self::ALWAYS.0 {
            Err(RateError::TooHigh)
        } else {
            Ok(Self(ppm))
        }
    }

    /// Parts per million, from 0 to 1 000 000.
    #[must_use]
    pub const fn ppm(self) -> u32 {
        self.0
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, mut rest, mut digits) = (self.0 / 10_000, self.0 % 10_000, 4);
        if rest == 0 {
            return write!(f, "{whole}%");
        }
        while rest % 10 == 0 {
            rest /= 10;
            digits -= 1;
        }
        write!(f, "{whole}.{rest:0digits$}%")
    }
}

impl FromStr for Rate {
    type Err = RateError;

    fn from_str(text: &str) -> Result<Self, RateError> {
        let text = text.trim();
        // The decimal places that make the number one of parts per million.
        let (number, places) = if let Some(percent) = text.strip_suffix('%') {
            (percent.trim_end(), 4)
        } else if let Some(ppm) = text.strip_suffix("ppm") {
            (ppm.trim_end(), 0)
        } else {
            (text, 6)
        };
        let ppm = scaled(number, places)?;
        if places == 6 && ppm != 0 && !number.contains('.') {
            return Err(RateError::NoUnit);
        }
        u32::try_from(ppm)
            .map_err(|_| RateError::TooHigh)
            .and_then(Self::from_ppm)
    }
}

/// The decimal `number` times ten to the `places`, if that is whole.
fn scaled(number: &str, places: usize) -> Result<u64, RateError> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let digits = || whole.bytes().chain(fraction.bytes());
    if digits().next().is_none() || !digits().all(|byte| byte.is_ascii_digit()) {
        return Err(RateError::NotANumber);
    }
    if fraction.bytes().skip(places).any(|byte| byte != b'0') {
        return Err(RateError::TooFine);
    }
    let fraction = fraction
        .bytes()
        .chain(core::iter::repeat(b'0'))
        .take(places);
    Ok(whole.bytes().chain(fraction).fold(0, |sum: u64, digit| {
        sum.saturating_mul(10).saturating_add((digit - b'0').into())
    }))
}

impl TryFrom<u32> for Rate {
    type Error = RateError;

    fn try_from(ppm: u32) -> Result<Self, RateError> {
        Self::from_ppm(ppm)
    }
}

impl From<Rate> for u32 {
    fn from(rate: Rate) -> Self {
        rate.0
    }
}

/// Why a number or a text is no [`Rate`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RateError {
    /// It is not a plain decimal number with or without a unit.
    NotANumber,
    /// It is a whole number without a unit.
    NoUnit,
    /// It is above 100 %.
    TooHigh,
    /// It is no whole number of parts per million.
    TooFine,
}

impl fmt::Display for RateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotANumber => "not a rate: write it like 30%, 0.3 or 300000ppm",
            Self::NoUnit => "a whole number needs its unit: write 1% or 1.0, which is 100%",
            Self::TooHigh => "a rate is at most 100%, that is 1000000 ppm",
            Self::TooFine => "a rate is a whole number of parts per million (0.0001%)",
        })
    }
}

impl core::error::Error for RateError {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::string::ToString;

    #[test]
    fn reads_each_unit() {
        for (text, ppm) in [
            ("30%", 300_000),
            (" 30 % ", 300_000),
            ("0.3", 300_000),
            (".3", 300_000),
            ("1.0", 1_000_000),
            ("100%", 1_000_000),
            ("0.0001%", 1),
            ("0.30000000", 300_000),
            ("7ppm", 7),
            ("0", 0),
        ] {
            assert_eq!(text.parse(), Rate::from_ppm(ppm), "{text}");
        }
    }

    #[test]
    fn refuses_with_the_reason() {
        use RateError::{NoUnit, NotANumber, TooFine, TooHigh};
        for (text, error) in [
            ("", NotANumber),
            ("%", NotANumber),
            (".", NotANumber),
            ("-1%", NotANumber),
            ("+1%", NotANumber),
            ("0,3", NotANumber),
            ("1e-3", NotANumber),
            ("0.1.2", NotANumber),
            ("1", NoUnit),
            ("30", NoUnit),
            ("1.1", TooHigh),
            ("100.1%", TooHigh),
            ("1000001ppm", TooHigh),
            ("99999999999999999999999%", TooHigh),
            ("0.00001%", TooFine),
            ("0.5ppm", TooFine),
        ] {
            assert_eq!(text.parse::<Rate>(), Err(error), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(ppm in 0..=1_000_000_u32) {
            let rate = Rate::from_ppm(ppm).unwrap();
            prop_assert_eq!(rate.to_string().parse(), Ok(rate));
        }

        #[test]
        fn no_text_panics(text in "[0-9.% pm]{0,12}|\\PC*") {
            let _ = text.parse::<Rate>();
        }
    }
}
