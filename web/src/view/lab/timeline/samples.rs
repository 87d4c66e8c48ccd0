//! The samples of the plot: a mark for each, or bands and a strip of loss rates.
//!
//! Owns how they look. Losses and what else has no RTT stand on a rail of their own.

use super::{Area, RAIL, RAIL_MARK, STRIP, Timeline};
use crate::view::dom::Path;
use crate::view::i18n::{Localization, key};
use crate::view::run_view::RunView;
use crate::view::symbols::look;
use udping_engine::chart::{Bucket, Dot, Loss, PERCENTILES, Plot};
use udping_engine::log::Symbol;

/// From which loss rate on a cell has the next shade, in parts per million.
const SHADES: [(u64, &str); 5] = [
    (500_000, "loss-cell most"),
    (80_000, "loss-cell many"),
    (40_000, "loss-cell more"),
    (10_000, "loss-cell some"),
    (1, "loss-cell few"),
];

/// The least width of a cell that has its rate written in it, in pixels.
const WRITTEN: f64 = 44.0;

impl Timeline {
    pub(super) fn samples(
        &mut self,
        l10n: &Localization,
        view: &RunView,
        plot: &Plot,
        area: &Area,
    ) {
        // What has not happened yet is shown only where it is on record.
        let known = if view.recorded() {
            usize::MAX
        } else {
            view.cursor.index
        };
        self.bands(view, plot, area, known);
        self.found(view, plot, area, known);
        self.dots(view, plot, area, known);
        if plot.beats_y.is_none() {
            self.losses(l10n, plot, area, known);
        }
    }

    /// The samples of the run that is compared by time, on the same axes: rings, or the line of
    /// its medians.
    pub(super) fn beside(&mut self, view: &RunView, beside: &Plot, plot: &Plot, area: &Area) {
        let frame = self.frame(view);
        let seen = |at_ns: u64| view.recorded() || at_ns <= view.cursor.at_ns;
        let mut d = Path::default();
        let dots = beside.dots.iter().filter(|dot| seen(frame.at_ns(dot.x)));
        for dot in dots {
            if let Some(rtt) = dot.rtt_ns {
                d.circle(area.left + dot.x, area.top + plot.axis.y(rtt), 4.0);
            } else {
                sample(
                    &mut d,
                    dot.symbol,
                    area.left + dot.x,
                    area.floor + RAIL_MARK,
                );
            }
        }
        let mut last = None;
        let buckets = beside.buckets.iter().filter(|it| seen(it.until_ns));
        for bucket in buckets {
            let Some([median, ..]) = bucket.percentiles else {
                continue;
            };
            let x = |ns| (area.left + frame.x(ns)).clamp(area.left, area.right);
            let (left, right) = (x(bucket.from_ns), x(bucket.until_ns));
            let y = area.top + plot.axis.y(median);
            if last.replace(bucket.until_ns) == Some(bucket.from_ns) {
                d.down(y).across(right);
            } else {
                d.to(left, y).across(right);
            }
        }
        self.path("plot-ring beside", &d);
    }

    fn dots(&mut self, view: &RunView, plot: &Plot, area: &Area, known: usize) {
        let seen = |dot: &&Dot| dot.event < known;
        let found = &view.derived.found;
        let is_found = |dot: &Dot| {
            dot.probe
                .map_or_else(|| found.event(dot.event), |probe| found.probe(probe))
        };
        // What a filter leaves out lies beneath what it finds.
        let kinds = Symbol::ALL.map(|symbol| (symbol, false));
        let kinds = kinds
            .into_iter()
            .chain(Symbol::ALL.map(|symbol| (symbol, true)));
        for (symbol, wanted) in kinds {
            let mut d = Path::default();
            let dots = plot.dots.iter().filter(seen);
            for dot in dots.filter(|dot| dot.symbol == symbol && is_found(dot) == wanted) {
                let (x, y) = place(area, plot, dot);
                sample(&mut d, symbol, x, y);
            }
            if !d.is_empty() {
                let kind = match symbol {
                    Symbol::Lost | Symbol::Unsent => "plot-line ",
                    Symbol::Ignored | Symbol::Refused => "plot-ring ",
                    _ => "plot-symbol ",
                };
                let dim = if wanted { "" } else { " dimmed" };
                self.path(&[kind, look(symbol).class, dim].concat(), &d);
            }
        }
        let chosen = view.shown_probe();
        let (mut rings, mut changed) = (Path::default(), Path::default());
        for dot in plot.dots.iter().filter(seen) {
            let (x, y) = place(area, plot, dot);
            let Some(probe) = dot.probe else { continue };
            if Some(probe) == chosen {
                rings.circle(x, y, 8.5);
            }
            if view.under_other_timeout(probe).is_some() {
                changed.to(x - 4.0, y - 12.0).raw("h8m-8-3h8m-6 5l4-7");
            }
        }
        self.path("chosen-ring", &rings);
        self.path("chosen-ring", &changed);
    }

