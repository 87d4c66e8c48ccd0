//! Our client: the session that a journal's header describes, put on record.
//!
//! Owns how a header becomes a client. What it meets is the world's.

use alloc::vec::Vec;

use udping_core::event::{Event, Outcome, Output};
use udping_core::session::SessionWire;
use udping_core::table::Entry;
use udping_core::time::{ClientTime, WallTime};
use udping_core::wire::{Claim, Probe, Unreadable};
use udping_journal::replay::table;
use udping_journal::{Header, Record, Recorder};

use crate::actor::{Act, Actor, MOST_BYTES, Outbox, Reaction};
use crate::error::WorldError;
use crate::packet::{Departure, Packet};
use crate::wire;

/// Our client, with its wire and its figures.
#[derive(Debug, Clone)]
pub struct ClientEnd {
    pub(crate) session: Recorder<Vec<Entry>>,
    wire: SessionWire<Vec<u8>>,
    /// Bytes of padding that are not carried.
    padding: u16,
}

/// What our client decided, and all that its journal says of that: the record itself is
/// made for who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recorded {
    /// What it said by itself.
    Said(Output),
    /// What a reply came to.
    Reply {
        /// What it claimed.
        claim: Claim,
        /// The whole number of the probe that it names, as far as that is known.
        claimed: Option<u64>,
        /// That probe's timestamp.
        own: Option<WallTime>,
        /// What it came to.
        outcome: Outcome,
    },
    /// What a datagram came to that the wire could not read.
    Unreadable(Unreadable, Outcome),
}

impl Recorded {
    /// What it decided.
    #[must_use]
    pub const fn decision(&self) -> Option<Decision> {
        Some(match *self {
            Self::Said(Output::Send(probe)) => Decision::Sent(probe),
            Self::Said(Output::Event(event)) => Decision::Event(event),
            Self::Said(Output::Wait(_)) => return None,
            Self::Said(Output::Done) => Decision::Done,
            Self::Reply { outcome, .. } | Self::Unreadable(_, outcome) => {
                Decision::Outcome(outcome)
            }
        })
    }

    /// The journal's line, where it was decided at `at`.
    pub(crate) fn record(&self, at: ClientTime) -> Option<Record> {
        match self {
            Self::Said(output) => Record::said(at, output),
            Self::Reply {
                claim,
                claimed,
                own,
                outcome,
            } => Some(Record::reply(at, claim, *claimed, *own, outcome)),
            Self::Unreadable(why, outcome) => Some(Record::unreadable(at, *why, None, outcome)),
        }
    }
}

/// What our client can decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// To send this probe.
    Sent(Probe),
    /// What a reply comes to.
    Outcome(Outcome),
    /// What time decides.
    Event(Event),
    /// That the session is over.
    Done,
}

impl ClientEnd {
    pub(crate) fn new(header: &Header) -> Result<Self, WorldError> {
        let slots = table(header.table_entries)?;
        let session =
            Recorder::new(header.config()?, ClientTime::ZERO, slots)?.with_wall(header.wall());
        // No UDP datagram is longer.
        let size = u16::try_from(header.size.unwrap_or(0)).unwrap_or(u16::MAX);
        let carried = usize::from(size).min(MOST_BYTES);
        let wire = wire::session(header, carried)?;
        let padding = size.saturating_sub(u16::try_from(MOST_BYTES).unwrap_or(u16::MAX));
        Ok(Self {
            session,
            wire,
            padding,
        })
    }
}

impl Actor for ClientEnd {
    type Note = Recorded;

    #[inline]
    fn is_overdue(&self, now: ClientTime) -> bool {
        self.session.client().is_overdue(now)
    }

    #[inline]
    fn poll(&mut self, now: ClientTime, out: &mut Outbox<'_, Recorded>) -> Act {
        let output = self.session.poll_unrecorded(now);
        let act = match output {
            Output::Send(probe) => {
                let len = self.wire.encode(&probe, out.datagram);
                Act::Send(Departure {
                    padding: self.padding,
                    ..Departure::numbered(probe.seq, now, len)
                })
            }
            Output::Event(_) => Act::Say,
            Output::Wait(until) => return Act::Wait(until),
            Output::Done => Act::Done,
        };
        out.say(Recorded::Said(output));
        act
    }

    #[inline]
    fn receive(
        &mut self,
        now: ClientTime,
        _packet: &Packet,
        datagram: &[u8],
        out: &mut Outbox<'_, Recorded>,
    ) -> Reaction {
        out.say(match self.wire.decode(datagram, self.session.client()) {
            Ok(claim) => {
                let (claimed, own) = self.session.named(claim.seq);
                let (outcome, _) = self.session.reply(now, &claim, |event, _| {
                    debug_assert!(false, "{event:?} was to be said before anything arrives");
                });
                Recorded::Reply {
                    claim,
                    claimed,
                    own,
                    outcome,
                }
            }
            Err(why) => Recorded::Unreadable(why, self.session.unreadable(now, why).0),
        });
        Reaction::Take
    }
}
