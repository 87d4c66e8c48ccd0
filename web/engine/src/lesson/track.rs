//! One lane of a lesson: what was under way and what was said, whoever ran it.
//!
//! Owns the common form of the core's runs and the actors'. Decides nothing.

use udping_core::event::{Event, Outcome};
use udping_core::time::saturating_nanos;
use udping_journal::Header;
use udping_link::{Direction, PacketId};
use udping_sim::{Packet, What, World, WorldError};

use crate::actors::arena::{self, Happening, Note, Side};
use crate::actors::classroom::Ping;
use crate::actors::crowd::Of;
use crate::actors::heartbeat::Beat;
use crate::actors::tcp::Segment;
use crate::run::{in_order, ordered};

/// What happened in one lane.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Track {
    /// Every packet's way, in the order they set out.
    pub hops: Vec<Hop>,
    /// What the two ends said, in order of time.
    pub moments: Vec<Moment>,
}

/// One packet's way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hop {
    /// Which way.
    pub direction: Direction,
    /// Its name on that way.
    pub id: PacketId,
    /// What it is.
    pub cargo: Cargo,
    /// Whose it is, where several clients share the lane.
    pub member: Option<usize>,
    /// When it set out, in nanoseconds.
    pub from_ns: u64,
    /// When its way ends: at the other side, or where it is lost.
    pub until_ns: u64,
    /// It does not arrive.
    pub lost: bool,
    /// It is a copy made on the way: nobody sent it.
    pub copy: bool,
}

/// What a packet is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cargo {
    /// A ping.
    Ping(u64),
    /// The reply to it.
    Reply(u64),
    /// A heartbeat.
    Beat(u64),
    /// A TCP segment.
    Tcp(Segment),
}

/// Something that an end said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// When, in nanoseconds.
    pub at_ns: u64,
    /// Who.
    pub by: Side,
    /// Which of several at that end.
    pub member: Option<usize>,
    /// What.
    pub note: Note,
}

impl Hop {
    /// Whether it is under way at a moment, and can be acted on.
    #[must_use]
    pub fn flies_at(&self, at_ns: u64) -> bool {
        self.from_ns <= at_ns && at_ns < self.until_ns
    }

    /// Its bytes on an IPv4 path, with a message of this many.
    #[must_use]
    pub fn bytes(&self, message: u64) -> u64 {
        match self.cargo {
            // 20 of IPv4 and 8 of UDP (RFC 791 §3.1, RFC 768).
            Cargo::Ping(_) | Cargo::Reply(_) | Cargo::Beat(_) => 20 + 8 + message,
            Cargo::Tcp(segment) => segment.bytes(message),
        }
    }
}

impl Track {
    /// The core's own client and network.
    ///
    /// # Errors
    /// [`WorldError`] if the header describes no simulated run.
    pub fn of_core(header: &Header) -> Result<Self, WorldError> {
        let mut world = World::new(header)?;
        let mut track = Self::default();
        while let Some(step) = world.step() {
            let at_ns = step.at.as_nanos();
            let mut say = |note| {
                track.moments.push(Moment {
                    at_ns,
                    by: Side::Client,
                    member: None,
                    note,
                });
            };
            match step.what {
                What::Arrived(_, outcome) => {
                    if let Some(note) = told(outcome) {
                        say(note);
                    }
                }
                What::Event(Event::Lost { seq, .. }) => say(Note::TimedOut { seq }),
                _ => {}
            }
            if let What::Dropped(packet) | What::Reflected(packet, _) | What::Arrived(packet, _) =
                step.what
            {
                track.hops.push(hop(&packet));
            }
        }
        track.hops.extend(world.in_flight().map(hop));
        // A hop is known when it ends, and shown from when it begins.
        for key in [|hop: &Hop| hop.until_ns, |hop: &Hop| hop.from_ns] {
            let order = ordered(track.hops.iter().map(key));
            track.hops = order.filter_map(|at| track.hops.get(at).copied()).collect();
        }
        Ok(track)
    }

    /// What actors did.
    #[must_use]
    pub fn of_actors<P: Shown>(run: Vec<Happening<P>>) -> Self {
        let mut track = Self::default();
        for Happening { at_ns, what } in run {
            match what {
                arena::What::Sent {
                    from,
                    packet,
                    id,
                    until_ns,
                    lost,
                } => {
                    let direction = match from {
                        Side::Client => Direction::Request,
                        Side::Server => Direction::Reply,
                    };
                    let (member, cargo) = packet.shown(direction);
                    track.hops.push(Hop {
                        direction,
                        id,
                        cargo,
                        member,
                        from_ns: at_ns,
                        until_ns,
                        lost,
                        copy: id.copy % 2 == 1,
                    });
                }
                arena::What::Said { by, member, note } => track.moments.push(Moment {
                    at_ns,
                    by,
                    member,
                    note,
                }),
                arena::What::Arrived { .. } => {}
            }
        }
        track
    }

    /// When the last thing happens.
    #[must_use]
    pub fn end_ns(&self) -> u64 {
        let hops = self.hops.iter().map(|hop| hop.until_ns);
        let moments = self.moments.iter().map(|moment| moment.at_ns);
        hops.chain(moments).max().unwrap_or(0)
    }

