//! From time to pixels and back, down the ladder: true where something happens,
//! compressed where nothing does.
//!
//! Owns that mapping alone. Knows nothing of what is drawn.

use super::log::{Cursor, Symbol};
use super::order::ordered;
use super::run::Run;

/// A vertical scale. Make it again when the run or the zoom changes, not per frame.
#[derive(Debug, Clone, PartialEq)]
pub struct Scale {
    px_per_ns: f64,
    skips: Vec<Skip>,
    end_ns: u64,
}

/// A stretch in which nothing happens, drawn shorter than it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Skip {
    /// Where it starts, in nanoseconds.
    pub from_ns: u64,
    /// Where it ends.
    pub until_ns: u64,
    /// How far down it starts, in pixels.
    pub y: f64,
    /// How high it is drawn, in pixels: by the logarithm of how high it would be.
    pub height: f64,
}

impl Scale {
    /// The height of the shortest skipped stretch, in pixels.
    const SKIP_PX: f64 = 28.0;

    /// What a stretch of ten times the length is drawn higher, in pixels.
    const DECADE_PX: f64 = 16.0;

    /// How much of an idle stretch is kept at either end, in pixels.
    const KEPT_PX: f64 = 12.0;

    /// The zooms that make sense, in pixels a millisecond.
    pub const ZOOMS: core::ops::RangeInclusive<f64> = 1e-4..=1e5;

    /// The nearest zoom that makes sense.
    #[must_use]
    pub const fn within_zooms(zoom: f64) -> f64 {
        zoom.clamp(*Self::ZOOMS.start(), *Self::ZOOMS.end())
    }

    /// A scale of `zoom` pixels a millisecond, with idle stretches compressed
    /// where `compress` says so.
    #[must_use]
    pub fn new(run: &Run, zoom: f64, compress: bool) -> Self {
        let zoom = if zoom.is_finite() { zoom } else { 1.0 };
        let px_per_ns = Self::within_zooms(zoom) / 1e6;
        let mut scale = Self {
            px_per_ns,
            skips: Vec::new(),
            end_ns: run.end_ns(),
        };
        if !compress {
            return scale;
        }
        let kept = whole(Self::KEPT_PX / px_per_ns);
        // Worth it only if the mark is shorter than what it stands for.
        let shortest = 2.0 * Self::SKIP_PX / px_per_ns;
        let least = kept.saturating_mul(2).saturating_add(whole(shortest));
        for &(from, until) in &run.gaps().0 {
            if until - from >= least {
                let (from_ns, until_ns) = (from + kept, until - kept);
                let times = float(until_ns - from_ns) / shortest;
                scale.skips.push(Skip {
                    from_ns,
                    until_ns,
                    y: scale.y(from_ns),
                    height: Self::SKIP_PX + Self::DECADE_PX * times.max(1.0).log10(),
                });
            }
        }
        scale
    }

    /// A zoom at which a usual probe of this run is easy to read, in pixels a millisecond.
    #[must_use]
    pub fn comfortable(run: &Run) -> f64 {
        /// A round trip's height, and the least distance of two probes.
        const TRIP_PX: f64 = 96.0;
        const APART_PX: f64 = 18.0;
        /// However close together probes go out, a round trip stays in sight.
        const MOST_TRIP_PX: f64 = 360.0;

        let end = Cursor {
            at_ns: run.end_ns(),
            index: run.events(),
        };
        let sample = (0..run.probes().min(1_000)).filter_map(|at| run.probe(at, end));
        let spans: Vec<u64> = sample
            .filter(|probe| matches!(probe.symbol, Some(Symbol::Replied | Symbol::Late)))
            .filter_map(|probe| probe.rtt_ns)
            .collect();
        let median = ordered(spans.iter().copied()).nth(spans.len() / 2);
        let median = median.and_then(|at| spans.get(at).copied());
        let timeout = run.header().timeout_ns;
        let trip = median.unwrap_or(timeout).max(1_000);
        let sent = |at: usize| run.probe(at, end).and_then(|probe| probe.sent_ns);
        let last = run.probes().saturating_sub(1).min(100);
        let apart = match (sent(0), sent(last)) {
            (Some(first), Some(then)) if last > 0 && then > first => (then - first) / last as u64,
            _ => trip,
        };
        let by_trip = TRIP_PX / float(trip);
        let by_distance = APART_PX / float(apart.max(1));
        let most = MOST_TRIP_PX / float(trip);
        by_trip.max(by_distance).min(most) * 1e6
    }

    /// How far down a time is, in pixels from the run's start.
    #[must_use]
    pub fn y(&self, at_ns: u64) -> f64 {
        let after = self.skips.partition_point(|skip| skip.from_ns <= at_ns);
        let Some(skip) = after.checked_sub(1).and_then(|last| self.skips.get(last)) else {
            return float(at_ns) * self.px_per_ns;
        };
        if at_ns < skip.until_ns {
            let share = float(at_ns - skip.from_ns) / float(skip.until_ns - skip.from_ns);
            skip.y + share * skip.height
        } else {
            skip.y + skip.height + float(at_ns - skip.until_ns) * self.px_per_ns
        }
    }

