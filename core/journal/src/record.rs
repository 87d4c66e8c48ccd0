//! The records after the header, one struct a kind, told apart by their first key.

use alloc::boxed::Box;
use alloc::string::String;

use serde::Serialize;

use crate::comparison::Traffic;
use udping_core::event::{Event, Ignored, Outcome};
use udping_core::heartbeat::{Came, Heard, SenderSummary, WatchSummary};
use udping_core::stats::Summary;
use udping_core::time::{ClientTime, ReflectorTime, saturating_nanos};
use udping_core::wire::{Claim, Probe, ReflectorTimes};

/// One line of a journal after its header.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Record {
    /// A probe went out.
    Sent(Sent),
    /// A reply arrived.
    Reply(Reply),
    /// A datagram arrived that the wire could not read.
    Unreadable(Unreadable),
    /// A deadline passed.
    Lost(Lost),
    /// Slots of the schedule went by.
    Missed(Missed),
    /// The network said that nobody listens.
    Unreachable(Unreachable),
    /// A probe could not be sent.
    Unsent(Unsent),
    /// A kernel's interval became known.
    Stamp(Stamp),
    /// The session was ended from outside.
    Stop(Stop),
    /// The session was over.
    Done(Done),
    /// Records are missing here.
    Gap(Gap),
    /// Something befell the run that decides nothing.
    Note(Note),
    /// The final figures.
    Summary(Box<SummaryRecord>),
    /// A heartbeat arrived.
    Beat(Beat),
    /// A sender of heartbeats was called stopped.
    Silent(Silent),
    /// Who a sender of heartbeats is.
    Named(Named),
    /// What a sender of heartbeats did.
    Beats(BeatsRecord),
    /// What a receiver of heartbeats made of them.
    Watched(WatchedRecord),
    /// A TCP connection was there to be used.
    Connected(Connected),
    /// What a socket carried.
    Carried(Carried),
    /// What that comes to on the wire.
    Traffic(TrafficRecord),
    /// A record of a kind that this code does not know.
    #[serde(skip)]
    Unknown,
}

