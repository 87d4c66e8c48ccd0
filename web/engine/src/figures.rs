//! The running statistics at a cursor.
//!
//! Owns a position and the core's statistics there, so that moving on is cheap and
//! jumping anywhere costs at most one stretch between two of the run's checkpoints.

use udping_core::stats::{Stats, Summary};

use super::checkpoints::{Room, Terms, tally};
use super::log::Cursor;
use super::run::Run;

/// The statistics of one run at a moving cursor. Make a new one for another run.
#[derive(Debug, Default)]
pub struct Figures {
    stats: Box<Stats<Room>>,
    index: usize,
}

impl Figures {
    /// The figures at `cursor` of `run`.
    pub fn at(&mut self, run: &Run, cursor: Cursor) -> Summary {
        let (start, checkpoint) = run.checkpoints().before(cursor.index);
        let near = self.index <= cursor.index && self.index >= start;
        if !near {
            self.index = start;
            *self.stats = checkpoint.cloned().unwrap_or_default();
        }
        let terms = Terms::of(run.header());
        for event in self.index..cursor.index {
            tally(run.log(), &terms, event, &mut self.stats);
        }
        self.index = cursor.index;
        self.stats.summary()
    }
}
