//! The records after the header: one entry a kind, told apart by their first key.
//!
//! Owns what each kind holds. Knows nothing of text: what an entry turns into,
//! [`table`](crate::table) says.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use serde::Serialize;
use serde::de::MapAccess;

use crate::both_summary::{BothSummary, LossPlace};
use crate::clocks::Bounds;
use crate::field::{Field, Keys, Number as _, missing, plain};
use crate::header::Header;
use crate::number::UnixNanos;
use crate::outage::Outages;
use crate::rest::Rest;
use crate::served::ServedSummary;
use crate::table::{Class, FieldType, RecordKind, RecordType};
use crate::traffic::Traffic;
use udping_core::event::Ignored;
use udping_core::guard::{DropReason, Lookup};
use udping_core::heartbeat::{BeatOrder, MonitorSummary, SenderSummary};
use udping_core::stats::Summary;
use udping_core::time::{ClientTime, ReflectorTime};
use udping_core::wire::Damage;

records! {
    /// A probe went out at `at_ns`.
    Sent(Sent) [often] of sent {
        /// The probe's number.
        Decision sent: u64,
        /// When it went out.
        Input at_ns: u64,
        /// When the schedule wanted it.
        Decision due_ns: u64,
    }

    /// A reply arrived at `at_ns`, and exactly one of `rtt_ns`, `late_ns`,
    /// `duplicate_ns` and `ignored` says what it came to.
    #[derive(Default)]
    Reply(Reply) [often] of seq, reply {
        /// The sequence number it claims, low 32 bits; null without one.
        Input reply: Option<u32>,
        /// When it arrived.
        Input at_ns: u64,
    }, optional {
        /// The timestamp it carries, in nanoseconds since 1970: absent if it is that
        /// probe's own, null without one.
        Input timestamp: Option<Option<UnixNanos>>,
        /// The number stands amid other text, where it counts only with its timestamp.
        Input needs_proof: bool,
        /// T2 of the reflector's clock.
        Input t2_ns: Option<u64>,
        /// T3 of the reflector's clock.
        Input t3_ns: Option<u64>,
        /// Which of its replies the reflector says this is, low 32 bits; absent if it
        /// does not count, or comes to the number in `reply`.
        Input count: Option<u32>,
        /// Both ends' clocks are said to be synchronised.
        Input synced: bool,
        /// Bytes of UDP payload, where they are more or fewer than its request's, or it
        /// is damaged.
        Input size: Option<u32>,
        /// What is not as in the request.
        Input damage: Option<Damage>,
        /// In time, with this RTT.
        Decision rtt_ns: Option<u64>,
        /// After its deadline, with this true RTT.
        Decision late_ns: Option<u64>,
        /// Not the first, this long after the probe.
        Decision duplicate_ns: Option<u64>,
        /// Why it was ignored.
        Decision ignored: Option<Ignored>,
        /// The probe it was credited to, where that is not the number it claims.
        Decision seq: Option<u64>,
        /// It was credited without proof.
        Decision unverified: bool,
    }

    /// A datagram arrived at `at_ns` that says nothing.
    Unreadable(Unreadable) {
        /// Why the wire could not read it.
        Input unreadable: udping_core::wire::Unreadable,
        /// When it arrived.
        Input at_ns: u64,
    }, optional {
        /// Where it came from, if not from the server.
        Label address: Option<String>,
        /// Why it was ignored.
        Decision ignored: Option<Ignored>,
    }

    /// A probe's deadline passed without a reply, noticed at `at_ns`.
    Lost(Lost) [often] of lost {
        /// The probe's number.
        Decision lost: u64,
        /// When this was noticed: after the deadline, and before whatever comes later.
        Input at_ns: u64,
        /// The last moment at which a reply would have counted.
        Decision deadline_ns: u64,
    }

    /// Slots went by before their probe could go out; noticed at `at_ns`.
    Missed(Missed) {
        /// How many.
        Decision missed: u64,
        /// When this was noticed.
        Input at_ns: u64,
        /// When the first of them was due.
        Decision due_ns: u64,
    }

    /// The network said at `at_ns` that nobody listens.
    Unreachable(Unreachable) of refused, unreachable {
        /// The probe it is about, where the system said so; null where not.
        Input unreachable: Option<u64>,
        /// When it arrived.
        Input at_ns: u64,
    }, optional {
        /// What the system said.
        Input error: Option<String>,
        /// The probe that was refused by it.
        Decision refused: Option<u64>,
        /// How long after that probe.
        Decision after_ns: Option<u64>,
        /// Why it was ignored.
        Decision ignored: Option<Ignored>,
    }

    /// A probe could not be sent, which was known at `at_ns`.
    Unsent(Unsent) of unsent {
        /// The probe's number.
        Input unsent: u64,
        /// When this was known.
        Input at_ns: u64,
    }, optional {
        /// What the system said.
        Input error: Option<String>,
        /// Why it was ignored.
        Decision ignored: Option<Ignored>,
    }

    /// The kernel's own interval between a request and its reply.
    Kernel(Kernel) [often] of kernel {
        /// The probe's number.
        Input kernel: u64,
        /// When it was known.
        Input at_ns: u64,
        /// The interval: negative if the clock was set back meanwhile.
        Input kernel_ns: i64,
    }, optional {
        /// The RTT that was decided by this program's clock, which it stands beside.
        Decision decided_rtt_ns: Option<u64>,
        /// Why it was ignored.
        Decision ignored: Option<Ignored>,
    }

    /// The session was ended from outside at `at_ns`.
    Stop(Stop) {
        /// By whom.
        Input stop: StopReason,
        /// When.
        Input at_ns: u64,
    }

    /// The session was over at `at_ns`.
    Done(Done) {
        /// Always true.
        #[cfg_attr(feature = "schema", schemars(extend("const" = true)))]
        Decision done: bool,
        /// When.
        Input at_ns: u64,
    }

    /// Records were dropped here, so what follows cannot be verified.
    Gap(Gap) {
        /// How many.
        Label gap: u64,
        /// When the first was dropped.
        Label at_ns: u64,
    }

    /// The journal goes on in another file, since this one was full.
    Split(Split) {
        /// Which part of it that file is, as its header says.
        Label split: u64,
        /// When what begins that file was noticed.
        Label at_ns: u64,
    }

    /// The run met with something from outside, noticed at `at_ns`. It is neither input nor
    /// decision: it helps to understand both.
    Incident(Incident) {
        /// What.
        Label incident: IncidentKind,
        /// When it was noticed.
        Label at_ns: u64,
    }, optional {
        /// How long it took.
        Label for_ns: Option<u64>,
        /// By how much the wall clock was set ahead, or back if negative.
        Label by_ns: Option<i64>,
        /// The address that probes start from since, or that they go to.
        Label address: Option<String>,
        /// The address that they went to before.
        Label old_address: Option<String>,
        /// What the system said.
        Label error: Option<String>,
    }

    /// A program that is graded said at `at_ns` what became of a probe. What is decided here is
    /// a right client's.
    Printed(Printed) of printed {
        /// The probe's number.
        Label printed: u64,
        /// When.
        Label at_ns: u64,
        /// The line, or its beginning.
        Label line: String,
    }, optional {
        /// The round trip that it says; absent where it says a loss.
        Label rtt_ns: Option<u64>,
        /// The bug that this shows.
        Label bug: Option<String>,
    }

    /// The final figures.
    Summary(SummaryRecord) {
        /// The figures.
        Decision summary: Box<Summary>,
        /// When they were taken.
        Input at_ns: u64,
    }, optional {
        /// Whom, as in the header: so this line can stand alone.
        Label host: Option<String>,
        /// The address.
        Label address: Option<String>,
        /// The port.
        Label port: Option<u16>,
        /// What the wall clock read at time zero, as in the header.
        Label wall_ns: Option<UnixNanos>,
        /// How many datagrams this host dropped, since its queue was full: an estimate where
        /// the system joins several in a message. Absent if it dropped none, or does not say.
        Label rx_dropped: Option<u64>,
        /// Probes in a row without an answer.
        Decision outages: Option<Box<Outages>>,
    }

    /// The figures so far, of a run that goes on.
    Interim(InterimRecord) {
        /// The figures.
        Decision interim: Box<Summary>,
        /// When they were taken.
        Input at_ns: u64,
    }

    /// A heartbeat arrived at `at_ns`.
    Beat(Beat) of beat {
        /// The number it carries.
        Input beat: u64,
        /// When it arrived.
        Input at_ns: u64,
        /// Whose it is: a number that stands for its sender's address in this journal.
        Input from: u64,
        /// What it is among those of its sender.
        Decision order: BeatOrder,
    }, optional {
        /// What its sender's clock read when it went out, from `epoch_s`; absent if it
        /// does not say, or not in a way that can be read.
        Input clock_ns: Option<u64>,
        /// By how much this end's wall clock was ahead of `clock_ns`: the one-way delay
        /// plus the difference of the two clocks.
        Decision difference_ns: Option<i64>,
        /// Its sender had been called stopped, and is back.
        Decision back: bool,
    }

    /// A sender of heartbeats was silent for too long, noticed at `at_ns`.
    Silent(Silent) {
        /// Who: as in `from`.
        Decision stopped: u64,
        /// When this was noticed.
        Input at_ns: u64,
        /// The last moment at which a heartbeat would have counted.
        Decision deadline_ns: u64,
    }

    /// Who a sender of heartbeats is.
    Named(Named) {
        /// Who: as in `from`.
        Label named: u64,
        /// When it was first heard.
        Label at_ns: u64,
        /// Its address.
        Label address: String,
    }

    /// What a sender of heartbeats did.
    Beats(BeatsRecord) {
        /// The figures.
        Decision beats: SenderSummary,
        /// When they were taken.
        Input at_ns: u64,
    }, optional {
        /// Whom, as in the header: so this line can stand alone.
        Label host: Option<String>,
        /// The address.
        Label address: Option<String>,
        /// The port.
        Label port: Option<u16>,
        /// What the wall clock read at time zero, as in the header.
        Label wall_ns: Option<UnixNanos>,
    }

    /// What a receiver of heartbeats made of them.
    Watched(WatchedRecord) {
        /// The figures.
        Decision watched: MonitorSummary,
        /// When they were taken.
        Input at_ns: u64,
    }, optional {
        /// Whom, as in the header: so this line can stand alone.
        Label host: Option<String>,
        /// The address.
        Label address: Option<String>,
        /// The port.
        Label port: Option<u16>,
        /// What the wall clock read at time zero, as in the header.
        Label wall_ns: Option<UnixNanos>,
        /// How many datagrams this host dropped, since its queue was full: an estimate where
        /// the system joins several in a message. Absent if it dropped none, or does not say.
        Label rx_dropped: Option<u64>,
    }

    /// A datagram came to a reflector, and this is what the way to it does with it.
    #[derive(Default)]
    Received(Received) of seq {
        /// Its number among all that came, from 1: over TCP, among all requests there. What
        /// becomes of it on its way, and of its answer, is drawn by it.
        Decision received: u64,
        /// When it was taken from the socket.
        Input at_ns: u64,
        /// The address and port that it came from.
        Input address: String,
        /// Bytes of UDP payload, or of a request over TCP with the end of its line.
        Input size: u32,
    }, optional {
        /// The number of the connection that a request came on over TCP, from 1; absent over
        /// UDP.
        Input connection: Option<u64>,
        /// When the kernel received it (T2), on the same clock; absent where it does not say.
        Input arrived_ns: Option<u64>,
        /// The sequence number that it carries, low 32 bits; absent without one.
        Input seq: Option<u32>,
        /// The timestamp that it carries, in nanoseconds since 1970; absent without one.
        Input timestamp: Option<UnixNanos>,
        /// It is lost on its way.
        Decision loss: bool,
        /// It is so much later.
        Decision delay_ns: Option<u64>,
        /// The link's copy of it comes too, so much after it was received.
        Decision duplicate_ns: Option<u64>,
        /// It is damaged, by a script.
        Decision corrupt: bool,
        /// How much later each copy of a script's comes; null for one that is lost.
        Decision copies_ns: Option<Vec<Option<u64>>>,
    }

    /// A reflector answers a datagram, and this is what the way back does with the answer.
    Answered(Answered) {
        /// The datagram's number.
        Decision answered: u64,
        /// When this was decided.
        Input at_ns: u64,
    }, optional {
        /// The connection over TCP; absent over UDP.
        Input connection: Option<u64>,
        /// Which of its copies it is: 1 for the link's, from 2 for a script's; absent for the
        /// datagram itself.
        Input copy: Option<u32>,
        /// Bytes of UDP payload of the answer, where they are not as many as the request's.
        Input size: Option<u32>,
        /// It is known as a recent answer of the reflector's own.
        Input echo: bool,
        /// Where its source was in the guard's memory, if not where it was before.
        Input source: Option<Lookup>,
        /// The same of its source with the port.
        Input endpoint: Option<Lookup>,
        /// What chance said of a datagram beyond its source's rate; absent if it was not asked.
        Input chance: Option<bool>,
        /// The answer is lost on its way.
        Decision loss: bool,
        /// It is so much later: over TCP by both ways, and for each loss by what its
        /// retransmission takes.
        Decision delay_ns: Option<u64>,
        /// The link's copy of it goes out too, so much after it was decided.
        Decision duplicate_ns: Option<u64>,
        /// It is damaged, by a script.
        Decision corrupt: bool,
        /// How much later each copy of a script's goes out; null for one that is lost.
        Decision copies_ns: Option<Vec<Option<u64>>>,
    }

    /// A reflector does not answer a datagram.
    Dropped(Dropped) {
        /// The datagram's number.
        Decision dropped: u64,
        /// When this was decided.
        Input at_ns: u64,
        /// Why. A datagram that is no request, or one in whose session there is no room, is an
        /// input; everything else is decided.
        Decision reason: DropReason,
    }, optional {
        /// The connection over TCP; absent over UDP.
        Input connection: Option<u64>,
        /// Which of its copies it is: 1 for the link's, from 2 for a script's; absent for the
        /// datagram itself.
        Input copy: Option<u32>,
        /// It is known as a recent answer of the reflector's own.
        Input echo: bool,
        /// Where its source was in the guard's memory, if not where it was before.
        Input source: Option<Lookup>,
        /// The same of its source with the port.
        Input endpoint: Option<Lookup>,
        /// What chance said of a datagram beyond its source's rate; absent if it was not asked.
        Input chance: Option<bool>,
    }

    /// An answer went out (T3).
    Transmitted(Transmitted) {
        /// The number of the datagram that it answers.
        Decision transmitted: u64,
        /// When it was given to the system.
        Input at_ns: u64,
    }, optional {
        /// The connection over TCP; absent over UDP.
        Input connection: Option<u64>,
        /// The copy of the datagram that it answers; absent for the datagram itself.
        Input copy: Option<u32>,
        /// Which copy of the answer it is: 1 for the link's, from 2 for a script's; absent for the
        /// answer itself.
        Input duplicate: Option<u32>,
        /// What the system said instead of sending it.
        Input error: Option<String>,
    }

    /// What a reflector did.
    Served(ServedRecord) {
        /// The figures.
        Decision served: Box<ServedSummary>,
        /// When they were taken.
        Input at_ns: u64,
    }, optional {
        /// Where it listened, as in the header: so this line can stand alone.
        Label host: Option<String>,
        /// The address.
        Label address: Option<String>,
        /// The port.
        Label port: Option<u16>,
        /// What the wall clock read at time zero, as in the header.
        Label wall_ns: Option<UnixNanos>,
        /// How many datagrams this host dropped, since its queue was full: an estimate where
        /// the system joins several in a message. Absent if it dropped none, or does not say.
        Label rx_dropped: Option<u64>,
    }

    /// What the server's journal says of a probe, in a merged journal. Its times are those of
    /// the server's clock.
    Far(Far) of far {
        /// The probe's number.
        Input far: u64,
        /// When the session was over.
        Input at_ns: u64,
        /// When the server received it (T2), or the first of its datagrams.
        Input t2_ns: u64,
    }, optional {
        /// When the server's first reply to it went out (T3); absent if none did.
        Input t3_ns: Option<u64>,
        /// How many datagrams of it came, where it is not one.
        Input requests: Option<u64>,
        /// How many replies went out, where it is more than one.
        Input replies: Option<u64>,
        /// How long the server held the request back, as its impairments said.
        Input request_delay_ns: Option<u64>,
        /// The same for the reply.
        Input reply_delay_ns: Option<u64>,
        /// The server's impairments lost the request.
        Input lost_request: bool,
        /// They lost the reply.
        Input lost_reply: bool,
    }

    /// What both ends say of the session, in a merged journal.
    Both(BothRecord) {
        /// The figures.
        Decision both: Box<BothSummary>,
        /// When the session was over.
        Input at_ns: u64,
    }

    /// Where a probe was lost, or how long its round trip was where, in a merged journal.
    Parts(Parts) of parts {
        /// The probe's number.
        Decision parts: u64,
        /// When the session was over.
        Input at_ns: u64,
    }, optional {
        /// Where it was lost.
        Decision loss: Option<LossPlace>,
        /// How long it took to the server: at least, and at most.
        Decision there_ns: Option<Bounds>,
        /// How long the server took over it, by its own clock.
        Decision server_ns: Option<u64>,
        /// How long the reply took: at least, and at most.
        Decision back_ns: Option<Bounds>,
    }

    /// A TCP connection was there to be used at `at_ns`.
    Connected(Connected) {
        /// The exchange it was opened for.
        Input connected: u64,
        /// When.
        Input at_ns: u64,
    }

    /// A socket has done its work, known at `at_ns`: a TCP connection, or the UDP socket.
    Carried(Carried) {
        /// How many requests it carried.
        Input carried: u64,
        /// When this was known.
        Input at_ns: u64,
        /// Bytes of payload that were handed to it.
        Input bytes_out: u64,
        /// Bytes of payload that it gave.
        Input bytes_in: u64,
    }, optional {
        /// Segments that the system says it sent, retransmissions included; absent where
        /// it does not say. Of UDP, the datagrams.
        Input packets_out: Option<u64>,
        /// The same for those received.
        Input packets_in: Option<u64>,
        /// How many of those sent the system says were retransmissions.
        Input retransmitted: Option<u64>,
    }

    /// What all that comes to on the wire.
    Traffic(TrafficRecord) {
        /// The figures.
        Decision traffic: Traffic,
        /// When they were taken.
        Input at_ns: u64,
    }
}

