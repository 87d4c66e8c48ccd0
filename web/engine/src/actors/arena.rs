//! Two actors, two links, one virtual clock.
//!
//! Owns the packets in flight and the order of what happens. Knows nothing of what
//! the packets mean.

use std::collections::BTreeMap;
use std::time::Duration;

use udping_core::time::saturating_nanos;
use udping_journal::{Action, Intervention, Scenario};
use udping_link::{Direction, Link, PacketId};

/// Which end of the path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// Where probes come from.
    Client,
    /// Where they go.
    Server,
}

/// What an actor wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act<P> {
    /// Send this packet now.
    Send(P),
    /// Say something about what came of it.
    Say(Note),
    /// The same, by one of several that share this end.
    SayAs(usize, Note),
    /// Be asked again at this time, in nanoseconds, or when a packet comes.
    Wait(u64),
    /// Be asked again only when a packet comes.
    Idle,
}

/// What an actor says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Note {
    /// It takes ping `seq` for answered, with this RTT.
    Replied {
        /// The ping it credits.
        seq: u64,
        /// The ping that the packet was really about.
        truly: u64,
        /// The RTT it reports.
        rtt_ns: u64,
    },
    /// It gave up waiting for ping `seq`.
    TimedOut {
        /// The ping.
        seq: u64,
    },
    /// It threw a packet away that was about ping `seq`.
    Discarded {
        /// The ping.
        seq: u64,
    },
    /// The first answer to ping `seq` came after all, this long after it was sent: it
    /// stays timed out.
    Late {
        /// The ping.
        seq: u64,
        /// The true RTT.
        rtt_ns: u64,
    },
    /// One more answer to a ping that had one.
    Duplicate {
        /// The ping.
        seq: u64,
    },
    /// The client's connection is open.
    Connected,
    /// The server has one more socket: that of a connection.
    Opened,
    /// The server's connection is closed, and its socket gone.
    Closed,
    /// Its retransmission timer ran out, and it sends again; the next time it waits this long.
    Retransmits {
        /// The new timeout.
        rto_ns: u64,
    },
    /// Heartbeat `seq` is heard.
    Heard {
        /// Its number.
        seq: u64,
        /// When it came by the server's clock, less when it was sent by the client's.
        apart_ns: i64,
    },
    /// Heartbeats are missing up to `seq`.
    Missing {
        /// The first that is missing.
        from: u64,
        /// The last.
        to: u64,
    },
    /// Nothing came for so long that the other end counts as stopped.
    Stopped,
}

/// One end of the path.
pub trait Actor<P> {
    /// The next thing it wants. Asked again until it waits.
    fn poll(&mut self, now_ns: u64) -> Act<P>;
    /// A packet for it.
    fn receive(&mut self, now_ns: u64, packet: P);
}

/// What travels between the two.
pub trait Packet: Copy {
    /// The number that names it to its link, which keeps a fate for every number: packets
    /// of one number meet the same fate whoever sends them. `nth` is its place, from 1,
    /// among those sent its way.
    fn number(&self, nth: u64) -> u64 {
        nth
    }
}

/// One thing that happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Happening<P> {
    /// When, in nanoseconds.
    pub at_ns: u64,
    /// What.
    pub what: What<P>,
}

/// What can happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What<P> {
    /// A packet set out.
    Sent {
        /// Whose it is.
        from: Side,
        /// What it carries.
        packet: P,
        /// Its name on its way: odd copies are the network's own.
        id: PacketId,
        /// When its flight ends: at the other side, or on the way if it is `lost`.
        until_ns: u64,
        /// It will not arrive.
        lost: bool,
    },
    /// A packet arrived.
    Arrived {
        /// Where.
        to: Side,
        /// What it carries.
        packet: P,
    },
    /// An actor said something.
    Said {
        /// Who.
        by: Side,
        /// Which of several at that end.
        member: Option<usize>,
        /// What.
        note: Note,
    },
}

/// How many things may happen before a run is broken off: two actors that only ever
/// answer each other would go on for ever.
const MOST: usize = 100_000;

