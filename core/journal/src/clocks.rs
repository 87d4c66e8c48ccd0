//! Another end's clock, laid on this end's: what is certain of it, and no more.
//!
//! A packet arrives after it left. So a request that this end sent at `T1` and the other
//! received at `T2` by its own clock says that at `T1` that clock did not yet read more
//! than `T2`; and a reply that left at `T3` and came at `T4`, that at `T4` it read no less.
//! Both clocks are taken to run evenly, one faster than the other by a constant drift of at
//! most [`MOST_DRIFT_PPM`]. Every straight line below all of the first points and above all
//! of the second ones can be that clock: those that the fastest exchanges leave. It is the
//! linear program of Moon, Skelly and Towsley, "Estimation and removal of clock skew from
//! network delay measurements" (1999), of both directions, whose least and greatest
//! solutions are the bounds.
//!
//! Owns the bounds. They are computed in whole numbers and rounded outwards. Knows nothing
//! of probes.

use alloc::vec::Vec;
use core::cmp::Ordering;

use serde::{Deserialize, Serialize};

/// By how much one clock may run faster than the other: each is within 500 ppm of true time,
/// by which the system refuses to correct it further (adjtimex(2)).
pub const MOST_DRIFT_PPM: i64 = 1_000;

/// The least and the most that something can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Bounds {
    /// The least.
    pub min: i64,
    /// The most.
    pub max: i64,
}

/// What is known of another end's clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clocks {
    /// At this end's time, by how much the other's clock was ahead at the most; no point
    /// stands above a line through two others.
    highest: Vec<Point>,
    /// The same at the least; no point stands below such a line.
    lowest: Vec<Point>,
    drift: [Slope; 2],
}

/// Why there are no bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClocksError {
    /// Nothing is known that came from the other end, or that reached it.
    Nothing,
    /// No clock that runs evenly reads what was recorded: one was set, or its machine slept.
    Uneven,
}

impl ClocksError {
    /// Nothing is wrong if nothing is known.
    ///
    /// # Errors
    /// The error itself, of a contradiction.
    pub fn if_nothing(self) -> Result<(), Self> {
        match self {
            Self::Nothing => Ok(()),
            Self::Uneven => Err(self),
        }
    }
}

/// By how much the other clock was ahead, at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Point {
    at: i128,
    ahead: i128,
}

/// How fast that grows: a fraction whose denominator is above zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Slope {
    rise: i128,
    run: i128,
}

impl Slope {
    const fn most(sign: i128) -> Self {
        Self {
            rise: sign * MOST_DRIFT_PPM as i128,
            run: 1_000_000,
        }
    }

    const fn between(one: Point, other: Point) -> Self {
        Self {
            rise: other.ahead - one.ahead,
            run: other.at - one.at,
        }
    }

    fn compare(self, other: Self) -> Ordering {
        (self.rise * other.run).cmp(&(other.rise * self.run))
    }

    fn max(self, other: Self) -> Self {
        if self.compare(other).is_lt() {
            other
        } else {
            self
        }
    }

    fn min(self, other: Self) -> Self {
        if self.compare(other).is_gt() {
            other
        } else {
            self
        }
    }

    /// The line through `point` at the time `at`, times the run.
    const fn through(self, point: Point, at: i128) -> i128 {
        point.ahead * self.run + self.rise * (at - point.at)
    }
}

impl Clocks {
    /// What follows from requests, each sent at the first time by this end's clock and
    /// received at the second by the other's; and from replies, each sent at the first by
    /// the other's and received at the second by this end's. Clocks are read in whole
    /// nanoseconds, rounded down; no reading is above 2⁵³.
    ///
    /// # Errors
    /// [`ClocksError`] if nothing follows, or a contradiction.
    pub fn new(
        requests: impl IntoIterator<Item = (u64, u64)>,
        replies: impl IntoIterator<Item = (u64, u64)>,
    ) -> Result<Self, ClocksError> {
        let point = |here: i128, there: i128| Point {
            at: here,
            ahead: there - here,
        };
        // What a clock reads it may have exceeded by up to a nanosecond.
        let requests = requests.into_iter();
        let highest = requests.map(|(sent, received)| point(sent.into(), i128::from(received) + 1));
        let replies = replies.into_iter();
        let lowest = replies.map(|(sent, received)| point(i128::from(received) + 1, sent.into()));
        let highest = hull(highest.collect(), Ordering::Less);
        let lowest = hull(lowest.collect(), Ordering::Greater);
        if highest.is_empty() || lowest.is_empty() {
            return Err(ClocksError::Nothing);
        }
        let [mut least, mut most] = [Slope::most(-1), Slope::most(1)];
        for high in &highest {
            for low in &lowest {
                match low.at.cmp(&high.at) {
                    Ordering::Greater => least = least.max(Slope::between(*high, *low)),
                    Ordering::Less => most = most.min(Slope::between(*low, *high)),
                    Ordering::Equal if low.ahead > high.ahead => return Err(ClocksError::Uneven),
                    Ordering::Equal => {}
                }
            }
        }
        if least.compare(most).is_gt() {
            return Err(ClocksError::Uneven);
        }
        Ok(Self {
            highest,
            lowest,
            drift: [least, most],
        })
    }

