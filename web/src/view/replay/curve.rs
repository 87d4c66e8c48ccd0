//! The curve of outcomes against the timeout: replied, late, lost and unknown, stacked, with a
//! marker that is dragged.
//!
//! Owns the drawing and which timeout lies where on it. How many fared how, the engine says.

use js_sys::Math;
use web_sys::Element;

use crate::view::dom::{Leaf, Path, Pool, by_id, pixels, svg};
use crate::view::i18n::{Localization, Value, key, seconds};
use crate::view::run_view::scale;
use udping_engine::what_if::{Timeouts, rounded};
use udping_journal::what_if::FateCounts;

/// Room for the times below the curve, and above it for the marker's own.
const BOTTOM: f64 = 18.0;
const TOP: f64 = 20.0;
/// Room at its sides for half a number.
const SIDE: f64 = 4.0;

/// The curve.
#[derive(Debug)]
pub(super) struct Curve {
    svg: Leaf,
    areas: Pool,
    texts: Pool,
    handle: Leaf,
    marker: Leaf,
    width: f64,
    height: f64,
}

impl Curve {
    pub(super) fn new() -> Self {
        let svg_leaf = Leaf::of("what-if-curve");
        let layer = |make: fn() -> Element| Pool::layer(svg_leaf.element(), make);
        Self {
            areas: layer(|| svg("path")),
            texts: layer(|| svg("text")),
            svg: svg_leaf,
            handle: Leaf::of("what-if-handle"),
            marker: Leaf::within(&by_id("what-if-handle"), "output"),
            width: 0.0,
            height: 0.0,
        }
    }

    /// The timeout under a point, in pixels from the left.
    pub(super) fn timeout_at(&self, timeouts: &Timeouts, x: f64) -> u64 {
        let (from, until) = timeouts.range_ns();
        let part = ((x - SIDE) / (self.width - 2.0 * SIDE).max(1.0)).clamp(0.0, 1.0);
        let (from, until) = (Math::log(seconds(from)), Math::log(seconds(until)));
        rounded(scale(1, Math::exp(from + part * (until - from)) * 1e9))
    }

    fn x(&self, timeouts: &Timeouts, timeout_ns: u64) -> f64 {
        let (from, until) = timeouts.range_ns();
        let (low, high) = (Math::log(seconds(from)), Math::log(seconds(until)));
        let at = Math::log(seconds(timeout_ns.clamp(from, until)));
        SIDE + (at - low) / (high - low).max(1e-9) * (self.width - 2.0 * SIDE)
    }

    /// Draws it; false where there is no room for it yet.
    pub(super) fn draw(
        &mut self,
        l10n: &Localization,
        timeouts: &Timeouts,
        timeout_ns: u64,
    ) -> bool {
        let element = self.svg.element();
        (self.width, self.height) = (
            element.client_width().into(),
            element.client_height().into(),
        );
        if self.width < 1.0 {
            return false;
        }
        self.areas.begin();
        self.texts.begin();
        self.outcomes(timeouts);
        self.axis(l10n, timeouts, timeout_ns);
        self.areas.end();
        self.texts.end();
        let x = self.x(timeouts, timeout_ns);
        self.handle.style("left", &pixels(x));
        let span = l10n.span(timeout_ns);
        self.marker.text(&span);
        // At the edges its time leans inwards.
        let side = if x < 34.0 {
            "start"
        } else if x > self.width - 34.0 {
            "end"
        } else {
            "middle"
        };
        self.handle.set("data-side", side);
        self.handle.set("aria-valuetext", &span);
        self.handle.set("aria-valuenow", &x.to_string());
        self.handle.set("aria-valuemax", &self.width.to_string());
        let counts = timeouts.counts(timeout_ns);
        self.svg.set("aria-label", &said(l10n, timeout_ns, &counts));
        true
    }

