//! Each way by itself, from a reflector that says when it received and when it sent (RFC 8762).
//!
//! Owns when one-way delays may be believed, and what is known where they may not. What is
//! measured here counts for no RTT, since a reflector may say anything.

use std::time::Duration;

use udping_core::time::{WallTime, saturating_nanos};
use udping_core::wire::ReflectorTimes;

use crate::metrics::{Histogram, Summary};

/// The bucket bounds of one way, in nanoseconds. Few: there are two ways, and forty series to a
/// target at the most.
static BOUNDS: [u64; 3] = [5_000_000, 50_000_000, 500_000_000];

/// The last exchanges, of which that with the least RTT is believed (RFC 5905 §10).
const STAGES: usize = 8;

/// The names of the two, as the label `direction`.
pub(crate) const DIRECTIONS: [&str; 2] = ["there", "back"];

/// What is known of both ways.
#[derive(Debug, Clone)]
pub(crate) struct Directions {
    pub(crate) server: Summary,
    oneway: [Histogram<{ BOUNDS.len() + 1 }>; 2],
    /// In the last exchange, both clocks said that they are synchronised, and neither way took
    /// less than nothing.
    synchronised: bool,
    /// How far the reflector's clock is ahead, and how far that may be off, in nanoseconds.
    stages: [Option<(i64, u64)>; STAGES],
    place: usize,
    /// The last delays by both clocks, to compare the next with.
    last: Option<[i64; 2]>,
    /// RFC 3550 §6.4.1, which the clocks' difference does not touch. In nanoseconds.
    variation: [f64; 2],
}

/// What stands in for one-way delays while clocks are not synchronised.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct ClockDifference {
    /// How far the reflector's clock is ahead, in seconds.
    pub(crate) offset: f64,
    /// How far that may be off, in seconds.
    pub(crate) bound: f64,
    /// How much each way varies, in seconds.
    pub(crate) variation: [f64; 2],
}

impl Directions {
    pub(crate) fn forget_exemplars(&mut self) {
        self.oneway.iter_mut().for_each(Histogram::forget_exemplars);
    }

    pub(crate) fn new(native: bool) -> Self {
        Self {
            server: Summary::default(),
            oneway: [(); 2].map(|()| Histogram::new(&BOUNDS, native)),
            synchronised: false,
            stages: [None; STAGES],
            place: 0,
            last: None,
            variation: [0.0; 2],
        }
    }

    /// Probe `seq` was answered after `rtt`, in `times`; `sent` is T1, where this end's wall
    /// clock is known. `synced` if both clocks are said to be synchronised.
    pub(crate) fn record(
        &mut self,
        (seq, rtt): (u64, Duration),
        sent: Option<WallTime>,
        times: ReflectorTimes,
        synced: bool,
    ) {
        let server = times.sent.checked_since(times.received);
        // Times that do not fit into the RTT are not believed.
        let Some((server, net)) = server.and_then(|it| Some((it, rtt.checked_sub(it)?))) else {
            return;
        };
        self.server.record(saturating_nanos(server));
        let Some(sent) = sent else { return };
        let arrived = sent.saturating_add(rtt);
        let difference = |later: u64, earlier: u64| later.checked_signed_diff(earlier);
        let there = difference(times.received.as_nanos(), sent.as_nanos());
        let back = difference(arrived.as_nanos(), times.sent.as_nanos());
        // Clocks 292 years apart have no difference to speak of.
        let Some((there, back)) = there.zip(back) else {
            return;
        };
        let delays = [u64::try_from(there), u64::try_from(back)];
        self.synchronised = synced && delays.iter().all(Result::is_ok);
        if let ([Ok(there), Ok(back)], true) = (delays, synced) {
            for (histogram, nanos) in self.oneway.iter_mut().zip([there, back]) {
                histogram.record(seq, nanos);
            }
        }
        let ahead = i64::try_from((i128::from(there) - i128::from(back)) / 2);
        if let Some(stage) = self.stages.get_mut(self.place) {
            *stage = Some((ahead.unwrap_or_default(), saturating_nanos(net).div_ceil(2)));
        }
        self.place = (self.place + 1) % STAGES;
        if let Some(last) = self.last.replace([there, back]) {
            for ((variation, now), before) in self.variation.iter_mut().zip([there, back]).zip(last)
            {
                #[expect(clippy::cast_precision_loss, reason = "a variation of seconds fits")]
                let moved = now.abs_diff(before) as f64;
                *variation += (moved - *variation) / 16.0;
            }
        }
    }