macro_rules! records {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        pub struct $name { $($(#[$field_doc])* pub $field: $type,)* }
    )*};
}

records! {
    /// A probe went out at `at_ns`.
    Sent {
        /// The probe's number.
        sent: u64,
        /// When it went out.
        at_ns: u64,
        /// When the schedule wanted it.
        due_ns: u64,
    }
    /// A reply arrived at `at_ns`, and exactly one of `rtt_ns`, `late_ns`,
    /// `duplicate_ns` and `ignored` says what it came to.
    Reply {
        /// The sequence number it claims, low 32 bits; null without one.
        reply: Option<u32>,
        /// When it arrived.
        at_ns: u64,
        /// The token it carries: absent if it is that probe's own, null without one.
        #[serde(skip_serializing_if = "Option::is_none")]
        token: Option<Option<u64>>,
        /// T2 of the reflector's clock.
        #[serde(skip_serializing_if = "Option::is_none")]
        t2_ns: Option<u64>,
        /// T3 of the reflector's clock.
        #[serde(skip_serializing_if = "Option::is_none")]
        t3_ns: Option<u64>,
        /// Which of its replies the reflector says this is, low 32 bits; absent if it
        /// does not count, or comes to the number in `reply`.
        #[serde(skip_serializing_if = "Option::is_none")]
        count: Option<u32>,
        /// Both ends' clocks are said to be synchronised.
        #[serde(skip_serializing_if = "core::ops::Not::not")]
        synced: bool,
        /// In time, with this RTT.
        #[serde(skip_serializing_if = "Option::is_none")]
        rtt_ns: Option<u64>,
        /// After its deadline, with this true RTT.
        #[serde(skip_serializing_if = "Option::is_none")]
        late_ns: Option<u64>,
        /// Not the first, this long after the probe.
        #[serde(skip_serializing_if = "Option::is_none")]
        duplicate_ns: Option<u64>,
        /// Why it was ignored.
        #[serde(skip_serializing_if = "Option::is_none")]
        ignored: Option<Ignored>,
        /// The probe it was credited to, where that is not the number it claims.
        #[serde(skip_serializing_if = "Option::is_none")]
        seq: Option<u64>,
        /// It was credited without proof.
        #[serde(skip_serializing_if = "core::ops::Not::not")]
        unverified: bool,
        /// The probe had not been called lost before: it is lost by this line.
        #[serde(skip_serializing_if = "core::ops::Not::not")]
        newly_lost: bool,
    }
    /// A datagram arrived at `at_ns` that says nothing.
    Unreadable {
        /// Why the wire could not read it.
        unreadable: udping_core::wire::Unreadable,
        /// When it arrived.
        at_ns: u64,
        /// Why it was ignored.
        #[serde(skip_serializing_if = "Option::is_none")]
        ignored: Option<Ignored>,
    }
    /// A probe's deadline passed without a reply.
    Lost {
        /// The probe's number.
        lost: u64,
        /// The last moment at which a reply would have counted.
        deadline_ns: u64,
    }
    /// Slots went by before their probe could go out; noticed at `at_ns`.
    Missed {
        /// How many.
        missed: u64,
        /// When this was noticed.
        at_ns: u64,
        /// When the first of them was due.
        due_ns: u64,
    }
    /// The network said at `at_ns` that nobody listens.
    Unreachable {
        /// The probe it is about, where the system said so; null where not.
        unreachable: Option<u64>,
        /// When it arrived.
        at_ns: u64,
        /// What the system said.
        #[serde(skip_serializing_if = "Option::is_none")]
        error: Option<String>,
        /// The probe that was refused by it.
        #[serde(skip_serializing_if = "Option::is_none")]
        refused: Option<u64>,
        /// How long after that probe.
        #[serde(skip_serializing_if = "Option::is_none")]
        after_ns: Option<u64>,
        /// Why it was ignored.
        #[serde(skip_serializing_if = "Option::is_none")]
        ignored: Option<Ignored>,
    }
    /// A probe could not be sent, which was known at `at_ns`.
    Unsent {
        /// The probe's number.
        unsent: u64,
        /// When this was known.
        at_ns: u64,
        /// What the system said.
        #[serde(skip_serializing_if = "Option::is_none")]
        error: Option<String>,
        /// Why it was ignored.
        #[serde(skip_serializing_if = "Option::is_none")]
        ignored: Option<Ignored>,
    }
    /// A kernel's own interval between a request and its reply.
    Stamp {
        /// The probe's number.
        stamp: u64,
        /// The interval: negative if the clock was set back meanwhile.
        kernel_ns: i64,
        /// The RTT it was put beside.
        #[serde(skip_serializing_if = "Option::is_none")]
        rtt_ns: Option<u64>,
        /// Why it was ignored.
        #[serde(skip_serializing_if = "Option::is_none")]
        ignored: Option<Ignored>,
    }
    /// The session was ended from outside at `at_ns`.
    Stop {
        /// By whom.
        stop: StopReason,
        /// When.
        at_ns: u64,
    }
    /// The session was over at `at_ns`.
    Done {
        /// Always true.
        #[cfg_attr(feature = "schema", schemars(extend("const" = true)))]
        done: bool,
        /// When.
        at_ns: u64,
    }
    /// Records were dropped here, so what follows cannot be verified.
    Gap {
        /// How many.
        gap: u64,
        /// When the first was dropped.
        at_ns: u64,
    }
    /// Something befell the run, noticed at `at_ns`. It is neither input nor decision:
    /// it helps to understand both.
    Note {
        /// What.
        note: Befallen,
        /// When it was noticed.
        at_ns: u64,
        /// How long it took.
        #[serde(skip_serializing_if = "Option::is_none")]
        for_ns: Option<u64>,
        /// By how much the wall clock was set ahead, or back if negative.
        #[serde(skip_serializing_if = "Option::is_none")]
        by_ns: Option<i64>,
        /// The address that probes start from since.
        #[serde(skip_serializing_if = "Option::is_none")]
        address: Option<String>,
        /// What the system said.
        #[serde(skip_serializing_if = "Option::is_none")]
        error: Option<String>,
    }
    /// The final figures.
    SummaryRecord {
        /// The figures.
        summary: Summary,
    }
    /// A heartbeat arrived at `at_ns`.
    Beat {
        /// The number it carries.
        beat: u64,
        /// When it arrived.
        at_ns: u64,
        /// Whose it is: a number that stands for its sender's address in this journal.
        from: u64,
        /// What its sender's clock read when it went out, from `epoch_s`; absent if it
        /// does not say, or not in a way that can be read.
        #[serde(skip_serializing_if = "Option::is_none")]
        clock_ns: Option<u64>,
        /// What it is among those of its sender.
        came: Came,
        /// By how much this end's wall clock was ahead of `clock_ns`: the one-way delay
        /// plus the difference of the two clocks.
        #[serde(skip_serializing_if = "Option::is_none")]
        difference_ns: Option<i64>,
        /// Its sender had been called stopped, and is back.
        #[serde(skip_serializing_if = "core::ops::Not::not")]
        back: bool,
        /// It had not been called stopped before: that is said by this line.
        #[serde(skip_serializing_if = "core::ops::Not::not")]
        newly_stopped: bool,
    }
    /// A sender of heartbeats was silent for too long.
    Silent {
        /// Who: as in `from`.
        stopped: u64,
        /// The last moment at which a heartbeat would have counted.
        deadline_ns: u64,
    }
    /// Who a sender of heartbeats is: a label.
    Named {
        /// Who: as in `from`.
        named: u64,
        /// Its address.
        address: String,
    }
    /// What a sender of heartbeats did.
    BeatsRecord {
        /// The figures.
        beats: SenderSummary,
    }
    /// What a receiver of heartbeats made of them.
    WatchedRecord {
        /// The figures.
        watched: WatchSummary,
    }
    /// A TCP connection was there to be used at `at_ns`.
    Connected {
        /// The exchange it was opened for.
        connected: u64,
        /// When.
        at_ns: u64,
    }
    /// A socket has done its work, known at `at_ns`: a TCP connection, or the UDP socket.
    Carried {
        /// How many requests it carried.
        carried: u64,
        /// When this was known.
        at_ns: u64,
        /// Bytes of payload that were handed to it.
        bytes_out: u64,
        /// Bytes of payload that it gave.
        bytes_in: u64,
        /// Segments that the system says it sent, retransmissions included; absent where
        /// it does not say. Of UDP, the datagrams.
        #[serde(skip_serializing_if = "Option::is_none")]
        packets_out: Option<u64>,
        /// The same for those received.
        #[serde(skip_serializing_if = "Option::is_none")]
        packets_in: Option<u64>,
        /// How many of those sent the system says were retransmissions.
        #[serde(skip_serializing_if = "Option::is_none")]
        retransmitted: Option<u64>,
    }
    /// What all that comes to on the wire.
    TrafficRecord {
        /// The figures.
        traffic: Traffic,
    }
}

/// What can befall a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Befallen {
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
    /// The system no longer lets probes out, with this `error`.
    NetworkDown,
    /// It does again, after `for_ns`.
    NetworkUp,
    /// What this code does not know. It is never written.
    #[serde(other, skip_serializing)]
    Other,
}

