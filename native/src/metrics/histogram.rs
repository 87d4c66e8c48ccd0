//! How often a time was how long: classic buckets, and Prometheus' native ones.
//!
//! Owns the counts, in nanoseconds, and which bucket is whose. Knows nothing of formats.

use super::seconds;

/// The sum and the number of times.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Summary {
    pub(crate) count: u64,
    pub(crate) sum_ns: u64,
}

impl Summary {
    pub(crate) const fn record(&mut self, nanos: u64) {
        self.count = self.count.saturating_add(1);
        self.sum_ns = self.sum_ns.saturating_add(nanos);
    }
}

/// A probe whose time is in a bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Exemplar {
    pub(crate) probe: u64,
    pub(crate) nanos: u64,
}

/// Counts in `CELLS` classic buckets, the last of which has no upper bound; and in native ones,
/// where they are wanted.
#[derive(Debug, Clone)]
pub(crate) struct Histogram<const CELLS: usize> {
    /// The upper bounds, in nanoseconds, which belong to their buckets: one fewer than `CELLS`.
    bounds: &'static [u64],
    counts: [u64; CELLS],
    exemplars: [Option<Exemplar>; CELLS],
    total: Summary,
    native: Option<Box<Native>>,
}

impl<const CELLS: usize> Histogram<CELLS> {
    pub(crate) fn new(bounds: &'static [u64], native: bool) -> Self {
        Self {
            bounds,
            counts: [0; CELLS],
            exemplars: [None; CELLS],
            total: Summary::default(),
            native: native.then(Box::default),
        }
    }

    /// Probe `probe` took so long.
    pub(crate) fn record(&mut self, probe: u64, nanos: u64) {
        self.total.record(nanos);
        let place = self.bounds.partition_point(|bound| *bound < nanos);
        if let Some(count) = self.counts.get_mut(place) {
            *count = count.saturating_add(1);
        }
        if let Some(exemplar) = self.exemplars.get_mut(place) {
            *exemplar = Some(Exemplar { probe, nanos });
        }
        if let Some(native) = &mut self.native {
            native.record(nanos);
        }
    }

    pub(crate) const fn forget_exemplars(&mut self) {
        self.exemplars = [None; CELLS];
    }

    /// Adds what is in another of the same bounds. Native buckets come with the first.
    pub(crate) fn add(&mut self, other: &Self) {
        self.total.count = self.total.count.saturating_add(other.total.count);
        self.total.sum_ns = self.total.sum_ns.saturating_add(other.total.sum_ns);
        for (sum, count) in self.counts.iter_mut().zip(other.counts) {
            *sum = sum.saturating_add(count);
        }
        if let Some(native) = &other.native {
            self.native.get_or_insert_default().add(native);
        }
    }

    pub(crate) const fn is_native(&self) -> bool {
        self.native.is_some()
    }

    /// The mean in nanoseconds, if anything was recorded.
    pub(crate) const fn mean(&self) -> Option<u64> {
        self.total.sum_ns.checked_div(self.total.count)
    }

    pub(crate) const fn total(&self) -> Summary {
        self.total
    }

    #[cfg(test)]
    pub(crate) const fn count(&self) -> u64 {
        self.total.count
    }

    /// Itself, its exemplars being probes of `journal`.
    pub(crate) fn view<'a>(&'a self, journal: Option<&'a str>) -> HistogramView<'a> {
        HistogramView {
            bounds: self.bounds,
            counts: &self.counts,
            exemplars: &self.exemplars,
            total: self.total,
            native: self.native.as_deref(),
            journal,
        }
    }
}

/// A histogram of any size.
#[derive(Debug, Clone, Copy)]
pub(crate) struct HistogramView<'a> {
    bounds: &'a [u64],
    /// Of each bucket by itself.
    pub(crate) counts: &'a [u64],
    pub(crate) exemplars: &'a [Option<Exemplar>],
    pub(crate) total: Summary,
    pub(crate) native: Option<&'a Native>,
    pub(crate) journal: Option<&'a str>,
}

impl HistogramView<'_> {
    /// The upper bounds in seconds; that of the last bucket is not there.
    pub(crate) fn bounds(&self) -> impl Iterator<Item = f64> {
        self.bounds.iter().map(|bound| seconds(*bound))
    }

    /// Each bucket's upper bound in seconds, its count with all before it, and a probe in it.
    pub(crate) fn cumulative(&self) -> impl Iterator<Item = (f64, u64, Option<Exemplar>)> {
        let bounds = self.bounds().chain([f64::INFINITY]);
        let sums = self.counts.iter().scan(0_u64, |sum, count| {
            *sum = sum.saturating_add(*count);
            Some(*sum)
        });
        let both = bounds.zip(sums).zip(self.exemplars);
        both.map(|((bound, sum), exemplar)| (bound, sum, *exemplar))
    }
}

