//! Which of the kernel's two timestamps belong together: a probe's and its reply's.
//!
//! Owns the pairing, and what the kernel counts on a socket that has one server. Both timestamps
//! are the wall clock's, so only their difference, the RTT as the kernel saw it, is ever used. What
//! that is good for is the core's to judge. Knows nothing of sockets.

use udping_journal::LARGEST;

use crate::clock::KernelTimestamp;

const FURTHEST: i64 = LARGEST.cast_signed();

/// Timestamps that wait for their other half, in constant memory: the oldest give way.
#[derive(Debug)]
pub(crate) struct TimestampPairs(Box<[Place]>);

/// What is known of one probe so far.
#[derive(Debug, Clone, Copy, Default)]
struct Place {
    seq: u64,
    known: Known,
}

#[derive(Debug, Clone, Copy, Default)]
enum Known {
    #[default]
    Neither,
    Sent(KernelTimestamp),
    Received(KernelTimestamp),
    /// Both were, and made a pair: a probe has one.
    Paired,
}

impl TimestampPairs {
    /// Room for at least `probes`.
    pub(crate) fn new(probes: u64) -> Self {
        let room = usize::try_from(probes).unwrap_or(usize::MAX);
        let room = room.clamp(1, 1 << 16).next_power_of_two();
        Self(vec![Place::default(); room].into())
    }

    /// When probe `seq` was sent: how long it and its reply were outside this host, in
    /// nanoseconds, if the reply's timestamp is known. That is negative if the wall clock was set
    /// back meanwhile.
    pub(crate) fn transmitted(&mut self, seq: u64, at: KernelTimestamp) -> Option<i64> {
        let known = self.known(seq)?;
        match *known {
            Known::Received(received) => {
                *known = Known::Paired;
                Some(interval(at, received))
            }
            Known::Neither => {
                *known = Known::Sent(at);
                None
            }
            Known::Sent(_) | Known::Paired => None,
        }
    }

    /// When the reply credited to probe `seq` was received; the same, if that probe's timestamp is
    /// known.
    pub(crate) fn replied(&mut self, seq: u64, at: KernelTimestamp) -> Option<i64> {
        let known = self.known(seq)?;
        match *known {
            Known::Sent(sent) => {
                *known = Known::Paired;
                Some(interval(sent, at))
            }
            Known::Neither => {
                *known = Known::Received(at);
                None
            }
            Known::Received(_) | Known::Paired => None,
        }
    }

    /// What is known of probe `seq`, unless a newer one has taken its place.
    fn known(&mut self, seq: u64) -> Option<&mut Known> {
        let mask = self.0.len() as u64 - 1;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "below the number of places"
        )]
        let place = self.0.get_mut((seq & mask) as usize)?;
        if place.seq < seq {
            *place = Place {
                seq,
                known: Known::Neither,
            };
        }
        (place.seq == seq).then_some(&mut place.known)
    }
}

/// From `sent` to `received`, in nanoseconds. The clock may be set by more than a journal can hold;
/// that much says enough.
fn interval(sent: KernelTimestamp, received: KernelTimestamp) -> i64 {
    received.nanos_since(sent).clamp(-FURTHEST, FURTHEST)
}

/// The timestamps of probes that one socket sends to one server.
#[derive(Debug)]
pub(crate) struct KernelTimestamps {
    pairs: TimestampPairs,
    /// The probe sent last, and how many the kernel has counted up to it.
    last_seq: u64,
    counted: u64,
    /// Until which of these the kernel has given its timestamp.
    given: u64,
}

/// How long probe `seq` and its reply were outside this host, as the kernel saw it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct KernelRtt {
    pub(crate) seq: u64,
    /// Negative if the wall clock was set back meanwhile.
    pub(crate) kernel_ns: i64,
}

impl KernelTimestamps {
    /// Room for at least `probes` in flight.
    pub(crate) fn new(probes: u64) -> Self {
        Self {
            pairs: TimestampPairs::new(probes.max(16)),
            last_seq: 0,
            counted: 0,
            given: 0,
        }
    }

    /// Probe `seq` went out, and the kernel counted it.
    pub(crate) fn sent(&mut self, seq: u64) {
        if self.counted > 0 && seq != self.last_seq.wrapping_add(1) {
            // Its count no longer says which probe it means.
            self.restart();
        }
        self.last_seq = seq;
        self.counted += 1;
        // From here on its place is its own.
        self.pairs.known(seq);
    }