/// Lets the two talk until both are idle, or until `end_ns`, under what `scenario` says
/// of links and interventions. (How long a server takes is the server's affair, and
/// damage means nothing to actors, who read no bytes.)
pub fn run<P: Packet>(
    client: &mut dyn Actor<P>,
    server: &mut dyn Actor<P>,
    scenario: &Scenario,
    end_ns: u64,
) -> Vec<Happening<P>> {
    let mut network = Network::new(scenario);
    let mut happenings = Vec::new();
    let mut now = 0;
    while now <= end_ns && happenings.len() < MOST {
        // At one moment packets arrive before anybody's timer runs out.
        if let Some((to, packet)) = network.land(now) {
            happenings.push(Happening {
                at_ns: now,
                what: What::Arrived { to, packet },
            });
            match to {
                Side::Client => client.receive(now, packet),
                Side::Server => server.receive(now, packet),
            }
            continue;
        }
        let mut wake: Option<u64> = None;
        let mut acted = false;
        for by in [Side::Client, Side::Server] {
            let act = match by {
                Side::Client => client.poll(now),
                Side::Server => server.poll(now),
            };
            match act {
                Act::Send(packet) => {
                    acted = true;
                    let sent = network.launch(now, by, packet);
                    happenings.extend(sent.map(|what| Happening { at_ns: now, what }));
                }
                Act::Say(note) => {
                    acted = true;
                    happenings.push(said(now, by, None, note));
                }
                Act::SayAs(member, note) => {
                    acted = true;
                    happenings.push(said(now, by, Some(member), note));
                }
                Act::Wait(until) => wake = Some(wake.map_or(until, |wake| wake.min(until))),
                Act::Idle => {}
            }
        }
        if acted {
            continue;
        }
        match [network.next_landing(), wake].into_iter().flatten().min() {
            // An actor that waits for the past would stop the clock.
            Some(next) => now = next.max(now + 1),
            None => break,
        }
    }
    happenings
}

fn said<P>(at_ns: u64, by: Side, member: Option<usize>, note: Note) -> Happening<P> {
    let what = What::Said { by, member, note };
    Happening { at_ns, what }
}

/// The two ways, and what is on them.
struct Network<P> {
    links: [Link; 2],
    interventions: Vec<Intervention>,
    flying: BTreeMap<(u64, u64), (Side, P)>,
    launched: u64,
    sent: [u64; 2],
    /// How often each number was sent, by way.
    times: BTreeMap<(usize, u64), u32>,
}

impl<P: Packet> Network<P> {
    fn new(scenario: &Scenario) -> Self {
        let mut interventions = scenario.interventions.clone();
        Intervention::sort(&mut interventions);
        Self {
            links: [
                Link::new(scenario.seed, Direction::Request, scenario.request),
                Link::new(scenario.seed, Direction::Reply, scenario.reply),
            ],
            interventions,
            flying: BTreeMap::new(),
            launched: 0,
            sent: [0; 2],
            times: BTreeMap::new(),
        }
    }

    /// Puts a packet on its way, and the copies that the network or somebody makes of it.
    fn launch(
        &mut self,
        now: u64,
        from: Side,
        packet: P,
    ) -> impl Iterator<Item = What<P>> + use<P> {
        let (way, direction, to) = match from {
            Side::Client => (0, Direction::Request, Side::Server),
            Side::Server => (1, Direction::Reply, Side::Client),
        };
        self.sent[way] += 1;
        let seq = packet.number(self.sent[way]);
        let times = self.times.entry((way, seq)).or_default();
        let before = *times;
        *times += 1;
        // As in the core's world: what an end sends has an even number, the network's
        // duplicate of it the odd one.
        let id = PacketId {
            seq,
            copy: before * 2,
        };
        let fate = self.links[way].fate(id);
        let travel = |delay: Duration| now.saturating_add(saturating_nanos(delay));
        let mut flights = vec![if fate.lost {
            (id, travel(fate.delay / 2), true)
        } else {
            (id, travel(fate.delay), false)
        }];
        if let Some(delay) = fate.duplicate.filter(|_| !fate.lost) {
            let copy = id.copy + 1;
            flights.push((PacketId { copy, ..id }, travel(delay), false));
        }
        for intervention in &self.interventions {
            if intervention.direction != direction {
                continue;
            }
            let at = intervention.at_ns;
            let target = flights
                .iter_mut()
                .find(|(id, until, _)| *id == intervention.packet && now < at && at < *until);
            let Some((id, until, lost)) = target else {
                continue;
            };
            match intervention.action {
                Action::Drop => (*until, *lost) = (at, true),
                Action::Delay { by_ns } => *until = until.saturating_add(by_ns),
                Action::Duplicate { after_ns } => {
                    let copy = PacketId {
                        copy: id.copy | 1,
                        ..*id
                    };
                    let flight = (copy, until.saturating_add(after_ns), *lost);
                    flights.push(flight);
                }
                Action::Corrupt => {}
            }
        }
        for (_, until, _) in flights.iter().filter(|(_, _, lost)| !lost) {
            self.launched += 1;
            self.flying.insert((*until, self.launched), (to, packet));
        }
        flights
            .into_iter()
            .map(move |(id, until_ns, lost)| What::Sent {
                from,
                packet,
                id,
                until_ns,
                lost,
            })
    }

    /// Takes the next packet whose flight ends by now.
    fn land(&mut self, now: u64) -> Option<(Side, P)> {
        let first = self.flying.first_entry()?;
        (first.key().0 <= now).then(|| first.remove())
    }

    fn next_landing(&self) -> Option<u64> {
        self.flying.first_key_value().map(|((at, _), _)| *at)
    }
}
