//! A run's events, probes and flights, packed: a million probes take tens of bytes each.
//!
//! Owns the rows' vocabulary, and how a row stands at a [`Cursor`]. Knows nothing of where rows
//! come from.

mod columns;
mod event;
mod records;

pub(crate) use columns::{
    Events, Flights, Lengths, Log, NONE, Probes, Reflection, Revision, flag, index, index_u32,
};
pub(crate) use event::{Code, EventKind};
pub use event::{Event, EventData};

use udping_journal::Record;
use udping_link::Direction;

/// Where on its way a packet that the network loses ends.
const HALF_WAY: f64 = 0.5;

/// A place in a [`Run`](crate::run::Run). The first `index` events have happened;
/// none of them is later than `at_ns`, and none of the others earlier.
///
/// Get one from [`Run::seek`](crate::run::Run::seek) or
/// [`Run::step`](crate::run::Run::step): they keep this true.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cursor {
    /// Nanoseconds since the start.
    pub at_ns: u64,
    /// How many events have happened.
    pub index: usize,
}

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

impl Log {
    /// The event at an index.
    pub(crate) fn event(&self, at: usize) -> Option<Event> {
        let code = self.code(at)?;
        let probe = index(*self.events.probe.get(at)?);
        Some(Event {
            index: at,
            at_ns: *self.events.at.get(at)?,
            seq: self.seq(at),
            probe,
            what: self.event_data(at, code, *self.events.value.get(at)?),
            line: self.line(at),
            differs: code.differs(),
        })
    }

    /// The number of the probe that an event is about: even of one that was never sent,
    /// if a record names it.
    pub(crate) fn seq(&self, at: usize) -> Option<u64> {
        let probe = index(*self.events.probe.get(at)?);
        let sent = probe.and_then(|probe| self.probes.seq.get(probe).copied());
        sent.or_else(|| {
            let record = self.verbatim(at)?;
            let datagram = match record {
                Record::Answered(it) if it.connection.is_none() => it.answered,
                Record::Dropped(it) if it.connection.is_none() => it.dropped,
                Record::Transmitted(it) if it.connection.is_none() => it.transmitted,
                _ => return record.seq(|low| Some(low.into())),
            };
            let of = |(number, _): &(u64, u32)| number.cmp(&datagram);
            let place = self.received.binary_search_by(of).ok()?;
            self.received.get(place).map(|(_, seq)| u64::from(*seq))
        })
    }

    pub(crate) fn line(&self, at: usize) -> Option<u64> {
        let after = self
            .lines
            .partition_point(|(event, _)| index(*event).is_some_and(|event| event <= at));
        let (event, line) = *self.lines.get(after.checked_sub(1)?)?;
        Some(line + u64::from(index_u32(at) - event))
    }

    /// The event that settled a probe, if it had happened by `events`.
    pub(crate) fn settled_by(&self, probe: usize, events: usize) -> Option<usize> {
        happened(&self.probes.settled, probe, events)
    }

    /// The event of a probe's late reply, if it had happened by `events`.
    pub(crate) fn late_by(&self, probe: usize, events: usize) -> Option<usize> {
        happened(&self.probes.late, probe, events)
    }

    /// How a probe stands when `events` have happened.
    pub(crate) fn symbol(&self, probe: usize, events: usize) -> Option<Symbol> {
        happened(&self.probes.sent, probe, events)?;
        if self.late_by(probe, events).is_some() {
            return Some(Symbol::Late);
        }
        let settled = self
            .settled_by(probe, events)
            .and_then(|at| self.code(at))
            .map(Code::kind);
        Some(match settled {
            None => Symbol::InFlight,
            Some(EventKind::Replied) => Symbol::Replied,
            Some(EventKind::Refused) => Symbol::Refused,
            Some(EventKind::Unsent) => Symbol::Unsent,
            // A probe is settled by a deadline otherwise, or by the late reply that says so.
            Some(_) => Symbol::Lost,
        })
    }

    /// The probe at an index.
    pub(crate) fn probe(&self, at: usize, cursor: Cursor, wait: Wait) -> Option<Probe> {
        let sent_event = index(*self.probes.sent.get(at)?)?;
        let sent = *self.events.at.get(sent_event)?;
        let settled_event = self.settled_by(at, cursor.index);
        let symbol = self.symbol(at, cursor.index);
        let reply = match symbol {
            Some(Symbol::Late) => self.late_by(at, cursor.index),
            Some(Symbol::Replied) => settled_event,
            _ => None,
        };
        Some(Probe {
            index: at,
            seq: *self.probes.seq.get(at)?,
            due_ns: self.events.value.get(sent_event).copied().unwrap_or(sent),
            sent_ns: symbol.map(|_| sent),
            deadline_ns: sent.saturating_add(wait.timeout_ns),
            horizon_ns: sent
                .saturating_add(wait.timeout_ns)
                .saturating_add(wait.late_window_ns),
            symbol,
            rtt_ns: reply.and_then(|event| self.events.value.get(event).copied()),
            verified: reply
                .and_then(|event| self.code(event))
                .is_some_and(|code| !code.is_without()),
            differs: self.differs(at),
            sent_event,
            settled_event,
        })
    }

