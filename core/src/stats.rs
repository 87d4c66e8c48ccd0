//! What a run's probes and replies amount to.
//!
//! Owns every count and figure of a session, in constant memory of a size to choose: counts, the RTT
//! distribution, IPDV, jitter, reordering, loss runs. Knows nothing of deadlines,
//! wires or timestamps: it is told what the client decided, and decides nothing.

mod buckets;
mod directions;
mod order;
mod paths;
mod pending;
mod samples;
mod series;
mod size;
mod summary;
mod variation;
mod windows;

use core::time::Duration;

use crate::time::{WallTime, saturating_nanos};
use crate::wire::{Damage, ReflectorTimes};
use directions::ReflectorCount;
use order::{Order, Runs};
use paths::Paths;
use pending::Pending;
use series::{Series, Totals, distribution, percentile};
use variation::{Jitter, Variation};

#[cfg(feature = "alloc")]
pub use size::{Boxed, Full};
pub use size::{Fleet, Inline, Neighbour, Size, Small, cells_needed};
pub use summary::{
    ClockOffset, Delays, Directions, Distribution, Ipdv, LossRuns, OneWay, Range, Ratio, Reflected,
    Reordering, Summary,
};
pub use windows::{WindowFigures, Windows};

/// The running statistics of one session.
///
/// Tell it each decision once, as it is made, and ask for the [`Summary`] at any
/// time. Every call is total and takes bounded time: any order and any values are
/// taken, counts stop at `u64::MAX`, and durations count as at most `u64::MAX`
/// nanoseconds.
///
/// The memory is constant, and how much it is, the type parameter says: see [`Size`].
/// Nearly all of it is that of the four [`Distribution`]s.
///
/// ```
/// use core::time::Duration;
/// use udping_core::stats::{Small, Stats};
///
/// let mut stats = Stats::<Small>::new();
/// for seq in 1..=4 {
///     stats.sent(seq);
/// }
/// stats.replied(1, Duration::from_millis(10), true);
/// stats.replied(2, Duration::from_millis(14), true);
/// stats.lost(3);
///
/// let summary = stats.summary();
/// assert_eq!(summary.in_flight, 1);
/// assert_eq!(summary.loss().map(|loss| loss.to_string()).as_deref(), Some("33.3333"));
/// assert_eq!(summary.rtt.map(|rtt| rtt.mean_ns), Some(12_000_000));
/// ```
#[derive(Debug, Clone)]
pub struct Stats<Z: Size> {
    counts: Counts,
    /// Those replies that are in no figure of the best known RTT yet.
    pending: Pending<()>,
    rtt: Series<Z>,
    decided_rtt: Series<Z>,
    late_rtt: Totals,
    variation: Variation<Z>,
    jitter: Jitter,
    order: Order,
    runs: Runs,
    host_added: Series<Z>,
    timer_error: Series<Z>,
    paths: Paths<Z>,
    counting: ReflectorCount,
}

/// A reply in time from a reflector that tells its own times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exchange {
    /// The probe.
    pub seq: u64,
    /// Its RTT.
    pub rtt: Duration,
    /// T1: when the probe went out by this end's wall clock, on the scale of the
    /// reflector's times, if that is known.
    pub sent: Option<WallTime>,
    /// T2 and T3.
    pub times: ReflectorTimes,
    /// Both clocks are said to be synchronised.
    pub synced: bool,
}

#[derive(Debug, Clone)]
struct Counts {
    /// Including those taken back, so that the order of the calls does not matter.
    sent: u64,
    replied: u64,
    unverified: u64,
    truncated: u64,
    altered: u64,
    lost: u64,
    late: u64,
    refused: u64,
    unsent: u64,
    missed: u64,
    duplicates: u64,
    ignored: u64,
    kernel_rtts: u64,
    kernel_rtts_discarded: u64,
}

