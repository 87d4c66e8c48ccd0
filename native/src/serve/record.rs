//! The journal of a reflector: what each datagram was and what became of it.
//!
//! Owns how the reflector's doings become records, and their counts. What is decided, and how a
//! journal is written, is not known here.

use std::net::SocketAddr;

use udping_core::guard::{Draws, DropReason, Place, Policy};
use udping_core::time::{ReflectorTime, WallTime};
use udping_core::wire::Claim;
use udping_journal::{
    Answered, Done, Dropped, Header, Received, Record, ReflectorSpec, Script, ServedSummary, Stop,
    StopReason, Transmitted, UnixNanos, Way,
};
use udping_link::PacketId;

use super::reflector::SOURCE_ENTRIES;
use super::service::{IncomingRequest, PathImpairments};
use crate::ExitStatus;
use crate::cli::ServeArgs;
use crate::journal::{self, Subject};
use crate::outlet::Outlet;

/// The header of the journal of a reflector at `address`, whose wall clock read `wall` at time
/// zero.
pub(super) fn header(
    args: &ServeArgs,
    address: SocketAddr,
    policy: &Policy,
    impairments: &PathImpairments,
    script: &Script,
    wall: WallTime,
) -> Header {
    let subject = Subject {
        host: None,
        address,
    };
    let spec = ReflectorSpec {
        reply_mode: args.reply.into(),
        stateful: args.stamp.stateful,
        seed: impairments.seed,
        request: impairments.request,
        reply: impairments.reply,
        script: script.to_string(),
        ..ReflectorSpec::default()
    };
    Header {
        wall_ns: Some(UnixNanos(wall)),
        ..journal::serve_header(
            args.wire.name(),
            spec.with_policy(policy),
            SOURCE_ENTRIES as u64,
            &subject,
        )
    }
}

/// Puts what a reflector does on record.
pub(crate) struct Recording {
    outlet: Outlet,
    served: ServedSummary,
}

impl Recording {
    pub(super) fn new(outlet: Outlet) -> Self {
        Self {
            outlet,
            served: ServedSummary::default(),
        }
    }

    /// Whether somebody still reads it.
    pub(super) fn attend(&mut self) -> bool {
        self.outlet.attend()
    }

    fn put(&mut self, now: ReflectorTime, record: Record) {
        self.served.note(&record);
        self.outlet.record(now.as_nanos(), record);
    }

    /// A datagram came that says `claim`, and the way here does this with it.
    pub(super) fn received(
        &mut self,
        now: ReflectorTime,
        packet: PacketId,
        arrival: &IncomingRequest<'_>,
        claim: &Claim,
        way: Way,
    ) {
        let record = Received {
            received: packet.seq,
            at_ns: now.as_nanos(),
            address: arrival.peer.to_string(),
            size: u32::try_from(arrival.bytes.len()).unwrap_or(u32::MAX),
            arrived_ns: (arrival.received < now).then(|| arrival.received.as_nanos()),
            seq: claim.seq,
            timestamp: claim.timestamp.map(UnixNanos),
            loss: way.loss,
            delay_ns: way.delay_ns,
            duplicate_ns: way.duplicate_ns,
            corrupt: way.corrupt,
            copies_ns: way.copies_ns,
        };
        self.put(now, record.into());
    }

    /// It is answered by so many bytes, unless they are as many as it had, and the way back
    /// does this with the answer.
    pub(super) fn answered(
        &mut self,
        now: ReflectorTime,
        packet: PacketId,
        draws: Draws,
        size: Option<usize>,
        way: Way,
    ) {
        let record = Answered {
            answered: packet.seq,
            at_ns: now.as_nanos(),
            copy: copy(packet),
            size: size.and_then(|size| u32::try_from(size).ok()),
            echo: draws.echo,
            source: place(draws.source),
            endpoint: place(draws.endpoint),
            chance: draws.chance,
            loss: way.loss,
            delay_ns: way.delay_ns,
            duplicate_ns: way.duplicate_ns,
            corrupt: way.corrupt,
            copies_ns: way.copies_ns,
        };
        self.put(now, record.into());
    }

    /// It is not answered.
    pub(super) fn dropped(
        &mut self,
        now: ReflectorTime,
        packet: PacketId,
        draws: Draws,
        reason: DropReason,
    ) {
        let record = Dropped {
            dropped: packet.seq,
            at_ns: now.as_nanos(),
            reason,
            copy: copy(packet),
            echo: draws.echo,
            source: place(draws.source),
            endpoint: place(draws.endpoint),
            chance: draws.chance,
        };
        self.put(now, record.into());
    }

    /// The copy `nth` of an answer went out, or with this `error` did not.
    pub(super) fn transmitted(
        &mut self,
        now: ReflectorTime,
        (packet, nth): (PacketId, u32),
        error: Option<String>,
    ) {
        let record = Transmitted {
            transmitted: packet.seq,
            at_ns: now.as_nanos(),
            copy: copy(packet),
            duplicate: Some(nth).filter(|nth| *nth > 0),
            error,
        };
        self.put(now, record.into());
    }

    /// Ends it; whether everything that was asked for has been written.
    pub(super) fn finish(mut self, now: ReflectorTime) -> ExitStatus {
        let at_ns = now.as_nanos();
        let stop = if self.attend() {
            StopReason::Signal
        } else {
            StopReason::ClosedPipe
        };
        self.put(now, Stop { stop, at_ns }.into());
        self.put(now, Done { done: true, at_ns }.into());
        if self.outlet.finish(Record::served(now, self.served), None) {
            ExitStatus::Success
        } else {
            ExitStatus::Error
        }
    }
}

fn copy(packet: PacketId) -> Option<u32> {
    Some(packet.copy).filter(|copy| *copy > 0)
}

fn place(place: Place) -> Option<Place> {
    Some(place).filter(|place| *place != Place::Known)
}
