//! The filter's language: `late or rtt>30`, `seq:30-40`, `lost and not late`, `line:12`.
//!
//! Owns what a text means, and where it means nothing. It is judged at an event, and what is said
//! of a probe holds at each of its events; what a filter finds in a whole run is
//! [`filter`](super::filter)'s. Words come from a lexicon, so that every language's names work,
//! beside the English ones.

mod complete;
mod token;
mod value;

use core::ops::RangeInclusive;

use super::facts::Fact;
use super::log::{EventData, EventKind, index};
use super::run::Run;
pub use complete::{Completion, complete};
use token::{Comparison, Token, TokenKind, tokens};

/// A parsed filter.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Query(Option<Expr>);

#[derive(Debug, Clone, PartialEq)]
enum Expr {
    Test(Test),
    Not(Box<Expr>),
    /// Each must hold.
    All(Vec<Expr>),
    /// One must hold.
    Any(Vec<Expr>),
}

#[derive(Debug, Clone, PartialEq)]
enum Test {
    Fact(Fact),
    Event(EventKind),
    Within(Field, Vec<RangeInclusive<u64>>),
}

/// What can be compared with a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The probe's number.
    Seq,
    /// Its RTT: of the reply in time, or of the late one.
    Rtt,
    /// When it was sent.
    Sent,
    /// When the event happened.
    At,
    /// The journal's line on which the event stands.
    Line,
    /// From the client to the server: T2 − T1.
    There,
    /// In the server: T3 − T2.
    Server,
    /// From the server to the client: T4 − T3.
    Back,
}

/// What kind of value a field has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// A whole number: one, a range, or several with commas between them.
    Number,
    /// A duration; without a unit, in milliseconds.
    Span,
    /// A moment of the run; without a unit, in seconds.
    Time,
}

/// What a word of the lexicon stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    /// What became of a probe.
    Fact(Fact),
    /// Events of this name, such as `event-sent`.
    Event(&'static str),
}

/// Why a filter cannot be understood, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryError {
    /// The part that is wrong; empty where something is missing.
    pub term: String,
    /// The column at which it starts, from 0, in characters.
    pub at: usize,
    /// What is wrong: a catalogue's key.
    pub what: &'static str,
}

/// How deep parentheses and negations can be nested: what people write needs three.
const DEEPEST: usize = 64;

impl Field {
    /// All, in the order in which they are explained.
    pub const ALL: [Self; 8] = [
        Self::Seq,
        Self::Rtt,
        Self::Sent,
        Self::At,
        Self::There,
        Self::Server,
        Self::Back,
        Self::Line,
    ];

    /// Its name in a filter.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Seq => "seq",
            Self::Rtt => "rtt",
            Self::Sent => "sent",
            Self::At => "at",
            Self::Line => "line",
            Self::There => "there",
            Self::Server => "server",
            Self::Back => "back",
        }
    }

    /// What it is compared with.
    #[must_use]
    pub const fn measure(self) -> Measure {
        match self {
            Self::Seq | Self::Line => Measure::Number,
            Self::Rtt | Self::There | Self::Server | Self::Back => Measure::Span,
            Self::Sent | Self::At => Measure::Time,
        }
    }

    /// An example of it, which can be tried in any run.
    #[must_use]
    pub const fn example(self) -> &'static str {
        match self {
            Self::Seq => "seq:30-40",
            Self::Rtt => "rtt>30ms",
            Self::Sent => "sent:1-2s",
            Self::At => "at<2s",
            Self::Line => "line:100-120",
            Self::There => "there>5ms",
            Self::Server => "server>1ms",
            Self::Back => "back>5ms",
        }
    }
}

impl Query {
    /// Reads a filter. `lexicon` has the page's language's words, in lower case.
    ///
    /// # Errors
    /// [`QueryError`] names the first part that means nothing.
    pub fn parse(text: &str, lexicon: &[(&str, Word)]) -> Result<Self, QueryError> {
        let tokens = tokens(text);
        let mut parser = Parser {
            tokens: &tokens,
            at: 0,
            end: text.trim_end().chars().count(),
            lexicon,
            depth: 0,
        };
        if tokens.is_empty() {
            return Ok(Self::default());
        }
        let expr = parser.any()?;
        match parser.peek() {
            None => Ok(Self(Some(expr))),
            Some(token) => Err(token.wrong("query-unopened")),
        }
    }

