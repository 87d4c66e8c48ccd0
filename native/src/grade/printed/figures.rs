//! The figures of a summary's line: least, mean, greatest, deviation, loss.
//!
//! Owns which number is which figure.

use super::numbers::Number;
use super::{Figures, Quantity};

const MIN: [&str; 7] = [
    "min",
    "menor",
    "least",
    "kleinste",
    "fastest",
    "shortest",
    "mais rapid",
];
const MAX: [&str; 7] = [
    "max",
    "maior",
    "massim",
    "grosste",
    "slowest",
    "longest",
    "mais lent",
];
const MEAN: [&str; 9] = [
    "med ",
    "avg",
    "average",
    "media",
    "medio",
    "mean",
    "durchschnitt",
    "moyen",
    "promedio",
];
const DEVIATION: [&str; 4] = ["mdev", "stddev", "std dev", "desvio"];

fn has(text: &str, words: &[&str]) -> bool {
    words.iter().any(|it| text.contains(it))
}

/// The figures of a summary's line. Those of a later line are those of more pings.
pub(super) fn figures(text: &str, numbers: &[Number], into: &mut Figures) {
    let mut found = Figures::default();
    match row(&text.replace(" / ", "/"), &mut found) {
        // What stands before the names has names of its own.
        Some(head) => named(head, &super::numbers::numbers(head), &mut found),
        None => named(text, numbers, &mut found),
    }
    let before = std::mem::take(into);
    *into = Figures {
        min: found.min.or(before.min),
        mean: found.mean.or(before.mean),
        max: found.max.or(before.max),
        deviation: found.deviation.or(before.deviation),
        loss: found.loss.or(before.loss),
    };
}

/// The figures of a line that has a name for each.
fn named(text: &str, numbers: &[Number], into: &mut Figures) {
    const LOSS: [&str; 6] = ["loss", "perda", "lost", "perdid", "perte", "verlust"];
    const ARRIVED: [&str; 6] = [
        "received", "recebid", "success", "sucesso", "deliver", "entreg",
    ];
    let lossy = has(text, &LOSS);
    // What stands before a share, from the last share on.
    let mut since = String::new();
    let mut skipped = String::new();
    let mut rest = text;
    for number in numbers {
        since.push_str(&number.before);
        rest = behind(rest, &number.quantity.text);
        let percent = number.after.is_empty() && rest.trim_start().starts_with('%')
            || number.after.starts_with("percent");
        let before = format!("{skipped}{}", number.before);
        skipped.clear();
        if percent {
            let named = rest.trim_start_matches(['%', ' ', ')']);
            let named = ["loss", "packet loss", "perda", "de perda", "lost"]
                .iter()
                .any(|it| named.starts_with(it));
            // The nearest word tells whose share it is.
            let last = |words: &[&str]| words.iter().filter_map(|it| since.rfind(it)).max();
            if lossy && (named || last(&ARRIVED) <= last(&LOSS)) {
                into.loss = Some(number.quantity.clone());
            }
            since.clear();
            continue;
        }
        // A share of one.
        let loss = ["loss", "loss rate", "perda", "lost", "verlust"];
        let said = before.trim_end_matches([' ', ':', '=']);
        if loss.iter().any(|it| said.ends_with(it))
            && number.quantity.unit.is_none()
            && number.whole.is_none()
            && number.quantity.value <= 1.0
        {
            into.loss = Some(Quantity {
                value: number.quantity.value * 100.0,
                step: number.quantity.step * 100.0,
                ..number.quantity.clone()
            });
            continue;
        }
        // A count is no time.
        let counted = [
            "received", "packets", "pings", "replies", "pacotes", "recebid",
        ];
        if number.quantity.unit.is_none() && counted.iter().any(|it| number.after.starts_with(it)) {
            skipped = before;
            continue;
        }
        // The nearest word tells.
        let place = |words: &[&str]| words.iter().filter_map(|it| before.rfind(it)).max();
        let named = [place(&MIN), place(&MAX), place(&MEAN), place(&DEVIATION)];
        let Some(nearest) = named.iter().flatten().max() else {
            continue;
        };
        if place(&["median"]) == Some(*nearest) {
            continue;
        }
        let is = |at: usize| named.get(at).copied().flatten() == Some(*nearest);
        let slot = if is(3) {
            &mut into.deviation
        } else if is(0) {
            &mut into.min
        } else if is(1) {
            &mut into.max
        } else {
            &mut into.mean
        };
        slot.get_or_insert_with(|| number.quantity.clone());
    }
}

/// The figures of a row of them, if a line has one; and what stands before it.
fn row<'a>(text: &'a str, into: &mut Figures) -> Option<&'a str> {
    // As ping has it: names and then values, or the other way round, each with a stroke between.
    let mut words = text.split([' ', '=', ':', '(', ')', ',']);
    if let Some(names) = words.find(|it| {
        let has = |word: &[&str]| has(it, word);
        it.matches('/').count() >= 2 && has(&MIN) && has(&MAX)
    }) {
        let (mut head, behind) = text.split_once(names)?;
        let mut values = super::numbers::numbers(behind);
        let count = names.split('/').count();
        if values.len() < count {
            values = super::numbers::numbers(head);
            values = values.split_off(values.len().saturating_sub(count));
            head = head.get(..head.rfind(&values.first()?.quantity.text)?)?;
        }
        let unit = values.iter().find_map(|it| it.quantity.unit);
        for (name, number) in names.split('/').zip(values) {
            let quantity = Quantity {
                unit: number.quantity.unit.or(unit),
                ..number.quantity.clone()
            };
            if has(name, &MIN) {
                into.min = Some(quantity);
            } else if has(name, &MAX) {
                into.max = Some(quantity);
            } else if has(name, &MEAN) {
                into.mean = Some(quantity);
            } else if has(name, &DEVIATION) {
                into.deviation = Some(quantity);
            }
        }
        return Some(head);
    }
    None
}

/// What stands behind a number, of which these are the digits; all of it, if they are not there.
fn behind<'a>(text: &'a str, digits: &str) -> &'a str {
    let whole = |at: usize| !text[..at].ends_with(|it: char| it.is_ascii_digit());
    text.match_indices(digits)
        .find(|(at, _)| whole(*at))
        .map_or(text, |(at, _)| &text[at + digits.len()..])
}