    /// How much faster the other clock runs, in parts per billion.
    #[must_use]
    pub fn drift_ppb(&self) -> Bounds {
        let [least, most] = self.drift;
        Bounds {
            min: narrow(floor(least.rise * 1_000_000_000, least.run)),
            max: narrow(-floor(-most.rise * 1_000_000_000, most.run)),
        }
    }

    /// By how much the other clock was ahead at this end's time `at`, in nanoseconds.
    #[must_use]
    pub fn offset_ns(&self, at: u64) -> Bounds {
        Bounds {
            min: narrow(self.least_ahead(at.into())),
            max: narrow(self.most_ahead(at.into())),
        }
    }

    /// What this end's clock reads when the other's reads `there`, in nanoseconds.
    #[must_use]
    pub fn here(&self, there: u64) -> Bounds {
        let there = i128::from(there);
        // It converges by a factor of a thousand a step.
        let near = |ahead: &dyn Fn(i128) -> i128, there: i128| {
            let next = |at: i128| there - ahead(at);
            (0..8).fold(there, |at, _| next(at))
        };
        let (most, least) = (|at| self.most_ahead(at), |at| self.least_ahead(at));
        let mut min = near(&most, there);
        while min + most(min) >= there {
            min -= 1;
        }
        while min + 1 + most(min + 1) < there {
            min += 1;
        }
        // It reads this until the next nanosecond.
        let mut max = near(&least, there + 1);
        while max + least(max) <= there + 1 {
            max += 1;
        }
        while max - 1 + least(max - 1) > there + 1 {
            max -= 1;
        }
        Bounds {
            min: narrow(min),
            max: narrow(max),
        }
    }

    /// The greatest that a line has at `at` which is below all of `highest`. It touches them
    /// around `at`, if a clock can drift so.
    fn most_ahead(&self, at: i128) -> i128 {
        let [least, most] = self.drift;
        let slope = slope_at(&self.highest, at, [least, most])
            .max(least)
            .min(most);
        let lines = self.highest.iter().map(|point| slope.through(*point, at));
        lines.min().map_or(0, |line| -floor(-line, slope.run))
    }

    /// The least that a line has at `at` which is above all of `lowest`.
    fn least_ahead(&self, at: i128) -> i128 {
        let [least, most] = self.drift;
        let slope = slope_at(&self.lowest, at, [most, least])
            .max(least)
            .min(most);
        let lines = self.lowest.iter().map(|point| slope.through(*point, at));
        lines.max().map_or(0, |line| floor(line, slope.run))
    }
}

/// The slope of the hull at `at`; before and behind it, that of `outside`.
fn slope_at(hull: &[Point], at: i128, [before, behind]: [Slope; 2]) -> Slope {
    match hull.partition_point(|point| point.at < at) {
        0 => before,
        next => match (hull.get(next - 1), hull.get(next)) {
            (Some(last), Some(next)) => Slope::between(*last, *next),
            _ => behind,
        },
    }
}

/// The points that a line can touch which has all of them on one side: from left to right,
/// each slope is `turn` than the next.
fn hull(mut points: Vec<Point>, turn: Ordering) -> Vec<Point> {
    points.sort_unstable_by(|one, other| {
        let ahead = one.ahead.cmp(&other.ahead);
        // Of one time the outermost comes first, and is kept.
        let ahead = if turn == Ordering::Less {
            ahead
        } else {
            ahead.reverse()
        };
        one.at.cmp(&other.at).then(ahead)
    });
    points.dedup_by_key(|point| point.at);
    let mut hull: Vec<Point> = Vec::new();
    for point in points {
        while let [.., one, other] = *hull.as_slice()
            && Slope::between(one, other).compare(Slope::between(other, point)) != turn
        {
            hull.pop();
        }
        hull.push(point);
    }
    hull
}

/// The quotient, rounded down; `by` is above zero.
const fn floor(number: i128, by: i128) -> i128 {
    number.div_euclid(by)
}

