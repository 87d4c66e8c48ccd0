//! What a program's output says: a round trip or a loss for each ping, and figures.
//!
//! Owns the words and units of many programs in several languages. What is true is not
//! known here: a line that could mean two things means nothing.

use deunicode::deunicode;

use super::transcript::Line;

/// What a line says of a ping.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Claim {
    /// The line's place in the output.
    pub(super) line: usize,
    pub(super) at_ns: u64,
    pub(super) said: Said,
    /// The number that the program gives the ping.
    pub(super) label: Option<i64>,
    /// The ping, counted from 0, whose packet the line quotes.
    pub(super) echo: Option<usize>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Said {
    Rtt(Quantity),
    Lost,
    /// That it was not waited for: there was a timeout.
    TimedOut,
}

/// A number as it stands there.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Quantity {
    pub(super) value: f64,
    pub(super) unit: Option<Unit>,
    /// The place of its last digit: 0.01 of 1.25.
    pub(super) step: f64,
    pub(super) text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Seconds,
    Millis,
    Micros,
    Nanos,
}

impl Unit {
    pub(super) const ALL: [Self; 4] = [Self::Seconds, Self::Millis, Self::Micros, Self::Nanos];

    /// In seconds.
    pub(super) const fn size(self) -> f64 {
        match self {
            Self::Seconds => 1.0,
            Self::Millis => 1e-3,
            Self::Micros => 1e-6,
            Self::Nanos => 1e-9,
        }
    }
}

/// Figures at the end, as they are called.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Figures {
    pub(super) min: Option<Quantity>,
    pub(super) mean: Option<Quantity>,
    pub(super) max: Option<Quantity>,
    pub(super) deviation: Option<Quantity>,
    /// Of a hundred.
    pub(super) loss: Option<Quantity>,
}

/// All that an output says.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Printed {
    pub(super) claims: Vec<Claim>,
    pub(super) figures: Figures,
    /// A line of a failure that nobody caught.
    pub(super) crash: Option<String>,
}

/// What stands in a failure that nobody caught.
const CRASHES: [&str; 9] = [
    "traceback (most recent call last)",
    "exception in thread",
    "panic: ",
    "panicked at",
    "segmentation fault",
    "uncaught",
    "unhandled",
    "core dumped",
    "fatal error:",
];

const LOST: [&str; 22] = [
    "lost",
    "perdid",
    "perdeu",
    "perda",
    "loss",
    "sem resposta",
    "nao respond",
    "nao houve resposta",
    "nao recebid",
    "nenhuma resposta",
    "no reply",
    "no response",
    "no answer",
    "not received",
    "unreachable",
    "inalcanc",
    "refused",
    "recusad",
    "packet drop",
    "dropped",
    "perte",
    "perdu",
];

const TIMED_OUT: [&str; 14] = [
    "timeout",
    "timed out",
    "time out",
    "timed-out",
    "time-out",
    "timedout",
    "esgotado",
    "esgotou",
    "expirou",
    "expirado",
    "tempo limite",
    "estourou",
    "limite excedid",
    "agotado",
];

/// Of what a client rightly does not count.
const LEFT_OUT: [&str; 30] = [
    "late reply",
    "late response",
    "late pong",
    "too late",
    "(late",
    "[late",
    "late:",
    "atrasad",
    "tardi",
    "fora do prazo",
    "duplic",
    "dup!",
    "ignor",
    "descart",
    "discard",
    "stale",
    "unexpected",
    "inesperad",
    "antig",
    "old reply",
    "invalid",
    "mismatch",
    "malform",
    "garbage",
    "lixo",
    "desconhecid",
    "unknown",
    "fora de ordem",
    "out of order",
    "stray",
];

/// Of a summary.
const SUMMARY: [&str; 45] = [
    "min",
    "max",
    "avg",
    "average",
    "media",
    "medio",
    "mean",
    "mdev",
    "stddev",
    "std dev",
    "desvio",
    "%",
    "percent",
    "statistic",
    "estatistic",
    "summary",
    "resumo",
    "total",
    "jitter",
    "estimated",
    "devrtt",
    "timeoutinterval",
    "taxa",
    "rate",
    "transmitted",
    "transmitid",
    "enviados",
    "recebidos",
    "packets:",
    "packet loss",
    "loss:",
    "loss =",
    "loss=",
    "perda de",
    "perda:",
    "perdidos",
    "lost:",
    "lost =",
    "lost=",
    "lost packets",
    "packets lost",
    "packets sent",
    "packets received",
    "pings sent",
    "respostas recebidas",
];

