//! RTTs over time: every sample where there is room, and percentiles and loss rates of all of
//! them where there is not. Heartbeats, which have no RTT, lie on one line, and above it a loss
//! where some are missing.
//!
//! Owns which of the two is drawn, and where. Colours and axes' words are the page's.

mod axis;
mod bands;
mod pyramid;
mod range;
mod spread;
#[cfg(test)]
mod tests;
pub mod window;

use core::ops::Range;
use std::rc::Rc;

pub use axis::Axis;
pub use bands::{Bucket, PERCENTILES};
pub use range::RangeFigures;
pub use spread::Step;

use super::log::{EventKind, Symbol};
use super::run::Run;
use super::scale::{float, whole};
use axis::ticks;
use bands::Bands;
use pyramid::Pyramid;
use spread::Spread;

/// How far above a heartbeat it is marked that some are missing before it, in pixels.
const MISSING_PX: f64 = 6.0;
/// The least room for each sample, in pixels, where each is drawn.
const SAMPLE_PX: f64 = 1.5;
/// The least width of a cell that tells its loss rate, in pixels.
const CELL_PX: f64 = 56.0;

/// A run's samples at every zoom. Make it once for each run.
#[derive(Debug, Clone)]
pub struct Chart {
    pyramid: Pyramid,
    spread: Spread,
    bands: Bands,
    /// What was drawn last: where the cursor stands changes none of it.
    drawn: Option<(Frame, Rc<Plot>)>,
}

/// What part of the chart is to be drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Frame {
    /// The first moment in sight, in nanoseconds.
    pub from_ns: u64,
    /// The last moment in sight.
    pub until_ns: u64,
    /// In pixels.
    pub width: f64,
    /// In pixels.
    pub height: f64,
    /// An RTT that is to be in sight; `None` for the timeout, if it is near.
    pub top_ns: Option<u64>,
    /// RTTs by their logarithm.
    pub log: bool,
}

/// What to draw.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Plot {
    /// Every sample; empty if there are too many.
    pub dots: Vec<Dot>,
    /// The samples by stretches of time; empty if `dots` has them.
    pub buckets: Vec<Bucket>,
    /// How much was lost from one stretch to the next.
    pub losses: Vec<Loss>,
    /// Where an RTT lies.
    pub axis: Axis,
    /// Where to put the lines of the RTT axis.
    pub rtt_ticks: Vec<u64>,
    /// Where to put those of the time axis.
    pub time_ticks: Vec<u64>,
    /// Where heartbeats lie, if it is of them.
    pub beats_y: Option<f64>,
}

/// One sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dot {
    /// When it was settled.
    pub x: f64,
    /// Its RTT, or the bottom edge if it has none.
    pub y: f64,
    /// Its outcome.
    pub symbol: Symbol,
    /// The event that it is.
    pub event: usize,
    /// The probe that it is, if it is one's.
    pub probe: Option<usize>,
    /// The RTT.
    pub rtt_ns: Option<u64>,
}

/// How much was lost of what was settled in a stretch of time.
#[derive(Debug, Clone, PartialEq)]
pub struct Loss {
    /// Its left edge.
    pub x: f64,
    /// In pixels.
    pub width: f64,
    /// The event after its last one.
    pub end: usize,
    /// How many were settled.
    pub settled: u32,
    /// How many of them were lost.
    pub lost: u32,
}

impl Loss {
    /// The share that was lost, in parts per million; 0 of nothing.
    #[must_use]
    pub fn ppm(&self) -> u64 {
        let lost = u64::from(self.lost) * 1_000_000;
        lost.checked_div(self.settled.into()).unwrap_or(0)
    }
}

impl Chart {
    /// The samples of `run`.
    #[must_use]
    pub fn new(run: &Run) -> Self {
        let pyramid = Pyramid::of(run);
        let all = pyramid.sum(run.log(), 0..run.events());
        Self {
            spread: Spread::of(run.log(), all.low, all.high),
            pyramid,
            bands: Bands::default(),
            drawn: None,
        }
    }

