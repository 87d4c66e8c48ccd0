//! The axes of the plot: from an RTT to a height and back, and where round values lie.
//!
//! Owns both scales, linear and logarithmic. Knows nothing of what is drawn along them.

use crate::scale::{float, nice_step, whole};

/// The axis of RTTs, from the bottom edge up.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Axis {
    /// The RTT at the bottom edge; 0 where it is linear.
    pub bottom_ns: u64,
    /// The RTT at the top edge.
    pub top_ns: u64,
    /// In pixels.
    pub height: f64,
    /// Each factor is as high as each other one.
    pub log: bool,
}

/// How many pixels a tick of the RTT axis takes, at least.
const TICK_PX: f64 = 34.0;

impl Axis {
    /// An axis on which RTTs from `least_ns` to `greatest_ns` have room, and the timeout, where
    /// that costs them no more than half of it.
    #[must_use]
    pub fn of(least_ns: u64, greatest_ns: u64, timeout_ns: u64, height: f64, log: bool) -> Self {
        let near = greatest_ns == 0 || timeout_ns <= greatest_ns.saturating_mul(2);
        let most = if near {
            greatest_ns.max(timeout_ns)
        } else {
            greatest_ns
        };
        // A little air above.
        let top_ns = most.saturating_add(most / 12).max(1);
        let least = least_ns.min(most).max(1);
        // A factor of two at least, or there would be nothing to see.
        let bottom_ns = (least - least / 8).min(top_ns / 2).max(1);
        let log = log && bottom_ns < top_ns;
        Self {
            bottom_ns: if log { bottom_ns } else { 0 },
            top_ns,
            height,
            log,
        }
    }

    /// Where an RTT lies: 0 at the top edge; beyond the edges if it is out of sight.
    #[must_use]
    pub fn y(&self, rtt_ns: u64) -> f64 {
        let (bottom, top) = (float(self.bottom_ns), float(self.top_ns.max(1)));
        let share = if self.log {
            (float(rtt_ns.max(1)) / bottom).ln() / (top / bottom).ln()
        } else {
            float(rtt_ns) / top
        };
        self.height * (1.0 - share)
    }

    /// The RTT at a height.
    #[must_use]
    pub fn rtt_ns(&self, y: f64) -> u64 {
        let (bottom, top) = (float(self.bottom_ns), float(self.top_ns.max(1)));
        let share = 1.0 - y / self.height.max(1.0);
        whole(if self.log {
            bottom * ((top / bottom).ln() * share).exp()
        } else {
            top * share
        })
    }

    /// The round values in sight: two at least.
    #[must_use]
    pub fn ticks(&self) -> Vec<u64> {
        let most = (self.height / TICK_PX).max(4.0);
        let mut round = Vec::new();
        if self.log {
            let mut power = 1_u64;
            while power <= self.top_ns {
                round.extend([1, 2, 5].map(|digit| power.saturating_mul(digit)));
                let Some(next) = power.checked_mul(10) else {
                    break;
                };
                power = next;
            }
            round.retain(|tick| (self.bottom_ns..=self.top_ns).contains(tick));
            let decades = |tick: &u64| tick.ilog10();
            if float(round.len() as u64) > most {
                round.retain(|tick| 10_u64.checked_pow(decades(tick)) == Some(*tick));
            }
        }
        if round.len() < 2 {
            round = ticks(self.bottom_ns, self.top_ns, most);
        }
        round
    }
}

/// About `count` round values from `from` to `until`: two at least, where there are as many.
pub(super) fn ticks(from: u64, until: u64, count: f64) -> Vec<u64> {
    let span = until.saturating_sub(from);
    let every = |step: u64| -> Vec<u64> {
        let first = from.checked_next_multiple_of(step);
        let next = |at: &u64| at.checked_add(step);
        core::iter::successors(first, next)
            .take_while(|at| *at <= until)
            .collect()
    };
    let mut step = nice_step(float(span) / count.clamp(1.0, 100.0));
    let mut found = every(step);
    while found.len() < 2 && step > 1 {
        step = nice_step(float(step) / 2.6);
        found = every(step);
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ticks_are_round_and_in_sight() {
        assert_eq!(
            ticks(0, 600_000_000, 3.0),
            [0, 200_000_000, 400_000_000, 600_000_000]
        );
        assert_eq!(ticks(7, 12, 5.0), [7, 8, 9, 10, 11, 12]);
        assert!(ticks(u64::MAX - 1, u64::MAX, 1.0).len() < 3);
        assert!(ticks(0, u64::MAX, 1e9).len() < 120);
    }

    proptest! {
        #[test]
        fn there_are_two_ticks_at_least_and_they_do_not_crowd(
            least in 1_000_u64..1_000_000_000, more in 0_u64..5_000_000_000, timeout in 1_000_u64..5_000_000_000,
            height in 120.0..600.0_f64, log: bool,
        ) {
            let axis = Axis::of(least, least + more, timeout, height, log);
            let ys: Vec<f64> = axis.ticks().into_iter().map(|tick| axis.y(tick)).collect();
            prop_assert!(ys.len() >= 2, "{axis:?}");
            prop_assert!(ys.iter().all(|y| (-1e-6..=height + 1e-6).contains(y)), "{ys:?}");
            prop_assert!(ys.windows(2).all(|pair| pair[0] - pair[1] > 9.0), "{ys:?}");
        }

        #[test]
        fn up_and_back_is_the_same_rtt(
            least in 1_000_u64..1_000_000_000, more in 1_u64..5_000_000_000, share in 0.0..1.0_f64, log: bool,
        ) {
            let axis = Axis::of(least, least + more, 1_000_000, 200.0, log);
            let y = share * 200.0;
            prop_assert!((axis.y(axis.rtt_ns(y)) - y).abs() < 0.1);
        }
    }
}
