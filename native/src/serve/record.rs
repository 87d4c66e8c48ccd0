//! The journal of a reflector: what each datagram was and what became of it.
//!
//! Owns how the reflector's doings become records, and their counts. What is decided, and how a
//! journal is written, is not known here.

use std::net::SocketAddr;

use udping_core::guard::{DropReason, Policy};
use udping_core::time::{ReflectorTime, WallTime};
use udping_core::wire::Claim;
use udping_journal::{
    Done, Header, Judged, Received, Record, ReflectorSpec, Script, ServedSummary, Stop, StopReason,
    Transmitted, UnixNanos, Way,
};
use udping_link::PacketId;

use crate::ExitStatus;
use crate::cli::ServeArgs;
use crate::journal::{self, Subject};
use crate::outlet::Outlet;
use crate::path_impairments::PathImpairments;
use crate::reflector::{IncomingRequest, SOURCE_ENTRIES};

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
pub(crate) struct ServeRecorder {
    outlet: Outlet,
    served: ServedSummary,
}

impl ServeRecorder {
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

    fn put(&mut self, at_ns: u64, record: Record) {
        self.served.note(&record);
        self.outlet.record(at_ns, record);
    }

    /// A datagram came, or on this `connection` a request over TCP, that says `claim`; and the
    /// way here does this with it.
    pub(super) fn received(
        &mut self,
        now: ReflectorTime,
        (number, connection): (u64, Option<u64>),
        arrival: &IncomingRequest<'_>,
        claim: &Claim,
        way: Way,
    ) {
        let record = Received {
            received: number,
            connection,
            at_ns: now.as_nanos(),
            address: arrival.peer.to_string(),
            size: u32::try_from(arrival.bytes.len()).unwrap_or(u32::MAX),
            arrived_ns: (arrival.received < now).then(|| arrival.received.as_nanos()),
            seq: claim.seq,
            timestamp: claim.timestamp.map(UnixNanos),
            ..Received::default()
        };
        self.put(now.as_nanos(), record.on(way).into());
    }

    /// It is answered by so many bytes, unless they are as many as it had, and the way back
    /// does this with the answer.
    pub(super) fn answered(&mut self, judged: &Judged, size: Option<usize>, way: Way) {
        let size = size.and_then(|size| u32::try_from(size).ok());
        self.put(judged.at_ns, judged.answered(size, way).into());
    }

    /// It is not answered.
    pub(super) fn dropped(&mut self, judged: &Judged, reason: DropReason) {
        self.put(judged.at_ns, judged.dropped(reason).into());
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
            connection: None,
            copy: Some(packet.copy).filter(|copy| *copy > 0),
            duplicate: Some(nth).filter(|nth| *nth > 0),
            error,
        };
        self.put(record.at_ns, record.into());
    }

    /// The same of an answer over TCP.
    pub(super) fn transmitted_over_tcp(
        &mut self,
        now: ReflectorTime,
        (number, connection): (u64, u64),
        error: Option<String>,
    ) {
        let record = Transmitted {
            transmitted: number,
            at_ns: now.as_nanos(),
            connection: Some(connection),
            copy: None,
            duplicate: None,
            error,
        };
        self.put(record.at_ns, record.into());
    }

    /// Ends it; whether everything that was asked for has been written.
    /// This host dropped `rx_dropped` datagrams before they could be taken.
    pub(super) fn finish(mut self, now: ReflectorTime, rx_dropped: u64) -> ExitStatus {
        let at_ns = now.as_nanos();
        let stop = if self.attend() {
            StopReason::Signal
        } else {
            StopReason::ClosedPipe
        };
        self.put(at_ns, Stop { stop, at_ns }.into());
        self.put(at_ns, Done { done: true, at_ns }.into());
        let last = Record::served(now, self.served).with_rx_dropped(rx_dropped);
        if self.outlet.finish(last, None) {
            ExitStatus::Success
        } else {
            ExitStatus::Error
        }
    }
}
