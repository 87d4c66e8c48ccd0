//! The wire's part of answering: text, STAMP, or what templates describe.
//!
//! Owns when T3 is read. What is answered, and to whom, is the core's.

use udping_core::guard::{Draws, DropReason, Guard, Policy, SourceEntry};
use udping_core::reflector::described::{Answers, DescribedReflector};
use udping_core::reflector::stamp::{StampReflector, StampSession, Terms};
use udping_core::reflector::{Counts, Reflector, ReplyMode, Request, WireReflector};
use udping_core::time::ReflectorTime;
use udping_core::wire::Claim;

use crate::clock::Clock;
use crate::net::Peer;

/// Places for sources and replies: at the default limit, for all replies that were sent in
/// the last five seconds.
pub(crate) const SOURCE_ENTRIES: usize = 1 << 15;

/// Places for sessions that a stateful reflector counts for.
const SESSIONS: usize = 1 << 14;

/// A request as it came off the wire.
pub(crate) struct IncomingRequest<'a> {
    pub(crate) peer: Peer,
    pub(crate) ttl: Option<u8>,
    /// When the kernel received it, later by what the way here took in addition.
    pub(crate) received: ReflectorTime,
    pub(crate) bytes: &'a [u8],
    /// What a script calls it.
    pub(crate) number: u64,
}

/// A reflector on some wire.
#[derive(Debug)]
pub(crate) struct AnyReflector(Box<WireReflector<Vec<SourceEntry>, Vec<StampSession>>>);

impl AnyReflector {
    pub(crate) fn text(answer: ReplyMode, policy: &Policy) -> anyhow::Result<Self> {
        let reflector = Reflector::new(answer, guard(policy)?);
        Ok(Self(Box::new(WireReflector::Text(reflector))))
    }

    pub(crate) fn described(answers: Answers, policy: &Policy) -> anyhow::Result<Self> {
        let reflector = DescribedReflector::new(answers, guard(policy)?);
        Ok(Self(Box::new(WireReflector::Described(reflector))))
    }

    pub(crate) fn stamp(terms: Terms, stateful: bool, policy: &Policy) -> anyhow::Result<Self> {
        let guard = guard(policy)?;
        let reflector = if stateful {
            let sessions = vec![StampSession::EMPTY; SESSIONS];
            StampReflector::stateful(terms, guard, crate::random()?, sessions)
        } else {
            StampReflector::stateless(terms, guard)
        };
        Ok(Self(Box::new(WireReflector::Stamp(reflector))))
    }

    /// Whether the TTL with which a request comes is of use.
    pub(crate) const fn wants_ttl(&self) -> bool {
        matches!(*self.0, WireReflector::Stamp(_))
    }

    /// Judges `request`, which arrived at `now`, and writes the reply into `reply`.
    pub(crate) fn answer(
        &mut self,
        clock: &Clock,
        now: ReflectorTime,
        request: &IncomingRequest<'_>,
        reply: &mut [u8],
    ) -> Result<usize, DropReason> {
        let request = Request {
            at: now,
            received: clock.wall_at(request.received),
            from: request.peer.address,
            ttl: request.ttl,
            bytes: request.bytes,
        };
        let sent = || clock.wall_at(clock.reflector_time());
        self.0.handle_request(&request, reply, sent)
    }

    /// What `request` says, for the record.
    pub(crate) fn read(&self, request: &[u8]) -> Claim {
        self.0.read(request)
    }

    /// What the guard remembered and drew for the last request.
    pub(crate) fn draws(&self) -> Draws {
        self.0.draws()
    }

    pub(crate) fn counts(&self) -> Counts {
        self.0.counts()
    }
}

fn guard(policy: &Policy) -> anyhow::Result<Guard<Vec<SourceEntry>>> {
    Ok(Guard::new(
        policy,
        crate::random()?,
        vec![SourceEntry::EMPTY; SOURCE_ENTRIES],
    ))
}
