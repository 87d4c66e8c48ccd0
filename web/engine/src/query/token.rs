//! A filter's text in parts, each with its column.
//!
//! Owns where a part begins and ends. What a value means is [`value`](super::value)'s.

use super::{QueryError, lower};

/// A part of a filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub(super) what: TokenKind,
    pub(super) text: &'a str,
    /// Its column, from 0, in characters.
    pub(super) at: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenKind {
    Open,
    Close,
    Not,
    And,
    Or,
    Compare(Comparison),
    /// A word, a field's name or a value.
    Text,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Is,
    IsNot,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

impl Token<'_> {
    pub(super) fn wrong(&self, what: &'static str) -> QueryError {
        QueryError {
            term: self.text.to_owned(),
            at: self.at,
            what,
        }
    }
}

/// What stands for itself, the longest first.
const SIGNS: [(&str, TokenKind); 15] = [
    ("(", TokenKind::Open),
    (")", TokenKind::Close),
    ("!=", TokenKind::Compare(Comparison::IsNot)),
    ("≠", TokenKind::Compare(Comparison::IsNot)),
    ("!", TokenKind::Not),
    ("<=", TokenKind::Compare(Comparison::AtMost)),
    ("≤", TokenKind::Compare(Comparison::AtMost)),
    ("<", TokenKind::Compare(Comparison::Less)),
    (">=", TokenKind::Compare(Comparison::AtLeast)),
    ("≥", TokenKind::Compare(Comparison::AtLeast)),
    (">", TokenKind::Compare(Comparison::Greater)),
    ("==", TokenKind::Compare(Comparison::Is)),
    ("=", TokenKind::Compare(Comparison::Is)),
    ("&&", TokenKind::And),
    ("||", TokenKind::Or),
];

/// The parts of a text, in order.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens: Vec<Token<'_>> = Vec::new();
    let (mut rest, mut at) = (text, 0);
    while let Some(first) = rest.chars().next() {
        if first.is_whitespace() {
            rest = rest.get(first.len_utf8()..).unwrap_or_default();
            at += 1;
            continue;
        }
        let is_value =
            matches!(tokens.last(), Some(last) if matches!(last.what, TokenKind::Compare(_)));
        let (what, length) = sign(rest)
            .or_else(|| minus(rest).filter(|_| !is_value))
            .unwrap_or_else(|| {
                let length = word(rest);
                let text = rest.get(..length).unwrap_or(rest);
                (
                    if is_value {
                        TokenKind::Text
                    } else {
                        spelled(text)
                    },
                    length,
                )
            });
        let (text, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        tokens.push(Token { what, text, at });
        at += text.chars().count();
        rest = after;
    }
    tokens
}

fn sign(text: &str) -> Option<(TokenKind, usize)> {
    if text.starts_with(':') {
        return Some((TokenKind::Compare(Comparison::Is), 1));
    }
    let found = SIGNS.iter().find(|(sign, _)| text.starts_with(sign));
    found.map(|(sign, what)| (*what, sign.len()))
}

/// A minus before a term.
fn minus(text: &str) -> Option<(TokenKind, usize)> {
    let rest = text.strip_prefix('-')?;
    let before_term = rest.starts_with(|next: char| !next.is_whitespace());
    before_term.then_some((TokenKind::Not, 1))
}

/// How long a word is, in bytes: at least one letter.
fn word(text: &str) -> usize {
    let ends = |(at, letter): (usize, char)| {
        let sign = matches!(
            letter,
            '(' | ')' | ':' | '<' | '>' | '=' | '!' | '≤' | '≥' | '≠'
        );
        let pair = text
            .get(at..)
            .is_some_and(|rest| rest.starts_with("&&") || rest.starts_with("||"));
        (at > 0 && (letter.is_whitespace() || sign || pair)).then_some(at)
    };
    text.char_indices().find_map(ends).unwrap_or(text.len())
}

/// The words that join terms, in every language of the page.
fn spelled(word: &str) -> TokenKind {
    match lower(word).as_str() {
        "and" | "e" => TokenKind::And,
        "or" | "ou" => TokenKind::Or,
        "not" | "não" | "nao" => TokenKind::Not,
        _ => TokenKind::Text,
    }
}
