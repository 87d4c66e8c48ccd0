//! How a duration is written on the command line and in a file of options.
//!
//! Owns what is said of one that is wrong. The grammar is the journal's.

use std::time::Duration;

use udping_journal::{DurationError, parse_duration};

use crate::i18n::say;

/// Reads a duration as [`parse_duration`] does.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    parse_duration(text).map_err(|why| match why {
        DurationError::Malformed => say::ARG_DURATION.to_string(),
        DurationError::Unit(unit) => say::ArgUnit { unit }.to_string(),
        DurationError::TooLong => say::ARG_TOO_LONG.to_string(),
    })
}

/// A duration that has a unit.
pub(crate) fn unit_duration(text: &str) -> Result<Duration, String> {
    if text.ends_with(|c: char| c.is_ascii_alphabetic()) {
        duration(text)
    } else {
        Err(say::ARG_DURATION.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_as_people_write_them() {
        let ms = Duration::from_millis;
        for (text, expected) in [
            ("1s", ms(1000)),
            ("200ms", ms(200)),
            ("0.5", ms(500)),
            (".5", ms(500)),
            ("1.5s", ms(1500)),
            ("100us", Duration::from_micros(100)),
            ("100µs", Duration::from_micros(100)),
            ("7ns", Duration::from_nanos(7)),
            ("2m", ms(120_000)),
            ("0", ms(0)),
            ("0,5", ms(500)),
            ("1,5s", ms(1_500)),
            ("1m30s", ms(90_000)),
            ("1h 2min", ms(3_720_000)),
            ("1d", ms(86_400_000)),
            ("1s500ms", ms(1_500)),
        ] {
            assert_eq!(duration(text), Ok(expected), "{text}");
        }
        for text in [
            "",
            "s",
            "-1s",
            "1 parsec",
            "1e3",
            "nan",
            "inf",
            "1..2",
            "1s2",
            "1s1m",
            "1s1s",
            "2 3",
            "1,000,5",
            "1m-30s",
            "9e99s",
            "99999999999999",
            "105days",
            "2600h",
        ] {
            assert!(duration(text).is_err(), "{text}");
        }
    }
}
