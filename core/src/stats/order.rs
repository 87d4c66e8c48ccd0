//! Order among sequence numbers: replies that overtook others, losses in a row.
//!
//! Owns reordering (RFC 4737) and loss runs. Knows nothing of time.

use super::summary::{LossRuns, Reordering};

/// The largest extent told apart, and how many in-order replies are remembered.
const MEMORY: usize = 64;

/// Which replies arrived after one with a higher sequence number (RFC 4737 §3.3).
#[derive(Debug, Clone)]
pub(super) struct Order {
    /// One more than the highest number seen: the RFC's `NextExp`.
    next_expected: u64,
    /// Replies so far; the next one's position in order of arrival.
    arrived: u64,
    /// In-order replies so far: each raised the highest number seen.
    raised: u64,
    /// The last of those, sequence number and position, in a ring. The first
    /// reply to overtake a number is always one of them.
    raises: [(u64, u64); MEMORY],
    reordered: u64,
    max_extent: u64,
}

impl Order {
    pub(super) const fn new() -> Self {
        Self {
            next_expected: 0,
            arrived: 0,
            raised: 0,
            raises: [(0, 0); MEMORY],
            reordered: 0,
            max_extent: 0,
        }
    }

    pub(super) fn record(&mut self, seq: u64) {
        let position = self.arrived;
        self.arrived = self.arrived.saturating_add(1);
        if seq >= self.next_expected {
            self.next_expected = seq.saturating_add(1);
            self.raises[place(self.raised)] = (seq, position);
            self.raised = self.raised.saturating_add(1);
        } else if let Some(overtaker) = self.first_above(seq) {
            self.reordered = self.reordered.saturating_add(1);
            let extent = position.saturating_sub(overtaker).min(MEMORY as u64);
            self.max_extent = self.max_extent.max(extent);
        }
    }

    pub(super) fn reordering(&self) -> Option<Reordering> {
        (self.arrived > 0).then_some(Reordering {
            reordered: self.reordered,
            max_extent: (self.reordered > 0).then_some(self.max_extent),
        })
    }

    /// Where the earliest reply above `seq` arrived, or the oldest remembered if
    /// it is older: at least `MEMORY` replies ago then.
    fn first_above(&self, seq: u64) -> Option<u64> {
        let known = self.raised.min(MEMORY as u64);
        (1..=known)
            .map(|back| self.raises[place(self.raised - back)])
            .take_while(|&(raise, _)| raise > seq)
            .last()
            .map(|(_, position)| position)
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the low bits are what is asked for"
)]
const fn place(count: u64) -> usize {
    count as usize % MEMORY
}

/// How many runs a loss may still be joined to.
const OPEN: usize = 8;

/// Losses with consecutive sequence numbers.
#[derive(Debug, Clone)]
pub(super) struct Runs {
    /// The highest runs, highest first: a loss out of turn may still join two.
    open: [Option<Run>; OPEN],
    count: u64,
    longest: u64,
    /// The highest number that was replied.
    replied: Option<u64>,
}

#[derive(Debug, Clone, Copy)]
struct Run {
    first: u64,
    last: u64,
}

impl Run {
    const fn length(self) -> u64 {
        (self.last - self.first).saturating_add(1)
    }
}

impl Runs {
    pub(super) const fn new() -> Self {
        Self {
            open: [None; OPEN],
            count: 0,
            longest: 0,
            replied: None,
        }
    }

    pub(super) fn replied(&mut self, seq: u64) {
        self.replied = self.replied.max(Some(seq));
    }

    pub(super) fn lost(&mut self, seq: u64) {
        let at = self
            .open
            .partition_point(|run| run.is_some_and(|run| run.last > seq));
        let above = at.checked_sub(1).and_then(|above| self.open[above]);
        let below = self.open.get(at).copied().flatten();
        if above.is_some_and(|run| run.first <= seq) || below.is_some_and(|run| run.last == seq) {
            return;
        }
        let above = above.filter(|run| run.first - seq == 1);
        let below = below.filter(|run| seq - run.last == 1);
        let run = Run {
            first: below.map_or(seq, |run| run.first),
            last: above.map_or(seq, |run| run.last),
        };
        self.longest = self.longest.max(run.length());
        match (above, below) {
            (None, None) => {
                self.count = self.count.saturating_add(1);
                if at < OPEN {
                    self.open.copy_within(at..OPEN - 1, at + 1);
                    self.open[at] = Some(run);
                }
            }
            (None, Some(_)) => self.open[at] = Some(run),
            (Some(_), None) => self.open[at - 1] = Some(run),
            (Some(_), Some(_)) => {
                self.count = self.count.saturating_sub(1);
                self.open.copy_within(at + 1.., at);
                self.open[OPEN - 1] = None;
                self.open[at - 1] = Some(run);
            }
        }
    }

