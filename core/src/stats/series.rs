//! A series of durations and what can be said about it.
//!
//! Owns the sums, extremes and percentiles. Knows nothing of probes: whoever
//! feeds a series decides what belongs into it.

use super::histogram::{Histogram, buckets};
use super::summary::{Distribution, Range};

/// A series of which only number, extremes and mean are asked for.
#[derive(Debug, Clone)]
pub(super) struct Totals {
    n: u64,
    sum: u128,
    min: u64,
    max: u64,
}

impl Totals {
    pub(super) const fn new() -> Self {
        Self {
            n: 0,
            sum: 0,
            min: u64::MAX,
            max: 0,
        }
    }

    pub(super) fn record(&mut self, nanos: u64) {
        self.n = self.n.saturating_add(1);
        self.sum = self.sum.saturating_add(u128::from(nanos));
        self.min = self.min.min(nanos);
        self.max = self.max.max(nanos);
    }

    /// Adds another series to this one.
    fn add(&mut self, other: &Self) {
        self.n = self.n.saturating_add(other.n);
        self.sum = self.sum.saturating_add(other.sum);
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
    }

    pub(super) fn range(&self) -> Option<Range> {
        Some(Range {
            n: self.n,
            min_ns: self.min,
            mean_ns: self.mean()?,
            max_ns: self.max,
        })
    }

    /// The mean, rounded down.
    pub(super) fn mean(&self) -> Option<u64> {
        self.sum.checked_div(u128::from(self.n)).map(saturate)
    }
}

/// A series of which the whole distribution is asked for, with percentiles as exact as
/// a [`Histogram`] of `SUB_BITS` knows them: within 1/128 by default.
#[derive(Debug, Clone)]
pub(super) struct Series<const SUB_BITS: u32 = 6, const BUCKETS: usize = { buckets(6) }> {
    totals: Totals,
    /// The sum of the squares, until it outgrows 128 bits: σ is exact or absent.
    squares: Option<u128>,
    histogram: Histogram<SUB_BITS, BUCKETS>,
}

impl<const SUB_BITS: u32, const BUCKETS: usize> Series<SUB_BITS, BUCKETS> {
    pub(super) const fn new() -> Self {
        Self {
            totals: Totals::new(),
            squares: Some(0),
            histogram: Histogram::new(),
        }
    }

    pub(super) fn record(&mut self, nanos: u64) {
        self.totals.record(nanos);
        let square = u128::from(nanos) * u128::from(nanos);
        self.squares = self.squares.and_then(|squares| squares.checked_add(square));
        self.histogram.record(nanos);
    }

    /// Adds another series to this one.
    pub(super) fn add(&mut self, other: &Self) {
        self.totals.add(&other.totals);
        let both = self.squares.zip(other.squares);
        self.squares = both.and_then(|(these, those)| these.checked_add(those));
        self.histogram.add(&other.histogram);
    }

    pub(super) fn distribution(&self) -> Option<Distribution> {
        let Range {
            n,
            min_ns,
            mean_ns,
            max_ns,
        } = self.totals.range()?;
        Some(Distribution {
            n,
            min_ns,
            mean_ns,
            median_ns: u64::midpoint(self.nth(n.div_ceil(2)), self.nth(n / 2 + 1)),
            max_ns,
            stddev_ns: self.deviation(),
            p50_ns: self.percentile(500),
            p90_ns: self.percentile(900),
            p95_ns: self.percentile(950),
            p99_ns: self.percentile(990),
            p99_9_ns: self.percentile(999),
        })
    }

    /// The smallest duration that at least `permille` of the series do not
    /// exceed (RFC 2330 §11.3).
    fn percentile(&self, permille: u64) -> u64 {
        let rank = (u128::from(self.totals.n) * u128::from(permille)).div_ceil(1000);
        self.nth(saturate(rank))
    }

    /// The `rank`-th smallest duration: the extremes are known exactly, the
    /// others as well as the histogram knows them.
    fn nth(&self, rank: u64) -> u64 {
        let Totals { n, min, max, .. } = self.totals;
        if rank <= 1 {
            min
        } else if rank >= n {
            max
        } else {
            self.histogram
                .nth(rank)
                .map_or(max, |nanos| nanos.clamp(min, max))
        }
    }

    /// The population's standard deviation, rounded down.
    ///
    /// n·σ² = Σx² − (Σx)²/n. The square of the sum may not fit where the sum of
    /// the squares does, so with Σx = mean·n + rest it is taken apart:
    /// (Σx)²/n = mean²·n + 2·mean·rest + rest²/n, no part of which exceeds Σx².
    fn deviation(&self) -> Option<u64> {
        let squares = self.squares?;
        let n = u128::from(self.totals.n);
        let mean = self.totals.sum.checked_div(n)?;
        let rest = self.totals.sum % n;
        let spread = squares - mean * mean * n - 2 * mean * rest - (rest * rest).div_ceil(n);
        Some(saturate((spread / n).isqrt()))
    }
}