    /// The greatest RTT of all, late ones included; `None` without a reply.
    #[must_use]
    pub fn slowest_ns(&self, run: &Run) -> Option<u64> {
        let all = self.pyramid.sum(run.log(), 0..run.events());
        Some(all.high.max(all.late_high)).filter(|slowest| *slowest > 0)
    }

    /// Draws them; as often as is wanted, while the frame stays the same.
    ///
    /// `run` is the one that the chart was made for.
    pub fn draw(&mut self, run: &Run, frame: &Frame) -> Rc<Plot> {
        match &self.drawn {
            Some((known, plot)) if known == frame => Rc::clone(plot),
            _ => {
                let plot = Rc::new(self.plot(run, frame));
                self.drawn = Some((*frame, Rc::clone(&plot)));
                plot
            }
        }
    }

    fn plot(&mut self, run: &Run, frame: &Frame) -> Plot {
        let log = run.log();
        let events = events_between(run, frame.from_ns, frame.until_ns);
        let all = self.pyramid.sum(log, events.clone());
        let least = all.low.min(all.late_low);
        let greatest = all.high.max(all.late_high);
        let timeout = run.header().timeout_ns;
        let greatest = greatest.max(frame.top_ns.unwrap_or(0));
        let axis = Axis::of(least, greatest, timeout, frame.height, frame.log);
        let beats = run.beats();
        let mut plot = Plot {
            axis,
            rtt_ticks: if beats { Vec::new() } else { axis.ticks() },
            time_ticks: ticks(frame.from_ns, frame.until_ns, (frame.width / 96.0).max(3.0)),
            beats_y: beats.then_some(frame.height / 2.0),
            ..Plot::default()
        };
        if float(all.samples()) * SAMPLE_PX <= frame.width {
            let samples = events
                .flat_map(|event| [dot(run, event), missing(run, event)])
                .flatten();
            plot.dots = samples
                .map(|(symbol, at_ns, rtt_ns, event, probe)| Dot {
                    x: frame.x(at_ns),
                    y: match (rtt_ns, plot.beats_y) {
                        (Some(rtt), _) => axis.y(rtt),
                        (None, None) => frame.height,
                        (None, Some(y)) if symbol == Symbol::Lost => y - MISSING_PX,
                        (None, Some(y)) => y,
                    },
                    symbol,
                    event,
                    probe,
                    rtt_ns,
                })
                .collect();
            plot.losses = self.losses(run, frame, &plot.time_ticks);
        } else {
            plot.buckets = self.bands.of(log, &self.pyramid, frame);
            let cells = plot.buckets.iter().map(|bucket| Loss {
                x: frame.x(bucket.from_ns),
                width: frame.x(bucket.until_ns) - frame.x(bucket.from_ns),
                end: bucket.events.end,
                settled: bucket.replied.saturating_add(bucket.lost),
                lost: bucket.lost,
            });
            plot.losses = cells.collect();
        }
        plot
    }

    /// The losses between the ticks of the time axis, and between each two where there is room.
    fn losses(&self, run: &Run, frame: &Frame, ticks: &[u64]) -> Vec<Loss> {
        let Some(step) = ticks
            .get(1)
            .map(|second| second - ticks.first().unwrap_or(&0))
        else {
            return Vec::new();
        };
        let wide = frame.x(frame.from_ns.saturating_add(step)) >= 2.0 * CELL_PX;
        let step = if wide && step % 2 == 0 {
            step / 2
        } else {
            step
        }
        .max(1);
        let first = frame.from_ns / step * step;
        let starts = core::iter::successors(Some(first), |at| at.checked_add(step));
        let cells = starts.take_while(|at| *at < frame.until_ns).map(|at| {
            let until = at.saturating_add(step);
            let (from_ns, until_ns) = (at.max(frame.from_ns), until.min(frame.until_ns));
            let last = if until < frame.until_ns {
                until_ns - 1
            } else {
                until_ns
            };
            let events = events_between(run, from_ns, last);
            let sum = self.pyramid.sum(run.log(), events.clone());
            Loss {
                x: frame.x(from_ns),
                width: frame.x(until_ns) - frame.x(from_ns),
                end: events.end,
                settled: sum.replied.saturating_add(sum.lost),
                lost: sum.lost,
            }
        });
        cells.filter(|cell| cell.settled > 0).collect()
    }