    /// The time that is this far down, at most the run's end.
    #[must_use]
    pub fn at_ns(&self, y: f64) -> u64 {
        let after = self.skips.partition_point(|skip| skip.y <= y);
        let at = match after.checked_sub(1).and_then(|last| self.skips.get(last)) {
            None => whole(y / self.px_per_ns),
            Some(skip) if y < skip.y + skip.height => {
                let share = (y - skip.y) / skip.height;
                skip.from_ns + whole(share * float(skip.until_ns - skip.from_ns))
            }
            Some(skip) => {
                let on = whole((y - skip.y - skip.height) / self.px_per_ns);
                skip.until_ns.saturating_add(on)
            }
        };
        at.min(self.end_ns)
    }

    /// The height of the whole run, in pixels.
    #[must_use]
    pub fn height(&self) -> f64 {
        self.y(self.end_ns)
    }

    /// Pixels a nanosecond, where nothing is skipped.
    pub(crate) fn px_per_ns(&self) -> f64 {
        self.px_per_ns
    }

    /// The skipped stretches that touch a range of time.
    pub(crate) fn skips(&self, from_ns: u64, until_ns: u64) -> &[Skip] {
        let first = self.skips.partition_point(|skip| skip.until_ns < from_ns);
        let end = self.skips.partition_point(|skip| skip.from_ns <= until_ns);
        self.skips.get(first..end).unwrap_or_default()
    }
}

/// A time for a picture, which needs no more than 52 bits of it.
#[expect(clippy::cast_precision_loss, reason = "that is what it says")]
#[must_use]
pub const fn float(nanos: u64) -> f64 {
    nanos as f64
}

/// A picture's number as a time, which is never negative.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "`as` saturates, at 0 too, which is what is wanted"
)]
#[must_use]
pub fn whole(nanos: f64) -> u64 {
    nanos.round() as u64
}

/// The least of 1, 2, 5, 10, 20, 50 … that is no less than `least`.
#[must_use]
pub fn nice_step(least: f64) -> u64 {
    let mut power = 1_u64;
    loop {
        for digit in [1, 2, 5] {
            let step = power.saturating_mul(digit);
            if float(step) >= least || step == u64::MAX {
                return step;
            }
        }
        power = power.saturating_mul(10);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use udping_link::Seed;

    use super::*;
    use crate::presets::Preset;

    fn run(preset: Preset) -> Run {
        Run::simulate(&preset.setup(Seed::from_low_bits(8)).header().unwrap()).unwrap()
    }

    #[test]
    fn idle_time_is_short_and_busy_time_is_true() {
        let run = run(Preset::CampusLan);
        let zoom = Scale::comfortable(&run);
        let [whole, short] = [false, true].map(|compress| Scale::new(&run, zoom, compress));
        assert!(
            short.height() < whole.height() / 10.0,
            "{} of {}",
            short.height(),
            whole.height()
        );
        let cursor = run.after(run.events());
        let flights = (0..run.log().flights.len()).filter_map(|at| run.flight(at, cursor));
        for flight in flights.filter(|flight| flight.until_ns <= run.end_ns()) {
            let height = short.y(flight.until_ns) - short.y(flight.from_ns);
            let true_height = float(flight.until_ns - flight.from_ns) * short.px_per_ns();
            assert!((height - true_height).abs() < 1e-6, "{flight:?}");
        }
    }

    #[test]
    fn every_preset_has_a_comfortable_zoom() {
        for preset in Preset::ALL {
            let run = run(preset);
            let scale = Scale::new(&run, Scale::comfortable(&run), true);
            let each = scale.height() / float(run.probes() as u64);
            assert!(
                (15.0..400.0).contains(&each),
                "{preset:?}: {each} px a probe"
            );
        }
    }

    #[test]
    fn steps_are_nice() {
        let steps = [0.0, 1.0, 1.5, 3.0, 5.5, 49.0, 51.0, 1e6, 1.1e6].map(nice_step);
        assert_eq!(steps, [1, 1, 2, 5, 10, 50, 100, 1_000_000, 2_000_000]);
        assert_eq!(nice_step(f64::INFINITY), u64::MAX);
    }

    proptest! {
        #[test]
        fn down_and_back_is_the_same_time(share in 0.0..1.0_f64, zoom in 1e-2..1e3_f64, compress: bool) {
            let run = run(Preset::Textbook);
            let scale = Scale::new(&run, zoom, compress);
            let at = whole(share * float(run.end_ns()));
            let back = scale.at_ns(scale.y(at));
            // A pixel's thousandth is nothing; in a skip a pixel is a long time.
            let near = (scale.y(back) - scale.y(at)).abs() < 1e-3;
            prop_assert!(near, "{at} {back}");
        }

        #[test]
        fn later_is_never_higher(mut times in prop::collection::vec(0..20_000_000_000_u64, 2..40), zoom in 1e-2..1e3_f64) {
            let scale = Scale::new(&run(Preset::AlwaysLate), zoom, true);
            times.sort_unstable();
            let ys: Vec<f64> = times.iter().map(|at| scale.y(*at)).collect();
            prop_assert!(ys.is_sorted(), "{ys:?}");
        }
    }
}