const RTT_WORDS: [&str; 13] = [
    "rtt",
    "round",
    "ida e volta",
    "ida-e-volta",
    "latenc",
    "delay",
    "atraso",
    "elapsed",
    "took",
    "levou",
    "duration",
    "duracao",
    "demor",
];

const TIME_WORDS: [&str; 3] = ["time", "tempo", "temps"];

const LABELS: [&str; 30] = [
    "ping",
    "seq",
    "sequence",
    "sequencia",
    "pacote",
    "packet",
    "probe",
    "request",
    "pedido",
    "requisicao",
    "message",
    "mensagem",
    "msg",
    "numero",
    "number",
    "num",
    "no",
    "nr",
    "n",
    "#",
    "icmp_seq",
    "reply",
    "resposta",
    "pong",
    "response",
    "sonda",
    "id",
    "pkt",
    "tentativa",
    "iteration",
];

/// A number in a line, and what surrounds it.
#[derive(Debug, Clone)]
struct Number {
    /// What stands before, from the last number on.
    before: String,
    quantity: Quantity,
    whole: Option<i64>,
    /// The word right behind.
    after: String,
    first: bool,
}

/// Reads an output; `quoted` are the texts that went over the wire, each with its ping.
pub(super) fn read(output: &[Line], quoted: &[(usize, String)]) -> Printed {
    let mut printed = Printed::default();
    let quoted: Vec<(usize, String)> = quoted
        .iter()
        .map(|(ping, text)| (*ping, plain(text)))
        .collect();
    // What a line before said of the ping that the next one is about.
    let mut context: (Option<i64>, Option<usize>) = (None, None);
    for (place, line) in output.iter().enumerate() {
        let text = plain(&line.text);
        if printed.crash.is_none() && CRASHES.iter().any(|it| text.contains(it)) {
            printed.crash = Some(line.text.clone());
        }
        let (text, echo) = without_quotes(&text, &quoted);
        let numbers = numbers(&text);
        let has = |words: &[&str]| words.iter().any(|it| text.contains(it));
        if SUMMARY.iter().any(|it| has_summary(&text, it)) {
            figures(&text, &numbers, &mut printed.figures);
            continue;
        }
        if has(&LEFT_OUT) {
            continue;
        }
        let label = label(&numbers);
        let is_lost = has(&LOST);
        let timed_out = has(&TIMED_OUT) && !is_setting(&text, &numbers) || text.trim() == "*";
        let said = if is_lost || timed_out {
            Some(if timed_out && !is_lost {
                Said::TimedOut
            } else {
                Said::Lost
            })
        } else {
            rtt(&numbers).map(Said::Rtt)
        };
        if let Some(said) = said {
            printed.claims.push(Claim {
                line: place,
                at_ns: line.at_ns,
                said,
                label: label.or(context.0),
                echo: echo.or(context.1),
            });
            context = (None, None);
        } else {
            context.0 = label.or(context.0);
            context.1 = echo.or(context.1);
        }
    }
    printed
}

/// Whether a word of a summary stands there for itself: "min" does not in "minutes".
fn has_summary(text: &str, word: &str) -> bool {
    if !word.starts_with(|it: char| it.is_ascii_alphabetic()) {
        return text.contains(word);
    }
    let starts = text.match_indices(word).any(|(at, _)| {
        let before = text.get(..at).and_then(|it| it.chars().next_back());
        let rest = text.get(at + word.len()..).unwrap_or_default();
        let behind = rest.chars().next();
        let whole_words = ["min", "max", "rate", "total"];
        let ends = !behind.is_some_and(char::is_alphabetic)
            || rest.starts_with("imo")
            || rest.starts_with("imum")
            || rest.starts_with("ima");
        !before.is_some_and(char::is_alphabetic) && (ends || !whole_words.contains(&word))
    });
    starts || word.len() > 5 && text.contains(word)
}

/// Lower case, without accents and without what steers a terminal.
fn plain(text: &str) -> String {
    let mut left = String::new();
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        if letter == '\u{1b}' {
            // To the letter that ends the sequence.
            let _ = letters.find(char::is_ascii_alphabetic);
        } else if letter == '\u{b5}' || letter == '\u{3bc}' {
            left.push('u');
        } else if !letter.is_control() || letter == '\t' {
            left.push(letter);
        }
    }
    deunicode(&left).to_lowercase()
}

