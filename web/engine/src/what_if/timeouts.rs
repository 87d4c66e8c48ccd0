//! How many probes would have fared how under any timeout, without deciding again.
//!
//! Owns what of each probe that depends on: when it was answered, refused, or no longer
//! listened for, sorted, so that an answer is a few binary searches. The core decides the
//! same for each timeout; a test holds the two against each other.

use udping_core::event::Ignored;
use udping_journal::Record;
use udping_journal::what_if::FateCounts;

use crate::log::{EventKind, Log, Symbol, index};
use crate::run::Run;

/// A session's probes by what their outcome depends on. Make it once for each run.
#[derive(Debug, Clone, Default)]
pub struct Timeouts {
    /// RTTs of probes that the recorded session listened to for long enough, with the
    /// probes' indices.
    answered: Vec<(u64, u32)>,
    /// RTTs of those that were answered after the late horizon.
    beyond: Vec<(u64, u32)>,
    /// When probes were refused, or could not be sent, after their sending.
    refused: Vec<u64>,
    unsent: Vec<u64>,
    /// The same moments of those that were answered after that.
    refused_then_answered: Vec<u64>,
    /// The longest timeout under which a probe without an answer is certainly lost.
    silent: Vec<u64>,
    certain_ns: Option<u64>,
    probes: u64,
    recorded_ns: u64,
    listened_ns: u64,
}

/// The probes that another timeout credits otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// How many.
    pub count: u64,
    /// What all of them are on record.
    pub was: Symbol,
    /// What they become.
    pub outcome: Symbol,
    /// The first of them, by index.
    pub first: Vec<u32>,
}

/// What is known of one probe, in nanoseconds after its sending.
#[derive(Debug, Clone, Copy, Default)]
struct Known {
    answered: Option<u64>,
    failed: Option<(u64, bool)>,
}

impl Timeouts {
    /// Those of `run`.
    #[must_use]
    pub fn of(run: &Run) -> Self {
        let log = run.log();
        let header = run.header();
        let listened_ns = header.timeout_ns.saturating_add(header.late_window_ns);
        let mut known = vec![Known::default(); run.probes()];
        for event in 0..run.events() {
            note(log, event, &mut known);
        }
        let mut all = Self {
            probes: run.probes() as u64,
            recorded_ns: header.timeout_ns,
            listened_ns,
            ..Self::default()
        };
        for (probe, (known, sent)) in (0_u32..).zip(known.iter().zip(&log.probes.sent)) {
            let sent = index(*sent).and_then(|at| log.events.at.get(at));
            let listened = run.end_ns().saturating_sub(sent.copied().unwrap_or(0));
            all.take(probe, *known, listened.min(listened_ns));
        }
        sort(&mut all.answered);
        sort(&mut all.beyond);
        for times in [
            &mut all.refused,
            &mut all.unsent,
            &mut all.refused_then_answered,
            &mut all.silent,
        ] {
            times.sort_unstable();
        }
        all
    }

    fn take(&mut self, probe: u32, known: Known, listened: u64) {
        let answered = known.answered;
        let failed = known
            .failed
            .filter(|(at, _)| answered.is_none_or(|rtt| *at <= rtt));
        let in_reach = answered.filter(|rtt| *rtt <= self.listened_ns);
        let mut first = u64::MAX;
        if let Some((at, refused)) = failed {
            first = at;
            let times = if refused {
                &mut self.refused
            } else {
                &mut self.unsent
            };
            times.push(at);
            if in_reach.is_some() {
                self.refused_then_answered.push(at);
            }
        } else if let Some(rtt) = answered {
            first = rtt;
            let rtts = if in_reach.is_some() {
                &mut self.answered
            } else {
                &mut self.beyond
            };
            rtts.push((rtt, probe));
        }
        if in_reach.is_none() {
            self.silent.push(listened.min(first.saturating_sub(1)));
            if listened < first {
                let certain = self.certain_ns.get_or_insert(listened);
                *certain = listened.min(*certain);
            }
        }
    }

    /// The timeout on record.
    #[must_use]
    pub fn recorded_ns(&self) -> u64 {
        self.recorded_ns
    }

    /// How long a probe was listened for: timeout and late window together.
    #[must_use]
    pub fn listened_ns(&self) -> u64 {
        self.listened_ns
    }

    /// How many probes there are.
    #[must_use]
    pub fn probes(&self) -> u64 {
        self.probes
    }

