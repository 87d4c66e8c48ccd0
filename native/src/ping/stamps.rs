//! Which of the kernel's two stamps belong together: a probe's and its reply's.
//!
//! Owns the pairing. Both stamps are the wall clock's, so only their difference is
//! ever used. What that difference is good for is the core's to judge. Knows nothing
//! of sockets.

use udping_journal::LARGEST;

use crate::net::WallTime;

const FURTHEST: i64 = LARGEST.cast_signed();

/// Stamps that wait for their other half, in constant memory: the oldest give way.
#[derive(Debug)]
pub(crate) struct Pairs {
    ring: Vec<Half>,
    /// The probe sent last, and how many the kernel has counted up to it.
    last_seq: u64,
    counted: u64,
    /// Until which of these the kernel has told its stamp.
    told: u64,
}

/// What is known of one probe so far.
#[derive(Debug, Clone, Copy, Default)]
struct Half {
    seq: u64,
    sent: Option<WallTime>,
    received: Option<WallTime>,
}

/// How long probe `seq` and its reply were outside this host, as the kernel saw it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Interval {
    pub(crate) seq: u64,
    /// Negative if the wall clock was set back meanwhile.
    pub(crate) kernel_ns: i64,
}

impl Pairs {
    /// Room for at least `probes` in flight.
    pub(crate) fn new(probes: u64) -> Self {
        let room = usize::try_from(probes)
            .unwrap_or(usize::MAX)
            .clamp(16, 1 << 16);
        Self {
            ring: vec![Half::default(); room.next_power_of_two()],
            last_seq: 0,
            counted: 0,
            told: 0,
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
        self.told = 0;
    }

    /// Whether the kernel still owes the stamp of the probe sent last.
    pub(crate) fn waiting(&self) -> bool {
        self.told < self.counted
    }

    /// The kernel's stamp on the probe that it counts as `number`.
    pub(crate) fn transmitted(&mut self, number: u32, at: WallTime) -> Option<Interval> {
        #[expect(clippy::cast_possible_truncation, reason = "the kernel counts so")]
        let behind = (self.counted as u32).wrapping_sub(1).wrapping_sub(number);
        let behind = u64::from(behind);
        if behind >= self.counted {
            return None;
        }
        self.told = self.told.max(self.counted - behind);
        let seq = self.last_seq.checked_sub(behind)?;
        let half = self.half(seq);
        if half.seq != seq {
            return None;
        }
        half.sent = Some(at);
        self.pair(seq)
    }

    /// The kernel's stamp on the reply credited to probe `seq`.
    pub(crate) fn replied(&mut self, seq: u64, at: WallTime) -> Option<Interval> {
        let half = self.half(seq);
        if half.seq != seq {
            return None;
        }
        half.received = Some(at);
        self.pair(seq)
    }

    fn pair(&mut self, seq: u64) -> Option<Interval> {
        let half = self.half(seq);
        let (sent, received) = half.sent.zip(half.received)?;
        *half = Half::default();
        // The clock may be set by more than a journal can tell; that much says enough.
        let kernel_ns = received.nanos_since(sent).clamp(-FURTHEST, FURTHEST);
        Some(Interval { seq, kernel_ns })
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

    fn at(nanos: i64) -> WallTime {
        WallTime::from_nanos(nanos)
    }

    fn interval(seq: u64, kernel_ns: i64) -> Interval {
        Interval { seq, kernel_ns }
    }

    #[test]
    fn the_two_stamps_may_come_in_either_order() {
        let mut pairs = Pairs::new(4);
        pairs.sent(1);
        assert_eq!(pairs.transmitted(0, at(100)), None);
        assert_eq!(pairs.replied(1, at(130)), Some(interval(1, 30)));
        pairs.sent(2);
        assert_eq!(pairs.replied(2, at(260)), None);
        assert_eq!(pairs.transmitted(1, at(200)), Some(interval(2, 60)));
    }

    #[test]
    fn a_missing_stamp_costs_only_its_own_probe() {
        let mut pairs = Pairs::new(4);
        pairs.sent(1);
        pairs.sent(2);
        assert_eq!(pairs.replied(1, at(10)), None);
        assert!(pairs.waiting());
        assert_eq!(pairs.transmitted(1, at(20)), None);
        assert!(!pairs.waiting());
        assert_eq!(pairs.replied(2, at(25)), Some(interval(2, 5)));
    }

    #[test]
    fn a_probe_and_its_reply_pair_once() {
        let mut pairs = Pairs::new(4);
        pairs.sent(1);
        assert_eq!(pairs.transmitted(0, at(1)), None);
        assert_eq!(pairs.replied(1, at(2)), Some(interval(1, 1)));
        assert_eq!(pairs.replied(1, at(3)), None);
        assert_eq!(pairs.transmitted(0, at(4)), None);
    }

    #[test]
    fn after_a_gap_in_the_numbers_the_count_starts_over() {
        let mut pairs = Pairs::new(4);
        pairs.sent(1);
        pairs.restart();
        assert!(!pairs.waiting());
        pairs.sent(3);
        assert_eq!(pairs.replied(3, at(9)), None);
        assert_eq!(pairs.transmitted(0, at(5)), Some(interval(3, 4)));
        // A stamp from before the restart names a probe that was not counted.
        assert_eq!(pairs.transmitted(1, at(5)), None);
    }

    #[test]
    fn a_clock_set_back_gives_a_negative_interval() {
        let mut pairs = Pairs::new(4);
        pairs.sent(1);
        assert_eq!(pairs.transmitted(0, at(100)), None);
        assert_eq!(pairs.replied(1, at(99)), Some(interval(1, -1)));
    }

    #[test]
    fn a_probe_whose_place_was_taken_has_no_interval() {
        let mut pairs = Pairs::new(0);
        for seq in 1..=17 {
            pairs.sent(seq);
        }
        assert_eq!(pairs.replied(1, at(5)), None);
        assert_eq!(pairs.transmitted(0, at(1)), None);
        assert_eq!(pairs.transmitted(16, at(1)), None);
        assert_eq!(pairs.replied(17, at(5)), Some(interval(17, 4)));
    }
}
