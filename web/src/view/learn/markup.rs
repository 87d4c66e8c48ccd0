//! Pieces of the room's markup, and the way into the page.
//!
//! Markup is written with maud, which escapes every text, whoever wrote it.

use maud::{Markup, html};
use web_sys::Element;

use super::super::dom::document;
use super::super::i18n::{Key, Localization, Value};
use udping_engine::lesson::measure::Unit;
use udping_engine::lesson::prose::{Span, paragraphs, source_url};
use udping_engine::lesson::values::{Quantity, Values};

/// A message whose name is put together elsewhere, as a lesson's are: `build.rs` makes
/// sure that it exists.
pub(super) fn message<'a>(l10n: &Localization, id: &'a str) -> &'a str
where
    'static: 'a,
{
    l10n.find(id).unwrap_or(id)
}

/// A message that names values of its lesson's world.
pub(super) fn said(l10n: &Localization, id: &str, values: &Values) -> String {
    l10n.say_looking_up(id, &|name| values.get(name).map(value))
}

/// How a value is written.
fn value(quantity: Quantity) -> Value<'static> {
    let amount = quantity.amount;
    match quantity.unit {
        Unit::Count | Unit::Bytes => Value::Count(amount.unsigned_abs()),
        Unit::Share => Value::Rate(amount.unsigned_abs()),
        Unit::Span => Value::SignedSpan(amount),
    }
}

/// A lesson's prose as paragraphs, each followed by the definitions of its terms, which
/// their words open. `id` keeps this prose's definitions from any other's.
pub(super) fn prose(l10n: &Localization, text: &str, id: &str) -> Markup {
    html! {
        @for (number, spans) in paragraphs(text).iter().enumerate() {
            @let id = format!("{id}-{number}");
            p { (inline(spans, Some(&id))) }
            (definitions(l10n, spans, &id))
        }
    }
}

/// A question as the legend of its answers, with the definitions of its terms.
pub(super) fn legend(l10n: &Localization, text: &str, id: &str) -> Markup {
    let spans = paragraphs(text).concat();
    html! {
        legend { (inline(&spans, Some(id))) }
        (definitions(l10n, &spans, id))
    }
}

/// A lesson's prose without paragraphs and terms: for a line of its own.
pub(super) fn line(text: &str) -> Markup {
    html! {
        @for (number, spans) in paragraphs(text).iter().enumerate() {
            @if number > 0 { " " }
            (inline(spans, None))
        }
    }
}

/// The definitions of a paragraph's terms, still hidden.
fn definitions(l10n: &Localization, spans: &[Span<'_>], id: &str) -> Markup {
    let terms = spans.iter().filter_map(|span| match span {
        Span::Term { term, .. } => Some(term),
        _ => None,
    });
    html! {
        @for term in terms {
            p class="definition" id={ (id) "-" (term) } hidden {
                b { (message(l10n, &format!("learn-term-{term}"))) }
                " " (message(l10n, &format!("learn-term-{term}-is")))
            }
        }
    }
}

/// A paragraph's words. With an `id`, its terms open their definitions.
fn inline(spans: &[Span<'_>], id: Option<&str>) -> Markup {
    html! {
        @for span in spans {
            @match (span, id) {
                (Span::Code(code), _) => { code { (code) } }
                (Span::Source { words, url }, _) => { (link(words, url)) }
                (Span::Term { words, term }, Some(id)) => {
                    button type="button" class="term" data-learn="term" aria-expanded="false"
                        aria-controls={ (id) "-" (term) } { (words) }
                }
                (Span::Text(words) | Span::Term { words, .. }, _) => { (words) }
            }
        }
    }
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

/// A source, with a link where it has an address.
pub(super) fn source(name: &str) -> Markup {
    source_url(name).map_or_else(|| html! { (name) }, |url| link(name, &url))
}

fn link(words: &str, url: &str) -> Markup {
    html! { a href=(url) target="_blank" rel="noreferrer" { (words) } }
}

/// The heading of a screen.
pub(super) fn heading(text: impl maud::Render) -> Markup {
    html! { h2 id="learn-title" class="learn-title" tabindex="-1" { (text) } }
}

/// A button of the room, of which a screen has one: its name is that of what it does.
pub(super) fn button(l10n: &Localization, act: &str, class: &str, text: Key) -> Markup {
    html! {
        button type="button" id={ "learn-" (act) } class=(class) data-learn=(act) {
            (l10n.get(text))
        }
    }
}

/// A symbol of the page.
pub(super) fn symbol(class: &str, href: &str) -> Markup {
    html! { svg class=(class) aria-hidden="true" { use href=(href) {} } }
}

/// Puts markup into an element, if it is there and shows something else.
pub(super) fn put(id: &str, markup: &Markup) {
    if let Some(element) = document().get_element_by_id(id) {
        put_into(&element, markup);
    }
}

pub(super) fn put_into(element: &Element, markup: &Markup) {
    if element.inner_html() != markup.0 {
        element.set_inner_html(&markup.0);
    }
}