    /// Every time at which something happens, in order and once each.
    #[must_use]
    pub fn times(&self) -> Vec<u64> {
        let hops = self.hops.iter().flat_map(|hop| [hop.from_ns, hop.until_ns]);
        let moments = self.moments.iter().map(|moment| moment.at_ns);
        in_order(hops.chain(moments))
    }
}

/// What a lane shows of a packet.
pub trait Shown {
    /// Whose it is where there are several, and what it is.
    fn shown(&self, direction: Direction) -> (Option<usize>, Cargo);
}

impl Shown for Ping {
    fn shown(&self, direction: Direction) -> (Option<usize>, Cargo) {
        let cargo = match direction {
            Direction::Request => Cargo::Ping(self.seq),
            Direction::Reply => Cargo::Reply(self.seq),
        };
        (None, cargo)
    }
}

impl Shown for Beat {
    fn shown(&self, _direction: Direction) -> (Option<usize>, Cargo) {
        (None, Cargo::Beat(self.seq))
    }
}

impl Shown for Segment {
    fn shown(&self, _direction: Direction) -> (Option<usize>, Cargo) {
        (None, Cargo::Tcp(*self))
    }
}

impl<P: Shown> Shown for Of<P> {
    fn shown(&self, direction: Direction) -> (Option<usize>, Cargo) {
        (Some(self.member), self.packet.shown(direction).1)
    }
}

fn hop(packet: &Packet) -> Hop {
    let seq = packet.id.seq;
    Hop {
        direction: packet.direction,
        id: packet.id,
        cargo: match packet.direction {
            Direction::Request => Cargo::Ping(seq),
            Direction::Reply => Cargo::Reply(seq),
        },
        member: None,
        from_ns: packet.from.as_nanos(),
        until_ns: packet.until.as_nanos(),
        lost: packet.lost,
        copy: match packet.direction {
            // The client sends a probe once; the server answers whatever arrives, under an
            // even number, and somebody's copy of that has the highest bit.
            Direction::Request => packet.id.copy != 0,
            Direction::Reply => packet.id.copy % 2 == 1 || packet.id.copy >= 1 << 31,
        },
    }
}

fn told(outcome: Outcome) -> Option<Note> {
    match outcome {
        Outcome::Replied { seq, rtt, .. } => Some(Note::Replied {
            seq,
            truly: seq,
            rtt_ns: saturating_nanos(rtt),
        }),
        Outcome::Late { seq, rtt, .. } => Some(Note::Late {
            seq,
            rtt_ns: saturating_nanos(rtt),
        }),
        Outcome::Duplicate { seq, .. } => Some(Note::Duplicate { seq }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;
    use udping_journal::Scenario;
    use udping_link::{Impairments, Jitter, Loss, Rate, Seed};

    use super::*;
    use crate::actors::classroom::{ChecksSequence, EchoServer};
    use crate::setup::Setup;

    fn way(delay: u64, spread: u64, loss: u32, duplicate: u32) -> Impairments {
        Impairments {
            delay: Duration::from_millis(delay),
            jitter: Jitter::Uniform {
                spread: Duration::from_micros(spread),
            },
            loss: Loss::Independent(Rate::from_ppm(loss).unwrap()),
            duplicate: Rate::from_ppm(duplicate).unwrap(),
            ..Impairments::default()
        }
    }

    proptest! {
        /// The actors' network is the core's: a client that is right by itself and the core
        /// send the same packets, meet the same fates, and credit the same replies. (Not
        /// where requests are doubled: the core names a reply by the copy that it answers,
        /// the arena by its turn.)
        #[test]
        fn a_right_actor_and_the_core_see_one_network(
            seed in 0..1_u64 << 53,
            delays in (0..800_u64, 0..800_u64),
            loss in 0..400_000_u32,
            duplicate in 0..400_000_u32,
            spread in 0..100_000_u64,
            service_ns in 0..50_000_000_u64,
        ) {
            let setup = Setup {
                scenario: Scenario {
                    seed: Seed::new(seed).unwrap(),
                    request: way(delays.0, spread, loss, 0),
                    reply: way(delays.1, spread, loss, duplicate),
                    service_ns,
                    ..Scenario::default()
                },
                ..Setup::default()
            };
            let core = Track::of_core(&setup.header()).unwrap();
            let run = arena::run(
                &mut ChecksSequence::new(setup.count, setup.timeout_ns),
                &mut EchoServer::new(service_ns),
                &setup.scenario,
                u64::MAX,
            );
            let mut actors = Track::of_actors(run);
            actors.hops.sort_by_key(|hop| (hop.from_ns, hop.until_ns));
            prop_assert_eq!(&core.hops, &actors.hops);
            let credited = |track: &Track| -> Vec<Moment> {
                let counts = |it: &&Moment| matches!(it.note, Note::Replied { .. } | Note::TimedOut { .. });
                track.moments.iter().filter(counts).copied().collect()
            };
            prop_assert_eq!(credited(&core), credited(&actors));
        }
    }
}
