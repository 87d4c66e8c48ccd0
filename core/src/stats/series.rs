//! A series of durations and what can be said about it.
//!
//! Owns the sums, extremes and percentiles. Knows nothing of probes: whoever
//! feeds a series decides what belongs into it.

use super::buckets::error_ppm;
use super::samples::{Durations, Extent, Samples, select};
use super::size::Size;
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
        // One each nanosecond would take 584 years to count too far, and so many sum to less
        // than 2¹²⁸.
        self.n += 1;
        self.sum += u128::from(nanos);
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

/// A series of which the whole distribution is asked for.
#[derive(Debug, Clone)]
pub(super) struct Series<Z: Size> {
    totals: Totals,
    /// The sum of the squares, until it outgrows 128 bits: σ is exact or absent.
    squares: Option<u128>,
    samples: Samples<Z>,
}

impl<Z: Size> Series<Z> {
    pub(super) fn new() -> Self {
        Self::part_of(1)
    }

    /// One of so many `parts` that have the room of one series together.
    pub(super) fn part_of(parts: usize) -> Self {
        Self {
            totals: Totals::new(),
            squares: Some(0),
            samples: Samples::new(parts),
        }
    }

    /// Begins again, empty.
    pub(super) const fn clear(&mut self) {
        self.totals = Totals::new();
        self.squares = Some(0);
        self.samples.clear();
    }

    #[expect(
        clippy::inline_always,
        reason = "a call would add a sixth to it, as callgrind counts"
    )]
    #[inline(always)]
    pub(super) fn record(&mut self, nanos: u64) {
        self.totals.record(nanos);
        self.squares = with_square(self.squares, nanos);
        self.samples.record(nanos);
    }

    pub(super) fn distribution(&self) -> Option<Distribution> {
        distribution(core::iter::once(self), &[])
    }
}

#[inline]
fn with_square(squares: Option<u128>, nanos: u64) -> Option<u128> {
    let square = u128::from(nanos) * u128::from(nanos);
    squares.and_then(|squares| squares.checked_add(square))
}

/// The distribution of all these series and of the `other` durations together.
pub(super) fn distribution<'a, Z: Size + 'a>(
    all: impl Iterator<Item = &'a Series<Z>> + Clone,
    other: &[u64],
) -> Option<Distribution> {
    let (mut totals, mut squares, mut exact) = (Totals::new(), Some(0_u128), true);
    for series in all.clone() {
        totals.add(&series.totals);
        let both = squares.zip(series.squares);
        squares = both.and_then(|(these, those)| these.checked_add(those));
        exact &= series.samples.is_exact();
    }
    for &nanos in other {
        totals.record(nanos);
        squares = with_square(squares, nanos);
    }
    let Range {
        n,
        min_ns,
        mean_ns,
        max_ns,
    } = totals.range()?;
    let ranks = [500_000, 900_000, 950_000, 990_000, 999_000].map(|ppm| rank(n, ppm));
    let upper_middle = n / 2 + 1;
    let [p50, p90, p95, p99, p99_9] = ranks;
    let ranks = [p50, upper_middle, p90, p95, p99, p99_9];
    let extent = Extent {
        min: min_ns,
        max: max_ns,
    };
    let mut told = ranked(all, other, n, extent, ranks).into_iter();
    let mut next = || told.next().unwrap_or(max_ns);
    let (p50_ns, upper_middle) = (next(), next());
    Some(Distribution {
        n,
        min_ns,
        mean_ns,
        median_ns: u64::midpoint(p50_ns, upper_middle),
        max_ns,
        stddev_ns: squares.and_then(|squares| deviation(&totals, squares)),
        p50_ns,
        p90_ns: next(),
        p95_ns: next(),
        p99_ns: next(),
        p99_9_ns: next(),
        percentile_error_ppm: if exact { 0 } else { error_ppm(Z::RESOLUTION) },
    })
}

/// The smallest duration that at least `ppm` millionths of a series and the `other` durations
/// do not exceed.
pub(super) fn percentile<Z: Size>(series: &Series<Z>, other: &[u64], ppm: u32) -> Option<u64> {
    let mut totals = series.totals.clone();
    for &nanos in other {
        totals.record(nanos);
    }
    let Range {
        n, min_ns, max_ns, ..
    } = totals.range()?;
    let extent = Extent {
        min: min_ns,
        max: max_ns,
    };
    let all = core::iter::once(series);
    let [nanos] = ranked(all, other, n, extent, [rank(n, ppm)]);
    Some(nanos)
}

/// The place, from 1, of the smallest of `n` durations that at least `ppm` millionths of them
/// do not exceed (RFC 2330 §11.3).
fn rank(n: u64, ppm: u32) -> u64 {
    saturate((u128::from(n) * u128::from(ppm)).div_ceil(1_000_000))
}

