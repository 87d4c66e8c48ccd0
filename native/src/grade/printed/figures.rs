//! The figures of a summary's line: least, mean, greatest, deviation, loss.
//!
//! Owns which number is which figure.

use super::numbers::Number;
use super::{Figures, Quantity};

/// The figures of a summary's line.
pub(super) fn figures(text: &str, numbers: &[Number], into: &mut Figures) {
    const MIN: [&str; 3] = ["min", "menor", "minim"];
    const MAX: [&str; 3] = ["max", "maior", "maxim"];
    const MEAN: [&str; 5] = ["avg", "average", "media", "medio", "mean"];
    const DEVIATION: [&str; 4] = ["mdev", "stddev", "std dev", "desvio"];
    let has = |text: &str, words: &[&str]| words.iter().any(|it| text.contains(it));
    // As ping has it: names and then values, each with a stroke between.
    if let Some((names, _)) = text.split_once('=')
        && names.matches('/').count() >= 2
    {
        let names = names
            .rsplit(' ')
            .find(|it| it.contains('/'))
            .unwrap_or_default();
        let values = numbers
            .iter()
            .filter(|it| names.len() <= text.len() && !it.before.is_empty());
        let unit = numbers.iter().find_map(|it| it.quantity.unit);
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
        return;
    }
    let lossy = has(text, &["loss", "perda", "lost", "perdid", "perte"])
        && !has(text, &["success", "sucesso", "deliver", "entreg"]);
    for number in numbers {
        let percent = number.after.is_empty()
            && text_after(text, &number.quantity.text).starts_with('%')
            || number.after.starts_with("percent");
        let before = number.before.as_str();
        if percent {
            let behind = text_after(text, &number.quantity.text);
            let named = behind.trim_start_matches(['%', ' ', ')']);
            let named = ["loss", "packet loss", "perda", "de perda", "lost"]
                .iter()
                .any(|it| named.starts_with(it));
            let near = has(before, &["received", "recebid"])
                && !named
                && !has(before, &["loss", "perda", "lost", "perdid"]);
            if lossy && !near {
                into.loss = Some(number.quantity.clone());
            }
            continue;
        }
        // The nearest word tells.
        let place = |words: &[&str]| words.iter().filter_map(|it| before.rfind(it)).max();
        let named = [place(&MIN), place(&MAX), place(&MEAN), place(&DEVIATION)];
        let Some(nearest) = named.iter().flatten().max() else {
            continue;
        };
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

/// What stands behind a number's digits, the first time that they occur.
fn text_after<'a>(text: &'a str, digits: &str) -> &'a str {
    let at = text
        .match_indices(digits)
        .map(|(at, _)| at + digits.len())
        .find(|at| {
            text.get(*at..)
                .is_some_and(|it| it.trim_start().starts_with('%'))
        });
    at.and_then(|at| text.get(at..))
        .unwrap_or_default()
        .trim_start()
}
