//! The cards above the plot: the figures of the selected range, and what is pointed at.
//!
//! Owns what they say and where they stand: in a lane of their own, where no mark is.

use super::facts::{facts, reason};
use super::{Area, Hover};
use crate::view::dom::{Leaf, Rows, by_id, first, pixels};
use crate::view::i18n::{Localization, Value, key};
use crate::view::run_view::RunView;
use crate::view::symbols::{look, name};
use udping_engine::chart::{Bucket, Frame};
use udping_engine::log::Cursor;

/// How far a card reaches beyond what it is about, in pixels.
const ASIDE: f64 = 70.0;

/// Both cards.
#[derive(Debug)]
pub(super) struct Cards {
    range: Card,
    range_lines: [Leaf; 3],
    hover: Card,
    symbol: Leaf,
    shape: Leaf,
    facts: Rows,
    why: Leaf,
    /// The range whose figures are shown, and the edition of the run.
    shown: Option<((u64, u64), u32)>,
}

#[derive(Debug)]
struct Card {
    root: Leaf,
    title: Leaf,
}

impl Card {
    fn new(id: &str) -> Self {
        let root = by_id(id);
        Self {
            title: Leaf::within(&root, "b"),
            root: Leaf::new(root),
        }
    }

    /// Puts it at `x` of a lane of this width, so that it ends within it. What it measures is not
    /// asked: that would have the page laid out in the middle of drawing it.
    fn place(&mut self, x: f64, width: f64) {
        let near = |x: f64| pixels((x - ASIDE).max(0.0));
        let (left, right) = if x < width / 2.0 {
            (near(x), "auto".to_owned())
        } else {
            ("auto".to_owned(), near(width - x))
        };
        self.root.style("left", &left);
        self.root.style("right", &right);
    }
}

impl Cards {
    pub(super) fn new() -> Self {
        let range = Card::new("range-card");
        let hover = Card::new("hover-card");
        let line = |class: &str| Leaf::within(range.root.element(), class);
        Self {
            range_lines: [line(".l1"), line(".l2"), line(".l3")],
            symbol: Leaf::within(hover.root.element(), ".symbol"),
            shape: Leaf::within(hover.root.element(), "use"),
            facts: Rows::new(first(hover.root.element(), "dl"), "t-fact"),
            why: Leaf::within(hover.root.element(), "p"),
            range,
            hover,
            shown: None,
        }
    }

    /// Another language: what is shown is written again.
    pub(super) fn clear(&mut self) {
        self.shown = None;
    }

    pub(super) fn draw(
        &mut self,
        l10n: &Localization,
        view: &mut RunView,
        frame: &Frame,
        area: &Area,
        width: f64,
    ) {
        self.range.root.show(view.plot.range.is_some());
        if let Some(range) = view.plot.range {
            self.range_figures(l10n, view, range);
            let middle = f64::midpoint(frame.x(range.0), frame.x(range.1));
            let middle = middle.clamp(0.0, area.right - area.left);
            self.range.place(area.left + middle, width);
        }
        let x = match view.plot.hover {
            Some(Hover::Sample(event)) => self.sample(l10n, view, event).map(|at| frame.x(at)),
            Some(Hover::Bucket(at)) => self.bucket(l10n, view, frame, at).then(|| frame.x(at)),
            None => None,
        };
        self.hover.root.show(x.is_some());
        if let Some(x) = x {
            self.hover.place(area.left + x, width);
        }
    }

