//! The cumulative curve of the RTTs: up to the cursor, and of the selected range.
//!
//! Owns how it is drawn. Its axis is logarithmic where the plot's is.

use web_sys::Element;

use crate::view::dom::{Leaf, Path, Pool, svg};
use crate::view::i18n::{Localization, Value, key};
use crate::view::run_view::RunView;
use udping_engine::chart::{Axis, Step};
use udping_engine::scale::float;

const LEFT: f64 = 44.0;
const RIGHT: f64 = 10.0;
const TOP: f64 = 10.0;
/// The least room from tick to tick.
const TICK: f64 = 56.0;
const BOTTOM: f64 = 20.0;

/// The curve.
#[derive(Debug)]
pub(super) struct Cumulative {
    svg: Leaf,
    paths: Pool,
    texts: Pool,
}

impl Cumulative {
    pub(super) fn new() -> Self {
        let svg_leaf = Leaf::of("cumulative");
        let layer = |make: fn() -> Element| Pool::layer(svg_leaf.element(), make);
        Self {
            paths: layer(|| svg("path")),
            texts: layer(|| svg("text")),
            svg: svg_leaf,
        }
    }

    pub(super) fn draw(&mut self, l10n: &Localization, view: &RunView) {
        let element = self.svg.element();
        let (width, height) = (
            f64::from(element.client_width()),
            f64::from(element.client_height()),
        );
        let (right, floor) = (width - RIGHT, height - BOTTOM);
        if right <= LEFT {
            return;
        }
        let now = view.cursor.at_ns;
        let curve = |from, until| view.derived.chart.cumulative(view.run(), from, until);
        let all = curve(0, now);
        let until = if view.recorded() { u64::MAX } else { now };
        let range = view.plot.range.map(|(from, to)| curve(from, to.min(until)));
        let range = range.unwrap_or_default();
        let steps = || all.iter().chain(&range).map(|step| step.rtt_ns);
        let (least, most) = (steps().min().unwrap_or(0), steps().max().unwrap_or(0));
        let axis = Axis::of(least, most, 0, right - LEFT, view.plot.log);
        let x = |rtt| right - axis.y(rtt);
        self.paths.begin();
        self.texts.begin();
        let mut grid = Path::default();
        for per_cent in [0_u8, 50, 90, 100] {
            let y = floor - f64::from(per_cent) / 100.0 * (floor - TOP);
            grid.to(LEFT, y).across(right);
            self.text(
                "t soft end",
                LEFT - 6.0,
                y + 4.0,
                &format!("{per_cent}\u{a0}%"),
            );
        }
        // Ticks are as near as lines of text are; beside each other, they need more.
        let mut previous = f64::NEG_INFINITY;
        for tick in axis.ticks() {
            let at = x(tick);
            if at - previous >= TICK {
                self.text("t soft mid", at, height - 4.0, &l10n.span(tick));
                previous = at;
            }
        }
        for (class, d) in [
            ("grid-line", grid),
            ("cumulative", line(&all, &x, floor, right)),
            ("cumulative of-range", line(&range, &x, floor, right)),
        ] {
            let leaf = self.paths.next();
            leaf.class(class);
            leaf.set("d", d.data());
        }
        self.paths.end();
        self.texts.end();
        let count = |steps: &[Step]| Value::Count(steps.last().map_or(0, |step| step.count));
        let counts = [("replies", count(&all)), ("range", count(&range))];
        self.svg
            .set("aria-label", &l10n.say(key::CUMULATIVE_NAME, &counts));
    }

    fn text(&mut self, class: &str, x: f64, y: f64, text: &str) {
        let leaf = self.texts.next();
        leaf.class(class);
        leaf.place("x", x);
        leaf.place("y", y);
        leaf.text(text);
    }
}

/// The curve as steps; of very many, those that can be told apart.
fn line(steps: &[Step], x: &impl Fn(u64) -> f64, floor: f64, right: f64) -> Path {
    let mut d = Path::default();
    let Some(all) = steps.last().map(|step| step.count) else {
        return d;
    };
    let mut last = f64::NEG_INFINITY;
    for step in steps {
        let (at, y) = (
            x(step.rtt_ns),
            floor - float(step.count) / float(all) * (floor - TOP),
        );
        if d.is_empty() {
            d.to(at, floor);
        }
        if at - last >= 0.5 || step.count == all {
            d.across(at).down(y);
            last = at;
        }
    }
    d.across(right);
    d
}
