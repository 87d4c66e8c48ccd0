//! How probes wait, drawn: their bars, and a far end that nobody saw.
//!
//! Owns what these shapes look like; where they are comes from the engine.

use udping_engine::diagram::Shape;
use udping_link::Direction;

use super::{HEAD, Ladder};
use crate::view::dom::Path;
use crate::view::symbols::look;

/// How wide the strip is that stands for a far end nobody saw.
const UNSEEN_PX: f64 = 16.0;

impl Ladder {
    pub(super) fn wait(&mut self, shape: &Shape) {
        match shape {
            Shape::Unseen { x } => {
                let (height, width) = (self.height - HEAD, UNSEEN_PX);
                self.band("far-end", *x, HEAD, width, height);
            }
            Shape::Edge {
                x,
                y,
                direction,
                chosen,
                ..
            } => {
                let (dx, class) = match direction {
                    Direction::Request => (-7.0, "edge-out"),
                    Direction::Reply => (7.0, "edge-in"),
                };
                let (x, y) = (x + UNSEEN_PX / 2.0, y + HEAD);
                let leaf = self.tips.next();
                leaf.class(if *chosen { "edge-out chosen" } else { class });
                let mut d = Path::default();
                let back = x + dx;
                leaf.set(
                    "d",
                    d.to(back, y - 4.0).line(x, y).line(back, y + 4.0).data(),
                );
            }
            Shape::Branch { y, x1, x2 } => {
                let y = y + HEAD;
                self.line("branch", Path::default().to(*x1, y).line(*x2, y));
            }
            Shape::Bar {
                x,
                y1,
                y2,
                symbol,
                chosen,
                ..
            } => {
                let class = if *chosen { "bar chosen " } else { "bar " };
                let class = [class, look(*symbol).class].concat();
                let bottom = y2.max(y1 + 1.0) + HEAD;
                self.line(&class, Path::default().to(*x, y1 + HEAD).down(bottom));
            }
            Shape::Listened { x, y1, y2 } => {
                let d = &mut Path::default();
                self.line("listened", d.to(*x, y1 + HEAD).down(y2 + HEAD));
            }
            Shape::Ahead { x, y1, y2 } => {
                let d = &mut Path::default();
                self.line("ahead", d.to(*x, y1 + HEAD).down(y2 + HEAD));
            }
            Shape::Deadline {
                x,
                y,
                ahead,
                recorded,
            } => {
                let class = match (recorded, ahead) {
                    (true, _) => "deadline recorded",
                    (false, true) => "deadline ahead",
                    (false, false) => "deadline",
                };
                let (y, d) = (y + HEAD, &mut Path::default());
                // It leaves a gap for the mark that may stand there.
                for (from, until) in [(-9.0, -6.0), (6.0, 9.0)] {
                    d.to(x + from, y).across(x + until);
                }
                if *ahead {
                    d.to(x - 6.0, y).across(x + 6.0);
                }
                self.line(class, d);
            }
            Shape::Density { x, y1, y2, share } => {
                // Four shades are told apart.
                let class = match share {
                    ..0.25 => "crowd few",
                    0.25..0.5 => "crowd some",
                    0.5..0.75 => "crowd many",
                    _ => "crowd most",
                };
                self.band(class, *x, y1 + HEAD, 10.0, y2 - y1);
            }
            _ => {}
        }
    }
}
