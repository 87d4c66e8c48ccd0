//! The statistics of a run at regular distances.
//!
//! Owns how many there are, and how much of a run they keep. What an event counts for, the core
//! says, and what became of it, its record.

use core::time::Duration;

use udping_core::event::{Outcome, Output};
use udping_core::schedule::Schedule;
use udping_core::stats::{Boxed, Stats, Summary, cells_needed};
use udping_core::time::{ClientTime, WallTime};
use udping_core::wire::Probe;
use udping_journal::Header;

use super::log::{EventKind, Log};

/// How much of a run the page's figures keep: percentiles are exact to 2 369 samples, and
/// within 0.8 % after that. There are a hundred copies, so it is less than the command has.
pub(crate) type Room = Boxed<{ cells_needed(6) }, 6, 256>;

/// The statistics at regular distances in a run. They take 96 KiB each, so there are few.
#[derive(Debug, Clone, Default)]
pub(crate) struct Checkpoints {
    stride: usize,
    stats: Vec<Stats<Room>>,
}

impl Checkpoints {
    /// The least events between two checkpoints: some ten of microseconds' work.
    const STRIDE: usize = 4_096;
    const MOST: usize = 128;

    /// Takes in what `log` has gained since the last time.
    pub(crate) fn grow(&mut self, log: &Log, terms: &Terms) {
        let events = log.events.at.len();
        if self.stats.is_empty() {
            self.stride = events.div_ceil(Self::MOST).max(Self::STRIDE);
        }
        while events / self.stride > Self::MOST {
            self.stride *= 2;
            let mut number = 0;
            self.stats.retain(|_| {
                number += 1;
                number % 2 == 0
            });
        }
        let (from, last) = self.before(usize::MAX);
        let mut stats = Box::new(last.cloned().unwrap_or_default());
        for event in from..events {
            tally(log, terms, event, &mut stats);
            if (event + 1) % self.stride == 0 {
                self.stats.push((*stats).clone());
            }
        }
    }

    /// The figures after the last event of `log`.
    pub(crate) fn end(&self, log: &Log, terms: &Terms) -> Summary {
        let (from, last) = self.before(usize::MAX);
        let mut stats = Box::new(last.cloned().unwrap_or_default());
        for event in from..log.events.at.len() {
            tally(log, terms, event, &mut stats);
        }
        stats.summary()
    }

    /// The last checkpoint at or before an event; `None` for the beginning.
    pub(crate) fn before(&self, event: usize) -> (usize, Option<&Stats<Room>>) {
        let number = event
            .checked_div(self.stride)
            .unwrap_or(0)
            .min(self.stats.len());
        let stats = number.checked_sub(1).and_then(|last| self.stats.get(last));
        (number * self.stride, stats)
    }
}

/// What a session's figures are taken by, beyond its events.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terms {
    schedule: Schedule,
    wall: Option<WallTime>,
}

impl Terms {
    pub(crate) fn of(header: &Header) -> Self {
        Self {
            schedule: header.schedule.into(),
            wall: header.wall(),
        }
    }
}

/// Counts what was decided at an event, if anything was.
pub(crate) fn tally(log: &Log, terms: &Terms, event: usize, stats: &mut Stats<Room>) {
    let seq = log.seq(event);
    if seq
        .and_then(|seq| tally_usual(log, terms, event, seq, stats))
        .is_none()
        && let Some(record) = log.record(event)
    {
        record.tally(seq, terms.schedule, terms.wall, stats);
    }
}

/// The same of what a long run is made of: without the record, which takes longer to make than
/// all else. `None` where only that knows.
fn tally_usual(
    log: &Log,
    terms: &Terms,
    event: usize,
    seq: u64,
    stats: &mut Stats<Room>,
) -> Option<()> {
    if log.verbatim(event).is_some() {
        return None;
    }
    let code = log.code(event)?;
    let at = |ns: &u64| ClientTime::from_nanos(*ns);
    let (now, value) = (log.events.at.get(event)?, log.events.value.get(event)?);
    match code.kind() {
        EventKind::Sent => {
            let probe = Probe {
                seq,
                timestamp: WallTime::ZERO,
                due: at(value),
                at: at(now),
            };
            Output::Send(probe).tally(stats);
            if let Some(late) = terms.schedule.lateness(&probe) {
                stats.timer_error(late);
            }
        }
        // What the server says is counted, too.
        EventKind::Replied if log.reflections.is_empty() => {
            let outcome = Outcome::Replied {
                seq,
                rtt: Duration::from_nanos(*value),
                verified: !code.is_without(),
            };
            outcome.tally(stats);
        }
        _ => return None,
    }
    Some(())
}