/// A line without what it quotes of packets, and whose packet it quotes.
fn without_quotes(text: &str, quoted: &[(usize, String)]) -> (String, Option<usize>) {
    let mut best: Option<(usize, usize, usize)> = None;
    for (ping, quote) in quoted {
        let quote = quote.trim();
        if quote.len() < 4 {
            continue;
        }
        for (at, _) in text.match_indices(quote) {
            let behind = text
                .get(at + quote.len()..)
                .and_then(|it| it.chars().next());
            let longer = best.is_none_or(|(_, _, length)| quote.len() > length);
            if !behind.is_some_and(|it| it.is_ascii_digit() || it == '.') && longer {
                best = Some((*ping, at, quote.len()));
            }
        }
    }
    match best {
        Some((ping, _, length)) => {
            let quote = quoted
                .iter()
                .find(|(it, quote)| *it == ping && quote.trim().len() == length);
            let quote = quote.map_or("", |(_, quote)| quote.trim());
            (text.replace(quote, " "), Some(ping))
        }
        None => (text.to_owned(), None),
    }
}

/// The numbers of a line.
fn numbers(text: &str) -> Vec<Number> {
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
        (
            whole + seconds.parse::<f64>().ok()?,
            1e-6,
            Some(Unit::Seconds),
        )
    } else {
        // An address has more marks than a number.
        if marks > 1 {
            return None;
        }
        let text = body.replace(',', ".");
        (
            text.parse().ok()?,
            step(&text),
            unit(&word, &before, behind),
        )
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

/// The unit behind a number, or in brackets before it.
fn unit(word: &str, before: &str, behind: &str) -> Option<Unit> {
    let named = |word: &str| match word {
        "s" | "sec" | "secs" | "seg" | "segs" | "second" | "seconds" | "segundo" | "segundos"
        | "secondes" => Some(Unit::Seconds),
        "ms" | "msec" | "msecs" | "mseg" | "millis" | "millisecond" | "milliseconds"
        | "milissegundo" | "milissegundos" | "milisegundo" | "milisegundos" | "milli"
        | "millisec" => Some(Unit::Millis),
        "us" | "usec" | "usecs" | "micros" | "microsecond" | "microseconds" | "microssegundo"
        | "microssegundos" | "microsegundos" => Some(Unit::Micros),
        "ns" | "nsec" | "nanos" | "nanosecond" | "nanoseconds" | "nanossegundo"
        | "nanossegundos" | "nanosegundos" => Some(Unit::Nanos),
        _ => None,
    };
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

/// The number that a line gives a ping.
fn label(numbers: &[Number]) -> Option<i64> {
    let labelled = numbers.iter().find(|it| {
        let word = it
            .before
            .trim_end_matches(|it: char| " :=#([.-".contains(it));
        let word = word
            .rsplit(|it: char| !(it.is_ascii_alphanumeric() || it == '_'))
            .next();
        let hash = it.before.trim_end().ends_with('#');
        let named = word.is_some_and(|it| LABELS.contains(&it) || it.ends_with("seq"));
        it.whole.is_some() && it.quantity.unit.is_none() && (hash || named)
    });
    let leads = || {
        numbers.iter().find(|it| {
            let before = it.before.trim();
            it.first
                && !it.after.starts_with("byte")
                && it.whole.is_some()
                && it.quantity.unit.is_none()
                && (before.is_empty() || before == "[" || before == "(")
        })
    };
    labelled.or_else(leads).and_then(|it| it.whole)
}

/// The round trip that a line says, if it says one.
fn rtt(numbers: &[Number]) -> Option<Quantity> {
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
                "timestamp",
                "timeout",
                "interval",
                "every",
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
            score += 2;
        }
        if score >= 2 && best.is_none_or(|(most, _)| score >= most) {
            best = Some((score, number));
        }
    }
    best.map(|(_, number)| number.quantity.clone())
}

