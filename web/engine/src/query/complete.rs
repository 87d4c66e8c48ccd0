//! What a filter that is being typed could go on with.
//!
//! Owns which words fit where. Knows nothing of how they are shown.

use super::token::{TokenKind, tokens};
use super::{Field, Measure, Word, lower};
use crate::facts::Fact;
use crate::log::EventData;

/// A word that fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// The whole text with it in its place.
    pub text: String,
    /// Where the caret stands then, in characters.
    pub caret: usize,
    /// The word.
    pub word: String,
    /// What it means: a catalogue's key.
    pub meaning: &'static str,
}

/// The completions at a caret (in characters), the likely ones first. `lexicon` is as for
/// [`Query::parse`](super::Query::parse): its words go before the English ones.
#[must_use]
pub fn complete(text: &str, caret: usize, lexicon: &[(&str, Word)]) -> Vec<Completion> {
    let letters: Vec<char> = text.chars().collect();
    let caret = caret.min(letters.len());
    let mut before: String = letters.iter().take(caret).collect();
    let after: String = letters.iter().skip(caret).collect();
    let parts = tokens(&before);
    let last = parts.last();
    // The word under the caret: a text, or what joins terms but may become another word.
    let open = last.filter(|last| {
        let is_word = matches!(
            last.what,
            TokenKind::Text | TokenKind::And | TokenKind::Or | TokenKind::Not
        ) && last.text.chars().next().is_some_and(char::is_alphanumeric);
        is_word && last.at + last.text.chars().count() == caret
    });
    let begun = open.map(|open| lower(open.text)).unwrap_or_default();
    let behind = if open.is_some() {
        parts.split_last().map_or(&parts[..0], |(_, behind)| behind)
    } else {
        &parts[..]
    };
    let previous = behind.last().map(|token| token.what);
    let words = match previous {
        Some(TokenKind::Compare(_)) => {
            let name = behind.iter().rev().nth(1).map(|token| lower(token.text));
            values(&name.unwrap_or_default(), lexicon)
        }
        Some(TokenKind::Text | TokenKind::Close) => joining(),
        None | Some(TokenKind::Open | TokenKind::Not | TokenKind::And | TokenKind::Or) => {
            terms(lexicon)
        }
    };
    let typed = open.map_or(0, |open| open.text.len());
    before.truncate(before.len() - typed);
    let fits = |word: &&(String, &'static str)| word.0.starts_with(&begun) && word.0 != begun;
    let mut fitting: Vec<&(String, &'static str)> = words.iter().filter(fits).collect();
    if !begun.is_empty() {
        let within =
            |word: &&(String, &'static str)| word.0.contains(&begun) && !word.0.starts_with(&begun);
        fitting.extend(words.iter().filter(within));
    }
    let completed = fitting.into_iter().map(|(word, meaning)| {
        // A field goes on with its comparison; a word is finished.
        let space = if word.ends_with(':') || after.starts_with(char::is_whitespace) {
            ""
        } else {
            " "
        };
        Completion {
            text: [&before, word, space, &after].concat(),
            caret: [&before, word.as_str(), space].concat().chars().count(),
            word: word.clone(),
            meaning,
        }
    });
    completed.collect()
}

fn joining() -> Vec<(String, &'static str)> {
    [
        ("and", "filter-and"),
        ("or", "filter-or"),
        ("not", "filter-not"),
    ]
    .map(|(word, meaning)| (word.to_owned(), meaning))
    .into()
}

fn terms(lexicon: &[(&str, Word)]) -> Vec<(String, &'static str)> {
    let facts = Fact::ALL.into_iter().map(|fact| {
        let listed = lexicon.iter().find(|(_, word)| *word == Word::Fact(fact));
        let word = listed.map_or(fact.word(), |(word, _)| word);
        (word.to_owned(), fact.meaning())
    });
    let fields = Field::ALL.into_iter();
    let fields = fields.map(|field| ([field.name(), ":"].concat(), field.meaning()));
    let event = core::iter::once(("event:".to_owned(), "filter-event"));
    let not = core::iter::once(("not".to_owned(), "filter-not"));
    facts.chain(fields).chain(event).chain(not).collect()
}

fn values(field: &str, lexicon: &[(&str, Word)]) -> Vec<(String, &'static str)> {
    if matches!(field, "event" | "evento") {
        return EventData::NAMES
            .iter()
            .map(|name| {
                let listed = lexicon.iter().find(|(_, word)| *word == Word::Event(name));
                let english = name.strip_prefix("event-").unwrap_or(name);
                (listed.map_or(english, |(word, _)| word).to_owned(), *name)
            })
            .collect();
    }
    let Some(field) = Field::ALL.into_iter().find(|it| it.name() == field) else {
        return Vec::new();
    };
    let values: &[&str] = match field.measure() {
        Measure::Number => &["1", "10-20", "3,5,7"],
        Measure::Span => &["1ms", "10ms", "100ms", "10-20ms"],
        Measure::Time => &["1s", "500ms", "1-2s"],
    };
    let meaning = field.measure().meaning();
    values
        .iter()
        .map(|it| ((*it).to_owned(), meaning))
        .collect()
}

impl Fact {
    /// What a filter finds by it: a catalogue's key.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Replied => "filter-replied",
            Self::Lost => "filter-lost",
            Self::Late => "filter-late",
            Self::Duplicate => "filter-duplicate",
            Self::Reordered => "filter-reordered",
            Self::Ignored => "filter-ignored",
            Self::Refused => "filter-refused",
            Self::Unsent => "filter-unsent",
            Self::InFlight => "filter-in-flight",
            Self::Differs => "filter-differs",
        }
    }
}

impl Field {
    /// What it is: a catalogue's key.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Seq => "filter-seq",
            Self::Rtt => "filter-rtt",
            Self::Sent => "filter-sent",
            Self::At => "filter-at",
            Self::Line => "filter-line",
            Self::There => "filter-there",
            Self::Server => "filter-server",
            Self::Back => "filter-back",
        }
    }
}

impl Measure {
    const fn meaning(self) -> &'static str {
        match self {
            Self::Number => "filter-number",
            Self::Span => "filter-span",
            Self::Time => "filter-time",
        }
    }
}
