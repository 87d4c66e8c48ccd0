//! A lane's ladder, as markup: what has happened by a moment, and nothing after it.
//!
//! Owns the drawing. How far down a moment is, is the engine's answer.

use std::fmt::Write as _;

use udping_core::link::Direction;
use udping_core::time::nanos;

use super::super::dom::tenths;
use super::super::words::{Value, Words, key};
use super::html::escape;
use super::say;
use crate::engine::actors::arena::{Note, Side};
use crate::engine::lesson::fall::Fall;
use crate::engine::lesson::scene::{Lane, Stage};
use crate::engine::lesson::track::{Hop, Track};

/// Room for what an end says, beside its line.
const SAID: f64 = 132.0;
/// Room beside an end that says nothing.
const MUTE: f64 = 26.0;
/// Room above and below.
const TOP: f64 = 30.0;
const BOTTOM: f64 = 26.0;
/// The least that two lines of text are apart.
const LINE: f64 = 14.0;

/// Where things are in one lane.
struct Place<'a> {
    words: &'a Words,
    stage: &'a Stage,
    fall: &'a Fall,
    at_ns: u64,
    client: f64,
    server: f64,
}

/// A lane at a moment: the whole `svg` element, `width` pixels wide.
pub(super) fn draw(
    words: &Words,
    stage: &Stage,
    fall: &Fall,
    lane: usize,
    at_ns: u64,
    width: f64,
) -> String {
    let (Some(track), Some(kind)) = (stage.tracks.get(lane), stage.scene.lanes.get(lane)) else {
        return String::new();
    };
    let server_speaks = track.moments.iter().any(|it| it.by == Side::Server);
    let client_speaks = track.moments.iter().any(|it| it.by == Side::Client);
    let said = SAID.min(width * 0.36);
    let place = Place {
        words,
        stage,
        fall,
        at_ns,
        client: if client_speaks { said } else { MUTE },
        server: width - if server_speaks { said } else { MUTE },
    };
    let bottom = place.y(at_ns);
    let height = bottom + BOTTOM;
    let name = words.say(
        key::LEARN_LANE_NAME,
        &[
            ("lane", Value::Text(words.get(say::lane(*kind)))),
            ("at", Value::Time(at_ns)),
        ],
    );
    let mut out = format!(
        "<svg role=\"img\" aria-label=\"{}\" width=\"{1}\" height=\"{2}\" viewBox=\"0 0 {1} {2}\">",
        escape(&name),
        tenths(width),
        tenths(height)
    );
    let clients = matches!(kind, Lane::UdpCrowd | Lane::TcpCrowd);
    let client = if clients {
        key::LEARN_CLIENTS
    } else {
        key::LEARN_CLIENT
    };
    for (x, end) in [(place.client, client), (place.server, key::LEARN_SERVER)] {
        // Writing to a string cannot fail, here and below.
        let _ = write!(
            out,
            "<text class=\"head mid\" x=\"{0}\" y=\"14\">{1}</text><line class=\"lane\" x1=\"{0}\" x2=\"{0}\" y1=\"{2}\" y2=\"{3}\"/>",
            tenths(x),
            escape(words.get(end)),
            tenths(TOP - 8.0),
            tenths(height - 4.0)
        );
    }
    let _ = write!(
        out,
        "<line class=\"now\" x1=\"{}\" x2=\"{}\" y1=\"{2}\" y2=\"{2}\"/>",
        tenths(place.client - 8.0),
        tenths(place.server + 8.0),
        tenths(bottom)
    );
    let shown = |hop: &&Hop| hop.from_ns <= at_ns;
    for (number, hop) in track.hops.iter().filter(shown).enumerate() {
        place.hop(&mut out, number, hop);
    }
    place.notes(&mut out, track);
    out.push_str("</svg>");
    out
}

