//! How the RTTs of any stretch of events are spread: percentiles and the cumulative curve.
//!
//! Owns counts by bins whose width is a 128th of their octave, at regular distances in the run: the
//! difference of two is a stretch between. A value told from a bin is its middle, so it is within
//! 0.4 % of the true one; of few replies the values themselves are sorted, and it is exact.

use core::ops::Range;

use super::bands::{percentiles, replies};
use crate::log::{EventKind, Log};

/// Bins an octave, as a power of two.
const BITS: u32 = 7;
/// The least events between two counts.
const STRIDE: usize = 16_384;
/// The most counts that are kept.
const MOST: usize = 128;
/// Up to so many events, values are sorted and not counted.
const FEW: usize = 40_000;

/// A run's RTTs, counted up to regular places.
#[derive(Debug, Clone, Default)]
pub(super) struct Spread {
    stride: usize,
    /// The bin of the least RTT.
    first: usize,
    /// The counts up to every `stride`-th event, from the bin `first`.
    upto: Vec<Vec<u32>>,
}

/// Where a share of all is reached.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// An RTT.
    pub rtt_ns: u64,
    /// How many replies in time do not exceed it.
    pub count: u64,
}

impl Spread {
    /// Of the run's events, whose RTTs in time are from `low` to `high`.
    pub(super) fn of(log: &Log, low: u64, high: u64) -> Self {
        let events = log.events.at.len();
        if events <= FEW || low > high {
            return Self::default();
        }
        let rtt = |event| rtt(log, event).map(bin);
        let (first, last) = (bin(low), bin(high));
        let stride = events.div_ceil(MOST).max(STRIDE);
        let mut counts = vec![0_u32; last - first + 1];
        let mut upto = Vec::new();
        for event in 0..events {
            if event % stride == 0 {
                upto.push(counts.clone());
            }
            if let Some(count) = rtt(event).and_then(|bin| counts.get_mut(bin - first)) {
                *count += 1;
            }
        }
        Self {
            stride,
            first,
            upto,
        }
    }

    /// RTTs that so many per cent of the replies in time do not exceed, in ascending order.
    pub(super) fn percentiles<const N: usize>(
        &self,
        log: &Log,
        events: Range<usize>,
        per_cent: [u64; N],
    ) -> Option<[u64; N]> {
        if self.upto.is_empty() || events.len() <= FEW {
            let mut rtts = Vec::new();
            replies(log, events, &mut rtts);
            return percentiles(&mut rtts, per_cent);
        }
        let steps = self.steps(log, events);
        let all = steps.last()?.count;
        Some(per_cent.map(|per_cent| {
            let rank = (all * per_cent).div_ceil(100).max(1);
            let at = steps.partition_point(|step| step.count < rank);
            steps.get(at).map_or(0, |step| step.rtt_ns)
        }))
    }

    /// The cumulative curve of the replies in time, in ascending order.
    pub(super) fn steps(&self, log: &Log, events: Range<usize>) -> Vec<Step> {
        if self.upto.is_empty() || events.len() <= FEW {
            let mut rtts = Vec::new();
            replies(log, events, &mut rtts);
            rtts.sort_unstable();
            let counts = rtts.iter().zip(1..);
            let mut steps: Vec<Step> = counts
                .map(|(&rtt_ns, count)| Step { rtt_ns, count })
                .collect();
            // Of equal ones the last has them all.
            steps.reverse();
            steps.dedup_by_key(|step| step.rtt_ns);
            steps.reverse();
            return steps;
        }
        let [low, high] = [events.start, events.end].map(|event| self.counts(log, event));
        let mut count = 0;
        let bins = low.iter().zip(&high).enumerate();
        bins.filter_map(|(place, (low, high))| {
            let here = high.saturating_sub(*low);
            count += u64::from(here);
            (here > 0).then(|| Step {
                rtt_ns: middle(self.first + place),
                count,
            })
        })
        .collect()
    }

    /// The counts up to an event.
    fn counts(&self, log: &Log, event: usize) -> Vec<u32> {
        let last = (event / self.stride.max(1)).min(self.upto.len().saturating_sub(1));
        let mut counts = self.upto.get(last).cloned().unwrap_or_default();
        for event in last * self.stride..event {
            let bin = rtt(log, event).map(bin);
            if let Some(count) = bin.and_then(|bin| counts.get_mut(bin - self.first)) {
                *count += 1;
            }
        }
        counts
    }
}

fn rtt(log: &Log, event: usize) -> Option<u64> {
    let replied = log.code(event)?.kind() == EventKind::Replied;
    replied
        .then(|| log.events.value.get(event).copied())
        .flatten()
}

/// The bin of an RTT.
fn bin(rtt_ns: u64) -> usize {
    let shift = rtt_ns
        .checked_ilog2()
        .map_or(0, |log| log.saturating_sub(BITS));
    // Less than twice an octave's bins is left above the shift.
    let digits = rtt_ns >> shift;
    usize::try_from((u64::from(shift) << BITS) + digits).unwrap_or(usize::MAX)
}

/// The middle of a bin.
fn middle(bin: usize) -> u64 {
    let bin = bin as u64;
    let octave = (bin >> BITS).saturating_sub(1);
    let digits = bin - (octave << BITS);
    (digits << octave) + ((1 << octave) >> 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_bin_tells_an_rtt_within_its_bound(rtt in 0..1_u64 << 53) {
            let told = middle(bin(rtt));
            prop_assert!(told.abs_diff(rtt) * 250 <= rtt, "{rtt} told as {told}");
        }

        #[test]
        fn greater_rtts_have_no_lesser_bins(rtt in 0..1_u64 << 53, more in 0..1_u64 << 50) {
            prop_assert!(bin(rtt) <= bin(rtt + more));
        }
    }
}
