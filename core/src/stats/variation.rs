//! How much the RTT varies from probe to probe.
//!
//! Owns IPDV (by sequence number) and the RFC 3550 jitter (by arrival). Knows
//! nothing of losses: a probe that was not replied in time never comes here.

use super::series::{Totals, saturate};
use super::size::Size;
use super::summary::Ipdv;

/// RTT differences between neighbours in sequence (RFC 3393, RFC 5481 §4.1).
#[derive(Debug, Clone)]
pub(super) struct Variation<Z: Size> {
    /// Sequence number and RTT, each in the place that its number's low bits name.
    recent: Z::Neighbours,
    differences: Differences,
}

#[derive(Debug, Clone)]
struct Differences {
    /// Their absolute values.
    sizes: Totals,
    min: i64,
    max: i64,
}

impl Differences {
    fn record(&mut self, before: u64, after: u64) {
        let limit = if after < before { i64::MIN } else { i64::MAX };
        let signed = after.checked_signed_diff(before).unwrap_or(limit);
        self.sizes.record(after.abs_diff(before));
        self.min = self.min.min(signed);
        self.max = self.max.max(signed);
    }
}

impl<Z: Size> Variation<Z> {
    pub(super) fn new() -> Self {
        Self {
            recent: Z::neighbours(),
            differences: Differences {
                sizes: Totals::new(),
                min: i64::MAX,
                max: i64::MIN,
            },
        }
    }

    /// A reply to `seq`. Its neighbours may have come before or be yet to come.
    #[inline]
    pub(super) fn record(&mut self, seq: u64, rtt: u64) {
        // Its length, said once, spares the looks below a check each.
        let recent = &mut self.recent.as_mut()[..Z::NEIGHBOURS];
        let place = &mut recent[Self::place(seq)];
        match *place {
            Some((known, _)) if known == seq => return,
            // A newer number keeps its place: its neighbours are still to come.
            Some((newer, _)) if newer > seq => {}
            _ => *place = Some((seq, rtt)),
        }
        let known = |seq: u64| match recent[Self::place(seq)] {
            Some((known, rtt)) if known == seq => Some(rtt),
            _ => None,
        };
        if let Some(before) = seq.checked_sub(1).and_then(known) {
            self.differences.record(before, rtt);
        }
        if let Some(after) = seq.checked_add(1).and_then(known) {
            self.differences.record(rtt, after);
        }
    }

    pub(super) fn ipdv(&self) -> Option<Ipdv> {
        let Differences { sizes, min, max } = &self.differences;
        let sizes = sizes.range()?;
        Some(Ipdv {
            n: sizes.n,
            mean_abs_ns: sizes.mean_ns,
            min_ns: *min,
            max_ns: *max,
        })
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "the low bits are what is asked for"
    )]
    const fn place(seq: u64) -> usize {
        seq as usize % Z::NEIGHBOURS
    }
}

/// Interarrival jitter (RFC 3550 §6.4.1), in the integer form of appendix A.8.
#[derive(Debug, Clone)]
pub(super) struct Jitter {
    previous: Option<u64>,
    /// Sixteen times the jitter, once there are two replies to compare.
    scaled: Option<u128>,
}

impl Jitter {
    pub(super) const fn new() -> Self {
        Self {
            previous: None,
            scaled: None,
        }
    }

    pub(super) fn record(&mut self, rtt: u64) {
        if let Some(previous) = self.previous.replace(rtt) {
            let scaled = self.scaled.unwrap_or(0);
            let difference = u128::from(rtt.abs_diff(previous));
            self.scaled = Some(scaled - ((scaled + 8) >> 4) + difference);
        }
    }

