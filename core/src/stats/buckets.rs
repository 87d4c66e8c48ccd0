//! Log-linear buckets: as wide as is exact enough for what lies in them.
//!
//! Owns which bucket a duration lies in, and how many there are. Knows nothing of what is
//! counted by them.

/// From here on all durations share the last bucket: 2⁴² ns, 73 minutes.
pub(super) const LIMIT: u64 = 1 << 42;

/// How many buckets there are where each octave is cut into 2 to the power of
/// `resolution`.
pub(super) const fn buckets(resolution: u32) -> usize {
    bucket(LIMIT, resolution) + 1
}

/// By how many millionths a duration may be off that is known by its bucket.
pub(super) const fn error_ppm(resolution: u32) -> u32 {
    1_000_000_u32.div_ceil(2 << resolution)
}

/// The bucket of a duration. In the first two octaves' worth of buckets each is one
/// nanosecond wide; above, its width doubles with every octave.
#[expect(
    clippy::cast_possible_truncation,
    reason = "shifted to below two octaves' buckets first"
)]
pub(super) const fn bucket(nanos: u64, resolution: u32) -> usize {
    let nanos = if nanos < LIMIT { nanos } else { LIMIT };
    let shift = (nanos | 1).ilog2().saturating_sub(resolution);
    ((shift as usize) << resolution) + (nanos >> shift) as usize
}

/// The least and the greatest duration of a bucket, the inverse of [`bucket`].
pub(super) const fn extent(index: usize, resolution: u32) -> (u64, u64) {
    let shift = (index >> resolution).saturating_sub(1);
    let first = ((index - (shift << resolution)) as u64) << shift;
    (first, first + ((1 << shift) - 1))
}
