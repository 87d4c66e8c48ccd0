//! Words of many programs in several languages.
//!
//! Owns the lists. What a line with one of them says is the reader's.

/// What stands in a failure that nobody caught.
pub(super) const CRASHES: [&str; 9] = [
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

pub(super) const LOST: [&str; 22] = [
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

pub(super) const TIMED_OUT: [&str; 14] = [
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

/// Of heartbeats that did not come.
pub(super) const MISSING: [&str; 5] = ["missing", "missed", "faltando", "faltou", "faltam"];

/// Of a sender of heartbeats that is silent.
pub(super) const STOPPED: [&str; 24] = [
    "stopped",
    "has stop",
    "parou",
    "parado",
    "interromp",
    "inativ",
    "inactiv",
    "is down",
    "client down",
    "is dead",
    "client dead",
    "died",
    "morreu",
    "morto",
    "offline",
    "disconnect",
    "desconect",
    "silent",
    "silencio",
    "no heartbeat",
    "no more heartbeat",
    "nenhum heartbeat",
    "sem heartbeat",
    "lost contact",
];

/// Of what a client rightly does not count.
pub(super) const LEFT_OUT: [&str; 30] = [
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
pub(super) const SUMMARY: [&str; 45] = [
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

pub(super) const RTT_WORDS: [&str; 13] = [
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

pub(super) const TIME_WORDS: [&str; 3] = ["time", "tempo", "temps"];

pub(super) const LABELS: [&str; 30] = [
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

/// Whether a word of a summary stands there for itself: "min" does not in "minutes".
pub(super) fn has_summary(text: &str, word: &str) -> bool {
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
