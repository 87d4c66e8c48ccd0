//! What a program's output says: a round trip or a loss for each ping, and figures.
//!
//! Owns the words and units of many programs in several languages. What is true is not
//! known here: a line that could mean two things means nothing.

mod columns;
mod figures;
mod lines;
mod numbers;
mod rows;
mod words;

use deunicode::deunicode;
use regex_lite::Regex;

use super::transcript::Line;
use columns::Column;
use figures::figures;
use lines::{is_setting, label, rtt};
use numbers::{Number, numbers};
use rows::rows;
use words::{
    CRASHES, LEFT_OUT, LOST, MISSING, RTT_WORDS, STOPPED, SUMMARY, TIMED_OUT, has_summary,
};

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

impl Claim {
    /// The round trip, if it says one.
    pub(super) fn rtt(&self) -> Option<&Quantity> {
        match &self.said {
            Said::Rtt(quantity) => Some(quantity),
            Said::Lost | Said::TimedOut => None,
        }
    }
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
    /// Pings are numbered from 0.
    pub(super) from_zero: bool,
}

/// Reads an output; `quoted` are the texts that went over the wire, each with its ping, and
/// `patterns` what the lines of pings look like, if that is known.
pub(super) fn read(output: &[Line], quoted: &[(usize, String)], patterns: &[Regex]) -> Printed {
    let mut printed = Printed::default();
    let quoted: Vec<(usize, String)> = quoted
        .iter()
        .map(|(ping, text)| (*ping, plain(text)))
        .collect();
    // What a line before said of the ping that the next one is about.
    let mut context: (Option<i64>, Option<usize>) = (None, None);
    let mut column: Option<Column> = None;
    let mut unread = Vec::new();
    let repeated = output
        .iter()
        .filter(|it| says_total(&plain(&it.text)))
        .count()
        > 2;
    // Each with the line that it stands in.
    let parts: Vec<(usize, &str)> = output
        .iter()
        .enumerate()
        .flat_map(|(line, it)| parts(&it.text).into_iter().map(move |part| (line, part)))
        .collect();
    for (place, (_, whole)) in parts.iter().enumerate() {
        let whole = *whole;
        let text = plain(whole);
        if printed.crash.is_none() {
            if CRASHES.iter().any(|it| text.contains(it)) {
                printed.crash = Some(whole.to_owned());
            } else if text.starts_with("node.js v") {
                // It ends what node says of an error that nobody caught, whatever its name.
                let mut before = parts[..place].iter().rev().map(|it| it.1);
                let error = before.find(|it| it.contains("Error"));
                printed.crash = Some(error.unwrap_or(whole).to_owned());
            }
        }
        if printed.crash.is_some() && is_frame(&text) {
            continue;
        }
        let (text, echo) = without_quotes(&text, &quoted);
        let numbers = numbers(&text);
        let has = |words: &[&str]| words.iter().any(|it| text.contains(it));
        let given = given(patterns, whole);
        printed.from_zero |= label(&numbers) == Some(0) && !is_summary(&text);
        let own_total = repeated && says_total(&text);
        let summary = given.is_none() && is_summary(&text) && !own_total;
        // A ping's own line may say the figures so far.
        let own = if summary && (echo.is_some() || label(&numbers).is_some()) {
            beside_figures(&text)
        } else {
            None
        };
        if summary && own.is_none() {
            figures(&text, &numbers, &mut printed.figures);
            continue;
        }
        if numbers.is_empty()
            && !has(&LOST)
            && !has(&TIMED_OUT)
            && let Some(header) = Column::of(&text)
        {
            column = Some(header);
            continue;
        }
        let row = column.and_then(|it| it.row(&text));
        let (said, label) = if !patterns.is_empty() {
            given.map_or((None, None), |(said, label)| (Some(said), label))
        } else if let Some(row) = row {
            let said = match row.rtt {
                Some(rtt) if !has(&LOST) && !has(&TIMED_OUT) => Said::Rtt(rtt),
                _ if has(&TIMED_OUT) => Said::TimedOut,
                _ => Said::Lost,
            };
            (Some(said), Some(row.label))
        } else if let Some(own) = own {
            (Some(Said::Rtt(own)), label(&numbers))
        } else if has(&LEFT_OUT) {
            continue;
        } else {
            (said(&text, &numbers), label(&numbers))
        };
        if let Some(said) = said {
            printed.claims.push(Claim {
                line: place,
                at_ns: 0,
                said,
                label: label.or(context.0),
                echo: echo.or(context.1),
            });
            context = (None, None);
        } else {
            context.0 = label.or(context.0);
            context.1 = echo.or(context.1);
            unread.push((place, text));
        }
    }
    // A table repeats what lines have said.
    if patterns.is_empty() && printed.claims.iter().all(|it| it.rtt().is_none()) {
        bare(&parts, &unread, &mut printed.claims);
    }
    for claim in &mut printed.claims {
        let part = parts.get(claim.line);
        let line = part.and_then(|it| output.get(it.0));
        claim.at_ns = line.map_or(0, |it| it.at_ns);
        claim.line = part.map_or(0, |it| it.0);
    }
    printed
}