    fn range_figures(&mut self, l10n: &Localization, view: &RunView, range: (u64, u64)) {
        // In a simulation, what is ahead of now has not happened.
        let until = if view.recorded() {
            range.1
        } else {
            range.1.min(view.cursor.at_ns)
        };
        let shown = Some(((range.0, until), view.edition));
        if std::mem::replace(&mut self.shown, shown) == shown {
            return;
        }
        let figures = view.derived.chart.range(view.run(), range.0, until);
        let count = |count| Value::Count(count);
        self.range.title.text(&l10n.say(
            key::RANGE_TITLE,
            &[
                ("from", Value::Time(range.0)),
                ("until", Value::Time(range.1)),
                ("span", Value::Span(range.1 - range.0)),
                ("sent", count(figures.sent)),
            ],
        ));
        let replied = l10n.say(key::RANGE_REPLIED, &[("replied", count(figures.replied))]);
        let share = l10n.rate(figures.lost, figures.replied + figures.lost);
        let lost = [
            ("lost", count(figures.lost)),
            ("share", Value::Text(&share)),
            ("late", count(figures.late)),
            ("duplicates", count(figures.duplicates)),
        ];
        let rtts = figures.percentiles.map(|[p50, p90, p99]| {
            let values = [
                ("median", Value::Span(p50)),
                ("p90", Value::Span(p90)),
                ("p99", Value::Span(p99)),
            ];
            l10n.say(key::RANGE_RTTS, &values)
        });
        let [one, two, three] = &mut self.range_lines;
        one.text(&replied);
        two.text(&l10n.say(key::RANGE_LOST, &lost));
        three.text(&rtts.unwrap_or_default());
    }

    /// Writes what is known of a sample; its time.
    fn sample(&mut self, l10n: &Localization, view: &RunView, event: usize) -> Option<u64> {
        let run = view.run();
        let event = run.event(event)?;
        let end = run.after(run.events());
        let cursor: Cursor = if view.recorded() { end } else { view.cursor };
        let symbol = event.what.symbol()?;
        let symbol_look = look(symbol);
        self.symbol.class(&["symbol ", symbol_look.class].concat());
        self.symbol.show(true);
        self.shape.set("href", symbol_look.shape);
        let title = match event.seq {
            Some(seq) => l10n.say(
                key::HOVER_TITLE,
                &[
                    ("seq", Value::Number(seq)),
                    ("what", Value::Text(l10n.get(name(symbol)))),
                    ("at", Value::Time(event.at_ns)),
                ],
            ),
            None => l10n.time(event.at_ns),
        };
        self.hover.title.text(&title);
        let facts = event.probe.map(|probe| facts(l10n, run, probe, cursor));
        let facts = facts.unwrap_or_default();
        self.facts.show(facts.len(), |index, row| {
            row.part("name").text(facts[index].0);
            row.part("value").text(&facts[index].1);
            row.part("value").class("mono");
        });
        let why = event.probe.map(|probe| reason(l10n, run, probe, cursor));
        self.why.text(&why.unwrap_or_default());
        Some(event.at_ns)
    }

    /// Writes the figures of the bucket at a moment; false if there is none.
    fn bucket(&mut self, l10n: &Localization, view: &mut RunView, frame: &Frame, at: u64) -> bool {
        let plot = view.derived.chart.draw(&view.derived.run, frame);
        let inside = |bucket: &&Bucket| (bucket.from_ns..bucket.until_ns).contains(&at);
        let Some(bucket) = plot.buckets.iter().find(inside) else {
            return false;
        };
        if !view.recorded() && bucket.events.end > view.cursor.index {
            return false;
        }
        self.symbol.show(false);
        let from = [
            ("from", Value::Time(bucket.from_ns)),
            ("until", Value::Time(bucket.until_ns)),
        ];
        self.hover.title.text(&l10n.say(key::BUCKET_TITLE, &from));
        let [settled, lost] =
            [bucket.replied.saturating_add(bucket.lost), bucket.lost].map(u64::from);
        let share = l10n.rate(lost, settled);
        let mut rows = vec![
            (
                l10n.get(key::FIGURE_REPLIED),
                l10n.count(bucket.replied.into()),
            ),
            (
                l10n.get(key::FIGURE_LOST),
                format!("{} ({share})", l10n.count(lost)),
            ),
            (l10n.get(key::FIGURE_LATE), l10n.count(bucket.late.into())),
        ];
        if let Some((percentiles, [least, most])) = bucket.percentiles.zip(bucket.extent) {
            let names = ["p50", "p90", "p99"];
            rows.extend(
                names
                    .into_iter()
                    .zip(percentiles.map(|value| l10n.span(value))),
            );
            let range = [("least", Value::Span(least)), ("most", Value::Span(most))];
            rows.push((l10n.get(key::FACT_EXTENT), l10n.say(key::RANGE, &range)));
        }
        self.facts.show(rows.len(), |index, row| {
            row.part("name").text(rows[index].0);
            row.part("value").text(&rows[index].1);
            row.part("value").class("mono");
        });
        self.why.text("");
        true
    }
}