impl Place<'_> {
    fn y(&self, at_ns: u64) -> f64 {
        TOP + self.fall.y(at_ns)
    }

    /// How much of the way a packet covers before its flight ends.
    fn reach(&self, hop: &Hop) -> f64 {
        let scenario = &self.stage.scene.setup.scenario;
        let usual = match hop.direction {
            Direction::Request => nanos(scenario.request.delay),
            Direction::Reply => nanos(scenario.reply.delay),
        };
        if !hop.lost {
            return 1.0;
        }
        let part = real(hop.until_ns - hop.from_ns) / real(usual.max(1));
        part.clamp(0.15, 0.94)
    }

    fn hop(&self, out: &mut String, number: usize, hop: &Hop) {
        let (from, to) = match hop.direction {
            Direction::Request => (self.client, self.server),
            Direction::Reply => (self.server, self.client),
        };
        let (y1, y2) = (self.y(hop.from_ns), self.y(hop.until_ns));
        let x2 = from + (to - from) * self.reach(hop);
        let flies = hop.until_ns > self.at_ns;
        // On the straight line between the ends, as far down as now is.
        let part = if flies && y2 > y1 {
            ((self.y(self.at_ns) - y1) / (y2 - y1)).clamp(0.0, 1.0)
        } else {
            1.0
        };
        let (x, y) = (from + (x2 - from) * part, y1 + (y2 - y1) * part);
        let way = match (flies, hop.lost, hop.direction) {
            (false, true, _) => "doomed lost",
            (_, _, Direction::Request) => "request",
            (_, _, Direction::Reply) => "replied",
        };
        let _ = write!(
            out,
            "<path class=\"way {way}\" d=\"M{} {}L{} {}\"/>",
            tenths(from),
            tenths(y1),
            tenths(x),
            tenths(y)
        );
        let symbol = match (flies, hop.lost) {
            (true, _) => "#m-flight",
            (false, true) => "#m-lost",
            (false, false) => "",
        };
        if symbol.is_empty() {
            arrow(out, way, (from, y1), (x, y));
        } else {
            let class = if flies { "in-flight" } else { "lost" };
            mark(out, symbol, class, x, y);
        }
        // Neighbours' names at different parts of their ways.
        let along = [0.3, 0.55, 0.42][number % 3];
        if part >= along {
            let _ = write!(
                out,
                "<text class=\"t mid halo\" x=\"{}\" y=\"{}\">{}</text>",
                tenths(from + (x2 - from) * along),
                tenths(y1 + (y2 - y1) * along - 4.0),
                escape(&say::hop(self.words, hop))
            );
        }
    }

    fn notes(&self, out: &mut String, track: &Track) {
        let mut free = [0.0_f64; 2];
        let by_now = |it: &&crate::engine::lesson::track::Moment| it.at_ns <= self.at_ns;
        for moment in track.moments.iter().take_while(by_now) {
            let server = moment.by == Side::Server;
            let (x, side, anchor) = if server {
                (self.server, 1.0, "halo")
            } else {
                (self.client, -1.0, "end halo")
            };
            let y = self.y(moment.at_ns);
            let (symbol, class) = look(moment.note);
            if !symbol.is_empty() {
                mark(out, symbol, class, x, y);
            }
            let (said, truly) = say::note(self.words, moment.note);
            let next = &mut free[usize::from(server)];
            let mut text_y = (y + 4.0).max(*next);
            for (text, class) in [(Some(said), class), (truly, "lost")] {
                let Some(text) = text else {
                    continue;
                };
                let _ = write!(
                    out,
                    "<text class=\"{anchor} {class}\" x=\"{}\" y=\"{}\">{}</text>",
                    tenths(x + side * 12.0),
                    tenths(text_y),
                    escape(&text)
                );
                text_y += LINE;
            }
            *next = text_y;
        }
    }
}

/// How what is said looks: the outcome's own mark, where it is one.
fn look(note: Note) -> (&'static str, &'static str) {
    match note {
        Note::Replied { seq, truly, .. } if seq != truly => ("#m-unknown", "lost"),
        Note::Replied { .. } => ("#m-replied", "replied"),
        Note::TimedOut { .. } | Note::Missing { .. } => ("#m-lost", "lost"),
        Note::Late { .. } => ("#m-late", "late"),
        Note::Duplicate { .. } => ("#m-duplicate", "duplicate"),
        Note::Discarded { .. } => ("#m-ignored", "ignored"),
        Note::Stopped => ("#m-end", "lost"),
        Note::Retransmits { .. } => ("#m-due", "late"),
        Note::Connected | Note::Opened | Note::Closed => ("", "soft"),
    }
}

fn mark(out: &mut String, symbol: &str, class: &str, x: f64, y: f64) {
    let _ = write!(
        out,
        "<use class=\"k {class}\" href=\"{symbol}\" x=\"{}\" y=\"{}\" width=\"16\" height=\"16\"/>",
        tenths(x - 8.0),
        tenths(y - 8.0)
    );
}

/// The head of an arrow that arrives.
fn arrow(out: &mut String, way: &str, from: (f64, f64), to: (f64, f64)) {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = dx.hypot(dy).max(1.0);
    let (ux, uy) = (dx / length * 7.0, dy / length * 7.0);
    let _ = write!(
        out,
        "<path class=\"tip {way}\" d=\"M{} {}L{} {}L{} {}\"/>",
        tenths(to.0 - ux - uy * 0.6),
        tenths(to.1 - uy + ux * 0.6),
        tenths(to.0),
        tenths(to.1),
        tenths(to.0 - ux + uy * 0.6),
        tenths(to.1 - uy - ux * 0.6)
    );
}

#[expect(clippy::cast_precision_loss, reason = "pixels need fewer digits")]
fn real(span_ns: u64) -> f64 {
    span_ns as f64
}
