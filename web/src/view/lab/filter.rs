//! The filter's line: what is typed, what it could go on with, what is wrong with it, and how
//! many it finds.
//!
//! Owns the line and its pop-overs. What a filter means and finds is the engine's.

use web_sys::HtmlInputElement;

use super::ActiveRun;
use crate::view::dom::{Leaf, Row, Rows, by_id, typed};
use crate::view::i18n::{Key, Localization, Value, key};
use crate::view::input::now_ms;
use crate::view::run_view::RunView;
use crate::view::symbols::{look, name};
use udping_engine::facts::Fact;
use udping_engine::log::{EventData, Symbol};
use udping_engine::query::{Completion, Field, Query, QueryError, Word, complete};

/// How long a filter may keep a frame waiting, in milliseconds.
const PATIENCE_MS: f64 = 5.0;
/// How many completions are offered at once.
const OFFERED: usize = 10;

/// Filters to try, each with what it finds.
const EXAMPLES: [(&str, Key); 8] = [
    ("late or rtt>30", key::FILTER_EXAMPLE_SLOW),
    ("lost and not late", key::FILTER_EXAMPLE_NEVER),
    ("seq:30-40", key::FILTER_EXAMPLE_RANGE),
    ("3,5,9", key::FILTER_EXAMPLE_LIST),
    ("-replied", key::FILTER_EXAMPLE_MINUS),
    ("reordered or duplicate", key::FILTER_EXAMPLE_ORDER),
    ("(late or lost) and sent>1.5s", key::FILTER_EXAMPLE_GROUP),
    ("event:sent at<1s", key::FILTER_EXAMPLE_EVENT),
];

/// The line.
#[derive(Debug)]
pub(crate) struct FilterBar {
    input: Leaf,
    list: Leaf,
    words: Rows,
    mark: Leaf,
    count: Leaf,
    clear: Leaf,
    exports: Leaf,
    /// What the text could go on with, and which of it is chosen.
    offered: Vec<Completion>,
    chosen: Option<usize>,
    /// What is wrong with the text.
    error: Option<QueryError>,
    /// The words of the page's language.
    lexicon: Vec<(String, Word)>,
}

impl FilterBar {
    pub(crate) fn new() -> Self {
        Self {
            input: Leaf::of("filter-text"),
            list: Leaf::of("filter-words"),
            words: Rows::new(by_id("filter-words"), "t-word"),
            mark: Leaf::of("filter-mark"),
            count: Leaf::of("filter-count"),
            clear: Leaf::of("filter-clear"),
            exports: Leaf::of("exports-note"),
            offered: Vec::new(),
            chosen: None,
            error: None,
            lexicon: Vec::new(),
        }
    }

    /// Another language: other words, and the page's explanation is written again.
    pub(crate) fn translate(&mut self, l10n: &Localization) {
        self.lexicon = lexicon(l10n);
        self.words.clear();
        self.offered.clear();
        explain(l10n);
        self.error = self.query().err();
    }

    fn lexicon(&self) -> Vec<(&str, Word)> {
        let words = self.lexicon.iter();
        words.map(|(name, word)| (name.as_str(), *word)).collect()
    }

    fn query(&self) -> Result<Query, QueryError> {
        Query::parse(&text(), &self.lexicon())
    }

