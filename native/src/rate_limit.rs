//! Whether replies come at a constant rate while more is sent: what a rate limit looks like.
//!
//! Owns the judgement of the last second, over and over, in constant memory. Knows no clock.

use udping_core::time::ClientTime;
use udping_journal::Record;

const PARTS: usize = 10;

/// A tenth of a second, in nanoseconds.
const PART: u64 = 100_000_000;

/// Fewer replies a second than this say nothing about their rate.
const FEWEST: u64 = 100;

/// Of the seconds in which more was sent than came back, judged once a part, one in so many
/// must look limited: by chance alone, one in ten thousand does.
const ONE_IN: u64 = 20;

/// Counts of probes and replies in the parts of the last second.
#[derive(Debug, Default)]
pub(crate) struct RateLimitDetector {
    /// Which part since time zero is the current one.
    part: u64,
    sent: [u64; PARTS],
    replied: [u64; PARTS],
    /// How many seconds had a loss, and how many of these looked limited.
    lossy: u64,
    limited: u64,
    /// The rate of the last of these.
    rate: u64,
}

impl RateLimitDetector {
    pub(crate) fn sent(&mut self, at: ClientTime) {
        let place = self.pass(at);
        self.sent[place] += 1;
    }

    pub(crate) fn replied(&mut self, at: ClientTime) {
        let place = self.pass(at);
        self.replied[place] += 1;
    }

    /// Takes a record of a run: a probe that was sent, or a reply to one.
    pub(crate) fn take(&mut self, record: &Record) {
        match record {
            Record::Sent(it) => self.sent(ClientTime::from_nanos(it.at_ns)),
            Record::Reply(it) if it.rtt_ns.or(it.late_ns).is_some() => {
                self.replied(ClientTime::from_nanos(it.at_ns));
            }
            _ => {}
        }
    }

    /// How many replies a second seem to be the limit, if there seems to be one.
    pub(crate) fn suspected(&self) -> Option<u64> {
        (self.limited > 0 && self.limited * ONE_IN >= self.lossy).then_some(self.rate)
    }

    /// Lets time pass until `at`, and returns the place of its part.
    fn pass(&mut self, at: ClientTime) -> usize {
        let now = at.as_nanos() / PART;
        if now > self.part {
            if self.part + 1 >= PARTS as u64 {
                self.judge();
            }
            for gone in self.part + 1..=now.min(self.part + PARTS as u64) {
                let place = place(gone);
                (self.sent[place], self.replied[place]) = (0, 0);
            }
            self.part = now;
        }
        place(self.part)
    }

    /// Judges the second that is over.
    fn judge(&mut self) {
        let (sent, replied) = (
            self.sent.iter().sum::<u64>(),
            self.replied.iter().sum::<u64>(),
        );
        if replied < FEWEST || sent * 10 <= replied * 11 {
            return;
        }
        self.lossy += 1;
        // Ten times the difference from the mean.
        let off = |part: &u64| (part * PARTS as u64).abs_diff(replied);
        let constant = self.replied.iter().all(|part| off(part) * 10 <= replied);
        // Losses by chance make the parts differ: their squared differences add up to nine
        // times mean × loss. A limit leaves less than half of one.
        let squares: u128 = self
            .replied
            .iter()
            .map(|part| u128::from(off(part)).pow(2))
            .sum();
        let regular = squares * u128::from(sent) * 2
            <= u128::from(replied) * u128::from(sent - replied) * PARTS as u128;
        if constant && regular {
            self.limited += 1;
            self.rate = replied;
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "below PARTS")]
const fn place(part: u64) -> usize {
    (part % PARTS as u64) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ten seconds of a probe every `every` microseconds, each of which `answers` or not.
    fn after(every: u64, mut answers: impl FnMut(u64) -> bool) -> Option<u64> {
        let mut detector = RateLimitDetector::default();
        for micros in (0..10_000_000).step_by(usize::try_from(every).unwrap()) {
            let at = ClientTime::from_nanos(micros * 1_000);
            detector.sent(at);
            if answers(micros) {
                detector.replied(at);
            }
        }
        detector.suspected()
    }

    #[test]
    fn a_token_bucket_is_recognised() {
        for (limit, every) in [(1_000, 500), (1_500, 500), (100, 4_000), (1_000, 800)] {
            let (mut tokens, mut filled) = (limit * 1_000_000, 0);
            let answers = |micros: u64| {
                tokens = (tokens + (micros - filled) * limit).min(limit * 1_000_000);
                filled = micros;
                let any = tokens >= 1_000_000;
                tokens -= u64::from(any) * 1_000_000;
                any
            };
            let suspected = after(every, answers).unwrap_or_default();
            assert!(
                suspected.abs_diff(limit) <= limit / 50,
                "{suspected} for {limit}"
            );
        }
    }

    #[test]
    fn a_journal_says_the_same_as_its_run() {
        use udping_journal::{Reply, Sent};
        let (mut run, mut journal) = (RateLimitDetector::default(), RateLimitDetector::default());
        for seq in 1..=6_000_u64 {
            let at_ns = seq * 500_000;
            let at = ClientTime::from_nanos(at_ns);
            run.sent(at);
            journal.take(&Record::Sent(Sent {
                sent: seq,
                at_ns,
                due_ns: at_ns,
            }));
            let mut reply = Reply {
                at_ns,
                ..Reply::default()
            };
            match seq % 4 {
                0 => reply.rtt_ns = Some(1),
                2 => reply.late_ns = Some(1),
                // A copy of one is none.
                _ => reply.duplicate_ns = Some(1),
            }
            if reply.duplicate_ns.is_none() {
                run.replied(at);
            }
            journal.take(&Record::Reply(reply));
        }
        assert_eq!(journal.suspected(), run.suspected());
        assert_eq!(journal.suspected(), Some(1_000));
    }

    #[test]
    fn loss_by_chance_is_none_nor_is_silence_or_a_good_network() {
        for percent in [1, 12, 30, 60] {
            for seed in 1..=20_u64 {
                let mut state = seed;
                // Marsaglia's xorshift.
                let answers = |_| {
                    state ^= state << 13;
                    state ^= state >> 7;
                    state ^= state << 17;
                    state % 100 >= percent
                };
                assert_eq!(after(1_000, answers), None, "{percent} %, {seed}");
            }
        }
        assert_eq!(after(1_000, |_| true), None);
        assert_eq!(after(1_000, |_| false), None);
        assert_eq!(after(1_000, |micros| micros < 3_000_000), None, "then none");
    }
}
