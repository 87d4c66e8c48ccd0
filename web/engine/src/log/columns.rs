//! The columns themselves and how rows get in.
//!
//! Owns the invariants: event times never go back, a probe's first settlement stays
//! its settlement, flights stand in the order of their launch.

use std::collections::HashMap;

use udping_journal::Intervention;
use udping_journal::Record;
use udping_link::Direction;

use super::event::Code;
use super::event::EventKind;

/// No probe, no event.
pub(crate) const NONE: u32 = u32::MAX;

/// How many rows share an entry of a column's index.
pub(crate) const BLOCK: usize = 256;

/// A run's rows, column by column.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Log {
    pub(crate) events: Events,
    pub(crate) probes: Probes,
    pub(crate) flights: Flights,
    /// What acting on packets changed, in order of time.
    pub(crate) revisions: Vec<Revision>,
    /// What was done, in order; an `Intervened` event's value is an index into it.
    pub(crate) interventions: Vec<Intervention>,
    /// Where the journal's lines skip: from this event on, lines count from that one.
    pub(crate) lines: Vec<(u32, u64)>,
    /// What replies say of the server, by event.
    pub(crate) reflections: Vec<(u32, Reflection)>,
    /// Records that the columns do not hold in full, by event.
    pub(crate) verbatim: Vec<(u32, Record)>,
    /// Probes that differ somewhere: a bit for each index, as far as there are any.
    pub(crate) differing: Vec<u64>,
    /// Probes whose number is not their index plus one.
    misplaced: HashMap<u64, u32>,
    /// The number that each datagram carries which came to a server, by its place among those
    /// that did.
    pub(crate) received: Vec<(u64, u32)>,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Events {
    pub(crate) at: Vec<u64>,
    pub(crate) code: Vec<u8>,
    pub(crate) probe: Vec<u32>,
    /// What else there is to know: a duration, a count, an index, by kind.
    pub(crate) value: Vec<u64>,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Probes {
    pub(crate) seq: Vec<u64>,
    /// The event that sent it.
    pub(crate) sent: Vec<u32>,
    /// The event that settled it.
    pub(crate) settled: Vec<u32>,
    /// The event of its late reply.
    pub(crate) late: Vec<u32>,
}

/// Packets' ways, in the order of their launch. Only where simulated.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Flights {
    pub(crate) from: Vec<u64>,
    pub(crate) until: Vec<u64>,
    pub(crate) probe: Vec<u32>,
    pub(crate) copy: Vec<u32>,
    /// The event that launched it, and the one that ended it.
    pub(crate) launched: Vec<u32>,
    pub(crate) ended: Vec<u32>,
    pub(crate) flags: Vec<u8>,
    /// For each block of flights, the latest end.
    last_until: Vec<u64>,
}

/// A flight before an intervention.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Revision {
    pub(crate) flight: u32,
    /// The event of the intervention.
    pub(crate) event: u32,
    pub(crate) until: u64,
    pub(crate) flags: u8,
}

/// What a reply says of the server: times on its own clock, and its counting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Reflection {
    pub(crate) t2: u64,
    pub(crate) t3: u64,
    /// Which of its replies it says this is.
    pub(crate) count: Option<u32>,
    /// Both ends' clocks are said to be synchronised.
    pub(crate) synced: bool,
}

impl Reflection {
    /// Count and flag in one word.
    pub(crate) fn word(self) -> u64 {
        let count = self.count.map_or(0, |count| u64::from(count) + 1);
        count << 1 | u64::from(self.synced)
    }

    pub(crate) fn of(t2: u64, t3: u64, word: u64) -> Self {
        let count = (word >> 1).checked_sub(1);
        Self {
            t2,
            t3,
            count: count.and_then(|count| u32::try_from(count).ok()),
            synced: word & 1 == 1,
        }
    }
}

/// Bits of a flight's `flags`.
pub(crate) mod flag {
    pub(crate) const REPLY: u8 = 1;
    pub(crate) const LOST: u8 = 2;
    pub(crate) const DAMAGED: u8 = 4;
    /// It was lost by somebody's hand, where it was just then.
    pub(crate) const DROPPED: u8 = 8;
}

/// Rows are counted in 32 bits: four thousand million are more than a page can hold.
#[inline]
pub(crate) fn index_u32(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(NONE)
}

#[inline]
pub(crate) fn index(value: u32) -> Option<usize> {
    (value != NONE)
        .then(|| usize::try_from(value).ok())
        .flatten()
}