    pub(super) fn runs(&self) -> Option<LossRuns> {
        let newest = self.open[0]?;
        let current = if self.replied < Some(newest.last) {
            newest.length()
        } else {
            0
        };
        Some(LossRuns {
            count: self.count,
            longest: self.longest,
            current,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;
    use std::vec::Vec;

    fn reordering(seqs: &[u64]) -> Option<Reordering> {
        let mut order = Order::new();
        for &seq in seqs {
            order.record(seq);
        }
        order.reordering()
    }

    fn runs(lost: &[u64], replied: &[u64]) -> Option<LossRuns> {
        let mut runs = Runs::new();
        for &seq in replied {
            runs.replied(seq);
        }
        for &seq in lost {
            runs.lost(seq);
        }
        runs.runs()
    }

    #[test]
    fn reordering_by_hand() {
        let told = |reordered, max_extent| {
            Some(Reordering {
                reordered,
                max_extent,
            })
        };
        assert_eq!(reordering(&[]), None);
        assert_eq!(reordering(&[1, 2, 3]), told(0, None));
        // A gap is not a reordering.
        assert_eq!(reordering(&[1, 5, 6]), told(0, None));
        // 4 comes three places after the 5 that overtook it.
        assert_eq!(reordering(&[1, 2, 3, 5, 6, 7, 4, 8]), told(1, Some(3)));
        // 2 and 3 were both overtaken first by 4, one and two places before.
        assert_eq!(reordering(&[1, 4, 2, 3, 5]), told(2, Some(2)));
        // Reversed, all but the first.
        assert_eq!(reordering(&[4, 3, 2, 1]), told(3, Some(3)));
    }

    #[test]
    fn an_extent_is_told_up_to_its_limit() {
        let far = |extent: u64| (2..2 + extent).chain([1]).collect::<Vec<_>>();
        assert_eq!(reordering(&far(63)).unwrap().max_extent, Some(63));
        assert_eq!(reordering(&far(64)).unwrap().max_extent, Some(64));
        assert_eq!(reordering(&far(200)).unwrap().max_extent, Some(64));
        let all_overtaken_by_one: Vec<_> = [100].into_iter().chain(1..=80).collect();
        let told = reordering(&all_overtaken_by_one).unwrap();
        assert_eq!((told.reordered, told.max_extent), (80, Some(64)));
    }

    #[test]
    fn runs_by_hand() {
        let told = |count, longest, current| {
            Some(LossRuns {
                count,
                longest,
                current,
            })
        };
        assert_eq!(runs(&[], &[1, 2]), None);
        // 1 2 3 lost, 4 replied, 5 6 lost.
        assert_eq!(runs(&[1, 2, 3, 5, 6], &[4]), told(2, 3, 2));
        // Once 7 is replied no run is going on.
        assert_eq!(runs(&[1, 2, 3, 5, 6], &[4, 7]), told(2, 3, 0));
        // 5 was replied before 4's deadline came.
        assert_eq!(runs(&[4], &[5]), told(1, 1, 0));
    }

    #[test]
    fn a_loss_between_two_runs_joins_them() {
        let told = |count, longest, current| {
            Some(LossRuns {
                count,
                longest,
                current,
            })
        };
        assert_eq!(runs(&[1, 2, 4, 5], &[]), told(2, 2, 2));
        assert_eq!(runs(&[1, 2, 4, 5, 3], &[]), told(1, 5, 5));
        assert_eq!(runs(&[3, 2, 1], &[]), told(1, 3, 3));
        assert_eq!(runs(&[3, 3, 3], &[]), told(1, 1, 1));
        assert_eq!(runs(&[u64::MAX, 0, u64::MAX - 1], &[]), told(2, 2, 2));
    }

    #[test]
    fn beyond_eight_open_runs_the_oldest_is_closed() {
        let every_other: Vec<_> = (0..9).map(|i| 2 * i).collect();
        // 2, 4, … 16 are open, 0 is closed: 3 joins 2 and 4, 1 only joins 2.
        assert_eq!(runs(&every_other, &[]).unwrap().count, 9);
        assert_eq!(
            runs(&[every_other.as_slice(), &[3]].concat(), &[])
                .unwrap()
                .count,
            8
        );
        let closed = runs(&[every_other.as_slice(), &[1]].concat(), &[]).unwrap();
        assert_eq!((closed.count, closed.longest), (9, 2));
    }

    proptest! {
        #[test]
        fn reordering_as_the_rfc_words_it(seqs in Just((0..50).collect::<Vec<u64>>()).prop_shuffle()) {
            let (mut reordered, mut max_extent, mut next_expected) = (0, None, 0);
            for (i, &seq) in seqs.iter().enumerate() {
                if seq >= next_expected {
                    next_expected = seq + 1;
                    continue;
                }
                reordered += 1;
                let first = seqs.iter().position(|&other| other > seq).unwrap();
                max_extent = max_extent.max(Some((i - first) as u64));
            }
            prop_assert_eq!(reordering(&seqs), Some(Reordering { reordered, max_extent }));
        }

        /// Sixteen numbers have no room for more than eight runs.
        #[test]
        fn eight_runs_may_grow_in_any_order(
            lost in prop::collection::btree_set(0..16_u64, 1..16)
                .prop_map(|lost| lost.into_iter().collect::<Vec<_>>()).prop_shuffle()
        ) {
            prop_assert_eq!(runs(&lost, &[]), Some(expected(&lost.into_iter().collect())));
        }

        #[test]
        fn any_number_of_runs_may_grow_a_little_out_of_order(
            lost in prop::collection::btree_set(0..300_u64, 1..200),
            swaps in prop::collection::vec(any::<bool>(), 100),
        ) {
            let mut order: Vec<_> = lost.iter().copied().collect();
            for (pair, swap) in order.chunks_exact_mut(2).zip(swaps) {
                if swap {
                    pair.reverse();
                }
            }
            prop_assert_eq!(runs(&order, &[]), Some(expected(&lost)));
        }
    }

    fn expected(lost: &BTreeSet<u64>) -> LossRuns {
        let mut lengths = Vec::new();
        for &seq in lost {
            match lengths.last_mut() {
                Some(length) if lost.contains(&seq.wrapping_sub(1)) => *length += 1,
                _ => lengths.push(1),
            }
        }
        LossRuns {
            count: lengths.len() as u64,
            longest: *lengths.iter().max().unwrap(),
            current: *lengths.last().unwrap(),
        }
    }
}
