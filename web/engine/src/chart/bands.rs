//! The samples of each stretch of time: three percentiles and a loss rate, of all of them.
//!
//! Owns the buckets, which lie where they lie however the plot is moved: each is a power of two of
//! nanoseconds long and begins at a multiple of that, so panning computes only what comes into
//! sight. Percentiles are exact, by the nearest rank of every reply in time.

use core::ops::Range;
use std::collections::BTreeMap;

use super::Frame;
use super::pyramid::{Pyramid, Sum};
use crate::log::{EventKind, Log};
use crate::scale::float;

/// The samples of one bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    /// Its first moment, in nanoseconds.
    pub from_ns: u64,
    /// The first moment of the next one.
    pub until_ns: u64,
    /// The events in it.
    pub events: Range<usize>,
    /// How many replies in time.
    pub replied: u32,
    /// How many losses.
    pub lost: u32,
    /// How many late replies.
    pub late: u32,
    /// Least and greatest RTT in time; `None` without one.
    pub extent: Option<[u64; 2]>,
    /// The greatest late RTT; `None` without one.
    pub late_ns: Option<u64>,
    /// RTTs that 50, 90 and 99 % of the replies in time do not exceed; `None` without one.
    pub percentiles: Option<[u64; 3]>,
}

/// The percentiles that are drawn.
pub const PERCENTILES: [u64; 3] = [50, 90, 99];

/// The least width of a bucket in pixels; none is as wide as twice that.
const LEAST_PX: f64 = 5.0;

/// So many buckets are kept.
const MOST_KEPT: usize = 1 << 14;

/// The buckets computed so far: by the logarithm of their length, and their number.
#[derive(Debug, Clone, Default)]
pub(super) struct Bands {
    kept: BTreeMap<(u32, u64), Bucket>,
    /// Room for the RTTs of a bucket.
    rtts: Vec<u64>,
}

impl Bands {
    /// The buckets in sight, in order.
    pub(super) fn of(&mut self, log: &Log, pyramid: &Pyramid, frame: &Frame) -> Vec<Bucket> {
        let narrowest = frame.span() / frame.width.max(1.0) * LEAST_PX;
        let length = (0..63).find(|length| float(1 << length) >= narrowest);
        let length = length.unwrap_or(63);
        if self.kept.len() > MOST_KEPT {
            self.kept.clear();
        }
        let (first, last) = (frame.from_ns >> length, frame.until_ns >> length);
        let buckets = (first..=last).filter_map(|number| {
            let bucket = match self.kept.get(&(length, number)) {
                Some(bucket) => bucket.clone(),
                None => self.compute(log, pyramid, length, number),
            };
            (!bucket.events.is_empty()).then_some(bucket)
        });
        buckets.collect()
    }

    fn compute(&mut self, log: &Log, pyramid: &Pyramid, length: u32, number: u64) -> Bucket {
        let from_ns = number << length;
        let until_ns = from_ns.saturating_add(1 << length);
        let place = |ns: u64| log.events.at.partition_point(|at| *at < ns);
        let events = place(from_ns)..place(until_ns);
        let sum: Sum = pyramid.sum(log, events.clone());
        replies(log, events.clone(), &mut self.rtts);
        let bucket = Bucket {
            from_ns,
            until_ns,
            events,
            replied: sum.replied,
            lost: sum.lost,
            late: sum.late,
            extent: (!self.rtts.is_empty()).then_some([sum.low, sum.high]),
            late_ns: (sum.late > 0).then_some(sum.late_high),
            percentiles: percentiles(&mut self.rtts, PERCENTILES),
        };
        self.kept.insert((length, number), bucket.clone());
        bucket
    }
}

/// The RTTs in time of a stretch of events.
pub(super) fn replies(log: &Log, events: Range<usize>, into: &mut Vec<u64>) {
    into.clear();
    let codes = log.events.code.get(events.clone()).unwrap_or_default();
    let values = log.events.value.get(events.clone()).unwrap_or_default();
    let of = |(at, (_, value)): (usize, (&u8, &u64))| {
        let kind = log.code(events.start + at)?.kind();
        (kind == EventKind::Replied).then_some(*value)
    };
    into.extend(codes.iter().zip(values).enumerate().filter_map(of));
}

/// The values that so many per cent of all do not exceed, by their nearest rank; percentages in
/// ascending order. `None` of none. The values end up in another order.
pub(super) fn percentiles<const N: usize>(
    values: &mut [u64],
    per_cent: [u64; N],
) -> Option<[u64; N]> {
    let all = values.len();
    let mut rest = values;
    let mut before = 0;
    let mut found = [0; N];
    for (found, per_cent) in found.iter_mut().zip(per_cent) {
        let per_cent = usize::try_from(per_cent).unwrap_or(100);
        let rank = (all * per_cent).div_ceil(100).max(1) - 1;
        let place = rank.checked_sub(before)?;
        if place >= rest.len() {
            return None;
        }
        let (_, value, _) = rest.select_nth_unstable(place);
        *found = *value;
        // What is below is below the next rank, too.
        rest = rest.get_mut(place..)?;
        before = rank;
    }
    Some(found)
}
