//! Two runs side by side: where they part, and which probes fare otherwise.

use super::log::Mark;
use super::run::Run;

/// What two runs of one history differ in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Comparison {
    /// When the first event differs.
    pub parts_at_ns: Option<u64>,
    /// The probes that fare otherwise, in order, at most [`Comparison::KEPT`].
    pub changes: Vec<Change>,
    /// How many there are in all.
    pub changed: usize,
}

/// One probe that fares otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// Its number.
    pub seq: u64,
    /// How it ends in the left run, with its RTT; `None` if it is not in it.
    pub left: Option<(Mark, Option<u64>)>,
    /// The same in the right run.
    pub right: Option<(Mark, Option<u64>)>,
}

impl Comparison {
    /// How many changes are listed.
    pub const KEPT: usize = 1_000;

    /// Compares two runs as they end.
    #[must_use]
    pub fn of(left: &Run, right: &Run) -> Self {
        let _ = (left, right);
        todo!()
    }
}
