//! The table's search language: `lost`, `seq:5`, `seq:5..9`, `rtt>200ms`, `line:12`.
//!
//! Terms are joined by "and"; a `-` before a term means "not". Several words for kinds
//! of events mean any of them. Words come from a lexicon, so that every language's names
//! work, beside the English ones; a number by itself is a probe's.

use core::ops::RangeInclusive;

use super::log::{Event, EventData, Symbol};
use super::run::Run;

/// A parsed query.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Query {
    /// Each must hold.
    terms: Vec<Term>,
    /// One of these must hold, if there is any.
    kinds: Vec<Keyword>,
}

#[derive(Debug, Clone, PartialEq)]
struct Term {
    negated: bool,
    what: Test,
}

#[derive(Debug, Clone, PartialEq)]
enum Test {
    Keyword(Keyword),
    Seq(RangeInclusive<u64>),
    Line(RangeInclusive<u64>),
    Rtt(RangeInclusive<u64>),
    At(RangeInclusive<u64>),
}

/// What a word of the lexicon stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keyword {
    /// Events with this mark.
    Symbol(Symbol),
    /// Events of this name, such as `event-sent`.
    Event(&'static str),
    /// Events that the core decides otherwise.
    Differs,
}

/// Why a query cannot be understood: the term, and where it starts (bytes).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryError {
    /// The term.
    pub term: String,
    /// Where it starts.
    pub at: usize,
    /// What is wrong: a catalogue's key.
    pub what: &'static str,
}

/// The words that always work: an event's name without its `event-`.
fn english(word: &str) -> Option<Keyword> {
    let name = EventData::NAMES
        .iter()
        .find(|name| name.strip_prefix("event-") == Some(word));
    match word {
        "differs" => Some(Keyword::Differs),
        _ => name.map(|name| Keyword::Event(name)),
    }
}

impl Query {
    /// Reads a query. `lexicon` has the page's language's words, in lower case.
    ///
    /// # Errors
    /// [`QueryError`] names the first term that means nothing.
    pub fn parse(text: &str, lexicon: &[(&str, Keyword)]) -> Result<Self, QueryError> {
        let mut query = Self::default();
        let mut at = 0;
        for piece in text.split_inclusive(char::is_whitespace) {
            let term = piece.trim();
            if !term.is_empty() {
                let start = at + (piece.len() - piece.trim_start().len());
                let (negated, bare) = match term.strip_prefix('-') {
                    Some(bare) => (true, bare),
                    None => (false, term),
                };
                let asked = Test::parse(bare, lexicon).map_err(|what| QueryError {
                    term: term.to_owned(),
                    at: start,
                    what,
                })?;
                match asked {
                    Test::Keyword(word) if !negated && word != Keyword::Differs => {
                        query.kinds.push(word);
                    }
                    what => query.terms.push(Term { negated, what }),
                }
            }
            at += piece.len();
        }
        Ok(query)
    }

    /// It lets everything through.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty() && self.kinds.is_empty()
    }

    /// Whether the event at `index` meets it.
    #[must_use]
    pub fn matches(&self, run: &Run, index: usize) -> bool {
        let Some(event) = run.event(index) else {
            return false;
        };
        let all = self
            .terms
            .iter()
            .all(|term| term.what.holds(&event) != term.negated);
        all && (self.kinds.is_empty() || self.kinds.iter().any(|word| word.fits(&event)))
    }
}