impl Log {
    /// An empty log of a run on which this is done.
    pub(crate) fn with(interventions: Vec<Intervention>) -> Self {
        Self {
            interventions,
            ..Self::default()
        }
    }

    /// Adds an event and returns its index. A time that goes back counts as the latest.
    pub(crate) fn push(&mut self, at: u64, code: Code, probe: Option<u32>, value: u64) -> u32 {
        let event = index_u32(self.events.at.len());
        let latest = self.events.at.last().copied().unwrap_or(0);
        self.events.at.push(at.max(latest));
        self.events.code.push(code.byte());
        self.events.probe.push(probe.unwrap_or(NONE));
        self.events.value.push(value);
        let settles = matches!(
            code.kind(),
            EventKind::Replied | EventKind::Lost | EventKind::Refused | EventKind::Unsent
        );
        if let Some(probe) = probe.and_then(index) {
            if settles {
                set_first(&mut self.probes.settled, probe, event);
            }
            if code.kind() == EventKind::Late {
                set_first(&mut self.probes.late, probe, event);
            }
        }
        event
    }

    /// Adds a probe and the event that sends it.
    pub(crate) fn push_sent(&mut self, at: u64, seq: u64, due: u64) -> u32 {
        let probe = index_u32(self.probes.seq.len());
        if seq != u64::from(probe) + 1 {
            self.misplaced.entry(seq).or_insert(probe);
        }
        let event = index_u32(self.events.at.len());
        self.probes.seq.push(seq);
        self.probes.sent.push(event);
        self.probes.settled.push(NONE);
        self.probes.late.push(NONE);
        self.push(at, Code::new(EventKind::Sent), Some(probe), due)
    }

    /// Takes a whole column of probes.
    pub(crate) fn set_probes(&mut self, probes: Probes) {
        self.misplaced.clear();
        for (probe, &seq) in (0_u32..).zip(&probes.seq) {
            if seq != u64::from(probe) + 1 {
                self.misplaced.entry(seq).or_insert(probe);
            }
        }
        self.probes = probes;
    }

    /// The number whose low bits these are, seen from the probe sent last, as the client sees it;
    /// `None` if it is ahead of that one, or before the first.
    pub(crate) fn unwrap_seq(&self, low: u32) -> Option<u64> {
        let last = *self.probes.seq.last()?;
        let behind = udping_core::wire::low_bits(last).wrapping_sub(low);
        let ahead = behind > u32::MAX / 2;
        let seq = last.checked_sub(behind.into()).filter(|_| !ahead);
        seq.filter(|seq| *seq > 0)
    }

    /// The index of the probe with this number.
    pub(crate) fn find(&self, seq: u64) -> Option<u32> {
        let usual = u32::try_from(seq.checked_sub(1)?)
            .ok()
            .filter(|found| index(*found).and_then(|at| self.probes.seq.get(at)) == Some(&seq));
        usual.or_else(|| self.misplaced.get(&seq).copied())
    }

    /// Notes that the core decides otherwise at an event, about this probe if any.
    pub(crate) fn mark_difference(&mut self, event: u32, seq: Option<u64>) {
        let code = index(event).and_then(|at| self.events.code.get_mut(at));
        if let Some((byte, code)) = code.and_then(|byte| {
            let code = Code::from_byte(*byte)?;
            Some((byte, code))
        }) {
            *byte = code.differing().byte();
        }
        let probe = seq.and_then(|seq| self.find(seq)).or_else(|| {
            index(event)
                .and_then(|at| self.events.probe.get(at).copied())
                .filter(|probe| *probe != NONE)
        });
        if let Some(probe) = probe.and_then(index) {
            let word = probe / 64;
            let words = self.differing.len().max(word + 1);
            self.differing.resize(words, 0);
            if let Some(word) = self.differing.get_mut(word) {
                *word |= 1 << (probe % 64);
            }
        }
    }

    /// Whether the core decides something about a probe otherwise.
    pub(crate) fn differs(&self, probe: usize) -> bool {
        let word = self.differing.get(probe / 64).copied().unwrap_or(0);
        word >> (probe % 64) & 1 == 1
    }

    /// The record of an event that the columns do not hold in full.
    pub(crate) fn verbatim(&self, event: usize) -> Option<&Record> {
        let at = self
            .verbatim
            .binary_search_by_key(&index_u32(event), |(event, _)| *event);
        at.ok()
            .and_then(|at| self.verbatim.get(at))
            .map(|(_, record)| record)
    }

