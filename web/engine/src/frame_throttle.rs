//! What is read follows more slowly than what is watched.
//!
//! Owns when that is. Knows nothing of what is drawn.

use super::log::Cursor;

/// For how many frames what is read may stand still while time moves.
const PATIENCE: u32 = 24;

/// Whether time moves, from frame to frame.
#[derive(Debug, Clone, Copy, Default)]
pub struct FrameThrottle {
    last: Cursor,
    moves: bool,
    waited: u32,
}

impl FrameThrottle {
    /// Whether what is read is to be drawn in a frame at `cursor`: time stands still, it
    /// has only just moved, or enough frames went by without.
    pub fn is_due(&mut self, cursor: Cursor) -> bool {
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
        let mut throttle = FrameThrottle::default();
        assert!(throttle.is_due(at(0)) && throttle.is_due(at(5)) && throttle.is_due(at(5)));
        let moving = (6..106).filter(|ns| throttle.is_due(at(*ns)));
        assert_eq!(moving.collect::<Vec<_>>(), [6, 31, 56, 81]);
        assert!(throttle.is_due(at(105)), "it stands still again");
    }
}