impl Test {
    fn parse(term: &str, lexicon: &[(&str, Keyword)]) -> Result<Self, &'static str> {
        let lower = lower(term);
        let listed = lexicon.iter().find(|(word, _)| *word == lower);
        if let Some(word) = listed.map(|(_, word)| *word).or_else(|| english(&lower)) {
            return Ok(Self::Keyword(word));
        }
        if let Ok(seq) = lower.trim_start_matches('#').parse() {
            return Ok(Self::Seq(seq..=seq));
        }
        let at = lower
            .find([':', '<', '>', '='])
            .ok_or("query-unknown-word")?;
        let (field, rest) = lower.split_at(at);
        match field {
            "seq" => Ok(Self::Seq(range(rest, number)?)),
            "line" => Ok(Self::Line(range(rest, number)?)),
            "rtt" => Ok(Self::Rtt(range(rest, duration)?)),
            "at" | "t" => Ok(Self::At(range(rest, duration)?)),
            _ => Err("query-unknown-word"),
        }
    }

    fn holds(&self, event: &Event) -> bool {
        let within = |range: &RangeInclusive<u64>, value: Option<u64>| {
            value.is_some_and(|value| range.contains(&value))
        };
        match self {
            Self::Keyword(word) => word.fits(event),
            Self::Seq(range) => within(range, event.seq),
            Self::Line(range) => within(range, event.line),
            Self::At(range) => range.contains(&event.at_ns),
            Self::Rtt(range) => within(
                range,
                match event.what {
                    EventData::Replied { rtt_ns, .. }
                    | EventData::Late { rtt_ns, .. }
                    | EventData::Duplicate { rtt_ns } => Some(rtt_ns),
                    _ => None,
                },
            ),
        }
    }
}

impl Keyword {
    fn fits(self, event: &Event) -> bool {
        match self {
            Self::Symbol(symbol) => event.what.symbol() == Some(symbol),
            Self::Event(name) => event.what.name() == name,
            Self::Differs => event.differs,
        }
    }
}

/// The values that `:5`, `:5..9`, `>5`, `>=5`, `<5`, `<=5` or `=5` allow.
fn range(
    text: &str,
    value: fn(&str) -> Result<u64, &'static str>,
) -> Result<RangeInclusive<u64>, &'static str> {
    let least = |text| value(text).map(|least| least..=u64::MAX);
    let most = |text| value(text).map(|most| 0..=most);
    if let Some(rest) = text.strip_prefix(">=") {
        least(rest)
    } else if let Some(rest) = text.strip_prefix("<=") {
        most(rest)
    } else if let Some(rest) = text.strip_prefix('>') {
        value(rest).map(|limit| limit.saturating_add(1)..=u64::MAX)
    } else if let Some(rest) = text.strip_prefix('<') {
        // Nothing is less than zero.
        #[expect(
            clippy::reversed_empty_ranges,
            reason = "an empty range is what is meant"
        )]
        value(rest).map(|limit| limit.checked_sub(1).map_or(1..=0, |most| 0..=most))
    } else {
        let rest = text.get(1..).unwrap_or_default();
        match rest.split_once("..") {
            Some((from, "")) => least(from),
            Some(("", until)) => most(until),
            Some((from, until)) => Ok(value(from)?..=value(until)?),
            None => value(rest).map(|only| only..=only),
        }
    }
}

/// In lower case, as far as the page's languages go: Latin letters with their accents.
/// (The general rule needs tables that weigh as much as the table's whole search.)
fn lower(text: &str) -> String {
    let lower = |letter: char| match letter {
        'À'..='Þ' if letter != '×' => char::from_u32(u32::from(letter) + 32).unwrap_or(letter),
        other => other.to_ascii_lowercase(),
    };
    text.chars().map(lower).collect()
}

fn number(text: &str) -> Result<u64, &'static str> {
    text.parse().map_err(|_| "query-bad-number")
}