    #[inline]
    pub(crate) fn code(&self, event: usize) -> Option<Code> {
        self.events
            .code
            .get(event)
            .copied()
            .and_then(Code::from_byte)
    }

    /// How many events are no later than `at`.
    pub(crate) fn events_by(&self, at: u64) -> usize {
        self.events.at.partition_point(|time| *time <= at)
    }

    /// Everything after the first `events` events undone. `open` are the flights that
    /// were in the air then, as they were.
    pub(crate) fn truncate(&mut self, kept: &Lengths) {
        let events = kept.events;
        self.events.at.truncate(events);
        self.events.code.truncate(events);
        self.events.probe.truncate(events);
        self.events.value.truncate(events);
        self.probes.seq.truncate(kept.probes);
        self.probes.sent.truncate(kept.probes);
        for column in [&mut self.probes.settled, &mut self.probes.late] {
            column.truncate(kept.probes);
            forget_from(column, events);
        }
        self.flights.truncate(kept.flights);
        forget_from(&mut self.flights.ended, events);
        self.revisions.truncate(kept.revisions);
    }
}

/// How much of a log a checkpoint keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lengths {
    pub(crate) events: usize,
    pub(crate) probes: usize,
    pub(crate) flights: usize,
    pub(crate) revisions: usize,
}

impl Lengths {
    pub(crate) fn of(log: &Log) -> Self {
        Self {
            events: log.events.at.len(),
            probes: log.probes.seq.len(),
            flights: log.flights.from.len(),
            revisions: log.revisions.len(),
        }
    }
}

impl Flights {
    /// Flights from their columns, which must be of one length.
    pub(crate) fn new(times: [Vec<u64>; 2], indices: [Vec<u32>; 4], flags: Vec<u8>) -> Self {
        let [from, until] = times;
        let [probe, copy, launched, ended] = indices;
        let mut flights = Self {
            from,
            until,
            probe,
            copy,
            launched,
            ended,
            flags,
            last_until: Vec::new(),
        };
        flights.seal();
        flights
    }

    pub(crate) fn len(&self) -> usize {
        self.from.len()
    }

    pub(crate) fn push(
        &mut self,
        direction: Direction,
        (from, until): (u64, u64),
        (probe, copy): (u32, u32),
        launched: u32,
        flags: u8,
    ) -> u32 {
        let flight = index_u32(self.from.len());
        let reply = if direction == Direction::Reply {
            flag::REPLY
        } else {
            0
        };
        self.from.push(from);
        self.until.push(until);
        self.probe.push(probe);
        self.copy.push(copy);
        self.launched.push(launched);
        self.ended.push(NONE);
        self.flags.push(flags | reply);
        flight
    }

    fn truncate(&mut self, flights: usize) {
        self.from.truncate(flights);
        self.until.truncate(flights);
        self.probe.truncate(flights);
        self.copy.truncate(flights);
        self.launched.truncate(flights);
        self.ended.truncate(flights);
        self.flags.truncate(flights);
        self.last_until.clear();
    }

    /// Makes the index of blocks; call it when the last flight is in.
    pub(crate) fn seal(&mut self) {
        let latest = |block: &[u64]| block.iter().copied().max().unwrap_or(0);
        self.last_until = self.until.chunks(BLOCK).map(latest).collect();
    }

    /// The flights among the first `launched` that end at `from_ns` or later.
    pub(crate) fn until_after(&self, launched: usize, from_ns: u64) -> impl Iterator<Item = usize> {
        let blocks = self.last_until.iter().enumerate();
        let in_reach = blocks.filter(move |(_, latest)| **latest >= from_ns);
        in_reach
            .flat_map(|(block, _)| block * BLOCK..(block + 1) * BLOCK)
            .take_while(move |flight| *flight < launched)
            .filter(move |flight| self.until.get(*flight).is_some_and(|end| *end >= from_ns))
    }

    /// How many flights the first `events` events have launched.
    pub(crate) fn launched_by(&self, events: usize) -> usize {
        let events = index_u32(events);
        self.launched.partition_point(|event| *event < events)
    }
}

fn set_first(column: &mut [u32], at: usize, event: u32) {
    if let Some(first) = column.get_mut(at).filter(|first| **first == NONE) {
        *first = event;
    }
}

fn forget_from(column: &mut [u32], events: usize) {
    let events = index_u32(events);
    for event in column.iter_mut().filter(|event| **event >= events) {
        *event = NONE;
    }
}
