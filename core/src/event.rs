//! What the client says: its outputs, and what each input came to.
//!
//! Owns the vocabulary of decisions and how each one is counted. Decides nothing.

use core::time::Duration;

use crate::stats::{Exchange, Size, Stats, Windows};
use crate::time::{ClientTime, WallTime, saturating_nanos};
use crate::wire::{Claim, Probe, Unreadable};

/// What the client wants next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "a probe handed out counts as sent unless a failure is reported"]
pub enum Output {
    /// Send this probe now.
    Send(Probe),
    /// Something was decided by the passing of time.
    Event(Event),
    /// Nothing to do before this time, unless a reply arrives.
    Wait(ClientTime),
    /// Nothing more will happen by itself.
    Done,
}

/// A decision that time made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// No reply came by the deadline.
    Lost {
        /// The probe.
        seq: u64,
        /// The last moment at which a reply would have counted.
        deadline: ClientTime,
    },
    /// Slots of a paced schedule went by before their probe could go out.
    Missed {
        /// When the first of them was due.
        due: ClientTime,
        /// How many.
        slots: u64,
    },
}

/// What an input came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Outcome {
    /// The first reply, in time.
    Replied {
        /// The probe.
        seq: u64,
        /// From handing the probe out to the reply's arrival.
        rtt: Duration,
        /// The reply carried the probe's timestamp back.
        verified: bool,
    },
    /// The first reply to a probe whose deadline had passed. It stays lost.
    Late {
        /// The probe.
        seq: u64,
        /// The true RTT.
        rtt: Duration,
        /// The reply carried the probe's timestamp back.
        verified: bool,
        /// This very reply settled the probe as lost: no [`Event::Lost`] was or
        /// will be given for it.
        newly_lost: bool,
    },
    /// A further reply to a probe that has had one.
    Duplicate {
        /// The probe.
        seq: u64,
        /// From handing the probe out to this copy's arrival.
        rtt: Duration,
    },
    /// The network said that nobody is listening (ICMP unreachable).
    Refused {
        /// The probe.
        seq: u64,
        /// From handing the probe out to the refusal's arrival.
        after: Duration,
    },
    /// The probe never went out.
    Unsent {
        /// The probe.
        seq: u64,
    },
    /// The kernel's interval for a probe that was answered, in time or late: the better
    /// RTT to show, which decides nothing.
    KernelRtt {
        /// The probe.
        seq: u64,
        /// The RTT already reported.
        rtt: Duration,
        /// The kernel's interval, at most `rtt`.
        kernel: Duration,
    },
    /// It changed nothing.
    Ignored(Ignored),
}

/// Why an input changed nothing. The network's fault, counted and never fatal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Ignored {
    /// Its probe is older than timeout + late window, or its entry was given up.
    TooOld,
    /// It names a probe that has not been sent.
    NotSent,
    /// It carries another probe's timestamp.
    TimestampMismatch,
    /// It carries no sequence number, or one amid other text that nothing proves.
    NoSequence,
    /// It carries no number, and another probe could be the one it answers.
    Ambiguous,
    /// It carries no number and no probe is in flight.
    NothingInFlight,
    /// Its probe has already been settled another way.
    AlreadySettled,
    /// The kernel's interval is longer than the RTT, or the probe has no RTT.
    BadKernelRtt,
    /// It cannot be read at all: no bytes, or nothing but padding.
    Empty,
    /// It cannot be read at all: not text.
    NotText,
    /// It cannot be read at all: no packet of the wire.
    Malformed,
    /// It is not authenticated with the session's key.
    Unauthentic,
    /// It does not carry back what its probe carried.
    Foreign,
    /// It came from another address or port than the server's.
    Elsewhere,
}

impl Ignored {
    /// Every reason; each stands where its [`code`](Self::code) says.
    pub const ALL: [Self; 14] = [
        Self::TooOld,
        Self::NotSent,
        Self::TimestampMismatch,
        Self::NoSequence,
        Self::Ambiguous,
        Self::NothingInFlight,
        Self::AlreadySettled,
        Self::BadKernelRtt,
        Self::Empty,
        Self::NotText,
        Self::Malformed,
        Self::Unauthentic,
        Self::Foreign,
        Self::Elsewhere,
    ];

    /// Its number, from 0. A reason keeps its number; a new one takes the next.
    #[must_use]
    pub const fn code(self) -> u8 {
        self as u8
    }
}

