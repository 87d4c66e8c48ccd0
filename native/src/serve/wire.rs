//! The wire's part of answering: text, or STAMP.
//!
//! Owns when T2 and T3 are read. What is answered, and to whom, is the core's.

use udping_core::guard::{Guard, Policy, Refusal, Track};
use udping_core::reflector::stamp::{Session, StampReflector, Terms};
use udping_core::reflector::{Answer, Counts, Reflector};
use udping_core::time::ReflectorTime;
use udping_core::wire::stamp::looks_like_reply;

use super::service::Arrival;
use crate::clock::Clock;

/// Places for sources and replies: at the default limit, for all replies that were sent in
/// the last five seconds.
const TRACKS: usize = 1 << 15;

/// Places for sessions that a stateful reflector counts for.
const SESSIONS: usize = 1 << 14;

/// A reflector on some wire.
#[derive(Debug)]
pub(crate) enum Reflecting {
    Text(Box<Reflector<Vec<Track>>>),
    Stamp(Box<StampReflector<Vec<Track>, Vec<Session>>>),
}

impl Reflecting {
    pub(crate) fn text(answer: Answer, policy: &Policy) -> anyhow::Result<Self> {
        let reflector = Reflector::new(answer, guard(policy)?);
        Ok(Self::Text(Box::new(reflector)))
    }

    pub(crate) fn stamp(terms: Terms, stateful: bool, policy: &Policy) -> anyhow::Result<Self> {
        let guard = guard(policy)?;
        let reflector = if stateful {
            let sessions = vec![Session::EMPTY; SESSIONS];
            StampReflector::stateful(terms, guard, crate::random()?, sessions)
        } else {
            StampReflector::stateless(terms, guard)
        };
        Ok(Self::Stamp(Box::new(reflector)))
    }

    /// Whether the TTL with which a request comes is of use.
    pub(super) const fn wants_ttl(&self) -> bool {
        matches!(self, Self::Stamp(_))
    }

    /// Judges `request`, which arrived at `now`, and writes the reply into `reply`.
    pub(super) fn answer(
        &mut self,
        clock: &Clock,
        now: ReflectorTime,
        request: &Arrival<'_>,
        reply: &mut [u8],
    ) -> Result<usize, Refusal> {
        let Arrival { peer, ttl, bytes } = *request;
        let from = peer.address;
        match self {
            Self::Text(reflector) if looks_like_reply(bytes, clock.wall_at(now)) => {
                reflector.refuse(Refusal::ReplyShaped);
                Err(Refusal::ReplyShaped)
            }
            Self::Text(reflector) => reflector.handle_request(now, from, bytes, reply),
            Self::Stamp(reflector) => {
                // Both buffers hold the longest datagram there is.
                let packet = reply.get_mut(..bytes.len()).ok_or(Refusal::Malformed)?;
                packet.copy_from_slice(bytes);
                let accepted = reflector.handle_request(now, clock.wall_at(now), from, packet)?;
                let reply = accepted.reply(clock.wall_at(clock.reflector_time()), ttl);
                Ok(reply.len())
            }
        }
    }

    pub(super) fn counts(&self) -> Counts {
        match self {
            Self::Text(reflector) => reflector.counts(),
            Self::Stamp(reflector) => reflector.counts(),
        }
    }
}

fn guard(policy: &Policy) -> anyhow::Result<Guard<Vec<Track>>> {
    Ok(Guard::new(
        policy,
        crate::random()?,
        vec![Track::EMPTY; TRACKS],
    ))
}
