//! Where words go among the lines of a lane, so that none lies on another, or on a packet's way.
//!
//! Owns the ground that is taken. What was placed stays: later words make way for
//! earlier ones, so that nothing jumps as time goes on. Words that find no room are left out:
//! what they say stands in the list of what has happened, too.

use std::ops::RangeInclusive;

use maud::{Markup, html};

use super::super::super::dom::tenths;

/// About how wide a letter is, in pixels: of the diagram's names, and of what is said.
const NAME_LETTER: f64 = 7.3;
const CAPTION_LETTER: f64 = 6.4;
/// How far the middle of a line of text is above its baseline.
const MIDDLE: f64 = 4.0;
/// Words are seen as discs along their middle: how far those are apart, and how near another's
/// may come, or a line.
const DISC: f64 = 6.0;
const NEAR_WORDS: f64 = 12.0;
const NEAR_LINE: f64 = 6.5;

/// A point of a lane, in pixels.
pub(super) type Point = (f64, f64);

/// A straight line between two points.
pub(super) type Segment = (Point, Point);

/// Where words may go: the middle of their baseline, and how they lean, in radians.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot {
    pub(super) at: Point,
    pub(super) lean: f64,
}

/// The ground that words and lines have taken.
#[derive(Debug, Default)]
pub(super) struct Labels {
    lines: Vec<Segment>,
    discs: Vec<Point>,
}

impl Spot {
    /// A level place.
    pub(super) fn level(x: f64, y: f64) -> Self {
        Self {
            at: (x, y),
            lean: 0.0,
        }
    }

    /// The places along a way: above it, then below it.
    pub(super) fn along((from, to): Segment) -> impl Iterator<Item = (f64, Self)> {
        // Words run from left to right.
        let (left, right) = if from.0 <= to.0 {
            (from, to)
        } else {
            (to, from)
        };
        let lean = (right.1 - left.1).atan2(right.0 - left.0);
        let (sin, cos) = lean.sin_cos();
        let parts = [0.5, 0.38, 0.62, 0.26, 0.74, 0.16, 0.84];
        let sides = [-MIDDLE, 3.0 * MIDDLE];
        sides.into_iter().flat_map(move |side| {
            parts.into_iter().map(move |part| {
                let x = from.0 + (to.0 - from.0) * part - side * sin;
                let y = from.1 + (to.1 - from.1) * part + side * cos;
                (part, Self { at: (x, y), lean })
            })
        })
    }

    /// Whether a name here stays between two lines.
    pub(super) fn is_within(self, name: &str, lines: &RangeInclusive<f64>) -> bool {
        self.discs(name).all(|(x, _)| lines.contains(&x))
    }

    /// The discs of words here.
    fn discs(self, name: &str) -> impl Iterator<Item = Point> {
        let (sin, cos) = self.lean.sin_cos();
        let half = (width(name, NAME_LETTER) / 2.0 - DISC / 2.0).max(0.0);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a line of text has few letters"
        )]
        let steps = (2.0 * half / DISC).ceil().max(1.0) as u32;
        (0..=steps).map(move |step| {
            let along = half * (2.0 * f64::from(step) / f64::from(steps) - 1.0);
            let (x, y) = self.at;
            (
                x + along * cos + MIDDLE * sin,
                y + along * sin - MIDDLE * cos,
            )
        })
    }
}

impl Labels {
    /// Ground without words, among these lines: those that will be drawn, too, so that no
    /// words have to make way for them.
    pub(super) fn among(lines: Vec<Segment>) -> Self {
        Self {
            lines,
            discs: Vec::new(),
        }
    }

    /// The first of these places that is free for a name; it is taken then.
    pub(super) fn place(
        &mut self,
        name: &str,
        spots: impl IntoIterator<Item = Spot>,
    ) -> Option<usize> {
        for (number, spot) in spots.into_iter().enumerate() {
            if spot.discs(name).all(|disc| self.is_free(disc)) {
                self.discs.extend(spot.discs(name));
                return Some(number);
            }
        }
        None
    }

    fn is_free(&self, disc: Point) -> bool {
        let near = |other: &Point| (other.0 - disc.0).hypot(other.1 - disc.1) < NEAR_WORDS;
        let crossed = |line: &Segment| distance(disc, *line) < NEAR_LINE;
        !self.discs.iter().any(near) && !self.lines.iter().any(crossed)
    }
}

/// How far a point is from a line.
fn distance((x, y): Point, (from, to): Segment) -> f64 {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = dx * dx + dy * dy;
    let part = if length > 0.0 {
        (((x - from.0) * dx + (y - from.1) * dy) / length).clamp(0.0, 1.0)
    } else {
        0.0
    };
    (from.0 + dx * part - x).hypot(from.1 + dy * part - y)
}

/// About how wide something that is said will be, in pixels.
pub(super) fn caption_width(text: &str) -> f64 {
    width(text, CAPTION_LETTER)
}

/// About how wide a name will be, in pixels.
pub(super) fn name_width(text: &str) -> f64 {
    width(text, NAME_LETTER)
}

/// A name in the diagram, as markup.
pub(super) fn name(text: &str, class: &str, Spot { at: (x, y), lean }: Spot) -> Markup {
    let (x, y) = (tenths(x), tenths(y));
    let turn = (lean != 0.0).then(|| format!("rotate({} {x} {y})", tenths(lean.to_degrees())));
    html! {
        text class={ "t mid halo " (class) } x=(x) y=(y) transform=[turn] { (text) }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a line of text has few letters")]
fn width(text: &str, letter: f64) -> f64 {
    text.chars().count() as f64 * letter
}