/// What a line's words say of a ping, if they say something.
fn said(text: &str, numbers: &[Number]) -> Option<Said> {
    let has = |words: &[&str]| words.iter().any(|it| text.contains(it));
    let timed_out = has(&TIMED_OUT) && !is_setting(text, numbers) || text.trim() == "*";
    if has(&LOST) {
        Some(Said::Lost)
    } else if timed_out {
        Some(Said::TimedOut)
    } else {
        let label = label(numbers);
        match rtt(numbers) {
            // As programs mark what they do not have.
            Some(rtt) if (rtt.value + 1.0).abs() < f64::EPSILON => Some(Said::Lost),
            None if rows::says_none(text) && (label.is_some() || has(&RTT_WORDS)) => {
                Some(Said::Lost)
            }
            rtt => rtt.map(Said::Rtt),
        }
    }
}

/// Whether a line says where a failure was.
fn is_frame(text: &str) -> bool {
    let text = text.trim_start();
    text.starts_with("at ") || text.starts_with("file \"")
}

/// The parts of a line that say something of a ping each: a list of tuples has several.
fn parts(text: &str) -> Vec<&str> {
    for between in ["), (", "], [", "}, {"] {
        if text.matches(between).count() > 1 {
            return text.split(between).collect();
        }
    }
    vec![text]
}

/// Whether a line calls a round trip total: a ping's own, where many lines do.
fn says_total(text: &str) -> bool {
    ["total round", "total rtt", "total de ida"]
        .iter()
        .any(|it| text.contains(it))
}

/// Whether a line has a word of a summary.
fn is_summary(text: &str) -> bool {
    SUMMARY.iter().any(|it| has_summary(text, it))
}

/// The round trip that a line says before any figure, or beside a word of its own.
fn beside_figures(text: &str) -> Option<Quantity> {
    let mut figures = text.match_indices(|it: char| it.is_alphabetic() || it == '%');
    let first = figures.find_map(|(at, _)| {
        let starts = text.get(..at)?.chars().next_back();
        let word = !starts.is_some_and(char::is_alphabetic);
        (word && is_summary(text.get(at..)?.split([' ', '=', ':']).next()?)).then_some(at)
    });
    let before = numbers(text.get(..first?)?);
    if let Some(rtt) = rtt(&before) {
        return Some(rtt);
    }
    let mut rest = numbers(text);
    rest.retain(|it| it.before.contains("rtt") && !is_summary(&it.before));
    rtt(&rest)
}

