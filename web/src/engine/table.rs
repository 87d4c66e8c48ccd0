//! The event table: which rows there are, which are in sight, and measuring.

use std::ops::Range;

use super::query::Query;
use super::run::Run;

/// The rows that a query leaves.
#[derive(Debug, Clone, Default)]
pub struct Rows {}

/// The time between two events, and what lies between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measure {
    /// The earlier event.
    pub from: usize,
    /// The later one.
    pub until: usize,
    /// The time between them.
    pub span_ns: u64,
    /// How many events lie between them.
    pub events: usize,
    /// How many probes went out after the one and by the other.
    pub sent: usize,
    /// How many losses there were in that time.
    pub lost: usize,
}

impl Rows {
    /// The rows of `run` that meet `query`.
    #[must_use]
    pub fn new(run: &Run, query: &Query) -> Self {
        let _ = (run, query);
        todo!()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        todo!()
    }

    /// There is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        todo!()
    }

    /// The event in a row.
    #[must_use]
    pub fn event(&self, row: usize) -> Option<usize> {
        let _ = row;
        todo!()
    }

    /// The row of an event, or of the nearest row before it.
    #[must_use]
    pub fn row(&self, event: usize) -> Option<usize> {
        let _ = event;
        todo!()
    }

    /// The rows in sight, and a few above and below.
    #[must_use]
    pub fn in_sight(&self, scroll_top: f64, height: f64, row_height: f64) -> Range<usize> {
        let _ = (scroll_top, height, row_height);
        todo!()
    }
}

/// Measures from one event to another, whichever is first.
#[must_use]
pub fn measure(run: &Run, one: usize, other: usize) -> Option<Measure> {
    let _ = (run, one, other);
    todo!()
}

/// The event nearest to a time, to snap to.
#[must_use]
pub fn nearest(run: &Run, at_ns: u64) -> Option<usize> {
    let _ = (run, at_ns);
    todo!()
}
