//! How often each duration occurred, in constant memory.
//!
//! Owns the log-linear buckets and the search for a rank among them. Knows
//! nothing of percentiles, probes or what the durations measure.

/// Each octave is cut into 2⁶ buckets of equal width, so a bucket is at most
/// 1/64 of the values in it wide and its middle at most 1/128 away from them.
const SUB_BITS: u32 = 6;

/// From here on all durations share the last bucket: 2⁴² ns, 73 minutes.
pub(super) const LIMIT: u64 = 1 << 42;

const BUCKETS: usize = bucket(LIMIT) + 1;

/// Counts of durations, exact below 128 ns and within 1/128 of the duration
/// below [`LIMIT`].
#[derive(Debug, Clone)]
pub(super) struct Histogram {
    counts: [u64; BUCKETS],
}

impl Histogram {
    pub(super) const fn new() -> Self {
        #[expect(
            clippy::large_stack_arrays,
            reason = "the histogram's whole memory, 19 KB"
        )]
        let counts = [0; BUCKETS];
        Self { counts }
    }

    pub(super) const fn record(&mut self, nanos: u64) {
        let count = &mut self.counts[bucket(nanos)];
        *count = count.saturating_add(1);
    }

    /// The `rank`-th smallest duration, counted from 1: the middle of the bucket
    /// that it lies in. `None` if there are fewer, or if it is [`LIMIT`] or more.
    pub(super) fn nth(&self, rank: u64) -> Option<u64> {
        let mut seen = 0_u64;
        let index = self.counts.iter().position(|&count| {
            seen = seen.saturating_add(count);
            seen >= rank
        })?;
        (index + 1 < BUCKETS).then(|| middle(index))
    }
}

/// The bucket of a duration. Below 2 · 64 ns a bucket is one nanosecond wide;
/// above, its width doubles with every octave.
#[expect(
    clippy::cast_possible_truncation,
    reason = "shifted to below 2 · 64 first"
)]
const fn bucket(nanos: u64) -> usize {
    let nanos = if nanos < LIMIT { nanos } else { LIMIT };
    let shift = (nanos | 1).ilog2().saturating_sub(SUB_BITS);
    ((shift as usize) << SUB_BITS) + (nanos >> shift) as usize
}

/// The middle of a bucket, the inverse of [`bucket`].
const fn middle(index: usize) -> u64 {
    let shift = (index >> SUB_BITS).saturating_sub(1);
    let first = ((index - (shift << SUB_BITS)) as u64) << shift;
    first + (1 << shift) / 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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
        let mut histogram = Histogram::new();
        assert_eq!(histogram.nth(1), None);
        histogram.record(70);
        histogram.record(LIMIT);
        assert_eq!(histogram.nth(1), Some(70));
        assert_eq!(histogram.nth(2), None);
        assert_eq!(histogram.nth(3), None);
    }

    proptest! {
        #[test]
        fn the_middle_is_within_a_128th(nanos in (0..LIMIT, 0..42_u32).prop_map(|(n, s)| n >> s)) {
            let error = u128::from(middle(bucket(nanos)).abs_diff(nanos));
            prop_assert!(error * 128 <= u128::from(nanos));
        }
    }
}
