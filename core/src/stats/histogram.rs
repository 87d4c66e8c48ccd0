//! How often each duration occurred, in constant memory.
//!
//! Owns the log-linear buckets and the search for a rank among them. Knows
//! nothing of percentiles, probes or what the durations measure.

/// From here on all durations share the last bucket: 2⁴² ns, 73 minutes.
pub(super) const LIMIT: u64 = 1 << 42;

/// How many buckets there are where each octave is cut into 2 to the power of
/// `sub_bits`.
pub(super) const fn buckets(sub_bits: u32) -> usize {
    bucket(LIMIT, sub_bits) + 1
}

/// Counts of durations, where each octave is cut into 2 to the power of `SUB_BITS`
/// buckets of equal width. With n of them a bucket is at most 1/n of the values in it
/// wide, and its middle at most 1/2n away from them. Below 2n ns it is exact.
#[derive(Debug, Clone)]
pub(super) struct Histogram<const SUB_BITS: u32, const BUCKETS: usize> {
    counts: [u64; BUCKETS],
}

impl<const SUB_BITS: u32, const BUCKETS: usize> Histogram<SUB_BITS, BUCKETS> {
    pub(super) const fn new() -> Self {
        const { assert!(BUCKETS == buckets(SUB_BITS)) }
        let counts = [0; BUCKETS];
        Self { counts }
    }

    pub(super) const fn record(&mut self, nanos: u64) {
        let count = &mut self.counts[bucket(nanos, SUB_BITS)];
        *count = count.saturating_add(1);
    }

    /// Adds what another one has counted.
    pub(super) fn add(&mut self, other: &Self) {
        for (count, more) in self.counts.iter_mut().zip(&other.counts) {
            *count = count.saturating_add(*more);
        }
    }

    /// The `rank`-th smallest duration, counted from 1: the middle of the bucket
    /// that it lies in. `None` if there are fewer, or if it is [`LIMIT`] or more.
    pub(super) fn nth(&self, rank: u64) -> Option<u64> {
        let mut seen = 0_u64;
        let index = self.counts.iter().position(|&count| {
            seen = seen.saturating_add(count);
            seen >= rank
        })?;
        (index + 1 < BUCKETS).then(|| middle(index, SUB_BITS))
    }
}

/// The bucket of a duration. In the first two octaves' worth of buckets each is one
/// nanosecond wide; above, its width doubles with every octave.
#[expect(
    clippy::cast_possible_truncation,
    reason = "shifted to below two octaves' buckets first"
)]
const fn bucket(nanos: u64, sub_bits: u32) -> usize {
    let nanos = if nanos < LIMIT { nanos } else { LIMIT };
    let shift = (nanos | 1).ilog2().saturating_sub(sub_bits);
    ((shift as usize) << sub_bits) + (nanos >> shift) as usize
}

/// The middle of a bucket, the inverse of [`bucket`].
const fn middle(index: usize, sub_bits: u32) -> u64 {
    let shift = (index >> sub_bits).saturating_sub(1);
    let first = ((index - (shift << sub_bits)) as u64) << shift;
    first + (1 << shift) / 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const BUCKETS: usize = buckets(6);

    fn bucket(nanos: u64) -> usize {
        super::bucket(nanos, 6)
    }

    fn middle(index: usize) -> u64 {
        super::middle(index, 6)
    }

    #[test]
    fn below_128_ns_every_nanosecond_has_its_bucket() {
        for nanos in 0..128 {
            assert_eq!(middle(bucket(nanos)), nanos);
        }
    }

    #[test]
    fn buckets_follow_one_another_without_gap_or_overlap() {
        assert_eq!(bucket(127) + 1, bucket(128));
        assert_eq!(bucket(128), bucket(129));
        assert_eq!(bucket(129) + 1, bucket(130));
        assert_eq!(bucket(255) + 1, bucket(256));
        assert_eq!(bucket(259) + 1, bucket(260));
        assert_eq!(bucket(LIMIT - 1) + 1, bucket(LIMIT));
        assert_eq!(bucket(LIMIT), bucket(u64::MAX));
    }

    #[test]
    fn the_middle_of_a_bucket_lies_in_it() {
        for index in 0..BUCKETS {
            assert_eq!(bucket(middle(index)), index);
        }
    }

    #[test]
    fn a_rank_outside_or_beyond_the_limit_has_no_duration() {
        let mut histogram = Histogram::<6, BUCKETS>::new();
        assert_eq!(histogram.nth(1), None);
        histogram.record(70);
        histogram.record(LIMIT);
        assert_eq!(histogram.nth(1), Some(70));
        assert_eq!(histogram.nth(2), None);
        assert_eq!(histogram.nth(3), None);
    }

    proptest! {
        #[test]
        fn a_coarser_one_keeps_its_bound(
            nanos in (0..LIMIT, 0..42_u32).prop_map(|(n, s)| n >> s),
            sub_bits in 0..10_u32,
        ) {
            let middle = super::middle(super::bucket(nanos, sub_bits), sub_bits);
            let error = u128::from(middle.abs_diff(nanos));
            prop_assert!((error << (sub_bits + 1)) <= u128::from(nanos));
        }

        #[test]
        fn the_middle_is_within_a_128th(nanos in (0..LIMIT, 0..42_u32).prop_map(|(n, s)| n >> s)) {
            let error = u128::from(middle(bucket(nanos)).abs_diff(nanos));
            prop_assert!(error * 128 <= u128::from(nanos));
        }
    }
}
