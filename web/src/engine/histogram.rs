//! How often each RTT occurred up to the cursor, in bins that stay where they are.

use super::cursor::Cursor;
use super::run::Run;

/// A histogram of a run's RTTs. Make it once for each run: its axis is the whole
/// run's, so that bars grow in place while the cursor moves.
#[derive(Debug, Clone)]
pub struct Histogram {}

/// One bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bin {
    /// The least RTT in it.
    pub from_ns: u64,
    /// The RTT from which the next one begins.
    pub until_ns: u64,
    /// How many replies in time.
    pub replied: u32,
    /// How many late ones.
    pub late: u32,
}

impl Histogram {
    /// The bins of `run`.
    #[must_use]
    pub fn new(run: &Run) -> Self {
        let _ = run;
        todo!()
    }

    /// The bars at `cursor`. The last one also has everything above it.
    pub fn at(&mut self, run: &Run, cursor: Cursor) -> &[Bin] {
        let _ = (run, cursor);
        todo!()
    }
}