/// `value`, or the largest `u64` if it is larger.
pub(super) fn saturate(value: u128) -> u64 {
    u64::try_from(value).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::super::histogram::LIMIT;
    use super::*;
    use proptest::prelude::*;
    use std::vec::Vec;

    fn distribution(values: &[u64]) -> Option<Distribution> {
        let mut series: Series = Series::new();
        for &value in values {
            series.record(value);
        }
        series.distribution()
    }

    #[test]
    fn an_empty_series_has_no_distribution() {
        assert_eq!(distribution(&[]), None);
        assert_eq!(Totals::new().range(), None);
    }

    #[test]
    fn a_textbook_population() {
        // Mean 5, variance 4, and small enough that the histogram is exact.
        let told = distribution(&[2, 4, 4, 4, 5, 5, 7, 9]).unwrap();
        assert_eq!(
            told,
            Distribution {
                n: 8,
                min_ns: 2,
                mean_ns: 5,
                median_ns: 4, // (4 + 5) / 2, rounded down
                max_ns: 9,
                stddev_ns: Some(2),
                p50_ns: 4,
                p90_ns: 9,
                p95_ns: 9,
                p99_ns: 9,
                p99_9_ns: 9,
            }
        );
    }

    #[test]
    fn percentiles_of_one_to_a_hundred() {
        let told = distribution(&(1..=100).collect::<Vec<_>>()).unwrap();
        assert_eq!((told.p50_ns, told.p90_ns, told.p95_ns), (50, 90, 95));
        assert_eq!((told.p99_ns, told.p99_9_ns), (99, 100));
        assert_eq!((told.median_ns, told.mean_ns), (50, 50));
        // The variance is (100² − 1) / 12 = 833.25.
        assert_eq!(told.stddev_ns, Some(28));
    }

    #[test]
    fn one_duration_is_everything_at_once_and_exactly() {
        let told = distribution(&[1_234_567]).unwrap();
        assert_eq!(
            (told.median_ns, told.p50_ns, told.p99_9_ns),
            (1_234_567, 1_234_567, 1_234_567)
        );
        assert_eq!(told.stddev_ns, Some(0));
    }

    #[test]
    fn equal_durations_are_told_exactly() {
        let told = distribution(&[1000; 5]).unwrap();
        assert_eq!(
            (told.median_ns, told.p50_ns, told.stddev_ns),
            (1000, 1000, Some(0))
        );
    }

    #[test]
    fn a_deviation_just_below_a_nanosecond_is_rounded_down() {
        // The variance is 8/9.
        assert_eq!(distribution(&[0, 2, 2]).unwrap().stddev_ns, Some(0));
    }

    #[test]
    fn a_deviation_that_no_longer_can_be_exact_is_absent() {
        assert_eq!(distribution(&[u64::MAX]).unwrap().stddev_ns, Some(0));
        let told = distribution(&[u64::MAX, u64::MAX]).unwrap();
        assert_eq!((told.mean_ns, told.stddev_ns), (u64::MAX, None));
    }

    #[test]
    fn beyond_the_limit_a_percentile_is_the_maximum() {
        let told = distribution(&[1, LIMIT, LIMIT + 5, LIMIT + 9]).unwrap();
        assert_eq!(
            (told.min_ns, told.p50_ns, told.max_ns),
            (1, LIMIT + 9, LIMIT + 9)
        );
    }

    /// Durations of every magnitude below `LIMIT`, many of them equal.
    fn durations() -> impl Strategy<Value = Vec<u64>> {
        let any_magnitude = (0..LIMIT, 0..42_u32).prop_map(|(nanos, shift)| nanos >> shift);
        let alike = 100_000..100_100_u64;
        prop::collection::vec(prop_oneof![any_magnitude, alike], 1..300)
    }

    fn within_a_128th(told: u64, exact: u64) -> bool {
        u128::from(told.abs_diff(exact)) * 128 <= u128::from(exact)
    }

    proptest! {
        #[test]
        fn percentiles_keep_their_bound(mut values in durations()) {
            let told = distribution(&values).unwrap();
            values.sort_unstable();
            let n = values.len();
            for (permille, told) in [
                (500, told.p50_ns), (900, told.p90_ns), (950, told.p95_ns),
                (990, told.p99_ns), (999, told.p99_9_ns),
            ] {
                // The definition, word for word: the smallest x with F(x) >= p.
                let exact = *values
                    .iter()
                    .find(|&&x| values.partition_point(|&y| y <= x) * 1000 >= n * permille)
                    .unwrap();
                prop_assert!(within_a_128th(told, exact), "p{permille}: {told} for {exact}");
            }
            let middle_two = values[(n - 1) / 2] + values[n / 2];
            // Rounding down may cost half a nanosecond more.
            let error = u128::from((2 * told.median_ns).abs_diff(middle_two));
            prop_assert!(error.saturating_sub(1) * 128 <= u128::from(middle_two));
        }

        #[test]
        fn the_rest_is_exact(values in durations()) {
            let told = distribution(&values).unwrap();
            let (n, sum) = (values.len() as u128, values.iter().map(|&x| u128::from(x)).sum::<u128>());
            prop_assert_eq!(u128::from(told.n), n);
            prop_assert_eq!(told.min_ns, *values.iter().min().unwrap());
            prop_assert_eq!(told.max_ns, *values.iter().max().unwrap());
            prop_assert_eq!(u128::from(told.mean_ns), sum / n);
            let spread = values.iter().map(|&x| (u128::from(x) * n).abs_diff(sum).pow(2)).sum::<u128>();
            let deviation = (spread / n.pow(3)).isqrt();
            prop_assert_eq!(told.stddev_ns.map(u128::from), Some(deviation));
        }

        #[test]
        fn any_durations_at_all_are_ordered(values in prop::collection::vec(any::<u64>(), 1..50)) {
            let told = distribution(&values).unwrap();
            let ladder = [
                told.min_ns, told.p50_ns, told.p90_ns, told.p95_ns, told.p99_ns, told.p99_9_ns,
                told.max_ns,
            ];
            prop_assert!(ladder.is_sorted(), "{ladder:?}");
            prop_assert!(told.p50_ns <= told.median_ns && told.median_ns <= told.max_ns);
            prop_assert!(told.min_ns <= told.mean_ns && told.mean_ns <= told.max_ns);
        }
    }
}