impl<Z: Size> Stats<Z> {
    /// The statistics of a session in which nothing has happened.
    #[must_use]
    pub fn new() -> Self {
        Self {
            counts: Counts {
                sent: 0,
                replied: 0,
                unverified: 0,
                truncated: 0,
                altered: 0,
                lost: 0,
                late: 0,
                refused: 0,
                unsent: 0,
                missed: 0,
                duplicates: 0,
                ignored: 0,
                kernel_rtts: 0,
                kernel_rtts_discarded: 0,
            },
            pending: Pending::new(),
            rtt: Series::new(),
            decided_rtt: Series::new(),
            late_rtt: Totals::new(),
            variation: Variation::new(),
            jitter: Jitter::new(),
            order: Order::new(),
            runs: Runs::new(),
            host_added: Series::new(),
            timer_error: Series::new(),
            paths: Paths::new(),
            counting: ReflectorCount::new(),
        }
    }

    /// Probe `seq` went out.
    pub const fn sent(&mut self, _seq: u64) {
        count(&mut self.counts.sent);
    }

    /// A probe of a fixed schedule went out `late` after it was due.
    pub fn timer_error(&mut self, late: Duration) {
        self.timer_error.record(saturating_nanos(late));
    }

    /// Probe `seq` was answered in time, after `rtt` by this program's clock. `verified` if
    /// the reply carried its timestamp back.
    pub fn replied(&mut self, seq: u64, rtt: Duration, verified: bool) {
        let rtt = saturating_nanos(rtt);
        count(&mut self.counts.replied);
        if !verified {
            count(&mut self.counts.unverified);
        }
        self.decided_rtt.record(rtt);
        self.order.record(seq);
        self.runs.replied(seq);
        if let Some(reply) = self.pending.push(seq, rtt, ()) {
            self.settle(reply.seq, reply.rtt);
        }
    }

    /// The best known RTT of a reply is final.
    #[inline]
    fn settle(&mut self, seq: u64, rtt: u64) {
        self.rtt.record(rtt);
        self.variation.record(seq, rtt);
        self.jitter.record(rtt);
    }

    /// A reply in time was not as its request, besides being [`replied`](Self::replied).
    pub const fn damaged(&mut self, damage: Damage) {
        count(match damage {
            Damage::Truncated => &mut self.counts.truncated,
            Damage::Altered => &mut self.counts.altered,
        });
    }

    /// Probe `seq` had no reply by its deadline.
    pub fn lost(&mut self, seq: u64) {
        count(&mut self.counts.lost);
        self.runs.lost(seq);
    }

    /// Probe `seq`, already lost, was answered after all, after `rtt`. It stays
    /// lost; only the late RTT and the order of arrival take note of it.
    pub fn late(&mut self, seq: u64, rtt: Duration) {
        count(&mut self.counts.late);
        self.late_rtt.record(saturating_nanos(rtt));
        self.order.record(seq);
    }

    /// Another copy of a reply to probe `seq`. It is counted and changes no
    /// other figure.
    pub const fn duplicate(&mut self, _seq: u64) {
        count(&mut self.counts.duplicates);
    }

    /// Probe `seq` could not be delivered, as someone on the way said.
    pub fn refused(&mut self, seq: u64) {
        count(&mut self.counts.refused);
        self.runs.lost(seq);
    }

    /// Takes back a [`sent`](Self::sent): probe `seq` never went out.
    pub const fn unsent(&mut self, _seq: u64) {
        count(&mut self.counts.unsent);
    }

    /// The schedule let `slots` slots pass without a probe.
    pub const fn missed(&mut self, slots: u64) {
        self.counts.missed = self.counts.missed.saturating_add(slots);
    }

    /// A datagram was credited to no probe.
    pub const fn ignored(&mut self) {
        count(&mut self.counts.ignored);
    }

    /// A reply in time told T2 and T3, besides being [`replied`](Self::replied).
    pub fn exchanged(&mut self, exchange: &Exchange) {
        self.paths.record(exchange);
    }