/// Prometheus' native buckets of schema 3: eight to an octave, so that a quantile is within
/// 4.4 %. There are as many as times differ: from 1 µs to 10 s there are 186.
#[derive(Debug, Clone, Default)]
pub(crate) struct Native {
    /// Index and count, in order. Bucket `i` ends with 2^(i/8) seconds, and includes that.
    buckets: Vec<(i16, u64)>,
    /// Of no time at all.
    pub(crate) zero: u64,
}

/// Below it, a time is zero: no clock here tells less.
pub(crate) const ZERO_THRESHOLD: f64 = 0.5e-9;

/// What Prometheus calls the number of buckets to an octave: 2 to the power of this.
pub(crate) const SCHEMA: i32 = 3;

impl Native {
    fn record(&mut self, nanos: u64) {
        if nanos == 0 {
            self.zero = self.zero.saturating_add(1);
            return;
        }
        let per_octave = f64::from(1 << SCHEMA);
        #[expect(
            clippy::cast_possible_truncation,
            reason = "the logarithm of 64 bits of nanoseconds is between -30 and 35"
        )]
        let index = (seconds(nanos).log2() * per_octave).ceil() as i16;
        self.count(index, 1);
    }

    fn count(&mut self, index: i16, n: u64) {
        match self.buckets.binary_search_by_key(&index, |(at, _)| *at) {
            Ok(place) => {
                if let Some((_, count)) = self.buckets.get_mut(place) {
                    *count = count.saturating_add(n);
                }
            }
            Err(place) => self.buckets.insert(place, (index, n)),
        }
    }

    fn add(&mut self, other: &Self) {
        self.zero = self.zero.saturating_add(other.zero);
        for (index, count) in &other.buckets {
            self.count(*index, *count);
        }
    }

    /// Runs of adjacent buckets: the first one's index, and the counts.
    pub(crate) fn runs(&self) -> impl Iterator<Item = (i32, Vec<u64>)> {
        let runs = self.buckets.chunk_by(|a, b| a.0 + 1 == b.0);
        runs.filter_map(|run| {
            let (first, _) = run.first()?;
            Some((
                i32::from(*first),
                run.iter().map(|(_, count)| *count).collect(),
            ))
        })
    }

    /// The first bucket's index, and the counts of all from there on, the empty ones too.
    pub(crate) fn dense(&self) -> (i32, Vec<u64>) {
        let first = self
            .buckets
            .first()
            .map_or(0, |(first, _)| i32::from(*first));
        let mut counts = Vec::new();
        for (start, run) in self.runs() {
            counts.resize(usize::try_from(start - first).unwrap_or_default(), 0);
            counts.extend(run);
        }
        (first, counts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_bound_belongs_to_its_bucket() {
        let mut histogram = Histogram::<3>::new(&[10, 20], true);
        for nanos in [0, 10, 11, 20, 21] {
            histogram.record(nanos, nanos);
        }
        let view = histogram.view(None);
        let sums: Vec<u64> = view.cumulative().map(|(_, sum, _)| sum).collect();
        assert_eq!(sums, [2, 4, 5]);
        let probe = Exemplar {
            probe: 10,
            nanos: 10,
        };
        assert_eq!(view.exemplars[0], Some(probe), "the last one");
        assert_eq!((view.total.count, view.total.sum_ns), (5, 62));
        assert_eq!(view.native.map(|native| native.zero), Some(1));
    }

    #[test]
    fn native_buckets_end_where_prometheus_says() {
        let mut native = Native::default();
        // 1 s ends bucket 0, and 2 s bucket 8; 1.05 s is in bucket 1, which ends with 1.09 s.
        for nanos in [1_000_000_000, 1_050_000_000, 2_000_000_000, 2_000_000_000] {
            native.record(nanos);
        }
        let runs: Vec<_> = native.runs().collect();
        assert_eq!(runs, [(0, vec![1, 1]), (8, vec![2])]);
        assert_eq!(native.dense(), (0, vec![1, 1, 0, 0, 0, 0, 0, 0, 2]));
    }

    proptest! {
        #[test]
        fn every_time_is_in_one_bucket_of_each_kind(times in prop::collection::vec(any::<u64>(), 0..50)) {
            let mut histogram = Histogram::<4>::new(&[1_000, 1_000_000, 1_000_000_000], true);
            for nanos in &times {
                histogram.record(1, *nanos);
            }
            let view = histogram.view(None);
            let native = view.native.unwrap();
            let counted: u64 = native.runs().flat_map(|(_, run)| run).sum();
            prop_assert_eq!(counted + native.zero, view.total.count);
            prop_assert_eq!(view.counts.iter().sum::<u64>(), times.len() as u64);
            prop_assert_eq!(native.dense().1.iter().sum::<u64>(), counted);
        }
    }
}
