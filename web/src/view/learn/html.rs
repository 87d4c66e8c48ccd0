//! Pieces of the room's markup, as text, and the way into the page.
//!
//! Owns the escaping: every text that is not markup of ours goes through
//! [`escape`], whoever wrote it.

use std::fmt::Write as _;

use web_sys::Element;

use super::super::dom::document;
use super::super::i18n::{Key, Words};
use udping_engine::lesson::prose::{Span, paragraphs, source_url};

/// A text as markup shows it.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
    }
    out
}

/// A message of a lesson, by its name: `build.rs` makes sure that it exists.
pub(super) fn message<'a>(words: &Words, id: &'a str) -> &'a str
where
    'static: 'a,
{
    words.find(id).unwrap_or(id)
}

/// A lesson's prose as paragraphs, each followed by the definitions of its terms, which
/// their words open. `id` keeps this prose's definitions from any other's.
pub(super) fn prose(words: &Words, text: &str, id: &str) -> String {
    let mut out = String::new();
    for (number, spans) in paragraphs(text).into_iter().enumerate() {
        let (text, definitions) = paragraph(words, &spans, &format!("{id}-{number}"));
        // Writing to a string cannot fail, here and below.
        let _ = write!(out, "<p>{text}</p>{definitions}");
    }
    out
}

/// A question as the legend of its answers, with the definitions of its terms.
pub(super) fn legend(words: &Words, text: &str, id: &str) -> String {
    let spans = paragraphs(text).concat();
    let (text, definitions) = paragraph(words, &spans, id);
    format!("<legend>{text}</legend>{definitions}")
}

/// A paragraph's words, and the definitions of its terms, still hidden.
fn paragraph(words: &Words, spans: &[Span<'_>], id: &str) -> (String, String) {
    let mut terms = Vec::new();
    let text = spans.iter().map(|it| span(it, id, &mut terms)).collect();
    let mut definitions = String::new();
    for (place, term) in terms {
        let name = message_text(words, &format!("learn-term-{term}"));
        let meaning = message_text(words, &format!("learn-term-{term}-is"));
        let _ = write!(
            definitions,
            "<p class=\"definition\" id=\"{place}\" hidden><b>{name}</b> {meaning}</p>"
        );
    }
    (text, definitions)
}

/// A lesson's prose without paragraphs and terms: for a line of its own.
pub(super) fn line(text: &str) -> String {
    let mut out = String::new();
    for spans in paragraphs(text) {
        if !out.is_empty() {
            out.push(' ');
        }
        for span in spans {
            match span {
                Span::Term { words, .. } => out.push_str(&escape(words)),
                other => out.push_str(&self::span(&other, "", &mut Vec::new())),
            }
        }
    }
    out
}

/// A lesson's prose without any markup: to be said.
pub(super) fn plain(text: &str) -> String {
    let spans = paragraphs(text).into_iter().flatten();
    spans
        .map(|span| match span {
            Span::Text(words)
            | Span::Code(words)
            | Span::Term { words, .. }
            | Span::Source { words, .. } => words,
        })
        .collect()
}

/// The terms that a text links to, in order.
pub(super) fn terms(text: &str) -> Vec<String> {
    let spans = paragraphs(text).into_iter().flatten();
    spans
        .filter_map(|span| match span {
            Span::Term { term, .. } => Some(term.to_owned()),
            _ => None,
        })
        .collect()
}

fn span(span: &Span<'_>, id: &str, terms: &mut Vec<(String, String)>) -> String {
    match span {
        Span::Text(text) => escape(text),
        Span::Code(code) => format!("<code>{}</code>", escape(code)),
        Span::Source { words, url } => link(words, url),
        Span::Term { words, term } => {
            let place = format!("{id}-{term}");
            let button = format!(
                "<button type=\"button\" class=\"term\" data-learn=\"term\" aria-expanded=\"false\" aria-controls=\"{place}\">{}</button>",
                escape(words)
            );
            terms.push((place, (*term).to_owned()));
            button
        }
    }
}

/// A source, with a link where it has an address.
pub(super) fn source(name: &str) -> String {
    source_url(name).map_or_else(|| escape(name), |url| link(name, &url))
}

fn link(words: &str, url: &str) -> String {
    format!(
        "<a href=\"{}\" target=\"_blank\" rel=\"noreferrer\">{}</a>",
        escape(url),
        escape(words)
    )
}

/// A message whose name is put together here.
pub(super) fn message_text(words: &Words, id: &str) -> String {
    escape(words.find(id).unwrap_or(id))
}

/// A message's `aria-label`, ready for a tag.
pub(super) fn label(words: &Words, id: &'static str) -> String {
    format!("aria-label=\"{}\"", escape(words.named(id)))
}

/// A button of the room, of which a screen has one: its name is that of what it does.
pub(super) fn button(words: &Words, act: &str, class: &str, text: Key) -> String {
    let text = escape(words.get(text));
    format!(
        "<button type=\"button\" id=\"learn-{act}\" class=\"{class}\" data-learn=\"{act}\">{text}</button>"
    )
}

/// Puts markup into an element, if it is there and shows something else.
pub(super) fn put(id: &str, markup: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        put_into(&element, markup);
    }
}

pub(super) fn put_into(element: &Element, markup: &str) {
    if element.inner_html() != markup {
        element.set_inner_html(markup);
    }
}