    /// How many fare how under a timeout.
    #[must_use]
    pub fn counts(&self, timeout_ns: u64) -> FateCounts {
        let rtts = |sorted: &[(u64, u32)]| by(sorted, |(rtt, _)| *rtt <= timeout_ns);
        let times = |sorted: &[u64]| by(sorted, |at| *at <= timeout_ns);
        let in_time = rtts(&self.answered);
        let replied = in_time + rtts(&self.beyond);
        let refused = times(&self.refused);
        let late_after_refusal =
            self.refused_then_answered.len() as u64 - times(&self.refused_then_answered);
        let late = self.answered.len() as u64 - in_time + late_after_refusal;
        let silent = self.silent.len() as u64 - by(&self.silent, |at| *at < timeout_ns);
        let settled = replied + refused + times(&self.unsent) + late + silent;
        FateCounts {
            replied,
            lost: silent + late,
            late,
            refused,
            unknown: self.probes - settled,
        }
    }

    /// How long the slowest reply on record took: what a timeout must be to count them all.
    #[must_use]
    pub fn slowest_ns(&self) -> Option<u64> {
        let last = |rtts: &[(u64, u32)]| rtts.last().map(|(rtt, _)| *rtt);
        last(&self.beyond).or_else(|| last(&self.answered))
    }

    /// The round timeout at or just above the slowest reply: what saves all that is known.
    #[must_use]
    pub fn saves_all_ns(&self) -> Option<u64> {
        self.slowest_ns().map(round_up)
    }

    /// The longest timeout under which nothing is unknown, if a longer one leaves anything.
    #[must_use]
    pub fn certain_ns(&self) -> Option<u64> {
        self.certain_ns
    }

    /// The probes that a timeout would credit and the recorded one did not, or the reverse,
    /// the first `most` of them by index.
    #[must_use]
    pub fn changed(&self, timeout_ns: u64, most: usize) -> Changed {
        let (low, high) = (
            timeout_ns.min(self.recorded_ns),
            timeout_ns.max(self.recorded_ns),
        );
        let within = |sorted: &[(u64, u32)]| {
            let from = sorted.partition_point(|(rtt, _)| *rtt <= low);
            let until = sorted.partition_point(|(rtt, _)| *rtt <= high);
            from..until
        };
        let (mut all, mut probes) = (0, Vec::with_capacity(most + 1));
        for sorted in [&self.answered, &self.beyond] {
            let found = sorted.get(within(sorted)).unwrap_or_default();
            all += found.len() as u64;
            // Only the first few are kept, so that a million need no room.
            for (_, probe) in found.iter().filter(|_| most > 0) {
                if probes.len() < most || probes.last().is_some_and(|last| probe < last) {
                    let at = probes.partition_point(|kept| kept < probe);
                    probes.insert(at, *probe);
                    probes.truncate(most);
                }
            }
        }
        let (was, outcome) = if timeout_ns <= self.recorded_ns {
            (Symbol::Replied, Symbol::Late)
        } else if within(&self.beyond).is_empty() {
            (Symbol::Late, Symbol::Replied)
        } else {
            // Some came so late that nobody waited for them; those that were late were lost, too.
            (Symbol::Lost, Symbol::Replied)
        };
        Changed {
            count: all,
            was,
            outcome,
            first: probes,
        }
    }

    /// What part of time is worth a picture: from half the fastest reply to a little more than
    /// anybody listened.
    #[must_use]
    pub fn range_ns(&self) -> (u64, u64) {
        let fastest = self.answered.first().map_or(self.recorded_ns, |it| it.0);
        let from = (fastest.min(self.recorded_ns) / 2).max(1_000);
        let slowest = self.slowest_ns().unwrap_or(0);
        let until = self.listened_ns.max(slowest).max(from.saturating_mul(4));
        (from, until.saturating_add(until / 2))
    }
}

/// A number of two digits and a half, at or just above a time: 56 ms for 55.83 ms.
#[must_use]
pub fn round_up(ns: u64) -> u64 {
    let tens = 10_u64.saturating_pow(ns.max(1).ilog10().saturating_sub(1));
    let step = (tens / 2).max(1);
    ns.div_ceil(step).saturating_mul(step)
}

/// So many steps from a timeout on, or back where negative: each the last round one that
/// people would try next, a few in a hundred of it.
#[must_use]
pub fn stepped(ns: u64, steps: i32) -> u64 {
    let mut ns = ns.max(1);
    for _ in 0..steps.unsigned_abs() {
        ns = if steps > 0 {
            let step = step(ns);
            (ns / step + 1).saturating_mul(step)
        } else {
            let step = step(ns.saturating_sub(1));
            (ns.div_ceil(step).saturating_sub(1))
                .saturating_mul(step)
                .max(1)
        };
    }
    ns
}

