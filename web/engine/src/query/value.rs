//! The values of a filter: numbers, durations with their units, ranges.
//!
//! Owns their grammar. Which column a value is of is [`token`](super::token)'s.

use core::ops::RangeInclusive;

use super::Measure;
use super::token::Comparison;

/// The values that a comparison with `text` allows; of "is not", those that it does not.
pub(super) fn ranges(
    measure: Measure,
    how: Comparison,
    text: &str,
) -> Result<Vec<RangeInclusive<u64>>, &'static str> {
    // Nothing is less than zero.
    #[expect(
        clippy::reversed_empty_ranges,
        reason = "an empty range is what is meant"
    )]
    let none = 1..=0;
    let of = |text| value(measure, text).map(|value| value.at);
    Ok(vec![match how {
        Comparison::AtLeast => of(text)?..=u64::MAX,
        Comparison::AtMost => 0..=of(text)?,
        Comparison::Greater => of(text)?
            .checked_add(1)
            .map_or(none, |least| least..=u64::MAX),
        Comparison::Less => of(text)?.checked_sub(1).map_or(none, |most| 0..=most),
        Comparison::Is | Comparison::IsNot => match measure {
            Measure::Number => {
                let several = text.split(',').map(|text| range(measure, text));
                return several.collect();
            }
            Measure::Span | Measure::Time => range(measure, text)?,
        },
    }])
}

/// `5`, `5-9`, `5..9`, `5..`, `..9`.
fn range(measure: Measure, text: &str) -> Result<RangeInclusive<u64>, &'static str> {
    let parts = text.split_once("..").or_else(|| {
        text.split_once(['-', '–'])
            .filter(|(from, _)| !from.is_empty())
    });
    let Some((from, until)) = parts else {
        return Ok(value(measure, text)?.rounded());
    };
    // In `10-20ms` the unit is both's.
    let unit = until.trim_start_matches(|letter: char| !letter.is_alphabetic());
    let bare = !from.is_empty() && !from.contains(char::is_alphabetic);
    let from = if bare && measure != Measure::Number {
        [from, unit].concat()
    } else {
        from.to_owned()
    };
    match (from.as_str(), until) {
        ("", "") => Err(wrong(measure)),
        (from, "") => Ok(value(measure, from)?.at..=u64::MAX),
        ("", until) => Ok(0..=value(measure, until)?.at),
        (from, until) => Ok(value(measure, from)?.at..=value(measure, until)?.at),
    }
}

/// A value, and how much its last digit is worth.
struct Read {
    at: u64,
    step: u64,
}

impl Read {
    /// What rounds to it: a time that is shown as 22.5 ms is found by that.
    fn rounded(&self) -> RangeInclusive<u64> {
        let half = self.step / 2;
        let most = self.at.saturating_add(self.step - half).saturating_sub(1);
        self.at.saturating_sub(half)..=most
    }
}

fn wrong(measure: Measure) -> &'static str {
    match measure {
        Measure::Number => "query-bad-number",
        Measure::Span => "query-bad-span",
        Measure::Time => "query-bad-time",
    }
}

fn value(measure: Measure, text: &str) -> Result<Read, &'static str> {
    let read = match measure {
        Measure::Number => {
            let number = text.trim_start_matches('#').parse().ok();
            number.map(|at| Read { at, step: 1 })
        }
        Measure::Span => duration(text, 1_000_000),
        Measure::Time => duration(text, 1_000_000_000),
    };
    read.ok_or(wrong(measure))
}

/// `200ms`, `1.5s`, `1,5s`, `300us` or `80ns`, in nanoseconds; without a unit, in `usual` ones.
fn duration(text: &str, usual: u64) -> Option<Read> {
    let unit_at = text
        .find(|letter: char| !matches!(letter, '0'..='9' | '.' | ','))
        .unwrap_or(text.len());
    let (amount, unit) = text.split_at_checked(unit_at)?;
    let nanos: u64 = match unit {
        "" => usual,
        "ns" => 1,
        "us" | "µs" | "μs" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "min" => 60_000_000_000,
        _ => return None,
    };
    let (whole, part) = amount.split_once(['.', ',']).unwrap_or((amount, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(part) || (whole.is_empty() && part.is_empty()) {
        return None;
    }
    let mut at = nanos.saturating_mul(match whole {
        "" => 0,
        whole => whole.parse().ok()?,
    });
    let mut step = nanos;
    for digit in part.bytes() {
        step /= 10;
        at = at.saturating_add(step * u64::from(digit - b'0'));
    }
    Some(Read {
        at,
        step: step.max(1),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_exact() {
        for (text, expected) in [
            ("200ms", 200_000_000),
            ("1.5s", 1_500_000_000),
            ("1,5s", 1_500_000_000),
            (".25us", 250),
            ("3µs", 3_000),
            ("80ns", 80),
            ("2min", 120_000_000_000),
            ("0.123456789s", 123_456_789),
            ("30", 30_000_000),
        ] {
            let read = duration(text, 1_000_000).map(|read| read.at);
            assert_eq!(read, Some(expected), "{text}");
        }
        for bad in [
            "",
            "ms",
            "-1ms",
            "1.2.3s",
            "1h",
            "1e3s",
            "99999999999999999999ms",
        ] {
            assert!(duration(bad, 1_000_000).is_none(), "{bad}");
        }
    }

    #[test]
    fn a_time_is_found_by_what_is_shown_of_it() {
        let is = |text| ranges(Measure::Span, Comparison::Is, text).unwrap()[0].clone();
        assert_eq!(is("22.5ms"), 22_450_000..=22_549_999);
        assert_eq!(is("22"), 21_500_000..=22_499_999);
        assert_eq!(is("80ns"), 80..=80);
        assert_eq!(is("10-20ms"), 10_000_000..=20_000_000);
        assert_eq!(is("10-20").end(), &20_000_000);
        assert_eq!(is("0.5ms..1s"), 500_000..=1_000_000_000);
    }
}