    /// The flight at an index; `None` before its launch.
    pub(crate) fn flight(&self, at: usize, cursor: Cursor) -> Option<Flight> {
        happened(&self.flights.launched, at, cursor.index)?;
        let now = self.flight_at(at, cursor.index)?;
        let probe = index(*self.flights.probe.get(at)?)?;
        let path = self.path(at, cursor);
        Some(Flight {
            index: at,
            direction: direction(now.flags),
            seq: *self.probes.seq.get(probe)?,
            probe,
            copy: *self.flights.copy.get(at)?,
            from_ns: *self.flights.from.get(at)?,
            until_ns: now.until,
            lost: now.flags & flag::LOST != 0,
            damaged: now.flags & flag::DAMAGED != 0,
            progress: path.last().map_or(0.0, |(_, progress)| *progress),
        })
    }

    /// Whether a flight is in the air at a cursor.
    pub(crate) fn is_flying(&self, at: usize, events: usize) -> bool {
        happened(&self.flights.launched, at, events).is_some()
            && happened(&self.flights.ended, at, events).is_none()
    }

    /// A flight's plan when `events` have happened.
    fn flight_at(&self, at: usize, events: usize) -> Option<Revision> {
        let later = self
            .revisions_of(at)
            .find(|revision| index(revision.event).is_none_or(|event| event >= events));
        later.or(Some(Revision {
            flight: index_u32(at),
            event: NONE,
            until: *self.flights.until.get(at)?,
            flags: *self.flights.flags.get(at)?,
        }))
    }

    fn revisions_of(&self, flight: usize) -> impl Iterator<Item = Revision> {
        let flight = index_u32(flight);
        self.revisions
            .iter()
            .copied()
            .filter(move |revision| revision.flight == flight)
    }

    /// A flight's way up to the cursor, as (time, progress) corners: straight, but for
    /// where somebody delayed it.
    pub(crate) fn path(&self, at: usize, cursor: Cursor) -> Vec<(u64, f64)> {
        let (Some(&from), Some(last)) =
            (self.flights.from.get(at), self.flight_at(at, cursor.index))
        else {
            return Vec::new();
        };
        let mut corners = vec![(from, 0.0)];
        let past = self
            .revisions_of(at)
            .filter(|revision| index(revision.event).is_some_and(|event| event < cursor.index));
        for revision in past {
            let time = index(revision.event).and_then(|event| self.events.at.get(event).copied());
            let end = (revision.until, goal(revision.flags));
            if let (Some(time), Some(&start)) = (time, corners.last()) {
                corners.push((time, between(start, end, time)));
            }
        }
        let Some(&start) = corners.last() else {
            return corners;
        };
        // A packet dropped by hand ends where it was.
        let dropped = last.flags & flag::DROPPED != 0;
        let end = (last.until, if dropped { start.1 } else { goal(last.flags) });
        let time = cursor.at_ns.min(last.until);
        if time > start.0 {
            corners.push((time, between(start, end, time)));
        } else if !self.is_flying(at, cursor.index) && corners.len() == 1 {
            // It took no time at all.
            corners.push(end);
        }
        corners
    }
}

/// How long a client waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Wait {
    pub(crate) timeout_ns: u64,
    pub(crate) late_window_ns: u64,
}

impl Wait {
    /// How long a probe is listened for.
    pub(crate) fn listened_ns(self) -> u64 {
        self.timeout_ns.saturating_add(self.late_window_ns)
    }
}

pub(crate) fn direction(flags: u8) -> Direction {
    if flags & flag::REPLY == 0 {
        Direction::Request
    } else {
        Direction::Reply
    }
}

fn goal(flags: u8) -> f64 {
    if flags & flag::LOST == 0 {
        1.0
    } else {
        HALF_WAY
    }
}

/// How far a packet is at `time`, on its way from `start` to `end`.
#[expect(
    clippy::cast_precision_loss,
    reason = "a share of a length: a picture needs no more than 52 bits"
)]
fn between(start: (u64, f64), end: (u64, f64), time: u64) -> f64 {
    let whole = end.0.saturating_sub(start.0);
    if whole == 0 {
        return end.1;
    }
    let share = time.saturating_sub(start.0).min(whole) as f64 / whole as f64;
    start.1 + (end.1 - start.1) * share
}

fn happened(column: &[u32], at: usize, events: usize) -> Option<usize> {
    index(*column.get(at)?).filter(|event| *event < events)
}
