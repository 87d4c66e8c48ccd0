//! The running statistics at a cursor.
//!
//! Owns a position and the core's statistics there, so that moving on is cheap and
//! jumping anywhere costs at most one stretch between two of the run's checkpoints.

use udping_core::stats::Summary;

use super::cursor::Cursor;
use super::run::Run;

/// The statistics of one run at a moving cursor. Make a new one for another run.
#[derive(Debug, Default)]
pub struct Figures {}

impl Figures {
    /// The figures at `cursor` of `run`.
    pub fn at(&mut self, run: &Run, cursor: Cursor) -> Summary {
        let _ = (run, cursor);
        todo!()
    }
}