/// The durations at these `ranks`, which do not fall, among all `n` in `extent`.
fn ranked<'a, Z: Size + 'a, const N: usize>(
    all: impl Iterator<Item = &'a Series<Z>> + Clone,
    other: &[u64],
    n: u64,
    extent: Extent,
    ranks: [u64; N],
) -> [u64; N] {
    let all = all.map(|series| series.samples.durations());
    let all = all.chain(core::iter::once(Durations::Each(other)));
    let mut told = select(&all, Z::RESOLUTION, extent, ranks);
    for (nanos, rank) in told.iter_mut().zip(ranks) {
        // The extremes are known exactly, whatever there is room for.
        match rank {
            0..=1 => *nanos = extent.min,
            _ if rank >= n => *nanos = extent.max,
            _ => {}
        }
    }
    told
}

/// The population's standard deviation, rounded down.
///
/// n·σ² = Σx² − (Σx)²/n. The square of the sum may not fit where the sum of the squares
/// does, so with Σx = mean·n + rest it is taken apart: (Σx)²/n = mean²·n + 2·mean·rest +
/// rest²/n, no part of which exceeds Σx².
fn deviation(totals: &Totals, squares: u128) -> Option<u64> {
    let n = u128::from(totals.n);
    let mean = totals.sum.checked_div(n)?;
    let rest = totals.sum % n;
    let spread = squares - mean * mean * n - 2 * mean * rest - (rest * rest).div_ceil(n);
    Some(saturate((spread / n).isqrt()))
}