/// What a run can meet with from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum IncidentKind {
    /// The process was stopped and continued (SIGSTOP, SIGCONT), for `for_ns`.
    Stopped,
    /// The machine did not let the process run, for `for_ns`.
    Stalled,
    /// The machine slept, for `for_ns`, which the monotonic clock left out.
    Slept,
    /// The wall clock was set, by `by_ns`.
    ClockSet,
    /// Probes start from another `address` of this machine.
    Moved,
    /// The target's name has another `address` than `old_address`, and probes go there.
    MovedTarget,
    /// The target's `old_address` cannot be used, with this `error`, so probes go to the next
    /// one of its addresses.
    NextAddress,
    /// The system no longer lets probes out, with this `error`.
    NetworkDown,
    /// It does again, after `for_ns`.
    NetworkUp,
    /// The host's first reply was waited for before the session began, for `for_ns`; it is
    /// said at the session's time zero.
    Waited,
    /// What this code does not know. It is never written.
    #[serde(other, skip_serializing)]
    Other,
}

/// Who ended a session before its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum StopReason {
    /// A signal.
    Signal,
    /// The deadline of the whole run.
    Deadline,
    /// The reader of the output went away.
    ClosedPipe,
    /// The network failed for good.
    Failure,
    /// As many replies as were asked for have come.
    Replies,
    /// Nobody: it went on, and this journal holds only some minutes of it.
    Excerpt,
}

