//! A world in virtual time: client, network, reflector.
//!
//! Owns the packets in flight and the order in which things happen to them; what a
//! packet meets on its way is [`link`](udping_link)'s answer, what it comes to is
//! the client's. No randomness and no clock: a world is a pure function of its
//! journal header, and a clone of it is a checkpoint.

#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;
#[cfg(test)]
extern crate std;

mod flights;
mod packet;

use alloc::vec::Vec;
use core::time::Duration;

use flights::Flights;
pub use packet::Packet;

use udping_core::event::{Event, Outcome, Output};
use udping_core::table::Entry;
use udping_core::time::{ClientTime, WallTime};
use udping_core::wire::Probe;
use udping_journal::Recorder;
use udping_journal::replay::{ReplayError, table};
use udping_journal::{Header, Intervention, Record, Scenario, WireName};
use udping_link::{Direction, ImpairmentsError, Link, PacketId};

/// A running simulation. Clone it to come back to this point later.
#[derive(Debug, Clone)]
pub struct World {
    session: Recorder<Vec<Entry>>,
    scenario: Scenario,
    request: Link,
    reply: Link,
    now: ClientTime,
    /// Until when the client has nothing to say, unless something arrives.
    quiet_until: ClientTime,
    flying: Flights,
    /// How long the reflector takes over a request, where its wire has it tell.
    busy: Option<Duration>,
    /// How many interventions have been carried out.
    intervened: usize,
    done: bool,
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// When.
    pub at: ClientTime,
    /// What.
    pub what: What,
    /// What the journal says of it, if it touched the client.
    pub record: Option<Record>,
}

/// What can happen in a world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// The client sent a probe, and this packet carries it.
    Sent(Probe, Packet),
    /// The network lost this packet, here.
    Dropped(Packet),
    /// A request reached the reflector, and this packet carries the reply.
    Reflected(Packet, Packet),
    /// A reply reached the client and came to this.
    Arrived(Packet, Outcome),
    /// Time decided something.
    Event(Event),
    /// Somebody acted on a packet; false if it was not in flight.
    Intervened(Intervention, bool),
    /// The session is over.
    Done,
}

/// Why there can be no such world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum WorldError {
    /// The header is of a real run.
    NotSimulated,
    /// The client refuses its configuration.
    Session(ReplayError),
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
            Self::Impairments(Direction::Request, error) => {
                write!(f, "on the way to the server: {error}")
            }
            Self::Impairments(Direction::Reply, error) => write!(f, "on the way back: {error}"),
        }
    }
}

impl core::error::Error for WorldError {}

impl World {
    /// The world that a simulated run's header describes, before its first step.
    ///
    /// # Errors
    /// [`WorldError`] if it describes none.
    pub fn new(header: &Header) -> Result<Self, WorldError> {
        let mut scenario = header.scenario.clone().ok_or(WorldError::NotSimulated)?;
        for (direction, impairments) in [
            (Direction::Request, &scenario.request),
            (Direction::Reply, &scenario.reply),
        ] {
            impairments
                .validate()
                .map_err(|error| WorldError::Impairments(direction, error))?;
        }
        let slots = table(header.table_entries).map_err(WorldError::Session)?;
        let session = Recorder::new(header.config(), ClientTime::ZERO, slots)
            .map_err(|error| WorldError::Session(ReplayError::Config(error)))?
            .with_wall(header.wall_ns.map(WallTime::from_nanos));
        Intervention::sort(&mut scenario.interventions);
        Ok(Self {
            session,
            request: Link::new(scenario.seed, Direction::Request, scenario.request),
            reply: Link::new(scenario.seed, Direction::Reply, scenario.reply),
            busy: (header.wire == WireName::Stamp)
                .then(|| Duration::from_nanos(scenario.service_ns)),
            scenario,
            now: ClientTime::ZERO,
            quiet_until: ClientTime::ZERO,
            flying: Flights::default(),
            intervened: 0,
            done: false,
        })
    }

    /// Lets the next thing happen; `None` when the session is over.
    pub fn step(&mut self) -> Option<Step> {
        while !self.done {
            // At one moment: packets arrive, then people act, then the client is
            // asked. So a reply at the deadline itself still counts.
            let flight = self.flying.next_end();
            if flight.is_some_and(|until| until <= self.now) {
                return self.land();
            }
            let act = self
                .next_intervention()
                .map(|it| ClientTime::from_nanos(it.at_ns));
            if act.is_some_and(|at| at <= self.now) {
                return self.intervene();
            }
            if self.quiet_until <= self.now {
                match self.session.poll(self.now) {
                    (Output::Send(probe), record) => {
                        let packet = self.launch(Packet::carrying(&probe));
                        return self.stepped(What::Sent(probe, packet), record);
                    }
                    (Output::Event(event), record) => {
                        return self.stepped(What::Event(event), record);
                    }
                    (Output::Done, record) => {
                        self.done = true;
                        return self.stepped(What::Done, record);
                    }
                    (Output::Wait(deadline), _) => self.quiet_until = deadline,
                }
            }
            self.now = [flight, act]
                .into_iter()
                .flatten()
                .fold(self.quiet_until, core::cmp::min);
        }
        None
    }

