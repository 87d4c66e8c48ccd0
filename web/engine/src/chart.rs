//! RTTs over time: every sample where they fit, least and greatest of each pixel
//! column where they don't. No extreme is ever lost. Heartbeats, which have no RTT, lie
//! on one line, and above it a loss where some are missing.

mod pyramid;
#[cfg(test)]
mod tests;

use core::ops::Range;
use std::rc::Rc;

use super::log::{Kind, Log, Symbol};
use super::run::Run;
use super::scale::{float, nice_step, whole};
use pyramid::{Pyramid, Sum};

/// How far above a heartbeat it is marked that some are missing before it, in pixels.
const MISSING_PX: f64 = 6.0;

/// A run's samples at every zoom. Make it once for each run.
#[derive(Debug, Clone)]
pub struct Chart {
    pyramid: Pyramid,
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
    /// The RTT at the top; `None` for the greatest in sight.
    pub top_ns: Option<u64>,
}

/// What to draw.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Plot {
    /// Every sample; empty if there are too many.
    pub dots: Vec<Dot>,
    /// The samples by pixel column; empty if `dots` has them.
    pub columns: Vec<Column>,
    /// The RTT at the top edge.
    pub top_ns: u64,
    /// Where to put the lines of the RTT axis.
    pub rtt_ticks: Vec<u64>,
    /// Where to put those of the time axis.
    pub time_ticks: Vec<u64>,
    /// Where the timeout lies.
    pub timeout_y: f64,
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

/// The samples of one pixel column.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Column {
    /// Its left edge.
    pub x: f64,
    /// Where the least RTT lies; the bottom edge if there is none.
    pub low_y: f64,
    /// Where the greatest lies.
    pub high_y: f64,
    /// How many RTTs, late ones left out.
    pub replied: u32,
    /// How many losses.
    pub lost: u32,
    /// How many late replies.
    pub late: u32,
    /// Where the greatest late RTT lies.
    pub late_y: f64,
    /// The first event in it.
    pub event: usize,
}

impl Chart {
    /// The samples of `run`.
    #[must_use]
    pub fn new(run: &Run) -> Self {
        Self {
            pyramid: Pyramid::of(run),
            drawn: None,
        }
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

    fn plot(&self, run: &Run, frame: &Frame) -> Plot {
        let log = run.log();
        let first = log.events.at.partition_point(|at| *at < frame.from_ns);
        let last = log.events_by(frame.until_ns).max(first);
        let all = self.pyramid.sum(log, first..last);
        let greatest = all.high.max(all.late_high);
        let timeout = run.header().timeout_ns;
        // A little air above, and a sensible scale where there is nothing yet.
        let top_ns = frame.top_ns.unwrap_or(match greatest {
            0 => timeout,
            greatest => greatest.saturating_add(greatest / 12),
        });
        let top_ns = top_ns.max(1);
        let mut plot = Plot {
            top_ns,
            rtt_ticks: if run.beats() {
                Vec::new()
            } else {
                ticks(0, top_ns, frame.height / 36.0)
            },
            time_ticks: ticks(frame.from_ns, frame.until_ns, frame.width / 110.0),
            timeout_y: frame.y(timeout, top_ns),
            beats_y: run.beats().then_some(frame.height / 2.0),
            ..Plot::default()
        };
        if float(all.samples()) <= 2.0 * frame.width {
            let samples = (first..last)
                .flat_map(|event| [dot(run, event), missing(run, event)])
                .flatten();
            plot.dots = samples
                .map(|(symbol, at_ns, rtt_ns, event, probe)| Dot {
                    x: frame.x(at_ns),
                    y: match (rtt_ns, plot.beats_y) {
                        (Some(rtt), _) => frame.y(rtt, top_ns),
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
        } else {
            plot.columns = self.columns(log, frame, top_ns, first..last);
            for column in &mut plot.columns {
                if let Some(y) = plot.beats_y {
                    (column.low_y, column.high_y) = (y + 2.0, y - 2.0);
                }
            }
        }
        plot
    }

    fn columns(&self, log: &Log, frame: &Frame, top_ns: u64, events: Range<usize>) -> Vec<Column> {
        let mut columns = Vec::new();
        let mut first = events.start;
        let mut x = 0.0;
        while first < events.end && x < frame.width {
            // The first moment of the next column.
            let until = frame.at_ns(x + 1.0);
            let end = log.events.at.partition_point(|at| *at < until);
            let last_column = x + 1.0 >= frame.width;
            let end = if last_column {
                events.end
            } else {
                end.clamp(first, events.end)
            };
            let sum = self.pyramid.sum(log, first..end);
            if sum.samples() > 0 {
                columns.push(column(&sum, x, frame, top_ns, first));
            }
            first = end;
            x += 1.0;
        }
        columns
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

impl Frame {
    /// Where a moment lies; beyond the edges if it is out of sight.
    #[must_use]
    pub fn x(&self, at_ns: u64) -> f64 {
        let on = float(at_ns.saturating_sub(self.from_ns));
        let back = float(self.from_ns.saturating_sub(at_ns));
        (on - back) / self.span() * self.width
    }

    fn span(&self) -> f64 {
        float(self.until_ns.saturating_sub(self.from_ns).max(1))
    }

    fn at_ns(&self, x: f64) -> u64 {
        let share = x / self.width.max(1.0);
        self.from_ns.saturating_add(whole(share * self.span()))
    }

    fn y(&self, rtt_ns: u64, top_ns: u64) -> f64 {
        self.height * (1.0 - float(rtt_ns) / float(top_ns))
    }
}

fn column(sum: &Sum, x: f64, frame: &Frame, top_ns: u64, event: usize) -> Column {
    let y = |known: bool, rtt| {
        if known {
            frame.y(rtt, top_ns)
        } else {
            frame.height
        }
    };
    Column {
        x,
        low_y: y(sum.replied > 0, sum.low),
        high_y: y(sum.replied > 0, sum.high),
        replied: sum.replied,
        lost: sum.lost,
        late: sum.late,
        late_y: y(sum.late > 0, sum.late_high),
        event,
    }
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
        Kind::Replied => (Symbol::Replied, true),
        Kind::Late => (Symbol::Late, true),
        Kind::Lost => (Symbol::Lost, false),
        Kind::Refused => (Symbol::Refused, false),
        Kind::Unsent => (Symbol::Unsent, false),
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

/// About `count` round values from `from` to `until`.
fn ticks(from: u64, until: u64, count: f64) -> Vec<u64> {
    let span = until.saturating_sub(from);
    let step = nice_step(float(span) / count.clamp(1.0, 100.0));
    let first = from.checked_next_multiple_of(step);
    let next = |at: &u64| at.checked_add(step);
    core::iter::successors(first, next)
        .take_while(|at| *at <= until)
        .collect()
}