/// Whether a timeout is only named: how long it is.
fn is_setting(text: &str, numbers: &[Number]) -> bool {
    let stated = numbers.iter().any(|it| {
        let before = it.before.trim_end_matches([' ', '=', ':', '(']);
        let named = [
            "timeout",
            "timeout of",
            "timeout de",
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
    sends.iter().any(|it| text.contains(it)) && !over
        || stated && label(numbers).is_none()
        || about.iter().any(|it| text.contains(it)) && label(numbers).is_none()
}

/// The figures of a summary's line.
fn figures(text: &str, numbers: &[Number], into: &mut Figures) {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<Line> {
        let line = |text: &str| Line {
            at_ns: 0,
            text: text.to_owned(),
        };
        text.lines().map(line).collect()
    }

    /// The round trips in seconds, and -1 for a loss.
    fn said(text: &str) -> Vec<f64> {
        let printed = read(&lines(text), &[]);
        let value = |claim: &Claim| match &claim.said {
            Said::Rtt(it) => it.value * it.unit.map_or(1.0, Unit::size),
            Said::Lost | Said::TimedOut => -1.0,
        };
        printed.claims.iter().map(value).collect()
    }

    #[test]
    fn round_trips_are_read_in_many_styles() {
        for line in [
            "Ping 3: RTT = 0.0423 s",
            "Ping 3 RTT: 42.3 ms",
            "PING 3 received, RTT=42.3ms",
            "seq=3 time=42.3 ms",
            "Resposta recebida: pacote 3, tempo = 42,3 ms",
            "3: 42.3 ms",
            "[3] rtt 42300 us",
            "[3] rtt 42300 µs",
            "64 bytes from 127.0.0.1: seq=3 ttl=64 time=42.3 ms",
            "ping 3 took 42.3ms",
            "RTT (ms): 42.3",
            "Tempo de ida e volta: 0,0423 segundos",
            "RTT: 0:00:00.042300",
            "RTT: 4.23e-02 s",
            "Pong 3 em 42.3 milissegundos",
            "latência do pacote 3: 42300000 ns",
            "\u{1b}[32mping 3 ok\u{1b}[0m rtt=42.3ms",
            "Sent 1700000000.5 s ago? RTT 42.3 ms",
            "26 bytes from 127.0.0.1: udp_seq=3 time=42.3 ms",
        ] {
            let found = said(line);
            assert_eq!(found.len(), 1, "{line}: {found:?}");
            assert!((found[0] - 0.0423).abs() < 1e-9, "{line}: {found:?}");
        }
    }

    #[test]
    fn losses_are_read_and_settings_are_not() {
        for line in [
            "Request timed out",
            "Ping 3: timeout",
            "PING 3: Request timeout",
            "Pacote 3 perdido",
            "Tempo esgotado para o ping 3",
            "seq=3 lost",
            "ping 3: sem resposta do servidor",
            "*",
            "Ping 3 timeout (1 s)",
            "Solicitação expirou",
            "Waiting for ping 3: timed out",
            "Connection refused",
        ] {
            assert_eq!(said(line), [-1.0], "{line}");
        }
        for line in [
            "Pinging 127.0.0.1 on port 12000 with timeout 1 s",
            "timeout = 1.0",
            "Sending ping 3 to 127.0.0.1 port 12000, timeout 1 s",
            "Sent ping 3, waiting for a reply (timeout 1s)",
            "Sending 10 pings to localhost",
            "Late reply for ping 3: 1300 ms",
            "ignoring stale reply PING 3",
            "Total time: 4005 ms",
            "10 packets transmitted, 7 received, 30% packet loss, time 4005ms",
            "Ping 3 1700000000.123",
        ] {
            assert_eq!(said(line), [0.0; 0], "{line}");
        }
    }

    #[test]
    fn a_line_before_tells_whose_the_round_trip_is() {
        let output = lines("Reply: PING 3 17.5\nRTT: 0.3 s\nRequest timed out");
        let quoted = [(2, "PING 3 17.5".to_owned())];
        let printed = read(&output, &quoted);
        let whose: Vec<_> = printed.claims.iter().map(|it| it.echo).collect();
        assert_eq!(whose, [Some(2), None]);
    }

    #[test]
    fn figures_are_read_in_many_styles() {
        let value = |it: Option<Quantity>| it.map(|it| it.value);
        for text in [
            "rtt min/avg/max/mdev = 1.5/2.5/3.5/0.5 ms\n30% packet loss",
            "Min RTT: 1.5 ms\nMax RTT: 3.5 ms\nAverage RTT: 2.5 ms\nPacket loss: 30%",
            "Mínimo: 1,5 ms, Máximo: 3,5 ms, Média: 2,5 ms\nPerda de pacotes: 30,0 %",
            "min=1.5 max=3.5 avg=2.5\nlost 3 of 10 (30%)",
            "Minimum = 1.5ms, Maximum = 3.5ms, Average = 2.5ms\nSent = 10, Received = 7, Lost = 3 (30% loss)",
        ] {
            let figures = read(&lines(text), &[]).figures;
            let all = [figures.min, figures.mean, figures.max, figures.loss].map(value);
            assert_eq!(all, [Some(1.5), Some(2.5), Some(3.5), Some(30.0)], "{text}");
        }
    }

    #[test]
    fn a_failure_that_nobody_caught_is_found() {
        let printed = read(&lines("Traceback (most recent call last):\n  x"), &[]);
        assert!(printed.crash.is_some());
    }
}
