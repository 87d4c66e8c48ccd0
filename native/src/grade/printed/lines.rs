//! What a line says of one ping: its number, its round trip, or only how long a timeout is.
//!
//! Owns which number of a line is which.

use super::Quantity;
use super::numbers::Number;
use super::words::{LABELS, RTT_WORDS, TIME_WORDS};

/// The number that a line gives a ping.
pub(super) fn label(numbers: &[Number]) -> Option<i64> {
    let labelled = numbers.iter().find(|it| {
        let word = it
            .before
            .trim_end_matches(|it: char| " :=#([.-\"'".contains(it));
        let word = word
            .rsplit(|it: char| !(it.is_ascii_alphanumeric() || it == '_'))
            .next();
        let hash = it.before.trim_end().ends_with('#');
        // "RTT(3) = 42 ms"
        let indexed =
            it.before.ends_with(['(', '[']) && word.is_some_and(|it| RTT_WORDS.contains(&it));
        let named = indexed || word.is_some_and(|it| LABELS.contains(&it) || it.ends_with("seq"));
        it.whole.is_some() && it.quantity.unit.is_none() && (hash || named)
    });
    let leads = || {
        numbers.iter().find(|it| {
            let before = it.before.trim();
            it.first
                && !it.after.starts_with("byte")
                && it.whole.is_some()
                && it.quantity.unit.is_none()
                && matches!(before, "" | "[" | "(" | "|")
        })
    };
    labelled.or_else(leads).and_then(|it| it.whole)
}

/// The round trip that a line says, if it says one.
pub(super) fn rtt(numbers: &[Number]) -> Option<Quantity> {
    let labelled = label(numbers);
    let mut best: Option<(u32, &Number)> = None;
    for number in numbers {
        let before = &number.before;
        let is_label =
            number.whole.is_some() && number.whole == labelled && number.quantity.unit.is_none();
        let is_other = number.after.starts_with("byte")
            || number.after == "b"
            || [
                "ttl",
                "port",
                "bytes",
                "size",
                "sent",
                "envi",
                "start",
                "inicio",
                "received at",
                "return time",
                "receive time",
                "received time",
                "end time",
                "stop time",
                "fim",
                "chegada",
                "retorno",
                "timestamp",
                "timeout",
                "interval",
                "every",
                "sleep",
                "wait",
                "aguard",
                "esper",
                "dorm",
                "next",
                "proxim",
                "pause",
                "pausa",
                "deadline",
                "limit",
                "prazo",
                "finish",
                "program",
                "execu",
                "test",
                "conclu",
            ]
            .iter()
            .any(|it| before.contains(it) && !before.contains("rtt"));
        // So many seconds are a date.
        let is_date = number.quantity.value.abs() >= 1e8 && number.quantity.unit.is_none();
        if is_label || is_other || is_date {
            continue;
        }
        let has = |words: &[&str]| words.iter().any(|it| before.contains(it));
        let mut score = 0;
        if has(&RTT_WORDS) {
            score += 4;
        } else if has(&TIME_WORDS) {
            score += 2;
        }
        if number.quantity.unit.is_some() {
            score += 3;
        }
        if score >= 2 && best.is_none_or(|(most, _)| score >= most) {
            best = Some((score, number));
        }
    }
    best.map(|(_, number)| number.quantity.clone())
}

/// Whether a timeout is only named: how long it is.
pub(super) fn is_setting(text: &str, numbers: &[Number]) -> bool {
    let stated = numbers.iter().any(|it| {
        let before = it.before.trim_end_matches([' ', '=', ':', '(']);
        let named = [
            "timeout",
            "timeout of",
            "timeout de",
            "timeout set to",
            "timeout is",
            "timeout definido para",
            "timeout configurado para",
            "tempo limite",
            "tempo limite de",
        ];
        named.iter().any(|it| before.ends_with(it))
            && it.quantity.unit.is_some() | it.before.ends_with(['=', ' '])
    });
    let about = ["port", "host", "target", "alvo", "pinging", "config"];
    let sends = [
        "sending",
        "enviando",
        "sent ",
        "enviado",
        "pinging",
        "waiting",
        "aguardando",
        "esperando",
    ];
    let over = ["timed out", "esgotado", "expirou"]
        .iter()
        .any(|it| text.contains(it));
    let has = |words: &[&str]| words.iter().any(|it| text.contains(it));
    !over && (has(&sends) || (stated || has(&about)) && label(numbers).is_none())
}
