//! From time to pixels and back, down the ladder: true where something happens,
//! compressed where nothing does.

use super::run::Run;

/// A vertical scale. Make it anew when the run or the zoom changes, not per frame.
#[derive(Debug, Clone)]
pub struct Scale {}

/// A stretch in which nothing happens, drawn shorter than it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Skip {
    /// Where it starts, in nanoseconds.
    pub from_ns: u64,
    /// Where it ends.
    pub until_ns: u64,
}

impl Scale {
    /// The height of a skipped stretch, in pixels.
    pub const SKIP_PX: f64 = 28.0;

    /// A scale of `px_per_ms` pixels a millisecond, with idle stretches compressed
    /// where `compress` says so.
    #[must_use]
    pub fn new(run: &Run, px_per_ms: f64, compress: bool) -> Self {
        let _ = (run, px_per_ms, compress);
        todo!()
    }

    /// A zoom at which a usual probe of this run is easy to read, in pixels a millisecond.
    #[must_use]
    pub fn comfortable(run: &Run) -> f64 {
        let _ = run;
        todo!()
    }

    /// How far down a time is, in pixels from the run's start.
    #[must_use]
    pub fn y(&self, at_ns: u64) -> f64 {
        let _ = at_ns;
        todo!()
    }

    /// The time that is this far down.
    #[must_use]
    pub fn at_ns(&self, y: f64) -> u64 {
        let _ = y;
        todo!()
    }

    /// The height of the whole run, in pixels.
    #[must_use]
    pub fn height(&self) -> f64 {
        todo!()
    }
}
