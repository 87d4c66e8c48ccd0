//! What can happen in a run: one table, and how each event goes into a row and out of it, its
//! kind and flags in one byte.
//!
//! Owns the kinds of events. A new one is an entry here, and an arm in each of the matches
//! below; what people read of it, the catalogues say under its name.

use udping_core::event::{Ignored, Outcome};
use udping_core::guard::DropReason;
use udping_core::heartbeat::BeatOrder;
use udping_core::time::saturating_nanos;
use udping_journal::{IncidentKind, Intervention, Record, StopReason};

use super::Symbol;

/// One event, as the table and the diagram show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event {
    /// Its index in the run, from 0.
    pub index: usize,
    /// When, in nanoseconds since the start. Never earlier than the event before it.
    pub at_ns: u64,
    /// The number of the probe it is about, if it is about one.
    pub seq: Option<u64>,
    /// That probe's index in the run.
    pub probe: Option<usize>,
    /// What happened.
    pub what: EventData,
    /// The journal's line it stands on, from 1 for the header; absent where simulated.
    pub line: Option<u64>,
    /// The core decides otherwise here.
    pub differs: bool,
}

/// From each entry: what the event holds, its kind in a byte, and its name: the catalogue's
/// key and, after `event-`, the word that a query finds it by.
macro_rules! events {
    ($(
        $(#[$doc:meta])*
        $kind:ident $({ $($(#[$field_doc:meta])* $field:ident: $type:ty,)+ })? $(($inner:ty))? = $name:literal,
    )+) => {
        /// What happened.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum EventData {
            $($(#[$doc])* $kind $({ $($(#[$field_doc])* $field: $type,)+ })? $(($inner))?,)+
        }

        impl EventData {
            /// The names of all events.
            pub const NAMES: &'static [&'static str] = &[$($name),+];

            /// The catalogue's key for its name, such as `event-replied`.
            #[must_use]
            pub const fn name(&self) -> &'static str {
                match self {
                    $(Self::$kind { .. } => $name,)+
                }
            }
        }

        /// The kinds of events, by their number in a row.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(u8)]
        pub(crate) enum EventKind { $($kind,)+ }

        impl EventKind {
            pub(crate) const ALL: &'static [Self] = &[$(Self::$kind),+];
        }
    };
}

events! {
    /// A probe went out.
    Sent {
        /// When the schedule wanted it.
        due_ns: u64,
    } = "event-sent",
    /// A request reached the server, and it answered. Only where simulated.
    Reflected {
        /// The request's flight.
        flight: usize,
    } = "event-reflected",
    /// A request reached the server, whose rules leave it unanswered. Only where simulated.
    Unanswered {
        /// The request's flight.
        flight: usize,
    } = "event-unanswered",
    /// The network lost a packet here. Only where simulated.
    Dropped {
        /// The packet's flight.
        flight: usize,
    } = "event-dropped",
    /// A reply in time.
    Replied {
        /// The RTT.
        rtt_ns: u64,
        /// It carried the probe's timestamp back.
        verified: bool,
    } = "event-replied",
    /// A reply after the deadline.
    Late {
        /// The true RTT.
        rtt_ns: u64,
        /// It carried the probe's timestamp back.
        verified: bool,
    } = "event-late",
    /// A further reply.
    Duplicate {
        /// Time since the probe went out.
        rtt_ns: u64,
    } = "event-duplicate",
    /// An input that changed nothing, and why, where that is on record.
    Ignored(Option<Ignored>) = "event-ignored",
    /// A deadline passed.
    Lost {
        /// The last moment at which a reply would have counted.
        deadline_ns: u64,
    } = "event-lost",
    /// Slots of the schedule went by.
    Missed {
        /// How many.
        slots: u64,
    } = "event-missed",
    /// The network said that nobody listens.
    Refused {
        /// How long after the probe.
        after_ns: u64,
    } = "event-refused",
    /// A probe could not be sent.
    Unsent = "event-unsent",
    /// The kernel's own interval for a reply.
    KernelRtt {
        /// The interval.
        kernel_ns: u64,
    } = "event-kernel-rtt",
    /// Somebody acted on a packet.
    Intervened {
        /// What was done.
        intervention: Intervention,
        /// The packet was in flight.
        hit: bool,
    } = "event-intervened",
    /// The session was ended from outside.
    Stopped(StopReason) = "event-stopped",
    /// The session was over.
    Done = "event-done",
    /// Records are missing from the journal here.
    Gap {
        /// How many.
        dropped: u64,
    } = "event-gap",
    /// A heartbeat reached its receiver.
    Heard {
        /// What it is among those of its sender.
        order: BeatOrder,
        /// By how much the receiver's wall clock was ahead of what the sender's read.
        difference_ns: Option<i64>,
    } = "event-heard",
    /// A sender of heartbeats was called stopped.
    Silent {
        /// The last moment at which a heartbeat would have counted.
        deadline_ns: u64,
    } = "event-silent",
    /// A datagram came to the server whose journal this is.
    Received {
        /// It is lost on its way, as was asked for.
        loss: bool,
    } = "event-received",
    /// The server answers it.
    Answered {
        /// The answer is lost on its way, as was asked for.
        loss: bool,
    } = "event-answered",
    /// The server does not answer it.
    NotAnswered(DropReason) = "event-not-answered",
    /// An answer went out.
    Transmitted = "event-transmitted",
    /// The run met with something from outside.
    Incident(IncidentKind) = "event-incident",
}

impl EventData {
    /// What a record says that happened about the probe numbered `seq`; `None` if it is no
    /// event.
    pub(crate) fn of(record: &Record, seq: Option<u64>) -> Option<Self> {
        Some(match record {
            Record::Sent(it) => Self::Sent { due_ns: it.due_ns },
            Record::Lost(it) => Self::Lost {
                deadline_ns: it.deadline_ns,
            },
            Record::Missed(it) => Self::Missed { slots: it.missed },
            Record::Reply(_)
            | Record::Unreadable(_)
            | Record::Unreachable(_)
            | Record::Unsent(_)
            | Record::Kernel(_) => {
                // Even what no probe is known for has come to something.
                let outcome = record.outcome(Some(seq.unwrap_or(0)));
                outcome.map_or(Self::Ignored(None), |outcome| Self::from(&outcome))
            }
            Record::Stop(it) => Self::Stopped(it.stop),
            Record::Done(_) => Self::Done,
            Record::Gap(it) => Self::Gap { dropped: it.gap },
            Record::Incident(it) => Self::Incident(it.incident),
            Record::Beat(it) => Self::Heard {
                order: it.order,
                difference_ns: it.difference_ns,
            },
            Record::Silent(it) => Self::Silent {
                deadline_ns: it.deadline_ns,
            },
            Record::Received(it) => Self::Received { loss: it.loss },
            Record::Answered(it) => Self::Answered { loss: it.loss },
            Record::Dropped(it) => Self::NotAnswered(it.reason),
            Record::Transmitted(it) if it.error.is_some() => Self::Unsent,
            Record::Transmitted(_) => Self::Transmitted,
            Record::Served(_)
            | Record::Summary(_)
            | Record::Interim(_)
            | Record::Named(_)
            | Record::Beats(_)
            | Record::Watched(_)
            | Record::Connected(_)
            | Record::Carried(_)
            | Record::Far(_)
            | Record::Both(_)
            | Record::Parts(_)
            | Record::Printed(_)
            | Record::Traffic(_)
            | Record::Split(_)
            | Record::Unknown => return None,
        })
    }

    /// Its code and its value in a row. Of what a row cannot hold, only the code.
    pub(crate) fn row(&self) -> (Code, u64) {
        let plain = |kind, value| (Code::new(kind), value);
        match *self {
            Self::Sent { due_ns } => plain(EventKind::Sent, due_ns),
            Self::Reflected { flight } => plain(EventKind::Reflected, flight as u64),
            Self::Unanswered { flight } => plain(EventKind::Unanswered, flight as u64),
            Self::Dropped { flight } => plain(EventKind::Dropped, flight as u64),
            Self::Replied { rtt_ns, verified } => {
                (Code::new(EventKind::Replied).without(!verified), rtt_ns)
            }
            Self::Late { rtt_ns, verified } => {
                (Code::new(EventKind::Late).without(!verified), rtt_ns)
            }
            Self::Duplicate { rtt_ns } => plain(EventKind::Duplicate, rtt_ns),
            Self::Ignored(why) => plain(EventKind::Ignored, from_ignored(why)),
            Self::Lost { deadline_ns } => plain(EventKind::Lost, deadline_ns),
            Self::Missed { slots } => plain(EventKind::Missed, slots),
            Self::Refused { after_ns } => plain(EventKind::Refused, after_ns),
            Self::Unsent => plain(EventKind::Unsent, 0),
            Self::KernelRtt { kernel_ns } => plain(EventKind::KernelRtt, kernel_ns),
            Self::Intervened { hit, .. } => (Code::new(EventKind::Intervened).without(!hit), 0),
            Self::Stopped(why) => plain(EventKind::Stopped, why.code().into()),
            Self::Done => plain(EventKind::Done, 0),
            Self::Gap { dropped } => plain(EventKind::Gap, dropped),
            Self::Heard { .. } => plain(EventKind::Heard, 0),
            Self::Silent { deadline_ns } => plain(EventKind::Silent, deadline_ns),
            Self::Received { loss } => plain(EventKind::Received, loss.into()),
            Self::Answered { loss } => plain(EventKind::Answered, loss.into()),
            Self::NotAnswered(why) => plain(EventKind::NotAnswered, why.code().into()),
            Self::Transmitted => plain(EventKind::Transmitted, 0),
            Self::Incident(_) => plain(EventKind::Incident, 0),
        }
    }

    /// The mark it carries in pictures; `None` for what has none of its own.
    #[must_use]
    pub const fn symbol(&self) -> Option<Symbol> {
        Some(match self {
            Self::Sent { .. } | Self::Received { loss: false } => Symbol::InFlight,
            Self::Replied { .. } | Self::Transmitted => Symbol::Replied,
            Self::Lost { .. }
            | Self::Dropped { .. }
            | Self::Received { loss: true }
            | Self::Answered { loss: true } => Symbol::Lost,
            Self::Late { .. } => Symbol::Late,
            Self::Duplicate { .. } => Symbol::Duplicate,
            Self::Ignored(_) | Self::NotAnswered(_) => Symbol::Ignored,
            Self::Refused { .. } => Symbol::Refused,
            Self::Unsent => Symbol::Unsent,
            Self::Heard { order, .. } => match order {
                BeatOrder::Late => Symbol::Late,
                BeatOrder::Duplicate => Symbol::Duplicate,
                BeatOrder::TooOld | BeatOrder::NoRoom => Symbol::Ignored,
                BeatOrder::First | BeatOrder::Next | BeatOrder::Gap { .. } | BeatOrder::Restart => {
                    Symbol::Replied
                }
            },
            Self::Silent { .. } => Symbol::Unknown,
            Self::Reflected { .. }
            | Self::Unanswered { .. }
            | Self::Answered { loss: false }
            | Self::Missed { .. }
            | Self::KernelRtt { .. }
            | Self::Intervened { .. }
            | Self::Stopped(_)
            | Self::Done
            | Self::Gap { .. }
            | Self::Incident(_) => return None,
        })
    }

    /// Whether heartbeats before it have not come.
    #[must_use]
    pub const fn tells_of_missing(&self) -> bool {
        matches!(
            self,
            Self::Heard {
                order: BeatOrder::Gap { .. },
                ..
            }
        )
    }
}

/// A reason as a row's value: 0 for none on record.
fn from_ignored(why: Option<Ignored>) -> u64 {
    why.map_or(0, |why| u64::from(why.code()) + 1)
}

impl From<&Outcome> for EventData {
    fn from(outcome: &Outcome) -> Self {
        match *outcome {
            Outcome::Replied { rtt, verified, .. } => Self::Replied {
                rtt_ns: saturating_nanos(rtt),
                verified,
            },
            Outcome::Late { rtt, verified, .. } => Self::Late {
                rtt_ns: saturating_nanos(rtt),
                verified,
            },
            Outcome::Duplicate { rtt, .. } => Self::Duplicate {
                rtt_ns: saturating_nanos(rtt),
            },
            Outcome::Refused { after, .. } => Self::Refused {
                after_ns: saturating_nanos(after),
            },
            Outcome::Unsent { .. } => Self::Unsent,
            Outcome::KernelRtt { kernel, .. } => Self::KernelRtt {
                kernel_ns: saturating_nanos(kernel),
            },
            Outcome::Ignored(why) => Self::Ignored(Some(why)),
        }
    }
}

/// An event's byte: its kind and two flags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Code(u8);

impl Code {
    const DIFFERS: u8 = 1 << 5;
    /// A reply without proof; of an intervention, that it hit nothing.
    const WITHOUT: u8 = 1 << 6;

    #[inline]
    pub(crate) const fn new(kind: EventKind) -> Self {
        Self(kind as u8)
    }

    /// A byte from elsewhere; `None` if no event has it.
    #[inline]
    pub(crate) fn from_byte(byte: u8) -> Option<Self> {
        (usize::from(byte & 31) < EventKind::ALL.len()).then_some(Self(byte))
    }

    #[inline]
    pub(crate) const fn byte(self) -> u8 {
        self.0
    }

    pub(crate) const fn differing(self) -> Self {
        Self(self.0 | Self::DIFFERS)
    }

    pub(crate) const fn without(self, without: bool) -> Self {
        if without {
            Self(self.0 | Self::WITHOUT)
        } else {
            self
        }
    }

    #[inline]
    pub(crate) fn kind(self) -> EventKind {
        // Every constructor keeps the low bits in range.
        EventKind::ALL
            .get(usize::from(self.0 & 31))
            .copied()
            .unwrap_or(EventKind::Gap)
    }

    pub(crate) const fn differs(self) -> bool {
        self.0 & Self::DIFFERS != 0
    }

    #[inline]
    pub(crate) const fn is_without(self) -> bool {
        self.0 & Self::WITHOUT != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_and_flag_survives_its_byte() {
        for (index, kind) in EventKind::ALL.iter().copied().enumerate() {
            assert_eq!(usize::from(kind as u8), index);
            for flags in 0..4_u8 {
                let mut code = Code::new(kind).without(flags & 1 != 0);
                if flags & 2 != 0 {
                    code = code.differing();
                }
                let back = Code::from_byte(code.byte()).unwrap();
                assert_eq!(back.kind(), kind);
                assert_eq!(back.is_without(), flags & 1 != 0);
                assert_eq!(back.differs(), flags & 2 != 0);
            }
        }
        assert_eq!(Code::from_byte(31), None);
    }
}
