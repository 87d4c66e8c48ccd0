//! The event table: which rows there are, which are in sight, and measuring.
//!
//! Owns rows by number, without making them. What a row says is the log's, how it looks the page's.

use std::ops::Range;

use super::filter::Matches;
use super::log::{EventKind, index, index_u32};
use super::run::Run;
use super::scale::whole;

/// The rows that a filter leaves.
#[derive(Debug, Clone, Default)]
pub struct Rows {
    /// Every event, or only these.
    some: Option<Vec<u32>>,
    events: usize,
}

/// The time between two events, and what lies between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measure {
    /// The earlier event.
    pub from: usize,
    /// The later one.
    pub until: usize,
    /// The time between them.
    pub span_ns: u64,
    /// How many events lie between them.
    pub events: usize,
    /// How many probes went out after the one and by the other.
    pub sent: usize,
    /// How many losses there were in that time.
    pub lost: usize,
}

impl Rows {
    /// The rows of `run` that a filter finds.
    #[must_use]
    pub fn new(run: &Run, found: &Matches) -> Self {
        let events = run.events();
        let some = (!found.is_all()).then(|| {
            let met = (0..events).filter(|event| found.event(*event));
            met.map(index_u32).collect()
        });
        Self { some, events }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.some.as_ref().map_or(self.events, Vec::len)
    }

    /// There is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The event in a row.
    #[must_use]
    pub fn event(&self, row: usize) -> Option<usize> {
        match &self.some {
            Some(some) => some.get(row).copied().and_then(index),
            None => (row < self.events).then_some(row),
        }
    }

    /// The row of an event, or of the nearest row before it; `None` if there is none.
    #[must_use]
    pub fn row(&self, event: usize) -> Option<usize> {
        let upto = match &self.some {
            Some(some) => some.partition_point(|row| *row <= index_u32(event)),
            None => event.saturating_add(1).min(self.events),
        };
        upto.checked_sub(1)
    }

    /// The rows in sight, and a few above and below.
    #[must_use]
    pub fn in_sight(&self, scroll_top: f64, height: f64, row_height: f64) -> Range<usize> {
        in_sight(self.len(), scroll_top, height, row_height)
    }
}

/// How many rows are kept ready above and below those in sight.
const SPARE: usize = 8;

/// Of so many rows those in sight, and a few above and below.
#[must_use]
pub fn in_sight(rows: usize, scroll_top: f64, height: f64, row_height: f64) -> Range<usize> {
    let row_at = |y: f64| {
        let row = (y / row_height.max(1.0)).floor();
        usize::try_from(whole(row)).unwrap_or(usize::MAX)
    };
    let first = row_at(scroll_top).saturating_sub(SPARE).min(rows);
    let last = row_at(scroll_top + height).saturating_add(SPARE + 1);
    first..last.clamp(first, rows)
}

/// Measures from one event to another, whichever is first.
#[must_use]
pub fn measure(run: &Run, one: usize, other: usize) -> Option<Measure> {
    let (from, until) = (one.min(other), one.max(other));
    let log = run.log();
    let (first, last) = (log.events.at.get(from)?, log.events.at.get(until)?);
    let count = |wanted: fn(EventKind) -> bool| {
        let kinds = (from + 1..=until).filter_map(|event| log.code(event));
        kinds.filter(|code| wanted(code.kind())).count()
    };
    Some(Measure {
        from,
        until,
        span_ns: last - first,
        events: (until - from).saturating_sub(1),
        sent: count(|kind| kind == EventKind::Sent),
        lost: count(|kind| matches!(kind, EventKind::Lost | EventKind::Refused)),
    })
}

