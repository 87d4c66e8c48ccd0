//! The sequence diagram: a pure function from (run, cursor, viewport) to shapes.
//!
//! Owns the geometry, in CSS pixels. Nothing is drawn that is not known: a packet
//! that is lost ends mid-way, and in a recorded run the far end fades out, unless the
//! server told its times.

mod draw;
mod hit;
mod labels;
mod lane;
#[cfg(test)]
mod tests;

use udping_journal::Action;
use udping_link::Direction;

use super::log::{Cursor, Symbol, Timer};
use super::run::Run;
use super::scale::Scale;

/// What part of the diagram is to be drawn, and how.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Viewport {
    /// In pixels.
    pub width: f64,
    /// In pixels.
    pub height: f64,
    /// How far the diagram is scrolled: the scale's pixel at the viewport's top.
    pub top: f64,
    /// The probe to emphasise.
    pub chosen: Option<usize>,
    /// How wide a letter is, in pixels; a line of text is twice as high.
    pub letter: f64,
}

/// What to draw, back to front.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Diagram {
    /// The shapes, back to front.
    pub shapes: Vec<Shape>,
    /// Where the client's lane is.
    pub client_x: f64,
    /// Where the server's lane is.
    pub server_x: f64,
    /// Of so many flights in sight, only a part is drawn; 0 if all are.
    pub left_out: usize,
}

/// What a shape stands for, and what a click on it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Target {
    /// A probe.
    Probe(usize),
    /// A packet's flight. Only where simulated.
    Flight(usize),
    /// An event.
    Event(usize),
}

/// One thing to draw. All coordinates are pixels from the viewport's top left.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// The line of one end of the path.
    Lane {
        /// Where.
        x: f64,
        /// Whose.
        server: bool,
    },
    /// A tick of the time axis.
    Tick {
        /// Where.
        y: f64,
    },
    /// A stretch of time that is drawn shorter than it is.
    Skip {
        /// Its top.
        y1: f64,
        /// Its bottom.
        y2: f64,
    },
    /// A packet's way.
    Line {
        /// What it belongs to.
        target: Target,
        /// The way's points; more than two where it was delayed on the way, and one
        /// where the server still works on its answer.
        points: Vec<(f64, f64)>,
        /// Which way it travels.
        direction: Direction,
        /// The outcome that colours it.
        symbol: Symbol,
        /// How it ends.
        end: LineEnd,
        /// It belongs to the chosen probe.
        chosen: bool,
        /// The core decides otherwise.
        differs: bool,
    },
    /// The time a request spent in the server: on its lane, from T2 to T3.
    Dwell {
        /// What it belongs to.
        target: Target,
        /// Where.
        x: f64,
        /// Its top.
        y1: f64,
        /// Its bottom.
        y2: f64,
        /// It belongs to the chosen probe.
        chosen: bool,
    },
    /// An outcome's mark.
    Symbol {
        /// What it stands for.
        target: Target,
        /// Its middle.
        x: f64,
        /// Its middle.
        y: f64,
        /// Which.
        symbol: Symbol,
        /// It belongs to the chosen probe.
        chosen: bool,
        /// The core decides otherwise.
        differs: bool,
    },
    /// A few words.
    Label {
        /// What it belongs to; nothing at the time axis.
        target: Option<Target>,
        /// Its anchor.
        x: f64,
        /// Its middle line.
        y: f64,
        /// Which side of `x` it is on.
        anchor: Anchor,
        /// What it says.
        text: Label,
        /// The outcome that colours it.
        symbol: Option<Symbol>,
    },
    /// The running timer of a probe that waits: an arc.
    Arc {
        /// Which.
        timer: Timer,
        /// Its middle.
        x: f64,
        /// Its middle.
        y: f64,
        /// How much of it has passed, from 0 to 1.
        fraction: f64,
    },
    /// The cursor.
    Now {
        /// Where.
        y: f64,
    },
}

/// How a line ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineEnd {
    /// It arrives: an arrow head.
    Arrow,
    /// It is on its way: the packet is there now.
    Packet,
    /// It was lost here: a cross.
    Cross,
    /// What comes of it is not known: it fades out towards its end.
    FadeOut,
    /// Where it comes from is not known: it fades in, and arrives with an arrow head.
    FadeIn,
}

/// Which side of its anchor a label is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// It begins there.
    Start,
    /// It is centred there.
    Middle,
    /// It ends there.
    End,
}

/// What a label says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Label {
    /// The probe's name: `ping 3`.
    Ping(u64),
    /// The heartbeat's name: `beat 3`.
    Beat(u64),
    /// The heartbeats from one number to another have not come so far.
    Missing(u64, u64),
    /// A sender of heartbeats was called stopped.
    Silent,
    /// An RTT in nanoseconds.
    Rtt(u64),
    /// `late`, with the true RTT.
    Late(u64),
    /// One of the four times of an exchange, T1 to T4.
    Stamp(u8),
    /// How many nanoseconds a request spent in the server.
    Dwell(u64),
    /// The packet was lost on this way.
    LostOn(Direction),
    /// Lost, and nobody knows where.
    LostSomewhere,
    /// In flight, with this many nanoseconds to go.
    ToGo(u64),
    /// In flight, and nobody knows where.
    Waiting,
    /// `duplicate`.
    Duplicate,
    /// `ignored`.
    Ignored,
    /// `refused`.
    Refused,
    /// `unsent`.
    Unsent,
    /// The deadline passed here, where the loss itself is drawn elsewhere.
    TimedOut,
    /// Somebody acted on a packet here.
    Acted(Action),
    /// What time it is at a tick.
    Time(u64),
    /// Where the cursor stands.
    Now(u64),
    /// How long a stretch is that is drawn shorter.
    Gap(u64),
}

impl Diagram {
    /// The most ways, and the most marks, that are drawn at once.
    pub const MOST: usize = 400;

    /// Draws `run` at `cursor`.
    #[must_use]
    pub fn draw(run: &Run, cursor: Cursor, scale: &Scale, view: &Viewport) -> Self {
        draw::Drawing::new(run, cursor, scale, *view).finish()
    }

    /// What lies at a point, within `reach` pixels: the topmost, and of a way and a
    /// mark the mark.
    #[must_use]
    pub fn hit(&self, x: f64, y: f64, reach: f64) -> Option<Target> {
        hit::at(&self.shapes, (x, y), reach)
    }
}
