//! What lies under a pointer.

use super::{LineEnd, Shape, Target};
use crate::log::index;
use crate::run::Run;

/// How far a mark or a packet reaches around its middle, in pixels.
const OUTCOME_PX: f64 = 7.0;

/// What each shape is of, probe by probe: `None` for what is of none.
pub(super) fn probes_of(run: &Run, shapes: &[Shape]) -> Vec<Option<usize>> {
    let log = run.log();
    let of = |shape: &Shape| {
        let target = match shape {
            Shape::Edge { target, .. }
            | Shape::Bar { target, .. }
            | Shape::Line { target, .. }
            | Shape::Dwell { target, .. }
            | Shape::Symbol { target, .. } => *target,
            Shape::Label { target, .. } => (*target)?,
            _ => return None,
        };
        match target {
            Target::Probe(probe) => Some(probe),
            Target::Flight(flight) => index(*log.flights.probe.get(flight)?),
            Target::Event(event) => index(*log.events.probe.get(event)?),
        }
    };
    let mut last = None;
    let probes = shapes.iter().enumerate().map(|(at, shape)| {
        match shape {
            // It leads to the bar that follows.
            Shape::Branch { .. } => last = shapes.get(at + 1).and_then(of),
            // They go on where the bar ends.
            Shape::Ahead { .. } | Shape::Listened { .. } | Shape::Deadline { .. } => {}
            shape => last = of(shape),
        }
        last
    });
    probes.collect()
}

/// The topmost target within `reach` pixels; marks and packets go before ways.
pub(super) fn at(shapes: &[Shape], point: (f64, f64), reach: f64) -> Option<Target> {
    let symbols = shapes.iter().rev().filter_map(|shape| match shape {
        Shape::Symbol { target, x, y, .. } => Some((*target, (*x, *y))),
        _ => None,
    });
    let nearest = symbols
        .map(|(target, middle)| (target, distance(point, middle)))
        .filter(|(_, distance)| *distance <= OUTCOME_PX + reach)
        .min_by(|one, other| one.1.total_cmp(&other.1));
    let mut ways = shapes.iter().rev().filter_map(|shape| match shape {
        Shape::Line { target, points, .. } => Some((*target, points)),
        _ => None,
    });
    let mut way = || {
        ways.find(|(_, points)| {
            let legs = points.iter().zip(points.iter().skip(1));
            legs.map(|(from, to)| to_leg(point, *from, *to))
                .any(|distance| distance <= reach)
        })
    };
    // What can be acted on goes before what lies about it: a packet just sent is at its probe's mark.
    let packets = shapes.iter().rev().filter_map(|shape| match shape {
        Shape::Line {
            target,
            points,
            end: LineEnd::Packet,
            ..
        } => Some((*target, distance(point, *points.last()?))),
        _ => None,
    });
    let packet = packets
        .filter(|(_, distance)| *distance <= OUTCOME_PX + reach)
        .min_by(|one, other| one.1.total_cmp(&other.1));
    packet
        .or(nearest)
        .map(|(target, _)| target)
        .or_else(|| way().map(|(target, _)| target))
}

fn distance(one: (f64, f64), other: (f64, f64)) -> f64 {
    (one.0 - other.0).hypot(one.1 - other.1)
}

/// How far a point is from the line between two others.
fn to_leg(point: (f64, f64), from: (f64, f64), to: (f64, f64)) -> f64 {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let square = dx * dx + dy * dy;
    let along = (point.0 - from.0) * dx + (point.1 - from.1) * dy;
    let share = if square > 0.0 {
        (along / square).clamp(0.0, 1.0)
    } else {
        0.0
    };
    distance(point, (from.0 + share * dx, from.1 + share * dy))
}
