//! How people write durations: `1.3s`, `200ms`, `1m30s`.
//!
//! Owns the units, and both directions. Knows nothing of what a duration is of, and of no
//! language.

use core::fmt;
use core::time::Duration;

use crate::LARGEST;

/// Every unit, from large to small, and its nanoseconds. Of two names for one unit, the
/// first is written.
const UNITS: [(&str, u64); 8] = [
    ("d", 86_400 * SECOND),
    ("h", 3_600 * SECOND),
    ("m", 60 * SECOND),
    ("min", 60 * SECOND),
    ("s", SECOND),
    ("ms", 1_000_000),
    ("us", 1_000),
    ("ns", 1),
];
const SECOND: u64 = 1_000_000_000;

/// Why a text is no duration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DurationError<'a> {
    /// It is not made of numbers and units, from large to small.
    Malformed,
    /// This is no unit.
    Unit(&'a str),
    /// It is longer than a journal can name.
    TooLong,
}

/// Reads `1s`, `200ms`, `50us`, `10ns`, `2m`, `1h`, `1d`, several of them from large to
/// small as `1m30s`, or seconds as `0.5` or `0,5`: at most [`LARGEST`] nanoseconds.
///
/// # Errors
/// [`DurationError`] says what is wrong.
pub fn parse_duration(text: &str) -> Result<Duration, DurationError<'_>> {
    let mut rest = text.trim();
    let (mut nanos, mut smallest) = (0_u64, u64::MAX);
    loop {
        let (number, after) = split_where(rest, is_unit);
        let (unit, after) = split_where(after, |c| !is_unit(c));
        let unit = match unit {
            // Of a number without a unit nothing else stands there.
            "" if smallest == u64::MAX => SECOND,
            "" => return Err(DurationError::Malformed),
            "µs" => 1_000,
            name => {
                let known = UNITS.iter().find(|(unit, _)| *unit == name);
                // A number has to come first, or there is no unit to complain of.
                decimal(number.trim(), 1)?;
                known.ok_or(DurationError::Unit(name))?.1
            }
        };
        if unit >= smallest {
            return Err(DurationError::Malformed);
        }
        let more = decimal(number.trim(), unit)?;
        nanos = nanos.saturating_add(more);
        smallest = unit;
        rest = after;
        if rest.is_empty() {
            break;
        }
    }
    if nanos > LARGEST {
        return Err(DurationError::TooLong);
    }
    Ok(Duration::from_nanos(nanos))
}

/// So many times `unit`, which `number` writes with a point or a comma; rounded.
fn decimal(number: &str, unit: u64) -> Result<u64, DurationError<'static>> {
    let malformed = DurationError::Malformed;
    let (whole, part) = number.split_once(['.', ',']).unwrap_or((number, ""));
    let mut digits = whole.bytes().chain(part.bytes());
    if number.len() == number.matches(['.', ',']).count() || !digits.all(|it| it.is_ascii_digit()) {
        return Err(malformed);
    }
    let digit = |byte: u8| u128::from(byte.wrapping_sub(b'0'));
    let whole = whole.bytes().try_fold(0_u64, |number, byte| {
        let ten = number.checked_mul(10)?;
        ten.checked_add(u64::from(byte.wrapping_sub(b'0')))
    });
    // A digit that is not among the first twenty is less than a nanosecond of a day.
    let part = part.bytes().take(20);
    let (part, one) = part.fold((0, 1), |(part, one), byte| {
        (part * 10 + digit(byte), one * 10)
    });
    let part = (2 * part * u128::from(unit) + one) / (2 * one);
    let nanos = whole.and_then(|whole| whole.checked_mul(unit));
    let nanos = nanos.zip(u64::try_from(part).ok());
    let nanos = nanos.and_then(|(whole, part)| whole.checked_add(part));
    nanos.ok_or(DurationError::TooLong)
}

fn is_unit(c: char) -> bool {
    c.is_ascii_alphabetic() || c == 'µ'
}

/// What comes before the first character that is `there`, and all from it on.
fn split_where(text: &str, there: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(there).unwrap_or(text.len()))
}

/// So many nanoseconds as [`parse_duration`] reads them, in the largest of seconds and
/// smaller units that they fill: `1.3s`, `52.000001ms`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written(pub u64);

impl fmt::Display for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(nanos) = *self;
        if nanos == 0 {
            return f.write_str("0");
        }
        let of_seconds = UNITS.iter().filter(|(_, unit)| *unit <= SECOND);
        let filled = of_seconds.into_iter().find(|(_, unit)| nanos >= *unit);
        let (name, unit) = filled.copied().unwrap_or(("ns", 1));
        write!(f, "{}", nanos / unit)?;
        let (mut rest, mut place) = (nanos % unit, unit);
        if rest > 0 {
            f.write_str(".")?;
        }
        while rest > 0 {
            place /= 10;
            write!(f, "{}", rest / place)?;
            rest %= place;
        }
        f.write_str(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::string::ToString as _;

    #[test]
    fn what_is_wrong_is_named() {
        for (text, why) in [
            ("1 parsec", DurationError::Unit("parsec")),
            ("parsec", DurationError::Malformed),
            (".", DurationError::Malformed),
            ("1s2", DurationError::Malformed),
            ("99999999999999999999d", DurationError::TooLong),
        ] {
            assert_eq!(parse_duration(text), Err(why), "{text}");
        }
    }

    #[test]
    fn the_nearest_nanosecond_is_meant() {
        for (text, nanos) in [
            ("1.5ns", 2),
            ("0.0000000004", 0),
            ("0.1234567891s", 123_456_789),
            ("1.3s", 1_300_000_000),
            ("0.00000000000000000000000001d", 0),
        ] {
            assert_eq!(
                parse_duration(text),
                Ok(Duration::from_nanos(nanos)),
                "{text}"
            );
        }
    }

    #[test]
    fn a_duration_is_written_in_the_unit_that_it_fills() {
        for (nanos, text) in [
            (0, "0"),
            (7, "7ns"),
            (1_500, "1.5us"),
            (52_000_001, "52.000001ms"),
            (1_300_000_000, "1.3s"),
            (90 * SECOND, "90s"),
        ] {
            assert_eq!(Written(nanos).to_string(), text);
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(nanos in 0..=LARGEST) {
            let text = Written(nanos).to_string();
            prop_assert_eq!(parse_duration(&text), Ok(Duration::from_nanos(nanos)));
        }

        #[test]
        fn any_text_is_read_or_refused(text in ".*") {
            let _ = parse_duration(&text);
        }
    }
}
