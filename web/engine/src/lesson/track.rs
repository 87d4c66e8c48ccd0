//! One lane of a lesson: what was under way and what was said, whoever ran it.
//!
//! Owns what a lane shows of a world. Decides nothing.

use udping_core::event::{Event, Outcome};
use udping_core::time::saturating_nanos;
use udping_link::{Direction, PacketId};
use udping_sim::actors::{Note, Of, Segment};
use udping_sim::{Actor, Decision, Packet, Recorded, Side, World, WorldEvent};

use crate::order::{in_order, ordered};

/// What happened in one lane.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Track {
    /// Every packet's way, in the order they set out.
    pub flights: Vec<Flight>,
    /// What the two ends said, in order of time.
    pub moments: Vec<Moment>,
}

/// How many things may happen: two ends that only ever answer each other would go on for
/// ever.
const MOST: usize = 100_000;

/// Bytes of an IPv4 header without options (RFC 791 §3.1).
pub(super) const IP_HEADER: u64 = 20;

/// Bytes of a UDP header (RFC 768).
pub(super) const UDP_HEADER: u64 = 8;

/// One packet's way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flight {
    /// Which way.
    pub direction: Direction,
    /// Its name on that way.
    pub id: PacketId,
    /// What it is.
    pub kind: PacketKind,
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
pub enum PacketKind {
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

impl Flight {
    /// Whether it is under way at a moment, and can be acted on.
    #[must_use]
    pub fn flies_at(&self, at_ns: u64) -> bool {
        self.from_ns <= at_ns && at_ns < self.until_ns
    }

    /// Its bytes on an IPv4 path, with a message of this many.
    #[must_use]
    pub fn bytes(&self, message: u64) -> u64 {
        match self.kind {
            PacketKind::Ping(_) | PacketKind::Reply(_) | PacketKind::Beat(_) => {
                IP_HEADER + UDP_HEADER + message
            }
            PacketKind::Tcp(segment) => segment.bytes(message),
        }
    }
}

impl Track {
    /// What happens in a world until `end_ns`, where a packet is what `cargo` says.
    #[must_use]
    pub fn of<C, S>(mut world: World<C, S>, end_ns: u64, kind: fn(&Packet) -> PacketKind) -> Self
    where
        C: Actor<Note: LaneNote>,
        S: Actor<Note = C::Note>,
    {
        let mut track = Self::default();
        let flight = |packet: &Packet| Flight {
            direction: packet.direction,
            id: packet.id,
            kind: kind(packet),
            member: C::Note::HAS_MEMBERS.then_some(packet.client.into()),
            from_ns: packet.from.as_nanos(),
            until_ns: packet.until.as_nanos(),
            lost: packet.lost,
            copy: packet.copied,
        };
        let steps = world.by_ref().take(MOST);
        for step in steps.take_while(|step| step.at.as_nanos() <= end_ns) {
            let mut by = Side::Client;
            match step.what {
                WorldEvent::Lost(packet)
                | WorldEvent::Reflected(packet, _)
                | WorldEvent::Dropped(packet, _)
                | WorldEvent::Arrived(packet) => {
                    track.flights.push(flight(&packet));
                    if packet.direction == Direction::Request {
                        by = Side::Server;
                    }
                }
                WorldEvent::Sent(packet) if packet.direction == Direction::Reply => {
                    by = Side::Server;
                }
                WorldEvent::Said(side) => by = side,
                WorldEvent::Sent(_) | WorldEvent::Intervened(..) | WorldEvent::Done => {}
            }
            if let Some((member, note)) = step.note.and_then(LaneNote::shown) {
                track.moments.push(Moment {
                    at_ns: step.at.as_nanos(),
                    by,
                    member,
                    note,
                });
            }
        }
        track.flights.extend(world.in_flight().map(flight));
        // A hop is known when it ends, and shown from when it begins.
        for key in [
            |flight: &Flight| flight.until_ns,
            |flight: &Flight| flight.from_ns,
        ] {
            let order = ordered(track.flights.iter().map(key));
            track.flights = order
                .filter_map(|at| track.flights.get(at).copied())
                .collect();
        }
        track
    }

    /// When the last thing happens.
    #[must_use]
    pub fn end_ns(&self) -> u64 {
        let flights = self.flights.iter().map(|flight| flight.until_ns);
        let moments = self.moments.iter().map(|moment| moment.at_ns);
        flights.chain(moments).max().unwrap_or(0)
    }

