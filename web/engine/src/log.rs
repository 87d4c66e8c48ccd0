//! A run's events, probes and flights, packed: a million probes take tens of bytes each.
//!
//! Owns the rows' vocabulary and the columns. Knows nothing of where they come from.

mod codes;
mod columns;
mod read;
mod records;

pub(crate) use codes::{Code, Kind, from_ignored, to_ignored};
pub(crate) use columns::{
    Events, Flights, Kept, Log, NONE, Probes, Reflection, Revision, flag, index, place,
};
pub(crate) use read::Wait;

use udping_core::event::Ignored;
use udping_core::heartbeat::BeatOrder;
use udping_journal::Intervention;
use udping_journal::{IncidentKind, StopReason};
use udping_link::Direction;

/// The mark that an outcome has everywhere: diagram, plot, table, legend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Mark {
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

impl Mark {
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
        Self::ALL.into_iter().find(|mark| *mark as u8 == byte)
    }
}

/// One event, as the table and the diagram show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event {
    /// Its place in the run, from 0.
    pub index: usize,
    /// When, in nanoseconds since the start. Never earlier than the event before it.
    pub at_ns: u64,
    /// The number of the probe it is about, if it is about one.
    pub seq: Option<u64>,
    /// That probe's place in the run.
    pub probe: Option<usize>,
    /// What happened.
    pub what: What,
    /// The journal's line it stands on, from 1 for the header; absent where simulated.
    pub line: Option<u64>,
    /// The core decides otherwise here.
    pub differs: bool,
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// A probe went out.
    Sent {
        /// When the schedule wanted it.
        due_ns: u64,
    },
    /// A request reached the server, and it answered. Only where simulated.
    Reflected {
        /// The request's flight.
        flight: usize,
    },
    /// A request reached the server, whose rules leave it unanswered. Only where simulated.
    Unanswered {
        /// The request's flight.
        flight: usize,
    },
    /// The network lost a packet here. Only where simulated.
    Dropped {
        /// The packet's flight.
        flight: usize,
    },
    /// A reply in time.
    Replied {
        /// The RTT.
        rtt_ns: u64,
        /// It carried the probe's token back.
        verified: bool,
    },
    /// A reply after the deadline.
    Late {
        /// The true RTT.
        rtt_ns: u64,
        /// It carried the probe's token back.
        verified: bool,
        /// No deadline event came before it: this settled the probe as lost.
        newly_lost: bool,
    },
    /// A further reply.
    Duplicate {
        /// Time since the probe went out.
        rtt_ns: u64,
    },
    /// An input that changed nothing, and why, where that is on record.
    Ignored(Option<Ignored>),
    /// A deadline passed.
    Lost {
        /// The last moment at which a reply would have counted.
        deadline_ns: u64,
    },
    /// Slots of the schedule went by.
    Missed {
        /// How many.
        slots: u64,
    },
    /// The network said that nobody listens.
    Refused {
        /// How long after the probe.
        after_ns: u64,
    },
    /// A probe could not be sent.
    Unsent,
    /// The kernel's own interval for a reply.
    Stamped {
        /// The interval.
        kernel_ns: u64,
    },
    /// Somebody acted on a packet.
    Intervened {
        /// What was done.
        intervention: Intervention,
        /// The packet was in flight.
        hit: bool,
    },
    /// The session was ended from outside.
    Stopped(StopReason),
    /// The session was over.
    Done,
    /// Records are missing from the journal here.
    Gap {
        /// How many.
        dropped: u64,
    },
    /// A heartbeat reached its receiver.
    Heard {
        /// What it is among those of its sender.
        came: BeatOrder,
        /// By how much the receiver's wall clock was ahead of what the sender's read.
        difference_ns: Option<i64>,
    },
    /// A sender of heartbeats was called stopped.
    Silent {
        /// The last moment at which a heartbeat would have counted.
        deadline_ns: u64,
    },
    /// The run met with something from outside.
    Incident(IncidentKind),
}

impl What {
    /// The mark it carries in pictures; `None` for what has none of its own.
    #[must_use]
    pub const fn mark(&self) -> Option<Mark> {
        Some(match self {
            Self::Sent { .. } => Mark::InFlight,
            Self::Replied { .. } => Mark::Replied,
            Self::Lost { .. } | Self::Dropped { .. } => Mark::Lost,
            Self::Late { .. } => Mark::Late,
            Self::Duplicate { .. } => Mark::Duplicate,
            Self::Ignored(_) => Mark::Ignored,
            Self::Refused { .. } => Mark::Refused,
            Self::Unsent => Mark::Unsent,
            Self::Heard { came, .. } => match came {
                BeatOrder::Late => Mark::Late,
                BeatOrder::Duplicate => Mark::Duplicate,
                BeatOrder::TooOld | BeatOrder::NoRoom => Mark::Ignored,
                BeatOrder::First | BeatOrder::Next | BeatOrder::Gap { .. } | BeatOrder::Restart => {
                    Mark::Replied
                }
            },
            Self::Silent { .. } => Mark::Unknown,
            _ => return None,
        })
    }

    /// Whether heartbeats before it have not come.
    #[must_use]
    pub const fn tells_of_missing(&self) -> bool {
        matches!(
            self,
            Self::Heard {
                came: BeatOrder::Gap { .. },
                ..
            }
        )
    }

    /// The catalogue's key for its name, such as `event-replied`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Sent { .. } => "event-sent",
            Self::Reflected { .. } => "event-reflected",
            Self::Unanswered { .. } => "event-unanswered",
            Self::Dropped { .. } => "event-dropped",
            Self::Replied { .. } => "event-replied",
            Self::Late { .. } => "event-late",
            Self::Duplicate { .. } => "event-duplicate",
            Self::Ignored(_) => "event-ignored",
            Self::Lost { .. } => "event-lost",
            Self::Missed { .. } => "event-missed",
            Self::Refused { .. } => "event-refused",
            Self::Unsent => "event-unsent",
            Self::Stamped { .. } => "event-stamped",
            Self::Intervened { .. } => "event-intervened",
            Self::Stopped(_) => "event-stopped",
            Self::Done => "event-done",
            Self::Gap { .. } => "event-gap",
            Self::Heard { .. } => "event-heard",
            Self::Silent { .. } => "event-silent",
            Self::Incident(_) => "event-incident",
        }
    }
}

/// One probe, as it stands at a cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Probe {
    /// Its place in the run, from 0.
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
    pub mark: Option<Mark>,
    /// The RTT, of a replied or late probe.
    pub rtt_ns: Option<u64>,
    /// The reply carried the probe's token back.
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
    /// Its place in the run.
    pub index: usize,
    /// Which way it travels.
    pub direction: Direction,
    /// The probe it carries or answers.
    pub seq: u64,
    /// That probe's place in the run.
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
    Linger,
    /// The next probe is due then.
    Due,
}
