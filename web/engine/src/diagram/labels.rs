//! Words that cover neither one another nor what is drawn.
//!
//! Owns how much room a label takes, in whichever language, and which labels give way.

use udping_link::Direction;

use super::{Anchor, Label, LineEnd, Pause, Shape, Target};
use crate::log::Symbol;
use crate::order::ordered;
use crate::scale::whole;

/// What a label gives way to: all that stands before it here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rank {
    /// Where time stands, and the chosen probe's.
    Chosen,
    /// What is out of the ordinary.
    Unusual,
    /// What came of any probe.
    Usual,
    /// Where a probe goes out.
    Name,
    /// The time axis.
    Axis,
}

/// A label that asks for room.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    pub(super) rank: Rank,
    /// It is only said where it is not in the way: unless it is the chosen probe's, where
    /// no way passes through it, either.
    pub(super) clear: bool,
    pub(super) target: Option<Target>,
    pub(super) at: (f64, f64),
    /// So many pixels lower it may stand as well.
    pub(super) or_below: Option<f64>,
    pub(super) anchor: Anchor,
    pub(super) text: Label,
    pub(super) symbol: Option<Symbol>,
}

impl Candidate {
    /// One that stands nowhere else, belongs to nothing, and has no mark.
    pub(super) fn new(rank: Rank, at: (f64, f64), anchor: Anchor, text: Label) -> Self {
        Self {
            rank,
            clear: false,
            target: None,
            at,
            or_below: None,
            anchor,
            text,
            symbol: None,
        }
    }
}

/// The candidates that can be met together, with letters so wide: each rank from the top. And
/// what is covered by them and by marks.
pub(super) fn place_labels(
    candidates: &[Candidate],
    shapes: &[Shape],
    letter: f64,
) -> (Vec<Shape>, Vec<Area>) {
    // Thousandths of a pixel; a sixteenth of the range for each rank.
    let down = |y: f64| whole((y + 1e9) * 1e3).min((1 << 60) - 1);
    let order = candidates
        .iter()
        .map(|candidate| down(candidate.at.1) | (candidate.rank as u64) << 60);
    let drawn: Vec<Area> = shapes.iter().filter_map(Area::of_shape).collect();
    let mut taken: Vec<Area> = Vec::new();
    let mut placed = Vec::new();
    for candidate in ordered(order).filter_map(|at| candidates.get(at)) {
        let crossed = |area: &Area| {
            shapes.iter().any(|shape| match shape {
                Shape::Line { points, target, .. } => {
                    Some(*target) != candidate.target && area.is_crossed_by(points)
                }
                _ => false,
            })
        };
        let usual = candidate.rank != Rank::Chosen;
        let free = |area: &Area| {
            !taken.iter().any(|other| area.meets(other))
                && !((usual || candidate.clear) && drawn.iter().any(|other| area.meets(other)))
                && !(usual && candidate.clear && crossed(area))
        };
        let (x, y) = candidate.at;
        let lower = candidate.or_below.map(|by| y + by);
        let found = [Some(y), lower].into_iter().flatten().find_map(|y| {
            let area = Area::of(candidate, (x, y), letter);
            free(&area).then_some((y, area))
        });
        let Some((y, area)) = found else { continue };
        taken.push(area);
        placed.push(Shape::Label {
            target: candidate.target,
            x,
            y,
            anchor: candidate.anchor,
            text: candidate.text,
            symbol: candidate.symbol,
        });
    }
    taken.extend(drawn);
    (placed, taken)
}

/// A horizontal line through a drawing of this width, but for what it would strike through.
pub(super) fn parts_without(taken: &[Area], y: f64, width: f64) -> Vec<(f64, f64)> {
    let met: Vec<&Area> = taken
        .iter()
        .filter(|area| area.top < y && y < area.bottom)
        .collect();
    let mut parts = Vec::new();
    let mut from = 0.0;
    for at in ordered(met.iter().map(|area| whole(area.left.max(0.0) * 1e3))) {
        let Some(area) = met.get(at) else { continue };
        if area.left > from {
            parts.push((from, area.left));
        }
        from = f64::max(from, area.right);
    }
    if from < width {
        parts.push((from, width));
    }
    parts
}

/// A part of the drawing.
#[derive(Debug, Clone, Copy)]
pub(super) struct Area {
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) top: f64,
    pub(super) bottom: f64,
}

impl Area {
    /// What a label covers, if it stands there.
    fn of(candidate: &Candidate, (x, y): (f64, f64), letter: f64) -> Self {
        let width = candidate.text.width(letter);
        let left = match candidate.anchor {
            Anchor::Start => x,
            Anchor::Middle => x - width / 2.0,
            Anchor::End => x - width,
        };
        Self {
            left,
            right: left + width,
            top: y - letter,
            bottom: y + letter,
        }
    }