/// No time that is read makes one that does not fit.
fn narrow(number: i128) -> i64 {
    let most = i128::from(i64::MAX);
    i64::try_from(number.clamp(-most, most)).unwrap_or_default()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A clock that reads this much at time zero, and drifts.
    #[derive(Debug, Clone, Copy)]
    pub(crate) struct Truth {
        ahead: i128,
        drift_ppb: i128,
    }

    impl Truth {
        /// By how much it is ahead, in billionths of a nanosecond.
        fn ahead(self, at: i128) -> i128 {
            self.ahead * 1_000_000_000 + self.drift_ppb * at
        }

        pub(crate) fn reads(self, at: i128) -> u64 {
            let reads = at * 1_000_000_000 + self.ahead(at);
            u64::try_from(reads.div_euclid(1_000_000_000)).unwrap()
        }
    }

    /// When a probe goes out, how long it takes there, at the server, and back, and whether
    /// each way loses it.
    pub(crate) type Exchange = (i128, i128, i128, i128, bool, bool);

    pub(crate) fn exchanges() -> impl Strategy<Value = Vec<Exchange>> {
        let delay = prop_oneof![0..50_000_i128, 0..400_000_000_i128];
        let one = (
            0..3_600_000_000_000_i128,
            delay.clone(),
            0..5_000_000_i128,
            delay,
            prop::bool::weighted(0.2),
            prop::bool::weighted(0.2),
        );
        prop::collection::vec(one, 1..60)
    }

    pub(crate) fn truth() -> impl Strategy<Value = Truth> {
        let ahead = prop_oneof![5_000_000_000..2_000_000_000_000_i128, Just(1_i128 << 52),];
        let drift = prop_oneof![-100_000..100_000_i128, Just(-1_000_000), Just(1_000_000),];
        (ahead, drift).prop_map(|(ahead, drift_ppb)| Truth { ahead, drift_ppb })
    }

    pub(crate) fn reading(at: i128) -> u64 {
        u64::try_from(at).unwrap()
    }

    fn known(truth: Truth, exchanges: &[Exchange]) -> Result<Clocks, ClocksError> {
        let reached = exchanges.iter().filter(|it| !it.4);
        let requests = reached
            .clone()
            .map(|it| (reading(it.0), truth.reads(it.0 + it.1)));
        let replies = reached.filter(|it| !it.5).map(|it| {
            let left = it.0 + it.1 + it.2;
            (truth.reads(left), reading(left + it.3))
        });
        Clocks::new(requests, replies)
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

        #[test]
        fn the_truth_is_within_the_bounds(
            truth in truth(),
            exchanges in exchanges(),
            times in prop::collection::vec(0..4_000_000_000_000_i128, 5),
        ) {
            let clocks = match known(truth, &exchanges) {
                Err(why) => {
                    prop_assert_eq!(why, ClocksError::Nothing);
                    return Ok(());
                }
                Ok(clocks) => clocks,
            };
            let drift = clocks.drift_ppb();
            let within = i128::from(drift.min)..=i128::from(drift.max);
            prop_assert!(within.contains(&truth.drift_ppb), "{:?} {:?}", drift, truth);
            let moments = exchanges.iter().flat_map(|it| [it.0, it.0 + it.1, it.0 + it.1 + it.2]);
            for at in times.into_iter().chain(moments) {
                let offset = clocks.offset_ns(reading(at));
                let [min, max] = [offset.min, offset.max].map(|it| i128::from(it) * 1_000_000_000);
                prop_assert!((min..=max).contains(&truth.ahead(at)), "{:?} {:?}", offset, truth);
                let here = clocks.here(truth.reads(at));
                let within = i128::from(here.min)..=i128::from(here.max);
                prop_assert!(within.contains(&at), "{} {:?} {:?}", at, here, truth);
            }
        }

        #[test]
        fn an_exchange_leaves_no_more_doubt_than_its_time_on_the_way(
            truth in truth(),
            exchanges in exchanges(),
        ) {
            let Ok(clocks) = known(truth, &exchanges) else {
                return Ok(());
            };
            for (sent, there, dwell, back, ..) in
                exchanges.into_iter().filter(|it| !it.4 && !it.5)
            {
                let arrived = sent + there;
                let here = clocks.here(truth.reads(arrived));
                let most = there + back + (there + dwell + back) / 500 + 8;
                let doubt = here.max - here.min;
                prop_assert!(i128::from(doubt) <= most, "{} {}", doubt, most);
            }
        }
    }

    #[test]
    fn the_fastest_exchanges_of_both_directions_narrow_it_down() {
        // The clock is ahead by 1000; a fast request at one time, a fast reply at another.
        let requests = [(0, 1_400), (10_000_000, 10_001_010)];
        let replies = [(20_000_990, 20_000_000), (1_500, 900)];
        let clocks = Clocks::new(requests, replies).unwrap();
        let offset = clocks.offset_ns(15_000_000);
        assert!(
            offset.min >= 1_000 - 5_100 && offset.max <= 1_011 + 5_100,
            "{offset:?}"
        );
        let wider = Clocks::new([requests[0]], [replies[1]]).unwrap();
        assert!(wider.offset_ns(15_000_000).max > offset.max);
    }

    #[test]
    fn what_no_even_clock_reads_is_refused() {
        assert_eq!(Clocks::new([], [(1, 1)]), Err(ClocksError::Nothing));
        assert_eq!(Clocks::new([(1, 1)], []), Err(ClocksError::Nothing));
        let set = Clocks::new(
            [(0, 1_000), (1_000_000_000, 5_000_001_000)],
            [(1_100, 200), (5_000_001_100, 1_000_000_200)],
        );
        assert_eq!(set, Err(ClocksError::Uneven));
    }
}