/// The event nearest to a time, to snap to; of several at one moment the first.
#[must_use]
pub fn nearest(run: &Run, at_ns: u64) -> Option<usize> {
    let times = &run.log().events.at;
    let after = times.partition_point(|at| *at < at_ns);
    let before = after.checked_sub(1).and_then(|last| {
        // The first of its moment.
        let at = times.get(last)?;
        Some(times.partition_point(|other| other < at))
    });
    let distance = |event: &usize| times.get(*event).map(|at| at.abs_diff(at_ns));
    let after = Some(after).filter(|after| *after < times.len());
    before.into_iter().chain(after).min_by_key(distance)
}

#[cfg(test)]
mod tests {
    use udping_link::Seed;

    use super::*;
    use crate::presets::Preset;
    use crate::query::Query;

    fn rows(run: &Run, text: &str) -> Rows {
        Rows::new(run, &Matches::of(run, &Query::parse(text, &[]).unwrap()))
    }

    fn run() -> Run {
        let mut setup = Preset::Textbook.setup(Seed::from_low_bits(20));
        setup.count = 60;
        Run::simulate(&setup.header().unwrap()).unwrap()
    }

    #[test]
    fn rows_and_events_find_each_other() {
        let run = run();
        for text in ["", "event:lost", "seq:4..6", "seq:1000"] {
            let rows = rows(&run, text);
            for row in 0..rows.len() {
                assert_eq!(rows.row(rows.event(row).unwrap()), Some(row));
            }
            assert_eq!(rows.event(rows.len()), None);
            assert_eq!(rows.is_empty(), text == "seq:1000");
        }
        let lost = rows(&run, "event:lost");
        let [first, second] = [0, 1].map(|row| lost.event(row).unwrap());
        assert_eq!(lost.row(first - 1), None);
        assert_eq!(lost.row(second - 1), Some(0));
        assert_eq!(rows(&run, "").row(usize::MAX), Some(run.events() - 1));
    }

    #[test]
    fn only_rows_in_sight_are_asked_for() {
        let rows = Rows {
            some: None,
            events: 2_000_000,
        };
        assert_eq!(rows.in_sight(0.0, 280.0, 28.0), 0..19);
        let far = rows.in_sight(28.0 * 1_999_990.0, 280.0, 28.0);
        assert_eq!(far, 1_999_982..2_000_000);
        assert_eq!(rows.in_sight(f64::MAX, 280.0, 28.0), 2_000_000..2_000_000);
        assert!(rows.in_sight(-1e9, 280.0, 0.0).len() < 400);
    }

    #[test]
    fn a_measure_is_the_same_from_either_end() {
        let run = run();
        let sent = rows(&run, "sent seq:3..5");
        let [from, until] = [0, 2].map(|row| sent.event(row).unwrap());
        let measure_it = measure(&run, from, until).unwrap();
        assert_eq!(measure(&run, until, from), Some(measure_it));
        let at = |event| run.event(event).unwrap().at_ns;
        assert_eq!(measure_it.span_ns, at(until) - at(from));
        assert_eq!((measure_it.sent, measure_it.events), (2, until - from - 1));
        assert_eq!(measure(&run, from, run.events()), None);
        let all = measure(&run, 0, run.events() - 1).unwrap();
        let lost = rows(&run, "event:lost");
        assert_eq!(all.lost, lost.len());
    }

    #[test]
    fn a_time_snaps_to_the_nearest_event() {
        let run = run();
        for event in 0..run.events() {
            let at = run.event(event).unwrap().at_ns;
            let found = nearest(&run, at).unwrap();
            assert_eq!(run.event(found).unwrap().at_ns, at);
            assert!(found == 0 || run.event(found - 1).unwrap().at_ns < at);
        }
        let [one, other] = [0, 1].map(|event| run.event(event).unwrap().at_ns);
        assert_eq!(nearest(&run, one + (other - one) / 3), Some(0));
        assert_eq!(nearest(&run, other - (other - one) / 3), Some(1));
        assert_eq!(
            nearest(&run, u64::MAX).map(|event| run.event(event).unwrap().at_ns),
            Some(run.end_ns())
        );
    }
}
