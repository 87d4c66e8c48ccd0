//! Which of the kernel's two timestamps belong together: a probe's and its reply's.
//!
//! Owns the pairing. Both are the wall clock's, so only their difference, the RTT as the
//! kernel saw it, is ever used. What that is good for is the core's to judge. Knows nothing
//! of sockets.

use udping_journal::LARGEST;

use crate::clock::KernelTimestamp;

const FURTHEST: i64 = LARGEST.cast_signed();

/// Timestamps that wait for their other half, in constant memory: the oldest give way.
#[derive(Debug)]
pub(crate) struct KernelTimestamps {
    ring: Vec<Half>,
    /// The probe sent last, and how many the kernel has counted up to it.
    last_seq: u64,
    counted: u64,
    /// Until which of these the kernel has given its timestamp.
    given: u64,
}

/// What is known of one probe so far.
#[derive(Debug, Clone, Copy, Default)]
struct Half {
    seq: u64,
    sent: Option<KernelTimestamp>,
    received: Option<KernelTimestamp>,
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
        let room = usize::try_from(probes)
            .unwrap_or(usize::MAX)
            .clamp(16, 1 << 16);
        Self {
            ring: vec![Half::default(); room.next_power_of_two()],
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
        *self.half(seq) = Half {
            seq,
            ..Half::default()
        };
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
        let half = self.half(seq);
        if half.seq != seq {
            return None;
        }
        half.sent = Some(at);
        self.pair(seq)
    }

    /// The kernel's timestamp of the reply credited to probe `seq`.
    pub(crate) fn replied(&mut self, seq: u64, at: KernelTimestamp) -> Option<KernelRtt> {
        let half = self.half(seq);
        if half.seq != seq {
            return None;
        }
        half.received = Some(at);
        self.pair(seq)
    }

    fn pair(&mut self, seq: u64) -> Option<KernelRtt> {
        let half = self.half(seq);
        let (sent, received) = half.sent.zip(half.received)?;
        *half = Half::default();
        // The clock may be set by more than a journal can hold; that much says enough.
        let kernel_ns = received.nanos_since(sent).clamp(-FURTHEST, FURTHEST);
        Some(KernelRtt { seq, kernel_ns })
    }

    fn half(&mut self, seq: u64) -> &mut Half {
        let mask = self.ring.len() as u64 - 1;
        #[expect(clippy::cast_possible_truncation, reason = "below the ring's length")]
        &mut self.ring[(seq & mask) as usize]
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
