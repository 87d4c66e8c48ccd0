//! Both runs over one axis of sequence numbers.
//!
//! Owns the strips' geometry. From more probes on than there is room for, a column shows the
//! range of several, and how many of them were lost.

use core::fmt::Write as _;

use udping_engine::compare::{Column, ColumnSide, Comparison, Fate};
use udping_engine::run::Run;
use udping_engine::scale::float;
use web_sys::Element;

use super::Both;
use crate::view::dom::{Leaf, Path, Pool, by_id, svg, tenths};
use crate::view::i18n::{Localization, Value, key};
use crate::view::run_view::whole;
use crate::view::symbols::look;

/// How high a run's strip is, and where the first begins.
const HIGH: f64 = 72.0;
const TOP: f64 = 8.0;
/// Beneath each: where probes that never came are marked.
const RAIL: f64 = 16.0;
const LEFT: f64 = 22.0;
const RIGHT: f64 = 10.0;
/// The least room for a mark of its own.
const MARK: f64 = 5.0;

/// The drawing.
#[derive(Debug)]
pub(super) struct Strips {
    svg: Leaf,
    bands: Pool,
    paths: Pool,
    marks: Pool,
    texts: Pool,
    /// What is drawn: of which edition, how wide, and the chosen probe.
    drawn: Option<(u32, i32, Option<u64>)>,
}

impl Strips {
    pub(super) fn new() -> Self {
        let svg_leaf = Leaf::new(by_id("strips"));
        let layer = |make: fn() -> Element| Pool::layer(svg_leaf.element(), make);
        Self {
            bands: layer(|| svg("rect")),
            paths: layer(|| svg("path")),
            marks: layer(|| svg("use")),
            texts: layer(|| svg("text")),
            svg: svg_leaf,
            drawn: None,
        }
    }

    pub(super) fn draw(
        &mut self,
        l10n: &Localization,
        comparison: &Comparison,
        both: &Both<'_>,
        (edition, chosen): (u32, Option<u64>),
    ) {
        let pixels = self.svg.element().client_width();
        let drawn = Some((edition, pixels, chosen));
        if pixels < 1 || self.drawn == drawn {
            return;
        }
        self.drawn = drawn;
        let width = f64::from(pixels);
        let room = width - LEFT - RIGHT;
        for pool in [
            &mut self.bands,
            &mut self.paths,
            &mut self.marks,
            &mut self.texts,
        ] {
            pool.begin();
        }
        let all = float(comparison.probes().max(1) as u64);
        let runs = both.runs.map(AsRef::as_ref);
        let x = |place: f64| LEFT + (place + 0.5) / all * room;
        let high = |ns: u64| (HIGH - 6.0) * float(ns) / float(comparison.longest_ns.max(1));
        for (side, run) in [0.0, 1.0].into_iter().zip(runs) {
            let floor = TOP + HIGH + side * (HIGH + RAIL);
            let mut d = Path::default();
            d.to(LEFT, floor).across(width - RIGHT);
            self.path("axis", &d);
            let timeout = run.header().timeout_ns;
            if timeout > 0 {
                let mut d = Path::default();
                d.to(LEFT, floor - high(timeout)).across(width - RIGHT);
                self.path("timeout-line", &d);
            }
            let name = if side < 0.5 { "A" } else { "B" };
            self.text("badge-text", 4.0, floor - HIGH / 2.0, name);
        }
        if let Some(seq) = chosen {
            let at = x(float(comparison.place(seq) as u64));
            let leaf = self.bands.next();
            leaf.class("chosen-band");
            leaf.place("x", at - (room / all).max(8.0) / 2.0);
            leaf.place("y", 0.0);
            leaf.place("width", (room / all).max(8.0));
            leaf.place("height", TOP + 2.0 * (HIGH + RAIL) + RAIL);
        }
        let lane = TOP + 2.0 * (HIGH + RAIL) + 8.0;
        if room / all >= MARK {
            self.each(comparison, runs, (&x, &high, lane));
        } else {
            let columns = comparison.columns(runs, whole(room / 2.0));
            self.columns(&columns, room, (&high, lane));
        }
        self.alone(l10n, comparison, runs, (&x, room / all));
        self.axis(comparison, runs, (&x, lane + 18.0));
        for pool in [
            &mut self.bands,
            &mut self.paths,
            &mut self.marks,
            &mut self.texts,
        ] {
            pool.end();
        }
        let [a, b] = &both.names;
        let name = [
            ("a", Value::Text(a)),
            ("b", Value::Text(b)),
            ("count", Value::Count(comparison.probes() as u64)),
        ];
        self.svg
            .set("aria-label", &l10n.say(key::COMPARE_NAME, &name));
    }

    /// A mark for each probe.
    fn each(
        &mut self,
        comparison: &Comparison,
        runs: [&Run; 2],
        (x, high, lane): (&dyn Fn(f64) -> f64, &dyn Fn(u64) -> f64, f64),
    ) {
        for at in 0..comparison.probes() {
            let Some(pair) = comparison.pair(at, runs) else {
                continue;
            };
            let x = x(float(at as u64));
            for (side, end) in [0.0, 1.0].into_iter().zip(pair.ends) {
                let Some((fate, rtt)) = end else { continue };
                let floor = TOP + HIGH + side * (HIGH + RAIL);
                let y = rtt.map_or(floor + RAIL / 2.0, |rtt| floor - high(rtt));
                let size = if fate == Fate::Replied { 10.0 } else { 12.0 };
                let look = look(fate.symbol());
                let leaf = self.marks.next();
                leaf.class(&["k ", look.class].concat());
                leaf.set("href", look.shape);
                leaf.place("x", x - size / 2.0);
                leaf.place("y", y - size / 2.0);
                leaf.set("width", &tenths(size));
                leaf.set("height", &tenths(size));
            }
            if pair.differs() {
                self.text("differs-text mid", x, lane + 4.0, "≠");
            }
        }
    }