    /// From below: replied, late, lost, unknown; a step wherever a pixel's timeout counts
    /// otherwise than the one before.
    fn outcomes(&mut self, timeouts: &Timeouts) {
        let floor = self.height - BOTTOM;
        let probes = seconds(timeouts.probes().max(1));
        let y = |count: u64| floor - seconds(count) / probes * (floor - TOP);
        let mut tops = [const { Vec::new() }; 4];
        let (from, until) = timeouts.range_ns();
        let (low, high) = (Math::log(seconds(from)), Math::log(seconds(until)));
        let mut x = SIDE;
        while x <= self.width - SIDE {
            let part = (x - SIDE) / (self.width - 2.0 * SIDE);
            let at = scale(1, Math::exp(low + part * (high - low)) * 1e9);
            let it = timeouts.counts(at);
            let late = it.replied + it.late;
            let lost = it.replied + it.lost + it.refused;
            for (tops, count) in tops
                .iter_mut()
                .zip([it.replied, late, lost, lost + it.unknown])
            {
                tops.push((x, y(count)));
            }
            x += 1.0;
        }
        let mut below: Vec<(f64, f64)> = Vec::new();
        for (class, tops) in ["replied", "late", "lost", "unknown"].iter().zip(tops) {
            let mut d = Path::default();
            d.to(SIDE, floor);
            let mut edge = Path::default();
            for (at, (x, y)) in tops.iter().enumerate() {
                d.line(*x, *y);
                if at == 0 {
                    edge.to(*x, *y);
                } else {
                    edge.line(*x, *y);
                }
            }
            if below.is_empty() {
                d.line(self.width - SIDE, floor);
            } else {
                for (x, y) in below.iter().rev() {
                    d.line(*x, *y);
                }
            }
            let leaf = self.areas.next();
            leaf.class(&["share ", class].concat());
            leaf.set("d", d.data());
            let leaf = self.areas.next();
            leaf.class(&["share-edge ", class].concat());
            leaf.set("d", edge.data());
            below = tops;
        }
    }

    fn axis(&mut self, l10n: &Localization, timeouts: &Timeouts, timeout_ns: u64) {
        let floor = self.height - BOTTOM;
        let mut marks = Path::default();
        for at in [
            Some(timeouts.recorded_ns()),
            timeouts.saves_all_ns(),
            timeouts.certain_ns(),
        ]
        .into_iter()
        .flatten()
        {
            let x = self.x(timeouts, at);
            marks.to(x, TOP).down(floor);
        }
        let leaf = self.areas.next();
        leaf.class("share-mark");
        leaf.set("d", marks.data());
        let marker = self.x(timeouts, timeout_ns);
        let leaf = self.areas.next();
        leaf.class("share-now");
        leaf.set(
            "d",
            Path::default().to(marker, TOP - 2.0).down(floor).data(),
        );
        // Round times along the axis, each only where it has room.
        let (from, until) = timeouts.range_ns();
        let mut right = f64::NEG_INFINITY;
        let decades = core::iter::successors(Some(1_u64), |at| at.checked_mul(10));
        let ticks: Vec<u64> = decades
            .flat_map(|at| [at, at.saturating_mul(2), at.saturating_mul(5)])
            .filter(|at| (from..=until).contains(at))
            .collect();
        for at in ticks {
            let text = l10n.span(at);
            let letters = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
            let half = f64::from(letters) * 3.6;
            let x = self.x(timeouts, at);
            if x - half > right + 8.0 && x - half > 0.0 && x + half < self.width {
                let leaf = self.texts.next();
                leaf.class("t soft mid");
                leaf.place("x", x);
                leaf.place("y", self.height - 4.0);
                leaf.text(&text);
                right = x + half;
            }
        }
    }
}

/// How many fare how under a timeout, in a sentence.
pub(super) fn said(l10n: &Localization, timeout_ns: u64, counts: &FateCounts) -> String {
    l10n.say(
        key::WHAT_IF_COUNTS,
        &[
            ("timeout", Value::Span(timeout_ns)),
            ("replied", Value::Count(counts.replied)),
            ("lost", Value::Count(counts.lost)),
            ("late", Value::Count(counts.late)),
            ("unknown", Value::Count(counts.unknown)),
        ],
    )
}