    /// Where in the buckets a filter finds something: a strip above the samples.
    fn found(&mut self, view: &RunView, plot: &Plot, area: &Area, known: usize) {
        let Some(found) = view.found() else { return };
        let frame = self.frame(view);
        let x = |ns| (area.left + frame.x(ns)).clamp(area.left, area.right);
        let mut d = Path::default();
        for bucket in plot
            .buckets
            .iter()
            .filter(|bucket| bucket.events.end <= known)
        {
            if found.events_in(bucket.events.clone()) > 0 {
                let (left, right) = (x(bucket.from_ns), x(bucket.until_ns));
                d.rect(left, area.top - 5.0, (right - left).max(1.0), 4.0);
            }
        }
        self.path("found-strip", &d);
    }

    fn bands(&mut self, view: &RunView, plot: &Plot, area: &Area, known: usize) {
        let frame = self.frame(view);
        let axis = &plot.axis;
        let mut extremes = Path::default();
        let mut late = Path::default();
        let mut ways: [Path; 3] = Default::default();
        let mut fills: [Path; 2] = Default::default();
        let buckets: Vec<&Bucket> = plot
            .buckets
            .iter()
            .filter(|bucket| bucket.events.end <= known)
            .collect();
        let edges = |bucket: &Bucket| {
            let x = |ns| (area.left + frame.x(ns)).clamp(area.left, area.right);
            (x(bucket.from_ns), x(bucket.until_ns))
        };
        let joined = |one: &Bucket, next: &Bucket| one.until_ns == next.from_ns;
        let with_replies = |bucket: &&&Bucket| bucket.percentiles.is_some();
        if let Some(beats_y) = plot.beats_y {
            for bucket in &buckets {
                let (left, right) = edges(bucket);
                extremes.rect(left, area.top + beats_y - 2.0, right - left, 4.0);
            }
            return self.path("band extremes", &extremes);
        }
        let told: Vec<&Bucket> = buckets.iter().filter(with_replies).copied().collect();
        for stretch in told.chunk_by(|one, next| joined(one, next)) {
            let corners = |at: usize| {
                let y = move |bucket: &Bucket| {
                    let value = bucket.percentiles.map_or(0, |all| all[at]);
                    area.top + axis.y(value)
                };
                stretch.iter().map(move |bucket| (edges(bucket), y(bucket)))
            };
            for (at, way) in ways.iter_mut().enumerate() {
                for (place, ((left, right), y)) in corners(at).enumerate() {
                    if place == 0 {
                        way.to(left, y).across(right);
                    } else {
                        way.down(y).across(right);
                    }
                }
            }
            for (at, fill) in fills.iter_mut().enumerate() {
                for ((left, right), (low, high)) in corners(at)
                    .zip(corners(at + 1))
                    .map(|((edges, low), (_, high))| (edges, (low, high)))
                {
                    fill.rect(left, high, right - left, low - high);
                }
            }
        }
        for bucket in &buckets {
            let (left, right) = edges(bucket);
            if let Some([low, high]) = bucket.extent {
                let (low, high) = (area.top + axis.y(low), area.top + axis.y(high));
                extremes.rect(left, high, right - left, (low - high).max(1.0));
            }
            if let Some(rtt) = bucket.late_ns {
                let (x, y) = (f64::midpoint(left, right), area.top + axis.y(rtt));
                late.to(x, y - 3.0).raw("l3 3l-3 3l-3-3Z");
            }
        }
        self.path("band extremes", &extremes);
        for (class, fill) in ["band inner", "band outer"].into_iter().zip(&fills) {
            self.path(class, fill);
        }
        for (class, way) in ["band-way p50", "band-way p90", "band-way p99"]
            .into_iter()
            .zip(&ways)
        {
            self.path(class, way);
        }
        self.path("plot-symbol late", &late);
        self.band_names(&buckets, plot, area);
    }

