//! Two ends, a network and one virtual clock.
//!
//! Owns the order of what happens. Knows nothing of what the ends say.

use alloc::vec::Vec;
use core::time::Duration;

use udping_core::guard::DropReason;
use udping_core::time::ClientTime;
use udping_journal::{Intervention, Scenario};
use udping_link::Direction;

use crate::actor::{Act, Actor, Buffer, MOST_BYTES, Reaction, Side};
use crate::client::{ClientEnd, Recorded};
use crate::network::Network;
use crate::packet::Packet;
use crate::server::ServerEnd;

/// A running simulation. Clone it to come back to this point later.
#[derive(Debug, Clone)]
pub struct World<C = ClientEnd, S = ServerEnd<Recorded>> {
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
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step<N> {
    /// When.
    pub at: ClientTime,
    /// What.
    pub what: What,
    /// The copy that it came to: the network's, of the packet that sets out, or somebody's.
    pub copy: Option<Packet>,
    /// What the end that did it, or that it happened to, says of it.
    pub note: Option<N>,
}

/// What can happen in a world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
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
        }
    }

    /// Lets the next thing happen; `None` when nothing ever will.
    pub fn step(&mut self) -> Option<Step<C::Note>> {
        while !self.done {
            // At one moment: packets arrive, then people act, then the ends are asked. So
            // a reply at the deadline itself still counts.
            let now = self.now;
            let by_now = |time: &ClientTime| *time <= now;
            let flight = self.network.next_end();
            if flight.is_some_and(|until| by_now(&until)) {
                return self.land();
            }
            let act = self.next_intervention();
            if act.is_some_and(|at| by_now(&at)) {
                return self.intervene();
            }
            if self.client_quiet.is_some_and(|until| by_now(&until))
                && let Some(step) = self.ask(Side::Client)
            {
                return Some(step);
            }
            if self.server_quiet.is_some_and(|until| by_now(&until))
                && let Some(step) = self.ask(Side::Server)
            {
                return Some(step);
            }
            let next = [flight, act, self.client_quiet, self.server_quiet];
            let next = next.into_iter().flatten().min()?;
            // An end that waits for the past would stop the clock.
            self.now = next.max(now.saturating_add(Duration::from_nanos(1)));
        }
        None
    }

    /// Asks an end what it wants; `None` if it waits.
    fn ask(&mut self, side: Side) -> Option<Step<C::Note>> {
        let (act, quiet, direction) = match side {
            Side::Client => (
                self.client.poll(self.now, &mut self.out),
                &mut self.client_quiet,
                Direction::Request,
            ),
            Side::Server => (
                self.server.poll(self.now, &mut self.out),
                &mut self.server_quiet,
                Direction::Reply,
            ),
        };
        let (what, note) = match act {
            Act::Send(departure, note) => {
                let (packet, copy) = self.network.launch(direction, &departure, &self.out, false);
                return self.stepped(What::Sent(packet), copy, note);
            }
            Act::Say(note) => (What::Said(side), Some(note)),
            Act::Wait(until) => {
                *quiet = Some(until);
                return None;
            }
            Act::Idle => {
                *quiet = None;
                return None;
            }
            Act::Done(note) => {
                self.done = true;
                (What::Done, Some(note))
            }
        };
        self.stepped(what, None, note)
    }

    /// The end of the next packet's flight.
    fn land(&mut self) -> Option<Step<C::Note>> {
        let flight = self.network.land()?;
        let (packet, datagram) = (flight.packet, flight.datagram());
        if packet.lost {
            return self.stepped(What::Lost(packet), None, None);
        }
        let (reaction, back) = match packet.direction {
            Direction::Request => {
                self.server_quiet = Some(self.now);
                let reaction = self
                    .server
                    .receive(self.now, &packet, datagram, &mut self.out);
                (reaction, Direction::Reply)
            }
            Direction::Reply => {
                self.client_quiet = Some(self.now);
                let reaction = self
                    .client
                    .receive(self.now, &packet, datagram, &mut self.out);
                (reaction, Direction::Request)
            }
        };
        let (what, note) = match reaction {
            Reaction::Nothing => (What::Arrived(packet), None),
            Reaction::Say(note) => (What::Arrived(packet), Some(note)),
            Reaction::Answer(departure) => {
                let (answer, copy) =
                    self.network
                        .launch(back, &departure, &self.out, packet.damaged);
                return self.stepped(What::Reflected(packet, answer), copy, None);
            }
            Reaction::Drop(why) => (What::Dropped(packet, why), None),
        };
        self.stepped(what, None, note)
    }

    #[expect(
        clippy::unnecessary_wraps,
        reason = "every caller returns it from `step` as it is"
    )]
    fn stepped(
        &self,
        what: What,
        copy: Option<Packet>,
        note: Option<C::Note>,
    ) -> Option<Step<C::Note>> {
        Some(Step {
            at: self.now,
            what,
            copy,
            note,
        })
    }

    fn intervene(&mut self) -> Option<Step<C::Note>> {
        let intervention = *self.scenario.interventions.get(self.intervened)?;
        self.intervened = self.intervened.saturating_add(1);
        // A copy's name, and so its fate, must not depend on what is done to others.
        let so_far = self.scenario.interventions.get(..self.intervened);
        let copies = so_far
            .into_iter()
            .flatten()
            .filter(|it| it.copies_as(&intervention))
            .count();
        let (hit, copy) = self.network.intervene(self.now, &intervention, copies);
        self.stepped(What::Intervened(intervention, hit), copy, None)
    }
}

impl<C, S> World<C, S> {
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
        self.step()
    }
}