/// Adds what rows of numbers alone say.
fn bare(parts: &[(usize, &str)], unread: &[(usize, String)], claims: &mut Vec<Claim>) {
    let read: Vec<(usize, String)> = claims
        .iter()
        .filter_map(|it| Some((it.line, plain(parts.get(it.line)?.1))))
        .collect();
    // What said only that something was lost may be a row, too.
    let mut lines = [read, unread.to_vec()].concat();
    lines.sort_by_key(|it| it.0);
    let rows = rows(&lines);
    claims.retain(|it| !rows.iter().any(|row| row.0 == it.line));
    claims.extend(rows.into_iter().map(|(line, row)| Claim {
        line,
        at_ns: 0,
        said: row.said,
        label: Some(row.label),
        echo: None,
    }));
    claims.sort_by_key(|it| it.line);
}

/// The numbers of a line.
pub(super) fn numbers_of(text: &str) -> Vec<Quantity> {
    let numbers = numbers(&plain(text));
    numbers.into_iter().map(|it| it.quantity).collect()
}

/// The numbers of a line, without those of the packets that it quotes.
pub(super) fn numbers_beside(text: &str, quoted: &[(usize, String)]) -> Vec<Quantity> {
    let quoted: Vec<(usize, String)> = quoted.iter().map(|it| (it.0, plain(&it.1))).collect();
    let (text, _) = without_quotes(&plain(text), &quoted);
    numbers(&text).into_iter().map(|it| it.quantity).collect()
}

/// Whether a line says that something was lost.
pub(super) fn says_lost(text: &str) -> bool {
    let text = plain(text);
    LOST.iter().chain(&MISSING).any(|it| text.contains(it))
}

/// Whether a line is about one heartbeat, by its number.
pub(super) fn is_of_beat(text: &str) -> bool {
    let text = plain(text);
    let numbers = numbers(&text);
    let named = |word: &&str| word.starts_with("heartbeat") || word.starts_with("batimento");
    numbers.iter().any(|it| {
        it.before
            .split_whitespace()
            .last()
            .is_some_and(|it| named(&it))
    })
}

/// Whether a line says that something came late, or not in its order.
pub(super) fn says_late(text: &str) -> bool {
    const WORDS: [&str; 8] = [
        "late",
        "out of order",
        "out-of-order",
        "reorder",
        "atrasad",
        "tardi",
        "fora de ordem",
        "reorden",
    ];
    let text = plain(text);
    WORDS.iter().any(|it| text.contains(it))
}

/// Whether a line says that a sender of heartbeats has stopped.
pub(super) fn says_stopped(text: &str) -> bool {
    let text = plain(text);
    STOPPED.iter().chain(&TIMED_OUT).any(|it| text.contains(it))
}

/// What a line says of a ping by the first pattern that fits, and the number that it gives it.
fn given(patterns: &[Regex], text: &str) -> Option<(Said, Option<i64>)> {
    let found = patterns.iter().find_map(|it| it.captures(text))?;
    let label = found.name("ping").and_then(|it| it.as_str().parse().ok());
    let said = match found.name("rtt") {
        // Its unit may stand behind.
        Some(rtt) => {
            let numbers = numbers(&plain(text.get(rtt.start()..)?));
            Said::Rtt(numbers.into_iter().next()?.quantity)
        }
        None => Said::Lost,
    };
    Some((said, label))
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
    without_date(&deunicode(&left).to_lowercase())
}

