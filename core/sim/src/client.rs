//! Our client: the session that a journal's header describes, put on record.
//!
//! Owns how a header becomes a world. What happens in it is the world's.

use alloc::vec::Vec;
use core::time::Duration;

use udping_core::ConfigError;
use udping_core::event::{Event, Outcome, Output};
use udping_core::guard::Policy;
use udping_core::session::SessionWire;
use udping_core::table::Entry;
use udping_core::time::ClientTime;
use udping_core::wire::Probe;
use udping_journal::replay::{ReplayError, table};
use udping_journal::{Header, Record, Recorder};
use udping_link::{Direction, ImpairmentsError};

use crate::actor::{Act, Actor, Departure, MOST_BYTES, Outbox, Reaction};
use crate::packet::Packet;
use crate::server::ServerEnd;
use crate::wire;
use crate::world::{Step, World};

/// Our client, with its wire and its figures.
#[derive(Debug, Clone)]
pub struct ClientEnd {
    session: Recorder<Vec<Entry>>,
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

impl Step<Recorded> {
    /// What the client decided, if it was touched.
    #[must_use]
    pub fn decision(&self) -> Option<Decision> {
        Some(self.note.as_ref()?.decision)
    }

    /// What the journal says of it, if it touched the client.
    #[must_use]
    pub fn record(&self) -> Option<&Record> {
        self.note.as_ref()?.record.as_ref()
    }

    /// The same, taken out.
    #[must_use]
    pub fn into_record(self) -> Option<Record> {
        self.note?.record
    }
}

/// Why there can be no such world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorldError {
    /// The header is of a real run.
    NotSimulated,
    /// The client refuses its configuration.
    Session(ReplayError),
    /// Its described wire is none, or none that is simulated here.
    Wire,
    /// The impairments in one direction are out of range.
    Impairments(Direction, ImpairmentsError),
}

impl core::fmt::Display for WorldError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::NotSimulated => {
                f.write_str("this journal is of a real run, so there is nothing to simulate")
            }
            Self::Session(error) => error.fmt(f),
            Self::Wire => f.write_str("its wire cannot be simulated"),
            Self::Impairments(Direction::Request, error) => {
                write!(f, "on the way to the server: {error}")
            }
            Self::Impairments(Direction::Reply, error) => write!(f, "on the way back: {error}"),
        }
    }
}

impl core::error::Error for WorldError {}

impl From<ReplayError> for WorldError {
    fn from(error: ReplayError) -> Self {
        Self::Session(error)
    }
}

impl From<ConfigError> for WorldError {
    fn from(error: ConfigError) -> Self {
        Self::Session(error.into())
    }
}

impl World {
    /// The world that a simulated run's header describes, before its first step. Its
    /// server is as `serve` on loopback.
    ///
    /// # Errors
    /// [`WorldError`] if it describes none.
    pub fn new(header: &Header) -> Result<Self, WorldError> {
        Self::with_policy(header, &ServerEnd::<Recorded>::POLICY)
    }

    /// The same, with a server that answers by `policy`.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn with_policy(header: &Header, policy: &Policy) -> Result<Self, WorldError> {
        let scenario = header.scenario.clone().ok_or(WorldError::NotSimulated)?;
        for (direction, impairments) in [
            (Direction::Request, &scenario.request),
            (Direction::Reply, &scenario.reply),
        ] {
            impairments
                .validate()
                .map_err(|error| WorldError::Impairments(direction, error))?;
        }
        let client = ClientEnd::new(header)?;
        let server = ServerEnd::new(
            wire::ServerWire::of(header)?,
            policy,
            scenario.seed,
            // Those of all probes that the client remembers.
            header.table_entries,
            Duration::from_nanos(scenario.service_ns),
            wire::wall(header),
        );
        Ok(Self::between(client, server, scenario))
    }

    /// The client and its figures.
    #[must_use]
    pub fn session(&self) -> &Recorder<Vec<Entry>> {
        &self.client.session
    }

    /// The last line of the journal, once the session is over.
    #[must_use]
    pub fn summary(&self) -> Record {
        self.session().summary()
    }
}

impl ClientEnd {
    fn new(header: &Header) -> Result<Self, WorldError> {
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
