//! Several actors on one side: many clients of one server, or a server's many sockets.

use super::arena::{Act, Actor, Packet};

/// A packet of one member of a crowd.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Of<P> {
    /// Whose it is, from 0.
    pub member: usize,
    /// What it carries.
    pub packet: P,
}

/// Each packet has a fate of its own: those of two members are never one.
impl<P: Copy> Packet for Of<P> {}

/// Actors that each see only their own packets.
#[derive(Debug, Clone)]
pub struct Crowd<A>(Vec<A>);

impl<A> Crowd<A> {
    /// `size` of them, each made from its place.
    #[must_use]
    pub fn new(size: usize, make: impl FnMut(usize) -> A) -> Self {
        Self((0..size).map(make).collect())
    }
}

impl<P, A: Actor<P>> Actor<Of<P>> for Crowd<A> {
    fn poll(&mut self, now_ns: u64) -> Act<Of<P>> {
        let mut wake: Option<u64> = None;
        for (member, actor) in self.0.iter_mut().enumerate() {
            match actor.poll(now_ns) {
                Act::Send(packet) => return Act::Send(Of { member, packet }),
                Act::Say(note) | Act::SayAs(_, note) => return Act::SayAs(member, note),
                Act::Wait(until) => wake = Some(wake.map_or(until, |wake| wake.min(until))),
                Act::Idle => {}
            }
        }
        wake.map_or(Act::Idle, Act::Wait)
    }

    fn receive(&mut self, now_ns: u64, packet: Of<P>) {
        if let Some(actor) = self.0.get_mut(packet.member) {
            actor.receive(now_ns, packet.packet);
        }
    }
}

/// An actor that starts later.
#[derive(Debug, Clone)]
pub struct Later<A> {
    start_ns: u64,
    actor: A,
}

impl<A> Later<A> {
    /// `actor`, from `start_ns` on.
    #[must_use]
    pub fn new(start_ns: u64, actor: A) -> Self {
        Self { start_ns, actor }
    }
}

impl<P, A: Actor<P>> Actor<P> for Later<A> {
    fn poll(&mut self, now_ns: u64) -> Act<P> {
        if now_ns < self.start_ns {
            Act::Wait(self.start_ns)
        } else {
            self.actor.poll(now_ns)
        }
    }

    fn receive(&mut self, now_ns: u64, packet: P) {
        self.actor.receive(now_ns, packet);
    }
}

#[cfg(test)]
mod tests {
    use super::super::arena::{Note, What, run};
    use super::super::classroom::{ChecksSequence, EchoServer};
    use super::super::tcp::{TcpClient, TcpServer};
    use super::*;
    use std::time::Duration;
    use udping_journal::Scenario;
    use udping_link::Impairments;

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

    #[test]
    fn one_udp_server_answers_each_client_its_own() {
        let mut clients = Crowd::new(3, |place| {
            Later::new(place as u64 * 1_000, ChecksSequence::new(2, SECOND))
        });
        let run = run(&mut clients, &mut EchoServer::new(0), &scenario(), SECOND);
        let said = run.iter().filter_map(|it| match it.what {
            What::Said { note, .. } => Some(note),
            _ => None,
        });
        let rtts: Vec<u64> = said
            .map(|note| match note {
                Note::Replied { rtt_ns, .. } => rtt_ns,
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(rtts, [SECOND / 10; 6]);
    }

    #[test]
    fn a_tcp_server_has_a_socket_more_for_every_client_at_once() {
        let mut clients = Crowd::new(5, |place| {
            Later::new(place as u64 * 1_000, TcpClient::new(1, false))
        });
        let mut sockets = Crowd::new(5, |_| TcpServer::default());
        let run = run(&mut clients, &mut sockets, &scenario(), SECOND);
        let (mut open, mut most) = (0, 0);
        for happening in run {
            match happening.what {
                What::Said {
                    note: Note::Opened, ..
                } => open += 1,
                What::Said {
                    note: Note::Closed, ..
                } => open -= 1,
                _ => {}
            }
            most = most.max(open);
        }
        assert_eq!((most, open), (5, 0));
    }
}
