//! Sums over any stretch of events in few steps: blocks, blocks of blocks, and so on.
//!
//! Owns how sums are kept as a run grows. What they are drawn as, it does not know.

use core::ops::Range;

use crate::log::{EventKind, Log, NONE};
use crate::run::Run;

/// What a stretch of events amounts to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sum {
    /// Least and greatest RTT of the replies in time.
    pub(super) low: u64,
    pub(super) high: u64,
    /// Least and greatest RTT of the late ones.
    pub(super) late_low: u64,
    pub(super) late_high: u64,
    pub(super) replied: u32,
    pub(super) lost: u32,
    pub(super) late: u32,
    pub(super) duplicates: u32,
}

impl Sum {
    const NOTHING: Self = Self {
        low: u64::MAX,
        high: 0,
        late_low: u64::MAX,
        late_high: 0,
        replied: 0,
        lost: 0,
        late: 0,
        duplicates: 0,
    };

    /// How many samples there are. A late reply that was the first word of a loss is
    /// counted as both.
    pub(super) fn samples(&self) -> u64 {
        let counts = [self.replied, self.lost, self.late, self.duplicates];
        counts.map(u64::from).iter().sum()
    }

    fn add(&mut self, other: &Self) {
        self.low = self.low.min(other.low);
        self.high = self.high.max(other.high);
        self.late_low = self.late_low.min(other.late_low);
        self.late_high = self.late_high.max(other.late_high);
        self.replied = self.replied.saturating_add(other.replied);
        self.lost = self.lost.saturating_add(other.lost);
        self.late = self.late.saturating_add(other.late);
        self.duplicates = self.duplicates.saturating_add(other.duplicates);
    }

    fn add_event(&mut self, log: &Log, beats: bool, event: usize) {
        let (Some(code), Some(&rtt)) = (log.code(event), log.events.value.get(event)) else {
            return;
        };
        // A heartbeat has no RTT, nor has what comes to a server: it is counted, and so is what
        // is missing before it.
        if beats
            && matches!(
                code.kind(),
                EventKind::Heard | EventKind::Sent | EventKind::Received
            )
        {
            let what = log.event(event).map(|event| event.what);
            self.replied = self.replied.saturating_add(1);
            let missing = what.is_some_and(|what| what.tells_of_missing());
            self.lost = self.lost.saturating_add(missing.into());
            self.low = 0;
            return;
        }
        // What is no probe's has no place in the chart.
        if log.events.probe.get(event) == Some(&NONE) {
            return;
        }
        match code.kind() {
            EventKind::Replied => {
                self.low = self.low.min(rtt);
                self.high = self.high.max(rtt);
                self.replied = self.replied.saturating_add(1);
            }
            EventKind::Late => {
                self.late_low = self.late_low.min(rtt);
                self.late_high = self.late_high.max(rtt);
                self.late = self.late.saturating_add(1);
            }
            EventKind::Duplicate => {
                self.duplicates = self.duplicates.saturating_add(1);
            }
            EventKind::Lost | EventKind::Refused | EventKind::Unsent => {
                self.lost = self.lost.saturating_add(1);
            }
            _ => {}
        }
    }
}

/// Sums of blocks of [`BLOCK`] events, of [`FAN`] blocks, of as many of those …
#[derive(Debug, Clone)]
pub(super) struct Pyramid {
    /// Of heartbeats, not of RTTs.
    beats: bool,
    levels: Vec<Vec<Sum>>,
}

const BLOCK: usize = 64;
const FAN: usize = 8;

impl Pyramid {
    pub(super) fn of(run: &Run) -> Self {
        let (log, beats) = (run.log(), run.beats());
        let events = log.events.at.len();
        let blocks = (0..events).step_by(BLOCK).map(|first| {
            let mut sum = Sum::NOTHING;
            (first..(first + BLOCK).min(events)).for_each(|event| sum.add_event(log, beats, event));
            sum
        });
        let mut levels: Vec<Vec<Sum>> = vec![blocks.collect()];
        while let Some(below) = levels.last().filter(|level| level.len() > FAN) {
            let sums = below.chunks(FAN).map(|blocks| {
                let mut sum = Sum::NOTHING;
                for block in blocks {
                    sum.add(block);
                }
                sum
            });
            let level = sums.collect();
            levels.push(level);
        }
        Self { beats, levels }
    }

    /// The sum of a stretch.
    pub(super) fn sum(&self, log: &Log, events: Range<usize>) -> Sum {
        let mut sum = Sum::NOTHING;
        let mut at = events.start;
        while at < events.end {
            // The widest block that begins here and ends in time.
            let mut widest = None;
            let mut width = BLOCK;
            for level in &self.levels {
                if !at.is_multiple_of(width) || at + width > events.end {
                    break;
                }
                widest = level.get(at / width).map(|block| (block, width)).or(widest);
                width *= FAN;
            }
            if let Some((block, width)) = widest {
                sum.add(block);
                at += width;
            } else {
                sum.add_event(log, self.beats, at);
                at += 1;
            }
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use udping_link::Seed;

    use super::*;
    use crate::presets::Preset;

    #[test]
    fn a_stretch_is_the_sum_of_its_events() {
        let mut setup = Preset::HomeWifi.setup(Seed::from_low_bits(4));
        (setup.count, setup.timeout_ns) = (3_000, 20_000_000);
        let run = Run::simulate(&setup.header().unwrap()).unwrap();
        let log = run.log();
        let pyramid = Pyramid::of(&run);
        proptest!(|(one in 0..=run.events(), other in 0..=run.events())| {
            let stretch = one.min(other)..one.max(other);
            let mut expected = Sum::NOTHING;
            stretch.clone().for_each(|event| expected.add_event(log, false, event));
            prop_assert_eq!(pyramid.sum(log, stretch), expected);
        });
    }
}
