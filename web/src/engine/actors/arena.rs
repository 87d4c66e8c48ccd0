//! Two actors, two links, one virtual clock.
//!
//! Owns the packets in flight and the order of what happens. Knows nothing of what
//! the packets mean.

use std::collections::BTreeMap;
use std::time::Duration;

use udping_core::link::{Direction, Link, PacketId};
use udping_core::time::nanos;

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
    /// A connection is open.
    Connected,
    /// Its retransmission timer ran out, and it sends again; the next time it waits this long.
    Retransmits {
        /// The new timeout.
        rto_ns: u64,
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
        /// When its flight ends: at the other side, or half-way if it is `lost`.
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
        /// What.
        note: Note,
    },
}

/// How many things may happen before a run is broken off: two actors that only ever
/// answer each other would go on for ever.
const MOST: usize = 100_000;

/// Lets the two talk until both are idle, or until `end_ns`.
///
/// Each side's packets are numbered from 1 in the order they are sent, and that number
/// is their name to the link: the n-th packet on a way meets the same fate whoever
/// sends it.
pub fn run<P: Copy>(
    client: &mut dyn Actor<P>,
    server: &mut dyn Actor<P>,
    links: [&Link; 2],
    end_ns: u64,
) -> Vec<Happening<P>> {
    let mut happenings = Vec::new();
    let mut flying: BTreeMap<(u64, u64), (Side, P)> = BTreeMap::new();
    let (mut now, mut launched, mut sent) = (0, 0_u64, [0_u64; 2]);
    while now <= end_ns && happenings.len() < MOST {
        // At one moment packets arrive before anybody's timer runs out.
        if let Some(entry) = flying.first_entry().filter(|entry| entry.key().0 <= now) {
            let (to, packet) = entry.remove();
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
                    let way = usize::from(by == Side::Server);
                    sent[way] += 1;
                    let fate = links[way].fate(PacketId {
                        seq: sent[way],
                        copy: 0,
                    });
                    let to = if by == Side::Client {
                        Side::Server
                    } else {
                        Side::Client
                    };
                    let travel = |delay: Duration| now.saturating_add(nanos(delay));
                    let until_ns = travel(if fate.lost {
                        fate.delay / 2
                    } else {
                        fate.delay
                    });
                    let what = What::Sent {
                        from: by,
                        packet,
                        until_ns,
                        lost: fate.lost,
                    };
                    happenings.push(Happening { at_ns: now, what });
                    if !fate.lost {
                        for arrival in [Some(until_ns), fate.duplicate.map(travel)]
                            .into_iter()
                            .flatten()
                        {
                            launched += 1;
                            flying.insert((arrival, launched), (to, packet));
                        }
                    }
                    acted = true;
                }
                Act::Say(note) => {
                    happenings.push(Happening {
                        at_ns: now,
                        what: What::Said { by, note },
                    });
                    acted = true;
                }
                Act::Wait(until) => wake = Some(wake.map_or(until, |wake| wake.min(until))),
                Act::Idle => {}
            }
        }
        if acted {
            continue;
        }
        let arrival = flying.first_key_value().map(|((at, _), _)| *at);
        match [arrival, wake].into_iter().flatten().min() {
            // An actor that waits for the past would stop the clock.
            Some(next) => now = next.max(now + 1),
            None => break,
        }
    }
    happenings
}

/// The links of both ways.
#[must_use]
pub fn links(scenario: &udping_core::sim::Scenario) -> [Link; 2] {
    [
        Link::new(scenario.seed, Direction::Request, scenario.request),
        Link::new(scenario.seed, Direction::Reply, scenario.reply),
    ]
}
