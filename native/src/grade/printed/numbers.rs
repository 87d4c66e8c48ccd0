//! The numbers of a line, each with its unit and what surrounds it.
//!
//! Owns how a number is written. What it is about is not known here.

use super::{Quantity, Unit};

/// A number in a line, and what surrounds it.
#[derive(Debug, Clone)]
pub(super) struct Number {
    /// What stands before, from the last number on.
    pub(super) before: String,
    pub(super) quantity: Quantity,
    pub(super) whole: Option<i64>,
    /// The word right behind.
    pub(super) after: String,
    pub(super) first: bool,
}

/// The numbers of a line.
pub(super) fn numbers(text: &str) -> Vec<Number> {
    let letters: Vec<char> = text.chars().collect();
    let at = |place: usize| letters.get(place).copied();
    let digit = |place: usize| at(place).is_some_and(|it| it.is_ascii_digit());
    let mut found = Vec::new();
    let (mut place, mut last) = (0, 0);
    while place < letters.len() {
        let previous = place.checked_sub(1).and_then(at);
        if !digit(place) {
            place += 1;
            continue;
        }
        if previous.is_some_and(|it| it.is_ascii_alphabetic() || it == '_') {
            // Digits of a word are none.
            while digit(place) {
                place += 1;
            }
            continue;
        }
        let start = place;
        let mut marks = 0;
        let before_point = start.checked_sub(2).and_then(at);
        // As some write what is less than one.
        let headless = previous == Some('.')
            && !before_point.is_some_and(|it| it.is_ascii_alphanumeric() || it == '.');
        while digit(place)
            || (at(place).is_some_and(|it| matches!(it, '.' | ',' | ':')) && digit(place + 1))
        {
            marks += usize::from(!digit(place));
            place += 1;
        }
        let mut body: String = letters
            .get(start..place)
            .unwrap_or_default()
            .iter()
            .collect();
        if at(place) == Some('e')
            && (digit(place + 1) || matches!(at(place + 1), Some('-' | '+')) && digit(place + 2))
        {
            let from = place;
            place += 2;
            while digit(place) {
                place += 1;
            }
            body.extend(letters.get(from..place).unwrap_or_default());
        }
        if headless && marks == 0 {
            body.insert_str(0, "0.");
            marks = 1;
        }
        let negative = previous == Some('-')
            && start
                .checked_sub(2)
                .and_then(at)
                .is_none_or(|it| !it.is_ascii_alphanumeric());
        let before: String = letters
            .get(last..start)
            .unwrap_or_default()
            .iter()
            .collect();
        let rest: String = letters.get(place..).unwrap_or_default().iter().collect();
        if let Some(number) = number(&body, marks, negative, before, &rest, found.is_empty()) {
            found.push(number);
        }
        last = place;
    }
    found
}