    /// The delays of each way, while they may be believed.
    pub(crate) fn oneway(&self) -> Option<impl Iterator<Item = &Histogram<{ BOUNDS.len() + 1 }>>> {
        self.synchronised.then(|| self.oneway.iter())
    }

    /// What is known instead, while they may not.
    pub(crate) fn difference(&self) -> Option<ClockDifference> {
        if self.synchronised {
            return None;
        }
        let stages = self.stages.iter().flatten();
        let (ahead, bound) = stages.min_by_key(|(_, bound)| *bound)?;
        let distance = Duration::from_nanos(ahead.unsigned_abs()).as_secs_f64();
        Some(ClockDifference {
            offset: if *ahead < 0 { -distance } else { distance },
            bound: Duration::from_nanos(*bound).as_secs_f64(),
            variation: self.variation.map(|nanos| nanos / 1e9),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use udping_core::time::ReflectorTime;

    /// An exchange in milliseconds: T1 to T4, T2 and T3 by a clock that is `ahead`.
    fn exchange(directions: &mut Directions, [t1, t2, t3, t4]: [u64; 4], ahead: i64, synced: bool) {
        let ms = |at: u64| at * 1_000_000;
        let theirs = |at: u64| ReflectorTime::from_nanos(ms(at.strict_add_signed(ahead)));
        let times = ReflectorTimes {
            received: theirs(t2),
            sent: theirs(t3),
        };
        let rtt = Duration::from_nanos(ms(t4 - t1));
        directions.record((1, rtt), Some(WallTime::from_nanos(ms(t1))), times, synced);
    }

    #[test]
    fn one_way_delays_are_shown_only_while_clocks_agree() {
        let mut directions = Directions::new(false);
        exchange(&mut directions, [1_000, 1_030, 1_035, 1_045], 0, true);
        let sums: Vec<_> = directions
            .oneway()
            .unwrap()
            .map(|it| it.view(None).total.sum_ns)
            .collect();
        assert_eq!(sums, [30_000_000, 10_000_000]);
        assert_eq!(directions.server.sum_ns, 5_000_000);
        assert_eq!(directions.difference(), None);
        // Synchronised, it says; but the way there took less than nothing.
        exchange(&mut directions, [2_000, 2_030, 2_035, 2_045], -100, true);
        assert!(directions.oneway().is_none());
        exchange(&mut directions, [3_000, 3_030, 3_035, 3_045], 0, false);
        assert!(directions.oneway().is_none());
        exchange(&mut directions, [4_000, 4_030, 4_035, 4_045], 0, true);
        let counts: Vec<_> = directions.oneway().unwrap().map(Histogram::count).collect();
        assert_eq!(counts, [2, 2], "what was counted stays");
    }

    #[test]
    fn else_the_offset_is_that_of_the_least_rtt_and_right_within_its_bound() {
        let mut directions = Directions::new(false);
        exchange(&mut directions, [1_000, 1_090, 1_090, 1_100], 500, false);
        exchange(&mut directions, [2_000, 2_004, 2_014, 2_018], 500, false);
        let known = directions.difference().unwrap();
        assert_eq!((known.offset, known.bound), (0.5, 0.004));
        // From 90 to 4, and from 10 to 4.
        for (found, wanted) in known
            .variation
            .into_iter()
            .zip([0.086 / 16.0, 0.006 / 16.0])
        {
            assert!((found - wanted).abs() < 1e-12, "{found}");
        }
        for _ in 0..STAGES {
            exchange(&mut directions, [3_000, 3_050, 3_050, 3_100], 700, false);
        }
        let offset = directions.difference().unwrap().offset;
        assert!((offset - 0.7).abs() < 1e-12, "clocks drift: {offset}");
    }

    #[test]
    fn times_that_do_not_fit_into_the_rtt_are_not_believed() {
        let mut directions = Directions::new(false);
        exchange(&mut directions, [1_000, 1_020, 1_200, 1_100], 0, true);
        assert_eq!(directions.server.count, 0);
        assert!(directions.oneway().is_none() && directions.difference().is_none());
    }
}
