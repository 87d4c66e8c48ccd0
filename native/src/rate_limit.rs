//! Whether replies come at a constant rate while more is sent: what a rate limit looks like.
//!
//! Owns the judgement of second after second, in constant memory. Knows no clock.
//!
//! Loss by chance may bring as constant a rate, of a constant beat. What tells them apart is how
//! replies scatter within a second: of n probes that get through with probability p each, the
//! count has the variance n·p·(1 − p). A token bucket leaves next to none of it; one that lets a
//! share q of the excess e through at random, as our own reflector does with a quarter, leaves
//! e·q·(1 − q), which is less. So the squared differences, in units of what chance alone would
//! bring, are a χ² that is too small.

use udping_core::time::ClientTime;
use udping_journal::Record;

/// A second's parts: few enough that each has several replies, and many enough to see how
/// these scatter.
const PARTS: u32 = 50;

/// How long a part is, in nanoseconds.
const PART: u64 = 20_000_000;

/// Fewer replies a second than this say nothing about their rate.
const FEWEST: u64 = 100;

/// Of the seconds in which more was sent than came back, one in so many must look limited.
const ONE_IN: u64 = 20;

/// How many standard deviations below what chance brings the scatter must be: one second in
/// three hundred thousand is, by chance.
const SIGMAS: f64 = 4.5;

/// Scatter that is nearer than this to that of chance may be due to anything.
const MOST_SCATTER: f64 = 0.8;

/// Counts of probes and replies in the current second, and how those before it looked.
#[derive(Debug)]
pub(crate) struct RateLimitDetector {
    /// Which part since time zero is the current one.
    part: u64,
    sent: u64,
    replied: [u64; PARTS as usize],
    streak: Streak,
    /// How many seconds had a loss, and how many of these looked limited.
    lossy: u64,
    limited: u64,
    /// The rate of the last of these.
    rate: u64,
}

/// Seconds in a row in which more was sent than came back, and as many replies came in each.
#[derive(Debug, Default)]
struct Streak {
    seconds: u32,
    replied: u64,
    /// The squared differences from each second's mean, in units of what chance would bring.
    chi_squared: f64,
}

impl Default for RateLimitDetector {
    fn default() -> Self {
        Self {
            part: 0,
            sent: 0,
            replied: [0; PARTS as usize],
            streak: Streak::default(),
            lossy: 0,
            limited: 0,
            rate: 0,
        }
    }
}

impl RateLimitDetector {
    pub(crate) fn sent(&mut self, at: ClientTime) {
        self.pass(at);
        self.sent += 1;
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
        let parts = u64::from(PARTS);
        let now = (at.as_nanos() / PART).max(self.part);
        let seconds = now / parts - self.part / parts;
        if seconds > 0 {
            self.judge();
            (self.sent, self.replied) = (0, [0; PARTS as usize]);
        }
        if seconds > 1 {
            self.streak = Streak::default();
        }
        self.part = now;
        place(now)
    }

    /// Judges the second that is over.
    fn judge(&mut self) {
        let (sent, replied) = (self.sent, self.replied.iter().sum::<u64>());
        if replied < FEWEST || sent * 10 <= replied * 11 {
            self.streak = Streak::default();
            return;
        }
        self.lossy += 1;
        if !self.streak.is_continued_by(replied) {
            self.streak = Streak::default();
        }
        self.streak.add(sent, replied, &self.replied);
        if self.streak.is_too_regular() {
            self.limited += 1;
            self.rate = self.streak.rate();
        }
    }
}

impl Streak {
    /// The mean number of replies a second.
    fn rate(&self) -> u64 {
        let seconds = u64::from(self.seconds.max(1));
        (self.replied + seconds / 2) / seconds
    }