    /// It lets everything through.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// Whether it holds at the event at `index`.
    #[must_use]
    pub fn holds(&self, run: &Run, index: usize) -> bool {
        self.0.as_ref().is_none_or(|expr| expr.holds(run, index))
    }
}

impl Expr {
    fn holds(&self, run: &Run, event: usize) -> bool {
        match self {
            Self::Test(test) => test.holds(run, event),
            Self::Not(expr) => !expr.holds(run, event),
            Self::All(all) => all.iter().all(|expr| expr.holds(run, event)),
            Self::Any(any) => any.iter().any(|expr| expr.holds(run, event)),
        }
    }
}

impl Test {
    fn holds(&self, run: &Run, event: usize) -> bool {
        let log = run.log();
        match self {
            Self::Fact(fact) => match log.events.probe.get(event).copied().and_then(index) {
                Some(probe) => run.facts().has(probe, *fact),
                None => run.event(event).is_some_and(|event| {
                    let of_mark = event.what.symbol().and_then(Fact::of_symbol);
                    of_mark == Some(*fact) || (*fact == Fact::Differs && event.differs)
                }),
            },
            Self::Event(kind) => log.code(event).is_some_and(|code| code.kind() == *kind),
            Self::Within(field, ranges) => {
                let value = field.value(run, event);
                value.is_some_and(|value| ranges.iter().any(|range| range.contains(&value)))
            }
        }
    }
}

impl Field {
    /// Its value at an event, in nanoseconds where it is a time.
    pub(crate) fn value(self, run: &Run, event: usize) -> Option<u64> {
        let log = run.log();
        let probe = || index(*log.events.probe.get(event)?);
        let reply = || {
            let probe = probe()?;
            log.late_by(probe, usize::MAX)
                .or_else(|| log.settled_by(probe, usize::MAX))
        };
        let exchange = || run.exchange(reply()?);
        match self {
            Self::Seq => log.seq(event),
            Self::At => log.events.at.get(event).copied(),
            Self::Line => log.line(event),
            Self::Sent => {
                let sent = index(*log.probes.sent.get(probe()?)?)?;
                log.events.at.get(sent).copied()
            }
            Self::Rtt => {
                let reply = reply()?;
                let answered = matches!(
                    log.code(reply)?.kind(),
                    EventKind::Replied | EventKind::Late
                );
                log.events.value.get(reply).copied().filter(|_| answered)
            }
            Self::There => exchange().map(|it| it.reached - it.sent),
            Self::Server => exchange().map(|it| it.answered - it.reached),
            Self::Back => exchange().map(|it| it.arrived - it.answered),
        }
    }
}

