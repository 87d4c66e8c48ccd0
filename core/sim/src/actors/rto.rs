//! TCP's retransmission timeout (RFC 6298), which lesson 9 also uses for UDP.

/// The estimator: smoothed RTT, its variation, and the timeout made of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rto {
    smoothed: Option<u64>,
    variation: u64,
    timeout: u64,
    least: u64,
}

/// What the timeout is before the first sample (§2.1), and its least value (§2.4).
const SECOND: u64 = 1_000_000_000;

/// The most it backs off to (§2.5 permits a maximum of at least this).
const MINUTE: u64 = 60 * SECOND;

impl Default for Rto {
    fn default() -> Self {
        Self::with_least(SECOND)
    }
}

impl Rto {
    /// An estimator whose timeout is never below `least`. The RFC says one second;
    /// Linux takes 200 ms.
    #[must_use]
    pub fn with_least(least: u64) -> Self {
        Self {
            smoothed: None,
            variation: 0,
            timeout: SECOND.max(least),
            least,
        }
    }

    /// Takes the RTT of a segment that was sent once (Karn's algorithm, §3).
    pub fn sample(&mut self, rtt_ns: u64) {
        match self.smoothed {
            None => {
                self.smoothed = Some(rtt_ns);
                self.variation = rtt_ns / 2;
            }
            Some(srtt) => {
                self.variation = (3 * self.variation + srtt.abs_diff(rtt_ns)) / 4;
                self.smoothed = Some((7 * srtt + rtt_ns) / 8);
            }
        }
        let estimate = self
            .smoothed
            .unwrap_or(rtt_ns)
            .saturating_add(self.variation.saturating_mul(4));
        self.timeout = estimate.clamp(self.least, MINUTE.max(self.least));
    }

    /// The timer ran out: wait twice as long the next time (§5.5).
    pub fn back_off(&mut self) {
        self.timeout = self.timeout.saturating_mul(2).min(MINUTE.max(self.least));
    }

    /// The timeout, in nanoseconds.
    #[must_use]
    pub fn timeout_ns(&self) -> u64 {
        self.timeout
    }

    /// The smoothed RTT, once there was a sample.
    #[must_use]
    pub fn smoothed_ns(&self) -> Option<u64> {
        self.smoothed
    }

    /// The RTT's smoothed mean deviation.
    #[must_use]
    pub fn variation_ns(&self) -> u64 {
        self.variation
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rfcs_formulas_by_hand() {
        let mut rto = Rto::with_least(0);
        assert_eq!(rto.timeout_ns(), SECOND);
        rto.sample(100);
        assert_eq!(
            (rto.smoothed_ns(), rto.variation_ns(), rto.timeout_ns()),
            (Some(100), 50, 300)
        );
        rto.sample(180);
        // RTTVAR = 3/4 · 50 + 1/4 · 80 = 57.5; SRTT = 7/8 · 100 + 1/8 · 180 = 110.
        assert_eq!(
            (rto.smoothed_ns(), rto.variation_ns(), rto.timeout_ns()),
            (Some(110), 57, 338)
        );
        rto.back_off();
        assert_eq!(rto.timeout_ns(), 676);
    }

    #[test]
    fn it_stays_between_its_bounds() {
        let mut rto = Rto::default();
        rto.sample(1);
        assert_eq!(rto.timeout_ns(), SECOND);
        for _ in 0..10 {
            rto.back_off();
        }
        assert_eq!(rto.timeout_ns(), MINUTE);
        rto.sample(u64::MAX / 8);
        assert_eq!(rto.timeout_ns(), MINUTE);
    }
}
