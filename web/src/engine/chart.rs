//! RTTs over time: every sample where they fit, least and greatest of each pixel
//! column where they don't. No extreme is ever lost.

use super::cursor::Cursor;
use super::log::Mark;
use super::run::Run;

/// A run's samples at every zoom. Make it once for each run.
#[derive(Debug, Clone)]
pub struct Chart {}

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
    /// Where the cursor lies.
    pub now_x: f64,
}

/// One sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dot {
    /// When it was settled.
    pub x: f64,
    /// Its RTT, or the bottom edge if it has none.
    pub y: f64,
    /// Its outcome.
    pub mark: Mark,
    /// The event that it is.
    pub event: usize,
    /// The probe that it is.
    pub probe: usize,
    /// The RTT.
    pub rtt_ns: Option<u64>,
    /// It lies after the cursor.
    pub future: bool,
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
    /// It lies after the cursor.
    pub future: bool,
}

impl Chart {
    /// The samples of `run`.
    #[must_use]
    pub fn new(run: &Run) -> Self {
        let _ = run;
        todo!()
    }

    /// Draws them.
    #[must_use]
    pub fn draw(&self, run: &Run, cursor: Cursor, frame: &Frame) -> Plot {
        let _ = (run, cursor, frame);
        todo!()
    }

    /// The event of the sample nearest to `x`, to point at.
    #[must_use]
    pub fn nearest(&self, run: &Run, frame: &Frame, x: f64) -> Option<usize> {
        let _ = (run, frame, x);
        todo!()
    }
}
