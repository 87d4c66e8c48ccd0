//! The running statistics at a cursor.
//!
//! Owns a position and the core's statistics there, so that moving on is cheap and
//! jumping anywhere costs at most one stretch between two of the run's checkpoints.

use std::time::Duration;

use udping_core::stats::{Boxed, Exchange, Stats, Summary, cells_needed};
use udping_core::time::{ReflectorTime, WallTime};
use udping_core::wire::ReflectorTimes;
use udping_journal::{Header, ScheduleSpec};

use super::cursor::Cursor;
use super::log::{Code, Kind, Log, index};
use super::run::Run;

/// How much of a run the page's figures keep: percentiles are exact to 2 369 samples, and
/// within 0.8 % after that. There are a hundred copies, so it is less than the command has.
type Room = Boxed<{ cells_needed(6) }, 6, 256>;

/// The statistics of one run at a moving cursor. Make a new one for another run.
#[derive(Debug, Default)]
pub struct Figures {
    stats: Box<Stats<Room>>,
    index: usize,
}

impl Figures {
    /// The figures at `cursor` of `run`.
    pub fn at(&mut self, run: &Run, cursor: Cursor) -> Summary {
        let (place, checkpoint) = run.checkpoints().before(cursor.index);
        let near = self.index <= cursor.index && self.index >= place;
        if !near {
            self.index = place;
            *self.stats = checkpoint.cloned().unwrap_or_default();
        }
        let terms = Terms::of(run.header());
        for event in self.index..cursor.index {
            tally(run.log(), &terms, event, &mut self.stats);
        }
        self.index = cursor.index;
        self.stats.summary()
    }
}

/// The statistics at regular places of a run. They take 96 KiB each, so there are few.
#[derive(Debug, Clone, Default)]
pub(crate) struct Checkpoints {
    stride: usize,
    stats: Vec<Stats<Room>>,
}

impl Checkpoints {
    /// The least events between two checkpoints: some ten of microseconds' work.
    const STRIDE: usize = 4_096;
    const MOST: usize = 128;

    pub(crate) fn of(log: &Log, terms: &Terms) -> Self {
        let events = log.events.at.len();
        let stride = events.div_ceil(Self::MOST).max(Self::STRIDE);
        let mut stats = Box::new(Stats::new());
        let mut kept = Vec::new();
        for event in 0..events {
            tally(log, terms, event, &mut stats);
            if (event + 1) % stride == 0 {
                kept.push((*stats).clone());
            }
        }
        Self {
            stride,
            stats: kept,
        }
    }

    /// The last checkpoint at or before an event; `None` for the beginning.
    fn before(&self, event: usize) -> (usize, Option<&Stats<Room>>) {
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
    paced: bool,
    wall: Option<WallTime>,
}

impl Terms {
    pub(crate) fn of(header: &Header) -> Self {
        Self {
            paced: matches!(header.schedule, ScheduleSpec::Paced { .. }),
            wall: header.wall_ns.map(WallTime::from_nanos),
        }
    }
}

/// Counts an event, as it stands on record: as [`Recorder`](udping_journal::Recorder)
/// counts it when it happens.
fn tally(log: &Log, terms: &Terms, event: usize, stats: &mut Stats<Room>) {
    let (Some(code), Some(&at), Some(&value), Some(&probe)) = (
        log.code(event),
        log.events.at.get(event),
        log.events.value.get(event),
        log.events.probe.get(event),
    ) else {
        return;
    };
    let seq = || {
        let known = index(probe).and_then(|probe| log.probes.seq.get(probe).copied());
        known.or_else(|| log.odd_seq(event)).unwrap_or(0)
    };
    let span = Duration::from_nanos(value);
    match code.kind() {
        Kind::Sent => {
            stats.sent(seq());
            if terms.paced {
                stats.timer_error(Duration::from_nanos(at.saturating_sub(value)));
            }
        }
        Kind::Replied => {
            let seq = seq();
            stats.replied(seq, span, !code.is_without());
            if let Some(it) = log.reflection(event) {
                let sent = at.checked_sub(value).zip(terms.wall);
                stats.exchanged(&Exchange {
                    seq,
                    rtt: span,
                    sent: sent.map(|(at, wall)| wall.saturating_add(Duration::from_nanos(at))),
                    times: ReflectorTimes {
                        received: ReflectorTime::from_nanos(it.t2),
                        sent: ReflectorTime::from_nanos(it.t3),
                    },
                    synced: it.synced,
                });
                stats.counted(seq, it.count, false);
            }
        }
        Kind::Late => {
            let seq = seq();
            if code.is_newly_lost() {
                stats.lost(seq);
            }
            stats.late(seq, span);
            if let Some(it) = log.reflection(event) {
                stats.counted(seq, it.count, false);
            }
        }
        Kind::Duplicate => {
            let seq = seq();
            stats.duplicate(seq);
            if let Some(it) = log.reflection(event) {
                stats.counted(seq, it.count, true);
            }
        }
        Kind::Ignored if is_bad_stamp(code, value) => stats.kernel_rtt_discarded(),
        Kind::Ignored => stats.ignored(),
        Kind::Lost => stats.lost(seq()),
        Kind::Missed => stats.missed(value),
        Kind::Refused => stats.refused(seq()),
        Kind::Unsent => stats.unsent(seq()),
        Kind::Stamped => {
            let rtt = rtt_of(log, event, probe);
            stats.kernel_rtt(rtt, span);
        }
        Kind::Reflected
        | Kind::Unanswered
        | Kind::Dropped
        | Kind::Intervened
        | Kind::Stopped
        | Kind::Done
        | Kind::Gap
        | Kind::Heard
        | Kind::Silent
        | Kind::Incident => {}
    }
}

fn is_bad_stamp(code: Code, value: u64) -> bool {
    use udping_core::event::Ignored;
    code.kind() == Kind::Ignored && super::log::to_ignored(value) == Some(Ignored::BadKernelRtt)
}

/// The RTT that a kernel's interval was put beside.
fn rtt_of(log: &Log, event: usize, probe: u32) -> Duration {
    use udping_journal::Record;
    let recorded = match log.record(event) {
        Some(Record::Kernel(kernel)) => kernel.decided_rtt_ns,
        _ => None,
    };
    let settled = || {
        let at = index(*log.probes.settled.get(index(probe)?)?)?;
        log.events.value.get(at).copied()
    };
    Duration::from_nanos(recorded.or_else(settled).unwrap_or(0))
}
