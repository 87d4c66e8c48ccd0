//! Our client: the session that a journal's header describes, put on record.
//!
//! Owns how a header becomes a client. What it meets is the world's.

use alloc::vec::Vec;

use udping_core::event::{Event, Outcome, Output};
use udping_core::session::SessionWire;
use udping_core::table::Entry;
use udping_core::time::ClientTime;
use udping_core::wire::Probe;
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

/// What our client decided, and what its journal says of that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// What.
    pub decision: Decision,
    /// The journal's line.
    pub record: Option<Record>,
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
        let oldest = self.session.client().in_flight().next();
        oldest.is_some_and(|probe| probe.deadline < now)
    }

    #[inline]
    fn poll(&mut self, now: ClientTime, out: &mut Outbox<'_, Recorded>) -> Act {
        let (output, record) = self.session.poll(now);
        let (decision, act) = match output {
            Output::Send(probe) => {
                let len = self.wire.encode(&probe, out.datagram);
                let departure = Departure {
                    padding: self.padding,
                    ..Departure::numbered(probe.seq, now, len)
                };
                (Decision::Sent(probe), Act::Send(departure))
            }
            Output::Event(event) => (Decision::Event(event), Act::Say),
            Output::Wait(until) => return Act::Wait(until),
            Output::Done => (Decision::Done, Act::Done),
        };
        out.say(Recorded { decision, record });
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
        let (outcome, record) = match self.wire.decode(datagram, self.session.client()) {
            Ok(claim) => self.session.reply(now, &claim, |event, _| {
                debug_assert!(false, "{event:?} was to be said before anything arrives");
            }),
            Err(why) => self.session.unreadable(now, why),
        };
        out.say(Recorded {
            decision: Decision::Outcome(outcome),
            record: Some(record),
        });
        Reaction::Take
    }
}
