//! What the client decided, as records, and out of records again.
//!
//! Owns the translation in both directions, so that what is counted from a journal is what
//! was counted when it happened. Decides nothing.

use alloc::string::String;
use core::time::Duration;

use crate::number::UnixNanos;
use crate::record::{
    Beat, Done, Kernel, Lost, Missed, Record, Reply, Sent, Unreachable, Unreadable, Unsent,
};
use udping_core::event::{Event, Ignored, Outcome, Output};
use udping_core::heartbeat::BeatOutcome;
use udping_core::schedule::Schedule;
use udping_core::stats::{Size, Stats};
use udping_core::time::{ClientTime, ReflectorTime, WallTime, saturating_nanos};
use udping_core::wire::{Claim, Probe, ReflectorTimes};

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
                at_ns: now.as_nanos(),
                deadline_ns: deadline.as_nanos(),
            }),
            Event::Missed { due, slots } => Self::Missed(Missed {
                missed: slots,
                at_ns: now.as_nanos(),
                due_ns: due.as_nanos(),
            }),
        }
    }

    /// The record of what the client said at `now`, unless it waits.
    #[must_use]
    pub fn said(now: ClientTime, output: &Output) -> Option<Self> {
        match output {
            Output::Send(probe) => Some(Self::sent(probe)),
            Output::Event(event) => Some(Self::event(now, event)),
            Output::Wait(_) => None,
            Output::Done => Some(Self::Done(Done {
                done: true,
                at_ns: now.as_nanos(),
            })),
        }
    }

    /// The record of a reply. `own` is the timestamp of the probe it claims to
    /// answer, `claimed` that probe's whole number, as far as they are known.
    #[must_use]
    #[inline]
    pub fn reply(
        now: ClientTime,
        claim: &Claim,
        claimed: Option<u64>,
        own: Option<WallTime>,
        outcome: &Outcome,
    ) -> Self {
        let timestamp = claim.timestamp;
        let timestamp =
            (timestamp.is_none() || timestamp != own).then_some(timestamp.map(UnixNanos));
        let mut record = Reply {
            reply: claim.seq,
            at_ns: now.as_nanos(),
            timestamp,
            needs_proof: claim.needs_proof,
            t2_ns: claim.times.map(|times| times.received.as_nanos()),
            t3_ns: claim.times.map(|times| times.sent.as_nanos()),
            count: claim.count,
            synced: claim.synced,
            size: claim.size,
            damage: claim.damage,
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
                newly_lost: _,
            } => {
                record.late_ns = Some(saturating_nanos(rtt));
                record.seq = credited(seq);
                record.unverified = !verified;
            }
            Outcome::Duplicate { seq, rtt } => {
                record.duplicate_ns = Some(saturating_nanos(rtt));
                record.seq = credited(seq);
            }
            _ => record.ignored = why_ignored(outcome),
        }
        Self::Reply(record)
    }

    /// The record of a datagram that the wire could not read, and of where it came from,
    /// if not from the server.
    #[must_use]
    pub fn unreadable(
        now: ClientTime,
        why: udping_core::wire::Unreadable,
        address: Option<String>,
        outcome: &Outcome,
    ) -> Self {
        Self::Unreadable(Unreadable {
            unreadable: why,
            at_ns: now.as_nanos(),
            address,
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
        heard: &BeatOutcome,
    ) -> Self {
        Self::Beat(Beat {
            beat: beat.seq,
            at_ns: now.as_nanos(),
            from,
            clock_ns: beat.clock,
            order: heard.order,
            difference_ns: heard.difference,
            back: heard.back,
        })
    }

    /// The record of the kernel's interval.
    #[must_use]
    pub fn kernel(now: ClientTime, seq: u64, kernel_ns: i64, outcome: &Outcome) -> Self {
        let decided_rtt_ns = match *outcome {
            Outcome::KernelRtt { rtt, .. } => Some(saturating_nanos(rtt)),
            _ => None,
        };
        Self::Kernel(Kernel {
            kernel: seq,
            at_ns: now.as_nanos(),
            kernel_ns,
            decided_rtt_ns,
            ignored: why_ignored(outcome),
        })
    }
}

impl Record {
    /// What the client said of itself, if that is on record here. (A probe's timestamp is not.)
    #[must_use]
    pub fn output(&self) -> Option<Output> {
        let at = ClientTime::from_nanos;
        Some(match self {
            Self::Sent(it) => Output::Send(Probe {
                seq: it.sent,
                timestamp: WallTime::ZERO,
                due: at(it.due_ns),
                at: at(it.at_ns),
            }),
            Self::Lost(it) => Output::Event(Event::Lost {
                seq: it.lost,
                deadline: at(it.deadline_ns),
            }),
            Self::Missed(it) => Output::Event(Event::Missed {
                due: at(it.due_ns),
                slots: it.missed,
            }),
            _ => return None,
        })
    }

    /// What the input on record came to, if it is about the probe numbered `seq`.
    #[must_use]
    pub fn outcome(&self, seq: Option<u64>) -> Option<Outcome> {
        let (outcome, ignored) = match self {
            Self::Reply(it) => (seq.and_then(|seq| it.credited(seq)), it.ignored),
            Self::Unreadable(it) => (None, it.ignored),
            Self::Unreachable(it) => {
                let refused = it.refused.zip(it.after_ns).map(|(seq, after)| {
                    let after = Duration::from_nanos(after);
                    Outcome::Refused { seq, after }
                });
                (refused, it.ignored)
            }
            Self::Unsent(it) => (Some(Outcome::Unsent { seq: it.unsent }), it.ignored),
            Self::Kernel(it) => {
                let kernel = u64::try_from(it.kernel_ns).ok();
                let beside =
                    kernel
                        .zip(it.decided_rtt_ns)
                        .map(|(kernel, rtt)| Outcome::KernelRtt {
                            seq: it.kernel,
                            rtt: Duration::from_nanos(rtt),
                            kernel: Duration::from_nanos(kernel),
                        });
                (beside, it.ignored)
            }
            _ => return None,
        };
        ignored.map(Outcome::Ignored).or(outcome)
    }

    /// Counts what was decided here about the probe numbered `seq`, as a
    /// [`Session`](udping_core::session::Session) on `schedule`, with its
    /// [`wall`](udping_core::session::Session::with_wall) clock, counted it.
    pub fn tally<Z: Size>(
        &self,
        seq: Option<u64>,
        schedule: Schedule,
        wall: Option<WallTime>,
        stats: &mut Stats<Z>,
    ) {
        if let Some(output) = self.output() {
            output.tally(stats);
            if let Output::Send(probe) = &output
                && let Some(late) = schedule.lateness(probe)
            {
                stats.timer_error(late);
            }
        }
        if let Some(outcome) = self.outcome(seq) {
            outcome.tally(stats);
            if let Self::Reply(it) = self {
                let at = ClientTime::from_nanos(it.at_ns);
                outcome.tally_claim(at, &it.claim(None), wall, stats);
            }
        }
    }
}

fn why_ignored(outcome: &Outcome) -> Option<Ignored> {
    match *outcome {
        Outcome::Ignored(why) => Some(why),
        _ => None,
    }
}

impl Reply {
    /// The claim as it arrived, where `own` is the timestamp of the probe that
    /// it names.
    #[must_use]
    pub fn claim(&self, own: Option<WallTime>) -> Claim {
        let times = self
            .t2_ns
            .zip(self.t3_ns)
            .map(|(received, sent)| ReflectorTimes {
                received: ReflectorTime::from_nanos(received),
                sent: ReflectorTime::from_nanos(sent),
            });
        Claim {
            seq: self.reply,
            timestamp: self
                .timestamp
                .map_or(own, |given| given.map(|UnixNanos(time)| time)),
            needs_proof: self.needs_proof,
            times,
            count: self.count,
            synced: self.synced,
            size: self.size,
            damage: self.damage,
        }
    }

    /// What it came to for the probe numbered `seq`, which it was credited to.
    fn credited(&self, seq: u64) -> Option<Outcome> {
        let verified = !self.unverified;
        let span = |ns: &Option<u64>| ns.map(Duration::from_nanos);
        if let Some(rtt) = span(&self.rtt_ns) {
            Some(Outcome::Replied { seq, rtt, verified })
        } else if let Some(rtt) = span(&self.late_ns) {
            Some(Outcome::Late {
                seq,
                rtt,
                verified,
                // Its loss has a record of its own.
                newly_lost: false,
            })
        } else {
            span(&self.duplicate_ns).map(|rtt| Outcome::Duplicate { seq, rtt })
        }
    }
}