/// The nearest step to a timeout.
#[must_use]
pub fn rounded(ns: u64) -> u64 {
    let step = step(ns);
    (ns.saturating_add(step / 2) / step)
        .max(1)
        .saturating_mul(step)
}

fn step(ns: u64) -> u64 {
    let tens = 10_u64.saturating_pow(ns.max(1).ilog10().saturating_sub(1));
    // Below 30 of a unit, whole ones would be far apart.
    let fine = ns < tens.saturating_mul(30);
    if fine { (tens / 2).max(1) } else { tens }
}

/// Sorts times of probes, which stand in order of their probes: digit by digit, in a tenth of the
/// time that comparing a million takes.
fn sort(times: &mut Vec<(u64, u32)>) {
    /// Fewer are sorted sooner by comparing them.
    const FEW: usize = 10_000;
    const DIGIT: u32 = 16;
    if times.len() < FEW {
        return times.sort_unstable();
    }
    let longest = times.iter().map(|(time, _)| *time).max().unwrap_or(0);
    let mut sorted = vec![(0, 0); times.len()];
    let mut shift = 0;
    while longest.checked_shr(shift).is_some_and(|rest| rest > 0) {
        let digit = |time: u64| usize::try_from(time >> shift & ((1 << DIGIT) - 1)).unwrap_or(0);
        let mut places = vec![0_usize; 1 << DIGIT];
        for (time, _) in &*times {
            if let Some(count) = places.get_mut(digit(*time)) {
                *count += 1;
            }
        }
        let mut first = 0;
        for place in &mut places {
            first += core::mem::replace(place, first);
        }
        for it in &*times {
            if let Some(place) = places.get_mut(digit(it.0)) {
                if let Some(there) = sorted.get_mut(*place) {
                    *there = *it;
                }
                *place += 1;
            }
        }
        core::mem::swap(times, &mut sorted);
        shift += DIGIT;
    }
}

fn by<T>(sorted: &[T], early: impl Fn(&T) -> bool) -> u64 {
    sorted.partition_point(early) as u64
}

/// Takes down what an event says of its probe.
fn note(log: &Log, event: usize, known: &mut [Known]) {
    let Some(probe) = log.events.probe.get(event).copied().and_then(index) else {
        return;
    };
    let sent = log.probes.sent.get(probe).copied().and_then(index);
    let at = |event: usize| log.events.at.get(event).copied();
    let (Some(sent), Some(now), Some(known)) = (sent.and_then(at), at(event), known.get_mut(probe))
    else {
        return;
    };
    let after = now.saturating_sub(sent);
    let Some(kind) = log.code(event).map(crate::log::Code::kind) else {
        return;
    };
    match kind {
        EventKind::Replied | EventKind::Late | EventKind::Duplicate => {
            known.answered.get_or_insert(after);
        }
        EventKind::Refused => {
            known.failed.get_or_insert((after, true));
        }
        EventKind::Unsent => {
            known.failed.get_or_insert((after, false));
        }
        // What came too late to count could count under another timeout.
        EventKind::Ignored => match log.record(event).as_deref() {
            Some(Record::Reply(it)) => {
                let only_late =
                    matches!(it.ignored, Some(Ignored::TooOld | Ignored::AlreadySettled));
                if only_late && (it.timestamp.is_none() || !it.needs_proof) {
                    known.answered.get_or_insert(after);
                }
            }
            Some(Record::Unreachable(it)) if it.unreachable.is_some() => {
                known.failed.get_or_insert((after, true));
            }
            Some(Record::Unsent(_)) => {
                known.failed.get_or_insert((after, false));
            }
            _ => {}
        },
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::sort;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(16))]
        #[test]
        fn many_times_are_sorted_as_by_comparing_them(
            some in prop::collection::vec((0..1_u64 << 53, 0..64_u32), 1..50),
        ) {
            // Each several times, as short as it comes and near to each other.
            let times = (0..12_000_u32).zip(some.iter().cycle());
            let mut times: Vec<_> = times.map(|(probe, (time, short))| (time >> short, probe)).collect();
            let mut expected = times.clone();
            expected.sort_unstable();
            sort(&mut times);
            prop_assert_eq!(times, expected);
        }
    }
}
