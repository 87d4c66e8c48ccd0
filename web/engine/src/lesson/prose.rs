//! A lesson's prose: paragraphs with code, terms of the glossary, and sources.
//!
//! Owns the little markup that the catalogues use: `code` in backticks, and
//! `[words](term)`. Sources are recognised as they are written: `RFC 6298 §2.4`.

/// A piece of a paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Span<'a> {
    /// Words.
    Text(&'a str),
    /// Words of a program.
    Code(&'a str),
    /// Words that the glossary explains.
    Term {
        /// The words.
        words: &'a str,
        /// The term's name.
        term: &'a str,
    },
    /// Where something is written, with its address.
    Source {
        /// As it is cited.
        words: &'a str,
        /// Where it can be read.
        url: String,
    },
}

/// The paragraphs of a text.
#[must_use]
pub fn paragraphs(text: &str) -> Vec<Vec<Span<'_>>> {
    text.split("\n\n").map(|text| spans(text.trim())).collect()
}

/// The pieces of one paragraph.
fn spans(text: &str) -> Vec<Span<'_>> {
    let mut spans = Vec::new();
    let mut rest = text;
    let mut plain = 0;
    while let Some((at, length, span)) = next(rest, plain) {
        if at > 0 {
            spans.push(Span::Text(&rest[..at]));
        }
        spans.push(span);
        rest = &rest[at + length..];
        plain = 0;
    }
    if !rest.is_empty() {
        spans.push(Span::Text(rest));
    }
    spans
}

/// The first piece at or after `from` that is more than words: its offset and length.
fn next(text: &str, from: usize) -> Option<(usize, usize, Span<'_>)> {
    let mut from = from;
    loop {
        let at = from + text.get(from..)?.find(['`', '[', 'R'])?;
        let here = &text[at..];
        let found = match here.as_bytes().first() {
            Some(b'`') => code(here),
            Some(b'[') => term(here),
            _ => source(here).map(|(length, url)| {
                let words = &here[..length];
                (length, Span::Source { words, url })
            }),
        };
        match found {
            Some((length, span)) => return Some((at, length, span)),
            None => from = at + 1,
        }
    }
}

fn code(text: &str) -> Option<(usize, Span<'_>)> {
    let inner = text.strip_prefix('`')?;
    let end = inner.find('`')?;
    Some((end + 2, Span::Code(&inner[..end])))
}

fn term(text: &str) -> Option<(usize, Span<'_>)> {
    let inner = text.strip_prefix('[')?;
    let (words, rest) = inner.split_once("](")?;
    let (term, _) = rest.split_once(')')?;
    let length = words.len() + term.len() + 4;
    Some((length, Span::Term { words, term }))
}

/// How long a citation of an RFC at the text's beginning is, and its address.
fn source(text: &str) -> Option<(usize, String)> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = text.strip_prefix("RFC ")?;
    let number = digits(rest);
    if number == 0 {
        return None;
    }
    let mut url = format!("https://www.rfc-editor.org/rfc/rfc{}", &rest[..number]);
    let mut length = 4 + number;
    if let Some(section) = rest[number..].strip_prefix(" §") {
        let mut end = digits(section);
        while let Some(more) = section[end..].strip_prefix('.') {
            match digits(more) {
                0 => break,
                more => end += 1 + more,
            }
        }
        if end > 0 {
            url = format!("{url}#section-{}", &section[..end]);
            length += " §".len() + end;
        }
    }
    Some((length, url))
}

/// The address of a source that is named by itself; `None` of a book.
#[must_use]
pub fn source_url(source_name: &str) -> Option<String> {
    source(source_name).map(|(_, url)| url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_markup_becomes_spans() {
        let text = "Call `recvfrom` on a [socket](socket) (RFC 1122 §4.1.3.3). RFC 768.\n\nEnd.";
        let rfc = |words, url: &str| Span::Source {
            words,
            url: format!("https://www.rfc-editor.org/rfc/{url}"),
        };
        assert_eq!(
            paragraphs(text),
            [
                vec![
                    Span::Text("Call "),
                    Span::Code("recvfrom"),
                    Span::Text(" on a "),
                    Span::Term {
                        words: "socket",
                        term: "socket"
                    },
                    Span::Text(" ("),
                    rfc("RFC 1122 §4.1.3.3", "rfc1122#section-4.1.3.3"),
                    Span::Text("). "),
                    rfc("RFC 768", "rfc768"),
                    Span::Text("."),
                ],
                vec![Span::Text("End.")],
            ]
        );
    }

    #[test]
    fn what_is_no_markup_stays_words() {
        for text in [
            "a ` alone",
            "[not a term]",
            "an RTT, RFC, RFC x",
            "x[1](",
            "",
        ] {
            let all: String = paragraphs(text)
                .concat()
                .into_iter()
                .map(|span| match span {
                    Span::Text(text) => text,
                    other => panic!("{other:?}"),
                })
                .collect();
            assert_eq!(all, text);
        }
        assert_eq!(source_url("Kurose & Ross §2.7"), None);
    }
}
