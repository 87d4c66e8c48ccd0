//! The event table: the pictures' equal in words, with only the rows in sight in
//! the document.

use web_sys::{Element, HtmlInputElement, HtmlSelectElement};

use crate::view::describe;
use crate::view::dom::{Leaf, Rows, by_id, fill_select, pixels, typed};
use crate::view::i18n::{Localization, Value, key};
use crate::view::run_view::RunView;
use crate::view::symbols::{event_look, name};
use udping_engine::log::Symbol;
use udping_engine::query::{Keyword, Query};

/// A row's height, which `style.css` gives it too.
const ROW: f64 = 28.0;
/// Browsers lose precision in longer elements; beyond it, scrolling is proportional.
const TALLEST: f64 = 8_000_000.0;

/// The table.
#[derive(Debug)]
pub(crate) struct Events {
    grid: Leaf,
    ground: Leaf,
    rows: Rows,
    count: Leaf,
    filter: Leaf,
    /// What is wrong with the filter.
    error: Option<String>,
    /// The row scrolled to last, so that scrolling by hand is left alone.
    brought: Option<(u32, usize)>,
}

impl Events {
    pub(crate) fn new() -> Self {
        let mut grid = Leaf::of("grid");
        grid.style("--row", &pixels(ROW));
        Self {
            grid,
            ground: Leaf::of("rows"),
            rows: Rows::new(by_id("rows"), "t-event"),
            count: Leaf::of("filter-count"),
            filter: Leaf::of("filter-text"),
            error: None,
            brought: None,
        }
    }

    /// How many rows fit, to move by pages.
    pub(crate) fn page(&self) -> usize {
        crate::view::run_view::whole(f64::from(self.grid.element().client_height()) / ROW)
            .saturating_sub(2)
            .max(1)
    }

    pub(crate) fn draw(&mut self, l10n: &Localization, view: &RunView) {
        let (run, rows) = (view.run(), &view.derived.rows);
        let total = rows.len();
        let (rows_shown, all) = (
            Value::Count(total as u64),
            Value::Count(run.events() as u64),
        );
        self.count.text(&match &self.error {
            Some(error) => error.clone(),
            None if total == run.events() => l10n.say(key::FILTER_COUNT, &[("rows", rows_shown)]),
            None => l10n.say(key::FILTER_OF, &[("rows", rows_shown), ("all", all)]),
        });
        self.grid.set("aria-rowcount", &(total + 1).to_string());
        // Figures of one width are wider than the letters that `ch` goes by.
        let widest = l10n.time(run.end_ns()).chars().count() + 1;
        self.grid.style("--time", &format!("{widest}ch"));
        #[expect(clippy::cast_precision_loss, reason = "rows are counted in millions")]
        let tall = (total as f64 * ROW).min(TALLEST);
        self.ground.style("height", &pixels(tall));
        self.bring_into_sight(view, tall);
        let element = self.grid.element();
        let visible = f64::from(element.client_height()) - ROW;
        let scrolled = f64::from(element.scroll_top());
        let (virtual_top, shift) = Self::spread(total, tall, visible, scrolled);
        let sight = rows.in_sight(virtual_top, visible, ROW);
        let chosen = view.shown_probe();
        let mut active = None;
        self.rows.show(sight.len(), |index, row| {
            let number = sight.start + index;
            let Some(event) = rows.event(number).and_then(|index| run.event(index)) else {
                return;
            };
            let selected = view.selected == Some(event.index);
            let mut class = String::from("tr");
            for (holds, name) in [
                (event.index >= view.cursor.index, " future"),
                (event.probe.is_some() && event.probe == chosen, " of-chosen"),
                (
                    event.differs || other_outcome(view, event.probe, event.seq),
                    " other-outcome",
                ),
            ] {
                if holds {
                    class.push_str(name);
                }
            }
            row.leaf.class(&class);
            row.leaf.flag("aria-selected", selected);
            let index = (number + 2).to_string();
            row.leaf.set("aria-rowindex", &index);
            let id = format!("event-{}", event.index);
            row.leaf.set("id", &id);
            if selected {
                active = Some(id);
            }
            #[expect(clippy::cast_precision_loss, reason = "rows are counted in millions")]
            let top = number as f64 * ROW + shift;
            row.leaf.style("top", &pixels(top));
            event_look(&event.what).show(row);
            row.part("time").text(&l10n.time(event.at_ns));
            row.part("what").text(l10n.named(event.what.name()));
            let seq = event.seq.map(|seq| seq.to_string()).unwrap_or_default();
            row.part("probe").text(&seq);
            let detail = describe::detail(l10n, run, &event);
            row.part("detail").text(&detail);
            row.part("detail").set("title", &detail);
        });
        self.grid
            .attribute("aria-activedescendant", active.as_deref());
    }

