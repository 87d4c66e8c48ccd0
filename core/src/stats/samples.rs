//! Durations in constant memory: one by one while they fit, by bucket after that.
//!
//! Owns the room, and the search for a rank in it. Knows nothing of percentiles, probes or
//! what the durations measure.

use super::buckets::{self, LIMIT, bucket};
use super::size::Size;

/// Durations in no order. The cells hold the durations themselves until there are more than
/// cells; then, counts of them by bucket. With n buckets to the octave, each is at most 1/n
/// of the values in it wide, and its middle at most 1/2n away from them. Below 2n ns it is
/// exact.
#[derive(Debug, Clone)]
pub(super) struct Samples<Z: Size> {
    cells: Z::Cells,
    /// How many cells may hold durations.
    room: usize,
    /// How many do; `None` once they hold counts.
    held: Option<usize>,
}

impl<Z: Size> Samples<Z> {
    /// None yet; one by one while no more than one in `share` of the cells is needed.
    pub(super) fn new(share: usize) -> Self {
        let cells = Z::cells();
        Self {
            room: cells.as_ref().len() / share,
            cells,
            held: Some(0),
        }
    }

    /// Forgets all of them.
    pub(super) const fn clear(&mut self) {
        self.held = Some(0);
    }

    /// Whether every one is known.
    pub(super) const fn is_exact(&self) -> bool {
        self.held.is_some()
    }

    #[inline]
    pub(super) fn record(&mut self, nanos: u64) {
        match self.held {
            None => self.count(nanos),
            Some(held) if held < self.room => {
                self.cells.as_mut()[held] = nanos;
                self.held = Some(held + 1);
            }
            Some(held) => self.outgrow(held, nanos),
        }
    }

    /// Once in a run.
    #[cold]
    #[inline(never)]
    fn outgrow(&mut self, held: usize, nanos: u64) {
        count_by_bucket(self.cells.as_mut(), held, Z::RESOLUTION);
        self.held = None;
        self.count(nanos);
    }

    #[inline]
    fn count(&mut self, nanos: u64) {
        let count = &mut self.cells.as_mut()[bucket(nanos, Z::RESOLUTION)];
        *count = count.saturating_add(1);
    }

    /// What there is to select from.
    pub(super) fn durations(&self) -> Durations<'_> {
        let cells = self.cells.as_ref();
        match self.held {
            Some(held) => Durations::Each(&cells[..held]),
            None => Durations::Counts(cells),
        }
    }
}

