//! Where words go among the lines of a lane, so that none lies on another.
//!
//! Owns the ground that is taken. What was placed stays: later words make way for
//! earlier ones, so that nothing jumps as time goes on.

use maud::{Markup, html};

use super::super::super::dom::tenths;

/// About how wide a letter is, in pixels: of the diagram's names, and of what is said.
const NAME_LETTER: f64 = 7.0;
const CAPTION_LETTER: f64 = 6.4;
/// How tall a line of text is.
const TALL: f64 = 13.0;

/// The ground that words have taken.
#[derive(Debug, Default)]
pub(super) struct Labels {
    taken: Vec<Ground>,
}

#[derive(Debug, Clone, Copy)]
struct Ground {
    left: f64,
    right: f64,
    top: f64,
}

impl Ground {
    /// The ground of words whose middle and baseline are here.
    fn of(name: &str, x: f64, y: f64) -> Self {
        let half = width(name, NAME_LETTER) / 2.0 + 3.0;
        Self {
            left: x - half,
            right: x + half,
            top: y - TALL + 3.0,
        }
    }

    /// How much of two grounds is the same.
    fn shared(self, other: Self) -> f64 {
        let wide = self.right.min(other.right) - self.left.max(other.left);
        let tall = TALL - (self.top - other.top).abs();
        wide.max(0.0) * tall.max(0.0)
    }
}

impl Labels {
    /// Which of these places for a name's middle lies least on others; it is taken then.
    pub(super) fn place(&mut self, name: &str, places: &[(f64, f64)]) -> usize {
        let mut best = (0, f64::INFINITY);
        for (number, (x, y)) in places.iter().enumerate() {
            let ground = Ground::of(name, *x, *y);
            let shared = self.taken.iter().map(|other| ground.shared(*other)).sum();
            if shared < best.1 {
                best = (number, shared);
            }
        }
        if let Some((x, y)) = places.get(best.0) {
            self.taken.push(Ground::of(name, *x, *y));
        }
        best.0
    }
}

/// About how wide something that is said will be, in pixels.
pub(super) fn caption_width(text: &str) -> f64 {
    width(text, CAPTION_LETTER)
}

/// A name in the diagram, as markup, its middle at `(x, y)`.
pub(super) fn name(text: &str, class: &str, (x, y): (f64, f64)) -> Markup {
    html! {
        text class={ "t mid halo " (class) } x=(tenths(x)) y=(tenths(y)) { (text) }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a line of text has few letters")]
fn width(text: &str, letter: f64) -> f64 {
    text.chars().count() as f64 * letter
}
