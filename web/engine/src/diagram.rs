//! The sequence diagram: a pure function from (run, cursor, viewport) to shapes.
//!
//! Owns the geometry, in CSS pixels. Nothing is drawn that is not known: a packet
//! that is lost ends mid-way, and in a recorded run the far end fades out, unless the
//! server told its times.

mod bars;
mod both_ends;
mod draw;
mod hit;
mod labels;
mod lane;
mod layout;
#[cfg(test)]
mod tests;

pub use labels::PART as PART_LETTERS;
use udping_journal::Action;
use udping_link::Direction;

use super::log::{Cursor, Symbol};
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
    /// Of the parts of round trips, which stand beside it: the letters of the longest number.
    pub parts: Option<u32>,
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
    /// The far end of a path, of which nothing was recorded.
    Unseen {
        /// Its left edge.
        x: f64,
    },
    /// A datagram that left for a far end that nobody saw, or came from there.
    Edge {
        /// What it belongs to.
        target: Target,
        /// Where.
        x: f64,
        /// Where.
        y: f64,
        /// Which way it went.
        direction: Direction,
        /// It belongs to the chosen probe.
        chosen: bool,
    },
    /// A probe's time from its sending until it was settled, or until now.
    Bar {
        /// The probe.
        target: Target,
        /// Where.
        x: f64,
        /// When it was sent.
        y1: f64,
        /// Its end so far.
        y2: f64,
        /// The outcome that colours it.
        symbol: Symbol,
        /// It is the chosen probe's.
        chosen: bool,
    },
    /// From the client's line to a bar.
    Branch {
        /// Where.
        y: f64,
        /// One end.
        x1: f64,
        /// The other.
        x2: f64,
    },
    /// How long a lost probe was still listened for.
    Listened {
        /// Where.
        x: f64,
        /// The deadline.
        y1: f64,
        /// The late reply, or the end of listening.
        y2: f64,
    },
    /// A probe's deadline.
    Deadline {
        /// Where.
        x: f64,
        /// Where.
        y: f64,
        /// It lies ahead of the cursor.
        ahead: bool,
        /// It is that on record, of a run that was decided again under another timeout.
        recorded: bool,
    },
    /// What a waiting probe has until its deadline.
    Ahead {
        /// Where.
        x: f64,
        /// Now.
        y1: f64,
        /// The deadline.
        y2: f64,
    },
    /// More probes wait than lanes are drawn for.
    Density {
        /// Its left edge.
        x: f64,
        /// Its top.
        y1: f64,
        /// Its bottom.
        y2: f64,
        /// How many, as a share of the most in sight: from 0 to 1.
        share: f64,
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
    /// Where a way may have been whose time at the server is known within bounds only.
    Doubt {
        /// The way's end at the client.
        from: (f64, f64),
        /// Where the server's line is.
        x: f64,
        /// The earliest there.
        y1: f64,
        /// The latest.
        y2: f64,
    },
    /// Between these moments a probe was at the server, but it is not known when.
    DoubtBand {
        /// Where the server's line is.
        x: f64,
        /// The earliest.
        y1: f64,
        /// The latest.
        y2: f64,
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
    /// The cursor.
    Now {
        /// Where.
        y: f64,
        /// From where to where it is drawn: not through a label or a mark.
        parts: Vec<(f64, f64)>,
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

/// What a label says. Whatever tells what became of a probe begins with its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Label {
    /// The probe's number, where it goes out.
    Ping(u64),
    /// The heartbeat's name: `beat 3`.
    Beat(u64),
    /// The heartbeats from one number to another have not come so far.
    Missing(u64, u64),
    /// A sender of heartbeats was called stopped.
    Silent,
    /// A probe's RTT in nanoseconds.
    Rtt(u64, u64),
    /// `late`, with the true RTT.
    Late(u64, u64),
    /// So many nanoseconds before its deadline.
    Spare(u64),
    /// So many nanoseconds after its deadline.
    Past(u64),
    /// What became of a probe on record, where it was decided otherwise now.
    Was(Symbol),
    /// One of the four times of an exchange, T1 to T4.
    Stamp(u8),
    /// How many nanoseconds a request spent in the server.
    Dwell(u64),
    /// The packet was lost on this way.
    LostOn(Direction),
    /// A probe never came to the server.
    NeverReached(u64),
    /// The server did not answer a probe.
    NotAnswered(u64),
    /// What a probe's round trip took where, in nanoseconds: there, in the server, back. A part
    /// that is uncertain by as much as is shown says so; without a way back, it was lost there.
    Parts {
        /// The probe.
        seq: u64,
        /// How many letters the run's longest number has.
        digits: u32,
        /// To the server.
        there_ns: u64,
        /// In the server, where that is known.
        dwell_ns: Option<u64>,
        /// Back.
        back_ns: Option<u64>,
        /// How far there and back may be from that.
        doubt_ns: u64,
    },
    /// A probe's deadline has passed.
    Lost(u64),
    /// A packet has this many nanoseconds to go.
    ToGo(u64),
    /// A probe has been waiting for so many nanoseconds.
    Waiting(u64, u64),
    /// A further reply to a probe.
    Duplicate(u64),
    /// `ignored`.
    Ignored,
    /// A probe was refused.
    Refused(u64),
    /// A probe could not be sent.
    Unsent(u64),
    /// Somebody acted on a packet here.
    Acted(Action),
    /// What time it is at a tick.
    Time(u64),
    /// Where the cursor stands.
    Now(u64),
    /// Why nothing happens for so many nanoseconds, which are drawn shorter; without them
    /// where there is little room.
    Pause(Pause, Option<u64>),
    /// The same in few words, where there is little room.
    BriefPause(Pause),
}

/// What a stretch in which nothing happens passes with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pause {
    /// This probe waits for its deadline.
    Timeout(u64),
    /// Nothing is due until then.
    Due(u64),
    /// Late replies are still listened for.
    Listening,
    /// Nothing is waited for.
    Quiet,
    /// It is not said: it lies ahead, or there is no room.
    Unnamed,
}

impl Diagram {
    /// The most ways, and the most marks, that are drawn at once.
    pub const MOST: usize = 400;

    /// Draws `run` at `cursor`.
    #[must_use]
    pub fn draw(run: &Run, cursor: Cursor, scale: &Scale, view: &Viewport) -> Self {
        draw::Drawing::new(run, cursor, scale, *view).finish()
    }

    /// Which probe each shape is of, by the shapes' places: `None` for what is of none.
    #[must_use]
    pub fn probes(&self, run: &Run) -> Vec<Option<usize>> {
        hit::probes_of(run, &self.shapes)
    }

    /// What lies at a point, within `reach` pixels: the topmost, and of a way and a
    /// mark the mark.
    #[must_use]
    pub fn hit(&self, x: f64, y: f64, reach: f64) -> Option<Target> {
        hit::at(&self.shapes, (x, y), reach)
    }
}
