//! What was done, to be undone and done again.
//!
//! Owns the order of the states, and how many are kept. What a state is, it does not know.

use serde::{Deserialize, Serialize};

/// The states before what was done, and those that were undone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UndoStack<T> {
    pub(crate) past: Vec<T>,
    pub(crate) future: Vec<T>,
}

impl<T> Default for UndoStack<T> {
    fn default() -> Self {
        Self {
            past: Vec::new(),
            future: Vec::new(),
        }
    }
}

impl<T> UndoStack<T> {
    /// How many acts can be undone.
    pub const MOST: usize = 100;

    /// Something is done, before which the state was this.
    pub fn done(&mut self, before: T) {
        self.future.clear();
        self.past.push(before);
        if self.past.len() > Self::MOST {
            self.past.remove(0);
        }
    }

    /// What undoing leads back to.
    #[must_use]
    pub fn previous(&self) -> Option<&T> {
        self.past.last()
    }

    /// What redoing leads to.
    #[must_use]
    pub fn next(&self) -> Option<&T> {
        self.future.last()
    }

    /// Undoes, from the state now; nothing if there is nothing to undo.
    pub fn undo(&mut self, now: T) -> Option<T> {
        let before = self.past.pop()?;
        self.future.push(now);
        Some(before)
    }

    /// Does again what was undone last, from the state now.
    pub fn redo(&mut self, now: T) -> Option<T> {
        let after = self.future.pop()?;
        self.past.push(now);
        Some(after)
    }
}
