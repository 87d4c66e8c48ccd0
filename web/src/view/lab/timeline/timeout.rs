//! The timeout in the plot: its line with its mark in the gutter at the right, the recorded one
//! where another is shown, and the handle that it is dragged by.
//!
//! Owns where they stand, and the timeout at a height. What moves it, and what follows from
//! another one, is others' to know.

use web_sys::Element;

use super::{Area, Timeline};
use crate::view::dom::{Leaf, Path, pixels, svg};
use crate::view::i18n::{Key, Localization, Value, key};
use crate::view::run_view::RunView;
use udping_engine::chart::Axis;
use udping_engine::what_if::rounded;

/// A timeout so many times the slowest reply would squeeze what is measured: its line stands
/// at the top edge then.
const REACH: u64 = 3;

/// What the timeout is dragged by. It is an element of its own, to be reached by keys.
#[derive(Debug)]
pub(super) struct TimeoutHandle {
    leaf: Leaf,
}

impl TimeoutHandle {
    pub(super) fn new() -> Self {
        Self {
            leaf: Leaf::of("timeout-handle"),
        }
    }
}

/// The RTT that has to be in sight, so that the timeouts asked about and recorded are.
pub(super) fn top_ns(view: &RunView) -> Option<u64> {
    let timeouts = view.what_if.timeouts.as_ref()?;
    let slowest = timeouts.slowest_ns()?;
    let asked = view.what_if.timeout_ns()?;
    let most = slowest.saturating_mul(REACH);
    let lines = [asked, timeouts.recorded_ns(), slowest];
    lines.into_iter().filter(|at| *at <= most).max()
}

impl Timeline {
    /// The timeout at a height of the plot; above it, as the scale goes on.
    pub(in crate::view) fn timeout_at(&mut self, view: &mut RunView, y: f64) -> u64 {
        let frame = self.frame(view);
        let plot = view.derived.chart.draw(&view.derived.run, &frame);
        rounded(plot.axis.rtt_ns(y - self.area().top))
    }

    /// The timeout shown, and the recorded one where that is another; without RTTs, neither.
    pub(super) fn timeouts(
        &mut self,
        l10n: &Localization,
        view: &RunView,
        axis: &Axis,
        area: &Area,
        rtts: bool,
    ) {
        let asked = view.what_if.timeout_ns();
        let shown = asked.unwrap_or(view.run().header().timeout_ns);
        let recorded = view.history.run().header().timeout_ns;
        let other = (rtts && asked.is_some() && recorded != shown).then_some(recorded);
        self.recorded
            .draw(l10n, other, key::TIMEOUT_RECORDED_LINE, area, axis);
        self.timeout
            .draw(l10n, rtts.then_some(shown), key::TIMEOUT_LINE, area, axis);
        let leaf = &mut self.handle.leaf;
        leaf.show(rtts && asked.is_some());
        let y = area.top + axis.y(shown).clamp(0.0, axis.height);
        leaf.style("top", &pixels(y));
        let span = [("span", Value::Span(shown))];
        leaf.set("aria-valuetext", &l10n.say(key::TIMEOUT_LINE, &span));
        leaf.set("aria-valuenow", &shown.to_string());
        leaf.set("aria-valuemax", &axis.top_ns.max(shown).to_string());
    }
}

/// A timeout's line, and its mark in the gutter.
#[derive(Debug)]
pub(super) struct TimeoutLine {
    line: Leaf,
    mark: Leaf,
    name: Leaf,
    id: &'static str,
}

/// How high its mark is, in pixels.
const MARK: f64 = 18.0;

impl TimeoutLine {
    /// A line of its own in a drawing; its mark's class is `id` and `-mark`.
    pub(super) fn new(within: &Element, id: &'static str) -> Self {
        let leaf = |tag: &str| {
            let element = svg(tag);
            // A fresh element can always be appended.
            let _ = within.append_child(&element);
            Leaf::new(element)
        };
        Self {
            line: leaf("path"),
            mark: leaf("path"),
            name: leaf("text"),
            id,
        }
    }

    /// Draws a timeout where the axis has it, and its name, a message with a `span`; above the
    /// plot it is an arrow up. `None` draws nothing.
    pub(super) fn draw(
        &mut self,
        l10n: &Localization,
        timeout_ns: Option<u64>,
        name: Key,
        area: &Area,
        axis: &Axis,
    ) {
        for leaf in [&mut self.line, &mut self.mark, &mut self.name] {
            leaf.attribute("display", timeout_ns.is_none().then_some("none"));
        }
        let Some(timeout_ns) = timeout_ns else { return };
        let y = axis.y(timeout_ns);
        let above = y < 0.0;
        let seen = !above && y <= axis.height;
        let y = area.top + y.clamp(0.0, axis.height);
        let mut line = Path::default();
        if seen {
            line.to(area.left, y).across(area.right);
        }
        self.line.class(&[self.id, "-line"].concat());
        self.line.set("d", line.data());
        let x = area.right + 3.0;
        let mut mark = Path::default();
        if above {
            mark.to(x, y + 7.0).raw("l4.5-7l4.5 7Z");
        } else {
            mark.rect(x, y - MARK / 2.0, 9.0, MARK);
        }
        self.mark.class(&[self.id, "-mark"].concat());
        self.mark.set("d", mark.data());
        let span = [("span", Value::Span(timeout_ns))];
        let text = if area.narrow() {
            l10n.span(timeout_ns)
        } else {
            l10n.say(name, &span)
        };
        self.name.class(&[self.id, "-text t"].concat());
        self.name.place("x", x + 13.0);
        self.name.place("y", y + if above { 9.0 } else { 4.0 });
        self.name.text(&text);
    }
}
