//! Labels that do not cover one another.

use super::{Anchor, Label, Shape, Target};
use crate::engine::log::Mark;

/// The height of a line of text, in pixels.
const LINE_PX: f64 = 14.0;

/// Where a label stands: labels in one column must keep apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Column {
    Ping,
    Outcome,
    Way,
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
pub(super) fn place(mut wishes: Vec<Wish>) -> Vec<Shape> {
    wishes.sort_by(|one, other| {
        other
            .important
            .cmp(&one.important)
            .then(one.at.1.total_cmp(&other.at.1))
    });
    let mut taken: Vec<(Column, f64, f64)> = Vec::new();
    let mut shapes = Vec::new();
    for wish in wishes {
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
