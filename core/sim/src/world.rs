//! Two ends, a network and one virtual clock.
//!
//! Owns the order of what happens. Knows nothing of what the ends say.

use alloc::vec::Vec;
use core::time::Duration;

use udping_core::guard::DropReason;
use udping_core::time::ClientTime;
use udping_journal::{Intervention, Scenario};
use udping_link::Direction;

use crate::actor::{Act, Actor, Buffer, MOST_BYTES, Outbox, Reaction, Side};
use crate::client::{ClientEnd, Recorded};
use crate::flights::earlier;
use crate::network::Network;
use crate::packet::Packet;
use crate::server::ServerEnd;

/// A running simulation. Clone it to come back to this point later.
#[derive(Debug, Clone)]
pub struct World<C: Actor = ClientEnd, S = ServerEnd<Recorded>> {
    pub(crate) client: C,
    pub(crate) server: S,
    scenario: Scenario,
    network: Network,
    now: ClientTime,
    /// Until when the client has nothing to say, unless something arrives.
    client_quiet: Option<ClientTime>,
    server_quiet: Option<ClientTime>,
    /// How many interventions have been carried out.
    intervened: usize,
    done: bool,
    /// Where a datagram is written that sets out.
    out: Buffer,
    /// What happened last. It is large, so it is filled here and looked at here.
    step: Step<C::Note>,
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step<N> {
    /// When.
    pub at: ClientTime,
    /// What.
    pub what: WorldEvent,
    /// The copy that it came to: the network's, of the packet that sets out, or somebody's.
    pub copy: Option<Packet>,
    /// What the end that did it, or that it happened to, says of it.
    pub note: Option<N>,
}

/// Nothing yet.
impl<N> Default for Step<N> {
    fn default() -> Self {
        Self {
            at: ClientTime::ZERO,
            what: WorldEvent::Done,
            copy: None,
            note: None,
        }
    }
}

/// What can happen in a world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorldEvent {
    /// An end sent this packet.
    Sent(Packet),
    /// The network lost this packet, here.
    Lost(Packet),
    /// A packet arrived.
    Arrived(Packet),
    /// A request arrived, and this packet carries the reply.
    Reflected(Packet, Packet),
    /// A request arrived, and the reflector leaves it unanswered for this reason.
    Dropped(Packet, DropReason),
    /// An end said something by itself.
    Said(Side),
    /// Somebody acted on a packet; false if it was not in flight.
    Intervened(Intervention, bool),
    /// The client's session is over.
    Done,
}

impl<C: Actor, S: Actor<Note = C::Note>> World<C, S> {
    /// The two at the ends of the network that `scenario` describes, before the first
    /// step. Impairments out of range are limited as [`Link::new`](udping_link::Link::new)
    /// says; `service_ns` is for the server to know.
    pub fn between(client: C, server: S, mut scenario: Scenario) -> Self {
        Intervention::sort(&mut scenario.interventions);
        Self {
            client,
            server,
            network: Network::new(&scenario),
            scenario,
            now: ClientTime::ZERO,
            client_quiet: Some(ClientTime::ZERO),
            server_quiet: Some(ClientTime::ZERO),
            intervened: 0,
            done: false,
            out: [0; MOST_BYTES],
            step: Step::default(),
        }
    }

    /// Lets the next thing happen; `None` when nothing ever will.
    pub fn step(&mut self) -> Option<&Step<C::Note>> {
        self.step.copy = None;
        self.step.note = None;
        while !self.happens() {
            self.now = self.next_time()?;
        }
        self.step.at = self.now;
        Some(&self.step)
    }

    /// Lets the next thing happen at this moment; false if there is none. Packets arrive,
    /// then people act, then the ends are asked: so a reply at the deadline itself still
    /// counts. Before one after it comes what time has decided.
    fn happens(&mut self) -> bool {
        let now = self.now;
        let is_now = |time: Option<ClientTime>| time.is_some_and(|time| time <= now);
        if self.done {
            false
        } else if is_now(self.client_quiet) && self.client.is_overdue(now) {
            self.ask(Side::Client)
        } else if is_now(self.network.next_end()) {
            self.land()
        } else if is_now(self.next_intervention()) {
            self.intervene()
        } else {
            is_now(self.client_quiet) && self.ask(Side::Client)
                || is_now(self.server_quiet) && self.ask(Side::Server)
        }
    }

    /// When something can happen next.
    fn next_time(&self) -> Option<ClientTime> {
        if self.done {
            return None;
        }
        let ends = earlier(self.client_quiet, self.server_quiet);
        let others = earlier(self.network.next_end(), self.next_intervention());
        // An end that waits for the past would stop the clock.
        let later = self.now.saturating_add(Duration::from_nanos(1));
        Some(earlier(others, ends)?.max(later))
    }