/// A line without the date that a log begins it with.
fn without_date(text: &str) -> String {
    let is_date = |word: &str| {
        let word = word.trim_matches(|it: char| !it.is_ascii_digit());
        let mut parts = word.split(['/', '-']);
        let numbers = word.split(['/', '-']).all(|it| it.parse::<u16>().is_ok());
        let year = parts.next().is_some_and(|it| it.len() == 4);
        year && numbers && parts.count() == 2
    };
    match text.split_once(' ') {
        Some((first, rest)) if is_date(first) => rest.to_owned(),
        _ => text.to_owned(),
    }
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
        let printed = read(&lines(text), &[], &[]);
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
            "RTT(3)=42.3ms",
            "Ping 3: 42,300 us",
            "Paket 3: Antwort von 127.0.0.1, Laufzeit = 42300 µs",
            "Anfrage 3: Umlaufzeit 42,3 ms",
            "Paquete 3: respuesta en 42.3 ms",
            "数据包 3 往返时间: 42.3 毫秒",
            "seq,status,rtt_ms\n3,ok,42.3",
            "| pacote | RTT (ms) |\n|--------|------|\n|      3 |   42.3 |",
            "Seq   RTT [us]\n---  ---------\n  3      42300",
            "Resposta de 127.0.0.1: bytes=32 tempo=42.3ms TTL=128",
            "42.3 ms",
            "Ping 3: RTT 42.3 ms (min 40.1 / avg 41.0 / max 44.0)",
            "Ping 3: RTT = 42.3 ms, loss so far 0%",
            "Ping 3: SampleRTT = 42.3 ms, EstimatedRTT = 40.0 ms, DevRTT = 1.2 ms",
            "Ping 3: EstimatedRTT = 40.0 ms, DevRTT = 1.2 ms, RTT = 42.3 ms",
            "SampleRTT: 42.3 ms\nEstimatedRTT: 40 ms\nDevRTT: 1.2 ms\nTimeoutInterval: 50 ms",
            "Ping #3 -> Pong! (42.3 ms)",
            "Received pong 3 from ('127.0.0.1', 12000) in 42.3 ms",
            "{'seq': 3, 'rtt': 0.0423}",
            "Ping 3/10: 42.3 ms",
            "[INFO] 2026-11-30 22:10:11,123 - ping 3 rtt=42.3ms",
            "22:10:11 Ping 3: 42.3 ms",
            "start=12.5 end=12.5423 rtt=.0423",
            "Ping 3 RTT: 0.0423 seconds, server time 22:10:11",
            "rtt_ms=42.3",
            "Time taken: 0.0423",
            "Sleeping 1 s\nWaiting 1 s\nping 3: 42.3 ms\nnext ping in 0.5 s",
            "Ping 3: 42.3 ms\nFinished in 10.2 s",
            "2026/12/01 02:50:00 Data: RTT: 42.3 ms",
            "Start time: 18240.71\nReturn time: 18240.76\nPong3 RTT: 42.3 ms",
            "Exception in thread \"main\" java.lang.X\n    at PingRTT.main(PingRTT.java:65)\nRTT: 42.3 ms",
            "Ping 3: 42.3 ms\nFastest ping: 40.1 ms\nSlowest ping: 44.0 ms",
            "RTT: 42.3 ms\nRTTmin: 40 ms\nRTTmax: 44 ms\nRTTaverage: 42 ms\nMinimun of RTT: 40 ms",
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
            "Paket 2: Zeitüberschreitung",
            "Anfrage 3: keine Antwort",
            "Paquet 3 : délai dépassé",
            "Ping 3: 请求超时",
            "seq,status,rtt_ms\n1,timeout,",
            "| pacote | RTT (ms) |\n| 2 | Pedido perdido |",
            "Seq   RTT [us]\n  3    timeout",
            "Ping 3: no reply within 1 s",
            "Ping 3 - Nenhuma resposta recebida",
            "Ping 3 falhou: timed out",
            "Request #3 timed out (1.0 s)",
            "Esgotado o tempo limite do pedido.",
            "Packet 3 was lost!",
            "Pacote nº 3: perda",
            "Ping 3: Tempo excedido",
            "O servidor não respondeu ao ping 3",
            "Host de destino inacessível",
            "TIMEOUT ping_seq=3",
            "[22:10:11] Ping 3: Erro: timed out",
            "Resposta não chegou a tempo",
            "Limite de tempo atingido para o pacote 3",
            "Requisição 3: sem retorno",
            "ping 3: no pong within 1s",
            "Ping 3: the server didn't answer",
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
            "2 timeouts",
            "[22:10:11] Sending ping 3",
            "Ping 3 enviado às 22:10:11",
            "Ping 3 sent (25 bytes)",
            "Sleeping 1 s",
            "Aguardando 1 segundo",
            "Server: localhost:12000",
            "Timeout set to 1 second",
            "EstimatedRTT = 40.0 ms, DevRTT = 1.2 ms",
            "10 pings sent, 7 received, avg RTT: 45 ms",
            "1 42.3\n2 42.4",
            "1 42.3\n7 42.4\n9 42.5",
            "3 pacotes perdidos",
        ] {
            assert_eq!(said(line), [0.0; 0], "{line}");
        }
    }

    #[test]
    fn how_long_was_waited_is_no_round_trip() {
        for line in [
            "timed out after 1s",
            "no reply within 1 s",
            "sem resposta em 1 s",
        ] {
            let all = [1, 2, 3].map(|it| format!("Ping {it}: {line}"));
            assert_eq!(said(&all.join("\n")), [-1.0; 3], "{line}");
        }
    }

    #[test]
    fn rows_of_numbers_alone_are_read_where_several_follow_each_other() {
        for text in [
            "(1, 0.0423)\n(2, None)\n(3, 0.0511)",
            "('Ping', 1, 0.0423)\n('Ping', 2, 'timeout')\n('Ping', 3, 0.0511)",
            "1\t0.0423\n2\ttimeout\n3\t0.0511",
            "1\tok\t0.0423 s\n2\tlost\t-\n3\tok\t0.0511 s",
            "1 0.0423\n2 -1\n3 0.0511",
            "1;0.0423\n2;;*\n3;0.0511",
            "1,0.0423\n2,nan\n3,0.0511",
            "Ping 1 - 0.0423\nPing 2 - *\nPing 3 - 0.0511",
            "Ping 1: 0.0423\nPing 2: perdido\nPing 3: 0.0511",
            "1\t1700000000.123\t0.0423\n2\t1700000001.123\tNone\n3\t1700000002.1\t0.0511",
            "[1, 42.3 ms]\n[2, None]\n[3, 51.1 ms]",
            "[(1, 0.0423), (2, 'Request timed out', 0), (3, 0.0511)]",
            "The total round trip time = 0.0423 s\nTimeout\nThe total round trip time = 0.0511 s\nThe total round trip time = x",
            "Ping 1: RTT = 42.3\nPing 2: RTT = -1\nPing 3: RTT = 51.1",
            "Ping 1: RTT = 42.3\nPing 2: RTT = nan\nPing 3: RTT = 51.1",
        ] {
            let said: Vec<f64> = said(text);
            let said = said
                .into_iter()
                .map(|it| if it > 1.0 { it / 1000.0 } else { it });
            let off = said
                .zip([0.0423, -1.0, 0.0511])
                .map(|(it, right)| it - right);
            let off: Vec<f64> = off.collect();
            let right = off.len() == 3 && off.iter().all(|it| it.abs() < 1e-9);
            assert!(right, "{text}: {off:?}");
        }
    }

    #[test]
    fn a_line_before_tells_whose_the_round_trip_is() {
        let output = lines("Reply: PING 3 17.5\nRTT: 0.3 s\nRequest timed out");
        let quoted = [(2, "PING 3 17.5".to_owned())];
        let printed = read(&output, &quoted, &[]);
        let whose: Vec<_> = printed.claims.iter().map(|it| it.echo).collect();
        assert_eq!(whose, [Some(2), None]);
    }

    #[test]
    fn a_given_pattern_alone_says_what_a_line_of_a_ping_is() {
        let output =
            lines("[2] ping: 42 ms, pong: 17.5 ms\n#3 went away\nPing 4: RTT 9 ms\n30% loss");
        let patterns = [
            r"^\[(?<ping>\d+)\].*pong: (?<rtt>[0-9.]+)",
            r"#(?<ping>\d+) went away",
        ];
        let patterns = patterns.map(|it| Regex::new(it).unwrap());
        let printed = read(&output, &[], &patterns);
        let said: Vec<_> = printed
            .claims
            .iter()
            .map(|it| (it.label, &it.said))
            .collect();
        assert!(
            matches!(
                said.as_slice(),
                [(Some(2), Said::Rtt(rtt)), (Some(3), Said::Lost)]
                    if (rtt.value, rtt.unit) == (17.5, Some(Unit::Millis))
            ),
            "{said:?}"
        );
        assert_eq!(printed.figures.loss.map(|it| it.value), Some(30.0));
    }

    #[test]
    fn figures_are_read_in_many_styles() {
        let value = |it: Option<Quantity>| it.map(|it| it.value);
        for text in [
            "rtt min/avg/max/mdev = 1.5/2.5/3.5/0.5 ms\n30% packet loss",
            "Min RTT: 1.5 ms\nMax RTT: 3.5 ms\nAverage RTT: 2.5 ms\nPacket loss: 30%",
            "Mínimo: 1,5 ms, Máximo: 3,5 ms, Média: 2,5 ms\nPerda de pacotes: 30,0 %",
            "Perdidos: 3 (30%) Recebidos: 7 (70%)\nmedian 9.5 ms, min 1.5 ms, mean 2.5 ms, max 3.5 ms",
            "Average RTT of the 7 received packets: 2.5 ms\nmin 1.5 ms max 3.5 ms\n30% loss",
            "min=1.5 max=3.5 avg=2.5\nlost 3 of 10 (30%)",
            "RTT menor/médio/maior: 1.5/2.5/3.5 ms\n30% perda",
            "Fastest: 1.5 ms, slowest: 3.5 ms, average: 2.5 ms\nloss: 30%",
            "10 sent, 7 received, 30% packet loss, rtt min/avg/max = 1.5 2.5 3.5 ms",
            "7/10 replies, 30% loss, min/avg/max 1.5/2.5/3.5 ms",
            "30% loss; 1.5/2.5/3.5 ms (min/avg/max)",
            "30% loss\nmin / avg / max: 1.5 / 2.5 / 3.5 ms",
            "Minimum = 1.5ms, Maximum = 3.5ms, Average = 2.5ms\nSent = 10, Received = 7, Lost = 3 (30% loss)",
        ] {
            let figures = read(&lines(text), &[], &[]).figures;
            let all = [figures.min, figures.mean, figures.max, figures.loss].map(value);
            assert_eq!(all, [Some(1.5), Some(2.5), Some(3.5), Some(30.0)], "{text}");
        }
    }

    #[test]
    fn a_share_is_that_of_the_word_before_it() {
        for (text, lost) in [
            ("Perdidos: 10 (100%) Recebidos: 0 (0%)", 100.0),
            ("Perdidos: 0 (0%) Recebidos: 10 (100%)", 0.0),
            ("Recebidos: 0 (0%) Perdidos: 10 (100%)", 100.0),
            ("8/10 packets received (80%), 2/10 lost (20%)", 20.0),
            (
                "10 sent, 14 received, success 140%, packet loss -40%",
                -40.0,
            ),
            ("lost 3, loss rate 30%, success rate: 70%", 30.0),
        ] {
            let loss = read(&lines(text), &[], &[]).figures.loss;
            assert_eq!(loss.map(|it| it.value), Some(lost), "{text}");
        }
    }

    #[test]
    fn a_failure_that_nobody_caught_is_found() {
        let crash = |text| read(&lines(text), &[], &[]).crash;
        assert!(crash("Traceback (most recent call last):\n  x").is_some());
        let node = "file:///client.mjs:42\n\nTypeError: Reduce of empty array\n    at main\n\nNode.js v20.20.2";
        let error = crash(node);
        assert_eq!(error.as_deref(), Some("TypeError: Reduce of empty array"));
        let ruby = "client.rb:9:in `recvfrom': Connection refused (Errno::ECONNREFUSED)";
        assert_eq!(crash(ruby).as_deref(), Some(ruby));
        assert_eq!(crash("Error: timed out"), None);
    }
}
