//! Several actors at one end: many clients of one server, or a server's many sockets.
//!
//! Owns which of them a packet is for. What each does, it does not know.

use alloc::vec::Vec;

use udping_core::time::ClientTime;
use udping_link::PacketId;

use crate::actor::{Act, Actor, Outbox, Reaction};
use crate::packet::{Departure, Packet};

/// What one of several says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Of<N> {
    /// Who, from 0.
    pub member: u16,
    /// What.
    pub note: N,
}

/// Actors that each see only their own packets. What they send is numbered through, so
/// that no two of them share a fate.
#[derive(Debug, Clone)]
pub struct Crowd<A> {
    members: Vec<A>,
    sent: u64,
}

impl<A> Crowd<A> {
    /// `size` of them, each made from its place.
    #[must_use]
    pub fn new(size: u16, make: impl FnMut(u16) -> A) -> Self {
        Self {
            members: (0..size).map(make).collect(),
            sent: 0,
        }
    }

    fn sends(&mut self, member: u16, departure: Departure) -> Departure {
        self.sent = self.sent.saturating_add(1);
        Departure {
            id: PacketId {
                seq: self.sent,
                copy: 0,
            },
            client: member,
            ..departure
        }
    }
}

impl<A: Actor> Actor for Crowd<A> {
    type Note = Of<A::Note>;

    fn poll(&mut self, now: ClientTime, out: &mut Outbox<'_, Self::Note>) -> Act {
        let mut wake: Option<ClientTime> = None;
        for (member, actor) in (0..).zip(&mut self.members) {
            let mut note = None;
            let act = actor.poll(now, &mut inner(out, &mut note));
            *out.note = note.map(|note| Of { member, note });
            match act {
                Act::Send(departure) => return Act::Send(self.sends(member, departure)),
                Act::Say | Act::Done => return Act::Say,
                Act::Wait(until) => wake = Some(wake.map_or(until, |wake| wake.min(until))),
                Act::Idle => {}
            }
        }
        wake.map_or(Act::Idle, Act::Wait)
    }

    fn receive(
        &mut self,
        now: ClientTime,
        packet: &Packet,
        datagram: &[u8],
        out: &mut Outbox<'_, Self::Note>,
    ) -> Reaction {
        let member = packet.client;
        let Some(actor) = self.members.get_mut(usize::from(member)) else {
            return Reaction::Take;
        };
        let mut note = None;
        let reaction = actor.receive(now, packet, datagram, &mut inner(out, &mut note));
        *out.note = note.map(|note| Of { member, note });
        match reaction {
            Reaction::Answer(departure) => Reaction::Answer(self.sends(member, departure)),
            Reaction::Drop(_) | Reaction::Take => reaction,
        }
    }
}

/// The outbox of one member, which says something of its own.
fn inner<'a, N>(out: &'a mut Outbox<'_, Of<N>>, note: &'a mut Option<N>) -> Outbox<'a, N> {
    Outbox {
        datagram: out.datagram,
        note,
    }
}

/// An actor that starts later.
#[derive(Debug, Clone)]
pub struct Later<A> {
    start: ClientTime,
    actor: A,
}

impl<A> Later<A> {
    /// `actor`, from `start` on.
    #[must_use]
    pub const fn new(start: ClientTime, actor: A) -> Self {
        Self { start, actor }
    }
}

impl<A: Actor> Actor for Later<A> {
    type Note = A::Note;

    fn poll(&mut self, now: ClientTime, out: &mut Outbox<'_, A::Note>) -> Act {
        if now < self.start {
            Act::Wait(self.start)
        } else {
            self.actor.poll(now, out)
        }
    }

    fn receive(
        &mut self,
        now: ClientTime,
        packet: &Packet,
        datagram: &[u8],
        out: &mut Outbox<'_, A::Note>,
    ) -> Reaction {
        self.actor.receive(now, packet, datagram, out)
    }
}

#[cfg(test)]
mod tests {
    use core::time::Duration;

    use udping_journal::Scenario;
    use udping_link::Impairments;

    use super::*;
    use crate::actors::Note;
    use crate::actors::classroom::{ClassroomClient, Rule};
    use crate::actors::tcp::{TcpClient, TcpServer};
    use crate::{ServerEnd, World};

    fn scenario() -> Scenario {
        let way = Impairments {
            delay: Duration::from_millis(50),
            ..Impairments::default()
        };
        Scenario {
            request: way,
            reply: way,
            ..Scenario::default()
        }
    }

    const SECOND: u64 = 1_000_000_000;

    fn start(member: u16) -> ClientTime {
        ClientTime::from_nanos(u64::from(member) * 1_000)
    }

    #[test]
    fn one_udp_server_answers_each_client_its_own() {
        let one = |_| ClassroomClient::new(Rule::ChecksSequence, 2, SECOND);
        let clients = Crowd::new(3, |member| Later::new(start(member), one(member)));
        let server = ServerEnd::text(scenario().seed, Duration::ZERO);
        let world = World::between(clients, server, scenario());
        let mut replies = [0; 3];
        for Of { member, note } in world.filter_map(|step| step.note) {
            match note {
                Note::Replied { seq, truly, rtt_ns } => {
                    assert_eq!((truly, rtt_ns), (seq, SECOND / 10));
                    replies[usize::from(member)] += 1;
                }
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(replies, [2; 3]);
    }

    #[test]
    fn a_tcp_server_has_a_socket_more_for_every_client_at_once() {
        let clients = Crowd::new(5, |member| {
            Later::new(start(member), TcpClient::new(1, false))
        });
        let sockets = Crowd::new(5, |_| TcpServer::default());
        let world = World::between(clients, sockets, scenario());
        let (mut open, mut most) = (0, 0);
        for said in world.filter_map(|step| step.note) {
            match said.note {
                Note::Opened => open += 1,
                Note::Closed => open -= 1,
                _ => {}
            }
            most = most.max(open);
        }
        assert_eq!((most, open), (5, 0));
    }
}
