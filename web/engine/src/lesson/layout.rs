//! How far down in a ladder a moment is.
//!
//! Owns the one scale that all lanes of a stage share. Long waits are shortened, so that
//! a second's timeout does not push what matters off the page: order is kept, and
//! lengths only among neighbours.

use super::scene::Stage;
use crate::scale::nice_step;

/// How tall the shortest flight is, in pixels.
const FLIGHT: f64 = 64.0;
/// Neighbouring moments that would be farther apart than this, in pixels, are drawn this
/// far apart.
const LONG: f64 = 240.0;
const WAIT: f64 = 84.0;
/// The least that they are apart.
const STEP: f64 = 2.0;
/// About how far apart the axis's times are, and the least that they are.
const TICK: f64 = 56.0;
const LEAST_TICK: f64 = 18.0;
/// More times than this no axis has.
const MOST_TICKS: f64 = 1_000.0;

/// A scale from moments to pixels.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    /// Moments and how far down they are, both rising.
    ticks: Vec<(u64, f64)>,
    /// The waits that are shortened: from when to when.
    breaks: Vec<(u64, u64)>,
    /// How many pixels a nanosecond has where nothing is shortened.
    scale: f64,
}

impl Layout {
    /// The scale of a stage.
    #[must_use]
    pub fn new(stage: &Stage) -> Self {
        let flights = stage.tracks.iter().flat_map(|track| &track.flights);
        let flights = flights
            .filter(|flight| !flight.lost)
            .map(|flight| flight.until_ns - flight.from_ns);
        let shortest = flights.filter(|span| *span > 0).min().unwrap_or(1);
        let scale = FLIGHT / real(shortest);
        let mut ticks: Vec<(u64, f64)> = vec![(0, 0.0)];
        let mut breaks = Vec::new();
        for at in stage.times() {
            let (before, top) = ticks.last().copied().unwrap_or_default();
            if at > before {
                let mut span = real(at - before) * scale;
                if span > LONG {
                    breaks.push((before, at));
                    span = WAIT;
                }
                ticks.push((at, top + span.max(STEP)));
            }
        }
        Self {
            ticks,
            breaks,
            scale,
        }
    }

    /// The round times that an axis names, up to a moment: none in a wait that is shortened.
    #[must_use]
    pub fn axis(&self, until_ns: u64) -> Vec<u64> {
        let step = nice_step((TICK / self.scale).max(real(until_ns) / MOST_TICKS));
        let mut named: Vec<u64> = Vec::new();
        for at_ns in (0..=until_ns / step).map(|number| number * step) {
            let shortened = self
                .breaks
                .iter()
                .any(|(from, to)| (from + 1..*to).contains(&at_ns));
            let far = named
                .last()
                .is_none_or(|last| self.y(at_ns) - self.y(*last) >= LEAST_TICK);
            if !shortened && far {
                named.push(at_ns);
            }
        }
        named
    }

    /// How far down a moment is, in pixels.
    #[must_use]
    pub fn y(&self, at_ns: u64) -> f64 {
        let next = self.ticks.partition_point(|(at, _)| *at <= at_ns);
        let before = next.checked_sub(1).and_then(|index| self.ticks.get(index));
        match (before, self.ticks.get(next)) {
            (Some((from, top)), Some((until, bottom))) => {
                top + (bottom - top) * real(at_ns - from) / real(until - from)
            }
            (Some((_, top)), None) => *top,
            _ => 0.0,
        }
    }

    /// The moment that is so far down.
    #[must_use]
    pub fn at_ns(&self, y: f64) -> u64 {
        let next = self.ticks.partition_point(|(_, top)| *top <= y);
        let before = next.checked_sub(1).and_then(|index| self.ticks.get(index));
        match (before, self.ticks.get(next)) {
            (Some((from, top)), Some((until, bottom))) => {
                let part = (y - top) / (bottom - top);
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "a part of a span, between 0 and the whole of it"
                )]
                let into = (real(until - from) * part) as u64;
                from + into
            }
            (Some((last, _)), None) => *last,
            _ => 0,
        }
    }

    /// The waits that are shortened, in order: whoever draws them should say so.
    #[must_use]
    pub fn breaks(&self) -> &[(u64, u64)] {
        &self.breaks
    }

    /// How tall it is, in pixels.
    #[must_use]
    pub fn height(&self) -> f64 {
        self.ticks.last().map_or(0.0, |(_, top)| *top)
    }

    /// The moment at which something happens `steps` moments on from `at_ns`, or back.
    #[must_use]
    pub fn step(&self, at_ns: u64, steps: isize) -> u64 {
        // Going back from between two moments leads to the one just passed.
        let index = if steps < 0 {
            self.ticks.partition_point(|(at, _)| *at < at_ns)
        } else {
            self.ticks
                .partition_point(|(at, _)| *at <= at_ns)
                .saturating_sub(1)
        };
        let index = index.saturating_add_signed(steps).min(self.ticks.len() - 1);
        self.ticks.get(index).map_or(0, |(at, _)| *at)
    }

    /// How many moments there are up to a moment, the beginning not counted.
    #[must_use]
    pub fn index_at(&self, at_ns: u64) -> usize {
        self.ticks
            .partition_point(|(at, _)| *at <= at_ns)
            .saturating_sub(1)
    }

    /// The moment of that number; the last beyond it.
    #[must_use]
    pub fn nth(&self, index: usize) -> u64 {
        let index = index.min(self.ticks.len() - 1);
        self.ticks.get(index).map_or(0, |(at, _)| *at)
    }
}

#[expect(clippy::cast_precision_loss, reason = "pixels need fewer digits")]
fn real(span_ns: u64) -> f64 {
    span_ns as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_rises_with_time_and_leads_back() {
        for lesson in crate::lesson::all().unwrap() {
            for scene in &lesson.scenes {
                let stage = scene.play().unwrap();
                let layout = Layout::new(&stage);
                let times = stage.times();
                let tops: Vec<f64> = times.iter().map(|at| layout.y(*at)).collect();
                assert!(tops.is_sorted(), "{}", lesson.id);
                assert!((layout.y(stage.end_ns()) - layout.height()).abs() < 1e-9);
                assert!(
                    layout.height() < 20.0 * 1_000.0,
                    "{} is {}",
                    lesson.id,
                    layout.height()
                );
                for pair in times.windows(2) {
                    let middle = u64::midpoint(pair[0], pair[1]);
                    assert!(
                        layout.at_ns(layout.y(middle)).abs_diff(middle) <= 1_000,
                        "{middle}"
                    );
                    if pair[0] < middle {
                        assert_eq!(layout.step(middle, 1), pair[1]);
                        assert_eq!(layout.step(middle, -1), pair[0]);
                    }
                    assert_eq!(layout.step(pair[1], -1), pair[0]);
                    assert_eq!(layout.nth(layout.index_at(pair[1])), pair[1]);
                }
                for (from, until) in layout.breaks() {
                    let drawn = layout.y(*until) - layout.y(*from);
                    assert!((drawn - WAIT).abs() < 1e-9, "{}: {drawn}", lesson.id);
                }
                let axis = layout.axis(stage.end_ns());
                assert!(
                    axis.len() > 1 && axis.is_sorted(),
                    "{}: {axis:?}",
                    lesson.id
                );
                for pair in axis.windows(2) {
                    let apart = layout.y(pair[1]) - layout.y(pair[0]);
                    assert!(apart >= LEAST_TICK, "{}: {pair:?}", lesson.id);
                }
                assert_eq!(layout.step(stage.end_ns(), 1), stage.end_ns());
                assert_eq!(layout.step(0, -1), 0);
            }
        }
    }
}