    pub(crate) fn draw(&mut self, l10n: &Localization, view: &RunView) {
        let typed = !text().is_empty();
        self.clear.show(typed);
        let found = &view.derived.found;
        let count = |count: usize| Value::Count(count as u64);
        let run = view.run();
        self.count.class(if self.error.is_some() {
            "small wrong-text"
        } else {
            "soft small"
        });
        self.count.text(&match &self.error {
            Some(error) => l10n.say(
                key::QUERY_WRONG,
                &[
                    ("column", Value::Number(error.at as u64 + 1)),
                    ("what", Value::Text(l10n.named(error.what))),
                ],
            ),
            None if view.searching() => l10n.get(key::FILTER_SEARCHING).to_owned(),
            // A server's journal has no probes.
            None if run.probes() == 0 && found.is_all() => {
                l10n.say(key::FILTER_EVENTS, &[("events", count(run.events()))])
            }
            None if run.probes() == 0 => l10n.say(
                key::FILTER_EVENTS_OF,
                &[
                    ("events", count(found.events())),
                    ("all", count(run.events())),
                ],
            ),
            None if found.is_all() => {
                l10n.say(key::FILTER_PROBES, &[("probes", count(run.probes()))])
            }
            None => l10n.say(
                key::FILTER_PROBES_OF,
                &[
                    ("probes", count(found.probes())),
                    ("all", count(run.probes())),
                ],
            ),
        });
        self.input
            .attribute("aria-invalid", self.error.as_ref().map(|_| "true"));
        // The letters are of one width, and a field that is scrolled has its columns elsewhere.
        let in_sight = self.input.element().scroll_left() == 0;
        self.mark.show(self.error.is_some() && in_sight);
        if let Some(error) = &self.error {
            let width = error.term.chars().count().max(1);
            self.mark
                .style("left", &format!("calc(9px + {}ch)", error.at));
            self.mark.style("width", &format!("{width}ch"));
        }
        super::export::describe(l10n, view, &mut self.exports);
        self.draw_words(l10n);
    }

    fn draw_words(&mut self, l10n: &Localization) {
        let open = !self.offered.is_empty();
        self.list.show(open);
        self.input.flag("aria-expanded", open);
        let mut active = None;
        let (offered, chosen) = (&self.offered, self.chosen);
        self.words.show(offered.len(), |index, row| {
            let on = chosen == Some(index);
            let id = format!("filter-word-{index}");
            row.leaf.set("id", &id);
            row.leaf.set("data-value", &index.to_string());
            row.leaf.flag("aria-selected", on);
            row.part("word").text(&offered[index].word);
            row.part("meaning").text(l10n.named(offered[index].meaning));
            if on {
                active = Some(id);
            }
        });
        self.input
            .attribute("aria-activedescendant", active.as_deref());
    }

    /// Offers what the text could go on with, or takes the offer away.
    fn offer(&mut self, wanted: bool) {
        self.chosen = None;
        self.offered.clear();
        if wanted {
            let caret = typed::<HtmlInputElement>("filter-text").selection_start();
            let text = text();
            let caret = caret.ok().flatten().map_or(text.len(), |at| at as usize);
            // The browser counts UTF-16 units: whatever is typed here is one unit a letter.
            let mut offered = complete(&text, caret, &self.lexicon());
            offered.truncate(OFFERED);
            self.offered = offered;
        }
    }
}