fn number(
    body: &str,
    marks: usize,
    negative: bool,
    before: String,
    rest: &str,
    first: bool,
) -> Option<Number> {
    let behind = rest.trim_start_matches([' ', '\t']);
    let word: String = behind
        .chars()
        .take_while(char::is_ascii_alphabetic)
        .collect();
    let sign = if negative { -1.0 } else { 1.0 };
    let (value, step, unit) = if body.contains(':') {
        // Hours, minutes, seconds: any other is no length of time.
        let mut parts = body.split(':');
        let (hours, minutes) = (parts.next()?, parts.next()?);
        let seconds = parts.next()?.replace(',', ".");
        if parts.next().is_some() {
            return None;
        }
        let whole = hours.parse::<f64>().ok()? * 3600.0 + minutes.parse::<f64>().ok()? * 60.0;
        // A time of day is no length of time.
        if whole > 0.0 {
            return None;
        }
        (seconds.parse::<f64>().ok()?, 1e-6, Some(Unit::Seconds))
    } else {
        let unit = unit(&word, &before, behind);
        // In so small a unit a comma before three digits stands for thousands.
        let mut groups = body.split(',').skip(1);
        let small = matches!(unit, Some(Unit::Micros | Unit::Nanos));
        if small && marks > 0 && groups.all(|it| it.len() == 3) && !body.contains(['.', 'e']) {
            let value: f64 = body.replace(',', "").parse().ok()?;
            return Some(Number {
                before,
                quantity: Quantity {
                    value: sign * value,
                    unit,
                    step: 1.0,
                    text: format!("{body}{}", unit_text(&word, unit)),
                },
                whole: None,
                after: word,
                first,
            });
        }
        // An address has more marks than a number.
        if marks > 1 {
            return None;
        }
        let text = body.replace(',', ".");
        (text.parse().ok()?, step(&text), unit)
    };
    let whole = (marks == 0 && !body.contains('e'))
        .then(|| body.parse().ok())
        .flatten();
    let text = format!(
        "{}{body}{}",
        if negative { "-" } else { "" },
        unit_text(&word, unit)
    );
    Some(Number {
        before,
        quantity: Quantity {
            value: sign * value,
            unit,
            step,
            text,
        },
        whole,
        after: word,
        first,
    })
}

fn unit_text(word: &str, unit: Option<Unit>) -> String {
    match unit {
        Some(_) if !word.is_empty() => format!(" {word}"),
        _ => String::new(),
    }
}

/// The place of the last digit.
fn step(text: &str) -> f64 {
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let decimals = mantissa.split_once('.').map_or(0, |(_, it)| it.len());
    let exponent: i32 = exponent.parse().unwrap_or(0);
    10_f64.powi(exponent - i32::try_from(decimals).unwrap_or(0))
}

/// The unit that a word names.
pub(super) fn named_unit(word: &str) -> Option<Unit> {
    match word {
        "s" | "sec" | "secs" | "seg" | "segs" | "second" | "seconds" | "segundo" | "segundos"
        | "secondes" | "sekunde" | "sekunden" | "sek" | "secondi" | "secondo" => {
            Some(Unit::Seconds)
        }
        "ms" | "msec" | "msecs" | "mseg" | "millis" | "millisecond" | "milliseconds"
        | "milissegundo" | "milissegundos" | "milisegundo" | "milisegundos" | "milli"
        | "millisec" | "millisekunden" | "millisecondes" | "millisecondi" => Some(Unit::Millis),
        "us" | "usec" | "usecs" | "micros" | "mikrosekunden" | "microsecond" | "microseconds"
        | "microssegundo" | "microssegundos" | "microsegundos" => Some(Unit::Micros),
        "ns" | "nsec" | "nanos" | "nanosecond" | "nanoseconds" | "nanossegundo"
        | "nanossegundos" | "nanosegundos" => Some(Unit::Nanos),
        _ => None,
    }
}

/// The unit behind a number, or in brackets before it.
fn unit(word: &str, before: &str, behind: &str) -> Option<Unit> {
    let named = named_unit;
    // As Chinese is written in Latin letters.
    let chinese = [
        ("hao miao", Unit::Millis),
        ("wei miao", Unit::Micros),
        ("miao", Unit::Seconds),
    ];
    if let Some((_, unit)) = chinese.iter().find(|it| behind.starts_with(it.0)) {
        return Some(*unit);
    }
    let mut behind = behind
        .trim_start_matches(['(', '['])
        .split(|it: char| !it.is_ascii_alphabetic());
    named(word)
        .or_else(|| named(behind.next().unwrap_or_default()))
        .or_else(|| {
            before
                .split(|it: char| !it.is_ascii_alphabetic())
                .filter(|it| !it.is_empty())
                .rev()
                .take(3)
                .find_map(|it| if it.len() > 1 { named(it) } else { None })
                .or_else(|| {
                    (before.contains("(s)") || before.contains("[s]")).then_some(Unit::Seconds)
                })
        })
}