/// Durations in no order, to select from.
#[derive(Debug, Clone, Copy)]
pub(super) enum Durations<'a> {
    /// One by one.
    Each(&'a [u64]),
    /// How many there are in each bucket.
    Counts(&'a [u64]),
}

/// The least and the greatest of some durations.
#[derive(Debug, Clone, Copy)]
pub(super) struct Extent {
    pub(super) min: u64,
    pub(super) max: u64,
}

/// The `ranks`-th smallest of `all` durations together, which lie in `extent`. Ranks count
/// from 1 and do not fall; one beyond their number is the greatest's. Where some are known by
/// their buckets alone, all are. Nothing is changed for it, and nothing copied but a few.
pub(super) fn select<'a, const N: usize>(
    all: &(impl Iterator<Item = Durations<'a>> + Clone),
    resolution: u32,
    extent: Extent,
    ranks: [u64; N],
) -> [u64; N] {
    let exact = all.clone().all(|it| matches!(it, Durations::Each(_)));
    let scale = if exact {
        Scale::Nanos { least: extent.min }
    } else {
        let least = bucket(extent.min, resolution);
        Scale::Buckets { least, resolution }
    };
    let greatest = scale.key(extent.max);
    let bits = u64::BITS - greatest.leading_zeros();
    let leading = Digits::of(all.clone(), scale, 0, bits);
    let mut few = Few::NONE;
    ranks.map(|rank| {
        let mut found = leading.find(rank);
        while let Some(place) = &found
            && place.bits > 0
        {
            if place.count <= FEW as u64 {
                if (few.low, few.bits) != (place.low, place.bits) {
                    few = Few::of(all.clone(), scale, place);
                }
                let key = few.nth(place.rank).unwrap_or(greatest);
                return scale.duration(key, extent);
            }
            found = Digits::of(all.clone(), scale, place.low, place.bits).find(place.rank);
        }
        scale.duration(found.map_or(greatest, |place| place.low), extent)
    })
}

/// What durations are told apart by, counted from the least of all: their keys.
#[derive(Debug, Clone, Copy)]
enum Scale {
    /// By themselves.
    Nanos { least: u64 },
    /// By their buckets.
    Buckets { least: usize, resolution: u32 },
}

impl Scale {
    #[inline]
    fn key(self, nanos: u64) -> u64 {
        match self {
            Self::Nanos { least } => nanos - least,
            Self::Buckets { least, resolution } => (bucket(nanos, resolution) - least) as u64,
        }
    }

    /// What is told of the durations with this key, all of which lie in `extent`: of a bucket's
    /// the middle of its part in `extent`; or the greatest of all if they are [`LIMIT`] or more.
    fn duration(self, key: u64, extent: Extent) -> u64 {
        match self {
            Self::Nanos { least } => least + key,
            Self::Buckets { least, resolution } => {
                let index = least + index(key);
                if index == bucket(LIMIT, resolution) {
                    extent.max
                } else {
                    let (first, last) = buckets::extent(index, resolution);
                    let (first, last) = (first.max(extent.min), last.min(extent.max));
                    first + last.saturating_sub(first).div_ceil(2)
                }
            }
        }
    }

    /// Calls `each` with the keys of `durations` from `low` on that differ from it in the last
    /// `bits` bits alone, and how often each occurs, in no order.
    #[inline]
    fn each(self, durations: Durations<'_>, low: u64, bits: u32, mut each: impl FnMut(u64, u64)) {
        let span = 1_u64.checked_shl(bits).map_or(u64::MAX, |span| span - 1);
        match (durations, self) {
            (Durations::Each(all), _) => {
                for &nanos in all {
                    let key = self.key(nanos);
                    // One comparison: what is below wraps round.
                    if key.wrapping_sub(low) <= span {
                        each(key, 1);
                    }
                }
            }
            (Durations::Counts(counts), Self::Buckets { least, .. }) => {
                let first = least.saturating_add(index(low));
                let end = first.saturating_add(index(span)).saturating_add(1);
                let counts = counts.get(first..end.min(counts.len()));
                for (key, &count) in (low..).zip(counts.unwrap_or_default()) {
                    if count > 0 {
                        each(key, count);
                    }
                }
            }
            // Counts are never told apart by more than their buckets.
            (Durations::Counts(_), Self::Nanos { .. }) => {}
        }
    }
}

fn index(key: u64) -> usize {
    usize::try_from(key).unwrap_or(usize::MAX)
}

/// Bits of a digit.
const DIGIT: u32 = 8;

/// How often each digit occurs in the keys of some range, at one place.
struct Digits {
    low: u64,
    /// How many bits of a key, less `low`, stand after the digit.
    shift: u32,
    counts: [u64; 1 << DIGIT],
}

/// Where a key of some rank lies.
struct RankRange {
    /// In `low` and those that differ from it in the last `bits` bits alone,
    low: u64,
    bits: u32,
    /// which are so many;
    count: u64,
    /// and of them it is the `rank`-th smallest.
    rank: u64,
}

impl Digits {
    /// Of the keys from `low` on that differ from it in the last `bits` bits alone.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "`bits` at most, less all but a digit's, which is a byte"
    )]
    fn of<'a>(all: impl Iterator<Item = Durations<'a>>, scale: Scale, low: u64, bits: u32) -> Self {
        let shift = bits.saturating_sub(DIGIT);
        let mut counts = [0_u64; 1 << DIGIT];
        for durations in all {
            scale.each(durations, low, bits, |key, times| {
                let count = &mut counts[usize::from(((key - low) >> shift) as u8)];
                *count = count.saturating_add(times);
            });
        }
        Self { low, shift, counts }
    }

    fn find(&self, rank: u64) -> Option<RankRange> {
        let mut before = 0_u64;
        for (digit, &count) in (0..).zip(&self.counts) {
            let upto = before.saturating_add(count);
            if upto >= rank {
                return Some(RankRange {
                    low: self.low + (digit << self.shift),
                    bits: self.shift,
                    count,
                    rank: rank - before,
                });
            }
            before = upto;
        }
        None
    }
}

/// How many keys are copied to be sorted.
const FEW: usize = 256;

/// The keys of one place, sorted.
struct Few {
    low: u64,
    bits: u32,
    len: usize,
    sorted: [u64; FEW],
}

impl Few {
    /// None, of no place.
    const NONE: Self = Self {
        low: 0,
        bits: u64::BITS + 1,
        len: 0,
        sorted: [0; FEW],
    };

    /// Those of a place that has no more.
    fn of<'a>(
        all: impl Iterator<Item = Durations<'a>>,
        scale: Scale,
        &RankRange { low, bits, .. }: &RankRange,
    ) -> Self {
        let (mut sorted, mut len) = ([0; FEW], 0);
        for durations in all {
            scale.each(durations, low, bits, |key, times| {
                for _ in 0..times {
                    sorted[len] = key;
                    len += 1;
                }
            });
        }
        sorted[..len].sort_unstable();
        Self {
            low,
            bits,
            len,
            sorted,
        }
    }

    fn nth(&self, rank: u64) -> Option<u64> {
        let index = usize::try_from(rank.checked_sub(1)?).ok()?;
        self.sorted[..self.len].get(index).copied()
    }
}

