//! The server: the reflector that `serve` runs, in virtual time.
//!
//! Owns its clocks, and how long it takes over a request. What is answered, and to whom,
//! is the core's.

use alloc::vec;
use alloc::vec::Vec;
use core::marker::PhantomData;
use core::net::{Ipv4Addr, SocketAddr};
use core::time::Duration;

use udping_core::guard::{Guard, Policy, SourceEntry};
use udping_core::reflector::stamp::StampSession;
use udping_core::reflector::{Request, WireReflector};
use udping_core::time::{ClientTime, ReflectorTime, WallTime};
use udping_link::{PacketId, Seed};

use crate::actor::{Act, Actor, Outbox, Reaction};
use crate::packet::{Departure, Packet};
use crate::wire::{self, ServerWire};

/// The server that every packet of a session goes to. It says nothing, so its notes may be
/// of any kind.
#[derive(Debug, Clone)]
pub struct ServerEnd<N> {
    reflector: WireReflector<Vec<SourceEntry>, Vec<StampSession>>,
    service: Duration,
    /// When it is free again, if it takes one request after the other.
    free: Option<ClientTime>,
    /// What its wall clock reads at time zero: as the client's.
    wall: WallTime,
    says: PhantomData<fn() -> N>,
}

/// The first port that nobody is given (RFC 6335 §6): each client has one from here on.
const FIRST_PORT: u16 = 49_152;

impl<N> ServerEnd<N> {
    /// The port that it listens on.
    pub const PORT: u16 = 12_000;

    /// What `serve` holds to on loopback, unless told otherwise: everybody is answered as
    /// often as they ask.
    pub const POLICY: Policy = Policy::open(Self::PORT);

    /// A server on the assignment's wire, which takes so long over each request.
    #[must_use]
    pub fn text(seed: Seed, service: Duration) -> Self {
        let wire = ServerWire::Textbook;
        Self::new(wire, &Self::POLICY, seed, FEW, service, WallTime::ZERO)
    }

    /// A server on `wire`, whose rules are `policy` and draw on `seed`. It knows `replies`
    /// of its latest replies when they come back to it.
    pub(crate) fn new(
        wire: ServerWire,
        policy: &Policy,
        seed: Seed,
        replies: u64,
        service: Duration,
        wall: WallTime,
    ) -> Self {
        // A quarter of a guard's places remember fourteen replies each.
        let tracks = usize::try_from(replies.saturating_mul(4) / 14).unwrap_or(MOST_TRACKS);
        let tracks = vec![SourceEntry::EMPTY; tracks.min(MOST_TRACKS)];
        let guard = Guard::new(policy, seed.get(), tracks);
        Self {
            reflector: wire::reflector(wire, guard),
            service,
            free: None,
            wall,
            says: PhantomData,
        }
    }

    /// The same, but one request after the other: those that come meanwhile wait in its
    /// socket's buffer.
    #[must_use]
    pub fn one_at_a_time(self) -> Self {
        Self {
            free: Some(ClientTime::ZERO),
            ..self
        }
    }

    fn wall_at(&self, time: ClientTime) -> WallTime {
        self.wall
            .saturating_add(Duration::from_nanos(time.as_nanos()))
    }
}

/// As many replies as a server remembers of whom nobody said how many to expect.
const FEW: u64 = 1 << 10;

/// As many places as `serve` has.
const MOST_TRACKS: usize = 1 << 15;

impl<N> Actor for ServerEnd<N> {
    type Note = N;

    #[inline]
    fn poll(&mut self, _now: ClientTime, _out: &mut Outbox<'_, N>) -> Act {
        Act::Idle
    }

    #[inline]
    fn receive(
        &mut self,
        now: ClientTime,
        packet: &Packet,
        datagram: &[u8],
        out: &mut Outbox<'_, N>,
    ) -> Reaction {
        let begins = self.free.map_or(now, |free| free.max(now));
        let leaves = begins.saturating_add(self.service);
        let sent = self.wall_at(leaves);
        let port = FIRST_PORT.saturating_add(packet.client);
        let request = Request {
            at: ReflectorTime::from_nanos(now.as_nanos()),
            received: self.wall_at(now),
            from: SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
            ttl: None,
            bytes: datagram,
        };
        match self
            .reflector
            .handle_request(&request, out.datagram, || sent)
        {
            Ok(len) => {
                self.free = self.free.map(|_| leaves);
                Reaction::Answer(Departure {
                    // Each request is answered under an even number; its duplicate takes the
                    // odd one.
                    id: PacketId {
                        copy: packet.id.copy.saturating_mul(2),
                        ..packet.id
                    },
                    number: packet.number,
                    client: packet.client,
                    at: leaves,
                    len,
                    padding: packet.padding,
                })
            }
            Err(why) => Reaction::Drop(why),
        }
    }
}
