//! What a stretch of time amounts to: the figures of what was settled in it.

use super::spread::Step;
use super::{Chart, events_between};
use crate::run::Run;

/// The figures of a stretch of time. Each sample counts where its mark is: at its reply, or at
/// the deadline that it missed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RangeFigures {
    /// Its first moment, in nanoseconds.
    pub from_ns: u64,
    /// Its last moment.
    pub until_ns: u64,
    /// How many probes were sent.
    pub sent: u64,
    /// How many were replied to in time.
    pub replied: u64,
    /// How many were lost.
    pub lost: u64,
    /// How many late replies came.
    pub late: u64,
    /// How many duplicates came.
    pub duplicates: u64,
    /// RTTs that 50, 90 and 99 % do not exceed, exact or within 0.4 %; `None` without a reply.
    pub percentiles: Option<[u64; 3]>,
    /// Least and greatest RTT in time.
    pub extent: Option<[u64; 2]>,
}

impl Chart {
    /// The figures from one moment to another, both included.
    #[must_use]
    pub fn range(&self, run: &Run, from_ns: u64, until_ns: u64) -> RangeFigures {
        let log = run.log();
        let events = events_between(run, from_ns, until_ns);
        let sum = self.pyramid.sum(log, events.clone());
        let sent = |event: usize| {
            let before = |sent: &u32| crate::log::index(*sent).is_none_or(|sent| sent < event);
            log.probes.sent.partition_point(before)
        };
        RangeFigures {
            from_ns,
            until_ns,
            sent: (sent(events.end) - sent(events.start)) as u64,
            replied: sum.replied.into(),
            lost: sum.lost.into(),
            late: sum.late.into(),
            duplicates: sum.duplicates.into(),
            percentiles: self.spread.percentiles(log, events, super::PERCENTILES),
            extent: (sum.replied > 0).then_some([sum.low, sum.high]),
        }
    }

    /// The cumulative curve of the RTTs in time from one moment to another.
    #[must_use]
    pub fn cumulative(&self, run: &Run, from_ns: u64, until_ns: u64) -> Vec<Step> {
        let events = events_between(run, from_ns, until_ns);
        self.spread.steps(run.log(), events)
    }
}