    /// What no label may cover: a mark, a packet, a cross, a timer.
    fn of_shape(shape: &Shape) -> Option<Self> {
        let (x, y, reach) = match shape {
            // Where a probe went out there is a smaller dot.
            Shape::Symbol { x, y, symbol, .. } => (
                *x,
                *y,
                if *symbol == Symbol::InFlight {
                    3.4
                } else {
                    7.5
                },
            ),
            Shape::Line { points, end, .. } => {
                let (x, y) = points.last()?;
                match end {
                    LineEnd::Packet => (*x, *y, 12.0),
                    LineEnd::Cross => (*x, *y, 8.5),
                    LineEnd::Arrow | LineEnd::FadeOut | LineEnd::FadeIn => return None,
                }
            }
            _ => return None,
        };
        Some(Self {
            left: x - reach,
            right: x + reach,
            top: y - reach,
            bottom: y + reach,
        })
    }

    fn meets(&self, other: &Self) -> bool {
        self.top < other.bottom
            && other.top < self.bottom
            && self.left < other.right
            && other.left < self.right
    }

    fn is_crossed_by(&self, way: &[(f64, f64)]) -> bool {
        way.iter().zip(way.iter().skip(1)).any(|(one, other)| {
            let (from, to) = if one.0 <= other.0 {
                (one, other)
            } else {
                (other, one)
            };
            // The part of it that is neither left nor right of the area.
            let (left, right) = (from.0.max(self.left), to.0.min(self.right));
            let slope = (to.1 - from.1) / (to.0 - from.0).max(1e-9);
            let [y1, y2] = [left, right].map(|x| from.1 + (x - from.0) * slope);
            left <= right && y1.min(y2) < self.bottom && self.top < y1.max(y2)
        })
    }
}

impl Label {
    /// How wide it is at most, with letters so wide.
    pub(super) fn width(self, letter: f64) -> f64 {
        f64::from(self.letters()) * letter
    }

    /// The most letters that it takes in any of the page's languages.
    pub(super) const fn letters(self) -> u32 {
        /// As in `123.4 ms`, and of most words.
        const SPAN: u32 = 8;
        /// `#7 `
        const fn numbered(seq: u64) -> u32 {
            2 + digits(seq)
        }
        match self {
            Self::Ping(seq) => 1 + digits(seq),
            Self::Beat(seq) => 5 + digits(seq),
            Self::Missing(from, to) if from == to => 9 + digits(from),
            Self::Missing(from, to) => 13 + digits(from) + digits(to),
            Self::Rtt(seq, _) => numbered(seq) + SPAN,
            Self::Late(seq, _) => numbered(seq) + 8 + SPAN,
            Self::Spare(_) => 11 + SPAN,
            Self::Past(_) => 19 + SPAN,
            Self::Was(_) => 17,
            Self::Stamp(_) => 2,
            Self::LostOn(Direction::Request) => 21,
            Self::LostOn(Direction::Reply) => 20,
            Self::Acted(_) => 16,
            Self::NeverReached(seq) => numbered(seq) + 17,
            Self::NotAnswered(seq) => numbered(seq) + 14,
            Self::Parts { digits, .. } => PARTS + digits,
            Self::Dwell(_) | Self::Ignored | Self::Silent => SPAN,
            Self::Lost(seq) => numbered(seq) + 7,
            Self::Duplicate(seq) | Self::Refused(seq) => numbered(seq) + 9,
            Self::Unsent(seq) => numbered(seq) + 11,
            Self::ToGo(_) => 7 + SPAN,
            Self::Waiting(seq, _) => numbered(seq) + 16 + SPAN,
            Self::Time(at_ns) => 7 + digits(at_ns / 1_000_000_000),
            Self::Now(at_ns) => 13 + digits(at_ns / 1_000_000_000),
            Self::Pause(why, span) => {
                let span = if span.is_some() { 2 + SPAN } else { 0 };
                match why {
                    Pause::Timeout(seq) => 25 + digits(seq) + span,
                    Pause::Due(at_ns) => 25 + digits(at_ns / 1_000_000_000),
                    Pause::Listening => 26 + span,
                    Pause::Quiet => 15 + span,
                    Pause::Unnamed => span,
                }
            }
            Self::BriefPause(why) => match why {
                Pause::Timeout(seq) => 12 + digits(seq),
                Pause::Due(at_ns) => 12 + digits(at_ns / 1_000_000_000),
                Pause::Listening => 17,
                Pause::Quiet => 15,
                Pause::Unnamed => 0,
            },
        }
    }
}

/// The letters of three columns, and of the sign before a number.
pub(super) const PARTS: u32 = 1 + 3 * PART;

/// The letters of a column of parts: `~123.4`, and a space.
pub const PART: u32 = 7;

pub(super) const fn digits(number: u64) -> u32 {
    match number.checked_ilog10() {
        Some(power) => power + 1,
        None => 1,
    }
}
