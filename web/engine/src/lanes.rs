//! Which lane each probe waits in, beside the client's line: the first that is free.
//!
//! Owns the order of the lanes. How many of them there is room for, a drawing decides.

use super::log::{Log, index};

/// The lane of each probe: the same wherever the cursor stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Lanes {
    lane: Vec<u8>,
    used: usize,
}

/// More are never drawn beside each other.
const MOST: usize = 12;

impl Lanes {
    /// A lane is free so many nanoseconds after a probe there was settled, that their marks do
    /// not meet.
    pub(crate) fn of(log: &Log, apart_ns: u64) -> Self {
        let end = log.events.at.last().copied().unwrap_or(0);
        let time = |event: u32| index(event).and_then(|event| log.events.at.get(event).copied());
        let mut busy_until = [None; MOST];
        let probes = &log.probes;
        let both = probes.settled.iter().zip(&probes.late);
        let lane = probes.sent.iter().zip(both).map(|(sent, (settled, late))| {
            let sent = time(*sent).unwrap_or(end);
            // A late reply has its mark in its probe's lane.
            let until = time(*late).or_else(|| time(*settled)).unwrap_or(end);
            let free = busy_until.iter().position(|busy| *busy < Some(sent));
            if let Some(busy) = free.and_then(|lane| busy_until.get_mut(lane)) {
                *busy = Some(until.saturating_add(apart_ns));
            }
            free.and_then(|lane| u8::try_from(lane).ok())
                .unwrap_or(u8::MAX)
        });
        let lane: Vec<u8> = lane.collect();
        let used = lane.iter().map(|lane| usize::from(*lane) + 1).max();
        Self {
            used: used.unwrap_or(0).min(MOST),
            lane,
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