    /// A reply to probe `seq`, in time or not, came from a reflector that says it is
    /// its `count`-th to this session (the low 32 bits), or the `seq`-th; `again` if
    /// the probe has had a reply before.
    pub fn counted(&mut self, seq: u64, count: Option<u32>, again: bool) {
        self.counting.record(seq, count, again);
    }

    /// The kernel's timestamps were `kernel` apart for probe `seq`, whose RTT was `rtt` by
    /// this program's clock: the best known, if its reply is one of the last sixteen.
    ///
    /// The kernel's interval lies within the RTT. One that is longer comes from a
    /// clock that was set meanwhile: it is discarded.
    pub fn kernel_rtt(&mut self, seq: u64, rtt: Duration, kernel: Duration) {
        let Some(added) = rtt.checked_sub(kernel) else {
            self.kernel_rtt_discarded();
            return;
        };
        self.host_added.record(saturating_nanos(added));
        if self.pending.take_kernel_rtt(seq, saturating_nanos(kernel)) {
            count(&mut self.counts.kernel_rtts);
            while let Some(reply) = self.pending.pop_final() {
                self.settle(reply.seq, reply.rtt);
            }
        }
    }

    /// A kernel stamp could not be used.
    pub const fn kernel_rtt_discarded(&mut self) {
        count(&mut self.counts.kernel_rtts_discarded);
    }

    /// How many probes were replied to in time: [`Summary::replied`].
    #[must_use]
    pub const fn replied_count(&self) -> u64 {
        self.counts.replied
    }

    /// Whether any probe was answered, in time or late.
    #[must_use]
    pub const fn any_reply(&self) -> bool {
        self.counts.replied > 0 || self.counts.late > 0
    }

    /// The smallest RTT that at least `ppm` millionths of the best known ones do not exceed, as
    /// exact as [`Summary::rtt`] says. `None` without replies.
    #[must_use]
    pub fn rtt_percentile(&self, ppm: u32) -> Option<u64> {
        percentile(&self.rtt, self.pending.rtts(|_| true).as_slice(), ppm)
    }

    /// The figures as they stand. This looks through all samples that are kept: some
    /// hundred microseconds with the greatest [`Size`], for a display to ask now and then.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let counts = &self.counts;
        // Those that wait count by the best known so far.
        let (mut variation, mut jitter) = (self.variation.clone(), self.jitter.clone());
        for reply in self.pending.iter() {
            variation.record(reply.seq, reply.rtt);
            jitter.record(reply.rtt);
        }
        let waiting = self.pending.rtts(|_| true);
        let mut summary = Summary {
            sent: counts.sent.saturating_sub(counts.unsent),
            replied: counts.replied,
            unverified: counts.unverified,
            truncated: counts.truncated,
            altered: counts.altered,
            lost: counts.lost,
            late: counts.late,
            refused: counts.refused,
            in_flight: 0,
            unsent: counts.unsent,
            missed: counts.missed,
            duplicates: counts.duplicates,
            ignored: counts.ignored,
            rtt: distribution(core::iter::once(&self.rtt), waiting.as_slice()),
            kernel_rtts: counts.kernel_rtts,
            decided_rtt: self.decided_rtt.distribution(),
            late_rtt: self.late_rtt.range(),
            ipdv: variation.ipdv(),
            jitter_rfc3550_ns: jitter.nanos(),
            reordering: self.order.reordering(),
            loss_runs: self.runs.runs(),
            host_added: self.host_added.distribution(),
            kernel_rtts_discarded: counts.kernel_rtts_discarded,
            timer_error: self.timer_error.distribution(),
            reflected: self.paths.reflected(self.counting.directions()),
        };
        summary.in_flight = summary.sent.saturating_sub(summary.settled());
        summary
    }
}

impl<Z: Size> Default for Stats<Z> {
    fn default() -> Self {
        Self::new()
    }
}

const fn count(counter: &mut u64) {
    *counter = counter.saturating_add(1);
}