/// `200ms`, `1.5s`, `1,5s`, `300us` or `80ns`, in nanoseconds.
fn duration(text: &str) -> Result<u64, &'static str> {
    const WRONG: &str = "query-bad-duration";
    let unit_at = text
        .find(|c: char| !matches!(c, '0'..='9' | '.' | ','))
        .ok_or(WRONG)?;
    let (amount, unit) = text.split_at(unit_at);
    let nanos: u64 = match unit {
        "ns" => 1,
        "us" | "µs" | "μs" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        _ => return Err(WRONG),
    };
    let (whole, part) = amount.split_once(['.', ',']).unwrap_or((amount, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(part) || (whole.is_empty() && part.is_empty()) {
        return Err(WRONG);
    }
    let mut total = nanos.saturating_mul(match whole {
        "" => 0,
        whole => whole.parse().map_err(|_| WRONG)?,
    });
    let mut place = nanos;
    for digit in part.bytes() {
        place /= 10;
        total = total.saturating_add(place * u64::from(digit - b'0'));
    }
    Ok(total)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use udping_link::Seed;

    use super::*;
    use crate::presets::Preset;

    fn found(run: &Run, text: &str) -> Vec<Event> {
        let query = Query::parse(text, &[("perdida", Keyword::Event("event-lost"))]).unwrap();
        let events = (0..run.events()).filter(|event| query.matches(run, *event));
        events.filter_map(|event| run.event(event)).collect()
    }

    fn run() -> Run {
        let mut setup = Preset::Textbook.setup(Seed::from_low_bits(20));
        setup.count = 40;
        Run::simulate(&setup.header().unwrap()).unwrap()
    }

    #[test]
    fn words_of_any_language_find_their_events() {
        let run = run();
        let lost = found(&run, "lost");
        assert!(
            lost.len() > 5
                && lost
                    .iter()
                    .all(|it| matches!(it.what, EventData::Lost { .. }))
        );
        assert_eq!(found(&run, "Perdida"), lost);
        let both = found(&run, "lost replied");
        assert_eq!(both.len(), 40, "one or the other of every probe");
        assert_eq!(found(&run, "-lost -replied").len(), run.events() - 40);
        assert_eq!(found(&run, "  ").len(), run.events());
        assert!(found(&run, "differs").is_empty());
    }

    #[test]
    fn fields_have_values_and_ranges() {
        let run = run();
        let seqs = |text: &str| {
            let mut seqs: Vec<u64> = found(&run, text).iter().filter_map(|it| it.seq).collect();
            seqs.dedup();
            seqs
        };
        assert_eq!(seqs("seq:5"), [5]);
        assert_eq!(seqs("7"), [7]);
        assert_eq!(seqs("#7"), [7]);
        assert_eq!(seqs("seq:5..7"), [5, 6, 7]);
        assert_eq!(seqs("seq>38"), [39, 40]);
        assert_eq!(seqs("seq<=2"), [1, 2]);
        assert!(seqs("seq<0").is_empty());
        assert_eq!(seqs("seq:39.."), [39, 40]);
        assert_eq!(seqs("sent seq:..2 -seq:1"), [2]);
        let slow = found(&run, "rtt>=90ms");
        let quick = found(&run, "rtt<90ms");
        assert!(!slow.is_empty() && !quick.is_empty());
        assert_eq!(slow.len() + quick.len(), found(&run, "replied").len());
        assert_eq!(found(&run, "at<=0,0s sent").len(), 1);
    }

    #[test]
    fn durations_are_exact() {
        for (text, expected) in [
            ("200ms", 200_000_000),
            ("1.5s", 1_500_000_000),
            ("1,5s", 1_500_000_000),
            (".25us", 250),
            ("3µs", 3_000),
            ("80ns", 80),
            ("0.123456789s", 123_456_789),
        ] {
            assert_eq!(duration(text), Ok(expected), "{text}");
        }
        for bad in [
            "",
            "5",
            "ms",
            "-1ms",
            "1.2.3s",
            "1h",
            "1e3s",
            "99999999999999999999ms",
        ] {
            assert_eq!(duration(bad), Err("query-bad-duration"), "{bad}");
        }
    }

    #[test]
    fn what_means_nothing_is_named_with_its_place() {
        let error = |text| Query::parse(text, &[]).unwrap_err();
        assert_eq!(
            error("lost  perhaps"),
            QueryError {
                term: "perhaps".into(),
                at: 6,
                what: "query-unknown-word",
            }
        );
        assert_eq!(error("seq:five").what, "query-bad-number");
        assert_eq!(error("rtt>5").what, "query-bad-duration");
        assert_eq!(error("colour:red").what, "query-unknown-word");
        assert_eq!(error("-").term, "-");
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,40}") {
            let _ = Query::parse(&text, &[]);
        }

        #[test]
        fn near_misses_neither(text in "-?(seq|rtt|at|line|lost|#)?[:<>=.]{0,3}[0-9.]{0,4}(ms|s|é)?") {
            let _ = Query::parse(&text, &[]);
        }
    }
}