    /// Where the first row in sight would be if the table were as tall as its rows,
    /// and how far rows are moved because it is not.
    fn spread(total: usize, tall: f64, visible: f64, scrolled: f64) -> (f64, f64) {
        #[expect(clippy::cast_precision_loss, reason = "rows are counted in millions")]
        let whole = total as f64 * ROW;
        if whole <= tall {
            return (scrolled, 0.0);
        }
        let part = scrolled / (tall - visible).max(1.0);
        let virtual_top = part * (whole - visible);
        (virtual_top, scrolled - virtual_top)
    }

    /// Scrolls to the chosen event, once each time another one is chosen.
    fn bring_into_sight(&mut self, view: &RunView, tall: f64) {
        let Some(selected) = view.selected else {
            return;
        };
        if self.brought == Some((view.edition, selected)) {
            return;
        }
        self.brought = Some((view.edition, selected));
        let Some(row) = view.derived.rows.row(selected) else {
            return;
        };
        let element = self.grid.element();
        let visible = f64::from(element.client_height()) - ROW;
        #[expect(clippy::cast_precision_loss, reason = "rows are counted in millions")]
        let (top, whole) = (row as f64 * ROW, view.derived.rows.len() as f64 * ROW);
        let scrolled = f64::from(element.scroll_top());
        let (now, _) = Self::spread(view.derived.rows.len(), tall, visible, scrolled);
        if top >= now && top + ROW <= now + visible {
            return;
        }
        let wanted = if top < now { top } else { top + ROW - visible };
        let wanted = if whole <= tall {
            wanted
        } else {
            wanted / (whole - visible).max(1.0) * (tall - visible)
        };
        element.set_scroll_top(crate::view::run_view::pixels(wanted));
    }

    /// The event that a row shows.
    pub(crate) fn event_of(row: &Element) -> Option<usize> {
        row.id().strip_prefix("event-")?.parse().ok()
    }

    /// Another language: rows are filled in again.
    pub(crate) fn clear(&mut self) {
        self.rows.clear();
    }

    /// Writes the filter's choices.
    pub(crate) fn choices(l10n: &Localization) {
        let all = ("", l10n.get(key::FILTER_ALL));
        let kinds = KINDS.map(|(value, symbol)| (value, l10n.get(name(symbol))));
        let differs = ("differs", l10n.get(key::FILTER_DIFFERS));
        let options = [all].into_iter().chain(kinds).chain([differs]);
        let owned = options.map(|(value, name)| (value.to_owned(), name.to_owned()));
        fill_select("filter-kind", 0, owned);
    }

    /// The query that the filter's two parts make together, or what is wrong with it.
    pub(crate) fn query(l10n: &Localization) -> Result<Query, String> {
        let kind = typed::<HtmlSelectElement>("filter-kind").value();
        let text = typed::<HtmlInputElement>("filter-text").value();
        let names: Vec<(String, Keyword)> = Symbol::ALL
            .iter()
            .map(|symbol| {
                (
                    l10n.get(name(*symbol)).replace(' ', "-"),
                    Keyword::Symbol(*symbol),
                )
            })
            .collect();
        let mut lexicon: Vec<(&str, Keyword)> = names
            .iter()
            .map(|(name, word)| (name.as_str(), *word))
            .collect();
        lexicon.extend(
            KINDS
                .iter()
                .map(|(value, symbol)| (*value, Keyword::Symbol(*symbol))),
        );
        lexicon.push(("differs", Keyword::Differs));
        Query::parse(&format!("{kind} {text}"), &lexicon).map_err(|error| {
            let what = Value::Text(l10n.named(error.what));
            l10n.say(
                key::QUERY_WRONG,
                &[("term", Value::Text(&error.term)), ("what", what)],
            )
        })
    }

    /// What is wrong with the query, if anything.
    pub(crate) fn show_error(&mut self, error: Option<String>) {
        self.filter
            .attribute("aria-invalid", error.as_ref().map(|_| "true"));
        self.error = error;
    }
}

/// The kinds to filter by, as the query language calls them.
const KINDS: [(&str, Symbol); 8] = [
    ("sent", Symbol::InFlight),
    ("replied", Symbol::Replied),
    ("lost", Symbol::Lost),
    ("late", Symbol::Late),
    ("duplicate", Symbol::Duplicate),
    ("ignored", Symbol::Ignored),
    ("refused", Symbol::Refused),
    ("unsent", Symbol::Unsent),
];

fn other_outcome(view: &RunView, index: Option<usize>, seq: Option<u64>) -> bool {
    index
        .zip(seq)
        .is_some_and(|(index, seq)| view.otherwise(index, seq).is_some())
}