    /// The kernel starts to count from zero.
    pub(crate) fn restart(&mut self) {
        self.counted = 0;
        self.given = 0;
    }

    /// Whether the timestamp of the probe sent last is yet to come.
    pub(crate) fn awaited(&self) -> bool {
        self.given < self.counted
    }

    /// The kernel's timestamp of the probe that it counts as `number`.
    pub(crate) fn transmitted(&mut self, number: u32, at: KernelTimestamp) -> Option<KernelRtt> {
        #[expect(clippy::cast_possible_truncation, reason = "the kernel counts so")]
        let behind = (self.counted as u32).wrapping_sub(1).wrapping_sub(number);
        let behind = u64::from(behind);
        if behind >= self.counted {
            return None;
        }
        self.given = self.given.max(self.counted - behind);
        let seq = self.last_seq.checked_sub(behind)?;
        let kernel_ns = self.pairs.transmitted(seq, at)?;
        Some(KernelRtt { seq, kernel_ns })
    }

    /// The kernel's timestamp of the reply credited to probe `seq`.
    pub(crate) fn replied(&mut self, seq: u64, at: KernelTimestamp) -> Option<KernelRtt> {
        let kernel_ns = self.pairs.replied(seq, at)?;
        Some(KernelRtt { seq, kernel_ns })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(nanos: i64) -> KernelTimestamp {
        KernelTimestamp::from_nanos(nanos)
    }

    fn rtt(seq: u64, kernel_ns: i64) -> KernelRtt {
        KernelRtt { seq, kernel_ns }
    }

    #[test]
    fn the_two_timestamps_may_come_in_either_order() {
        let mut timestamps = KernelTimestamps::new(4);
        timestamps.sent(1);
        assert_eq!(timestamps.transmitted(0, at(100)), None);
        assert_eq!(timestamps.replied(1, at(130)), Some(rtt(1, 30)));
        timestamps.sent(2);
        assert_eq!(timestamps.replied(2, at(260)), None);
        assert_eq!(timestamps.transmitted(1, at(200)), Some(rtt(2, 60)));
    }

    #[test]
    fn a_missing_timestamp_costs_only_its_own_probe() {
        let mut timestamps = KernelTimestamps::new(4);
        timestamps.sent(1);
        timestamps.sent(2);
        assert_eq!(timestamps.replied(1, at(10)), None);
        assert!(timestamps.awaited());
        assert_eq!(timestamps.transmitted(1, at(20)), None);
        assert!(!timestamps.awaited());
        assert_eq!(timestamps.replied(2, at(25)), Some(rtt(2, 5)));
    }

    #[test]
    fn a_probe_and_its_reply_pair_once() {
        let mut timestamps = KernelTimestamps::new(4);
        timestamps.sent(1);
        assert_eq!(timestamps.transmitted(0, at(1)), None);
        assert_eq!(timestamps.replied(1, at(2)), Some(rtt(1, 1)));
        assert_eq!(timestamps.replied(1, at(3)), None);
        assert_eq!(timestamps.transmitted(0, at(4)), None);
    }

    #[test]
    fn after_a_gap_in_the_numbers_the_count_starts_over() {
        let mut timestamps = KernelTimestamps::new(4);
        timestamps.sent(1);
        timestamps.restart();
        assert!(!timestamps.awaited());
        timestamps.sent(3);
        assert_eq!(timestamps.replied(3, at(9)), None);
        assert_eq!(timestamps.transmitted(0, at(5)), Some(rtt(3, 4)));
        // A timestamp from before the restart names a probe that was not counted.
        assert_eq!(timestamps.transmitted(1, at(5)), None);
    }

    #[test]
    fn a_clock_set_back_gives_a_negative_rtt() {
        let mut timestamps = KernelTimestamps::new(4);
        timestamps.sent(1);
        assert_eq!(timestamps.transmitted(0, at(100)), None);
        assert_eq!(timestamps.replied(1, at(99)), Some(rtt(1, -1)));
    }

    #[test]
    fn a_probe_whose_place_was_taken_has_no_rtt() {
        let mut timestamps = KernelTimestamps::new(0);
        for seq in 1..=17 {
            timestamps.sent(seq);
        }
        assert_eq!(timestamps.replied(1, at(5)), None);
        assert_eq!(timestamps.transmitted(0, at(1)), None);
        assert_eq!(timestamps.transmitted(16, at(1)), None);
        assert_eq!(timestamps.replied(17, at(5)), Some(rtt(17, 4)));
    }
}