    /// The ranges of many.
    fn columns(&mut self, columns: &[Column], room: f64, (high, lane): (&dyn Fn(u64) -> f64, f64)) {
        let step = room / float(columns.len().max(1) as u64);
        let x = |at: usize| LEFT + (float(at as u64) + 0.5) * step;
        for side in 0..2 {
            let of = |column: &Column| -> ColumnSide { column.sides[side] };
            let floor = TOP + HIGH + float(side as u64) * (HIGH + RAIL);
            let mut ranges = Path::default();
            // Four shades of loss are told apart.
            let mut shades: [Path; 4] = Default::default();
            for (at, column) in columns.iter().enumerate() {
                let column = of(column);
                if let Some((least, most)) = column.rtt_ns {
                    let (low, top) = (floor - high(least), floor - high(most));
                    ranges.to(x(at), low.max(top + 1.0)).down(top);
                }
                if column.lost > 0 && column.probes > 0 {
                    let shade = (4 * column.lost / column.probes).min(3);
                    shades[shade]
                        .to(x(at), floor + 3.0)
                        .down(floor + RAIL - 2.0);
                }
            }
            self.path("column-range", &ranges);
            for (shade, d) in ["few", "some", "many", "most"].into_iter().zip(shades) {
                self.path(&["loss-shade ", shade].concat(), &d);
            }
        }
        let mut differing = Path::default();
        for (at, _) in columns
            .iter()
            .enumerate()
            .filter(|(_, it)| it.differing > 0)
        {
            differing.to(x(at), lane - 4.0).down(lane + 4.0);
        }
        self.path("differing", &differing);
    }

    /// What only one of them has at the end, where the other has ended.
    fn alone(
        &mut self,
        l10n: &Localization,
        comparison: &Comparison,
        runs: [&Run; 2],
        (x, step): (&dyn Fn(f64) -> f64, f64),
    ) {
        let last = runs.map(|run| comparison.place(last_seq(run).map_or(0, |seq| seq + 1)));
        for (side, ended, name) in [(0.0, last[0], "B"), (1.0, last[1], "A")] {
            let all = comparison.probes();
            if ended >= all {
                continue;
            }
            let from = x(float(ended as u64)) - step / 2.0;
            let until = x(float(all as u64 - 1)) + step / 2.0;
            let top = TOP + side * (HIGH + RAIL);
            let leaf = self.bands.next();
            leaf.class("alone");
            leaf.place("x", from);
            leaf.place("y", top);
            leaf.place("width", until - from);
            leaf.place("height", HIGH + RAIL - 2.0);
            let numbers = [ended, all - 1].map(|at| comparison.pair(at, runs).map(|it| it.seq));
            if let [Some(first), Some(last)] = numbers {
                let mut span = String::new();
                // Writing to a string cannot fail.
                let _ = write!(span, "#{first}");
                if first != last {
                    let _ = write!(span, "–#{last}");
                }
                let values = [("probes", Value::Text(&span)), ("run", Value::Text(name))];
                let text = l10n.say(key::COMPARE_ALONE, &values);
                let letters = float(text.chars().count() as u64);
                let (class, at) = if until - from > letters * 7.0 {
                    ("soft mid", from.midpoint(until))
                } else {
                    ("soft end halo", until)
                };
                self.text(class, at, top + HIGH / 2.0, &text);
            }
        }
    }

    /// Numbers along the axis.
    fn axis(
        &mut self,
        comparison: &Comparison,
        runs: [&Run; 2],
        (x, y): (&dyn Fn(f64) -> f64, f64),
    ) {
        let all = comparison.probes();
        let Some(last) = all.checked_sub(1) else {
            return;
        };
        let mut places: Vec<usize> = (0..=4).map(|part| part * last / 4).collect();
        places.dedup();
        for at in places {
            let Some(pair) = comparison.pair(at, runs) else {
                continue;
            };
            let class = match at {
                0 => "t soft",
                _ if at == last => "t soft end",
                _ => "t soft mid",
            };
            self.text(
                class,
                x(float(at as u64)),
                y + 6.0,
                &format!("#{}", pair.seq),
            );
        }
    }

    fn path(&mut self, class: &str, d: &Path) {
        let leaf = self.paths.next();
        leaf.class(class);
        leaf.set("d", d.data());
    }

    fn text(&mut self, class: &str, x: f64, y: f64, text: &str) {
        let leaf = self.texts.next();
        leaf.class(class);
        leaf.place("x", x);
        leaf.place("y", y);
        leaf.text(text);
    }
}

fn last_seq(run: &Run) -> Option<u64> {
    let last = run.probes().checked_sub(1)?;
    Some(run.probe(last, run.after(run.events()))?.seq)
}