/// Turns `cells`, the first `held` of which hold durations, into counts by bucket, in their
/// own place: what stands where a count belongs is counted next.
fn count_by_bucket(cells: &mut [u64], held: usize, resolution: u32) {
    /// Marks a cell that still holds a bucket's number instead of a count.
    const WAITING: u64 = 1 << 63;
    let (durations, rest) = cells.split_at_mut(held);
    for cell in durations {
        *cell = WAITING | bucket(*cell, resolution) as u64;
    }
    rest.fill(0);
    for index in 0..held {
        let mut waiting = cells[index];
        if waiting & WAITING == 0 {
            continue;
        }
        cells[index] = 0;
        loop {
            let count = &mut cells[(waiting & !WAITING) as usize];
            if *count & WAITING == 0 {
                *count += 1;
                break;
            }
            waiting = core::mem::replace(count, 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::buckets::{self, buckets, error_ppm};
    use crate::stats::{Fleet, Inline, Small};
    use proptest::prelude::*;
    use std::vec::Vec;

    const BUCKETS: usize = buckets(6);

    fn bucket(nanos: u64) -> usize {
        super::bucket(nanos, 6)
    }

    fn middle(index: usize) -> u64 {
        middle_in(index, 6, Extent { min: 0, max: LIMIT })
    }

    fn middle_in(index: usize, resolution: u32, extent: Extent) -> u64 {
        let (first, last) = buckets::extent(index, resolution);
        let (first, last) = (first.max(extent.min), last.min(extent.max));
        first + (last - first).div_ceil(2)
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
    fn the_bound_is_stated_in_millionths_and_rounded_up() {
        assert_eq!(
            [error_ppm(2), error_ppm(4), error_ppm(9)],
            [125_000, 31_250, 977]
        );
    }

    /// Durations of every magnitude, many of them equal, and some beyond the limit.
    fn durations() -> impl Strategy<Value = Vec<u64>> {
        let any_magnitude = (any::<u64>(), 0..64_u32).prop_map(|(nanos, shift)| nanos >> shift);
        let alike = 100_000..100_100_u64;
        prop::collection::vec(prop_oneof![any_magnitude, alike], 1..400)
    }

    fn samples<Z: Size>(values: &[u64]) -> Samples<Z> {
        let mut samples = Samples::new(1);
        for &value in values {
            samples.record(value);
        }
        samples
    }

    /// Every rank of `all`.
    fn sorted<Z: Size>(all: &[Samples<Z>], values: &[u64]) -> Vec<u64> {
        let min = *values.iter().min().unwrap();
        let max = *values.iter().max().unwrap();
        (1..=values.len() as u64)
            .flat_map(|rank| {
                let all = all.iter().map(Samples::durations);
                select(&all, Z::RESOLUTION, Extent { min, max }, [rank])
            })
            .collect()
    }

    proptest! {
        // Each selects every rank there is.
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn the_middle_keeps_its_bound(
            nanos in (0..LIMIT, 0..42_u32).prop_map(|(n, s)| n >> s),
            resolution in 0..10_u32,
        ) {
            let all = Extent { min: 0, max: LIMIT };
            let middle = middle_in(super::bucket(nanos, resolution), resolution, all);
            let error = u128::from(middle.abs_diff(nanos));
            prop_assert!((error << (resolution + 1)) <= u128::from(nanos));
        }

        /// While there is room, selecting is sorting.
        #[test]
        fn what_fits_is_known_exactly(mut values in durations()) {
            let held = samples::<Fleet>(&values);
            prop_assert!(held.is_exact());
            let selected = sorted(&[held], &values);
            values.sort_unstable();
            prop_assert_eq!(selected, values);
        }

        /// Beyond, nothing is lost, and each is at the middle of what its bucket can hold.
        #[test]
        fn what_does_not_fit_is_counted_by_its_bucket(
            mut values in durations().prop_filter("more than cells", |values| values.len() > 165),
        ) {
            let counted = samples::<Small>(&values);
            prop_assert!(!counted.is_exact());
            let selected = sorted(&[counted], &values);
            values.sort_unstable();
            let (min, max) = (values[0], values[values.len() - 1]);
            let expected = values.iter().map(|&value| {
                if value >= LIMIT { max } else { middle_in(super::bucket(value, 2), 2, Extent { min, max }) }
            });
            prop_assert_eq!(selected, expected.collect::<Vec<_>>());
        }

        /// Some of them known one by one, and others by bucket.
        #[test]
        fn several_are_taken_together(one in durations(), other in durations()) {
            let both = [samples::<Small>(&one), samples(&other)];
            let mut values = [one, other].concat();
            let selected = sorted(&both, &values);
            values.sort_unstable();
            for (selected, exact) in selected.into_iter().zip(values) {
                prop_assert!(exact >= LIMIT || selected.abs_diff(exact) <= exact / 8 + 1, "{selected} for {exact}");
            }
        }

        #[test]
        fn more_room_than_buckets_is_room_all_the_same(mut values in durations()) {
            let held = samples::<Inline<400, 1, 1>>(&values);
            prop_assert!(held.is_exact());
            let selected = sorted(&[held], &values);
            values.sort_unstable();
            prop_assert_eq!(selected, values);
        }
    }

    #[test]
    fn what_is_cleared_is_forgotten() {
        let mut samples = samples::<Small>(&(0..1_000).collect::<Vec<_>>());
        assert!(!samples.is_exact());
        samples.clear();
        samples.record(7);
        assert_eq!(sorted(&[samples], &[7]), [7]);
    }
}