    /// Asks an end what it wants; false if it waits.
    fn ask(&mut self, side: Side) -> bool {
        let out = &mut Outbox {
            datagram: &mut self.out,
            note: &mut self.step.note,
        };
        let (act, quiet, direction) = match side {
            Side::Client => (
                self.client.poll(self.now, out),
                &mut self.client_quiet,
                Direction::Request,
            ),
            Side::Server => (
                self.server.poll(self.now, out),
                &mut self.server_quiet,
                Direction::Reply,
            ),
        };
        match act {
            Act::Send(departure) => {
                let (packet, copy) = self.network.launch(direction, &departure, &self.out, false);
                self.step.what = WorldEvent::Sent(packet);
                self.step.copy = copy;
            }
            Act::Say => self.step.what = WorldEvent::Said(side),
            Act::Wait(until) => *quiet = Some(until),
            Act::Idle => *quiet = None,
            Act::Done => {
                self.done = true;
                self.step.what = WorldEvent::Done;
            }
        }
        !matches!(act, Act::Wait(_) | Act::Idle)
    }

    /// The end of the next packet's flight.
    fn land(&mut self) -> bool {
        let Some(flight) = self.network.land() else {
            return false;
        };
        let (packet, datagram) = (flight.packet, flight.datagram());
        if packet.lost {
            self.step.what = WorldEvent::Lost(packet);
            return true;
        }
        let out = &mut Outbox {
            datagram: &mut self.out,
            note: &mut self.step.note,
        };
        let (reaction, back) = match packet.direction {
            Direction::Request => {
                self.server_quiet = Some(self.now);
                let reaction = self.server.receive(self.now, &packet, datagram, out);
                (reaction, Direction::Reply)
            }
            Direction::Reply => {
                self.client_quiet = Some(self.now);
                let reaction = self.client.receive(self.now, &packet, datagram, out);
                (reaction, Direction::Request)
            }
        };
        self.step.what = match reaction {
            Reaction::Take => WorldEvent::Arrived(packet),
            Reaction::Answer(departure) => {
                let damaged = packet.damaged;
                let (answer, copy) = self.network.launch(back, &departure, &self.out, damaged);
                self.step.copy = copy;
                WorldEvent::Reflected(packet, answer)
            }
            Reaction::Drop(why) => WorldEvent::Dropped(packet, why),
        };
        true
    }

    fn intervene(&mut self) -> bool {
        let Some(intervention) = self.scenario.interventions.get(self.intervened).copied() else {
            return false;
        };
        self.intervened = self.intervened.saturating_add(1);
        // A copy's name, and so its fate, must not depend on what is done to others.
        let so_far = self.scenario.interventions.get(..self.intervened);
        let copies = so_far
            .into_iter()
            .flatten()
            .filter(|it| it.copies_as(&intervention))
            .count();
        let (hit, copy) = self.network.intervene(self.now, &intervention, copies);
        self.step.what = WorldEvent::Intervened(intervention, hit);
        self.step.copy = copy;
        true
    }
}

impl<C: Actor, S> World<C, S> {
    /// When somebody acts next.
    fn next_intervention(&self) -> Option<ClientTime> {
        let next = self.scenario.interventions.get(self.intervened)?;
        Some(ClientTime::from_nanos(next.at_ns))
    }

    /// The time of the last step.
    #[must_use]
    pub fn now(&self) -> ClientTime {
        self.now
    }

    /// Whether the client's session is over.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.done
    }

    /// The whole of what happens here.
    #[must_use]
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// The packets in flight, in no order.
    pub fn in_flight(&self) -> impl Iterator<Item = &Packet> {
        self.network.in_flight()
    }

    /// Adds an intervention that lies in this world's future.
    ///
    /// # Errors
    /// The intervention itself, if its time has passed: fork an earlier clone.
    pub fn intervene_later(&mut self, intervention: Intervention) -> Result<(), Intervention> {
        if intervention.at_ns < self.now.as_nanos() {
            return Err(intervention);
        }
        let later: &mut Vec<Intervention> = &mut self.scenario.interventions;
        let place = later
            .partition_point(|other| other.at_ns <= intervention.at_ns)
            .max(self.intervened);
        later.insert(place, intervention);
        Ok(())
    }
}

impl<C: Actor, S: Actor<Note = C::Note>> Iterator for World<C, S> {
    type Item = Step<C::Note>;

    fn next(&mut self) -> Option<Step<C::Note>> {
        self.step()?;
        Some(core::mem::take(&mut self.step))
    }
}