plain! { IncidentKind, StopReason }

impl StopReason {
    /// Every reason; each stands where its [`code`](Self::code) says.
    pub const ALL: [Self; 6] = [
        Self::Signal,
        Self::Deadline,
        Self::ClosedPipe,
        Self::Failure,
        Self::Replies,
        Self::Excerpt,
    ];

    /// Its number, from 0. A reason keeps its number; a new one takes the next.
    #[must_use]
    pub const fn code(self) -> u8 {
        self as u8
    }
}

impl Record {
    /// The record of figures that were taken at `now`, of a run that is not named.
    #[must_use]
    pub fn summary(now: ClientTime, summary: Summary, outages: Option<Outages>) -> Self {
        Self::Summary(SummaryRecord {
            summary: Box::new(summary),
            at_ns: now.as_nanos(),
            host: None,
            address: None,
            port: None,
            wall_ns: None,
            rx_dropped: None,
            outages: outages.map(Box::new),
        })
    }

    /// The same for what a sender of heartbeats did by `now`.
    #[must_use]
    pub fn beats(now: ClientTime, beats: SenderSummary) -> Self {
        Self::Beats(BeatsRecord {
            beats,
            at_ns: now.as_nanos(),
            host: None,
            address: None,
            port: None,
            wall_ns: None,
        })
    }