    pub(super) fn nanos(&self) -> Option<u64> {
        self.scaled.map(|scaled| saturate(scaled >> 4))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Inline;
    use proptest::prelude::*;
    use std::vec::Vec;

    /// The numbers back are what matters here.
    type Roomy = Inline<43, 0, 256>;

    fn ipdv(replies: &[(u64, u64)]) -> Option<Ipdv> {
        let mut variation = Variation::<Roomy>::new();
        for &(seq, rtt) in replies {
            variation.record(seq, rtt);
        }
        variation.ipdv()
    }

    fn jitter(rtts: &[u64]) -> Option<u64> {
        let mut jitter = Jitter::new();
        for &rtt in rtts {
            jitter.record(rtt);
        }
        jitter.nanos()
    }

    #[test]
    fn differences_are_signed_and_skip_the_lost() {
        // 1→2: +30, 2→3: −50; 4 is lost, so 5 has no neighbour before it; 5→6: +5.
        let told = ipdv(&[(1, 100), (2, 130), (3, 80), (5, 400), (6, 405)]).unwrap();
        // (30 + 50 + 5) / 3 = 28.3
        assert_eq!(
            told,
            Ipdv {
                n: 3,
                mean_abs_ns: 28,
                min_ns: -50,
                max_ns: 30
            }
        );
    }

    #[test]
    fn one_reply_alone_has_no_difference() {
        assert_eq!(ipdv(&[]), None);
        assert_eq!(ipdv(&[(1, 100)]), None);
        assert_eq!(ipdv(&[(1, 100), (3, 100)]), None);
        assert_eq!(ipdv(&[(1, 100), (1, 200)]), None);
    }

    #[test]
    fn arrival_order_does_not_matter() {
        let in_order = ipdv(&[(0, 7), (1, 9), (2, 4)]);
        assert_eq!(
            in_order,
            Some(Ipdv {
                n: 2,
                mean_abs_ns: 3,
                min_ns: -5,
                max_ns: 2
            })
        );
        assert_eq!(ipdv(&[(2, 4), (1, 9), (0, 7)]), in_order);
        assert_eq!(ipdv(&[(0, 7), (2, 4), (1, 9)]), in_order);
    }

    #[test]
    fn the_memory_reaches_256_numbers_back_and_no_further() {
        assert!(ipdv(&[(10, 1), (10 + 255, 1), (11, 2)]).is_some());
        assert!(ipdv(&[(10, 1), (10 + 256, 1), (11, 2)]).is_none());
        // One that comes too late does not push out the newer number in its place.
        assert!(ipdv(&[(10 + 256, 1), (10, 1), (11 + 256, 2)]).is_some());
    }

    #[test]
    fn extremes_saturate() {
        let told = ipdv(&[(u64::MAX - 1, 0), (u64::MAX, u64::MAX), (0, 3)]).unwrap();
        let all = Ipdv {
            n: 1,
            mean_abs_ns: u64::MAX,
            min_ns: i64::MAX,
            max_ns: i64::MAX,
        };
        assert_eq!(told, all);
        assert_eq!(
            ipdv(&[(0, u64::MAX), (1, u64::MAX - 3)]).unwrap().min_ns,
            -3
        );
        assert_eq!(ipdv(&[(0, u64::MAX), (1, 0)]).unwrap().min_ns, i64::MIN);
    }

    #[test]
    fn jitter_by_hand() {
        assert_eq!(jitter(&[]), None);
        assert_eq!(jitter(&[500]), None);
        assert_eq!(jitter(&[500, 500]), Some(0));
        // |D| = 160: 16·J = 160.
        assert_eq!(jitter(&[1000, 1160]), Some(10));
        // |D| = 320: 16·J = 160 + 320 − ((160 + 8) >> 4) = 470; 470 >> 4 = 29.
        assert_eq!(jitter(&[1000, 1160, 840]), Some(29));
        // |D| = 0: 470 − ((470 + 8) >> 4) = 441; 441 >> 4 = 27.
        assert_eq!(jitter(&[1000, 1160, 840, 840]), Some(27));
    }

    #[test]
    fn jitter_settles_at_a_constant_difference() {
        let swing: Vec<_> = (0..1000)
            .map(|i| if i % 2 == 0 { 0 } else { u64::MAX })
            .collect();
        // 16·J stops growing at 16·|D| − 8, and the shift rounds down.
        assert_eq!(jitter(&swing), Some(u64::MAX - 1));
    }

    proptest! {
        #[test]
        fn found_are_all_pairs_in_any_order_within_memory(
            replies in prop::collection::btree_map(0..200_u64, 0..1_000_000_u64, 0..150)
                .prop_map(|map| map.into_iter().collect::<Vec<_>>()).prop_shuffle()
        ) {
            let told = ipdv(&replies);
            let mut sorted = replies;
            sorted.sort_unstable();
            let pairs: Vec<i64> = sorted
                .windows(2)
                .filter(|pair| pair[0].0 + 1 == pair[1].0)
                .map(|pair| pair[1].1.cast_signed() - pair[0].1.cast_signed())
                .collect();
            let sizes: u64 = pairs.iter().map(|difference| difference.unsigned_abs()).sum();
            let n = pairs.len() as u64;
            prop_assert_eq!(told, sizes.checked_div(n).map(|mean_abs_ns| Ipdv {
                n,
                mean_abs_ns,
                min_ns: *pairs.iter().min().unwrap(),
                max_ns: *pairs.iter().max().unwrap(),
            }));
        }
    }
}
