//! Labels that do not cover one another.

use super::{Anchor, Label, Shape, Target};
use crate::engine::log::Mark;
use crate::engine::run::ordered;
use crate::engine::scale::whole;

/// The height of a line of text, in pixels.
const LINE_PX: f64 = 14.0;

/// Where a label stands: labels in one column must keep apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Column {
    Ping,
    Outcome,
    Way,
    /// Beyond the server's lane.
    Server,
}

/// A label that wants its place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wish {
    pub(super) column: Column,
    /// It is about the chosen probe, or about something out of the ordinary.
    pub(super) important: bool,
    pub(super) target: Target,
    pub(super) at: (f64, f64),
    pub(super) anchor: Anchor,
    pub(super) text: Label,
    pub(super) mark: Option<Mark>,
}

/// The wishes that can be met together: the important ones first, then from the top.
pub(super) fn place(wishes: &[Wish]) -> Vec<Shape> {
    // Thousandths of a pixel; half the range for each rank.
    let down = |y: f64| whole((y + 1e9) * 1e3);
    let rank = |wish: &Wish| down(wish.at.1) | u64::from(!wish.important) << 63;
    let mut taken: Vec<(Column, f64, f64)> = Vec::new();
    let mut shapes = Vec::new();
    for wish in ordered(wishes.iter().map(rank)).filter_map(|at| wishes.get(at)) {
        let near = |(column, x, y): &(Column, f64, f64)| {
            *column == wish.column
                && (y - wish.at.1).abs() < LINE_PX
                // Along the ways, labels stand beside one another too.
                && (*column != Column::Way || (x - wish.at.0).abs() < 10.0 * LINE_PX)
        };
        if taken.iter().any(near) {
            continue;
        }
        taken.push((wish.column, wish.at.0, wish.at.1));
        shapes.push(Shape::Label {
            target: wish.target,
            x: wish.at.0,
            y: wish.at.1,
            anchor: wish.anchor,
            text: wish.text,
            mark: wish.mark,
        });
    }
    shapes
}
