//! A run's events, probes and flights, packed: a million probes take tens of bytes each.
//!
//! Owns the rows' vocabulary and the columns. Knows nothing of where they come from.

mod codes;
mod columns;
mod event;
mod read;
mod records;

pub(crate) use codes::Code;
pub(crate) use columns::{
    Events, Flights, Lengths, Log, NONE, Probes, Reflection, Revision, flag, index, index_u32,
};
pub(crate) use event::Kind;
pub use event::{Event, EventData};
pub(crate) use read::Wait;

use udping_link::Direction;

/// The mark that an outcome has everywhere: diagram, plot, table, legend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Symbol {
    /// Sent and not settled.
    InFlight,
    /// Answered in time.
    Replied,
    /// No reply by the deadline.
    Lost,
    /// Lost, and answered after all.
    Late,
    /// A further copy of a reply.
    Duplicate,
    /// A datagram credited to no probe.
    Ignored,
    /// The network said that nobody listens.
    Refused,
    /// It could not be sent.
    Unsent,
    /// Nobody was listening for long enough to tell (what-if only).
    Unknown,
}

impl Symbol {
    /// All, in the order of a legend.
    pub const ALL: [Self; 9] = [
        Self::InFlight,
        Self::Replied,
        Self::Lost,
        Self::Late,
        Self::Duplicate,
        Self::Ignored,
        Self::Refused,
        Self::Unsent,
        Self::Unknown,
    ];

    pub(crate) fn from_byte(byte: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|symbol| *symbol as u8 == byte)
    }
}

/// One probe, as it stands at a cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Probe {
    /// Its index in the run, from 0.
    pub index: usize,
    /// Its number.
    pub seq: u64,
    /// When the schedule wanted it.
    pub due_ns: u64,
    /// When it went out; `None` at a cursor before that.
    pub sent_ns: Option<u64>,
    /// The last moment at which a reply counts.
    pub deadline_ns: u64,
    /// The last moment at which a reply is still recognised as late.
    pub horizon_ns: u64,
    /// How it stands at the cursor; `None` before it was sent.
    pub symbol: Option<Symbol>,
    /// The RTT, of a replied or late probe.
    pub rtt_ns: Option<u64>,
    /// The reply carried the probe's timestamp back.
    pub verified: bool,
    /// The core decides something about it otherwise (anywhere in the run).
    pub differs: bool,
    /// The event that sent it.
    pub sent_event: usize,
    /// The event that settled it, if that has happened at the cursor.
    pub settled_event: Option<usize>,
}

/// One packet's way from one end to the other. Where the far end is unknown
/// (recorded sessions), only the ends that were observed are there.
#[derive(Debug, Clone, PartialEq)]
pub struct Flight {
    /// Its index in the run.
    pub index: usize,
    /// Which way it travels.
    pub direction: Direction,
    /// The probe it carries or answers.
    pub seq: u64,
    /// That probe's index in the run.
    pub probe: usize,
    /// Which of that probe's packets in this direction; 0 for the first.
    pub copy: u32,
    /// When it set out.
    pub from_ns: u64,
    /// When its flight ends (as things stand at the cursor).
    pub until_ns: u64,
    /// It ends on the way.
    pub lost: bool,
    /// Its bytes were damaged.
    pub damaged: bool,
    /// How far it is at the cursor: 0 at its sender, 1 at the other end.
    pub progress: f64,
}

/// A deadline that is still ahead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timer {
    /// The probe.
    pub probe: usize,
    /// Its number.
    pub seq: u64,
    /// When the timer was started.
    pub from_ns: u64,
    /// When it runs out.
    pub until_ns: u64,
    /// What it is for.
    pub kind: TimerKind,
}

/// What a timer is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimerKind {
    /// A reply must come by then.
    Deadline,
    /// A late reply is recognised until then.
    LateWindow,
    /// The next probe is due then.
    Due,
}