/// `value`, or the largest `u64` if it is larger.
pub(super) fn saturate(value: u128) -> u64 {
    u64::try_from(value).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::super::buckets::LIMIT;
    use super::*;
    use crate::stats::{Fleet, Small};
    use proptest::prelude::*;
    use std::vec::Vec;

    fn sized<Z: Size>(values: &[u64]) -> Option<Distribution> {
        let mut series: Series<Z> = Series::new();
        for &value in values {
            series.record(value);
        }
        series.distribution()
    }

    fn distribution(values: &[u64]) -> Option<Distribution> {
        sized::<Fleet>(values)
    }

    #[test]
    fn an_empty_series_has_no_distribution() {
        assert_eq!(distribution(&[]), None);
        assert_eq!(Totals::new().range(), None);
    }

    #[test]
    fn a_textbook_population() {
        // Mean 5, variance 4.
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
                percentile_error_ppm: 0,
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
    fn beyond_the_limit_a_percentile_is_the_maximum_once_there_is_no_room() {
        let far = [[1; 90].as_slice(), &[LIMIT; 90], &[LIMIT + 5], &[LIMIT + 9]].concat();
        let told = sized::<Small>(&far).unwrap();
        assert_eq!(
            (told.min_ns, told.p90_ns, told.max_ns),
            (1, LIMIT + 9, LIMIT + 9)
        );
        assert_eq!(sized::<Fleet>(&far).unwrap().p90_ns, LIMIT, "there is");
    }

    #[test]
    fn it_is_told_how_exact_percentiles_are() {
        let fits: Vec<_> = (0..165).collect();
        let more: Vec<_> = (0..166).collect();
        let error = |values| sized::<Small>(values).unwrap().percentile_error_ppm;
        assert_eq!((error(&fits), error(&more)), (0, 125_000));
    }

    /// Durations of every magnitude below `LIMIT`, many of them equal.
    fn durations() -> impl Strategy<Value = Vec<u64>> {
        let any_magnitude = (0..LIMIT, 0..42_u32).prop_map(|(nanos, shift)| nanos >> shift);
        let alike = 100_000..100_100_u64;
        prop::collection::vec(prop_oneof![any_magnitude, alike], 1..300)
    }

    /// What the definition says, word for word, against what is told, for as many
    /// durations as are kept and for more.
    fn keep_their_bound(whole: &Distribution, values: &mut [u64]) -> Result<(), TestCaseError> {
        values.sort_unstable();
        let n = values.len();
        let bound = |exact: u64| u128::from(exact) * u128::from(whole.percentile_error_ppm);
        for (permille, told) in [
            (500, whole.p50_ns),
            (900, whole.p90_ns),
            (950, whole.p95_ns),
            (990, whole.p99_ns),
            (999, whole.p99_9_ns),
        ] {
            // The smallest x with F(x) >= p.
            let exact = *values
                .iter()
                .find(|&&x| values.partition_point(|&y| y <= x) * 1000 >= n * permille)
                .unwrap();
            let error = u128::from(told.abs_diff(exact)) * 1_000_000;
            prop_assert!(error <= bound(exact), "p{permille}: {told} for {exact}");
            prop_assert!(values[0] <= told && told <= values[n - 1]);
            keeps_its_digits(whole, told)?;
        }
        keeps_its_digits(whole, whole.median_ns)?;
        let middle_two = values[(n - 1) / 2] + values[n / 2];
        // Rounding down may cost half a nanosecond more.
        let error = u128::from((2 * whole.median_ns).abs_diff(middle_two));
        prop_assert!(error.saturating_sub(1) * 1_000_000 <= bound(middle_two));
        Ok(())
    }

    /// What is printed of it has no digit that says more than is known, and none too few,
    /// whether it lies at an extreme or not.
    fn keeps_its_digits(whole: &Distribution, nanos: u64) -> Result<(), TestCaseError> {
        let (known, unit) = whole.known(nanos);
        let extent = whole.min_ns..=whole.max_ns;
        prop_assert!(extent.contains(&known) && known.is_multiple_of(unit));
        let error = u128::from(nanos) * u128::from(whole.percentile_error_ppm);
        // An extreme that is nearer than that bounds it, too.
        let farthest = (nanos - whole.min_ns).max(whole.max_ns - nanos);
        let error = error.min(u128::from(farthest) * 1_000_000);
        let fewer_digits = (whole.max_ns / (unit * 10)) * (unit * 10) >= whole.min_ns;
        prop_assert!(
            u128::from(unit) * 1_000_000 >= error || !fewer_digits,
            "{unit} of {nanos}"
        );
        prop_assert!(
            unit == 1 || u128::from(unit / 10) * 1_000_000 < error,
            "{unit} of {nanos}"
        );
        Ok(())
    }

    /// No digit but the last is wrong, and that by one at the most.
    fn is_known(whole: &Distribution, told: u64, exact: u64) {
        let (known, unit) = whole.known(told);
        let off = known.abs_diff(exact);
        assert!(off <= unit, "{known} by {unit} for {exact}");
        let extent = whole.min_ns..=whole.max_ns;
        assert!(extent.contains(&known), "{known} in {extent:?}");
    }

    #[test]
    fn a_percentile_near_an_extreme_has_only_the_digits_that_are_known() {
        // 1,000 durations, which 165 places do not hold: half a bucket is 12.5 % of them.
        for (middle, spread) in [
            (100_000, 60),
            (100_000, 6_000),
            (25_000, 50),
            (25_000, 9_000),
        ] {
            let mut series: Series<Small> = Series::new();
            let all: Vec<_> = (0..=1_000_u64)
                .map(|i| (middle - spread) * 1_000 + i * 2 * spread)
                .collect();
            for nanos in &all {
                series.record(*nanos);
            }
            let told = series.distribution().unwrap();
            assert_ne!(told.percentile_error_ppm, 0);
            for (told_ns, exact) in [
                (told.p50_ns, all[500]),
                (told.median_ns, all[500]),
                (told.p90_ns, all[900]),
                (told.p95_ns, all[950]),
                (told.p99_ns, all[990]),
            ] {
                is_known(&told, told_ns, exact);
            }
        }
    }

    #[test]
    fn a_percentile_is_told_with_as_many_digits_as_are_known() {
        let of = |percentile_error_ppm| Distribution {
            percentile_error_ppm,
            ..distribution(&[24_900_000, 25_080_000]).unwrap()
        };
        assert_eq!(of(0).known(25_035_123), (25_035_123, 1));
        assert_eq!(of(977).known(25_035_123), (25_000_000, 100_000));
        // 25.1 ms would be above the greatest.
        assert_eq!(of(977).known(25_070_000), (25_000_000, 100_000));
        // The extremes are no better known than what lies between them.
        assert_eq!(of(977).known(24_900_000), (24_900_000, 100_000));
        assert_eq!(of(977).known(25_080_000), (25_000_000, 100_000));
        assert_eq!(of(0).known(25_080_000), (25_080_000, 1));
        assert_eq!(of(7813).known(24_950_000), (25_000_000, 1_000_000));
        let narrow = |min_ns, max_ns| Distribution {
            min_ns,
            max_ns,
            ..of(977)
        };
        // Both extremes say more than the bucket does.
        assert_eq!(
            narrow(33_328_000, 33_338_000).known(33_338_000),
            (33_330_000, 10_000)
        );
        // No number of fewer digits lies between them.
        assert_eq!(
            narrow(33_331_000, 33_339_000).known(33_335_400),
            (33_335_000, 1_000)
        );
        assert_eq!(narrow(33_331_234, 33_331_234).known(33_331_234).1, 1);
        // Of one of more than 73 minutes no digit is known.
        let (known, unit) = narrow(1, 5 * LIMIT).known(5 * LIMIT);
        assert!(unit > LIMIT && known <= 5 * LIMIT, "{known}, {unit}");
    }

    proptest! {
        #[test]
        fn percentiles_are_exact_while_there_is_room(mut values in durations()) {
            let told = distribution(&values).unwrap();
            prop_assert_eq!(told.percentile_error_ppm, 0);
            keep_their_bound(&told, &mut values)?;
        }

        #[test]
        fn percentiles_keep_their_bound_in_any_size(mut values in durations()) {
            keep_their_bound(&sized::<Small>(&values).unwrap(), &mut values)?;
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
