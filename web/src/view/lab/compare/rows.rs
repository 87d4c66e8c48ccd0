//! A row a probe: both runs' bars on one scale, what became of it in each, and how that differs.
//!
//! Owns which rows are in the document: those in sight.

use udping_engine::compare::{Comparison, Fate, Pair};
use udping_engine::run::Run;
use udping_engine::scale::float;

use super::Both;
use super::words::fate_name;
use crate::view::dom::{Leaf, Row, Rows, by_id, pixels};
use crate::view::i18n::{Localization, Value, key};
use crate::view::run_view::whole;
use crate::view::symbols::look;

/// A row's height, as `style.css` has it, and where both bars stand beneath each other.
const ROW: f64 = 28.0;
const HIGH_ROW: f64 = 48.0;
/// The widest drawing in which they do.
const NARROW: i32 = 480;
/// Browsers lose precision in longer elements.
const MOST: usize = 280_000;

/// The rows.
#[derive(Debug)]
pub(super) struct PairRows {
    root: Leaf,
    ground: Leaf,
    rows: Rows,
    /// The probe scrolled to last.
    brought: Option<(u32, u64)>,
}

impl PairRows {
    pub(super) fn new() -> Self {
        Self {
            root: Leaf::of("pairs"),
            ground: Leaf::of("pair-rows"),
            rows: Rows::new(by_id("pair-rows"), "t-pair"),
            brought: None,
        }
    }

    pub(super) fn draw(
        &mut self,
        l10n: &Localization,
        comparison: &Comparison,
        both: &Both<'_>,
        (edition, chosen): (u32, Option<u64>),
    ) {
        let all = comparison.probes();
        // More than a browser can scroll over are shown around the chosen one.
        let place = chosen.map_or(0, |seq| comparison.place(seq));
        let first = place.saturating_sub(MOST / 2).min(all.saturating_sub(MOST));
        let count = (all - first).min(MOST);
        let narrow = by_id("view-compare").client_width() < NARROW;
        let high = if narrow { HIGH_ROW } else { ROW };
        let top = |row: usize| float(row as u64) * high;
        self.ground.style("height", &pixels(top(count)));
        let element = self.root.element().clone();
        let visible = f64::from(element.client_height());
        if let Some(seq) = chosen.filter(|seq| self.brought != Some((edition, *seq))) {
            self.brought = Some((edition, seq));
            let at = top(place.saturating_sub(first));
            let scrolled = f64::from(element.scroll_top());
            if at < scrolled || at + high > scrolled + visible {
                let middle = (at - visible / 2.0).max(0.0);
                element.set_scroll_top(crate::view::run_view::pixels(middle));
            }
        }
        let from = whole(f64::from(element.scroll_top()) / high).min(count);
        let until = (from + whole(visible / high) + 2).min(count);
        let runs = both.runs.map(AsRef::as_ref);
        self.rows.show(until - from, |index, row| {
            let at = from + index;
            if let Some(pair) = comparison.pair(first + at, runs) {
                row.leaf.style("top", &pixels(top(at)));
                let is_chosen = chosen == Some(pair.seq);
                fill(l10n, row, &pair, (comparison, runs), is_chosen);
            }
        });
    }
}

fn fill(
    l10n: &Localization,
    row: &mut Row,
    pair: &Pair,
    (comparison, runs): (&Comparison, [&Run; 2]),
    chosen: bool,
) {
    row.leaf.set("data-value", &pair.seq.to_string());
    row.leaf.class(match (chosen, pair.differs()) {
        (true, true) => "pair chosen other",
        (true, false) => "pair chosen",
        (false, true) => "pair other",
        (false, false) => "pair",
    });
    row.leaf.flag("aria-pressed", chosen);
    row.part("seq").text(&format!("#{}", pair.seq));
    let share = |span: u64| 100.0 * float(span) / float(comparison.longest_ns.max(1));
    for (side, end, run) in [("a", pair.ends[0], runs[0]), ("b", pair.ends[1], runs[1])] {
        let timeout = run.header().timeout_ns;
        let (span, class) = match end {
            None => (0, "none"),
            Some((fate, rtt)) => (
                rtt.unwrap_or(match fate {
                    Fate::Lost | Fate::Undecided => timeout,
                    _ => 0,
                }),
                look(fate.symbol()).class,
            ),
        };
        let width = format!("{:.2}%", share(span));
        let bar = row.part(&["bar-", side].concat());
        bar.class(&["span ", class].concat());
        bar.style("width", &width);
        let tick = row.part(&["tick-", side].concat());
        tick.show(end.is_some() && timeout > 0);
        tick.style("left", &format!("{:.2}%", share(timeout)));
        let shown = end.map_or(Fate::Undecided, |(fate, _)| fate);
        let mark = row.part(&["mark-", side].concat());
        mark.show(end.is_some());
        mark.class(&["symbol ", look(shown.symbol()).class].concat());
        mark.style("left", &width);
        row.part(&["shape-", side].concat())
            .set("href", look(shown.symbol()).shape);
        let text = match end {
            None => "–".to_owned(),
            // That it was late, its mark and its colour say.
            Some((_, Some(rtt))) => l10n.span(rtt),
            Some((fate, _)) => l10n.get(fate_name(fate)).to_owned(),
        };
        let value = row.part(&["value-", side].concat());
        value.class(&["mono ", class].concat());
        value.text(&text);
    }
    row.part("words").text(&words(l10n, pair));
}

/// How a probe's ends differ.
fn words(l10n: &Localization, pair: &Pair) -> String {
    match pair.ends {
        [Some((left, ours)), Some((right, theirs))] if left == right => {
            let Some((ours, theirs)) = ours.zip(theirs).filter(|(a, b)| a != b) else {
                return String::new();
            };
            let run = if theirs < ours { "B" } else { "A" };
            let faster = [
                ("run", Value::Text(run)),
                ("span", Value::Span(ours.abs_diff(theirs))),
            ];
            l10n.say(key::PAIR_FASTER, &faster)
        }
        [Some((left, _)), Some((right, _))] => {
            let [left, right] = [left, right].map(|fate| l10n.get(fate_name(fate)));
            let fates = [("left", Value::Text(left)), ("right", Value::Text(right))];
            l10n.say(key::PAIR_FATES, &fates)
        }
        [Some(_), None] => l10n.say(key::PAIR_ONLY, &[("run", Value::Text("A"))]),
        [None, _] => l10n.say(key::PAIR_ONLY, &[("run", Value::Text("B"))]),
    }
}