    /// The event of the sample nearest to `x`, to point at.
    #[must_use]
    pub fn nearest(&self, run: &Run, frame: &Frame, x: f64) -> Option<usize> {
        let at_ns = frame.at_ns(x);
        let log = run.log();
        let middle = log.events.at.partition_point(|at| *at < at_ns);
        let is_sample = |event: &usize| dot(run, *event).is_some();
        let first = log.events.at.partition_point(|at| *at < frame.from_ns);
        let last = log.events_by(frame.until_ns);
        let after = (middle..last).find(is_sample);
        let before = (first..middle).rev().find(is_sample);
        let distance = |event: &usize| log.events.at.get(*event).map(|at| at.abs_diff(at_ns));
        before.into_iter().chain(after).min_by_key(distance)
    }
}

impl Chart {
    /// The sample before or after an event; the first or the last one of the run without it.
    #[must_use]
    pub fn beside(&self, run: &Run, event: Option<usize>, forward: bool) -> Option<usize> {
        let is_sample = |event: &usize| dot(run, *event).is_some();
        if forward {
            (event.map_or(0, |event| event + 1)..run.events()).find(is_sample)
        } else {
            (0..event.unwrap_or(run.events())).rev().find(is_sample)
        }
    }
}

impl Frame {
    /// Where a moment lies; beyond the edges if it is out of sight.
    #[must_use]
    pub fn x(&self, at_ns: u64) -> f64 {
        let on = float(at_ns.saturating_sub(self.from_ns));
        let back = float(self.from_ns.saturating_sub(at_ns));
        (on - back) / self.span() * self.width
    }

    pub(super) fn span(&self) -> f64 {
        float(self.until_ns.saturating_sub(self.from_ns).max(1))
    }

    /// The moment at a place.
    #[must_use]
    pub fn at_ns(&self, x: f64) -> u64 {
        let share = x / self.width.max(1.0);
        self.from_ns.saturating_add(whole(share * self.span()))
    }
}

/// The events from one moment to another, both included.
fn events_between(run: &Run, from_ns: u64, until_ns: u64) -> Range<usize> {
    let log = run.log();
    let first = log.events.at.partition_point(|at| *at < from_ns);
    first..log.events_by(until_ns).max(first)
}

type Sample = (Symbol, u64, Option<u64>, usize, Option<usize>);

/// An event as a sample: mark, time, RTT, event, probe. `None` if it is none.
fn dot(run: &Run, event: usize) -> Option<Sample> {
    let log = run.log();
    let at = *log.events.at.get(event)?;
    if run.beats() {
        let event = run.event(event)?;
        return Some((event.what.symbol()?, at, None, event.index, event.probe));
    }
    let (symbol, has_rtt) = match log.code(event)?.kind() {
        EventKind::Replied => (Symbol::Replied, true),
        EventKind::Late => (Symbol::Late, true),
        EventKind::Duplicate => (Symbol::Duplicate, true),
        EventKind::Lost => (Symbol::Lost, false),
        EventKind::Refused => (Symbol::Refused, false),
        EventKind::Unsent => (Symbol::Unsent, false),
        _ => return None,
    };
    let probe = super::log::index(*log.events.probe.get(event)?)?;
    let value = *log.events.value.get(event)?;
    Some((symbol, at, has_rtt.then_some(value), event, Some(probe)))
}

/// The heartbeats that are missing before one that came.
fn missing(run: &Run, event: usize) -> Option<Sample> {
    let found = run.beats().then(|| run.event(event))??;
    let missing = found.what.tells_of_missing();
    missing.then_some((Symbol::Lost, found.at_ns, None, event, None))
}