/// Who ended a session before its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum StopReason {
    /// A signal.
    Signal,
    /// The deadline of the whole run.
    Deadline,
    /// The reader of the output went away.
    ClosedPipe,
    /// The network failed for good.
    Failure,
}

impl Record {
    /// The record of a probe that went out.
    #[must_use]
    pub fn sent(probe: &Probe) -> Self {
        Self::Sent(Sent {
            sent: probe.seq,
            at_ns: probe.at.as_nanos(),
            due_ns: probe.due.as_nanos(),
        })
    }

    /// The record of what time decided, found out at `now`.
    #[must_use]
    pub fn event(now: ClientTime, event: &Event) -> Self {
        match *event {
            Event::Lost { seq, deadline } => Self::Lost(Lost {
                lost: seq,
                deadline_ns: deadline.as_nanos(),
            }),
            Event::Missed { due, slots } => Self::Missed(Missed {
                missed: slots,
                at_ns: now.as_nanos(),
                due_ns: due.as_nanos(),
            }),
        }
    }

    /// The record of a reply. `own_token` is the token of the probe it claims to
    /// answer, `claimed` that probe's whole number, as far as they are known.
    #[must_use]
    #[inline]
    pub fn reply(
        now: ClientTime,
        claim: &Claim,
        claimed: Option<u64>,
        own_token: Option<u64>,
        outcome: &Outcome,
    ) -> Self {
        let token = (claim.token.is_none() || claim.token != own_token).then_some(claim.token);
        let mut record = Reply {
            reply: claim.seq,
            at_ns: now.as_nanos(),
            token,
            t2_ns: claim.times.map(|times| times.received.as_nanos()),
            t3_ns: claim.times.map(|times| times.sent.as_nanos()),
            count: claim.count,
            synced: claim.synced,
            ..Reply::default()
        };
        let credited = |seq: u64| (claimed != Some(seq)).then_some(seq);
        match *outcome {
            Outcome::Replied { seq, rtt, verified } => {
                record.rtt_ns = Some(saturating_nanos(rtt));
                record.seq = credited(seq);
                record.unverified = !verified;
            }
            Outcome::Late {
                seq,
                rtt,
                verified,
                newly_lost,
            } => {
                record.late_ns = Some(saturating_nanos(rtt));
                record.seq = credited(seq);
                record.unverified = !verified;
                record.newly_lost = newly_lost;
            }
            Outcome::Duplicate { seq, rtt } => {
                record.duplicate_ns = Some(saturating_nanos(rtt));
                record.seq = credited(seq);
            }
            _ => record.ignored = why_ignored(outcome),
        }
        Self::Reply(record)
    }