    /// The names of the percentiles, at their lines' ends in the gutter.
    fn band_names(&mut self, buckets: &[&Bucket], plot: &Plot, area: &Area) {
        let last = buckets.iter().rev().find_map(|bucket| bucket.percentiles);
        let Some(last) = last else { return };
        let mut above = f64::INFINITY;
        for (value, name) in last.into_iter().zip(PERCENTILES) {
            // Names keep a line's distance, from the lowest up.
            let y = (area.top + plot.axis.y(value) + 4.0)
                .min(above - 13.0)
                .max(area.top + 20.0);
            above = y;
            let class = if name == 50 {
                "t replied strong"
            } else {
                "t replied"
            };
            self.text(class, area.right + 16.0, y, &format!("p{name}"));
        }
    }

    fn losses(&mut self, l10n: &Localization, plot: &Plot, area: &Area, known: usize) {
        let (rail, strip) = (area.floor + RAIL_MARK, area.floor + RAIL);
        let mut baseline = Path::default();
        baseline.to(area.left, area.floor).across(area.right);
        self.path("axis", &baseline);
        if !plot.dots.is_empty() {
            self.text("soft end", area.left - 8.0, rail + 4.0, l10n.get(key::RAIL));
        }
        self.text(
            "soft end",
            area.left - 8.0,
            strip + 13.0,
            l10n.get(key::LOSS_STRIP),
        );
        let seen = |loss: &&Loss| loss.end <= known;
        for (index, (least, class)) in SHADES.into_iter().enumerate() {
            let below = index
                .checked_sub(1)
                .map_or(u64::MAX, |above| SHADES[above].0);
            let mut cells = Path::default();
            let all = plot.losses.iter().filter(seen);
            for loss in all.filter(|loss| (least..below).contains(&loss.ppm())) {
                cells.rect(area.left + loss.x, strip + 2.0, loss.width, STRIP - 4.0);
            }
            self.path(class, &cells);
        }
        for loss in plot
            .losses
            .iter()
            .filter(seen)
            .filter(|loss| loss.width >= WRITTEN)
        {
            let rate = l10n.rate(loss.lost.into(), loss.settled.into());
            let class = if loss.ppm() >= SHADES[0].0 {
                "loss-rate t mid on"
            } else {
                "loss-rate t mid"
            };
            self.text(
                class,
                area.left + loss.x + loss.width / 2.0,
                strip + 13.0,
                &rate,
            );
        }
    }
}

/// Where a sample's mark stands.
pub(super) fn place(area: &Area, plot: &Plot, dot: &Dot) -> (f64, f64) {
    let raised = plot.beats_y.is_none() && dot.rtt_ns.is_none();
    let y = if raised {
        area.floor + RAIL_MARK
    } else {
        area.top + dot.y
    };
    (area.left + dot.x, y)
}

/// Adds a sample's mark to a path: the legend's shapes, as path data.
pub(super) fn sample(d: &mut Path, symbol: Symbol, x: f64, y: f64) {
    match symbol {
        Symbol::Lost => d.to(x - 4.0, y - 4.0).raw("l8 8m0-8l-8 8"),
        Symbol::Late => d.to(x, y - 5.5).raw("l5.5 5.5l-5.5 5.5l-5.5-5.5Z"),
        Symbol::Unsent => d.to(x - 4.0, y).raw("h8"),
        Symbol::Ignored => d.to(x - 4.0, y - 4.0).raw("h8v8h-8Z"),
        Symbol::Duplicate => d.circle(x - 2.5, y, 2.8).circle(x + 3.0, y, 2.8),
        Symbol::Refused => d.circle(x, y, 4.5).to(x - 3.0, y + 3.0).raw("l6-6"),
        Symbol::InFlight | Symbol::Unknown | Symbol::Replied => d.circle(x, y, 4.0),
    };
}