    /// The same for what a receiver of heartbeats made of them by `now`.
    #[must_use]
    pub fn watched(now: ReflectorTime, watched: MonitorSummary) -> Self {
        Self::Watched(WatchedRecord {
            watched,
            at_ns: now.as_nanos(),
            host: None,
            address: None,
            port: None,
            wall_ns: None,
            rx_dropped: None,
        })
    }

    /// The same for what a reflector did by `now`.
    #[must_use]
    pub fn served(now: ReflectorTime, served: ServedSummary) -> Self {
        Self::Served(ServedRecord {
            served: Box::new(served),
            at_ns: now.as_nanos(),
            host: None,
            address: None,
            port: None,
            wall_ns: None,
            rx_dropped: None,
        })
    }

    /// The same record: final figures say how many datagrams this host dropped.
    #[must_use]
    pub fn with_rx_dropped(mut self, n: u64) -> Self {
        let rx_dropped = match &mut self {
            Self::Summary(it) => &mut it.rx_dropped,
            Self::Served(it) => &mut it.rx_dropped,
            Self::Watched(it) => &mut it.rx_dropped,
            _ => return self,
        };
        *rx_dropped = Some(n).filter(|n| *n > 0);
        self
    }

    /// How many datagrams this host dropped, as final figures say.
    #[must_use]
    pub const fn rx_dropped(&self) -> Option<u64> {
        match self {
            Self::Summary(it) => it.rx_dropped,
            Self::Served(it) => it.rx_dropped,
            Self::Watched(it) => it.rx_dropped,
            _ => None,
        }
    }

    /// The same record: final figures name the run that `header` does.
    #[must_use]
    pub fn named(mut self, header: &Header) -> Self {
        let (host, address, port, wall_ns) = match &mut self {
            Self::Summary(it) => (&mut it.host, &mut it.address, &mut it.port, &mut it.wall_ns),
            Self::Beats(it) => (&mut it.host, &mut it.address, &mut it.port, &mut it.wall_ns),
            Self::Served(it) => (&mut it.host, &mut it.address, &mut it.port, &mut it.wall_ns),
            Self::Watched(it) => (&mut it.host, &mut it.address, &mut it.port, &mut it.wall_ns),
            _ => return self,
        };
        host.clone_from(&header.host);
        address.clone_from(&header.address);
        (*port, *wall_ns) = (header.port, header.wall_ns);
        self
    }
}