impl ActiveRun<'_> {
    /// The filter's text was changed.
    pub(in crate::view) fn filter(&mut self) {
        match self.lab.filter.query() {
            Ok(query) => {
                self.lab.filter.error = None;
                if query != self.view.query {
                    self.view.filter(query);
                }
            }
            Err(error) => self.lab.filter.error = Some(error),
        }
    }

    /// Something was typed into the filter: it acts, and offers what could follow.
    pub(super) fn filter_typed(&mut self) {
        self.lab.filter.offer(true);
        self.filter();
    }

    /// Puts a text into the filter: an example, or none.
    pub(in crate::view) fn put_filter(&mut self, text: &str) {
        let input: HtmlInputElement = typed("filter-text");
        input.set_value(text);
        // An input in sight takes the focus.
        let _ = input.focus();
        self.lab.filter.offer(false);
        self.filter();
    }

    /// Takes up one of the completions offered, by its number.
    pub(super) fn complete_filter(&mut self, number: &str) {
        let taken = number.parse().ok();
        let taken = taken.and_then(|index: usize| self.lab.filter.offered.get(index).cloned());
        let Some(taken) = taken else { return };
        self.put_filter(&taken.text);
        let caret = u32::try_from(taken.caret).unwrap_or(u32::MAX);
        let input: HtmlInputElement = typed("filter-text");
        // A text field takes any caret.
        let _ = input.set_selection_range(caret, caret);
        self.lab.filter.offer(true);
    }

    /// A key in the filter; whether it was for the completions.
    pub(in crate::view) fn filter_key(&mut self, pressed: &str) -> bool {
        let bar = &mut self.lab.filter;
        let last = bar.offered.len().checked_sub(1);
        match (pressed, last) {
            ("ArrowDown" | "ArrowUp", None) => bar.offer(true),
            ("ArrowDown", Some(last)) => {
                bar.chosen = Some(
                    bar.chosen
                        .map_or(0, |at| if at < last { at + 1 } else { 0 }),
                );
            }
            ("ArrowUp", Some(last)) => {
                let at = bar.chosen.and_then(|at| at.checked_sub(1));
                bar.chosen = Some(at.unwrap_or(last));
            }
            ("Enter", Some(_)) => match bar.chosen {
                Some(at) => self.complete_filter(&at.to_string()),
                None => bar.offer(false),
            },
            ("Tab", Some(_)) if bar.chosen.is_some() => {
                let at = bar.chosen.unwrap_or_default();
                self.complete_filter(&at.to_string());
            }
            ("Escape", Some(_)) => bar.offer(false),
            ("Tab", Some(_)) => {
                bar.offer(false);
                return false;
            }
            _ => return false,
        }
        true
    }

    /// The filter was left.
    pub(in crate::view) fn leave_filter(&mut self) {
        self.lab.filter.offer(false);
    }

    /// Lets a filter go on through a long run, as far as a frame has time for it.
    pub(in crate::view) fn search_on(&mut self) {
        if self.view.searching() {
            let end = now_ms() + PATIENCE_MS;
            self.view.search_on(|| now_ms() < end);
            self.page.invalidate();
        }
    }
}

fn text() -> String {
    typed::<HtmlInputElement>("filter-text").value()
}

/// The words of the page's language: those of outcomes first, which go before events' names.
fn lexicon(l10n: &Localization) -> Vec<(String, Word)> {
    let words = |name: &str| name.replace(' ', "-");
    let facts = Fact::ALL.into_iter().map(|fact| {
        let name = match (fact, fact.symbol()) {
            (Fact::Reordered, _) => l10n.get(key::FACT_REORDERED),
            (_, Some(symbol)) => l10n.get(name(symbol)),
            (_, None) => l10n.get(key::FACT_DIFFERS),
        };
        (words(name), Word::Fact(fact))
    });
    let events = EventData::NAMES.iter();
    let events = events.map(|name| (words(l10n.named(name)), Word::Event(name)));
    facts.chain(events).collect()
}

/// Writes the filter's explanation: each word and field, and examples to try.
fn explain(l10n: &Localization) {
    let fill = |id: &str, rows: &[(&str, &str, Option<Symbol>)]| {
        let body = by_id(id);
        body.set_inner_html("");
        for (text, meaning, symbol) in rows {
            let mut row = Row::new("t-example", &body);
            row.part("text").text(text);
            row.part("text").set("data-value", text);
            row.part("meaning").text(meaning);
            match symbol {
                Some(symbol) => look(*symbol).show(&mut row),
                None => row.part("symbol").show(false),
            }
        }
    };
    let known = lexicon(l10n);
    let facts = Fact::ALL.map(|fact| {
        let word = known.iter().find(|(_, word)| *word == Word::Fact(fact));
        let word = word.map_or(fact.word(), |(name, _)| name.as_str());
        (word, l10n.named(fact.meaning()), fact.symbol())
    });
    fill(
        "filter-examples",
        &EXAMPLES.map(|(text, finds)| (text, l10n.get(finds), None)),
    );
    fill("filter-facts", &facts);
    let fields = Field::ALL.map(|field| (field.example(), l10n.named(field.meaning()), None));
    fill("filter-fields", &fields);
}