impl From<Unreadable> for Ignored {
    fn from(unreadable: Unreadable) -> Self {
        match unreadable {
            Unreadable::Empty => Self::Empty,
            Unreadable::NotText => Self::NotText,
            Unreadable::Malformed => Self::Malformed,
            Unreadable::Elsewhere => Self::Elsewhere,
            Unreadable::Unauthentic => Self::Unauthentic,
            Unreadable::Foreign => Self::Foreign,
        }
    }
}

impl Output {
    /// Counts this output.
    pub fn tally<Z: Size>(&self, stats: &mut Stats<Z>) {
        match *self {
            Self::Send(probe) => stats.sent(probe.seq),
            Self::Event(Event::Lost { seq, .. }) => stats.lost(seq),
            Self::Event(Event::Missed { slots, .. }) => stats.missed(slots),
            Self::Wait(_) | Self::Done => {}
        }
    }

    /// Counts this output in the windows.
    pub fn roll<Z: Size>(&self, windows: &mut Windows<Z>) {
        if let Self::Event(Event::Lost { deadline, .. }) = *self {
            windows.lost(deadline);
        }
    }
}

impl Outcome {
    /// Counts this outcome.
    pub fn tally<Z: Size>(&self, stats: &mut Stats<Z>) {
        match *self {
            Self::Replied { seq, rtt, verified } => stats.replied(seq, rtt, verified),
            Self::Late {
                seq,
                rtt,
                newly_lost,
                ..
            } => {
                if newly_lost {
                    stats.lost(seq);
                }
                stats.late(seq, rtt);
            }
            Self::Duplicate { seq, .. } => stats.duplicate(seq),
            Self::Refused { seq, .. } => stats.refused(seq),
            Self::Unsent { seq } => stats.unsent(seq),
            Self::KernelRtt { seq, rtt, kernel } => stats.kernel_rtt(seq, rtt, kernel),
            Self::Ignored(Ignored::BadKernelRtt) => stats.kernel_rtt_discarded(),
            Self::Ignored(_) => stats.ignored(),
        }
    }

    /// Counts what a reply is beyond its probe's, and what its reflector said, in the one with this
    /// `claim` that came to this outcome at `now`. This end's wall clock read `wall` at time
    /// zero, if that is known, on the scale of the reflector's times.
    pub fn tally_claim<Z: Size>(
        &self,
        now: ClientTime,
        claim: &Claim,
        wall: Option<WallTime>,
        stats: &mut Stats<Z>,
    ) {
        if let (Self::Replied { .. }, Some(damage)) = (self, claim.damage) {
            stats.damaged(damage);
        }
        let Some(times) = claim.times else { return };
        let seq = match *self {
            Self::Replied { seq, rtt, .. } => {
                let sent = Duration::from_nanos(now.as_nanos()).checked_sub(rtt);
                stats.exchanged(&Exchange {
                    seq,
                    rtt,
                    sent: sent.zip(wall).map(|(at, wall)| wall.saturating_add(at)),
                    times,
                    synced: claim.synced,
                });
                seq
            }
            Self::Late { seq, .. } | Self::Duplicate { seq, .. } => seq,
            _ => return,
        };
        let again = matches!(self, Self::Duplicate { .. });
        stats.counted(seq, claim.count, again);
    }

    /// Counts this outcome, which came about at `now` with this `timeout`, in the windows.
    pub fn roll<Z: Size>(&self, now: ClientTime, timeout: Duration, windows: &mut Windows<Z>) {
        match *self {
            Self::Replied { seq, rtt, .. } => windows.replied(now, seq, rtt),
            Self::KernelRtt { seq, kernel, .. } => windows.kernel_rtt(seq, kernel),
            Self::Late { .. } => {
                if let Some(deadline) = self.lost_at(now, timeout) {
                    windows.lost(deadline);
                }
            }
            Self::Refused { .. } => windows.refused(now),
            Self::Unsent { .. } => windows.unsent(now),
            Self::Duplicate { .. } | Self::Ignored(_) => {}
        }
    }

    /// The deadline of a probe that this outcome, which came about at `now` with this
    /// `timeout`, settled as lost.
    #[must_use]
    pub fn lost_at(&self, now: ClientTime, timeout: Duration) -> Option<ClientTime> {
        match *self {
            Self::Late {
                rtt,
                newly_lost: true,
                ..
            } => {
                let sent = now.as_nanos().saturating_sub(saturating_nanos(rtt));
                Some(ClientTime::from_nanos(sent).saturating_add(timeout))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reason_stands_where_its_code_says() {
        for (code, why) in (0..).zip(Ignored::ALL) {
            assert_eq!(why.code(), code);
        }
        for (code, why) in (0..).zip(Unreadable::ALL) {
            assert_eq!(why.code(), code);
            assert!(Ignored::ALL.contains(&why.into()));
        }
    }
}