    /// The time of the last step.
    #[must_use]
    pub fn now(&self) -> ClientTime {
        self.now
    }

    /// Whether the session is over.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.done
    }

    /// The client and its figures.
    #[must_use]
    pub fn session(&self) -> &Recorder<Vec<Entry>> {
        &self.session
    }

    /// The whole of what happens here.
    #[must_use]
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// The packets in flight, in no order.
    pub fn in_flight(&self) -> impl Iterator<Item = &Packet> {
        self.flying.iter()
    }

    /// Adds an intervention that lies in this world's future.
    ///
    /// # Errors
    /// The intervention itself, if its time has passed: fork an earlier clone.
    pub fn intervene_later(&mut self, intervention: Intervention) -> Result<(), Intervention> {
        if intervention.at_ns < self.now.as_nanos() {
            return Err(intervention);
        }
        let later = &self.scenario.interventions;
        let place = later
            .partition_point(|other| other.at_ns <= intervention.at_ns)
            .max(self.intervened);
        self.scenario.interventions.insert(place, intervention);
        Ok(())
    }

    /// The last line of the journal, once the session is over.
    #[must_use]
    pub fn summary(&self) -> Record {
        self.session.stats().summary().into()
    }

    #[expect(
        clippy::unnecessary_wraps,
        reason = "every caller returns it from `step` as it is"
    )]
    fn stepped(&self, what: What, record: Option<Record>) -> Option<Step> {
        Some(Step {
            at: self.now,
            what,
            record,
        })
    }

    /// Puts a packet on its link, and a copy of it if the link duplicates it.
    fn launch(&mut self, packet: Packet) -> Packet {
        let link = match packet.direction {
            Direction::Request => &self.request,
            Direction::Reply => &self.reply,
        };
        let fate = link.fate(packet.id);
        let packet = packet.meeting(&fate);
        let copy = fate
            .duplicate
            .filter(|_| !fate.lost)
            .map(|delay| packet.duplicate(delay));
        self.flying.launch(packet);
        if let Some(copy) = copy {
            self.flying.launch(copy);
        }
        packet
    }

    /// The end of the next packet's flight.
    fn land(&mut self) -> Option<Step> {
        let packet = self.flying.land()?;
        if packet.lost {
            return self.stepped(What::Dropped(packet), None);
        }
        match packet.direction {
            Direction::Request => {
                let leaves = self
                    .now
                    .saturating_add(Duration::from_nanos(self.scenario.service_ns));
                // Each request is answered under an even number; its duplicate takes the odd one.
                let id = PacketId {
                    copy: packet.id.copy.saturating_mul(2),
                    ..packet.id
                };
                let reply = self.launch(Packet::new(
                    Direction::Reply,
                    id,
                    packet.token,
                    leaves,
                    packet.damage,
                ));
                self.stepped(What::Reflected(packet, reply), None)
            }
            Direction::Reply => {
                self.quiet_until = ClientTime::ZERO;
                let (outcome, record) = match packet.claim(self.busy) {
                    Ok(claim) => self.session.reply(self.now, &claim),
                    Err(why) => self.session.unreadable(self.now, why),
                };
                self.stepped(What::Arrived(packet, outcome), Some(record))
            }
        }
    }

    fn next_intervention(&self) -> Option<Intervention> {
        self.scenario.interventions.get(self.intervened).copied()
    }

    fn intervene(&mut self) -> Option<Step> {
        let intervention = self.next_intervention()?;
        self.intervened = self.intervened.saturating_add(1);
        // A copy's name, and so its fate, must not depend on what is done to others.
        let so_far = self.scenario.interventions.get(..self.intervened);
        let copies = so_far
            .into_iter()
            .flatten()
            .filter(|it| it.copies_as(&intervention))
            .count();
        let target = |packet: &Packet| packet.is_target_of(&intervention);
        let act = |packet: &mut Packet| packet.act(self.now, intervention, copies);
        let acted = self.flying.act_on(target, act);
        let hit = acted.is_some();
        if let Some(copy) = acted.flatten() {
            self.flying.launch(copy);
        }
        self.stepped(What::Intervened(intervention, hit), None)
    }
}

impl Iterator for World {
    type Item = Step;

    fn next(&mut self) -> Option<Step> {
        self.step()
    }
}