    /// Whether so many replies are within a tenth of as many as before.
    fn is_continued_by(&self, replied: u64) -> bool {
        self.seconds == 0 || self.rate().abs_diff(replied) * 10 <= self.rate()
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "compared with what chance brings, not counted with"
    )]
    fn add(&mut self, sent: u64, replied: u64, parts: &[u64; PARTS as usize]) {
        let (all, came) = (sent as f64, replied as f64);
        let mean = came / f64::from(PARTS);
        let squares: f64 = parts.iter().map(|n| (*n as f64 - mean).powi(2)).sum();
        // Of each part, n·p·(1 − p).
        let by_chance = mean * (all - came) / all;
        self.seconds = self.seconds.saturating_add(1);
        self.replied = self.replied.saturating_add(replied);
        self.chi_squared += squares / by_chance;
    }

    /// Whether replies scatter less than chance would have them.
    fn is_too_regular(&self) -> bool {
        // The mean of each second is its own.
        let freedom = f64::from(self.seconds) * f64::from(PARTS - 1);
        // Wilson and Hilferty (1931): the cube root of χ² by its mean is nearly normal.
        let variance = 2.0 / (9.0 * freedom);
        let least = (1.0 - variance - SIGMAS * variance.sqrt()).powi(3);
        self.chi_squared / freedom <= least.min(MOST_SCATTER)
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
    fn after(every: u64, answers: impl FnMut(u64) -> bool) -> Option<u64> {
        after_seconds(10, every, answers)
    }

    fn after_seconds(
        seconds: u64,
        every: u64,
        mut answers: impl FnMut(u64) -> bool,
    ) -> Option<u64> {
        let mut detector = RateLimitDetector::default();
        for micros in (0..=seconds * 1_000_000).step_by(usize::try_from(every).unwrap()) {
            let at = ClientTime::from_nanos(micros * 1_000);
            detector.sent(at);
            if answers(micros) {
                detector.replied(at);
            }
        }
        detector.suspected()
    }

    /// Chance: Marsaglia's xorshift.
    fn chance(seed: u64) -> impl FnMut(u64) -> u64 {
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        move |of| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 11) % of
        }
    }

    /// A token bucket of a second's burst, at so many microseconds.
    fn bucket(limit: u64) -> impl FnMut(u64) -> bool {
        let (mut tokens, mut filled) = (limit * 1_000_000, 0);
        move |micros| {
            tokens = (tokens + (micros - filled) * limit).min(limit * 1_000_000);
            filled = micros;
            let any = tokens >= 1_000_000;
            tokens -= u64::from(any) * 1_000_000;
            any
        }
    }

    #[test]
    fn a_token_bucket_is_recognised() {
        for (limit, every) in [(1_000, 500), (1_500, 500), (100, 4_000), (1_000, 800)] {
            let suspected = after(every, bucket(limit)).unwrap_or_default();
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

    /// As our own reflector does: a quarter of what is over the limit, at random, is answered.
    #[test]
    fn a_limit_that_lets_some_of_the_excess_through_is_recognised() {
        let seeds = 100;
        for (seconds, limit, every, at_least) in [
            (6, 200, 2_036, 95),
            (10, 200, 2_036, 100),
            (6, 1_000, 500, 95),
            (8, 1_000, 800, 95),
            (20, 1_000, 250, 95),
        ] {
            let sent = 1_000_000 / every;
            let rate = limit + (sent - limit) / 4;
            let found = (1..=seeds).filter(|seed| {
                let (mut within, mut random) = (bucket(limit), chance(*seed));
                let answers = |micros| within(micros) || random(4) == 0;
                let suspected = after_seconds(seconds, every, answers);
                suspected.is_some_and(|it| it.abs_diff(rate) <= rate / 20)
            });
            let found = found.count();
            println!("{sent} a second, {limit} at most, {seconds} s: {found} of {seeds}");
            assert!(found >= at_least, "{found} of {seeds}: {limit}, {every}");
        }
    }

    #[test]
    fn loss_by_chance_is_none_nor_is_silence_or_a_good_network() {
        let (mut runs, mut wrong) = (0, 0);
        for percent in [1, 10, 12, 25, 30, 45, 60] {
            for every in [1_000, 2_036] {
                for seed in 1..=150_u64 {
                    let mut random = chance(seed * 1_000 + percent);
                    let answers = |_| random(100) >= percent;
                    runs += 1;
                    wrong += u64::from(after(every, answers).is_some());
                }
            }
        }
        println!("{wrong} of {runs} runs with loss by chance");
        assert_eq!(wrong, 0, "of {runs}");
        // Nor in an hour of them, with a look every second.
        let mut random = chance(7);
        assert_eq!(after_seconds(3_600, 2_000, |_| random(4) > 0), None);
        assert_eq!(after(1_000, |_| true), None);
        assert_eq!(after(1_000, |_| false), None);
        assert_eq!(after(1_000, |micros| micros < 3_000_000), None, "then none");
    }
}
