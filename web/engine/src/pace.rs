//! What is read follows more slowly than what is watched.
//!
//! Owns when that is. Knows nothing of what is drawn.

use super::cursor::Cursor;

/// For how many frames what is read may stand still while time moves.
const PATIENCE: u32 = 24;

/// Whether time moves, from frame to frame.
#[derive(Debug, Clone, Copy, Default)]
pub struct Pace {
    last: Cursor,
    moves: bool,
    waited: u32,
}

impl Pace {
    /// Whether what is read is to be drawn in a frame at `cursor`: time stands still, it
    /// has only just moved, or enough frames went by without.
    pub fn rests(&mut self, cursor: Cursor) -> bool {
        let moves = core::mem::replace(&mut self.last, cursor) != cursor;
        let rests = !(moves && self.moves) || self.waited >= PATIENCE;
        self.moves = moves;
        self.waited = if rests { 0 } else { self.waited + 1 };
        rests
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_drawn_at_once_and_motion_now_and_then_and_at_its_end() {
        let at = |at_ns| Cursor { at_ns, index: 0 };
        let mut pace = Pace::default();
        assert!(pace.rests(at(0)) && pace.rests(at(5)) && pace.rests(at(5)));
        let moving = (6..106).filter(|ns| pace.rests(at(*ns)));
        assert_eq!(moving.collect::<Vec<_>>(), [6, 31, 56, 81]);
        assert!(pace.rests(at(105)), "it stands still again");
    }
}