struct Parser<'a> {
    tokens: &'a [Token<'a>],
    at: usize,
    /// The column after the last part.
    end: usize,
    lexicon: &'a [(&'a str, Word)],
    depth: usize,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&'a Token<'a>> {
        self.tokens.get(self.at)
    }

    fn take(&mut self, what: TokenKind) -> bool {
        let taken = self.peek().is_some_and(|token| token.what == what);
        self.at += usize::from(taken);
        taken
    }

    /// Alternatives.
    fn any(&mut self) -> Result<Expr, QueryError> {
        let mut any = vec![self.all()?];
        while self.take(TokenKind::Or) {
            any.push(self.all()?);
        }
        Ok(single(any, Expr::Any))
    }

    /// What must hold together: "and" can be left out.
    fn all(&mut self) -> Result<Expr, QueryError> {
        let mut all = vec![self.term()?];
        loop {
            match self.peek().map(|token| &token.what) {
                Some(TokenKind::And) => self.at += 1,
                None | Some(TokenKind::Or | TokenKind::Close) => return Ok(single(all, Expr::All)),
                Some(_) => {}
            }
            all.push(self.term()?);
        }
    }

    fn term(&mut self) -> Result<Expr, QueryError> {
        let Some(token) = self.peek() else {
            return Err(QueryError {
                term: String::new(),
                at: self.end,
                what: "query-needs-term",
            });
        };
        self.at += 1;
        match token.what {
            TokenKind::Not | TokenKind::Open => {
                self.depth += 1;
                if self.depth > DEEPEST {
                    return Err(token.wrong("query-too-deep"));
                }
                let expr = if token.what == TokenKind::Not {
                    Expr::Not(Box::new(self.term()?))
                } else {
                    let inner = self.any()?;
                    if !self.take(TokenKind::Close) {
                        return Err(token.wrong("query-unclosed"));
                    }
                    inner
                };
                self.depth -= 1;
                Ok(expr)
            }
            TokenKind::Text => match self.peek().map(|next| &next.what) {
                Some(TokenKind::Compare(comparison)) => {
                    self.at += 1;
                    self.comparison(token, *comparison)
                }
                _ => Ok(Expr::Test(self.word(token)?)),
            },
            TokenKind::Close | TokenKind::And | TokenKind::Or | TokenKind::Compare(_) => {
                Err(token.wrong("query-needs-term"))
            }
        }
    }

    fn comparison(&mut self, name: &Token<'_>, how: Comparison) -> Result<Expr, QueryError> {
        let value = self.peek().filter(|token| token.what == TokenKind::Text);
        let field = lower(name.text);
        let found = Field::ALL.into_iter().find(|it| it.name() == field);
        let is_event = matches!(how, Comparison::Is | Comparison::IsNot)
            && matches!(field.as_str(), "event" | "evento");
        if found.is_none() && !is_event {
            return Err(name.wrong("query-unknown-field"));
        }
        let Some(value) = value else {
            return Err(QueryError {
                term: String::new(),
                at: self.peek().map_or(self.end, |token| token.at),
                what: "query-needs-value",
            });
        };
        self.at += 1;
        let test = match found {
            Some(field) => {
                let ranges = value::ranges(field.measure(), how, &lower(value.text));
                Test::Within(field, ranges.map_err(|what| value.wrong(what))?)
            }
            None => Test::Event(self.event(value)?),
        };
        Ok(match how {
            Comparison::IsNot => Expr::Not(Box::new(Expr::Test(test))),
            _ => Expr::Test(test),
        })
    }

    /// A word or a number by itself.
    fn word(&self, token: &Token<'_>) -> Result<Test, QueryError> {
        let word = lower(token.text);
        let listed = self.lexicon.iter().find(|(known, _)| *known == word);
        match listed.map(|(_, word)| *word) {
            Some(Word::Fact(fact)) => return Ok(Test::Fact(fact)),
            Some(Word::Event(_)) | None => {}
        }
        if let Some(fact) = Fact::ALL.into_iter().find(|fact| fact.word() == word) {
            return Ok(Test::Fact(fact));
        }
        let number = word.trim_start_matches('#');
        if number.starts_with(|first: char| first.is_ascii_digit()) {
            let seqs = value::ranges(Measure::Number, Comparison::Is, number);
            let seqs = seqs.map_err(|what| token.wrong(what))?;
            return Ok(Test::Within(Field::Seq, seqs));
        }
        if Field::ALL.into_iter().any(|field| field.name() == word) && word != "sent" {
            return Err(QueryError {
                term: String::new(),
                at: token.at + token.text.chars().count(),
                what: "query-needs-value",
            });
        }
        self.event(token).map(Test::Event)
    }

    fn event(&self, token: &Token<'_>) -> Result<EventKind, QueryError> {
        let word = lower(token.text);
        let listed = self
            .lexicon
            .iter()
            .find_map(|(known, word_of)| match word_of {
                Word::Event(name) if *known == word => Some(*name),
                _ => None,
            });
        let place = EventData::NAMES.iter().position(|name| {
            listed.map_or_else(
                || name.strip_prefix("event-") == Some(&word),
                |it| it == *name,
            )
        });
        let kind = place.and_then(|at| EventKind::ALL.get(at).copied());
        kind.ok_or_else(|| token.wrong("query-unknown-word"))
    }
}

/// In lower case, as far as the page's languages go: Latin letters with their accents.
/// (The general rule needs tables that weigh as much as the whole filter.)
fn lower(text: &str) -> String {
    let lower = |letter: char| match letter {
        'À'..='Þ' if letter != '×' => char::from_u32(u32::from(letter) + 32).unwrap_or(letter),
        other => other.to_ascii_lowercase(),
    };
    text.chars().map(lower).collect()
}

fn single(mut exprs: Vec<Expr>, several: fn(Vec<Expr>) -> Expr) -> Expr {
    match exprs.pop() {
        Some(only) if exprs.is_empty() => only,
        Some(last) => {
            exprs.push(last);
            several(exprs)
        }
        None => several(exprs),
    }
}

#[cfg(test)]
mod tests;
