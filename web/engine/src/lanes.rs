//! Which lane each probe waits in, beside the client's line: the first that is free.
//!
//! Owns the order of the lanes. How many of them there is room for, a drawing decides.

use super::log::{Log, index};

/// The lane of each probe: the same wherever the cursor stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Lanes {
    lane: Vec<u8>,
    used: usize,
    /// The lanes of so many probes will stay, and until when each is busy after them.
    settled: (usize, [Option<u64>; MOST]),
}

/// More are never drawn beside each other.
const MOST: usize = 12;

impl Lanes {
    /// Takes in what `log` has gained since the last time. A lane is free so many nanoseconds
    /// after a probe there was settled, that their marks do not meet. What was sent before
    /// `final_ns` is settled.
    pub(crate) fn grow(&mut self, log: &Log, apart_ns: u64, final_ns: u64) {
        let end = log.events.at.last().copied().unwrap_or(0);
        let time = |event: u32| index(event).and_then(|event| log.events.at.get(event).copied());
        let (known, mut busy_until) = self.settled;
        self.lane.truncate(known);
        let probes = &log.probes;
        let both = probes.settled.iter().zip(&probes.late);
        for (sent, (settled, late)) in probes.sent.iter().zip(both).skip(known) {
            let sent = time(*sent).unwrap_or(end);
            if sent < final_ns {
                self.settled = (self.lane.len(), busy_until);
            }
            // A late reply has its mark in its probe's lane.
            let until = time(*late).or_else(|| time(*settled)).unwrap_or(end);
            let free = busy_until.iter().position(|busy| *busy < Some(sent));
            if let Some(busy) = free.and_then(|lane| busy_until.get_mut(lane)) {
                *busy = Some(until.saturating_add(apart_ns));
            }
            let lane = free.and_then(|lane| u8::try_from(lane).ok());
            self.used = self.used.max(free.map_or(MOST, |lane| lane + 1));
            self.lane.push(lane.unwrap_or(u8::MAX));
        }
    }

    /// How many lanes the run takes, up to the most that are ever drawn.
    pub(crate) fn used(&self) -> usize {
        self.used
    }

    /// The lane of a probe, from 0; `None` where all were taken.
    pub(crate) fn lane(&self, probe: usize) -> Option<usize> {
        let lane = usize::from(*self.lane.get(probe)?);
        (lane < MOST).then_some(lane)
    }
}