    /// The record of a datagram that the wire could not read.
    #[must_use]
    pub fn unreadable(
        now: ClientTime,
        why: udping_core::wire::Unreadable,
        outcome: &Outcome,
    ) -> Self {
        Self::Unreadable(Unreadable {
            unreadable: why,
            at_ns: now.as_nanos(),
            ignored: why_ignored(outcome),
        })
    }

    /// The record of an ICMP unreachable.
    #[must_use]
    pub fn unreachable(
        now: ClientTime,
        seq: Option<u64>,
        error: Option<String>,
        outcome: &Outcome,
    ) -> Self {
        let (refused, after_ns) = match *outcome {
            Outcome::Refused { seq, after } => (Some(seq), Some(saturating_nanos(after))),
            _ => (None, None),
        };
        Self::Unreachable(Unreachable {
            unreachable: seq,
            at_ns: now.as_nanos(),
            error,
            refused,
            after_ns,
            ignored: why_ignored(outcome),
        })
    }

    /// The record of a probe that could not be sent.
    #[must_use]
    pub fn unsent(now: ClientTime, seq: u64, error: Option<String>, outcome: &Outcome) -> Self {
        Self::Unsent(Unsent {
            unsent: seq,
            at_ns: now.as_nanos(),
            error,
            ignored: why_ignored(outcome),
        })
    }

    /// The record of a heartbeat of `from`.
    #[must_use]
    pub fn beat(
        now: ReflectorTime,
        from: u64,
        beat: udping_core::heartbeat::Beat,
        heard: &Heard,
    ) -> Self {
        Self::Beat(Beat {
            beat: beat.seq,
            at_ns: now.as_nanos(),
            from,
            clock_ns: beat.clock,
            came: heard.came,
            difference_ns: heard.difference,
            back: heard.back,
            newly_stopped: heard.newly_stopped,
        })
    }

    /// The record of a kernel's interval.
    #[must_use]
    pub fn stamp(seq: u64, kernel_ns: i64, outcome: &Outcome) -> Self {
        let rtt_ns = match *outcome {
            Outcome::Stamped { rtt, .. } => Some(saturating_nanos(rtt)),
            _ => None,
        };
        Self::Stamp(Stamp {
            stamp: seq,
            kernel_ns,
            rtt_ns,
            ignored: why_ignored(outcome),
        })
    }
}

fn why_ignored(outcome: &Outcome) -> Option<Ignored> {
    match *outcome {
        Outcome::Ignored(why) => Some(why),
        _ => None,
    }
}

impl Reply {
    /// The claim as it arrived, where `own_token` is the token of the probe that
    /// it names.
    #[must_use]
    pub fn claim(&self, own_token: Option<u64>) -> Claim {
        let times = self
            .t2_ns
            .zip(self.t3_ns)
            .map(|(received, sent)| ReflectorTimes {
                received: ReflectorTime::from_nanos(received),
                sent: ReflectorTime::from_nanos(sent),
            });
        Claim {
            seq: self.reply,
            token: self.token.unwrap_or(own_token),
            times,
            count: self.count,
            synced: self.synced,
        }
    }
}

impl Default for Reply {
    /// A reply at time zero that claims nothing and came to nothing.
    fn default() -> Self {
        Self {
            reply: None,
            at_ns: 0,
            token: None,
            t2_ns: None,
            t3_ns: None,
            count: None,
            synced: false,
            rtt_ns: None,
            late_ns: None,
            duplicate_ns: None,
            ignored: None,
            seq: None,
            unverified: false,
            newly_lost: false,
        }
    }
}
