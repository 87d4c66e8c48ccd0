//! The timeout in the plot: its line, and its handle in the gutter at the right.
//!
//! Owns where the two stand, and the timeout at a height. What moves it, and what follows from
//! another one, is others' to know.

use web_sys::Element;

use super::Area;
use crate::view::dom::{Leaf, Path, svg};
use crate::view::i18n::{Key, Localization, Value};
use udping_engine::chart::Axis;

/// A timeout's line and handle.
#[derive(Debug)]
pub(super) struct TimeoutLine {
    line: Leaf,
    handle: Leaf,
    name: Leaf,
    id: &'static str,
}

/// How high a handle is, in pixels.
const HANDLE: f64 = 18.0;

impl TimeoutLine {
    /// A line of its own in a drawing; its handle's class is `id` and `-handle`.
    pub(super) fn new(within: &Element, id: &'static str) -> Self {
        let leaf = |tag: &str| {
            let element = svg(tag);
            // A fresh element can always be appended.
            let _ = within.append_child(&element);
            Leaf::new(element)
        };
        Self {
            line: leaf("path"),
            handle: leaf("path"),
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
        for leaf in [&mut self.line, &mut self.handle, &mut self.name] {
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
        let mut handle = Path::default();
        if above {
            handle.to(x, y + 7.0).raw("l4.5-7l4.5 7Z");
        } else {
            handle.rect(x, y - HANDLE / 2.0, 9.0, HANDLE);
        }
        self.handle.class(&[self.id, "-handle"].concat());
        self.handle.set("d", handle.data());
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
