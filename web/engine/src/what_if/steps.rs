//! The timeouts that were asked about, one after the other, to go back through them.
//!
//! Owns that a drag is one step, however many timeouts it passes. Decides nothing.

use crate::undo::UndoStack;

/// What was asked before and after the timeout asked about now.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Steps {
    stack: UndoStack<u64>,
    drag: Drag,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Drag {
    #[default]
    None,
    /// The next timeout is its first.
    Begun,
    /// It has made its step.
    Going,
}

impl Steps {
    /// A drag begins, or ends.
    pub fn drag(&mut self, begins: bool) {
        self.drag = if begins { Drag::Begun } else { Drag::None };
    }

    /// From one timeout to another.
    pub fn ask(&mut self, before: u64, after: u64) {
        if before == after || self.drag == Drag::Going {
            return;
        }
        if self.drag == Drag::Begun {
            self.drag = Drag::Going;
        }
        self.stack.done(before);
    }

    /// Whether there is a step to undo, and one to redo.
    #[must_use]
    pub fn possible(&self) -> (bool, bool) {
        (self.stack.previous().is_some(), self.stack.next().is_some())
    }

    /// The timeout before this one.
    pub fn undo(&mut self, now: u64) -> Option<u64> {
        self.stack.undo(now)
    }

    /// The timeout that was undone last.
    pub fn redo(&mut self, now: u64) -> Option<u64> {
        self.stack.redo(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drag_is_one_step_and_a_new_one_forgets_what_was_undone() {
        let mut steps = Steps::default();
        assert_eq!(steps.possible(), (false, false));
        steps.ask(100, 100);
        assert_eq!(steps.undo(100), None, "nothing was asked");
        steps.ask(100, 90);
        steps.drag(true);
        for at in [80, 70, 60] {
            steps.ask(at + 10, at);
        }
        steps.drag(false);
        assert_eq!(steps.undo(60), Some(90));
        assert_eq!(steps.undo(90), Some(100));
        assert_eq!(steps.possible(), (false, true));
        assert_eq!(steps.redo(100), Some(90));
        assert_eq!(steps.redo(90), Some(60));
        assert_eq!(steps.undo(60), Some(90));
        steps.ask(90, 50);
        assert_eq!((steps.possible(), steps.redo(50)), ((true, false), None));
    }
}