    /// Every time at which something happens, in order and once each.
    #[must_use]
    pub fn times(&self) -> Vec<u64> {
        let flights = self
            .flights
            .iter()
            .flat_map(|flight| [flight.from_ns, flight.until_ns]);
        let moments = self.moments.iter().map(|moment| moment.at_ns);
        in_order(flights.chain(moments))
    }
}

impl PacketKind {
    /// The number of a ping, its reply or a heartbeat; that of an exchange in TCP.
    #[must_use]
    pub const fn number(self) -> Option<u64> {
        match self {
            Self::Ping(number) | Self::Reply(number) | Self::Beat(number) => Some(number),
            Self::Tcp(Segment::Request { exchange } | Segment::Response { exchange }) => {
                Some(exchange)
            }
            Self::Tcp(_) => None,
        }
    }

    /// What a packet is on the wire of pings.
    #[must_use]
    pub const fn ping(packet: &Packet) -> Self {
        match packet.direction {
            Direction::Request => Self::Ping(packet.number),
            Direction::Reply => Self::Reply(packet.number),
        }
    }

    /// What it is where heartbeats are sent.
    #[must_use]
    pub const fn beat(packet: &Packet) -> Self {
        Self::Beat(packet.number)
    }

    /// What it is in TCP.
    #[must_use]
    pub fn tcp(packet: &Packet) -> Self {
        let exchange = packet.number;
        Self::Tcp(Segment::numbered(packet.number).unwrap_or(Segment::Ack { exchange }))
    }
}

/// A note that a lane can show.
pub trait LaneNote {
    /// Several share an end.
    const HAS_MEMBERS: bool = false;

    /// Whose it is where there are several, and what is shown of it.
    fn shown(self) -> Option<(Option<usize>, Note)>;
}

impl LaneNote for Note {
    fn shown(self) -> Option<(Option<usize>, Note)> {
        Some((None, self))
    }
}

impl LaneNote for Of<Note> {
    const HAS_MEMBERS: bool = true;

    fn shown(self) -> Option<(Option<usize>, Note)> {
        Some((Some(self.member.into()), self.note))
    }
}

impl LaneNote for Recorded {
    fn shown(self) -> Option<(Option<usize>, Note)> {
        let note = match self.decision()? {
            Decision::Outcome(outcome) => note_of(outcome)?,
            Decision::Event(Event::Lost { seq, .. }) => Note::TimedOut { seq },
            Decision::Sent(_) | Decision::Event(_) | Decision::Done => return None,
        };
        Some((None, note))
    }
}

fn note_of(outcome: Outcome) -> Option<Note> {
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
    use crate::setup::Setup;
    use udping_sim::ServerEnd;
    use udping_sim::actors::classroom::{ClassroomClient, Rule};

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
        /// A client that is right by itself and the core's send the same packets, meet the
        /// same fates, and credit the same replies.
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
                    request: way(delays.0, spread, loss, duplicate),
                    reply: way(delays.1, spread, loss, duplicate),
                    service_ns,
                    ..Scenario::default()
                },
                ..Setup::default()
            };
            let mut core = Track::of(World::new(&setup.header().unwrap()).unwrap(), u64::MAX, PacketKind::ping);
            let client = ClassroomClient::new(Rule::ChecksSequence, setup.count, setup.timeout_ns);
            let service = Duration::from_nanos(service_ns);
            let server = ServerEnd::text(setup.scenario.seed, service);
            let world = World::between(client, server, setup.scenario);
            let mut actors = Track::of(world, u64::MAX, PacketKind::ping);
            // The core's session is over as soon as nothing more can come of it.
            let end = core.moments.last().map(|it| it.at_ns);
            for track in [&mut core, &mut actors] {
                track.flights.retain(|flight| Some(flight.from_ns) <= end);
            }
            prop_assert_eq!(&core.flights, &actors.flights);
            let credited = |track: &Track| -> Vec<Moment> {
                let counts = |it: &&Moment| matches!(it.note, Note::Replied { .. } | Note::TimedOut { .. });
                track.moments.iter().filter(counts).copied().collect()
            };
            prop_assert_eq!(credited(&core), credited(&actors));
        }
    }
}
